//! What stands before every line of a block: line numbers, the marks of a diff, the marks of a comment.

use super::repair::{RepairKind, RepairLog, Tracked};

/// Signs that begin a comment, in the languages of scripts and configuration files. Those of letters or
/// hyphens need a blank after them.
const COMMENTS: [&str; 7] = ["//", "#", ";", "*", "%", "-- ", "rem "];

/// The text without what stands before every line from a BEGIN line to its END line. Only what stands
/// before all of them is taken off, so that nothing of the block itself is lost.
pub(super) fn without_margin(text: Tracked, log: &mut RepairLog) -> Tracked {
    let whole = text.as_str();
    let mut margins: Vec<(usize, usize)> = Vec::new();
    let mut block: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for line in whole.split('\n') {
        let (begins, ends) = (holds(line, "BEGIN"), holds(line, "-END"));
        if begins {
            block.clear();
        }
        if begins != ends || !block.is_empty() {
            block.push((at, line));
        }
        // A line that holds both is no column of lines; one that only ends belongs to none.
        if ends {
            if block.len() > 2
                && let Some((kind, found)) = margin(&block)
            {
                log.once(kind, text.origin(found.first().map_or(at, |(start, _)| *start)));
                margins.extend(found);
            }
            block.clear();
        }
        at += line.len() + 1;
    }
    if margins.is_empty() {
        return text;
    }
    let length = whole.len();
    let mut margins = margins.into_iter().peekable();
    text.rewrite(
        |rest| {
            let here = length - rest.len();
            let (_, width) = margins.next_if(|(start, _)| *start == here)?;
            Some((width, None))
        },
        |_| {},
    )
}

fn holds(line: &str, word: &str) -> bool {
    line.contains(word)
}

/// What stands before all of these lines, and for each line where it stands and how long it is.
fn margin(lines: &[(usize, &str)]) -> Option<(RepairKind, Vec<(usize, usize)>)> {
    let (_, begin) = lines.first()?;
    // Nothing before the first line: nothing to take off.
    if begin.starts_with("-----BEGIN") {
        return None;
    }
    let numbers = || Some((RepairKind::LineNumbers, numbers(lines)?));
    let marks = || Some((RepairKind::DiffMarks, diff_marks(lines)?));
    let comments = || Some((RepairKind::CommentMarks, comment_marks(lines)?));
    numbers().or_else(marks).or_else(comments)
}

/// Each line begins with a number, one more than the line before it.
fn numbers(lines: &[(usize, &str)]) -> Option<Vec<(usize, usize)>> {
    let (_, begin) = lines.first()?;
    let digits: String = begin.trim_start().chars().take_while(char::is_ascii_digit).collect();
    let mut number: u32 = digits.parse().ok()?;
    let mut found = Vec::with_capacity(lines.len());
    for (start, line) in lines {
        let rest = line.trim_start();
        // Written with or without zeros before it.
        let after = rest.trim_start_matches('0').strip_prefix(&number.to_string())?;
        let after = after.trim_start_matches([':', '.', '|', ')', ']', ' ', '\t']);
        // An empty margin would say nothing, and numbers inside of numbers are none.
        found.push((*start, line.len() - after.len()));
        number = number.checked_add(1)?;
    }
    Some(found).filter(|found| found.iter().all(|(_, width)| *width > 0))
}

/// Each line begins with the plus or the minus of a diff.
fn diff_marks(lines: &[(usize, &str)]) -> Option<Vec<(usize, usize)>> {
    let (_, begin) = lines.first()?;
    let mark = begin.chars().next().filter(|c| matches!(c, '+' | '-'))?;
    begin.strip_prefix(mark)?.strip_prefix("-----BEGIN")?;
    let marked = lines.iter().all(|(_, line)| line.starts_with(mark));
    marked.then(|| lines.iter().map(|(start, _)| (*start, 1)).collect())
}

/// Each line begins with the sign of a comment.
fn comment_marks(lines: &[(usize, &str)]) -> Option<Vec<(usize, usize)>> {
    let (_, begin) = lines.first()?;
    let bare = begin.trim_start();
    let mark = COMMENTS.iter().find(|mark| {
        let head = bare.get(..mark.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(mark))
    })?;
    let width = |(start, line): &(usize, &str)| {
        let rest = line.trim_start();
        // A line of nothing but the mark has no blank after it.
        let head = rest.get(..mark.len().min(rest.len()))?;
        let same = head.eq_ignore_ascii_case(mark) || head == mark.trim_end();
        let after = rest.get(head.len()..)?.trim_start_matches([' ', '\t']);
        same.then(|| (*start, line.len() - after.len()))
    };
    lines.iter().map(width).collect()
}

#[cfg(test)]
mod tests {
    use super::super::text::to_text;
    use super::*;

    const CLEAN: &str = "-----BEGIN PRIVATE KEY-----\nMIGH\n2AAA\n-----END PRIVATE KEY-----";

    fn taken_off(text: &str) -> (String, Vec<RepairKind>) {
        let (tracked, mut log) = to_text(text.as_bytes());
        let text = without_margin(tracked, &mut log).as_str().to_owned();
        (text, log.finish().iter().map(|repair| repair.kind).collect())
    }

    fn with(prefix: impl Fn(usize) -> String) -> String {
        let lines = CLEAN.lines().enumerate();
        lines.map(|(at, line)| format!("{}{line}\n", prefix(at))).collect()
    }

    #[test]
    fn what_stands_before_every_line_is_taken_off() {
        for (text, kind) in [
            (with(|at| format!("{:6}\t", at + 1)), RepairKind::LineNumbers),
            (with(|at| format!("{}: ", at + 9)), RepairKind::LineNumbers),
            (with(|at| format!("{:03} | ", at + 98)), RepairKind::LineNumbers),
            (with(|at| format!("{}", at + 1)), RepairKind::LineNumbers),
            (with(|_| "-".to_owned()), RepairKind::DiffMarks),
            (with(|_| "+".to_owned()), RepairKind::DiffMarks),
            (with(|_| "# ".to_owned()), RepairKind::CommentMarks),
            (with(|_| "  // ".to_owned()), RepairKind::CommentMarks),
            (with(|_| "REM ".to_owned()), RepairKind::CommentMarks),
            (with(|_| "-- ".to_owned()), RepairKind::CommentMarks),
        ] {
            let (rest, kinds) = taken_off(&text);
            assert_eq!(rest.trim_end(), CLEAN, "{text}");
            assert_eq!(kinds, [kind], "{text}");
        }
    }

    #[test]
    fn what_stands_before_some_lines_only_is_left() {
        for text in [
            CLEAN.to_owned(),
            CLEAN.replacen("-----BEGIN", "# -----BEGIN", 1),
            CLEAN.replacen("-----BEGIN", "1 -----BEGIN", 1),
            with(|at| format!("{} ", at * 2 + 1)),
            format!("1 -----BEGIN {}", "x\n".repeat(4)),
        ] {
            assert_eq!(
                taken_off(&text),
                (text.trim_end_matches('\0').to_owned(), vec![]),
                "{text}"
            );
        }
    }
}
