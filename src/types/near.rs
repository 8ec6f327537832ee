//! Names that may have been meant by one that nobody knows. Every message that asks "is it …?" asks
//! here.

/// Longer texts are no names; only so many characters are compared.
const LONGEST: usize = 60;
/// Fewer characters than this are too few to guess from.
const FEWEST: usize = 3;

/// How a name fits what was asked; lower is nearer.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The same but for case, blanks and punctuation.
    Same,
    /// One is a beginning of the other.
    Beginning,
    /// One holds the other.
    Contained,
    /// A few characters apart.
    Misspelt(usize),
}

/// At most `most` names of `known` that `asked` may have meant, the nearest first.
pub fn near_names<'a>(
    asked: &str,
    known: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    let asked = bare(asked);
    let mut found: Vec<(Fit, usize, &str)> = known
        .into_iter()
        .filter_map(|name| {
            let bare = bare(name);
            Some((fit(&asked, &bare)?, bare.len().abs_diff(asked.len()), name))
        })
        .collect();
    found.sort();
    found.into_iter().take(most).map(|(.., name)| name).collect()
}

/// The most characters by which a slip differs from what was meant: with two, other words are meant.
const SLIP: usize = 1;
/// In fewer characters than this one more or less makes another word.
const SLIP_FEWEST: usize = 8;

/// Whether a name is the one that is written here, but for a slip.
#[must_use]
pub fn is_misspelt(asked: &str, name: &str) -> bool {
    let (asked, name) = (bare(asked), bare(name));
    asked != name
        && asked.len().abs_diff(name.len()) <= SLIP
        && asked.len() >= SLIP_FEWEST
        && strsim::damerau_levenshtein(&asked, &name) <= SLIP
}

/// Lower-case letters and digits alone: what two spellings of one name have in common.
#[must_use]
pub fn bare(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    kept.take(LONGEST).collect()
}

/// The words of a text in lower case, with one blank between and around them, so that a phrase can
/// be looked for in it.
#[must_use]
pub fn spaced(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    format!(" {} ", words.collect::<Vec<_>>().join(" "))
}

fn fit(asked: &str, name: &str) -> Option<Fit> {
    let shorter = asked.len().min(name.len());
    if shorter > 0 && asked == name {
        return Some(Fit::Same);
    }
    if shorter < FEWEST {
        return None;
    }
    if name.starts_with(asked) || asked.starts_with(name) {
        return Some(Fit::Beginning);
    }
    if shorter > FEWEST && (name.contains(asked) || asked.contains(name)) {
        return Some(Fit::Contained);
    }
    let distance = strsim::damerau_levenshtein(asked, name);
    (distance <= (shorter / 4).max(1)).then_some(Fit::Misspelt(distance))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_comes_first() {
        let known = ["account_id", "client_id", "certificate_id", "certificate", "ca_file", "a"];
        let near = |asked: &str| near_names(asked, known, 3);
        assert_eq!(near("Account-ID"), ["account_id"]);
        assert_eq!(near("acount_id"), ["account_id"]);
        assert_eq!(near("certificate id"), ["certificate_id", "certificate"]);
        assert_eq!(near("cert"), ["certificate", "certificate_id"]);
        assert_eq!(near("my_client_id"), ["client_id"]);
        assert_eq!(near("certificat"), ["certificate", "certificate_id"]);
        assert!(is_misspelt("acount id", "account_id") && !is_misspelt("account id", "account_id"));
        assert!(!is_misspelt("cert", "certificate"));
        assert_eq!(spaced("What is the Certificate-ID?"), " what is the certificate id ");
        for nothing in ["", "-", "b", "xy", "timeout"] {
            assert!(near(nothing).is_empty(), "{nothing}");
        }
    }
}
