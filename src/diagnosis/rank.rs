//! Which causes stand behind what was observed, best first: one ranking for the whole run.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::audit::AuditDetail;
use super::cause::{Cause, Causes, Scope, Sighting, Symptom};
use super::observation::{Observation, Observations};
use crate::types::{Grade, Rank, Status, Step};

/// A cause with its rank and the reasons for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedCause {
    /// Id of the cause.
    pub cause: String,
    /// How it stands.
    pub rank: Rank,
    /// Why, each a sentence; never empty.
    pub because: Vec<String>,
    /// The way out, without the steps that the run has shown to lead nowhere.
    pub steps: Vec<Step>,
}

/// What one entry is diagnosed with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnosed {
    /// The causes behind it, best first.
    pub causes: Vec<RankedCause>,
    /// Whatever the run excludes, whether it could be behind this entry or not.
    pub excluded: BTreeSet<String>,
}

/// The ranking of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranking {
    /// One per entry, in the order of the observations.
    pub entries: Vec<Diagnosed>,
    /// Whether anything is left that leaves what the Login Audit Trail shows. Nothing where it was
    /// not read, or where it tells of another way of signing in.
    pub trail_fits: Option<bool>,
}

/// What one cause has for and against it at one entry.
struct Candidate<'a> {
    cause: &'a Cause,
    symptom: &'a Symptom,
    /// The answer is what the cause predicts.
    predicted: bool,
    /// The Login Audit Trail shows what it leaves there.
    named: bool,
    proofs: Vec<&'a str>,
    supports: Vec<&'a str>,
    /// It was seen with an answer of this form, or is documented or suspected for it.
    sightings: Vec<&'a Sighting>,
    exclusions: Vec<&'a str>,
    /// The Login Audit Trail shows what another one leaves.
    outside_trail: bool,
    /// Everything else is ruled out, and something speaks for it.
    left_alone: bool,
    /// What made it likely at another entry of the run.
    elsewhere: Option<String>,
}

/// Ranks the causes behind everything that did not pass. An entry that passed has none; so has a
/// skipped one, unless an administrator says what the Login Audit Trail shows for it.
///
/// What excludes or proves a cause is looked for in the whole run, so that it stands alike wherever
/// it is named; the Login Audit Trail can only take away from what is left.
#[must_use]
pub fn rank(causes: &Causes, seen: &Observations) -> Ranking {
    let behind = |at| causes.all().iter().filter_map(move |cause| candidate(cause, seen, at));
    let told_of = |at: &Observation| match at.outcome {
        Status::Fail | Status::Inconclusive | Status::Warn => true,
        Status::Skipped => at.in_audit_trail && seen.audit.is_some(),
        Status::Pass => false,
    };
    let mut all: Vec<Vec<Candidate<'_>>> = Vec::new();
    for at in &seen.entries {
        all.push(if told_of(at) { behind(at).collect() } else { Vec::new() });
    }
    let trail_fits = seen.audit.as_ref().and_then(|detail| heed(detail, seen, &mut all));
    for (at, candidates) in seen.entries.iter().zip(&mut all) {
        if at.outcome == Status::Skipped && trail_fits != Some(true) {
            // Nothing was asked, and what the trail shows is none of what is left.
            candidates.clear();
        }
        eliminate(at, candidates);
    }
    carry_over(&mut all);
    let told = |(at, mut candidates): (&Observation, Vec<Candidate<'_>>)| {
        if candidates.is_empty() {
            return Diagnosed::default();
        }
        let out = causes.all().iter().filter(|cause| !cause.exclusions(seen, at).is_empty());
        let here = candidates.iter().filter(|one| one.is_ruled_out()).map(|one| one.cause);
        let excluded = out.chain(here).map(|cause| cause.id.clone()).collect();
        candidates.sort_by_key(Candidate::place);
        let ranked = candidates.into_iter().map(|candidate| candidate.into_ranked(seen, at));
        Diagnosed { causes: ranked.collect(), excluded }
    };
    Ranking { entries: seen.entries.iter().zip(all).map(told).collect(), trail_fits }
}

fn candidate<'a>(
    cause: &'a Cause,
    seen: &'a Observations,
    at: &'a Observation,
) -> Option<Candidate<'a>> {
    let symptom = cause.symptom(at)?;
    // Nothing was asked yet where the entry was skipped: every answer is still open.
    let skipped = at.outcome == Status::Skipped;
    let predicted = symptom.predicts(at) || (skipped && !symptom.answers.is_empty());
    let proofs = cause.proofs(seen, at);
    if !predicted && proofs.is_empty() {
        return None;
    }
    let sightings = symptom.seen.iter().filter(|sighting| predicted && sighting.fits(at));
    Some(Candidate {
        cause,
        symptom,
        predicted,
        named: false,
        proofs,
        supports: cause.supports(seen, at),
        sightings: sightings.collect(),
        exclusions: cause.exclusions(seen, at),
        outside_trail: false,
        left_alone: false,
        elsewhere: None,
    })
}

/// Takes away what does not leave what the Login Audit Trail shows. Where nothing is left that
/// does, the row is of another attempt, and nothing is taken away. Gives whether something is.
fn heed(detail: &AuditDetail, seen: &Observations, all: &mut [Vec<Candidate<'_>>]) -> Option<bool> {
    let leaves = |cause: &Cause| cause.audit.iter().any(|own| own == detail.as_str());
    let entries = || seen.entries.iter().map(|at| at.in_audit_trail);
    let heeded = entries().zip(all.iter()).filter(|(about, _)| *about);
    let mut candidates = heeded.flat_map(|(_, candidates)| candidates).peekable();
    candidates.peek()?;
    let fits = candidates.any(|one| leaves(one.cause) && one.exclusions.is_empty());
    // What it shows of a grant that is not this one says nothing about the others.
    let of_this_grant = seen.audit_is_own || detail.is_machine_to_machine();
    if !fits {
        return of_this_grant.then_some(false);
    }
    let heeded = entries().zip(all.iter_mut()).filter(|(about, _)| *about);
    for candidate in heeded.flat_map(|(_, candidates)| candidates) {
        candidate.named = leaves(candidate.cause);
        // What leaves no documented value cannot be excluded by one, and what was proved stays
        // proved: the trail shows the fault that NetSuite met first.
        candidate.outside_trail = of_this_grant
            && !candidate.named
            && candidate.proofs.is_empty()
            && !candidate.cause.audit.is_empty();
    }
    Some(true)
}

/// Finds the one that is left. What is open by its nature, such as no answer at all, proves nothing
/// by elimination, and neither does a cause for which nothing speaks: the list of causes may lack
/// the true one.
fn eliminate(at: &Observation, candidates: &mut [Candidate<'_>]) {
    let excluded = candidates.iter().filter(|candidate| candidate.is_ruled_out()).count();
    let mut left: Vec<_> = candidates.iter_mut().filter(|one| !one.is_ruled_out()).collect();
    if let ([one], true) = (left.as_mut_slice(), at.outcome == Status::Fail && excluded > 0) {
        one.left_alone = one.predicted && one.is_backed();
    }
    let mut named: Vec<_> = left.into_iter().filter(|candidate| candidate.named).collect();
    if let [one] = named.as_mut_slice() {
        one.left_alone = true;
    }
}

/// A fault of the set-up that is likely at one entry is likely wherever it is named.
fn carry_over(all: &mut [Vec<Candidate<'_>>]) {
    let mut likely: BTreeMap<&str, String> = BTreeMap::new();
    for candidate in all.iter().flatten() {
        let lasting = candidate.cause.about == Scope::SetUp;
        if lasting && candidate.left_alone && !candidate.is_ruled_out() {
            likely.insert(&candidate.cause.id, candidate.symptom.check.clone());
        }
    }
    for candidate in all.iter_mut().flatten() {
        candidate.elsewhere = likely
            .get(candidate.cause.id.as_str())
            .filter(|check| **check != candidate.symptom.check && candidate.predicted)
            .cloned();
    }
}

impl Candidate<'_> {
    /// Whether something speaks for it besides that the answer fits.
    fn is_backed(&self) -> bool {
        let known = |sighting: &&Sighting| sighting.grade != Grade::Inferred;
        !self.supports.is_empty() || self.sightings.iter().any(known)
    }

    fn is_ruled_out(&self) -> bool {
        !self.exclusions.is_empty() || self.outside_trail
    }

    fn rank(&self) -> Rank {
        if self.is_ruled_out() {
            return Rank::RuledOut;
        }
        let likely = !self.proofs.is_empty() || self.left_alone || self.elsewhere.is_some();
        if likely { Rank::Likely } else { Rank::Possible }
    }

    /// Its place in the list: the better evidenced and the more often reported first.
    fn place(&self) -> (Rank, Reverse<(bool, usize, usize, u8)>) {
        let often = self.symptom.often.unwrap_or(self.cause.often);
        let weight = (self.named, self.proofs.len(), self.supports.len(), often);
        (self.rank(), Reverse(weight))
    }

    fn into_ranked(mut self, seen: &Observations, at: &Observation) -> RankedCause {
        let rank = self.rank();
        let mut because: Vec<String> = Vec::new();
        let detail = seen.audit.as_ref().map(AuditDetail::as_str).unwrap_or_default();
        if rank == Rank::RuledOut {
            because.extend(self.exclusions.iter().map(|why| (*why).to_owned()));
            if self.outside_trail {
                because.push(format!(
                    "The Login Audit Trail shows {detail}, which this does not leave."
                ));
            }
        } else {
            // Beside what NetSuite says of this very attempt, what others saw adds nothing.
            if self.named {
                because.push(format!("The Login Audit Trail shows {detail}, which this leaves."));
                self.sightings.clear();
            }
            let reasons = self.proofs.iter().chain(&self.supports).map(|why| (*why).to_owned());
            because.extend(reasons);
            because.extend(self.sightings.iter().map(|sighting| sighting.because.clone()));
            let fits = self.symptom.predicts(at) && !self.named;
            because.extend(self.symptom.because.clone().filter(|_| fits));
            if self.left_alone && self.proofs.is_empty() && !self.named {
                let left = "Everything else known that gives this answer is ruled out.";
                because.push(left.to_owned());
            }
            because.extend(self.elsewhere.map(|check| format!("{check} points to it.")));
        }
        if because.is_empty() {
            because
                .push("The answer fits it, and nothing that was checked excludes it.".to_owned());
        }
        let steps = self.cause.steps(seen, at);
        RankedCause { cause: self.cause.id.clone(), rank, because, steps }
    }
}

#[cfg(test)]
mod tests {
    use super::super::cause::causes;
    use super::super::form::WireAnswer;
    use super::*;

    fn entry(check: &str, outcome: Status, findings: &[&str]) -> Observation {
        Observation {
            check: check.to_owned(),
            subject: None,
            outcome,
            findings: findings.iter().map(|name| (*name).to_owned()).collect(),
            evidence: Vec::new(),
            answers: Vec::new(),
            in_audit_trail: check == "token-exchange",
        }
    }

    fn ranked(entries: &[Observation], kind: &str, audit: Option<&str>) -> Vec<RankedCause> {
        let mut seen = Observations::new(entries.to_vec());
        seen.account_kind = Some(kind.to_owned());
        seen.audit = audit.map(|value| value.parse().unwrap());
        let at = entries.iter().position(|entry| entry.check == "token-exchange").unwrap();
        rank(causes(), &seen).entries.swap_remove(at).causes
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
    fn what_a_proof_excluded_does_not_come_back_with_the_trail() {
        let entries = [
            entry("key-matches-certificate", Status::Pass, &[]),
            entry("certificate-id-matches", Status::Pass, &[]),
            entry("certificate-expiry", Status::Pass, &[]),
            refused(),
        ];
        let before = ranked(&entries, "production", None);
        for detail in ["MissingKey", "SignatureValidation", "IntegrationBlocked"] {
            let after = ranked(&entries, "production", Some(detail));
            let mut open = 0;
            for one in &before {
                let now = ranked_as(&after, &one.cause).rank;
                assert!(one.rank != Rank::RuledOut || now == Rank::RuledOut, "{detail} {one:?}");
                open += usize::from(now != Rank::RuledOut);
            }
            assert!(open < 8, "{detail} leaves {open}");
        }
        // What was proved offline stays, although the trail shows another fault first.
        let expired = entry("certificate-expiry", Status::Fail, &["expired"]);
        let all = ranked(&[expired, refused()], "production", Some("IntegrationBlocked"));
        assert_eq!(ranked_as(&all, "certificate-expired").rank, Rank::Likely);
    }

    #[test]
    fn a_value_that_several_causes_leave_makes_none_of_them_likely() {
        let all = ranked(&[refused()], "production", Some("MissingKey"));
        let named = all.iter().take_while(|one| one.because[0].contains("MissingKey"));
        let named: Vec<Rank> = named.map(|one| one.rank).collect();
        assert!(named.len() > 4 && named.iter().all(|rank| *rank == Rank::Possible), "{all:?}");
        assert!(all.iter().all(|one| one.rank != Rank::Likely), "{all:?}");
        // The one that is left of them is.
        let all = ranked(&[refused()], "production", Some("FeatureDisabled"));
        assert_eq!((all[0].cause.as_str(), all[0].rank), ("oauth-feature-off", Rank::Likely));
    }

    #[test]
    fn a_row_of_another_attempt_takes_nothing_away() {
        // Whatever leaves this value is excluded: the row cannot be that of this attempt.
        let clock = entry("clock", Status::Pass, &[]);
        let mut exchange = refused();
        exchange.evidence = vec![("alg".to_owned(), "ES256".to_owned())];
        let entries = [clock, exchange];
        let mut seen = Observations::new(entries.to_vec());
        let before = rank(causes(), &seen);
        assert_eq!(before.trail_fits, None);
        seen.audit = Some("TokenExpired".parse().unwrap());
        let after = rank(causes(), &seen);
        assert_eq!(after.trail_fits, Some(false));
        assert_eq!(after.entries, before.entries);
        // Where nothing was sent, nothing is left to say.
        seen.entries = vec![entries[0].clone(), entry("token-exchange", Status::Skipped, &[])];
        seen.audit = Some("TokenBlocked".parse().unwrap());
        assert!(rank(causes(), &seen).entries.iter().all(|one| one.causes.is_empty()));
    }

    #[test]
    fn nothing_is_likely_only_because_nothing_else_is_left() {
        let altered = |answer: WireAnswer| {
            let mut exchange = entry("token-exchange", Status::Fail, &["invalid-request"]);
            exchange.evidence = vec![("alg".to_owned(), "ES256".to_owned())];
            exchange.answers = vec![answer];
            ranked(&[exchange], "production", None)
        };
        let all = altered(WireAnswer { status: Some(418), ..WireAnswer::default() });
        assert_eq!(ranked_as(&all, "assertion-malformed").rank, Rank::RuledOut);
        assert_eq!(ranked_as(&all, "request-altered").rank, Rank::Possible);
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
        assert_eq!(ranked_as(&all, "certificate-revoked").rank, Rank::Possible);
        assert_eq!(ranked_as(&all, "integration-blocked").rank, Rank::RuledOut);
    }

    #[test]
    fn the_only_one_left_is_likely() {
        // Four of the five causes of this answer are excluded by what else was seen.
        let mut rest = entry("rest-service", Status::Fail, &["login-refused"]);
        rest.evidence = vec![("server_time_status".to_owned(), "200".to_owned())];
        let entries = [rest, entry("token-exchange", Status::Pass, &[])];
        let seen = Observations::new(entries.to_vec());
        let all = rank(causes(), &seen).entries.swap_remove(0).causes;
        assert_eq!((all[0].cause.as_str(), all[0].rank), ("rest-permission-missing", Rank::Likely));
    }
}
