//! Breaking prose into lines.

use textwrap::WordSeparator;
use textwrap::core::{Word, break_words, display_width};
use textwrap::wrap_algorithms::wrap_first_fit;

/// The prose in lines of at most `width` columns. A word longer than that is broken, except an
/// address: a broken address cannot be followed.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(8);
    let mut pieces: Vec<Word<'_>> = Vec::new();
    for word in WordSeparator::AsciiSpace.find_words(text.trim()) {
        if word.word.contains("://") {
            pieces.push(word);
        } else {
            pieces.extend(break_words([word], width));
        }
    }
    let columns = f64::from(u32::try_from(width).unwrap_or(u32::MAX));
    let mut lines = Vec::new();
    for line in wrap_first_fit(&pieces, &[columns]) {
        let mut shown = String::new();
        for (at, piece) in line.iter().enumerate() {
            shown.push_str(piece.word);
            if at + 1 < line.len() {
                shown.push_str(piece.whitespace);
            }
        }
        // Several spaces in a row could otherwise stand at the end of a line.
        lines.push(shown.trim_end().to_owned());
    }
    lines
}

/// The text on one line of at most `width` columns, cut at its end.
pub(crate) fn fit(text: &str, width: usize, ellipsis: &str) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    if columns(ellipsis) > width {
        return String::new();
    }
    let room = width.saturating_sub(columns(ellipsis));
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if columns(&kept) > room {
            kept.pop();
            break;
        }
    }
    format!("{}{ellipsis}", kept.trim_end())
}

/// How many columns a text takes.
pub(crate) fn columns(text: &str) -> usize {
    display_width(text)
}

/// The text filled up with spaces to `width` columns.
pub(crate) fn pad(text: &str, width: usize) -> String {
    let gap = width.saturating_sub(columns(text));
    format!("{text}{}", " ".repeat(gap))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_break_and_addresses_do_not() {
        let address = "https://1234567.app.netsuite.com/app/setup/role.nl?id=1021";
        let lines = wrap(&format!("Open {address} or {} now.", "x".repeat(50)), 20);
        assert!(lines.contains(&address.to_owned()), "{lines:?}");
        assert!(lines.iter().all(|line| columns(line) <= 20 || line == address), "{lines:?}");
        assert_eq!(lines.concat().matches('x').count(), 50);
    }

    #[test]
    fn a_cut_line_fits_in_columns_not_characters() {
        assert_eq!(fit("名前名前", 5, "…"), "名前…");
        assert_eq!(fit("short", 5, "…"), "short");
        assert_eq!(fit("a bit longer", 6, "..."), "a b...");
    }
}
