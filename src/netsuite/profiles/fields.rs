//! The hand-over: which value goes into which field of the integration's form.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::profile::Profile;
use crate::data;

const FILE: &str = "shared/profile-fields.toml";

static GUIDES: LazyLock<BTreeMap<Value, Guide>> = LazyLock::new(|| data::read(FILE));

/// A value that forms of integrations ask for.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::VariantArray,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Value {
    /// The account ID.
    AccountId,
    /// The account ID in the spelling of host names.
    AccountIdInUrl,
    /// The address of the account's web services.
    AccountUrl,
    /// The Client ID.
    ClientId,
    /// The Client Secret.
    ClientSecret,
    /// The Certificate ID.
    CertificateId,
    /// The private key as text.
    PrivateKey,
    /// The path of the private key file.
    PrivateKeyPath,
    /// The scopes.
    Scope,
    /// The signing algorithm.
    Algorithm,
}

impl Value {
    /// The word of the data files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// NetSuite's own name for it, as far as it has one.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::AccountId => "Account ID",
            Self::AccountIdInUrl => "account ID as in host names",
            Self::AccountUrl => "SuiteTalk URL",
            Self::ClientId => "Client ID (Consumer Key)",
            Self::ClientSecret => "Client Secret (Consumer Secret)",
            Self::CertificateId => "Certificate ID",
            Self::PrivateKey => "private key",
            Self::PrivateKeyPath => "path of the private key file",
            Self::Scope => "scopes",
            Self::Algorithm => "signing algorithm",
        }
    }

    /// Whether it must never be shown.
    #[must_use]
    pub fn is_secret(self) -> bool {
        matches!(self, Self::ClientSecret | Self::PrivateKey)
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Guide {
    from: String,
    page: Option<String>,
    action: String,
}

/// One line of a hand-over sheet. It holds no value, only where to find it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HandOver {
    /// The field's name, as the integration's form has it.
    pub field: String,
    /// Which of our values goes in.
    pub value: Value,
    /// Whether it must never be shown.
    pub secret: bool,
    /// Where the value comes from.
    pub from: String,
    /// The page of NetSuite that shows it, by its name in `checks/shared/pages.toml`.
    pub page: Option<String>,
    /// What to do with it.
    pub action: String,
}

/// The values that every integration of this kind needs in some form, for those whose form is
/// not known.
const USUAL: [Value; 4] =
    [Value::AccountId, Value::ClientId, Value::CertificateId, Value::PrivateKey];

impl Profile {
    /// The hand-over sheet, in the order of the integration's form.
    #[must_use]
    pub fn fields(&self) -> Vec<HandOver> {
        self.form.iter().map(|field| hand_over(&field.name, field.value)).collect()
    }
}

/// The hand-over sheet for an integration whose form is not known, under NetSuite's own names.
#[must_use]
pub fn usual_fields() -> Vec<HandOver> {
    USUAL.into_iter().map(|value| hand_over(value.label(), value)).collect()
}

fn hand_over(name: &str, value: Value) -> HandOver {
    let missing = || format!("{} lacks", value.as_str());
    let guide = data::sound(FILE, GUIDES.get(&value).ok_or_else(missing));
    HandOver {
        field: name.to_owned(),
        value,
        secret: value.is_secret(),
        from: guide.from.clone(),
        page: guide.page.clone(),
        action: guide.action.clone(),
    }
}
