//! The command line that makes a run again: what the user gave, without where the report went.

use std::borrow::Cow;
use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command};

use crate::cli::target::ProcessEnvironment;
use crate::cli::usage::{after_name, without_empty_variables};
use crate::types::shown::may_be_secret;
use crate::types::{CertificateId, Scrubber, shell};

/// Options that say where a report goes and how it looks, and those that the next step gives itself.
const LEFT_OUT: &[&str] = &[
    "all",
    "annotate",
    "audit_detail",
    "audit_file",
    "details",
    "format",
    "jobs",
    "open",
    "output",
    "output_dir",
    "paste",
    "quiet",
    "save",
    "save_exchanges",
    "shard",
    "sign_in",
    "sign_in_port",
    "sign_in_redirect",
    "watch",
];

/// Options that belong to this run, although the next one may go on without them.
const OF_THIS_RUN: &[&str] =
    &["audit_detail", "audit_file", "sign_in", "sign_in_port", "sign_in_redirect"];

/// The command line of a run, as far as it is to be given again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Again {
    /// The command with its options.
    pub command: Option<String>,
    /// The same with what only this run was given, for the same run once more.
    pub same: Option<String>,
    /// The options that name the target and the way to it.
    pub target: Option<String>,
}

/// `netsuite-preflight NAME` with the options that this process was given as flags. What variables
/// and the configuration file say stays where it is. No flag takes a secret.
#[must_use]
pub fn again<A: Args>(name: &'static str) -> Again {
    let line = after_name(name);
    let other = |id: &str| !LEFT_OUT.contains(&id);
    let options = |wanted: &dyn Fn(&str) -> bool| of_line::<A>(name, line.clone(), wanted);
    let same = |id: &str| other(id) || OF_THIS_RUN.contains(&id);
    let whole = |options| format!("netsuite-preflight {name} {options}").trim_end().to_owned();
    Again {
        command: options(&other).map(whole),
        same: options(&same).map(whole),
        target: options(&|id| TARGET.contains(&id)),
    }
}

/// Options that say which account is meant, and how it is reached.
const TARGET: &[&str] = &[
    "account_id",
    "ca_file",
    "certificate",
    "certificate_id",
    "client_id",
    "config",
    "connect_to",
    "passphrase_file",
    "private_key",
    "target",
];

fn of_line<A: Args>(
    name: &'static str,
    line: Vec<OsString>,
    wanted: &dyn Fn(&str) -> bool,
) -> Option<String> {
    let command = A::augment_args(Command::new(name)).no_binary_name(true);
    let command = without_empty_variables(command, &ProcessEnvironment);
    let matches = command.clone().try_get_matches_from(line).ok()?;
    let mut words = Vec::new();
    for arg in command.get_arguments() {
        let (id, Some(flag)) = (arg.get_id().as_str(), arg.get_long()) else { continue };
        if !wanted(id) || matches.value_source(id) != Some(ValueSource::CommandLine) {
            continue;
        }
        words.extend(given(&matches, arg, id, flag)?);
    }
    Some(words.join(" "))
}

/// An option as it was given, each of its values for a shell.
fn given(matches: &ArgMatches, arg: &clap::Arg, id: &str, flag: &str) -> Option<Vec<String>> {
    if !arg.get_action().takes_values() {
        return Some(vec![format!("--{flag}")]);
    }
    let mut words = Vec::new();
    for value in matches.get_raw(id).into_iter().flatten() {
        let value = value.to_str()?;
        let value = if harmless(id, value) { Cow::Borrowed(value) } else { blank(id) };
        let word = shell::word(&value)?;
        // A Certificate ID may begin with a hyphen.
        let between = if value.starts_with('-') && value.len() > 1 { "=" } else { " " };
        words.push(format!("--{flag}{between}{word}"));
    }
    Some(words)
}

/// Whether a value may be printed again. A key or another secret may have been given in the place
/// of any of them; the two identifiers look random by nature, and are known by their form.
fn harmless(id: &str, value: &str) -> bool {
    match id {
        "client_id" | "sign_in_client_id" if value.len() == 64 => {
            value.bytes().all(|byte| byte.is_ascii_hexdigit())
        }
        "certificate_id" if value.parse::<CertificateId>().is_ok() => true,
        _ => !may_be_secret(value),
    }
}

/// A name in capitals, to be filled in.
fn blank(id: &str) -> Cow<'static, str> {
    Cow::Owned(id.replace('_', "-").to_ascii_uppercase())
}

impl Again {
    /// The same without the secrets of the run, should one have been given as something else.
    #[must_use]
    pub fn scrubbed(self, scrubber: &Scrubber) -> Self {
        let scrub = |text: String| scrubber.scrub(&text).0.into_owned();
        Self {
            command: self.command.map(scrub),
            same: self.same.map(scrub),
            target: self.target.map(scrub),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::check::CheckArgs;

    fn again_of(line: &[&str]) -> Option<String> {
        let line = line.iter().map(OsString::from).collect();
        of_line::<CheckArgs>("check", line, &|id| !LEFT_OUT.contains(&id))
    }

    #[test]
    fn what_may_be_a_secret_is_left_blank() {
        let random = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgLXt28PMF8qOyum9S";
        for flag in ["--account-id", "--client-id", "--certificate-id", "--private-key", "--target"]
        {
            let again = again_of(&[flag, random]).unwrap();
            assert!(!again.contains(&random[..20]), "{again}");
            assert!(again.starts_with(flag), "{again}");
        }
        let id = "gKgCjCMc8Un5rHr5_BJvC-WbkkIXWtSUtii5Xcyg52o";
        assert!(again_of(&["--certificate-id", id]).unwrap().contains(id));
    }

    #[test]
    fn what_was_given_is_given_again() {
        assert_eq!(again_of(&[]).unwrap(), "");
        let line = [
            "--private-key",
            "my key.pem",
            "--certificate-id=-abc",
            "--record",
            "customer",
            "--record=salesOrder:edit",
            "--offline",
            "--format",
            "json",
            "--output=x.json",
            "--audit-detail",
            "MissingKey",
            "--only",
            "account-id,client-id",
        ];
        let again = again_of(&line).unwrap();
        let words = shlex::split(&again).unwrap();
        for pair in [["--private-key", "my key.pem"], ["--record", "salesOrder:edit"]] {
            assert!(words.windows(2).any(|two| two == pair), "{again}");
        }
        assert!(words.contains(&"--certificate-id=-abc".to_owned()), "{again}");
        assert!(words.contains(&"--offline".to_owned()), "{again}");
        for left_out in ["json", "MissingKey", "--output"] {
            assert!(!again.contains(left_out), "{again}");
        }
        let same = again_of(&words[..].iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(same.unwrap(), again);
    }

    #[test]
    fn the_same_run_has_what_only_it_was_given() {
        let line = ["--audit-detail=MissingKey", "--sign-in", "--only=clock", "--details"];
        let line = line.map(OsString::from).to_vec();
        let same = |id: &str| !LEFT_OUT.contains(&id) || OF_THIS_RUN.contains(&id);
        let same = of_line::<CheckArgs>("check", line, &same).unwrap();
        for given in ["--audit-detail MissingKey", "--sign-in", "--only clock"] {
            assert!(same.contains(given), "{same}");
        }
        assert!(!same.contains("--details"), "{same}");
    }
}
