//! One metric with its samples.

use std::fmt::{Display, Write as _};

/// What the names of all metrics begin with.
const PREFIX: &str = "netsuite_preflight_";

/// The labels of every sample of a report.
#[derive(Debug, Clone)]
pub(super) struct Labels {
    pub(super) target: Option<String>,
    pub(super) account: String,
    pub(super) client: String,
    pub(super) run: Option<String>,
}

/// A gauge.
#[derive(Debug)]
pub(super) struct Family {
    name: &'static str,
    help: &'static str,
    unit: Option<&'static str>,
    samples: String,
    seen: std::collections::BTreeSet<String>,
}

impl Family {
    /// A gauge without samples. The help must hold no quote and no backslash: the two forms escape
    /// them differently.
    pub(super) fn new(name: &'static str, help: &'static str) -> Self {
        Self { name, help, unit: None, samples: String::new(), seen: Default::default() }
    }

    /// The same with a unit, which ends the name too.
    pub(super) fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }

    /// Adds a sample, unless one with the same labels is there: readers refuse a second one.
    pub(super) fn add(&mut self, labels: &Labels, more: &[(&str, &str)], value: impl Display) {
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
    pub(super) fn text(&self) -> String {
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
    for c in super::neutral(value).chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out
}
