//! The permissions that the role needs for the record types asked for.

use crate::netsuite::catalogue::Catalogue;
use crate::netsuite::profiles::Profile;
use crate::netsuite::role::{PlannedPermission, RolePlan, Route, Strength};
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
    /// Whether some uses do without it.
    pub advised: bool,
}

/// The lines of the role's plan, in the order of the page.
pub(super) fn rows(
    requests: &[RecordRequest],
    profile: Option<&Profile>,
    catalogue: &Catalogue,
) -> Vec<PermissionRow> {
    let plan = RolePlan::new(requests, Route::default(), catalogue);
    let plan = match profile {
        Some(profile) => plan.asked_by(profile),
        None => plan,
    };
    let row = |line: PlannedPermission| PermissionRow {
        subtab: line.permission.category.as_str(),
        advised: line.strength() == Strength::Advised,
        level: line.level,
        name: line.permission.name,
    };
    plan.permissions.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netsuite::catalogue::catalogue;

    #[test]
    fn the_highest_level_asked_for_counts() {
        let catalogue = catalogue();
        let requests: Vec<RecordRequest> =
            ["customer", "customer:edit"].iter().map(|text| text.parse().unwrap()).collect();
        let rows = rows(&requests, None, catalogue);
        let customers: Vec<_> = rows.iter().filter(|row| row.name == "Customers").collect();
        assert_eq!(customers.len(), 1);
        assert_eq!((customers[0].subtab, customers[0].level), ("Lists", Level::Edit));
        let login = rows.iter().find(|row| row.name.contains("OAuth 2.0 Access Tokens")).unwrap();
        assert_eq!((login.subtab, login.level, login.advised), ("Setup", Level::Full, false));
        assert!(rows.iter().any(|row| row.advised));
    }
}
