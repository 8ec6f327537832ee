//! What makes a release: the workflows are sound as far as a machine without them can say, and the
//! script that packs the archives does what it says.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn workflow(name: &str) -> Value {
    let text = std::fs::read_to_string(root().join(".github/workflows").join(name)).unwrap();
    yaml_serde::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Every script of a workflow, with the name of its job.
fn scripts(workflow: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (job, content) in workflow["jobs"].as_object().unwrap() {
        for step in content["steps"].as_array().unwrap() {
            assert!(step["run"].is_string() != step["uses"].is_string(), "{job}: {step}");
            if let Some(run) = step["run"].as_str() {
                found.push((job.clone(), run.to_owned()));
            }
            if let Some(uses) = step["uses"].as_str() {
                let (action, version) = uses.split_once('@').unwrap();
                let commit = version.len() == 40 && version.bytes().all(|b| b.is_ascii_hexdigit());
                assert!(action.starts_with("actions/") && commit, "{uses}");
            }
        }
    }
    found
}

#[test]
fn workflows_ask_for_little_end_in_time_and_call_what_is_there() {
    for name in ["ci.yml", "release.yml"] {
        let workflow = workflow(name);
        assert_eq!(workflow["permissions"], serde_json::json!({"contents": "read"}), "{name}");
        for (job, content) in workflow["jobs"].as_object().unwrap() {
            assert!(content["timeout-minutes"].as_u64().is_some_and(|m| m <= 60), "{name} {job}");
            let needs = content["needs"].as_str();
            assert!(needs.is_none_or(|needs| workflow["jobs"][needs].is_object()), "{job}");
        }
        let mut called = 0;
        for (job, script) in scripts(&workflow) {
            // What GitHub fills in is a word to the shell.
            let plain = without_expressions(&script);
            let check = Command::new("bash").args(["-n", "-c", &plain]).output().unwrap();
            assert!(check.status.success(), "{name} {job}: {script}");
            for word in plain.split_whitespace().filter(|word| word.starts_with(".ci/")) {
                assert!(root().join(word).is_file(), "{word}");
                called += 1;
            }
        }
        assert!(called > 0, "{name} calls none of the project's own scripts");
    }
}

/// A script without `${{ … }}`.
fn without_expressions(script: &str) -> String {
    let mut parts = script.split("${{");
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        plain += "word";
        plain += part.split_once("}}").unwrap().1;
    }
    plain
}

#[test]
fn a_release_has_every_target_and_only_the_last_job_may_write() {
    let workflow = workflow("release.yml");
    let jobs = workflow["jobs"].as_object().unwrap();
    let matrix = jobs["build"]["strategy"]["matrix"]["include"].as_array().unwrap();
    let targets: BTreeSet<&str> = matrix.iter().map(|m| m["target"].as_str().unwrap()).collect();
    let wanted = [
        "aarch64-apple-darwin",
        "aarch64-unknown-linux-musl",
        "x86_64-apple-darwin",
        "x86_64-pc-windows-msvc",
        "x86_64-unknown-linux-musl",
    ];
    assert_eq!(targets, BTreeSet::from(wanted));
    let writers: Vec<&String> = jobs
        .iter()
        .filter(|(_, job)| job["permissions"].is_object())
        .map(|(name, _)| name)
        .collect();
    assert_eq!(writers, ["publish"]);
    assert_eq!(jobs["publish"]["needs"], "build");
    assert_eq!(jobs["build"]["needs"], "whole");
    // A release is made from the lock file by the script that CI calls for the same targets, and
    // reports name its commit.
    let built = |name: &str, job: &str| -> Vec<String> {
        let ours = |run: &String| run.contains(".ci/release");
        let all = scripts(&self::workflow(name)).into_iter();
        all.filter(|(of, run)| of == job && ours(run)).map(|(_, run)| run).collect()
    };
    assert_eq!(built("release.yml", "build").len(), 2);
    assert_eq!(built("release.yml", "build"), built("ci.yml", "as-a-release"));
    let ci = self::workflow("ci.yml");
    assert_eq!(
        ci["jobs"]["as-a-release"]["strategy"]["matrix"],
        jobs["build"]["strategy"]["matrix"]
    );
    let script = std::fs::read_to_string(root().join(".ci/release")).unwrap();
    assert!(script.contains("cargo build --profile \"$profile\" --locked"));
    assert!(workflow["env"]["NETSUITE_PREFLIGHT_GIT_COMMIT"].is_string());
    // The example of a pipeline fetches one of these.
    let example = std::fs::read_to_string(root().join("examples/ci/github-actions.yml")).unwrap();
    assert!(example.contains("x86_64-unknown-linux-musl"));
}

/// A stand-in for the program: the script tries what it packs, and need not wait for the real one.
fn stand_in(folder: &Path) -> PathBuf {
    let path = folder.join("program");
    let version = env!("CARGO_PKG_VERSION");
    let text = format!(
        "#!/bin/sh\ncase $1 in --version) echo netsuite-preflight {version};; completions) echo \
         for $2;; demo) ;; explain) echo cards;; *) exit 9;; esac\n"
    );
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn package(folder: &Path, target: &str, program: &Path, tag: &str) -> Option<Output> {
    let started = Command::new("python3")
        .arg(root().join(".ci/package"))
        .args(["--target", target, "--out"])
        .arg(folder)
        .arg("--program")
        .arg(program)
        .arg("--licenses")
        .arg(root().join("LICENSE-MIT"))
        .env("RELEASE_TAG", tag)
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .output();
    match started {
        Ok(output) => Some(output),
        Err(_) => {
            println!("python3 is not installed; packing was not tried");
            None
        }
    }
}

#[test]
fn an_archive_holds_what_it_should_and_is_the_same_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let program = stand_in(folder.path());
    let name = format!("netsuite-preflight-{}-x86_64-unknown-linux-gnu", env!("CARGO_PKG_VERSION"));
    let mut archives = Vec::new();
    for out in ["one", "two"] {
        let out = folder.path().join(out);
        let Some(output) = package(&out, "x86_64-unknown-linux-gnu", &program, "") else { return };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        archives.push(std::fs::read(out.join(format!("{name}.tar.gz"))).unwrap());
        let sum = Command::new("sha256sum")
            .args(["--check", "--strict", &format!("{name}.tar.gz.sha256")])
            .current_dir(&out)
            .output()
            .unwrap();
        assert!(sum.status.success());
    }
    assert_eq!(archives[0], archives[1]);
    let list = Command::new("tar")
        .args(["-tzf", &format!("one/{name}.tar.gz")])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    let files: BTreeSet<&str> =
        list.lines().map(|line| line.strip_prefix(&format!("{name}/")).unwrap()).collect();
    for file in [
        "netsuite-preflight",
        "netsuite-preflight.1",
        "README.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "THIRD-PARTY-LICENSES.md",
        "docs/check.md",
        "docs/checks.md",
        "docs/report.schema.json",
        "completions/netsuite-preflight.bash",
        "examples/ci/netsuite-expiry.sh",
    ] {
        assert!(files.contains(file), "{list}");
    }
}

#[test]
fn a_package_for_debian_holds_the_program_its_page_and_its_licences() {
    let folder = tempfile::tempdir().unwrap();
    let program = stand_in(folder.path());
    let out = folder.path().join("out");
    let Some(output) = package(&out, "x86_64-unknown-linux-gnu", &program, "") else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let file = out.join(format!("netsuite-preflight_{}_amd64.deb", env!("CARGO_PKG_VERSION")));
    let Ok(list) = Command::new("dpkg-deb").arg("--contents").arg(&file).output() else {
        println!("dpkg-deb is not installed; the package was not looked at");
        return;
    };
    let list = String::from_utf8(list.stdout).unwrap();
    for line in [
        "-rwxr-xr-x root/root",
        "./usr/bin/netsuite-preflight",
        "./usr/share/man/man1/netsuite-preflight.1.gz",
        "./usr/share/bash-completion/completions/netsuite-preflight",
        "./usr/share/doc/netsuite-preflight/copyright",
        "./usr/share/doc/netsuite-preflight/docs/check.md",
    ] {
        assert!(list.contains(line), "{line}: {list}");
    }
    let fields = Command::new("dpkg-deb").arg("--field").arg(&file).output().unwrap();
    let fields = String::from_utf8(fields.stdout).unwrap();
    assert!(fields.contains("Architecture: amd64") && !fields.contains("Depends:"), "{fields}");
}

#[test]
fn what_is_not_as_it_says_is_not_packed() {
    let folder = tempfile::tempdir().unwrap();
    let program = stand_in(folder.path());
    let refused = |target: &str, program: &Path, tag: &str, says: &str| {
        let out = folder.path().join("out");
        let Some(output) = package(&out, target, program, tag) else { return };
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && told.contains(says), "{told}");
        assert!(!out.exists(), "something was packed");
    };
    let gnu = "x86_64-unknown-linux-gnu";
    refused(gnu, &program, "v99.0.0", "make them agree");
    // The tests' own program needs the system's libraries.
    let dynamic = Path::new(env!("CARGO_BIN_EXE_netsuite-preflight"));
    if cfg!(all(target_os = "linux", target_env = "gnu", not(target_feature = "crt-static"))) {
        refused("x86_64-unknown-linux-musl", dynamic, "", "not static");
    }
    let named = format!("#!/bin/sh\n# {}/src/main.rs\n", root().display());
    std::fs::write(&program, named).unwrap();
    refused(gnu, &program, "", "names a folder of this machine");
    std::fs::write(&program, "#!/bin/sh\necho something else\n").unwrap();
    refused(gnu, &program, "", "another version");
}

/// Whoever can move a tag of an action could otherwise change what is built and published.
#[test]
fn every_action_is_pinned_by_its_commit() {
    let mut seen = 0;
    for folder in [".github/workflows", "examples/ci"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            for line in text.lines().map(|line| line.trim_start_matches([' ', '-'])) {
                let Some(action) = line.strip_prefix("uses:") else { continue };
                let (name, version) = action.split_once(" # v").unwrap_or((action, ""));
                let commit = name.trim().rsplit_once('@').map_or("", |(_, commit)| commit);
                let pinned = commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit());
                assert!(pinned && !version.is_empty(), "{}: {line}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 5, "{seen}");
}

/// A small crate with the build script of this one.
fn with_build_script(folder: &Path) {
    for name in ["src", "checks", "fixtures"] {
        std::fs::create_dir_all(folder.join(name)).unwrap();
        std::fs::write(folder.join(name).join("one.toml"), "").unwrap();
    }
    let manifest = "[package]\nname = \"scratch\"\nedition = \"2024\"\n[workspace]\n";
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    let main = "fn main() { println!(\"{:?}\", option_env!(\"NETSUITE_PREFLIGHT_GIT_COMMIT\")); }";
    std::fs::write(folder.join("src/main.rs"), main).unwrap();
    std::fs::copy(root().join("build.rs"), folder.join("build.rs")).unwrap();
}

/// What the crate prints, built as a release is, and whether anything was built for it.
fn built(folder: &Path) -> (String, bool) {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--release", "--offline"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("out"))
        .env_remove("NETSUITE_PREFLIGHT_GIT_COMMIT")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    let printed = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    (printed, told.contains("Compiling"))
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=test", "-c", "user.email=test@example.com"])
        .args(["-c", "init.defaultBranch=main", "-c", "commit.gpgSign=false"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Of unpacked sources, and of a further work tree, whose `.git` is a file.
#[test]
fn a_release_is_built_anew_only_where_something_changed_and_names_its_commit() {
    if Command::new("git").arg("--version").output().is_err() {
        eprintln!("skipped: there is no git here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let unpacked = folder.path().join("unpacked");
    with_build_script(&unpacked);
    assert_eq!(built(&unpacked), ("None".to_owned(), true));
    assert_eq!(built(&unpacked), ("None".to_owned(), false));

    let first = folder.path().join("first");
    with_build_script(&first);
    std::fs::write(first.join(".gitignore"), "out\n").unwrap();
    std::fs::write(first.join("README.md"), "one").unwrap();
    built(&first);
    git(&first, &["init", "--quiet"]);
    git(&first, &["add", "."]);
    git(&first, &["commit", "--quiet", "--message", "one"]);
    let tree = folder.path().join("tree");
    git(&first, &["worktree", "add", "--quiet", tree.to_str().unwrap()]);
    let named = |commit: &str| format!("Some({commit:?})");
    let one = named(&git(&tree, &["rev-parse", "HEAD"]));
    assert_eq!(built(&tree), (one.clone(), true));
    assert_eq!(built(&tree), (one.clone(), false));
    // The program is not made of its documents.
    std::fs::write(tree.join("README.md"), "two").unwrap();
    git(&tree, &["status"]);
    assert_eq!(built(&tree), (one, false));
    git(&tree, &["commit", "--quiet", "--all", "--message", "two"]);
    assert_eq!(built(&tree), (named(&git(&tree, &["rev-parse", "HEAD"])), true));
    std::fs::write(tree.join("checks/card.toml"), "new").unwrap();
    git(&tree, &["add", "checks"]);
    assert_eq!(built(&tree), ("None".to_owned(), true));
}
