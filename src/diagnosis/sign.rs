//! What a cause can be proved by or excluded by, as the data writes it.

use std::str::FromStr;

use super::cause::{Observation, Observations};
use crate::types::Status;

/// One thing that an observation either shows or does not show.
///
/// Written `pass CHECK` (and `warn`, `fail`, `inconclusive`, `skipped`), `found CHECK/FINDING`,
/// `seen CHECK/KEY` or `seen CHECK/KEY=VALUE` for evidence, `account KIND`, `fact NAME`;
/// `elsewhere STATUS CHECK` looks at the other subjects of the check; `not` in front turns it round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    condition: Condition,
    negated: bool,
}

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Condition {
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

fn condition(text: &str) -> Option<Condition> {
    let (word, rest) = text.split_once(' ')?;
    if rest.is_empty() || rest.trim() != rest {
        return None;
    }
    Some(match word {
        "found" => {
            let (check, finding) = rest.split_once('/')?;
            Condition::Found { check: check.to_owned(), finding: finding.to_owned() }
        }
        "seen" => {
            let (check, fact) = rest.split_once('/')?;
            let (key, value) = match fact.split_once('=') {
                Some((key, value)) => (key, Some(value.to_owned())),
                None => (fact, None),
            };
            Condition::Seen { check: check.to_owned(), key: key.to_owned(), value }
        }
        "account" => Condition::Account(rest.to_owned()),
        "fact" => Condition::Fact(rest.to_owned()),
        "elsewhere" => {
            let (outcome, check) = rest.split_once(' ')?;
            Condition::Elsewhere { check: check.to_owned(), outcome: outcome.parse().ok()? }
        }
        outcome => Condition::Own { check: rest.to_owned(), outcome: outcome.parse().ok()? },
    })
}

impl Sign {
    /// Whether the observations show it, seen from one entry.
    #[must_use]
    pub fn holds(&self, seen: &Observations, at: &Observation) -> bool {
        self.is_seen(seen, at) != self.negated
    }

    fn is_seen(&self, seen: &Observations, at: &Observation) -> bool {
        let any =
            |check: &str, test: &dyn Fn(&Observation) -> bool| seen.seen_from(at, check).any(test);
        match &self.condition {
            Condition::Own { check, outcome } => any(check, &|entry| entry.outcome == *outcome),
            Condition::Elsewhere { check, outcome } => {
                let other = |entry: &&Observation| entry.check == *check && *entry != at;
                seen.entries.iter().filter(other).any(|entry| entry.outcome == *outcome)
            }
            Condition::Found { check, finding } => {
                any(check, &|entry| entry.findings.iter().any(|found| found == finding))
            }
            Condition::Seen { check, key, value } => any(check, &|entry| {
                let fits = |(own, shown): &(String, String)| {
                    own == key && value.as_ref().is_none_or(|value| value == shown)
                };
                entry.evidence.iter().any(fits)
            }),
            Condition::Account(kind) => seen.account_kind.as_deref() == Some(kind),
            Condition::Fact(name) => seen.facts.contains(name),
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
            Condition::Own { check, .. }
            | Condition::Elsewhere { check, .. }
            | Condition::Found { check, .. }
            | Condition::Seen { check, .. } => Some(check),
            Condition::Account(_) | Condition::Fact(_) => None,
        }
    }

    /// The finding that it looks for, where it looks for one.
    #[must_use]
    pub fn finding(&self) -> Option<&str> {
        match &self.condition {
            Condition::Found { finding, .. } => Some(finding),
            _ => None,
        }
    }

    /// The key of the evidence that it looks for, where it looks for some.
    #[must_use]
    pub fn evidence(&self) -> Option<&str> {
        match &self.condition {
            Condition::Seen { key, .. } => Some(key),
            _ => None,
        }
    }

    /// The name of the fact that it looks for, where it looks for one.
    #[must_use]
    pub fn fact(&self) -> Option<&str> {
        match &self.condition {
            Condition::Fact(name) => Some(name),
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
        }
    }

    fn seen() -> Observations {
        let entries = vec![
            entry("clock", "", Status::Pass),
            entry("record", "a", Status::Fail),
            entry("record", "b", Status::Pass),
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
        ] {
            assert_eq!(text.parse::<Sign>().unwrap().holds(&seen, at), holds, "{text}");
        }
        // Seen from another check, any subject counts.
        let from_clock = &seen.entries[0];
        assert!("pass record".parse::<Sign>().unwrap().holds(&seen, from_clock));
        assert!("fail record".parse::<Sign>().unwrap().holds(&seen, from_clock));
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
