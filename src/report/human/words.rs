//! The report's fixed words, said to a person.

use crate::report::style::Style;
use crate::report::v1::{Counts, Grade, Overall, Rank, ReasonCode, Status};

/// The heading of a phase.
pub(crate) fn phase(name: &str) -> String {
    match name {
        "credentials" => "Credentials (offline)".to_owned(),
        other => {
            let mut letters = other.chars();
            let first = letters.next().map(|c| c.to_uppercase().to_string());
            first.unwrap_or_default() + letters.as_str()
        }
    }
}

/// What a line says of a status, before what was seen.
pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Pass => "passed",
        Status::Warn => "warning",
        Status::Fail => "failed",
        Status::Inconclusive => "inconclusive",
        Status::Skipped => "skipped",
    }
}

/// The outcome of the run in one word or two.
pub(crate) fn overall(overall: Overall) -> &'static str {
    match overall {
        Overall::Pass => "PASSED",
        Overall::Warn => "PASSED WITH WARNINGS",
        Overall::Fail => "FAILED",
        Overall::Inconclusive => "INCONCLUSIVE",
    }
}

/// Why something was skipped or is inconclusive.
pub(crate) fn reason(code: ReasonCode) -> &'static str {
    match code {
        ReasonCode::NotApplicable => "does not apply here",
        ReasonCode::NotProvided => "not given",
        ReasonCode::Blocked => "waits for another check",
        ReasonCode::Disabled => "switched off",
        ReasonCode::Offline => "needs the network",
        ReasonCode::NotProbed => "not probed",
        ReasonCode::NotPermitted => "the role may not read it, and need not",
        ReasonCode::RateLimited => "NetSuite asked to slow down",
        ReasonCode::Empty => "the list was empty",
        ReasonCode::Ambiguous => "the answer fits several explanations",
        ReasonCode::NoAnswer => "no usable answer",
        ReasonCode::Internal => "internal error",
    }
}

/// How a cause stands.
pub(crate) fn rank(rank: Rank) -> &'static str {
    match rank {
        Rank::Likely => "likely",
        Rank::Possible => "possible",
        Rank::RuledOut => "ruled out",
    }
}

/// How well a fact is known.
pub(crate) fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Documented => "documented",
        Grade::Observed => "observed",
        Grade::Inferred => "inferred",
    }
}

/// What an exit code says.
pub(crate) fn exit_code(code: u8) -> &'static str {
    match code {
        0 => "nothing failed, nothing is inconclusive",
        1 => "at least one check failed",
        3 => "nothing failed, something is inconclusive",
        4 => "only warnings, and they were to count",
        _ => "see the table of exit codes",
    }
}

/// How many entries had which outcome, the gravest first, without the zeros.
pub(crate) fn counts(counts: &Counts, style: Style) -> String {
    let warnings = if counts.warn == 1 { "warning" } else { "warnings" };
    [
        (counts.fail, "failed"),
        (counts.inconclusive, "inconclusive"),
        (counts.warn, warnings),
        (counts.pass, "passed"),
        (counts.skipped, "skipped"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect::<Vec<_>>()
    .join(style.dot())
}
