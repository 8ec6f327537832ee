//! `--format openmetrics`: the report as metrics, in the text that both OpenMetrics readers and the
//! textfile collector of a node exporter take.
//!
//! The collector reads the older Prometheus text form, so there are gauges only, and no sample has
//! a time of its own. Sources: the OpenMetrics specification 1.0; the Prometheus text format 0.0.4.

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};

use jiff::Timestamp;

use crate::report::set::Shown;
use crate::report::text::neutral;
use crate::report::v1::{Overall, Report, Status};
use crate::report::words::{decimal_seconds, gravity};
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
        ended.add(
            &labels,
            &[],
            decimal_seconds(report.run.finished_at.timestamp().as_millisecond()),
        );
        took.add(&labels, &[], decimal_seconds(report.run.duration_ms));
        let mut about =
            vec![("version", report.tool.version.as_str()), ("mode", report.run.mode.as_str())];
        about.extend(report.environment.connect_to.iter().map(|to| ("connect_to", to.as_str())));
        if report.environment.replay == Some(true) {
            about.push(("replay", "true"));
        }
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
    gravity(status).map_or(-1, i64::from)
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

/// What the names of all metrics begin with.
const PREFIX: &str = "netsuite_preflight_";

/// The labels of every sample of a report.
#[derive(Debug, Clone)]
struct Labels {
    target: Option<String>,
    account: String,
    client: String,
    run: Option<String>,
}

/// A gauge.
#[derive(Debug)]
struct Family {
    name: &'static str,
    help: &'static str,
    unit: Option<&'static str>,
    samples: String,
    seen: std::collections::BTreeSet<String>,
}

impl Family {
    /// A gauge without samples. The help must hold no quote and no backslash: the two forms escape
    /// them differently.
    fn new(name: &'static str, help: &'static str) -> Self {
        Self { name, help, unit: None, samples: String::new(), seen: Default::default() }
    }

    /// The same with a unit, which ends the name too.
    fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }

    /// Adds a sample, unless one with the same labels is there: readers refuse a second one.
    fn add(&mut self, labels: &Labels, more: &[(&str, &str)], value: impl Display) {
        let run = labels.run.as_ref().map(|run| ("run", run.as_str()));
        let all = [("account", labels.account.as_str()), ("client", labels.client.as_str())];
        let target = labels.target.as_ref().map(|target| ("target", target.as_str()));
        let all = target.into_iter().chain(all).chain(run).chain(more.iter().copied());
        let all: Vec<String> =
            all.map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
        let all = all.join(",");
        if self.seen.insert(all.clone()) {
            // Writing into memory does not fail.
            let _ = writeln!(self.samples, "{PREFIX}{}{{{all}}} {value}", self.name);
        }
    }

    /// The metric as text; nothing where it has no sample.
    fn text(&self) -> String {
        if self.samples.is_empty() {
            return String::new();
        }
        let name = format!("{PREFIX}{}", self.name);
        let unit = self.unit.map(|unit| format!("# UNIT {name} {unit}\n")).unwrap_or_default();
        format!("# HELP {name} {}\n# TYPE {name} gauge\n{unit}{}", self.help, self.samples)
    }
}

/// The value of a label: backslash, quote and line break are escaped, as both forms ask.
fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in neutral(value).chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::report::samples;

    use super::*;

    /// The rules of both text forms, as far as they matter here.
    fn assert_sound(text: &str) {
        let mut family: Option<&str> = None;
        let (mut families, mut samples) = (BTreeSet::new(), BTreeSet::new());
        assert_eq!(text.matches("# EOF").count(), 1);
        assert!(text.ends_with("\n# EOF\n"));
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("# HELP ") {
                let (name, help) = rest.split_once(' ').unwrap();
                assert!(families.insert(name), "{name} twice");
                assert!(!help.contains(['"', '\\']), "{help}");
                family = Some(name);
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                assert_eq!(rest, format!("{} gauge", family.unwrap()));
            } else if let Some(rest) = line.strip_prefix("# UNIT ") {
                let (name, unit) = rest.split_once(' ').unwrap();
                assert_eq!(Some(name), family);
                assert!(name.ends_with(&format!("_{unit}")), "{line}");
            } else if line != "# EOF" {
                let (labels, value) = line.rsplit_once(' ').unwrap();
                value.parse::<f64>().unwrap();
                assert!(samples.insert(labels), "{labels} twice");
                let (name, labels) = labels.split_once('{').unwrap();
                assert_eq!(Some(name), family);
                assert_labels(labels.strip_suffix('}').unwrap());
            }
        }
        assert!(families.len() >= 6);
    }

    /// `name="value"` parted by commas, with the three escapes only.
    fn assert_labels(mut rest: &str) {
        loop {
            let (name, after) = rest.split_once("=\"").unwrap();
            assert!(name.bytes().all(|b| b.is_ascii_lowercase()), "{name}");
            let mut escaped = false;
            let end = after.find(|c| {
                let ends = c == '"' && !escaped;
                assert!(!escaped || matches!(c, '\\' | '"' | 'n'), "{after}");
                escaped = c == '\\' && !escaped;
                ends
            });
            match after[end.unwrap() + 1..].strip_prefix(',') {
                Some(next) => rest = next,
                None => break assert_eq!(&after[end.unwrap() + 1..], ""),
            }
        }
    }

    #[test]
    fn the_sample_as_metrics() {
        let text = render(&[Shown::alone(&samples::fixed_report())]);
        assert_sound(&text);
        insta::assert_snapshot!(text);
    }

    #[test]
    fn hostile_values_stay_inside_their_labels() {
        let mut report = samples::hostile_report();
        assert_sound(&render(&[Shown::alone(&report)]));
        report.target.account_id = Some("a\"b\\c\nd".to_owned());
        assert!(render(&[Shown::alone(&report)]).contains(r#"account="a\"b\\c d""#));
    }

    #[test]
    fn the_end_of_the_certificate_is_told_in_seconds() {
        let mut report = samples::report();
        let check =
            report.checks.iter_mut().find(|check| check.id == "certificate-expiry").unwrap();
        let mut fact = crate::report::v1::EvidenceEntry {
            key: "effective_end".to_owned(),
            value: "2027-11-22T21:52:22Z".to_owned(),
            expected: None,
            source: None,
        };
        check.evidence.push(fact.clone());
        let end = |report: &Report| {
            let text = render(&[Shown::alone(report)]);
            assert_sound(&text);
            let line = text.lines().find(|line| line.contains("expiry_timestamp_seconds{"));
            line.map(|line| line.rsplit_once(' ').unwrap().1.to_owned())
        };
        // date -u -d 2027-11-22T21:52:22Z +%s
        assert_eq!(end(&report).as_deref(), Some("1826920342"));
        fact.value = "soon".to_owned();
        report.checks.iter_mut().for_each(|check| {
            check.evidence.retain(|fact| fact.key != "effective_end");
        });
        assert_eq!(end(&report), None);
    }

    #[test]
    fn reports_of_one_integration_are_told_apart_by_their_run() {
        let mut other = samples::report();
        other.run.id = "f".repeat(32);
        assert_sound(&render(&[Shown::alone(&samples::report()), Shown::alone(&other)]));
        other.target.account_id = Some("7654321".to_owned());
        let text = render(&[Shown::alone(&samples::report()), Shown::alone(&other)]);
        assert_sound(&text);
        assert!(!text.contains("run=\""));
    }
}
