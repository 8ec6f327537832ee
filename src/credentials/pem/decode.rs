//! From bytes to text: encodings, line breaks, and characters that only look like ASCII.

use super::repair::RepairKind;
use super::tracked::{Log, Tracked};

/// Whether the bytes look like text in two-byte units; the answer is the byte order and the
/// length of the byte order mark.
fn utf16(bytes: &[u8]) -> Option<(bool, usize)> {
    match bytes {
        [0xff, 0xfe, ..] => return Some((true, 2)),
        [0xfe, 0xff, ..] => return Some((false, 2)),
        _ => {}
    }
    // Without a mark: ASCII text has a zero in every second byte.
    let sample = bytes.get(..bytes.len().min(64)).unwrap_or_default();
    if sample.len() < 8 {
        return None;
    }
    let (mut low, mut high) = (0, 0);
    for pair in sample.chunks_exact(2) {
        match pair {
            [0, other] if *other != 0 => high += 1,
            [other, 0] if *other != 0 => low += 1,
            _ => {}
        }
    }
    let most = sample.len() / 2 * 9 / 10;
    if low >= most {
        Some((true, 0))
    } else if high >= most {
        Some((false, 0))
    } else {
        None
    }
}

/// The characters of the input, each with the byte where it begins, and what was wrong.
fn characters(bytes: &[u8]) -> (Tracked, Vec<(RepairKind, usize)>) {
    let mut text = Tracked::with_capacity(bytes.len());
    let mut odd = Vec::new();
    if let Some((little, mark)) = utf16(bytes) {
        odd.push((RepairKind::Utf16, 0));
        let units = bytes.get(mark..).unwrap_or_default().chunks_exact(2).map(|pair| match pair {
            [a, b] if little => u16::from_le_bytes([*a, *b]),
            [a, b] => u16::from_be_bytes([*a, *b]),
            _ => 0,
        });
        let mut at = mark;
        for decoded in char::decode_utf16(units) {
            let c = decoded.unwrap_or(char::REPLACEMENT_CHARACTER);
            text.push(c, at);
            at += 2 * c.len_utf16();
        }
        return (text, odd);
    }
    let mut at = 0;
    if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
        odd.push((RepairKind::ByteOrderMark, 0));
        at = 3;
    }
    for chunk in bytes.get(at..).unwrap_or_default().utf8_chunks() {
        for (offset, c) in chunk.valid().char_indices() {
            text.push(c, at + offset);
        }
        at += chunk.valid().len();
        for byte in chunk.invalid() {
            odd.push((RepairKind::NotUtf8, at));
            text.push(windows_1252(*byte), at);
            at += 1;
        }
    }
    (text, odd)
}

/// The few characters of the Windows code page that turn up around a key.
fn windows_1252(byte: u8) -> char {
    match byte {
        0x91 => '\u{2018}',
        0x92 => '\u{2019}',
        0x93 => '\u{201c}',
        0x94 => '\u{201d}',
        0x96 => '\u{2013}',
        0x97 => '\u{2014}',
        0xa0 => '\u{a0}',
        0xad => '\u{ad}',
        _ => char::REPLACEMENT_CHARACTER,
    }
}

/// What a character stands for.
enum Meaning {
    Itself,
    Nothing(RepairKind),
    Other(RepairKind, char),
}

fn meaning(c: char) -> Meaning {
    match c {
        '\n' | '\r' | '\t' | ' '..='~' => Meaning::Itself,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => {
            Meaning::Other(RepairKind::SmartDashes, '-')
        }
        '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}' => Meaning::Other(RepairKind::Quotes, '"'),
        '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}' => {
            Meaning::Other(RepairKind::NoBreakSpaces, '\n')
        }
        _ if c.is_whitespace() => Meaning::Other(RepairKind::NoBreakSpaces, ' '),
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => {
            Meaning::Nothing(RepairKind::InvisibleCharacters)
        }
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' => {
            Meaning::Nothing(RepairKind::InvisibleCharacters)
        }
        _ if c.is_control() => Meaning::Nothing(RepairKind::InvisibleCharacters),
        _ => Meaning::Itself,
    }
}

/// The input as text with plain line feeds, and a log of what had to be changed.
pub(super) fn to_text(bytes: &[u8]) -> (Tracked, Log) {
    let (raw, odd) = characters(bytes);
    let mut line_starts = Vec::new();
    let mut chars = raw.chars().peekable();
    while let Some((c, _)) = chars.next() {
        let next = chars.peek().copied();
        if c == '\n' || (c == '\r' && next.is_none_or(|(next, _)| next != '\n')) {
            line_starts.push(next.map_or(usize::MAX, |(_, at)| at));
        }
    }
    let mut log = Log::new(line_starts);
    for (kind, at) in odd {
        log.add(kind, at);
    }
    let mut text = Tracked::with_capacity(raw.as_str().len());
    let mut chars = raw.chars().peekable();
    while let Some((c, at)) = chars.next() {
        if c == '\r' {
            if chars.peek().is_some_and(|(next, _)| *next == '\n') {
                log.add(RepairKind::WindowsLineBreaks, at);
            } else {
                log.add(RepairKind::LoneCarriageReturns, at);
                text.push('\n', at);
            }
            continue;
        }
        match meaning(c) {
            Meaning::Itself => text.push(c, at),
            Meaning::Nothing(kind) => log.add(kind, at),
            Meaning::Other(kind, other) => {
                log.add(kind, at);
                text.push(other, at);
            }
        }
    }
    (text, log)
}
