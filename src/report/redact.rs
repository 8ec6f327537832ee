//! The way of every free text into the report.

use std::cell::Cell;

use super::secrets::places;
use super::text::{LONGEST, LONGEST_VALUE, bounded, neutral};
use crate::types::Scrubber;
use crate::types::scrub::replaced;

/// The rule by which reports are built, in words.
pub const POLICY: &str = "Built from an allowlist: no arguments, environment variables, headers or bodies. Known secrets of the run are replaced in every free text; Client IDs are shortened.";

/// Takes known secrets out of free text and counts them. Fixed words, ids and the text of the
/// cards do not pass it: a passphrase that happens to be one of these words must not wreck the
/// document, nor be told by the gaps.
#[derive(Debug)]
pub struct Redactor<'a> {
    scrubber: &'a Scrubber,
    scrubbed: Cell<u64>,
}

impl<'a> Redactor<'a> {
    /// A redactor that has not seen anything yet.
    #[must_use]
    pub fn new(scrubber: &'a Scrubber) -> Self {
        Self { scrubber, scrubbed: Cell::new(0) }
    }

    /// The text without secrets, without anything that a terminal would obey, and not overlong.
    pub fn text(&self, text: &str) -> String {
        bounded(&self.clean(text), LONGEST).into_owned()
    }

    /// The same for a value that is filled into the guidance and may be longer.
    pub fn value(&self, value: &str) -> String {
        bounded(&self.clean(value), LONGEST_VALUE).into_owned()
    }

    fn clean(&self, text: &str) -> String {
        // Secrets first: a cut or replaced character could hide the rest of one.
        let (clean, count) = self.scrubber.scrub(text);
        let seen = neutral(&clean);
        // What was hidden between control characters shows only now.
        let (clean, more) = self.scrubber.scrub(&seen);
        // A token or a key that is none of this run's, such as one that a server sends on.
        let others = places(&clean);
        let clean = if others.is_empty() { clean } else { replaced(&clean, &others).into() };
        let total = count.saturating_add(more).saturating_add(others.len());
        let total = u64::try_from(total).unwrap_or(u64::MAX);
        self.scrubbed.set(self.scrubbed.get().saturating_add(total));
        clean.into_owned()
    }

    /// The same for a text that may be absent.
    pub fn optional(&self, text: Option<&str>) -> Option<String> {
        text.map(|text| self.text(text))
    }

    /// How many secrets were taken out so far.
    #[must_use]
    pub fn scrubbed(&self) -> u64 {
        self.scrubbed.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::scrub::MARK;
    use crate::types::{Secret, SecretKind};

    #[test]
    fn secrets_are_counted_and_cut_off_ends_do_not_leak() {
        let scrubber = Scrubber::default();
        scrubber.learn(&Secret::new(SecretKind::ClientSecret, "s3cret-v4lue"));
        let redactor = Redactor::new(&scrubber);
        let long = format!("{}s3cret-v4lue", "x".repeat(LONGEST - 4));
        assert!(!redactor.text(&long).contains("s3cr"));
        assert_eq!(redactor.text("a s3cret-v4lue b"), format!("a {MARK} b"));
        assert_eq!(redactor.scrubbed(), 2);
    }

    #[test]
    fn tokens_and_keys_of_others_do_not_pass_either() {
        let scrubber = Scrubber::default();
        let redactor = Redactor::new(&scrubber);
        let token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxOzIifQ.c2lnbmF0dXJl";
        let key = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg";
        for (text, shown) in [
            (format!("No {token}."), format!("No {MARK}")),
            (format!("x={token}, {token}\u{e9}!"), format!("x={MARK}, {MARK}\u{e9}!")),
            ("Bearer 0123456789abcdef0 is".to_owned(), format!("Bearer {MARK} is")),
            (format!("{{{key}}}"), format!("{{{MARK}}}")),
            (
                "The bearer certificate-id-matches".to_owned(),
                "The bearer certificate-id-matches".to_owned(),
            ),
        ] {
            assert_eq!(redactor.text(&text), shown);
        }
    }

    #[test]
    fn a_secret_with_line_breaks_is_found() {
        let scrubber = Scrubber::default();
        scrubber.learn(&Secret::new(SecretKind::Passphrase, "two words\nand more"));
        let redactor = Redactor::new(&scrubber);
        assert!(!redactor.text("seen: two words\nand more").contains("words"));
    }
}
