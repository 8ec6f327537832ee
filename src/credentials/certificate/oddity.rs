//! What is unusual about a certificate that can be read all the same.

use openssl::x509::X509Ref;
use x509_parser::asn1_rs::FromDer as _;
use x509_parser::certificate::X509Certificate;

use super::outline::Outline;

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
}

/// Looks for everything unusual in `bytes`, of which `outline` and `x509` are views.
pub(super) fn find(bytes: &[u8], outline: Option<&Outline<'_>>, x509: &X509Ref) -> Vec<Oddity> {
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
        found.push(Oddity::IrregularTime(super::name::printable(&text)));
    }
    if outline.inner_algorithm != outline.outer_algorithm {
        found.push(Oddity::AlgorithmsDiffer);
    }
    if x509.to_der().is_ok_and(|der| der != outline.whole) {
        found.push(Oddity::UnusualEncoding("it is not encoded in DER, the one exact form"));
        return found;
    }
    found.extend(second_opinion(outline.whole, x509));
    found
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
        (super::timestamp(x509.not_before()), second.validity().not_before.timestamp()),
        (super::timestamp(x509.not_after()), second.validity().not_after.timestamp()),
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
