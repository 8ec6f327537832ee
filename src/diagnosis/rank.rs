//! Which causes stand behind what was observed, best first, and what the Login Audit Trail showed, as
//! the administrator typed it.

use std::cmp::Reverse;
use std::fmt;
use std::str::FromStr;

use super::cause::{Cause, Causes, Observation, Observations, Rule};
use crate::netsuite::patterns::guidance;
use crate::types::near::{bare, near_names};
use crate::types::shown::shown;
use crate::types::{Rank, Status};

/// A documented value of the column Detail, in NetSuite's spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditDetail {
    name: String,
    machine_to_machine: bool,
}

/// The text is none of the documented values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is none of the values that the column Detail of the Login Audit Trail is documented \
     to show{hint}; they are: {known}",
    shown(given)
)]
pub struct UnknownDetail {
    given: String,
    hint: String,
    known: String,
}

impl AuditDetail {
    /// The value, in NetSuite's spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// Whether the client credentials grant, or a call with its token, can leave it.
    #[must_use]
    pub fn is_machine_to_machine(&self) -> bool {
        self.machine_to_machine
    }
}

impl fmt::Display for AuditDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl FromStr for AuditDetail {
    type Err = UnknownDetail;

    /// Case, blanks and the white space around it do not count.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = bare(text);
        let known = guidance().audit_details().map(|(name, d)| (name, d.machine_to_machine));
        let known: Vec<(&str, bool)> = known.collect();
        if let Some((name, own)) = known.iter().find(|(name, _)| bare(name) == wanted) {
            return Ok(Self { name: (*name).to_owned(), machine_to_machine: *own });
        }
        let near = near_names(text, known.iter().map(|(name, _)| *name), 1);
        Err(UnknownDetail {
            given: text.to_owned(),
            hint: near.first().map(|name| format!("; is it `{name}`?")).unwrap_or_default(),
            known: known.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "),
        })
    }
}

/// A cause with its rank and the reasons for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedCause {
    /// Id of the cause.
    pub cause: String,
    /// How it stands.
    pub rank: Rank,
    /// Why, each a sentence; never empty.
    pub because: Vec<String>,
}

/// What one cause has for and against it at one entry.
struct Candidate<'a> {
    cause: &'a Cause,
    /// The answer is what the cause predicts.
    predicted: bool,
    /// The Login Audit Trail names it.
    named: bool,
    proofs: Vec<&'a str>,
    supports: Vec<&'a str>,
    exclusions: Vec<&'a str>,
    /// The Login Audit Trail shows what this cause does not leave there.
    other_trail: Option<String>,
}

/// Ranks the causes behind one entry. An entry that passed has none; so has a skipped one, unless
/// an administrator says what the Login Audit Trail shows for it.
#[must_use]
pub fn rank(
    causes: &Causes,
    seen: &Observations,
    at: &Observation,
    audit: Option<&AuditDetail>,
) -> Vec<RankedCause> {
    match at.outcome {
        Status::Fail | Status::Inconclusive | Status::Warn => {}
        Status::Skipped if audit.is_some() => {}
        Status::Pass | Status::Skipped => return Vec::new(),
    }
    let mut candidates: Vec<Candidate<'_>> =
        causes.all().iter().filter_map(|cause| candidate(cause, seen, at, audit)).collect();
    let mut ranked: Vec<(Rank, Candidate<'_>)> = Vec::new();
    let survivors =
        candidates.iter().filter(|candidate| candidate.rank() != Rank::RuledOut).count();
    let excluded = candidates.len() - survivors;
    for candidate in candidates.drain(..) {
        let rank = candidate.rank();
        // What is open by its nature, such as no answer at all, proves nothing by elimination.
        let decided = at.outcome == Status::Fail;
        let alone = decided
            && rank == Rank::Possible
            && candidate.predicted
            && survivors == 1
            && excluded > 0;
        ranked.push((if alone { Rank::Likely } else { rank }, candidate));
    }
    ranked.sort_by_key(|(rank, candidate)| {
        let weight = (
            candidate.named,
            candidate.proofs.len(),
            candidate.supports.len(),
            candidate.cause.often,
        );
        (*rank, Reverse(weight))
    });
    ranked.into_iter().map(|(rank, candidate)| candidate.into_ranked(rank, at, audit)).collect()
}

fn candidate<'a>(
    cause: &'a Cause,
    seen: &Observations,
    at: &Observation,
    audit: Option<&AuditDetail>,
) -> Option<Candidate<'a>> {
    let behind = cause.symptom(at)?;
    // Nothing was asked yet where the entry was skipped: every answer is still open.
    let predicted =
        behind.predicts(at) || (at.outcome == Status::Skipped && !behind.answers.is_empty());
    let holding = |rules: &'a [Rule]| -> Vec<&'a str> {
        rules.iter().filter(|r| r.holds(seen, at)).map(|r| r.because.as_str()).collect()
    };
    let proofs = cause.proofs(seen, at);
    if !predicted && proofs.is_empty() {
        return None;
    }
    // What it shows of a grant that is not this one says nothing.
    let audit = audit.filter(|detail| {
        detail.is_machine_to_machine() || cause.audit.iter().any(|own| own == detail.as_str())
    });
    let named = audit.is_some_and(|detail| cause.audit.iter().any(|own| own == detail.as_str()));
    let other_trail = audit.filter(|_| !named && !cause.audit.is_empty()).map(|detail| {
        let own = cause.audit.join(" or ");
        format!("The Login Audit Trail shows {detail}; this would show {own}.")
    });
    Some(Candidate {
        cause,
        predicted,
        named,
        proofs,
        supports: holding(&cause.supported),
        exclusions: holding(&cause.ruled_out),
        other_trail,
    })
}

impl Candidate<'_> {
    fn rank(&self) -> Rank {
        let proved = !self.proofs.is_empty();
        match (self.exclusions.is_empty(), self.named, proved) {
            // The trail and a proof contradict each other: neither is thrown away.
            (false, true, _) => Rank::Possible,
            (false, false, _) => Rank::RuledOut,
            // What was proved stays proved: the trail shows the fault that NetSuite met first.
            (true, true, _) | (true, _, true) => Rank::Likely,
            (true, false, false) if self.other_trail.is_some() => Rank::RuledOut,
            (true, false, false) => Rank::Possible,
        }
    }

    fn into_ranked(self, rank: Rank, at: &Observation, audit: Option<&AuditDetail>) -> RankedCause {
        let mut because: Vec<String> = Vec::new();
        if let Some(detail) = audit.filter(|_| self.named) {
            because.push(format!("The Login Audit Trail shows {detail}, which names it."));
        }
        because.extend(self.exclusions.iter().map(|why| (*why).to_owned()));
        because.extend(self.other_trail);
        if rank != Rank::RuledOut {
            because.extend(self.proofs.iter().map(|why| (*why).to_owned()));
            because.extend(self.supports.iter().map(|why| (*why).to_owned()));
            let predicted = self.cause.symptom(at).filter(|behind| behind.predicts(at));
            because.extend(predicted.and_then(|behind| behind.because.clone()));
            if rank == Rank::Likely && self.proofs.is_empty() && !self.named {
                because.push(
                    "Everything else on record that gives this answer is ruled out.".to_owned(),
                );
            }
        }
        if because.is_empty() {
            because
                .push("The answer fits it, and nothing that was checked excludes it.".to_owned());
        }
        RankedCause { cause: self.cause.id.clone(), rank, because }
    }
}

#[cfg(test)]
mod tests {
    use super::super::cause::causes;
    use super::*;

    #[test]
    fn any_spelling_of_a_documented_value_is_read() {
        for text in ["MissingKey", "missingkey", " MISSINGKEY\n", "Missing Key", "missing_key"] {
            assert_eq!(text.parse::<AuditDetail>().unwrap().as_str(), "MissingKey", "{text}");
        }
        assert!(!"InvalidState".parse::<AuditDetail>().unwrap().is_machine_to_machine());
    }

    #[test]
    fn others_are_refused_with_the_nearest_one() {
        let error = "MisingKey".parse::<AuditDetail>().unwrap_err().to_string();
        assert!(error.contains("is it `MissingKey`?"), "{error}");
        let error = "\u{1b}[31mno".parse::<AuditDetail>().unwrap_err().to_string();
        assert!(!error.contains('\u{1b}') && error.contains("SignatureValidation"), "{error}");
        assert!("".parse::<AuditDetail>().is_err());
    }

    fn entry(check: &str, outcome: Status, findings: &[&str]) -> Observation {
        Observation {
            check: check.to_owned(),
            subject: None,
            outcome,
            findings: findings.iter().map(|name| (*name).to_owned()).collect(),
            evidence: Vec::new(),
        }
    }

    fn ranked(entries: &[Observation], kind: &str, audit: Option<&str>) -> Vec<RankedCause> {
        let mut seen = Observations::new(entries.to_vec());
        seen.account_kind = Some(kind.to_owned());
        let audit = audit.map(|value| value.parse().unwrap());
        let at = entries.iter().find(|entry| entry.check == "token-exchange").unwrap();
        rank(causes(), &seen, at, audit.as_ref())
    }

    fn ranked_as<'a>(ranked: &'a [RankedCause], cause: &str) -> &'a RankedCause {
        ranked
            .iter()
            .find(|one| one.cause == cause)
            .unwrap_or_else(|| panic!("{cause} in {ranked:?}"))
    }

    fn refused() -> Observation {
        entry("token-exchange", Status::Fail, &["server-error"])
    }

    #[test]
    fn without_proofs_everything_is_possible_and_nothing_likely() {
        let all = ranked(&[refused()], "production", None);
        assert!(all.iter().all(|one| one.rank != Rank::Likely), "{all:?}");
        assert!(all.iter().filter(|one| one.rank == Rank::Possible).count() > 10);
        assert!(all.iter().all(|one| !one.because.is_empty()));
        assert_eq!(ranked_as(&all, "mappings-cleared-by-refresh").rank, Rank::RuledOut);
        assert_eq!(all[0].cause, "certificate-id-wrong");
    }

    #[test]
    fn offline_proofs_lead_and_exclude() {
        let matching = entry("key-matches-certificate", Status::Pass, &[]);
        let its_id = entry("certificate-id-matches", Status::Pass, &[]);
        let expired = entry("certificate-expiry", Status::Fail, &["expired"]);
        let all =
            ranked(&[matching.clone(), its_id.clone(), expired, refused()], "production", None);
        assert_eq!(all[0].cause, "certificate-expired");
        assert_eq!(all[0].rank, Rank::Likely);
        assert_eq!(ranked_as(&all, "key-of-another-certificate").rank, Rank::RuledOut);
        assert_eq!(ranked_as(&all, "certificate-id-wrong").rank, Rank::RuledOut);
        // The key fits the file, but whether the file is the registered one is open.
        let all = ranked(&[matching, refused()], "production", None);
        assert_eq!(ranked_as(&all, "key-of-another-certificate").rank, Rank::Possible);
    }

    #[test]
    fn two_proofs_stand_side_by_side() {
        let expired = entry("certificate-expiry", Status::Fail, &["expired"]);
        let other = entry("key-matches-certificate", Status::Fail, &["mismatch"]);
        let all = ranked(&[other, expired, refused()], "production", None);
        let likely: Vec<&str> = all
            .iter()
            .filter(|one| one.rank == Rank::Likely)
            .map(|one| one.cause.as_str())
            .collect();
        assert_eq!(likely, ["key-of-another-certificate", "certificate-expired"]);
    }

    #[test]
    fn the_audit_trail_names_the_cause_and_excludes_the_others() {
        let all = ranked(&[refused()], "production", Some("IntegrationBlocked"));
        assert_eq!((all[0].cause.as_str(), all[0].rank), ("integration-blocked", Rank::Likely));
        assert_eq!(ranked_as(&all, "client-id-unknown").rank, Rank::RuledOut);
        // What leaves no documented value cannot be excluded by one.
        assert_eq!(ranked_as(&all, "ip-address-rules").rank, Rank::Possible);
    }

    #[test]
    fn a_proof_and_the_trail_that_contradict_each_other_are_both_told() {
        let matching = entry("key-matches-certificate", Status::Pass, &[]);
        let its_id = entry("certificate-id-matches", Status::Pass, &[]);
        let all = ranked(&[matching, its_id, refused()], "production", Some("SignatureValidation"));
        let key = ranked_as(&all, "key-of-another-certificate");
        assert_eq!(key.rank, Rank::Possible);
        assert!(key.because.len() >= 2, "{key:?}");
        // What was proved offline stays, although the trail shows another fault first.
        let expired = entry("certificate-expiry", Status::Fail, &["expired"]);
        let all = ranked(&[expired, refused()], "production", Some("IntegrationBlocked"));
        assert_eq!(ranked_as(&all, "certificate-expired").rank, Rank::Likely);
    }

    #[test]
    fn a_value_of_another_grant_excludes_nothing() {
        let with = ranked(&[refused()], "production", Some("InvalidState"));
        assert_eq!(with, ranked(&[refused()], "production", None));
    }

    #[test]
    fn passed_and_skipped_entries_have_no_causes_unless_the_trail_speaks() {
        let passed = [entry("token-exchange", Status::Pass, &[])];
        assert!(ranked(&passed, "production", Some("MissingKey")).is_empty());
        let skipped = [entry("token-exchange", Status::Skipped, &[])];
        assert!(ranked(&skipped, "production", None).is_empty());
        let all = ranked(&skipped, "sandbox", Some("MissingKey"));
        assert_eq!(all[0].rank, Rank::Likely);
        assert!(all.iter().any(|one| one.cause == "certificate-revoked"));
    }

    #[test]
    fn the_only_one_left_is_likely() {
        // Four of the five causes of this answer are excluded by what else was seen.
        let mut rest = entry("rest-service", Status::Fail, &["login-refused"]);
        rest.evidence = vec![("server_time_status".to_owned(), "200".to_owned())];
        let entries = [rest, entry("token-exchange", Status::Pass, &[])];
        let seen = Observations::new(entries.to_vec());
        let all = rank(causes(), &seen, &entries[0], None);
        assert_eq!((all[0].cause.as_str(), all[0].rank), ("rest-permission-missing", Rank::Likely));
    }
}
