//! What is going on, on a terminal, while the checklist runs.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::engine::{Event, NodeKey, Observer};
use crate::netsuite::http::waiting::Waiting;
use crate::report::text::{columns, fit};

/// How often the spinner turns.
const TURN: Duration = Duration::from_millis(120);
/// An answer that takes longer is told of.
const SLOW: Duration = Duration::from_secs(1);
/// Columns of the spinner with the space after it, and of the cursor.
const SPINNER: usize = 3;

/// One line on standard error: how much is decided, what runs, and that NetSuite is slow to answer.
/// It uses no colour, writes nothing where standard error is no terminal, and is gone when the run
/// is over.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    tally: Arc<Mutex<Tally>>,
}

#[derive(Debug, Default)]
struct Tally {
    running: Vec<NodeKey>,
    decided: usize,
    planned: usize,
}

impl Progress {
    /// A line of at most so many columns on standard error, or nothing at all without a number. A
    /// line that wraps could not be taken back.
    #[must_use]
    pub fn new(columns: Option<usize>, waiting: Waiting) -> Self {
        let target = match columns {
            Some(_) => ProgressDrawTarget::stderr(),
            None => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(None, target);
        let tally = Arc::new(Mutex::new(Tally::default()));
        let shown = Arc::clone(&tally);
        let room = columns.unwrap_or_default().saturating_sub(SPINNER);
        // Asked for at every turn, so that the seconds count on while nothing else happens.
        let line = move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
            let line = held(&shown).line(waiting.longest(Instant::now()), room);
            // A line that cannot be written shows nothing, which is no loss.
            let _ = out.write_str(&line);
        };
        // Without a template the bar falls back to its own, which shows the same.
        if let Ok(style) = ProgressStyle::with_template("{spinner} {line}") {
            bar.set_style(style.tick_chars("|/-\\ ").with_key("line", line));
        }
        if !bar.is_hidden() {
            bar.enable_steady_tick(TURN);
        }
        Self { bar, tally }
    }
}

fn held(tally: &Mutex<Tally>) -> MutexGuard<'_, Tally> {
    tally.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Observer for Progress {
    fn on_event(&self, event: &Event<'_>) {
        held(&self.tally).note(event);
        // Draws at once; between its own turns the bar takes no other order for that.
        self.bar.set_message("");
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
            Event::Planned(count) => self.planned = *count,
            Event::Started(key) => self.running.push((*key).clone()),
            Event::Finished(result) => {
                self.running.retain(|key| *key != result.key);
                self.decided += 1;
            }
        }
    }

    /// `12 of 40: token-exchange (NetSuite has not answered for 3 s)`. The names give way first.
    fn line(&self, unanswered: Option<Duration>, room: usize) -> String {
        let count = format!("{} of {}", self.decided, self.planned);
        let slow = unanswered.filter(|time| *time >= SLOW);
        let slow = slow.map(|time| format!("NetSuite has not answered for {} s", time.as_secs()));
        let names: Vec<String> = self.running.iter().map(ToString::to_string).collect();
        let names = names.join(", ");
        let line = match (&slow, names.is_empty()) {
            (None, true) => count,
            (Some(slow), true) => format!("{count} ({slow})"),
            (None, false) => format!("{count}: {names}"),
            (Some(slow), false) => {
                let taken = columns(&count) + columns(slow) + ": ".len() + " ()".len();
                format!("{count}: {} ({slow})", fit(&names, room.saturating_sub(taken), "..."))
            }
        };
        fit(&line, room, "...")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::ids;
    use crate::engine::{Subject, Verdict};
    use crate::report::samples::result;

    fn started(tally: &mut Tally, key: &NodeKey) {
        tally.note(&Event::Started(key));
    }

    #[test]
    fn the_line_counts_and_names_what_runs() {
        let mut tally = Tally::default();
        tally.note(&Event::Planned(40));
        started(&mut tally, &NodeKey::of(ids::CLOCK));
        started(&mut tally, &NodeKey::of(ids::ACCOUNT_EXISTS));
        assert_eq!(tally.line(None, 70), "0 of 40: clock, account-exists");
        tally.note(&Event::Finished(&result("clock", Verdict::pass("Fine."))));
        assert_eq!(tally.line(None, 70), "1 of 40: account-exists");
        tally.note(&Event::Finished(&result("account-exists", Verdict::pass("Fine."))));
        assert_eq!(tally.line(None, 70), "2 of 40");
    }

    #[test]
    fn a_slow_answer_is_told_of_after_a_second() {
        let mut tally = Tally::default();
        tally.note(&Event::Planned(40));
        started(&mut tally, &NodeKey::of(ids::TOKEN_EXCHANGE));
        let after = |millis| tally.line(Some(Duration::from_millis(millis)), 77);
        assert_eq!(after(999), "0 of 40: token-exchange");
        assert_eq!(after(3_900), "0 of 40: token-exchange (NetSuite has not answered for 3 s)");
    }

    #[test]
    fn many_at_once_stay_on_one_line() {
        let mut tally = Tally::default();
        for number in 0..20 {
            let subject = Subject::new(format!("customrecord_{number}:view"));
            started(&mut tally, &NodeKey::about(ids::RECORD_ACCESS, subject));
        }
        for (time, room) in [(None, 37), (None, 77), (Some(60), 77), (Some(60), 37)] {
            let line = tally.line(time.map(Duration::from_secs), room);
            assert!(line.len() <= room, "{room}: {line}");
        }
        let line = tally.line(Some(Duration::from_secs(60)), 77);
        assert!(line.ends_with("... (NetSuite has not answered for 60 s)"), "{line}");
    }

    #[test]
    fn off_means_off() {
        let progress = Progress::new(None, Waiting::default());
        progress.on_event(&Event::Started(&NodeKey::of(ids::CLOCK)));
        assert!(progress.bar.is_hidden());
    }
}
