//! Programs that a test starts and that end with it, however the test ends.

use std::io::{self, Read};
use std::ops::{Deref, DerefMut};
use std::process::{Child, Command, Output};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

pub use rustix::process::Signal;

/// No program that a test starts takes longer.
const LONGEST: Duration = Duration::from_secs(120);

/// A running program. Dropping it ends the program.
pub struct Running(Child);

impl Running {
    /// Starts the program.
    pub fn start(command: &mut Command) -> Self {
        Self(command.spawn().unwrap())
    }

    /// Sends a signal. Fails when the program has ended by then.
    pub fn signal(&self, signal: Signal) -> io::Result<()> {
        let id = i32::try_from(self.id()).unwrap();
        let id = rustix::process::Pid::from_raw(id).unwrap();
        Ok(rustix::process::kill_process(id, signal)?)
    }

    /// Waits for its end, and gives what it said. What never ends fails the test.
    pub fn output(mut self) -> Output {
        let (stdout, stderr) = (all_of(self.stdout.take()), all_of(self.stderr.take()));
        let id = rustix::process::Pid::from_child(&self.0);
        let (ended, over) = mpsc::channel::<()>();
        let guard = std::thread::spawn(move || {
            let late = over.recv_timeout(LONGEST) == Err(RecvTimeoutError::Timeout);
            // Not waited for yet, so that the number is still its own.
            late && rustix::process::kill_process(id, Signal::KILL).is_ok()
        });
        let status = self.wait().unwrap();
        drop(ended);
        assert!(!guard.join().unwrap(), "the program never ends");
        Output { status, stdout: stdout.join().unwrap(), stderr: stderr.join().unwrap() }
    }
}

/// Reads a pipe to its end, so that no program waits for a reader.
fn all_of(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut all = Vec::new();
        pipe.map(|mut pipe| pipe.read_to_end(&mut all).unwrap());
        all
    })
}

impl Deref for Running {
    type Target = Child;

    fn deref(&self) -> &Child {
        &self.0
    }
}

impl DerefMut for Running {
    fn deref_mut(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
