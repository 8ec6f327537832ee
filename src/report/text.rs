//! Text that came from elsewhere, made fit to be shown.

use std::borrow::Cow;

pub use crate::types::plain::neutral;

/// The most characters that one text of a report has.
pub const LONGEST: usize = 2_000;

/// The most characters of a value that goes into a command, such as a certificate in base64.
pub const LONGEST_VALUE: usize = 8_000;

/// At most `most` characters of a text; what is cut off is counted.
#[must_use]
pub fn bounded(text: &str, most: usize) -> Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return Cow::Borrowed(text);
    };
    let kept = text.get(..end).unwrap_or_default();
    let cut = text.chars().count().saturating_sub(most);
    Cow::Owned(format!("{kept}… ({cut} more characters)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(bounded("äöü", 3), "äöü");
        assert_eq!(bounded("äöüß", 3), "äöü… (1 more characters)");
        assert!(bounded(&"x".repeat(100_000), LONGEST).chars().count() < LONGEST + 40);
    }
}
