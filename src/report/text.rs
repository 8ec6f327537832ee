//! How text for people looks: width, colour, marks.

use std::borrow::Cow;

use owo_colors::{OwoColorize as _, Style as Paint};
use textwrap::WordSeparator;
use textwrap::core::{Word, break_words, display_width};
use textwrap::wrap_algorithms::wrap_first_fit;

use crate::report::v1::{Overall, Status};
use crate::report::words::linkable;

pub use crate::types::plain::neutral;

/// How text for people is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether colours may be used. They never carry meaning alone.
    pub colour: bool,
    /// Whether the marks may be other than ASCII.
    pub unicode: bool,
    /// Whether the terminal shows links (OSC 8).
    pub links: bool,
    /// Columns; see [`Style::columns`].
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self::PLAIN
    }
}

/// What a piece of text is, for its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Good,
    Bad,
    Look,
    Open,
    Faint,
    Strong,
    Link,
}

impl Style {
    /// 80 columns, no colour.
    pub const PLAIN: Self = Self { colour: false, unicode: true, links: false, width: 80 };

    /// The columns to fill: the width, but never fewer than 40.
    #[must_use]
    pub fn columns(self) -> usize {
        self.width.max(40)
    }

    /// The text in the colour of its tone, where colours may be used.
    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        if !self.colour || text.is_empty() {
            return text.to_owned();
        }
        let paint = match tone {
            Tone::Good => Paint::new().green(),
            Tone::Bad => Paint::new().red().bold(),
            Tone::Look => Paint::new().yellow(),
            Tone::Open => Paint::new().magenta(),
            Tone::Faint => Paint::new().dimmed(),
            Tone::Strong => Paint::new().bold(),
            Tone::Link => Paint::new().cyan(),
        };
        text.style(paint).to_string()
    }

    /// The text as a link to an address, where the terminal shows links.
    pub(crate) fn link(self, url: &str, text: &str) -> String {
        let shown = self.paint(Tone::Link, text);
        if self.links && linkable(url) {
            return format!("\u{1b}]8;;{url}\u{1b}\\{shown}\u{1b}]8;;\u{1b}\\");
        }
        shown
    }

    /// The mark of a status: one column wide.
    pub(crate) fn mark(self, status: Status) -> &'static str {
        match (status, self.unicode) {
            (Status::Pass, true) => "✓",
            (Status::Pass, false) => "+",
            (Status::Warn, _) => "!",
            (Status::Fail, true) => "✗",
            (Status::Fail, false) => "x",
            (Status::Inconclusive, _) => "?",
            (Status::Skipped, true) => "–",
            (Status::Skipped, false) => "-",
        }
    }

    /// The mark of something that is well or not, in its colour.
    pub(crate) fn verified(self, ok: bool) -> String {
        let status = if ok { Status::Pass } else { Status::Fail };
        self.paint(tone(status), self.mark(status))
    }

    /// What separates short facts on one line.
    pub(crate) fn dot(self) -> &'static str {
        if self.unicode { " · " } else { ", " }
    }

    /// What stands where a line was cut.
    pub(crate) fn ellipsis(self) -> &'static str {
        if self.unicode { "…" } else { "..." }
    }

    /// Text from the report, made fit for a terminal: nothing to obey, at most `most` characters,
    /// and only marks that can be shown. Letters of other scripts stay: they are the account's own.
    pub(crate) fn show(self, text: &str, most: usize) -> String {
        let safe = neutral(text);
        let short = bounded(&safe, most);
        if self.unicode {
            return short.into_owned();
        }
        short.replace('…', "...").replace('\u{fffd}', "?").replace(['–', '—'], "-")
    }
}

/// The colour of a status.
pub(crate) fn tone(status: Status) -> Tone {
    match status {
        Status::Pass => Tone::Good,
        Status::Warn => Tone::Look,
        Status::Fail => Tone::Bad,
        Status::Inconclusive => Tone::Open,
        Status::Skipped => Tone::Faint,
    }
}

/// The status whose mark and colour an overall outcome has.
pub(crate) fn status_of(overall: Overall) -> Status {
    match overall {
        Overall::Pass => Status::Pass,
        Overall::Warn => Status::Warn,
        Overall::Fail => Status::Fail,
        Overall::Inconclusive => Status::Inconclusive,
    }
}

/// The most characters that one text of a report has.
pub const LONGEST: usize = 2_000;

/// The most characters of a value that goes into a command, such as a certificate in base64.
pub const LONGEST_VALUE: usize = 8_000;

/// At most `most` characters of a text; what is cut off is counted.
#[must_use]
pub fn bounded(text: &str, most: usize) -> Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return Cow::Borrowed(text);
    };
    let kept = text.get(..end).unwrap_or_default();
    let cut = text.chars().count().saturating_sub(most);
    Cow::Owned(format!("{kept}… ({cut} more characters)"))
}

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
    fn no_colour_unless_told() {
        let plain = Style::default();
        let coloured = Style { colour: true, ..plain };
        assert_eq!(plain.paint(Tone::Bad, "x"), "x");
        assert!(coloured.paint(Tone::Bad, "x").contains("\u{1b}["));
    }

    #[test]
    fn each_status_has_its_own_mark() {
        use std::collections::BTreeSet;
        for unicode in [true, false] {
            let style = Style { unicode, ..Style::default() };
            let all =
                [Status::Pass, Status::Warn, Status::Fail, Status::Inconclusive, Status::Skipped];
            let marks: BTreeSet<&str> = all.iter().map(|status| style.mark(*status)).collect();
            assert_eq!(marks.len(), all.len());
            assert!(unicode || marks.iter().all(|mark| mark.is_ascii()));
        }
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(bounded("äöü", 3), "äöü");
        assert_eq!(bounded("äöüß", 3), "äöü… (1 more characters)");
        assert!(bounded(&"x".repeat(100_000), LONGEST).chars().count() < LONGEST + 40);
    }

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
