//! Names near to one that the catalogue lacks.

use super::entry::{RecordEntry, RecordKind};
use crate::types::near::{bare, near_names};

/// At most `count` names near to `asked`, the nearest first. A word that people use for a type, or
/// its plural, means that type before any other.
pub(super) fn names<'a>(entries: &'a [RecordEntry], asked: &str, count: usize) -> Vec<&'a str> {
    let entries = || entries.iter().filter(|entry| entry.kind != RecordKind::Custom);
    let word = bare(asked);
    let words: Vec<String> = singulars(&word).chain([word.clone()]).collect();
    let meant = |name: &str| words.contains(&bare(name));
    let same = entries()
        .filter(|entry| meant(&entry.name) || entry.aliases.iter().any(|alias| meant(alias)));
    let mut found: Vec<&str> = same.map(|entry| entry.name.as_str()).collect();
    found.sort_by_key(|name| name.len().abs_diff(word.len()));
    let near = near_names(asked, entries().map(|entry| entry.name.as_str()), count + found.len());
    for name in near {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found.truncate(count);
    found
}

/// What the word may be the plural of.
fn singulars(word: &str) -> impl Iterator<Item = String> {
    [("ies", "y"), ("es", ""), ("s", "")]
        .into_iter()
        .filter_map(|(ending, one)| Some(format!("{}{one}", word.strip_suffix(ending)?)))
        .filter(|one| one.len() > 2)
}
