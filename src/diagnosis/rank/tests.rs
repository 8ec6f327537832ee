use super::super::catalogue::causes;
use super::*;

fn entry(check: &str, outcome: Status, findings: &[&str]) -> Entry {
    Entry {
        check: check.to_owned(),
        subject: None,
        outcome,
        findings: findings.iter().map(|name| (*name).to_owned()).collect(),
        evidence: Vec::new(),
    }
}

fn ranked(entries: &[Entry], kind: &str, audit: Option<&str>) -> Vec<Ranked> {
    let mut seen = Observations::new(entries.to_vec());
    seen.account_kind = Some(kind.to_owned());
    let audit = audit.map(|value| value.parse().unwrap());
    let at = entries.iter().find(|entry| entry.check == "token-exchange").unwrap();
    rank(causes(), &seen, at, audit.as_ref())
}

fn of<'a>(ranked: &'a [Ranked], cause: &str) -> &'a Ranked {
    ranked.iter().find(|one| one.cause == cause).unwrap_or_else(|| panic!("{cause} in {ranked:?}"))
}

fn refused() -> Entry {
    entry("token-exchange", Status::Fail, &["server-error"])
}

#[test]
fn without_proofs_everything_is_possible_and_nothing_likely() {
    let all = ranked(&[refused()], "production", None);
    assert!(all.iter().all(|one| one.rank != Rank::Likely), "{all:?}");
    assert!(all.iter().filter(|one| one.rank == Rank::Possible).count() > 10);
    assert!(all.iter().all(|one| !one.because.is_empty()));
    assert_eq!(of(&all, "mappings-cleared-by-refresh").rank, Rank::RuledOut);
    assert_eq!(all[0].cause, "certificate-id-wrong");
}

#[test]
fn offline_proofs_lead_and_exclude() {
    let matching = entry("key-matches-certificate", Status::Pass, &[]);
    let its_id = entry("certificate-id-matches", Status::Pass, &[]);
    let expired = entry("certificate-expiry", Status::Fail, &["expired"]);
    let all = ranked(&[matching.clone(), its_id.clone(), expired, refused()], "production", None);
    assert_eq!(all[0].cause, "certificate-expired");
    assert_eq!(all[0].rank, Rank::Likely);
    assert_eq!(of(&all, "key-of-another-certificate").rank, Rank::RuledOut);
    assert_eq!(of(&all, "certificate-id-wrong").rank, Rank::RuledOut);
    // The key fits the file, but whether the file is the registered one is open.
    let all = ranked(&[matching, refused()], "production", None);
    assert_eq!(of(&all, "key-of-another-certificate").rank, Rank::Possible);
}

#[test]
fn two_proofs_stand_side_by_side() {
    let expired = entry("certificate-expiry", Status::Fail, &["expired"]);
    let other = entry("key-matches-certificate", Status::Fail, &["mismatch"]);
    let all = ranked(&[other, expired, refused()], "production", None);
    let likely: Vec<&str> =
        all.iter().filter(|one| one.rank == Rank::Likely).map(|one| one.cause.as_str()).collect();
    assert_eq!(likely, ["key-of-another-certificate", "certificate-expired"]);
}

#[test]
fn the_audit_trail_names_the_cause_and_excludes_the_others() {
    let all = ranked(&[refused()], "production", Some("IntegrationBlocked"));
    assert_eq!((all[0].cause.as_str(), all[0].rank), ("integration-blocked", Rank::Likely));
    assert_eq!(of(&all, "client-id-unknown").rank, Rank::RuledOut);
    // What leaves no documented value cannot be excluded by one.
    assert_eq!(of(&all, "ip-address-rules").rank, Rank::Possible);
}

#[test]
fn a_proof_and_the_trail_that_contradict_each_other_are_both_told() {
    let matching = entry("key-matches-certificate", Status::Pass, &[]);
    let its_id = entry("certificate-id-matches", Status::Pass, &[]);
    let all = ranked(&[matching, its_id, refused()], "production", Some("SignatureValidation"));
    let key = of(&all, "key-of-another-certificate");
    assert_eq!(key.rank, Rank::Possible);
    assert!(key.because.len() >= 2, "{key:?}");
    // What was proved offline stays, although the trail shows another fault first.
    let expired = entry("certificate-expiry", Status::Fail, &["expired"]);
    let all = ranked(&[expired, refused()], "production", Some("IntegrationBlocked"));
    assert_eq!(of(&all, "certificate-expired").rank, Rank::Likely);
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
