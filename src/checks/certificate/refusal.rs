//! What was given where the certificate belongs, when it holds none.

use super::{
    DAMAGED, EMPTY, OTHER_THING, PATH, PKCS7_EMPTY, PKCS12_EMPTY, PKCS12_OLD, PKCS12_PASSPHRASE,
    PKCS12_PROTECTED, PKCS12_UNREADABLE, PRIVATE_KEY, PUBLIC_KEY, REQUEST, TOO_LARGE, UNREADABLE,
};
use crate::credentials::certificate::source::NoCertificate;
use crate::credentials::passphrase::PassphraseJudgement;
use crate::credentials::pem::GivenThing;
use crate::credentials::private_key::LoadError;
use crate::engine::Verdict;

/// The verdict where no certificate was found.
pub(super) fn verdict(refusal: &NoCertificate, judged: Option<&PassphraseJudgement>) -> Verdict {
    match refusal {
        NoCertificate::Damaged(damage) => {
            Verdict::fail(DAMAGED, format!("The certificate cannot be read: {damage}."))
        }
        NoCertificate::Unreadable(error) => {
            Verdict::fail(UNREADABLE, format!("The certificate cannot be read: {error}."))
        }
        NoCertificate::Pkcs7Empty => Verdict::fail(
            PKCS7_EMPTY,
            "This is a PKCS#7 bundle (.p7b) in which no certificate can be found.",
        ),
        NoCertificate::Pkcs12Empty => Verdict::fail(
            PKCS12_EMPTY,
            "This is a PKCS#12 bundle (.p12, .pfx) in which there is no certificate. It must not be uploaded.",
        ),
        NoCertificate::Bundle(error) => bundle(error, judged),
        NoCertificate::Other(thing) => other(*thing),
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

/// A PKCS#12 bundle that cannot be opened. Its owner is told not to upload it in any case.
fn bundle(error: &LoadError, judged: Option<&PassphraseJudgement>) -> Verdict {
    let without;
    let (finding, why) = match error {
        LoadError::PassphraseWrong(_) | LoadError::DecryptedNonsense
            if let Some(PassphraseJudgement::OpensWithout(flaws)) = judged =>
        {
            without = format!("The passphrase as given does not open it; it does without {flaws}.");
            (PKCS12_PASSPHRASE, without.as_str())
        }
        LoadError::PassphraseMissing(_) => {
            (PKCS12_PROTECTED, "It is protected by a password, and none was given.")
        }
        LoadError::PassphraseWrong(_) => {
            (PKCS12_PASSPHRASE, "The passphrase that was given does not open it.")
        }
        LoadError::CipherUnsupported(_) => {
            (PKCS12_OLD, "It is encrypted in a way too old to be opened here.")
        }
        LoadError::TooMuchWork(_) => (
            PKCS12_UNREADABLE,
            "Opening it would take minutes, by the number of rounds it asks for.",
        ),
        LoadError::TooLarge => {
            (PKCS12_UNREADABLE, "It is far larger than a bundle of one key and its certificate.")
        }
        _ => (PKCS12_UNREADABLE, "It is damaged and cannot be opened."),
    };
    let what = GivenThing::Pkcs12.name();
    let text = format!(
        "This is {what}, which usually holds the private key as well and must not be uploaded. {why}"
    );
    Verdict::fail(finding, text)
}
