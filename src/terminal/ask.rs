//! Asking a person, in a way that Ctrl-C can end.

use std::io::IsTerminal as _;

use tokio::sync::oneshot;

use crate::terminal::output::tell;

/// Whether there is somebody to ask.
pub fn is_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks, and waits for an answer on a thread of its own. Anything but yes is no, and so is nobody
/// to ask.
pub async fn ask(question: &str) -> bool {
    if !is_there() {
        return false;
    }
    tell(question);
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().read_line(&mut line).is_ok();
        // Nobody waits any more when Ctrl-C came first.
        let _ = sender.send(read && is_yes(&line));
    });
    receiver.await.unwrap_or(false)
}

fn is_yes(line: &str) -> bool {
    matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yes_is_yes() {
        assert!(is_yes("y\n") && is_yes(" YES\r\n"));
        for other in ["", "\n", "n", "yep", "yes please", "да"] {
            assert!(!is_yes(other), "{other:?}");
        }
    }
}
