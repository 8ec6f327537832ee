//! Runs a session to its end and hands the report to whoever asked.

use std::path::Path;

use jiff::tz::TimeZone;

use crate::cli::again::Again;
use crate::cli::error::CommandError;
use crate::cli::options::{Annotate, ReportArgs, SaveFile};
use crate::credentials::replace::ReadFiles;
use crate::diagnosis::AuditDetail;
use crate::engine::Observer;
use crate::preflight::exchanges;
use crate::preflight::session::{Finished, Preflight};
use crate::report::format::{Format, Source, render};
use crate::report::progress::Progress;
use crate::report::stored::Stored;
use crate::report::{Extent, Reader, Report, annotate};
use crate::terminal::output;
use crate::terminal::output::{Destination, WriteError, distinct, note};
use crate::types::ExitCode;

/// Runs a session on a runtime of its own.
///
/// # Errors
/// Only on a bug, or where the system gives no resources for a runtime.
pub fn run_to_end(session: Preflight) -> Result<Finished, CommandError> {
    // Whoever signs in is told and asked things on the same lines.
    let columns = output::progress_columns().filter(|_| !session.signs_in());
    let progress = Progress::new(columns, session.waiting());
    run_watched(session, &progress)
}

/// The same, with somebody else looking on.
///
/// # Errors
/// As [`run_to_end`].
pub fn run_watched(session: Preflight, observer: &dyn Observer) -> Result<Finished, CommandError> {
    let runtime = super::runtime()?;
    let finished = runtime.block_on(session.run(observer));
    // A name lookup that hangs is not worth waiting for once everything is decided.
    runtime.shutdown_background();
    finished
}

/// Finds out by the sign-in which account is meant, where none was named.
///
/// # Errors
/// As [`Preflight::learn_account`].
pub fn learn_account(session: &mut Preflight) -> Result<(), CommandError> {
    super::runtime()?.block_on(session.learn_account())
}

/// All places where the report goes.
#[derive(Debug)]
pub struct Outputs {
    main: (Destination, Format),
    saved: Vec<(Destination, Format)>,
    extent: Extent,
    again: Again,
    annotate: Option<Annotate>,
    detail: Option<AuditDetail>,
}

impl Outputs {
    /// Finds out before any work is done whether every place can be written, and that none
    /// replaces an input of this run or another of them.
    ///
    /// # Errors
    /// Names the first place that cannot.
    pub fn probe(args: &ReportArgs, inputs: &ReadFiles) -> Result<Self, WriteError> {
        let mut outputs = Self::of(args.output.as_deref(), args.format, &args.save, inputs)?;
        outputs.extent = args.extent();
        outputs.annotate = args.annotate;
        if let Some(path) = &args.save_exchanges {
            let exchanges = Destination::file(exchanges::FLAG, path, inputs);
            let reports = outputs.saved.iter().chain([&outputs.main]).map(|(place, _)| place);
            distinct(reports.chain([&exchanges]))?;
            exchanges.probe()?;
        }
        Ok(outputs)
    }

    /// The same for options that are not those of `check`.
    ///
    /// # Errors
    /// Names the first place that cannot be written.
    pub fn of(
        output: Option<&Path>,
        format: Format,
        save: &[SaveFile],
        inputs: &ReadFiles,
    ) -> Result<Self, WriteError> {
        let main = (Destination::new("--output", output, inputs), format);
        let file = |file: &SaveFile| (Destination::file("--save", &file.path, inputs), file.format);
        let saved: Vec<_> = save.iter().map(file).collect();
        let all = || std::iter::once(&main).chain(&saved).map(|(destination, _)| destination);
        distinct(all())?;
        all().try_for_each(Destination::probe)?;
        let (extent, again) = (Extent::default(), Again::default());
        Ok(Self { main, saved, extent, again, annotate: None, detail: None })
    }

    /// Whether one of them is in this form.
    #[must_use]
    pub fn has(&self, format: Format) -> bool {
        self.main.1 == format || self.saved.iter().any(|(_, saved)| *saved == format)
    }

    /// Whether a person asked for the verdict and what to do first alone.
    #[must_use]
    pub fn quiet(&self) -> bool {
        self.extent == Extent::Quiet
    }

    /// The whole report in a form that was not asked for at first.
    ///
    /// # Errors
    /// Only on a bug.
    pub fn whole(&self, report: &Report, format: Format) -> Result<String, CommandError> {
        let reader = Reader { extent: Extent::Details, ..self.reader() };
        render(Source::Run(report), format, &reader).map_err(CommandError::internal)
    }

    /// Whether the report is shown on a terminal.
    #[must_use]
    pub fn shown_on_terminal(&self) -> bool {
        self.main.0.is_terminal()
    }

    /// The same for a run whose command is known.
    #[must_use]
    pub fn again(mut self, again: Again) -> Self {
        self.again = again;
        self
    }

    /// The same, with what the Login Audit Trail of a demonstration shows.
    #[must_use]
    pub fn detail(mut self, detail: Option<AuditDetail>) -> Self {
        self.detail = detail;
        self
    }

    /// The reader who is told the command of the run.
    fn reader(&self) -> Reader<'_> {
        Reader {
            again: self.again.command.as_deref(),
            same: self.again.same.as_deref(),
            target: self.again.target.as_deref(),
            detail: self.detail.as_ref().map(AuditDetail::as_str),
            ..Reader::default()
        }
    }

    /// The same, with as much of a report as a person asked for.
    #[must_use]
    pub fn extent(mut self, extent: Extent) -> Self {
        self.extent = extent;
        self
    }

    /// Writes the report to all places, and says which of them failed. What was to go to a file and
    /// cannot is printed, so that no verdict is lost. Gives whether every place was written.
    fn write(&self, source: Source<'_>) -> Result<bool, CommandError> {
        let zone = TimeZone::try_system().ok();
        let rendered = |destination: &Destination, format, extent| {
            let zone = zone.as_ref().filter(|_| destination.is_terminal());
            let style = output::style(destination);
            let reader = Reader { style, extent, zone, ..self.reader() };
            render(source, format, &reader).map_err(CommandError::internal)
        };
        let mut all_written = true;
        let mut written = |destination: &Destination, document: &str| {
            let result = destination.write(document);
            if let Err(error) = &result {
                note(&error.to_string());
                all_written = false;
            }
            result.is_ok()
        };
        for (destination, format) in &self.saved {
            // What is kept has everything.
            written(destination, &rendered(destination, *format, Extent::Details)?);
        }
        let (main, format) = &self.main;
        if !written(main, &rendered(main, *format, self.extent)?) && *main != Destination::Stdout {
            note("the report follows on standard output instead");
            written(&Destination::Stdout, &rendered(&Destination::Stdout, *format, self.extent)?);
        }
        Ok(all_written)
    }

    /// Writes the report to all places and gives the exit code that stands in it.
    ///
    /// # Errors
    /// Only on a bug.
    pub fn deliver(&self, report: &Report) -> Result<ExitCode, CommandError> {
        let code = ExitCode::from_number(report.summary.exit_code).unwrap_or(ExitCode::Internal);
        if self.annotate == Some(Annotate::Github) {
            output::annotate(&annotate::of_report(report));
        }
        // The documents state the code of the checks; this one tells that one is missing.
        Ok(if self.write(Source::Run(report))? { code } else { ExitCode::Failed })
    }

    /// Writes a document that was read to all places; the code says only whether that was done.
    ///
    /// # Errors
    /// Only on a bug.
    pub fn show(&self, stored: &Stored) -> Result<ExitCode, CommandError> {
        Ok(if self.write(Source::Stored(stored))? { ExitCode::Ok } else { ExitCode::Failed })
    }
}
