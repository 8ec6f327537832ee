//! From bytes to text: encodings, line breaks, characters that only look like ASCII, and what
//! environment files, JSON, URLs and web pages did to the text.

use super::repair::{RepairKind, RepairLog, Tracked};

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
enum CharMeaning {
    Itself,
    Nothing(RepairKind),
    Other(RepairKind, char),
}

fn meaning(c: char) -> CharMeaning {
    match c {
        '\n' | '\r' | '\t' | ' '..='~' => CharMeaning::Itself,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => {
            CharMeaning::Other(RepairKind::SmartDashes, '-')
        }
        '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}' => {
            CharMeaning::Other(RepairKind::Quotes, '"')
        }
        '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}' => {
            CharMeaning::Other(RepairKind::NoBreakSpaces, '\n')
        }
        _ if c.is_whitespace() => CharMeaning::Other(RepairKind::NoBreakSpaces, ' '),
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => {
            CharMeaning::Nothing(RepairKind::InvisibleCharacters)
        }
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' => {
            CharMeaning::Nothing(RepairKind::InvisibleCharacters)
        }
        _ if c.is_control() => CharMeaning::Nothing(RepairKind::InvisibleCharacters),
        _ => CharMeaning::Itself,
    }
}

/// The input as text with plain line feeds, and a log of what had to be changed.
pub(super) fn to_text(bytes: &[u8]) -> (Tracked, RepairLog) {
    let (raw, odd) = characters(bytes);
    let mut line_starts = Vec::new();
    let mut chars = raw.chars().peekable();
    while let Some((c, _)) = chars.next() {
        let next = chars.peek().copied();
        if c == '\n' || (c == '\r' && next.is_none_or(|(next, _)| next != '\n')) {
            line_starts.push(next.map_or(usize::MAX, |(_, at)| at));
        }
    }
    let mut log = RepairLog::new(line_starts);
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
            CharMeaning::Itself => text.push(c, at),
            CharMeaning::Nothing(kind) => log.add(kind, at),
            CharMeaning::Other(kind, other) => {
                log.add(kind, at);
                text.push(other, at);
            }
        }
    }
    (text, log)
}

/// Undoes escapes where there are any. Only called on text that has to do with PEM.
pub(super) fn unescape(mut text: Tracked, log: &mut RepairLog) -> Tracked {
    if text.as_str().contains('\\') {
        text = backslashes(&text, log);
    }
    if text.as_str().contains("-----`n") || text.as_str().contains("-----`r") {
        text = backticks(&text, log);
    }
    if text.as_str().contains("_x000") {
        text = excel_codes(&text, log);
    }
    if text.as_str().contains('=') {
        text = quoted_printable(text, log);
    }
    if has_percent_codes(text.as_str()) {
        text = percent(&text, log);
    }
    if text.as_str().contains(['&', '<']) {
        text = html(&text, log);
    }
    text
}

fn backslashes(text: &Tracked, log: &mut RepairLog) -> Tracked {
    let mut kinds = Vec::new();
    let result = text.rewrite(
        |rest| {
            let slashes = rest.len() - rest.trim_start_matches('\\').len();
            if slashes == 0 {
                return None;
            }
            let after = rest.get(slashes..)?;
            let line_break = |taken: usize, put| {
                let kind = match slashes {
                    1 => RepairKind::EscapedLineBreaks,
                    _ => RepairKind::DoubleEscapedLineBreaks,
                };
                Some((kind, slashes + taken, put))
            };
            let escaped =
                |taken: usize, put| Some((RepairKind::EscapedCharacters, slashes + taken, put));
            let found = match after.chars().next() {
                Some('n') => line_break(1, Some('\n')),
                // `\r\n` is one line break.
                Some('r') => line_break(1, None),
                Some('t') => escaped(1, Some(' ')),
                Some('u') => {
                    let code = after.get(1..5).and_then(|hex| u32::from_str_radix(hex, 16).ok());
                    match code.and_then(char::from_u32).filter(char::is_ascii) {
                        Some(c) => escaped(5, Some(c)),
                        None => escaped(0, None),
                    }
                }
                Some(c @ ('/' | '"' | '\'' | '+' | '=' | '-' | ' ' | '`' | '$')) => {
                    escaped(1, Some(c))
                }
                // A backslash at the end of a line continues it.
                _ => escaped(0, None),
            };
            let (kind, taken, put) = found?;
            kinds.push(kind);
            Some((taken, put))
        },
        |_| {},
    );
    // The kinds come in the order of the text; a second walk gives them their places.
    note_backslashes(text, &kinds, log);
    result
}

fn note_backslashes(text: &Tracked, kinds: &[RepairKind], log: &mut RepairLog) {
    let mut kinds = kinds.iter();
    let mut before = ' ';
    for (c, at) in text.chars() {
        if c == '\\'
            && before != '\\'
            && let Some(kind) = kinds.next()
        {
            log.add(*kind, at);
        }
        before = c;
    }
}

/// `` `n `` and `` `r`n ``, as PowerShell writes line breaks between double quotation marks.
fn backticks(text: &Tracked, log: &mut RepairLog) -> Tracked {
    text.rewrite(
        |rest| match rest.as_bytes() {
            [b'`', b'n', ..] => Some((2, Some('\n'))),
            [b'`', b'r', ..] => Some((2, None)),
            _ => None,
        },
        |at| log.add(RepairKind::BacktickLineBreaks, at),
    )
}

/// The characters that a cell of Excel cannot hold, as its file format writes them.
fn excel_codes(text: &Tracked, log: &mut RepairLog) -> Tracked {
    text.rewrite(
        |rest| {
            let code = rest.strip_prefix("_x000")?;
            match code.as_bytes() {
                [b'D' | b'd', b'_', b'\n', ..] => Some((7, None)),
                [b'D' | b'd', b'_', ..] if code.get(2..)?.starts_with("_x000") => Some((7, None)),
                [b'D' | b'd' | b'A' | b'a', b'_', ..] => Some((7, Some('\n'))),
                [b'9', b'_', ..] => Some((7, Some(' '))),
                _ => None,
            }
        },
        |at| log.add(RepairKind::ExcelCodes, at),
    )
}

/// `=3D` and `=` at the end of a line, in the text that follows the first BEGIN. In base64 text no `=`
/// stands before another character.
fn quoted_printable(text: Tracked, log: &mut RepairLog) -> Tracked {
    let whole = text.as_str();
    let Some(begin) = whole.find("BEGIN") else { return text };
    let length = whole.len();
    let mut seen = Vec::new();
    let decoded = text.rewrite(
        |rest| {
            let code = rest.strip_prefix('=').filter(|_| length - rest.len() > begin)?;
            if let Some(after) = code.strip_prefix('\n') {
                let base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '+');
                // Behind a coded line break it is no padding, whatever follows.
                let coded = whole.get(..length - rest.len()).is_some_and(|t| t.ends_with("=0A"));
                // Before the END line it is, whatever stands before that: a number, a mark.
                let next = after.lines().next().unwrap_or_default();
                let ends = next.contains("--END") || next.contains("--BEGIN");
                return (coded || after.starts_with(base64) && !ends).then_some((2, None));
            }
            let value = code.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok())?;
            match value {
                b'\r' => Some((3, None)),
                b'\n' | b'\t' | b' ' | b'+' | b'-' | b'/' | b'=' => {
                    Some((3, Some(char::from(value))))
                }
                _ => None,
            }
        },
        |at| seen.push(at),
    );
    for at in &seen {
        log.add(RepairKind::QuotedPrintable, *at);
    }
    if seen.is_empty() { text } else { decoded }
}

fn has_percent_codes(text: &str) -> bool {
    ["%0A", "%0a", "%20", "%2B", "%2b", "%2F", "%2f", "%3D", "%3d", "%2D", "BEGIN+", "begin+"]
        .iter()
        .any(|code| text.contains(code))
}

fn percent(text: &Tracked, log: &mut RepairLog) -> Tracked {
    // In form encoding a space is a plus, and a plus is %2B.
    let form = text.as_str().contains("BEGIN+") || text.as_str().contains("begin+");
    text.rewrite(
        |rest| {
            if form && rest.starts_with('+') {
                return Some((1, Some(' ')));
            }
            let code = u8::from_str_radix(rest.strip_prefix('%')?.get(..2)?, 16).ok()?;
            match code {
                b'\r' => Some((3, None)),
                code if code.is_ascii() => Some((3, Some(char::from(code)))),
                _ => None,
            }
        },
        |at| log.add(RepairKind::PercentEncoded, at),
    )
}

const ENTITIES: &[(&str, Option<char>)] = &[
    ("&#43;", Some('+')),
    ("&#x2b;", Some('+')),
    ("&plus;", Some('+')),
    ("&#47;", Some('/')),
    ("&#x2f;", Some('/')),
    ("&#61;", Some('=')),
    ("&#x3d;", Some('=')),
    ("&#45;", Some('-')),
    ("&#x2d;", Some('-')),
    ("&#10;", Some('\n')),
    ("&#xa;", Some('\n')),
    ("&#13;", None),
    ("&#xd;", None),
    ("&nbsp;", Some(' ')),
    ("&#160;", Some(' ')),
    ("&quot;", Some('"')),
    ("&#34;", Some('"')),
    ("&#39;", Some('\'')),
    ("&gt;", Some('>')),
    ("&lt;", Some('<')),
    ("<br>", Some('\n')),
    ("<br/>", Some('\n')),
    ("<br />", Some('\n')),
    ("<p>", Some('\n')),
    ("</p>", Some('\n')),
    ("<div>", Some('\n')),
    ("</div>", Some('\n')),
    ("<pre>", Some('\n')),
    ("</pre>", Some('\n')),
];

fn html(text: &Tracked, log: &mut RepairLog) -> Tracked {
    text.rewrite(
        |rest| {
            if !rest.starts_with(['&', '<']) {
                return None;
            }
            ENTITIES.iter().find_map(|(code, put)| {
                let head = rest.get(..code.len())?;
                head.eq_ignore_ascii_case(code).then_some((code.len(), *put))
            })
        },
        |at| log.add(RepairKind::HtmlEntities, at),
    )
}
