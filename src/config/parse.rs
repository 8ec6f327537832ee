//! From the text of the file to settings.

use std::collections::BTreeMap;

use toml::Table;

use super::error::Problem;
use super::keys::{self, Kind};
use super::name::shown;
use super::secrets::{by_name, by_value};
use super::value::Value;
use crate::types::near::near_names;
use crate::types::plain::is_plain;

/// No path and no identifier is longer.
const LONGEST: usize = 4096;

/// The settings of one table, by key. Paths are as written.
pub(super) type Settings = BTreeMap<&'static str, Value>;

/// What one table says, or the first thing that is wrong with it.
pub(super) fn settings(table: &Table) -> Result<Settings, Problem> {
    table.iter().map(|(key, value)| setting(key, value)).collect()
}

fn setting(key: &str, value: &toml::Value) -> Result<(&'static str, Value), Problem> {
    if let Some(what) = by_name(key) {
        return Err(Problem::Secret { key: shown(key), what });
    }
    let Some((key, kind)) = keys::find(key) else {
        let near = near(key, keys::KEYS.iter().map(|(name, _)| *name));
        return Err(Problem::UnknownKey { key: shown(key), near });
    };
    let wrong = || Problem::WrongType { key: key.to_owned(), expected: kind.expected() };
    let text = |value: &toml::Value| -> Result<String, Problem> {
        let text = value.as_str().filter(|text| !text.trim().is_empty()).ok_or_else(wrong)?;
        clean(key, text)
    };
    let value = match kind {
        Kind::Text => Value::Text(text(value)?),
        Kind::Path => Value::Path(text(value)?.into()),
        Kind::List => {
            let items = value.as_array().ok_or_else(wrong)?;
            Value::List(items.iter().map(text).collect::<Result<_, _>>()?)
        }
        Kind::Number => {
            let number = value.as_integer().and_then(|number| u64::try_from(number).ok());
            Value::Number(number.ok_or_else(wrong)?)
        }
    };
    Ok((key, value))
}

fn clean(key: &str, text: &str) -> Result<String, Problem> {
    match by_value(text) {
        Some(what) => Err(Problem::Secret { key: key.to_owned(), what }),
        None if !is_plain(text) => Err(Problem::Control { key: key.to_owned() }),
        None if text.len() > LONGEST => {
            Err(Problem::WrongType { key: key.to_owned(), expected: "at most 4,096 bytes long" })
        }
        None => Ok(text.to_owned()),
    }
}

/// The names that may have been meant, at most three.
pub(super) fn near<'a>(asked: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    near_names(asked, known, 3).into_iter().map(str::to_owned).collect()
}

/// Whether a value may be written behind a key.
pub(super) fn check(key: &str, value: &Value) -> Result<(), Problem> {
    setting(key, &toml_value(value)).map(drop)
}

fn toml_value(value: &Value) -> toml::Value {
    match value {
        Value::Text(text) => toml::Value::String(text.clone()),
        Value::Path(path) => toml::Value::String(path.to_string_lossy().into_owned()),
        Value::List(items) => {
            toml::Value::Array(items.iter().cloned().map(toml::Value::String).collect())
        }
        Value::Number(number) => toml::Value::Integer(i64::try_from(*number).unwrap_or(i64::MAX)),
    }
}
