use proptest::prelude::*;

use super::*;
use crate::netsuite::catalogue::catalogue;

fn decode(status: u16, code: &str, detail: &str) -> Meaning {
    patterns().decode(status, Some(code), detail).meaning
}

fn text(detail: &str) -> Meaning {
    decode(403, "", detail)
}

fn quoted(label: &str) -> QuotedPermission {
    QuotedPermission::new(label)
}

#[test]
fn every_pattern_claims_its_own_example_alone() {
    let all = patterns();
    for pattern in all.all() {
        let Example { status, code, detail } = &pattern.example;
        let decoded = all.decode(*status, code.as_deref(), detail);
        assert_eq!(decoded.pattern.map(|found| &found.id), Some(&pattern.id));
        let normal = Normal::new(detail);
        for other in all.all().iter().filter(|other| other.id != pattern.id) {
            let claims = match (&other.condition, &pattern.condition) {
                (Condition::Text(theirs), Condition::Text(ours)) => {
                    theirs.find(&normal).is_some() && theirs.weight() >= ours.weight()
                }
                (theirs, ours) => theirs == ours,
            };
            assert!(!claims, "{} claims the example of {}", other.id, pattern.id);
        }
        assert!(!pattern.note.is_empty() && !pattern.source.is_empty(), "{}", pattern.id);
    }
    assert!(all.all().len() > 50);
}

#[test]
fn two_spaces_and_only_two_mean_absent() {
    let absent = Meaning::PermissionAbsent { quoted: quoted("Lists -> Currency") };
    let undecided =
        Meaning::PermissionRefused { quoted: Some(quoted("Lists -> Currency")), level: None };
    for detail in [
        "Permission Violation: You need  the 'Lists -> Currency' permission to access this page.",
        "permission violation: YOU NEED  THE 'Lists -> Currency' PERMISSION to access",
        "You need  the 'Lists -&gt; Currency' permission",
        "You need  the &#39;Lists -&#x3E; Currency&#39; permission",
        "You need&nbsp; the 'Lists -> Currency' permission",
        "You   need  the\n'Lists  ->  Currency'\tpermission",
        "You need  the ‘Lists -> Currency’ permission",
    ] {
        assert_eq!(text(detail), absent, "{detail}");
    }
    assert_eq!(text("You need the 'Lists -> Currency' permission to access"), undecided);
    assert_eq!(text("You need\nthe 'Lists -> Currency' permission to access"), undecided);
    assert_eq!(
        text("You need  a  higher level of  the 'Lists -> Currency' permission to access"),
        Meaning::LevelTooLow { quoted: quoted("Lists -> Currency") }
    );
    assert_eq!(
        text("You need Edit on the 'Workflow' permission"),
        Meaning::PermissionRefused {
            quoted: Some(quoted("Workflow")),
            level: Some("Edit on".to_owned())
        }
    );
}

#[test]
fn quoted_names_lead_to_the_permission() {
    let Meaning::PermissionAbsent { quoted } =
        text("You need  the 'Lists -> Documents and Files' permission to access this page.")
    else {
        panic!("two spaces mean absent");
    };
    assert_eq!(quoted.category.as_deref(), Some("Lists"));
    assert_eq!(quoted.name, "Documents and Files");
    let found = quoted.permission(catalogue()).unwrap();
    assert_eq!(found.id, "LIST_FILECABINET");
    assert_eq!(QuotedPermission::new("Workflow").permission(catalogue()), None);
}

#[test]
fn slots_take_what_stands_there() {
    assert_eq!(
        text("Record 'subsidiary' was not found."),
        Meaning::QueryTableHidden { table: Some("subsidiary".to_owned()) }
    );
    assert_eq!(
        text("An unexpected error occurred. Error ID: jrgbpyylphhishmmlxyt. Sorry."),
        Meaning::UnexpectedError { error_id: Some("jrgbpyylphhishmmlxyt".to_owned()) }
    );
    assert_eq!(
        text(
            "The role. The subsidiary restrictions on your role prevent you from seeing this record."
        ),
        Meaning::Restriction { kind: Some("subsidiary".to_owned()) }
    );
    assert_eq!(
        text(
            "This operation is not allowed for a check record. Use one of the following valid operations: edit, load. Bye."
        ),
        Meaning::OperationNotOffered { operations: vec!["edit".to_owned(), "load".to_owned()] }
    );
    assert_eq!(
        text("You must have either 'A -> B' or 'A -> C' permission to bill"),
        Meaning::SecondaryPermission {
            any_of: vec![quoted("A -> B"), quoted("A -> C")],
            level: None
        }
    );
    assert_eq!(
        text("Error while accessing a resource. Please enter value(s) for: Subsidiary, Name."),
        Meaning::ValueMissing { fields: Some("Subsidiary, Name".to_owned()) }
    );
}

#[test]
fn the_text_outranks_the_code_and_the_code_the_status() {
    let beta = "The account record is only available as a beta record. Enable it.";
    assert!(matches!(decode(403, "INSUFFICIENT_PERMISSION", beta), Meaning::BetaFeature { .. }));
    assert_eq!(decode(429, "USER_ERROR", ""), Meaning::RateLimited);
    assert_eq!(
        decode(400, "insufficient_permission", "?"),
        Meaning::PermissionRefused { quoted: None, level: None }
    );
    assert_eq!(patterns().decode(401, None, "").meaning, Meaning::LoginRefused);
}

#[test]
fn what_is_not_known_is_unknown() {
    for (status, detail) in [(403, ""), (500, "oops"), (404, "<html>Not found</html>"), (200, "")] {
        let decoded = patterns().decode(status, None, detail);
        assert_eq!(decoded.meaning, Meaning::Unknown);
        assert!(decoded.pattern.is_none());
    }
    assert_eq!(decode(400, "USER_ERROR", "Something new."), Meaning::Unknown);
    assert_eq!(text("You need  the '' permission to access this page."), Meaning::Unknown);
}

#[test]
fn audit_details_in_any_case() {
    let known = guidance();
    let (name, detail) = known.audit_detail(" missingkey ").unwrap();
    assert_eq!(name, "MissingKey");
    assert!(detail.machine_to_machine);
    assert!(known.audit_detail("Missing Key").is_none());
    assert_eq!(known.audit_details().count(), 32);
    for (name, detail) in known.audit_details() {
        assert!(!detail.means.is_empty() && detail.source.starts_with("OH/"), "{name}");
        assert!(!detail.machine_to_machine || !detail.fix.is_empty(), "{name} has no fix");
    }
}

#[test]
fn token_errors_all_say_what_to_do() {
    let known = guidance();
    assert_eq!(known.token_errors().count(), 7);
    for (name, error) in known.token_errors() {
        assert!(!error.means.is_empty() && !error.fix.is_empty(), "{name}");
    }
    assert_eq!(known.token_error("server_error").unwrap().1.statuses, [500]);
    assert!(known.token_error("teapot").is_none());
}

#[test]
fn steps_name_pages_that_exist() {
    let pages: toml::Table = data::read("shared/pages.toml");
    let known = guidance();
    let steps = known
        .audit_details()
        .flat_map(|(_, detail)| &detail.fix)
        .chain(known.token_errors().flat_map(|(_, error)| &error.fix));
    for page in steps.filter_map(|step| step.page.as_ref()) {
        assert!(pages.contains_key(page), "no page `{page}`");
    }
}

proptest! {
    #[test]
    fn never_panics(status: u16, code in proptest::option::of(".*"), detail in ".*") {
        let _ = patterns().decode(status, code.as_deref(), &detail);
    }

    #[test]
    fn never_panics_near_a_template(
        parts in proptest::collection::vec(
            prop_oneof![
                Just("You need "), Just(" the '"), Just("' permission"), Just("&"), Just("&#"),
                Just(";"), Just("The "), Just(" restrictions on your role"), Just("\u{a0}"),
                Just("Record '"), Just("' was not found"), Just("é"), Just("\n"),
            ],
            0..200,
        )
    ) {
        let _ = text(&parts.concat());
    }

    #[test]
    fn any_name_between_the_quotation_marks_is_taken(name in "[A-Za-z][A-Za-z0-9 ]{0,60}[a-z]") {
        let detail = format!("You need  the 'Lists -> {name}' permission to access this page.");
        let even = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let Meaning::PermissionAbsent { quoted } = text(&detail) else {
            return Err(TestCaseError::fail("not absent"));
        };
        prop_assert_eq!(quoted.name, even);
    }
}

#[test]
fn every_code_of_the_patterns_is_explained() {
    let guidance = guidance();
    let examples = patterns().all().iter().filter_map(|p| p.example.code.clone());
    let mut seen = 0;
    for code in examples {
        seen += 1;
        let (name, _) =
            guidance.error_code(&code.to_lowercase()).unwrap_or_else(|| panic!("{code}"));
        assert_eq!(name, code);
    }
    assert!(seen > 20);
}
