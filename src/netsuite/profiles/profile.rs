//! What a profile says.

use serde::{Deserialize, Serialize};

use super::fields::Value;
use super::words::{Encoding, KeyOwner};
use crate::netsuite::catalogue::Permission;
use crate::types::{Algorithm, KeyType, Level, RecordRequest, Scope};

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
    /// What else is worth knowing.
    pub notes: Vec<String>,
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
    pub value: Value,
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
    pub fn asks_for(&self, value: Value) -> bool {
        self.form.iter().any(|field| field.value == value)
    }
}
