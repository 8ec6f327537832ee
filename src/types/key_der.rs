//! How a private key in DER begins. Tells one in a text, cut off or not, without reading it.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

/// Padding and an end that is cut off do not matter.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// So many characters of base64 show how a key begins.
const ENOUGH: usize = 64;

/// Whether bytes begin as a private key does: PKCS#8, PKCS#1, DSA, SEC 1, encrypted PKCS#8, PKCS#12.
/// A certificate or a public key begins otherwise.
#[must_use]
pub fn begins_key(bytes: &[u8]) -> bool {
    let Some(content) = sequence(bytes) else { return false };
    match content {
        // Version, then the algorithm, the modulus, or the scalar.
        [2, 1, 0 | 1 | 3, 0x30, ..] | [2, 1, 0, 2, ..] | [2, 1, 1, 4, 20..=66, ..] => true,
        // The algorithm of the encryption: under PKCS#5 or PKCS#12.
        _ => sequence(content).is_some_and(|algorithm| {
            const PKCS5: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5];
            const PKCS12: &[u8] = &[6, 10, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12];
            algorithm.starts_with(PKCS5) || algorithm.starts_with(PKCS12)
        }),
    }
}

/// The same for base64 of either alphabet, which may go on.
#[must_use]
pub fn base64_begins_key(text: &[u8]) -> bool {
    decoded(text).is_some_and(|bytes| begins_key(&bytes))
}

/// What the beginning of a text says in base64 of either alphabet, at most 48 bytes.
pub(super) fn decoded(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let usual = |byte: &u8| match byte {
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        b'+' | b'/' => Some(*byte),
        _ => byte.is_ascii_alphanumeric().then_some(*byte),
    };
    let run: Zeroizing<Vec<u8>> =
        Zeroizing::new(text.iter().take(ENOUGH).map_while(usual).collect());
    // Four characters are three bytes.
    let whole = run.get(..run.len() / 4 * 4)?;
    LENIENT.decode(whole).ok().map(Zeroizing::new)
}

/// What stands behind the head of a SEQUENCE, as far as it is there.
fn sequence(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        // 0x80 is of no stated length, as in some PKCS#12 files.
        [0x30, 0..=0x80, rest @ ..] => Some(rest),
        [0x30, length @ 0x81..=0x84, rest @ ..] => rest.get(usize::from(length & 0x7f)..),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use openssl::ec::{EcGroup, EcKey};
    use openssl::nid::Nid;
    use openssl::pkey::PKey;
    use openssl::rsa::Rsa;
    use openssl::symm::Cipher;

    use super::*;

    #[test]
    fn every_kind_of_key_is_told_by_its_beginning_and_nothing_else_is() {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let ec = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
        let small = PKey::from_rsa(Rsa::generate(512).unwrap()).unwrap();
        let rsa = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
        for key in [ec, small, rsa] {
            let encrypted = key.private_key_to_pkcs8_passphrase(Cipher::aes_128_cbc(), b"secret");
            for der in [
                key.private_key_to_pkcs8().unwrap(),
                key.private_key_to_der().unwrap(),
                encrypted.unwrap(),
            ] {
                assert!(begins_key(&der) && begins_key(&der[..24]), "{:?}", key.id());
                let text = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&der);
                assert!(base64_begins_key(text.as_bytes()));
            }
            assert!(!begins_key(&key.public_key_to_der().unwrap()));
        }
        assert!(!begins_key(b"") && !begins_key(&[0x30]) && !begins_key(b"0\x82"));
    }
}
