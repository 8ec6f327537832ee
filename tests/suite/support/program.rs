//! The one way in which tests start the program: a scrubbed environment, an empty home, and an
//! exit code that every caller has to state.

use std::ffi::OsStr;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

/// A run of the program that is being put together.
pub struct Program {
    command: Command,
    home: TempDir,
}

impl Program {
    /// The program with these arguments, in an empty directory that is also its home.
    pub fn new<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("netsuite-preflight"));
        command
            .args(args)
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", "/usr/bin:/bin")
            .env("TZ", "UTC")
            .current_dir(home.path())
            .timeout(std::time::Duration::from_secs(120));
        Self { command, home }
    }

    /// Sets a variable.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Adds a flag with its value.
    pub fn arg(mut self, flag: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.arg(flag).arg(value);
        self
    }

    /// Runs in this directory.
    pub fn in_dir(mut self, path: &Path) -> Self {
        self.command.current_dir(path);
        self
    }

    /// Feeds standard input.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.command.write_stdin(bytes);
        self
    }

    /// Runs it to whatever end it comes to, for callers that judge the exit code themselves.
    pub fn ends(mut self) -> (Option<i32>, Finished) {
        let output = self.command.output().unwrap();
        let finished = Finished {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            home: self.home,
        };
        (output.status.code(), finished)
    }

    /// Runs it; the exit code has to be this one.
    #[track_caller]
    pub fn exits(self, code: i32) -> Finished {
        let (ended, finished) = self.ends();
        assert_eq!(
            ended,
            Some(code),
            "exit code\n--- stdout\n{}\n--- stderr\n{}",
            finished.stdout,
            finished.stderr
        );
        // The rule for every command: with a usage error or a crash, stdout stays empty.
        if code == 2 || code == 101 {
            assert_eq!(finished.stdout, "", "stdout has to be empty with exit code {code}");
        }
        finished
    }
}

/// A run that ended as expected.
pub struct Finished {
    pub stdout: String,
    pub stderr: String,
    home: TempDir,
}

impl Finished {
    /// The directory in which it ran, and its home.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The one JSON document on stdout.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!("stdout is not one JSON document: {error}\n{}", self.stdout)
        })
    }
}
