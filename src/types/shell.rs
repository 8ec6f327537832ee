//! Words of command lines that a person copies or a shell reads: all of them are written here.

use std::borrow::Cow;

/// The text as one word of a POSIX shell, quoted where it needs that. None where no shell can take
/// it: a NUL byte ends a word.
#[must_use]
pub fn word(text: &str) -> Option<Cow<'_, str>> {
    shlex::try_quote(text).ok()
}

/// A path as an argument: one that begins like an option would be taken for one.
#[must_use]
pub fn argument(path: &std::path::Path) -> String {
    let shown = path.display().to_string();
    if shown.starts_with('-') { format!("./{shown}") } else { shown }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_shell_reads_back_what_was_given() {
        for text in ["", "a", "a b", "o'neil", "$(id)`id`", "a\nid\n#", "!x", "~", "*", "\u{1b}[m"]
        {
            let line = format!("printf %s {}", word(text).unwrap());
            let output = Command::new("sh").args(["-c", &line]).output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), text, "{line}");
        }
    }

    #[test]
    fn what_no_shell_can_take_is_no_word() {
        assert_eq!(word("a\0b"), None);
        assert_eq!(argument("-k.pem".as_ref()), "./-k.pem");
    }
}
