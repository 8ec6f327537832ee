//! `role`: the plan, the SDF object, the comparison, and `check --role-file`.

use crate::support::{Emulated, Program};

fn xml(records: &[&str]) -> String {
    let mut args = vec!["role", "xml"];
    for record in records {
        args.extend(["--record", record]);
    }
    let run = Program::new(args).exits(0);
    assert!(run.stderr.contains("Objects") && run.stderr.contains("customrole_integration.xml"));
    run.stdout
}

#[test]
fn the_plan_fits_eighty_columns_and_follows_the_page() {
    let run = Program::new(["role", "plan", "--record=salesOrder:edit", "--record=customer"])
        .arg("--account-id", "1234567")
        .exits(0);
    let at = |text: &str| run.stdout.find(text).unwrap_or_else(|| panic!("{text}\n{}", run.stdout));
    assert!(at("Permissions > Transactions") < at("Permissions > Reports"));
    assert!(at("Permissions > Reports") < at("Permissions > Lists"));
    assert!(at("Permissions > Lists") < at("Permissions > Setup"));
    at("Log in using OAuth 2.0 Access Tokens (ADMI_LOGIN_OAUTH2)");
    at("Setup > Users/Roles > Manage Roles");
    assert!(!run.stdout.contains("(ADMI_LOGIN_OAUTH)"));
    // The command that checks is one to copy: it asks for the same record types.
    let (commands, lines): (Vec<&str>, Vec<&str>) =
        run.stdout.lines().partition(|line| line.contains(" $ "));
    let [command] = commands.as_slice() else { panic!("{}", run.stdout) };
    assert!(command.ends_with("--record salesOrder:edit --record customer:view"), "{command}");
    for line in lines {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn without_records_the_login_permissions_alone() {
    let run = Program::new(["role", "plan"]).exits(0);
    assert!(run.stdout.contains("No record type was named"), "{}", run.stdout);
    let plan = Program::new(["role", "plan", "--format=json"]).exits(0).json();
    let ids: Vec<_> = plan["permissions"].as_array().unwrap().iter().map(|p| &p["id"]).collect();
    assert_eq!(ids, ["REPO_ANALYTICS", "ADMI_LOGIN_OAUTH2", "ADMI_RESTWEBSERVICES"]);
}

#[test]
fn what_is_written_compares_equal() {
    for records in [
        &["customer:edit"][..],
        &["salesOrder:edit", "invoice:create", "employee"],
        &["customrecord_event:full", "bin", "customerStatus"],
    ] {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("customrole_integration.xml");
        std::fs::write(&file, xml(records)).unwrap();
        let mut args = vec!["role".to_owned(), "compare".to_owned(), file.display().to_string()];
        args.extend(records.iter().map(|record| format!("--record={record}")));
        let human = Program::new(&args).exits(0);
        assert!(human.stdout.contains("Everything that is required is there."));
        args.push("--format=json".to_owned());
        let compared = Program::new(&args).exits(0).json();
        for line in compared["permissions"].as_array().unwrap() {
            assert_eq!(line["state"], "present", "{line}");
            assert_eq!(line["planned"], line["held"], "{line}");
        }
        assert_eq!(compared["extra"].as_array().unwrap().len(), 0, "{}", compared["extra"]);
    }
}

#[test]
fn compare_fails_on_what_is_too_low_and_names_it() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("role.xml");
    let text = xml(&["customer:view"]).replace("ADMI_LOGIN_OAUTH2", "ADMI_LOGIN_OAUTH");
    std::fs::write(&file, text).unwrap();
    let run = Program::new(["role", "compare"])
        .arg("--record", "customer:edit")
        .arg("--format", "human")
        .arg("--", &file)
        .exits(1);
    assert!(run.stdout.contains("too low   Lists > Customers"), "{}", run.stdout);
    assert!(run.stdout.contains("does not serve"), "{}", run.stdout);
    assert!(run.stdout.contains("(ADMI_LOGIN_OAUTH) at Full"), "{}", run.stdout);
}

#[test]
fn wrong_usage_and_files_that_are_no_role() {
    for args in [
        &["role", "plan", "--record", "custommer"][..],
        &["role", "plan", "--record", "customer:delete"],
        &["role", "xml", "--script-id", "role"],
        &["role", "xml", "--name", "a\nb"],
        &["role", "compare", "missing.xml"],
        &["role", "plan", "--account-id", "https://example.com"],
        &["check", "--offline", "--role-file", "missing.xml"],
    ] {
        Program::new(args).exits(2);
    }
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("role.xml");
    let laughs = "<!DOCTYPE r [<!ENTITY a \"aaaa\">]><role>&a;</role>";
    let large = " ".repeat(5 * 1024 * 1024);
    for text in ["", "no xml", "<other/>", "<role>", laughs, &large] {
        std::fs::write(&file, text).unwrap();
        let run = Program::new(["role", "compare"]).arg("--", &file).exits(1);
        assert!(run.stdout.is_empty() && !run.stderr.is_empty());
        let report = Program::new(["check", "--offline", "--format=json"])
            .arg("--role-file", &file)
            .exits(1)
            .json();
        let entry = entry(&report, "role-definition");
        assert_eq!(entry["status"], "fail");
    }
}

fn entry<'a>(report: &'a serde_json::Value, id: &str) -> &'a serde_json::Value {
    report["checks"].as_array().unwrap().iter().find(|entry| entry["id"] == id).unwrap()
}

#[test]
fn the_definition_proves_levels_and_shows_what_is_too_much() {
    let account = Emulated::scenario("healthy");
    let more = "<permission><permkey>ADMI_MANAGEROLES</permkey><permlevel>FULL</permlevel>\
                </permission></permissions>";
    let text = xml(&["customer:edit"]).replace("</permissions>", more);
    let file = account.write("role.xml", text.as_bytes());
    let mut args = account.check_args();
    args.extend([
        format!("--role-file={}", file.display()),
        "--record=customer:edit".to_owned(),
        "--format=json".to_owned(),
    ]);
    let report = Program::new(&args).exits(0).json();
    assert_eq!(entry(&report, "role-definition")["status"], "pass");
    let privilege = entry(&report, "least-privilege");
    assert_eq!(privilege["status"], "warn");
    assert!(privilege["summary"].as_str().unwrap().starts_with("High: "), "{privilege}");
    let edit = report["checks"].as_array().unwrap();
    let edit = edit.iter().find(|entry| entry["subject"] == "customer:edit").unwrap();
    assert_eq!(edit["reason"]["code"], "not-probed");
    assert!(edit["reason"]["detail"].as_str().unwrap().contains("role-definition"));
}

#[test]
fn the_object_goes_to_a_file() {
    let run = Program::new(["role", "xml", "--output", "customrole_a.xml"])
        .arg("--script-id", "customrole_a")
        .arg("--name", "R & D <sync>")
        .exits(0);
    assert_eq!(run.stdout, "");
    let text = std::fs::read_to_string(run.home().join("customrole_a.xml")).unwrap();
    assert!(text.contains("<name>R &amp; D &lt;sync&gt;</name>"), "{text}");
}

#[test]
fn the_first_profile_of_all_is_planned_written_and_compared_at_the_levels_on_offer() {
    let plan = Program::new(["role", "plan", "--profile=alchemer", "--format=json"]).exits(0);
    let plan = plan.json();
    let line = |id: &str| {
        let lines = plan["permissions"].as_array().unwrap();
        lines.iter().find(|line| line["id"] == id).unwrap_or_else(|| panic!("{id}")).clone()
    };
    let tokens = line("ADMI_MANAGE_OWN_OAUTH_TOKENS");
    assert_eq!((&tokens["name"], &tokens["level"]), (&"User Access Tokens".into(), &"full".into()));
    assert!(tokens["caution"].as_str().unwrap().contains("token-based"), "{tokens}");
    for (id, level) in [("ADMI_LOGIN_OAUTH2", "full"), ("REPO_ANALYTICS", "edit")] {
        assert_eq!(line(id)["level"], level);
    }
    let written = Program::new(["role", "xml", "--profile=alchemer"]).exits(0).stdout;
    let full = "<permkey>ADMI_MANAGE_OWN_OAUTH_TOKENS</permkey>\n      <permlevel>FULL</permlevel>";
    assert!(written.contains(full), "{written}");
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("role.xml");
    let compare = |text: &str, code| {
        std::fs::write(&file, text).unwrap();
        let args = ["role", "compare", "--profile=alchemer", "--format=json"];
        Program::new(args).arg("--", &file).exits(code).json()
    };
    assert_eq!(compare(&written, 0)["extra"].as_array().unwrap().len(), 0);
    // At View the permission is not what the page can give, and not what is planned.
    let low = full.replace("FULL", "VIEW");
    let lines = compare(&written.replace(full, &low), 1)["permissions"].clone();
    let state = |line: &&serde_json::Value| line["state"] == "too-low";
    assert_eq!(lines.as_array().unwrap().iter().filter(state).count(), 1);
}

#[test]
fn a_permission_that_bars_the_sign_in_is_left_out_with_its_reason() {
    let run = Program::new(["role", "plan", "--profile=snaplogic"]).exits(0);
    let (planned, left_out) = run.stdout.split_once("Left out").unwrap();
    assert!(!planned.contains("ADMI_MANAGE_OAUTH2"), "{planned}");
    let left_out: String = left_out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(left_out.contains("SnapLogic asks for it."), "{left_out}");
    assert!(left_out.contains("cannot itself reach the REST services"), "{left_out}");
    let written = Program::new(["role", "xml", "--profile=snaplogic"]).exits(0).stdout;
    assert!(!written.contains("ADMI_MANAGE_OAUTH2"), "{written}");
}

/// What the role is for stands in the configuration file, as for `check`.
#[test]
fn a_target_says_what_the_role_is_for() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("targets.toml");
    std::fs::write(&file, "[targets.a]\nrecords = ['vendor:edit']\n").unwrap();
    let config = format!("--config={}", file.display());
    let plan = Program::new(["role", "plan", "--target=a", &config]).exits(0);
    assert!(plan.stdout.contains("Vendors"), "{}", plan.stdout);
    let prose = plan.stdout.replace("\\\n", "").split_whitespace().collect::<Vec<_>>().join(" ");
    let next = format!("check --config {} --target a --record vendor:edit", file.display());
    assert!(prose.contains(&next), "{next}\n{}", plan.stdout);
}
