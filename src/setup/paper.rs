//! The hand-over sheet as text: short on a screen, whole in a file.

use crate::report::Style;
use crate::report::page::{PROSE, Page, UNBROKEN};
use crate::report::text::{Tone, columns, pad, wrap};
use crate::report::v1::Status;
use crate::setup::sheet::{Sheet, SheetField};

/// Columns before a field.
const MARGIN: usize = 2;

impl Sheet {
    /// The values alone, each on a line that can be copied.
    #[must_use]
    pub fn short(&self, style: Style) -> String {
        let mut page = Page::new(style);
        self.head(&mut page);
        page.gap();
        let widest = self.fields.iter().map(|field| columns(&field.name)).max().unwrap_or(0);
        for field in &self.fields {
            let name = style.show(&field.name, 60);
            let value = field.value.as_deref().unwrap_or(NOT_KEPT);
            let value = style.show(value, UNBROKEN);
            let beside = format!("{}  {value}", pad(&name, widest));
            if MARGIN + columns(&beside) <= style.columns() {
                let name = style.paint(Tone::Strong, &pad(&name, widest));
                page.raw(&format!("  {name}  {value}"));
            } else {
                page.raw(&format!("  {}", style.paint(Tone::Strong, &name)));
                // Never broken, so that it can be copied.
                page.raw(&format!("    {value}"));
            }
        }
        page.finish()
    }

    /// All that is known of the values: for a file.
    #[must_use]
    pub fn whole(&self, style: Style) -> String {
        let mut page = Page::new(style);
        self.head(&mut page);
        if let Some(source) = &self.source {
            page.prose(&format!("Fields as in {}.", style.show(source, PROSE)), MARGIN);
        }
        for field in &self.fields {
            page.gap();
            self.field(&mut page, field);
        }
        if !self.after.is_empty() {
            page.heading(&format!("In {}", style.show(self.whom(), 100)));
            for (number, step) in (1..).zip(&self.after) {
                page.prose(&format!("{number}. {}", style.show(step, PROSE)), MARGIN);
            }
        }
        page.finish()
    }

    fn head(&self, page: &mut Page) {
        let status = if self.proof.proved { Status::Pass } else { Status::Fail };
        let title = page.style.show(&self.title(), 200);
        let tone = if self.proof.proved { Tone::Strong } else { Tone::Bad };
        for (at, line) in
            wrap(&title, page.style.columns().saturating_sub(MARGIN)).iter().enumerate()
        {
            let mark = if at == 0 { page.style.mark(status) } else { " " };
            page.raw(&format!("{mark} {}", page.style.paint(tone, line)));
        }
        for said in &self.proof.said {
            page.prose(&page.style.show(said, PROSE), MARGIN);
        }
    }

    fn field(&self, page: &mut Page, field: &SheetField) {
        let style = page.style;
        page.raw(&format!("  {}", style.paint(Tone::Strong, &style.show(&field.name, 60))));
        if let Some(value) = &field.value {
            page.raw(&format!("    {}", style.show(value, UNBROKEN)));
        }
        for said in [format!("From: {}", field.from), field.action.clone()] {
            for line in wrap(&style.show(&said, PROSE), style.columns().saturating_sub(4)) {
                page.raw(&format!("    {line}"));
            }
        }
    }
}

/// What stands for a value that is not kept.
const NOT_KEPT: &str = "(not kept here)";
