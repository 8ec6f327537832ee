use strum::VariantArray as _;

use super::*;
use crate::engine::{FindingId, Severity, Verdict};
use crate::report::samples::{self, handbook, meta};
use crate::report::v1::{CheckEntry, Overall, ReasonCode, Status};
use crate::report::{integrity, json};
use crate::types::{Secret, SecretKind};

const A: FindingId = FindingId::new("absent");
const B: FindingId = FindingId::new("odd");

fn one(verdict: Verdict, meta: &RunMeta) -> Report {
    build(&[samples::result("account-id", verdict)], meta, &handbook()).unwrap()
}

#[test]
fn the_gravest_findings_guidance_comes_first_and_each_step_once() {
    let verdict = Verdict::warn(B, "Odd.").note(Severity::Fail, A, "Absent.").note(
        Severity::Fail,
        A,
        "Absent again.",
    );
    let report = one(verdict, &meta());
    let entry = &report.checks[0];
    assert_eq!(entry.summary, "Absent. Absent again. Odd.");
    let findings: Vec<&str> = entry
        .evidence
        .iter()
        .filter(|fact| fact.key == FINDING)
        .map(|fact| fact.value.as_str())
        .collect();
    assert_eq!(findings, ["absent", "odd"]);
    let steps: Vec<&str> = entry.fix.iter().map(|fix| fix.text.as_str()).collect();
    assert_eq!(steps, ["Copy the value of the field Account ID.", "Look at <what>."]);
}

#[test]
fn deep_links_need_the_account_and_every_value() {
    let fix = |meta: &RunMeta, verdict: Verdict| one(verdict, meta).checks[0].fix.clone();
    let known = fix(&meta(), Verdict::fail(A, "Absent."));
    assert_eq!(
        known[0].url.as_deref(),
        Some("https://1234567-sb1.app.netsuite.com/app/common/otherlists/company.nl")
    );
    let mut unknown = meta();
    unknown.target.account = None;
    assert_eq!(fix(&unknown, Verdict::fail(A, "Absent."))[0].url, None);

    let role = FindingId::new("role");
    assert_eq!(fix(&meta(), Verdict::fail(role, "Role."))[0].url, None);
    let with_role = Verdict::fail(role, "Role.").param("role_id", "1021");
    let filled = fix(&meta(), with_role.clone());
    let evidence = &one(with_role, &meta()).checks[0].evidence;
    assert_eq!(evidence.last().unwrap().value, "The role 1021 is not the one meant.");
    assert_eq!(
        filled[0].url.as_deref(),
        Some("https://1234567-sb1.app.netsuite.com/app/setup/role.nl?id=1021")
    );
}

#[test]
fn commands_quote_paths_and_show_gaps() {
    let command = |meta: &RunMeta| {
        let report = one(Verdict::fail(FindingId::new("key"), "Key."), meta);
        report.checks[0].fix[0].command.clone().unwrap()
    };
    let mut with_path = meta();
    with_path.values.set("private_key_file", "/tmp/my key.pem");
    assert_eq!(command(&with_path), "openssl pkey -in '/tmp/my key.pem' -noout");
    assert_eq!(command(&meta()), "openssl pkey -in <private-key-file> -noout");
}

#[test]
fn the_summary_counts_and_names_the_first_failure() {
    let report = samples::report();
    assert_eq!(report.summary.verdict, Overall::Fail);
    assert_eq!(report.summary.exit_code, 1);
    assert_eq!(report.summary.first_blocker.as_ref().unwrap().id, "certificate-id-matches");
    let total = &report.summary.counts;
    let sum = total.pass + total.warn + total.fail + total.inconclusive + total.skipped;
    assert_eq!(sum as usize, report.checks.len());
}

#[test]
fn the_sample_has_every_status_and_every_reason() {
    let report = samples::report();
    for status in [Status::Pass, Status::Warn, Status::Fail, Status::Inconclusive, Status::Skipped]
    {
        assert!(report.checks.iter().any(|check| check.status == status), "{status:?}");
    }
    for code in ReasonCode::VARIANTS.iter().copied() {
        let has =
            |check: &CheckEntry| check.reason.as_ref().is_some_and(|reason| reason.code == code);
        assert!(report.checks.iter().any(has), "{code:?}");
    }
}

#[test]
fn a_report_survives_being_written_and_read() {
    let report = samples::report();
    let text = json::render(&report).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    integrity::verify(&value).unwrap();
    assert_eq!(serde_json::from_value::<Report>(value.clone()).unwrap(), report);
    // A newer program may add members.
    value["checks"][0]["added_later"] = serde_json::json!({"x": 1});
    assert_eq!(serde_json::from_value::<Report>(value).unwrap(), report);
}

/// A secret that is a word of the document must not take the document with it.
#[test]
fn secrets_that_are_words_leave_the_document_whole() {
    let plain = samples::report();
    for secret in ["pass", "certificate", "inconclusive", "account-id", "checks", "\"", "{\"a\":1}"]
    {
        let meta = meta();
        meta.scrubber.learn(&Secret::new(SecretKind::Passphrase, secret));
        let report = build(&samples::results(), &meta, &handbook()).unwrap();
        integrity::verify(&serde_json::to_value(&report).unwrap()).unwrap();
        assert_eq!(report.summary, plain.summary, "{secret}");
        for (one, other) in report.checks.iter().zip(&plain.checks) {
            assert_eq!((&one.id, &one.title, one.status), (&other.id, &other.title, other.status));
        }
    }
}

#[test]
fn no_secret_comes_through_any_free_text() {
    let secret = "c4nary/\"+é=";
    let mut meta = meta();
    meta.scrubber.learn(&Secret::new(SecretKind::ClientSecret, secret));
    meta.values.set("private_key_file", secret);
    meta.proxy = Some(format!("http://u:{secret}@proxy:1/{secret}"));
    meta.target.hosts.push(secret.to_owned());
    meta.target.certificate_id = Some(secret.to_owned());
    let results = samples::results_with_text(secret);
    meta.causes = samples::causes(secret);
    let text = json::render(&build(&results, &meta, &handbook()).unwrap()).unwrap();
    assert!(text.contains(crate::types::scrub::MARK));
    assert!(!text.contains("c4nary"), "{text}");
}

#[test]
fn hostile_text_is_bounded_and_neutral() {
    let hostile = format!("\u{1b}]0;owned\u{7}\u{202e}{}", "x".repeat(100_000));
    let report = one(Verdict::fail(A, hostile), &meta());
    let text = json::render(&report).unwrap();
    assert!(text.len() < 20_000);
    assert!(!text.contains("\\u001b") && !text.contains('\u{202e}'));
}
