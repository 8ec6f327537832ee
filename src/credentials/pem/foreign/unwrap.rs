//! What stands base64-encoded inside a text of another kind, or is written in hexadecimal.

use serde_json::Value;
use zeroize::Zeroizing;

use super::super::body::PemBody;
use super::super::repair::RepairKind;
use super::words::is_kubernetes_secret;

/// Base64 shorter than this holds no key and no certificate.
const SHORTEST: usize = 40;
/// The most values that are looked at; a document with more is no Secret.
const MOST_VALUES: usize = 64;

/// A value that may be what was meant, decoded.
pub(in crate::credentials::pem) struct Wrapped {
    /// Where it stands in the text.
    pub(in crate::credentials::pem) at: usize,
    /// What it decodes to.
    pub(in crate::credentials::pem) bytes: Zeroizing<Vec<u8>>,
}

/// The base64 values of a JSON document, of a Kubernetes Secret, or of lines `NAME=value`, and what the
/// text is.
pub(in crate::credentials::pem) fn wrapped(text: &str) -> Option<(RepairKind, Vec<Wrapped>)> {
    let (kind, values) = if text.trim_start().starts_with(['{', '[']) {
        let value: Value = serde_json::from_str(text.trim()).ok()?;
        let kind = if is_kubernetes_secret(&value) {
            RepairKind::KubernetesSecret
        } else {
            RepairKind::InsideJson
        };
        let mut strings = Vec::new();
        strings_in(&value, &mut strings);
        let place = |string: &String| text.find(string.as_str()).unwrap_or_default();
        (kind, strings.iter().map(|string| (place(string), string.clone())).collect())
    } else {
        let secret = is_secret_in_yaml(text);
        let kind = if secret { RepairKind::KubernetesSecret } else { RepairKind::AfterName };
        (kind, assignments(text))
    };
    let decode = |(at, value): &(usize, String)| Some(Wrapped { at: *at, bytes: decoded(value)? });
    let found: Vec<Wrapped> = values.iter().take(MOST_VALUES).filter_map(decode).collect();
    (!found.is_empty()).then_some((kind, found))
}

/// Also where somebody took lines out of it: no other document of Kubernetes has `data` in base64.
pub(super) fn is_secret_in_yaml(text: &str) -> bool {
    let kind = text.lines().find_map(|line| line.strip_prefix("kind:"));
    match kind {
        Some(kind) => matches!(kind.trim(), "Secret" | "SealedSecret"),
        None => {
            let has = |name: &str| text.lines().any(|line| line.trim_end() == name);
            has("data:") && (has("apiVersion: v1") || has("type: kubernetes.io/tls"))
        }
    }
}

fn strings_in(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.len() >= SHORTEST => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings_in(item, found)),
        Value::Object(members) => members.values().for_each(|member| strings_in(member, found)),
        _ => {}
    }
}

/// Lines with a name, `=` or `:`, and a value; a value of YAML may go on in the lines below.
fn assignments(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim();
        match named_value(bare) {
            Some(value) => {
                found.push((start, value.to_owned()));
                open = true;
            }
            None if open && is_base64(bare) && !bare.is_empty() => {
                if let Some((_, value)) = found.last_mut() {
                    value.push_str(bare);
                }
            }
            None => open = false,
        }
    }
    found
}

fn named_value(line: &str) -> Option<&str> {
    let line = line.strip_prefix("export ").or_else(|| line.strip_prefix("set ")).unwrap_or(line);
    let line = line.strip_prefix("$env:").unwrap_or(line);
    let (name, value) = line.split_once(['=', ':'])?;
    let name = name.trim().trim_matches(['"', '\'']);
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/' | b' ');
    if name.is_empty() || name.len() > 128 || !name.bytes().all(plain) {
        return None;
    }
    let value = value.trim().trim_start_matches("!!binary").trim();
    // A block of YAML begins in the line below.
    let value = if matches!(value, "|" | ">" | "|-" | ">-" | "|+" | ">+") { "" } else { value };
    let value = value.trim_end_matches([',', ';']).trim_matches(['"', '\'', '`']);
    is_base64(value).then_some(value)
}

fn is_base64(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_' | b'='))
}

fn decoded(value: &str) -> Option<Zeroizing<Vec<u8>>> {
    let value = value.trim();
    let value = value.split_once("base64,").map_or(value, |(_, data)| data);
    let packed: Zeroizing<String> =
        Zeroizing::new(value.chars().filter(|c| !c.is_ascii_whitespace()).collect());
    if packed.len() < SHORTEST || !is_base64(&packed) {
        return None;
    }
    let attempt = PemBody::new(&packed, 0, false).plain();
    (attempt.broken.is_none() && !attempt.bytes.is_empty()).then_some(attempt.bytes)
}

/// Bytes that are written in hexadecimal, as one row of digits, with separators, or as a dump with
/// offsets.
pub(in crate::credentials::pem) fn hexadecimal(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut digits = Zeroizing::new(Vec::with_capacity(text.len()));
    let plain = text.replace("0x", " ").replace("\\x", " ");
    let separator = |c: char| c.is_ascii_whitespace() || matches!(c, ':' | ',' | ';' | '{' | '}');
    if plain.chars().all(|c| c.is_ascii_hexdigit() || separator(c)) && !has_offsets(text) {
        digits.extend(plain.bytes().filter(u8::is_ascii_hexdigit));
    } else {
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let (offset, rest) = line.trim().split_once([' ', ':', '\t'])?;
            if !offset.bytes().all(|b| b.is_ascii_hexdigit()) {
                return None;
            }
            // The characters stand behind two spaces or a bar.
            let rest = rest.trim_start_matches(':').trim_start();
            let rest = rest.split_once('|').map_or(rest, |(bytes, _)| bytes);
            let mut taken = 0;
            for part in rest.split("  ").filter(|part| !part.is_empty()) {
                let words = part.split(' ').filter(|word| !word.is_empty());
                let hex = |word: &str| word.bytes().all(|b| b.is_ascii_hexdigit());
                if taken >= 32 || !words.clone().all(|word| word.len() % 2 == 0 && hex(word)) {
                    break;
                }
                let row: Vec<u8> = words.flat_map(str::bytes).collect();
                taken += row.len();
                digits.extend(row);
            }
        }
    }
    if digits.len() < 2 * SHORTEST || digits.len() % 2 != 0 {
        return None;
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(digits.len() / 2));
    for pair in digits.chunks_exact(2) {
        bytes.push(u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?);
    }
    Some(bytes)
}

/// Whether the lines of a text begin with growing offsets.
fn has_offsets(text: &str) -> bool {
    let offset = |line: &str| {
        let word = line.split_whitespace().next()?.trim_end_matches(':');
        (word.len() >= 4).then(|| u64::from_str_radix(word, 16).ok()).flatten()
    };
    let mut lines = text.lines();
    lines.next().and_then(offset) == Some(0)
        && lines.next().is_none_or(|second| matches!(offset(second), Some(1..=64)))
}

/// Bytes of which a program took each for a character and wrote it in UTF-8. Nothing was lost.
pub(in crate::credentials::pem) fn latin_1(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (b'0', [0xc2 | 0xc3, _, ..]) = bytes.split_first()? else { return None };
    let text = std::str::from_utf8(bytes).ok()?;
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    bytes.map(Zeroizing::new)
}
