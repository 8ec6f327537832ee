//! Names of a certificate as text that is safe to show.

use std::fmt::Write as _;

use openssl::x509::X509NameRef;

/// A name is shown up to this many characters.
const LONGEST: usize = 300;

/// A name on one line, such as `CN=NetSuite, O=Example`. Control characters are shown as escapes,
/// because the text goes to terminals and the certificate is anybody's.
#[must_use]
pub fn one_line(name: &X509NameRef) -> String {
    let mut line = String::new();
    for entry in name.entries() {
        if !line.is_empty() {
            line.push_str(", ");
        }
        let object = entry.object();
        match object.nid().short_name() {
            Ok(short) if object.nid() != openssl::nid::Nid::UNDEF => line.push_str(short),
            _ => line.push_str(&object.to_string()),
        }
        line.push('=');
        line.push_str(&decode(entry.data().as_slice()));
    }
    if line.is_empty() {
        return "(empty)".to_owned();
    }
    printable(&line)
}

/// The text of a directory string. OpenSSL does not say which of the string types it is; two-byte
/// text begins with a zero byte for every name in a Latin script.
fn decode(bytes: &[u8]) -> String {
    if bytes.len() >= 2 && bytes.len().is_multiple_of(2) && bytes.first() == Some(&0) {
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .filter_map(|pair| <[u8; 2]>::try_from(pair).ok().map(u16::from_be_bytes))
            .collect();
        return String::from_utf16_lossy(&units);
    }
    String::from_utf8_lossy(bytes).into_owned()
}

/// Text without control characters and without characters that reorder what stands around them.
#[must_use]
pub fn printable(text: &str) -> String {
    let mut clean = String::new();
    for character in text.chars().take(LONGEST) {
        let reorders = matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if character.is_control() || reorders {
            let _ = write!(clean, "\\u{{{:x}}}", u32::from(character));
        } else {
            clean.push(character);
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        clean.push('…');
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_cannot_reach_a_terminal() {
        assert_eq!(printable("a\u{1b}[2J\u{202e}b"), "a\\u{1b}[2J\\u{202e}b");
        assert_eq!(printable(&"x".repeat(400)).chars().count(), LONGEST + 1);
    }

    #[test]
    fn two_byte_text_is_read() {
        assert_eq!(decode(b"\0A\0B"), "AB");
        assert_eq!(decode("Zoë".as_bytes()), "Zoë");
    }
}
