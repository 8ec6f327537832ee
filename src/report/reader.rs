//! For whom a report is written: how it looks, how much of it, and which command makes the run again.

use std::borrow::Cow;

use jiff::tz::TimeZone;

use crate::report::Style;
use crate::report::text::columns;
use crate::report::v1::Fix;

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
    /// The options that name the target of this run, for commands other than `check`.
    pub target: Option<&'a str>,
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

/// A command that takes the options of the target as `check` does.
const ROTATE: &str = "netsuite-preflight certificates rotate";

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
    if let (Some(target), true) = (reader.target, command.starts_with(ROTATE)) {
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
    let mut rest = command;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        // Inside quotes stand no options of this program.
        let end = rest
            .match_indices(" --")
            .map(|(at, _)| at)
            .find(|at| rest.get(..*at).is_some_and(|before| before.matches('\'').count() % 2 == 0));
        let (part, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after.trim_start();
        Some(part)
    })
}

/// Steps whose commands carry the options of the run.
pub(crate) fn carrying(fixes: &[Fix], reader: &Reader<'_>) -> Vec<Fix> {
    let with_run = |fix: &Fix| Fix {
        command: fix.command.as_deref().map(|command| carried(command, reader).into_owned()),
        ..fix.clone()
    };
    fixes.iter().map(with_run).collect()
}

/// What a command that checks says besides, where it takes the options of this run.
fn known<'a>(command: &'a str, reader: &Reader<'_>) -> Option<&'a str> {
    let known = command.strip_prefix(CHECK).filter(|rest| rest.is_empty() || rest.starts_with(' '));
    let demo = reader.again.is_some_and(|base| base.starts_with(DEMO));
    known.filter(|rest| {
        // A demonstration takes few of the options of `check`.
        !demo
            || rest.is_empty()
            || [" --audit-detail", " --details"].iter().any(|flag| rest.starts_with(flag))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
