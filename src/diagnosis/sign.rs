//! What a cause can be proved by or excluded by, as the data writes it.

use std::str::FromStr;

use super::observation::{Observation, Observations};
use crate::types::Status;

/// One thing that an observation either shows or does not show.
///
/// Written `pass CHECK` (and `warn`, `fail`, `inconclusive`, `skipped`), `found CHECK/FINDING`,
/// `seen CHECK/KEY` or `seen CHECK/KEY=VALUE` for evidence, `account KIND`, `fact NAME`;
/// `elsewhere STATUS CHECK` looks at the other subjects of the check; `not` in front turns it round,
/// and holds only where that check was carried out: from what nobody looked at nothing follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    condition: SignKind,
    negated: bool,
}

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
enum SignKind {
    Own { check: String, outcome: Status },
    Elsewhere { check: String, outcome: Status },
    Found { check: String, finding: String },
    Seen { check: String, key: String, value: Option<String> },
    Account(String),
    Fact(String),
}

/// The text is no sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no sign; write `pass CHECK`, `found CHECK/FINDING`, `seen CHECK/KEY=VALUE`, \
     `account KIND`, `fact NAME` or `elsewhere pass CHECK`, with `not` in front to turn it round"
)]
pub struct UnknownSign(pub String);

impl FromStr for Sign {
    type Err = UnknownSign;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (negated, rest) = match text.strip_prefix("not ") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let condition = condition(rest).ok_or_else(|| UnknownSign(text.to_owned()))?;
        Ok(Self { condition, negated })
    }
}

fn condition(text: &str) -> Option<SignKind> {
    let (word, rest) = text.split_once(' ')?;
    if rest.is_empty() || rest.trim() != rest {
        return None;
    }
    Some(match word {
        "found" => {
            let (check, finding) = rest.split_once('/')?;
            SignKind::Found { check: check.to_owned(), finding: finding.to_owned() }
        }
        "seen" => {
            let (check, fact) = rest.split_once('/')?;
            let (key, value) = match fact.split_once('=') {
                Some((key, value)) => (key, Some(value.to_owned())),
                None => (fact, None),
            };
            SignKind::Seen { check: check.to_owned(), key: key.to_owned(), value }
        }
        "account" => SignKind::Account(rest.to_owned()),
        "fact" => SignKind::Fact(rest.to_owned()),
        "elsewhere" => {
            let (outcome, check) = rest.split_once(' ')?;
            SignKind::Elsewhere { check: check.to_owned(), outcome: outcome.parse().ok()? }
        }
        outcome => SignKind::Own { check: rest.to_owned(), outcome: outcome.parse().ok()? },
    })
}

impl Sign {
    /// Whether the observations show it, seen from one entry or from the run as a whole.
    #[must_use]
    pub fn holds(&self, seen: &Observations, from: Option<&Observation>) -> bool {
        if self.negated {
            self.was_looked_at(seen, from) && !self.is_seen(seen, from)
        } else {
            self.is_seen(seen, from)
        }
    }

    /// Whether what the sign looks at was carried out.
    fn was_looked_at(&self, seen: &Observations, from: Option<&Observation>) -> bool {
        let done = |entry: &Observation| entry.outcome != Status::Skipped;
        match &self.condition {
            SignKind::Own { check, .. }
            | SignKind::Found { check, .. }
            | SignKind::Seen { check, .. } => seen.of(check, from).any(done),
            SignKind::Account(_) => seen.account_kind.is_some(),
            SignKind::Elsewhere { .. } | SignKind::Fact(_) => true,
        }
    }

    fn is_seen(&self, seen: &Observations, from: Option<&Observation>) -> bool {
        let any = |check: &str, test: &dyn Fn(&Observation) -> bool| seen.of(check, from).any(test);
        match &self.condition {
            SignKind::Own { check, outcome } => any(check, &|entry| entry.outcome == *outcome),
            SignKind::Elsewhere { check, outcome } => {
                let other = |entry: &&Observation| {
                    entry.check == *check && from.is_none_or(|at| *entry != at)
                };
                seen.entries.iter().filter(other).any(|entry| entry.outcome == *outcome)
            }
            SignKind::Found { check, finding } => {
                any(check, &|entry| entry.findings.iter().any(|found| found == finding))
            }
            SignKind::Seen { check, key, value } => any(check, &|entry| {
                let fits = |(own, shown): &(String, String)| {
                    own == key && value.as_ref().is_none_or(|value| value == shown)
                };
                entry.evidence.iter().any(fits)
            }),
            SignKind::Account(kind) => seen.account_kind.as_deref() == Some(kind),
            SignKind::Fact(name) => seen.facts.contains(name),
        }
    }
}

/// What the tests of the cards ask.
#[cfg(test)]
impl Sign {
    /// The check that it looks at, where it looks at one.
    #[must_use]
    pub fn check(&self) -> Option<&str> {
        match &self.condition {
            SignKind::Own { check, .. }
            | SignKind::Elsewhere { check, .. }
            | SignKind::Found { check, .. }
            | SignKind::Seen { check, .. } => Some(check),
            SignKind::Account(_) | SignKind::Fact(_) => None,
        }
    }

    /// The finding that it looks for, where it looks for one.
    #[must_use]
    pub fn finding(&self) -> Option<&str> {
        match &self.condition {
            SignKind::Found { finding, .. } => Some(finding),
            _ => None,
        }
    }

    /// The key of the evidence that it looks for, where it looks for some.
    #[must_use]
    pub fn evidence(&self) -> Option<&str> {
        match &self.condition {
            SignKind::Seen { key, .. } => Some(key),
            _ => None,
        }
    }

    /// The value of the evidence that it looks for; any will do where it names none.
    #[must_use]
    pub fn value(&self) -> &str {
        match &self.condition {
            SignKind::Seen { value: Some(value), .. } => value,
            _ => "some",
        }
    }

    /// Whether more observations can only make it hold, never take it back.
    #[must_use]
    pub fn is_lasting(&self, per_subject: &[&str]) -> bool {
        let fresh = match &self.condition {
            SignKind::Own { check, .. }
            | SignKind::Found { check, .. }
            | SignKind::Seen { check, .. } => !per_subject.contains(&check.as_str()),
            SignKind::Account(_) => true,
            SignKind::Elsewhere { .. } | SignKind::Fact(_) => false,
        };
        !self.negated || fresh
    }

    /// The name of the fact that it looks for, where it looks for one.
    #[must_use]
    pub fn fact(&self) -> Option<&str> {
        match &self.condition {
            SignKind::Fact(name) => Some(name),
            _ => None,
        }
    }
}

impl<'de> serde::Deserialize<'de> for Sign {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(check: &str, subject: &str, outcome: Status) -> Observation {
        Observation {
            check: check.to_owned(),
            subject: (!subject.is_empty()).then(|| subject.to_owned()),
            outcome,
            findings: vec![format!("{check}-finding")],
            evidence: vec![("status".to_owned(), "401".to_owned())],
            answers: Vec::new(),
            in_audit_trail: false,
        }
    }

    fn seen() -> Observations {
        let entries = vec![
            entry("clock", "", Status::Pass),
            entry("record", "a", Status::Fail),
            entry("record", "b", Status::Pass),
            entry("idle", "", Status::Skipped),
        ];
        let mut seen = Observations::new(entries);
        seen.account_kind = Some("sandbox".to_owned());
        seen.facts.insert("new".to_owned());
        seen
    }

    #[test]
    fn signs_look_at_the_own_entry_first() {
        let seen = seen();
        let at = &seen.entries[1];
        for (text, holds) in [
            ("pass clock", true),
            ("fail clock", false),
            ("not fail clock", true),
            ("found clock/clock-finding", true),
            ("found clock/other", false),
            ("seen clock/status=401", true),
            ("seen clock/status", true),
            ("seen clock/status=4", false),
            ("account sandbox", true),
            ("account production", false),
            ("fact new", true),
            ("not fact old", true),
            // The other subject passes; the own one does not.
            ("pass record", false),
            ("fail record", true),
            ("elsewhere pass record", true),
            ("elsewhere fail record", false),
            ("pass absent", false),
            // Nobody looked: neither it nor its opposite is known.
            ("not pass absent", false),
            ("not found absent/finding", false),
            ("not seen idle/status=407", false),
        ] {
            assert_eq!(text.parse::<Sign>().unwrap().holds(&seen, Some(at)), holds, "{text}");
        }
        // Seen from another check, any subject counts.
        let from_clock = &seen.entries[0];
        assert!("pass record".parse::<Sign>().unwrap().holds(&seen, Some(from_clock)));
        assert!("fail record".parse::<Sign>().unwrap().holds(&seen, Some(from_clock)));
        // So it does for the run as a whole.
        for text in ["pass record", "fail record", "elsewhere pass record"] {
            assert!(text.parse::<Sign>().unwrap().holds(&seen, None), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in
            ["", "pass", "pass ", "passed clock", "found clock", "elsewhere clock", "seen x"]
        {
            assert!(text.parse::<Sign>().is_err(), "{text:?}");
        }
    }
}
