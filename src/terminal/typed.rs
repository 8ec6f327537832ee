//! Lines that a person types, while the program may have to stop waiting for them.
//!
//! One thread reads the terminal, and only when a line is wanted: another prompt, such as that for
//! a passphrase, finds nobody reading beside it.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// What came of waiting for a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// A line, with its end.
    Line(String),
    /// Nothing yet.
    Nothing,
    /// Nobody is there any more.
    Gone,
}

struct Reading {
    wanted: Sender<()>,
    lines: Receiver<Option<String>>,
    /// A line was asked for and has not come.
    open: bool,
}

static READING: OnceLock<Mutex<Reading>> = OnceLock::new();

/// The next line that is typed within the time.
#[must_use]
pub fn line_within(time: Duration) -> Typed {
    let reading = READING.get_or_init(|| Mutex::new(start()));
    let mut reading = reading.lock().unwrap_or_else(PoisonError::into_inner);
    if !reading.open {
        if reading.wanted.send(()).is_err() {
            return Typed::Gone;
        }
        reading.open = true;
    }
    let came = reading.lines.recv_timeout(time);
    reading.open = came == Err(RecvTimeoutError::Timeout);
    match came {
        Ok(Some(line)) => Typed::Line(line),
        Err(RecvTimeoutError::Timeout) => Typed::Nothing,
        Ok(None) | Err(RecvTimeoutError::Disconnected) => Typed::Gone,
    }
}

/// The next line that is typed; none where nobody is there any more.
#[must_use]
pub fn line() -> Option<String> {
    loop {
        match line_within(Duration::from_secs(3_600)) {
            Typed::Line(line) => return Some(line),
            Typed::Nothing => {}
            Typed::Gone => return None,
        }
    }
}

fn start() -> Reading {
    let (wanted, asked) = mpsc::channel::<()>();
    let (sender, lines) = mpsc::channel();
    // Without a thread the channel is closed, which reads as nobody there.
    let _ = std::thread::Builder::new().name("typed".to_owned()).spawn(move || {
        while asked.recv().is_ok() {
            let mut line = String::new();
            let read = std::io::stdin().read_line(&mut line).unwrap_or(0);
            if sender.send((read > 0).then_some(line)).is_err() || read == 0 {
                return;
            }
        }
    });
    Reading { wanted, lines, open: false }
}
