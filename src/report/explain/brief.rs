//! What `explain` shows at first: what it means and what to do, on one screen. The rest stands under
//! `--details`, and in the other forms.

use super::topic::TopicKind;
use super::{ExplainedFinding, Explanation, Related, Topic, completed};
use crate::report::Style;
use crate::report::page::{Line, PROSE, Page, VALUE};
use crate::report::text::{Tone, wrap};
use crate::types::shell;

/// Lines of one screen, the last two of which say where the rest is.
const SCREEN: usize = 30;
const LAST: usize = 2;
/// The most causes that are listed at first, and the fewest.
const CAUSES: usize = 5;
const FEWEST: usize = 2;
/// The most lines of names without their steps.
const NAMES: usize = 4;
/// What has to be said at first; other paragraphs come where there is room for them.
const FIRST: [&str; 8] =
    ["Means", "Answer", "In fact", "Takes", "Caution", "Records", "Form", "Look at"];
/// What says how the diagnosis comes to a cause: only under `--details`.
const SECOND: [&str; 3] = ["Shows", "Seen", "Not if"];

/// A page that knows how much fits on it.
struct Screen {
    style: Style,
    text: String,
    /// Whether something was left out.
    less: bool,
}

impl Screen {
    fn new(style: Style) -> Self {
        Self { style, text: String::new(), less: false }
    }

    fn block(&self, write: impl FnOnce(&mut Page)) -> String {
        let mut page = Page::new(self.style);
        write(&mut page);
        page.finish()
    }

    fn left(&self) -> usize {
        (SCREEN - LAST).saturating_sub(self.text.lines().count())
    }

    /// Adds what has to be there.
    fn must(&mut self, write: impl FnOnce(&mut Page)) {
        let block = self.block(write);
        self.text.push_str(&block);
    }

    /// Adds a block where it fits and leaves `spare` lines.
    fn may(&mut self, spare: usize, write: impl FnOnce(&mut Page)) -> bool {
        let block = self.block(write);
        let fits = block.lines().count() + spare <= self.left();
        if fits {
            self.text.push_str(&block);
        } else {
            self.less = true;
        }
        fits
    }

    fn gap(&mut self) {
        if !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// The text, with the command that shows the rest, where one finds it again.
    fn finish(mut self, asked: &str) -> String {
        let name =
            shell::word(asked).filter(|_| !asked.is_empty() && !asked.contains(['\n', '\r']));
        if let Some(name) = name.filter(|_| self.less) {
            self.gap();
            let command = format!("netsuite-preflight explain {name} --details");
            self.must(|page| {
                page.labelled("Details", &[Line::new(command)]);
            });
        }
        self.text
    }
}

/// A check: what it proves, and the steps for what it finds most often.
#[must_use]
pub fn card(explanation: &Explanation, style: Style) -> String {
    let mut screen = Screen::new(style);
    let show = |text: &str| style.show(text, PROSE);
    screen.must(|page| {
        page.raw(&style.paint(Tone::Strong, &show(&explanation.id)));
        page.prose(&show(&explanation.title), 2);
    });
    screen.gap();
    screen.must(|page| {
        page.labelled("Proves", &page.wrapped(&show(&explanation.proves), 0));
    });
    if !explanation.prepare.is_empty() {
        screen.gap();
        screen.must(|page| page.labelled("Prepare", &completed(page, &explanation.prepare)));
    }
    fixes(&mut screen, &explanation.findings);
    screen.less = true;
    screen.finish(&explanation.id)
}

/// Findings that the same steps fix stand together.
fn fixes(screen: &mut Screen, findings: &[ExplainedFinding]) {
    let mut groups: Vec<Vec<&ExplainedFinding>> = Vec::new();
    for finding in findings {
        match groups.iter_mut().find(|group| group.iter().any(|one| one.fix == finding.fix)) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    // Where one fix serves many findings it is most often the one that is wanted; that something
    // cannot be read at all is rare.
    groups.sort_by_key(|group| {
        let rare = group.iter().all(|finding| finding.id.starts_with("unreadable"));
        (rare, std::cmp::Reverse(if group.len() > 2 { group.len() } else { 0 }))
    });
    let style = screen.style;
    let mut rest: Vec<&str> = Vec::new();
    for (number, group) in groups.iter().enumerate() {
        let names: Vec<&str> = group.iter().map(|finding| finding.id.as_str()).collect();
        // The first is the reason for which the page was opened.
        let spare = if number == 0 { 0 } else { 3 };
        let Some(first) = group.first() else { continue };
        let fits = rest.is_empty()
            && screen.may(spare, |page| {
                // A heading with nothing below it would promise what the page has no room for.
                if number == 0 {
                    page.raw("");
                    page.raw(&style.paint(Tone::Strong, "What it can find, and how to fix it"));
                }
                let names = style.show(&shortened(&names), VALUE);
                for line in wrap(&names, style.columns().saturating_sub(2)) {
                    page.raw(&format!("  {}", style.paint(Tone::Strong, &line)));
                }
                page.labelled("Fix", &completed(page, &first.fix));
            });
        if !fits {
            rest.extend(names);
        }
    }
    let label = if rest.len() == findings.len() { "Finds" } else { "Also" };
    others(screen, label, &rest);
}

/// The names of one group, the first ones of many.
fn shortened(names: &[&str]) -> String {
    const SOME: usize = 5;
    match names.len().checked_sub(SOME) {
        None | Some(0) => names.join(", "),
        Some(more) => {
            let first: Vec<&str> = names.iter().take(SOME).copied().collect();
            format!("{} and {more} more", first.join(", "))
        }
    }
}

/// Findings for whose steps there is no room.
fn others(screen: &mut Screen, label: &str, names: &[&str]) {
    let room = screen.left().saturating_sub(1).min(NAMES);
    if names.is_empty() || room == 0 {
        return;
    }
    for count in (1..=names.len()).rev() {
        let more = names.len() - count;
        let shown: Vec<&str> = names.iter().take(count).copied().collect();
        let tail = if more == 0 { String::new() } else { format!(" and {more} more") };
        let text = format!("{}{tail}", shown.join(", "));
        let lines = screen.block(|page| {
            page.raw("");
            page.labelled(label, &page.wrapped(&text, 0));
        });
        if lines.lines().count() <= room + 1 {
            screen.text.push_str(&lines);
            return;
        }
    }
}

/// Anything else: what it means, what to do, and the causes most often met. `asked` finds it again
/// where it has no name.
#[must_use]
pub fn topic(topic: &Topic, asked: &str, style: Style) -> String {
    let mut screen = Screen::new(style);
    let show = |text: &str| style.show(text, PROSE);
    let name = topic.id.as_ref().unwrap_or(&topic.title);
    screen.must(|page| {
        page.raw(&style.paint(Tone::Strong, &show(name)));
        if topic.id.is_some() {
            page.prose(&show(&topic.title), 2);
        }
        page.prose(&format!("({})", topic.kind.words()), 2);
    });
    screen.gap();
    let (first, other): (Vec<_>, Vec<_>) = topic
        .says
        .iter()
        .enumerate()
        .partition(|(at, said)| *at == 0 || FIRST.contains(&said.label));
    for (_, said) in first {
        screen.must(|page| page.labelled(said.label, &page.wrapped(&show(&said.text), 0)));
    }
    if !topic.fix.is_empty() {
        screen.gap();
        screen.must(|page| page.labelled("Fix", &completed(page, &topic.fix)));
    }
    causes(&mut screen, &topic.causes);
    let mut gap = true;
    for (_, said) in other {
        if SECOND.contains(&said.label) {
            screen.less = true;
            continue;
        }
        screen.may(usize::from(gap), |page| {
            if gap {
                page.raw("");
            }
            page.labelled(said.label, &page.wrapped(&show(&said.text), 0));
        });
        gap = false;
    }
    if !topic.see.is_empty() {
        screen.may(1, |page| {
            page.raw("");
            page.labelled("See", &page.wrapped(&show(&topic.see.join(", ")), 0));
        });
    }
    screen.less |= topic.source.is_some();
    let named = topic.id.is_some() || matches!(topic.kind, TopicKind::Question | TopicKind::Claim);
    let again = if named { name } else { asked.trim() };
    screen.finish(again)
}

fn causes(screen: &mut Screen, causes: &[Related]) {
    if causes.is_empty() {
        return;
    }
    let style = screen.style;
    let heading = if causes.len() == 1 {
        "What may be behind it"
    } else {
        "What may be behind it, the most frequent first, and where it shows"
    };
    screen.must(|page| {
        page.raw("");
        page.prose(&style.paint(Tone::Strong, heading), 0);
    });
    let mut shown = 0;
    for (number, cause) in (1..).zip(causes.iter().take(CAUSES)) {
        let write = |page: &mut Page| one(page, number, cause);
        if number <= FEWEST {
            screen.must(write);
        } else if !screen.may(1, write) {
            break;
        }
        shown = number;
    }
    let more = causes.len().saturating_sub(shown);
    if more > 0 {
        screen.less = true;
        screen.must(|page| page.prose(&format!("and {more} more"), 2));
    }
}

/// A cause, and the place that tells it from the others.
pub(super) fn one(page: &mut Page, number: usize, cause: &Related) {
    let style = page.style;
    let lead = format!("{number}. ");
    let hang = 2 + lead.len();
    let text = style.show(&cause.title, PROSE);
    let width = style.columns().saturating_sub(hang);
    for (at, line) in wrap(&text, width).into_iter().enumerate() {
        let before = if at == 0 { format!("  {lead}") } else { " ".repeat(hang) };
        page.raw(&format!("{before}{line}"));
    }
    let look = cause.look.as_ref().map(|look| format!("{look} ")).unwrap_or_default();
    page.prose(&style.show(&format!("{look}({})", cause.id), PROSE), hang);
}

#[cfg(test)]
mod tests {
    use super::super::{Known, look_up, names::names};
    use crate::report::handbook;
    use crate::report::text::columns;

    use super::*;

    fn page(name: &str, width: usize) -> String {
        let style = Style { width, ..Style::default() };
        match look_up(name, handbook()).unwrap() {
            Known::Card(one) => card(&one, style),
            Known::Topic(one) => topic(&one, name, style),
        }
    }

    #[test]
    fn the_command_for_more_finds_what_was_asked() {
        let asked = "This record has been locked by a user defined workflow";
        let text = page(asked, 80);
        assert!(text.contains(&format!("explain '{asked}' --details")), "{text}");
        assert!(!page(&format!("{asked}\nx"), 80).contains("--details"));
        let clock = page("the clock is wrong", 80);
        assert!(clock.contains("explain 'Does it matter when the clock is wrong?'"), "{clock}");
        assert!(clock.contains("Add your target: --target NAME"), "{clock}");
    }

    #[test]
    fn everything_with_a_name_fits_on_a_screen_with_its_fix_and_without_a_blank() {
        let blank = regex::Regex::new("<[a-z]+(-[a-z]+)*>").unwrap();
        let mut seen = 0;
        for name in names() {
            seen += 1;
            let text = page(name, 80);
            let lines = text.lines().count();
            assert!(lines <= SCREEN, "{name}: {lines} lines\n{text}");
            assert!(text.ends_with(" --details\n"), "{name}: {text}");
            assert!(!blank.is_match(&text), "{name}: {text}");
            assert!(!text.contains("how to fix it\n\n"), "{name}: {text}");
            let prepared = text.contains("  Fix ") || text.contains("  Prepare ");
            let causes = text.contains("\n  1. ");
            let nothing = text.contains("not of this way of signing in");
            assert!(prepared || causes || nothing || lines < 14, "{name}: {text}");
            for line in page(name, 40).lines().filter(|line| columns(line) > 40) {
                let whole = line.contains("://") || line.contains("netsuite-preflight ");
                assert!(whole || !line.contains(' ') || line.contains("$ "), "{name}: {line}");
            }
        }
        assert!(seen > 120, "{seen}");
    }

    #[test]
    fn nothing_of_a_whole_page_shows_a_blank() {
        let blank = regex::Regex::new("<[a-z]+(-[a-z]+)*>").unwrap();
        for name in names() {
            let style = Style::default();
            let text = match look_up(name, handbook()).unwrap() {
                Known::Card(one) => super::super::card(&one, style),
                Known::Topic(one) => super::super::topic_page(&one, style),
            };
            assert!(!blank.is_match(&text), "{name}: {text}");
        }
    }

    #[test]
    fn an_error_word_and_a_check() {
        insta::assert_snapshot!("server_error", page("server_error", 80));
        insta::assert_snapshot!("certificate-expiry", page("certificate-expiry", 80));
    }
}
