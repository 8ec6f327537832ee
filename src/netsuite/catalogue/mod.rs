//! The record catalogue: what is known about every record type of the REST record service.
//!
//! The data stands in `checks/records/*.toml`, which can be edited without Rust; a test reads it.

mod build;
mod entry;
mod files;
mod near;
mod needs;
mod resolve;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

pub use entry::{Category, Permission, RecordEntry, RecordKind};
pub use needs::{Need, Task, needs};

use crate::types::RecordType;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(build::catalogue);

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
        near::names(&self.entries, name, count)
    }

    /// All permissions, by id.
    #[cfg(test)]
    pub fn permissions(&self) -> impl Iterator<Item = &Permission> {
        self.permissions.values()
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
