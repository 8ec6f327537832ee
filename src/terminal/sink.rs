//! The one filter before everything that the program prints or writes as a document.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::cli::target::Environment;
use crate::types::plain::{neutral, obeyed};
use crate::types::shell::{broken_up, escaped_in_json};

/// What may reach the place of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// A CI system reads along, and must not find commands in the words of others.
    pub ci: bool,
    /// The place is a terminal that shows this program's colours and links.
    pub styled: bool,
}

impl Filter {
    /// The filter for this environment.
    #[must_use]
    pub fn new(environment: &dyn Environment, styled: bool) -> Self {
        Self { ci: is_ci(environment), styled }
    }

    /// A text of one or several lines.
    #[must_use]
    pub fn text(self, text: &str) -> String {
        let lines = text.split('\n').map(|line| self.line(line));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// A whole document: JSON keeps its content, anything else is text.
    #[must_use]
    pub fn document(self, document: &str) -> String {
        if is_json(document.as_bytes().first()) { self.json(document) } else { self.text(document) }
    }

    fn line(self, line: &str) -> String {
        // Windows' line ends, where a script has them.
        let (line, end) = line.strip_suffix('\r').map_or((line, ""), |line| (line, "\r"));
        let line = line.split('\t').map(|part| self.part(part)).collect::<Vec<_>>().join("\t");
        let line = if self.ci { broken_up(&line) } else { Cow::Borrowed(line.as_str()) };
        format!("{line}{end}")
    }

    /// Leaves colours and links where they can be shown; all else that a terminal obeys goes.
    fn part(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('\u{1b}').filter(|_| self.styled) {
            let (before, after) = rest.split_at(at);
            out.push_str(&neutral(before));
            let length = sequence(after).unwrap_or(0);
            let (own, after) = after.split_at(length);
            out.push_str(own);
            if length == 0 {
                out.push_str(&neutral("\u{1b}"));
            }
            rest = if length == 0 { after.get(1..).unwrap_or_default() } else { after };
        }
        out.push_str(&neutral(rest));
        out
    }

    fn json(self, text: &str) -> String {
        let text = if self.ci { escaped_in_json(text) } else { Cow::Borrowed(text) };
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            // What is left of these stands in strings: the serialiser escapes the rest.
            if obeyed(c) && !matches!(c, '\n' | '\r' | '\t') {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            } else {
                out.push(c);
            }
        }
        out
    }
}

/// How long a sequence of colours or a link is at the beginning of a text.
fn sequence(text: &str) -> Option<usize> {
    if let Some(rest) = text.strip_prefix("\u{1b}[") {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';')?;
        return rest.get(end..)?.starts_with('m').then_some(end + 3);
    }
    let rest = text.strip_prefix("\u{1b}]8;;")?;
    let end = rest.find(|c: char| !c.is_ascii_graphic())?;
    let closed = rest.get(end..)?;
    let address = rest.get(..end)?;
    let own = address.is_empty() || address.starts_with("https://");
    let closing = ["\u{1b}\\", "\u{7}"].into_iter().find(|closing| closed.starts_with(closing));
    closing.filter(|_| own).map(|closing| 5 + end + closing.len())
}

/// No other document of this program begins with a bracket.
fn is_json(first: Option<&u8>) -> bool {
    matches!(first, Some(b'{' | b'['))
}

/// Filters a document that is written piece by piece.
#[derive(Debug)]
pub struct Sink<W: Write> {
    to: W,
    filter: Filter,
    json: Option<bool>,
    line: Vec<u8>,
}

impl<W: Write> Sink<W> {
    /// A sink before `to`.
    pub fn new(to: W, filter: Filter) -> Self {
        Self { to, filter, json: None, line: Vec::new() }
    }

    /// Writes what is left; a last line need not have an end.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.pass()?;
        self.to.flush()
    }

    fn pass(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&line);
        let clean =
            if self.json == Some(true) { self.filter.json(&text) } else { self.filter.text(&text) };
        self.to.write_all(clean.as_bytes())
    }
}

impl<W: Write> Write for Sink<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.json.is_none() && !bytes.is_empty() {
            self.json = Some(is_json(bytes.first()));
        }
        // What came before has no end of a line: a long one must not be searched again and again.
        let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let (lines, rest) = bytes.split_at(end);
        if !lines.is_empty() {
            self.line.extend_from_slice(lines);
            self.pass()?;
        }
        self.line.extend_from_slice(rest);
        Ok(bytes.len())
    }

    /// Nothing that is not a whole line: a half could hide what the whole shows.
    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Variables that CI systems set, each the sign of one or several of them.
const VARIABLES: &[&str] = &[
    "CI",
    "CONTINUOUS_INTEGRATION",
    "BUILD_NUMBER",
    "GITHUB_ACTIONS",
    "GITEA_ACTIONS",
    "FORGEJO_ACTIONS",
    "TF_BUILD",
    "GITLAB_CI",
    "TEAMCITY_VERSION",
    "JENKINS_URL",
    "JENKINS_HOME",
    "HUDSON_URL",
    "BUILDKITE",
    "CIRCLECI",
    "TRAVIS",
    "APPVEYOR",
    "DRONE",
    "BITBUCKET_BUILD_NUMBER",
    "CODEBUILD_BUILD_ID",
    "bamboo_buildKey",
    "GO_PIPELINE_NAME",
];

/// Whether one of the variables is set, to anything but a no.
#[must_use]
pub fn is_ci(environment: &dyn Environment) -> bool {
    let yes = |value: Vec<u8>| {
        let value = value.to_ascii_lowercase();
        !matches!(value.as_slice(), b"false" | b"0" | b"no" | b"off")
    };
    VARIABLES.iter().filter_map(|name| environment.get(name)).any(yes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\u{1b}[2Jb\u{9b}2Jc\u{202e}d\u{200b}e\u{2028}\rf\u{7f}\u{1b}]0;t\u{7}";

    #[test]
    fn nothing_that_is_obeyed_reaches_the_place() {
        for styled in [true, false] {
            let text = Filter { ci: false, styled }.text(HOSTILE);
            assert!(!text.chars().any(obeyed), "{text:?}");
            assert!(text.contains("[2Jb"), "{text:?}");
        }
    }

    #[test]
    fn colours_and_links_stay_on_a_terminal_alone() {
        let own =
            "\u{1b}[1;31mred\u{1b}[0m \u{1b}]8;;https://a.example/b\u{1b}\\here\u{1b}]8;;\u{1b}\\";
        assert_eq!(Filter { ci: false, styled: true }.text(own), own);
        assert!(!Filter::default().text(own).contains('\u{1b}'));
        for other in
            ["\u{1b}]8;;file:///etc\u{1b}\\x", "\u{1b}[2J", "\u{1b}[", "\u{1b}", "\u{1b}]8;;"]
        {
            let text = Filter { ci: false, styled: true }.text(other);
            assert!(!text.contains('\u{1b}'), "{text:?}");
        }
    }

    #[test]
    fn json_keeps_its_content() {
        let hostile = format!("{HOSTILE}\u{e0041}##[x][[ATTACHMENT|y");
        let json = serde_json::to_string_pretty(&[&hostile]).unwrap();
        let safe = Filter { ci: true, styled: true }.document(&json);
        assert!(!safe.replace('\n', "").chars().any(obeyed), "{safe:?}");
        assert!(!safe.contains("##[") && !safe.contains("[[ATT"));
        assert_eq!(serde_json::from_str::<Vec<String>>(&safe).unwrap(), [hostile]);
    }

    #[test]
    fn commands_to_runners_are_broken_up_in_ci_alone() {
        let text = "one\n  ::error::x\n##vso[y]\n";
        assert_eq!(Filter::default().text(text), text);
        let broken = Filter { ci: true, styled: false }.text(text);
        assert_eq!(broken, "one\n  : :error::x\n# #vso[y]\n");
    }

    #[test]
    fn pieces_are_filtered_as_the_whole_is() {
        let filter = Filter { ci: true, styled: false };
        for whole in ["a\n::b\u{1b}[2J\nä ##[c", "{\"a\": \"##[\u{9b}\"}\n"] {
            let mut out = Vec::new();
            let mut sink = Sink::new(&mut out, filter);
            for byte in whole.as_bytes() {
                sink.write_all(&[*byte]).unwrap();
            }
            sink.finish().unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), filter.document(whole));
        }
    }

    struct Set(&'static str, &'static str);

    impl Environment for Set {
        fn get(&self, name: &str) -> Option<Vec<u8>> {
            (name == self.0).then(|| self.1.into())
        }
    }

    #[test]
    fn each_system_is_known_by_its_variable() {
        for name in VARIABLES {
            assert!(is_ci(&Set(name, "1")), "{name}");
        }
        assert!(is_ci(&Set("TF_BUILD", "True")));
        assert!(!is_ci(&Set("CI", "false")));
        assert!(!is_ci(&Set("HOME", "/home/anna")));
    }
}
