//! What the walk looks like on a terminal: one screen per question, the action first.

use std::cell::Cell;
use std::io::{self, Write as _};
use std::path::Path;

use strum::VariantArray as _;

use super::ask::mistaken;
use crate::probes::inside::choice::Choice;
use crate::report::Style;
use crate::report::human::continued;
use crate::report::page::{PROSE, Page, UNBROKEN};
use crate::report::text::{Tone, columns, pad, tone, wrap};
use crate::report::v1::{Fix, Status};
use crate::setup::{
    AnswerForm, Ask, Draft, FaultPage, Field, PermissionRow, Remark, SetupStep, StepPage,
};
use crate::terminal::output::{self, Destination, tell};
use crate::types::shown::shown_path;

/// Columns before the text beside a label.
const BODY: usize = 8;
/// Lines of a screen, besides the line that is typed; a terminal has 24.
pub(super) const LINES: usize = 22;
/// So many permissions stand on one screen.
const ROWS: usize = 9;
/// A value longer than this stands on a line of its own.
const SHORT: usize = 24;

/// What of a question is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// What to do, and of the permissions this part.
    Step(usize),
    /// Why it is asked.
    Why,
}

/// The terminal that the walk is shown on: standard error, because standard output is for the
/// report of the first check alone.
pub(super) struct Screen {
    /// Whether a screen begins at the top of the terminal.
    clears: bool,
    /// Said on the first screen.
    greeting: Cell<Option<String>>,
}

impl Screen {
    pub(super) fn new() -> Self {
        Self { clears: output::progress_columns().is_some(), greeting: Cell::default() }
    }

    /// As the terminal is now: its width may have changed.
    fn style() -> Style {
        output::style(&Destination::Stdout)
    }

    /// What the first screen begins with.
    pub(super) fn greet(&self, draft: &Draft, target: &str, file: &Path) {
        let mut page = Page::new(Self::style());
        let text = format!(
            "Set-up of target {target}. Progress is kept in {}, never a secret. Ctrl-C loses nothing.",
            shown_path(file)
        );
        page.prose(&text, 0);
        let done: Vec<&str> = draft.done.iter().map(|step| step.as_str()).collect();
        if !done.is_empty() {
            page.prose(&format!("Done already: {}.", done.join(", ")), 0);
        }
        self.greeting.set(Some(page.finish()));
    }

    /// A few words below the screen.
    pub(super) fn say(&self, text: &str) {
        let mut page = Page::new(Self::style());
        page.prose(&page.style.show(text, UNBROKEN), 2);
        tell(&page.finish());
    }

    /// Everything but the question itself.
    pub(super) fn show(&self, ask: &Ask, view: View) {
        // Below the report of a check there is no new screen.
        if self.clears && (ask.field != Field::Fault || view == View::Why) {
            let _ = io::stderr().lock().write_all(b"\x1b[H\x1b[2J");
        } else {
            tell("\n");
        }
        let greeting = self.greeting.take().map(|text| text + "\n").unwrap_or_default();
        tell(&(greeting + &screen(ask, view, Self::style())));
    }

    /// On how many screens the question is shown.
    pub(super) fn pages(&self, ask: &Ask) -> usize {
        pages(ask)
    }

    /// The question, at the place where the answer is typed: plain and in its colour.
    pub(super) fn question(&self, ask: &Ask, at: usize) -> (String, String) {
        let style = Self::style();
        let last = at + 1 >= pages(ask);
        let question = if last { question(ask, style) } else { MORE.to_owned() };
        let mark = if ask.kind == AnswerForm::Confirm { " " } else { ": " };
        (format!("{question}{mark}"), format!("{}{mark}", style.paint(Tone::Strong, &question)))
    }

    /// The last words of a walk that goes on another time.
    pub(super) fn stop(&self, words: &str) {
        let mut page = Page::new(Self::style());
        page.prose(words, 0);
        tell(&format!("\n{}", page.finish()));
    }

    pub(super) fn close(&self, next: &[Fix], proved: bool) {
        let head = match proved {
            true => "The set-up is done and checked.",
            false => "The first check has not passed yet; the sheet says what is not proved.",
        };
        let next = if proved { next } else { next.get(..1).unwrap_or_default() };
        let mut page = Page::new(Self::style());
        following(&mut page, "Next", next);
        tell(&format!("\n{head}\n\n{}", page.finish()));
    }
}

/// What is asked while there is more of a list.
const MORE: &str = "Press Enter for the rest";

fn question(ask: &Ask, style: Style) -> String {
    match &ask.current {
        Some(current) if columns(current) <= SHORT => {
            format!("{} [{}]", ask.question, style.show(current, SHORT))
        }
        _ => ask.question.clone(),
    }
}

fn pages(ask: &Ask) -> usize {
    ask.page.permissions.len().max(ask.choices.len()).div_ceil(ROWS).max(1)
}

/// One screen, without the line that is typed.
pub(super) fn screen(ask: &Ask, view: View, style: Style) -> String {
    let mut page = Page::new(style);
    if ask.field != Field::Fault || view == View::Why {
        head(&mut page, ask);
        page.gap();
    }
    match view {
        View::Why => {
            let mut reasons = Page::new(style);
            why(&mut reasons, &ask.page);
            let reasons = reasons.finish();
            reasons.lines().for_each(|line| page.raw(line));
            let mut action = Page::new(style);
            steps(&mut action, &ask.page.steps);
            let action = action.finish();
            // Where both have no room, `?` brings what to do back.
            if reasons.lines().count() + action.lines().count() + BESIDES < LINES {
                page.gap();
                action.lines().for_each(|line| page.raw(line));
            }
        }
        View::Step(at) => step(&mut page, ask, at),
    }
    page.gap();
    let current = ask.current.as_ref().filter(|current| columns(current) > SHORT);
    if let Some(current) = current {
        page.prose(&format!("Enter keeps {}", style.show(current, UNBROKEN)), 2);
    }
    let keys = match (view, pages(ask)) {
        (View::Step(at), of) if of > 1 => format!("{} of {of}   {}", at + 1, keys(ask, view)),
        _ => keys(ask, view),
    };
    for line in wrap(&keys, style.columns().saturating_sub(2)) {
        page.raw(&format!("  {}", style.paint(Tone::Faint, &line)));
    }
    page.finish()
}

/// Which step it is, and which are done.
fn head(page: &mut Page, ask: &Ask) {
    let style = page.style;
    let (number, of) = (ask.page.step.number(), SetupStep::VARIANTS.len());
    let title = style.paint(Tone::Strong, &format!("Step {number} of {of}: {}", ask.page.title));
    page.raw(&title);
    let mut line = String::new();
    let mut width = 0;
    for step in SetupStep::VARIANTS.iter().copied() {
        let (mark, colour) = match step {
            now if now == ask.page.step => (">", Tone::Strong),
            done if ask.done.contains(&done) => (style.mark(Status::Pass), Tone::Good),
            _ => ("-", Tone::Faint),
        };
        let name = format!("{mark} {step}");
        if width > 0 && width + 1 + columns(&name) > style.columns() {
            page.raw(&line);
            (line, width) = (String::new(), 0);
        }
        if width > 0 {
            line.push(' ');
            width += 1;
        }
        width += columns(&name);
        line.push_str(&style.paint(colour, &name));
    }
    page.raw(&line);
}

fn why(page: &mut Page, shown: &StepPage) {
    labelled(page, "Why", &shown.why);
    labelled(page, "Proves", &shown.proves);
    for (at, more) in shown.more.iter().enumerate() {
        labelled(page, if at == 0 { "Also" } else { "" }, more);
    }
}

fn step(page: &mut Page, ask: &Ask, at: usize) {
    let style = page.style;
    let mut found = Page::new(style);
    remarks(&mut found, &ask.remarks);
    let found = found.finish();
    found.lines().for_each(|line| page.raw(line));
    page.gap();
    let mistaken = mistaken(&ask.remarks);
    let mut action = Page::new(style);
    // On later parts of a list the way there is known.
    if at == 0 {
        steps(&mut action, &ask.page.steps);
    }
    action.gap();
    let row = |choice: &Choice| {
        (choice.id.to_string(), choice.name.clone().unwrap_or_else(|| "(no name)".to_owned()))
    };
    let listed = ask.choices.iter().skip(at * ROWS).take(ROWS).map(row).collect::<Vec<_>>();
    pairs(&mut action, &listed);
    let made = ask.page.made.iter().map(|part| (part.name.clone(), part.value.clone()));
    pairs(&mut action, &made.collect::<Vec<_>>());
    let rows = ask.page.permissions.iter().skip(at * ROWS).take(ROWS).collect::<Vec<_>>();
    permissions(&mut action, &rows);
    if let Some(sheet) = &ask.page.sheet {
        sheet.short(style).lines().for_each(|line| action.raw(line));
    }
    if let Some(fault) = &ask.page.fault {
        about_fault(&mut action, fault);
    }
    let action = action.finish();
    // After a mistake what to do has been read, where it does not fit beside what was wrong.
    let lines = found.lines().count() + action.lines().count() + BESIDES;
    if !mistaken || lines < LINES || ask.page.fault.is_some() {
        action.trim_end().lines().for_each(|line| page.raw(line));
        page.gap();
    }
    if let Some(hint) = &ask.hint {
        labelled(page, "Answer", &format!("{hint}."));
    }
    if ask.may_keep {
        labelled(page, "", "keep goes on with the value just given all the same.");
    }
}

/// What was found: what passed in a line, the rest with what to do.
fn remarks(page: &mut Page, remarks: &[Remark]) {
    let style = page.style;
    let passes: Vec<_> = remarks.iter().filter(|one| one.status == Status::Pass).collect();
    let mark = |status| style.paint(tone(status), style.mark(status));
    if passes.len() > 2 {
        page.raw(&format!("{} {} checks passed.", mark(Status::Pass), passes.len()));
    } else {
        passes.iter().for_each(|one| hung(page, &one.summary, &mark(Status::Pass), "  ", PROSE));
    }
    for remark in remarks.iter().filter(|one| one.status != Status::Pass).take(MOST_REMARKS) {
        hung(page, &remark.summary, &mark(remark.status), "  ", LONGEST_REMARK);
        if let Some(means) = &remark.means {
            page.prose(&style.show(means, LONGEST_REMARK), 2);
        }
        if let Some(fix) = &remark.fix {
            following(page, "Fix", std::slice::from_ref(fix));
        }
    }
}

/// Lines of a screen besides what was found and what to do.
const BESIDES: usize = 8;
/// So many mistakes are shown at once: the others come up when these are gone.
const MOST_REMARKS: usize = 3;
/// The most characters of what was found.
const LONGEST_REMARK: usize = 600;

/// The page to go to, and the clicks there.
fn steps(page: &mut Page, fixes: &[Fix]) {
    let style = page.style;
    let Some(first) = fixes.first() else { return };
    let mut label = "Do";
    if let Some(place) = &first.place {
        labelled(page, label, &style.show(place, PROSE));
        label = "";
    }
    if let Some(url) = &first.url {
        address(page, label, url);
        label = "";
    }
    for (number, fix) in (1..).zip(fixes) {
        let number = if fixes.len() > 1 { format!("{number}. ") } else { String::new() };
        let lead = format!("  {}{number}", pad(label, BODY));
        hung(page, &fix.text, &lead, &" ".repeat(columns(&lead)), PROSE);
        label = "";
    }
}

/// An address beside its label, or further left where it would be broken.
fn address(page: &mut Page, label: &str, url: &str) {
    let style = page.style;
    let shown = style.show(url, UNBROKEN);
    let beside = 2 + BODY + columns(&shown) <= style.columns();
    let before = if beside { format!("  {}", pad(label, BODY)) } else { "  ".to_owned() };
    page.raw(&format!("{before}{}", style.link(url, &shown)));
}

/// Steps beside a label, each with its own page and command.
fn following(page: &mut Page, label: &str, fixes: &[Fix]) {
    let style = page.style;
    let mut label = style.paint(Tone::Faint, label) + &" ".repeat(BODY - label.len().min(BODY));
    for (number, fix) in (1..).zip(fixes) {
        let number = if fixes.len() > 1 { format!("{number}. ") } else { String::new() };
        let rest = " ".repeat(2 + BODY + number.len());
        hung(page, &fix.text, &format!("  {label}{number}"), &rest, PROSE);
        label = " ".repeat(BODY);
        if let Some(place) = &fix.place {
            hung(page, place, &rest, &rest, PROSE);
        }
        if let Some(url) = &fix.url {
            address(page, "", url);
        }
        let command = fix.command.as_ref().map(|command| style.show(command, UNBROKEN));
        let room = style.columns().saturating_sub(rest.len());
        let lines = command.map(|command| continued(&command, room)).unwrap_or_default();
        for (at, line) in lines.iter().enumerate() {
            let further = if at == 0 { "" } else { "  " };
            page.raw(&format!("{rest}{further}{}", style.paint(Tone::Strong, line)));
        }
    }
}

/// What the account lists to choose from, or what is going to be made: a name and a value on a line.
fn pairs(page: &mut Page, pairs: &[(String, String)]) {
    let style = page.style;
    let width = pairs.iter().map(|(name, _)| columns(name)).max().unwrap_or(0);
    for (name, value) in pairs {
        let value = style.show(value, UNBROKEN);
        let gap = " ".repeat(width.saturating_sub(columns(name)) + 2);
        let name = style.paint(Tone::Strong, name) + &gap;
        hung(page, &value, &format!("  {name}"), &" ".repeat(width + 4), PROSE);
    }
}

fn permissions(page: &mut Page, rows: &[&PermissionRow]) {
    let style = page.style;
    let widest = |of: &dyn Fn(&PermissionRow) -> usize| rows.iter().map(|row| of(row)).max();
    let subtab = widest(&|row| columns(row.subtab)).unwrap_or(0);
    let level = widest(&|row| columns(row.level.label())).unwrap_or(0);
    let room = style.columns().saturating_sub(2 + subtab + level + 8);
    let name = widest(&|row| columns(&row.name)).unwrap_or(0).min(room);
    for row in rows {
        for (at, line) in wrap(&style.show(&row.name, 200), name).iter().enumerate() {
            let (tab, at_level) = if at == 0 { (row.subtab, row.level.label()) } else { ("", "") };
            let mark = if row.advised && at == 0 { " *" } else { "" };
            let line = style.paint(Tone::Strong, &pad(line, name));
            page.raw(&format!("  {}  {line}  {}{mark}", pad(tab, subtab), pad(at_level, level)));
        }
    }
    if rows.iter().any(|row| row.advised) {
        page.prose("* advised; some uses do without it", 2);
    }
}

fn about_fault(page: &mut Page, fault: &FaultPage) {
    let step = fault.step.map(|step| format!("step {}, {step}, where this belongs", step.number()));
    let mut ways = vec![("Enter", "check again, once it is fixed".to_owned())];
    if fault.asks_for_detail {
        let text = "type the Detail of the Login Audit Trail, such as MissingKey";
        ways.push(("Detail", text.to_owned()));
    }
    ways.extend(step.map(|text| ("go", text)));
    ways.push(("1 to 6", "any step, to change an answer".to_owned()));
    ways.push(("sheet", "the hand-over sheet as it is, marked as not proved".to_owned()));
    ways.push(("stop", "stop here; what was done is kept".to_owned()));
    for (word, text) in ways {
        let word =
            page.style.paint(Tone::Strong, word) + &" ".repeat(BODY.saturating_sub(columns(word)));
        hung(page, &text, &format!("  {word}"), &" ".repeat(BODY + 2), PROSE);
    }
}

/// What can be typed besides an answer.
fn keys(ask: &Ask, view: View) -> String {
    let first = if view == View::Why { "? what to do" } else { "? why" };
    let mut keys = vec![first.to_owned()];
    if ask.may_go_back {
        keys.push("b back".to_owned());
    }
    if ask.page.steps.iter().any(|step| step.url.is_some()) {
        keys.push("o open the page".to_owned());
    }
    match ask.copies.as_slice() {
        [] => {}
        [one] => keys.push(format!("c copy {}", one.name)),
        [first, ..] => keys.push(format!("c copy {}, then the next", first.name)),
    }
    keys.join("   ")
}

fn labelled(page: &mut Page, label: &str, prose: &str) {
    let gap = " ".repeat(BODY.saturating_sub(columns(label)));
    let label = page.style.paint(Tone::Faint, label) + &gap;
    hung(page, prose, &format!("  {label}"), &" ".repeat(BODY + 2), PROSE);
}

/// Prose behind `lead`, its further lines behind `rest`, which is as wide.
fn hung(page: &mut Page, prose: &str, lead: &str, rest: &str, most: usize) {
    let style = page.style;
    let text = style.show(prose, most);
    let (lead, rest) =
        if rest.len() == 2 { (format!("{lead} "), rest) } else { (lead.to_owned(), rest) };
    for (at, line) in wrap(&text, style.columns().saturating_sub(rest.len())).iter().enumerate() {
        page.raw(&format!("{}{line}", if at == 0 { lead.as_str() } else { rest }));
    }
}

#[cfg(test)]
mod tests;
