//! What was given where the certificate belongs, when it holds none.

use super::{
    ARCHIVE, DAMAGED, DOCUMENT, EMPTY, ENCRYPTED_FILE, HEX_DUMP, JAVA_KEY_STORE, KEY_STORE,
    KUBERNETES_SECRET, MANGLED, OTHER_THING, PATH, PKCS7_EMPTY, PKCS12_EMPTY, PKCS12_OLD,
    PKCS12_PASSPHRASE, PKCS12_PROTECTED, PKCS12_UNREADABLE, PRINTED_TEXT, PRIVATE_KEY, PUBLIC_KEY,
    REFERENCE, REQUEST, TOO_LARGE, UNREADABLE,
};
use crate::credentials::certificate::source::NoCertificate;
use crate::credentials::passphrase::PassphraseJudgement;
use crate::credentials::pem::{GivenThing, mentions_private_key};
use crate::credentials::private_key::LoadError;
use crate::engine::{FindingId, Verdict};

/// The verdict where no certificate was found in these bytes, and what was seen of the passphrase.
pub(super) fn verdict(
    refusal: &NoCertificate,
    bytes: &[u8],
    judged: Option<&PassphraseJudgement>,
) -> Verdict {
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
        NoCertificate::Other(thing) => other(*thing, mentions_private_key(bytes)),
    }
}

fn other(thing: GivenThing, speaks_of_a_key: bool) -> Verdict {
    let what = thing.name();
    match thing {
        GivenThing::Empty | GivenThing::Blank => {
            return Verdict::fail(
                EMPTY,
                format!("Where the certificate should be, there is {what}."),
            );
        }
        GivenThing::TooLarge => {
            return Verdict::fail(
                TOO_LARGE,
                format!("This is {what}, and a certificate has a few kilobytes."),
            );
        }
        GivenThing::CertificateRequest if !speaks_of_a_key => {
            let text = format!("This is {what}, from which a certificate is yet to be made.");
            return Verdict::fail(REQUEST, text);
        }
        GivenThing::Path => return Verdict::fail(PATH, format!("This is {what}.")),
        _ => {}
    }
    let finding = of_thing(thing);
    let text = if thing.is_private_in_any_form() {
        format!("This is {what} and no certificate. It must not be uploaded or sent to anybody.")
    } else if thing.may_hold_a_private_key() {
        format!(
            "This is {what}, not a certificate. It may hold a private key and must not be uploaded \
             or sent to anybody."
        )
    } else if speaks_of_a_key {
        format!(
            "This is {what}, not a certificate, and it speaks of a private key. It must not be \
             uploaded or sent to anybody."
        )
    } else if finding == PUBLIC_KEY {
        format!(
            "This is {what} and no certificate: it lacks the dates, the name and the signature."
        )
    } else {
        format!("This is {what}, not a certificate.")
    };
    Verdict::fail(finding, text)
}

fn of_thing(thing: GivenThing) -> FindingId {
    match thing {
        GivenThing::JavaKeyStore => JAVA_KEY_STORE,
        GivenThing::NssDatabase | GivenThing::SqliteDatabase | GivenThing::Keychain => KEY_STORE,
        GivenThing::AgeFile
        | GivenThing::AnsibleVault
        | GivenThing::SopsFile
        | GivenThing::GitCryptFile
        | GivenThing::OpensslEncryptedFile
        | GivenThing::DpapiBlob
        | GivenThing::PgpMessage => ENCRYPTED_FILE,
        GivenThing::KubernetesSecret => KUBERNETES_SECRET,
        GivenThing::Gzip | GivenThing::Zip | GivenThing::OtherArchive => ARCHIVE,
        thing if thing.may_hold_a_private_key() => PRIVATE_KEY,
        GivenThing::PublicKey
        | GivenThing::RsaPublicKey
        | GivenThing::SshPublicKey
        | GivenThing::JwkPublic
        | GivenThing::XmlPublicKey
        | GivenThing::WindowsPublicBlob
        | GivenThing::PgpPublicKey
        | GivenThing::AgeRecipient => PUBLIC_KEY,
        GivenThing::CertificateRequest => REQUEST,
        GivenThing::Rtf
        | GivenThing::OfficeDocument
        | GivenThing::Pdf
        | GivenThing::Image
        | GivenThing::Html => DOCUMENT,
        GivenThing::Reference
        | GivenThing::Placeholder
        | GivenThing::Masked
        | GivenThing::GitLfsPointer => REFERENCE,
        GivenThing::HexDump => HEX_DUMP,
        GivenThing::MangledDer => MANGLED,
        GivenThing::PrintedCertificate => PRINTED_TEXT,
        _ => OTHER_THING,
    }
}

/// A PKCS#12 bundle that cannot be opened. Its owner is told not to upload it in any case.
fn bundle(error: &LoadError, judged: Option<&PassphraseJudgement>) -> Verdict {
    if error.is_wrong_passphrase()
        && let Some(PassphraseJudgement::OpensWithout(flaws)) = judged
    {
        let why = format!("The passphrase as given does not open it; it does without {flaws}.");
        return unopened(PKCS12_PASSPHRASE, &why);
    }
    let (finding, why) = match error {
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
    unopened(finding, why)
}

fn unopened(finding: FindingId, why: &str) -> Verdict {
    let what = GivenThing::Pkcs12.name();
    let text = format!(
        "This is {what}, which usually holds the private key as well and must not be uploaded. {why}"
    );
    Verdict::fail(finding, text)
}
