//! From the catalogue's files to the catalogue.

use std::collections::{BTreeMap, HashMap};

use super::Catalogue;
use super::entry::{Alternative, Category, Feature, Permission, RecordEntry};
use super::files::{PermissionFile, RECORDS, RawRecord, RecordFile, SourceFile};
use crate::data;
use crate::types::Grade;

/// What entries refer to by short names.
pub(super) struct Lookup {
    pub permissions: BTreeMap<String, Permission>,
    sources: SourceFile,
}

impl Lookup {
    pub fn permission(&self, id: &str) -> Result<Permission, String> {
        self.permissions.get(id).cloned().ok_or_else(|| format!("no permission `{id}`"))
    }

    /// The grade of a source: `OH/…`, or a short name with or without `:row`.
    pub fn grade(&self, source: &str) -> Result<Grade, String> {
        if source.starts_with("OH/") {
            return Ok(Grade::Documented);
        }
        let name = source.split_once(':').map_or(source, |(name, _row)| name);
        let known = self.sources.get(name).ok_or_else(|| format!("no source `{name}`"))?;
        Ok(known.grade)
    }

    fn named_or_own(
        &self,
        id: Option<&str>,
        own: Option<Category>,
        record: &str,
    ) -> Result<Permission, String> {
        match (id, own) {
            (Some(id), None) => self.permission(id),
            (None, Some(category)) => {
                let stem = record.split_whitespace().next().unwrap_or(record);
                Ok(Permission {
                    id: stem.to_owned(),
                    category,
                    name: stem.to_owned(),
                    lowest: crate::types::Level::View,
                    aliases: Vec::new(),
                })
            }
            _ => Err("either `permission` or `own`".to_owned()),
        }
    }

    fn entry(&self, name: String, raw: RawRecord) -> Result<RecordEntry, String> {
        for source in &raw.sources {
            self.grade(source)?;
        }
        let permission = self.named_or_own(raw.permission.as_deref(), raw.own, &name)?;
        let alternatives = raw
            .alternatives
            .into_iter()
            .map(|other| {
                Ok(Alternative {
                    permission: self.named_or_own(other.permission.as_deref(), other.own, &name)?,
                    grade: self.grade(&other.source)?,
                    source: other.source,
                })
            })
            .collect::<Result<Vec<_>, String>>()?;
        let feature = raw
            .feature
            .map(|feature| {
                let grade = self.grade(&feature.source)?;
                Ok::<_, String>(Feature { name: feature.name, source: feature.source, grade })
            })
            .transpose()?;
        let (suiteql_table, suiteql_permission, suiteql_grade) = match raw.suiteql {
            Some(query) => (
                Some(query.table),
                Some(self.permission(&query.permission)?),
                Some(self.grade(&query.source)?),
            ),
            None => (None, None, None),
        };
        Ok(RecordEntry {
            kind: raw.kind,
            min_level: permission.lowest,
            levels: permission.levels(),
            permission,
            feature,
            suiteql_table,
            suiteql_permission,
            suiteql_grade,
            grade: raw.confidence.grade(),
            confidence: raw.confidence,
            sources: raw.sources,
            alternatives,
            aliases: raw.aliases,
            notes: raw.notes,
            name,
        })
    }
}

pub(super) fn lookup() -> Lookup {
    let permissions = data::read::<PermissionFile>("records/permissions.toml")
        .into_iter()
        .map(|(id, raw)| {
            let permission = Permission {
                id: id.clone(),
                category: raw.category,
                name: raw.name,
                lowest: raw.lowest,
                aliases: raw.aliases,
            };
            (id, permission)
        })
        .collect();
    Lookup { permissions, sources: data::read("records/sources.toml") }
}

pub(super) fn catalogue() -> Catalogue {
    let lookup = lookup();
    let mut entries = Vec::with_capacity(210);
    let mut by_name = HashMap::with_capacity(210);
    for file in RECORDS {
        data::read_as(file, |rows: RecordFile| {
            for (name, raw) in rows {
                let entry = lookup.entry(name.clone(), raw);
                let entry = entry.map_err(|what| format!("{name}: {what}"))?;
                if by_name.insert(name.to_ascii_lowercase(), entries.len()).is_some() {
                    return Err(format!("{name} stands twice"));
                }
                entries.push(entry);
            }
            Ok(())
        });
    }
    Catalogue { entries, by_name, permissions: lookup.permissions }
}
