//! From the results of a run to the causes behind what did not pass.

use std::collections::BTreeMap;

use super::context::Context;
use super::ids;
use crate::diagnosis::{AuditDetail, Causes, Observation, Observations, RankedCause, causes, rank};
use crate::engine::{CheckResult, Evidence, NodeKey, ReasonCode, Status};

/// Days since the certificate began after which it may well have been in use.
const A_MONTH: i64 = 31;
/// Days since the certificate began within which it may not have been registered yet.
const A_WEEK: i64 = 7;

/// The causes behind each entry that did not pass, best first.
#[must_use]
pub fn diagnose(results: &[CheckResult], context: &Context) -> BTreeMap<NodeKey, Vec<RankedCause>> {
    let seen = observations(results, context);
    results
        .iter()
        .zip(&seen.entries)
        .map(|(result, entry)| (result.key.clone(), of(causes(), &seen, result, entry, context)))
        .filter(|(_, ranked)| !ranked.is_empty())
        .collect()
}

/// The causes of one entry. What the Login Audit Trail shows is about signing in: about the token
/// exchange, or about a call with its token.
fn of(
    causes: &Causes,
    seen: &Observations,
    result: &CheckResult,
    entry: &Observation,
    context: &Context,
) -> Vec<RankedCause> {
    let detail = context.inputs.audit_detail.as_ref();
    let about_signing_in = [ids::TOKEN_EXCHANGE, ids::REST_SERVICE].contains(&result.key.check);
    let mut audit = detail.filter(|_| about_signing_in);
    if result.verdict.status() == Status::Skipped {
        let offline =
            result.verdict.reason().is_some_and(|reason| reason.code == ReasonCode::Offline);
        let says_something = |detail: &&AuditDetail| {
            detail.is_machine_to_machine() || causes.leaving(detail.as_str()).next().is_some()
        };
        let about_it = offline && result.key.check == ids::TOKEN_EXCHANGE;
        audit = audit.filter(|detail| about_it && says_something(detail));
    }
    rank(causes, seen, entry, audit)
}

/// Writes what the administrator read in the Login Audit Trail beside what the exchange showed.
#[must_use]
pub fn with_audit_detail(
    results: Vec<CheckResult>,
    detail: Option<&AuditDetail>,
) -> Vec<CheckResult> {
    let Some(detail) = detail else { return results };
    let add = |mut result: CheckResult| {
        if result.key.check == ids::TOKEN_EXCHANGE {
            let grant = if detail.is_machine_to_machine() {
                "given with --audit-detail"
            } else {
                "given with --audit-detail; documented for the code grant, so that the row may be \
                 another program's"
            };
            let evidence = Evidence::new("audit_detail", detail.as_str()).source(grant);
            result.verdict = result.verdict.evidence(evidence);
        }
        result
    };
    results.into_iter().map(add).collect()
}

fn observations(results: &[CheckResult], context: &Context) -> Observations {
    let mut seen = Observations::new(results.iter().map(entry).collect());
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
    Observation {
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
            for step in &cause.fix {
                assert!(step.page.as_ref().is_none_or(|page| pages.contains_key(page)), "{id}");
            }
            for detail in &cause.audit {
                assert!(guidance.audit_detail(detail).is_some(), "{id}: {detail}");
            }
        }
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
            // An entry that was not tried has no cause.
            const UNTRIED: [&str; 5] = [
                "write-not-probed",
                "full-not-probed",
                "form-forbidden",
                "no-row-to-edit",
                "type-not-described",
            ];
            let findings = crate::checks::find_by_name(check).unwrap().findings();
            for finding in findings.filter(|finding| !UNTRIED.contains(&finding.as_str())) {
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
