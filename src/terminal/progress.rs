//! What moves on the terminal while something takes a while.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A spinner on standard error; nothing where that is no terminal. Gone when dropped.
#[must_use]
pub fn spinner(text: &str) -> Spinner {
    let bar = ProgressBar::new_spinner();
    if std::io::stderr().is_terminal() {
        bar.set_style(ProgressStyle::default_spinner());
        bar.set_message(text.to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
    } else {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    Spinner(bar)
}

/// A bar that counts to `count` on standard error; nothing where that is no terminal.
#[must_use]
pub fn counter(count: usize) -> Counter {
    let bar = ProgressBar::new(count as u64);
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    Counter(bar)
}

/// A running counter. Gone when dropped.
#[derive(Debug)]
pub struct Counter(ProgressBar);

impl Counter {
    /// One more is done.
    pub fn advance(&self) {
        self.0.inc(1);
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// A running spinner.
#[derive(Debug)]
pub struct Spinner(ProgressBar);

impl Drop for Spinner {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
