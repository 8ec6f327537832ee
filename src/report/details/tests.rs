//! Every check with its evidence, as it is printed.

use crate::engine::{CheckResult, ReasonCode, Verdict};
use crate::report::json::tests::complaint;
use crate::report::samples::{handbook, meta};
use crate::report::{build, samples, text};

use super::*;
use crate::report::Style;
use crate::report::text::columns;
use crate::report::v1::Mode;

fn plain(width: usize) -> Style {
    Style { width, ..Style::default() }
}

fn shown(report: &Report, handbook: &Handbook, style: Style) -> String {
    render(report, handbook, &Reader::from(style))
}

fn of(results: &[CheckResult], mode: Mode) -> Report {
    let mut meta = meta();
    meta.mode = mode;
    let mut report = build(results, &meta, &handbook()).unwrap();
    assert_eq!(complaint(&serde_json::to_value(&report).unwrap()), None);
    report.tool.version = "1.2.3".to_owned();
    report
}

#[test]
fn the_sample_without_colour() {
    insta::assert_snapshot!(shown(&samples::fixed_report(), &handbook(), plain(80)));
}

#[test]
fn the_sample_with_colour() {
    let style = Style { colour: true, ..plain(80) };
    let shown = shown(&samples::fixed_report(), &handbook(), style);
    insta::assert_snapshot!(shown.replace('\u{1b}', "ESC"));
}

#[test]
fn colour_adds_nothing_but_colour() {
    let report = samples::fixed_report();
    let coloured = shown(&report, &handbook(), Style { colour: true, ..plain(80) });
    let mut stripped = String::new();
    for (at, part) in coloured.split("\u{1b}[").enumerate() {
        stripped.push_str(if at == 0 { part } else { part.split_once('m').unwrap().1 });
    }
    // Colour may stand around trailing spaces, which only the plain form cuts off.
    let trimmed: Vec<&str> = stripped.lines().map(str::trim_end).collect();
    let expected = shown(&report, &handbook(), plain(80));
    assert_eq!(trimmed, expected.lines().collect::<Vec<_>>());
}

#[test]
fn only_ascii_where_nothing_else_can_be_shown() {
    let style = Style { unicode: false, ..plain(80) };
    let shown = shown(&samples::fixed_report(), &handbook(), style);
    assert!(shown.is_ascii(), "{:?}", shown.chars().filter(|c| !c.is_ascii()).collect::<String>());
}

#[test]
fn a_good_run_offline_says_what_it_does_not_prove() {
    let results = vec![
        samples::result("account-id", Verdict::pass("1234567_SB1 (sandbox).")),
        samples::result(
            "token-exchange",
            Verdict::skipped(ReasonCode::Offline, "Not checked: this run uses no network."),
        ),
        samples::result(
            "token-identity",
            Verdict::skipped(ReasonCode::Offline, "Not checked: this run uses no network."),
        ),
    ];
    let mut report = of(&results, Mode::Offline);
    // Nobody read the Login Audit Trail for it.
    report.checks.iter_mut().for_each(|check| check.causes.clear());
    insta::assert_snapshot!(shown(&report, &handbook(), plain(80)), @r"
    netsuite-preflight 1.2.3 · offline · 2026-03-02 09:30 UTC · 1.9 s

    ✓ PASSED  account 1234567_SB1 (sandbox)

      Checks  1 ok · 2 not checked
      Exit    code 0: nothing failed, nothing is inconclusive
      Note    Only what can be proved without a network was checked.

    Credentials (offline)
      ✓ account-id      1234567_SB1 (sandbox)

    Token
      – 2 skipped (needs the network): token-exchange, token-identity
    ");
}

#[test]
fn nothing_run_is_nothing_proved() {
    let results = vec![samples::result(
        "account-id",
        Verdict::skipped(ReasonCode::NotProvided, "No account ID was given."),
    )];
    let shown = shown(&of(&results, Mode::Offline), &handbook(), plain(80));
    assert!(shown.contains("nothing is proved"), "{shown}");
}

/// Records with the same finding and the same way out are one block, however many they are.
#[test]
fn problems_of_the_same_kind_are_told_together() {
    let empty = || {
        Verdict::inconclusive(ReasonCode::Empty, crate::engine::FindingId::new("empty"), "No row.")
    };
    let results: Vec<CheckResult> = (0..30)
        .map(|n| samples::result(&format!("record-access/customrecord_{n}:view"), empty()))
        .collect();
    let shown = shown(&of(&results, Mode::Online), &handbook(), plain(80));
    assert_eq!(shown.matches("Fix     1.").count(), 1, "{shown}");
    assert!(shown.contains("customrecord_29:view: No row."));
}

#[test]
fn no_line_is_wider_than_asked_except_addresses_and_commands() {
    let hostile = [
        "NetSuite answered 500.".to_owned(),
        "x".repeat(100_000),
        "名前".repeat(50_000),
        "\u{1b}[31m\n\r\t\u{202e}\u{9b}2J\u{0}".repeat(500),
        format!("see https://example.invalid/{} now", "y".repeat(400)),
    ];
    for seen in hostile {
        let report = of(&samples::results_with_text(&seen), Mode::Online);
        for (width, unicode) in [(40, true), (40, false), (80, true), (80, false), (120, true)] {
            let shown = shown(&report, &handbook(), Style { unicode, ..plain(width) });
            assert!(shown.len() < 60_000, "{}", shown.len());
            for line in shown.lines() {
                assert_eq!(text::neutral(line), line);
                let unbroken = line.contains("://")
                    || line.trim_start().starts_with("$ ")
                    || line.contains("netsuite-preflight explain");
                assert!(unbroken || columns(line) <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn commands_and_addresses_are_never_broken() {
    let shown = shown(&samples::fixed_report(), &handbook(), plain(40));
    for check in &samples::fixed_report().checks {
        for fix in &check.fix {
            for whole in fix.command.iter().chain(&fix.url) {
                assert!(shown.contains(whole.as_str()), "{whole}");
            }
        }
    }
}

#[test]
fn the_reports_own_words_are_shown_even_if_it_was_tampered_with() {
    let mut report = samples::fixed_report();
    report.checks[0].id = "\u{1b}[2Jevil".to_owned();
    report.checks[0].phase = "\u{202e}phase".to_owned();
    report.target.account_id = Some("\u{1b}]0;x\u{7}".to_owned());
    let shown = shown(&report, &handbook(), plain(80));
    for line in shown.lines() {
        assert_eq!(text::neutral(line), line);
    }
}
