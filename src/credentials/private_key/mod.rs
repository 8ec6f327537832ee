//! A private key: the key itself, and how it is loaded from what [`pem::read`](super::pem::read) found.
//! Never prompts: a missing passphrase is an answer, and asking for it is for the command.

mod bundle;
mod encoding;
mod encrypted;
mod rsa;
pub mod strict;
#[cfg(test)]
mod tests;

use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{HasPublic, Id, PKey, Private, Public};

pub use bundle::{Bundle, open_bundle};
pub use encoding::Liberty;
pub use encrypted::Budget;

use super::der;
use super::pem::{self, Block, Damage, GivenThing, Position, Reading};
use super::strength::{self, Flaw, curve_of};
use crate::types::KeyKind;

/// The kind of any key, private or public, where JOSE has an algorithm for it.
#[must_use]
pub fn kind_of<T: HasPublic>(key: &PKey<T>) -> Option<KeyKind> {
    match key.id() {
        Id::RSA => Some(KeyKind::Rsa(key.bits())),
        Id::EC => {
            let nid = key.ec_key().ok()?.group().curve_name()?;
            curve_of(nid).map(KeyKind::Ec)
        }
        _ => None,
    }
}

/// A private key that was read. Its strength is judged elsewhere.
#[derive(Clone)]
pub struct PrivateKey {
    pkey: PKey<Private>,
}

impl PrivateKey {
    /// Wraps a key.
    #[must_use]
    pub fn new(pkey: PKey<Private>) -> Self {
        Self { pkey }
    }

    /// The OpenSSL key, for signing.
    #[must_use]
    pub fn pkey(&self) -> &PKey<Private> {
        &self.pkey
    }

    /// Its kind, where JOSE has an algorithm for it.
    #[must_use]
    pub fn kind(&self) -> Option<KeyKind> {
        kind_of(&self.pkey)
    }

    /// The public half as SubjectPublicKeyInfo DER.
    ///
    /// # Errors
    /// When OpenSSL cannot encode the key.
    pub fn public_der(&self) -> Result<Vec<u8>, ErrorStack> {
        self.pkey.public_key_to_der()
    }

    /// The public half.
    ///
    /// # Errors
    /// When OpenSSL cannot encode or read back the key.
    pub fn public_key(&self) -> Result<PKey<Public>, ErrorStack> {
        PKey::public_key_from_der(&self.public_der()?)
    }
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrivateKey(hidden)")
    }
}

/// An RSA key of 16384 bits needs 9 KiB; OpenSSL computes for minutes on numbers much larger.
const LARGEST_KEY: usize = 20 * 1024;
/// No file with a key to sign with holds more of them.
const MOST_BLOCKS: usize = 8;
/// OpenSSL computes the public half of DSA and DH keys while it reads them.
const LARGEST_OTHER_KEY: usize = 4 * 1024;
/// The most that OpenSSL itself accepts for a public operation.
const MOST_RSA_BITS: i32 = 16_384;

/// What became of a passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassphraseUse {
    /// The key is not encrypted and no passphrase was given.
    None,
    /// It opened the key.
    Used,
    /// It was given, but the key is not encrypted.
    NotNeeded,
}

/// A private key that was loaded.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The key.
    pub key: PrivateKey,
    /// The form in which it was given.
    pub form: GivenThing,
    /// What became of the passphrase.
    pub passphrase: PassphraseUse,
    /// How many private keys the input holds.
    pub keys: usize,
    /// Which of them it is, the first being 1.
    pub number: usize,
    /// What its encoding takes liberties with.
    pub liberties: Vec<Liberty>,
    /// Where it came out of a PKCS#12 bundle.
    pub bundle: Option<BundleSigns>,
}

/// What is to be said about the bundle around a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BundleSigns {
    /// Whether a MAC protects it against changes.
    pub has_mac: bool,
    /// Whether there are certificates in it, and none of them belongs to the key.
    pub only_other_certificates: bool,
}

/// A passphrase as read from a file, without its one trailing line break.
#[must_use]
pub fn trim_passphrase(bytes: &[u8]) -> &[u8] {
    let line_break = [&b"\r\n"[..], b"\n"];
    line_break.iter().find_map(|end| bytes.strip_suffix(*end)).unwrap_or(bytes)
}

/// Loads the private key. Where the input holds several, the first for which `fits` holds is
/// taken, or else the first that can be read.
///
/// # Errors
/// [`LoadError`]: every way in which there is no key that can be used.
pub fn load(
    reading: &Reading,
    passphrase: Option<&[u8]>,
    fits: impl Fn(&PrivateKey) -> bool,
) -> Result<Loaded, LoadError> {
    let holds_key = |thing: GivenThing| thing.is_private_key() || thing == GivenThing::Pkcs12;
    let mut keys = reading.blocks_where(holds_key).count().saturating_sub(MOST_BLOCKS);
    let mut chosen: Option<Loaded> = None;
    let mut problem = None;
    let mut budget = Budget::default();
    for block in reading.blocks_where(holds_key).take(MOST_BLOCKS) {
        let loaded = match load_guesses(block, passphrase, &mut budget, &fits) {
            Ok(loaded) => loaded,
            Err(error) => {
                keys += 1;
                problem.get_or_insert(error);
                continue;
            }
        };
        let before = keys;
        keys += loaded.keys;
        let better = chosen.as_ref().is_none_or(|chosen| !fits(&chosen.key) && fits(&loaded.key));
        if better {
            chosen = Some(Loaded { number: before + loaded.number, ..loaded });
        }
    }
    match (chosen, problem) {
        (Some(loaded), _) => Ok(Loaded { keys, ..loaded }),
        (None, Some(error)) => Err(error),
        (None, None) => Err(LoadError::NotAKey(reading.thing)),
    }
}

/// Where the contents rest on a guess, every guess is tried: only one that gives a key whose parts
/// belong together is used, and rather one for which `fits` holds.
fn load_guesses(
    block: &Block,
    passphrase: Option<&[u8]>,
    budget: &mut Budget,
    fits: &impl Fn(&PrivateKey) -> bool,
) -> Result<Loaded, LoadError> {
    let first = load_block(block, passphrase, budget, fits);
    if !block.guessed {
        return first;
    }
    let others = block.others.iter().map(|der| {
        let other = Block { der: der.clone(), others: Vec::new(), ..block.clone() };
        load_block(&other, passphrase, budget, fits)
    });
    let mut sound = None;
    let mut problem = None;
    for outcome in std::iter::once(first).chain(others) {
        match outcome {
            Ok(loaded) if !is_sound(&loaded.key) => {}
            Ok(loaded) if fits(&loaded.key) => return Ok(loaded),
            Ok(loaded) => {
                sound.get_or_insert(loaded);
            }
            // A wrong guess is no news; what another passphrase may fix is.
            Err(LoadError::Unreadable | LoadError::DecryptedNonsense) => {}
            Err(error) => {
                problem.get_or_insert(error);
            }
        }
    }
    let damage = Damage::Unrecognised;
    let damaged = LoadError::Damaged { thing: block.thing, place: block.place, damage };
    sound.ok_or(problem.unwrap_or(damaged))
}

fn is_sound(key: &PrivateKey) -> bool {
    strength::judge_private(key.pkey())
        .is_ok_and(|judgement| !judgement.flaws.contains(&Flaw::Inconsistent))
}

fn load_block(
    block: &Block,
    passphrase: Option<&[u8]>,
    budget: &mut Budget,
    fits: &impl Fn(&PrivateKey) -> bool,
) -> Result<Loaded, LoadError> {
    if let Some(damage) = block.damage {
        return Err(LoadError::Damaged { thing: block.thing, place: block.place, damage });
    }
    // OpenSSL's passphrases end at a zero byte.
    let zero = passphrase.is_some_and(|bytes| bytes.contains(&0));
    if block.thing == GivenThing::Pkcs12 {
        return load_bundle(&open_bundle(&block.der, passphrase, budget)?, fits);
    }
    let (pkey, passphrase, liberties) = match block.thing {
        thing @ (GivenThing::EncryptedPkcs8 | GivenThing::LegacyEncrypted) if zero => {
            return Err(LoadError::PassphraseWrong(thing));
        }
        GivenThing::EncryptedPkcs8 => {
            let key = encrypted::open_pkcs8(&block.der, passphrase, budget)?;
            (key, PassphraseUse::Used, Vec::new())
        }
        GivenThing::LegacyEncrypted => {
            (encrypted::open_legacy(block, passphrase)?, PassphraseUse::Used, Vec::new())
        }
        _ => {
            let used = passphrase.map_or(PassphraseUse::None, |_| PassphraseUse::NotNeeded);
            let (key, liberties) = parse(&block.der)?;
            (key, used, liberties)
        }
    };
    Ok(Loaded {
        key: usable(pkey)?,
        form: block.thing,
        passphrase,
        keys: 1,
        number: 1,
        liberties,
        bundle: None,
    })
}

fn load_bundle(bundle: &Bundle, fits: &impl Fn(&PrivateKey) -> bool) -> Result<Loaded, LoadError> {
    let mut keys = Vec::new();
    for key in &bundle.keys {
        keys.push(usable(key.clone())?);
    }
    let index = keys.iter().position(fits).unwrap_or_default();
    let key = keys.get(index).ok_or(LoadError::BundleWithoutKey)?.clone();
    let signs = BundleSigns {
        has_mac: bundle.has_mac,
        only_other_certificates: !bundle.certificates.is_empty() && !bundle.certifies(key.pkey()),
    };
    Ok(Loaded {
        key,
        form: GivenThing::Pkcs12,
        passphrase: bundle.passphrase,
        keys: keys.len(),
        number: index + 1,
        liberties: Vec::new(),
        bundle: Some(signs),
    })
}

fn usable(pkey: PKey<Private>) -> Result<PrivateKey, LoadError> {
    if pkey.rsa().is_ok_and(|rsa| rsa.n().num_bits() > MOST_RSA_BITS) {
        return Err(LoadError::TooLarge);
    }
    Ok(PrivateKey::new(pkey))
}

/// Parses an unencrypted key in any form.
fn parse(der: &[u8]) -> Result<(PKey<Private>, Vec<Liberty>), LoadError> {
    if der.len() > LARGEST_KEY || (der.len() > LARGEST_OTHER_KEY && is_slow_kind(der)) {
        return Err(LoadError::TooLarge);
    }
    let exact = encoding::exact(der)?;
    let pkey = PKey::private_key_from_der(&exact.der).map_err(|_| LoadError::Unreadable)?;
    // A number that OpenSSL takes for a key of a kind that has no name here is of no use.
    if pkey.id() == Id::HMAC { Err(LoadError::Unreadable) } else { Ok((pkey, exact.liberties)) }
}

/// Whether it is neither RSA nor EC.
fn is_slow_kind(der: &[u8]) -> bool {
    match pem::classify_der(der) {
        GivenThing::Pkcs1 | GivenThing::Sec1 => false,
        GivenThing::Pkcs8 => {
            let oid = der::first(der).and_then(|key| key.child(1)?.child(0));
            let fast = [Nid::RSAENCRYPTION, Nid::RSASSAPSS, Nid::X9_62_ID_ECPUBLICKEY];
            !oid.is_some_and(|oid| fast.contains(&nid_of(oid)))
        }
        _ => true,
    }
}

/// OpenSSL's number for an object identifier.
fn nid_of(oid: der::DerElement<'_>) -> Nid {
    let dotted = dotted(oid.content);
    openssl::asn1::Asn1Object::from_str(&dotted).map_or(Nid::UNDEF, |object| object.nid())
}

fn dotted(content: &[u8]) -> String {
    let mut numbers: Vec<u64> = Vec::new();
    let mut value = 0_u64;
    for byte in content.iter().take(32) {
        value = (value & (u64::MAX >> 8)) << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            if numbers.is_empty() {
                let first = (value / 40).min(2);
                numbers.push(first);
                value -= first * 40;
            }
            numbers.push(value);
            value = 0;
        }
    }
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(".")
}

/// Every way in which an input yields no private key. OpenSSL's own texts are never part of it:
/// they mean nothing to an administrator and may be empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// Something else was given.
    #[error("This is {}, {}.{}", .0.name(), unusable(*.0), warning(*.0))]
    NotAKey(GivenThing),
    /// The block is cut off or broken.
    #[error("There is {} ({place}), but {damage}.", thing.name())]
    Damaged {
        /// What it should be.
        thing: GivenThing,
        /// Where it begins.
        place: Position,
        /// What is wrong.
        damage: Damage,
    },
    /// The structure is whole, but what is inside is no key.
    #[error("The private key is damaged inside: its parts do not form a key.")]
    Unreadable,
    /// An RSA key in a form that lacks numbers which every program asks for.
    #[error("This is an RSA private key, but it lacks {0}.")]
    RsaIncomplete(&'static str),
    /// An EC key that names no curve.
    #[error(
        "This is an EC private key, but the curve is missing: it does not say on which curve it lies."
    )]
    CurveMissing,
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

/// What a thing is not.
fn unusable(thing: GivenThing) -> &'static str {
    if thing.is_private_in_any_form() {
        "a form that cannot be used here"
    } else {
        "not a private key"
    }
}

/// What its owner must know about a thing with a private half inside.
fn warning(thing: GivenThing) -> &'static str {
    if thing.is_private_in_any_form() {
        " It must not be uploaded or sent to anybody."
    } else if thing.may_hold_a_private_key() {
        " It may hold one, and must not be uploaded or sent to anybody."
    } else {
        ""
    }
}

impl LoadError {
    /// Whether the contents are damaged, so that what was already fixed is worth knowing.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. } | Self::Unreadable | Self::BadEncryptionHeader)
    }

    /// Whether another passphrase may open it, so that the one that was given is worth a look.
    #[must_use]
    pub fn is_wrong_passphrase(&self) -> bool {
        matches!(self, Self::PassphraseWrong(_) | Self::DecryptedNonsense)
    }
}
