//! Whether a file holds a private key, in any form that is recognised. Such a file is never
//! replaced by anything.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::pem::{self, Damage};
use crate::types::key_text::{base64_begins_key, begins_key};
use crate::types::regular_file::{self, OpenError};
use crate::types::{Secret, SecretKind};

/// The most that is looked through, more than any document that this program writes.
const MOST: usize = 64 * 1024 * 1024;
/// The most that the reader of keys gets: it also finds what is damaged, and takes its time.
const MOST_FOR_THE_READER: usize = 256 * 1024;
/// Fewer characters of a key's body are a mention of the form, such as in guidance.
const SHORTEST_BODY: usize = 16;

/// Whether the file at a path holds a private key.
///
/// # Errors
/// When it cannot be read.
pub fn file_holds_private_key(path: &Path) -> Result<bool, OpenError> {
    let bytes = Secret::new(SecretKind::PrivateKey, regular_file::read(path, MOST)?);
    Ok(holds_private_key(bytes.expose()))
}

/// Whether these bytes hold a private key: PEM in any wrapping, DER, PKCS#12, a key store, base64 or
/// hexadecimal characters of these, or the forms of other programs.
#[must_use]
pub fn holds_private_key(bytes: &[u8]) -> bool {
    // Java key stores, of both kinds.
    if bytes.starts_with(&[0xfe, 0xed, 0xfe, 0xed]) || bytes.starts_with(&[0xce; 4]) {
        return true;
    }
    if pem::classify_der(bytes).may_hold_a_private_key() || begins_key(bytes) {
        return true;
    }
    let text = text(bytes);
    let text = text.as_str();
    armoured(text)
        || other_program(text)
        || runs(text, is_base64).any(base64_key)
        || runs(text, |c| c.is_ascii_hexdigit()).any(hex_key)
        || base64_armour(text)
        || (bytes.len() <= MOST_FOR_THE_READER && found_by_the_reader(bytes))
}

/// What the reader of keys finds. A block without contents, or with contents that are nothing, is a
/// mention of the form.
fn found_by_the_reader(bytes: &[u8]) -> bool {
    pem::read(bytes).blocks.iter().any(|block| {
        let sound = matches!(block.damage, None | Some(Damage::Truncated { .. }));
        block.thing.may_hold_a_private_key() && sound && block.der.len() >= SHORTEST_BODY
    })
}

/// The text, whichever width its characters have.
fn text(bytes: &[u8]) -> String {
    let narrow: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    String::from_utf8_lossy(&narrow).into_owned()
}

/// A BEGIN line with something of its body behind it.
fn armoured(text: &str) -> bool {
    ["PRIVATE KEY", "PRIVATE%20KEY", "PRIVATE+KEY"].iter().any(|words| {
        text.split(words).skip(1).any(|rest| {
            let rest = rest.strip_prefix(" BLOCK").unwrap_or(rest);
            let Some(rest) = rest.trim_start_matches(' ').strip_prefix("----") else {
                return false;
            };
            let body = unwrapped(rest);
            // Headers of encrypted keys, of SSH and of PGP.
            let headers = ["Proc-Type", "DEK-Info", "Comment", "Subject", "Version", "Hash"];
            headers.iter().any(|name| body.starts_with(name))
                || body.chars().take_while(|c| is_base64(*c)).count() >= SHORTEST_BODY
        })
    })
}

/// What stands behind a BEGIN line, without line breaks, escapes and quotes in front of it.
fn unwrapped(rest: &str) -> String {
    const ESCAPES: [&str; 10] =
        ["\\n", "\\r", "%0A", "%0a", "%0D", "%0d", "%20", "\\u000a", "\\u000A", "&#10;"];
    let head: String = rest.chars().take(300).collect();
    let head = ESCAPES.iter().fold(head, |head, escape| head.replace(escape, "\n"));
    let wrapping = |c: char| c.is_whitespace() || "-\\\"'>+,;".contains(c);
    head.trim_start_matches(wrapping).to_owned()
}

fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || "+/-_=".contains(c)
}

/// The longest stretches of such characters that can be a key.
fn runs(text: &str, of: impl Fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |c| !of(c)).filter(|run| run.len() >= 24)
}

/// Base64 of a key in DER, such as in a variable or a member of JSON.
fn base64_key(run: &str) -> bool {
    // `=` also stands before a value, as in `KEY=MII...`.
    run.split('=').any(|run| run.len() >= 24 && base64_begins_key(run.as_bytes()))
}

fn hex_key(run: &str) -> bool {
    let digits: Vec<u8> =
        run.chars().take(64).filter_map(|c| c.to_digit(16)?.try_into().ok()).collect();
    let bytes: Vec<u8> = digits
        .chunks_exact(2)
        .map(|pair| pair.iter().fold(0_u8, |byte, digit| byte << 4 | digit))
        .collect();
    begins_key(&bytes)
}

/// Base64 of PEM, wrapped or not: the words of its BEGIN line at each of the three places that they
/// can have among groups of four characters, in one or two bytes per character.
fn base64_armour(text: &str) -> bool {
    let dense: String = text.chars().filter(|c| is_base64(*c)).collect();
    let wide: Vec<u8> = b"PRIVATE KEY-----".iter().flat_map(|byte| [*byte, 0]).collect();
    [&b"PRIVATE KEY-----"[..], &wide].iter().any(|words| {
        (0..3_usize).any(|before| {
            let padded = [&vec![0; before][..], words].concat();
            let encoded = STANDARD.encode(&padded);
            // The characters on both sides also depend on what stands around the words.
            let first = (before * 8).div_ceil(6);
            let last = padded.len() * 8 / 6;
            encoded.get(first..last).is_some_and(|inner| dense.contains(inner))
        })
    })
}

/// The forms of other programs.
fn other_program(text: &str) -> bool {
    let all = |words: &[&str]| words.iter().all(|word| text.contains(word));
    all(&["PuTTY-User-Key-File", "Private-Lines"])
        || all(&["KeyValue", "<D>"])
        || all(&["KeyValue", "<PrivateKey>"])
        || text.contains("AGE-SECRET-KEY-1")
        || (text.contains("kty") && web_key(text))
}

/// A JSON Web Key with its private member, escaped or not.
fn web_key(text: &str) -> bool {
    let plain = text.replace('\\', "");
    let member =
        |name: &str| plain.split(name).skip(1).any(|rest| rest.trim_start().starts_with(':'));
    member("\"kty\"") && (member("\"d\"") || member("\"k\""))
}

#[cfg(test)]
mod tests;
