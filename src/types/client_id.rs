//! The Client ID of an integration record.

use std::fmt;

/// A Client ID (also called Consumer Key): 64 hexadecimal characters. Source:
/// `auth-protocol.md` 8, four official samples.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ClientId(String);

impl ClientId {
    /// Length of every Client ID seen.
    pub const LENGTH: usize = 64;

    /// Takes an exact value; cleaning up what a person pasted is the check's work.
    ///
    /// # Errors
    /// When the text is not 64 hexadecimal characters.
    pub fn new(text: &str) -> Result<Self, InvalidClientId> {
        let valid = text.len() == Self::LENGTH && text.bytes().all(|b| b.is_ascii_hexdigit());
        if valid { Ok(Self(text.to_owned())) } else { Err(InvalidClientId) }
    }

    /// The whole value, for the assertion and for URLs.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form for reports: `abcd…wxyz`.
    #[must_use]
    pub fn shortened(&self) -> String {
        shorten(&self.0)
    }
}

/// First four and last four characters; anything of twelve characters or less is masked wholly.
#[must_use]
pub fn shorten(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    match chars.as_slice() {
        [a, b, c, d, middle @ .., w, x, y, z] if middle.len() > 4 => {
            format!("{a}{b}{c}{d}…{w}{x}{y}{z}")
        }
        _ => "…".to_owned(),
    }
}

/// Whether a text is what [`shorten`] makes.
#[must_use]
pub fn is_shortened(text: &str) -> bool {
    let plain = |part: &str| part.chars().count() == 4 && super::plain::is_plain(part);
    text == "…" || text.split_once('…').is_some_and(|(a, z)| plain(a) && plain(z))
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientId({})", self.shortened())
    }
}

/// The text is no Client ID.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a Client ID is 64 hexadecimal characters")]
pub struct InvalidClientId;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortens_for_reports() {
        let id = ClientId::new(&"0123456789abcdef".repeat(4)).unwrap();
        assert_eq!(id.shortened(), "0123…cdef");
        assert_eq!(shorten("short"), "…");
        assert!(is_shortened("0123…cdef") && is_shortened("…"));
        assert!(!is_shortened("0123456789abcdef") && !is_shortened("0123…cdef…0123"));
        assert!(!is_shortened("01\n3…cdef"));
        assert_eq!(ClientId::new("abc"), Err(InvalidClientId));
    }
}
