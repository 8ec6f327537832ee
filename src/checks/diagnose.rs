//! From the results of a run to the causes behind what did not pass.

use std::collections::BTreeMap;

use super::context::Context;
use super::ids;
use crate::diagnosis::{
    AuditDetail, Diagnosed, Observation, Observations, WireAnswer, causes, rank,
};
use crate::engine::{CheckId, CheckResult, Evidence, NodeKey, Reason, ReasonCode, Status};
use crate::types::HttpExchange;

/// Days since the certificate began after which it may well have been in use.
const A_MONTH: i64 = 31;
/// Days since the certificate began within which it may not have been registered yet.
const A_WEEK: i64 = 7;

/// What a run is diagnosed with.
#[derive(Debug)]
pub struct Diagnosis {
    /// The causes behind each entry that did not pass.
    pub causes: BTreeMap<NodeKey, Diagnosed>,
    /// Whether anything is left that leaves what the Login Audit Trail shows.
    trail_fits: Option<bool>,
}

/// Ranks the causes once for the whole run, and hands each entry its own.
#[must_use]
pub fn diagnose(results: &[CheckResult], context: &Context) -> Diagnosis {
    let seen = observations(results, context);
    let ranking = rank(causes(), &seen);
    let own = results.iter().map(|result| result.key.clone()).zip(ranking.entries);
    let causes = own.filter(|(_, diagnosed)| !diagnosed.causes.is_empty()).collect();
    Diagnosis { causes, trail_fits: ranking.trail_fits }
}

/// Whether what the Login Audit Trail shows is about an entry: about signing in, with the token
/// exchange or with the first call that uses its token. Where nothing was sent, only somebody who
/// says so knows that another program was refused.
fn in_audit_trail(result: &CheckResult) -> bool {
    let check = result.key.check;
    match result.verdict.status() {
        Status::Skipped => {
            let offline = |reason: &Reason| reason.code == ReasonCode::Offline;
            check == ids::TOKEN_EXCHANGE && result.verdict.reason().is_some_and(offline)
        }
        _ => [ids::TOKEN_EXCHANGE, ids::REST_SERVICE].contains(&check),
    }
}

/// The check whose attempt the row is of: the first call with a token, where only that was refused.
fn refused(results: &[CheckResult]) -> CheckId {
    let failed = |check: CheckId| {
        let own = results.iter().find(|result| result.key.check == check);
        own.is_some_and(|result| result.verdict.status() == Status::Fail)
    };
    if failed(ids::REST_SERVICE) { ids::REST_SERVICE } else { ids::TOKEN_EXCHANGE }
}

impl Diagnosis {
    /// Writes what the administrator read in the Login Audit Trail beside what the exchange showed.
    #[must_use]
    pub fn with_audit_detail(
        &self,
        results: Vec<CheckResult>,
        detail: Option<&AuditDetail>,
    ) -> Vec<CheckResult> {
        let Some(detail) = detail else { return results };
        let about = refused(&results);
        let add = |mut result: CheckResult| {
            if result.key.check == about {
                let mut evidence = Evidence::new("audit_detail", detail.as_str());
                if let Some(caution) = self.caution(detail) {
                    evidence = evidence.source(caution);
                }
                result.verdict = result.verdict.evidence(evidence);
            }
            result
        };
        results.into_iter().map(add).collect()
    }

    /// Why the row may not be of this attempt.
    fn caution(&self, detail: &AuditDetail) -> Option<&'static str> {
        if !detail.is_machine_to_machine() {
            return Some(
                "given with --audit-detail; documented for the code grant, so that the row may be \
                 another program's",
            );
        }
        (self.trail_fits == Some(false)).then_some(
            "given with --audit-detail; the checks exclude whatever leaves it, so that the row may \
             be of another attempt",
        )
    }
}

fn observations(results: &[CheckResult], context: &Context) -> Observations {
    let mut seen = Observations::new(results.iter().map(entry).collect());
    seen.audit.clone_from(&context.inputs.audit_detail);
    let account = context.facts.account_id.get();
    seen.account_kind = account.map(|account| account.kind().as_str().to_owned());
    if let Some(certificate) = context.facts.certificate.get() {
        let began = certificate.validity().map(|validity| validity.not_before.as_second());
        let age = began.map(|began| context.clock.now().as_second() - began);
        let days = age.map_or(-1, |age| age.div_euclid(86_400));
        if (0..A_WEEK).contains(&days) {
            seen.facts.insert("certificate-made-this-week".to_owned());
        }
        if days > A_MONTH {
            seen.facts.insert("certificate-older-than-a-month".to_owned());
        }
    }
    seen
}

fn entry(result: &CheckResult) -> Observation {
    let verdict = &result.verdict;
    let mut findings: Vec<String> = Vec::new();
    for note in verdict.notes_by_gravity() {
        let name = note.finding.as_str().to_owned();
        if !findings.contains(&name) {
            findings.push(name);
        }
    }
    let shown = |key: &str| {
        let fact = verdict.facts().iter().find(|fact| fact.key == key);
        fact.map(|fact| fact.value.clone())
    };
    let (text, code) = (shown("netsuite_says"), shown("error"));
    let answer = |exchange: &HttpExchange| WireAnswer {
        status: exchange.status,
        code: exchange.error_code.clone().or_else(|| code.clone()),
        text: text.clone(),
    };
    Observation {
        answers: verdict.exchanges().iter().map(answer).collect(),
        in_audit_trail: in_audit_trail(result),
        check: result.key.check.as_str().to_owned(),
        subject: result.key.subject.as_ref().map(|subject| subject.as_str().to_owned()),
        outcome: verdict.status(),
        findings,
        evidence: verdict
            .facts()
            .iter()
            .map(|fact| (fact.key.to_owned(), fact.value.clone()))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::super::cards::pages;
    use super::*;
    use crate::diagnosis::failures;
    use crate::diagnosis::sign::Sign;
    use crate::netsuite::patterns::guidance;

    fn is_finding(check: &str, finding: &str) -> bool {
        crate::checks::find_by_name(check)
            .is_some_and(|spec| spec.findings().any(|own| own.as_str() == finding))
    }

    #[test]
    fn causes_name_only_checks_findings_evidence_pages_and_details_that_exist() {
        let (pages, guidance) = (pages(), guidance());
        for cause in causes().all() {
            let id = &cause.id;
            assert!(!cause.behind.is_empty() && !cause.fix.is_empty(), "{id}");
            assert!(cause.often <= 100, "{id}");
            cause.date.parse::<jiff::civil::Date>().unwrap();
            for behind in &cause.behind {
                assert!(
                    crate::checks::find_by_name(&behind.check).is_some(),
                    "{id}: {}",
                    behind.check
                );
                for finding in &behind.answers {
                    assert!(is_finding(&behind.check, finding), "{id}: {}/{finding}", behind.check);
                }
                assert!(behind.proof.is_none() || !behind.answers.is_empty(), "{id}");
            }
            for rule in cause.likely.iter().chain(&cause.supported).chain(&cause.ruled_out) {
                assert!(!rule.when.is_empty() && rule.because.ends_with('.'), "{id}");
                for sign in &rule.when {
                    assert!(known(sign), "{id}: {sign:?}");
                }
            }
            for sign in cause.fix.iter().flat_map(|remedy| &remedy.unless) {
                assert!(known(sign), "{id}: {sign:?}");
            }
            for step in cause.fix.iter().map(|remedy| &remedy.step) {
                assert!(step.page.as_ref().is_none_or(|page| pages.contains_key(page)), "{id}");
            }
            for detail in &cause.audit {
                assert!(guidance.audit_detail(detail).is_some(), "{id}: {detail}");
            }
        }
    }

    #[test]
    fn steps_name_causes_that_exist() {
        let mut named = 0;
        for spec in crate::checks::ALL {
            let card = crate::checks::cards::Card::of(spec);
            let steps = card.findings.values().flat_map(|guidance| &guidance.fix);
            for cause in steps.flat_map(|step| &step.for_causes) {
                assert!(causes().find(cause).is_some(), "{}: {cause}", spec.id);
                named += 1;
            }
        }
        assert!(named > 25, "{named}");
    }

    fn known(sign: &Sign) -> bool {
        let check = sign.check().is_none_or(|check| crate::checks::find_by_name(check).is_some());
        let finding = match (sign.check(), sign.finding()) {
            (Some(check), Some(finding)) => is_finding(check, finding),
            _ => true,
        };
        let evidence = match (sign.check(), sign.evidence()) {
            (Some(check), Some(key)) => can_show(check, key),
            _ => true,
        };
        let fact = sign.fact().is_none_or(|fact| Observations::FACTS.contains(&fact));
        check && finding && evidence && fact
    }

    /// Whether the check's code names the evidence: as a text that is neither a finding nor a value
    /// for the guidance.
    fn can_show(check: &str, key: &str) -> bool {
        let code = code_of(check);
        code.match_indices(&format!("\"{key}\"")).any(|(at, _)| {
            let before = code[..at].trim_end();
            !before.ends_with(".param(") && !before.ends_with('=')
        })
    }

    /// The code of a check, and of what it shares with others, without their tests.
    fn code_of(check: &str) -> String {
        let read = |path: &Path| {
            let text = std::fs::read_to_string(path).unwrap();
            text.split("#[cfg(test)]").next().unwrap().to_owned()
        };
        let checks = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/checks");
        let own = checks.join(check.replace('-', "_"));
        let mut code = read(&own.with_extension("rs"));
        for entry in own.read_dir().into_iter().flatten() {
            let path = entry.unwrap().path();
            if !path.file_stem().unwrap().to_string_lossy().starts_with("test") {
                code.push_str(&read(&path));
            }
        }
        for shared in ["advice", "session"] {
            if code.contains(&format!("crate::checks::{shared}::")) {
                code.push_str(&read(&checks.join(shared).with_extension("rs")));
            }
        }
        code
    }

    #[test]
    fn evidence_that_a_check_never_shows_is_found_out() {
        for (check, key, shown) in [
            ("record-access", "row_refused_by", true),
            // By the advice that checks share.
            ("record-access", "quoted_permission", true),
            ("query-service", "quoted_permission", false),
            ("rest-service", "server_time_status", true),
            ("least-privilege", "table_oauth_token", true),
            ("token-exchange", "http_status", true),
            ("token-exchange", "https_status", false),
            ("token-exchange", "proxy", false),
            // A value for the guidance, and findings.
            ("record-access", "asked_level", false),
            ("record-access", "empty-list", false),
            ("connection", "untrusted-issuer", false),
        ] {
            assert_eq!(can_show(check, key), shown, "{check}/{key}");
        }
    }

    #[test]
    fn every_finding_of_the_checks_that_ask_netsuite_has_a_cause() {
        let causes = causes();
        for check in ["token-exchange", "rest-service", "query-service", "record-access"] {
            // An entry that was not tried has no cause, and none is on record for an answer that
            // nobody knows.
            const WITHOUT: [&str; 6] = [
                "unexpected-answer",
                "write-not-probed",
                "full-not-probed",
                "form-forbidden",
                "no-row-to-edit",
                "type-not-described",
            ];
            let findings = crate::checks::find_by_name(check).unwrap().findings();
            for finding in findings.filter(|finding| !WITHOUT.contains(&finding.as_str())) {
                let explained = causes.all().iter().flat_map(|cause| &cause.behind).any(|behind| {
                    behind.check == check && behind.answers.iter().any(|a| a == finding.as_str())
                });
                assert!(explained, "{check}/{} has no cause", finding.as_str());
            }
        }
    }

    #[test]
    fn failures_and_claims_name_only_what_exists() {
        let tables = failures();
        for (id, failure) in tables.failures() {
            for place in &failure.checks {
                let there = match place.split_once('/') {
                    Some((check, finding)) => is_finding(check, finding),
                    None => crate::checks::find_by_name(place).is_some(),
                };
                assert!(there, "{id}: {place}");
            }
        }
        let ids: BTreeSet<&str> = causes().all().iter().map(|cause| cause.id.as_str()).collect();
        for (id, claim) in tables.questions() {
            for name in &claim.see {
                let there =
                    ids.contains(name.as_str()) || crate::checks::find_by_name(name).is_some();
                assert!(there, "{id}: {name}");
            }
        }
        // One name must not mean two things to `explain`.
        for spec in crate::checks::ALL {
            assert!(!ids.contains(spec.id.as_str()), "{} is a check and a cause", spec.id);
        }
    }

    #[test]
    fn every_machine_to_machine_detail_has_a_cause() {
        let causes = causes();
        let mut without: Vec<&str> = guidance()
            .audit_details()
            .filter(|(_, detail)| detail.machine_to_machine)
            .map(|(name, _)| name)
            .filter(|name| causes.leaving(name).next().is_none())
            .collect();
        without.sort_unstable();
        // They are about a call with a token that this program has just been given.
        assert_eq!(without, ["ClientIdMismatch", "InvalidTokenType", "TokenBlocked"]);
    }
}
