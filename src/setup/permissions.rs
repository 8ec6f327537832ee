//! The permissions that the role needs for the record types asked for.

use crate::netsuite::catalogue::{BadCatalogue, Catalogue, Permission, Task, needs};
use crate::types::{Level, RecordRequest};

/// One line of the subtab Permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionRow {
    /// The subtab of its own.
    pub subtab: &'static str,
    /// Its name, as the page shows it.
    pub name: String,
    /// The level to choose.
    pub level: Level,
}

/// The lines for these record types, in the order of the page: what every call needs, and the
/// permission of each type.
///
/// # Errors
/// When the catalogue cannot be read, which only a wrong build can cause.
pub(super) fn rows(
    requests: &[RecordRequest],
    catalogue: &Catalogue,
) -> Result<Vec<PermissionRow>, BadCatalogue> {
    let mut wanted: Vec<(Permission, Level)> = Vec::new();
    let mut add = |permission: &Permission, level: Level| match wanted
        .iter_mut()
        .find(|(known, _)| known.id == permission.id)
    {
        Some((_, known)) => *known = (*known).max(level),
        None => wanted.push((permission.clone(), level)),
    };
    for need in needs()?.iter().filter(|need| matches!(need.task, Task::Login | Task::List)) {
        for needed in &need.permissions {
            add(&needed.permission, needed.level);
        }
    }
    for request in requests {
        if let Some(entry) = catalogue.find(request.record.as_str()) {
            add(&entry.permission, entry.permission.serving(request.level));
        }
    }
    wanted.sort_by_key(|(permission, _)| (permission.category, permission.name.to_lowercase()));
    let row = |(permission, level): (Permission, Level)| PermissionRow {
        subtab: permission.category.as_str(),
        name: permission.name,
        level,
    };
    Ok(wanted.into_iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netsuite::catalogue::catalogue;

    #[test]
    fn the_highest_level_asked_for_counts() {
        let catalogue = catalogue().unwrap();
        let requests: Vec<RecordRequest> =
            ["customer", "customer:edit"].iter().map(|text| text.parse().unwrap()).collect();
        let rows = rows(&requests, catalogue).unwrap();
        let customers: Vec<_> = rows.iter().filter(|row| row.name == "Customers").collect();
        assert_eq!(customers.len(), 1);
        assert_eq!((customers[0].subtab, customers[0].level), ("Lists", Level::Edit));
        let login = rows.iter().find(|row| row.name.contains("OAuth 2.0 Access Tokens")).unwrap();
        assert_eq!((login.subtab, login.level), ("Setup", Level::Full));
        assert!(rows.iter().any(|row| row.name == "SuiteAnalytics Workbook"));
    }
}
