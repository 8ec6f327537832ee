//! What can be wrong with a key.

use std::fmt;

/// How grave a flaw is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gravity {
    /// NetSuite refuses it, or nobody should use it.
    Fail,
    /// It may work, but somebody should look.
    Warn,
}

/// One flaw of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// RSA of another size than 3072 or 4096 bits.
    RsaSize(u32),
    /// The key itself is marked for RSASSA-PSS only (OID 1.2.840.113549.1.1.10).
    PssKey,
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
    DsaKey,
    /// Ed25519 or Ed448.
    EdwardsKey,
    /// A key for key agreement, which cannot sign.
    AgreementKey,
    /// Anything else.
    OtherKind,
}

impl Flaw {
    /// The ids of all flaws.
    pub const IDS: [&'static str; 18] = [
        "rsa-size",
        "rsa-pss-key",
        "multi-prime",
        "exponent-invalid",
        "exponent-small",
        "exponent-long",
        "small-factor",
        "close-primes",
        "roca",
        "inconsistent",
        "other-curve",
        "explicit-curve",
        "point-invalid",
        "trivial-scalar",
        "dsa",
        "edwards",
        "key-agreement",
        "other-kind",
    ];

    /// Stable name; the guidance in the cards stands under it.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::RsaSize(_) => "rsa-size",
            Self::PssKey => "rsa-pss-key",
            Self::MultiPrime => "multi-prime",
            Self::ExponentInvalid => "exponent-invalid",
            Self::ExponentSmall(_) => "exponent-small",
            Self::ExponentLong(_) => "exponent-long",
            Self::SmallFactor(_) => "small-factor",
            Self::ClosePrimes => "close-primes",
            Self::Roca => "roca",
            Self::Inconsistent => "inconsistent",
            Self::OtherCurve(_) => "other-curve",
            Self::ExplicitCurve => "explicit-curve",
            Self::PointInvalid => "point-invalid",
            Self::TrivialScalar => "trivial-scalar",
            Self::DsaKey => "dsa",
            Self::EdwardsKey => "edwards",
            Self::AgreementKey => "key-agreement",
            Self::OtherKind => "other-kind",
        }
    }

    /// How grave it is. Whether NetSuite takes keys that are marked for RSASSA-PSS, have several
    /// primes or unusual exponents, or write their curve out, is not documented: those are
    /// warnings, save the last, for which NetSuite's page asks `named_curve`.
    #[must_use]
    pub fn gravity(&self) -> Gravity {
        match self {
            Self::PssKey | Self::MultiPrime | Self::ExponentSmall(_) | Self::ExponentLong(_) => {
                Gravity::Warn
            }
            _ => Gravity::Fail,
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RsaSize(bits) => {
                write!(f, "The RSA key has {bits} bits; NetSuite takes exactly 3072 or 4096.")
            }
            Self::PssKey => f.write_str(
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
            Self::DsaKey => f.write_str("This is a DSA key; NetSuite takes RSA and EC keys."),
            Self::EdwardsKey => {
                f.write_str("This is an Ed25519 or Ed448 key; NetSuite takes RSA and EC keys.")
            }
            Self::AgreementKey => {
                f.write_str("This key is made for key agreement and cannot sign at all.")
            }
            Self::OtherKind => {
                f.write_str("The key is of another kind; NetSuite takes RSA and EC keys.")
            }
        }
    }
}
