//! Encrypted private keys: PKCS#8 and OpenSSL's old way.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use zeroize::Zeroizing;

use super::effort::Budget;
use super::{LARGEST_KEY, LoadError, nid_of};
use crate::credentials::der;
use crate::credentials::pem::{Block, GivenThing};

/// What a failed decryption means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The padding is wrong: so is the key that the passphrase gave.
    WrongPassphrase,
    /// The algorithm is not there.
    Unsupported,
    /// What came out is no key.
    Nonsense,
}

/// Reads OpenSSL's reasons. They are names of its own constants and are not shown.
pub(super) fn refusal(errors: &ErrorStack) -> Refusal {
    let has = |words: &[&str]| {
        errors.errors().iter().filter_map(|error| error.reason()).any(|reason| {
            let reason = reason.to_ascii_lowercase();
            words.iter().any(|word| reason.contains(word))
        })
    };
    if has(&["bad decrypt", "mac verify", "wrong final block", "cipherfinal", "bad password"]) {
        Refusal::WrongPassphrase
    } else if has(&["unsupported", "unknown cipher", "unknown pbe", "unknown digest", "fetch"]) {
        Refusal::Unsupported
    } else {
        Refusal::Nonsense
    }
}

pub(super) fn open_pkcs8(
    der: &[u8],
    passphrase: Option<&[u8]>,
    budget: &mut Budget,
) -> Result<PKey<Private>, LoadError> {
    const FORM: GivenThing = GivenThing::EncryptedPkcs8;
    if der.len() > LARGEST_KEY {
        return Err(LoadError::TooLarge);
    }
    let passphrase = passphrase.ok_or(LoadError::PassphraseMissing(FORM))?;
    budget.spend(der)?;
    PKey::private_key_from_pkcs8_passphrase(der, passphrase).map_err(|errors| {
        match refusal(&errors) {
            Refusal::WrongPassphrase => LoadError::PassphraseWrong(FORM),
            // The decoders of OpenSSL say "unsupported" of any contents they cannot read.
            Refusal::Unsupported if !is_old_cipher(der) => LoadError::DecryptedNonsense,
            Refusal::Unsupported => LoadError::CipherUnsupported(cipher_name(der)),
            Refusal::Nonsense => LoadError::DecryptedNonsense,
        }
    })
}

/// Whether the encryption is none of the kinds that are in use today.
fn is_old_cipher(der: &[u8]) -> bool {
    let current = [
        Nid::AES_128_CBC,
        Nid::AES_192_CBC,
        Nid::AES_256_CBC,
        Nid::DES_EDE3_CBC,
        Nid::PBE_WITHSHA1AND3_KEY_TRIPLEDES_CBC,
    ];
    !current.contains(&cipher(der))
}

fn cipher(der: &[u8]) -> Nid {
    let found = || {
        let algorithm = der::first(der)?.child(0)?;
        let scheme = nid_of(algorithm.child(0)?);
        if scheme != Nid::PBES2 {
            return Some(scheme);
        }
        Some(nid_of(algorithm.child(1)?.child(1)?.child(0)?))
    };
    found().unwrap_or(Nid::UNDEF)
}

fn cipher_name(der: &[u8]) -> String {
    match cipher(der) {
        Nid::UNDEF => "an unknown method".to_owned(),
        nid => nid.long_name().map_or_else(|_| "an unknown method".to_owned(), str::to_owned),
    }
}

/// `Proc-Type: 4,ENCRYPTED`: the block is written anew, clean, for OpenSSL's own reader.
pub(super) fn open_legacy(
    block: &Block,
    passphrase: Option<&[u8]>,
) -> Result<PKey<Private>, LoadError> {
    const FORM: GivenThing = GivenThing::LegacyEncrypted;
    if block.der.len() > LARGEST_KEY {
        return Err(LoadError::TooLarge);
    }
    let info = block.header("DEK-Info").ok_or(LoadError::BadEncryptionHeader)?;
    let (name, iv) = info.split_once(',').ok_or(LoadError::BadEncryptionHeader)?;
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !plain(name) || !matches!(iv.len(), 16 | 32) {
        return Err(LoadError::BadEncryptionHeader);
    }
    let passphrase = passphrase.ok_or(LoadError::PassphraseMissing(FORM))?;
    let label = block.label.as_deref().unwrap_or("PRIVATE KEY");
    let mut pem = Zeroizing::new(format!(
        "-----BEGIN {label}-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: {name},{iv}\n\n"
    ));
    let encoded = Zeroizing::new(STANDARD.encode(&*block.der));
    for line in encoded.as_bytes().chunks(64) {
        pem.push_str(std::str::from_utf8(line).unwrap_or_default());
        pem.push('\n');
    }
    pem.push_str(&format!("-----END {label}-----\n"));
    PKey::private_key_from_pem_passphrase(pem.as_bytes(), passphrase).map_err(|errors| {
        let known = ["AES-128-CBC", "AES-192-CBC", "AES-256-CBC", "DES-EDE3-CBC"];
        match refusal(&errors) {
            Refusal::WrongPassphrase => LoadError::PassphraseWrong(FORM),
            _ if !known.contains(&name) => LoadError::CipherUnsupported(name.to_owned()),
            _ => LoadError::DecryptedNonsense,
        }
    })
}
