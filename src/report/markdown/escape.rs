//! Values of a report as Markdown: they are shown to the letter, and obeyed by nobody.

use crate::report::text::{bounded, neutral};

/// The most characters of one value; a ticket has little room.
const MOST: usize = 1_200;
/// Between `@` and a name, so that nobody is called by a value: it has no width.
const APART: char = '\u{2060}';

/// A value between words.
pub(super) fn text(value: &str) -> String {
    let shown = neutral(value);
    let shown = bounded(shown.trim(), MOST);
    let mut out = String::with_capacity(shown.len());
    for (at, c) in shown.char_indices() {
        let rest = shown.get(at..).unwrap_or_default();
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.extend(['@', APART]),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => out.extend(['\\', c]),
            // At the beginning of a line these make lists and headings.
            '-' | '+' | '#' | '=' if at == 0 => out.extend(['\\', c]),
            // GitHub makes links of bare addresses.
            ':' if rest.starts_with("://") => out.push_str("\\:"),
            '.' if out.to_ascii_lowercase().ends_with("www") => out.push_str("\\."),
            c => out.push(c),
        }
    }
    // A number and a dot at the beginning of a line would begin a list.
    match out.split_once('.') {
        Some((number, rest))
            if !number.is_empty()
                && rest.starts_with(' ')
                && number.bytes().all(|b| b.is_ascii_digit()) =>
        {
            format!("{number}\\.{rest}")
        }
        _ => out,
    }
}

/// A value as code between words.
pub(super) fn code(value: &str) -> String {
    let shown = neutral(value);
    let shown = bounded(&shown, MOST);
    let fence = "`".repeat(longest_run(&shown) + 1);
    // Spaces part the fence from a value that begins or ends with one; a reader takes them off.
    let pad = if shown.starts_with(['`', ' ']) || shown.ends_with(['`', ' ']) { " " } else { "" };
    match shown.trim() {
        "" => "(empty)".to_owned(),
        _ => format!("{fence}{pad}{shown}{pad}{fence}"),
    }
}

/// A command as a block of its own, `indent` columns to the right. It is never cut.
pub(super) fn block(command: &str, indent: usize) -> String {
    let shown = neutral(command);
    let fence = "`".repeat((longest_run(&shown) + 1).max(3));
    let margin = " ".repeat(indent);
    format!("{margin}{fence}sh\n{margin}{shown}\n{margin}{fence}\n")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
