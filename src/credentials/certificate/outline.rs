//! The raw parts of a certificate, as they stand in its bytes.
//!
//! Libraries hand out values; what people's tools got wrong is often the encoding, so the parts
//! are kept here as they were written.

use x509_parser::asn1_rs::{Any, Class, FromDer as _, Tag};

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
    let (_, subject) = sequence(rest)?;
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
