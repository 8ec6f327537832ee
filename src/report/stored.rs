//! Reports that were written earlier: read with care, whoever wrote them.

use std::io;

use serde::Deserialize as _;
use serde::de::Error as _;
use serde_json::Value;

use super::v1::valid::Invalid;
use super::v1::{Report, SCHEMA_NAME, SCHEMA_VERSION};
use crate::report::set::SCHEMA_NAME as SET_NAME;
use crate::types::exchanges;
use crate::types::json::{self, Unfit};
use crate::types::shown::message;

/// The most bytes of a report that is read: 64 MiB. A set has as many reports as it has.
pub const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// Why a document is no report that this program can read.
#[derive(Debug, thiserror::Error)]
pub enum StoredError {
    /// Nothing in it.
    #[error("it is empty; a report is what `check --format json` writes")]
    Empty,
    /// The file itself.
    #[error("{0}; name a report that `check` wrote")]
    Unreadable(io::Error),
    /// More than [`MOST_BYTES`].
    #[error("{place}it is larger than 64 MiB, and no report is; give the file that `check` wrote")]
    TooLarge {
        /// Which of many.
        place: String,
    },
    /// Not JSON.
    #[error(
        "it is no JSON document ({0}); only reports in the form json can be read again, as \
         `check --format json` or `--save report.json` writes them"
    )]
    NotJson(serde_json::Error),
    /// JSON that says one thing to one reader and another to the next.
    #[error(
        "two readers may see two different documents in it: {0}. `check` writes no such report; \
         ask for the file as it was written"
    )]
    Ambiguous(Unfit),
    /// JSON with more in it than it shows.
    #[error("{0}; `check` writes no such report, so ask for the file as it was written")]
    Unfit(Unfit),
    /// JSON, but something else.
    #[error("it is no report of netsuite-preflight: its member schema does not say so")]
    NotAReport,
    /// What was asked and answered, not what was found.
    #[error(
        "it holds the recorded exchanges of a run, which are no report; \
         `netsuite-preflight emulate --replay FILE` serves them, for a check against them"
    )]
    Exchanges,
    /// From a later program.
    #[error(
        "its form is {name} version {version}, and this program reads version {SCHEMA_VERSION}; \
         use a newer netsuite-preflight"
    )]
    Newer {
        /// The form.
        name: String,
        /// Its version.
        version: u64,
    },
    /// It says that it is a report, and is not built like one.
    #[error("{place}it is not built like a report of version 1: {}", message(&source.to_string()))]
    Malformed {
        /// Which of many.
        place: String,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// A member that holds something else than it stands for.
    #[error("{place}it is no report of version 1 as `check` writes it: {source}")]
    Invalid {
        /// Which of many.
        place: String,
        /// Which member.
        source: Invalid,
    },
}

impl StoredError {
    /// A large document that is no JSON.
    pub(super) fn no_json(error: &impl std::fmt::Display) -> Self {
        Self::NotJson(serde_json::Error::custom(error))
    }
}

/// A document that holds a report.
#[derive(Debug, Clone)]
pub struct Stored {
    value: Value,
    report: Report,
}

impl Stored {
    /// Reads a document. Members that this program does not know are left in place.
    ///
    /// # Errors
    /// When it is no report of a version that this program knows.
    pub fn read(bytes: &[u8]) -> Result<Self, StoredError> {
        Self::of(parse(bytes)?)
    }

    /// The report of a document.
    ///
    /// # Errors
    /// When it is no report of a version that this program knows.
    pub fn of(value: Value) -> Result<Self, StoredError> {
        if form(&value)? != Form::Report {
            return Err(StoredError::NotAReport);
        }
        let report = typed(&value, String::new())?;
        Ok(Self { value, report })
    }

    /// The document as it was read.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Its report.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }
}

/// Bytes as JSON. A byte order mark, as some editors and shells write it, is passed over.
///
/// # Errors
/// When they are empty, too many, no JSON, or name a member twice.
pub fn parse(bytes: &[u8]) -> Result<Value, StoredError> {
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MOST_BYTES {
        return Err(StoredError::TooLarge { place: String::new() });
    }
    let utf16 = utf16(bytes);
    let bytes = utf16.as_deref().map_or(bytes, str::as_bytes);
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(StoredError::Empty);
    }
    let value = serde_json::from_slice(bytes).map_err(StoredError::NotJson)?;
    json::examine(bytes).map_err(|unfit| match unfit {
        twice @ Unfit::Twice { .. } => StoredError::Ambiguous(twice),
        other => StoredError::Unfit(other),
    })?;
    Ok(value)
}

/// A redirection in older PowerShells writes UTF-16 with a byte order mark.
fn utf16(bytes: &[u8]) -> Option<String> {
    let rest = bytes.strip_prefix(b"\xff\xfe")?;
    let units: Vec<u16> =
        rest.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    String::from_utf16(&units).ok()
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Form {
    Report,
    Set,
}

/// What a document says of itself.
pub(super) fn form(value: &Value) -> Result<Form, StoredError> {
    let name = value.pointer("/schema/name").and_then(Value::as_str);
    let form = match name {
        Some(SCHEMA_NAME) => Form::Report,
        Some(SET_NAME) => Form::Set,
        Some(exchanges::SCHEMA) => return Err(StoredError::Exchanges),
        _ => return Err(StoredError::NotAReport),
    };
    match value.pointer("/schema/version").and_then(Value::as_u64) {
        Some(version) if version == u64::from(SCHEMA_VERSION) => Ok(form),
        Some(version) if version > u64::from(SCHEMA_VERSION) => {
            Err(StoredError::Newer { name: name.unwrap_or_default().to_owned(), version })
        }
        _ => Err(StoredError::NotAReport),
    }
}

/// A document as a report that holds what it should.
pub(super) fn typed(value: &Value, place: String) -> Result<Report, StoredError> {
    let read = Report::deserialize(value);
    let report = match read {
        Ok(report) => report,
        Err(source) => return Err(StoredError::Malformed { place, source }),
    };
    report.validate().map_err(|source| StoredError::Invalid { place, source })?;
    Ok(report)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::report::samples;

    fn sample() -> Value {
        serde_json::to_value(samples::report()).unwrap()
    }

    #[test]
    fn reports_are_read_and_unknown_members_stay() {
        let mut document = sample();
        document["later"] = json!({"more": [1]});
        document["checks"][0]["later"] = json!(true);
        let stored = Stored::read(document.to_string().as_bytes()).unwrap();
        let expected: Report = serde_json::from_value(document.clone()).unwrap();
        assert_eq!((stored.report(), stored.value()), (&expected, &document));
    }

    #[test]
    fn marks_of_editors_and_shells_do_not_matter() {
        let text = sample().to_string();
        let utf16: Vec<u8> =
            format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [format!("\u{feff}{text}\r\n").into_bytes(), utf16] {
            assert_eq!(Stored::read(&bytes).unwrap().value(), &sample());
        }
    }

    #[test]
    fn whatever_else_is_given_is_named() {
        let said = |bytes: &[u8]| Stored::read(bytes).unwrap_err().to_string();
        assert!(said(b" \n").contains("empty"));
        assert!(said(b"<html>").contains("no JSON"));
        assert!(said("[".repeat(100_000).as_bytes()).contains("no JSON"));
        assert!(said(b"{\"a\": 1, \"a\"").contains("no JSON"));
        let hidden = sample().to_string().replacen('{', "{\"summary\": \"hidden\",", 1);
        assert!(said(hidden.as_bytes()).contains("twice"));
        assert!(!said(hidden.as_bytes()).contains("hidden"));
        for other in ["{}", "[]", "null", "3", r#"{"schema": {"name": "other", "version": 1}}"#] {
            assert!(said(other.as_bytes()).contains("no report"), "{other}");
        }
        let mut newer = sample();
        newer["schema"]["version"] = json!(7);
        assert!(said(newer.to_string().as_bytes()).contains("version 7"));
        let mut wrong = sample();
        wrong["checks"][0]["status"] = json!("splendid");
        assert!(said(wrong.to_string().as_bytes()).contains("splendid"));
    }
}
