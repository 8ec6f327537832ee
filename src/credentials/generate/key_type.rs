//! Making a private key.

use openssl::ec::{Asn1Flag, EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;

use crate::credentials::key::{Curve, KeyKind, PrivateKey};
use crate::types::KeyType;

/// The kind of such a key, as far as signing goes.
#[must_use]
pub fn kind(key_type: KeyType) -> KeyKind {
    match key_type {
        KeyType::Rsa3072 => KeyKind::Rsa(3072),
        KeyType::Rsa4096 => KeyKind::Rsa(4096),
        KeyType::EcP256 => KeyKind::Ec(Curve::P256),
        KeyType::EcP384 => KeyKind::Ec(Curve::P384),
        KeyType::EcP521 => KeyKind::Ec(Curve::P521),
    }
}

/// Makes a private key. RSA takes up to some seconds and cannot be stopped: run it on a thread of
/// its own where a person may change their mind. Nothing is written anywhere.
///
/// # Errors
/// When OpenSSL cannot make a key, as with a random source that fails.
pub fn generate_key(key_type: KeyType) -> Result<PrivateKey, ErrorStack> {
    let pkey = match kind(key_type) {
        KeyKind::Rsa(bits) => PKey::from_rsa(Rsa::generate(bits)?)?,
        KeyKind::Ec(curve) => {
            let mut group = EcGroup::from_curve_name(match curve {
                Curve::P256 => Nid::X9_62_PRIME256V1,
                Curve::P384 => Nid::SECP384R1,
                Curve::P521 => Nid::SECP521R1,
            })?;
            // NetSuite asks for the curve by name, not by its numbers (`ec_param_enc:named_curve`).
            group.set_asn1_flag(Asn1Flag::NAMED_CURVE);
            PKey::from_ec_key(EcKey::generate(&group)?)?
        }
    };
    Ok(PrivateKey::new(pkey))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_of_the_kind_asked_for() {
        for key_type in [KeyType::EcP256, KeyType::EcP384, KeyType::EcP521] {
            assert_eq!(generate_key(key_type).unwrap().kind(), Some(kind(key_type)));
        }
    }
}
