//! What a value looks like, to name what was pasted into the wrong field.
//!
//! Source of the shapes: `auth-protocol.md` 8.

/// The shapes of values that turn up in one another's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Nothing.
    Empty,
    /// 64 hexadecimal characters: a Client ID, a secret, or a SHA-256 fingerprint.
    Hex64,
    /// Hexadecimal characters of another number.
    Hex(usize),
    /// Pairs of hexadecimal characters with colons: a fingerprint or a serial number.
    ColonHex(usize),
    /// `8-4-4-4-12`: the Application ID of an integration record.
    Uuid,
    /// 43 base64url characters for 32 bytes: a Certificate ID.
    CertificateId,
    /// `custcertificate3`: the script ID of a certificate in another store of NetSuite.
    CustCertificate,
    /// `c.1234567.2024…` or `s.SYSTEM…`: NetSuite's own token keys.
    TokenKeyId,
    /// A mail address.
    Email,
    /// A URL or a host name.
    Url,
    /// A PEM block.
    Pem,
    /// The name of a file.
    FileName,
    /// A JSON Web Token.
    Jwt,
    /// What stands in a template until somebody fills it in.
    Placeholder,
    /// Digits only, as in an account ID, or an internal id.
    Digits,
    /// Anything else.
    Other,
}

/// The shape of a clean value.
#[must_use]
pub fn shape_of(text: &str) -> Shape {
    let lower = text.to_ascii_lowercase();
    let hex = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_hexdigit());
    if text.is_empty() {
        Shape::Empty
    } else if text.contains("-----BEGIN") {
        Shape::Pem
    } else if is_placeholder(&lower) {
        Shape::Placeholder
    } else if lower.starts_with("custcert") {
        Shape::CustCertificate
    } else if is_uuid(text) {
        Shape::Uuid
    } else if text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit()) {
        Shape::Digits
    } else if text.len() == 64 && hex(text) {
        Shape::Hex64
    } else if text.contains(':') && text.split(':').all(|pair| pair.len() == 2 && hex(pair)) {
        Shape::ColonHex(text.split(':').count())
    } else if crate::types::CertificateId::new(text).is_ok() {
        Shape::CertificateId
    } else if hex(text) && text.len() >= 16 {
        Shape::Hex(text.len())
    } else if is_token_key_id(text) {
        Shape::TokenKeyId
    } else if text.starts_with("eyJ") && text.contains('.') {
        Shape::Jwt
    } else if lower.contains("://") || lower.contains(".netsuite.com") {
        Shape::Url
    } else if is_email(text) {
        Shape::Email
    } else if [".pem", ".cer", ".crt", ".key", ".der"].iter().any(|end| lower.ends_with(end)) {
        Shape::FileName
    } else {
        Shape::Other
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

/// `c.<account>.<date>_<time>` or `s.SYSTEM.…`.
fn is_token_key_id(text: &str) -> bool {
    let mut parts = text.split('.');
    matches!(parts.next(), Some("c" | "s"))
        && parts.clone().count() >= 2
        && parts.all(|part| !part.is_empty())
}

fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    !name.is_empty() && host.contains('.') && !text.contains(['/', ' ', '#', '?'])
}

fn is_placeholder(lower: &str) -> bool {
    let repeated = lower.chars().next().is_some_and(|first| {
        !first.is_ascii_hexdigit() && lower.len() >= 3 && lower.chars().all(|c| c == first)
    });
    repeated
        || (lower.starts_with('<') && lower.ends_with('>'))
        || (lower.starts_with("${") && lower.ends_with('}'))
        || (lower.starts_with("{{") && lower.ends_with("}}"))
        || lower.starts_with("your_")
        || lower.starts_with("your-")
        || lower.starts_with("your ")
        || matches!(lower, "changeme" | "todo" | "null" | "none" | "undefined" | "tbd" | "n/a")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        let hex = "0123456789abcdef".repeat(4);
        let colons = vec!["AB"; 32].join(":");
        for (text, shape) in [
            ("", Shape::Empty),
            (hex.as_str(), Shape::Hex64),
            (&hex[..40], Shape::Hex(40)),
            (&colons, Shape::ColonHex(32)),
            ("1C61CD58-044D-497A-AA29-7A3E9A9BB924", Shape::Uuid),
            ("NPMnRyPg-WDWhPiAbisjKiH0fqnBpjOZ367wDTe0pqA", Shape::CertificateId),
            ("custcertificate3", Shape::CustCertificate),
            ("c.1234567.2024-01-01_00-00", Shape::TokenKeyId),
            ("s.SYSTEM.2024", Shape::TokenKeyId),
            ("me@example.com", Shape::Email),
            ("https://1234567.app.netsuite.com/", Shape::Url),
            ("public.pem", Shape::FileName),
            ("<client-id>", Shape::Placeholder),
            ("${CLIENT_ID}", Shape::Placeholder),
            ("xxxxxxxx", Shape::Placeholder),
            ("1234567", Shape::Digits),
            ("eyJhbGciOiJ.x.y", Shape::Jwt),
            ("something", Shape::Other),
        ] {
            assert_eq!(shape_of(text), shape, "{text}");
        }
    }
}
