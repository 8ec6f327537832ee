//! Copying a value into the clipboard of the person's own machine, over SSH as well.

use std::io::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::terminal::output;

/// Asks the terminal to put the text into its clipboard (OSC 52). Whether it does, it does not say.
/// Gives false where the terminal understands no such thing.
///
/// # Errors
/// When the terminal cannot be written to.
pub fn copy(text: &str) -> io::Result<bool> {
    if !output::progress_columns().is_some() {
        return Ok(false);
    }
    let mut terminal = io::stderr().lock();
    terminal.write_all(sequence(text).as_bytes())?;
    terminal.flush()?;
    Ok(true)
}

fn sequence(text: &str) -> String {
    format!("\u{1b}]52;c;{}\u{7}", STANDARD.encode(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_value_can_end_the_sequence() {
        let hostile = sequence("a\u{7}\u{1b}\\b");
        let inside = hostile.strip_prefix("\u{1b}]52;c;").unwrap().strip_suffix('\u{7}').unwrap();
        assert!(inside.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b)));
        assert_eq!(STANDARD.decode(inside).unwrap(), b"a\x07\x1b\\b");
    }
}
