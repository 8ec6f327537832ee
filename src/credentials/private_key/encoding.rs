//! Liberties that programs took when they wrote a private key. OpenSSL reads many of them, other
//! programs refuse the same key; so they are named, and the key is written anew in the exact form
//! before it is parsed.

use openssl::bn::BigNum;
use openssl::ec::EcGroup;
use openssl::nid::Nid;
use zeroize::Zeroizing;

use super::{LoadError, nid_of, rsa};
use crate::credentials::der::{
    self, DerElement, INTEGER, OCTET_STRING, OID, SEQUENCE, element, has_exact_lengths,
};
use crate::credentials::pem::{GivenThing, classify_der};

/// One liberty in the encoding of a private key that can be read all the same.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::VariantNames,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Liberty {
    /// Lengths in a longer form than needed, or none at all, as BER allows.
    BerLengths,
    /// A number without the zero byte that says it is positive.
    NegativeNumber,
    /// A number with more zero bytes in front than needed.
    PaddedNumber,
    /// The number of the version has no digit.
    EmptyVersion,
    /// The private number of an EC key has fewer bytes than its curve.
    ShortNumber,
    /// The private number of an EC key has more bytes than its curve.
    LongNumber,
    /// PKCS#8 of version 2 (`OneAsymmetricKey`, RFC 5958), with the public key beside the private one.
    Pkcs8Version2,
    /// An RSA key without its two primes.
    NoPrimes,
    /// An RSA key with its primes and without the three numbers for the Chinese remainder theorem.
    NoCrtNumbers,
}

impl Liberty {
    /// The ids of all.
    pub const IDS: &[&str] = <Self as strum::VariantNames>::VARIANTS;

    /// Stable name; the guidance in the card stands under it.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// What was seen.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::BerLengths => {
                "The key is encoded in BER: its lengths are not in the one exact form (DER)."
            }
            Self::NegativeNumber => "A number of the key is written as a negative one.",
            Self::PaddedNumber => "A number of the key begins with needless zero bytes.",
            Self::EmptyVersion => "The version number in the key is empty.",
            Self::ShortNumber => {
                "The private number of the EC key is written with fewer bytes than its curve has."
            }
            Self::LongNumber => {
                "The private number of the EC key is written with more bytes than its curve has."
            }
            Self::Pkcs8Version2 => {
                "The key is PKCS#8 of version 2, with the public key inside (OneAsymmetricKey)."
            }
            Self::NoPrimes => "The RSA key holds no primes, only modulus and exponents.",
            Self::NoCrtNumbers => {
                "The RSA key holds its primes, but not the numbers that follow from them (CRT)."
            }
        }
    }
}

/// A structure that may hold the private half.
type Written = Zeroizing<Vec<u8>>;

/// A key in the exact form, and what was not exact.
pub(super) struct Exact {
    pub(super) der: Zeroizing<Vec<u8>>,
    pub(super) liberties: Vec<Liberty>,
}

/// Writes an unencrypted key anew where its encoding takes liberties.
///
/// # Errors
/// Where a part is missing without which there is no key.
pub(super) fn exact(der: &[u8]) -> Result<Exact, LoadError> {
    let mut writer = Writer { liberties: Vec::new() };
    if !has_exact_lengths(der) {
        writer.note(Liberty::BerLengths);
    }
    let rewritten =
        der::first(der).map(|whole| writer.key(classify_der(der), whole)).transpose()?;
    let mut liberties = writer.liberties;
    liberties.sort_unstable();
    liberties.dedup();
    let der = match rewritten.flatten() {
        Some(rewritten) if !liberties.is_empty() => rewritten,
        _ => Zeroizing::new(der.to_vec()),
    };
    Ok(Exact { der, liberties })
}

struct Writer {
    liberties: Vec<Liberty>,
}

impl Writer {
    fn note(&mut self, liberty: Liberty) {
        self.liberties.push(liberty);
    }

    /// `None` where there is nothing to be written anew: OpenSSL has the last word.
    fn key(
        &mut self,
        thing: GivenThing,
        whole: DerElement<'_>,
    ) -> Result<Option<Written>, LoadError> {
        match thing {
            GivenThing::Pkcs1 => self.rsa(whole),
            GivenThing::Sec1 => self.ec(whole, None),
            GivenThing::Pkcs8 => self.pkcs8(whole),
            _ => Ok(None),
        }
    }

    fn pkcs8(&mut self, whole: DerElement<'_>) -> Result<Option<Written>, LoadError> {
        let mut parts = whole.children();
        let (Some(version), Some(algorithm), Some(key)) =
            (parts.next(), parts.next(), parts.next())
        else {
            return Ok(None);
        };
        if version.content.is_empty() {
            self.note(Liberty::EmptyVersion);
        } else if der::small_integer(version) == Some(1) {
            self.note(Liberty::Pkcs8Version2);
        } else if der::small_integer(version) != Some(0) {
            return Ok(None);
        }
        let kind = algorithm.child(0).map_or(Nid::UNDEF, nid_of);
        let inner = der::first(key.content);
        let rewritten = match (kind, inner) {
            (_, None) => None,
            (Nid::RSAENCRYPTION | Nid::RSASSAPSS, Some(inner)) => {
                self.inner(key.content);
                self.rsa(inner)?
            }
            (Nid::X9_62_ID_ECPUBLICKEY, Some(inner)) => {
                self.inner(key.content);
                self.ec(inner, algorithm.child(1))?
            }
            _ => None,
        };
        let key = rewritten.unwrap_or_else(|| Zeroizing::new(key.content.to_vec()));
        let mut contents = written(INTEGER, &[0]);
        contents.extend_from_slice(&written(SEQUENCE, &elements(algorithm)));
        contents.extend_from_slice(&written(OCTET_STRING, &key));
        Ok(Some(written(SEQUENCE, &contents)))
    }

    fn inner(&mut self, der: &[u8]) {
        if !has_exact_lengths(der) {
            self.note(Liberty::BerLengths);
        }
    }

    fn rsa(&mut self, whole: DerElement<'_>) -> Result<Option<Written>, LoadError> {
        let parts: Vec<DerElement<'_>> = whole.children().take(10).collect();
        let Some((version, numbers)) = parts.split_first() else { return Ok(None) };
        if numbers.iter().take(8).any(|number| number.tag != INTEGER) {
            return Ok(None);
        }
        match numbers.len() {
            3 => {
                return Err(LoadError::RsaIncomplete(
                    "its primes and the numbers that follow from them",
                ));
            }
            5 => {
                return Err(LoadError::RsaIncomplete(
                    "the three CRT numbers, which follow from its primes",
                ));
            }
            8.. => {}
            _ => return Ok(None),
        }
        let number = match version.content {
            [] => {
                self.note(Liberty::EmptyVersion);
                vec![0]
            }
            given => given.to_vec(),
        };
        let mut digits: Vec<Zeroizing<Vec<u8>>> = Vec::new();
        for number in numbers.iter().take(8) {
            digits.push(Zeroizing::new(self.unsigned(*number).to_vec()));
        }
        self.complete(&mut digits);
        let mut contents = written(INTEGER, &number);
        for digits in &digits {
            contents.extend_from_slice(&written(INTEGER, &positive(digits)));
        }
        // Further primes stand as they are.
        for rest in parts.iter().skip(9) {
            contents.extend_from_slice(&written(rest.tag, rest.content));
        }
        Ok(Some(written(SEQUENCE, &contents)))
    }

    /// Fills in what is written as zero and follows from the rest.
    fn complete(&mut self, digits: &mut [Zeroizing<Vec<u8>>]) {
        let [n, e, d, p, q, dp, dq, inverse] = digits else { return };
        let zero = |digits: &[u8]| digits.iter().all(|digit| *digit == 0);
        if zero(p) || zero(q) {
            self.note(Liberty::NoPrimes);
            let Ok(Some((first, second))) = rsa::primes(n, e, d) else { return };
            (*p, *q) = (first, second);
        } else if zero(dp) || zero(dq) || zero(inverse) {
            self.note(Liberty::NoCrtNumbers);
        } else {
            return;
        }
        if let Ok(numbers) = rsa::crt_numbers(d, p, q) {
            [*dp, *dq, *inverse] = numbers;
        }
    }

    fn ec(
        &mut self,
        whole: DerElement<'_>,
        outer_curve: Option<DerElement<'_>>,
    ) -> Result<Option<Written>, LoadError> {
        const PARAMETERS: u8 = 0xa0;
        let parts: Vec<DerElement<'_>> = whole.children().take(4).collect();
        let [version, number, rest @ ..] = parts.as_slice() else { return Ok(None) };
        let own = rest.iter().find(|part| part.tag == PARAMETERS).and_then(|part| part.child(0));
        let Some(curve) = own.or(outer_curve) else { return Err(LoadError::CurveMissing) };
        let mut version = version.content.to_vec();
        if version.is_empty() {
            self.note(Liberty::EmptyVersion);
            version.push(1);
        }
        let number = match scalar_bytes(curve) {
            Some(width) => self.scalar(number.content, width),
            None => Zeroizing::new(number.content.to_vec()),
        };
        let mut contents = written(INTEGER, &version);
        contents.extend_from_slice(&written(OCTET_STRING, &number));
        for part in rest {
            contents.extend_from_slice(&anew(*part));
        }
        Ok(Some(written(SEQUENCE, &contents)))
    }

    /// The private number with as many bytes as the order of the curve has.
    fn scalar(&mut self, digits: &[u8], width: usize) -> Zeroizing<Vec<u8>> {
        let mut exact = Zeroizing::new(digits.to_vec());
        if digits.len() < width {
            self.note(Liberty::ShortNumber);
            exact.splice(0..0, std::iter::repeat_n(0, width - digits.len()));
        } else if digits.len() > width {
            let (more, rest) = digits.split_at(digits.len() - width);
            // Other bytes than zero would be another number; OpenSSL refuses that one.
            if more.iter().all(|byte| *byte == 0) {
                self.note(Liberty::LongNumber);
                exact = Zeroizing::new(rest.to_vec());
            }
        }
        exact
    }

    fn unsigned<'a>(&mut self, number: DerElement<'a>) -> &'a [u8] {
        match number.content {
            [first, ..] if first & 0x80 != 0 => self.note(Liberty::NegativeNumber),
            [0, second, ..] if second & 0x80 == 0 => self.note(Liberty::PaddedNumber),
            _ => {}
        }
        number.content
    }
}

/// The content of a number that is not negative: without needless zero bytes, with the one that is
/// needed.
fn positive(digits: &[u8]) -> Zeroizing<Vec<u8>> {
    let first = digits.iter().position(|digit| *digit != 0).unwrap_or(digits.len());
    let significant = digits.get(first..).unwrap_or_default();
    let sign = significant.first().is_none_or(|digit| digit & 0x80 != 0);
    let mut content = Zeroizing::new(Vec::with_capacity(significant.len() + 1));
    if sign {
        content.push(0);
    }
    content.extend_from_slice(significant);
    content
}

fn written(tag: u8, content: &[u8]) -> Written {
    Zeroizing::new(element(tag, content))
}

/// One element, and what is inside it, with exact lengths.
fn anew(one: DerElement<'_>) -> Written {
    if one.is_constructed() {
        written(one.tag, &elements(one))
    } else {
        written(one.tag, one.content)
    }
}

/// The elements inside one, written anew with exact lengths.
fn elements(outer: DerElement<'_>) -> Written {
    let mut all = Zeroizing::new(Vec::with_capacity(outer.content.len()));
    for inner in outer.children() {
        all.extend_from_slice(&anew(inner));
    }
    all
}

/// How many bytes the order of a named curve has.
fn scalar_bytes(curve: DerElement<'_>) -> Option<usize> {
    if curve.tag != OID {
        return None;
    }
    let group = EcGroup::from_curve_name(nid_of(curve)).ok()?;
    let mut order = BigNum::new().ok()?;
    group.order(&mut order, &mut *openssl::bn::BigNumContext::new().ok()?).ok()?;
    usize::try_from(order.num_bytes()).ok()
}
