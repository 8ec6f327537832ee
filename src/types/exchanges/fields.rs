//! How the fields of a document of exchanges are read: each as what it is, and never more than it
//! can be. Errors say what belongs there and quote nothing.

use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer};

/// The longest text that is written is far shorter.
const LONGEST: usize = 10_000;

/// Values that are written as their text.
pub(super) mod as_text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub fn serialize<T: Display, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|_| D::Error::custom("a value is not of its kind"))
    }
}

/// The same where the text may be empty or absent, which stands for none.
pub(super) mod optional {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub fn serialize<T: Display, S: Serializer>(
        value: &Option<T>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => to.collect_str(value),
            None => to.serialize_str(""),
        }
    }

    pub fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<T>, D::Error> {
        match Option::<String>::deserialize(from)?.filter(|text| !text.is_empty()) {
            Some(text) => text
                .parse()
                .map(Some)
                .map_err(|_| D::Error::custom("an identifier does not have its form")),
            None => Ok(None),
        }
    }
}

/// The same for a list.
pub(super) mod list {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub fn serialize<T: Display, S: Serializer>(all: &[T], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(all.iter().map(ToString::to_string))
    }

    pub fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
        let wrong = |_| D::Error::custom("a record type has a form such as customer:view");
        Vec::<String>::deserialize(from)?
            .iter()
            .map(|text| text.parse().map_err(|_| ()).map_err(wrong))
            .collect()
    }
}

/// A name or version: letters, digits and few other characters.
pub(super) fn word<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '/');
    text(from, "a word of at most 100 letters and digits", |text| {
        (1..=100).contains(&text.len()) && text.chars().all(fits)
    })
}

/// The path of a URL.
pub(super) fn path<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    text(from, "a path that begins with /", |text| text.starts_with('/') && of_url(text, &['?']))
}

/// The query of a URL.
pub(super) fn query<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    maybe(from, "a query of a URL", |text| of_url(text, &[]))
}

/// One line of text.
pub(super) fn line<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    maybe(from, "one line of text", is_line)
}

/// One line of text that is always there.
pub(super) fn one_line<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    text(from, "one line of text", is_line)
}

/// The status of an answer.
pub(super) fn status<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u16>, D::Error> {
    match Option::<u16>::deserialize(from)? {
        Some(status) if !(100..=999).contains(&status) => {
            Err(D::Error::custom("expected an HTTP status"))
        }
        status => Ok(status),
    }
}

fn is_line(text: &str) -> bool {
    text.len() <= LONGEST && super::super::plain::is_plain(text)
}

fn of_url(text: &str, not: &[char]) -> bool {
    let ends = |c: char| c.is_whitespace() || matches!(c, '#' | '"' | '\\') || not.contains(&c);
    is_line(text) && !text.contains(ends)
}

fn text<'de, D: Deserializer<'de>>(
    from: D,
    what: &str,
    fits: impl Fn(&str) -> bool,
) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    if fits(&text) { Ok(text) } else { Err(D::Error::custom(format_args!("expected {what}"))) }
}

fn maybe<'de, D: Deserializer<'de>>(
    from: D,
    what: &str,
    fits: impl Fn(&str) -> bool,
) -> Result<Option<String>, D::Error> {
    match Option::<String>::deserialize(from)? {
        Some(text) if !fits(&text) => Err(D::Error::custom(format_args!("expected {what}"))),
        text => Ok(text),
    }
}
