//! The hand-over sheet: each value under the name that the integration's form gives it.

use super::draft::Draft;
use crate::credentials::identifiers::read_account_id;
use crate::netsuite::profiles::{FormValue, HandOver, Profile, usual_fields};
use crate::types::Service;

/// What the integration is given. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The product, where a profile is named.
    pub product: Option<String>,
    /// Where its fields are known from, and when that was looked up.
    pub source: Option<String>,
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
    /// What to do with it.
    pub action: String,
}

/// The sheet for what was gathered: the fields of the profile, or those that every integration
/// needs in some form.
pub(super) fn sheet(draft: &Draft, profile: Option<&Profile>) -> Sheet {
    let known = profile.map(Profile::fields).filter(|fields| !fields.is_empty());
    let fields = known.unwrap_or_else(usual_fields);
    let field = |line: HandOver| SheetField {
        value: value(line.value, draft),
        name: line.field,
        from: line.from,
        action: line.action,
    };
    Sheet {
        product: profile.map(|profile| profile.name.clone()),
        source: profile.map(|profile| format!("{}, {}", profile.source, profile.date)),
        fields: fields.into_iter().map(field).collect(),
    }
}

fn value(value: FormValue, draft: &Draft) -> Option<String> {
    let account = || draft.account_id.as_deref().and_then(|text| read_account_id(text).ok());
    match value {
        FormValue::AccountId => draft.account_id.clone(),
        FormValue::AccountIdInUrl => account().map(|account| account.id.host_label()),
        FormValue::AccountUrl => {
            account().map(|account| format!("https://{}", account.id.host(Service::SuiteTalk)))
        }
        FormValue::ClientId => draft.client_id.clone(),
        FormValue::CertificateId => draft.certificate_id.clone(),
        FormValue::PrivateKey | FormValue::PrivateKeyPath => {
            draft.private_key.as_ref().map(|path| path.display().to_string())
        }
        FormValue::ClientSecret | FormValue::Scope | FormValue::Algorithm => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netsuite::profiles::{find, profiles};

    fn names(profile: Option<&str>) -> Vec<String> {
        let profile = profile.map(|name| find(profiles(), name).unwrap());
        let sheet = sheet(&Draft::default(), profile);
        assert!(sheet.fields.iter().all(|field| !field.from.is_empty()));
        sheet.fields.into_iter().map(|field| field.name).collect()
    }

    #[test]
    fn fields_are_named_as_the_form_names_them() {
        let alchemer =
            ["Account ID", "Client ID", "Client Secret", "Certificate ID", "Private Key"];
        assert_eq!(names(Some("alchemer")), alchemer);
        assert!(!names(None).contains(&"Client Secret".to_owned()));
    }
}
