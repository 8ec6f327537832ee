//! Encrypted private keys: PKCS#8 and OpenSSL's old way. How much work a passphrase would cost is found
//! out before OpenSSL begins with it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use zeroize::Zeroizing;

use super::{LARGEST_KEY, LoadError, nid_of};
use crate::credentials::der::{self, DerElement, INTEGER, OCTET_STRING};
use crate::credentials::pem::{Block, GivenThing};

/// What a failed decryption means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DecryptFailure {
    /// The padding is wrong: so is the key that the passphrase gave.
    WrongPassphrase,
    /// The algorithm is not there.
    Unsupported,
    /// What came out is no key.
    Nonsense,
}

/// Reads OpenSSL's reasons. They are names of its own constants and are not shown.
pub(super) fn decrypt_failure(errors: &ErrorStack) -> DecryptFailure {
    let has = |words: &[&str]| {
        errors.errors().iter().filter_map(|error| error.reason()).any(|reason| {
            let reason = reason.to_ascii_lowercase();
            words.iter().any(|word| reason.contains(word))
        })
    };
    if has(&["bad decrypt", "mac verify", "wrong final block", "cipherfinal", "bad password"]) {
        DecryptFailure::WrongPassphrase
    } else if has(&["unsupported", "unknown cipher", "unknown pbe", "unknown digest", "fetch"]) {
        DecryptFailure::Unsupported
    } else {
        DecryptFailure::Nonsense
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
        match decrypt_failure(&errors) {
            DecryptFailure::WrongPassphrase => LoadError::PassphraseWrong(FORM),
            // The decoders of OpenSSL say "unsupported" of any contents they cannot read.
            DecryptFailure::Unsupported if !is_old(cipher(der)) => LoadError::DecryptedNonsense,
            DecryptFailure::Unsupported => LoadError::CipherUnsupported(cipher_name(cipher(der))),
            DecryptFailure::Nonsense => LoadError::DecryptedNonsense,
        }
    })
}

/// Whether the encryption is none of the kinds that are in use today.
pub(super) fn is_old(cipher: Nid) -> bool {
    let current = [
        Nid::AES_128_CBC,
        Nid::AES_192_CBC,
        Nid::AES_256_CBC,
        Nid::DES_EDE3_CBC,
        Nid::PBE_WITHSHA1AND3_KEY_TRIPLEDES_CBC,
    ];
    !current.contains(&cipher)
}

fn cipher(der: &[u8]) -> Nid {
    let algorithm = der::first(der).and_then(|whole| whole.child(0));
    algorithm.map_or(Nid::UNDEF, cipher_of)
}

/// The cipher that an `AlgorithmIdentifier` of password-based encryption names.
pub(super) fn cipher_of(algorithm: DerElement<'_>) -> Nid {
    let found = || {
        let scheme = nid_of(algorithm.child(0)?);
        if scheme != Nid::PBES2 {
            return Some(scheme);
        }
        Some(nid_of(algorithm.child(1)?.child(1)?.child(0)?))
    };
    found().unwrap_or(Nid::UNDEF)
}

pub(super) fn cipher_name(cipher: Nid) -> String {
    match cipher {
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
        match decrypt_failure(&errors) {
            DecryptFailure::WrongPassphrase => LoadError::PassphraseWrong(FORM),
            _ if !known.contains(&name) => LoadError::CipherUnsupported(name.to_owned()),
            _ => LoadError::DecryptedNonsense,
        }
    })
}

/// Two seconds or so. OpenSSL writes 2048 rounds, careful people some hundred thousand.
const MOST_ROUNDS: u64 = 5_000_000;
const DEEPEST: usize = 24;
const MOST_ELEMENTS: usize = 20_000;
/// A string in pieces: the constructed form of OCTET STRING.
const PIECES: u8 = OCTET_STRING | 0x20;

/// The rounds of key derivation that one reading of an input with one passphrase may cost altogether,
/// however many structures with however many parts it holds, and however often one of them is tried.
#[derive(Debug, Default)]
pub struct Budget {
    spent: u64,
}

impl Budget {
    /// Counts the rounds that one attempt at a structure costs at most. The parameters of every
    /// kind of password-based encryption are a salt followed by a number of rounds.
    pub(super) fn spend(&mut self, bytes: &[u8]) -> Result<(), LoadError> {
        let mut left = MOST_ELEMENTS;
        let rounds = der::first(bytes).map_or(0, |whole| rounds(whole, DEEPEST, &mut left));
        if left == 0 {
            return Err(LoadError::TooLarge);
        }
        let total = self.spent.saturating_add(rounds);
        if total > MOST_ROUNDS {
            return Err(LoadError::TooMuchWork(total));
        }
        self.spent = total;
        Ok(())
    }
}

/// The sum over everything inside.
fn rounds(element: DerElement<'_>, depth: usize, left: &mut usize) -> u64 {
    let Some(depth) = depth.checked_sub(1) else { return 0 };
    let mut sum = 0_u64;
    let mut numbers: Option<Vec<u64>> = None;
    for child in element.children() {
        *left = left.saturating_sub(1);
        if *left == 0 {
            return sum;
        }
        match &mut numbers {
            // Too large for 64 bits is too large in any case.
            Some(numbers) if child.tag == INTEGER => {
                numbers.push(der::small_integer(child).unwrap_or(u64::MAX));
                continue;
            }
            _ => sum = sum.saturating_add(cost(numbers.take())),
        }
        let inside = match child.tag {
            OCTET_STRING => string(child.content, depth, left),
            PIECES => {
                let whole: Vec<u8> =
                    child.children().flat_map(|part| part.content).copied().collect();
                string(&whole, depth, left)
            }
            _ if child.is_constructed() => rounds(child, depth, left),
            _ => 0,
        };
        sum = sum.saturating_add(inside);
        if matches!(child.tag, OCTET_STRING | PIECES) {
            numbers = Some(Vec::new());
        }
    }
    sum.saturating_add(cost(numbers))
}

/// A structure inside a string.
fn string(content: &[u8], depth: usize, left: &mut usize) -> u64 {
    match der::split(content) {
        Some((inner, [])) if inner.tag == der::SEQUENCE => rounds(inner, depth, left),
        _ => 0,
    }
}

/// What the numbers after a salt mean: rounds and perhaps a length, or the three factors of
/// scrypt (RFC 7914, section 7.1).
fn cost(numbers: Option<Vec<u64>>) -> u64 {
    match numbers.as_deref() {
        Some([cost, block, parallel, ..]) => cost.saturating_mul(*block).saturating_mul(*parallel),
        Some([rounds, ..]) => *rounds,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[tag, 0x82], &length[..], content].concat()
    }

    fn parameters(salt: u8, numbers: &[&[u8]]) -> Vec<u8> {
        let mut inner = element(salt, &element(OCTET_STRING, &[1, 2]));
        inner.extend(numbers.iter().flat_map(|number| element(INTEGER, number)));
        element(der::SEQUENCE, &inner)
    }

    fn spend(bytes: &[u8]) -> Result<(), LoadError> {
        Budget::default().spend(bytes)
    }

    #[test]
    fn rounds_beyond_reason_are_refused() {
        assert_eq!(spend(&parameters(OCTET_STRING, &[&[0x08, 0x00]])), Ok(()));
        for salt in [OCTET_STRING, PIECES] {
            assert_eq!(
                spend(&parameters(salt, &[&[0x7f, 0xff, 0xff, 0xff]])),
                Err(LoadError::TooMuchWork(0x7fff_ffff))
            );
        }
        assert_eq!(
            spend(&parameters(OCTET_STRING, &[&[0x7f; 9]])),
            Err(LoadError::TooMuchWork(u64::MAX))
        );
    }

    #[test]
    fn many_small_costs_are_added_up() {
        // 1,000,000 rounds each, and a length of the key that is no factor.
        let one = parameters(OCTET_STRING, &[&[0x0f, 0x42, 0x40], &[32]]);
        assert_eq!(spend(&element(der::SEQUENCE, &one.repeat(5))), Ok(()));
        let six = element(der::SEQUENCE, &one.repeat(6));
        assert_eq!(spend(&six), Err(LoadError::TooMuchWork(6_000_000)));
        let hidden = element(der::SEQUENCE, &element(OCTET_STRING, &six));
        assert_eq!(spend(&hidden), Err(LoadError::TooMuchWork(6_000_000)));
        let middle = six.len() / 2;
        let pieces = [&six[..middle], &six[middle..]].map(|part| element(OCTET_STRING, part));
        let pieces = element(der::SEQUENCE, &element(PIECES, &pieces.concat()));
        assert_eq!(spend(&pieces), Err(LoadError::TooMuchWork(6_000_000)));
    }

    #[test]
    fn one_budget_serves_several_attempts() {
        let two = parameters(OCTET_STRING, &[&[0x1e, 0x84, 0x80]]);
        let mut budget = Budget::default();
        assert_eq!(budget.spend(&two), Ok(()));
        assert_eq!(budget.spend(&two), Ok(()));
        assert_eq!(budget.spend(&two), Err(LoadError::TooMuchWork(6_000_000)));
    }

    #[test]
    fn the_factors_of_scrypt_are_multiplied() {
        let usual = parameters(OCTET_STRING, &[&[0x40, 0x00], &[8], &[1]]);
        assert_eq!(spend(&usual), Ok(()));
        let wide = parameters(OCTET_STRING, &[&[0x40, 0x00], &[8], &[0x01, 0x00]]);
        assert_eq!(spend(&wide), Err(LoadError::TooMuchWork(16_384 * 8 * 256)));
    }
}
