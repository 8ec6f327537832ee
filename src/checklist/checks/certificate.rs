//! `certificate`

use std::path::Path;

use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, FindingId, NodeKey, ReasonCode, Severity, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec};
use crate::credentials::Certificate;
use crate::credentials::certificate::source::{Form, Found, Refusal, find};
use crate::credentials::certificate::{Oddity, colon_hex};
use crate::credentials::input::Origin;
use crate::credentials::pem::{GivenThing, Repair, RepairKind};

const EMPTY: FindingId = FindingId::new("empty");
const TOO_LARGE: FindingId = FindingId::new("too-large");
const PRIVATE_KEY: FindingId = FindingId::new("private-key");
const KEY_INSIDE: FindingId = FindingId::new("key-inside");
const PUBLIC_KEY: FindingId = FindingId::new("public-key");
const REQUEST: FindingId = FindingId::new("certificate-request");
const PATH: FindingId = FindingId::new("path");
const OTHER_THING: FindingId = FindingId::new("other-thing");
const PKCS12: FindingId = FindingId::new("pkcs12");
const PKCS7: FindingId = FindingId::new("pkcs7");
const PKCS7_EMPTY: FindingId = FindingId::new("pkcs7-empty");
const DAMAGED: FindingId = FindingId::new("damaged");
const UNREADABLE: FindingId = FindingId::new("unreadable");
const REPAIRED: FindingId = FindingId::new("repaired");
const UNTIDY: FindingId = FindingId::new("untidy");
const DER: FindingId = FindingId::new("der");
const TRUSTED_FORM: FindingId = FindingId::new("trusted-form");
const SEVERAL: FindingId = FindingId::new("several");
const FURTHER_UNREADABLE: FindingId = FindingId::new("further-unreadable");
const TRAILING_DATA: FindingId = FindingId::new("trailing-data");
const OLD_VERSION: FindingId = FindingId::new("old-version");
const UNUSUAL_ENCODING: FindingId = FindingId::new("unusual-encoding");
const SERIAL_NEGATIVE: FindingId = FindingId::new("serial-negative");
const SERIAL_ZERO: FindingId = FindingId::new("serial-zero");
const SERIAL_LONG: FindingId = FindingId::new("serial-long");
const TIME_ENCODING: FindingId = FindingId::new("time-encoding");
const REPEATED_EXTENSION: FindingId = FindingId::new("repeated-extension");
const ALGORITHMS_DIFFER: FindingId = FindingId::new("algorithms-differ");

/// The declaration of `certificate`.
pub const SPEC: Spec = Spec {
    id: ids::CERTIFICATE,
    phase: ids::CREDENTIALS,
    needs: &[],
    after: &[],
    findings: &[
        EMPTY,
        TOO_LARGE,
        PRIVATE_KEY,
        KEY_INSIDE,
        PUBLIC_KEY,
        REQUEST,
        PATH,
        OTHER_THING,
        PKCS12,
        PKCS7,
        PKCS7_EMPTY,
        DAMAGED,
        UNREADABLE,
        REPAIRED,
        UNTIDY,
        DER,
        TRUSTED_FORM,
        SEVERAL,
        FURTHER_UNREADABLE,
        TRAILING_DATA,
        OLD_VERSION,
        UNUSUAL_ENCODING,
        SERIAL_NEGATIVE,
        SERIAL_ZERO,
        SERIAL_LONG,
        TIME_ENCODING,
        REPEATED_EXTENSION,
        ALGORITHMS_DIFFER,
    ],
    card: include_str!("../../../checks/certificate.toml"),
    run: Run::Offline(run),
};

/// The certificate, for the checks that need it; or why there is none.
pub(super) fn established(context: &Context) -> Result<&Certificate, Box<Verdict>> {
    if context.inputs.certificate.is_none() {
        let verdict = Verdict::skipped(ReasonCode::NotProvided, "No certificate was given.");
        return Err(Box::new(verdict));
    }
    let missing = || Box::new(Verdict::blocked(vec![NodeKey::of(ids::CERTIFICATE)]));
    context.facts.certificate.get().ok_or_else(missing)
}

fn run(context: &Context) -> Verdict {
    let Some(material) = &context.inputs.certificate else {
        return Verdict::skipped(ReasonCode::NotProvided, "No certificate was given.");
    };
    let verdict = match find(material) {
        Ok(found) => {
            let verdict = judge(&found);
            let _ = context.facts.certificate.set(found.certificate);
            let _ = context.facts.further_certificates.set(found.further);
            verdict
        }
        Err(refusal) => refuse(&refusal),
    };
    let verdict =
        verdict.evidence(Evidence::new("certificate_source", material.origin.to_string()));
    match &material.origin {
        Origin::File(path) => verdict.param("certificate_file", shell_word(path)),
        _ => verdict,
    }
}

/// A path as one word of a shell command, even where it holds spaces or begins with a hyphen.
fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    let text = if text.starts_with('-') { format!("./{text}") } else { text };
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:@%,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn refuse(refusal: &Refusal) -> Verdict {
    match refusal {
        Refusal::Damaged(damage) => {
            Verdict::fail(DAMAGED, format!("The certificate cannot be read: {damage}."))
        }
        Refusal::Unreadable(error) => {
            Verdict::fail(UNREADABLE, format!("The certificate cannot be read: {error}."))
        }
        Refusal::NothingInside => Verdict::fail(
            PKCS7_EMPTY,
            "This is a PKCS#7 bundle (.p7b) in which no certificate can be found.",
        ),
        Refusal::Other(thing) => other(*thing),
    }
}

fn other(thing: GivenThing) -> Verdict {
    let what = thing.name();
    match thing {
        GivenThing::Empty | GivenThing::Blank => {
            Verdict::fail(EMPTY, format!("Where the certificate should be, there is {what}."))
        }
        GivenThing::TooLarge => Verdict::fail(
            TOO_LARGE,
            format!("This is {what}, and a certificate has a few kilobytes."),
        ),
        GivenThing::Pkcs12 => Verdict::fail(
            PKCS12,
            format!(
                "This is {what}, which usually holds the private key as well, and no plain certificate."
            ),
        ),
        _ if thing.may_hold_a_private_key() => Verdict::fail(
            PRIVATE_KEY,
            format!(
                "This is {what} and no certificate. It must not be uploaded or sent to anybody."
            ),
        ),
        GivenThing::PublicKey | GivenThing::RsaPublicKey | GivenThing::SshPublicKey => {
            Verdict::fail(
                PUBLIC_KEY,
                format!(
                    "This is {what} and no certificate: it lacks the dates, the name and the signature."
                ),
            )
        }
        GivenThing::CertificateRequest => Verdict::fail(
            REQUEST,
            format!("This is {what}, from which a certificate is yet to be made."),
        ),
        GivenThing::Path => Verdict::fail(PATH, format!("This is {what}.")),
        _ => Verdict::fail(OTHER_THING, format!("This is {what}, not a certificate.")),
    }
}

fn judge(found: &Found) -> Verdict {
    let certificate = &found.certificate;
    let mut verdict = Verdict::pass(format!(
        "{}, Certificate ID {}.",
        certificate.subject(),
        certificate.certificate_id()
    ));
    for (severity, finding, text) in notes(found) {
        verdict = verdict.note(severity, finding, text);
    }
    for repair in &found.repairs {
        let place = repair.place.to_string();
        verdict = verdict.evidence(Evidence::new("repair", repair.kind.id()).source(place));
    }
    if let Ok(pem) = certificate.to_pem() {
        verdict = verdict.param("certificate_pem", pem.trim_end());
    }
    verdict
        .evidence(
            Evidence::new("certificate_id", certificate.certificate_id().as_str())
                .source("derived from the certificate"),
        )
        .evidence(Evidence::new("sha256", colon_hex(&certificate.sha256())))
        .evidence(Evidence::new("subject", certificate.subject()))
        .evidence(Evidence::new("issuer", certificate.issuer()))
        .evidence(Evidence::new("serial_number", certificate.serial()))
        .evidence(Evidence::new("version", certificate.version().to_string()))
}

fn notes(found: &Found) -> Vec<(Severity, FindingId, String)> {
    let mut notes = Vec::new();
    let mut add = |severity, finding, text: String| notes.push((severity, finding, text));
    if found.with_key {
        let text = "A private key stands in the same file. The file must not be uploaded or sent to anybody.";
        add(Severity::Fail, KEY_INSIDE, text.to_owned());
    }
    match found.form {
        Form::Pem => {}
        Form::Der => {
            let text = "The certificate is in binary (DER) form; every example of an upload uses text (PEM).";
            add(Severity::Warn, DER, text.to_owned());
        }
        Form::TrustedPem => {
            let text = "The certificate is in OpenSSL's own form (BEGIN TRUSTED CERTIFICATE).";
            add(Severity::Warn, TRUSTED_FORM, text.to_owned());
        }
        Form::Pkcs7 => {
            let text = "The certificate is inside a PKCS#7 bundle (.p7b); NetSuite takes a certificate by itself.";
            add(Severity::Fail, PKCS7, text.to_owned());
        }
    }
    let (appended, mended): (Vec<&Repair>, Vec<&Repair>) =
        found.repairs.iter().partition(|repair| repair.kind == RepairKind::TrailingBytes);
    if !appended.is_empty() {
        let text = format!("More bytes follow the certificate: {}", sentences(&appended));
        add(Severity::Warn, TRAILING_DATA, text);
    }
    if !mended.is_empty() && found.only_untidy {
        add(Severity::Note, UNTIDY, sentences(&mended));
    } else if !mended.is_empty() {
        let text = format!("The file was read after mending it: {}", sentences(&mended));
        add(Severity::Warn, REPAIRED, text);
    }
    if !found.further.is_empty() {
        let text = format!(
            "The file holds {} certificates; the first one is taken ({}).",
            found.further.len() + 1,
            found.certificate.subject()
        );
        add(Severity::Warn, SEVERAL, text);
    }
    if found.unreadable > 0 {
        let text = format!("{} more certificate in the file cannot be read.", found.unreadable);
        add(Severity::Warn, FURTHER_UNREADABLE, text);
    }
    notes.extend(found.certificate.oddities().iter().map(|oddity| {
        let (finding, text) = describe(oddity);
        (Severity::Warn, finding, text)
    }));
    notes
}

fn sentences(repairs: &[&Repair]) -> String {
    let texts: Vec<String> = repairs.iter().map(ToString::to_string).collect();
    texts.join(" ")
}

fn describe(oddity: &Oddity) -> (FindingId, String) {
    match oddity {
        Oddity::TrailingData(bytes) => {
            (TRAILING_DATA, format!("{bytes} bytes follow the certificate inside its block."))
        }
        Oddity::Version(version) => {
            (OLD_VERSION, format!("It is an X.509 certificate of version {version}, not 3."))
        }
        Oddity::UnusualEncoding(what) => {
            (UNUSUAL_ENCODING, format!("Its encoding is unusual: {what}."))
        }
        Oddity::NegativeSerial => (SERIAL_NEGATIVE, "Its serial number is negative.".to_owned()),
        Oddity::ZeroSerial => (SERIAL_ZERO, "Its serial number is zero.".to_owned()),
        Oddity::LongSerial(bytes) => (
            SERIAL_LONG,
            format!("Its serial number has {bytes} bytes; twenty are the most allowed."),
        ),
        Oddity::IrregularTime(text) => {
            (TIME_ENCODING, format!("One of its dates is written in an unusual way ({text})."))
        }
        Oddity::RepeatedExtension => {
            (REPEATED_EXTENSION, "One of its extensions stands twice.".to_owned())
        }
        Oddity::AlgorithmsDiffer => (
            ALGORITHMS_DIFFER,
            "It names one signature algorithm inside and another one beside the signature."
                .to_owned(),
        ),
    }
}

#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
