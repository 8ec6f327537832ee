//! Reading an answer from the terminal, line by line.

use std::io::{self, BufRead as _};
use std::time::Duration;

use super::screen::Screen;
use crate::setup::{Ask, Event, Kind};
use crate::types::{Secret, SecretKind};

/// How long an interrupted question waits for the program to be ended before it is asked again.
const PATIENCE: Duration = Duration::from_secs(2);

/// The answer; none when there are no more.
pub(super) fn answer(screen: &Screen, ask: &Ask) -> io::Result<Option<Event>> {
    if ask.kind == Kind::Secret {
        loop {
            match rpassword::prompt_password(screen.question(ask)) {
                Ok(typed) => return Ok(Some(secret(&typed))),
                Err(error) => match error.kind() {
                    io::ErrorKind::UnexpectedEof => return Ok(None),
                    // Ctrl-C, most likely: the thread that answers it ends the program.
                    io::ErrorKind::Interrupted => std::thread::park_timeout(PATIENCE),
                    _ => return Err(error),
                },
            }
        }
    }
    screen.write(&screen.question(ask));
    let mut line = String::new();
    let mut input = io::stdin().lock();
    if input.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    // A pasted key or certificate has many lines, and none of them answers a question.
    while line.contains("-----BEGIN") && !line.contains("-----END") {
        if input.read_line(&mut line)? == 0 {
            break;
        }
    }
    Ok(Some(Event::Answer(line)))
}

/// The words of the walk are no secrets.
fn secret(typed: &str) -> Event {
    match typed.trim() {
        "" => Event::Secret(None),
        word @ ("?" | "back") => Event::Answer(word.to_owned()),
        value => Event::Secret(Some(Secret::new(SecretKind::ClientSecret, value))),
    }
}
