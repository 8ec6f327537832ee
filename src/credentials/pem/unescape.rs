//! Undoes what environment files, JSON, URLs and web pages did to the text.

use super::repair::RepairKind;
use super::tracked::{Log, Tracked};

/// Undoes escapes where there are any. Only called on text that has to do with PEM.
pub(super) fn undo(mut text: Tracked, log: &mut Log) -> Tracked {
    if text.as_str().contains('\\') {
        text = backslashes(&text, log);
    }
    if has_percent_codes(text.as_str()) {
        text = percent(&text, log);
    }
    if text.as_str().contains(['&', '<']) {
        text = html(&text, log);
    }
    text
}

fn backslashes(text: &Tracked, log: &mut Log) -> Tracked {
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

fn note_backslashes(text: &Tracked, kinds: &[RepairKind], log: &mut Log) {
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

fn has_percent_codes(text: &str) -> bool {
    ["%0A", "%0a", "%20", "%2B", "%2b", "%2F", "%2f", "%3D", "%3d", "%2D", "BEGIN+", "begin+"]
        .iter()
        .any(|code| text.contains(code))
}

fn percent(text: &Tracked, log: &mut Log) -> Tracked {
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

fn html(text: &Tracked, log: &mut Log) -> Tracked {
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
