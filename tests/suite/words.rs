//! No text that a user can meet has a word that CONTRIBUTING.md rules out.

use std::path::{Path, PathBuf};

use regex::Regex;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The first column of the table of words, as one pattern.
fn banned() -> Regex {
    let text = std::fs::read_to_string(Path::new(ROOT).join("CONTRIBUTING.md")).unwrap();
    let table = text.split("| not | but |\n|---|---|\n").nth(1).unwrap();
    let rows = table.lines().take_while(|line| line.starts_with('|'));
    let words: Vec<String> = rows
        .flat_map(|row| row.split('|').nth(1).unwrap().split(','))
        .map(|word| regex::escape(word.trim()))
        .collect();
    assert!(words.len() > 15, "{words:?}");
    Regex::new(&format!(r"(?i)\b({})\b", words.join("|"))).unwrap()
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The literals of a source, without its tests and its remarks.
fn literals(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap();
    let code: String = code
        .lines()
        .filter(|line| {
            // What describes an argument becomes its help, which the manual page has.
            !line.trim_start().starts_with("//")
        })
        .map(|line| format!("{line}\n"))
        .collect();
    let literal = Regex::new(r#"(?s)"((?:[^"\\]|\\.)*)""#).unwrap();
    let broken = Regex::new(r"\\\n\s*").unwrap();
    let all =
        literal.captures_iter(&code).map(|found| broken.replace_all(&found[1], "").into_owned());
    all.collect()
}

/// A file of the program, without those that hold its tests alone.
fn is_source(path: &Path) -> bool {
    let test = path.components().any(|part| part.as_os_str() == "tests");
    !test && !path.ends_with("tests.rs") && path.extension().is_some_and(|end| end == "rs")
}

#[test]
fn no_text_has_a_word_that_is_ruled_out() {
    let banned = banned();
    let mut wrong = Vec::new();
    let mut look = |path: &Path, text: &str| {
        for found in banned.find_iter(text) {
            let line = text[..found.start()].rsplit('\n').next().unwrap_or_default();
            wrong.push(format!("{}: {line}{}", path.display(), found.as_str()));
        }
    };
    let mut texts =
        vec![PathBuf::from(ROOT).join("README.md"), PathBuf::from(ROOT).join("CHANGELOG.md")];
    for folder in ["checks", "docs", "examples"] {
        files(&Path::new(ROOT).join(folder), &mut texts);
    }
    for path in &texts {
        look(path, &std::fs::read_to_string(path).unwrap());
    }
    let mut sources = Vec::new();
    files(&Path::new(ROOT).join("src"), &mut sources);
    sources.retain(|path| is_source(path));
    assert!(texts.len() > 60 && sources.len() > 200, "{} {}", texts.len(), sources.len());
    for path in &sources {
        look(path, &literals(&std::fs::read_to_string(path).unwrap()).join("\n"));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The most words of a sentence in a text that a user can meet.
const LONGEST: usize = 30;

/// The sentences of a text that are longer.
fn long_sentences(text: &str) -> Vec<&str> {
    let end = Regex::new(r"[.!?]\s+").unwrap();
    end.split(text).filter(|sentence| sentence.split_whitespace().count() > LONGEST).collect()
}

fn prose(value: &toml::Value, key: &str, found: &mut Vec<String>) {
    const NO_PROSE: [&str; 8] =
        ["command", "source", "at", "date", "path", "menu", "where", "pattern"];
    match value {
        toml::Value::Table(members) => {
            members.iter().for_each(|(name, member)| prose(member, name, found));
        }
        toml::Value::Array(all) => all.iter().for_each(|value| prose(value, key, found)),
        toml::Value::String(text) if !NO_PROSE.contains(&key) => found.push(text.clone()),
        _ => {}
    }
}

#[test]
fn no_sentence_of_the_guidance_is_long() {
    let mut paths = Vec::new();
    files(&Path::new(ROOT).join("checks"), &mut paths);
    paths.retain(|path| path.extension().is_some_and(|end| end == "toml"));
    let mut wrong = Vec::new();
    let mut seen = 0;
    for path in &paths {
        let value = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let mut texts = Vec::new();
        prose(&value, "", &mut texts);
        seen += texts.len();
        for text in &texts {
            let long = long_sentences(text);
            wrong.extend(long.iter().map(|one| format!("{}: {one}", path.display())));
        }
    }
    assert!(seen > 1_500, "{seen}");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let long = "word ".repeat(LONGEST + 1);
    assert_eq!(long_sentences(&format!("{long}. Short one. {long}")).len(), 2);
}

#[test]
fn no_sentence_of_a_literal_is_long() {
    // What stands after an empty line, or is set in as an example, is a sentence of its own.
    let parts = Regex::new(r"\n\s*\n|\n\s{2,}").unwrap();
    let mut sources = Vec::new();
    files(&Path::new(ROOT).join("src"), &mut sources);
    sources.retain(|path| is_source(path));
    let mut wrong = Vec::new();
    let mut seen = 0;
    for path in &sources {
        for text in literals(&std::fs::read_to_string(path).unwrap()) {
            seen += 1;
            let text = text.replace("\\n", "\n");
            let long: Vec<&str> = parts.split(&text).flat_map(long_sentences).collect();
            wrong.extend(long.iter().map(|one| format!("{}: {one}", path.display())));
        }
    }
    assert!(seen > 5_000, "{seen}");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_ruled_out_word_is_found_in_a_literal_alone() {
    let banned = banned();
    let source = "// mend\nlet a = \"to \\\n   mend it\";\n#[cfg(test)]\nlet b = \"upon\";";
    assert_eq!(literals(source), ["to mend it"]);
    assert!(banned.is_match("to Mend it") && !banned.is_match("recommend, the integration record"));
}
