//! Reading an answer from the terminal, line by line.

use std::io::{self, BufRead as _};
use std::path::PathBuf;
use std::time::Duration;

use crate::commands::setup::screen::Screen;
use crate::setup::{AnswerForm, Ask, Field, Response};
use crate::types::{Secret, SecretKind};

/// How long an interrupted question waits for the program to be ended before it is asked again.
const PATIENCE: Duration = Duration::from_secs(2);

/// The answer; none when there are no more.
pub(super) fn answer(screen: &Screen, ask: &Ask) -> io::Result<Option<Response>> {
    if ask.kind == AnswerForm::Secret {
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
    let file = matches!(ask.field, Field::PrivateKey | Field::Certificate);
    Ok(Some(Response::Answer(if file { at_home(line, std::env::home_dir()) } else { line })))
}

/// A path that begins with `~/`, as a shell would read it.
fn at_home(line: String, home: Option<PathBuf>) -> String {
    let rest = line.trim().strip_prefix("~/").map(str::to_owned);
    match rest.zip(home) {
        Some((rest, home)) => home.join(rest).display().to_string(),
        None => line,
    }
}

/// The words of the walk are no secrets.
fn secret(typed: &str) -> Response {
    match typed.trim() {
        "" => Response::Secret(None),
        word @ ("?" | "back") => Response::Answer(word.to_owned()),
        value => Response::Secret(Some(Secret::new(SecretKind::ClientSecret, value))),
    }
}

#[cfg(test)]
mod tests {
    use super::at_home;

    #[test]
    fn a_tilde_is_the_home_folder() {
        let home = Some("/home/ada".into());
        assert_eq!(at_home(" ~/keys/a.pem\n".to_owned(), home.clone()), "/home/ada/keys/a.pem");
        for other in ["keys/~/a.pem\n", "~\n", "~ada/a.pem\n"] {
            assert_eq!(at_home(other.to_owned(), home.clone()), other);
        }
        assert_eq!(at_home("~/a".to_owned(), None), "~/a");
    }
}
