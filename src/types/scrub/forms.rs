//! The forms in which a secret may appear.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use openssl::pkey::PKey;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::{Zeroize as _, Zeroizing};

use crate::types::{CertificateId, Secret, SecretKind, hex};

/// Lines and words from this length on are secret in a file that holds a private key.
const LONG: usize = 24;

/// No key and no bundle of keys is larger. Of what is, only the plainest forms are known: all of them
/// would take seconds.
const LARGEST_KEY: usize = 64 * 1024;

/// One form, and whether its pieces are secret as well.
pub(super) struct SecretForm {
    pub text: Zeroizing<String>,
    pub in_pieces: bool,
}

/// All forms of a secret.
pub(super) fn forms_of(secret: &Secret) -> Vec<SecretForm> {
    let whole = secret.expose();
    let mut found = Vec::new();
    let Some(text) =
        std::str::from_utf8(whole).ok().filter(|_| secret.kind() == SecretKind::PrivateKey)
    else {
        if whole.len() > LARGEST_KEY {
            push(&mut found, hex(whole));
            push(&mut found, STANDARD_NO_PAD.encode(whole));
            return found;
        }
        encoded(whole, &mut found);
        // A file's last line break belongs to the file; the secret in use has none.
        let trimmed = whole.trim_ascii();
        if trimmed.len() < whole.len() {
            encoded(trimmed, &mut found);
        }
        return found;
    };
    let (bodies, rest) = bodies(text);
    for body in bodies {
        if body.len() > LARGEST_KEY {
            push(&mut found, body.to_owned());
            continue;
        }
        encoded(body.as_bytes(), &mut found);
        for der in ders(body) {
            push(&mut found, hex(&der));
        }
    }
    for line in rest.into_iter().flat_map(|part| part.split(['\n', '\r', ' '])) {
        if line.len() >= LONG && !line.starts_with("-----") {
            found.push(SecretForm { text: Zeroizing::new(line.to_owned()), in_pieces: false });
        }
    }
    found
}

/// What of a private key stands in its certificate too, in the forms in which it stands there.
pub(super) fn public_forms(secret: &Secret) -> Vec<String> {
    let text = secret.expose_str().filter(|_| secret.kind() == SecretKind::PrivateKey);
    let keys = text.into_iter().flat_map(|text| bodies(text).0);
    let public =
        |der: Zeroizing<Vec<u8>>| PKey::private_key_from_der(&der).ok()?.public_key_to_der().ok();
    let aligned = |der: Vec<u8>| {
        [0, 1, 2].map(|offset| STANDARD_NO_PAD.encode([&vec![0; offset], der.as_slice()].concat()))
    };
    keys.flat_map(ders).filter_map(public).flat_map(aligned).collect()
}

/// What a text says in base64, as a whole or in one of its words.
fn ders(text: &str) -> Vec<Zeroizing<Vec<u8>>> {
    let decoded = |text: &str| {
        let kept = |b: &u8| !b.is_ascii_whitespace() && *b != b'=';
        let bare: Zeroizing<Vec<u8>> = Zeroizing::new(text.bytes().filter(kept).collect());
        STANDARD_NO_PAD.decode(bare.as_slice()).map(Zeroizing::new).ok()
    };
    match decoded(text) {
        Some(der) => vec![der],
        None => words(text).filter_map(decoded).collect(),
    }
}

/// The long words of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let outside = |c: char| !(c.is_ascii_alphanumeric() || "+/-_".contains(c));
    text.split(outside).filter(|word| word.len() >= LONG)
}

fn push(found: &mut Vec<SecretForm>, text: String) {
    found.push(SecretForm { text: Zeroizing::new(text), in_pieces: true });
}

/// Plain, percent-encoded, as in JSON, hexadecimal and in base64. The other alphabet of base64 is
/// the same to the comparison.
fn encoded(bytes: &[u8], found: &mut Vec<SecretForm>) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let trimmed = text.trim();
        push(found, trimmed.to_owned());
        push(found, utf8_percent_encode(trimmed, NON_ALPHANUMERIC).to_string());
        if let Ok(mut json) = serde_json::to_string(trimmed) {
            push(found, json.trim_matches('"').to_owned());
            json.zeroize();
        }
    }
    push(found, hex(bytes));
    // Base64 of the secret inside longer data begins at any of three alignments; the characters
    // that depend on the neighbours are cut off.
    for (offset, skip) in [(0, 0), (1, 2), (2, 3)] {
        let padded = Zeroizing::new([&vec![0; offset], bytes].concat());
        let encoded = Zeroizing::new(STANDARD_NO_PAD.encode(padded.as_slice()));
        let certain = padded.len() * 8 / 6;
        for end in [certain, encoded.len()] {
            let Some(core) = encoded.get(skip..end) else { continue };
            push(found, core.to_owned());
            // The comparison knows both alphabets as one, short forms know each.
            if core.len() < LONG {
                push(found, core.replace('+', "-").replace('/', "_"));
            }
        }
    }
}

/// The parts of a text that are a key, and the rest. Armour is no secret, certificates beside the
/// key are none, and replacing them would hide what was given.
fn bodies(text: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut keys, mut rest) = (Vec::new(), Vec::new());
    let mut before = text;
    while let Some((outside, after)) = before.split_once("-----BEGIN ") {
        let Some((label, after)) = after.split_once("-----") else { break };
        rest.push(outside);
        let (body, after) = after.split_once("-----").unwrap_or((after, ""));
        if label.contains("PRIVATE KEY") {
            keys.push(body);
        }
        before = after.split_once("-----").map_or(after, |(_, after)| after);
    }
    if keys.is_empty() {
        return (text.split("PRIVATE KEY").flat_map(without_identifiers).collect(), Vec::new());
    }
    rest.push(before);
    (keys, rest)
}

/// A text without the words that have the form of a Certificate ID or a Client ID, where it holds
/// more than one word: such a file may name them beside the key.
fn without_identifiers(text: &str) -> Vec<&str> {
    let identifier = |word: &&str| {
        CertificateId::new(word).is_ok()
            || (word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    if words(text).filter(|word| !identifier(word)).count() == 0 {
        return vec![text];
    }
    let mut parts = Vec::new();
    let mut rest = text;
    for word in words(text).filter(identifier) {
        if let Some((part, after)) = rest.split_once(word) {
            parts.push(part);
            rest = after;
        }
    }
    parts.push(rest);
    parts
}
