//! Commands as they are printed: to be copied, and run as they stand.

use super::MARGIN;
use crate::report::page::{Page, UNBROKEN};
use crate::report::reader::options;
use crate::report::text::{Tone, columns, pad};

/// A command beside its label. A long one goes on below, as a shell reads it.
pub(super) fn write_command(page: &mut Page, label: &str, command: &str) {
    let style = page.style;
    let command = style.show(command, UNBROKEN);
    let room = style.columns().saturating_sub(MARGIN + 10);
    if columns(label) > WIDEST {
        return write_below(page, label, &command);
    }
    let mut before = format!("{}  ", style.paint(Tone::Strong, &pad(label, 8)));
    for line in continued(&command, room) {
        page.raw(&format!("{}{before}{line}", " ".repeat(MARGIN)));
        before = " ".repeat(10 + MARGIN);
    }
}

/// Columns of a label that has its command beside it.
const WIDEST: usize = 8;

/// A command after a label that is a sentence, or below it where the line is full.
fn write_below(page: &mut Page, label: &str, command: &str) {
    let style = page.style;
    let margin = " ".repeat(MARGIN);
    let label = format!("{label}:");
    let beside = columns(&label) + columns(command) + MARGIN < style.columns();
    let shown = style.paint(Tone::Strong, &label);
    if beside {
        return page.raw(&format!("{margin}{shown} {command}"));
    }
    page.raw(&format!("{margin}{shown}"));
    page.raw(&format!("{margin}{margin}{command}"));
}

/// The command in lines of about `room` columns, broken between options, each but the last with
/// the mark by which a shell goes on.
pub(crate) fn continued(command: &str, room: usize) -> Vec<String> {
    if cfg!(windows) || columns(command) <= room {
        return vec![command.to_owned()];
    }
    let mut lines: Vec<String> = Vec::new();
    for part in options(command) {
        match lines.last_mut() {
            Some(line) if columns(line) + columns(part) + 3 <= room => {
                line.push(' ');
                line.push_str(part);
            }
            _ => lines.push(part.to_owned()),
        }
    }
    let last = lines.len().saturating_sub(1);
    let mark = |(at, line): (usize, String)| if at == last { line } else { format!("{line} \\") };
    lines.into_iter().enumerate().map(mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_command_is_the_same_command() {
        let command = "netsuite-preflight check --account-id 1234567 --private-key 'my -- key.pem' \
                       --certificate-id=-abc --record customer --record salesOrder:edit";
        for room in [20, 40, 60, 100, 400] {
            let lines = continued(command, room);
            let joined = lines.join("\n").replace("\\\n", " ");
            assert_eq!(shlex::split(&joined), shlex::split(command), "{room}");
            let fits = |line: &String| columns(line) <= room.max(32);
            assert!(lines.iter().all(fits), "{lines:?}");
        }
        assert_eq!(continued(command, 400).len(), 1);
    }
}
