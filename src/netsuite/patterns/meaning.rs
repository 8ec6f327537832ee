//! What an answer of NetSuite's means.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Captures;
use crate::data;
use crate::netsuite::catalogue::{Catalogue, Permission};
use crate::types::{Grade, Step};

/// A permission as NetSuite quotes it: `Lists -> Currency`, sometimes `Currency` alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotedPermission {
    /// The quoted text, white space made even.
    pub label: String,
    /// The part before the arrow.
    pub category: Option<String>,
    /// The part after the arrow, or all of it.
    pub name: String,
}

impl QuotedPermission {
    /// Takes a quoted text apart.
    #[must_use]
    pub fn new(label: &str) -> Self {
        let (category, name) = match label.split_once("->") {
            Some((category, name)) => (Some(category.trim().to_owned()), name.trim()),
            None => (None, label.trim()),
        };
        Self { label: label.trim().to_owned(), name: name.to_owned(), category }
    }

    /// The permission of the catalogue that carries this label, if exactly one does.
    #[must_use]
    pub fn permission<'a>(&self, catalogue: &'a Catalogue) -> Option<&'a Permission> {
        catalogue.permission_by_label(&self.label)
    }
}

/// What an answer of NetSuite's means. Texts are as NetSuite gave them. The data files name it by
/// [`MeaningId`].
#[derive(Debug, Clone, PartialEq, Eq, strum::EnumDiscriminants)]
#[strum_discriminants(name(MeaningId), vis(pub(super)))]
#[strum_discriminants(derive(Deserialize), serde(rename_all = "kebab-case"))]
pub enum Meaning {
    /// The role lacks the quoted permission altogether.
    PermissionAbsent {
        /// Not always the permission one expects.
        quoted: QuotedPermission,
    },
    /// The role has the quoted permission at too low a level.
    LevelTooLow {
        /// Not always the permission one expects.
        quoted: QuotedPermission,
    },
    /// A permission is absent or its level too low; the answer does not say which.
    PermissionRefused {
        /// The permission, where the answer names one.
        quoted: Option<QuotedPermission>,
        /// NetSuite's wording of what is needed, where it has one.
        level: Option<String>,
    },
    /// The role may not see a custom record type.
    CustomRecordRefused {
        /// The type as NetSuite calls it.
        record: Option<String>,
    },
    /// A permission besides the record's own is needed; any one of these.
    SecondaryPermission {
        /// The permissions that would do.
        any_of: Vec<QuotedPermission>,
        /// The level, where the answer names one.
        level: Option<String>,
    },
    /// A restriction of the role, not a permission, leaves this row out.
    Restriction {
        /// Which: `subsidiary`, `department`, …
        kind: Option<String>,
    },
    /// The role may not see this type of transaction; absent or too low.
    TransactionTypeRefused,
    /// The role may not create such a record.
    CreateRefused,
    /// The role may not read or set a field.
    FieldRefused {
        /// The field.
        field: Option<String>,
    },
    /// The role may not do what was asked: a list or a query without SuiteAnalytics Workbook; for
    /// anything else the words stand alone.
    RoleNotAdmitted,
    /// A workflow locks this one record, even for reading.
    RecordLockedByWorkflow,
    /// This one record belongs to an administrator.
    AdministratorRecord,
    /// The type needs the feature REST Record Service (Beta).
    BetaFeature {
        /// The type.
        record: Option<String>,
    },
    /// There is no such type, or its feature is off.
    UnknownRecordType {
        /// The type.
        record: Option<String>,
    },
    /// No such record, or one that is hidden from the role.
    NoSuchInstance,
    /// The id has the wrong form.
    InvalidIdentifier {
        /// The id.
        id: Option<String>,
    },
    /// A transaction of another type, or none at all.
    WrongTransactionType,
    /// The path is wrong.
    InvalidUrl,
    /// The type does not offer the operation to anybody.
    OperationNotOffered {
        /// What it offers instead.
        operations: Vec<String>,
    },
    /// A mandatory field is missing from the request.
    ValueMissing {
        /// The fields as NetSuite labels them.
        fields: Option<String>,
    },
    /// A record of that name stands already.
    AlreadyExists,
    /// A value does not fit, or refers to what the role cannot see.
    InvalidContent {
        /// The field, where one is named.
        field: Option<String>,
    },
    /// A field that this role, form or account does not have.
    UnknownField,
    /// The role cannot read the type, or its feature is off.
    UnreadableOrFeatureOff,
    /// The idempotency key was used before.
    IdempotencyConflict,
    /// The table exists, and the role may not see it or its feature is off.
    QueryTableHidden {
        /// The table.
        table: Option<String>,
    },
    /// There is no such table.
    QueryTableUnknown {
        /// The table.
        table: Option<String>,
    },
    /// The column is hidden or misspelt.
    QueryColumnHidden {
        /// The column.
        column: Option<String>,
    },
    /// The query cannot be understood.
    QuerySyntax,
    /// The login is refused: from an expired token to a role without the login permission.
    LoginRefused,
    /// The request has the wrong form.
    MalformedRequest,
    /// Too many requests at once.
    RateLimited,
    /// A fault inside NetSuite.
    UnexpectedError {
        /// What NetSuite's support can look up.
        error_id: Option<String>,
    },
    /// A script of the account failed.
    ScriptError,
    /// None that is known.
    #[strum_discriminants(serde(skip))]
    Unknown,
}

impl Meaning {
    /// Fills a meaning with what the template's slots took. A meaning that cannot do without a
    /// value that is missing is `None`.
    pub(super) fn fill(id: MeaningId, mut got: Captures) -> Option<Self> {
        let mut take = |name: &str| got.remove(name);
        let quoted = take("quoted").map(|label| QuotedPermission::new(&label));
        Some(match id {
            MeaningId::PermissionAbsent => Self::PermissionAbsent { quoted: quoted? },
            MeaningId::LevelTooLow => Self::LevelTooLow { quoted: quoted? },
            MeaningId::PermissionRefused => {
                Self::PermissionRefused { quoted, level: take("level") }
            }
            MeaningId::CustomRecordRefused => Self::CustomRecordRefused { record: take("record") },
            MeaningId::SecondaryPermission => {
                let other = take("other").map(|label| QuotedPermission::new(&label));
                let any_of = quoted.into_iter().chain(other).collect();
                Self::SecondaryPermission { any_of, level: take("level") }
            }
            MeaningId::Restriction => Self::Restriction { kind: take("restriction") },
            MeaningId::TransactionTypeRefused => Self::TransactionTypeRefused,
            MeaningId::CreateRefused => Self::CreateRefused,
            MeaningId::FieldRefused => Self::FieldRefused { field: take("field") },
            MeaningId::RoleNotAdmitted => Self::RoleNotAdmitted,
            MeaningId::RecordLockedByWorkflow => Self::RecordLockedByWorkflow,
            MeaningId::AdministratorRecord => Self::AdministratorRecord,
            MeaningId::BetaFeature => Self::BetaFeature { record: take("record") },
            MeaningId::UnknownRecordType => Self::UnknownRecordType { record: take("record") },
            MeaningId::NoSuchInstance => Self::NoSuchInstance,
            MeaningId::InvalidIdentifier => Self::InvalidIdentifier { id: take("id") },
            MeaningId::WrongTransactionType => Self::WrongTransactionType,
            MeaningId::InvalidUrl => Self::InvalidUrl,
            MeaningId::OperationNotOffered => {
                let listed = take("operations").unwrap_or_default();
                let words = listed.split(',').map(str::trim).filter(|word| !word.is_empty());
                Self::OperationNotOffered { operations: words.map(str::to_owned).collect() }
            }
            MeaningId::ValueMissing => Self::ValueMissing { fields: take("fields") },
            MeaningId::AlreadyExists => Self::AlreadyExists,
            MeaningId::InvalidContent => Self::InvalidContent { field: take("field") },
            MeaningId::UnknownField => Self::UnknownField,
            MeaningId::UnreadableOrFeatureOff => Self::UnreadableOrFeatureOff,
            MeaningId::IdempotencyConflict => Self::IdempotencyConflict,
            MeaningId::QueryTableHidden => Self::QueryTableHidden { table: take("table") },
            MeaningId::QueryTableUnknown => Self::QueryTableUnknown { table: take("table") },
            MeaningId::QueryColumnHidden => Self::QueryColumnHidden { column: take("column") },
            MeaningId::QuerySyntax => Self::QuerySyntax,
            MeaningId::LoginRefused => Self::LoginRefused,
            MeaningId::MalformedRequest => Self::MalformedRequest,
            MeaningId::RateLimited => Self::RateLimited,
            MeaningId::UnexpectedError => {
                let rest = take("error_id").unwrap_or_default();
                let word = rest.split_whitespace().next().map(|word| word.trim_end_matches('.'));
                Self::UnexpectedError { error_id: word.map(str::to_owned) }
            }
            MeaningId::ScriptError => Self::ScriptError,
            MeaningId::Unknown => return None,
        })
    }
}

// What the Login Audit Trail's Detail values and the token endpoint's `error` values mean.

static GUIDANCE: LazyLock<Guidance> = LazyLock::new(|| Guidance {
    audit: data::read("patterns/login-audit.toml"),
    token: data::read("patterns/token-errors.toml"),
    codes: data::read("patterns/error-codes.toml"),
});

/// What the three lists say, read at the first use.
pub fn guidance() -> &'static Guidance {
    &GUIDANCE
}

/// A value of the column Detail of the Login Audit Trail.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetailMeaning {
    /// What it means.
    pub means: String,
    /// Whether it can come from the client credentials grant or from a call with its token.
    pub machine_to_machine: bool,
    /// How well the meaning is known.
    pub grade: Grade,
    /// Where it comes from.
    pub source: String,
    /// What to do.
    #[serde(default)]
    pub fix: Vec<Step>,
}

/// A value of the member `error` in an answer of the token endpoint.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenErrorMeaning {
    /// What it means.
    pub means: String,
    /// What it does not tell, where that is easily mistaken.
    pub caution: Option<String>,
    /// The HTTP statuses it was seen or documented with.
    pub statuses: Vec<u16>,
    /// How well the meaning for the client credentials grant is known.
    pub grade: Grade,
    /// Where it comes from.
    pub source: String,
    /// What to do.
    #[serde(default)]
    pub fix: Vec<Step>,
}

/// What an `o:errorCode` says by itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorCodeMeaning {
    /// What it means, as far as the code alone tells.
    pub means: String,
    /// The HTTP statuses it was seen or documented with.
    pub statuses: Vec<u16>,
    /// The causes that may stand behind it, by id.
    pub causes: Vec<String>,
    /// How well that is known.
    pub grade: Grade,
    /// Where it comes from.
    pub source: String,
}

/// The three lists.
#[derive(Debug)]
pub struct Guidance {
    audit: BTreeMap<String, DetailMeaning>,
    token: BTreeMap<String, TokenErrorMeaning>,
    codes: BTreeMap<String, ErrorCodeMeaning>,
}

impl Guidance {
    /// All Detail values, by name.
    pub fn audit_details(&self) -> impl Iterator<Item = (&str, &DetailMeaning)> {
        self.audit.iter().map(|(name, detail)| (name.as_str(), detail))
    }

    /// The Detail value, in NetSuite's spelling, and what it means. Case and the white space around
    /// it do not matter.
    #[must_use]
    pub fn audit_detail(&self, value: &str) -> Option<(&str, &DetailMeaning)> {
        self.audit_details().find(|(name, _)| name.eq_ignore_ascii_case(value.trim()))
    }

    /// All `error` values, by name.
    pub fn token_errors(&self) -> impl Iterator<Item = (&str, &TokenErrorMeaning)> {
        self.token.iter().map(|(name, error)| (name.as_str(), error))
    }

    /// What the token endpoint's `error` value means. Case does not matter.
    #[must_use]
    pub fn token_error(&self, value: &str) -> Option<(&str, &TokenErrorMeaning)> {
        self.token_errors().find(|(name, _)| name.eq_ignore_ascii_case(value.trim()))
    }

    /// All values of `o:errorCode`, by name.
    pub fn error_codes(&self) -> impl Iterator<Item = (&str, &ErrorCodeMeaning)> {
        self.codes.iter().map(|(name, code)| (name.as_str(), code))
    }

    /// What an `o:errorCode` means. Case does not matter.
    #[must_use]
    pub fn error_code(&self, value: &str) -> Option<(&str, &ErrorCodeMeaning)> {
        self.error_codes().find(|(name, _)| name.eq_ignore_ascii_case(value.trim()))
    }
}
