use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openssl::pkey::PKey;
use openssl::symm::Cipher;
use serde_json::json;

use super::*;
use crate::report::samples;

fn sample() -> Value {
    serde_json::to_value(samples::report()).unwrap()
}

fn wrong(document: &Value) -> Vec<String> {
    let stored = Stored::of(document.clone()).unwrap();
    let all = examine(&stored).remove(0);
    all.into_iter().filter(|one| !one.ok).flat_map(|one| one.seen).collect()
}

#[test]
fn the_sample_is_sound() {
    assert_eq!(wrong(&sample()), [""; 0]);
}

#[test]
fn changes_gaps_and_contradictions_are_told() {
    let mut changed = sample();
    changed["checks"][0]["summary"] = json!("All is well.");
    assert!(wrong(&changed).iter().any(|told| told.contains("changed")));
    let mut gap = sample();
    gap["target"].as_object_mut().unwrap().remove("profile");
    assert!(wrong(&gap).contains(&"/target/profile is missing.".to_owned()));
    let mut other = sample();
    other["summary"]["exit_code"] = json!(0);
    other["summary"]["counts"]["fail"] = json!(0);
    assert_eq!(wrong(&other).len(), 3, "checksum, counts, exit code: {:?}", wrong(&other));
}

/// Everything a report must not hold, under a name that says nothing.
fn secrets() -> Vec<(&'static str, String)> {
    let key = openssl::ec::EcKey::generate(
        &openssl::ec::EcGroup::from_curve_name(openssl::nid::Nid::X9_62_PRIME256V1).unwrap(),
    );
    let ec = key.unwrap();
    let sec1 = ec.private_key_to_der().unwrap();
    let key = PKey::from_ec_key(ec).unwrap();
    let rsa = openssl::rsa::Rsa::generate(1024).unwrap();
    let pem = String::from_utf8(key.private_key_to_pem_pkcs8().unwrap()).unwrap();
    let encrypted =
        key.private_key_to_pkcs8_passphrase(Cipher::aes_256_cbc(), b"passphrase").unwrap();
    let token = format!(
        "{}.{}.c2lnbmF0dXJl",
        URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"PS256"}"#),
        URL_SAFE_NO_PAD.encode(r#"{"iss":"somebody"}"#)
    );
    vec![
        ("PEM", pem.clone()),
        ("PEM on one line", pem.replace('\n', "\\n")),
        ("the first half of a PEM", pem[..pem.len() / 2].replace('\n', " ")),
        ("PKCS#8", STANDARD.encode(key.private_key_to_pkcs8().unwrap())),
        ("PKCS#8 in base64url", URL_SAFE_NO_PAD.encode(key.private_key_to_pkcs8().unwrap())),
        ("SEC 1", STANDARD.encode(sec1)),
        ("PKCS#1", STANDARD.encode(rsa.private_key_to_der().unwrap())),
        ("encrypted PKCS#8", STANDARD.encode(encrypted)),
        ("a token", token.clone()),
        ("a token in a sentence", format!("The answer was {token}.")),
        ("a token that was cut off", token[..token.len() - 20].to_owned()),
        ("a bearer token", "Authorization: Bearer 0123456789abcdef0123".to_owned()),
        ("a form", "grant_type=x&client_assertion=abcdefghijklmnopqrst".to_owned()),
        ("an answer", r#"{"access_token": "abcdefghijklmnopqrst"}"#.to_owned()),
        (
            "a Client Secret",
            "5ec2e75ec2e75ec2e75ec2e7c0ffee11c0ffee115ec2e75ec2e75ec2e75ec2e7".to_owned(),
        ),
        ("a Client Secret in a sentence", format!("given: {}", "0f".repeat(32))),
    ]
}

#[test]
fn secrets_are_found_wherever_they_stand_and_never_quoted() {
    for (what, secret) in secrets() {
        let places: [fn(&mut Value, &str); 4] = [
            |report, secret| report["checks"][3]["summary"] = json!(secret),
            |report, secret| {
                report["checks"][3]["fix"] =
                    json!([{"text": "x", "where": null, "url": null, "command": secret}])
            },
            |report, secret| report["later"] = json!({"deep": [{"er": secret}]}),
            |report, secret| report["tool"][secret] = json!(1),
        ];
        for (place, put) in places.iter().enumerate() {
            let mut document = sample();
            put(&mut document, &secret);
            let found = search(&document);
            assert_eq!(found.len(), 1, "{what} at {place}: {found:?}");
            let told = found[0].to_string();
            assert!(!told.contains(&secret[..16]), "{told}");
        }
    }
    let mut document = sample();
    document["checks"][3]["evidence"] = json!([{"key": "passphrase", "value": "correct-horse-battery", "expected": null, "source": null}]);
    assert_eq!(search(&document).len(), 1);
}

#[test]
fn hashes_names_and_guidance_are_no_secrets() {
    let der = include_bytes!("../../../fixtures/keys/ec-p256.certificate.pem");
    let certificate = openssl::x509::X509::from_pem(der).unwrap();
    let public = certificate.public_key().unwrap().public_key_to_der().unwrap();
    for text in [
        "its first line is -----BEGIN PRIVATE KEY-----, and it was made with the certificate",
        "Where a program asks for PKCS#8 (BEGIN PRIVATE KEY), it refuses this form",
        "A bearer token is what NetSuite issues. The passphrase: give it with --passphrase-file.",
        "netsuite-preflight check --private-key /etc/netsuite/private-key.pem",
        "client_secret=<client-secret> access_token: [redacted]",
        "0123456789abcdef0123456789abcdef",
        "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE",
        "https://1234567.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token",
        &STANDARD.encode(certificate.to_der().unwrap()),
        &STANDARD.encode(public),
    ] {
        let mut document = sample();
        document["checks"][3]["summary"] = json!(text);
        assert_eq!(search(&document), [], "{text}");
    }
    let mut document = sample();
    let hash = "ab".repeat(32);
    document["checks"][3]["evidence"] =
        json!([{"key": "sha256", "value": hash, "expected": null, "source": null}]);
    document["checks"][4]["summary"] = json!(format!("SHA-256 {hash}"));
    assert_eq!(search(&document), [], "the certificate's own hash may be named anywhere");
}
