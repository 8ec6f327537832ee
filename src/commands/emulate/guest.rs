//! The command that `emulate -- COMMAND` runs against its account.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal as _};
use std::process::{Child, Command, ExitStatus};

use tokio::sync::oneshot;

use super::{CERTIFICATE_FILE, Pointing};
use crate::terminal::output::note;
use crate::terminal::signals::{Asked, Signals};
use crate::types::shown::shown;

/// The shells' exit code for a command that is not there.
const NO_SUCH_PROGRAM: u8 = 127;
/// The shells' exit code for a command that cannot be started.
const NOT_STARTED: u8 = 126;
/// A command that a signal ended gets this and the signal's number, as in the shells.
const BY_SIGNAL: i32 = 128;

/// Secrets and files of a real account, which are none of the emulated one's.
const OF_A_REAL_ACCOUNT: &[&str] =
    &["NETSUITE_PRIVATE_KEY", "NETSUITE_PRIVATE_KEY_PASSPHRASE", "NETSUITE_CLIENT_SECRET"];

/// Runs the command with the variables of the account until it ends, and gives its exit code. What
/// asks this program to end is handed on to it.
///
/// # Errors
/// When its end cannot be waited for.
pub(super) async fn run(
    program: &OsStr,
    words: &[OsString],
    account: &Pointing,
    signals: &mut Signals,
) -> io::Result<u8> {
    let mut command = Command::new(program);
    command.args(words);
    surround(&mut command, account);
    let child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return Ok(not_started(program, &error)),
    };
    // Nothing is signalled after this number is free for another process: see `wait`.
    let process = child.id();
    let (sender, mut ended) = oneshot::channel();
    std::thread::Builder::new().name("command".to_owned()).spawn(move || {
        // Nobody listens any more only where this program ends.
        let _ = sender.send(wait(child));
    })?;
    // Ctrl-C at a terminal reaches the command by itself, and twice would be once too often.
    let at_a_terminal =
        io::stdin().is_terminal() || io::stdout().is_terminal() || io::stderr().is_terminal();
    loop {
        tokio::select! {
            child = &mut ended => {
                let mut child = child.map_err(io::Error::other)??;
                return child.wait().map(code);
            }
            asked = signals.next() => {
                let by_itself = matches!(asked, Asked::Interrupt | Asked::Quit) && at_a_terminal;
                if !by_itself {
                    hand_on(process, asked);
                }
            }
        }
    }
}

/// Sets the variables of the account, and takes away what belongs to a real one.
fn surround(command: &mut Command, account: &Pointing) {
    command.envs(account.variables());
    // With a certificate of one's own the key stays one's own too, whichever way it is given.
    if account.private_key_file.is_some() {
        for name in OF_A_REAL_ACCOUNT {
            command.env_remove(name);
        }
    }
    if account.certificate_file.is_none() {
        command.env_remove(CERTIFICATE_FILE);
    }
}

fn not_started(program: &OsStr, error: &io::Error) -> u8 {
    let name = program.to_string_lossy();
    let name = shown(&name);
    if error.kind() == io::ErrorKind::NotFound {
        note(&format!("there is no program {name}; give one that is on the PATH, or its path"));
        return NO_SUCH_PROGRAM;
    }
    note(&format!("{name} cannot be started: {error}; give a program that this user may run"));
    NOT_STARTED
}

/// Waits for the end of the command and gives it back, still to be asked how it ended: until then
/// its number stays its own.
#[cfg(unix)]
fn wait(child: Child) -> io::Result<Child> {
    use rustix::io::Errno;
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
    let process = Pid::from_child(&child);
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    while let Err(Errno::INTR) = waitid(WaitId::Pid(process), options) {}
    Ok(child)
}

/// Waits for the end of the command and gives it back, still to be asked how it ended.
#[cfg(not(unix))]
fn wait(mut child: Child) -> io::Result<Child> {
    child.wait()?;
    Ok(child)
}

#[cfg(unix)]
fn hand_on(process: u32, asked: Asked) {
    use rustix::process::{Pid, Signal, kill_process};
    let signal = match asked {
        Asked::Interrupt => Signal::INT,
        Asked::Terminate => Signal::TERM,
        Asked::HangUp => Signal::HUP,
        Asked::Quit => Signal::QUIT,
    };
    if let Some(process) = i32::try_from(process).ok().and_then(Pid::from_raw) {
        // A command that has just ended needs none.
        let _ = kill_process(process, signal);
    }
}

/// Every program of a console is told by Windows.
#[cfg(not(unix))]
fn hand_on(_: u32, _: Asked) {}

/// The exit code as a shell would give it.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal: Option<i32> = None;
    let number = status.code().or_else(|| signal.map(|signal| BY_SIGNAL + signal)).unwrap_or(1);
    // Windows has larger numbers; none of them may become a success.
    u8::try_from(number).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::super::PRIVATE_KEY_FILE;
    use super::*;

    fn account(private_key: Option<&str>, certificate: Option<&str>) -> Pointing {
        Pointing {
            address: "127.0.0.1:1".to_owned(),
            ca_file: "/x/ca.pem".to_owned(),
            account_id: "1".to_owned(),
            client_id: "2".to_owned(),
            certificate_id: "-3".to_owned(),
            sign_in_client_id: Some("f00d".into()),
            private_key_file: private_key.map(str::to_owned),
            certificate_file: certificate.map(str::to_owned),
            records: Vec::new(),
            check: Vec::new(),
        }
    }

    fn changes(account: &Pointing) -> Vec<(String, Option<String>)> {
        let mut command = Command::new("x");
        surround(&mut command, account);
        let text = |text: &OsStr| text.to_string_lossy().into_owned();
        command.get_envs().map(|(name, value)| (text(name), value.map(text))).collect()
    }

    #[test]
    fn nothing_of_a_real_account_reaches_the_command() {
        let changes = changes(&account(Some("/x/key"), None));
        for name in OF_A_REAL_ACCOUNT.iter().chain(&[CERTIFICATE_FILE]) {
            assert!(changes.contains(&((*name).to_owned(), None)), "{name}");
        }
        let key = (PRIVATE_KEY_FILE.to_owned(), Some("/x/key".to_owned()));
        assert!(changes.contains(&key), "{changes:?}");
        assert!(changes.contains(&("NETSUITE_CERTIFICATE_ID".to_owned(), Some("-3".to_owned()))));
    }

    #[test]
    fn with_a_certificate_of_ones_own_the_key_stays_ones_own() {
        let changes = changes(&account(None, Some("mine.pem")));
        assert!(!changes.iter().any(|(name, _)| name.contains("PRIVATE_KEY")), "{changes:?}");
        assert!(changes.contains(&(CERTIFICATE_FILE.to_owned(), Some("mine.pem".to_owned()))));
    }

    #[cfg(unix)]
    #[test]
    fn the_exit_code_is_that_of_a_shell() {
        use std::os::unix::process::ExitStatusExt as _;
        for (raw, expected) in [(0, 0), (3 << 8, 3), (255 << 8, 255), (15, 143), (9, 137)] {
            assert_eq!(code(ExitStatus::from_raw(raw)), expected);
        }
    }
}
