//! Tests over real TLS, with assertions minted on OpenSSL alone.

mod authorize;
pub(crate) mod client;
mod code_grant;
mod inside;
mod records;
mod running;
mod sign_in;
mod switching;
mod wycheproof;

use std::collections::BTreeSet;

use client::{NOW, Setup, TOKEN, clock, trusting};
use openssl::pkey::PKey;
use serde_json::json;

use super::Emulator;
use super::scenario::{Area, Scenario, all, find, names};
use super::server::Listener;
use crate::types::Service;
use crate::types::{RecordRequest, Status};

// The scenarios are sound, and the emulator does what they expect of it. What `check` says of them
// is tested where `check` is.

#[test]
fn the_list_is_the_folder() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/scenarios");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let listed: BTreeSet<String> = names().map(|name| format!("{name}.toml")).collect();
    assert_eq!(files, listed);
    assert!(find("nothing").is_err());
}

#[test]
fn every_scenario_is_sound() {
    let scenarios = all().unwrap();
    let areas: BTreeSet<Area> = scenarios.iter().map(|scenario| scenario.area).collect();
    assert_eq!(areas.len(), 9);
    for scenario in &scenarios {
        let name = &scenario.name;
        let prepared = scenario.prepare(&clock()).unwrap();
        for record in &prepared.client.records {
            record.parse::<RecordRequest>().unwrap();
        }
        assert!(!scenario.title.ends_with('.') && !scenario.story.trim().is_empty(), "{name}");
        let statuses: Vec<Status> =
            scenario.expect.statuses.values().map(|expected| expected.status).collect();
        assert!(!statuses.is_empty(), "{name} expects nothing");
        let has = |word| statuses.contains(&word);
        match scenario.expect.exit_code {
            0 => assert!(!has(Status::Fail) && !has(Status::Inconclusive), "{name}"),
            1 => assert!(has(Status::Fail), "{name}"),
            3 => assert!(!has(Status::Fail) && has(Status::Inconclusive), "{name}"),
            other => panic!("{name} expects exit code {other}"),
        }
    }
}

#[test]
fn files_are_strict() {
    let read = |extra: &str| {
        let text = format!(
            "title = 't'\nstory = 's'\narea = 'role'\n{extra}\n[expect]\nexit_code = 0\n\
             statuses = {{ clock = 'pass' }}"
        );
        Scenario::read("x", &text).map(|scenario| scenario.prepare(&clock()).is_ok()).ok()
    };
    assert_eq!(read(""), Some(true));
    for wrong in ["titel = 'x'", "[client]\nkeys = 'rsa-3072'", "[client]\nclient_id = 'mine'"] {
        assert_eq!(read(wrong), None, "{wrong}");
    }
    for wrong in ["[switches]\nnothing = 'x'", "[account.features]\nOAuth = false"] {
        assert_eq!(read(wrong), Some(false), "{wrong}");
    }
}

/// Signs in as the scenario's client would, and compares with what is expected.
#[tokio::test]
async fn sign_in_goes_as_expected() {
    let mut tried = 0;
    for scenario in all().unwrap() {
        let expected = scenario.expect.statuses.get("token-exchange");
        let Some(expected) = expected.filter(|e| e.status != Status::Skipped) else { continue };
        let prepared = scenario.prepare(&clock()).unwrap();
        // A client that corrects its clock is no client with a wrong clock.
        if scenario.client.args.iter().any(|arg| arg == "--correct-clock") {
            continue;
        }
        if !prepared.options.faults.is_empty() || prepared.options.listener != Listener::Normal {
            continue;
        }
        tried += 1;
        let host = prepared.account.id.host(Service::SuiteTalk);
        let emulator = Emulator::start(prepared.account, prepared.options).await.unwrap();
        let http = trusting(&emulator).resolve(&host, emulator.addr()).build().unwrap();
        let client = prepared.client;
        let key = PKey::private_key_from_pem_passphrase(client.private_key.expose(), b"").unwrap();
        let setup = Setup {
            emulator,
            http,
            key,
            algorithm: scenario.client.key.algorithm().as_str(),
            kid: client.certificate_id,
        };
        let scopes: Vec<&str> = client.scopes.iter().map(|scope| scope.as_str()).collect();
        let scope = if scopes.is_empty() { vec!["rest_webservices"] } else { scopes };
        let claims = json!({
            "iss": client.client_id,
            "scope": scope,
            "aud": format!("https://{host}{TOKEN}"),
            "iat": NOW,
            "exp": NOW + 300,
        });
        let assertion = setup.assertion(&setup.header(), &claims);
        let status = setup.post_to(&host, &assertion).await.status().as_u16();
        let name = &scenario.name;
        assert_eq!(status == 200, expected.status == Status::Pass, "{name}: {status}");
        let refused = setup.emulator.audit_trail().pop().filter(|entry| !entry.success);
        let detail = refused.and_then(|entry| entry.detail).map(|detail| detail.as_str());
        let stated = scenario.expect.audit_detail.as_deref();
        if status != 200 && (scenario.expect.faults == 1 || stated.is_some()) {
            assert_eq!(detail, stated, "{name}");
        } else if status != 200 {
            // Which of two faults the server meets first is its own matter.
            assert!(detail.is_some(), "{name}");
        }
    }
    assert!(tried > 40, "only {tried} scenarios were tried");
}
