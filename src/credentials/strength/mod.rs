//! Judges a key: its kind, its size, and the weaknesses that can be seen in it.
//!
//! The same judgement serves the private key and the public key of a certificate. NetSuite takes
//! RSA of 3072 or 4096 bits and the named curves P-256, P-384 and P-521; source:
//! OH/subsect_162755332391.

mod rsa;

use std::fmt;

use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{Asn1Flag, EcGroupRef, EcKeyRef, EcPointRef};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{HasPublic, Id, PKey, PKeyRef, Private};

use crate::types::Curve;

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
            flaws.push(Flaw::RsaPssKey);
            format!("RSASSA-PSS {}", key.bits())
        }
        Id::EC => {
            let ec = key.ec_key()?;
            judge_curve(ec.group(), &mut flaws);
            judge_point(ec.group(), ec.public_key(), &mut flaws)?;
            format!("EC {}", curve_name(ec.group()))
        }
        Id::ED25519 | Id::ED448 => {
            flaws.push(Flaw::Edwards);
            edwards(key.id()).to_owned()
        }
        Id::X25519 | Id::X448 | Id::DH => {
            flaws.push(Flaw::KeyAgreement);
            edwards(key.id()).to_owned()
        }
        Id::DSA => {
            flaws.push(Flaw::Dsa);
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
        Id::EC => judge_scalar(&*key.ec_key()?, &mut judgement.flaws)?,
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

/// One flaw of a key.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Flaw {
    /// RSA of another size than 3072 or 4096 bits.
    RsaSize(u32),
    /// The key itself is marked for RSASSA-PSS only (OID 1.2.840.113549.1.1.10).
    RsaPssKey,
    /// The modulus has more than two prime factors.
    MultiPrime,
    /// The public exponent is even, or 1.
    ExponentInvalid,
    /// The public exponent is a small number such as 3.
    ExponentSmall(u32),
    /// The public exponent is longer than 32 bits.
    ExponentLong(u32),
    /// The modulus is divisible by this small number.
    SmallFactor(u32),
    /// The two primes are so close that the modulus can be factored.
    ClosePrimes,
    /// The modulus has the mark of the ROCA weakness (CVE-2017-15361).
    Roca,
    /// The parts of the private key do not belong together.
    Inconsistent,
    /// A curve that NetSuite does not take.
    OtherCurve(String),
    /// The curve is written out in numbers and not named.
    ExplicitCurve,
    /// The public point is not on its curve.
    PointInvalid,
    /// The private number is 1 or one less than the order.
    TrivialScalar,
    /// DSA.
    Dsa,
    /// Ed25519 or Ed448.
    Edwards,
    /// A key for key agreement, which cannot sign.
    KeyAgreement,
    /// Anything else.
    OtherKind,
}

impl Flaw {
    /// The ids of all flaws.
    pub const IDS: &[&str] = <Self as strum::VariantNames>::VARIANTS;

    /// Stable name; the guidance in the cards stands under it.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.into()
    }

    /// Whether the key may work all the same, so that somebody should look. Whether NetSuite takes
    /// keys that are marked for RSASSA-PSS, have several primes or unusual exponents, or write
    /// their curve out, is not documented: those may, save the last, for which NetSuite's page
    /// asks `named_curve`.
    #[must_use]
    pub fn may_work(&self) -> bool {
        matches!(
            self,
            Self::RsaPssKey | Self::MultiPrime | Self::ExponentSmall(_) | Self::ExponentLong(_)
        )
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RsaSize(bits) => {
                write!(f, "The RSA key has {bits} bits; NetSuite takes exactly 3072 or 4096.")
            }
            Self::RsaPssKey => f.write_str(
                "The key is marked for RSASSA-PSS alone (id-RSASSA-PSS), which many programs \
                 cannot read.",
            ),
            Self::MultiPrime => f.write_str("The RSA key has more than two primes."),
            Self::ExponentInvalid => {
                f.write_str("The public exponent of the RSA key is even or 1, so it cannot work.")
            }
            Self::ExponentSmall(e) => {
                write!(f, "The public exponent of the RSA key is {e}; 65537 is usual.")
            }
            Self::ExponentLong(bits) => write!(
                f,
                "The public exponent of the RSA key has {bits} bits; many programs stop at 32."
            ),
            Self::SmallFactor(factor) => {
                write!(f, "The RSA key is broken: its modulus is divisible by {factor}.")
            }
            Self::ClosePrimes => f.write_str(
                "The RSA key is broken: its two primes are so close that anybody can find them.",
            ),
            Self::Roca => f.write_str(
                "The RSA key has the mark of the ROCA weakness (CVE-2017-15361): it was made by \
                 faulty hardware and can be broken.",
            ),
            Self::Inconsistent => {
                f.write_str("The parts of the private key do not belong together.")
            }
            Self::OtherCurve(name) => {
                write!(f, "The curve is {name}; NetSuite takes P-256, P-384 and P-521.")
            }
            Self::ExplicitCurve => f.write_str(
                "The key writes its curve out in numbers; NetSuite wants a named curve.",
            ),
            Self::PointInvalid => f.write_str("The public key is no point of its curve."),
            Self::TrivialScalar => {
                f.write_str("The private number of the EC key is trivial, so anybody can guess it.")
            }
            Self::Dsa => f.write_str("This is a DSA key; NetSuite takes RSA and EC keys."),
            Self::Edwards => {
                f.write_str("This is an Ed25519 or Ed448 key; NetSuite takes RSA and EC keys.")
            }
            Self::KeyAgreement => {
                f.write_str("This key is made for key agreement and cannot sign at all.")
            }
            Self::OtherKind => {
                f.write_str("The key is of another kind; NetSuite takes RSA and EC keys.")
            }
        }
    }
}

/// The curve of an OpenSSL name id, where NetSuite accepts it.
#[must_use]
pub fn curve_of(nid: Nid) -> Option<Curve> {
    match nid {
        Nid::X9_62_PRIME256V1 => Some(Curve::P256),
        Nid::SECP384R1 => Some(Curve::P384),
        Nid::SECP521R1 => Some(Curve::P521),
        _ => None,
    }
}

/// The name of a curve for messages.
fn curve_name(group: &EcGroupRef) -> String {
    let Some(nid) = group.curve_name() else {
        return format!("of {} bits without a name", group.degree());
    };
    match curve_of(nid) {
        Some(curve) => curve.name().to_owned(),
        None => nid.short_name().unwrap_or("without a name").to_owned(),
    }
}

fn judge_curve(group: &EcGroupRef, flaws: &mut Vec<Flaw>) {
    // For explicit parameters of a known curve the name is still there.
    if group.asn1_flag() == Asn1Flag::EXPLICIT_CURVE {
        flaws.push(Flaw::ExplicitCurve);
    }
    if group.curve_name().and_then(curve_of).is_none() {
        flaws.push(Flaw::OtherCurve(curve_name(group)));
    }
}

fn judge_point(
    group: &EcGroupRef,
    point: &EcPointRef,
    flaws: &mut Vec<Flaw>,
) -> Result<(), ErrorStack> {
    let mut context = BigNumContext::new()?;
    if point.is_infinity(group) || !point.is_on_curve(group, &mut context)? {
        flaws.push(Flaw::PointInvalid);
    }
    Ok(())
}

fn judge_scalar(key: &EcKeyRef<Private>, flaws: &mut Vec<Flaw>) -> Result<(), ErrorStack> {
    let mut context = BigNumContext::new()?;
    let mut order = BigNum::new()?;
    key.group().order(&mut order, &mut context)?;
    let mut last = order.to_owned()?;
    last.sub_word(1)?;
    let one = BigNum::from_u32(1)?;
    let scalar = key.private_key();
    if *scalar <= *one || scalar == &*last {
        flaws.push(Flaw::TrivialScalar);
    }
    if key.check_key().is_err() {
        flaws.push(Flaw::Inconsistent);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use openssl::bn::BigNum;
    use openssl::ec::{EcGroup, EcKey};
    use openssl::rsa::RsaPrivateKeyBuilder;

    use super::*;

    fn fixture(name: &str) -> PKey<Private> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys");
        PKey::private_key_from_pem(&std::fs::read(format!("{folder}/{name}.pem")).unwrap()).unwrap()
    }

    fn ids(key: &PKey<Private>) -> Vec<&'static str> {
        judge_private(key).unwrap().flaws.iter().map(Flaw::id).collect()
    }

    #[test]
    fn every_kind_of_key_has_its_own_answer() {
        for (name, description, flaws) in [
            ("rsa-3072", "RSA 3072", &[][..]),
            ("rsa-4096", "RSA 4096", &[]),
            ("rsa-2048", "RSA 2048", &["rsa-size"]),
            ("rsa-3072-exponent-3", "RSA 3072", &["exponent-small"]),
            ("rsa-3072-three-primes", "RSA 3072", &["multi-prime"]),
            ("rsa-pss-3072", "RSASSA-PSS 3072", &["rsa-pss-key"]),
            ("ec-p256", "EC P-256", &[]),
            ("ec-p384", "EC P-384", &[]),
            ("ec-p521", "EC P-521", &[]),
            ("ec-secp256k1", "EC secp256k1", &["other-curve"]),
            ("ec-brainpool-p256", "EC brainpoolP256r1", &["other-curve"]),
            ("ec-p256-explicit", "EC P-256", &["explicit-curve"]),
            ("ed25519", "Ed25519", &["edwards"]),
            ("ed448", "Ed448", &["edwards"]),
            ("x25519", "X25519", &["key-agreement"]),
            ("dh-2048", "Diffie-Hellman", &["key-agreement"]),
            ("dsa-2048", "DSA 2048", &["dsa"]),
        ] {
            let key = fixture(name);
            assert_eq!(judge_private(&key).unwrap().description, description, "{name}");
            assert_eq!(ids(&key), flaws, "{name}");
        }
    }

    #[test]
    fn parts_that_do_not_belong_together_are_found() {
        let rsa = fixture("rsa-3072").rsa().unwrap();
        let own = |n: &openssl::bn::BigNumRef| n.to_owned().unwrap();
        let mut wrong_d = own(rsa.d());
        wrong_d.add_word(2).unwrap();
        let rebuilt = RsaPrivateKeyBuilder::new(own(rsa.n()), own(rsa.e()), wrong_d)
            .unwrap()
            .set_factors(own(rsa.p().unwrap()), own(rsa.q().unwrap()))
            .unwrap()
            .set_crt_params(
                own(rsa.dmp1().unwrap()),
                own(rsa.dmq1().unwrap()),
                own(rsa.iqmp().unwrap()),
            )
            .unwrap()
            .build();
        assert_eq!(ids(&PKey::from_rsa(rebuilt).unwrap()), ["inconsistent"]);

        let (one, other) = (fixture("ec-p256").ec_key().unwrap(), fixture("ec-p256-explicit"));
        let other = other.ec_key().unwrap();
        let mixed =
            EcKey::from_private_components(one.group(), one.private_key(), other.public_key())
                .unwrap();
        assert_eq!(ids(&PKey::from_ec_key(mixed).unwrap()), ["inconsistent"]);
    }

    #[test]
    fn a_trivial_private_number_is_found() {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let one = BigNum::from_u32(1).unwrap();
        let key =
            EcKey::from_private_components(&group, &one, group.generator_opt().unwrap()).unwrap();
        assert_eq!(ids(&PKey::from_ec_key(key).unwrap()), ["trivial-scalar"]);
    }

    #[test]
    fn flaws_have_names_and_words() {
        let ids: std::collections::BTreeSet<&str> = Flaw::IDS.iter().copied().collect();
        assert_eq!(ids.len(), Flaw::IDS.len());
        assert!(ids.contains(Flaw::RsaSize(1).id()));
    }
}
