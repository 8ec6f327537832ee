//! PKCS#12 bundles (`.p12`, `.pfx`). OpenSSL opens them; what its one question leaves out is found here:
//! the keys after the first one, and bundles that nothing protects against changes.

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkcs12::{ParsedPkcs12_2, Pkcs12};
use openssl::pkey::{PKey, Private};
use openssl::sha::Sha256;
use openssl::sign::Signer;
use zeroize::Zeroizing;

use super::encrypted::{self, Budget, DecryptFailure, cipher_name, cipher_of, decrypt_failure};
use super::{LoadError, PassphraseUse, nid_of, parse};
use crate::credentials::der::{self, DerElement, INTEGER, OCTET_STRING, SEQUENCE, element};
use crate::credentials::pem::GivenThing;

/// A bundle may hold a chain of certificates, but not a whole trust store.
const LARGEST: usize = 256 * 1024;
/// Nobody keeps more private keys in one bundle.
const MOST_KEYS: usize = 16;

/// What an opened bundle holds.
pub struct Bundle {
    /// The private keys, in their order.
    pub keys: Vec<PKey<Private>>,
    /// The certificates in DER form; the one that belongs to the first key stands first.
    pub certificates: Vec<Vec<u8>>,
    /// Whether a MAC protects it against changes.
    pub has_mac: bool,
    /// What became of the passphrase.
    pub passphrase: PassphraseUse,
}

impl Bundle {
    /// Whether one of its certificates belongs to this key.
    #[must_use]
    pub fn certifies(&self, key: &PKey<Private>) -> bool {
        self.certificates.iter().any(|der| certifies(der, key))
    }
}

fn certifies(certificate: &[u8], key: &PKey<Private>) -> bool {
    openssl::x509::X509::from_der(certificate)
        .and_then(|certificate| certificate.public_key())
        .is_ok_and(|public| key.public_eq(&public))
}

/// Opens a bundle, with its passphrase or with none.
///
/// # Errors
/// When it cannot be opened; never [`LoadError::BundleWithoutKey`].
pub fn open_bundle(
    der: &[u8],
    passphrase: Option<&[u8]>,
    budget: &mut Budget,
) -> Result<Bundle, LoadError> {
    const FORM: GivenThing = GivenThing::Pkcs12;
    if der.len() > LARGEST {
        return Err(LoadError::TooLarge);
    }
    budget.spend(der)?;
    let bundle = Pkcs12::from_der(der).map_err(|_| LoadError::Unreadable)?;
    // OpenSSL's own form has definite lengths and no strings in pieces.
    let whole = bundle.to_der().map_err(|_| LoadError::Unreadable)?;
    let has_mac = der::first(&whole).is_some_and(|pfx| pfx.child(2).is_some());
    // A NUL byte cannot be part of a PKCS#12 passphrase here, nor can bytes that are no text.
    let given = passphrase.and_then(|bytes| std::str::from_utf8(bytes).ok());
    let given = given.filter(|text| !text.contains('\0'));
    let unused = passphrase.map_or(PassphraseUse::None, |_| PassphraseUse::NotNeeded);
    let mut outcome = bundle.parse2("").map(|parsed| (parsed, "", unused));
    if outcome.is_err() && !has_mac {
        budget.spend(der)?;
        outcome = open_with(&whole, "", has_mac).map(|parsed| (parsed, "", unused));
    }
    if let (Err(_), Some(text)) = (&outcome, given) {
        budget.spend(der)?;
        outcome =
            open_with(&whole, text, has_mac).map(|parsed| (parsed, text, PassphraseUse::Used));
    }
    let (parsed, text, used) = outcome.map_err(|errors| {
        let old = ciphers(&whole).into_iter().find(|cipher| encrypted::is_old(*cipher));
        match (decrypt_failure(&errors), old) {
            (DecryptFailure::Unsupported, Some(old)) => {
                LoadError::CipherUnsupported(cipher_name(old))
            }
            (DecryptFailure::Unsupported, None) => {
                LoadError::CipherUnsupported("an unknown method".to_owned())
            }
            _ if passphrase.is_none() => LoadError::PassphraseMissing(FORM),
            // Without a MAC nothing but the contents tells whether a passphrase is right.
            (DecryptFailure::WrongPassphrase, _) => LoadError::PassphraseWrong(FORM),
            (DecryptFailure::Nonsense, _) if !has_mac => LoadError::PassphraseWrong(FORM),
            (DecryptFailure::Nonsense, _) => LoadError::DecryptedNonsense,
        }
    })?;
    let keys = all_keys(&whole, parsed.pkey.as_ref(), text, budget)?;
    Ok(Bundle { keys, certificates: certificates(&parsed), has_mac, passphrase: used })
}

fn certificates(parsed: &ParsedPkcs12_2) -> Vec<Vec<u8>> {
    let others = parsed.ca.iter().flatten().map(|certificate| certificate.to_der());
    let own = parsed.cert.as_ref().map(|certificate| certificate.to_der());
    own.into_iter().chain(others).flatten().collect()
}

/// OpenSSL 3.0 opens no bundle without a MAC, so that one is put to it, as the passphrase gives it.
fn open_with(whole: &[u8], text: &str, has_mac: bool) -> Result<ParsedPkcs12_2, ErrorStack> {
    let sealed = (!has_mac).then(|| with_mac(whole, text)).transpose()?.flatten();
    Pkcs12::from_der(sealed.as_deref().unwrap_or(whole))?.parse2(text)
}

/// The same bundle with a MAC (RFC 7292, section 4 and appendix B): HMAC with SHA-256, one round.
fn with_mac(whole: &[u8], text: &str) -> Result<Option<Vec<u8>>, ErrorStack> {
    const BLOCK: usize = 64;
    const MAC_KEY: u8 = 3;
    const SALT: [u8; 8] = *b"preflite";
    const SHA256: &[u8] = b"\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00";
    let parts = || {
        let pfx = der::first(whole)?;
        let contents = pfx.child(1)?.child(1)?.child(0)?;
        Some((pfx, contents.content))
    };
    let Some((pfx, contents)) = parts() else { return Ok(None) };
    let mut password = Zeroizing::new(Vec::new());
    for unit in text.encode_utf16().chain([0]) {
        password.extend_from_slice(&unit.to_be_bytes());
    }
    // With one round and as many bytes as the hash gives, the derivation is a single hash.
    let mut hash = Sha256::new();
    hash.update(&[MAC_KEY; BLOCK]);
    for part in [&SALT[..], &password] {
        let filled = part.len().next_multiple_of(BLOCK);
        let repeated: Zeroizing<Vec<u8>> =
            Zeroizing::new(part.iter().copied().cycle().take(filled).collect());
        hash.update(&repeated);
    }
    let key = PKey::hmac(&hash.finish())?;
    let digest = Signer::new(MessageDigest::sha256(), &key)?.sign_oneshot_to_vec(contents)?;
    let info = element(SEQUENCE, &[SHA256, &element(OCTET_STRING, &digest)].concat());
    let mac = [info, element(OCTET_STRING, &SALT), element(INTEGER, &[1])].concat();
    Ok(Some(element(SEQUENCE, &[pfx.content, &element(SEQUENCE, &mac)].concat())))
}

/// A bag with a key: the plain one of PKCS#8, or the encrypted one.
const KEY_BAG: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x01";
const SHROUDED_KEY_BAG: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x02";

/// Every key, of which OpenSSL gives the first.
fn all_keys(
    whole: &[u8],
    first: Option<&PKey<Private>>,
    text: &str,
    budget: &mut Budget,
) -> Result<Vec<PKey<Private>>, LoadError> {
    let mut keys: Vec<PKey<Private>> = Vec::new();
    for (kind, content) in key_bags(whole) {
        let opened = if kind == SHROUDED_KEY_BAG {
            encrypted::open_pkcs8(content, Some(text.as_bytes()), budget)
        } else {
            parse(content).map(|(key, _)| key)
        };
        match opened {
            Ok(key) if keys.iter().any(|known| known.public_eq(&key)) => {}
            Ok(key) => keys.push(key),
            Err(error @ LoadError::TooMuchWork(_)) => return Err(error),
            // A key that cannot be read leaves the others as they are.
            Err(_) => {}
        }
    }
    if let Some(first) = first
        && !keys.iter().any(|known| known.public_eq(first))
    {
        keys.insert(0, first.clone());
    }
    Ok(keys)
}

/// The encoded keys of the parts that are not encrypted as a whole, where every program puts them.
fn key_bags(whole: &[u8]) -> Vec<(&[u8], &[u8])> {
    let bags = safes(whole).filter_map(|safe| {
        let data = safe.child(1)?.child(0)?;
        let plain = data.tag == OCTET_STRING;
        plain.then(|| der::first(data.content)).flatten()
    });
    let keys = bags.flat_map(DerElement::children).filter_map(|bag| {
        let kind = bag.child(0)?.content;
        let content = bag.child(1)?.content;
        matches!(kind, KEY_BAG | SHROUDED_KEY_BAG).then_some((kind, content))
    });
    keys.take(MOST_KEYS).collect()
}

/// The parts (`ContentInfo`) of the bundle.
fn safes(whole: &[u8]) -> impl Iterator<Item = DerElement<'_>> {
    let contents = || {
        let octets = der::first(whole)?.child(1)?.child(1)?.child(0)?;
        der::first(octets.content)
    };
    contents().into_iter().flat_map(DerElement::children)
}

/// The ciphers of its encrypted parts.
fn ciphers(whole: &[u8]) -> Vec<Nid> {
    let of_parts = safes(whole).filter_map(|safe| {
        // EncryptedData: its version, then the contents with their algorithm.
        let info = safe.child(1)?.child(0)?.child(1)?;
        let algorithm = info.child(1)?;
        (nid_of(info.child(0)?) != Nid::UNDEF).then(|| cipher_of(algorithm))
    });
    let of_keys = key_bags(whole).into_iter().filter_map(|(kind, content)| {
        let algorithm = der::first(content)?.child(0)?;
        (kind == SHROUDED_KEY_BAG).then(|| cipher_of(algorithm))
    });
    of_parts.chain(of_keys).collect()
}
