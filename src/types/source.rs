//! Where a fact is known from, as a person can follow it: pages of NetSuite's help as links, and no
//! names of this project's own notes.

/// The short form of a page of NetSuite's help in the data files.
const SHORT: &str = "OH/";
/// Where those pages stand.
const HELP: &str = "https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/";
/// What is said where a fact stands in this project's notes alone.
const COLLECTED: &str = "public reports and code, collected by this project";

/// The text with every short form of a page replaced by the page's address.
#[must_use]
pub fn linked(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(SHORT) {
        let length =
            after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
        let (page, tail) = after.split_at_checked(length).unwrap_or((after, ""));
        shown.push_str(before);
        let begins = !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '.'));
        if begins && page.contains('_') {
            shown.push_str(&format!("{HELP}{page}.html"));
        } else {
            shown.push_str(SHORT);
            shown.push_str(page);
        }
        rest = tail;
    }
    shown.push_str(rest);
    shown
}

/// The source of a fact in words and links. References into this project's notes are left out;
/// what stands behind them stays.
#[must_use]
pub fn readable(source: &str) -> String {
    let mut told: Vec<String> = Vec::new();
    for part in source.split(';') {
        // `path: …` says where the path of a page is from.
        let part = part.trim();
        let words = without_notes(part.strip_prefix("path: ").unwrap_or(part));
        if !words.is_empty() && !told.contains(&words) {
            told.push(words);
        }
    }
    if told.is_empty() {
        return COLLECTED.to_owned();
    }
    linked(&told.join("; "))
}

/// The words without names of the project's notes and the numbers behind these.
fn without_notes(part: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut in_reference = false;
    for word in part.split_whitespace() {
        let plain = word.trim_matches(['(', ')', ',', ':', '.']);
        if is_notes(plain) {
            in_reference = true;
        } else if !(in_reference && is_place(plain)) {
            in_reference = false;
            kept.push(word);
        }
    }
    kept.join(" ").trim_matches([',', ' ']).to_owned()
}

fn is_notes(word: &str) -> bool {
    word.ends_with(".md") && !word.contains('/') || is_number_after(word, 'f', 6)
}

/// `2.4`, `K17`, and what joins them.
fn is_place(word: &str) -> bool {
    let number = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || c == '.');
    let first = word.chars().next().filter(char::is_ascii_uppercase);
    number || matches!(word, "and" | "to") || first.is_some_and(|c| is_number_after(word, c, 1))
}

fn is_number_after(word: &str, letter: char, least: usize) -> bool {
    let digits = word.strip_prefix(letter).unwrap_or_default();
    digits.len() >= least && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_the_help_become_links() {
        let page = |id: &str| format!("{HELP}{id}.html");
        for (source, shown) in [
            ("OH/section_157771733782", page("section_157771733782")),
            ("OH/a_1, OH/b_2", format!("{}, {}", page("a_1"), page("b_2"))),
            ("see OH/SDFxml_1.", format!("see {}.", page("SDFxml_1"))),
            ("no OH/ here, nor OH/x", "no OH/ here, nor OH/x".to_owned()),
            ("https://a.example/OH/section_1", "https://a.example/OH/section_1".to_owned()),
        ] {
            assert_eq!(linked(source), shown);
        }
    }

    #[test]
    fn notes_of_the_project_do_not_show_and_what_they_name_stays() {
        let page = format!("{HELP}section_1.html");
        for (source, shown) in [
            ("OH/section_1; failures.md T3, T4, T13", page.as_str()),
            ("OH/section_1; path: auth-protocol.md 7.4", &page),
            ("auth-protocol.md 3.1 and 3.2; OH/section_1; failures.md T7", &page),
            ("auth-protocol.md 3.2, failures.md 0.1", COLLECTED),
            ("failures.md K3 to K16, K28", COLLECTED),
            ("f23820412570, f29710897800", COLLECTED),
            ("", COLLECTED),
            ("record-api.md 2.4: Airbyte's connector", "Airbyte's connector"),
            (
                "auth-protocol.md 3.2: three public reports, the status printed in two",
                "three public reports, the status printed in two",
            ),
            ("failures.md K20; RFC 5280 4.1.2.5", "RFC 5280 4.1.2.5"),
            (
                "https://github.com/oracle/netsuite-suitecloud-sdk/blob/main/README.md",
                "https://github.com/oracle/netsuite-suitecloud-sdk/blob/main/README.md",
            ),
            ("RFC 5280 4.1 and P-256", "RFC 5280 4.1 and P-256"),
        ] {
            assert_eq!(readable(source), shown, "{source}");
        }
    }
}
