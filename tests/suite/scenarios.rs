//! Every scenario: `check` says of it what its file expects, through the program itself.

use std::path::Path;
use std::sync::Mutex;

use netsuite_preflight::door::{Expect, ExpectInside, Scenario, scenario};
use serde_json::Value;

use crate::printed::wrong_usage;
use crate::support::{Emulated, Program, schema};

#[test]
fn check_says_of_each_scenario_what_its_file_expects() {
    let queue = Mutex::new(scenario::all().unwrap());
    let wrong = Mutex::new(Vec::new());
    // Most of the time is spent waiting, not computing.
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(scenario) = queue.lock().unwrap().pop() else { break };
                    wrong.lock().unwrap().extend(differences(&scenario));
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn there_are_scenarios_for_every_area() {
    use std::collections::BTreeSet;
    let areas: BTreeSet<_> = scenario::all().unwrap().iter().map(|one| one.area).collect();
    assert_eq!(areas.len(), 9, "{areas:?}");
}

fn differences(scenario: &Scenario) -> Vec<String> {
    let name = &scenario.name;
    let saved = tempfile::tempdir().unwrap();
    let saves = ["txt", "md", "html"].map(|form| format!("--save=report.{form}"));
    let args = ["demo", "--format", "json", "--scenario", name];
    let args = args.into_iter().chain(saves.iter().map(String::as_str));
    let (code, run) = Program::new(args).in_dir(saved.path()).ends();
    let report = run.json();
    let mut wrong = schema::violations(&report);
    wrong.extend(wrong_usage(saved.path(), &report));
    wrong.extend(lost(saved.path(), &report));
    let stated = report["summary"]["exit_code"].as_i64();
    if stated != code.map(i64::from) {
        wrong.push(format!("the report states exit code {stated:?}, the program ended {code:?}"));
    }
    if code != Some(i32::from(scenario.expect.exit_code)) {
        wrong.push(format!("exit code {code:?}, expected {}", scenario.expect.exit_code));
    }
    for (key, expected) in &scenario.expect.statuses {
        let Some(entry) = find(&report, key) else {
            wrong.push(format!("{key} is not in the report"));
            continue;
        };
        let status = entry["status"].as_str().unwrap();
        let reason = entry["reason"]["code"].as_str();
        let other_reason = expected.reason.is_some() && expected.reason.as_deref() != reason;
        if status != expected.status.as_str() || other_reason {
            wrong.push(format!(
                "{key} is {status} {reason:?}, expected {} {:?}: {}",
                expected.status.as_str(),
                expected.reason,
                entry["summary"]
            ));
        }
    }
    wrong.extend(cause_differences(&scenario.expect, &report));
    wrong.extend(blanks(&report));
    wrong.extend(unseparated(&report));
    wrong.extend(page_faults(&run.stdout, &report));
    wrong.extend(
        scenario
            .expect
            .sign_in
            .as_ref()
            .map(|inside| from_inside(name, inside))
            .into_iter()
            .flatten(),
    );
    wrong.into_iter().map(|what| format!("{name}: {what}")).collect()
}

/// What is wrong with what the account's inside decides.
fn from_inside(name: &str, expected: &ExpectInside) -> Vec<String> {
    let args = ["demo", "--sign-in", "--format=json", "--scenario", name];
    let run = Program::new(args).ends().1;
    let report = run.json();
    let mut wrong = schema::violations(&report);
    wrong.extend(page_faults(&run.stdout, &report));
    for rank in ["likely", "possible"] {
        let wanted = if rank == "likely" { &expected.likely } else { &expected.possible };
        let causes = find(&report, "token-exchange").and_then(|entry| entry["causes"].as_array());
        let ranked = causes.into_iter().flatten().filter(|cause| cause["rank"] == rank);
        let mut seen: Vec<&str> = ranked.map(|cause| cause["id"].as_str().unwrap()).collect();
        let mut wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        seen.sort_unstable();
        wanted.sort_unstable();
        if seen != wanted {
            wrong.push(format!("signed in, {rank} are {seen:?}, expected {wanted:?}"));
        }
    }
    for (key, expected) in &expected.statuses {
        let entry = find(&report, key).unwrap_or_else(|| panic!("{key}"));
        let reason = entry["reason"]["code"].as_str();
        let other_reason = expected.reason.is_some() && expected.reason.as_deref() != reason;
        if entry["status"] != expected.status.as_str() || other_reason {
            wrong.push(format!("signed in, {key} is {} {reason:?}", entry["status"]));
        }
    }
    wrong.extend(unseparated(&report));
    wrong
}

/// What `--details` leaves out: an entry, a cause with its id, or what speaks for a cause.
fn lost(saved: &Path, report: &Value) -> Vec<String> {
    let details = std::fs::read_to_string(saved.join("report.txt")).unwrap();
    // Long lines of the table are cut; the section below has them whole.
    let flat = |text: &str| text.split_whitespace().collect::<String>();
    let page = flat(&details);
    let mut wrong = Vec::new();
    for entry in report["checks"].as_array().unwrap() {
        let name = entry["subject"].as_str().or(entry["id"].as_str()).unwrap();
        if !page.contains(name) {
            wrong.push(format!("--details leaves out {name}"));
        }
        for cause in entry["causes"].as_array().unwrap() {
            let id = cause["id"].as_str().unwrap();
            if !page.contains(&format!("({id})")) {
                wrong.push(format!("--details leaves out the cause {id}"));
            }
            let reasons = cause["because"].as_array().unwrap().iter().take(1);
            for why in reasons.filter_map(Value::as_str) {
                if cause["rank"] != "possible" && !page.contains(&flat(why)) {
                    wrong.push(format!("--details leaves out why {id}: {why}"));
                }
            }
        }
    }
    wrong
}

/// How many faults a page tells apart: each of several has a mark before it.
fn faults_on(page: &str) -> usize {
    let marks = ["  ✗ ", "  ? ", "  ! "];
    let marked = page.lines().filter(|line| marks.iter().any(|mark| line.starts_with(mark)));
    marked.count().max(1)
}

/// What is wrong with the page that a person reads: at most 25 lines for one fault and 30 for
/// several, and nothing that did not pass is left out.
fn page_faults(json: &str, report: &Value) -> Vec<String> {
    let page = Program::new(["report", "show", "-"]).stdin(json).exits(0).stdout;
    let flat = page.split_whitespace().collect::<Vec<_>>().join(" ");
    let open = |entry: &&Value| {
        ["fail", "inconclusive", "warn"].contains(&entry["status"].as_str().unwrap())
    };
    let open: Vec<&Value> = report["checks"].as_array().unwrap().iter().filter(open).collect();
    let most = if faults_on(&page) < 2 { 25 } else { 30 };
    let mut wrong = Vec::new();
    if page.lines().count() > most {
        wrong.push(format!("the page has {} lines:\n{page}", page.lines().count()));
    }
    for entry in open {
        let id = entry["id"].as_str().unwrap();
        let subject = entry["subject"].as_str();
        let record = subject.and_then(|subject| subject.split(':').next()).unwrap_or(id);
        let summary = entry["summary"].as_str().unwrap();
        let evidence = entry["evidence"].as_array().unwrap();
        let detail = evidence.iter().find(|fact| fact["key"] == "audit_detail");
        // By its name, by what was seen, by NetSuite's reason, or as a row of the table of
        // permissions.
        let told = flat.contains(subject.unwrap_or(id))
            || detail.is_some_and(|detail| {
                flat.contains(&format!(
                    "NetSuite's reason is {}.",
                    detail["value"].as_str().unwrap()
                ))
            })
            || flat.contains(summary)
            || flat.contains(&format!("for {record}"));
        if !told {
            wrong.push(format!("the page does not tell of {id}:\n{page}"));
        }
    }
    for line in page.lines().filter(|line| line.contains("netsuite-preflight ")) {
        if line.contains(['<', '>']) {
            wrong.push(format!("a command has a blank that a shell reads: {line}"));
        }
    }
    wrong
}

/// Texts of the report in which a value was not filled in. A person is to fill in what no run can
/// know: these are not among them.
fn blanks(report: &Value) -> Vec<String> {
    const KNOWN: [&str; 14] = [
        "<record>",
        "<asked-level>",
        "<permission>",
        "<level>",
        "<feature>",
        "<netsuite-says>",
        "<scopes>",
        "<missing-scopes>",
        "<algorithm>",
        "<status>",
        "<script>",
        "<missing-object>",
        "<instead>",
        "<guard>",
    ];
    let checks = report["checks"].as_array().into_iter().flatten();
    let texts = checks.map(|entry| (entry["id"].to_string(), entry.to_string()));
    texts
        .flat_map(|(id, text)| {
            let left = KNOWN.into_iter().filter(move |blank| text.contains(blank));
            left.map(move |blank| format!("{id} leaves {blank} unfilled"))
        })
        .collect()
}

/// What is wrong with the causes: one that is at work and not named, one that should come first
/// and does not, one that is named although a check that passed excludes it.
pub fn cause_differences(expect: &Expect, report: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for (key, causes) in &expect.causes {
        let named = named(report, key);
        for cause in causes.iter().filter(|cause| !named.contains(cause)) {
            wrong.push(format!("{key} does not name {cause}, but {named:?}"));
        }
    }
    for (key, cause) in &expect.first {
        let named = named(report, key);
        if named.first() != Some(cause) {
            wrong.push(format!("{key} puts {:?} before {cause}", named.first()));
        }
    }
    for entry in report["checks"].as_array().into_iter().flatten() {
        let key = entry["id"].as_str().unwrap();
        for (cause, excluded_by) in EXCLUDED {
            let passed = |check: &&str| find(report, check).is_some_and(|e| e["status"] == "pass");
            if excluded_by.iter().all(passed) && named(report, key).iter().any(|c| c == cause) {
                wrong.push(format!("{key} names {cause}, which {excluded_by:?} exclude"));
            }
        }
    }
    wrong
}

/// Causes and the checks whose passing proves them innocent.
const EXCLUDED: &[(&str, &[&str])] = &[
    ("key-of-another-certificate", &["key-matches-certificate", "certificate-id-matches"]),
    ("certificate-id-wrong", &["certificate-id-matches"]),
    ("certificate-expired", &["certificate-expiry"]),
    ("certificate-not-yet-valid", &["certificate-expiry"]),
    ("certificate-cap-passed", &["certificate-expiry"]),
    ("clock-wrong", &["clock"]),
    ("key-too-weak", &["key-strength", "certificate-key"]),
    ("key-of-another-kind", &["key-strength", "certificate-key"]),
    ("scope-not-ticked", &["token-scope"]),
    ("account-unknown", &["account-exists"]),
    ("egress-blocked", &["connection", "account-exists"]),
    ("workbook-permission-missing", &["query-service"]),
    ("workbook-feature-off", &["query-service"]),
    ("rest-permission-missing", &["rest-service"]),
    ("rest-feature-off", &["rest-service"]),
    ("certificate-id-wrong", &["token-exchange"]),
    ("key-of-another-certificate", &["token-exchange"]),
    ("mappings-cleared-by-refresh", &["token-exchange"]),
];

/// The causes that an entry names as likely or possible, best first.
fn named(report: &Value, key: &str) -> Vec<String> {
    let causes = find(report, key).and_then(|entry| entry["causes"].as_array());
    let left = causes.into_iter().flatten().filter(|cause| cause["rank"] != "ruled_out");
    left.map(|cause| cause["id"].as_str().unwrap().to_owned()).collect()
}

/// The scenarios that have causes: how many, with two faults, and with a cause that must come
/// first.
#[test]
fn many_scenarios_have_two_faults_and_most_a_first_cause() {
    let all = scenario::all().unwrap();
    let faulty: Vec<_> = all.iter().filter(|one| !one.expect.causes.is_empty()).collect();
    let two = faulty.iter().filter(|one| one.expect.faults == 2).count();
    let separable = faulty.iter().filter(|one| !one.expect.first.is_empty()).count();
    assert!(faulty.len() >= 110, "{}", faulty.len());
    // Those that only the account's inside separates count in neither.
    assert!(two >= 32, "{two} of {}", faulty.len());
    assert!(separable >= 93, "{separable} of {}", faulty.len());
    for one in faulty.iter().filter(|one| one.expect.faults == 2) {
        let causes: usize = one.expect.causes.values().map(Vec::len).sum();
        assert!(
            causes >= 2 || one.expect.statuses.values().any(|s| s.reason.is_some()),
            "{}",
            one.name
        );
    }
    // What fails has to be explained in every scenario.
    for one in all.iter().filter(|one| one.expect.exit_code == 1) {
        assert!(
            !one.expect.causes.is_empty() || one.expect.faults == 0,
            "{} has no cause",
            one.name
        );
    }
}

/// What the Login Audit Trail shows takes causes away and adds none, shortens the report, and
/// leaves the cause at work. `--nocapture` prints a table.
#[test]
fn the_audit_trail_only_takes_away() {
    // Others leave no failure in the trail.
    let refused = |one: &Scenario| {
        let statuses = &one.expect.statuses;
        let of = |check| statuses.get(check).is_some_and(|own| own.status.as_str() == "fail");
        of("token-exchange") || of("rest-service")
    };
    let queue: Vec<Scenario> = scenario::all().unwrap().into_iter().filter(refused).collect();
    let queue = Mutex::new(queue);
    let told = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(scenario) = queue.lock().unwrap().pop() else { break };
                    let row = with_and_without_the_trail(&scenario);
                    told.lock().unwrap().push(row);
                }
            });
        }
    });
    let mut rows = told.into_inner().unwrap();
    rows.sort_by(|one, other| one.scenario.cmp(&other.scenario));
    println!("scenario, Detail, lines of page and details without and with it; causes left; first");
    for row in &rows {
        println!("{row}");
    }
    let wrong: Vec<&String> = rows.iter().flat_map(|row| &row.wrong).collect();
    assert!(wrong.is_empty(), "{} differences\n{wrong:#?}", wrong.len());
    let with_detail = rows.iter().filter(|row| row.detail.is_some()).count();
    assert!(with_detail >= 45, "{with_detail}");
    let fewer = rows.iter().filter(|row| row.open[1] > 0 && row.open[1] < row.open[0]).count();
    assert!(fewer >= 35, "{fewer}");
}

/// One scenario, tried without and with the Detail of its own Login Audit Trail.
struct Tried {
    scenario: String,
    detail: Option<String>,
    /// Of the page, and of `--details`.
    lines: [[usize; 2]; 2],
    open: [usize; 2],
    first: [Option<String>; 2],
    wrong: Vec<String>,
}

impl std::fmt::Display for Tried {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let detail = self.detail.as_deref().unwrap_or("-");
        let first = |at: usize| self.first[at].as_deref().unwrap_or("-");
        write!(f, "{:<52} {detail:<20}", self.scenario)?;
        let [[page, details], [less, fewer]] = self.lines;
        let [before, after] = self.open;
        write!(f, "{page:>3} {less:>3}, {details:>4} {fewer:>4}; {before:>3} {after:>3}; ")?;
        write!(f, "{}, {}", first(0), first(1))
    }
}

fn with_and_without_the_trail(scenario: &Scenario) -> Tried {
    let account = Emulated::reached_or_not(&scenario.name);
    let mut args = account.check_args();
    args.extend(account.client.records.iter().map(|record| format!("--record={record}")));
    args.extend(account.client.args.iter().cloned());
    args.extend(account.client.scopes.iter().map(|scope| format!("--scope={scope}")));
    args.push("--format=json".to_owned());
    let tried = |args: &[String]| {
        let details = account.path("report.txt");
        let run = Program::new(args).arg("--save", &details).ends().1;
        let page = Program::new(["report", "show", "-"]).stdin(run.stdout.as_str()).exits(0);
        let details = std::fs::read_to_string(&details).unwrap();
        let lines = [page.stdout.lines().count(), details.lines().count()];
        (run.json(), lines, faults_on(&page.stdout))
    };
    let (before, without, faults) = tried(&args);
    let mut wrong = Vec::new();
    let refused = account.emulator.audit_trail().into_iter().rfind(|entry| !entry.success);
    let detail = refused.and_then(|entry| entry.detail).map(|detail| detail.as_str().to_owned());
    let mut row = Tried {
        scenario: scenario.name.clone(),
        lines: [without, [0, 0]],
        open: [open(&before).len(), 0],
        first: [leading(&before), None],
        detail: detail.clone(),
        wrong: Vec::new(),
    };
    if let Some(detail) = detail {
        // As it is pasted, with the name of the column.
        args.push(format!("--audit-detail=Detail: {}", detail.to_lowercase()));
        let (after, lines, faults_with) = tried(&args);
        row.lines[1] = lines;
        row.open[1] = open(&after).len();
        row.first[1] = leading(&after);
        // A second fault that only the Detail brought to light has its own lines.
        let [page, details] = lines;
        let longer = if faults_with > faults { page > 30 } else { page > without[0] };
        if longer || details > without[1] {
            wrong.push(format!("{lines:?} lines with {detail}, {without:?} without"));
        }
        let was_open = open(&before);
        for one in open(&after).iter().filter(|one| !was_open.contains(one)) {
            wrong.push(format!("{one:?} comes back with {detail}"));
        }
        wrong.extend(unseparated(&after));
        wrong.extend(untrue(&scenario.expect, &after));
        let refused = ["token-exchange", "rest-service"].map(|id| find(&after, id).unwrap());
        let entry = refused.into_iter().find(|entry| entry["status"] == "fail").unwrap();
        if !entry["evidence"].to_string().contains(&detail) {
            wrong.push(format!("{detail} is not in the report"));
        }
        if entry["fix"].to_string().contains("Login Audit Trail") {
            wrong.push("the trail is asked for although it was read".to_owned());
        }
    }
    row.wrong = wrong.into_iter().map(|what| format!("{}: {what}", scenario.name)).collect();
    row
}

/// Steps for a cause that the same run excludes are in no advice, neither the check's nor that of
/// another cause.
#[test]
fn what_the_run_excludes_is_not_advised() {
    for (name, key, advised, excluded) in [
        (
            "rest-permission-missing-401",
            "rest-service",
            "add REST Web Services",
            &["Log in using OAuth", "IP address", "role and entity are active"][..],
        ),
        (
            "record-permission-absent",
            "record-access:customer:view",
            "Lists > Customers",
            &["SuiteAnalytics Workbook", "feature is off", "Perform Search"],
        ),
        (
            "record-permission-absent-400",
            "record-access:customer:view",
            "Lists > Customers",
            &["SuiteAnalytics Workbook", "Check that", "Perform Search"],
        ),
    ] {
        let args = ["demo", "--format", "json", "--scenario", name];
        let report = Program::new(args).exits(1).json();
        let entry = find(&report, key).unwrap();
        let causes = entry["causes"].as_array().unwrap().iter();
        let open = causes.filter(|cause| cause["rank"] != "ruled_out");
        let advice = [&entry["fix"]].into_iter().chain(open.map(|cause| &cause["fix"]));
        let advice: String = advice.map(Value::to_string).collect();
        assert!(advice.contains(advised), "{name}: {advice}");
        for words in excluded {
            assert!(!advice.contains(words), "{name}: {words}: {advice}");
        }
    }
}

/// The causes that are left in a report, each with its entry.
fn open(report: &Value) -> Vec<(String, String)> {
    let mut left = Vec::new();
    for entry in report["checks"].as_array().unwrap() {
        let key = format!("{}:{}", entry["id"], entry["subject"]);
        let causes = entry["causes"].as_array().unwrap().iter();
        for cause in causes.filter(|cause| cause["rank"] != "ruled_out") {
            left.push((key.clone(), cause["id"].as_str().unwrap().to_owned()));
        }
    }
    left
}

fn leading(report: &Value) -> Option<String> {
    report["summary"]["cause"]["id"].as_str().map(ToOwned::to_owned)
}

/// Likely causes for which nothing speaks that does not speak for another one as well.
fn unseparated(report: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for entry in report["checks"].as_array().unwrap() {
        let causes: Vec<&Value> = entry["causes"].as_array().unwrap().iter().collect();
        let reasons = |cause: &Value| -> Vec<String> {
            let told = cause["because"].as_array().unwrap().iter();
            let told = told.map(|why| why.as_str().unwrap().to_owned());
            told.filter(|why| !why.starts_with("Everything else known")).collect()
        };
        for likely in causes.iter().filter(|cause| cause["rank"] == "likely") {
            let others = causes
                .iter()
                .filter(|other| other["rank"] != "ruled_out" && other["id"] != likely["id"]);
            let shared: Vec<String> = others.flat_map(|other| reasons(other)).collect();
            if reasons(likely).iter().all(|why| shared.contains(why)) {
                wrong.push(format!("{} is likely at {} on nothing", likely["id"], entry["id"]));
            }
        }
    }
    wrong
}

/// Where what is at work is known, something else that comes first, or is called likely.
fn untrue(expect: &Expect, report: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for check in ["token-exchange", "rest-service"] {
        let Some(causes) = expect.causes.get(check) else { continue };
        let named = named(report, check);
        if !causes.iter().any(|cause| named.contains(cause)) {
            wrong.push(format!("{check} loses {causes:?}: {named:?}"));
        }
        let first = find(report, check).and_then(|entry| entry["causes"].get(0));
        let first = first.filter(|first| first["rank"] == "likely");
        let id = first.and_then(|first| first["id"].as_str()).unwrap_or_default();
        if first.is_some() && !causes.iter().any(|cause| cause == id) {
            wrong.push(format!("{check} puts {id} before {causes:?}"));
        }
    }
    wrong
}

/// The entry of a check, with its subject after a colon where it has one.
pub fn find<'a>(report: &'a Value, key: &str) -> Option<&'a Value> {
    let (id, subject) = match key.split_once(':') {
        Some((id, subject)) => (id, Some(subject)),
        None => (key, None),
    };
    report["checks"]
        .as_array()?
        .iter()
        .find(|entry| entry["id"] == id && entry["subject"].as_str() == subject)
}
