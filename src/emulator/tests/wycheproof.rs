//! The verifier against Wycheproof's vectors (C2SP, testvectors_v1), where the algorithm applies.

use std::path::PathBuf;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey, EcPoint};
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use serde_json::Value;

use crate::emulator::signin::request::verify;
use crate::types::Algorithm;

fn archive() -> Option<PathBuf> {
    let folder = std::env::var_os("NETSUITE_PREFLIGHT_CORPORA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora"),
        PathBuf::from,
    );
    Some(folder.join("wycheproof.tar.xz")).filter(|file| file.is_file())
}

/// The unpacked vectors, or nothing where the corpora are not at hand.
fn unpacked() -> Option<tempfile::TempDir> {
    let Some(archive) = archive() else {
        println!("skipped: no wycheproof.tar.xz; set NETSUITE_PREFLIGHT_CORPORA to its folder");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    let status =
        Command::new("tar").arg("-xJf").arg(archive).arg("-C").arg(folder.path()).status().unwrap();
    assert!(status.success(), "tar cannot unpack the archive");
    Some(folder)
}

fn read(folder: &tempfile::TempDir, name: &str) -> Value {
    let path = folder.path().join("wycheproof").join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

/// Compares every vector of a group; how many there were.
fn compare(group: &Value, algorithm: Algorithm, spki: &[u8], name: &str) -> usize {
    let tests = group["tests"].as_array().unwrap();
    for test in tests {
        let verdict = verify(algorithm, spki, &hex(&test["msg"]), &hex(&test["sig"]));
        match test["result"].as_str().unwrap() {
            "valid" => assert!(verdict, "{name} {} refused: {}", test["tcId"], test["comment"]),
            "invalid" => assert!(!verdict, "{name} {} taken: {}", test["tcId"], test["comment"]),
            // `acceptable` leaves it to the verifier.
            _ => {}
        }
    }
    tests.len()
}

fn ec_spki(group: &Value, curve: Nid) -> Vec<u8> {
    let curve = EcGroup::from_curve_name(curve).unwrap();
    let mut context = openssl::bn::BigNumContext::new().unwrap();
    let bytes = hex(&group["publicKey"]["uncompressed"]);
    let point = EcPoint::from_bytes(&curve, &bytes, &mut context).unwrap();
    let key = EcKey::from_public_key(&curve, &point).unwrap();
    PKey::from_ec_key(key).unwrap().public_key_to_der().unwrap()
}

#[test]
fn ecdsa_in_p1363_form() {
    let Some(folder) = unpacked() else { return };
    let mut compared = 0;
    for (name, algorithm, curve) in [
        ("ecdsa_secp256r1_sha256_p1363_test.json", Algorithm::Es256, Nid::X9_62_PRIME256V1),
        ("ecdsa_secp384r1_sha384_p1363_test.json", Algorithm::Es384, Nid::SECP384R1),
        ("ecdsa_secp521r1_sha512_p1363_test.json", Algorithm::Es512, Nid::SECP521R1),
    ] {
        for group in read(&folder, name)["testGroups"].as_array().unwrap() {
            compared += compare(group, algorithm, &ec_spki(group, curve), name);
        }
    }
    println!("{compared} ECDSA vectors compared");
    assert!(compared > 700, "{compared}");
}

#[test]
fn another_curve_never_verifies() {
    let Some(folder) = unpacked() else { return };
    let vectors = read(&folder, "ecdsa_secp256k1_sha256_p1363_test.json");
    for group in vectors["testGroups"].as_array().unwrap() {
        let spki = ec_spki(group, Nid::SECP256K1);
        for test in group["tests"].as_array().unwrap() {
            let (message, signature) = (hex(&test["msg"]), hex(&test["sig"]));
            assert!(!verify(Algorithm::Es256, &spki, &message, &signature), "{}", test["tcId"]);
        }
    }
}

#[test]
fn rsa_pss_with_the_salt_of_jose() {
    let Some(folder) = unpacked() else { return };
    let (mut compared, mut left) = (0, 0);
    for name in [
        "rsa_pss_2048_sha256_mgf1_0_test.json",
        "rsa_pss_2048_sha256_mgf1_32_test.json",
        "rsa_pss_3072_sha256_mgf1_32_test.json",
        "rsa_pss_4096_sha256_mgf1_32_test.json",
        "rsa_pss_4096_sha384_mgf1_48_test.json",
        "rsa_pss_4096_sha512_mgf1_32_test.json",
        "rsa_pss_4096_sha512_mgf1_64_test.json",
        "rsa_pss_misc_test.json",
    ] {
        for group in read(&folder, name)["testGroups"].as_array().unwrap() {
            let (sha, salt) = (group["sha"].as_str().unwrap(), group["sLen"].as_u64().unwrap());
            let algorithm = match (sha, salt) {
                ("SHA-256", 32) => Algorithm::Ps256,
                ("SHA-384", 48) => Algorithm::Ps384,
                ("SHA-512", 64) => Algorithm::Ps512,
                _ => {
                    left += group["tests"].as_array().unwrap().len();
                    continue;
                }
            };
            if group["mgfSha"].as_str() != Some(sha) {
                left += group["tests"].as_array().unwrap().len();
                continue;
            }
            let number = |name: &str| BigNum::from_slice(&hex(&group["publicKey"][name])).unwrap();
            let (modulus, exponent) = (number("modulus"), number("publicExponent"));
            let key = Rsa::from_public_components(modulus, exponent).unwrap();
            let spki = PKey::from_rsa(key).unwrap().public_key_to_der().unwrap();
            compared += compare(group, algorithm, &spki, name);
        }
    }
    println!("{compared} RSA-PSS vectors compared, {left} with another hash, MGF or salt left out");
    assert!(compared > 400, "{compared}");
}

/// Whole JWS texts: the split, the decoding and the signature together.
#[test]
fn json_web_signatures() {
    let Some(folder) = unpacked() else { return };
    let base64 = |value: &Value| URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap();
    let number = |value: &Value| BigNum::from_slice(&base64(value)).unwrap();
    let mut compared = 0;
    for group in read(&folder, "json_web_signature_test.json")["testGroups"].as_array().unwrap() {
        let key = &group["public"];
        // The keys of RFC 7520's examples name another algorithm than their headers do.
        if group["comment"].as_str().is_some_and(|comment| comment.starts_with("rfc7520")) {
            continue;
        }
        let Some(algorithm) = key["alg"].as_str().and_then(|name| name.parse::<Algorithm>().ok())
        else {
            continue;
        };
        let public = if key["kty"] == "RSA" {
            let rsa = Rsa::from_public_components(number(&key["n"]), number(&key["e"])).unwrap();
            PKey::from_rsa(rsa).unwrap()
        } else {
            let curve = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
            let (x, y) = (number(&key["x"]), number(&key["y"]));
            let key = EcKey::from_public_key_affine_coordinates(&curve, &x, &y).unwrap();
            PKey::from_ec_key(key).unwrap()
        };
        let spki = public.public_key_to_der().unwrap();
        for test in group["tests"].as_array().unwrap() {
            let text = test["jws"].as_str().unwrap_or_default();
            let verdict = text.rsplit_once('.').is_some_and(|(signed, signature)| {
                let header = signed.split('.').next().and_then(|h| URL_SAFE_NO_PAD.decode(h).ok());
                let header: Option<Value> = header.and_then(|h| serde_json::from_slice(&h).ok());
                let same = header.is_some_and(|h| h["alg"] == algorithm.as_str());
                let signature = URL_SAFE_NO_PAD.decode(signature);
                same && signature.is_ok_and(|s| verify(algorithm, &spki, signed.as_bytes(), &s))
            });
            let expected = test["result"] == "valid";
            assert_eq!(verdict, expected, "{} {}", test["tcId"], test["comment"]);
            compared += 1;
        }
    }
    println!("{compared} JWS vectors compared");
    assert!(compared > 100, "{compared}");
}

/// Salts that JOSE forbids are refused, however valid the signature is by itself.
#[test]
fn rsa_pss_with_another_salt_never_verifies() {
    let Some(folder) = unpacked() else { return };
    let mut compared = 0;
    for (name, algorithm) in [
        ("rsa_pss_2048_sha256_mgf1_0_test.json", Algorithm::Ps256),
        ("rsa_pss_4096_sha512_mgf1_32_test.json", Algorithm::Ps512),
    ] {
        for group in read(&folder, name)["testGroups"].as_array().unwrap() {
            let spki = hex(&group["publicKeyDer"]);
            let valid =
                group["tests"].as_array().unwrap().iter().filter(|t| t["result"] == "valid");
            for test in valid {
                let (message, signature) = (hex(&test["msg"]), hex(&test["sig"]));
                assert!(!verify(algorithm, &spki, &message, &signature), "{name} {}", test["tcId"]);
                compared += 1;
            }
        }
    }
    assert!(compared > 50, "{compared}");
}
