//! What the catalogue knows about a record type and a permission.

use std::fmt;

use serde::{Deserialize, Serialize};

use strum::VariantArray as _;

use crate::types::{Grade, Level};

/// The subtab of the role's Permissions page on which a permission stands.
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
    strum::Display,
)]
pub enum Category {
    /// Transactions.
    Transactions,
    /// Reports.
    Reports,
    /// Lists.
    Lists,
    /// Setup.
    Setup,
    /// Custom Record.
    #[serde(rename = "Custom Record")]
    #[strum(serialize = "Custom Record")]
    CustomRecord,
}

impl Category {
    /// The label of the subtab.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A permission that a role can hold. Displayed as `Lists > Customers (LIST_CUSTJOB)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// The id, as in an SDF customrole: `LIST_CUSTJOB`. For an account's own type its script id.
    pub id: String,
    /// The subtab.
    pub category: Category,
    /// The line on the subtab: `Customers`.
    pub name: String,
    /// The lowest level that the role page offers for it. Some offer Full alone.
    pub lowest: Level,
    /// Other labels seen for the same line.
    pub aliases: Vec<String>,
}

impl Permission {
    /// The levels that the role page offers for it, lowest first.
    #[must_use]
    pub fn levels(&self) -> &'static [Level] {
        let first =
            Level::VARIANTS.iter().position(|level| *level == self.lowest).unwrap_or_default();
        Level::VARIANTS.get(first..).unwrap_or_default()
    }

    /// The lowest level on offer that serves a need of `wanted`.
    #[must_use]
    pub fn serving(&self, wanted: Level) -> Level {
        wanted.max(self.lowest)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} > {} ({})", self.category, self.name, self.id)
    }
}

/// What sort of record a type is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordKind {
    /// A person or company.
    Entity,
    /// A transaction; its SuiteQL rows are limited to the transaction types the role may see.
    Transaction,
    /// An item.
    Item,
    /// Anything else that NetSuite brings along.
    Other,
    /// The account's own.
    Custom,
}

/// How the link between a record type and its permission is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Confidence {
    /// Oracle's workbook and a Records Catalog agree.
    #[serde(rename = "official+catalog")]
    OfficialAndCatalog,
    /// Oracle's workbook or help page.
    #[serde(rename = "official")]
    Official,
    /// Seen in an account's Records Catalog.
    #[serde(rename = "catalog")]
    Catalog,
    /// Sources disagree: see the alternatives.
    #[serde(rename = "conflict")]
    Conflict,
    /// Concluded, and likely.
    #[serde(rename = "inferred-high")]
    InferredHigh,
    /// Concluded, and shaky.
    #[serde(rename = "inferred-low")]
    InferredLow,
}

impl Confidence {
    /// The grade of evidence. Where sources disagree, the choice between them is a conclusion.
    #[must_use]
    pub fn grade(self) -> Grade {
        match self {
            Self::OfficialAndCatalog | Self::Official => Grade::Documented,
            Self::Catalog => Grade::Observed,
            Self::Conflict | Self::InferredHigh | Self::InferredLow => Grade::Inferred,
        }
    }
}

/// A feature that the account must have for the type to exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// Its name, or the names of several.
    pub name: String,
    /// Who says so: a name of `checks/records/sources.toml` or a help page.
    pub source: String,
    /// How well it is known.
    pub grade: Grade,
}

/// A permission that another source names for the same record type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// The permission.
    pub permission: Permission,
    /// Who names it.
    pub source: String,
    /// How well it is known.
    pub grade: Grade,
}

/// What is known about one record type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordEntry {
    /// NetSuite's own spelling.
    pub name: String,
    /// Its kind.
    pub kind: RecordKind,
    /// The permission that governs it.
    pub permission: Permission,
    /// The lowest level that serves reading: View, or Full where nothing less can be chosen.
    pub min_level: Level,
    /// The levels that the role page offers.
    pub levels: &'static [Level],
    /// The feature it needs, where one is known.
    pub feature: Option<Feature>,
    /// The SuiteQL table that holds such records, where one is known.
    pub suiteql_table: Option<String>,
    /// The permission for that table; not always the record's own.
    pub suiteql_permission: Option<Permission>,
    /// How well table and its permission are known.
    pub suiteql_grade: Option<Grade>,
    /// How well the permission is known.
    pub grade: Grade,
    /// The same in the word of the data file.
    pub confidence: Confidence,
    /// Who names the permission.
    pub sources: Vec<String>,
    /// What other sources name instead; to be offered together with the permission.
    pub alternatives: Vec<Alternative>,
    /// Words people use for the type.
    pub aliases: Vec<String>,
    /// What else is known.
    pub notes: Option<String>,
}

impl RecordEntry {
    /// This entry of an account's own types with the type's script id in the placeholder's stead.
    #[must_use]
    pub(super) fn named(&self, script_id: &str) -> Self {
        let rename = |permission: &mut Permission| {
            if permission.id.contains("<id>") {
                script_id.clone_into(&mut permission.id);
                script_id.clone_into(&mut permission.name);
            }
        };
        let mut entry = Self { name: script_id.to_owned(), ..self.clone() };
        rename(&mut entry.permission);
        entry.alternatives.iter_mut().for_each(|other| rename(&mut other.permission));
        entry
    }
}
