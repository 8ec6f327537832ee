//! The one way in which messages show what somebody gave.
//!
//! A key or another secret may stand wherever a value is expected: in the place of a path, of a
//! name, of a number. Messages therefore quote only what looks like the thing asked for.

use std::path::Path;

use super::key_text::{holds_key, spellings};
use super::plain::neutral;

/// What stands in a message instead of a value that may be a secret.
pub const NOT_SHOWN: &str = "what was given (not shown: it may be a key or another secret)";

/// Longer values are neither names nor paths.
const LONGEST: usize = 300;
/// The fewest characters in a row that are judged by their look.
const WINDOW: usize = 24;
/// How often the kind of character changes within that many characters of a random text. Words,
/// names and dates change less often.
const CHANGES: usize = 8;
/// The same for a text without its punctuation, which has to be longer: the words of a path stand
/// closer there.
const LONG_WINDOW: usize = 40;
const LONG_CHANGES: usize = 13;
/// So many bytes in hexadecimal digits in a row are more than an address of any kind.
const BYTES: usize = 12;

/// A value fit for a message: the value itself without anything that a terminal would obey, or
/// words in its place where it may be a secret.
#[must_use]
pub fn shown(text: &str) -> String {
    // The end of the line belongs to the way it was read.
    let text = text.trim_end_matches(['\r', '\n']);
    if may_be_secret(text) { NOT_SHOWN.to_owned() } else { neutral(text).into_owned() }
}

/// What a reader of some format says, which may quote from what it read: the whole of it, or words
/// in its place where a key or a long random text stands in it.
#[must_use]
pub fn message(text: &str) -> String {
    if holds_key(text) || is_opaque(text) {
        return "what is wrong cannot be told without what may be a secret".to_owned();
    }
    neutral(text).into_owned()
}

/// The same as [`shown`] for a path.
#[must_use]
pub fn shown_path(path: &Path) -> String {
    shown(&path.to_string_lossy())
}

/// Whether a value may be a secret: the text of a key, a long text in which no word is to be seen,
/// or one that is far too long, quoted or broken over lines for a name or a path.
#[must_use]
pub fn may_be_secret(text: &str) -> bool {
    text.len() > LONGEST
        || text.contains(['"', '\n', '\r'])
        || holds_key(text)
        || spellings(text).iter().any(|text| is_opaque(text) || is_broken_up(text))
}

/// Whether the text is random once the punctuation is gone that may stand between its pieces: a list
/// of bytes, a text in pieces of equal length, or one of the alphabets with more than letters and
/// digits.
fn is_broken_up(text: &str) -> bool {
    let bytes = text.to_ascii_lowercase().replace("0x", " ").replace("\\x", " ");
    let pairs = bytes.split(|c: char| !c.is_ascii_hexdigit()).filter(|pair| !pair.is_empty());
    let longest = pairs.fold((0, 0), |(run, most), pair| {
        let run = if pair.len() == 2 { run + 1 } else { 0_usize };
        (run, most.max(run))
    });
    let named = text.split(['/', '\\', '.']).any(|part| is_checksum(part) || is_uuid(part));
    // Hyphens, slashes and blanks are the joints of names and paths.
    let close: String =
        text.chars().filter(|c| c.is_ascii_alphanumeric() || "-_/\\ ".contains(*c)).collect();
    longest.1 >= BYTES
        || is_hex_in_pieces(text)
        || (!named && changes_in(&close, LONG_WINDOW, LONG_CHANGES))
}

/// Whether long pieces of hexadecimal digits make up a secret's length.
fn is_hex_in_pieces(text: &str) -> bool {
    let pieces = text.split([',', '.', ';', '|', ' ']).filter(|piece| !piece.is_empty());
    let hex = pieces.filter(|piece| {
        piece.len() >= 8
            && piece.bytes().all(|byte| byte.is_ascii_hexdigit())
            && piece.bytes().any(|byte| byte.is_ascii_alphabetic())
    });
    let lengths: Vec<usize> = hex.map(str::len).collect();
    lengths.len() > 1 && lengths.iter().sum::<usize>() >= 32
}

/// Whether a part of the text looks random.
fn is_opaque(text: &str) -> bool {
    let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
    text.split(|c: char| !(c.is_ascii_alphanumeric() || "+_-".contains(c))).any(|part| {
        // The file name of something that is named by its checksum.
        let checksum = last.split_once('.').is_some_and(|(stem, _)| stem == part)
            && part.split(['-', '_']).all(|word| is_checksum(word) || !looks_random(word));
        !is_uuid(part) && !checksum && looks_random(part)
    })
}

fn looks_random(part: &str) -> bool {
    let hex = part.len() >= 32 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    hex || many_changes(part)
}

fn many_changes(part: &str) -> bool {
    changes_in(part, WINDOW, CHANGES)
}

/// Whether the kind of character changes so often within so many characters.
fn changes_in(part: &str, length: usize, least: usize) -> bool {
    let kinds: Vec<CharClass> = part.chars().map(CharClass::new).collect();
    // Beginning a word with a capital letter is no change.
    let change = |pair: &[CharClass]| match pair {
        [CharClass::Other, _] | [_, CharClass::Other] | [CharClass::Upper, CharClass::Lower] => {
            false
        }
        [one, other] => one != other,
        _ => false,
    };
    let changes: Vec<bool> = kinds.windows(2).map(change).collect();
    changes
        .windows(length - 1)
        .any(|window| window.iter().filter(|changed| **changed).count() >= least)
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum CharClass {
    Lower,
    Upper,
    Digit,
    Other,
}

impl CharClass {
    fn new(c: char) -> Self {
        match c {
            'a'..='z' => Self::Lower,
            'A'..='Z' => Self::Upper,
            '0'..='9' => Self::Digit,
            _ => Self::Other,
        }
    }
}

/// A checksum as tools write it: MD5, SHA-1 or SHA-256.
fn is_checksum(word: &str) -> bool {
    matches!(word.len(), 32 | 40 | 64) && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_uuid(text: &str) -> bool {
    let hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let at_end = text.len().checked_sub(36).and_then(|start| text.get(start..));
    at_end.is_some_and(|uuid| {
        let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
        lengths == [8, 4, 4, 4, 12] && uuid.split('-').all(hex)
    }) && !many_changes(text.get(..text.len().saturating_sub(36)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_shown_in_any_form() {
        for form in crate::types::key_text::tests::forms() {
            assert_eq!(shown(&form), NOT_SHOWN, "{form}");
        }
    }

    /// Without its beginning a key is known by its look.
    #[test]
    fn random_text_is_not_shown() {
        use base64::Engine as _;
        use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
        // The same texts in every run: a look can be deceived, and a test must not depend on luck.
        for number in 0..200_u8 {
            let [one, other] = [0, 1].map(|half| openssl::sha::sha512(&[number, half]));
            let bytes: Vec<u8> = one.into_iter().chain(other).take(96).collect();
            let hex: String = bytes.iter().take(32).map(|byte| format!("{byte:02x}")).collect();
            for text in [STANDARD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes), hex] {
                let pieces = |separator: &str| {
                    let piece = |bytes| std::str::from_utf8(bytes).unwrap();
                    let pieces: Vec<&str> = text.as_bytes().chunks(16).map(piece).collect();
                    pieces.join(separator)
                };
                for form in [
                    text.clone(),
                    format!("keys/{text}"),
                    format!("NAME={text}"),
                    pieces(","),
                    pieces("."),
                    pieces(" | "),
                ] {
                    assert_eq!(shown(&form), NOT_SHOWN, "{form}");
                }
            }
        }
        for bytes in ["5e:c2:e7:5e", "5e-c2-e7-5e", "0x5e, 0xc2, 0xe7, 0x5e", r"\x5e\xc2\xe7\x5e"] {
            let text =
                [bytes; 4].join(bytes.get(2..3).filter(|c| "-:".contains(c)).unwrap_or(", "));
            assert_eq!(shown(&text), NOT_SHOWN, "{text}");
            assert_eq!(shown(bytes), bytes);
        }
        assert_eq!(shown("5ec2e75ec2e75ec2e75ec2e7c0ffee11c0ffee115ec2e75ec2e7"), NOT_SHOWN);
    }

    #[test]
    fn names_and_paths_are_shown() {
        for text in [
            "",
            "-",
            "customer:edit",
            "salesOrdr",
            "sales order",
            "rest_webservices",
            "keys/private-key.pem",
            "/tmp/.tmpAbC123/keys/private-key.pem",
            "/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T/.tmpx9Yz1Q/report.json",
            "C:\\Users\\Anna Smith\\Documents\\NetSuite M2M 2026\\private-key.pem",
            "customrole_netsuite_preflight_1234567_SB1.xml",
            "NetSuite_M2M_2026-11-28_SB1_v2.pem",
            "netsuite-preflight-report-20261128T064102Z.json",
            "550e8400-e29b-41d4-a716-446655440000",
            "keys/550e8400-e29b-41d4-a716-446655440000/private-key.pem",
            "/builds/_temp/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.pem",
            "does the certificate have to be PSS-signed?",
            "https://1234567-sb1.app.netsuite.com/app/setup/role.nl?id=1021",
            "token-fault=400-invalid-grant",
            "Größe/名前.pem",
            "Acme_NetSuite_M2M_2026-11-28_SB1_v2_P256_PS256.pem",
            "/var/lib/pipelines/_temp/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9/M2M.SB1.v2.pem",
            "/builds/a1B2c3D4/0/acme/netsuite/keys/M2M_SB1_v2.pem",
            "fe80::1ff:fe23:4567:890a and 00:1b:44:11:3a:b7 at 2026-11-28 08:15:30",
        ] {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn a_terminal_obeys_nothing_of_it() {
        assert_eq!(shown("a\u{1b}[2Jb\u{202e}"), "a\u{fffd}[2Jb\u{fffd}");
        assert_eq!(shown("one\ntwo"), NOT_SHOWN);
        assert_eq!(shown(&"long ".repeat(100)), NOT_SHOWN);
    }
}
