//! The raw parts of a certificate, as they stand in its bytes, and what is unusual about one that can
//! be read all the same.
//!
//! Libraries hand out values; what people's tools got wrong is often the encoding, so the parts are
//! kept here as they were written.

use openssl::x509::X509Ref;
use x509_parser::asn1_rs::{Any, Class, FromDer as _, Tag};
use x509_parser::certificate::X509Certificate;

use super::{printable, timestamp};

/// The raw parts that are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outline<'a> {
    /// The whole certificate, without anything that follows it.
    pub whole: &'a [u8],
    /// Content of the serial number's INTEGER.
    pub serial: &'a [u8],
    /// `AlgorithmIdentifier` inside the signed part, content only.
    pub inner_algorithm: &'a [u8],
    /// `AlgorithmIdentifier` beside the signature, header included.
    pub outer_identifier: &'a [u8],
    /// `AlgorithmIdentifier` beside the signature, content only.
    pub outer_algorithm: &'a [u8],
    /// Issuer, content only.
    pub issuer: &'a [u8],
    /// Subject, content only.
    pub subject: &'a [u8],
    /// `SubjectPublicKeyInfo`, content only.
    pub key: &'a [u8],
    /// The two dates, first the beginning.
    pub times: [RawTime<'a>; 2],
}

/// A date as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawTime<'a> {
    /// The tag, which says how many digits the year has.
    pub tag: Tag,
    /// The characters.
    pub text: &'a [u8],
}

/// Takes `der` apart. `None` where it is not laid out like a certificate in DER.
#[must_use]
pub fn outline(der: &[u8]) -> Option<Outline<'_>> {
    let (rest, certificate) = sequence(der)?;
    let whole = der.get(..der.len() - rest.len())?;
    let (after_tbs, tbs) = sequence(certificate)?;
    let (after_outer, outer_algorithm) = sequence(after_tbs)?;
    let outer_identifier = after_tbs.get(..after_tbs.len() - after_outer.len())?;
    let (_, signature) = Any::from_der(after_outer).ok()?;
    if signature.tag() != Tag::BitString {
        return None;
    }
    let (mut rest, mut first) = Any::from_der(tbs).ok()?;
    if first.header.class() == Class::ContextSpecific {
        (rest, first) = Any::from_der(rest).ok()?;
    }
    if first.tag() != Tag::Integer || first.header.class() != Class::Universal {
        return None;
    }
    let (rest, inner_algorithm) = sequence(rest)?;
    let (rest, issuer) = sequence(rest)?;
    let (rest, validity) = sequence(rest)?;
    let (rest, subject) = sequence(rest)?;
    let (_, key) = sequence(rest)?;
    let (after_first, from) = Any::from_der(validity).ok()?;
    let (_, until) = Any::from_der(after_first).ok()?;
    let times = [from, until].map(|any| RawTime { tag: any.tag(), text: any.data });
    Some(Outline {
        whole,
        serial: first.data,
        inner_algorithm,
        outer_identifier,
        outer_algorithm,
        issuer,
        subject,
        key,
        times,
    })
}

/// What follows a SEQUENCE, and its content.
fn sequence(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (rest, any) = Any::from_der(bytes).ok()?;
    (any.tag() == Tag::Sequence).then_some((rest, any.data))
}

impl RawTime<'_> {
    /// Whether it is written as RFC 5280 4.1.2.5 wants it: seconds, `Z`, no fraction, two-digit
    /// years until 2049 and four-digit years from 2050 on.
    #[must_use]
    pub fn is_regular(&self) -> bool {
        let digits = match self.tag {
            Tag::UtcTime => 12,
            Tag::GeneralizedTime => 14,
            _ => return false,
        };
        let Some((b'Z', number)) = self.text.split_last() else { return false };
        let early = self.tag == Tag::GeneralizedTime && self.text < b"2050".as_slice();
        number.len() == digits && number.iter().all(u8::is_ascii_digit) && !early
    }
}

/// The longest serial number RFC 5280 4.1.2.2 allows, in bytes.
const LONGEST_SERIAL: usize = 20;

/// One unusual thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Oddity {
    /// Bytes follow the certificate.
    TrailingData(usize),
    /// Not version 3; the number as people count it.
    Version(i64),
    /// Not written in the one exact form, so that programs read it differently or not at all.
    UnusualEncoding(&'static str),
    /// The serial number is below zero.
    NegativeSerial,
    /// The serial number is zero.
    ZeroSerial,
    /// The serial number has more than twenty bytes; how many.
    LongSerial(usize),
    /// A date is not written as the standard wants it; the text as it stands.
    IrregularTime(String),
    /// An extension stands twice.
    RepeatedExtension,
    /// The algorithm named inside the signed part is not the one beside the signature.
    AlgorithmsDiffer,
    /// It names no issuer, against RFC 5280 4.1.2.4.
    EmptyIssuer,
    /// It names no subject.
    EmptySubject,
    /// The public key is a point of its curve in the compressed form.
    CompressedPoint,
}

/// Looks for everything unusual in `bytes`, of which `outline` and `x509` are views.
pub(super) fn oddities(bytes: &[u8], outline: Option<&Outline<'_>>, x509: &X509Ref) -> Vec<Oddity> {
    let mut found = Vec::new();
    let version = i64::from(x509.version()) + 1;
    if version != 3 {
        found.push(Oddity::Version(version));
    }
    let Some(outline) = outline else {
        found.push(Oddity::UnusualEncoding("it is not encoded in DER, the one exact form"));
        return found;
    };
    let trailing = bytes.len() - outline.whole.len();
    if trailing > 0 {
        found.push(Oddity::TrailingData(trailing));
    }
    found.extend(serial(outline.serial));
    for time in outline.times.iter().filter(|time| !time.is_regular()) {
        let text = String::from_utf8_lossy(time.text);
        found.push(Oddity::IrregularTime(printable(&text)));
    }
    if outline.inner_algorithm != outline.outer_algorithm {
        found.push(Oddity::AlgorithmsDiffer);
    }
    if outline.issuer.is_empty() {
        found.push(Oddity::EmptyIssuer);
    }
    if outline.subject.is_empty() {
        found.push(Oddity::EmptySubject);
    }
    if has_compressed_point(outline.key) {
        found.push(Oddity::CompressedPoint);
    }
    if x509.to_der().is_ok_and(|der| der != outline.whole) {
        found.push(Oddity::UnusualEncoding("it is not encoded in DER, the one exact form"));
        return found;
    }
    found.extend(second_opinion(outline.whole, x509));
    found
}

/// Whether a `SubjectPublicKeyInfo`, of which `key` is the content, holds a point of an elliptic curve
/// without its second coordinate. The first byte of the bit string counts unused bits.
fn has_compressed_point(key: &[u8]) -> bool {
    const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";
    let parts = || {
        let (after, algorithm) = sequence(key)?;
        let (_, kind) = Any::from_der(algorithm).ok()?;
        let (_, point) = Any::from_der(after).ok()?;
        Some(kind.data == EC && matches!(point.data, [0, 2 | 3, ..]))
    };
    parts().unwrap_or(false)
}

fn serial(content: &[u8]) -> Option<Oddity> {
    if content.iter().all(|byte| *byte == 0) {
        return Some(Oddity::ZeroSerial);
    }
    if content.first().is_some_and(|byte| byte & 0x80 != 0) {
        return Some(Oddity::NegativeSerial);
    }
    (content.len() > LONGEST_SERIAL).then_some(Oddity::LongSerial(content.len()))
}

/// What the second parser makes of the same bytes.
fn second_opinion(der: &[u8], x509: &X509Ref) -> Option<Oddity> {
    let Ok((_, second)) = X509Certificate::from_der(der) else {
        return Some(Oddity::UnusualEncoding("a stricter parser refuses it"));
    };
    if second.extensions_map().is_err() {
        return Some(Oddity::RepeatedExtension);
    }
    let same_key = x509
        .public_key()
        .and_then(|key| key.public_key_to_der())
        .map_or(true, |spki| spki == second.public_key().raw);
    let same_dates = [
        (timestamp(x509.not_before()), second.validity().not_before.timestamp()),
        (timestamp(x509.not_after()), second.validity().not_after.timestamp()),
    ]
    .into_iter()
    .all(|(first, second)| {
        first.is_none_or(|first| first.as_second() == second || first == jiff::Timestamp::MAX)
    });
    if !same_dates {
        return Some(Oddity::UnusualEncoding("two parsers read different dates"));
    }
    (!same_key)
        .then_some(Oddity::UnusualEncoding("its public key is not written in the usual form"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_times() {
        for (tag, text, regular) in [
            (Tag::UtcTime, "260101000000Z", true),
            (Tag::UtcTime, "2601010000Z", false),
            (Tag::UtcTime, "260101000000+0100", false),
            (Tag::GeneralizedTime, "20260101000000Z", false),
            (Tag::GeneralizedTime, "20500101000000Z", true),
            (Tag::GeneralizedTime, "20500101000000.5Z", false),
            (Tag::Utf8String, "260101000000Z", false),
            (Tag::UtcTime, "", false),
        ] {
            assert_eq!(RawTime { tag, text: text.as_bytes() }.is_regular(), regular, "{text}");
        }
    }

    #[test]
    fn what_is_no_certificate_has_no_outline() {
        assert_eq!(outline(b""), None);
        assert_eq!(outline(b"\x30\x03\x02\x01\x01"), None);
    }
}
