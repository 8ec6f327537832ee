//! Integration profiles: what a product that signs in to NetSuite asks for.
//!
//! The data stands in `checks/profiles/*.toml`, which can be edited without Rust. A user's own file
//! has the same form.

mod file;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::LazyLock;

pub use file::{FormValue, HandOver, usual_fields};
use serde::{Deserialize, Serialize};

use super::catalogue::Permission;
use crate::data;
use crate::types::near::near_names;
use crate::types::shown::shown;
use crate::types::{Algorithm, KeyType, Level, RecordRequest, Scope};

static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    let built_in = |(id, text): (&str, &str)| {
        let name = format!("profiles/{id}.toml");
        let profile = data::sound(&name, Profile::parse(text, &name, false));
        let own_name = (profile.id == id).then_some(profile);
        let profile = own_name.ok_or_else(|| "its `id` is another than its file's name".to_owned());
        data::sound(&name, profile.and_then(Profile::with_known_permissions))
    };
    data::folder("profiles").map(built_in).collect()
});

/// The profiles that are built in, by id, read at the first use.
pub fn profiles() -> &'static [Profile] {
    &PROFILES
}

/// There is no such profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is no profile{}; `netsuite-preflight list profiles` names them all, and --profile \
     takes the path of a TOML file of your own as well",
    shown(asked),
    near.as_ref().map(|id| format!(" (is it `{id}`?)")).unwrap_or_default()
)]
pub struct UnknownProfile {
    /// What was asked for.
    pub asked: String,
    /// The nearest id, where one is near.
    pub near: Option<String>,
}

/// The one profile of that id or name out of `all`; case does not matter.
///
/// # Errors
/// When there is none, with a near id.
pub fn find<'a>(all: &'a [Profile], name: &str) -> Result<&'a Profile, UnknownProfile> {
    let wanted = name.trim();
    let same = |profile: &&Profile| {
        profile.id.eq_ignore_ascii_case(wanted) || profile.name.eq_ignore_ascii_case(wanted)
    };
    all.iter().find(same).ok_or_else(|| {
        let near = near_names(wanted, all.iter().map(|profile| profile.id.as_str()), 1);
        UnknownProfile { asked: wanted.to_owned(), near: near.first().map(|id| (*id).to_owned()) }
    })
}

// What a profile says.

/// How well something about an integration is known; best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProfileGrade {
    /// The vendor's own guide says so.
    Documented,
    /// Read from the product's code, or seen by somebody.
    Observed,
    /// Concluded, as from what the guide's own commands make.
    Inferred,
    /// Nobody says so; it is a safe choice.
    Guess,
}

impl ProfileGrade {
    /// The word of the data files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::Inferred => "inferred",
            Self::Guess => "guess",
        }
    }

    /// Whether what contradicts it is wrong, rather than worth a look.
    #[must_use]
    pub fn is_firm(self) -> bool {
        self <= Self::Observed
    }
}

/// What an integration asks for. What nobody knows is empty or absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its id, kebab-case.
    pub id: String,
    /// The product's name.
    pub name: String,
    /// The page that it is taken from.
    pub source: String,
    /// When that was looked up, `YYYY-MM-DD`.
    pub date: String,
    /// How well it is known, unless a part says otherwise.
    pub grade: ProfileGrade,
    /// Who makes the key pair.
    pub key_owner: Option<KeyOwner>,
    /// Which keys it takes.
    pub keys: Keys,
    /// The scopes that it asks for.
    pub scopes: Vec<Scope>,
    /// The features that its guide has switched on.
    pub features: Vec<String>,
    /// The fields of its form, in their order. See [`Profile::fields`] for the hand-over.
    pub form: Vec<FormField>,
    /// The records that it uses.
    pub records: Vec<RecordAsked>,
    /// The permissions that it asks for.
    pub permissions: Vec<PermissionAsked>,
    /// Where its guide asks for what NetSuite refuses.
    pub conflicts: Vec<Conflict>,
    /// What to do in the product with what the form takes, in order.
    pub after: Vec<After>,
    /// What else is worth knowing.
    pub notes: Vec<String>,
}

/// A step in the product itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    /// What to do, or to know.
    pub text: String,
    /// How well it is known.
    pub grade: ProfileGrade,
}

/// Which keys an integration takes. An empty list is one that nobody knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// Kinds and sizes, of those that NetSuite takes.
    pub accepts: Vec<KeyType>,
    /// Forms.
    pub encodings: Vec<Encoding>,
    /// Whether the key may be encrypted.
    pub encrypted: Option<bool>,
    /// The algorithms that it signs with.
    pub algorithms: Vec<Algorithm>,
    /// How well that is known.
    pub grade: ProfileGrade,
}

/// One field of the integration's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormField {
    /// Its name, as the form has it.
    pub name: String,
    /// Which of our values it takes.
    pub value: FormValue,
}

/// A record type at a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordAsked {
    /// The type and level.
    pub request: RecordRequest,
    /// How well it is known.
    pub grade: ProfileGrade,
}

/// A permission for the role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionAsked {
    /// The permission.
    pub permission: Permission,
    /// The level, where the guide names one.
    pub level: Option<Level>,
    /// How well it is known.
    pub grade: ProfileGrade,
}

/// What a guide asks for and NetSuite refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asks {
    /// An RSA key of 2048 bits.
    #[serde(rename = "rsa-2048")]
    Rsa2048,
    /// A bare public key in place of a certificate.
    PublicKey,
}

/// Where a guide asks for what NetSuite refuses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conflict {
    /// What it asks for.
    pub asks: Asks,
    /// The same as a sentence.
    pub says: String,
    /// What to do instead.
    pub instead: String,
}

impl Profile {
    /// The record requests, in the order of the profile.
    #[must_use]
    pub fn record_requests(&self) -> Vec<RecordRequest> {
        self.records.iter().map(|asked| asked.request.clone()).collect()
    }

    /// The kind of key to make for it: the first that it is known to take, or else RSA 4096, as in
    /// the recipe of NetSuite's help. The name is one of `generate --key-type`.
    #[must_use]
    pub fn key_to_make(&self) -> KeyType {
        self.keys.accepts.first().copied().unwrap_or(KeyType::Rsa4096)
    }

    /// Whether the form has a field for this value.
    #[must_use]
    pub fn asks_for(&self, value: FormValue) -> bool {
        self.form.iter().any(|field| field.value == value)
    }
}

// The fixed words of a profile.

/// The form of a private key in PEM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// `PRIVATE KEY`.
    Pkcs8,
    /// `RSA PRIVATE KEY`.
    Pkcs1,
    /// `EC PRIVATE KEY`.
    Sec1,
}

impl Encoding {
    /// The word of the data files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pkcs8 => "pkcs8",
            Self::Pkcs1 => "pkcs1",
            Self::Sec1 => "sec1",
        }
    }

    /// Whether a key of that kind can have this form.
    #[must_use]
    pub fn holds(self, rsa: bool) -> bool {
        match self {
            Self::Pkcs8 => true,
            Self::Pkcs1 => rsa,
            Self::Sec1 => !rsa,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pkcs8 => "PKCS#8 (PRIVATE KEY)",
            Self::Pkcs1 => "PKCS#1 (RSA PRIVATE KEY)",
            Self::Sec1 => "SEC 1 (EC PRIVATE KEY)",
        })
    }
}

/// Who makes the key pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyOwner {
    /// The administrator; the integration gets the private key.
    Customer,
    /// The integration; the administrator gets the certificate alone.
    Vendor,
}
