//! One question on the screen, until it is answered.

use std::io;
use std::time::Duration;

use super::keys::{Key, key};
use super::screen::{Screen, View};
use crate::setup::{AnswerForm, Ask, Copyable, Remark, Response};
use crate::terminal::line::{Line, LineReader};
use crate::terminal::{browser, clipboard};
use crate::types::{Secret, SecretKind};

/// How long an interrupted question waits for the program to be ended before it is asked again.
const PATIENCE: Duration = Duration::from_secs(2);

/// What came of a question.
pub(super) enum Answered {
    /// This, for the walk.
    With(Response),
    /// Ctrl-C.
    Interrupted,
    /// There are no more answers.
    Ended,
}

/// Asks, and serves the person until there is an answer.
pub(super) fn answer(screen: &Screen, lines: &mut LineReader, ask: &Ask) -> io::Result<Answered> {
    let mut at = Position::default();
    screen.show(ask, View::Step(at.page));
    loop {
        let typed = match read(screen, lines, ask, at.page)? {
            Read::Text(typed) => typed,
            Read::Secret(secret) => return Ok(Answered::With(Response::Secret(Some(secret)))),
            Read::Interrupted => return Ok(Answered::Interrupted),
            Read::Ended => return Ok(Answered::Ended),
        };
        match key(&typed) {
            Some(Key::Why) if at.reasons => {
                at.reasons = false;
                screen.show(ask, View::Step(at.page));
            }
            Some(Key::Why) => {
                at.reasons = true;
                screen.show(ask, View::Why);
            }
            Some(Key::Back) if at.page > 0 => {
                at.page -= 1;
                at.reasons = false;
                screen.show(ask, View::Step(at.page));
            }
            Some(Key::Back) if ask.may_go_back => return Ok(Answered::With(Response::Back)),
            Some(Key::Back) => screen.say("This is the first question."),
            Some(Key::Open) => screen.say(&opened(ask)),
            Some(Key::Step(step)) => return Ok(Answered::With(Response::Visit(step))),
            Some(Key::Copy(which)) => screen.say(&at.copied(ask, which)?),
            None if typed.trim().is_empty() && at.page + 1 < screen.pages(ask) => {
                at.page += 1;
                at.reasons = false;
                screen.show(ask, View::Step(at.page));
            }
            None if typed.trim().is_empty() && ask.kind == AnswerForm::Secret => {
                return Ok(Answered::With(Response::Secret(None)));
            }
            None => return Ok(Answered::With(Response::Answer(typed))),
        }
    }
}

enum Read {
    Text(String),
    Secret(Secret),
    Interrupted,
    Ended,
}

fn read(screen: &Screen, lines: &mut LineReader, ask: &Ask, page: usize) -> io::Result<Read> {
    let (plain, styled) = screen.question(ask, page);
    if ask.kind != AnswerForm::Secret {
        let files = ask.kind == AnswerForm::File;
        return Ok(match lines.line(&plain, &styled, files)? {
            Line::Text(text) => Read::Text(text),
            Line::Interrupted => Read::Interrupted,
            Line::Ended => Read::Ended,
        });
    }
    loop {
        match rpassword::prompt_password(&styled) {
            Ok(typed) => return Ok(secret(&typed)),
            Err(error) => match error.kind() {
                io::ErrorKind::UnexpectedEof => return Ok(Read::Ended),
                // Ctrl-C, most likely: the thread that answers it ends the program.
                io::ErrorKind::Interrupted => std::thread::park_timeout(PATIENCE),
                _ => return Err(error),
            },
        }
    }
}

/// The keys, and nothing, are no secrets.
fn secret(typed: &str) -> Read {
    match typed.trim() {
        "" => Read::Text(String::new()),
        word if key(word).is_some() || word.eq_ignore_ascii_case("skip") => {
            Read::Text(word.to_owned())
        }
        value => Read::Secret(Secret::new(SecretKind::ClientSecret, value)),
    }
}

fn opened(ask: &Ask) -> String {
    let Some(url) = ask.page.steps.iter().find_map(|step| step.url.as_ref()) else {
        return "This step has no page whose address is known.".to_owned();
    };
    match browser::open(url) {
        Ok(()) => format!("Opened {url}"),
        Err(why) => format!("Open it yourself ({why}): {url}"),
    }
}

/// Where the person is in one question.
#[derive(Default)]
struct Position {
    page: usize,
    /// Why it is asked is on the screen.
    reasons: bool,
    copied: usize,
}

impl Position {
    /// Copies a value, and gives what is said about it.
    fn copied(&mut self, ask: &Ask, which: Option<usize>) -> io::Result<String> {
        let count = ask.copies.len();
        let at = match which {
            Some(number) => number.wrapping_sub(1),
            None => self.copied % count.max(1),
        };
        let Some(Copyable { name, value }) = ask.copies.get(at) else {
            return Ok(match count {
                0 => "There is nothing to copy here.".to_owned(),
                _ => format!("There are {count} values to copy: c 1 to c {count}."),
            });
        };
        self.copied = at + 1;
        if !clipboard::copy(value)? {
            return Ok(format!("This terminal takes no copies; {name} is: {value}"));
        }
        let next = ask.copies.get(self.copied).filter(|_| count > 1);
        let next = next.map(|next| format!(" c copies {} next.", next.name)).unwrap_or_default();
        let what = if name == value { String::new() } else { format!("{name}, ") };
        Ok(format!("Sent to the clipboard: {what}{value}.{next}"))
    }
}

/// Whether something was refused.
pub(super) fn mistaken(remarks: &[Remark]) -> bool {
    use crate::report::v1::Status;
    remarks.iter().any(|remark| matches!(remark.status, Status::Fail | Status::Inconclusive))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_no_secrets() {
        for word in ["", "?", "b", "SKIP"] {
            assert!(matches!(secret(word), Read::Text(_)), "{word}");
        }
        assert!(matches!(secret("0badc0de"), Read::Secret(_)));
    }
}
