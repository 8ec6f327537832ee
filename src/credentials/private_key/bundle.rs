//! PKCS#12 bundles (`.p12`, `.pfx`).

use openssl::pkcs12::{ParsedPkcs12_2, Pkcs12};
use openssl::pkey::{PKey, Private};

use super::effort::Budget;
use super::encrypted::{Refusal, refusal};
use super::{LoadError, PassphraseUse};
use crate::credentials::pem::GivenThing;

/// A bundle may hold a chain of certificates, but not a whole trust store.
const LARGEST: usize = 256 * 1024;

type Opened = (PKey<Private>, PassphraseUse);

/// The certificates of a bundle.
#[derive(Debug, Clone)]
pub struct BundleCertificates {
    /// In DER form; the one that belongs to the private key first.
    pub certificates: Vec<Vec<u8>>,
    /// Whether a private key is in the bundle as well.
    pub with_key: bool,
}

pub(super) fn open(
    der: &[u8],
    passphrase: Option<&[u8]>,
    budget: &mut Budget,
) -> Result<Opened, LoadError> {
    let (parsed, used) = parse(der, passphrase, budget)?;
    let key = parsed.pkey.ok_or(LoadError::BundleWithoutKey)?;
    Ok((key, used))
}

/// Takes the certificates out of a PKCS#12 bundle, with its passphrase or with none.
///
/// # Errors
/// When it cannot be opened; never [`LoadError::BundleWithoutKey`].
pub fn certificates(
    der: &[u8],
    passphrase: Option<&[u8]>,
    budget: &mut Budget,
) -> Result<BundleCertificates, LoadError> {
    let (parsed, _) = parse(der, passphrase, budget)?;
    let others = parsed.ca.iter().flatten().map(|certificate| certificate.to_der());
    let own = parsed.cert.as_ref().map(|certificate| certificate.to_der());
    Ok(BundleCertificates {
        certificates: own.into_iter().chain(others).flatten().collect(),
        with_key: parsed.pkey.is_some(),
    })
}

fn parse(
    der: &[u8],
    passphrase: Option<&[u8]>,
    budget: &mut Budget,
) -> Result<(ParsedPkcs12_2, PassphraseUse), LoadError> {
    const FORM: GivenThing = GivenThing::Pkcs12;
    if der.len() > LARGEST {
        return Err(LoadError::TooLarge);
    }
    budget.spend(der)?;
    let bundle = Pkcs12::from_der(der).map_err(|_| LoadError::Unreadable)?;
    // A NUL byte cannot be part of a PKCS#12 passphrase here, nor can bytes that are no text.
    let given = passphrase.and_then(|bytes| std::str::from_utf8(bytes).ok());
    let given = given.filter(|text| !text.contains('\0'));
    let mut outcome = bundle.parse2("").map(|parsed| {
        let used = passphrase.map_or(PassphraseUse::None, |_| PassphraseUse::NotNeeded);
        (parsed, used)
    });
    if let (Err(_), Some(text)) = (&outcome, given) {
        budget.spend(der)?;
        outcome = bundle.parse2(text).map(|parsed| (parsed, PassphraseUse::Used));
    }
    outcome.map_err(|errors| match refusal(&errors) {
        Refusal::Unsupported => LoadError::CipherUnsupported("an old method such as RC2".into()),
        _ if passphrase.is_none() => LoadError::PassphraseMissing(FORM),
        Refusal::WrongPassphrase => LoadError::PassphraseWrong(FORM),
        Refusal::Nonsense => LoadError::DecryptedNonsense,
    })
}
