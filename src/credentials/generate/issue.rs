//! Making the certificate for a key.

use jiff::{SignedDuration, Timestamp, ToSpan as _};
use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::{BigNum, MsbOption};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::x509::extension::{AuthorityKeyIdentifier, BasicConstraints, SubjectKeyIdentifier};
use openssl::x509::{X509, X509Builder};

use super::GenerateError;
use super::subject::Subject;
use crate::credentials::certificate::Certificate;
use crate::credentials::certificate::validity::most_days;
use crate::credentials::key::PrivateKey;

/// How far the beginning lies before the making, so that a clock that is a little behind does not
/// take the certificate for one of the future.
pub const BACK_DATED: SignedDuration = SignedDuration::from_mins(5);

/// Length of the serial number.
const SERIAL_BITS: i32 = 128;

/// How often a certificate is made anew because its ID begins with `-` or `_`. One in 32 does, so
/// that this many in a row mean a random source that is not random.
const MOST_DRAWS: usize = 64;

/// When a certificate begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    not_before: Timestamp,
    not_after: Timestamp,
}

impl Period {
    /// `days` days, beginning five minutes before `now`.
    ///
    /// # Errors
    /// When `days` is zero or goes beyond two calendar years from the beginning: NetSuite shortens
    /// such a certificate (OH/section_162686838198).
    pub fn new(now: Timestamp, days: u32) -> Result<Self, GenerateError> {
        let unusable = || GenerateError::Clock { now };
        let now_seconds = Timestamp::from_second(now.as_second()).map_err(|_| unusable())?;
        let not_before = now_seconds.checked_sub(BACK_DATED).map_err(|_| unusable())?;
        let most = most_days(not_before);
        if days == 0 || days > most {
            return Err(GenerateError::Days { days, most });
        }
        let hours = (i64::from(days) * 24).hours();
        let not_after = not_before.checked_add(hours).map_err(|_| unusable())?;
        Ok(Self { not_before, not_after })
    }
}

/// Makes a self-signed certificate for `key`.
///
/// It has the form of the openssl recipe in NetSuite's help (`auth-protocol.md` 4.3): X.509 v3
/// with subject key identifier, authority key identifier and critical `CA:TRUE`, and nothing else.
/// One thing differs: the recipe signs an RSA certificate with PSS padding, here it is PKCS#1 v1.5
/// with SHA-256. Both are reported to work, and the signature that NetSuite verifies is that of
/// the assertion, not that of the certificate.
///
/// The serial number is drawn again until the Certificate ID begins with a letter or a digit, so
/// that no command line takes it for an option (`auth-protocol.md` 4.7).
///
/// # Errors
/// When OpenSSL cannot make the certificate.
pub fn issue(
    key: &PrivateKey,
    subject: &Subject,
    period: Period,
) -> Result<Certificate, GenerateError> {
    for _ in 0..MOST_DRAWS {
        let x509 = build(key, subject, period)?;
        let certificate =
            Certificate::from_der(&x509.to_der()?).map_err(|_| GenerateError::Unusable)?;
        if !certificate.certificate_id().starts_with_punctuation() {
            return Ok(certificate);
        }
    }
    Err(GenerateError::Unusable)
}

fn build(key: &PrivateKey, subject: &Subject, period: Period) -> Result<X509, ErrorStack> {
    let name = subject.to_x509_name()?;
    let mut builder = X509Builder::new()?;
    // Counted from zero: this is version 3.
    builder.set_version(2)?;
    let serial = serial()?;
    builder.set_serial_number(&serial)?;
    builder.set_subject_name(&name)?;
    builder.set_issuer_name(&name)?;
    let not_before = Asn1Time::from_unix(period.not_before.as_second())?;
    let not_after = Asn1Time::from_unix(period.not_after.as_second())?;
    builder.set_not_before(&not_before)?;
    builder.set_not_after(&not_after)?;
    builder.set_pubkey(key.pkey())?;
    let own_id = SubjectKeyIdentifier::new().build(&builder.x509v3_context(None, None))?;
    builder.append_extension(own_id)?;
    let signer_id =
        AuthorityKeyIdentifier::new().keyid(true).build(&builder.x509v3_context(None, None))?;
    builder.append_extension(signer_id)?;
    builder.append_extension(BasicConstraints::new().critical().ca().build()?)?;
    builder.sign(key.pkey(), MessageDigest::sha256())?;
    Ok(builder.build())
}

/// A random positive serial number.
fn serial() -> Result<Asn1Integer, ErrorStack> {
    let mut number = BigNum::new()?;
    while number.num_bits() == 0 {
        number.rand(SERIAL_BITS, MsbOption::MAYBE_ZERO, false)?;
    }
    number.to_asn1_integer()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::certificate::SelfSignature;
    use crate::credentials::generate::{KeyType, generate_key};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_certificate_has_the_form_of_the_recipe() {
        let key = generate_key(KeyType::EcP256).unwrap();
        let period = Period::new(at("2026-03-01T12:00:00.9Z"), 730).unwrap();
        let certificate = issue(&key, &Subject::default(), period).unwrap();
        let validity = certificate.validity().unwrap();
        assert_eq!(validity.not_before, at("2026-03-01T11:55:00Z"));
        assert_eq!(validity.not_after, at("2028-02-29T11:55:00Z"));
        assert_eq!(certificate.oddities(), []);
        assert_eq!(certificate.version(), 3);
        assert_eq!(certificate.subject(), "CN=NetSuite M2M");
        assert_eq!(certificate.issuer(), certificate.subject());
        assert_eq!(certificate.self_signature(), SelfSignature::Holds);
        assert_eq!(certificate.signature_algorithm().to_string(), "ECDSA with SHA-256");
        assert_eq!(certificate.key_kind(), key.kind());
    }

    #[test]
    fn two_years_are_the_most_and_the_error_says_how_many_days() {
        let error = |now: &str, days| match Period::new(at(now), days) {
            Err(GenerateError::Days { most, .. }) => Some(most),
            _ => None,
        };
        // 29 February 2028 lies in the second window, not in the first.
        assert_eq!(error("2025-03-01T12:00:00Z", 730), None);
        assert_eq!(error("2025-03-01T12:00:00Z", 731), Some(730));
        assert_eq!(error("2026-03-01T12:00:00Z", 731), None);
        assert_eq!(error("2026-03-01T12:00:00Z", 732), Some(731));
        assert_eq!(error("2028-02-29T00:02:00Z", 732), Some(731), "begins on 28 February");
        assert_eq!(error("2028-02-29T12:00:00Z", 731), Some(730));
        assert_eq!(error("2025-03-01T12:00:00Z", 0), Some(730));
        assert_eq!(error("2025-03-01T12:00:00Z", u32::MAX), Some(730));
    }

    #[test]
    fn ids_begin_with_a_letter_or_digit_and_serials_are_positive_and_differ() {
        let key = generate_key(KeyType::EcP256).unwrap();
        let period = Period::new(at("2026-01-01T00:00:00Z"), 30).unwrap();
        let mut serials = std::collections::BTreeSet::new();
        // Without the drawing anew, some of 200 would begin with `-` or `_` but for one time in
        // five hundred.
        for _ in 0..200 {
            let certificate = issue(&key, &Subject::default(), period).unwrap();
            assert!(!certificate.certificate_id().starts_with_punctuation());
            assert!(!certificate.serial().starts_with('-'));
            assert_eq!(certificate.oddities(), []);
            serials.insert(certificate.serial());
        }
        assert_eq!(serials.len(), 200);
    }
}
