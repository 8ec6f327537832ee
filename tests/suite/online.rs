//! The online checks against the emulator, scenario by scenario, over real TLS. The identifiers
//! are laid before the checks as facts, so that only the network side is under test.

use std::time::{Duration, Instant};

use netsuite_preflight::door::PrivateKey;
use netsuite_preflight::door::Sleep;
use netsuite_preflight::door::{CertificateId, ClientId, Clock, Scrubber};
use netsuite_preflight::door::{CheckId, CheckResult, ReasonCode, Status, run_checks};
use netsuite_preflight::door::{Client, HttpOptions};
use netsuite_preflight::door::{ClientInputs, ExpectedStatus, Scenario, scenario};
use netsuite_preflight::door::{Context, Inputs};
use netsuite_preflight::door::{Emulator, ThreadedEmulator};
use netsuite_preflight::door::{Given, Origin};
use netsuite_preflight::door::{ids, plan};
use openssl::pkey::PKey;

use crate::support::{Emulated, Program};

const ONLINE: &[CheckId] = &[
    ids::ACCOUNT_EXISTS,
    ids::CONNECTION,
    ids::CLOCK,
    ids::TOKEN_EXCHANGE,
    ids::TOKEN_IDENTITY,
    ids::TOKEN_SCOPE,
    ids::REST_SERVICE,
    ids::RECORD_ACCESS,
];

/// One scenario for each way in which the online checks can end.
const SOME: &[&str] = &[
    "healthy",
    "account-sandbox",
    "captive-page",
    "domains-unreachable",
    "clock-ten-minutes-behind",
    "clock-ten-minutes-behind-corrected",
    "clock-ten-minutes-ahead-corrected",
    "tls-inspection",
    "certificate-never-uploaded-400",
    "token-maintenance",
    "rest-permission-missing-401",
    "record-permission-too-low",
    "record-list-not-allowed",
    "record-rate-limited",
    "record-workflow-lock",
    "record-empty-accepted",
];

#[test]
fn links_lead_to_the_role_of_this_account_alone() {
    let shown = |scenario: &str| {
        Program::new(["demo", "--format=json", "--scenario", scenario]).exits(1).stdout
    };
    assert!(shown("rest-permission-missing-401").contains("/app/setup/role.nl?id="));
    let other = shown("token-of-another-company");
    assert!(!other.contains("role.nl?id=") && !other.contains("entity.nl?id="), "{other}");
}

#[test]
fn an_entry_that_is_named_needs_no_further_option() {
    let account = Emulated::scenario("healthy");
    let mut args = account.check_args();
    args.extend(["--only=record-access:Customer:view", "--format=json"].map(str::to_owned));
    let report = Program::new(&args).exits(0).json();
    let checks = report["checks"].as_array().unwrap();
    let entry = checks.iter().find(|c| c["id"].as_str().unwrap().contains("record-access"));
    assert_eq!(entry.unwrap()["status"], "pass", "{checks:?}");
    args.push("--only=record-access:custommer:view".to_owned());
    assert!(Program::new(&args).exits(2).stderr.contains("customer"));
}

#[test]
fn scenarios_end_as_their_files_say() {
    let wrong: Vec<String> =
        SOME.iter().flat_map(|name| differences(&scenario::find(name).unwrap())).collect();
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn nothing_that_writes_is_ever_sent_and_http_2_is_used() {
    let scenario = scenario::find("record-list-not-allowed-but-queried").unwrap();
    let (emulator, results) = checked(&scenario).unwrap();
    assert!(results.iter().all(|result| result.verdict.status() != Status::Fail));
    let log = emulator.log();
    assert!(log.writes().is_empty());
    let entries = log.entries();
    assert!(entries.iter().all(|entry| entry.http2));
    for entry in entries.iter().filter(|entry| entry.method != "GET") {
        assert_eq!(entry.method, "POST");
        assert!(
            entry.path.ends_with("/token") || entry.path.contains("/suiteql"),
            "{}",
            entry.path
        );
    }
    assert_eq!(log.hits("/auth/oauth2/v1/token"), 1);
}

/// Runs a scenario. None where an identifier of it is malformed.
pub fn checked(scenario: &Scenario) -> Option<(ThreadedEmulator, Vec<CheckResult>)> {
    let clock = Clock::system();
    let prepared = scenario.prepare(&clock).unwrap();
    let emulator = Emulator::spawn_thread(prepared.account, prepared.options).unwrap();
    let options = HttpOptions {
        connect_to: Some(("127.0.0.1".to_owned(), emulator.addr().port())),
        extra_ca: Some(emulator.ca_pem().to_vec()),
        timeout: Duration::from_secs(3),
        connect_timeout: Duration::from_secs(1),
        sleep: Sleep::new(|_| Box::pin(std::future::ready(()))),
        ..HttpOptions::default()
    };
    let context = context(&prepared.client, clock)?.with_client(Client::new(options).unwrap());
    let nodes = plan::nodes(&context, &plan::Selection::default());
    let deadline = Instant::now() + Duration::from_secs(60);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let results = runtime.block_on(run_checks(nodes, &context, &(), deadline)).unwrap();
    Some((emulator, results))
}

fn context(client: &ClientInputs, clock: Clock) -> Option<Context> {
    let account_id = Given { value: client.account_id.clone(), origin: Origin::Generated };
    let inputs = Inputs {
        account_id: Some(account_id),
        records: client.records.iter().map(|record| record.parse().unwrap()).collect(),
        scopes: client.scopes.clone(),
        accept_empty: given(client, "--accept-empty"),
        correct_clock: given(client, "--correct-clock"),
        probe_writes: given(client, "--probe-writes"),
        ..Inputs::default()
    };
    let context = Context::new(inputs, clock, Scrubber::default());
    let facts = &context.facts;
    facts.client_id.set(ClientId::new(&client.client_id).ok()?).unwrap();
    facts.certificate_id.set(CertificateId::new(&client.certificate_id).ok()?).unwrap();
    let key = PKey::private_key_from_pem(client.private_key.expose()).unwrap();
    facts.private_key.set(PrivateKey::new(key)).unwrap();
    Some(context)
}

fn given(client: &ClientInputs, flag: &str) -> bool {
    client.args.iter().any(|arg| arg == flag)
}

fn differences(scenario: &Scenario) -> Vec<String> {
    let (_emulator, results) = checked(scenario).unwrap();
    let online = results.iter().filter(|result| ONLINE.contains(&result.key.check));
    online
        .filter_map(|result| {
            let expected = scenario.expect.statuses.get(&result.key.to_string())?;
            let reason = result.verdict.reason().map(|reason| reason.code);
            (!fits(expected, result.verdict.status(), reason)).then(|| {
                format!(
                    "{}: {}: expected {} {}, was {:?} {reason:?}: {}",
                    scenario.name,
                    result.key,
                    expected.status.as_str(),
                    expected.reason.as_deref().unwrap_or_default(),
                    result.verdict.status(),
                    result.verdict.summary()
                )
            })
        })
        .collect()
}

fn fits(expected: &ExpectedStatus, status: Status, reason: Option<ReasonCode>) -> bool {
    let word = match status {
        Status::Pass => "pass",
        Status::Warn => "warn",
        Status::Fail => "fail",
        Status::Inconclusive => "inconclusive",
        Status::Skipped => "skipped",
    };
    let same_reason =
        expected.reason.as_deref().is_none_or(|code| reason.is_some_and(|r| r.as_str() == code));
    expected.status.as_str() == word && same_reason
}
