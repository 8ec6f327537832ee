use super::*;
use crate::report::samples;
use crate::report::style::Style;

fn with(changes: &[(&str, Status)]) -> Report {
    let mut report = samples::fixed_report();
    for (id, status) in changes {
        report.checks.iter_mut().find(|check| check.id == *id).unwrap().status = *status;
    }
    report
}

#[test]
fn every_pair_of_outcomes_has_its_meaning() {
    use Status::{Fail, Inconclusive, Pass, Skipped, Warn};
    for (old, new, expected) in [
        (Fail, Pass, Some(Change::Mended)),
        (Warn, Pass, Some(Change::Mended)),
        (Inconclusive, Pass, Some(Change::Mended)),
        (Pass, Fail, Some(Change::Broken)),
        (Pass, Warn, Some(Change::Broken)),
        (Inconclusive, Fail, Some(Change::Broken)),
        (Fail, Warn, Some(Change::Improved)),
        (Fail, Fail, Some(Change::Still)),
        (Fail, Skipped, Some(Change::Unknown)),
        (Pass, Skipped, Some(Change::Unproved)),
        (Skipped, Fail, Some(Change::Uncovered)),
        (Skipped, Pass, Some(Change::Proved)),
        (Pass, Pass, None),
        (Skipped, Skipped, None),
    ] {
        assert_eq!(change(Some(old), Some(new)), expected, "{old:?} to {new:?}");
    }
}

#[test]
fn a_mend_that_uncovers_the_next_fault_is_told_as_such() {
    let old = samples::fixed_report();
    let mut new = with(&[
        ("certificate-id-matches", Status::Pass),
        ("token-exchange", Status::Pass),
        ("token-scope", Status::Fail),
        ("clock", Status::Pass),
    ]);
    new.run.id = "f".repeat(32);
    new.tool.version = "1.3.0".to_owned();
    new.summary.first_blocker =
        Some(crate::report::v1::FirstBlocker { id: "token-scope".to_owned(), subject: None });
    let diff = compare(&old, &new);
    assert!(!diff.worse);
    let of = |entry: &str| diff.entries.iter().find(|one| one.entry == entry).unwrap();
    assert_eq!(of("token-exchange").change, Change::Mended);
    assert_eq!(of("token-scope").change, Change::Uncovered);
    assert!(
        diff.meaning.iter().any(|told| told == "Mended: certificate-id-matches, token-exchange.")
    );
    assert_eq!(diff.members.iter().map(|one| one.member).collect::<Vec<_>>(), ["tool"]);
    insta::assert_snapshot!(render(&diff, &old, &new, Style::default()));
}

#[test]
fn what_broke_is_worse_and_causes_are_compared() {
    let old = samples::fixed_report();
    let mut new = with(&[("account-exists", Status::Fail)]);
    let exchange = new.checks.iter_mut().find(|check| check.id == "token-exchange").unwrap();
    exchange.causes[1].rank = Rank::Likely;
    exchange.causes.remove(0);
    let diff = compare(&old, &new);
    assert!(diff.worse);
    let causes = &diff.entries.iter().find(|one| one.entry == "token-exchange").unwrap().causes;
    assert_eq!(
        *causes,
        [
            "was possible, now likely: The certificate is revoked",
            "no longer named: The Certificate ID is not the one of this certificate"
        ]
    );
}

#[test]
fn other_accounts_and_swapped_files_are_named() {
    let old = samples::report();
    let mut new = samples::report();
    new.run.id = "f".repeat(32);
    new.target.account_id = Some("7654321".to_owned());
    new.run.started_at = "2020-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap().into();
    new.checks.truncate(3);
    let diff = compare(&old, &new);
    assert!(diff.meaning.iter().any(|told| told.contains("different accounts")));
    assert!(diff.meaning.iter().any(|told| told.contains("the older one first")));
    assert!(diff.entries.iter().any(|entry| entry.change == Change::Gone));
}

#[test]
fn hostile_reports_cannot_steer_the_terminal() {
    let (old, new) = (samples::report(), samples::hostile_report());
    let text = render(&compare(&old, &new), &old, &new, Style::default());
    assert_eq!(crate::report::text::neutral(&text.replace('\n', "")), text.replace('\n', ""));
}
