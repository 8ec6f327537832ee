//! Looking for pieces of secrets in all that comes out of the program.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Shorter pieces are found by chance.
pub const PIECE: usize = 24;

/// Every piece of some secrets, in every form, in lower case.
#[derive(Default)]
pub struct Pieces(HashSet<Vec<u8>>);

impl Pieces {
    /// The pieces of these secrets.
    pub fn of<'a>(secrets: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut pieces = Self::default();
        for form in secrets.into_iter().flat_map(forms) {
            pieces.add(&form);
        }
        pieces
    }

    /// Adds the pieces of a text as it stands.
    pub fn add(&mut self, text: &str) {
        let lower = text.to_lowercase();
        self.0.extend(lower.as_bytes().windows(PIECE).map(<[u8]>::to_vec));
    }

    /// Fails where a piece stands in the text, as it is or with white space between.
    #[track_caller]
    pub fn search(&self, place: &str, text: &str) {
        let lower = text.to_lowercase();
        let bare: String = lower.chars().filter(|c| !c.is_whitespace()).collect();
        let joined = bare.replace("\\n", "").replace("\\r", "").replace("\\u00a0", "");
        for form in [&lower, &bare, &joined] {
            let hit = form.as_bytes().windows(PIECE).find(|piece| self.0.contains(*piece));
            let hit = hit.map(String::from_utf8_lossy);
            assert!(hit.is_none(), "{place} shows {hit:?}:\n{text}");
        }
    }
}

/// A secret as it can come out: plain, hexadecimal, base64 at each alignment, escaped.
fn forms(secret: &[u8]) -> Vec<String> {
    if secret.is_empty() {
        return Vec::new();
    }
    let mut found = vec![hex(secret)];
    for lead in 0..3 {
        let padded = [&vec![0; lead], secret].concat();
        // Both ends depend on what stands around it.
        let inside = |text: String| text[lead + 1..text.len() - 4].to_owned();
        found.push(inside(STANDARD.encode(&padded)));
        found.push(inside(URL_SAFE_NO_PAD.encode(&padded)));
    }
    if let Ok(text) = std::str::from_utf8(secret) {
        found.push(text.to_owned());
        found.push(text.split_whitespace().collect());
        found.push(serde_json::to_string(text).unwrap().trim_matches('"').to_owned());
        found.push(utf8_percent_encode(text, NON_ALPHANUMERIC).to_string());
    }
    found
}

/// In lower case.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_piece_is_found_in_every_form_and_wrapped() {
    let secret = "Zq8-s3cret_v4lue.for~the/search+alone";
    let pieces = Pieces::of([secret.as_bytes()]);
    for form in forms(secret.as_bytes()) {
        let wrapped = format!("{}\\n {}", &form[..10], &form[10..]);
        for text in [form.to_uppercase(), wrapped] {
            let found = std::panic::catch_unwind(|| pieces.search("the test", &text));
            assert!(found.is_err(), "{text}");
        }
    }
    pieces.search("the test", &secret[..PIECE - 1]);
}
