//! Words of command lines that a person copies or a shell reads, and commands to a CI system that
//! stand in text from elsewhere.
//!
//! Runners read the output of a step and obey lines such as `::set-output name=…`. A server's words
//! must not get that far.

use std::borrow::Cow;

/// For whom a command is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// The shells of Linux and macOS.
    Posix,
    /// That of Windows.
    PowerShell,
}

impl Shell {
    /// The shell of the system that this program was built for.
    pub const HERE: Self = if cfg!(windows) { Self::PowerShell } else { Self::Posix };

    /// What stands before a command that is shown by itself.
    #[must_use]
    pub fn prompt(self) -> &'static str {
        match self {
            Self::Posix => "$",
            Self::PowerShell => ">",
        }
    }

    /// The text as one word of this shell, quoted where it needs that. None where no shell can take
    /// it: a NUL byte ends a word.
    #[must_use]
    pub fn word(self, text: &str) -> Option<Cow<'_, str>> {
        match self {
            Self::Posix => shlex::try_quote(text).ok(),
            Self::PowerShell => windows_word(text),
        }
    }

    /// A line that sets a variable for what the shell starts from then on.
    #[must_use]
    pub fn set_variable(self, name: &str, value: &str) -> Option<String> {
        let word = self.word(value)?;
        Some(match self {
            Self::Posix => format!("export {name}={word}"),
            // Behind an equals sign PowerShell wants an expression, which a bare word is none of.
            Self::PowerShell if word.starts_with(['"', '\'']) => format!("$env:{name} = {word}"),
            Self::PowerShell => format!("$env:{name} = '{word}'"),
        })
    }
}

/// The text as one word of this system's shell.
#[must_use]
pub fn word(text: &str) -> Option<Cow<'_, str>> {
    Shell::HERE.word(text)
}

/// The text as one word of PowerShell, in double quotes wherever these do, because the older
/// command prompt knows no others.
fn windows_word(text: &str) -> Option<Cow<'_, str>> {
    // What PowerShell reads as quotes: the curved ones as well.
    const SINGLE: [char; 5] = ['\'', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'];
    const FOR_DOUBLE: [char; 6] = ['"', '$', '`', '\u{201c}', '\u{201d}', '\u{201e}'];
    let harmless = |c: char| c.is_alphanumeric() || "-_./\\:=+".contains(c);
    // PowerShell breaks `-a.b` and `-a:b` in two.
    let broken = text.starts_with('-') && text.contains(['.', ':']);
    if text.contains('\0') {
        return None;
    }
    if !text.is_empty() && !broken && text.chars().all(harmless) {
        return Some(Cow::Borrowed(text));
    }
    if text.contains(FOR_DOUBLE) {
        let doubled = |c: char| if SINGLE.contains(&c) { vec![c, c] } else { vec![c] };
        let inside: String = text.chars().flat_map(doubled).collect();
        return Some(Cow::Owned(format!("'{inside}'")));
    }
    // A program takes a backslash before the last quote for the quote's own.
    let last = text.chars().rev().take_while(|c| *c == '\\').count();
    Some(Cow::Owned(format!("\"{text}{}\"", "\\".repeat(last))))
}

/// A path as an argument: one that begins like an option would be taken for one.
#[must_use]
pub fn argument(path: &std::path::Path) -> String {
    let shown = path.display().to_string();
    if shown.starts_with('-') { format!(".{}{shown}", std::path::MAIN_SEPARATOR) } else { shown }
}

/// Where the options of a command begin: each ` --` that stands inside no quotes.
pub fn options(command: &str) -> impl Iterator<Item = usize> + '_ {
    let mut open: Option<char> = None;
    let mut taken = false;
    command.char_indices().filter_map(move |(at, c)| {
        let escaped = std::mem::take(&mut taken);
        match (open, c) {
            _ if escaped => {}
            // Between single quotes a backslash is one, and on Windows everywhere.
            (None | Some('"'), '\\') => taken = cfg!(not(windows)),
            (None, '\'' | '"') => open = Some(c),
            (Some(quote), _) if quote == c => open = None,
            (None, ' ') => {
                return command.get(at..).filter(|rest| rest.starts_with(" --")).map(|_| at);
            }
            _ => {}
        }
        None
    })
}

/// Obeyed wherever they stand in a line: GitHub's older form, Azure Pipelines, TeamCity, and the
/// JUnit attachments of Jenkins. Each with the place at which a blank breaks it up.
const ANYWHERE: &[(&str, usize)] =
    &[("##[", 1), ("##vso[", 1), ("##teamcity[", 1), ("[[attachment|", 1)];

/// Obeyed at the beginning of a line, blanks before it or not.
const AT_START: &str = "::";

/// One line of text without a command to a runner: a blank stands inside what was one.
#[must_use]
pub fn broken_up(line: &str) -> Cow<'_, str> {
    let mut line = Cow::Borrowed(line);
    let blanks = line.chars().take_while(|c| !c.is_alphanumeric() && *c != ':');
    let before: usize = blanks.map(char::len_utf8).sum();
    if line.get(before..).is_some_and(|rest| rest.starts_with(AT_START)) {
        line.to_mut().insert(before + 1, ' ');
    }
    // Attributes of HTML and words in other cases are as good.
    let lower = line.to_ascii_lowercase();
    let mut places: Vec<usize> = ANYWHERE
        .iter()
        .flat_map(|(command, within)| lower.match_indices(command).map(move |(at, _)| at + within))
        .collect();
    places.sort_unstable();
    for at in places.into_iter().rev() {
        line.to_mut().insert(at, ' ');
    }
    line
}

/// The same for JSON, whose content must stay what it is: a character is written as an escape.
#[must_use]
pub fn escaped_in_json(text: &str) -> Cow<'_, str> {
    const ATTACHMENT: &str = "[[attachment|";
    let attachment = text.to_ascii_lowercase().contains(ATTACHMENT);
    if !attachment && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    // Outside strings neither can stand: brackets of the document are not followed by this word.
    let text = text.replace("##", "#\\u0023");
    Cow::Owned(replace_any_case(&text, ATTACHMENT, "[\\u005b"))
}

/// Writes `escape` for the first two characters of each place that holds `command`.
fn replace_any_case(text: &str, command: &str, escape: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (at, _) in lower.match_indices(command) {
        out.push_str(text.get(done..at).unwrap_or_default());
        out.push_str(escape);
        done = at + 2;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_shell_reads_back_what_was_given() {
        for text in ["", "a", "a b", "o'neil", "$(id)`id`", "a\nid\n#", "!x", "~", "*", "\u{1b}[m"]
        {
            let line = format!("printf %s {}", word(text).unwrap());
            let output = std::process::Command::new("sh").args(["-c", &line]).output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), text, "{line}");
        }
    }

    #[test]
    fn what_no_shell_can_take_is_no_word() {
        assert_eq!(word("a\0b"), None);
        assert_eq!(windows_word("a\0b"), None);
        let path = argument("-k.pem".as_ref());
        assert_eq!(path, format!(".{}-k.pem", std::path::MAIN_SEPARATOR));
    }

    #[test]
    fn powershell_and_the_command_prompt_read_the_same_word_where_they_can() {
        for (text, shown) in [
            (r"C:\keys\a.pem", r"C:\keys\a.pem"),
            (r"C:\My Keys\a.pem", r#""C:\My Keys\a.pem""#),
            (r"C:\My Keys\", r#""C:\My Keys\\""#),
            ("C:\\Users\\Jörg\\a.pem", "C:\\Users\\Jörg\\a.pem"),
            ("o'neil.pem", "\"o'neil.pem\""),
            ("-abc", "-abc"),
            ("-a.b", "\"-a.b\""),
            ("a,b", "\"a,b\""),
            ("@a", "\"@a\""),
            ("~", "\"~\""),
            ("(1) & 50%", "\"(1) & 50%\""),
            ("", "\"\""),
            ("$x", "'$x'"),
            ("`$(id)'s", "'`$(id)''s'"),
            ("say \u{201c}a\u{2019}", "'say \u{201c}a\u{2019}\u{2019}'"),
        ] {
            assert_eq!(windows_word(text).as_deref(), Some(shown), "{text}");
        }
    }

    #[test]
    fn options_begin_outside_of_quotes() {
        let parts = |command: &str| options(command).count();
        assert_eq!(parts("a --b 'c --d' --e"), 2);
        assert_eq!(parts("a --b \"o'neil --d\" --e"), 2);
        assert_eq!(parts("a --b \"it's\" --c \"my key\" --d"), 3);
        assert_eq!(parts("a b - -c"), 0);
    }

    #[test]
    fn a_variable_is_set_in_the_words_of_the_shell() {
        for (shell, value, set) in [
            (Shell::Posix, "my key", "export A='my key'"),
            (Shell::PowerShell, "my key", "$env:A = \"my key\""),
            (Shell::PowerShell, "key", "$env:A = 'key'"),
        ] {
            assert_eq!(shell.set_variable("A", value).as_deref(), Some(set));
        }
    }

    const COMMANDS: &[&str] = &[
        "::set-output name=x::y",
        "  ::add-mask::a",
        "\t::error::b",
        "> ::error::b",
        "##[error]c",
        "said ##[group]c",
        "##vso[task.setvariable variable=x]y",
        "a ##VSO[task.complete]",
        "##teamcity[buildStatus text='x']",
        "see [[ATTACHMENT|/etc/passwd]]",
        "##[a]##[b]::c",
    ];

    #[test]
    fn commands_are_broken_up_and_still_read() {
        for command in COMMANDS {
            let broken = broken_up(command);
            for whole in ["##[", "##vso[", "##VSO[", "##teamcity[", "[[ATTACHMENT|"] {
                assert!(!broken.contains(whole), "{broken}");
            }
            assert!(!broken.trim_start_matches([' ', '\t', '>']).starts_with("::"), "{broken}");
            assert_eq!(broken.replace(' ', ""), command.replace(' ', ""));
        }
    }

    #[test]
    fn other_text_is_left_alone() {
        for text in ["", "a::b", "std::io", "## Heading", "# Records", "[[a]]", "18:06:07", "x [1]"]
        {
            assert_eq!(broken_up(text), text);
        }
    }

    #[test]
    fn json_keeps_its_content() {
        for command in COMMANDS {
            let json = serde_json::to_string(&[[command]]).unwrap();
            let safe = escaped_in_json(&json);
            assert!(!safe.contains("##") && !safe.contains("[[ATT"), "{safe}");
            let value: Vec<Vec<String>> = serde_json::from_str(&safe).unwrap();
            assert_eq!(value, [[*command]]);
        }
    }
}
