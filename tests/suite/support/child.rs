//! Programs that a test starts and that end with it, however the test ends.

use std::io;
use std::ops::{Deref, DerefMut};
use std::process::{Child, Command, Output};

pub use rustix::process::Signal;

/// A running program. Dropping it ends the program.
pub struct Running(Option<Child>);

impl Running {
    /// Starts the program.
    pub fn start(command: &mut Command) -> Self {
        Self(Some(command.spawn().unwrap()))
    }

    /// Sends a signal. Fails when the program has ended by then.
    pub fn signal(&self, signal: Signal) -> io::Result<()> {
        let id = i32::try_from(self.id()).unwrap();
        let id = rustix::process::Pid::from_raw(id).unwrap();
        Ok(rustix::process::kill_process(id, signal)?)
    }

    /// Waits for its end, and gives what it said.
    pub fn output(mut self) -> Output {
        self.0.take().unwrap().wait_with_output().unwrap()
    }
}

impl Deref for Running {
    type Target = Child;

    fn deref(&self) -> &Child {
        self.0.as_ref().unwrap()
    }
}

impl DerefMut for Running {
    fn deref_mut(&mut self) -> &mut Child {
        self.0.as_mut().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
