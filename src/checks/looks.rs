//! What one look at a page of NetSuite settles. Causes that the same look tells apart are one step
//! for a person, with what may be seen beside what to do then.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::data;

/// One page, and what may be seen on it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// The page, by its name in `shared/pages.toml`.
    pub page: String,
    /// What the report calls it in a list of places.
    pub name: String,
    /// What to look at there.
    pub open: String,
    /// What may be seen, in the order in which the eye meets it.
    pub outcomes: Vec<Outcome>,
}

/// What is on the screen when a cause holds, and what to do then.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The causes, by id.
    pub causes: Vec<String>,
    /// The question in a list of places to look at; none where another outcome's question tells it
    /// as well.
    pub ask: Option<String>,
    /// What is seen.
    pub sees: String,
    /// What to do then.
    pub act: String,
}

/// What a passed check excludes, in a few words.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fine {
    /// The check, by id.
    pub check: String,
    /// What is right.
    pub says: String,
}

/// What stands around the table of permissions that a role lacks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permissions {
    /// What is said before what happened to the only entry.
    pub one: String,
    /// The same, where the run did not look at which role it is.
    #[serde(rename = "one-unnamed")]
    pub one_unnamed: String,
    /// What happened, where several record types may not be read.
    pub read: String,
    /// The same, where more than reading was asked for.
    pub write: String,
    /// What to do with the table.
    pub aim: String,
    /// The same where the role has some of them at a level that is too low.
    pub raise: String,
    /// The cause which says so of a record type, by id.
    #[serde(rename = "too-low")]
    pub too_low: String,
    /// What it means when the page does not offer a permission.
    pub unless: String,
    /// What happened, where the account itself names more than a few.
    pub lacks: String,
}

/// What is said of record types and levels that were not tried, where nothing failed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Untried {
    /// Where no record type was asked for.
    pub types: String,
    /// Where levels were asked for that no request tried.
    pub levels: String,
}

/// What is said where everything works.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Works {
    /// With what the settings of the integration itself are compared.
    pub compare: String,
}

/// What the account itself says of a fault that another check met as well.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Root {
    /// The check that read it in the account, by id.
    pub inside: String,
    /// All that it may have found.
    pub findings: Vec<String>,
    /// The causes of which the other check has one left.
    #[serde(default)]
    pub causes: Vec<String>,
    /// The other check, where it has no causes.
    pub check: Option<String>,
    /// The permission that the role has to lack.
    pub permission: Option<String>,
    /// Whether the role has to lack the permission of the other's record type.
    #[serde(default)]
    pub own_permission: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    corrected_clock: CorrectedClock,
    looks: Vec<Look>,
    permissions: Permissions,
    features: Features,
    fine: Vec<Fine>,
    roots: Vec<Root>,
    untried: Untried,
    works: Works,
}

static FILE: LazyLock<File> = LazyLock::new(|| data::read("shared/looks.toml"));

/// All looks, in the order of the file.
#[must_use]
pub fn looks() -> &'static [Look] {
    &FILE.looks
}

/// The texts around the table of permissions.
#[must_use]
pub fn permissions() -> &'static Permissions {
    &FILE.permissions
}

/// What is said of record types and levels that were not tried.
#[must_use]
pub fn untried() -> &'static Untried {
    &FILE.untried
}

/// What is said where everything works.
#[must_use]
pub fn works() -> &'static Works {
    &FILE.works
}

/// What is said of a clock that is wrong where the run corrected its times.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectedClock {
    /// The sign-in worked.
    pub worked: String,
}

/// What stands around the list of features that are off.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Features {
    /// The cause that asks for a feature, by id.
    pub cause: String,
    /// What happened.
    pub said: String,
    /// What to do with the list.
    pub aim: String,
    /// What stands for a feature whose name is not known.
    pub unknown: String,
}

/// The texts around the list of features that are off.
#[must_use]
pub fn features() -> &'static Features {
    &FILE.features
}

/// What is said of a clock that is wrong where the run corrected its times.
#[must_use]
pub fn corrected_clock() -> &'static CorrectedClock {
    &FILE.corrected_clock
}

/// What passed checks let a report say of a refused sign-in.
#[must_use]
pub fn fine() -> &'static [Fine] {
    &FILE.fine
}

/// Which finding of the account's inside is one fault with what another check met.
#[must_use]
pub fn roots() -> &'static [Root] {
    &FILE.roots
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::cards::pages;
    use super::*;
    use crate::diagnosis::{Symptom, causes};

    #[test]
    fn the_cause_of_a_feature_that_is_off_is_known() {
        assert!(causes().find(&features().cause).is_some());
    }

    #[test]
    fn every_look_has_a_page_and_every_cause_at_most_one_outcome() {
        let mut settled = BTreeSet::new();
        for look in looks() {
            assert!(pages().contains_key(&look.page), "{}", look.page);
            for outcome in &look.outcomes {
                let leads_there = |id: &String| {
                    let cause = causes().find(id).unwrap_or_else(|| panic!("{id}"));
                    // The list of roles, and its page without a subtab, lead to the same place.
                    let first = |page: &str| {
                        page.split('-').next().unwrap_or_default().trim_end_matches('s').to_owned()
                    };
                    let there = |page: &String| first(page) == first(&look.page);
                    cause.fix.iter().any(|step| step.step.page.as_ref().is_some_and(there))
                };
                for cause in &outcome.causes {
                    assert!(settled.insert(cause), "{cause} is settled twice");
                }
                let led = outcome.causes.iter().filter(|cause| leads_there(cause)).count();
                let told = led > 0 || outcome.ask.is_none();
                assert!(told, "no step of {:?} leads to {}", outcome.causes, look.page);
            }
        }
    }

    /// A refused sign-in leaves many causes. Each that a page of NetSuite shows has its look.
    #[test]
    fn what_the_pages_of_a_sign_in_show_is_asked_for() {
        let about_signing_in = causes().all().iter().filter(|cause| {
            let signs_in = |symptom: &Symptom| symptom.check == "token-exchange";
            cause.behind.iter().any(signs_in)
                && cause.fix.iter().any(|step| {
                    matches!(
                        step.step.page.as_deref(),
                        Some("m2m-setup" | "integration-records" | "role")
                    )
                })
        });
        let mut seen = 0;
        for cause in about_signing_in {
            seen += 1;
            let outcomes = looks().iter().flat_map(|look| &look.outcomes);
            let settled = outcomes.flat_map(|outcome| &outcome.causes).any(|one| *one == cause.id);
            assert!(settled || OFFLINE.contains(&cause.id.as_str()), "{} has no look", cause.id);
        }
        assert!(seen > 10, "{seen}");
    }

    #[test]
    fn what_is_fine_names_checks() {
        for fine in fine() {
            assert!(super::super::find_by_name(&fine.check).is_some(), "{}", fine.check);
        }
    }

    #[test]
    fn roots_name_checks_findings_causes_and_permissions() {
        assert!(causes().find(&permissions().too_low).is_some());
        use super::super::{cards::Card, find_by_name};
        use crate::netsuite::catalogue::catalogue;
        for root in roots() {
            let spec = find_by_name(&root.inside).unwrap_or_else(|| panic!("{root:?}"));
            let findings = Card::of(spec).findings;
            assert!(root.findings.iter().all(|finding| findings.contains_key(finding)), "{root:?}");
            assert!(root.causes.iter().all(|id| causes().find(id).is_some()), "{root:?}");
            assert_ne!(root.causes.is_empty(), root.check.is_none(), "{root:?}");
            assert!(root.check.iter().all(|id| find_by_name(id).is_some()), "{root:?}");
            let known = |id: &String| catalogue().permission(id).is_some();
            assert!(root.permission.iter().all(known), "{root:?}");
        }
    }

    /// Proved from the files and values alone, before any page is opened.
    const OFFLINE: [&str; 1] = ["identifiers-swapped"];
}
