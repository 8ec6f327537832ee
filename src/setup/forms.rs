//! The hand-over sheet: each value under the name that the integration's form gives it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::draft::Draft;
use super::guide::BadGuide;
use crate::types::Grade;

const FORMS: &str = include_str!("../../checks/setup/forms.toml");
/// The form that is used where no profile is named.
const GENERAL: &str = "general";

/// Forms by the name of their profile, and what is said about each value.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forms {
    values: BTreeMap<Value, ValueText>,
    forms: BTreeMap<String, Form>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Value {
    AccountId,
    ClientId,
    ClientSecret,
    CertificateId,
    PrivateKey,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ValueText {
    from: String,
    note: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    title: String,
    source: String,
    grade: Grade,
    fields: Vec<FormField>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct FormField {
    name: String,
    value: Value,
}

/// What the integration is given. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The form.
    pub title: String,
    /// Where its fields are known from.
    pub source: String,
    /// Its fields, in the form's own order.
    pub fields: Vec<SheetField>,
}

/// One field of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetField {
    /// As the form names it.
    pub name: String,
    /// What to enter, or the path of the file; none for a secret that is not kept.
    pub value: Option<String>,
    /// Where the value comes from.
    pub from: String,
    /// What else to know.
    pub note: Option<String>,
}

/// Reads the forms that the program was built with.
///
/// # Errors
/// When the file cannot be read: only a wrong build can cause it.
pub fn forms() -> Result<Forms, BadGuide> {
    toml::from_str(FORMS).map_err(|source| BadGuide { name: "forms".to_owned(), source })
}

impl Forms {
    /// Whether there is a form of that name.
    #[must_use]
    pub fn knows(&self, profile: &str) -> bool {
        self.forms.contains_key(profile)
    }

    /// The names of all forms.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.forms.keys().map(String::as_str)
    }

    /// The sheet for what was gathered.
    #[must_use]
    pub fn sheet(&self, draft: &Draft) -> Option<Sheet> {
        let named = draft.profile.as_deref().and_then(|profile| self.forms.get(profile));
        let form = named.or_else(|| self.forms.get(GENERAL))?;
        let fields = form.fields.iter().map(|field| {
            let text = self.values.get(&field.value);
            SheetField {
                name: field.name.clone(),
                value: field.value.of(draft),
                from: text.map(|text| text.from.clone()).unwrap_or_default(),
                note: text.and_then(|text| text.note.clone()),
            }
        });
        Some(Sheet {
            title: form.title.clone(),
            source: format!("{} ({})", form.source, form.grade.as_str()),
            fields: fields.collect(),
        })
    }
}

impl Value {
    fn of(self, draft: &Draft) -> Option<String> {
        match self {
            Self::AccountId => draft.account_id.clone(),
            Self::ClientId => draft.client_id.clone(),
            Self::ClientSecret => None,
            Self::CertificateId => draft.certificate_id.clone(),
            Self::PrivateKey => draft.private_key.as_ref().map(|path| path.display().to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(profile: Option<&str>) -> Vec<String> {
        let draft = Draft { profile: profile.map(str::to_owned), ..Draft::default() };
        let sheet = forms().unwrap().sheet(&draft).unwrap();
        assert!(sheet.fields.iter().all(|field| !field.from.is_empty()));
        sheet.fields.into_iter().map(|field| field.name).collect()
    }

    #[test]
    fn fields_are_named_as_the_form_names_them() {
        let alchemer =
            ["Account ID", "Client ID", "Client Secret", "Certificate ID", "Private Key"];
        assert_eq!(names(Some("alchemer")), alchemer);
        assert!(!names(None).contains(&"Client Secret".to_owned()));
        assert_eq!(names(Some("unheard-of")), names(None));
    }
}
