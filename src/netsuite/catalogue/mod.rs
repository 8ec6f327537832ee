//! The record catalogue: what is known about every record type of the REST record service.
//!
//! The data stands in `checks/records/*.toml`, which can be edited without Rust; a test reads it.

mod files;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::LazyLock;

pub use files::{Need, Task, needs, said_by};
use serde::{Deserialize, Serialize};
use strum::VariantArray as _;

use super::not_offered::not_offered;
use crate::types::UnknownLevel;
use crate::types::near::{bare, near_names};
use crate::types::shown::shown;
use crate::types::{Grade, Level, RecordRequest, RecordType};

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(files::catalogue);

/// The catalogue, read at the first use.
pub fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

/// All record types and permissions that are known.
#[derive(Debug)]
pub struct Catalogue {
    entries: Vec<RecordEntry>,
    by_name: HashMap<String, usize>,
    permissions: BTreeMap<String, Permission>,
}

impl Catalogue {
    /// All entries, by kind of record and then by name. The last ones stand for an account's own
    /// types and have `<id>` in their names.
    #[must_use]
    pub fn all(&self) -> &[RecordEntry] {
        &self.entries
    }

    /// The entry of that name, whatever its case. An account's own type (`customrecord_…`) gets an
    /// entry made for it, whose alternatives hold the other route to its permission.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Cow<'_, RecordEntry>> {
        let lower = name.to_ascii_lowercase();
        if let Some(entry) = self.by_name.get(&lower).and_then(|at| self.entries.get(*at)) {
            return Some(Cow::Borrowed(entry));
        }
        if !lower.parse::<RecordType>().is_ok_and(|record| record.is_custom()) {
            return None;
        }
        let model = ["customrecord", "customlist", "customtransaction"]
            .into_iter()
            .find(|prefix| lower.starts_with(prefix))?;
        let entry = self.entries.get(*self.by_name.get(&format!("{model}_<id>"))?)?;
        Some(Cow::Owned(entry.named(&lower)))
    }

    /// NetSuite's spelling of a type that the catalogue knows; script ids of own types are lower
    /// case.
    #[must_use]
    pub fn canonical(&self, name: &str) -> Option<String> {
        self.find(name).map(|entry| entry.name.clone())
    }

    /// At most `count` names near to one that the catalogue lacks, the nearest first.
    #[must_use]
    pub fn near(&self, name: &str, count: usize) -> Vec<&str> {
        names(&self.entries, name, count)
    }

    /// The record types that a word of the screens or of people means, or its plural; the likeliest
    /// first.
    #[must_use]
    pub fn meant_by(&self, word: &str) -> Vec<&str> {
        meant(&self.entries, word)
    }

    /// All permissions, by id.
    #[cfg(test)]
    pub fn permissions(&self) -> impl Iterator<Item = &Permission> {
        self.permissions.values()
    }

    /// The lines of the role page and the record types, as somebody may name them.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        let permissions = self.permissions.values();
        let names = permissions.flat_map(|known| [known.name.as_str(), known.id.as_str()]);
        let types = self.entries.iter().map(|entry| entry.name.as_str());
        names.chain(types.filter(|name| !name.contains('<')))
    }

    /// The permission with that id.
    #[must_use]
    pub fn permission(&self, id: &str) -> Option<&Permission> {
        self.permissions.get(id)
    }

    /// The permission that NetSuite quotes as `Lists -> Customers`, or `Customers` alone. Case and
    /// white space do not matter. `None` where no or more than one permission has that label.
    #[must_use]
    pub fn permission_by_label(&self, label: &str) -> Option<&Permission> {
        let (category, name) = match label.split_once("->") {
            Some((category, name)) => (Some(plain(category)), plain(name)),
            None => (None, plain(label)),
        };
        let mut fitting = self.permissions.values().filter(|permission| {
            category.as_ref().is_none_or(|wanted| plain(permission.category.as_str()) == *wanted)
                && (plain(&permission.name) == name
                    || permission.aliases.iter().any(|alias| plain(alias) == name))
        });
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first)
    }
}

/// Lower case, single spaces.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

// What the catalogue knows about a record type and a permission.

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
    /// What to know before it is given to a role.
    pub caution: Option<Caution>,
}

/// What to know about a permission before it is given to the role of an integration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caution {
    /// The same in plain words.
    pub text: String,
    /// Who says so.
    pub source: String,
    /// How well it is known.
    pub grade: Grade,
    /// Whether a role that holds it does not get in with OAuth 2.0.
    #[serde(default)]
    pub bars_sign_in: bool,
}

impl Permission {
    /// The levels that the role page offers for it, lowest first.
    #[must_use]
    pub fn levels(&self) -> &'static [Level] {
        let first =
            Level::VARIANTS.iter().position(|level| *level == self.lowest).unwrap_or_default();
        Level::VARIANTS.get(first..).unwrap_or_default()
    }

    /// Whether a role that holds it does not get in with OAuth 2.0.
    #[must_use]
    pub fn bars_sign_in(&self) -> bool {
        self.caution.as_ref().is_some_and(|caution| caution.bars_sign_in)
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
    fn named(&self, script_id: &str) -> Self {
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

// From what was typed to a record type in NetSuite's spelling.

/// How many near names an unknown one brings.
const NEAR: usize = 5;

/// The catalogue has no such record type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is not a record type that the catalogue knows{}",
    shown(asked),
    suggestion(asked, near)
)]
pub struct UnknownRecord {
    /// What was asked for.
    pub asked: String,
    /// Whether it could be a type at all; if not, `--allow-unlisted-records` cannot help.
    pub well_formed: bool,
    /// Names near to it, the nearest first.
    pub near: Vec<String>,
}

fn suggestion(asked: &str, near: &[String]) -> String {
    if let Some(known) = not_offered(asked) {
        let text = ", and NetSuite's REST services offer it to nobody. ";
        return format!("{text}{}", known.instead.trim_end_matches('.'));
    }
    match near {
        [] => "; `netsuite-preflight list records` shows all that it knows".to_owned(),
        [one] => format!("; `{one}` is near to it"),
        many => format!("; near to it are `{}`", many.join("`, `")),
    }
}

/// The text is no `TYPE[:LEVEL]` that can be asked for.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownRequest {
    /// The part before the colon.
    #[error(transparent)]
    Record(#[from] UnknownRecord),
    /// The part after the colon.
    #[error(transparent)]
    Level(#[from] UnknownLevel),
}

impl Catalogue {
    /// The record type of that name, in NetSuite's spelling. Case does not matter. An account's own
    /// types pass, and with `allow_unlisted` every name that can be a type.
    ///
    /// # Errors
    /// When the catalogue has no such type, with near names.
    pub fn resolve(&self, name: &str, allow_unlisted: bool) -> Result<RecordType, UnknownRecord> {
        let typed = name.trim();
        let parsed = typed.parse::<RecordType>();
        if let (Some(spelling), Ok(_)) = (self.canonical(typed), &parsed)
            && let Ok(record) = spelling.parse()
        {
            return Ok(record);
        }
        match parsed {
            Ok(record) if allow_unlisted => Ok(record),
            parsed => Err(UnknownRecord {
                asked: typed.to_owned(),
                well_formed: parsed.is_ok(),
                near: self.near(typed, NEAR).into_iter().map(str::to_owned).collect(),
            }),
        }
    }

    /// The request of the form `TYPE[:LEVEL]`, its type in NetSuite's spelling; View unless stated.
    ///
    /// # Errors
    /// When the catalogue has no such type or there is no such level.
    pub fn resolve_request(
        &self,
        text: &str,
        allow_unlisted: bool,
    ) -> Result<RecordRequest, UnknownRequest> {
        let (name, level) = match text.split_once(':') {
            Some((name, level)) => (name, level.trim().parse()?),
            None => (text, Level::View),
        };
        Ok(RecordRequest { record: self.resolve(name, allow_unlisted)?, level })
    }
}

// Names near to one that the catalogue lacks.

/// At most `count` names near to `asked`, the nearest first. A word that people use for a type, or
/// its plural, means that type before any other.
fn names<'a>(entries: &'a [RecordEntry], asked: &str, count: usize) -> Vec<&'a str> {
    let mut found = meant(entries, asked);
    let entries = || entries.iter().filter(|entry| entry.kind != RecordKind::Custom);
    let near = near_names(asked, entries().map(|entry| entry.name.as_str()), count + found.len());
    for name in near {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found.truncate(count);
    found
}

/// The types that a word or its plural names, the likeliest first.
fn meant<'a>(entries: &'a [RecordEntry], asked: &str) -> Vec<&'a str> {
    let word = bare(asked);
    let words: Vec<String> = singulars(&word).chain([word.clone()]).collect();
    let meant = |name: &str| words.contains(&bare(name));
    let same = entries
        .iter()
        .filter(|entry| entry.kind != RecordKind::Custom)
        .filter(|entry| meant(&entry.name) || entry.aliases.iter().any(|alias| meant(alias)));
    let mut found: Vec<&str> = same.map(|entry| entry.name.as_str()).collect();
    found.sort_by_key(|name| name.len().abs_diff(word.len()));
    found
}

/// What the word may be the plural of.
fn singulars(word: &str) -> impl Iterator<Item = String> {
    [("ies", "y"), ("es", ""), ("s", "")]
        .into_iter()
        .filter_map(|(ending, one)| Some(format!("{}{one}", word.strip_suffix(ending)?)))
        .filter(|one| one.len() > 2)
}
