//! `--format openmetrics`: the report as metrics, in the text that both OpenMetrics readers and the
//! textfile collector of a node exporter take.
//!
//! The collector reads the older Prometheus text form, so there are gauges only, and no sample has
//! a time of its own. Sources: the OpenMetrics specification 1.0; the Prometheus text format 0.0.4.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write};

use jiff::Timestamp;

use crate::report::set::{Listed, Many, SetVerdict};
use crate::report::text::neutral;
use crate::report::v1::{Overall, Report, Status};
use crate::report::words::{decimal_seconds, gravity};
use crate::types::ExitCode;

/// A report as one exposition.
///
/// # Errors
/// When the system gives no temporary file.
pub fn render(report: &Report) -> io::Result<String> {
    let known = &report.target;
    let labels = Labels::of(None, known.account_id.as_deref(), known.client_id.as_deref());
    let mut families = Families::new(|| Ok(Vec::new()))?;
    families.add(&labels, Some(report))?;
    let mut text = Vec::new();
    for family in families.0 {
        family.head(&mut text)?;
        text.extend(family.samples);
    }
    text.extend(END);
    String::from_utf8(text).map_err(io::Error::other)
}

/// The targets as one exposition. One that could not be checked has its exit code and no more.
///
/// The samples of a metric stand together, those of a target do not: so the samples of each metric
/// wait in a temporary file.
///
/// # Errors
/// When a report cannot be fetched, or the samples cannot be written.
pub fn write(out: &mut dyn Write, many: &mut dyn Many) -> io::Result<()> {
    let mut families = Families::new(|| Ok(BufWriter::new(tempfile::tempfile()?)))?;
    let all = all_labels(many.targets());
    for (index, labels) in all.iter().enumerate() {
        let report = many.report(index)?;
        families.add(labels, report.as_ref())?;
    }
    let name = format!("{PREFIX}targets");
    writeln!(out, "# HELP {name} Targets of the run by their outcome.\n# TYPE {name} gauge")?;
    let counts = many.summary().counts;
    for (verdict, count) in [
        ("pass", counts.pass),
        ("warn", counts.warn),
        ("fail", counts.fail),
        ("inconclusive", counts.inconclusive),
        ("error", counts.error),
    ] {
        writeln!(out, "{name}{{verdict=\"{verdict}\"}} {count}")?;
    }
    for family in families.0 {
        family.head(out)?;
        let mut samples = family.samples.into_inner()?;
        samples.seek(SeekFrom::Start(0))?;
        io::copy(&mut samples, out)?;
    }
    out.write_all(END)
}

const END: &[u8] = b"# EOF\n";

/// What metrics there are: their names, what they say, and their unit.
const METRICS: [(&str, &str, Option<&str>); 8] = [
    ("exit_code", "Exit code of the run: 0 is good.", None),
    ("verdict", "1 for the verdict of the run, 0 for the others.", None),
    ("checks", "Entries of the checklist by their outcome.", None),
    (
        "check_status",
        "Outcome of an entry: -1 skipped, 0 pass, 1 warn, 2 inconclusive, 3 fail.",
        None,
    ),
    (
        "certificate_expiry_timestamp_seconds",
        "When the certificate ends, or NetSuite's two years if these end earlier.",
        Some("seconds"),
    ),
    ("run_timestamp_seconds", "When the run ended.", Some("seconds")),
    ("run_duration_seconds", "How long the run took.", Some("seconds")),
    (
        "tool",
        "1, with the version of the program, the mode of the run, and the address that stood in for NetSuite.",
        None,
    ),
];

/// All metrics, in their order.
struct Families<W>([Family<W>; METRICS.len()]);

impl<W: Write> Families<W> {
    fn new(samples: impl Fn() -> io::Result<W>) -> io::Result<Self> {
        let one =
            |(name, help, unit)| Ok(Family { name, help, unit, samples: samples()?, used: false });
        let all: Vec<Family<W>> = METRICS.into_iter().map(one).collect::<io::Result<_>>()?;
        all.try_into().map(Self).map_err(|_| io::Error::other("a metric is missing"))
    }

    /// Adds the samples of a target.
    fn add(&mut self, labels: &Labels, report: Option<&Report>) -> io::Result<()> {
        let [exit, verdict, checks, statuses, expiry, ended, took, tool] = &mut self.0;
        let Some(report) = report else {
            return exit.add(labels, &[], ExitCode::Usage.code());
        };
        exit.add(labels, &[], report.summary.exit_code)?;
        for one in [Overall::Pass, Overall::Warn, Overall::Fail, Overall::Inconclusive] {
            let holds = u8::from(SetVerdict::of(report) == one.into());
            verdict.add(labels, &[("verdict", one.as_str())], holds)?;
        }
        let counts = &report.summary.counts;
        for (status, count) in [
            (Status::Pass, counts.pass),
            (Status::Warn, counts.warn),
            (Status::Fail, counts.fail),
            (Status::Inconclusive, counts.inconclusive),
            (Status::Skipped, counts.skipped),
        ] {
            checks.add(labels, &[("status", status.as_str())], count)?;
        }
        // Readers refuse a second sample with the same labels.
        let mut seen = BTreeSet::new();
        for check in &report.checks {
            let subject = check.subject.as_deref().unwrap_or_default();
            if seen.insert((check.id.as_str(), subject)) {
                let named = [("check", check.id.as_str()), ("subject", subject)];
                statuses.add(labels, &named, number(check.status))?;
            }
        }
        if let Some(end) = certificate_end(report) {
            expiry.add(labels, &[], end.as_second())?;
        }
        let end = decimal_seconds(report.run.finished_at.timestamp().as_millisecond());
        ended.add(labels, &[], end)?;
        took.add(labels, &[], decimal_seconds(report.run.duration_ms))?;
        let mut about =
            vec![("version", report.tool.version.as_str()), ("mode", report.run.mode.as_str())];
        about.extend(report.environment.connect_to.iter().map(|to| ("connect_to", to.as_str())));
        if report.environment.replay == Some(true) {
            about.push(("replay", "true"));
        }
        tool.add(labels, &about, 1)
    }
}

/// The labels that tell one target from another. Targets of one name, of one integration in one
/// account, differ by their run only, or by their place.
fn all_labels(targets: &[Listed]) -> Vec<Labels> {
    let of = |target: &Listed| {
        let known = target.digest.as_ref();
        let account = known.and_then(|known| known.account_id.as_deref());
        Labels::of(Some(&target.name), account, known.and_then(|known| known.client_id.as_deref()))
    };
    let mut seen: BTreeMap<Labels, usize> = BTreeMap::new();
    for target in targets {
        *seen.entry(of(target)).or_default() += 1;
    }
    let one = |(at, target): (usize, &Listed)| {
        let labels = of(target);
        let alone = seen.get(&labels).is_none_or(|count| *count == 1);
        let run = || target.run_id.clone().unwrap_or_else(|| at.to_string());
        Labels { run: (!alone).then(run), ..labels }
    };
    targets.iter().enumerate().map(one).collect()
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Labels {
    target: Option<String>,
    account: String,
    client: String,
    run: Option<String>,
}

impl Labels {
    fn of(target: Option<&str>, account: Option<&str>, client: Option<&str>) -> Self {
        let clean = |text: Option<&str>| neutral(text.unwrap_or_default()).into_owned();
        Self {
            target: target.map(|name| clean(Some(name))),
            account: clean(account),
            client: clean(client),
            run: None,
        }
    }
}

/// A gauge. The help must hold no quote and no backslash: the two forms escape them differently. A
/// unit ends the name too.
#[derive(Debug)]
struct Family<W> {
    name: &'static str,
    help: &'static str,
    unit: Option<&'static str>,
    samples: W,
    used: bool,
}

impl<W: Write> Family<W> {
    /// What stands before the samples; nothing where there are none.
    fn head(&self, out: &mut dyn Write) -> io::Result<()> {
        if !self.used {
            return Ok(());
        }
        let name = format!("{PREFIX}{}", self.name);
        let unit = self.unit.map(|unit| format!("# UNIT {name} {unit}\n")).unwrap_or_default();
        write!(out, "# HELP {name} {}\n# TYPE {name} gauge\n{unit}", self.help)
    }

    fn add(
        &mut self,
        labels: &Labels,
        more: &[(&str, &str)],
        value: impl Display,
    ) -> io::Result<()> {
        let run = labels.run.as_ref().map(|run| ("run", run.as_str()));
        let all = [("account", labels.account.as_str()), ("client", labels.client.as_str())];
        let target = labels.target.as_ref().map(|target| ("target", target.as_str()));
        let all = target.into_iter().chain(all).chain(run).chain(more.iter().copied());
        let all: Vec<String> =
            all.map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
        self.used = true;
        writeln!(self.samples, "{PREFIX}{}{{{}}} {value}", self.name, all.join(","))
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
        let text = render(&samples::fixed_report()).unwrap();
        assert_sound(&text);
        insta::assert_snapshot!(text);
    }

    #[test]
    fn hostile_values_stay_inside_their_labels() {
        let mut report = samples::hostile_report();
        assert_sound(&render(&report).unwrap());
        report.target.account_id = Some("a\"b\\c\nd".to_owned());
        assert!(render(&report).unwrap().contains(r#"account="a\"b\\c d""#));
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
            let text = render(report).unwrap();
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
    fn many_targets_are_one_sound_document() {
        let mut many = samples::set(&[("a", samples::report()), ("b", samples::passed())]);
        let mut text = Vec::new();
        write(&mut text, &mut many).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert_sound(&text);
        assert!(
            ["a", "b"].iter().all(|name| text.contains(&format!("target=\"{name}\""))),
            "{text}"
        );
        assert!(!text.contains("run=\""), "names tell them apart");
    }

    #[test]
    fn targets_of_one_name_are_told_apart() {
        let listed = |name: &str, run: Option<&str>| Listed {
            name: name.to_owned(),
            verdict: SetVerdict::Error,
            exit_code: 2,
            run_id: run.map(str::to_owned),
            error: None,
            digest: None,
        };
        let all = [listed("a", Some("r")), listed("a", None), listed("b", None)];
        let runs: Vec<Option<String>> = all_labels(&all).into_iter().map(|one| one.run).collect();
        assert_eq!(runs, [Some("r".to_owned()), Some("1".to_owned()), None]);
    }
}
