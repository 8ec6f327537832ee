//! Which permission a refused record type asks for: NetSuite's own word first, then the catalogue.

use crate::engine::{Evidence, Verdict};
use crate::netsuite::catalogue::{Catalogue, RecordEntry};
use crate::netsuite::patterns::{Meaning, QuotedPermission};
use crate::types::Level;

/// What can be said about the permission for a record type at a level.
#[derive(Debug, Default)]
pub(super) struct Advice {
    /// The permission to add, or several of which one is right: `Lists > Customers (LIST_CUSTJOB)`.
    permission: Option<String>,
    /// The lowest level that serves.
    level: Option<Level>,
    /// The feature that the type needs.
    feature: Option<String>,
    /// The permission as NetSuite quoted it.
    quoted: Option<String>,
    /// Where the permission comes from, with its grade.
    source: String,
}

impl Advice {
    /// What the catalogue alone says.
    pub fn new(entry: Option<&RecordEntry>, level: Level) -> Self {
        let Some(entry) = entry else { return Self::default() };
        let others = entry.alternatives.iter().map(|other| other.permission.to_string());
        let all: Vec<String> =
            std::iter::once(entry.permission.to_string()).chain(others).collect();
        Self {
            permission: Some(all.join(", or ")),
            level: Some(entry.permission.serving(level)),
            feature: entry.feature.as_ref().map(|feature| feature.name.clone()),
            quoted: None,
            source: format!("record catalogue, {}", entry.grade.as_str()),
        }
    }

    /// NetSuite's quoted permission takes precedence: it is not always the record's own
    /// (`record-api.md` 2.5).
    pub fn quoting(mut self, meaning: &Meaning, catalogue: &Catalogue, level: Level) -> Self {
        let quoted: &[QuotedPermission] = match meaning {
            Meaning::PermissionAbsent { quoted } | Meaning::LevelTooLow { quoted } => {
                std::slice::from_ref(quoted)
            }
            Meaning::PermissionRefused { quoted, .. } => quoted.as_slice(),
            Meaning::SecondaryPermission { any_of, .. } => any_of,
            _ => &[],
        };
        let Some(first) = quoted.first() else { return self };
        let labels: Vec<&str> = quoted.iter().map(|quoted| quoted.label.as_str()).collect();
        self.quoted = Some(labels.join(" or "));
        "quoted by NetSuite".clone_into(&mut self.source);
        match first.permission(catalogue) {
            Some(permission) => {
                self.level = Some(permission.serving(level));
                self.permission = Some(permission.to_string());
            }
            None => {
                self.level = Some(level);
                self.permission = Some(labels.join(" or ").replace("->", ">"));
            }
        }
        self
    }

    /// The permission in words for a summary.
    pub fn words(&self) -> String {
        match (&self.quoted, &self.permission) {
            (Some(quoted), _) => format!("the permission '{quoted}'"),
            (None, Some(permission)) => permission.clone(),
            (None, None) => "the permission of this type".to_owned(),
        }
    }

    /// Adds everything to a verdict as evidence and as values for the guidance.
    pub fn onto(self, mut verdict: Verdict) -> Verdict {
        if let Some(permission) = &self.permission {
            let evidence = Evidence::new("permission", permission.clone());
            verdict = verdict.evidence(evidence.source(self.source));
        }
        if let Some(level) = self.level {
            verdict = verdict.evidence(Evidence::new("permission_level", level.label()));
        }
        let permission = self.permission.as_deref().unwrap_or("the permission for this type");
        verdict = verdict
            .param("permission", permission)
            .param("level", self.level.unwrap_or(Level::View).label());
        if let Some(quoted) = self.quoted {
            verdict = verdict.evidence(Evidence::new("quoted_permission", quoted));
        }
        let feature = match self.feature {
            Some(name) => {
                verdict = verdict.evidence(Evidence::new("feature", name.clone()));
                format!("the feature {name}")
            }
            None => "the feature it belongs to (which one is not known)".to_owned(),
        };
        verdict.param("feature", feature)
    }
}
