//! What holds of every ranking, whatever was observed, and of every sentence in the data.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::cause::{Cause, Scope, Symptom, causes};
use super::form::WireAnswer;
use super::observation::{Observation, Observations};
use super::rank::{Ranking, rank};
use super::sign::Sign;
use crate::netsuite::patterns::guidance;
use crate::types::{Grade, Rank, Status};

/// The check that runs once per record type.
const PER_RECORD: &str = "record-access";

fn rules() -> impl Iterator<Item = &'static super::Rule> {
    let of =
        |cause: &'static Cause| cause.likely.iter().chain(&cause.supported).chain(&cause.ruled_out);
    causes().all().iter().flat_map(of)
}

fn signs() -> impl Iterator<Item = &'static Sign> {
    rules().flat_map(|rule| &rule.when)
}

fn symptoms() -> impl Iterator<Item = (&'static Cause, &'static Symptom)> {
    causes().all().iter().flat_map(|cause| cause.behind.iter().map(move |behind| (cause, behind)))
}

/// A check that causes know, with the findings and the evidence that count for them.
type Known = (String, Vec<String>, Vec<(String, String)>);

fn checks() -> Vec<Known> {
    let mut names: BTreeSet<&str> = symptoms().map(|(_, behind)| behind.check.as_str()).collect();
    names.extend(signs().filter_map(Sign::check));
    let of = |name: &&str| {
        let own = symptoms().filter(|(_, behind)| behind.check == *name);
        let mut findings: BTreeSet<String> =
            own.flat_map(|(_, behind)| behind.answers.iter().cloned()).collect();
        let looked: Vec<&Sign> = signs().filter(|sign| sign.check() == Some(*name)).collect();
        findings.extend(looked.iter().filter_map(|sign| sign.finding().map(ToOwned::to_owned)));
        let evidence: BTreeSet<(String, String)> = looked
            .iter()
            .filter_map(|sign| Some((sign.evidence()?.to_owned(), sign.value().to_owned())))
            .collect();
        let name = (*name).to_owned();
        (name, findings.into_iter().collect(), evidence.into_iter().collect())
    };
    names.iter().map(of).collect()
}

/// Every form of answer that a cause was seen with, and some that none was.
fn answers() -> Vec<WireAnswer> {
    let forms = symptoms().flat_map(|(_, behind)| &behind.seen).flat_map(|seen| &seen.forms);
    let mut all: Vec<WireAnswer> = forms.map(super::form::Form::example).collect();
    for status in [200, 302, 400, 401, 403, 404, 405, 407, 429, 500, 502, 503] {
        for code in [
            None,
            Some("server_error"),
            Some("invalid_client"),
            Some("invalid_grant"),
            Some("invalid_request"),
            Some("invalid_scope"),
            Some("unauthorized_client"),
            Some("INVALID_LOGIN"),
            Some("USER_ERROR"),
            Some("INSUFFICIENT_PERMISSION"),
            Some("INVALID_PARAMETER"),
            Some("NONEXISTENT_ID"),
        ] {
            let code = code.map(ToOwned::to_owned);
            all.push(WireAnswer { status: Some(status), code, text: None });
        }
    }
    all
}

/// The numbers and code words that a sentence names.
fn named(sentence: &str) -> impl Iterator<Item = &str> {
    let words = sentence.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter(|word| {
        let status = word.len() == 3 && word.bytes().all(|b| b.is_ascii_digit());
        // Scopes and script names have underscores as well.
        let code = word.contains('_') && !word.starts_with("rest_") && !word.starts_with("cust");
        status || code
    })
}

fn entry(check: &str, outcome: Status, finding: &str) -> Observation {
    Observation {
        check: check.to_owned(),
        subject: None,
        outcome,
        findings: vec![finding.to_owned()],
        evidence: Vec::new(),
        answers: Vec::new(),
        in_audit_trail: false,
    }
}

/// What the token endpoint, the services and the lists answer is on record with the form it was
/// seen in, and is said of no other.
#[test]
fn what_is_said_of_an_answer_was_seen_with_that_form() {
    let (mut wrong, mut tried) = (BTreeSet::new(), 0);
    for check in ["token-exchange", "rest-service", "query-service", PER_RECORD] {
        let own = symptoms().filter(|(_, behind)| behind.check == check);
        let findings: BTreeSet<&String> = own.flat_map(|(_, behind)| &behind.answers).collect();
        for finding in findings {
            for answer in answers() {
                let mut at = entry(check, Status::Fail, finding);
                at.answers = vec![answer.clone()];
                for one in rank(causes(), &Observations::new(vec![at])).entries.remove(0).causes {
                    tried += 1;
                    for why in &one.because {
                        let status = answer.status.map(|status| status.to_string());
                        let shown = [status.as_ref(), answer.code.as_ref()];
                        let is_there = |name: &str| shown.iter().flatten().any(|own| *own == name);
                        if let Some(name) = named(why).find(|name| !is_there(name)) {
                            wrong.insert(format!(
                                "{} at {check}/{finding}: {name}: {why}",
                                one.cause
                            ));
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {tried}:\n{wrong:#?}", wrong.len());
    assert!(tried > 10_000, "{tried}");
}

/// A claim to have seen something belongs to the forms it was seen in.
#[test]
fn reasons_without_a_form_claim_no_sighting() {
    for (cause, behind) in symptoms() {
        let id = &cause.id;
        for why in behind.because.iter().chain(&behind.proof) {
            let text = why.to_lowercase();
            for word in [" seen", "report", "quote", "observed", "documented"] {
                assert!(!text.contains(word), "{id}: {why}");
            }
            assert!(why.ends_with('.'), "{id}: {why}");
        }
        for seen in &behind.seen {
            assert!(
                seen.because.ends_with('.') && !seen.forms.is_empty(),
                "{id}: {}",
                seen.because
            );
            assert!(!seen.source.is_empty(), "{id}");
            // A suspicion is no sighting.
            let suspected = seen.because.contains("suspected");
            assert_eq!(seen.grade == Grade::Inferred, suspected, "{id}: {}", seen.because);
            for form in &seen.forms {
                let finding = form.example().code.map(|code| code.replace('_', "-"));
                let of_token = behind.check == "token-exchange";
                let leads = finding.is_none_or(|finding| behind.answers.contains(&finding));
                // `invalid_request` and others have a finding of their own name.
                assert!(!of_token || leads, "{id}: {form:?} gives none of {:?}", behind.answers);
            }
        }
    }
}

/// What excludes a cause cannot be taken back by looking further.
#[test]
fn exclusions_are_lasting() {
    for cause in causes().all() {
        let per_subject: &[&str] = if cause.about == Scope::SetUp { &[PER_RECORD] } else { &[] };
        for sign in cause.ruled_out.iter().flat_map(|rule| &rule.when) {
            assert!(sign.is_lasting(per_subject), "{}: {sign:?}", cause.id);
        }
        let always = cause.fix.iter().any(|remedy| remedy.unless.is_empty());
        assert!(always, "{} may be left without a way out", cause.id);
    }
}

fn ranked_at(entries: Vec<Observation>, check: &str, cause: &str) -> Option<Rank> {
    let at = entries.iter().position(|entry| entry.check == check).unwrap();
    let ranking = rank(causes(), &Observations::new(entries));
    ranking.entries[at].causes.iter().find(|one| one.cause == cause).map(|one| one.rank)
}

fn with(mut entry: Observation, evidence: &[(&str, &str)]) -> Observation {
    entry.evidence = evidence.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    entry
}

/// What was answered in this run excludes whatever would have refused it, wherever that is named.
#[test]
fn an_answer_excludes_what_would_have_refused_it() {
    let pass = |check: &str| entry(check, Status::Pass, "");
    let read = |subject: &str, outcome, finding| {
        let mut entry = entry(PER_RECORD, outcome, finding);
        entry.subject = Some(subject.to_owned());
        entry
    };
    let refused = || read("contact:view", Status::Fail, "permission-refused");
    let rest = || {
        let shown = [
            ("server_time_status", "200"),
            ("metadata_catalog_status", "200"),
            ("record_types", "184"),
        ];
        with(pass("rest-service"), &shown)
    };
    let id = || entry("certificate-id-matches", Status::Warn, "mismatch");
    let key = || entry("key-matches-certificate", Status::Fail, "mismatch");
    for (entries, check, cause, excluded_by) in [
        (vec![refused()], PER_RECORD, "workbook-permission-missing", pass("query-service")),
        (
            vec![refused()],
            PER_RECORD,
            "workbook-permission-missing",
            read("customer:view", Status::Pass, ""),
        ),
        (
            vec![entry("query-service", Status::Fail, "workbook-missing")],
            "query-service",
            "workbook-feature-off",
            read("customer:view", Status::Pass, ""),
        ),
        (
            vec![read("contact:view", Status::Fail, "role-not-admitted")],
            PER_RECORD,
            "rest-permission-missing",
            rest(),
        ),
        (vec![id()], "certificate-id-matches", "certificate-id-wrong", pass("token-exchange")),
        (
            vec![key()],
            "key-matches-certificate",
            "key-of-another-certificate",
            pass("token-exchange"),
        ),
    ] {
        let before = ranked_at(entries.clone(), check, cause);
        assert!(before.is_some_and(|rank| rank != Rank::RuledOut), "{cause} {before:?}");
        let mut entries = entries;
        entries.push(excluded_by);
        let now = ranked_at(entries, check, cause);
        assert_eq!(now, Some(Rank::RuledOut), "{cause} at {check}");
    }
    // A page with 404 from one path, and types from the catalogue: the feature is not off.
    let mut odd = rest();
    odd.outcome = Status::Inconclusive;
    odd.findings = vec!["html-answer".to_owned()];
    assert_eq!(ranked_at(vec![odd], "rest-service", "rest-feature-off"), Some(Rank::RuledOut));
    // What is left is that the file is another one.
    for wrong in [id(), key()] {
        let check = wrong.check.clone();
        let entries = vec![pass("token-exchange"), wrong];
        let left = ranked_at(entries, &check, "certificate-file-not-registered");
        assert_eq!(left, Some(Rank::Likely), "{check}");
    }
}

/// One random entry: which check, how it ended, what it found and showed.
type Draw = (usize, u8, usize, u64, u8);

fn drawn(draws: &[Draw]) -> Vec<Observation> {
    let checks = checks();
    let mut entries: Vec<Observation> = Vec::new();
    for (check, outcome, finding, evidence, subject) in draws {
        let (name, findings, facts) = &checks[check % checks.len()];
        let subject = (name == PER_RECORD).then(|| format!("type{}:view", subject % 3));
        if entries.iter().any(|entry| entry.check == *name && entry.subject == subject) {
            continue;
        }
        let outcome =
            [Status::Pass, Status::Warn, Status::Fail, Status::Inconclusive, Status::Skipped]
                [usize::from(outcome % 5)];
        let ran = outcome != Status::Skipped;
        let found = ran && outcome != Status::Pass && !findings.is_empty();
        let shown =
            facts.iter().enumerate().filter(|(at, _)| ran && evidence >> (at % 64) & 1 == 1);
        entries.push(Observation {
            check: name.clone(),
            subject,
            outcome,
            findings: found
                .then(|| findings[finding % findings.len()].clone())
                .into_iter()
                .collect(),
            evidence: shown.map(|(_, fact)| fact.clone()).collect(),
            answers: Vec::new(),
            in_audit_trail: matches!(name.as_str(), "token-exchange" | "rest-service"),
        });
    }
    entries
}

fn ruled_out(ranking: &Ranking, at: usize) -> BTreeSet<&str> {
    let out = ranking.entries[at].causes.iter().filter(|one| one.rank == Rank::RuledOut);
    out.map(|one| one.cause.as_str()).collect()
}

fn open(ranking: &Ranking, at: usize) -> BTreeSet<&str> {
    let left = ranking.entries[at].causes.iter().filter(|one| one.rank != Rank::RuledOut);
    left.map(|one| one.cause.as_str()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn another_observation_never_brings_an_excluded_cause_back(
        draws in prop::collection::vec(any::<Draw>(), 2..28),
        kind in prop::option::of(prop::sample::select(vec!["production", "sandbox", "demo"])),
        detail in any::<prop::sample::Index>(),
    ) {
        let details: Vec<String> =
            guidance().audit_details().map(|(name, _)| name.to_owned()).collect();
        let detail: super::AuditDetail = details[detail.index(details.len())].parse().unwrap();
        let entries = drawn(&draws);
        let account_kind = kind.map(ToOwned::to_owned);
        let mut seen = Observations { account_kind, ..Observations::default() };
        let mut before: Option<(Ranking, Ranking)> = None;
        for entry in entries {
            seen.entries.push(entry);
            seen.audit = None;
            let plain = rank(causes(), &seen);
            seen.audit = Some(detail.clone());
            let with_trail = rank(causes(), &seen);
            let last = seen.entries.len() - 1;
            for (at, entry) in seen.entries.iter().enumerate() {
                let asked = entry.outcome != Status::Skipped;
                // The trail only takes away.
                if asked {
                    prop_assert!(ruled_out(&plain, at).is_subset(&ruled_out(&with_trail, at)));
                }
                let Some((plain_before, trail_before)) = before.as_ref().filter(|_| at < last)
                else {
                    continue;
                };
                prop_assert!(ruled_out(plain_before, at).is_subset(&ruled_out(&plain, at)));
                if asked && trail_before.trail_fits == with_trail.trail_fits {
                    // Only a proof stands above the trail, which may tell of another fault.
                    let proved = with_trail.entries[at].causes.iter();
                    let proved = proved.filter(|one| one.rank == Rank::Likely);
                    let mut now = ruled_out(&with_trail, at);
                    now.extend(proved.map(|one| one.cause.as_str()));
                    let lost = ruled_out(trail_before, at);
                    prop_assert!(lost.is_subset(&now), "{:?}", lost.difference(&now));
                }
            }
            before = Some((plain, with_trail));
        }
    }

    #[test]
    fn a_fault_of_the_set_up_stands_alike_wherever_it_is_named(
        draws in prop::collection::vec(any::<Draw>(), 2..28),
    ) {
        let seen = Observations::new(drawn(&draws));
        let ranking = rank(causes(), &seen);
        let all = 0..seen.entries.len();
        let out: BTreeSet<&str> = all.clone().flat_map(|at| ruled_out(&ranking, at)).collect();
        let left: BTreeSet<&str> = all.clone().flat_map(|at| open(&ranking, at)).collect();
        for id in out.intersection(&left) {
            prop_assert!(causes().find(id).unwrap().about != Scope::SetUp, "{id}");
        }
        for one in all.flat_map(|at| &ranking.entries[at].causes) {
            prop_assert!(!one.because.is_empty() && !one.steps.is_empty(), "{one:?}");
        }
    }
}
