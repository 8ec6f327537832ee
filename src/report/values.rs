//! What a run knows by name, and the texts of the guidance filled with it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::checks::cards::blanks;
use crate::types::shell::Shell;

/// Values by name.
#[derive(Debug, Clone, Default)]
pub struct Values(BTreeMap<String, String>);

/// How a value is put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As it is, between words.
    Prose,
    /// Quoted for a shell, where it needs that.
    Command(Shell),
    /// Percent-encoded, as part of a URL.
    Url,
}

impl Values {
    /// Sets a value; a later one replaces an earlier one.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// The same, for chains.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Whether there is a value of this name.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The template with every known placeholder filled; for an unknown one stand the words that
    /// say what it would be, in a command `ITS-NAME`.
    #[must_use]
    pub fn fill(&self, template: &str, form: Form) -> String {
        let mut filled = String::with_capacity(template.len());
        for part in parts(template) {
            match part {
                TemplatePart::Text(text) => filled.push_str(text),
                TemplatePart::Name(name) => match self.get(name) {
                    Some(value) => filled.push_str(&encode(value, form)),
                    None => blank(name, form, &mut filled),
                },
            }
        }
        filled
    }

    /// The template with every placeholder filled, or nothing where one is unknown.
    #[must_use]
    pub fn fill_all(&self, template: &str, form: Form) -> Option<String> {
        let known = |part| match part {
            TemplatePart::Text(_) => true,
            TemplatePart::Name(name) => self.get(name).is_some(),
        };
        parts(template).all(known).then(|| self.fill(template, form))
    }
}

/// What stands where nothing is known; words at the start of a sentence begin with a capital.
fn blank(name: &str, form: Form, filled: &mut String) {
    let dashed = || name.replace('_', "-");
    match (form, blanks().get(name)) {
        (Form::Command(_), _) => filled.push_str(&dashed().to_ascii_uppercase()),
        (Form::Prose, Some(words)) => {
            let starts = filled.is_empty() || filled.ends_with(". ") || filled.ends_with(".) ");
            let mut letters = words.chars();
            match letters.next().filter(|_| starts) {
                Some(first) => {
                    filled.extend(first.to_uppercase());
                    filled.push_str(letters.as_str());
                }
                None => filled.push_str(words),
            }
        }
        (Form::Prose | Form::Url, _) => {
            filled.push('<');
            filled.push_str(&dashed());
            filled.push('>');
        }
    }
}

fn encode(value: &str, form: Form) -> Cow<'_, str> {
    match form {
        Form::Prose => Cow::Borrowed(value),
        // No path and no argument holds what no shell can take.
        Form::Command(shell) => shell.word(value).unwrap_or(Cow::Borrowed("UNUSABLE")),
        Form::Url => {
            percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC).into()
        }
    }
}

/// A piece of a template.
pub(super) enum TemplatePart<'a> {
    /// As it stands.
    Text(&'a str),
    /// What a value stands for.
    Name(&'a str),
}

/// Splits at `{name}`; braces around anything else are plain text.
pub(super) fn parts(template: &str) -> impl Iterator<Item = TemplatePart<'_>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((name, after)) = leading_name(rest) {
            rest = after;
            return Some(TemplatePart::Name(name));
        }
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(at, c)| *c == '{' && rest.get(*at..).and_then(leading_name).is_some())
            .map_or(rest.len(), |(at, _)| at);
        let (text, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(TemplatePart::Text(text))
    })
}

fn leading_name(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix('{')?.split_once('}')?;
    let named = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    named.then_some((name, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        Values::default()
            .with("key_file", "/home/o'neil/my key.pem")
            .with("plain", "key.pem")
            .with("role_id", "12&x=1")
            .with("brace", "{plain}")
    }

    #[test]
    fn commands_are_quoted_only_where_needed() {
        let shown =
            values().fill("openssl pkey -in {key_file} -out {plain}", Form::Command(Shell::Posix));
        assert_eq!(shlex::split(&shown).unwrap()[3], "/home/o'neil/my key.pem");
        assert!(shown.ends_with("-out key.pem"), "{shown}");
        assert_eq!(
            values().fill("the file {key_file}.", Form::Prose),
            "the file /home/o'neil/my key.pem."
        );
    }

    #[test]
    fn unknown_ones_are_shown_as_blanks_to_fill_in() {
        assert_eq!(
            values().fill("--account-id {account_id}", Form::Command(Shell::Posix)),
            "--account-id ACCOUNT-ID"
        );
        assert_eq!(values().fill_all("/role?id={role}", Form::Url), None);
        assert_eq!(
            values().fill_all("/role?id={role_id}", Form::Url).unwrap(),
            "/role?id=12%26x%3D1"
        );
    }

    #[test]
    fn other_braces_are_plain_text_and_values_are_not_filled_again() {
        for text in ["{}", "{\"error\":\"server_error\"}", "a { b", "{A}", "}{", "{{", "é{"] {
            assert_eq!(values().fill(text, Form::Prose), text);
        }
        assert_eq!(values().fill("{{plain}}", Form::Prose), "{key.pem}");
        assert_eq!(values().fill("{brace}", Form::Prose), "{plain}");
    }
}
