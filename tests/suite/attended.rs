//! `check` with a person in front of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::support::{Emulated, Terminal};

const OFFER: &str = "Write the full report as HTML? [y/N] ";

/// A folder that is home, and the arguments of a check against an account with a fault.
fn check(emulated: &Emulated, more: &[&str]) -> (tempfile::TempDir, Vec<String>) {
    let home = tempfile::tempdir().unwrap();
    let mut args = emulated.check_args();
    args.extend(more.iter().map(|arg| (*arg).to_owned()));
    (home, args)
}

#[test]
fn the_detail_is_asked_for_and_taken() {
    let emulated = Emulated::scenario("certificate-revoked");
    let (home, args) = check(&emulated, &[]);
    let mut terminal = Terminal::start(home.path(), &args);
    let first = terminal.answers("Detail of that row (Enter skips): ", "MissingKy");
    assert!(first.contains("Ask the Login Audit Trail"), "{first}");
    let refused = terminal.answers("Detail of that row (Enter skips): ", " missingkey ");
    assert!(refused.contains("MissingKey"), "{refused}");
    let second = terminal.answers(OFFER, "");
    terminal.ends(1);
    assert!(second.contains("NetSuite's reason is MissingKey"), "{second}");
    assert!(second.contains("Revoked: Yes"), "{second}");
    assert!(!second.contains("Ask the Login Audit Trail"), "{second}");
    assert!(second.trim().lines().count() < first.trim().lines().count(), "{second}");
}

#[test]
fn enter_skips_the_question() {
    let emulated = Emulated::scenario("certificate-revoked");
    let (home, args) = check(&emulated, &[]);
    let mut terminal = Terminal::start(home.path(), &args);
    terminal.answers("Detail of that row (Enter skips): ", "");
    assert!(!terminal.answers(OFFER, "no").contains("FAILED"));
    terminal.ends(1);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "nobody said yes");
}

/// A browser that tells the address it was opened with. The program does not wait for it, so that a
/// test has to: it reads a pipe.
struct NamingBrowser {
    path: PathBuf,
    told: Receiver<std::io::Result<String>>,
}

impl NamingBrowser {
    fn new(folder: &Path) -> Self {
        use std::os::unix::fs::PermissionsExt as _;
        let (path, pipe) = (folder.join("browser"), folder.join("opened"));
        fs::write(&path, format!("#!/bin/sh\necho \"$1\" > {}\n", pipe.display())).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let (tell, told) = channel();
        std::thread::spawn(move || tell.send(fs::read_to_string(&pipe)));
        Self { path, told }
    }

    fn opened(&self) -> String {
        self.told.recv_timeout(Duration::from_secs(60)).expect("a browser was opened").unwrap()
    }
}

/// The whole report is offered as a page, under a name that nothing has.
#[test]
fn the_report_is_written_as_html_where_that_is_wished() {
    use std::os::unix::fs::PermissionsExt as _;
    let emulated = Emulated::scenario("record-permission-absent");
    let (home, args) = check(&emulated, &["--record=customer"]);
    let taken = home.path().join("netsuite-preflight-report.html");
    fs::write(&taken, "mine").unwrap();
    let browser = NamingBrowser::new(home.path());
    let variables = [("TERM", "dumb"), ("BROWSER", browser.path.to_str().unwrap())];
    let mut terminal = Terminal::start_with(home.path(), &args, &variables);
    terminal.answers(OFFER, "y");
    let told = terminal.answers("Open it in the browser? [y/N] ", "yes");
    assert!(told.contains("netsuite-preflight-report-2.html"), "{told}");
    terminal.ends(1);
    let file = home.path().join("netsuite-preflight-report-2.html");
    assert!(fs::read_to_string(&file).unwrap().contains("FAILED</span>"));
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_to_string(&taken).unwrap(), "mine");
    let opened = browser.opened();
    assert!(opened.contains("netsuite-preflight-report-2.html"), "{opened}");
}

/// Nobody is asked who wants the action alone, has the page already, or is a CI system.
#[test]
fn the_offer_is_made_only_where_it_helps() {
    let emulated = Emulated::scenario("record-permission-absent");
    let cases: [(&[&str], &str); 3] =
        [(&["--quiet"], "CI_NOT"), (&["--save=r.html"], "CI_NOT"), (&[], "CI")];
    for (more, variable) in cases {
        let (home, mut args) = check(&emulated, &["--record=customer"]);
        args.extend(more.iter().map(|arg| (*arg).to_owned()));
        let variables = [("TERM", "dumb"), (variable, "true")];
        let seen = Terminal::start_with(home.path(), &args, &variables).ends(1);
        assert!(seen.contains("FAILED") && !seen.contains("Write the full report"), "{seen}");
    }
}

/// What goes on is told on a terminal, with a total, and nowhere else.
#[test]
fn progress_has_a_total_on_a_terminal_alone() {
    let emulated = Emulated::scenario("healthy");
    let (home, args) = check(&emulated, &[]);
    let mut terminal = Terminal::start_with(home.path(), &args, &[]);
    terminal.expect("0 of ");
    assert!(terminal.ends(0).contains("PASSED"));
    let piped = crate::support::Program::new(&args).env("TERM", "xterm").exits(0);
    assert_eq!(piped.stderr, "");
}

#[test]
fn a_run_that_passes_asks_nothing() {
    let emulated = Emulated::scenario("healthy");
    let (home, args) = check(&emulated, &["--watch"]);
    let seen = Terminal::start(home.path(), &args).ends(0);
    assert!(seen.contains("PASSED") && !seen.contains("Enter"), "{seen}");
}

/// The key is put right while the program waits: nothing else has to be pressed.
#[test]
fn a_changed_file_is_checked_again_until_it_passes() {
    let emulated = Emulated::scenario("healthy");
    let right = emulated.path("private-key.pem");
    let key = fs::read(&right).unwrap();
    let wrong = emulated.write("watched.pem", b"no key");
    let mut line = emulated.check_args();
    for word in &mut line {
        *word = word.replace(&right.display().to_string(), &wrong.display().to_string());
    }
    let home = tempfile::tempdir().unwrap();
    line.push("--watch".to_owned());
    let args = line;
    let mut terminal = Terminal::start(home.path(), &args);
    let first = terminal.expect("Press Enter to check again");
    assert!(first.contains("private-key"), "{first}");
    terminal.types("");
    terminal.expect("Press Enter to check again");
    fs::write(&wrong, key).unwrap();
    terminal.expect("a file changed");
    assert!(terminal.ends(0).contains("PASSED"));
}

/// The page of the first action, in the browser that is set up.
#[test]
fn the_page_of_the_first_action_is_opened() {
    let emulated = Emulated::scenario("record-permission-absent");
    let (home, args) = check(&emulated, &["--open", "--quiet", "--record=customer"]);
    let browser = NamingBrowser::new(home.path());
    let text = crate::support::Program::new(args).env("BROWSER", &browser.path).exits(1);
    assert!(text.stdout.contains("role.nl?id="), "{}", text.stdout);
    let url = browser.opened();
    assert!(url.contains("netsuite.com/app/setup/role.nl?id="), "{url}");
}

#[test]
fn nobody_can_watch_off_a_terminal() {
    let text = crate::support::Program::new(["check", "--offline", "--watch"]).exits(2);
    assert!(text.stderr.contains("--watch needs a terminal"), "{}", text.stderr);
}
