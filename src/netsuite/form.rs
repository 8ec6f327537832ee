//! Form requests: the one kind of request besides SuiteQL and the token's that uses a method which
//! writes elsewhere.
//!
//! `create-form` and `edit-form` give a form "without submitting the record"
//! (OH/article_1217103046). A release or a type that does not know them might take the request for
//! a real one, so it is sent behind guards only (`record-api.md` 1.8): see [`guard`].

use serde_json::{Map, Value};

use super::answer::Answer;
use super::url::{AccountUrl, Hosts, RecordId};
use crate::types::RecordType;

/// A property that no record type has. With the header that refuses unknown properties, a request
/// that is taken for a real one is refused for it.
pub const IMPOSSIBLE_PROPERTY: &str = "netsuitePreflightImpossibleProperty";

/// Which form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// The one for a new record; asks for level Create (inferred).
    Create,
    /// The one for this record; asks for level Edit (inferred).
    Edit(RecordId),
}

impl Form {
    /// The value of `type` in the media type.
    #[must_use]
    pub fn media_kind(&self) -> &'static str {
        match self {
            Self::Create => "create-form",
            Self::Edit(_) => "edit-form",
        }
    }
}

/// The media type of a form.
fn media_type(kind: &str) -> String {
    format!("application/vnd.oracle.resource+json; type={kind}")
}

// What a record type says of itself: its OpenAPI document in the metadata catalogue.

/// Members of a schema that every type has and nobody fills in.
const NOT_FILLED_IN: &[&str] = &["id", "links", "refName"];

/// The OpenAPI document of one record type, as the account itself gives it.
/// Source: OH/section_1545126526.
#[derive(Debug, Clone)]
pub struct RecordDescription(Value);

impl RecordDescription {
    /// Reads an answer of the metadata catalogue. `None` where it is no OpenAPI document.
    #[must_use]
    pub fn of(answer: &Answer) -> Option<Self> {
        let value: Value = serde_json::from_slice(&answer.body).ok()?;
        let described = value.get("openapi").is_some_and(Value::is_string)
            && value.get("paths").is_some_and(Value::is_object);
        (answer.status == 200 && described).then_some(Self(value))
    }

    /// Whether the document offers this form for this very type and method.
    fn lists(&self, record: &RecordType, form: &Form) -> bool {
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
    fn has_mandatory_field(&self, record: &RecordType) -> bool {
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
    fn has_property(&self, record: &RecordType, name: &str) -> bool {
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

// The guards before a form request, and the request that has passed them.

/// A form request that every guard let through. Only [`guard`] makes one, and the client sends no
/// form request but this.
#[derive(Debug, PartialEq, Eq)]
pub struct GuardedForm {
    url: AccountUrl,
    form: Form,
}

/// The guard that forbids a form request. The texts complete "not sent, because …".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// The release or the type does not have the form: the request could be taken for a real one.
    #[error("the type's own description does not list the {0}")]
    NotDescribed(&'static str),
    /// Nothing would stop a record from being made of an empty request.
    #[error("the type's own description names no mandatory field")]
    NoMandatoryField,
    /// The property that is to be refused exists.
    #[error("the type has the very property that must not exist")]
    PropertyExists,
}

/// Lets a form request through if nothing can be written by it: the type's own description lists
/// the form, the type has a mandatory field that the request does not fill in, and the property
/// that cannot exist does not exist. (`record-api.md` 1.8)
///
/// # Errors
/// The first guard that forbids it.
pub fn guard(
    account: &dyn Hosts,
    record: &RecordType,
    form: Form,
    description: &RecordDescription,
) -> Result<GuardedForm, Forbidden> {
    if !description.lists(record, &form) {
        return Err(Forbidden::NotDescribed(form.media_kind()));
    }
    if !description.has_mandatory_field(record) {
        return Err(Forbidden::NoMandatoryField);
    }
    if description.has_property(record, IMPOSSIBLE_PROPERTY) {
        return Err(Forbidden::PropertyExists);
    }
    let url = match &form {
        Form::Create => AccountUrl::record_type(account, record),
        Form::Edit(id) => AccountUrl::record(account, record, id),
    };
    Ok(GuardedForm { url, form })
}

impl GuardedForm {
    pub(super) fn url(&self) -> &AccountUrl {
        &self.url
    }

    pub(super) fn form(&self) -> &Form {
        &self.form
    }

    pub(super) fn accept(&self) -> String {
        media_type(self.form.media_kind())
    }

    /// Nothing but the property that cannot exist.
    pub(super) fn body(&self) -> String {
        serde_json::json!({ IMPOSSIBLE_PROPERTY: "refuse this" }).to_string()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::netsuite::answer::sample;
    use crate::netsuite::url::RecordId;
    use crate::types::AccountId;

    fn document() -> Value {
        let forms =
            |kind: &str| json!({ "204": {}, "200": { "content": { (media_type(kind)): {} } } });
        json!({
            "openapi": "3.0.1",
            "paths": {
                "/customer": { "post": { "responses": forms("create-form") } },
                "/customer/{id}": { "patch": { "responses": forms("edit-form") } },
            },
            "components": { "schemas": { "customer": {
                "properties": { "id": {}, "companyName": {}, "made": { "readOnly": true } },
                "required": ["companyName"],
            }}},
        })
    }

    fn judged(document: &Value, form: Form) -> Result<GuardedForm, Forbidden> {
        let account = AccountId::from_parts("1234567", None).unwrap();
        let answer = sample(200, "application/swagger+json", &document.to_string());
        let description = RecordDescription::of(&answer).unwrap();
        guard(&account, &"customer".parse().unwrap(), form, &description)
    }

    fn edit() -> Form {
        Form::Edit(RecordId::new("101").unwrap())
    }

    #[test]
    fn what_is_described_passes_and_carries_the_impossible_property_alone() {
        for (form, end) in [(Form::Create, "/record/v1/customer"), (edit(), "/customer/101")] {
            let guarded = judged(&document(), form).unwrap();
            assert!(format!("{:?}", guarded.url()).ends_with(end));
            let body: Value = serde_json::from_str(&guarded.body()).unwrap();
            let names: Vec<&String> = body.as_object().unwrap().keys().collect();
            assert_eq!(names, [IMPOSSIBLE_PROPERTY]);
        }
    }

    #[test]
    fn a_form_of_another_type_path_or_method_does_not_count() {
        let mut moved = document();
        moved["paths"]["/customer"]["get"] = moved["paths"]["/customer"]["post"].take();
        moved["paths"]["/contact"] = document()["paths"]["/customer"].clone();
        let not_described = Err(Forbidden::NotDescribed("create-form"));
        assert_eq!(judged(&moved, Form::Create), not_described);
        assert!(judged(&moved, edit()).is_ok());
        let mut swapped = document();
        swapped["paths"]["/customer/{id}"] =
            json!({ "patch": document()["paths"]["/customer"]["post"] });
        assert_eq!(judged(&swapped, edit()), Err(Forbidden::NotDescribed("edit-form")));
    }

    #[test]
    fn a_mandatory_field_is_one_that_somebody_has_to_fill_in() {
        for required in [json!(null), json!([]), json!(["id"]), json!(["made"]), json!(["ghost"])] {
            let mut open = document();
            open["components"]["schemas"]["customer"]["required"] = required.clone();
            for form in [Form::Create, edit()] {
                assert_eq!(judged(&open, form), Err(Forbidden::NoMandatoryField), "{required}");
            }
        }
        let mut without = document();
        without["components"] = Value::Null;
        assert_eq!(judged(&without, Form::Create), Err(Forbidden::NoMandatoryField));
    }

    #[test]
    fn the_impossible_property_must_not_exist() {
        let mut odd = document();
        odd["components"]["schemas"]["customer"]["properties"][IMPOSSIBLE_PROPERTY] = json!({});
        assert_eq!(judged(&odd, Form::Create), Err(Forbidden::PropertyExists));
    }

    #[test]
    fn only_an_openapi_document_describes() {
        for (status, body) in [(200, "{}"), (200, "<html>"), (403, r#"{"openapi":"3","paths":{}}"#)]
        {
            assert!(
                RecordDescription::of(&sample(status, "application/json", body)).is_none(),
                "{body}"
            );
        }
    }
}
