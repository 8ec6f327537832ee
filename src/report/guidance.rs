//! The cards of all checks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::checks;
use crate::checks::cards::{Card, Guidance, Page, Step, engine_findings, pages};
use crate::checks::spec::Spec;
use crate::diagnosis::{Cause, causes};
use crate::report::command_line::as_this_run_needs;
use crate::report::system;
use crate::report::v1::Fix;
use crate::report::values::{Form, Values};
use crate::types::shell::Shell;

/// Titles, reasons and guidance by check id.
#[derive(Debug, Clone)]
pub struct Handbook {
    cards: BTreeMap<String, Card>,
}

/// The cards that the program was built with, read at the first use.
pub fn handbook() -> &'static Handbook {
    &HANDBOOK
}

static HANDBOOK: LazyLock<Handbook> = LazyLock::new(|| {
    let card = |spec: &&Spec| (spec.id.as_str().to_owned(), Card::of(spec));
    Handbook { cards: checks::ALL.iter().map(card).collect() }
});

impl Handbook {
    /// A handbook of other cards.
    #[cfg(test)]
    pub(super) fn of(cards: BTreeMap<String, Card>) -> Self {
        Self { cards }
    }

    /// The card of a check.
    #[must_use]
    pub fn card(&self, check: &str) -> Option<&Card> {
        self.cards.get(check)
    }

    /// The guidance for a finding of a check, or for one that can befall any check.
    #[must_use]
    pub fn guidance(&self, check: &str, finding: &str) -> Option<&Guidance> {
        let own = self.cards.get(check).and_then(|card| card.findings.get(finding));
        own.or_else(|| self.engine().get(finding))
    }

    /// Guidance for what can befall any check.
    #[must_use]
    pub fn engine(&self) -> &'static BTreeMap<String, Guidance> {
        engine_findings()
    }

    /// A cause by its id.
    #[must_use]
    pub fn cause(&self, id: &str) -> Option<&'static Cause> {
        causes().find(id)
    }

    /// A page of the NetSuite UI by its name.
    #[must_use]
    pub fn page(&self, name: &str) -> Option<&'static Page> {
        pages().get(name)
    }
}

/// The steps that fix the findings of a check, in the order of the findings, each step once and
/// none that the run has shown to lead nowhere.
pub(crate) fn fixes(
    handbook: &Handbook,
    check: &str,
    findings: &[&str],
    values: &Values,
    app_host: Option<&str>,
    excluded: &BTreeSet<String>,
) -> Vec<Fix> {
    let mut fixes = Vec::new();
    let pointless = |step: &Step| {
        let causes = &step.for_causes;
        !causes.is_empty() && causes.iter().all(|cause| excluded.contains(cause))
    };
    for finding in findings {
        let Some(guidance) = handbook.guidance(check, finding) else { continue };
        let mut guidance = guidance.clone();
        guidance.fix.retain(|step| !pointless(step));
        for fix in of(&guidance, handbook, values, app_host) {
            if !fixes.contains(&fix) {
                fixes.push(fix);
            }
        }
    }
    fixes
}

/// The steps of one guidance.
pub(crate) fn of(
    guidance: &Guidance,
    handbook: &Handbook,
    values: &Values,
    app_host: Option<&str>,
) -> Vec<Fix> {
    let needed = guidance.fix.iter().filter(|step| !needless(step, values));
    needed.map(|step| fill(step, handbook, values, app_host)).collect()
}

/// Whether what the run knows makes a step needless.
pub(super) fn needless(step: &Step, values: &Values) -> bool {
    step.unless_known.as_ref().is_some_and(|name| values.knows(name))
}

/// Fills the placeholders of a step and adds the click path and, where the account is known, the
/// deep link of its page.
#[must_use]
pub fn fill(step: &Step, handbook: &Handbook, values: &Values, app_host: Option<&str>) -> Fix {
    let page = step.page.as_deref().and_then(|name| handbook.page(name));
    let place = step.place.as_ref().or(page.map(|page| &page.menu));
    let shell = Shell::HERE;
    let line = step.command.as_ref().map(|line| system::command(line.trim(), shell));
    let say = line.as_ref().and_then(|line| line.say);
    let text = [Some(step.text.trim()), say].into_iter().flatten().collect::<Vec<_>>().join(" ");
    Fix {
        text: values.fill(&text, Form::Prose),
        place: place.map(|place| values.fill(place, Form::Prose)),
        url: page.and_then(|page| deep_link(page, values, app_host?)),
        command: line
            .map(|line| values.fill(&as_this_run_needs(&line.text, values), Form::Command(shell))),
    }
}

/// The page in this account: only where its path is known and complete.
pub(super) fn deep_link(page: &Page, values: &Values, app_host: &str) -> Option<String> {
    let path = values.fill_all(page.path.as_ref()?, Form::Url)?;
    Some(format!("https://{app_host}{path}"))
}

#[cfg(test)]
pub(crate) mod tests {
    use crate::checks::cards::blanks;
    use crate::report::values::{TemplatePart, parts};

    use super::*;

    /// Every command of every file of guidance, with the file it stands in.
    pub(crate) fn commands() -> Vec<(String, String)> {
        fn walk(file: &str, value: &toml::Value, found: &mut Vec<(String, String)>) {
            match value {
                toml::Value::Table(members) => {
                    for (name, member) in members {
                        match member {
                            toml::Value::String(line) if name == "command" => {
                                found.push((file.to_owned(), line.trim().to_owned()));
                            }
                            _ => walk(file, member, found),
                        }
                    }
                }
                toml::Value::Array(all) => all.iter().for_each(|value| walk(file, value, found)),
                _ => {}
            }
        }
        let mut folders = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("checks")];
        let mut found = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| ending == "toml") {
                    let value = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
                    walk(&path.display().to_string(), &value, &mut found);
                }
            }
        }
        found
    }

    #[test]
    fn every_value_of_a_text_has_words_for_where_it_is_not_known() {
        fn walk(file: &str, value: &toml::Value, key: &str, missing: &mut Vec<String>) {
            match value {
                toml::Value::Table(members) => {
                    for (name, member) in members {
                        walk(file, member, name, missing);
                    }
                }
                toml::Value::Array(all) => {
                    all.iter().for_each(|value| walk(file, value, key, missing));
                }
                toml::Value::String(text)
                    if !matches!(key, "command" | "posix" | "windows" | "path") =>
                {
                    for part in parts(text) {
                        if let TemplatePart::Name(name) = part
                            && !blanks().contains_key(name)
                        {
                            missing.push(format!("{file}: {name}"));
                        }
                    }
                }
                _ => {}
            }
        }
        let root = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("checks");
        let mut missing = Vec::new();
        for folder in ["", "causes", "setup", "shared"] {
            for entry in std::fs::read_dir(root.join(folder)).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|ending| ending == "toml") {
                    let value = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
                    walk(&path.display().to_string(), &value, "", &mut missing);
                }
            }
        }
        assert!(missing.is_empty(), "{}", missing.join("\n"));
        let filled = |text: &str| Values::default().fill(text, Form::Prose);
        assert_eq!(
            filled("{seconds} seconds. {seconds} with {end}"),
            "That many seconds. That many with its end"
        );
        assert_eq!(filled("{no_such_name}"), "<no-such-name>");
    }

    /// A printed command once emptied the key that it should have repaired.
    #[test]
    fn no_command_writes_where_it_reads() {
        const WRITES: [&str; 7] =
            ["-out", "--out", "-o", "-keyout", "-destkeystore", "--output", "-file"];
        // What is made from the paths of a run so that nothing lies there.
        const NEW: [&str; 3] = ["{new_key_file}", "{new_certificate_file}", "{new_bundle_file}"];
        let all = commands();
        assert!(all.len() > 150, "{} commands seen", all.len());
        for (file, line) in &all {
            // `<a-blank>` is one to a shell as well.
            assert!(!line.contains(['<', '>']), "{file}: a redirection in {line}");
            for word in ["tee ", " dd ", "sed -i"] {
                assert!(!line.contains(word), "{file}: {word}in {line}");
            }
            let words: Vec<&str> = line.split_whitespace().collect();
            let reads_a_path = words.iter().any(|word| {
                matches!(*word, "{private_key_file}" | "{certificate_file}" | "{passphrase_file}")
            });
            let named =
                words.windows(2).filter(|pair| WRITES.contains(&pair[0])).map(|pair| pair[1]);
            // `xxd -r FILE FILE`
            let last = words.last().copied().filter(|_| line.starts_with("xxd -r "));
            for out in named.chain(last) {
                let times = words.iter().filter(|word| **word == out).count();
                assert_eq!(times, 1, "{file}: reads and writes {out} in {line}");
                assert!(
                    !reads_a_path || NEW.contains(&out),
                    "{file}: the path that is read may be {out} in {line}"
                );
            }
        }
    }

    /// What is written is none of the files that the same card reads, whichever step comes first.
    #[test]
    fn no_step_writes_over_a_file_that_its_card_names() {
        let all = commands();
        for (file, line) in &all {
            let words: Vec<&str> = line.split_whitespace().collect();
            let named = words.windows(2).filter(|pair| pair[0] == "-out").map(|pair| pair[1]);
            // What is made from the paths of a run is new by itself.
            for out in named.filter(|out| !out.starts_with("{new_")) {
                let read = |other: &&(String, String)| {
                    let words: Vec<&str> = other.1.split_whitespace().collect();
                    words.windows(2).any(|pair| pair[0] != "-out" && pair[1] == out)
                };
                let reader = all.iter().filter(|(at, _)| at == file).find(read);
                assert!(reader.is_none(), "{file}: {line} writes what {reader:?} reads");
                assert!(out.starts_with("new"), "{file}: {line}");
            }
        }
    }

    #[test]
    fn every_check_has_a_card() {
        let handbook = handbook();
        for spec in checks::ALL {
            assert!(handbook.card(spec.id.as_str()).is_some(), "{}", spec.id);
            assert!(handbook.guidance(spec.id.as_str(), "deadline").is_some());
        }
    }
}
