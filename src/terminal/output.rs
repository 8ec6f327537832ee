//! Where documents and notes go: stdout carries the document alone, stderr everything else.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use terminal_size::{Width, terminal_size, terminal_size_of};

use crate::cli::error::CommandError;
use crate::cli::target::ProcessEnvironment;
use crate::credentials::replace::{ReadFiles, ReplaceError, Staged, replace};
use crate::report::Style;
use crate::terminal::sink::Filter;
use crate::types::ExitCode;
use crate::types::key_text::holds_key;
use crate::types::plain::is_plain;
use crate::types::shown::shown_path;

/// Says something to the person at the terminal. Values that somebody gave come shown by
/// [`crate::types::shown`]; should a key have found another way into a message, none of it is said.
pub fn note(text: &str) {
    let text = if holds_key(text) {
        "one of the values holds a key or a certificate; flags take the path of a file, and the \
         value is not shown here"
    } else {
        text
    };
    let text = Filter::new(&ProcessEnvironment, false).text(text);
    let _ = writeln!(anstream::stderr(), "netsuite-preflight: {text}");
}

/// Writes annotations for a CI system to standard error, which reads them there as well as on
/// standard output. They are the one thing that such a system is to obey: what stands in them is
/// escaped by whoever made them, and each is one line.
pub fn annotate(lines: &[String]) {
    let mut stderr = anstream::stderr().lock();
    for line in lines.iter().filter(|line| is_plain(line)) {
        let _ = writeln!(stderr, "{line}");
    }
}

/// Writes text in this program's colours to standard error, where a person reads it.
pub fn tell(text: &str) {
    let text = Filter::new(&ProcessEnvironment, true).text(text);
    let mut stderr = anstream::stderr().lock();
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}

/// Writes the one document of a command to standard output, and gives the command's exit code.
///
/// # Errors
/// When it cannot be written. A reader that went away is no error.
pub fn print(document: &str, code: ExitCode) -> Result<ExitCode, CommandError> {
    Destination::Stdout.write(document).map_err(CommandError::failed)?;
    Ok(code)
}

/// Where a document is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// Standard output.
    Stdout,
    /// A file, replaced as a whole.
    File {
        /// The option that named it.
        flag: &'static str,
        /// Where it is.
        path: PathBuf,
        /// What it must not replace.
        inputs: ReadFiles,
    },
}

/// A document could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// To a file.
    #[error("{} cannot be written: {source}; choose another place with {flag}", shown_path(path))]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: ReplaceError,
        /// The option that named it.
        flag: &'static str,
    },
    /// Two documents for one file.
    #[error(
        "{} cannot be written: another option of this run names the same file; choose another \
         place with {flag}",
        shown_path(path)
    )]
    Twice {
        /// Which.
        path: PathBuf,
        /// The option that named it.
        flag: &'static str,
    },
    /// To standard output.
    #[error(
        "standard output cannot be written: {0}; make room where it leads to, or send it elsewhere"
    )]
    Stdout(io::Error),
}

impl WriteError {
    /// What stands in the way of a file that `flag` named.
    #[must_use]
    pub fn new(path: &Path, source: impl Into<ReplaceError>, flag: &'static str) -> Self {
        Self::File { path: path.to_owned(), source: source.into(), flag }
    }
}

impl Destination {
    /// Standard output unless a file was named; `-` names it too. None of `inputs` is replaced.
    #[must_use]
    pub fn new(flag: &'static str, file: Option<&Path>, inputs: &ReadFiles) -> Self {
        match file {
            Some(path) if path != Path::new("-") => Self::file(flag, path, inputs),
            _ => Self::Stdout,
        }
    }

    /// A file that `flag` named. None of `inputs` is replaced.
    #[must_use]
    pub fn file(flag: &'static str, path: &Path, inputs: &ReadFiles) -> Self {
        Self::File { flag, path: path.to_owned(), inputs: inputs.clone() }
    }

    /// Whether the document is shown on a terminal.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        *self == Self::Stdout && io::stdout().is_terminal()
    }

    /// What may get into the document.
    #[must_use]
    pub fn filter(&self) -> Filter {
        Filter::new(&ProcessEnvironment, self.is_terminal())
    }

    /// Finds out before any work is done whether the document can be written at all, and that it
    /// replaces no input of the run and no private key.
    ///
    /// # Errors
    /// When the file must not be replaced, or its folder cannot take one.
    pub fn probe(&self) -> Result<(), WriteError> {
        self.stage().map(drop)
    }

    /// Begins the file; nothing for standard output.
    ///
    /// # Errors
    /// As [`Destination::probe`].
    pub fn stage(&self) -> Result<Option<Staged>, WriteError> {
        let Self::File { flag, path, inputs } = self else { return Ok(None) };
        let staged = Staged::new(path, inputs);
        staged.map(Some).map_err(|source| WriteError::new(path, source, flag))
    }

    /// Writes the whole document.
    ///
    /// # Errors
    /// When the file cannot be written. A reader of standard output that went away is no error.
    pub fn write(&self, document: &str) -> Result<(), WriteError> {
        self.offer(document).map(|_| ())
    }

    /// The same, and gives whether a reader was there.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn offer(&self, document: &str) -> Result<bool, WriteError> {
        let document = self.filter().document(document);
        match self {
            Self::Stdout => {
                let mut stdout = anstream::stdout().lock();
                let result = stdout.write_all(document.as_bytes()).and_then(|()| stdout.flush());
                match result {
                    Ok(()) => Ok(true),
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
                    Err(error) => Err(WriteError::Stdout(error)),
                }
            }
            Self::File { flag, path, inputs } => replace(path, inputs, document.as_bytes())
                .map(|()| true)
                .map_err(|source| WriteError::new(path, source, flag)),
        }
    }
}

/// Refuses two documents for one file.
///
/// # Errors
/// Names the file.
pub fn distinct<'a>(destinations: impl Iterator<Item = &'a Destination>) -> Result<(), WriteError> {
    let mut taken = Vec::new();
    for destination in destinations {
        let Destination::File { flag, path, .. } = destination else { continue };
        let place = place(path);
        if taken.contains(&place) {
            return Err(WriteError::Twice { path: path.clone(), flag });
        }
        taken.push(place);
    }
    Ok(())
}

/// Where a file lies or is going to lie, whatever way leads there.
fn place(path: &Path) -> PathBuf {
    if let Ok(place) = std::fs::canonicalize(path) {
        return place;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = std::fs::canonicalize(folder.unwrap_or(Path::new("."))).ok();
    match (folder, path.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// The width where none is known, and in files.
const PLAIN_WIDTH: usize = 80;
/// Wider lines are hard to read.
const WIDEST: usize = 120;

/// How text for people is to look at its destination. Colours only on a terminal that wants them.
#[must_use]
pub fn style(destination: &Destination) -> Style {
    let variable = |name: &str| std::env::var(name).ok();
    if !destination.is_terminal() {
        // PowerShell reads what comes through a pipe in the code page of the console.
        let decoded = cfg!(windows) && *destination == Destination::Stdout;
        let unicode = !decoded || locale_is_utf8(variable);
        return Style { unicode, width: PLAIN_WIDTH, ..Style::PLAIN };
    }
    let width = terminal_size().map_or(PLAIN_WIDTH, |(Width(columns), _)| usize::from(columns));
    let colour = anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
    let links = colour && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout);
    let unicode = shows_marks(cfg!(windows), variable);
    Style { colour, unicode, links, width: width.min(WIDEST) }
}

/// The columns in which something may move on standard error while the program works; none where
/// nothing may.
#[must_use]
pub fn progress_columns() -> Option<usize> {
    let moves =
        io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
    let width =
        || terminal_size_of(io::stderr()).map_or(PLAIN_WIDTH, |(Width(c), _)| usize::from(c));
    moves.then(|| width().min(WIDEST))
}

/// Whether a terminal has the marks that are no ASCII. A console of Windows takes any character and
/// has no such marks in its fonts, so there it has to be a terminal that has them: it names itself.
fn shows_marks(windows: bool, variable: impl Fn(&str) -> Option<String>) -> bool {
    let given = |name: &&str| variable(name).is_some_and(|value| !value.is_empty());
    windows && ["WT_SESSION", "TERM_PROGRAM"].iter().any(given) || locale_is_utf8(variable)
}

fn locale_is_utf8(variable: impl Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| variable(name).filter(|value| !value.is_empty()));
    locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(path: &Path, inputs: &[&Path]) -> Destination {
        Destination::new("--output", Some(path), &ReadFiles::new(inputs.iter().copied()))
    }

    #[test]
    fn a_place_that_takes_no_file_is_found_before_the_work() {
        let dir = tempfile::tempdir().unwrap();
        for path in [dir.path(), &dir.path().join("no/such/dir")] {
            let error = output(path, &[]).probe().unwrap_err().to_string();
            assert!(error.contains("choose another place with --output"), "{error}");
        }
    }

    #[test]
    fn an_input_survives() {
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("role.xml");
        std::fs::write(&input, "role").unwrap();
        let destination = output(&input, &[&input]);
        assert!(destination.probe().is_err());
        assert!(destination.write("new").is_err());
        assert_eq!(std::fs::read_to_string(&input).unwrap(), "role");
        output(&input, &[]).write("new").unwrap();
        assert_eq!(std::fs::read_to_string(&input).unwrap(), "new");
    }

    #[test]
    fn one_place_is_for_one_document() {
        let dir = tempfile::tempdir().unwrap();
        let [a, b] = ["a", "./a"].map(|name| output(&dir.path().join(name), &[]));
        assert!(matches!(distinct([&a, &b].into_iter()), Err(WriteError::Twice { .. })));
        assert_eq!(output(Path::new("-"), &[]), Destination::Stdout);
    }

    #[test]
    fn marks_are_shown_where_the_terminal_has_them() {
        for (windows, name, value, speaks) in [
            (false, "LANG", "de_DE.UTF-8", true),
            (false, "LC_ALL", "C", false),
            (false, "WT_SESSION", "1", false),
            (true, "", "", false),
            (true, "WT_SESSION", "1", true),
            (true, "TERM_PROGRAM", "vscode", true),
            (true, "LANG", "en_US.utf8", true),
        ] {
            let variable = |asked: &str| (asked == name).then(|| value.to_owned());
            assert_eq!(shows_marks(windows, variable), speaks, "{name}={value}");
        }
    }
}
