//! What the walk looks like on a terminal of 80 columns, with and without colour.

use std::path::Path;

use textwrap::{Options, WordSeparator, WordSplitter};

use strum::VariantArray as _;

use crate::report::Style;
use crate::report::page::labelled_steps;
use crate::report::text::Tone;
use crate::report::v1::{Fix, Status};
use crate::setup::{AnswerForm, Ask, Draft, PermissionRow, Remark, SetupStep, Sheet, StepPage};
use crate::terminal::output;
use crate::terminal::output::{Destination, tell};
use crate::types::shown::shown_path;

/// Columns before the text beside a label.
const MARGIN: &str = "          ";

/// The terminal that the walk is shown on: standard error, because standard output is for the
/// report of the first check alone.
pub(super) struct Screen(Style);

impl Screen {
    pub(super) fn new() -> Self {
        Self(output::style(&Destination::Stdout))
    }

    pub(super) fn write(&self, text: &str) {
        tell(text);
    }

    pub(super) fn greet(&self, draft: &Draft, target: &str, file: &Path) {
        let mut text = format!(
            "Set-up of target {target}. Progress is kept in {}, and Ctrl-C loses nothing. At any \
             question, ? shows the step again and back returns to the step before.\n",
            shown_path(file)
        );
        let done: Vec<&str> = draft.done.iter().map(|step| step.as_str()).collect();
        text = self.wrapped(&text, "");
        if !done.is_empty() {
            text.push_str(&self.wrapped(&format!("Done already: {}.", done.join(", ")), ""));
        }
        self.write(&text);
    }

    pub(super) fn made(&self, private_key: &Path, certificate: &Path) {
        self.write(&format!(
            "\nMade {} and {}\n",
            shown_path(private_key),
            shown_path(certificate)
        ));
    }

    /// Everything but the question itself.
    pub(super) fn show(&self, ask: &Ask) {
        let mut text = String::new();
        if !ask.remarks.is_empty() {
            text.push('\n');
        }
        for remark in &ask.remarks {
            self.remark(&mut text, remark);
        }
        if let Some(page) = &ask.page {
            self.page(&mut text, page);
        }
        // After a mistake the hint has been read.
        if let Some(hint) = ask.hint.as_ref().filter(|_| ask.page.is_some() || !mistaken(ask)) {
            text.push('\n');
            self.labelled(&mut text, "Answer", &format!("{hint}."));
        }
        if ask.may_keep {
            text.push('\n');
            let keep = "keep goes on with the value just given all the same.";
            self.labelled(&mut text, "Answer", keep);
        }
        self.write(&text);
    }

    /// The question, at the place where the answer is typed.
    pub(super) fn question(&self, ask: &Ask) -> String {
        let question = match (&ask.kind, &ask.current) {
            (AnswerForm::Choice(words), Some(current)) => {
                format!("{} [{current}]", words.join(" or "))
            }
            (AnswerForm::Choice(words), None) => words.join(" or "),
            (AnswerForm::Confirm, _) => ask.question.clone(),
            (_, Some(current)) => format!("{} [{}]", ask.question, self.0.show(current, 200)),
            (_, None) => ask.question.clone(),
        };
        let mark = if ask.kind == AnswerForm::Confirm { "" } else { ":" };
        format!("\n{}{mark} ", self.0.paint(Tone::Strong, &question))
    }

    pub(super) fn close(&self, next: &[Fix]) {
        let text = labelled_steps("Next", next, self.0);
        self.write(&format!("\nThe set-up is done and checked.\n\n{text}"));
    }

    fn remark(&self, text: &mut String, remark: &Remark) {
        let tone = match remark.status {
            Status::Pass => Tone::Good,
            Status::Warn => Tone::Look,
            _ => Tone::Bad,
        };
        let mark = self.0.paint(tone, self.0.mark(remark.status));
        let seen = self.0.show(&remark.summary, 1_200);
        text.push_str(&self.hanging(&seen, &format!("{mark} "), "  "));
        if let Some(means) = &remark.means {
            text.push_str(&self.wrapped(&self.0.show(means, 1_200), "  "));
        }
        if let Some(fix) = &remark.fix {
            text.push_str(&labelled_steps("Fix", std::slice::from_ref(fix), self.0));
        }
    }

    fn page(&self, text: &mut String, page: &StepPage) {
        let head =
            format!("Step {} of {}: {}", page.step.number(), SetupStep::VARIANTS.len(), page.title);
        text.push_str(&format!("\n{}\n\n", self.0.paint(Tone::Strong, &head)));
        for (label, prose) in [("Why", &page.why), ("Proves", &page.proves)] {
            if let Some(prose) = prose {
                self.labelled(text, label, prose);
            }
        }
        if !page.steps.is_empty() {
            text.push_str(&labelled_steps("Do", &page.steps, self.0));
        }
        self.permissions(text, &page.permissions);
        self.legend(text, &page.permissions);
        if let Some(sheet) = &page.sheet {
            self.sheet(text, sheet);
        }
    }

    fn permissions(&self, text: &mut String, rows: &[PermissionRow]) {
        if rows.is_empty() {
            return;
        }
        text.push_str(&format!("\n{MARGIN}{:<13} {:<46} Level\n", "Subtab", "Permission"));
        for row in rows {
            let level = row.level.label();
            let often = if row.advised { " *" } else { "" };
            text.push_str(&format!("{MARGIN}{:<13} {:<46} {level}{often}\n", row.subtab, row.name));
        }
    }

    /// The legend of the permissions that are advised only.
    fn legend(&self, text: &mut String, rows: &[PermissionRow]) {
        if rows.iter().any(|row| row.advised) {
            self.labelled(
                text,
                "",
                "* advised; `netsuite-preflight role plan` says what each is for",
            );
        }
    }

    fn sheet(&self, text: &mut String, sheet: &Sheet) {
        let product = sheet.product.as_deref().unwrap_or("the integration");
        let title = format!("Values for {product}");
        text.push_str(&format!("\n{}\n", self.0.paint(Tone::Strong, &title)));
        if let Some(source) = &sheet.source {
            text.push_str(&self.wrapped(&format!("Fields as in {source}."), "  "));
        }
        for field in &sheet.fields {
            text.push_str(&format!("\n  {}\n", self.0.paint(Tone::Strong, &field.name)));
            if let Some(value) = &field.value {
                // Never broken, so that it can be copied.
                text.push_str(&format!("    {}\n", self.0.show(value, 400)));
            }
            text.push_str(&self.wrapped(&format!("From: {}", field.from), "    "));
            text.push_str(&self.wrapped(&field.action, "    "));
        }
        if !sheet.after.is_empty() {
            let title = format!("In {product}");
            text.push_str(&format!("\n  {}\n", self.0.paint(Tone::Strong, &title)));
        }
        for step in &sheet.after {
            text.push_str(&self.hanging(&self.0.show(step, 600), "    - ", "      "));
        }
    }

    fn labelled(&self, text: &mut String, label: &str, prose: &str) {
        text.push_str(&self.hanging(prose, &format!("  {label:<8}"), MARGIN));
    }

    fn wrapped(&self, prose: &str, indent: &str) -> String {
        self.hanging(prose, indent, indent)
    }

    fn hanging(&self, prose: &str, first: &str, rest: &str) -> String {
        let options = Options::new(self.0.columns())
            .initial_indent(first)
            .subsequent_indent(rest)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation)
            .break_words(false);
        format!("{}\n", textwrap::fill(prose.trim(), options))
    }
}

fn mistaken(ask: &Ask) -> bool {
    ask.remarks.iter().any(|remark| remark.status == Status::Fail)
}
