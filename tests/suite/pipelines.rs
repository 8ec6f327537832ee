//! What is ready to copy works: scripts and commands of `examples/ci` are run as their systems would
//! run them, as far as that goes without these systems; and every YAML file is what it should be.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::support::{Emulated, Program};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ci")
}

fn text(name: &str) -> String {
    std::fs::read_to_string(examples().join(name)).unwrap()
}

fn yaml(name: &str) -> Value {
    yaml_serde::from_str(&text(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A shell in which the program is installed, in a scrubbed environment.
fn shell(script: &str, folder: &Path, account: &Emulated) -> Command {
    let mut command = Command::new("sh");
    command.args(["-e", "-c", script]);
    scrub(&mut command, folder, account);
    command
}

fn scrub(command: &mut Command, folder: &Path, account: &Emulated) {
    let program = Path::new(env!("CARGO_BIN_EXE_netsuite-preflight")).parent().unwrap();
    command
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", program.display()))
        .env("HOME", folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("NETSUITE_PREFLIGHT_CONNECT_TO", account.emulator.addr().to_string())
        .env("NETSUITE_PREFLIGHT_CA_FILE", account.path("ca.pem"))
        .stdin(Stdio::null())
        .current_dir(folder);
}

#[track_caller]
fn ends(mut command: Command, code: i32) -> Output {
    let output = command.output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(code),
        "{command:?}\n--- stdout\n{}\n--- stderr\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// A repository with the certificate where the examples expect it.
fn checkout(account: &Emulated) -> PathBuf {
    let folder = account.path("checkout");
    std::fs::create_dir_all(folder.join("netsuite")).unwrap();
    let certificate = account.client.certificate.as_ref().unwrap();
    std::fs::write(folder.join("netsuite/certificate.pem"), certificate).unwrap();
    folder
}

fn identifiers(command: &mut Command, account: &Emulated) {
    command
        .env("NETSUITE_ACCOUNT_ID", &account.client.account_id)
        .env("NETSUITE_CLIENT_ID", &account.client.client_id)
        .env("NETSUITE_CERTIFICATE_ID", &account.client.certificate_id)
        .env("NETSUITE_CERTIFICATE_FILE", "netsuite/certificate.pem");
}

/// The script of the step of that name.
fn step(workflow: &Value, job: &str, name: &str) -> String {
    let steps = workflow["jobs"][job]["steps"].as_array().unwrap();
    let found = steps.iter().find(|step| step["name"] == name).unwrap();
    found["run"].as_str().unwrap().to_owned()
}

#[test]
fn the_steps_of_the_github_workflow_run() {
    let (account, workflow) = (Emulated::scenario("healthy"), yaml("github-actions.yml"));
    let folder = checkout(&account);
    for (job, check) in [("offline", "Check files and identifiers"), ("full", "Check everything")] {
        let mut run = shell(&step(&workflow, job, check), &folder, &account);
        identifiers(&mut run, &account);
        if job == "full" {
            let key = String::from_utf8(account.client.private_key.expose().to_vec()).unwrap();
            run.env("NETSUITE_PRIVATE_KEY", key);
        }
        ends(run, 0);
        let summary = folder.join("summary.md");
        let mut show = shell(&step(&workflow, job, "Show the report"), &folder, &account);
        show.env("GITHUB_STEP_SUMMARY", &summary);
        ends(show, 0);
        let shown = std::fs::read_to_string(&summary).unwrap();
        assert!(shown.starts_with("# ✓ PASSED: account"), "{shown}");
        std::fs::remove_file(summary).unwrap();
    }
    assert!(folder.join("report.json").exists() && folder.join("report.html").exists());
    let keeps = workflow.to_string();
    assert!(keeps.contains("report.html"));
}

#[test]
fn the_archive_of_a_release_is_installed_by_the_workflow() {
    let (account, workflow) = (Emulated::scenario("healthy"), yaml("github-actions.yml"));
    let folder = account.path("install");
    // As `.ci/package` lays it out.
    std::fs::create_dir_all(folder.join("netsuite-preflight-0.0.0")).unwrap();
    std::fs::copy(
        env!("CARGO_BIN_EXE_netsuite-preflight"),
        folder.join("netsuite-preflight-0.0.0/netsuite-preflight"),
    )
    .unwrap();
    ends(shell("tar -czf release.tar.gz netsuite-preflight-0.0.0", &folder, &account), 0);
    let sum = ends(shell("sha256sum release.tar.gz | cut -d' ' -f1", &folder, &account), 0);
    let sum = String::from_utf8(sum.stdout).unwrap().trim().to_owned();
    let install = |sum: &str| {
        let script = step(&workflow, "offline", "Install netsuite-preflight");
        let mut run = shell(&script, &folder, &account);
        run.env("PREFLIGHT_URL", format!("file://{}", folder.join("release.tar.gz").display()))
            .env("PREFLIGHT_SHA256", sum)
            .env("GITHUB_PATH", folder.join("path"));
        run
    };
    if which("curl") {
        ends(install(&"0".repeat(64)), 1);
        assert!(!folder.join(".local/bin/netsuite-preflight").exists());
        ends(install(&sum), 0);
        let installed = std::fs::read_to_string(folder.join("path")).unwrap();
        let program = Path::new(installed.trim()).join("netsuite-preflight");
        ends(shell(&format!("{} --version", program.display()), &folder, &account), 0);
    } else {
        println!("curl is not installed; the installation was not tried");
    }
    // A target whose emulator nobody calls fails; this one is called once.
    Program::new(account.check_args()).exits(0);
}

fn which(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).output();
    found.is_ok_and(|output| output.status.success())
}

#[test]
fn the_gitlab_jobs_run() {
    let (account, pipeline) = (Emulated::scenario("healthy"), yaml("gitlab-ci.yml"));
    let folder = checkout(&account);
    let expected = &pipeline[".netsuite"]["artifacts"];
    for job in ["netsuite-offline", "netsuite-full"] {
        assert_eq!(pipeline[job]["extends"], ".netsuite");
        let script = pipeline[job]["script"].as_array().unwrap();
        let script: Vec<&str> = script.iter().map(|line| line.as_str().unwrap()).collect();
        let mut run = shell(&script.join("\n"), &folder, &account);
        identifiers(&mut run, &account);
        if job == "netsuite-full" {
            // The runner writes the file readable for all.
            let key = account.path("private-key.pem");
            std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
            run.env("NETSUITE_PRIVATE_KEY_FILE", key);
        }
        ends(run, 0);
        let junit = expected["reports"]["junit"].as_str().unwrap();
        let kept = expected["paths"].as_array().unwrap().iter().map(|p| p.as_str().unwrap());
        for file in kept.chain([junit]) {
            std::fs::remove_file(folder.join(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
        }
    }
}

/// A configuration file with targets of an emulated account.
fn fleet(account: &Emulated, names: &[&str]) -> PathBuf {
    let key = "private_key = 'private-key.pem'\ncertificate = 'certificate.pem'\n";
    let targets: String = names.iter().map(|name| account.target(name) + key).collect();
    account.write("netsuite-preflight.toml", targets.as_bytes())
}

/// The container of a pod, with its mounts led to this folder.
fn container(pod: &Value, account: &Emulated) -> (Program, PathBuf) {
    let reports = account.path("reports");
    let container = &pod["spec"]["containers"][0];
    let args = container["args"].as_array().unwrap().iter().map(|arg| {
        let arg = arg.as_str().unwrap();
        let config = account.path("netsuite-preflight.toml");
        arg.replace("/etc/netsuite/netsuite-preflight.toml", &config.display().to_string())
            .replace("=/reports", &format!("={}", reports.display()))
    });
    let program = Program::new(args)
        .arg("--connect-to", account.emulator.addr().to_string())
        .env("NETSUITE_PREFLIGHT_CA_FILE", account.path("ca.pem"));
    for (part, wanted) in [("allowPrivilegeEscalation", false), ("readOnlyRootFilesystem", true)] {
        assert_eq!(container["securityContext"][part], wanted);
    }
    // What the pod mounts is there.
    let volumes: Vec<&Value> = pod["spec"]["volumes"].as_array().unwrap().iter().collect();
    for mount in container["volumeMounts"].as_array().unwrap() {
        assert!(volumes.iter().any(|volume| volume["name"] == mount["name"]), "{mount}");
    }
    (program, reports)
}

#[test]
fn the_cron_job_checks_its_target() {
    let (account, job) = (Emulated::scenario("healthy"), yaml("kubernetes-cronjob.yml"));
    assert_eq!(
        (job["apiVersion"].as_str(), job["kind"].as_str()),
        (Some("batch/v1"), Some("CronJob"))
    );
    fleet(&account, &["survey", "other"]);
    let pod = &job["spec"]["jobTemplate"]["spec"]["template"];
    let (program, _) = container(pod, &account);
    let run = program.exits(0);
    assert!(run.stdout.starts_with("✓ PASSED"), "{}", run.stdout);
}

#[test]
fn the_pods_of_the_indexed_job_check_every_target_once() {
    let (account, job) = (Emulated::scenario("healthy"), yaml("kubernetes-fleet.yml"));
    let names = ["a", "b", "c", "d", "e"];
    fleet(&account, &names);
    let spec = &job["spec"];
    let pods = spec["completions"].as_u64().unwrap();
    let env = spec["template"]["spec"]["containers"][0]["env"].as_array().unwrap();
    let value = |name: &str| env.iter().find(|variable| variable["name"] == name).unwrap();
    let count = value("NETSUITE_PREFLIGHT_SHARD_COUNT")["value"].as_str().unwrap();
    assert_eq!(count.parse(), Ok(pods));
    let index = &value("NETSUITE_PREFLIGHT_SHARD_INDEX")["valueFrom"]["fieldRef"]["fieldPath"];
    assert!(index.as_str().unwrap().contains("job-completion-index"));
    let mut reports = PathBuf::new();
    for pod in 0..pods {
        let (program, folder) = container(&spec["template"], &account);
        program
            .env("NETSUITE_PREFLIGHT_SHARD_COUNT", count)
            .env("NETSUITE_PREFLIGHT_SHARD_INDEX", pod.to_string())
            .exits(0);
        reports = folder;
    }
    let mut found: Vec<String> = std::fs::read_dir(reports)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort();
    assert_eq!(found, names.map(|name| format!("{name}.json")));
    // Codes that are verdicts are not tried again, and a crash is.
    let codes = &spec["podFailurePolicy"]["rules"][0]["onExitCodes"]["values"];
    assert_eq!(codes, &serde_json::json!([1, 2, 3, 4]));
}

#[test]
fn the_expiry_of_a_fleet_becomes_metrics_that_the_alerts_read() {
    let account = Emulated::scenario("healthy");
    let config = fleet(&account, &["a", "b"]);
    let broken = std::fs::read_to_string(&config).unwrap() + "[targets.gone]\ncertificate = 'x'\n";
    std::fs::write(&config, broken).unwrap();
    let folder = account.path("metrics");
    std::fs::create_dir(&folder).unwrap();
    let mut script = Command::new("sh");
    script.arg(examples().join("netsuite-expiry.sh"));
    scrub(&mut script, &folder, &account);
    script.env("CONFIG", &config).env("FOLDER", &folder);
    ends(script, 0);
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    assert_eq!(files, [folder.join("netsuite-expiry.prom")]);
    assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, 0o644);
    let metrics = std::fs::read_to_string(&files[0]).unwrap();
    for target in ["a", "b"] {
        let end = format!("certificate_expiry_timestamp_seconds{{target=\"{target}\"");
        assert!(metrics.contains(&end), "{metrics}");
    }
    assert!(metrics.contains("exit_code{target=\"gone\",account=\"\",client=\"\"} 2"), "{metrics}");
    let rules = yaml("prometheus-rules.yml");
    let rules = rules["groups"][0]["rules"].as_array().unwrap();
    assert!(rules.len() >= 4);
    for rule in rules {
        let expr = rule["expr"].as_str().unwrap();
        let mut named = 0;
        for word in expr.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            if word.starts_with("netsuite_preflight_") {
                assert!(metrics.contains(&format!("\n{word}{{target=")), "{word} is no metric");
                named += 1;
            }
        }
        assert!(named > 0, "{expr}");
    }
    // The look at files needs no network; this does.
    Program::new(account.check_args()).exits(0);
}

fn git(folder: &Path, account: &Emulated, args: &str, code: i32) -> Output {
    let script = format!("git -c user.name=a -c user.email=a@example.invalid {args}");
    ends(shell(&script, folder, account), code)
}

#[test]
fn the_hook_keeps_keys_out_and_looks_at_the_configuration() {
    if Command::new("git").arg("--version").output().is_err() {
        eprintln!("skipped: there is no git here");
        return;
    }
    let account = Emulated::scenario("healthy");
    let folder = account.path("repository");
    std::fs::create_dir(&folder).unwrap();
    git(&folder, &account, "init --quiet", 0);
    let hook = folder.join(".git/hooks/pre-commit");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::copy(examples().join("pre-commit"), &hook).unwrap();
    std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
    let key = account.client.private_key.expose();
    std::fs::write(folder.join("key.pem"), key).unwrap();
    std::fs::write(folder.join("certificate.pem"), account.client.certificate.as_ref().unwrap())
        .unwrap();
    let config = "[targets.a]\naccount_id = '1234567'\ncertificate = 'certificate.pem'\n";
    std::fs::write(folder.join("netsuite-preflight.toml"), config).unwrap();

    git(&folder, &account, "add key.pem", 0);
    let refused = git(&folder, &account, "commit --quiet -m key", 1);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("private key"));
    git(&folder, &account, "rm --quiet --cached key.pem", 0);
    git(&folder, &account, "add netsuite-preflight.toml certificate.pem", 0);
    let taken = git(&folder, &account, "commit --quiet -m set-up", 0);
    assert!(String::from_utf8_lossy(&taken.stderr).contains("PASSED"));
    let wrong = config.replace("1234567", "not an account");
    std::fs::write(folder.join("netsuite-preflight.toml"), wrong).unwrap();
    git(&folder, &account, "add netsuite-preflight.toml", 0);
    let refused = git(&folder, &account, "commit --quiet -m wrong", 1);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("account-id"));

    // The same for the framework: its entry is a command that runs here.
    let hooks = yaml("pre-commit-config.yaml");
    let entry = hooks["repos"][0]["hooks"][0]["entry"].as_str().unwrap();
    ends(shell(entry, &folder, &account), 1);
    Program::new(account.check_args()).exits(0);
}

#[test]
fn cron_lines_and_every_other_script_are_sound() {
    let account = Emulated::scenario("healthy");
    let folder = checkout(&account);
    let page = text("README.md");
    let line = page.lines().find(|line| line.contains("--only certificate-expiry")).unwrap();
    let command = line.split_once("netsuite-monitor ").unwrap().1;
    let certificate = folder.join("netsuite/certificate.pem");
    let command =
        command.replace("/etc/netsuite/certificate.pem", &certificate.display().to_string());
    let run = ends(shell(&command, &folder, &account), 0);
    assert_eq!(String::from_utf8(run.stdout).unwrap().lines().count(), 1);
    for name in ["netsuite-expiry.sh", "pre-commit"] {
        let path = examples().join(name);
        let mut check = Command::new("sh");
        check.arg("-n").arg(path);
        ends(check, 0);
    }
    // Every file of the folder is told of, and every file that is told of is there.
    for entry in std::fs::read_dir(examples()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name == "README.md" || page.contains(&format!("({name})")), "{name}");
    }
    for link in page.split("](").skip(1) {
        let name = link.split(')').next().unwrap();
        assert!(examples().join(name).exists(), "{name} is missing");
    }
    Program::new(account.check_args()).exits(0);
}
