//! The program on a real pseudo-terminal.

use std::path::Path;
use std::process::Command;

use rexpect::process::{Signal, WaitStatus};
use rexpect::reader::{Options, ReadUntil};
use rexpect::session::{PtySession, spawn_with_options};

/// A run of the program with a person in front of it.
pub struct Terminal {
    session: PtySession,
    /// Everything that was shown, and typed.
    pub seen: String,
}

impl Terminal {
    /// The program with these arguments in this directory: 80 columns, no colour, no locale.
    pub fn start(home: &Path, args: &[String]) -> Self {
        Self::start_with(home, args, &[("TERM", "dumb")])
    }

    /// The same with these variables besides, and a terminal that moves unless they say otherwise.
    pub fn start_with(home: &Path, args: &[String], variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_netsuite-preflight"));
        command
            .args(args)
            .env_clear()
            .env("HOME", home)
            .env("PATH", "/usr/bin:/bin")
            .env("TERM", "xterm")
            .env("NO_COLOR", "1")
            .envs(variables.iter().copied())
            .current_dir(home);
        let options = Options::new().timeout_ms(Some(60_000));
        let session = spawn_with_options(command, options).unwrap();
        Self { session, seen: String::new() }
    }

    /// Waits for these words, and gives what came before them.
    #[track_caller]
    pub fn expect(&mut self, words: &str) -> String {
        match self.session.exp_string(words) {
            Ok(before) => {
                self.seen.push_str(&before);
                self.seen.push_str(words);
                before.replace("\r\n", "\n")
            }
            Err(error) => panic!("`{words}` never came: {error}\nbefore it:\n{}", self.seen),
        }
    }

    /// Waits for the first of these words, and gives which it was; nothing at the end.
    pub fn expects_one_of(&mut self, words: &[&str]) -> Option<usize> {
        let needles = words.iter().map(|word| ReadUntil::String((*word).to_owned()));
        match self.session.exp_any(needles.chain([ReadUntil::EOF]).collect()) {
            Ok((before, found)) => {
                self.seen.push_str(&before);
                self.seen.push_str(&found);
                words.iter().position(|word| *word == found)
            }
            Err(error) => panic!("none of {words:?} came: {error}\nbefore it:\n{}", self.seen),
        }
    }

    /// Ends it as a power failure would.
    pub fn kills(&mut self) {
        self.session.process_mut().kill(Signal::SIGKILL).unwrap();
    }

    /// Types a line.
    pub fn types(&mut self, line: &str) {
        self.seen.push_str(line);
        self.seen.push_str("\r\n");
        self.session.send_line(line).unwrap();
    }

    /// Types a line that is not noted.
    pub fn types_unseen(&mut self, line: &str) {
        self.session.send_line(line).unwrap();
    }

    /// Waits for a question and answers it; gives what was shown before it.
    #[track_caller]
    pub fn answers(&mut self, question: &str, answer: &str) -> String {
        let shown = self.expect(question);
        self.types(answer);
        shown
    }

    /// Presses Ctrl-C.
    pub fn interrupts(&mut self) {
        self.session.send_control('c').unwrap();
    }

    /// Waits for its end, which has to have this exit code; gives what came before it.
    #[track_caller]
    pub fn ends(&mut self, code: i32) -> String {
        let rest = self.session.exp_eof().unwrap();
        self.seen.push_str(&rest);
        match self.session.process().wait().unwrap() {
            WaitStatus::Exited(_, ended) => assert_eq!(ended, code, "{}", self.seen),
            other => panic!("{other:?}\n{}", self.seen),
        }
        rest.replace("\r\n", "\n")
    }
}
