//! What the terminal can show.

use std::io::IsTerminal as _;

use terminal_size::{Width, terminal_size};

use crate::report::Style;
use crate::terminal::output::Destination;

/// The width where none is known, and in files.
const PLAIN_WIDTH: usize = 80;
/// Wider lines are hard to read.
const WIDEST: usize = 100;

/// How text for people is to look at its destination. Colours only on a terminal that wants them.
#[must_use]
pub fn style(destination: &Destination) -> Style {
    if !destination.is_terminal() {
        return Style { colour: false, unicode: true, width: PLAIN_WIDTH };
    }
    let width = terminal_size().map_or(PLAIN_WIDTH, |(Width(columns), _)| usize::from(columns));
    let colour = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
    Style { colour, unicode: speaks_utf8(), width: width.min(WIDEST) }
}

/// Whether something may move on standard error while the program works.
#[must_use]
pub fn shows_progress() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// By the locale on Unix; Windows terminals take Unicode through the console's own interface.
fn speaks_utf8() -> bool {
    if cfg!(windows) {
        return true;
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}
