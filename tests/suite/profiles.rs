//! `--profile`: names and files, what a profile brings to a run, and what it says of a key.

use std::path::Path;

use serde_json::Value;

use crate::scenarios::find;
use crate::support::{Emulated, Program, schema};

fn key(name: &str) -> String {
    format!("--private-key={}/fixtures/keys/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn check(args: &[&str], code: i32) -> Value {
    let first = ["check", "--offline", "--format=json"];
    let report = Program::new(first.iter().chain(args)).exits(code).json();
    assert_eq!(schema::violations(&report), [""; 0]);
    report
}

#[test]
fn a_profile_brings_its_records_and_stands_in_the_report() {
    let report = check(&["--profile=Alchemer", "--account-id=1234567"], 0);
    assert_eq!(report["target"]["profile"], "alchemer");
    assert_eq!(report["target"]["records"], serde_json::json!(["customer:view", "employee:view"]));
    assert_eq!(find(&report, "record-access:employee:view").unwrap()["reason"]["code"], "offline");
    let fit = find(&report, "profile-fit").unwrap();
    assert_eq!(fit["status"], "warn", "the records are only examples: {fit:#}");

    let args = ["--profile=alchemer", "--account-id=1234567", "--record=salesOrder:edit"];
    let report = check(&args, 0);
    assert_eq!(report["target"]["records"], serde_json::json!(["salesOrder:edit"]));
    assert!(find(&report, "record-access:employee:view").is_none());
    let fit = find(&report, "profile-fit").unwrap();
    assert_eq!(fit["reason"]["code"], "not-provided", "no key was given: {fit:#}");

    let report = check(&["--account-id=1234567"], 0);
    assert_eq!(report["target"]["profile"], Value::Null);
    let fit = find(&report, "profile-fit").unwrap();
    assert_eq!(fit["reason"]["code"], "not-provided");
}

#[test]
fn a_key_that_the_product_cannot_use_fails_with_a_command_that_mends_it() {
    let report = check(&["--profile=nango", &key("ec-p256.pem")], 1);
    let fit = find(&report, "profile-fit").unwrap();
    assert_eq!(fit["status"], "fail");
    let summary = fit["summary"].as_str().unwrap();
    assert!(summary.contains("Nango takes RSA 3072 and RSA 4096"), "{summary}");
    let commands: Vec<&str> =
        fit["fix"].as_array().unwrap().iter().filter_map(|step| step["command"].as_str()).collect();
    assert!(commands.iter().any(|c| c.contains("--key-type rsa-3072")), "{commands:?}");
    assert_eq!(find(&report, "key-strength").unwrap()["status"], "pass", "NetSuite takes it");
}

#[test]
fn the_commands_that_rewrite_a_key_do_what_is_said_of_them() {
    let own = |encoding: &str| {
        format!(
            "id = \"own\"\nname = \"Own\"\nsource = \"wiki\"\ndate = \"2026-11-23\"\n\
             grade = \"documented\"\n[keys]\nencodings = [\"{encoding}\"]\n"
        )
    };
    for (from, encoding) in [("ec-p256.pem", "sec1"), ("rsa-3072.pem", "pkcs1")] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("own.toml"), own(encoding)).unwrap();
        std::fs::copy(
            Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys").join(from),
            folder.path().join("key.pem"),
        )
        .unwrap();
        let run = |key: &str, code| {
            let args = ["check", "--only=profile-fit", "--format=json", "--profile=own.toml"];
            Program::new(args).arg("--private-key", key).in_dir(folder.path()).exits(code).json()
        };
        let report = run("key.pem", 1);
        assert_eq!(report["target"]["profile"], "own");
        let fix = &find(&report, "profile-fit").unwrap()["fix"][0];
        let command = fix["command"].as_str().unwrap();
        let status = std::process::Command::new("sh")
            .args(["-c", command])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(status.status.success(), "{command}");
        let words = shlex::split(command).unwrap();
        let made = words.iter().skip_while(|word| *word != "-out").nth(1).unwrap();
        assert_ne!(made, "key.pem", "{command}");
        let report = run(made, 0);
        assert_eq!(find(&report, "profile-fit").unwrap()["status"], "pass", "{command}");
    }
}

#[test]
fn the_scopes_of_a_profile_are_asked_for_and_replaced_by_those_named() {
    let asked = |more: &[&str]| {
        let account = Emulated::scenario("healthy");
        let mut args = account.check_args();
        args.extend(["--profile=sim".to_owned(), "--format=json".to_owned()]);
        args.extend(more.iter().map(ToString::to_string));
        let report = Program::new(&args).ends().1.json();
        let exchange = find(&report, "token-exchange").unwrap().clone();
        let evidence = exchange["evidence"].as_array().unwrap().clone();
        let scope = evidence.iter().find(|fact| fact["key"] == "scope").unwrap();
        let fit = find(&report, "profile-fit").unwrap();
        (scope["value"].as_str().unwrap().to_owned(), fit["status"].as_str().unwrap().to_owned())
    };
    assert_eq!(asked(&[]), ("rest_webservices".to_owned(), "pass".to_owned()));
    assert_eq!(asked(&["--scope=restlets"]), ("restlets".to_owned(), "warn".to_owned()));
}

#[test]
fn what_is_no_profile_is_wrong_usage() {
    let says = |value: &str| {
        let args = ["check", "--offline", "--account-id=1"];
        let run = Program::new(args).arg("--profile", value).exits(2);
        assert_eq!(run.stdout, "");
        run.stderr
    };
    assert!(says("alchmer").contains("is it `alchemer`?"));
    assert!(says("./none.toml").contains("no such file"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    for (text, expected) in [
        ("id = 1", "line 1"),
        ("-----BEGIN PRIVATE KEY-----\nMIIB\n", "key or certificate"),
        ("\u{0}", "own.toml"),
    ] {
        std::fs::write(&file, text).unwrap();
        let stderr = says(file.to_str().unwrap());
        assert!(stderr.contains(expected), "{stderr}");
        assert!(!stderr.contains("MIIB"), "{stderr}");
    }
}

#[test]
fn a_report_never_replaces_the_profile_it_was_made_with() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    let text = "id = \"own\"\nname = \"Own\"\nsource = \"wiki\"\ndate = \"2026-11-23\"\ngrade = \"guess\"\n";
    std::fs::write(&file, text).unwrap();
    Program::new(["check", "--offline", "--account-id=1"])
        .arg("--profile", &file)
        .arg("--output", &file)
        .exits(2);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn the_catalogue_of_profiles_is_listed() {
    let human = Program::new(["list", "profiles"]).exits(0).stdout;
    assert!(human.lines().count() >= 13, "{human}");
    let rows = Program::new(["list", "profiles", "--format=json"]).exits(0).json();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len() + 1, human.lines().count(), "one line for the headings");
    let alchemer = rows.iter().find(|row| row["id"] == "alchemer").unwrap();
    let fields: Vec<&str> = alchemer["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| field["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        fields,
        ["Account ID", "Client ID", "Client Secret", "Certificate ID", "Private Key"]
    );
    let secret = &alchemer["fields"][4];
    assert_eq!((&secret["value"], &secret["secret"]), (&"private-key".into(), &true.into()));
    let nango = rows.iter().find(|row| row["id"] == "nango").unwrap();
    assert_eq!(nango["conflicts"][0]["asks"], "rsa-2048");
}

#[test]
fn a_role_is_planned_for_the_records_of_a_profile() {
    let plan = |args: &[&str]| {
        let first = ["role", "plan", "--format=json"];
        Program::new(first.iter().chain(args)).exits(0).json()["records"].clone()
    };
    assert_eq!(plan(&["--profile=alchemer"]), plan(&["--record=customer", "--record=employee"]));
    assert_eq!(plan(&["--profile=alchemer", "--record=vendor"]), plan(&["--record=vendor"]));
}
