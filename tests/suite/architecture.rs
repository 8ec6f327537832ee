//! The modules depend on each other in the one direction that the project allows.

use std::path::{Path, PathBuf};

/// Which modules each module may use, each only rows above its own; `commands` may use them all.
const MAY_USE: &[(&str, &str)] = &[
    ("types", ""),
    ("engine", "types"),
    ("data", ""),
    ("credentials", "types"),
    ("netsuite", "types data"),
    ("oauth", "types credentials netsuite"),
    ("sign_in", "types oauth"),
    ("probes", "types credentials netsuite oauth"),
    ("diagnosis", "types data netsuite"),
    ("checks", "types engine data credentials netsuite oauth probes diagnosis"),
    ("report", "types engine credentials netsuite checks diagnosis"),
    ("config", "types credentials"),
    ("emulator", "types"),
    ("setup", "types engine data config credentials netsuite probes diagnosis checks report"),
    ("cli", "types config credentials netsuite oauth sign_in diagnosis checks report"),
    ("terminal", "types credentials checks report cli"),
    (
        "preflight",
        "types engine credentials netsuite oauth sign_in diagnosis checks report cli terminal",
    ),
    ("fleet", "types config credentials netsuite report cli terminal preflight"),
    ("web", "types engine credentials netsuite diagnosis checks report setup"),
    ("rotation", "types data credentials netsuite oauth probes checks report cli preflight"),
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

/// A file up to the tests in it; tests in a file of their own are only a line.
fn without_tests(text: &str) -> &str {
    let begins = |(at, mark): &(usize, &str)| {
        let line = text[at + mark.len()..].lines().next().unwrap();
        line.contains("mod ") && line.ends_with('{')
    };
    let tests = text.match_indices("#[cfg(test)]\n").find(begins);
    tests.map_or(text, |(at, _)| &text[..at])
}

/// The modules that a file's own code names; its tests may use what they like.
fn used_by(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let mut used = Vec::new();
    for line in without_tests(&text).lines().filter(|line| !line.trim_start().starts_with("//")) {
        for rest in line.split("crate::").skip(1) {
            used.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    used
}

#[test]
fn the_table_has_no_circle() {
    for (row, (name, allowed)) in MAY_USE.iter().enumerate() {
        for used in allowed.split_whitespace() {
            let above = MAY_USE.iter().take(row).any(|(other, _)| *other == used);
            assert!(above, "{name} may use {used}, which does not stand above it");
        }
    }
}

#[test]
fn modules_depend_in_one_direction_only() {
    let mut seen = 0;
    for entry in std::fs::read_dir(source()).unwrap() {
        let path = entry.unwrap().path();
        let module = path.file_stem().unwrap().to_string_lossy().into_owned();
        // The root, the program and the door may use all; `fuzz` exists in tests alone.
        if ["lib", "main", "door", "fuzz", "commands"].contains(&module.as_str()) {
            continue;
        }
        let (_, allowed) = MAY_USE
            .iter()
            .find(|(name, _)| *name == module)
            .unwrap_or_else(|| panic!("src/{module} is not in the table of this test"));
        let files = if path.is_dir() { files_below(&path) } else { vec![path.clone()] };
        for file in files {
            // The scripted server stands behind the emulator's TLS, and exists in tests alone.
            if file.ends_with("netsuite/double.rs") {
                continue;
            }
            for used in used_by(&file) {
                seen += 1;
                assert!(
                    used == module || used == "fuzz" || allowed.split(' ').any(|one| one == used),
                    "{} uses {used}, which {module} may not",
                    file.display()
                );
            }
        }
    }
    assert!(seen > 50, "the test reads the sources: {seen} uses seen");
}

/// What `checks/` holds is embedded in one place, so that one test reads it all.
#[test]
fn only_the_loader_embeds_what_checks_holds() {
    for file in files_below(&source()) {
        let text = std::fs::read_to_string(&file).unwrap();
        let embeds = text.lines().any(|line| line.contains("include_") && line.contains("/checks"));
        assert_eq!(embeds, file == source().join("data.rs"), "{}", file.display());
    }
}

#[test]
fn the_check_engine_knows_no_netsuite() {
    for file in files_below(&source().join("engine")) {
        for used in used_by(&file) {
            assert!(used == "types", "{} uses {used}", file.display());
        }
        let text = std::fs::read_to_string(&file).unwrap().to_lowercase();
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            assert!(!line.contains("netsuite"), "{}: {line}", file.display());
        }
    }
}

/// What a test starts ends with it, however it ends: only the guard starts what keeps running.
#[test]
fn tests_start_children_through_the_guard() {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let spawn = concat!(".spawn", "()");
    for file in files_below(&suite) {
        let spawns = std::fs::read_to_string(&file).unwrap().contains(spawn);
        assert_eq!(spawns, file == suite.join("support/child.rs"), "{}", file.display());
    }
}
