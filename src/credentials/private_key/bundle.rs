//! PKCS#12 bundles (`.p12`, `.pfx`).

use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};

use super::encrypted::{Refusal, refusal};
use super::{LoadError, PassphraseUse, effort};
use crate::credentials::pem::GivenThing;

/// A bundle may hold a chain of certificates, but not a whole trust store.
const LARGEST: usize = 256 * 1024;

type Opened = (PKey<Private>, PassphraseUse, Option<Vec<u8>>);

pub(super) fn open(der: &[u8], passphrase: Option<&[u8]>) -> Result<Opened, LoadError> {
    const FORM: GivenThing = GivenThing::Pkcs12;
    if der.len() > LARGEST {
        return Err(LoadError::TooLarge);
    }
    effort::check(der)?;
    let bundle = Pkcs12::from_der(der).map_err(|_| LoadError::Unreadable)?;
    // A NUL byte cannot be part of a PKCS#12 passphrase here, nor can bytes that are no text.
    let given = passphrase.and_then(|bytes| std::str::from_utf8(bytes).ok());
    let given = given.filter(|text| !text.contains('\0'));
    let mut outcome = bundle.parse2("").map(|parsed| {
        let used = passphrase.map_or(PassphraseUse::None, |_| PassphraseUse::NotNeeded);
        (parsed, used)
    });
    if let (Err(_), Some(text)) = (&outcome, given) {
        outcome = bundle.parse2(text).map(|parsed| (parsed, PassphraseUse::Used));
    }
    let (parsed, used) = outcome.map_err(|errors| match refusal(&errors) {
        Refusal::Unsupported => LoadError::CipherUnsupported("an old method such as RC2".into()),
        _ if passphrase.is_none() => LoadError::PassphraseMissing(FORM),
        Refusal::WrongPassphrase => LoadError::PassphraseWrong(FORM),
        Refusal::Nonsense => LoadError::DecryptedNonsense,
    })?;
    let key = parsed.pkey.ok_or(LoadError::BundleWithoutKey)?;
    let certificate = parsed.cert.and_then(|certificate| certificate.to_der().ok());
    Ok((key, used, certificate))
}
