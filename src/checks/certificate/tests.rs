use std::collections::BTreeSet;

use openssl::hash::MessageDigest;
use openssl::pkcs7::{Pkcs7, Pkcs7Flags};
use openssl::pkcs12::Pkcs12;
use openssl::stack::Stack;
use openssl::x509::X509ReqBuilder;
use proptest::prelude::*;

use super::*;
use crate::checks::testing::certificate::{context, findings, material};
use crate::credentials::certificate::samples::{Sample, patched};
use crate::credentials::input::Material;
use crate::engine::Status;

const NOW: &str = "2026-06-01T00:00:00Z";

fn judge(bytes: &[u8]) -> (Status, Vec<&'static str>, Context) {
    let mut context = context(None, NOW);
    context.inputs.certificate = Some(material(bytes));
    let verdict = run(&context);
    assert!(!verdict.summary().is_empty());
    let found = findings(&verdict);
    (verdict.status(), found, context)
}

fn found(bytes: &[u8]) -> (Status, Vec<&'static str>) {
    let (status, found, _) = judge(bytes);
    (status, found)
}

fn pem(certificate: &Certificate) -> Vec<u8> {
    certificate.to_pem().unwrap().into_bytes()
}

fn key_pem(sample: &Sample) -> Vec<u8> {
    sample.key.private_key_to_pem_pkcs8().unwrap()
}

fn one(status: Status, finding: &'static str) -> (Status, Vec<&'static str>) {
    (status, vec![finding])
}

#[test]
fn an_ordinary_certificate_passes_and_is_established() {
    let certificate = Sample::default().certificate();
    let (status, found, context) = judge(&pem(&certificate));
    assert_eq!((status, found), (Status::Pass, vec![]));
    assert_eq!(context.facts.certificate.get().unwrap().der(), certificate.der());
}

#[test]
fn things_that_are_no_certificate_are_named() {
    let sample = Sample::default();
    let mut request = X509ReqBuilder::new().unwrap();
    request.set_pubkey(&sample.key).unwrap();
    request.sign(&sample.key, MessageDigest::sha256()).unwrap();
    for (bytes, finding) in [
        (b"".to_vec(), "empty"),
        (b" \n\n".to_vec(), "empty"),
        (key_pem(&sample), "private-key"),
        (sample.key.private_key_to_der().unwrap(), "private-key"),
        (sample.key.public_key_to_pem().unwrap(), "public-key"),
        (request.build().to_pem().unwrap(), "certificate-request"),
        (b"/home/me/certificate.pem".to_vec(), "path"),
        (b"{\"a\": 1}".to_vec(), "other-thing"),
    ] {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (status, found, context) = judge(&bytes);
        assert_eq!((status, found), one(Status::Fail, finding), "{text}");
        assert!(context.facts.certificate.get().is_none());
    }
}

#[test]
fn too_much_is_not_read() {
    let mut context = context(None, NOW);
    let large = Material { too_large: true, ..material(b"x") };
    context.inputs.certificate = Some(large);
    assert_eq!(findings(&run(&context)), ["too-large"]);
}

#[test]
fn a_key_given_as_the_certificate_must_not_be_uploaded() {
    let mut context = context(None, NOW);
    context.inputs.certificate = Some(material(&key_pem(&Sample::default())));
    assert!(run(&context).summary().contains("must not be uploaded"));
}

#[test]
fn a_key_beside_the_certificate_is_grave_whichever_comes_first() {
    let sample = Sample::default();
    let certificate = pem(&sample.certificate());
    let key = key_pem(&sample);
    for bytes in [[certificate.clone(), key.clone()], [key, certificate]] {
        let (status, found, context) = judge(&bytes.concat());
        assert_eq!((status, found), one(Status::Fail, "key-inside"));
        assert!(context.facts.certificate.get().is_some());
    }
}

#[test]
fn other_forms_of_a_certificate() {
    let sample = Sample::default();
    let certificate = sample.certificate();
    assert_eq!(found(certificate.der()), one(Status::Warn, "der"));
    let trusted = certificate.to_pem().unwrap().replace("CERTIFICATE", "TRUSTED CERTIFICATE");
    assert_eq!(found(trusted.as_bytes()), one(Status::Warn, "trusted-form"));
    let none = Stack::new().unwrap();
    let flags = Pkcs7Flags::BINARY;
    let bundle = Pkcs7::sign(certificate.x509(), &sample.key, &none, b"x", flags).unwrap();
    for bytes in [bundle.to_pem().unwrap(), bundle.to_der().unwrap()] {
        let (status, found, context) = judge(&bytes);
        assert_eq!((status, found), one(Status::Fail, "pkcs7"));
        assert_eq!(context.facts.certificate.get().unwrap().der(), certificate.der());
    }
    // Signed data with no certificate and no signer.
    let empty = b"\x30\x23\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x16\x30\x14\x02\x01\x01\x31\x00\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\x31\x00";
    assert_eq!(found(empty), one(Status::Fail, "pkcs7-empty"));
}

fn bundle(key: Option<&Sample>, certificate: Option<&Certificate>, passphrase: &str) -> Vec<u8> {
    let mut builder = Pkcs12::builder();
    if let Some(sample) = key {
        builder.pkey(&sample.key);
    }
    if let Some(certificate) = certificate {
        builder.cert(certificate.x509());
    }
    builder.build2(passphrase).unwrap().to_der().unwrap()
}

fn judge_bundle(bytes: &[u8], passphrase: Option<&str>) -> (Verdict, Option<Vec<u8>>) {
    let mut context = context(None, NOW);
    context.inputs.certificate = Some(material(bytes));
    context.inputs.passphrase = passphrase.map(|text| material(text.as_bytes()));
    let verdict = run(&context);
    (verdict, context.facts.certificate.get().map(|certificate| certificate.der().to_vec()))
}

#[test]
fn the_certificate_inside_a_bundle_is_used() {
    let sample = Sample::default();
    let certificate = sample.certificate();
    let whole = |passphrase| bundle(Some(&sample), Some(&certificate), passphrase);
    let without_key = bundle(None, Some(&certificate), "secret");
    for (bytes, passphrase, key_told) in [
        (whole("secret"), Some("secret\n"), true),
        (whole(""), None, true),
        (whole(""), Some("of the private key"), true),
        (without_key, Some("secret"), false),
    ] {
        let (verdict, der) = judge_bundle(&bytes, passphrase);
        assert_eq!((verdict.status(), findings(&verdict)), one(Status::Warn, "pkcs12"));
        assert_eq!(der.as_deref(), Some(certificate.der()));
        let summary = verdict.summary();
        assert_eq!(summary.contains("private key"), key_told, "{summary}");
        assert!(summary.contains("must not be uploaded"), "{summary}");
    }
}

#[test]
fn a_bundle_without_a_usable_certificate_is_named() {
    let sample = Sample::default();
    let protected = bundle(Some(&sample), Some(&sample.certificate()), "secret");
    let old = include_bytes!("../../../fixtures/keys/ec-p256-rc2.p12").to_vec();
    let mut damaged = protected.clone();
    damaged[20..60].fill(0x55);
    for (bytes, passphrase, finding) in [
        (protected.clone(), None, "pkcs12-protected"),
        (protected, Some("wrong"), "pkcs12-passphrase"),
        (old, Some("fixture"), "pkcs12-old"),
        (bundle(Some(&sample), None, "secret"), Some("secret"), "pkcs12-empty"),
        (damaged, Some("secret"), "pkcs12-unreadable"),
    ] {
        let (verdict, der) = judge_bundle(&bytes, passphrase);
        assert_eq!((verdict.status(), findings(&verdict)), one(Status::Fail, finding));
        assert_eq!(der, None);
        assert!(verdict.summary().contains("must not be uploaded"), "{}", verdict.summary());
    }
}

#[test]
fn several_certificates_say_which_one_counts() {
    let (first, second) = (Sample::default().certificate(), Sample::default().certificate());
    let (status, found, context) = judge(&[pem(&first), pem(&second)].concat());
    assert_eq!((status, found), one(Status::Warn, "several"));
    let facts = &context.facts;
    assert_eq!(facts.certificate.get().unwrap().der(), first.der());
    assert_eq!(facts.further_certificates.get().unwrap().len(), 1);
    let broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    let both = [pem(&first), broken.as_bytes().to_vec()].concat();
    assert_eq!(judge(&both).1, ["further-unreadable"]);
}

#[test]
fn damage_that_openssl_refuses_warns() {
    let pem = Sample::default().certificate().to_pem().unwrap();
    for damaged in [
        format!("\u{feff}{pem}"),
        pem.replace('\n', "\\n"),
        pem.replace('\n', " "),
        pem.replace("-----", "–––––"),
        format!("\"{}\"", pem.trim_end()),
        pem.replace("-----END", "\n-----END"),
        pem.replace("-----END", " -----END"),
        format!("CERT={pem}"),
        format!("{}]]>", pem.trim_end()),
    ] {
        let (status, found, context) = judge(damaged.as_bytes());
        assert_eq!((status, found), one(Status::Warn, "repaired"), "{damaged}");
        let verdict = run(&context);
        assert!(verdict.facts().iter().any(|fact| fact.key == "repair"));
    }
    let utf16: Vec<u8> = pem.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(found(&utf16), one(Status::Warn, "repaired"));
}

#[test]
fn windows_line_breaks_are_no_damage() {
    let pem = Sample::default().certificate().to_pem().unwrap();
    let found = found(pem.replace('\n', "\r\n").as_bytes());
    assert_eq!(found, one(Status::Pass, "untidy"));
}

#[test]
fn what_cannot_be_mended_says_why() {
    let pem = Sample::default().certificate().to_pem().unwrap();
    let lines: Vec<&str> = pem.lines().collect();
    let missing_line = [&lines[..3], &lines[4..]].concat().join("\n");
    assert_eq!(found(missing_line.as_bytes()).0, Status::Fail);
    let cut = lines[..3].join("\n");
    assert_eq!(found(cut.as_bytes()), one(Status::Fail, "damaged"));
    // Still laid out like a certificate: the version of the structure is no longer a number.
    let der = patched(&Sample::default().der(), b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x04\x01\x02");
    assert_eq!(found(&der), one(Status::Fail, "unreadable"));
}

#[test]
fn odd_certificates_have_a_finding_each() {
    let ordinary = Sample::default().der();
    let long = "1461501637330902918203684832716283019655932542976";
    let time = b"\x17\x0d270101000000Z";
    for (der, finding) in [
        (Sample { version: 0, ..Sample::default() }.der(), "old-version"),
        (Sample { serial: "0", ..Sample::default() }.der(), "serial-zero"),
        (Sample { serial: "-5", ..Sample::default() }.der(), "serial-negative"),
        (Sample { serial: long, ..Sample::default() }.der(), "serial-long"),
        (patched(&ordinary, time, b"\x17\x0d2701010000ZZZ"), "time-encoding"),
        (algorithms_differ(&ordinary), "algorithms-differ"),
        (with_extensions(true), "repeated-extension"),
        (longer_length(), "unusual-encoding"),
    ] {
        let pem = pem_of(&der);
        let (status, found) = found(pem.as_bytes());
        assert_eq!(status, Status::Warn, "{finding}: {found:?}");
        assert!(found.contains(&finding), "{finding}: {found:?}");
    }
}

/// A block with `der` exactly as it is.
fn pem_of(der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

/// ecdsa-with-SHA256 inside becomes ecdsa-with-SHA384; the one outside stays.
fn algorithms_differ(der: &[u8]) -> Vec<u8> {
    patched(der, b"\x2a\x86\x48\xce\x3d\x04\x03\x02", b"\x2a\x86\x48\xce\x3d\x04\x03\x03")
}

fn with_extensions(twice: bool) -> Vec<u8> {
    use openssl::x509::X509Builder;
    use openssl::x509::extension::BasicConstraints;
    let sample = Sample::default();
    let ordinary = sample.certificate();
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    builder.set_serial_number(ordinary.x509().serial_number()).unwrap();
    builder.set_subject_name(ordinary.x509().subject_name()).unwrap();
    builder.set_issuer_name(ordinary.x509().issuer_name()).unwrap();
    builder.set_not_before(ordinary.x509().not_before()).unwrap();
    builder.set_not_after(ordinary.x509().not_after()).unwrap();
    builder.set_pubkey(&sample.key).unwrap();
    for _ in 0..=usize::from(twice) {
        builder.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
    }
    builder.sign(&sample.key, MessageDigest::sha256()).unwrap();
    builder.build().to_der().unwrap()
}

/// The outermost length has a byte more than it needs, which BER allows and DER does not.
fn longer_length() -> Vec<u8> {
    let der = Sample::default().der();
    let (head, rest) = der.split_at(2);
    assert_eq!(head, b"\x30\x82");
    [b"\x30\x83\x00".as_slice(), rest].concat()
}

#[test]
fn bytes_after_the_certificate_inside_its_block_are_told() {
    let longer = [Sample::default().der(), b"tail".to_vec()].concat();
    assert_eq!(found(pem_of(&longer).as_bytes()), one(Status::Warn, "trailing-data"));
}

#[test]
fn every_finding_listed_is_its_own() {
    let all: BTreeSet<&str> = SPEC.findings().map(|finding| finding.as_str()).collect();
    assert_eq!(all.len(), SPEC.findings().count());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_get_a_verdict(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = judge(&bytes);
        let wrapped = pem_of(&[b"\x30\x82".as_slice(), &bytes].concat());
        let _ = judge(wrapped.as_bytes());
    }
}
