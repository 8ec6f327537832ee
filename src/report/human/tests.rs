//! What a person reads at a terminal.

use crate::engine::{CheckResult, Evidence, FindingId, ReasonCode, Verdict};
use crate::report::format::Source;
use crate::report::samples::{handbook, meta};
use crate::report::text::{self, columns};
use crate::report::v1::Mode;
use crate::report::{Format, Report, Style, build, samples};
use strum::VariantArray as _;

use super::*;

fn reader(width: usize) -> Reader<'static> {
    Reader::from(Style { width, ..Style::default() })
}

fn of(results: &[CheckResult], mode: Mode) -> Report {
    let mut meta = meta();
    meta.mode = mode;
    build(results, &meta, &handbook()).unwrap()
}

fn shown(report: &Report, reader: &Reader<'_>) -> String {
    render(report, &handbook(), reader)
}

#[test]
fn the_sample() {
    insta::assert_snapshot!(shown(&samples::fixed_report(), &reader(80)));
}

#[test]
fn the_sample_with_colour_and_links() {
    let style = Style { colour: true, links: true, ..Style::default() };
    let text = shown(&samples::fixed_report(), &Reader::from(style));
    insta::assert_snapshot!(text.replace('\u{1b}', "ESC"));
}

#[test]
fn quiet_is_the_verdict_and_what_to_do() {
    let quiet = Reader { extent: Extent::Quiet, ..reader(80) };
    let brief = shown(&samples::fixed_report(), &reader(80));
    let quiet = shown(&samples::fixed_report(), &quiet);
    assert!(quiet.lines().count() < brief.lines().count(), "{quiet}");
    assert!(quiet.contains("FAILED") && quiet.contains("Do this"), "{quiet}");
    assert!(!quiet.contains("Details"), "{quiet}");
}

#[test]
fn only_ascii_where_nothing_else_can_be_shown() {
    let style = Style { unicode: false, ..Style::default() };
    let text = shown(&samples::fixed_report(), &Reader::from(style));
    let others: String = text.chars().filter(|c| !c.is_ascii()).collect();
    assert!(text.is_ascii(), "{others:?}");
}

/// A good result offline is not to be taken for more than it is.
#[test]
fn what_was_not_checked_offline_stands_before_the_verdict() {
    let skipped = |id| {
        samples::result(id, Verdict::skipped(ReasonCode::Offline, "This run uses no network."))
    };
    let results = vec![
        samples::result("account-id", Verdict::pass("1234567_SB1 (sandbox).")),
        skipped("token-exchange"),
        skipped("rest-service"),
    ];
    let mut report = of(&results, Mode::Offline);
    report.checks.iter_mut().for_each(|check| check.causes.clear());
    insta::assert_snapshot!(shown(&report, &reader(80)), @r"
    Not checked (needs the network): token-exchange, rest-service.

    ✓ PASSED  account 1234567_SB1 (sandbox)                     1 ok · 2 not checked

      Passed: Credentials (offline) 1.
    ");
}

/// Whoever shares the account's limit wants to know that it was reached.
#[test]
fn too_many_requests_are_told_though_the_run_went_on() {
    let answer = |status| crate::report::v1::HttpEntry {
        method: "GET".to_owned(),
        url: "https://1234567.suitetalk.api.netsuite.com/".to_owned(),
        status: Some(status),
        error_code: None,
        server_date: None,
        operation_id: None,
        duration_ms: 1,
    };
    let mut report = of(&[samples::result("clock", Verdict::pass("It is right."))], Mode::Online);
    let told = "NetSuite said once \"too many requests\" (429); the run waited and asked again.";
    assert!(!shown(&report, &reader(120)).contains("429"));
    report.checks[0].http = vec![answer(429), answer(200)];
    assert!(shown(&report, &reader(120)).contains(told), "{}", shown(&report, &reader(120)));
    report.checks[0].http.insert(0, answer(429));
    assert!(shown(&report, &reader(120)).contains("said 2 times"));
}

#[test]
fn a_run_that_checked_nothing_passed_nothing() {
    let results = vec![samples::result(
        "account-id",
        Verdict::skipped(ReasonCode::NotProvided, "No account ID was given."),
    )];
    let report = of(&results, Mode::Offline);
    for extent in [Extent::Brief, Extent::Details, Extent::Quiet] {
        let reader = Reader { extent, ..reader(80) };
        for form in Format::VARIANTS.iter().filter(|form| **form != Format::Json) {
            let text = crate::report::format::render(Source::Run(&report), *form, &reader).unwrap();
            assert!(!text.contains("PASSED"), "{form:?}: {text}");
            let headed = !matches!(form, Format::Junit | Format::OpenMetrics);
            assert_eq!(text.contains("NOTHING CHECKED"), headed, "{form:?}: {text}");
            assert!(!text.contains("✓ NOTHING"), "{form:?}: {text}");
        }
    }
}

fn refused(record: &str, permission: &str) -> CheckResult {
    let verdict = Verdict::fail(FindingId::new("permission-absent"), "The role lacks it.")
        .evidence(Evidence::new("permission", permission))
        .evidence(Evidence::new("permission_level", "View"));
    samples::result(&format!("record-access/{record}:view"), verdict)
}

/// However many record types a role may not read, it is one table for one page.
#[test]
fn missing_permissions_are_one_table() {
    for (count, most) in [(1, 25), (3, 25), (8, 25), (38, 25), (200, 90)] {
        let results: Vec<CheckResult> = (0..count)
            .map(|n| {
                refused(&format!("customrecord_{n}"), &format!("Lists > Thing {n} (LIST_{n})"))
            })
            .collect();
        let text = shown(&of(&results, Mode::Online), &reader(80));
        for n in 0..count {
            assert!(text.contains(&format!("Thing {n}")), "{n}: {text}");
        }
        assert_eq!(text.matches("press Add").count(), 1, "{text}");
        let lines = text.lines().count();
        assert!(lines <= most, "{count}: {lines} lines\n{text}");
    }
}

/// Who asks for Full sets the permission once, though less than that was tried.
#[test]
fn the_level_that_was_asked_for_is_advised_and_what_was_not_tried_has_a_way_on() {
    let untried = || {
        let text = "Whether the role may delete customer was not tried, and never is.";
        let verdict = Verdict::skipped(ReasonCode::NotProbed, text);
        samples::result("record-access/customer:full", verdict)
    };
    let text = shown(
        &of(&[refused("customer", "Lists > Customers (LIST_CUSTJOB)"), untried()], Mode::Online),
        &reader(80),
    );
    let row = text.lines().find(|line| line.contains("Customers")).unwrap();
    assert!(row.contains("Full") && !row.contains("View"), "{text}");
    let edit = samples::result(
        "record-access/vendor:edit",
        Verdict::skipped(ReasonCode::NotProbed, "Whether the role may edit was not tried."),
    );
    let text = shown(&of(&[untried(), edit], Mode::Online), &reader(80));
    let command = "netsuite-preflight role plan --record customer:full --record vendor:edit";
    assert!(
        text.replace("\\\n", "").split_whitespace().collect::<Vec<_>>().join(" ").contains(command),
        "{text}"
    );
}

/// Lists without a row are one fault with every type named.
#[test]
fn the_same_of_many_is_said_once() {
    let empty =
        || Verdict::inconclusive(ReasonCode::Empty, FindingId::new("empty-list"), "No row.");
    let results: Vec<CheckResult> = (0..30)
        .map(|n| samples::result(&format!("record-access/customrecord_{n}:view"), empty()))
        .collect();
    let text = shown(&of(&results, Mode::Online), &reader(80));
    assert_eq!(text.matches("No row.").count(), 1, "{text}");
    assert!(text.contains("customrecord_29:view"), "{text}");
}

#[test]
fn every_command_carries_the_options_of_the_run() {
    let again = "netsuite-preflight check --target survey";
    let reader = Reader { again: Some(again), ..reader(100) };
    let text = shown(&samples::fixed_report(), &reader);
    for line in text.lines().filter(|line| line.contains("netsuite-preflight check")) {
        assert!(line.contains(again), "{line}");
    }
    assert!(text.contains(&format!("{again} --details")), "{text}");
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
            let style = Style { unicode, width, ..Style::default() };
            let text = shown(&report, &Reader::from(style));
            assert!(text.len() < 60_000, "{}", text.len());
            for line in text.lines() {
                assert_eq!(text::neutral(line), line);
                let unbroken = line.contains("://") || line.contains("openssl ");
                let command = line.contains("netsuite-preflight") || line.contains(" --");
                assert!(unbroken || command || columns(line) <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn the_reports_own_words_are_shown_even_if_it_was_tampered_with() {
    let mut report = samples::fixed_report();
    for check in &mut report.checks {
        check.id = "\u{1b}[2Jevil".to_owned();
        check.phase = "\u{202e}phase".to_owned();
        check.summary = "\u{1b}]0;x\u{7}".to_owned();
    }
    report.target.account_id = Some("\u{1b}]0;x\u{7}".to_owned());
    for line in shown(&report, &reader(80)).lines() {
        assert_eq!(text::neutral(line), line);
    }
}

fn failed(id: &str, finding: &'static str, says: &str) -> CheckResult {
    samples::result(id, Verdict::fail(FindingId::new(finding), says))
}

fn with_the_cards(results: &[CheckResult], reader: &Reader<'_>) -> String {
    let report = build(results, &meta(), crate::report::handbook()).unwrap();
    render(&report, crate::report::handbook(), reader)
}

/// Nothing else can be judged before the account is right, and one that is not there has no pages.
#[test]
fn an_unknown_account_comes_first_and_is_never_linked_to() {
    let results = [
        failed("certificate-expiry", "expired", "The certificate expired."),
        failed("account-exists", "unknown-account", "NetSuite knows no such account."),
    ];
    let style = Style { links: true, ..Style::default() };
    for extent in [Extent::Brief, Extent::Details] {
        let text = with_the_cards(&results, &Reader { extent, ..Reader::from(style) });
        let at = |words: &str| text.find(words).unwrap_or_else(|| panic!("no {words}: {text}"));
        let todo = if extent == Extent::Brief { "Do this" } else { "What to do" };
        assert!(at("NetSuite knows no such account") < at(todo), "{text}");
        assert!(at("Company Information") < at("netsuite-preflight generate"), "{text}");
        assert!(!text.contains("https://1234567-sb1.app.netsuite.com/"), "{text}");
    }
    let known = [failed("certificate-expiry", "expired", "The certificate expired.")];
    let text = with_the_cards(&known, &Reader::from(style));
    assert!(text.contains("https://1234567-sb1.app.netsuite.com/"), "{text}");
}

/// A second fault is told with what to do about it, in a few lines of its own.
#[test]
fn a_second_fault_says_what_to_do_itself() {
    let results = [
        failed("client-id", "wrong-length", "This is no Client ID."),
        failed("certificate-expiry", "expired", "The certificate expired."),
        failed("clock", "too-far-off", "This machine's clock is wrong."),
    ];
    let text = with_the_cards(&results, &reader(80));
    let (_, others) = text.split_once("✗ certificate-expiry").unwrap();
    assert_eq!(others.matches("  Also ").count(), 2, "{text}");
    assert!(others.contains("(Setup > Integration > Manage"), "{text}");
    assert!(others.contains("Make a new pair"), "{text}");
    assert!(others.contains("netsuite-preflight generate --out"), "{text}");
    assert!(others.contains("timedatectl set-ntp true"), "{text}");
    assert!(!text.contains("explain") && text.lines().count() <= 30, "{text}");
}

#[test]
fn a_sign_in_that_worked_with_corrected_times_says_so() {
    let clock = |corrected| {
        let verdict = Verdict::fail(FindingId::new("too-far-off"), "The clock is 600 s ahead.");
        let verdict = if corrected {
            verdict.evidence(Evidence::new("iat_correction_seconds", "-600"))
        } else {
            verdict
        };
        samples::result("clock", verdict)
    };
    let signed_in = || samples::result("token-exchange", Verdict::pass("Signed in."));
    let refused = || failed("token-exchange", "server-error", "Refused.");
    let words = "worked only because";
    let told = |results: &[CheckResult]| with_the_cards(results, &reader(80)).contains(words);
    assert!(told(&[clock(true), signed_in()]));
    assert!(!told(&[clock(false), signed_in()]));
    assert!(!told(&[clock(true), refused()]));
}

/// Where the sign-in works here and the integration is refused, its settings differ from these.
#[test]
fn what_works_has_something_to_compare_with() {
    let told = |verdict, mode| {
        let results = [samples::result("token-exchange", verdict)];
        shown(&of(&results, mode), &reader(80)).contains("compare its settings with these")
    };
    let works = || Verdict::pass("NetSuite issued an access token.");
    assert!(told(works(), Mode::Online));
    assert!(!told(works(), Mode::Demo), "a demonstration is of no integration");
    assert!(!told(Verdict::skipped(ReasonCode::Disabled, "Not asked."), Mode::Online));
    assert!(!told(Verdict::fail(FindingId::new("server-error"), "No."), Mode::Online));
}

/// Without a sign-in of an administrator nothing is missing.
#[test]
fn what_only_a_sign_in_reads_is_one_line_and_not_counted() {
    let mut results = vec![
        samples::result("account-id", Verdict::pass("1234567_SB1 (sandbox).")),
        samples::result("client-secret", Verdict::skipped(ReasonCode::NotProvided, "None.")),
    ];
    for id in ["sign-in", "audit-trail", "certificate-mapping"] {
        results.push(samples::result(id, Verdict::skipped(ReasonCode::NotProvided, "None.")));
    }
    let report = of(&results, Mode::Online);
    assert_eq!(report.summary.counts.skipped, 4);
    insta::assert_snapshot!(shown(&report, &reader(80)), @r"
    ✓ PASSED  account 1234567_SB1 (sandbox)                     1 ok · 1 not checked

      Passed: Credentials (offline) 1.
      Not checked (not given): client-secret.
      With an administrator's sign-in, check --sign-in asks 3 more.
    ");
}

/// However many record types the account does not offer, they are one list for one page.
#[test]
fn features_that_are_off_are_one_list() {
    let entry = |n: usize, feature: Option<String>| {
        let verdict = Verdict::fail(FindingId::new("type-not-found"), "There is no such type.");
        let verdict = match feature {
            Some(feature) => verdict.evidence(Evidence::new("feature", feature)),
            None => verdict,
        };
        samples::result(&format!("record-access/customrecord_{n}:view"), verdict)
    };
    let mut results: Vec<CheckResult> =
        (0..38).map(|n| entry(n, Some(format!("Feature {}", n / 2)))).collect();
    results.push(entry(38, None));
    let mut meta = meta();
    for result in &results {
        let off = crate::diagnosis::RankedCause {
            cause: "record-feature-off".to_owned(),
            rank: crate::types::Rank::Likely,
            because: vec!["The account does not offer it.".to_owned()],
            steps: Vec::new(),
        };
        let found = crate::diagnosis::Diagnosed { causes: vec![off], ..Default::default() };
        meta.causes.insert(result.key.clone(), found);
    }
    let report = build(&results, &meta, crate::report::handbook()).unwrap();
    let text = render(&report, crate::report::handbook(), &reader(80));
    for n in 0..39 {
        assert!(text.contains(&format!("customrecord_{n}")), "{n}: {text}");
    }
    assert!(text.contains("39 of 39 record types"), "{text}");
    assert_eq!(text.matches("Enable these features").count(), 1, "{text}");
    assert!(text.lines().count() <= 30, "{text}");
}

/// What the account itself says comes before what a refusal leaves to be found.
#[test]
fn what_the_account_says_is_the_first_thing_to_do() {
    let results = [
        failed("token-exchange", "server-error", "Refused."),
        failed("role-assigned", "entity-inactive", "The entity 2207 is inactive."),
    ];
    let mut meta = meta();
    for result in &results {
        let inactive = crate::diagnosis::RankedCause {
            cause: "entity-or-role-inactive".to_owned(),
            rank: crate::types::Rank::Likely,
            because: vec!["The account says so.".to_owned()],
            steps: Vec::new(),
        };
        let found = crate::diagnosis::Diagnosed { causes: vec![inactive], ..Default::default() };
        meta.causes.insert(result.key.clone(), found);
    }
    let report = build(&results, &meta, crate::report::handbook()).unwrap();
    let text = render(&report, crate::report::handbook(), &reader(80));
    assert!(
        text.contains("The entity 2207 is inactive. That alone keeps token-exchange"),
        "{text}"
    );
    assert!(text.contains("active user"), "{text}");
    assert!(!text.contains("Manage Roles") && !text.contains("Also "), "{text}");
}

#[test]
fn a_refused_sign_in_leads_to_that_of_an_administrator() {
    let told = |inside: Verdict| {
        let results = [
            failed("token-exchange", "server-error", "Refused."),
            samples::result("sign-in", inside),
        ];
        let mut meta = meta();
        meta.causes.clear();
        let report = build(&results, &meta, crate::report::handbook()).unwrap();
        render(&report, crate::report::handbook(), &reader(80))
            .contains("let the account say it: --sign-in")
    };
    assert!(told(Verdict::skipped(ReasonCode::NotProvided, "None.")));
    assert!(!told(Verdict::pass("Signed in.")));
}

#[test]
fn details_are_those_of_the_same_run() {
    let again = "netsuite-preflight check --target a";
    let same = "netsuite-preflight check --target a --audit-detail MissingKey --sign-in";
    let reader = Reader { again: Some(again), same: Some(same), ..reader(120) };
    let text = shown(&samples::fixed_report(), &reader);
    assert!(text.contains(&format!("{same} --details")), "{text}");
    assert!(text.contains(&format!("Then      {again}\n")), "{text}");
}

#[test]
fn a_command_of_many_lines_leaves_the_page_to_the_fault() {
    let records: Vec<String> = (0..38).map(|n| format!("--record customrecord_{n}")).collect();
    let again = format!("netsuite-preflight check {}", records.join(" "));
    let reader = Reader { again: Some(&again), ..reader(80) };
    let text = shown(&samples::fixed_report(), &reader);
    assert!(text.contains("Then      the same command again\n"), "{text}");
    assert!(!text.contains("customrecord_7"), "{text}");
}

#[test]
fn a_role_that_was_not_looked_at_is_not_named() {
    let refused = Verdict::fail(FindingId::new("permission-absent"), "It is refused.")
        .evidence(Evidence::new("permission", "Lists > Customers (LIST_CUSTJOB)"));
    let mut results = vec![samples::result("record-access/customer:view", refused)];
    let text = with_the_cards(&results, &reader(80));
    assert!(text.contains("Sign-in works. It is refused."), "{text}");
    assert!(!text.contains("unknown") && !text.contains("you mean"), "{text}");
    let identity = Verdict::pass("Read.").evidence(Evidence::new("role_id", "1042"));
    results.push(samples::result("token-identity", identity));
    let text = with_the_cards(&results, &reader(80));
    assert!(text.contains("as role ID 1042. Not the role you mean?"), "{text}");
}

/// A page that is full is drawn together; nothing leaves it.
#[test]
fn a_full_page_keeps_every_fault_and_its_way_out() {
    let mut results: Vec<CheckResult> = (0..40)
        .map(|n| refused(&format!("customrecord_{n}"), &format!("Lists > Thing {n} (LIST_{n})")))
        .collect();
    for (id, finding, says) in [
        ("client-id", "wrong-length", "This is no Client ID."),
        ("certificate-expiry", "expired", "The certificate expired."),
        ("clock", "too-far-off", "The clock is ten minutes ahead."),
    ] {
        results.push(failed(id, finding, says));
    }
    let report = build(&results, &meta(), crate::report::handbook()).unwrap();
    let sheet = Sheet::of(&report, crate::report::handbook(), &reader(80));
    let [wide, tight] =
        [Layout::Wide, Layout::Tight].map(|layout| laid_out(&report, &sheet, &reader(80), layout));
    assert!(tight.lines().count() + 6 < wide.lines().count(), "{wide}{tight}");
    assert_eq!(with_the_cards(&results, &reader(80)), tight);
    for words in ["✗ client-id: This is no", "✗ clock: The clock", "✗ record-access: ", "Thing 39"]
    {
        assert!(tight.contains(words), "{words}: {tight}");
    }
    assert_eq!(tight.matches("    Also: ").count(), 3, "{tight}");
}
