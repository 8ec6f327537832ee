//! `private-key`

mod findings;
#[cfg(test)]
mod foreign;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::spec::{self, Run, Spec};
use crate::credentials::certificate::source::public_keys;
use crate::credentials::identifiers::read_certificate_id;
use crate::credentials::input::Material;
use crate::credentials::pem::{self, GivenThing, Reading};
use crate::credentials::private_key::{Loaded, PassphraseUse, load, trim_passphrase};
use crate::credentials::{PrivateKey, strength};
use crate::engine::{Evidence, ReasonCode, Severity, Verdict};
use crate::types::{Secret, SecretKind};

/// The declaration of `private-key`.
pub const SPEC: Spec = Spec {
    id: ids::PRIVATE_KEY,
    phase: spec::CREDENTIALS,
    needs: &[],
    after: &[],
    findings: &[&findings::ALL],
    run: Run::Offline(run),
};

fn run(context: &Context) -> Verdict {
    let Some(material) = &context.inputs.private_key else {
        return Verdict::skipped(ReasonCode::NotProvided, "No private key was given.");
    };
    let reading = pem::read_material(material);
    learn_blocks(context, &reading);
    let passphrase = context.inputs.passphrase.as_ref();
    let passphrase = passphrase.map(|given| trim_passphrase(given.bytes.expose()));
    let certified = keys_certified(context, passphrase);
    let fits = |key: &PrivateKey| {
        certified.is_empty() || key.public_der().is_ok_and(|own| certified.contains(&own))
    };
    let verdict = match load(&reading, passphrase, fits) {
        Ok(loaded) => {
            let choice = match () {
                () if certified.is_empty() => KeyChoice::Open,
                () if fits(&loaded.key) => KeyChoice::Certified,
                () => KeyChoice::NoneFits,
            };
            accepted(context, &reading, loaded, choice)
        }
        Err(error) => {
            let mut verdict = Verdict::fail(findings::of_error(&error), error.to_string());
            if error.is_damage() {
                verdict = with_repairs(verdict, &reading);
            }
            if !reading.thing.is_private_key() && key_stands_in_certificate(context) {
                verdict = verdict.note(
                    Severity::Fail,
                    findings::SWAPPED,
                    "The file given as the certificate holds a private key: the two are swapped.",
                );
            }
            verdict
        }
    };
    verdict
        .evidence(Evidence::new("given", reading.thing.name()).source(material.origin.to_string()))
}

/// What a certificate says about which of several keys is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyChoice {
    /// There is none.
    Open,
    /// It belongs to the one that is taken.
    Certified,
    /// It belongs to none of them.
    NoneFits,
}

fn accepted(context: &Context, reading: &Reading, loaded: Loaded, choice: KeyChoice) -> Verdict {
    learn_key(context, &loaded.key);
    let kind = strength::judge_public(loaded.key.pkey()).map(|judgement| judgement.description);
    let kind = kind.unwrap_or_else(|_| "of an unknown kind".to_owned());
    let verdict = Verdict::pass(format!("The private key can be read: {kind}, {}.", form(&loaded)))
        .evidence(Evidence::new("kind", kind))
        .evidence(Evidence::new("form", form(&loaded)));
    let verdict = with_form(verdict, reading, &loaded);
    let verdict = with_liberties(with_repairs(verdict, reading), &loaded);
    let verdict = with_company(verdict, reading, &loaded, choice);
    let _ = context.facts.private_key.set(loaded.key);
    verdict
}

fn form(loaded: &Loaded) -> &'static str {
    match loaded.form {
        GivenThing::Pkcs8 => "PKCS#8",
        GivenThing::EncryptedPkcs8 => "PKCS#8, encrypted",
        GivenThing::Pkcs1 => "PKCS#1",
        GivenThing::Sec1 => "SEC 1",
        GivenThing::LegacyEncrypted => "encrypted in OpenSSL's old way",
        GivenThing::Pkcs12 => "in a PKCS#12 bundle",
        _ => "in an old form",
    }
}

/// Notes every repair.
fn with_repairs(verdict: Verdict, reading: &Reading) -> Verdict {
    let verdict = reading.repairs.iter().fold(verdict, |verdict, repair| {
        verdict.note(Severity::Warn, findings::of_repair(repair.kind), repair.to_string())
    });
    match reading.text_around {
        Some(place) => verdict.note(
            Severity::Note,
            findings::TEXT_AROUND,
            format!("There is other text around the key ({place}). Many programs skip it."),
        ),
        None => verdict,
    }
}

/// Notes what other programs refuse in the encoding of the key, or in the bundle around it.
fn with_liberties(verdict: Verdict, loaded: &Loaded) -> Verdict {
    let mut verdict = loaded.liberties.iter().fold(verdict, |verdict, liberty| {
        verdict.note(Severity::Warn, findings::of_liberty(*liberty), liberty.text())
    });
    let Some(bundle) = loaded.bundle else { return verdict };
    if !bundle.has_mac {
        verdict = verdict.note(
            Severity::Warn,
            findings::BUNDLE_NO_MAC,
            "The PKCS#12 bundle has no MAC, the sum that shows whether it was changed. Some \
             programs refuse such a bundle.",
        );
    }
    if bundle.only_other_certificates {
        verdict = verdict.note(
            Severity::Warn,
            findings::BUNDLE_OTHER_CERTIFICATE,
            "The PKCS#12 bundle holds a certificate that does not belong to its private key.",
        );
    }
    verdict
}

/// Notes a form that works here and that other programs refuse.
fn with_form(mut verdict: Verdict, reading: &Reading, loaded: &Loaded) -> Verdict {
    let found = match loaded.form {
        GivenThing::Pkcs1 => Some((
            Severity::Note,
            findings::PKCS1,
            "The RSA key is in the form PKCS#1 (RSA PRIVATE KEY); some programs want PKCS#8.",
        )),
        GivenThing::Sec1 => Some((
            Severity::Note,
            findings::SEC1,
            "The EC key is in the form SEC 1 (EC PRIVATE KEY); some programs want PKCS#8.",
        )),
        GivenThing::EncryptedPkcs8 | GivenThing::LegacyEncrypted => Some((
            Severity::Note,
            findings::ENCRYPTED,
            "The key is encrypted, and the passphrase opens it. Forms of vendors often refuse \
             an encrypted key.",
        )),
        GivenThing::Pkcs12 => Some((
            Severity::Warn,
            findings::BUNDLE,
            "The key is inside a PKCS#12 bundle; forms of vendors want it as PEM text.",
        )),
        _ => None,
    };
    if let Some((severity, finding, text)) = found {
        verdict = verdict.note(severity, finding, text);
    }
    if reading.binary && loaded.form != GivenThing::Pkcs12 {
        verdict = verdict.note(
            Severity::Warn,
            findings::BINARY_FORM,
            "The key is in binary form (DER); forms of vendors want it as PEM text.",
        );
    }
    if loaded.passphrase == PassphraseUse::NotNeeded {
        verdict = verdict.note(
            Severity::Note,
            findings::PASSPHRASE_NOT_NEEDED,
            "A passphrase was given, but the key is not encrypted.",
        );
    }
    verdict
}

/// Notes what else stands in the same input.
fn with_company(
    mut verdict: Verdict,
    reading: &Reading,
    loaded: &Loaded,
    choice: KeyChoice,
) -> Verdict {
    if loaded.keys > 1 {
        let number = loaded.number;
        let which = match choice {
            KeyChoice::Certified => {
                format!("number {number} belongs to the certificate and is taken")
            }
            KeyChoice::NoneFits => {
                format!("none of them belongs to the certificate, and number {number} is taken")
            }
            KeyChoice::Open => {
                format!("number {number} is taken, as no certificate tells which is meant")
            }
        };
        let text = format!("There are several private keys in it, {}; {which}.", loaded.keys);
        verdict = verdict.note(Severity::Warn, findings::SEVERAL_KEYS, text);
    }
    if reading.blocks_where(GivenThing::is_certificate).next().is_some() {
        verdict = verdict.note(
            Severity::Warn,
            findings::WITH_CERTIFICATE,
            "The private key and a certificate stand in one file. Whoever uploads this file as \
             the certificate gives the key away.",
        );
    }
    if reading.blocks_where(|thing| thing == GivenThing::EcParameters).next().is_some() {
        verdict = verdict.note(
            Severity::Warn,
            findings::CURVE_PARAMETERS,
            "A block EC PARAMETERS stands beside the key; some programs stumble over it.",
        );
    }
    let other = reading.blocks.iter().map(|block| block.thing).find(|thing| {
        !thing.is_private_key()
            && !thing.is_certificate()
            && !matches!(thing, GivenThing::EcParameters | GivenThing::Pkcs12)
    });
    match other {
        Some(thing) => verdict.note(
            Severity::Note,
            findings::OTHER_BLOCKS,
            format!("There is also {} in it.", thing.name()),
        ),
        None => verdict,
    }
}

/// The public keys of the certificates that were given, as SubjectPublicKeyInfo; where one of them has
/// the Certificate ID that was given, its key alone. Certificates in the file of the key count where
/// no other was given, or by their ID.
fn keys_certified(context: &Context, passphrase: Option<&[u8]>) -> Vec<Vec<u8>> {
    let inputs = &context.inputs;
    let keys = |material: &Option<Material>| {
        material.as_ref().map(|material| public_keys(material, passphrase)).unwrap_or_default()
    };
    let mut given = keys(&inputs.certificate);
    let beside = keys(&inputs.private_key);
    let id = inputs.certificate_id.as_ref().and_then(|id| read_certificate_id(&id.value).ok());
    if let Some(id) = id {
        let named = given.iter().chain(&beside).find(|(own, _)| *own == id.id);
        if let Some((_, key)) = named {
            return vec![key.clone()];
        }
    }
    if given.is_empty() {
        given = beside;
    }
    given.into_iter().map(|(_, key)| key).collect()
}

fn key_stands_in_certificate(context: &Context) -> bool {
    context
        .inputs
        .certificate
        .as_ref()
        .is_some_and(|material| pem::read_material(material).may_hold_a_private_key())
}

/// The scrubber knows what was given; here it learns the same key in its clean forms.
fn learn_key(context: &Context, key: &PrivateKey) {
    let pkey = key.pkey();
    let forms = [
        pkey.private_key_to_pem_pkcs8().ok(),
        pkey.rsa().ok().and_then(|rsa| rsa.private_key_to_pem().ok()),
        pkey.ec_key().ok().and_then(|ec| ec.private_key_to_pem().ok()),
    ];
    for pem in forms.into_iter().flatten() {
        context.scrubber.learn(&Secret::new(SecretKind::PrivateKey, pem));
    }
}

fn learn_blocks(context: &Context, reading: &Reading) {
    for block in reading.blocks_where(GivenThing::may_hold_a_private_key) {
        let text = Zeroizing::new(STANDARD.encode(&*block.der));
        let mut lines = Zeroizing::new(String::with_capacity(text.len() * 65 / 64 + 1));
        for line in text.as_bytes().chunks(64) {
            lines.push_str(std::str::from_utf8(line).unwrap_or_default());
            lines.push('\n');
        }
        if !block.der.is_empty() {
            context.scrubber.learn(&Secret::new(SecretKind::PrivateKey, lines.as_bytes()));
        }
    }
}

#[cfg(test)]
mod tests {
    //! Every kind of damage and every wrong thing, with its verdict.

    use openssl::pkey::PKey;

    use super::*;
    use crate::checks::testing::{context, decide, findings as found, fixture, key_of, material};
    use crate::credentials::certificate::samples::Sample;
    use crate::credentials::input::{Given, Origin};
    use crate::engine::Status;

    fn judged(key: impl Into<Vec<u8>>, passphrase: Option<&str>) -> (Context, Verdict) {
        let context = context(|inputs| {
            inputs.private_key = Some(key_of(key));
            inputs.passphrase = passphrase.map(|text| material(text, SecretKind::Passphrase));
        });
        let verdict = decide(&SPEC, &context);
        (context, verdict)
    }

    fn outcome(key: impl Into<Vec<u8>>, passphrase: Option<&str>) -> (Status, Vec<&'static str>) {
        let (context, verdict) = judged(key, passphrase);
        let usable = verdict.status() != Status::Fail;
        assert_eq!(context.facts.private_key.get().is_some(), usable);
        (verdict.status(), found(&verdict))
    }

    fn text(name: &str) -> String {
        String::from_utf8(fixture(name)).unwrap()
    }

    #[test]
    fn forms_of_a_key() {
        for (name, passphrase, status, findings) in [
            ("ec-p256.pem", None, Status::Pass, &[][..]),
            ("rsa-3072.pem", None, Status::Pass, &[]),
            ("rsa-pss-3072.pem", None, Status::Pass, &[]),
            ("ec-p256.pem", Some("x"), Status::Pass, &["passphrase-not-needed"]),
            ("ec-p256-encrypted.pem", Some("fixture\n"), Status::Pass, &["encrypted"]),
            ("ec-p256-encrypted.pem", Some("fixture\n\n"), Status::Fail, &["passphrase-wrong"]),
            ("ec-p256-encrypted.pem", None, Status::Fail, &["passphrase-missing"]),
            ("ec-p256-legacy-encrypted.pem", Some("fixture"), Status::Pass, &["encrypted"]),
            ("ec-p256-legacy-encrypted.pem", None, Status::Fail, &["passphrase-missing"]),
            ("ec-p256-des.pem", Some("fixture"), Status::Fail, &["cipher-unsupported"]),
            ("ec-p256.p12", Some("fixture"), Status::Warn, &["bundle"]),
            ("ec-p256.p12", Some("wrong"), Status::Fail, &["bundle-passphrase-wrong"]),
            ("ec-p256.p12", None, Status::Fail, &["bundle-passphrase-missing"]),
            ("ec-p256-no-passphrase.p12", None, Status::Warn, &["bundle"]),
            ("certificate-only.p12", Some("fixture"), Status::Fail, &["bundle-without-key"]),
            ("ec-p256.certificate.pem", None, Status::Fail, &["certificate-given"]),
            ("ec-p256.request.pem", None, Status::Fail, &["request-given"]),
            ("ec-p256.p7b", None, Status::Fail, &["pkcs7-given"]),
            ("openssh.pem", None, Status::Fail, &["openssh-key-given"]),
        ] {
            let wanted = (status, findings.to_vec());
            assert_eq!(outcome(fixture(name), passphrase), wanted, "{name} {passphrase:?}");
        }
    }

    #[test]
    fn bundles_say_what_is_odd_about_them() {
        assert_eq!(
            outcome(fixture("two-keys.p12"), Some("fixture")),
            (Status::Warn, vec!["bundle", "several-keys"])
        );
        assert_eq!(
            outcome(fixture("other-certificate.p12"), Some("fixture")),
            (Status::Warn, vec!["bundle", "bundle-other-certificate"])
        );
        // The certificate of the second key, or its ID, says which is meant.
        let second = PKey::private_key_from_pem(&fixture("ec-p384.pem")).unwrap();
        let sample = Sample { key: second.clone(), ..Sample::default() }.certificate();
        let with_certificate = context(|inputs| {
            inputs.private_key = Some(key_of(fixture("two-keys.p12")));
            inputs.passphrase = Some(material("fixture", SecretKind::Passphrase));
            inputs.certificate = Some(key_of(sample.to_pem().unwrap()));
        });
        let beside = public_keys(&key_of(fixture("two-keys.p12")), Some(b"fixture"));
        let public = second.public_key_to_der().unwrap();
        let (id, _) = beside.iter().find(|(_, key)| *key == public).unwrap();
        let with_id = context(|inputs| {
            inputs.private_key = Some(key_of(fixture("two-keys.p12")));
            inputs.passphrase = Some(material("fixture", SecretKind::Passphrase));
            let origin = Origin::Flag("--certificate-id");
            inputs.certificate_id = Some(Given { value: id.as_str().to_owned(), origin });
        });
        for context in [with_certificate, with_id] {
            let verdict = decide(&SPEC, &context);
            assert!(verdict.summary().contains("number 2 belongs"), "{}", verdict.summary());
            assert!(context.facts.private_key.get().unwrap().pkey().public_eq(&second));
        }
    }

    #[test]
    fn older_and_binary_forms() {
        let key = PKey::private_key_from_pem(&fixture("ec-p256.pem")).unwrap();
        let sec1 = key.ec_key().unwrap();
        let rsa = PKey::private_key_from_pem(&fixture("rsa-3072.pem")).unwrap();
        let pkcs1 = rsa.rsa().unwrap().private_key_to_pem().unwrap();
        let parameters =
            "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
        let sec1_pem = String::from_utf8(sec1.private_key_to_pem().unwrap()).unwrap();
        assert_eq!(outcome(pkcs1, None), (Status::Pass, vec!["pkcs1"]));
        assert_eq!(outcome(sec1_pem.clone(), None), (Status::Pass, vec!["sec1"]));
        assert_eq!(
            outcome(format!("{parameters}{sec1_pem}"), None),
            (Status::Warn, vec!["curve-parameters", "sec1"])
        );
        assert_eq!(outcome(parameters, None), (Status::Fail, vec!["parameters-given"]));
        let der = key.private_key_to_pkcs8().unwrap();
        assert_eq!(outcome(der.clone(), None), (Status::Warn, vec!["binary-form"]));
        assert_eq!(outcome(&der[..70], None).0, Status::Fail);
        let public = key.public_key_to_pem().unwrap();
        assert_eq!(outcome(public, None), (Status::Fail, vec!["public-key-given"]));
    }

    #[test]
    fn damage_is_mended_and_told() {
        let clean = text("ec-p256.pem");
        let one_line: String = clean.lines().collect();
        let utf16: Vec<u8> = clean.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (given, finding) in [
            (clean.replace('\n', "\r\n").into_bytes(), "windows-line-breaks"),
            (clean.replace('\n', "\\n").into_bytes(), "escaped-line-breaks"),
            (clean.replace('\n', "\\\\n").into_bytes(), "double-escaped-line-breaks"),
            (clean.trim_end().replace('\n', "n").into_bytes(), "bare-n-line-breaks"),
            (clean.replace('\n', " ").into_bytes(), "spaces-for-line-breaks"),
            (one_line.into_bytes(), "one-line"),
            (format!("\u{feff}{clean}").into_bytes(), "byte-order-mark"),
            (utf16, "utf-16"),
            (format!("\"{clean}\"").into_bytes(), "quotes"),
            (STANDARD.encode(&clean).into_bytes(), "base64-again"),
            (clean.replace("-----", "–––––").into_bytes(), "smart-dashes"),
            (clean.replacen("M", "M\u{200b}", 1).into_bytes(), "invisible-characters"),
        ] {
            assert_eq!(outcome(given, None), (Status::Warn, vec![finding]), "{finding}");
        }
        assert_eq!(
            outcome(format!("Bag Attributes\n{clean}"), None),
            (Status::Pass, vec!["text-around"])
        );
        let cut = clean.replacen(clean.lines().nth(2).unwrap(), "", 1);
        assert_eq!(outcome(cut, None).1.first(), Some(&"damaged"));
    }

    #[test]
    fn wrong_things_are_named() {
        let hex = "0123456789abcdef".repeat(4);
        for (given, finding) in [
            ("", "empty"),
            ("\n \n", "empty"),
            ("just words", "other-text-given"),
            ("{\"kty\":\"EC\",\"d\":\"x\"}", "jwk-given"),
            ("<html><body>Sign in", "web-page-given"),
            ("./private.pem", "path-given"),
            (&hex, "hex-token-given"),
            ("ssh-ed25519 AAAAC3Nz me", "ssh-public-key-given"),
            ("PuTTY-User-Key-File-2: ssh-rsa", "putty-key-given"),
            ("eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln", "jwt-given"),
            ("<RSAKeyValue><D></D></RSAKeyValue>", "xml-key-given"),
            ("-----BEGIN PGP PRIVATE KEY BLOCK-----\n", "pgp-given"),
        ] {
            let (status, findings) = outcome(given, None);
            assert_eq!((status, findings.first()), (Status::Fail, Some(&finding)), "{given}");
        }
        assert_eq!(outcome(vec![b'A'; 2 * 1024 * 1024], None), (Status::Fail, vec!["too-large"]));
    }

    #[test]
    fn company_is_told() {
        let (key, certificate) = (text("ec-p256.pem"), text("ec-p256.certificate.pem"));
        assert_eq!(
            outcome(format!("{certificate}{key}"), None),
            (Status::Warn, vec!["with-certificate"])
        );
        let other = text("ec-p384.pem");
        let both = context(|inputs| {
            inputs.private_key = Some(key_of(format!("{other}{key}")));
            inputs.certificate = Some(key_of(certificate.clone()));
        });
        assert_eq!(decide(&SPEC, &both).status(), Status::Warn);
        let kind = both.facts.private_key.get().unwrap().kind();
        assert_eq!(kind.unwrap().to_string(), "EC P-256");
        let swapped = context(|inputs| {
            inputs.private_key = Some(key_of(certificate));
            inputs.certificate = Some(key_of(key));
        });
        let verdict = decide(&SPEC, &swapped);
        assert!(verdict.notes_by_gravity().iter().any(|note| note.finding == findings::SWAPPED));
    }

    #[test]
    fn nothing_secret_is_said_and_the_scrubber_knows_the_key() {
        let clean = text("ec-p256.pem");
        for (given, passphrase) in [
            (clean.clone(), Some("fixture")),
            (clean.replace('\n', "\\n"), None),
            (clean.replacen('M', "*", 3), None),
            (text("ec-p256-encrypted.pem"), Some("canary-passphrase")),
        ] {
            let (_, verdict) = judged(given, passphrase);
            let said = format!("{verdict:?}");
            for line in clean.lines().filter(|line| !line.starts_with('-')) {
                assert!(!said.contains(&line[..16]), "{said}");
            }
            assert!(!said.contains("canary-passphrase") && !said.contains("\"fixture\""), "{said}");
        }
        let (context, _) = judged(clean.replace('\n', "\\n"), None);
        let line = clean.lines().nth(1).unwrap();
        assert_eq!(context.scrubber.scrub(line).1, 1);
    }
}
