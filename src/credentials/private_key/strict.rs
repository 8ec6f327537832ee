//! What OpenSSL's own reader makes of the bytes as they are: what it refuses, most programs refuse.

use openssl::pkey::PKey;

use super::PrivateKey;

/// OpenSSL's PEM reader is asked about inputs up to this size; it is slow on large ones that are
/// something else.
pub const LARGEST: usize = 64 * 1024;

/// Whether OpenSSL reads this very key from PEM text as it is.
#[must_use]
pub fn openssl_reads(pem: &[u8], passphrase: Option<&[u8]>, key: &PrivateKey) -> bool {
    let answer = |buffer: &mut [u8]| {
        let given = passphrase.unwrap_or_default();
        // Too long to fit is as wrong as any other.
        let Some(place) = buffer.get_mut(..given.len()) else { return Ok(0) };
        place.copy_from_slice(given);
        Ok(given.len())
    };
    let read = PKey::private_key_from_pem_callback(pem, answer);
    read.is_ok_and(|read| same(&read, key))
}

/// Whether it is the same key, the private half included.
fn same(read: &PKey<openssl::pkey::Private>, key: &PrivateKey) -> bool {
    let own = key.pkey();
    match (read.private_key_to_pkcs8(), own.private_key_to_pkcs8()) {
        (Ok(a), Ok(b)) => openssl::memcmp::eq(&openssl::sha::sha256(&a), &openssl::sha::sha256(&b)),
        _ => read.public_eq(own),
    }
}
