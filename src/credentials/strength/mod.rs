//! Judges a key: its kind, its size, and the weaknesses that can be seen in it.
//!
//! The same judgement serves the private key and the public key of a certificate. NetSuite takes
//! RSA of 3072 or 4096 bits and the named curves P-256, P-384 and P-521; source:
//! OH/subsect_162755332391.

mod ec;
mod flaw;
mod rsa;

use openssl::error::ErrorStack;
use openssl::pkey::{HasPublic, Id, PKey, PKeyRef, Private};

pub use flaw::{Flaw, Gravity};

/// What is to be said about a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Its kind and size in words, such as `RSA 4096` or `EC secp256k1`.
    pub description: String,
    /// What is wrong with it, in the order in which it was looked for.
    pub flaws: Vec<Flaw>,
}

/// Judges a public key, or the public half of a private one.
///
/// # Errors
/// When OpenSSL cannot take the key apart.
pub fn judge_public<T: HasPublic>(key: &PKeyRef<T>) -> Result<Judgement, ErrorStack> {
    let mut flaws = Vec::new();
    let description = match key.id() {
        Id::RSA => {
            let rsa = key.rsa()?;
            rsa::judge_public(rsa.n(), rsa.e(), &mut flaws)?;
            format!("RSA {}", rsa.n().num_bits())
        }
        Id::RSA_PSS => {
            flaws.push(Flaw::PssKey);
            format!("RSASSA-PSS {}", key.bits())
        }
        Id::EC => {
            let ec = key.ec_key()?;
            ec::judge_group(ec.group(), &mut flaws);
            ec::judge_point(ec.group(), ec.public_key(), &mut flaws)?;
            format!("EC {}", ec::curve_name(ec.group()))
        }
        Id::ED25519 | Id::ED448 => {
            flaws.push(Flaw::EdwardsKey);
            edwards(key.id()).to_owned()
        }
        Id::X25519 | Id::X448 | Id::DH => {
            flaws.push(Flaw::AgreementKey);
            edwards(key.id()).to_owned()
        }
        Id::DSA => {
            flaws.push(Flaw::DsaKey);
            format!("DSA {}", key.bits())
        }
        _ => {
            flaws.push(Flaw::OtherKind);
            "of a kind without a name".to_owned()
        }
    };
    Ok(Judgement { description, flaws })
}

/// Judges a private key, and whether its parts belong together.
///
/// # Errors
/// When OpenSSL cannot take the key apart.
pub fn judge_private(key: &PKey<Private>) -> Result<Judgement, ErrorStack> {
    let mut judgement = judge_public(key)?;
    match key.id() {
        Id::RSA => rsa::judge_private(&*key.rsa()?, &mut judgement.flaws)?,
        Id::EC => ec::judge_private(&*key.ec_key()?, &mut judgement.flaws)?,
        _ => {}
    }
    Ok(judgement)
}

fn edwards(id: Id) -> &'static str {
    match id {
        Id::ED25519 => "Ed25519",
        Id::ED448 => "Ed448",
        Id::X25519 => "X25519",
        Id::X448 => "X448",
        _ => "Diffie-Hellman",
    }
}

#[cfg(test)]
mod tests;
