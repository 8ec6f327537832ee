//! The guards before a form request, and the request that has passed them.

use super::{Description, Form, IMPOSSIBLE_PROPERTY, media_type};
use crate::netsuite::url::{AccountUrl, Hosts};
use crate::types::RecordType;

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
    description: &Description,
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
    pub(in crate::netsuite) fn url(&self) -> &AccountUrl {
        &self.url
    }

    pub(in crate::netsuite) fn form(&self) -> &Form {
        &self.form
    }

    pub(in crate::netsuite) fn accept(&self) -> String {
        media_type(self.form.media_kind())
    }

    /// Nothing but the property that cannot exist.
    pub(in crate::netsuite) fn body(&self) -> String {
        serde_json::json!({ IMPOSSIBLE_PROPERTY: "refuse this" }).to_string()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::netsuite::http::answer::sample;
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
        let description = Description::of(&answer).unwrap();
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
            assert!(Description::of(&sample(status, "application/json", body)).is_none(), "{body}");
        }
    }
}
