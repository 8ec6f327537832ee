//! `certificate`

mod refusal;

use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::spec::{self, Run, Spec, findings};
use crate::credentials::certificate::source::{
    CertificateFile, CertificateForm, Choice, NoCertificate, Wanted, find,
};
use crate::credentials::certificate::{Oddity, colon_hex};
use crate::credentials::identifiers::read_certificate_id;
use crate::credentials::input::{Material, Origin};
use crate::credentials::passphrase;
use crate::credentials::pem::{Repair, RepairKind, read_material};
use crate::credentials::private_key::{load, trim_passphrase};
use crate::credentials::{Certificate, PrivateKey};
use crate::engine::{Evidence, FindingId, NodeKey, ReasonCode, Severity, Verdict};

findings! {
    EMPTY = "empty",
    TOO_LARGE = "too-large",
    PRIVATE_KEY = "private-key",
    KEY_INSIDE = "key-inside",
    PUBLIC_KEY = "public-key",
    REQUEST = "certificate-request",
    PATH = "path",
    OTHER_THING = "other-thing",
    JAVA_KEY_STORE = "java-key-store",
    KEY_STORE = "key-store",
    ENCRYPTED_FILE = "encrypted-file",
    KUBERNETES_SECRET = "kubernetes-secret",
    ARCHIVE = "archive",
    DOCUMENT = "document",
    REFERENCE = "reference",
    HEX_DUMP = "hex-dump",
    MANGLED = "mangled",
    PRINTED_TEXT = "printed-text",
    PKCS12 = "pkcs12",
    PKCS12_PROTECTED = "pkcs12-protected",
    PKCS12_PASSPHRASE = "pkcs12-passphrase",
    PKCS12_OLD = "pkcs12-old",
    PKCS12_EMPTY = "pkcs12-empty",
    PKCS12_UNREADABLE = "pkcs12-unreadable",
    PKCS7 = "pkcs7",
    PKCS7_EMPTY = "pkcs7-empty",
    DAMAGED = "damaged",
    UNREADABLE = "unreadable",
    REPAIRED = "repaired",
    UNTIDY = "untidy",
    DER = "der",
    TRUSTED_FORM = "trusted-form",
    PKCS12_NO_MAC = "pkcs12-no-mac",
    PKCS12_OTHER_KEY = "pkcs12-other-key",
    SEVERAL = "several",
    FURTHER_UNREADABLE = "further-unreadable",
    TRAILING_DATA = "trailing-data",
    OLD_VERSION = "old-version",
    UNUSUAL_ENCODING = "unusual-encoding",
    SERIAL_NEGATIVE = "serial-negative",
    SERIAL_ZERO = "serial-zero",
    SERIAL_LONG = "serial-long",
    TIME_ENCODING = "time-encoding",
    REPEATED_EXTENSION = "repeated-extension",
    ALGORITHMS_DIFFER = "algorithms-differ",
    EMPTY_ISSUER = "empty-issuer",
    EMPTY_SUBJECT = "empty-subject",
    COMPRESSED_POINT = "compressed-point",
}

/// The declaration of `certificate`.
pub const SPEC: Spec = Spec {
    id: ids::CERTIFICATE,
    phase: spec::CREDENTIALS,
    needs: &[],
    // Of several certificates the private key tells which is meant.
    after: &[ids::PRIVATE_KEY],
    findings: &[FINDINGS],
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
    let passphrase = context.inputs.passphrase.as_ref();
    let passphrase = passphrase.map(|given| trim_passphrase(given.bytes.expose()));
    let id = context.inputs.certificate_id.as_ref();
    let wanted = Wanted {
        key: key_at_hand(context, passphrase),
        // The check `certificate-id` waits for this one.
        id: id.and_then(|given| read_certificate_id(&given.value).ok()).map(|read| read.id),
        now: Some(context.clock.now()),
    };
    let verdict = match find(material, passphrase, wanted) {
        Ok(found) => {
            let verdict =
                judge(&found).param("repair_certificate_options", repair_options(context, &found));
            let _ = context.facts.certificate.set(found.certificate);
            let _ = context.facts.other_certificates.set(found.others);
            verdict
        }
        Err(refusal) => {
            let given = context.inputs.passphrase.as_ref().map(|given| given.bytes.expose());
            let opens = |text: &[u8]| find(material, Some(text), Wanted::default()).is_ok();
            let given = given.filter(|_| matches!(refusal, NoCertificate::Bundle(_)));
            let judged = given.map(|given| passphrase::judge(given, opens));
            refusal::verdict(&refusal, material.bytes.expose(), judged.as_ref())
        }
    };
    verdict.evidence(Evidence::new("certificate_source", material.origin.to_string()))
}

/// What `repair` needs besides the file to find the same certificate.
fn repair_options(context: &Context, found: &CertificateFile) -> String {
    let mut options = String::new();
    if !found.others.is_empty() {
        let id = found.certificate.certificate_id();
        options.push_str(&format!(" --certificate-id={id}"));
    } else if found.with_key {
        options.push_str(" --private-key {certificate_file}");
    }
    let from_file = |material: &Material| matches!(material.origin, Origin::File(_));
    if found.form == CertificateForm::Pkcs12
        && context.inputs.passphrase.as_ref().is_some_and(from_file)
    {
        options.push_str(" --passphrase-file {passphrase_file}");
    }
    options
}

/// The private key, also where this check runs without the one that reads it.
fn key_at_hand(context: &Context, passphrase: Option<&[u8]>) -> Option<PrivateKey> {
    if let Some(key) = context.facts.private_key.get() {
        return Some(key.clone());
    }
    let reading = read_material(context.inputs.private_key.as_ref()?);
    load(&reading, passphrase, |_| true).ok().map(|loaded| loaded.key)
}

fn judge(found: &CertificateFile) -> Verdict {
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

fn notes(found: &CertificateFile) -> Vec<(Severity, FindingId, String)> {
    let mut notes = Vec::new();
    let mut add = |severity, finding, text: String| notes.push((severity, finding, text));
    if found.with_key && found.form != CertificateForm::Pkcs12 {
        let text = "A private key stands in the same file. The file must not be uploaded or sent to anybody.";
        add(Severity::Fail, KEY_INSIDE, text.to_owned());
    }
    match found.form {
        CertificateForm::Pem => {}
        CertificateForm::Der => {
            let text = "The certificate is in binary (DER) form; every example of an upload uses text (PEM).";
            add(Severity::Warn, DER, text.to_owned());
        }
        CertificateForm::TrustedPem => {
            let text = "The certificate is in OpenSSL's own form (BEGIN TRUSTED CERTIFICATE).";
            add(Severity::Warn, TRUSTED_FORM, text.to_owned());
        }
        CertificateForm::Pkcs7 => {
            let text = "The certificate is inside a PKCS#7 bundle (.p7b); NetSuite takes a certificate by itself.";
            add(Severity::Fail, PKCS7, text.to_owned());
        }
        CertificateForm::Pkcs12 => {
            let beside = if found.with_key { ", together with a private key" } else { "" };
            let text = format!(
                "The certificate is inside a PKCS#12 bundle (.p12, .pfx){beside}. The bundle must not be uploaded."
            );
            add(Severity::Warn, PKCS12, text);
        }
    }
    if let Some(bundle) = found.bundle {
        if bundle.only_other_keys {
            let text = "The private key in the bundle does not belong to this certificate.";
            add(Severity::Warn, PKCS12_OTHER_KEY, text.to_owned());
        }
        if !bundle.has_mac {
            let text = "The PKCS#12 bundle has no MAC, the sum that shows whether it was changed.";
            add(Severity::Warn, PKCS12_NO_MAC, text.to_owned());
        }
    }
    let (appended, fixed): (Vec<&Repair>, Vec<&Repair>) =
        found.repairs.iter().partition(|repair| repair.kind == RepairKind::TrailingBytes);
    if !appended.is_empty() {
        let text = format!("More bytes follow the certificate: {}", sentences(&appended));
        add(Severity::Warn, TRAILING_DATA, text);
    }
    if !fixed.is_empty() && found.only_untidy {
        add(Severity::Note, UNTIDY, sentences(&fixed));
    } else if !fixed.is_empty() {
        let text = format!("The file was read all the same: {}", sentences(&fixed));
        add(Severity::Warn, REPAIRED, text);
    } else if found.refused {
        let text = "OpenSSL refuses the file as it stands.".to_owned();
        add(Severity::Warn, REPAIRED, text);
    }
    if !found.others.is_empty() {
        add(Severity::Warn, SEVERAL, several(found));
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

/// Which certificate of several is taken, and why.
fn several(found: &CertificateFile) -> String {
    let certificate = &found.certificate;
    let which = match found.choice {
        Choice::Key => format!("number {} belongs to the private key and is taken", found.number),
        Choice::Id => format!("number {} has the Certificate ID given and is taken", found.number),
        Choice::First => "the first one is taken".to_owned(),
    };
    format!(
        "The file holds {} certificates; {which} ({}, Certificate ID {}).",
        found.others.len() + 1,
        certificate.subject(),
        certificate.certificate_id()
    )
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
        Oddity::EmptyIssuer => (EMPTY_ISSUER, "It names no issuer.".to_owned()),
        Oddity::EmptySubject => (EMPTY_SUBJECT, "It names no subject.".to_owned()),
        Oddity::CompressedPoint => {
            (COMPRESSED_POINT, "Its EC public key is written in the compressed form.".to_owned())
        }
        Oddity::AlgorithmsDiffer => (
            ALGORITHMS_DIFFER,
            "It names one signature algorithm inside and another one beside the signature."
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests;
