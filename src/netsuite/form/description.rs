//! What a record type says of itself: its OpenAPI document in the metadata catalogue.

use serde_json::{Map, Value};

use super::{Form, media_type};
use crate::netsuite::http::Answer;
use crate::types::RecordType;

/// Members of a schema that every type has and nobody fills in.
const NOT_FILLED_IN: &[&str] = &["id", "links", "refName"];

/// The OpenAPI document of one record type, as the account itself gives it.
/// Source: OH/section_1545126526.
#[derive(Debug, Clone)]
pub struct Description(Value);

impl Description {
    /// Reads an answer of the metadata catalogue. `None` where it is no OpenAPI document.
    #[must_use]
    pub fn of(answer: &Answer) -> Option<Self> {
        let value: Value = serde_json::from_slice(&answer.body).ok()?;
        let described = value.get("openapi").is_some_and(Value::is_string)
            && value.get("paths").is_some_and(Value::is_object);
        (answer.status == 200 && described).then_some(Self(value))
    }

    /// Whether the document offers this form for this very type and method.
    pub(super) fn lists(&self, record: &RecordType, form: &Form) -> bool {
        let (method, path) = match form {
            Form::Create => ("post", format!("/{record}")),
            Form::Edit(_) => ("patch", format!("/{record}/{{id}}")),
        };
        let wanted = plain(&media_type(form.media_kind()));
        let operation = self.path(&path).and_then(|operations| operations.get(method));
        let answers = operation.and_then(|operation| operation.get("responses")?.as_object());
        answers
            .into_iter()
            .flat_map(Map::values)
            .filter_map(|answer| answer.get("content")?.as_object())
            .flat_map(Map::keys)
            .any(|media| plain(media) == wanted)
    }

    /// Whether a new record of this type lacks something unless somebody fills it in.
    pub(super) fn has_mandatory_field(&self, record: &RecordType) -> bool {
        let Some(schema) = self.schema(record) else { return false };
        let required = schema.get("required").and_then(Value::as_array);
        required.into_iter().flatten().filter_map(Value::as_str).any(|name| {
            let property = schema.get("properties").and_then(|all| all.get(name));
            let read_only =
                property.is_some_and(|one| one.get("readOnly") == Some(&Value::Bool(true)));
            property.is_some() && !read_only && !NOT_FILLED_IN.contains(&name)
        })
    }

    /// Whether the type has a property of this name.
    pub(super) fn has_property(&self, record: &RecordType, name: &str) -> bool {
        let properties = self.schema(record).and_then(|schema| schema.get("properties"));
        properties.and_then(Value::as_object).is_some_and(|all| all.contains_key(name))
    }

    fn path(&self, wanted: &str) -> Option<&Value> {
        let paths = self.0.get("paths")?.as_object()?;
        paths.iter().find(|(path, _)| path.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    }

    fn schema(&self, record: &RecordType) -> Option<&Value> {
        let schemas = self.0.get("components")?.get("schemas")?.as_object()?;
        let own = |name: &str| name.eq_ignore_ascii_case(record.as_str());
        schemas.iter().find(|(name, _)| own(name)).map(|(_, schema)| schema)
    }
}

/// A media type without what does not matter in it.
fn plain(media: &str) -> String {
    media.chars().filter(|c| !c.is_whitespace() && *c != '"').collect::<String>().to_lowercase()
}
