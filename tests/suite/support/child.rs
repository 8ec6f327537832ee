//! Programs that a test starts and that end with it, however the test ends.

use std::io::Read;
use std::ops::{Deref, DerefMut};
use std::process::{Child, Command, ExitStatus, Output};
use std::thread::JoinHandle;

#[cfg(unix)]
pub use rustix::process::Signal;

/// A running program. Dropping it ends the program.
pub struct Running(Child);

impl Running {
    /// Starts the program.
    pub fn start(command: &mut Command) -> Self {
        Self(command.spawn().unwrap())
    }

    /// Sends a signal. Fails when the program has ended by then.
    #[cfg(unix)]
    pub fn signal(&self, signal: Signal) -> std::io::Result<()> {
        let id = i32::try_from(self.id()).unwrap();
        let id = rustix::process::Pid::from_raw(id).unwrap();
        Ok(rustix::process::kill_process(id, signal)?)
    }

    /// Waits for its end, and gives what it said. What never ends fails the test.
    pub fn output(mut self) -> Output {
        let (stdout, stderr) = (all_of(self.stdout.take()), all_of(self.stderr.take()));
        let status = self.ends();
        Output { status, stdout: stdout.join().unwrap(), stderr: stderr.join().unwrap() }
    }

    #[cfg(unix)]
    fn ends(&mut self) -> ExitStatus {
        use std::sync::mpsc::{self, RecvTimeoutError};
        // No program that a test starts takes longer.
        let longest = std::time::Duration::from_secs(120);
        let id = rustix::process::Pid::from_child(&self.0);
        let (ended, over) = mpsc::channel::<()>();
        let guard = std::thread::spawn(move || {
            let late = over.recv_timeout(longest) == Err(RecvTimeoutError::Timeout);
            // Not waited for yet, so that the number is still its own.
            late && rustix::process::kill_process(id, Signal::KILL).is_ok()
        });
        let status = self.wait().unwrap();
        drop(ended);
        assert!(!guard.join().unwrap(), "the program never ends");
        status
    }

    #[cfg(not(unix))]
    fn ends(&mut self) -> ExitStatus {
        self.wait().unwrap()
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

/// However the test ends that started it.
impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What was started would serve for ever.
#[test]
fn a_program_ends_with_the_test_that_fails() {
    use std::process::Stdio;
    let mut command = Command::new(env!("CARGO_BIN_EXE_netsuite-preflight"));
    command.arg("emulate").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let (give, stdout) = std::sync::mpsc::channel();
    let failing = std::thread::spawn(move || {
        let mut server = Running::start(&mut command);
        let mut stdout = server.stdout.take().unwrap();
        let mut first = [0];
        stdout.read_exact(&mut first).unwrap();
        give.send(stdout).unwrap();
        panic!("as a test that fails");
    });
    assert!(failing.join().is_err());
    // The pipe ends when the program is gone.
    let stdout = stdout.recv().unwrap();
    let (give, rest) = std::sync::mpsc::channel();
    std::thread::spawn(move || give.send(all_of(Some(stdout)).join().unwrap()));
    let rest = rest.recv_timeout(std::time::Duration::from_secs(60));
    assert!(rest.is_ok_and(|rest| !rest.is_empty()), "the program goes on");
}
