//! Compares identifiers as given, and shortens them for reports.

use super::clean::clean;
use crate::types::shorten;

/// What shortening leaves of a value of this length or more tells little of it.
const LONG_ENOUGH: usize = 36;

/// Whether two values are the same but for what copying adds and for capital letters. Two empty
/// values are not the same.
#[must_use]
pub fn same_value(one: &str, other: &str) -> bool {
    let (one, other) = (clean(one).joined().text, clean(other).joined().text);
    !one.is_empty() && one.eq_ignore_ascii_case(&other)
}

/// A Client ID as given, for reports: `abcd…wxyz`. Masked wholly where it is short, because then it
/// is something else, and where it equals the secret.
#[must_use]
pub fn for_report(client_id: &str, secret: Option<&[u8]>) -> Option<String> {
    let value = clean(client_id).joined().text;
    let same = secret
        .and_then(|secret| std::str::from_utf8(secret).ok())
        .is_some_and(|secret| same_value(&value, secret));
    if value.is_empty() {
        None
    } else if same || value.chars().count() < LONG_ENOUGH {
        Some("…".to_owned())
    } else {
        Some(shorten(&value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_that_is_the_secret_is_masked_however_it_was_copied() {
        let id = "0123456789abcdef".repeat(4);
        assert_eq!(for_report(&id, None).unwrap(), "0123…cdef");
        assert_eq!(for_report(&format!(" {id}"), Some(b"other")).unwrap(), "0123…cdef");
        for secret in [id.clone(), format!("{id}\n"), format!("\"{id}\""), id.to_uppercase()] {
            assert_eq!(for_report(&id, Some(secret.as_bytes())).unwrap(), "…", "{secret:?}");
        }
        assert_eq!(for_report("a short password", None).unwrap(), "…");
        assert_eq!(for_report(" ", Some(b" ")), None);
    }
}
