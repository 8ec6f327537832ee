//! `--format openmetrics`: the report as metrics, in the text that both OpenMetrics readers and the
//! textfile collector of a node exporter take.
//!
//! The collector reads the older Prometheus text form, so there are gauges only, and no sample has
//! a time of its own. Sources: the OpenMetrics specification 1.0; the Prometheus text format 0.0.4.

mod family;

use std::collections::BTreeMap;

use jiff::Timestamp;

use family::{Family, Labels};

use super::set::Shown;
use super::text::neutral;
use super::v1::{Overall, Report, Status};
use crate::types::ExitCode;

/// The targets as one exposition. One that could not be checked has its exit code and no more.
#[must_use]
pub fn render(targets: &[Shown<'_>]) -> String {
    let mut families = [
        Family::new("exit_code", "Exit code of the run: 0 is good."),
        Family::new("verdict", "1 for the verdict of the run, 0 for the others."),
        Family::new("checks", "Entries of the checklist by their outcome."),
        Family::new(
            "check_status",
            "Outcome of an entry: -1 skipped, 0 pass, 1 warn, 2 inconclusive, 3 fail.",
        ),
        Family::new(
            "certificate_expiry_timestamp_seconds",
            "When the certificate ends, or NetSuite's two years if these end earlier.",
        )
        .unit("seconds"),
        Family::new("run_timestamp_seconds", "When the run ended.").unit("seconds"),
        Family::new("run_duration_seconds", "How long the run took.").unit("seconds"),
        Family::new(
            "tool",
            "1, with the version of the program, the mode of the run, and the address that stood in for NetSuite.",
        ),
    ];
    for (target, labels) in targets.iter().zip(all_labels(targets)) {
        let [exit, verdict, checks, statuses, expiry, ended, took, tool] = &mut families;
        let Some(report) = target.report else {
            exit.add(&labels, &[], ExitCode::Usage.code());
            continue;
        };
        exit.add(&labels, &[], report.summary.exit_code);
        for one in [Overall::Pass, Overall::Warn, Overall::Fail, Overall::Inconclusive] {
            let holds = u8::from(one == report.summary.verdict);
            verdict.add(&labels, &[("verdict", one.as_str())], holds);
        }
        let counts = &report.summary.counts;
        for (status, count) in [
            (Status::Pass, counts.pass),
            (Status::Warn, counts.warn),
            (Status::Fail, counts.fail),
            (Status::Inconclusive, counts.inconclusive),
            (Status::Skipped, counts.skipped),
        ] {
            checks.add(&labels, &[("status", status.as_str())], count);
        }
        for check in &report.checks {
            let subject = check.subject.as_deref().unwrap_or_default();
            let named = [("check", check.id.as_str()), ("subject", subject)];
            statuses.add(&labels, &named, number(check.status));
        }
        if let Some(end) = certificate_end(report) {
            expiry.add(&labels, &[], end.as_second());
        }
        ended.add(&labels, &[], decimal(report.run.finished_at.timestamp().as_millisecond()));
        took.add(&labels, &[], decimal(i64::try_from(report.run.duration_ms).unwrap_or(i64::MAX)));
        let mode = serde_json::to_value(report.run.mode).unwrap_or_default();
        let mode = mode.as_str().unwrap_or_default();
        let mut about = vec![("version", report.tool.version.as_str()), ("mode", mode)];
        about.extend(report.environment.connect_to.iter().map(|to| ("connect_to", to.as_str())));
        tool.add(&labels, &about, 1);
    }
    let mut text: String = families.iter().map(Family::text).collect();
    text.push_str("# EOF\n");
    text
}

/// The labels that tell one target from another. Reports without a name of their own, of one
/// integration in one account, differ by their run only.
fn all_labels(targets: &[Shown<'_>]) -> Vec<Labels> {
    let names = |target: &Shown<'_>| {
        let known = target.report.map(|report| &report.target);
        let clean = |text: Option<&str>| neutral(text.unwrap_or_default()).into_owned();
        let account = known.and_then(|known| known.account_id.as_deref());
        let client = known.and_then(|known| known.client_id.as_deref());
        (target.name.map(|name| clean(Some(name))), clean(account), clean(client))
    };
    let mut seen: BTreeMap<_, usize> = BTreeMap::new();
    for target in targets {
        *seen.entry(names(target)).or_default() += 1;
    }
    targets
        .iter()
        .map(|target| {
            let key = names(target);
            let alone = seen.get(&key).is_none_or(|count| *count == 1);
            let run = target.report.filter(|_| !alone).map(|report| report.run.id.clone());
            let (target, account, client) = key;
            Labels { target, account, client, run }
        })
        .collect()
}

/// Greater is graver; whatever is above 0 wants a look.
fn number(status: Status) -> i64 {
    match status {
        Status::Skipped => -1,
        Status::Pass => 0,
        Status::Warn => 1,
        Status::Inconclusive => 2,
        Status::Fail => 3,
    }
}

/// Milliseconds as seconds.
fn decimal(millis: i64) -> String {
    format!("{}.{:03}", millis.div_euclid(1_000), millis.rem_euclid(1_000))
}

/// What the checks of the certificate saw of its end.
fn certificate_end(report: &Report) -> Option<Timestamp> {
    let fact = |id: &str, key: &str| {
        let check = report.checks.iter().find(|check| check.id == id)?;
        let fact = check.evidence.iter().find(|fact| fact.key == key)?;
        fact.value.parse::<Timestamp>().ok()
    };
    fact("certificate-expiry", "effective_end")
        .or_else(|| fact("certificate-expiry", "not_after"))
        .or_else(|| fact("certificate", "not_after"))
}

#[cfg(test)]
mod tests;
