//! What is going on, on a terminal, while the checklist runs.

use std::cell::RefCell;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::engine::{Event, NodeKey, Observer};
use crate::report::text::fit;

/// How often the spinner turns.
const TURN: Duration = Duration::from_millis(120);
/// Columns of the line, short enough for every terminal: a line that wraps cannot be taken back.
const COLUMNS: usize = 60;

/// One line on standard error that names what runs. It uses no colour, writes nothing where
/// standard error is no terminal, and is gone when the run is over.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    tally: RefCell<Tally>,
}

#[derive(Debug, Default)]
struct Tally {
    running: Vec<NodeKey>,
    decided: usize,
}

impl Progress {
    /// A line on standard error, or nothing at all unless `on`.
    #[must_use]
    pub fn new(on: bool) -> Self {
        if on {
            Self::to(ProgressDrawTarget::stderr())
        } else {
            Self::to(ProgressDrawTarget::hidden())
        }
    }

    fn to(target: ProgressDrawTarget) -> Self {
        let bar = ProgressBar::with_draw_target(None, target);
        // Without a template the bar falls back to its own, which shows the same.
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style.tick_chars("|/-\\ "));
        }
        if !bar.is_hidden() {
            bar.enable_steady_tick(TURN);
        }
        Self { bar, tally: RefCell::default() }
    }
}

impl Observer for Progress {
    fn on_event(&self, event: &Event<'_>) {
        let mut tally = self.tally.borrow_mut();
        tally.note(event);
        self.bar.set_message(tally.line());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

impl Tally {
    fn note(&mut self, event: &Event<'_>) {
        match event {
            Event::Started(key) => self.running.push((*key).clone()),
            Event::Finished(result) => {
                self.running.retain(|key| *key != result.key);
                self.decided += 1;
            }
        }
    }

    fn line(&self) -> String {
        let names: Vec<String> = self.running.iter().map(ToString::to_string).collect();
        let line = format!("{} checked; now {}", self.decided, names.join(", "));
        let line = if names.is_empty() { format!("{} checked", self.decided) } else { line };
        fit(&line, COLUMNS, "...")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::ids;
    use crate::engine::{Subject, Verdict};
    use crate::report::samples::result;

    #[test]
    fn the_line_names_what_runs() {
        let mut tally = Tally::default();
        tally.note(&Event::Started(&NodeKey::of(ids::CLOCK)));
        tally.note(&Event::Started(&NodeKey::of(ids::ACCOUNT_EXISTS)));
        assert_eq!(tally.line(), "0 checked; now clock, account-exists");
        tally.note(&Event::Finished(&result("clock", Verdict::pass("Fine."))));
        assert_eq!(tally.line(), "1 checked; now account-exists");
        tally.note(&Event::Finished(&result("account-exists", Verdict::pass("Fine."))));
        assert_eq!(tally.line(), "2 checked");
    }

    #[test]
    fn many_at_once_stay_on_one_line() {
        let mut tally = Tally::default();
        for number in 0..20 {
            let subject = Subject::new(format!("customrecord_{number}:view"));
            tally.note(&Event::Started(&NodeKey::about(ids::RECORD_ACCESS, subject)));
        }
        assert!(tally.line().len() <= COLUMNS, "{}", tally.line());
    }

    #[test]
    fn off_means_off() {
        let progress = Progress::new(false);
        progress.on_event(&Event::Started(&NodeKey::of(ids::CLOCK)));
        assert!(progress.bar.is_hidden());
    }
}
