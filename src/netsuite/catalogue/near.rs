//! Names near to one that the catalogue lacks.

use super::entry::{RecordEntry, RecordKind};

/// How a name fits what was asked; lower is nearer.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The same letters, or a word people use for the type.
    Same,
    /// One is a beginning of the other.
    Beginning,
    /// One holds the other.
    Contained,
    /// A few letters apart.
    Misspelt(usize),
}

/// At most `count` names near to `asked`, the nearest first. Fewer than three letters, unless they
/// are a known word, are too few to guess from.
pub(super) fn names<'a>(entries: &'a [RecordEntry], asked: &str, count: usize) -> Vec<&'a str> {
    let asked = bare(asked);
    let mut found: Vec<(Fit, usize, &str)> = entries
        .iter()
        .filter(|entry| entry.kind != RecordKind::Custom)
        .filter_map(|entry| {
            let fit = fit(&asked, entry)?;
            Some((fit, entry.name.len().abs_diff(asked.len()), entry.name.as_str()))
        })
        .collect();
    found.sort();
    found.into_iter().take(count).map(|(.., name)| name).collect()
}

fn fit(asked: &str, entry: &RecordEntry) -> Option<Fit> {
    let name = bare(&entry.name);
    let singular = singulars(asked);
    let same = |word: &str| asked == word || singular.iter().any(|one| one == word);
    if same(&name) || entry.aliases.iter().any(|alias| same(&bare(alias))) {
        return Some(Fit::Same);
    }
    if asked.len() < 3 {
        return None;
    }
    if name.starts_with(asked) || asked.starts_with(&name) {
        return Some(Fit::Beginning);
    }
    if asked.len() > 3 && (name.contains(asked) || (name.len() > 3 && asked.contains(&name))) {
        return Some(Fit::Contained);
    }
    let distance = strsim::damerau_levenshtein(asked, &name);
    (distance <= (asked.len() / 4).max(1)).then_some(Fit::Misspelt(distance))
}

/// Lower-case letters and digits alone, and no more of them than any name has.
fn bare(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .take(60)
        .collect()
}

/// What the word may be the plural of.
fn singulars(word: &str) -> Vec<String> {
    [("ies", "y"), ("es", ""), ("s", "")]
        .into_iter()
        .filter_map(|(ending, one)| Some(format!("{}{one}", word.strip_suffix(ending)?)))
        .filter(|one| one.len() > 2)
        .collect()
}
