//! The short answers that are no value: why, back, open, copy.

use crate::setup::SetupStep;

/// What a person wants instead of answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// Why is this asked?
    Why,
    /// The question before this one.
    Back,
    /// The page in the browser.
    Open,
    /// A value into the clipboard: the one of that number, or the next.
    Copy(Option<usize>),
    /// Another step, to change an answer of it.
    Step(SetupStep),
}

/// What a line means besides an answer.
pub(super) fn key(typed: &str) -> Option<Key> {
    let typed = typed.trim().to_lowercase();
    match typed.as_str() {
        "?" | "why" | "help" => Some(Key::Why),
        "b" | "back" => Some(Key::Back),
        "o" | "open" => Some(Key::Open),
        "c" | "copy" => Some(Key::Copy(None)),
        other if other.starts_with("step ") => {
            let step = other.strip_prefix("step ").and_then(SetupStep::called);
            step.filter(|step| *step < SetupStep::Check).map(Key::Step)
        }
        other => {
            let rest = other.strip_prefix("copy").or_else(|| other.strip_prefix('c'))?;
            let number: usize = rest.trim().parse().ok().filter(|_| rest.trim().len() < 3)?;
            Some(Key::Copy(Some(number)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_in_any_case_and_values_are_left_alone() {
        for (typed, meant) in [
            ("?", Key::Why),
            (" B\n", Key::Back),
            ("BACK", Key::Back),
            ("o", Key::Open),
            ("C", Key::Copy(None)),
            ("c 2", Key::Copy(Some(2))),
            ("copy 12", Key::Copy(Some(12))),
            ("step 3", Key::Step(SetupStep::Key)),
            ("Step mapping", Key::Step(SetupStep::Mapping)),
        ] {
            assert_eq!(key(typed), Some(meant), "{typed}");
        }
        for value in [
            "", "c1234567", "customer", "1234567", "c.pem", "??", "c -1", "contact", "step 8",
            "step",
        ] {
            assert_eq!(key(value), None, "{value}");
        }
    }
}
