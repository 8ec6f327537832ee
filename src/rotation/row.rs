//! One certificate as NetSuite lists it.

use jiff::civil::Date;
use serde::Serialize;

use crate::probes::certificates::Mapping;
use crate::report::Style;
use crate::report::page::VALUE;

/// The most active certificates of one integration record. Source: `auth-protocol.md` 4.1.
pub const MOST_ACTIVE: usize = 5;

/// What a certificate can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateState {
    Active,
    NotYetValid,
    Ended,
    Revoked,
    Unreadable,
}

impl CertificateState {
    fn of(mapping: &Mapping, today: Date) -> Self {
        match (mapping.revoked, mapping.valid_from, mapping.valid_until) {
            (Some(true), ..) => Self::Revoked,
            (_, _, Some(until)) if until < today => Self::Ended,
            (_, Some(from), _) if from > today => Self::NotYetValid,
            (Some(false), Some(_), Some(_)) => Self::Active,
            _ => Self::Unreadable,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::NotYetValid => "not valid yet",
            Self::Ended => "ended",
            Self::Revoked => "revoked",
            Self::Unreadable => "cannot be read",
        }
    }
}

/// One certificate as it is shown.
#[derive(Debug, Clone, Serialize)]
pub struct CertificateRow {
    pub certificate_id: String,
    pub this_run: bool,
    pub state: CertificateState,
    role: Option<String>,
    entity: Option<String>,
    valid_from: Option<String>,
    valid_until: Option<String>,
    /// Whole days until it ends, negative where it has ended; none where it was revoked.
    days_left: Option<i32>,
    revoked: Option<bool>,
    algorithm: Option<String>,
}

impl CertificateRow {
    pub fn of(mapping: &Mapping, own: &str, today: Date) -> Self {
        Self {
            certificate_id: mapping.certificate_id.clone(),
            this_run: mapping.certificate_id == own,
            state: CertificateState::of(mapping, today),
            role: mapping.role.clone(),
            entity: mapping.entity.clone(),
            valid_from: mapping.valid_from.map(|day| day.to_string()),
            valid_until: mapping.valid_until.map(|day| day.to_string()),
            days_left: days_left(mapping, today),
            revoked: mapping.revoked,
            algorithm: mapping.algorithm.clone(),
        }
    }

    pub fn head(&self, style: Style) -> String {
        let id = style.show(&self.certificate_id, VALUE);
        if self.this_run { format!("{id}  (this run's)") } else { id }
    }

    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let known = |text: &Option<String>| text.clone().unwrap_or_else(|| "not stated".to_owned());
        let left = self.days_left.map(|days| format!(", {}", left(days))).unwrap_or_default();
        let valid = format!("{} to {}{left}", known(&self.valid_from), known(&self.valid_until));
        vec![
            ("state", self.state.words().to_owned()),
            ("valid", valid),
            ("role", known(&self.role)),
            ("entity", known(&self.entity)),
            ("algorithm", known(&self.algorithm)),
        ]
    }
}

fn days_left(mapping: &Mapping, today: Date) -> Option<i32> {
    let until = mapping.valid_until.filter(|_| mapping.revoked != Some(true))?;
    today.until(until).ok().map(|span| span.get_days())
}

fn left(days: i32) -> String {
    match days {
        ..=-2 => format!("{} days ago", days.unsigned_abs()),
        -1 => "yesterday".to_owned(),
        0 => "the last day is today".to_owned(),
        1 => "1 day left".to_owned(),
        _ => format!("{days} days left"),
    }
}

/// How many of them count towards the limit.
pub fn active(mappings: &[Mapping], today: Date) -> usize {
    mappings.iter().filter(|mapping| mapping.is_active(today)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(revoked: Option<bool>, from: &str, until: &str) -> Mapping {
        Mapping {
            certificate_id: "x".to_owned(),
            revoked,
            valid_from: from.parse().ok(),
            valid_until: until.parse().ok(),
            role: None,
            entity: None,
            role_id: None,
            entity_id: None,
            algorithm: None,
        }
    }

    #[test]
    fn days_that_are_left() {
        let today: Date = "2026-11-23".parse().unwrap();
        for (until, revoked, days, words) in [
            ("2028-11-22", false, Some(730), ", 730 days left"),
            ("2026-11-24", false, Some(1), ", 1 day left"),
            ("2026-11-23", false, Some(0), ", the last day is today"),
            ("2026-11-22", false, Some(-1), ", yesterday"),
            ("2026-10-23", false, Some(-31), ", 31 days ago"),
            ("2028-11-22", true, None, "2028-11-22"),
            ("soon", false, None, "not stated"),
        ] {
            let row = CertificateRow::of(&mapping(Some(revoked), "2026-01-01", until), "x", today);
            assert_eq!(row.days_left, days, "{until}");
            assert!(row.facts()[1].1.ends_with(words), "{:?}", row.facts());
        }
    }

    #[test]
    fn states() {
        let today: Date = "2026-11-23".parse().unwrap();
        for (mapping, expected) in [
            (mapping(Some(false), "2026-11-23", "2026-11-23"), CertificateState::Active),
            (mapping(Some(true), "2026-01-01", "2027-01-01"), CertificateState::Revoked),
            (mapping(Some(false), "2025-01-01", "2026-11-22"), CertificateState::Ended),
            (mapping(Some(false), "2026-11-24", "2027-11-22"), CertificateState::NotYetValid),
            (mapping(None, "2026-01-01", "2027-01-01"), CertificateState::Unreadable),
            (mapping(Some(false), "2026-01-01", "soon"), CertificateState::Unreadable),
        ] {
            assert_eq!(CertificateState::of(&mapping, today), expected, "{mapping:?}");
        }
    }
}
