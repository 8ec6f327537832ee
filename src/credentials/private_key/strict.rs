//! What OpenSSL's own reader makes of the bytes as they are: what it refuses, most programs refuse.

use openssl::pkey::{PKey, Private};
use openssl::x509::X509;
use zeroize::Zeroizing;

use super::PrivateKey;
use crate::credentials::certificate::Certificate;

/// OpenSSL's PEM reader is asked about inputs up to this size; it is slow on large ones that are
/// something else.
const LARGEST: usize = 64 * 1024;

/// Whether OpenSSL reads this very key from PEM text as it is. `None` where it was not asked.
#[must_use]
pub fn openssl_reads(pem: &[u8], passphrase: Option<&[u8]>, key: &PrivateKey) -> Option<bool> {
    if pem.len() > LARGEST {
        return None;
    }
    let answer = |buffer: &mut [u8]| {
        let given = passphrase.unwrap_or_default();
        // Too long to fit is as wrong as any other.
        let Some(place) = buffer.get_mut(..given.len()) else { return Ok(0) };
        place.copy_from_slice(given);
        Ok(given.len())
    };
    let read = PKey::private_key_from_pem_callback(pem, answer);
    Some(read.is_ok_and(|read| same(&read, key)))
}

/// Whether OpenSSL reads this very certificate from PEM text as it is, alone or among others. `None`
/// where it was not asked.
#[must_use]
pub fn openssl_reads_certificate(pem: &[u8], certificate: &Certificate) -> Option<bool> {
    if pem.len() > LARGEST {
        return None;
    }
    let is_it = |x509: &X509| x509.to_der().is_ok_and(|der| der == certificate.der());
    let alone = X509::from_pem(pem).is_ok_and(|x509| is_it(&x509));
    Some(alone || X509::stack_from_pem(pem).is_ok_and(|all| all.iter().any(is_it)))
}

/// Whether it is the same key, the private half included.
fn same(read: &PKey<Private>, key: &PrivateKey) -> bool {
    let written = |key: &PKey<Private>| key.private_key_to_pkcs8().map(Zeroizing::new);
    match (written(read), written(key.pkey())) {
        (Ok(a), Ok(b)) => openssl::memcmp::eq(&openssl::sha::sha256(&a), &openssl::sha::sha256(&b)),
        // What cannot be written cannot be compared.
        _ => false,
    }
}
