//! The report's fixed words, said to a person.

use crate::checks::{ids, spec};
use crate::report::text::status_of;
use crate::report::v1::{
    Cause, CheckEntry, Counts, EvidenceEntry, Grade, HttpEntry, Overall, Rank, ReasonCode,
    ReasonEntry, Status,
};
use crate::report::v1::{Mode, Report, Summary};
use crate::report::{Handbook, Style};

/// The key under which evidence names the findings of a check.
pub(crate) const FINDING: &str = "finding";
/// The key under which evidence says what the finding before it means.
pub(crate) const MEANING: &str = "meaning";

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

/// The outcome of a run in a word or two. A run that checked nothing passed nothing.
pub(crate) fn verdict(report: &Report) -> &'static str {
    if ran(report) { overall(report.summary.verdict) } else { NOTHING }
}

/// The status whose mark and colour the verdict has.
pub(crate) fn head(report: &Report) -> Status {
    if ran(report) { status_of(report.summary.verdict) } else { Status::Skipped }
}

/// The verdict where nothing was checked.
pub(crate) const NOTHING: &str = "NOTHING CHECKED";

/// Whether any check ran.
pub(crate) fn ran(report: &Report) -> bool {
    report.checks.iter().any(|check| check.status != Status::Skipped)
}

/// What stands before what to do about a fault: the first one has the page.
pub(crate) fn to_do(at: usize) -> &'static str {
    if at == 0 { "Do this" } else { "Also" }
}

/// Before a list of places to look at, after the question to the Login Audit Trail or without it.
pub(crate) fn elsewhere(asked: bool, sign_in: bool) -> &'static str {
    match (asked, sign_in) {
        (true, true) => {
            "No such row? Use --sign-in (with a second integration record), or look here:"
        }
        (true, false) => "No such row? Then look here, in this order:",
        (false, true) => "Use --sign-in (with a second integration record), or look here:",
        (false, false) => "Look here, in this order:",
    }
}

/// That an administrator's sign-in names the cause, where there is no list of places.
pub(crate) const SIGN_IN: &str =
    "Or let the account say it: --sign-in, with a second integration record.";

/// Why something was skipped or is inconclusive.
pub(crate) fn reason(code: ReasonCode) -> &'static str {
    match code {
        ReasonCode::NotApplicable => "does not apply here",
        ReasonCode::NotProvided => "not given",
        ReasonCode::Blocked => "waits for another check",
        ReasonCode::Disabled => "switched off",
        ReasonCode::Offline => "needs the network",
        ReasonCode::NotProbed => "not tried",
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

/// How many entries had which outcome, in the fewest words.
pub(crate) fn short_counts(report: &Report, style: Style) -> String {
    let counts = &report.summary.counts;
    // Nobody misses what only a person's sign-in could tell.
    let unasked = u64::try_from(report.checks.iter().filter(|check| unasked(check)).count());
    let skipped = counts.skipped.saturating_sub(unasked.unwrap_or_default());
    few(&Counts { skipped, ..*counts }, style)
}

/// These counts in the fewest words.
pub(crate) fn few(counts: &Counts, style: Style) -> String {
    let warnings = if counts.warn == 1 { "warning" } else { "warnings" };
    [
        (counts.pass, "ok"),
        (counts.fail, "failed"),
        (counts.inconclusive, "unclear"),
        (counts.warn, warnings),
        (counts.skipped, "not checked"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect::<Vec<_>>()
    .join(style.dot())
}

/// Whether an entry was left out because no administrator was asked to sign in.
pub(crate) fn unasked(check: &CheckEntry) -> bool {
    let not_given =
        |reason: &ReasonEntry| matches!(reason.code, ReasonCode::NotProvided | ReasonCode::Offline);
    check.phase == spec::ACCOUNT.as_str()
        && check.status == Status::Skipped
        && check.reason.as_ref().is_some_and(not_given)
}

/// Whether the account itself is wrong: then it has no pages to go to, and nothing else can be
/// judged before it is right.
pub(crate) fn account_is_wrong(check: &CheckEntry) -> bool {
    let about_account = [ids::ACCOUNT_ID, ids::ACCOUNT_EXISTS];
    check.status == Status::Fail && about_account.iter().any(|id| id.as_str() == check.id)
}

/// Problems in the order in which to look at them.
const ORDER: [Status; 3] = [Status::Fail, Status::Inconclusive, Status::Warn];

/// The problems of a run, the gravest first, and before all others that of the account. Entries
/// that have everything but their subject in common stand together.
pub(crate) fn problems(checks: &[CheckEntry]) -> Vec<Vec<&CheckEntry>> {
    let mut groups: Vec<Vec<&CheckEntry>> = Vec::new();
    // A skipped entry has causes only where the Login Audit Trail was read for it.
    for status in ORDER.into_iter().chain([Status::Skipped]) {
        let told = |check: &&CheckEntry| {
            check.status == status && (status != Status::Skipped || !check.causes.is_empty())
        };
        for check in checks.iter().filter(told) {
            match groups.iter_mut().find(|group| group.iter().any(|one| alike(one, check))) {
                Some(group) => group.push(check),
                None => groups.push(vec![check]),
            }
        }
    }
    groups.sort_by_key(|group| !group.iter().any(|check| account_is_wrong(check)));
    groups
}

/// Entries of one check with the same findings and the same way out are told together.
fn alike(one: &CheckEntry, other: &CheckEntry) -> bool {
    one.id == other.id
        && one.status == other.status
        && one.causes == other.causes
        && one.fix == other.fix
        && values_of(one, FINDING).eq(values_of(other, FINDING))
}

fn values_of<'a>(check: &'a CheckEntry, key: &'static str) -> impl Iterator<Item = &'a str> {
    check.evidence.iter().filter(move |fact| fact.key == key).map(|fact| fact.value.as_str())
}

/// What a check found, the gravest first.
pub(crate) fn findings(check: &CheckEntry) -> impl Iterator<Item = &str> {
    values_of(check, FINDING)
}

/// What was seen, without the names and meanings of findings, which are told elsewhere.
pub(crate) fn facts(check: &CheckEntry) -> impl Iterator<Item = &EvidenceEntry> {
    check.evidence.iter().filter(|fact| fact.key != FINDING && fact.key != MEANING)
}

/// What the findings mean, then why the check matters.
pub(crate) fn reasons<'a>(check: &'a CheckEntry, handbook: &'a Handbook) -> Vec<&'a str> {
    let meanings = values_of(check, MEANING);
    let why = handbook.card(&check.id).map(|card| card.why.as_str());
    meanings.chain(why).map(str::trim).filter(|text| !text.is_empty()).collect()
}

/// An HTTP exchange on one line. The host is the account's own; the path tells what was asked.
pub(crate) fn exchange(http: &HttpEntry) -> String {
    let answer = match (http.status, &http.error_code) {
        (Some(status), Some(code)) => format!("{status} {code}"),
        (Some(status), None) => status.to_string(),
        (None, _) => "no answer".to_owned(),
    };
    let path = http.url.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    let path = path.map_or_else(|| http.url.clone(), |(_, path)| format!("/{path}"));
    format!("{} {path}: {answer}", http.method)
}

/// Why an entry was skipped or is open, in words.
pub(crate) fn why_not(why: &ReasonEntry) -> String {
    match why.code {
        ReasonCode::Blocked if !why.blocked_by.is_empty() => {
            format!("blocked by {}", why.blocked_by.join(", "))
        }
        code => reason(code).to_owned(),
    }
}

/// The entries phase by phase.
pub(crate) fn phases(checks: &[CheckEntry]) -> impl Iterator<Item = (&str, &[CheckEntry])> {
    checks
        .chunk_by(|one, next| one.phase == next.phase)
        .filter_map(|phase| Some((phase.first()?.phase.as_str(), phase)))
}

/// Whether an address may become a link: only what leads to a page over HTTPS.
pub(crate) fn linkable(url: &str) -> bool {
    url.strip_prefix("https://").is_some_and(|rest| {
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_graphic() && !"<>\"'`\\()".contains(c))
    })
}

/// What was checked, in a few words.
pub(crate) fn target(report: &Report) -> String {
    match (&report.target.account_id, &report.target.account_kind) {
        (Some(id), Some(kind)) => format!("account {id} ({kind})"),
        (Some(id), None) => format!("account {id}"),
        (None, _) => "no account ID read".to_owned(),
    }
}

pub(crate) fn exit(summary: &Summary) -> String {
    format!("code {}: {}", summary.exit_code, exit_code(summary.exit_code))
}

/// That another address stood in for NetSuite, which makes a verdict mean less than it says.
pub(crate) fn redirection(report: &Report) -> Option<String> {
    let replay = report.environment.replay == Some(true);
    let served = "Recorded answers were served instead of NetSuite's (replay).";
    match &report.environment.connect_to {
        Some(address) => {
            let instead = format!("{address} stood in for NetSuite (--connect-to).");
            Some(if replay { format!("{instead} {served}") } else { instead })
        }
        None => replay.then(|| served.to_owned()),
    }
}

/// What a good result does not say.
pub(crate) fn note(report: &Report) -> Option<&'static str> {
    match report.run.mode {
        _ if !ran(report) => Some("No check ran, so nothing is proved."),
        Mode::Offline => Some("Only what can be proved without a network was checked."),
        Mode::Demo if report.run.options.as_ref().is_some_and(|options| options.sign_in) => Some(
            "This was a demonstration against the built-in emulator, not NetSuite. The person in the \
             browser was played by the program.",
        ),
        Mode::Demo => Some("This was a demonstration against the built-in emulator, not NetSuite."),
        Mode::Online => None,
    }
}

pub(crate) fn seconds(millis: u64) -> String {
    if millis < 1_000 {
        return format!("{millis} ms");
    }
    let tenths = millis.saturating_add(50) / 100;
    format!("{}.{} s", tenths / 10, tenths % 10)
}

/// When a run began, to the minute.
pub(crate) fn started(report: &Report) -> String {
    report.run.started_at.timestamp().strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Seconds to the millisecond, as programs read them.
pub(crate) fn decimal_seconds(millis: impl Into<i128>) -> String {
    let millis = millis.into();
    format!("{}.{:03}", millis.div_euclid(1_000), millis.rem_euclid(1_000))
}

/// How grave a status is; nothing where it says nothing.
pub(crate) fn gravity(status: Status) -> Option<u8> {
    match status {
        Status::Skipped => None,
        Status::Pass => Some(0),
        Status::Warn => Some(1),
        Status::Inconclusive => Some(2),
        Status::Fail => Some(3),
    }
}

/// The name of what a group of entries is told under: that of the only one, or that of the check.
pub(crate) fn group_name(group: &[&CheckEntry], first: &CheckEntry) -> String {
    if group.len() == 1 { first.name() } else { first.id.clone() }
}

/// The causes that are left, best first, and those that are excluded.
pub(crate) fn open_and_excluded(causes: &[Cause]) -> (Vec<&Cause>, Vec<&Cause>) {
    causes.iter().partition(|cause| cause.rank != Rank::RuledOut)
}
