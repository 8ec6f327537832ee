//! How text for people looks: width, colour, marks.

use owo_colors::{OwoColorize as _, Style as Paint};

use super::text::{bounded, neutral};
use super::v1::{Overall, Status};

/// How text for people is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether colours may be used. They never carry meaning alone.
    pub colour: bool,
    /// Whether the marks may be other than ASCII.
    pub unicode: bool,
    /// Columns; see [`Style::columns`].
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { colour: false, unicode: true, width: 80 }
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
}
