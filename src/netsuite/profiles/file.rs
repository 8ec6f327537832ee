//! The files of profiles as they are written, and what must hold of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{
    After, Conflict, Encoding, FormField, KeyOwner, Keys, PermissionAsked, Profile, ProfileGrade,
    RecordAsked,
};
use crate::data;
use crate::netsuite::catalogue::{Catalogue, Category, Permission, catalogue};
use crate::types::plain::{is_plain, offending};
use crate::types::shown::{message, shown};
use crate::types::{Algorithm, KeyType, Level, Scope};

/// A profile is not what it must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the profile {} cannot be used: {}; checks/profiles/README.md says how to write one",
    shown(file),
    message(what)
)]
pub struct BadProfile {
    file: String,
    what: String,
}

impl BadProfile {
    fn new(file: &str, what: impl Into<String>) -> Self {
        Self { file: file.to_owned(), what: what.into() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Raw {
    id: String,
    name: String,
    source: String,
    date: String,
    grade: ProfileGrade,
    key_owner: Option<KeyOwner>,
    #[serde(default)]
    scopes: Vec<Scope>,
    #[serde(default)]
    features: Vec<String>,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    keys: RawKeys,
    #[serde(default)]
    fields: Vec<RawField>,
    #[serde(default)]
    after: Vec<RawAfter>,
    #[serde(default)]
    records: Vec<ProfileRecord>,
    #[serde(default)]
    permissions: Vec<ProfilePermission>,
    #[serde(default)]
    conflicts: Vec<Conflict>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawKeys {
    accepts: Vec<KeyType>,
    encodings: Vec<Encoding>,
    encrypted: Option<bool>,
    algorithms: Vec<String>,
    grade: Option<ProfileGrade>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField {
    name: String,
    value: FormValue,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAfter {
    text: String,
    grade: Option<ProfileGrade>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileRecord {
    record: String,
    #[serde(default = "view")]
    level: Level,
    grade: Option<ProfileGrade>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfilePermission {
    id: String,
    subtab: Option<Category>,
    label: Option<String>,
    level: Option<Level>,
    grade: Option<ProfileGrade>,
}

fn view() -> Level {
    Level::View
}

impl Profile {
    /// Reads a profile. `file` names it in errors, which never quote what stands in the file.
    ///
    /// # Errors
    /// When it is no TOML, or names what does not exist.
    pub fn parse(text: &str, file: &str, allow_unlisted: bool) -> Result<Self, BadProfile> {
        let wrong = |what: String| BadProfile::new(file, what);
        if text.contains("-----BEGIN") {
            return Err(wrong("it is a key or certificate, not a profile".to_owned()));
        }
        let failed = |error: toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.map_or(1, |before| before.matches('\n').count() + 1);
            wrong(format!("line {line}: {}", error.message()))
        };
        let table: toml::Table = toml::from_str(text).map_err(failed)?;
        if let Some(place) = offending(&table) {
            return Err(wrong(format!(
                "{place} holds a control character; texts stand on one line"
            )));
        }
        let raw: Raw = toml::from_str(text).map_err(failed)?;
        let profile = raw.resolve(catalogue(), allow_unlisted).map_err(wrong)?;
        profile.validate().map_err(wrong)?;
        Ok(profile)
    }

    /// The profile itself, where the catalogue has every permission that it asks for: only then are
    /// the levels known that the role page offers.
    pub(super) fn with_known_permissions(self) -> Result<Self, String> {
        let unknown = |asked: &&PermissionAsked| {
            catalogue().permission(&asked.permission.id).is_none_or(|own| *own != asked.permission)
        };
        match self.permissions.iter().find(unknown) {
            Some(asked) => {
                Err(format!("{} has no entry in records/permissions.toml", asked.permission))
            }
            None => Ok(self),
        }
    }

    fn validate(&self) -> Result<(), String> {
        let kebab = self.id.starts_with(|c: char| c.is_ascii_lowercase())
            && self.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !kebab || self.id.len() > 40 {
            return Err("`id` takes up to 40 lower-case letters, digits and hyphens".to_owned());
        }
        self.date
            .parse::<jiff::civil::Date>()
            .map_err(|_| "`date` takes a day such as 2026-11-23".to_owned())?;
        let texts = [&self.name, &self.source].into_iter();
        let texts = texts.chain(&self.features).chain(&self.notes);
        let texts = texts.chain(self.after.iter().map(|after| &after.text));
        let texts = texts.chain(self.form.iter().map(|field| &field.name));
        let texts = texts.chain(self.conflicts.iter().flat_map(|c| [&c.says, &c.instead]));
        for text in texts {
            if text.trim().is_empty() || text.len() > 500 || !is_plain(text) {
                return Err("texts take 1 to 500 characters on one line".to_owned());
            }
        }
        self.validate_form()?;
        self.validate_keys()
    }

    fn validate_form(&self) -> Result<(), String> {
        for (at, field) in self.form.iter().enumerate() {
            let others = self.form.iter().take(at);
            if others.into_iter().any(|o| o.name == field.name || o.value == field.value) {
                return Err(format!("the field {} stands twice, or its value", field.name));
            }
        }
        let takes_key =
            self.asks_for(FormValue::PrivateKey) || self.asks_for(FormValue::PrivateKeyPath);
        if takes_key && self.key_owner == Some(KeyOwner::Vendor) {
            return Err("a vendor that makes the key has no field for it".to_owned());
        }
        for (at, asked) in self.records.iter().enumerate() {
            if self.records.iter().take(at).any(|other| other.request == asked.request) {
                return Err(format!("the record {} stands twice", asked.request));
            }
        }
        Ok(())
    }

    fn validate_keys(&self) -> Result<(), String> {
        let keys = &self.keys;
        if keys.accepts.is_empty() {
            return Ok(());
        }
        for encoding in &keys.encodings {
            if !keys.accepts.iter().any(|key| encoding.holds(key.is_rsa())) {
                return Err(format!("no key that is accepted can be {encoding}"));
            }
        }
        for algorithm in &keys.algorithms {
            if !keys.accepts.iter().any(|key| key.kind().fits(*algorithm)) {
                return Err(format!("no key that is accepted can sign with {algorithm}"));
            }
        }
        Ok(())
    }
}

impl Raw {
    fn resolve(self, catalogue: &Catalogue, allow_unlisted: bool) -> Result<Profile, String> {
        let usual = self.grade;
        let record = |raw: ProfileRecord| {
            let record =
                catalogue.resolve(&raw.record, allow_unlisted).map_err(|e| e.to_string())?;
            let request = crate::types::RecordRequest { record, level: raw.level };
            Ok::<_, String>(RecordAsked { request, grade: raw.grade.unwrap_or(usual) })
        };
        let algorithm =
            |name: &String| name.parse::<Algorithm>().map_err(|error| error.to_string());
        Ok(Profile {
            keys: Keys {
                accepts: self.keys.accepts,
                encodings: self.keys.encodings,
                encrypted: self.keys.encrypted,
                algorithms: self.keys.algorithms.iter().map(algorithm).collect::<Result<_, _>>()?,
                grade: self.keys.grade.unwrap_or(usual),
            },
            form: self
                .fields
                .into_iter()
                .map(|raw| FormField { name: raw.name, value: raw.value })
                .collect(),
            after: self
                .after
                .into_iter()
                .map(|raw| After { text: raw.text, grade: raw.grade.unwrap_or(usual) })
                .collect(),
            records: self.records.into_iter().map(record).collect::<Result<_, _>>()?,
            permissions: self
                .permissions
                .into_iter()
                .map(|raw| raw.resolve(catalogue, usual))
                .collect::<Result<_, _>>()?,
            id: self.id,
            name: self.name,
            source: self.source,
            date: self.date,
            grade: usual,
            key_owner: self.key_owner,
            scopes: self.scopes,
            features: self.features,
            conflicts: self.conflicts,
            notes: self.notes,
        })
    }
}

fn is_permission(id: &str) -> bool {
    (1..=100).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

impl ProfilePermission {
    fn resolve(
        self,
        catalogue: &Catalogue,
        usual: ProfileGrade,
    ) -> Result<PermissionAsked, String> {
        let id = self.id;
        let permission = match (catalogue.permission(&id), self.subtab, self.label) {
            (Some(known), None, None) => known.clone(),
            (Some(_), ..) => return Err(format!("{id} is known; leave out subtab and label")),
            (None, ..) if !is_permission(&id) => {
                return Err("the id of a permission has letters, digits and underscores".to_owned());
            }
            (None, _, Some(name)) if name.trim().is_empty() || name.len() > 200 => {
                return Err("the label of a permission takes 1 to 200 characters".to_owned());
            }
            (None, Some(category), Some(name)) => Permission {
                name,
                category,
                // Which levels the page offers for it is not known, so the profile's word counts.
                lowest: self.level.ok_or_else(|| format!("{id} is not known; give its level"))?,
                aliases: Vec::new(),
                caution: None,
                id,
            },
            (None, ..) => {
                return Err(format!("{id} is not known; give its subtab, label and level"));
            }
        };
        if self.level.is_some_and(|level| level < permission.lowest) {
            return Err(format!("{permission} cannot be had below {}", permission.lowest));
        }
        let grade = self.grade.unwrap_or(usual);
        Ok(PermissionAsked { permission, level: self.level, grade })
    }
}

// The hand-over: which value goes into which field of the integration's form.

const FILE: &str = "shared/profile-fields.toml";

static GUIDES: LazyLock<BTreeMap<FormValue, Guide>> = LazyLock::new(|| data::read(FILE));

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
pub enum FormValue {
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

impl FormValue {
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
    pub value: FormValue,
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
const USUAL: [FormValue; 4] =
    [FormValue::AccountId, FormValue::ClientId, FormValue::CertificateId, FormValue::PrivateKey];

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

fn hand_over(name: &str, value: FormValue) -> HandOver {
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
