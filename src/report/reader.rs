//! For whom a report is written: how it looks, how much of it, and which command makes the run again.

use std::borrow::Cow;

use jiff::tz::TimeZone;

use crate::report::Style;
use crate::report::text::columns;
use crate::report::v1::Fix;
use crate::types::shell;

/// How much of a report a person asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Extent {
    /// The verdict, and what to do first.
    Quiet,
    /// What one page holds.
    #[default]
    Brief,
    /// Every check, with its evidence and every cause.
    Details,
}

/// For whom a report is written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reader<'a> {
    /// How text is to look.
    pub style: Style,
    /// How much of it.
    pub extent: Extent,
    /// The command that makes this run again, where it is known.
    pub again: Option<&'a str>,
    /// The same with what only this run was given, such as the Detail.
    pub same: Option<&'a str>,
    /// The options that name the target of this run, for commands other than `check`.
    pub target: Option<&'a str>,
    /// What the Login Audit Trail of a demonstration shows for its failed sign-in.
    pub detail: Option<&'a str>,
    /// The time zone of the person, where it is known and differs from UTC's.
    pub zone: Option<&'a TimeZone>,
}

impl From<Style> for Reader<'_> {
    fn from(style: Style) -> Self {
        Self { style, ..Self::default() }
    }
}

/// What every command that checks begins with.
pub(crate) const CHECK: &str = "netsuite-preflight check";

/// What a demonstration begins with.
const DEMO: &str = "netsuite-preflight demo";

/// The commands that take the options of the target as `check` does.
const CERTIFICATES: &str = "netsuite-preflight certificates ";

/// The commands for a target, which a demonstration has not; the files of one are gone when it ends.
const OF_TARGET: [&str; 3] = [CHECK, CERTIFICATES, "netsuite-preflight repair"];

/// The options of `check` that a demonstration takes as well.
pub(crate) const DEMO_TAKES: [&str; 10] = [
    "--accept-empty",
    "--audit-detail",
    "--concurrency",
    "--correct-clock",
    "--details",
    "--format",
    "--only",
    "--output",
    "--probe-writes",
    "--timeout",
];

/// What stands for the Detail in a command that gives it.
const BLANK_DETAIL: &str = " --audit-detail DETAIL";

/// A command of more columns is printed once; others tell what to add to it.
const LONG: usize = 100;

/// A command of the guidance as it runs for this reader: with the options of the run, or where
/// these are many, with what is to be added to them.
pub(crate) fn again<'a>(command: &'a str, reader: &Reader<'_>) -> Cow<'a, str> {
    match (reader.again, known(command, reader)) {
        (Some(base), Some(rest)) if columns(base) > LONG && !rest.is_empty() => {
            Cow::Owned(format!("the same command with{rest}"))
        }
        _ => carried(command, reader),
    }
}

/// The same, always whole.
pub(crate) fn carried<'a>(command: &'a str, reader: &Reader<'_>) -> Cow<'a, str> {
    if let (Some(target), true) = (reader.target, command.starts_with(CERTIFICATES)) {
        return Cow::Owned(format!("{command} {target}").trim_end().to_owned());
    }
    match (reader.again, known(command, reader)) {
        (Some(base), Some(rest)) => Cow::Owned(joined(base, rest)),
        _ => Cow::Borrowed(command),
    }
}

/// The command of the run with further options; one that both have is taken from these.
fn joined(base: &str, rest: &str) -> String {
    let name = |part: &str| part.split([' ', '=']).next().unwrap_or_default().to_owned();
    let new: Vec<String> = options(rest.trim_start()).map(name).collect();
    let kept = options(base).filter(|part| !new.contains(&name(part)));
    kept.collect::<Vec<_>>().join(" ") + rest
}

/// A command and its options, each with its value.
pub(crate) fn options(command: &str) -> impl Iterator<Item = &str> {
    let mut begin = 0;
    // Inside quotes stand no options of this program.
    let ends = shell::options(command).chain([command.len()]);
    let parts = ends.filter_map(move |end| command.get(std::mem::replace(&mut begin, end)..end));
    parts.map(str::trim_start).filter(|part| !part.is_empty())
}

/// Steps whose commands carry the options of the run.
pub(crate) fn carrying(fixes: &[Fix], reader: &Reader<'_>) -> Vec<Fix> {
    let with_run = |fix: Fix| Fix {
        command: fix.command.as_deref().map(|command| carried(command, reader).into_owned()),
        ..fix
    };
    fitted(fixes, reader).into_iter().map(with_run).collect()
}

/// The steps that this reader can take. After a demonstration there is no account to look into, so
/// that the Detail of its own trail is told, and no command that needs a target is shown.
pub(crate) fn fitted(fixes: &[Fix], reader: &Reader<'_>) -> Vec<Fix> {
    if !is_demo(reader) {
        return fixes.to_vec();
    }
    let one = |fix: &Fix| {
        let Some(command) = &fix.command else { return Some(fix.clone()) };
        if command.contains(BLANK_DETAIL) {
            let detail = reader.detail?;
            return Some(Fix {
                text: format!("In this demonstration the Detail is {detail}:"),
                place: None,
                url: None,
                command: Some(command.replace("DETAIL", detail)),
            });
        }
        let targeted = OF_TARGET.iter().any(|start| command.starts_with(start));
        let runs = !targeted || known(command, reader).is_some();
        // A sentence that leads to its command says nothing without it.
        if !runs && fix.text.ends_with(':') {
            return None;
        }
        Some(Fix { command: fix.command.clone().filter(|_| runs), ..fix.clone() })
    };
    fixes.iter().filter_map(one).collect()
}

fn is_demo(reader: &Reader<'_>) -> bool {
    reader.again.is_some_and(|base| base.starts_with(DEMO))
}

/// What a command that checks says besides, where it takes the options of this run.
fn known<'a>(command: &'a str, reader: &Reader<'_>) -> Option<&'a str> {
    let known = command.strip_prefix(CHECK).filter(|rest| rest.is_empty() || rest.starts_with(' '));
    let taken = |option: &str| {
        let name = option.split([' ', '=']).next().unwrap_or_default();
        DEMO_TAKES.contains(&name)
    };
    known.filter(|rest| !is_demo(reader) || options(rest.trim_start()).all(taken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_demonstration_only_what_runs_is_shown() {
        let step = |command: &str| Fix {
            text: "Do it.".to_owned(),
            place: None,
            url: None,
            command: Some(command.to_owned()),
        };
        let again = "netsuite-preflight demo --scenario a";
        let reader = Reader { again: Some(again), ..Reader::default() };
        let shown = |command: &str, reader: &Reader<'_>| {
            carrying(&[step(command)], reader).pop().map(|fix| (fix.text, fix.command))
        };
        for (command, expected) in [
            ("netsuite-preflight check", Some("")),
            ("netsuite-preflight check --accept-empty", Some(" --accept-empty")),
            (
                "netsuite-preflight check --only clock --timeout 90",
                Some(" --only clock --timeout 90"),
            ),
            ("netsuite-preflight check --ca-file company-root.pem", None),
            ("netsuite-preflight certificates rotate --out new", None),
            ("netsuite-preflight repair key.pem", None),
        ] {
            let expected = expected.map(|rest| format!("{again}{rest}"));
            assert_eq!(shown(command, &reader).unwrap().1, expected, "{command}");
        }
        let leads =
            Fix { text: "In one command:".to_owned(), ..step("netsuite-preflight repair a") };
        assert_eq!(carrying(&[leads], &reader), Vec::new());
        let generate = "netsuite-preflight generate --out new";
        assert_eq!(shown(generate, &reader).unwrap().1.as_deref(), Some(generate));
        let asked = "netsuite-preflight check --audit-detail DETAIL";
        assert_eq!(shown(asked, &reader), None);
        let (text, command) =
            shown(asked, &Reader { detail: Some("MissingKey"), ..reader }).unwrap();
        assert!(text.contains("MissingKey"), "{text}");
        assert!(command.unwrap().ends_with("demo --scenario a --audit-detail MissingKey"));
        let account = Reader { again: Some("netsuite-preflight check --target a"), ..reader };
        let (text, command) = shown(asked, &account).unwrap();
        assert_eq!(text, "Do it.");
        assert!(command.unwrap().ends_with("--target a --audit-detail DETAIL"));
    }

    #[test]
    fn only_commands_that_check_take_the_options_of_the_run() {
        let reader =
            Reader { again: Some("netsuite-preflight check --target a"), ..Reader::default() };
        let shown = |command| again(command, &reader).into_owned();
        assert_eq!(
            shown("netsuite-preflight check --audit-detail DETAIL"),
            "netsuite-preflight check --target a --audit-detail DETAIL"
        );
        assert_eq!(shown("netsuite-preflight check"), "netsuite-preflight check --target a");
        assert_eq!(shown("netsuite-preflight checks"), "netsuite-preflight checks");
        assert_eq!(shown("netsuite-preflight generate"), "netsuite-preflight generate");
        let base = "netsuite-preflight check --client-id a --private-key 'b --c' --only clock";
        let reader = Reader { again: Some(base), ..reader };
        assert_eq!(
            carried("netsuite-preflight check --client-id d --only query-service", &reader),
            "netsuite-preflight check --private-key 'b --c' --client-id d --only query-service"
        );
        let reader = Reader { target: Some("--target a"), ..reader };
        assert_eq!(
            again("netsuite-preflight certificates rotate --out new", &reader),
            "netsuite-preflight certificates rotate --out new --target a"
        );
        assert_eq!(
            again("netsuite-preflight check", &Reader::default()),
            "netsuite-preflight check"
        );
    }
}
