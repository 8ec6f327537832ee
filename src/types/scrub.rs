//! The one scrubber that every sink passes: it knows the run's live secrets in all the forms in
//! which they could leak.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::{Zeroize, Zeroizing};

use super::secret::{Secret, SecretKind};

/// What stands where a secret stood.
pub const MARK: &str = "[redacted]";

/// Shorter secrets are left to the allowlist: replacing every `a` would destroy the report and
/// tell the secret by its gaps.
const SHORTEST: usize = 6;

/// Bytes by which the first look goes; fewer than [`SHORTEST`].
const BEGINNING: usize = 4;

/// Knows secrets and removes them from text. Clones share what they know.
#[derive(Clone, Default)]
pub struct Scrubber(Arc<Mutex<Needles>>);

#[derive(Default)]
struct Needles {
    /// Longest first, so that a secret containing another is removed whole.
    forms: Vec<Zeroizing<String>>,
    /// How the forms begin. A text without any of these needs no closer look, and that is nearly
    /// every text: a key alone brings hundreds of forms.
    beginnings: HashSet<[u8; BEGINNING]>,
}

impl Needles {
    fn add(&mut self, form: String) {
        let form = Zeroizing::new(form);
        let beginning = form.as_bytes().first_chunk::<BEGINNING>();
        if let Some(beginning) = beginning.filter(|_| form.len() >= SHORTEST) {
            self.beginnings.insert(*beginning);
            self.forms.push(form);
        }
    }

    fn settle(&mut self) {
        self.forms.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        self.forms.dedup();
    }

    fn may_be_in(&self, text: &str) -> bool {
        text.as_bytes()
            .windows(BEGINNING)
            .any(|window| window.first_chunk().is_some_and(|w| self.beginnings.contains(w)))
    }
}

impl Scrubber {
    /// Learns a secret, in every form in which it could appear.
    pub fn learn(&self, secret: &Secret) {
        let mut found = forms(secret.expose());
        // A file's last line break belongs to the file; the secret in use has none.
        let trimmed = secret.expose().trim_ascii();
        if trimmed.len() < secret.len() {
            found.extend(forms(trimmed));
        }
        if secret.kind() == SecretKind::PrivateKey {
            for line in secret.expose().split(|b| matches!(b, b'\n' | b'\r' | b' ')) {
                // The armour lines are no secret, and replacing them would hide what was given.
                if line.len() >= 24 && !line.starts_with(b"-----") {
                    found.extend(forms(line));
                }
            }
        }
        let mut needles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for form in found {
            needles.add(form);
        }
        needles.settle();
    }

    /// The text without any known secret, and how many were taken out.
    #[must_use]
    pub fn scrub<'a>(&self, text: &'a str) -> (Cow<'a, str>, usize) {
        let needles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !needles.may_be_in(text) {
            return (Cow::Borrowed(text), 0);
        }
        let mut clean = Cow::Borrowed(text);
        let mut count = 0;
        for needle in &needles.forms {
            let hits = clean.matches(needle.as_str()).count();
            if hits > 0 {
                count += hits;
                clean = Cow::Owned(clean.replace(needle.as_str(), MARK));
            }
        }
        (clean, count)
    }
}

impl fmt::Debug for Scrubber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scrubber(hidden)")
    }
}

fn forms(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    if let Ok(text) = std::str::from_utf8(bytes) {
        let trimmed = text.trim();
        found.push(trimmed.to_owned());
        found.push(utf8_percent_encode(trimmed, NON_ALPHANUMERIC).to_string());
        if let Ok(mut json) = serde_json::to_string(trimmed) {
            found.push(json.trim_matches('"').to_owned());
            json.zeroize();
        }
    }
    // Base64 of the secret inside longer data begins at any of three alignments; the characters
    // that depend on the neighbours are cut off.
    for (offset, skip) in [(0, 0), (1, 2), (2, 3)] {
        let padded = Zeroizing::new([&vec![0; offset], bytes].concat());
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let encoded = Zeroizing::new(engine.encode(padded.as_slice()));
            let end = encoded.len().saturating_sub(1);
            if let Some(core) = encoded.get(skip..end) {
                found.push(core.to_owned());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrubber(kind: SecretKind, value: &str) -> Scrubber {
        let scrubber = Scrubber::default();
        scrubber.learn(&Secret::new(kind, value));
        scrubber
    }

    #[test]
    fn every_form_of_a_secret_is_removed() {
        let value = "s3cr+t/\"valu\u{e9}\"=\\x";
        let scrubber = scrubber(SecretKind::ClientSecret, value);
        let base64 = base64::engine::general_purpose::STANDARD.encode(format!("ab{value}cd"));
        for form in [
            value.to_owned(),
            serde_json::to_string(value).unwrap(),
            utf8_percent_encode(value, NON_ALPHANUMERIC).to_string(),
            base64,
            URL_SAFE_NO_PAD.encode(value),
        ] {
            let (clean, count) = scrubber.scrub(&form);
            assert_eq!(count, 1, "{form}");
            assert!(clean.contains(MARK));
        }
    }

    #[test]
    fn a_line_of_a_key_is_a_secret_and_its_armour_is_not() {
        let line = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg";
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{line}\n-----END PRIVATE KEY-----\n");
        let scrubber = scrubber(SecretKind::PrivateKey, &pem);
        assert_eq!(scrubber.scrub(line).0, MARK);
        assert_eq!(scrubber.scrub("-----BEGIN PRIVATE KEY-----").1, 0);
    }

    #[test]
    fn the_secret_without_its_line_break_is_known_as_well() {
        for value in ["secret-1", "secret-12", "secret-123"] {
            let scrubber = scrubber(SecretKind::Passphrase, &format!("{value}\n"));
            let encoded = base64::engine::general_purpose::STANDARD.encode(value);
            assert_eq!(scrubber.scrub(&encoded).1, 1, "{value}");
        }
    }

    #[test]
    fn a_very_short_secret_does_not_wreck_the_text() {
        let scrubber = scrubber(SecretKind::Passphrase, "a");
        assert_eq!(scrubber.scrub("a banana").0, "a banana");
    }
}
