//! No command that a person may copy has a word that zsh takes for a pattern, and no shell for a
//! redirection.

use std::path::Path;

/// A word of a command line that stands unquoted and means something else to a shell.
fn unsafe_word(command: &str) -> Option<&str> {
    // Quoted parts and what a pipeline needs are meant so.
    let mut bare = String::new();
    let mut quote = None;
    for c in command.chars() {
        match (quote, c) {
            (None, '\'' | '"') => {
                quote = Some(c);
                bare.push('_');
            }
            (Some(open), _) if c == open => quote = None,
            (None, _) => bare.push(c),
            (Some(_), _) => {}
        }
    }
    bare.split_whitespace()
        .any(|word| {
            word.contains(['?', '*', '[', ']', '<'])
                || word.starts_with(['=', '!'])
                || word.contains(">")
        })
        .then_some(command)
}

/// The texts of every `command` in a table, and the programs named in backquotes elsewhere.
fn commands(value: &toml::Value, key: &str, found: &mut Vec<String>) {
    match value {
        toml::Value::String(text) if key == "command" => found.push(text.clone()),
        toml::Value::String(text) => found.extend(quoted(text)),
        toml::Value::Array(all) => all.iter().for_each(|one| commands(one, key, found)),
        toml::Value::Table(table) => {
            table.iter().for_each(|(key, value)| commands(value, key, found));
        }
        _ => {}
    }
}

/// What stands in backquotes and begins with the name of the program.
fn quoted(text: &str) -> Vec<String> {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let inside = joined.split('`').skip(1).step_by(2);
    inside.filter(|one| one.starts_with("netsuite-preflight ")).map(str::to_owned).collect()
}

fn files(folder: &Path, extension: &str) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let below = |path: std::path::PathBuf| match path.is_dir() {
        true => files(&path, extension),
        false => vec![path],
    };
    let all = entries.flat_map(below);
    all.filter(|path| path.extension().is_some_and(|one| one == extension)).collect()
}

#[test]
fn no_command_means_something_else_to_a_shell() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    let mut wrong = Vec::new();
    for path in files(&root.join("checks"), "toml") {
        let table: toml::Value = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let mut found = Vec::new();
        commands(&table, "", &mut found);
        seen += found.len();
        let words = found.iter().filter_map(|command| unsafe_word(command));
        wrong.extend(words.map(|word| format!("{}: {word}", path.display())));
    }
    assert!(seen > 30, "{seen} commands seen in checks/");
    for page in super::pages() {
        let quoted = quoted(&page.text);
        let shown = page.commands().into_iter().map(str::to_owned);
        for command in shown.chain(quoted) {
            let word = unsafe_word(&command).map(|word| format!("{}: {word}", page.name));
            wrong.extend(word);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_pattern_is_found_where_it_is_bare() {
    for (command, bare) in [
        ("netsuite-preflight explain does it?", true),
        ("netsuite-preflight explain 'does it?'", false),
        ("netsuite-preflight check --client-id <client-id>", true),
        ("netsuite-preflight emulate > file", true),
        ("netsuite-preflight check --client-id=x", false),
        ("netsuite-preflight check =x", true),
        ("openssl x509 -in a.pem | openssl pkey -subj \"/CN=*\"", false),
    ] {
        assert_eq!(unsafe_word(command).is_some(), bare, "{command}");
    }
}
