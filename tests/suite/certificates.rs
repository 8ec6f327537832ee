//! `certificates list|upload|revoke`: over real TLS, against an account that keeps the five limit.

use netsuite_preflight::door::FaultRule;
use netsuite_preflight::door::Prepared;
use serde_json::Value;

use crate::support::{Emulated, Program};

/// The scenario in which the role may manage its certificates.
pub const READABLE: &str = "certificate-list-readable";
pub const UPLOAD: &str = "path = '*/certificates'\nmethod = 'POST'\n";
pub const LIST: &str = "path = '*/certificates'\nmethod = 'GET'\n";
pub const TOKEN: &str = "path = '*/token'\nmethod = 'POST'\n";
pub const REVOKE: &str = "path = '*/revoke'\n";

/// Makes the first request that the pattern names meet a fault.
pub fn fault(pattern: &str, from: usize, kind: &str) -> FaultRule {
    toml::from_str(&format!("{pattern}from = {from}\ncount = 1\nfault = '{kind}'")).unwrap()
}

pub fn with_faults(rules: Vec<FaultRule>) -> Emulated {
    Emulated::changed(READABLE, |prepared: &mut Prepared| prepared.options.faults = rules)
}

/// `certificates` with the credentials that are registered.
pub fn args(account: &Emulated, command: &[&str]) -> Vec<String> {
    let mut all = vec!["certificates".to_owned()];
    all.extend(command.iter().map(|arg| (*arg).to_owned()));
    all.extend(account.account_args());
    all.push(format!("--private-key={}", account.path("private-key.pem").display()));
    all
}

fn json(account: &Emulated, command: &[&str], exit: i32) -> Value {
    let mut all = args(account, command);
    all.push("--format=json".to_owned());
    let document = Program::new(&all).exits(exit).json();
    assert_eq!(document["exit_code"], exit);
    assert!(document["next"].as_array().is_some_and(|next| !next.is_empty()), "{document}");
    document
}

/// A new pair in the account's folder.
pub fn generate(account: &Emulated, name: &str) -> (String, String) {
    let out = account.path(name);
    let made = Program::new(["generate", "--key-type=ec-p256", "--format=json"])
        .arg("--out", &out)
        .exits(0)
        .json();
    let id = made["certificate_id"].as_str().unwrap().to_owned();
    (id, out.join("certificate.pem").display().to_string())
}

/// How many requests changed something.
fn changes(account: &Emulated) -> usize {
    account.emulator.log().entries().iter().filter(|entry| entry.changed).count()
}

fn uploads(account: &Emulated) -> usize {
    let entries = account.emulator.log().entries();
    let posted = |path: &str| path.contains("/certificates");
    entries.iter().filter(|entry| entry.method == "POST" && posted(&entry.path)).count()
}

/// Fills the integration record up to this many certificates.
fn filled(account: &Emulated, to: usize) {
    for number in 1..to {
        let (_, file) = generate(account, &format!("more-{number}"));
        let pem = std::fs::read(file).unwrap();
        let combination = ("survey", "integration", "service-user");
        account.emulator.register(&pem, combination).unwrap();
    }
}

#[test]
fn list_shows_every_certificate_and_which_is_this_runs() {
    let account = Emulated::scenario(READABLE);
    filled(&account, 2);
    let document = json(&account, &["list"], 0);
    let rows = document["certificates"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    let own: Vec<&Value> = rows.iter().filter(|row| row["this_run"] == true).collect();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0]["certificate_id"], account.client.certificate_id.as_str());
    assert_eq!(own[0]["state"], "active");
    assert_eq!(own[0]["role"], "Survey integration role (1042)");
    assert_eq!(own[0]["entity"], "Integration, Survey (2207)");
    assert_eq!(own[0]["revoked"], false);
    let run = Program::new(args(&account, &["list"])).exits(0);
    let shown = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for text in ["Active: 2 of at most 5", "(this run's)", "Survey integration role (1042)"] {
        assert!(shown.contains(text), "{text}\n{shown}");
    }
    assert_eq!(uploads(&account), 0);
}

#[test]
fn a_role_without_the_permission_is_told_what_it_lacks() {
    let account = Emulated::scenario("healthy");
    let document = json(&account, &["list"], 1);
    assert_eq!(document["finding"], "not-permitted");
    let run = Program::new(args(&account, &["list"])).exits(1);
    let prose = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for text in [
        "Manage own OAuth 2.0 Client Credentials certificates",
        "scope rest_webservices",
        "Setup > Users/Roles > Manage Roles",
    ] {
        assert!(prose.contains(text), "{text}\n{prose}");
    }
    let (id, file) = generate(&account, "new");
    let upload = json(&account, &["upload", "--certificate", &file], 1);
    assert_eq!(upload["finding"], "not-permitted");
    assert_eq!(json(&account, &["revoke", &id, "--yes"], 1)["finding"], "not-permitted");
    assert_eq!(uploads(&account), 0);
}

#[test]
fn without_the_scope_there_is_no_token_and_the_guidance_names_it() {
    let account = Emulated::scenario("scope-not-ticked");
    let document = json(&account, &["list"], 1);
    assert_eq!(document["finding"], "no-token");
    assert!(document["means"].as_str().unwrap().contains("rest_webservices"), "{document}");
}

#[test]
fn upload_registers_for_the_same_role_and_entity() {
    let account = Emulated::scenario(READABLE);
    let (id, file) = generate(&account, "new");
    let key = account.path("new").join("private-key.pem").display().to_string();
    let command = ["upload", "--certificate", &file, "--new-key", &key];
    let document = json(&account, &command, 0);
    assert_eq!(document["finding"], "registered");
    assert_eq!(document["certificate_id"], id.as_str());
    // What comes next is for this account, on the same way, and with the new certificate.
    let next = document["next"][0]["command"].as_str().unwrap();
    let certificate_id = format!("--certificate-id={id}");
    for option in ["--account-id 1234567", "--connect-to 127.0.0.1:", &certificate_id] {
        assert_eq!(next.matches(option).count(), 1, "{option}: {next}");
    }
    assert_eq!(next.matches("--certificate-id").count(), 1, "{next}");
    assert!(!next.contains("--certificate "), "{next}");
    // As it is printed it signs in with the new pair.
    let words = next.split(' ').skip(1);
    let proved = Program::new(words).exits(0);
    assert!(proved.stdout.contains("PASSED"), "{}", proved.stdout);
    let now = account.emulator.account();
    let mapping = now.certificates.iter().find(|m| m.certificate.id() == id).unwrap();
    assert_eq!((mapping.role.as_str(), mapping.entity.as_str()), ("integration", "service-user"));
    // Once more: the list shows it, and nothing is sent.
    assert_eq!(json(&account, &command, 0)["finding"], "already-registered");
    assert_eq!((uploads(&account), changes(&account)), (1, 1));
    // And with it a token is issued.
    let mut check = vec!["check".to_owned(), "--only=token-exchange".to_owned()];
    check.extend(account.account_args());
    check.retain(|arg| !arg.starts_with("--certificate-id"));
    check.extend([format!("--certificate-id={id}"), format!("--private-key={key}")]);
    Program::new(&check).exits(0);
}

#[test]
fn what_the_files_rule_out_is_never_sent() {
    let account = Emulated::scenario(READABLE);
    let (_, file) = generate(&account, "new");
    let other = account.path("private-key.pem").display().to_string();
    let mismatched = ["upload", "--certificate", &file, "--new-key", &other];
    let document = json(&account, &mismatched, 1);
    assert_eq!(document["finding"], "certificate-not-ready");
    assert!(document["summary"].as_str().unwrap().contains("key-matches-certificate"));
    let document = json(&account, &["upload", "--certificate", &other], 1);
    assert_eq!(document["finding"], "certificate-not-ready");
    assert_eq!(account.emulator.log().entries().len(), 0);
    json(&account, &["list"], 0);
}

#[test]
fn the_sixth_active_certificate_is_refused_beforehand() {
    let account = Emulated::scenario(READABLE);
    filled(&account, 5);
    let (_, file) = generate(&account, "new");
    let document = json(&account, &["upload", "--certificate", &file], 1);
    assert_eq!(document["finding"], "no-room");
    assert_eq!(document["certificates"].as_array().unwrap().len(), 5);
    let out = account.path("rotated").display().to_string();
    let rotate = json(&account, &["rotate", "--out", &out, "--key-type=ec-p256"], 1);
    assert_eq!(rotate["finding"], "no-room");
    assert!(!account.path("rotated").exists(), "no key is made where there is no room for it");
    assert_eq!(uploads(&account), 0);
}

#[test]
fn a_duplicate_that_the_list_does_not_show_is_refused_by_netsuite() {
    for switch in ["400-user-error", "409"] {
        let account = Emulated::changed(READABLE, |prepared: &mut Prepared| {
            let switches = &mut prepared.options.switches;
            switches.set("certificate-upload-refusal", switch).unwrap();
            switches.set("own-certificates", "entity").unwrap();
        });
        let (_, file) = generate(&account, "new");
        let pem = std::fs::read(&file).unwrap();
        account.emulator.register(&pem, ("survey", "integration", "owner")).unwrap();
        let document = json(&account, &["upload", "--certificate", &file], 1);
        assert_eq!(document["finding"], "upload-refused", "{switch}");
    }
}

#[test]
fn an_upload_without_an_answer_is_found_by_the_list() {
    for (kind, exit, finding) in [
        ("answer-lost", 0, "registered"),
        ("error-afterwards", 0, "registered"),
        ("close-mid-body", 0, "registered"),
        ("truncate", 0, "registered"),
        ("close", 1, "not-registered"),
        ("unexpected-error", 1, "not-registered"),
        ("captive-page", 1, "not-registered"),
        ("invalid-json", 1, "not-registered"),
    ] {
        let account = with_faults(vec![fault(UPLOAD, 1, kind)]);
        let (id, file) = generate(&account, "new");
        let document = json(&account, &["upload", "--certificate", &file], exit);
        assert_eq!(document["finding"], finding, "{kind}");
        assert_eq!(document["certificate_id"], id.as_str());
        assert_eq!(uploads(&account), 1, "{kind}: an upload is never repeated by itself");
    }
    let both = vec![fault(UPLOAD, 1, "answer-lost"), fault(LIST, 2, "close")];
    let account = with_faults(both);
    let (_, file) = generate(&account, "new");
    let document = json(&account, &["upload", "--certificate", &file], 3);
    assert_eq!(document["finding"], "upload-undecided");
}

#[test]
fn revoke_is_careful() {
    let account = Emulated::scenario(READABLE);
    let own = account.client.certificate_id.clone();
    assert_eq!(json(&account, &["revoke", &own, "--yes"], 1)["finding"], "in-use");
    let forced = ["revoke", &own, "--yes", "--force-in-use"];
    assert_eq!(json(&account, &forced, 1)["finding"], "last-active");
    let (id, file) = generate(&account, "new");
    assert_eq!(json(&account, &["revoke", &id, "--yes"], 1)["finding"], "not-listed");
    json(&account, &["upload", "--certificate", &file], 0);
    // Nobody can be asked here.
    let run = Program::new(args(&account, &["revoke", &id])).exits(2);
    assert!(run.stderr.contains("--yes"), "{}", run.stderr);
    Program::new(args(&account, &["revoke", "nonsense", "--yes"])).exits(2);
    assert_eq!(changes(&account), 1);
    let run = Program::new(args(&account, &["revoke", &id, "--yes"])).exits(0);
    assert!(run.stdout.contains("successfully revoked"), "{}", run.stdout);
    assert_eq!(json(&account, &["revoke", &id, "--yes"], 0)["finding"], "already-revoked");
    let upload = json(&account, &["upload", "--certificate", &file], 1);
    assert_eq!(upload["finding"], "revoked-before");
    assert_eq!(changes(&account), 2);
}

#[test]
fn a_revoked_certificate_opens_nothing_and_the_audit_trail_says_why() {
    let account = Emulated::scenario(READABLE);
    let (_, file) = generate(&account, "new");
    json(&account, &["upload", "--certificate", &file], 0);
    let own = account.client.certificate_id.clone();
    json(&account, &["revoke", &own, "--yes", "--force-in-use"], 0);
    assert_eq!(json(&account, &["list"], 1)["finding"], "no-token");
    let last = account.emulator.audit_trail().pop().unwrap();
    assert_eq!(last.detail.unwrap().as_str(), "MissingKey");
}

#[test]
fn a_revocation_without_an_answer_is_settled_by_the_list() {
    for (kind, exit, finding) in [
        ("answer-lost", 0, "revoked"),
        ("error-afterwards", 0, "revoked"),
        ("close", 1, "not-revoked"),
        ("unexpected-error", 1, "not-revoked"),
    ] {
        let account = with_faults(vec![fault(REVOKE, 1, kind)]);
        let (id, file) = generate(&account, "new");
        json(&account, &["upload", "--certificate", &file], 0);
        let document = json(&account, &["revoke", &id, "--yes"], exit);
        assert_eq!(document["finding"], finding, "{kind}");
    }
    let account = with_faults(vec![fault(REVOKE, 1, "answer-lost"), fault(LIST, 3, "close")]);
    let (id, file) = generate(&account, "new");
    json(&account, &["upload", "--certificate", &file], 0);
    let document = json(&account, &["revoke", &id, "--yes"], 3);
    assert_eq!(document["finding"], "revoke-undecided");
}

#[test]
fn what_is_missing_is_named_at_once() {
    let run = Program::new(["certificates", "list"]).exits(2);
    for flag in ["--account-id", "--client-id", "--certificate-id", "--private-key"] {
        assert!(run.stderr.contains(flag), "{}", run.stderr);
    }
}

/// The options of the target stand in the configuration file, as for `check`.
#[test]
fn a_target_of_the_configuration_file_is_taken() {
    let account = Emulated::scenario(READABLE);
    let text = account.defaults() + &account.target("a") + "[targets.b]\naccount_id = '2'\n";
    let file = account.write("targets.toml", text.as_bytes());
    let config = format!("--config={}", file.display());
    let shown = Program::new(["certificates", "list", "--target=a", &config]).exits(0);
    assert!(shown.stdout.contains(&account.client.certificate_id[..20]), "{}", shown.stdout);
    let refused = Program::new(["certificates", "list", &config]).exits(2);
    assert!(refused.stderr.contains("--target NAME"), "{}", refused.stderr);
}
