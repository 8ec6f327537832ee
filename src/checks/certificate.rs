//! `certificate`

mod refusal;

use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::spec::{self, Run, Spec, findings};
use crate::credentials::Certificate;
use crate::credentials::certificate::source::{
    CertificateFile, CertificateForm, NoCertificate, find,
};
use crate::credentials::certificate::{Oddity, colon_hex};
use crate::credentials::input::{Material, Origin};
use crate::credentials::passphrase;
use crate::credentials::pem::{Repair, RepairKind};
use crate::credentials::private_key::trim_passphrase;
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
}

/// The declaration of `certificate`.
pub const SPEC: Spec = Spec {
    id: ids::CERTIFICATE,
    phase: spec::CREDENTIALS,
    needs: &[],
    after: &[],
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
    let verdict = match find(material, passphrase) {
        Ok(found) => {
            let verdict =
                judge(&found).param("repair_certificate_options", repair_options(context, &found));
            let _ = context.facts.certificate.set(found.certificate);
            let _ = context.facts.further_certificates.set(found.further);
            verdict
        }
        Err(refusal) => {
            let given = context.inputs.passphrase.as_ref().map(|given| given.bytes.expose());
            let opens = |text: &[u8]| find(material, Some(text)).is_ok();
            let given = given.filter(|_| matches!(refusal, NoCertificate::Bundle(_)));
            let judged = given.map(|given| passphrase::judge(given, opens));
            refusal::verdict(&refusal, judged.as_ref())
        }
    };
    verdict.evidence(Evidence::new("certificate_source", material.origin.to_string()))
}

/// What `repair` needs besides the file to find the same certificate.
fn repair_options(context: &Context, found: &CertificateFile) -> String {
    let mut options = String::new();
    if found.with_key {
        options.push_str(" --private-key {certificate_file}");
    } else if context.inputs.private_key.is_some() && !found.further.is_empty() {
        options.push_str(" --private-key {private_key_file}");
    }
    let from_file = |material: &Material| matches!(material.origin, Origin::File(_));
    if found.form == CertificateForm::Pkcs12
        && context.inputs.passphrase.as_ref().is_some_and(from_file)
    {
        options.push_str(" --passphrase-file {passphrase_file}");
    }
    options
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
    let (appended, mended): (Vec<&Repair>, Vec<&Repair>) =
        found.repairs.iter().partition(|repair| repair.kind == RepairKind::TrailingBytes);
    if !appended.is_empty() {
        let text = format!("More bytes follow the certificate: {}", sentences(&appended));
        add(Severity::Warn, TRAILING_DATA, text);
    }
    if !mended.is_empty() && found.only_untidy {
        add(Severity::Note, UNTIDY, sentences(&mended));
    } else if !mended.is_empty() {
        let text = format!("The file was read all the same: {}", sentences(&mended));
        add(Severity::Warn, REPAIRED, text);
    } else if found.refused {
        let text = "OpenSSL refuses the file as it stands.".to_owned();
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
mod tests;
