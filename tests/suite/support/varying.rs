//! What differs from run to run, replaced by named placeholders, so that all the rest of two outputs
//! can be compared letter by letter.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use similar::TextDiff;

/// Every kind of varying text: its name and its form. Order matters: a fingerprint holds what could
/// be taken for a time, and a date is the beginning of one.
static KINDS: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
    let kinds = [
        ("fingerprint", r"\b(?:[0-9A-F]{2}:){15}[0-9A-F]{2}\b"),
        ("beginning", r"\b(?:key|certificate) (?:[0-9A-F]{2}:){3}[0-9A-F]{2}\b"),
        ("sha256", r"\b[0-9a-f]{64}\b"),
        ("serial", r"\b[0-9A-F]{32}\b"),
        ("time", r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
        ("time", r"\b20\d\d-\d\d-\d\d \d\d:\d\d(?::\d\d)?(?: UTC)?"),
        ("date", r"\b20\d\d-\d\d-\d\d\b"),
        ("days", r"\b\d+ days$"),
        ("seconds ahead", r"\b\d+ s ahead\b"),
        ("duration", r"\b\d+(?:\.\d+)? (?:ms|s)$"),
        ("path", r"(?:/[A-Za-z0-9._-]+)*/\.tmp[A-Za-z0-9]{6}(?:/[A-Za-z0-9._-]+)*"),
        // A shortened Certificate ID; that of a Client ID has digits and a to f alone.
        ("certificate-id", r"\ba row [A-Za-z0-9_-]{4}…[A-Za-z0-9_-]{4}"),
        ("address", r"\b127\.0\.0\.1:\d+\b"),
    ];
    let compiled =
        kinds.into_iter().map(|(name, form)| (name, Regex::new(&format!("(?m){form}")).unwrap()));
    compiled.collect()
});

/// What may be a Certificate ID: the longest run of its characters.
static RUN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("[A-Za-z0-9_-]+(?:…[A-Za-z0-9_-]*)?").unwrap());

/// The text with a placeholder for everything that varies. Certificate IDs are numbered in the order
/// in which they come, so that one in the wrong place shows.
pub fn named(text: &str) -> String {
    let mut seen: Vec<String> = Vec::new();
    let named = RUN.replace_all(text, |found: &Captures<'_>| {
        let run = &found[0];
        let cut = run.split_once('…').map(|(beginning, _)| beginning);
        let before = text[..found.get(0).unwrap().start()].trim_end();
        match cut {
            // The width of a column cuts one off, and a page shows both its ends.
            Some(id) if before.ends_with("Certificate ID") => place_of(&mut seen, id) + "…",
            None if run.len() == 43 => place_of(&mut seen, run),
            _ => run.to_owned(),
        }
    });
    let mut text = named.into_owned();
    for (name, form) in KINDS.iter() {
        text = form.replace_all(&text, format!("<{name}>")).into_owned();
    }
    text
}

fn place_of(seen: &mut Vec<String>, id: &str) -> String {
    let known = seen.iter().position(|one| one.starts_with(id) || id.starts_with(one.as_str()));
    let at = known.unwrap_or_else(|| {
        seen.push(id.to_owned());
        seen.len() - 1
    });
    format!("<certificate-id-{}>", at + 1)
}

/// Holds what a document shows against what the program prints.
#[track_caller]
pub fn assert_same(what: &str, shown: &str, printed: &str) {
    let lines = |text: &str| {
        let lines: Vec<_> = named(text.trim()).lines().map(|l| l.trim_end().to_owned()).collect();
        lines.join("\n") + "\n"
    };
    let (shown, printed) = (lines(shown), lines(printed));
    if shown != printed {
        let diff = TextDiff::from_lines(&shown, &printed);
        let diff = diff.unified_diff().header("document", "program").to_string();
        panic!("{what} has changed; UPDATE_DOCS=1 cargo test writes it anew\n{diff}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "hNG43FqP0lIDbqpNfR501k7AL2nMIw6pmurnjoWBiME";

    #[test]
    fn what_varies_has_a_name_and_nothing_else_changes() {
        for (text, expected) in [
            ("online · 2026-11-24 01:09 UTC · 46 ms", "online · <time> · <duration>"),
            ("from 2026-11-23 to 2027-11-23", "from <date> to <date>"),
            ("Serial ACBFDD67AE5D2D3771B11DEC1576B72E", "Serial <serial>"),
            ("at /tmp/.tmpAb12Cd/keys/key.pem.", "at <path>"),
            ("valid for 3600 s of account 1234567", "valid for 3600 s of account 1234567"),
            ("It ends on 2027-11-23, in 363 days", "It ends on <date>, in <days>"),
            ("99 abcdpassed", "99 abcdpassed"),
        ] {
            assert_eq!(named(text), expected);
        }
    }

    #[test]
    fn certificate_ids_are_told_apart() {
        let other = ID.replace('h', "x");
        let text = format!("{ID}\n--certificate-id={other} Certificate ID {}… {ID}.", &ID[..20]);
        assert_eq!(
            named(&text),
            "<certificate-id-1>\n--certificate-id=<certificate-id-2> Certificate ID \
             <certificate-id-1>… <certificate-id-1>."
        );
        let ends = format!("{ID}, Client ID 6f9a…e275, Certificate ID {}…BiME, a", &ID[..4]);
        assert_eq!(
            named(&ends),
            "<certificate-id-1>, Client ID 6f9a…e275, Certificate ID <certificate-id-1>…, a"
        );
    }

    #[test]
    #[should_panic(expected = "+  Checks  24 passed")]
    fn one_wrong_digit_fails_and_shows_the_line() {
        assert_same("output", "a\n  Checks  99 abcdpassed\n", "a\n  Checks  24 passed\n");
    }
}
