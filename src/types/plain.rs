//! Which characters a terminal, a shell or a pipeline would obey rather than show. What comes from
//! elsewhere is held against this where it is read.

use super::neutral::obeyed;

/// Whether a text is one line that is shown as it is.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    !text.contains(obeyed)
}

/// The name of a member or key, fit for a message: whatever somebody wrote where a name belongs.
#[must_use]
pub fn name(text: &str) -> &str {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.');
    if (1..=40).contains(&text.len()) && text.chars().all(fits) {
        text
    } else {
        "(a name that is not shown)"
    }
}

/// Where a table of a TOML file, or one below it, has a key or text with a character that is
/// obeyed. Several lines are never needed there either.
#[must_use]
pub fn offending(table: &toml::Table) -> Option<String> {
    table.iter().find_map(|(key, value)| {
        if !is_plain(key) {
            return Some("a key".to_owned());
        }
        let rest = in_value(value)?;
        Some(format!("{}{rest}", name(key)))
    })
}

fn in_value(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => (!is_plain(text)).then(String::new),
        toml::Value::Array(items) => items.iter().find_map(in_value),
        toml::Value::Table(table) => offending(table).map(|rest| format!(".{rest}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_obeyed_is_found() {
        for c in ['\0', '\n', '\r', '\t', '\u{1b}', '\u{7f}', '\u{85}', '\u{9b}', '\u{2028}'] {
            assert!(!is_plain(&format!("a{c}b")), "{c:?}");
        }
        for c in ['\u{202e}', '\u{2066}', '\u{200f}', '\u{61c}', '\u{feff}'] {
            assert!(!is_plain(&format!("a{c}b")), "{c:?}");
        }
        assert!(is_plain("naïve — 名前 👩‍💻"));
    }

    #[test]
    fn the_place_in_a_table_is_named_and_nothing_of_it_quoted() {
        let place = |text: &str| offending(&toml::from_str(text).unwrap());
        assert_eq!(place("a = 'b'\n[c]\nd = ['e', 1]"), None);
        assert_eq!(place("[c.d]\ne = ['f', \"\\u001bg\"]").as_deref(), Some("c.d.e"));
        assert_eq!(place("[\"\\u202ec\"]\n").as_deref(), Some("a key"));
        assert_eq!(place("a = \"b\\nc\"").as_deref(), Some("a"));
        let hidden = place("[\"a b c\"]\nd = \"\\u009b\"").unwrap();
        assert_eq!(hidden, "(a name that is not shown).d");
    }
}
