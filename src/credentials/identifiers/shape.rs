//! Names a value by its form, to tell a person which one she pasted.
//!
//! Forms: `auth-protocol.md` 8, `failures.md` I9, I15, I17.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// The longest text that is looked at. Longer ones are no identifier at all.
const LONGEST: usize = 16 * 1024;

/// What a value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// 64 hexadecimal characters: Client ID, Client Secret, TBA token or SHA-256 fingerprint.
    Hex64,
    /// 43 base64url characters, 32 bytes.
    CertificateId,
    /// 32 bytes in another form of base64.
    OtherBase64,
    /// SHA-256 fingerprint in pairs.
    Sha256,
    /// SHA-1 fingerprint, with pairs or without.
    Sha1,
    /// Serial number of a certificate.
    Serial,
    /// UUID, such as the Application ID of an integration record.
    Uuid,
    /// Script ID of the certificate store under Setup > Company.
    CustCertificate,
    /// ID of one of NetSuite's own token keys.
    NetSuiteKey,
    /// Account ID of a known form.
    AccountId,
    /// E-mail address.
    Email,
    /// Address of a web page.
    Url,
    /// PEM text or what is inside it.
    KeyMaterial,
    /// JSON Web Token.
    Jwt,
    /// Words with spaces.
    Words,
    /// None of these.
    Other,
    /// Far too long for any of these.
    TooLong,
}

impl Shape {
    /// What it looks like, with its article, for the middle of a sentence.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hex64 => "a value of 64 hexadecimal characters, as a Client ID is",
            Self::CertificateId => "a Certificate ID",
            Self::OtherBase64 => "32 bytes in standard base64",
            Self::Sha256 => "the SHA-256 fingerprint of a certificate",
            Self::Sha1 => "a SHA-1 fingerprint",
            Self::Serial => "a serial number",
            Self::Uuid => "a UUID, as the Application ID of an integration record is",
            Self::CustCertificate => "an ID from Setup > Company > Certificates",
            Self::NetSuiteKey => "the ID of one of NetSuite's own token keys",
            Self::AccountId => "an account ID",
            Self::Email => "an e-mail address",
            Self::Url => "the address of a web page",
            Self::KeyMaterial => "the text of a key or certificate",
            Self::Jwt => "a token (JWT)",
            Self::Words => "a name of several words",
            Self::Other => "a value of no known form",
            Self::TooLong => "a text far too long for any identifier",
        }
    }

    /// The shape of a cleaned text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        if text.len() > LONGEST && !text.contains("-----") {
            return Self::TooLong;
        }
        if text.contains("-----BEGIN") || is_der_base64(text) {
            return Self::KeyMaterial;
        }
        if text.split_whitespace().nth(1).is_some() {
            return Self::of_several(text);
        }
        Self::of_one(text)
    }

    /// White space may stand between pairs of digits, or come from a broken line.
    fn of_several(text: &str) -> Self {
        let joined: String = text.split_whitespace().collect();
        match Self::of_one(&joined) {
            Self::Other | Self::Url | Self::Email | Self::AccountId => Self::Words,
            shape => shape,
        }
    }

    fn of_one(text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        let hex = is_hex(text);
        if hex && text.len() == 64 {
            Self::Hex64
        } else if hex && text.len() == 40 {
            Self::Sha1
        } else if let Some(pairs) = pairs(text) {
            match pairs {
                32 => Self::Sha256,
                20 => Self::Sha1,
                _ => Self::Serial,
            }
        } else if is_uuid(text) {
            Self::Uuid
        } else if lower.starts_with("custcertificate") {
            Self::CustCertificate
        } else if is_netsuite_key(text) {
            Self::NetSuiteKey
        } else if is_jwt(text) {
            Self::Jwt
        } else if let Some(bytes) = thirty_two_bytes(text) {
            if crate::types::CertificateId::of_bytes(&bytes).as_str() == text {
                Self::CertificateId
            } else {
                Self::OtherBase64
            }
        } else if lower.contains("://") || lower.ends_with("netsuite.com") {
            Self::Url
        } else if is_email(text) {
            Self::Email
        } else if text.len() > 12 && text.bytes().all(|b| b.is_ascii_digit())
            || lower.starts_with("0x") && is_hex(text.get(2..).unwrap_or_default())
        {
            Self::Serial
        } else if text.parse().is_ok_and(known_account) && text.len() <= 20 {
            Self::AccountId
        } else {
            Self::Other
        }
    }
}

fn known_account(id: crate::types::AccountId) -> bool {
    id.kind() != crate::types::AccountKind::Other
}

/// Whether the text is hexadecimal and not empty.
pub(super) fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// How many pairs of hexadecimal digits stand between colons.
fn pairs(text: &str) -> Option<usize> {
    let good = |pair: &str| pair.len() == 2 && is_hex(pair);
    (text.contains(':') && text.split(':').all(good)).then(|| text.split(':').count())
}

fn is_uuid(text: &str) -> bool {
    let text = text.trim_start_matches('{').trim_end_matches('}');
    let lengths = [8, 4, 4, 4, 12];
    text.split('-').count() == lengths.len()
        && text.split('-').zip(lengths).all(|(part, length)| part.len() == length && is_hex(part))
}

/// `c.<account>.<date>_<time>` or `s.SYSTEM.…`. Source: `auth-protocol.md` 8.
fn is_netsuite_key(text: &str) -> bool {
    text.get(..2).is_some_and(|start| start == "c." || start == "s.")
        && text.split('.').count() >= 3
        && !text.contains(['/', ':'])
        && !text.to_ascii_lowercase().ends_with(".com")
}

fn is_jwt(text: &str) -> bool {
    text.starts_with("eyJ") && text.split('.').count() == 3
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty() && domain.contains('.') && !domain.contains(['@', '/', ':', '?', '#'])
    }) && !text.contains("://")
}

/// The beginning of a DER structure of a key or certificate in base64.
fn is_der_base64(text: &str) -> bool {
    text.len() > 64 && text.starts_with("MI")
}

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// The 32 bytes that a text stands for, in either alphabet, padded or not.
pub(super) fn thirty_two_bytes(text: &str) -> Option<[u8; 32]> {
    if !(43..=44).contains(&text.len()) {
        return None;
    }
    let bytes = URL_SAFE.decode(text).or_else(|_| STANDARD.decode(text)).ok()?;
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_named_by_their_form() {
        let hex = "0123456789abcdef".repeat(4);
        let pairs = |n| vec!["AB"; n].join(":");
        for (text, shape) in [
            (hex.as_str(), Shape::Hex64),
            (&hex.to_uppercase(), Shape::Hex64),
            ("NPMnRyPg-WDWhPiAbisjKiH0fqnBpjOZ367wDTe0pqA", Shape::CertificateId),
            ("NPMnRyPg+WDWhPiAbisjKiH0fqnBpjOZ367wDTe0pqA=", Shape::OtherBase64),
            ("NPMnRyPg-WDWhPiAbisjKiH0fqnBpjOZ367wDTe0pqA=", Shape::OtherBase64),
            (&pairs(32), Shape::Sha256),
            (&pairs(20), Shape::Sha1),
            (&pairs(16), Shape::Serial),
            (&"ab".repeat(20), Shape::Sha1),
            ("0x5F3A", Shape::Serial),
            ("123456789012345678901234", Shape::Serial),
            ("1C61CD58-044D-497A-AA29-7A3E9A9BB924", Shape::Uuid),
            ("custcertificate3", Shape::CustCertificate),
            ("CUSTCERTIFICATE_M2M", Shape::CustCertificate),
            ("c.1234567.2026-01-30_10-00-00", Shape::NetSuiteKey),
            ("s.SYSTEM.2026-01-30_10-00-00", Shape::NetSuiteKey),
            ("1234567_SB1", Shape::AccountId),
            ("1234567", Shape::AccountId),
            ("anna@example.com", Shape::Email),
            ("https://example.com", Shape::Url),
            ("-----BEGIN CERTIFICATE-----\nMIIB", Shape::KeyMaterial),
            ("eyJhbGciOiJQUzI1NiJ9.e30.c2ln", Shape::Jwt),
            ("Survey sync 2026", Shape::Words),
            ("acme", Shape::Other),
            ("", Shape::Other),
            (&"A".repeat(LONGEST + 1), Shape::TooLong),
        ] {
            assert_eq!(Shape::of(text), shape, "{text:?}");
        }
    }
}
