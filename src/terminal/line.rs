//! Lines that a person types at a prompt: edited with the arrow keys, pasted as a whole, file names
//! completed with Tab. On a terminal that can do none of it (`TERM=dumb`) a line is a line.

use std::io;

use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::Validator;
use rustyline::{
    Cmd, ConditionalEventHandler, Config, Context, Editor, Event, EventContext, EventHandler,
    Helper, KeyCode, KeyEvent, RepeatCount,
};

/// What came of waiting for a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A line, or all lines of a pasted key or certificate.
    Text(String),
    /// Ctrl-C.
    Interrupted,
    /// Ctrl-D, or nobody is there any more.
    Ended,
}

/// A prompt with what it takes to answer it.
pub struct LineReader(Editor<Files, DefaultHistory>);

/// A line that grows by single keys beyond this is none that a person types; every key would draw
/// all of it again.
const LONGEST: usize = 4_000;

impl LineReader {
    /// A reader of the terminal.
    ///
    /// # Errors
    /// When the terminal cannot be used.
    pub fn new() -> io::Result<Self> {
        // What was typed is kept nowhere.
        let config = Config::builder().auto_add_history(false).bracketed_paste(true);
        let mut editor = Editor::with_config(config.build()).map_err(as_io)?;
        editor.set_helper(Some(Files { completer: FilenameCompleter::new(), on: false }));
        editor.bind_sequence(Event::Any, EventHandler::Conditional(Box::new(Bounded)));
        Ok(Self(editor))
    }

    /// The line that is typed behind the prompt, which may have colours in `styled`.
    ///
    /// # Errors
    /// When the terminal cannot be used.
    pub fn line(&mut self, plain: &str, styled: &str, files: bool) -> io::Result<Line> {
        if let Some(helper) = self.0.helper_mut() {
            helper.on = files;
        }
        let mut text = match self.read(plain, styled)? {
            Line::Text(text) => text,
            other => return Ok(other),
        };
        // A pasted key or certificate has many lines, and none of them answers a question.
        while text.contains("-----BEGIN") && !text.contains("-----END") {
            let Line::Text(more) = self.read("", "")? else { break };
            text.push('\n');
            text.push_str(&more);
        }
        Ok(Line::Text(text))
    }

    fn read(&mut self, plain: &str, styled: &str) -> io::Result<Line> {
        match self.0.readline(&(plain, styled)) {
            Ok(text) => Ok(Line::Text(text)),
            Err(ReadlineError::Interrupted) => Ok(Line::Interrupted),
            Err(ReadlineError::Eof) => Ok(Line::Ended),
            Err(error) => Err(as_io(error)),
        }
    }
}

fn as_io(error: ReadlineError) -> io::Error {
    match error {
        ReadlineError::Io(error) => error,
        other => io::Error::other(other),
    }
}

/// Keys beyond the longest line are not taken.
struct Bounded;

impl ConditionalEventHandler for Bounded {
    fn handle(&self, event: &Event, _: RepeatCount, _: bool, line: &EventContext) -> Option<Cmd> {
        let typed = matches!(event.get(0), Some(KeyEvent(KeyCode::Char(_), _)));
        (typed && line.line().len() >= LONGEST && !is_control(event)).then_some(Cmd::Noop)
    }
}

/// Ctrl-C, Ctrl-U and the like work at any length.
fn is_control(event: &Event) -> bool {
    event.get(0).is_some_and(|key| !key.1.is_empty())
}

/// Completes the names of files where one is asked for.
struct Files {
    completer: FilenameCompleter,
    on: bool,
}

impl Completer for Files {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        at: usize,
        context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        if self.on { self.completer.complete(line, at, context) } else { Ok((0, Vec::new())) }
    }
}

impl Hinter for Files {
    type Hint = String;
}

impl Highlighter for Files {}

impl Validator for Files {}

impl Helper for Files {}
