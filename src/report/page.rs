//! A page of text that grows line by line.

use crate::report::Style;
use crate::report::text::{Tone, columns, pad, tone, wrap};
use crate::report::v1::{Fix, Status};
use crate::types::shell::Shell;

/// The most characters that are shown of what was seen and of guidance.
pub(crate) const PROSE: usize = 1_200;
/// The most characters that are shown of one fact.
pub(crate) const VALUE: usize = 300;
/// The most characters of a command or an address, which are never cut in two lines.
pub(crate) const UNBROKEN: usize = 9_000;
/// Columns before a label.
const MARGIN: usize = 2;
/// Columns of a label with the space after it.
const LABEL: usize = 8;

/// One line of a block, with its colour.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    indent: usize,
    text: String,
    tone: Option<Tone>,
}

impl Line {
    /// A line as it is.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { indent: 0, text: text.into(), tone: None }
    }

    /// The line as it is printed.
    fn shown(&self, style: Style) -> String {
        let text = match self.tone {
            Some(tone) => style.paint(tone, &self.text),
            None => self.text.clone(),
        };
        format!("{}{text}", " ".repeat(self.indent))
    }

    /// The same in a colour.
    pub(crate) fn tone(mut self, tone: Tone) -> Self {
        self.tone = Some(tone);
        self
    }

    /// The same with `lead` in the columns before it.
    pub(crate) fn lead(mut self, lead: &str) -> Self {
        self.indent = self.indent.saturating_sub(columns(lead));
        self.text.insert_str(0, lead);
        self
    }

    /// The same further to the right.
    pub(crate) fn indent(mut self, by: usize) -> Self {
        self.indent += by;
        self
    }
}

/// A page of text.
pub(crate) struct Page {
    pub(crate) style: Style,
    text: String,
}

impl Page {
    pub(crate) fn new(style: Style) -> Self {
        Self { style, text: String::new() }
    }

    /// Columns for the text beside a label.
    pub(crate) fn body(&self) -> usize {
        self.style.columns().saturating_sub(MARGIN + LABEL)
    }

    /// Adds a finished line.
    pub(crate) fn raw(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// Adds an empty line, never two in a row.
    pub(crate) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Adds a heading with an empty line before it.
    pub(crate) fn heading(&mut self, text: &str) {
        self.gap();
        let line = self.style.paint(Tone::Strong, text);
        self.raw(&line);
    }

    /// Adds a status with its word and, beside or below it, what it is about.
    pub(crate) fn title(&mut self, status: Status, word: &str, about: &str) {
        let style = self.style;
        let word = format!("{} {word}", style.mark(status));
        let beside = columns(&word) + 2 + columns(about) <= style.columns();
        let word = style.paint(tone(status), &word);
        if beside {
            self.raw(&format!("{word}  {}", style.paint(Tone::Strong, about)));
            return;
        }
        self.raw(&word);
        for line in wrap(about, style.columns().saturating_sub(MARGIN)) {
            self.raw(&format!("{}{}", " ".repeat(MARGIN), style.paint(Tone::Strong, &line)));
        }
    }

    /// Adds prose from the margin on.
    pub(crate) fn prose(&mut self, text: &str, indent: usize) {
        for line in wrap(text, self.style.columns().saturating_sub(indent)) {
            self.raw(&format!("{}{line}", " ".repeat(indent)));
        }
    }

    /// Adds lines beside a label.
    pub(crate) fn labelled(&mut self, label: &str, lines: &[Line]) {
        for (at, line) in lines.iter().enumerate() {
            let beside = pad(if at == 0 { label } else { "" }, LABEL);
            let beside = match beside.trim_end() {
                "" => beside,
                word => {
                    let gap = " ".repeat(LABEL.saturating_sub(columns(word)));
                    self.style.paint(Tone::Faint, word) + &gap
                }
            };
            let text = line.shown(self.style);
            self.raw(&format!("{}{beside}{text}", " ".repeat(MARGIN)));
        }
    }

    /// Prose for [`Page::labelled`], `indent` columns to the right.
    pub(crate) fn wrapped(&self, text: &str, indent: usize) -> Vec<Line> {
        wrap(text, self.body().saturating_sub(indent))
            .into_iter()
            .map(|line| Line::new(line).indent(indent))
            .collect()
    }

    /// Whether these words stand on the page already.
    pub(crate) fn shows(&self, words: &str) -> bool {
        self.text.contains(words)
    }

    /// The whole text.
    pub(crate) fn finish(self) -> String {
        self.text
    }
}

/// The steps as lines, `indent` columns to the right. Addresses and commands have a line of their own and are never broken.
pub(crate) fn steps(page: &Page, fixes: &[Fix], indent: usize) -> Vec<Line> {
    let style = page.style;
    let mut lines = Vec::new();
    let mut before: Option<&Fix> = None;
    for (number, fix) in (1..).zip(fixes) {
        let lead = format!("{number}. ");
        let hang = indent + lead.len();
        for (at, line) in page.wrapped(&style.show(&fix.text, PROSE), hang).into_iter().enumerate()
        {
            lines.push(if at == 0 { line.lead(&lead) } else { line });
        }
        // The page of the step before is still open.
        let same_page =
            before.is_some_and(|before| before.place == fix.place && before.url == fix.url);
        before = Some(fix);
        if let Some(place) = fix.place.as_ref().filter(|_| !same_page) {
            lines.extend(page.wrapped(&style.show(place, PROSE), hang));
        }
        if let Some(url) = fix.url.as_ref().filter(|_| !same_page) {
            lines.push(Line::new(style.show(url, UNBROKEN)).indent(hang).tone(Tone::Link));
        }
        if let Some(command) = &fix.command {
            let shown = format!("{} {}", Shell::HERE.prompt(), style.show(command, UNBROKEN));
            lines.push(Line::new(shown).indent(hang).tone(Tone::Strong));
        }
    }
    lines
}

/// Steps as a numbered list beside a label.
#[must_use]
pub fn labelled_steps(label: &str, fixes: &[Fix], style: Style) -> String {
    let mut page = Page::new(style);
    let lines = steps(&page, fixes, 0);
    page.labelled(label, &lines);
    page.finish()
}
