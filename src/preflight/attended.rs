//! A run with a person in front of it: after a refused sign-in the Detail of the Login Audit Trail
//! is asked for, the first page is opened, the report is offered as HTML, and the run is made again
//! on Enter.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::cli::error::CommandError;
use crate::diagnosis::AuditDetail;
use crate::preflight::offer;
use crate::preflight::render::Outputs;
use crate::preflight::session::Finished;
use crate::report::{Format, Report, advice, handbook};
use crate::terminal::output::{note, tell};
use crate::terminal::typed::{self, Typed};
use crate::terminal::{ask, browser};
use crate::types::ExitCode;

/// What the person may do besides reading.
#[derive(Debug, Clone, Copy)]
pub struct Attended {
    /// Somebody reads the page on a terminal, and can answer.
    pub present: bool,
    /// Open the page of the first action.
    pub open: bool,
    /// The run is made again until it passes.
    pub watch: bool,
}

impl Attended {
    /// What is so for a report in this form.
    #[must_use]
    pub fn new(format: Format, outputs: &Outputs, open: bool, watch: bool) -> Self {
        let reads = format == Format::Human && outputs.shown_on_terminal();
        Self { present: reads && ask::is_there(), open, watch }
    }

    /// Delivers the report, asks what only the account can tell, and goes on with it.
    ///
    /// # Errors
    /// Only on a bug.
    pub fn deliver(
        self,
        mut finished: Finished,
        outputs: &Outputs,
    ) -> Result<ExitCode, CommandError> {
        let mut report = finished.report()?;
        let mut code = outputs.deliver(&report)?;
        if self.open {
            open(&report);
        }
        if self.present
            && advice::asks_for_detail(&report, handbook())
            && let Some(detail) = detail()
        {
            finished.tell(detail);
            tell("\n");
            report = finished.report()?;
            code = outputs.deliver(&report)?;
        }
        // While it goes on, each run would ask anew.
        if self.present && !self.watch {
            offer::html(&report, outputs)?;
        }
        Ok(code)
    }
}

/// The Detail of the row, asked for until it is one or nothing is typed.
fn detail() -> Option<AuditDetail> {
    loop {
        tell("\n  Detail of that row (Enter skips): ");
        let line = typed::line()?;
        if line.trim().is_empty() {
            return None;
        }
        match line.parse::<AuditDetail>() {
            Ok(detail) => return Some(detail),
            Err(error) => tell(&format!("  {error}\n")),
        }
    }
}

/// Opens the page of the first action in the browser.
fn open(report: &Report) {
    match advice::first_page(report, handbook()) {
        None => note("--open: the first action is on no page of NetSuite"),
        Some(url) => {
            if let Err(error) = browser::open(&url) {
                note(&format!("--open: no browser could be started ({error}); the page is {url}"));
            }
        }
    }
}

/// How often files are looked at.
const PAUSE: Duration = Duration::from_millis(500);

/// Waits for Enter, or for a change of one of the files.
pub struct Watch {
    files: Vec<(PathBuf, Option<SystemTime>)>,
}

impl Watch {
    /// Watches these files from now on.
    ///
    /// # Errors
    /// Where nobody is there to press Enter.
    pub fn new<'a>(files: impl IntoIterator<Item = &'a Path>) -> Result<Self, CommandError> {
        if !ask::is_there() {
            let text = "--watch needs a terminal; leave it out to check once";
            return Err(CommandError::usage(text));
        }
        let files = files.into_iter().map(|path| (path.to_owned(), changed(path))).collect();
        Ok(Self { files })
    }

    /// Waits until there is something to check again; false when nobody is there any more.
    pub fn again(&mut self) -> bool {
        tell("\n  Press Enter to check again (a changed file does it too; Ctrl-C ends): ");
        loop {
            match typed::line_within(PAUSE) {
                Typed::Line(_) => return true,
                Typed::Gone => return false,
                Typed::Nothing => {}
            }
            let mut any = false;
            for (path, before) in &mut self.files {
                let now = changed(path);
                // A file that is being written is not there for a moment.
                if now.is_some() && now != *before {
                    *before = now;
                    any = true;
                }
            }
            if any {
                tell("a file changed\n");
                return true;
            }
        }
    }
}

fn changed(path: &Path) -> Option<SystemTime> {
    let modified = |path: &Path| -> io::Result<SystemTime> { path.metadata()?.modified() };
    modified(path).ok()
}
