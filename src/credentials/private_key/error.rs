//! Why there is no usable private key.

use crate::credentials::pem::{Damage, GivenThing, Place};

/// Every way in which an input yields no private key. OpenSSL's own texts are never part of it:
/// they mean nothing to an administrator and may be empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// Something else was given.
    #[error("This is {}, not a private key.", .0.name())]
    NotAKey(GivenThing),
    /// The block is cut off or broken.
    #[error("There is {} ({place}), but {damage}.", thing.name())]
    Damaged {
        /// What it should be.
        thing: GivenThing,
        /// Where it begins.
        place: Place,
        /// What is wrong.
        damage: Damage,
    },
    /// The structure is whole, but what is inside is no key.
    #[error("The private key is damaged inside: its parts do not form a key.")]
    Unreadable,
    /// It is encrypted and no passphrase was given.
    #[error("The private key is encrypted, and no passphrase was given.")]
    PassphraseMissing(GivenThing),
    /// The passphrase does not open it.
    #[error("The passphrase does not open the private key.")]
    PassphraseWrong(GivenThing),
    /// Decryption ended well, but what came out is no key.
    #[error(
        "The passphrase seems right, but what it decrypts is no key: the encrypted contents are \
         damaged."
    )]
    DecryptedNonsense,
    /// Encrypted in a way that OpenSSL no longer offers.
    #[error(
        "The private key is encrypted with {0}, which is too old or unknown to be opened here."
    )]
    CipherUnsupported(String),
    /// The header lines of the old encryption are incomplete.
    #[error("The header line DEK-Info of the encrypted private key is missing or damaged.")]
    BadEncryptionHeader,
    /// Opening it would take very long.
    #[error(
        "The private key asks for {0} rounds of key derivation; opening it could take minutes."
    )]
    TooMuchWork(u64),
    /// The bundle has no key.
    #[error("The PKCS#12 bundle holds no private key.")]
    BundleWithoutKey,
    /// Beyond any size that makes sense.
    #[error("The private key is far larger than any key that NetSuite accepts.")]
    TooLarge,
}

impl LoadError {
    /// Whether the contents are damaged, so that what was already mended is worth knowing.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. } | Self::Unreadable | Self::BadEncryptionHeader)
    }
}
