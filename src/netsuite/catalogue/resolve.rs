//! From what was typed to a record type in NetSuite's spelling.

use super::Catalogue;
use crate::types::UnknownLevel;
use crate::types::shown::shown;
use crate::types::{Level, RecordRequest, RecordType};

/// How many near names an unknown one brings.
const NEAR: usize = 5;

/// The catalogue has no such record type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a record type that the catalogue knows{}", shown(asked), suggestion(near))]
pub struct UnknownRecord {
    /// What was asked for.
    pub asked: String,
    /// Whether it could be a type at all; if not, `--allow-unlisted-records` cannot help.
    pub well_formed: bool,
    /// Names near to it, the nearest first.
    pub near: Vec<String>,
}

fn suggestion(near: &[String]) -> String {
    match near {
        [] => "; `netsuite-preflight list records` shows all that it knows".to_owned(),
        [one] => format!("; `{one}` is near to it"),
        many => format!("; near to it are `{}`", many.join("`, `")),
    }
}

/// The text is no `TYPE[:LEVEL]` that can be asked for.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownRequest {
    /// The part before the colon.
    #[error(transparent)]
    Record(#[from] UnknownRecord),
    /// The part after the colon.
    #[error(transparent)]
    Level(#[from] UnknownLevel),
}

impl Catalogue {
    /// The record type of that name, in NetSuite's spelling. Case does not matter. An account's own
    /// types pass, and with `allow_unlisted` every name that can be a type.
    ///
    /// # Errors
    /// When the catalogue has no such type, with near names.
    pub fn resolve(&self, name: &str, allow_unlisted: bool) -> Result<RecordType, UnknownRecord> {
        let typed = name.trim();
        let parsed = typed.parse::<RecordType>();
        if let (Some(spelling), Ok(_)) = (self.canonical(typed), &parsed)
            && let Ok(record) = spelling.parse()
        {
            return Ok(record);
        }
        match parsed {
            Ok(record) if allow_unlisted => Ok(record),
            parsed => Err(UnknownRecord {
                asked: typed.to_owned(),
                well_formed: parsed.is_ok(),
                near: self.near(typed, NEAR).into_iter().map(str::to_owned).collect(),
            }),
        }
    }

    /// The request of the form `TYPE[:LEVEL]`, its type in NetSuite's spelling; View unless stated.
    ///
    /// # Errors
    /// When the catalogue has no such type or there is no such level.
    pub fn resolve_request(
        &self,
        text: &str,
        allow_unlisted: bool,
    ) -> Result<RecordRequest, UnknownRequest> {
        let (name, level) = match text.split_once(':') {
            Some((name, level)) => (name, level.trim().parse()?),
            None => (text, Level::View),
        };
        Ok(RecordRequest { record: self.resolve(name, allow_unlisted)?, level })
    }
}
