//! What people type, drag and paste, as what they mean by it.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

use crate::netsuite::catalogue::Catalogue;
use crate::types::{Level, RecordRequest};

/// The path in an answer: quoted, dragged from a window (blanks behind backslashes, or a `file://`
/// address), beginning with `~/`, with blanks around it.
pub(super) fn path(typed: &str, home: Option<&Path>) -> PathBuf {
    let text = unquoted(typed.trim());
    let text = match local_file(text) {
        Some(path) => path,
        // On Windows the backslash stands between folders.
        None if cfg!(windows) => text.to_owned(),
        None if text.len() < typed.trim().len() => text.to_owned(),
        None => without_escapes(text),
    };
    match text.strip_prefix("~/").zip(home) {
        Some((rest, home)) => home.join(rest),
        None => PathBuf::from(text),
    }
}

/// Whether an answer can only be the path of a file.
pub(super) fn is_path(typed: &str) -> bool {
    let text = unquoted(typed.trim());
    let ending = Path::new(text).extension().and_then(|ending| ending.to_str());
    let known = ["pem", "key", "der", "p8", "pk8", "p12", "pfx", "cer", "crt"];
    text.contains(['/', '\\'])
        || ending.is_some_and(|ending| known.iter().any(|one| one.eq_ignore_ascii_case(ending)))
}

fn unquoted(text: &str) -> &str {
    for quote in ['\'', '"'] {
        let inside = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        if let Some(inside) = inside {
            return inside;
        }
    }
    text
}

/// The path of a `file://` address of this machine.
fn local_file(text: &str) -> Option<String> {
    let scheme = text.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("file://"))?;
    let rest = text.strip_prefix(scheme)?;
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    let path = path.starts_with('/').then_some(path)?;
    let path = percent_decode_str(path).decode_utf8().ok()?;
    // file:///C:/keys is C:/keys.
    let drive = path.get(2..3) == Some(":");
    Some(path.strip_prefix('/').filter(|_| cfg!(windows) && drive).unwrap_or(&path).to_owned())
}

fn without_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            c => out.push(c),
        }
    }
    out
}

/// How many words the name of a record type has at most.
const LONGEST_NAME: usize = 6;
/// More than the catalogue has; what is pasted by mistake is longer.
const MOST_RECORDS: usize = 400;

/// The record types of an answer, under the names of the screens or of the REST services; or what
/// is said about those that mean none.
pub(super) fn records(
    text: &str,
    catalogue: &Catalogue,
) -> Result<Vec<RecordRequest>, Vec<String>> {
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    for part in text.split([',', ';', '\n']) {
        let words: Vec<&str> = part.split_whitespace().collect();
        if words.len() + found.len() > MOST_RECORDS {
            return Err(vec!["That is no list of record types.".to_owned()]);
        }
        let mut rest = words.as_slice();
        while !rest.is_empty() {
            // `Sales Order` is one name, and `customer contact` are two.
            let longest = (1..=rest.len().min(LONGEST_NAME)).rev();
            let meant = longest.filter_map(|count| {
                let (name, after) = rest.split_at_checked(count)?;
                Some((request(&name.join(" "), catalogue)?, after))
            });
            let Some((request, after)) = meant.take(1).next() else {
                // The words up to one that is understood are one wrong name.
                wrong.push(not_understood(&rest.join(" "), catalogue));
                break;
            };
            if !found.contains(&request) {
                found.push(request);
            }
            rest = after;
        }
    }
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}

/// One record type, with its level behind a colon or as a last word.
fn request(text: &str, catalogue: &Catalogue) -> Option<RecordRequest> {
    if let Ok(request) = catalogue.resolve_request(text, false) {
        return Some(request);
    }
    let (name, level) = match text.rsplit_once(':').or_else(|| text.rsplit_once(' ')) {
        Some((name, level)) => match level.trim().to_ascii_lowercase().parse::<Level>() {
            Ok(level) => (name, level),
            Err(_) => (text, Level::View),
        },
        None => (text, Level::View),
    };
    let meant = catalogue.meant_by(name);
    let [one] = meant.as_slice() else { return None };
    catalogue.resolve(one, false).ok().map(|record| RecordRequest { record, level })
}

fn not_understood(text: &str, catalogue: &Catalogue) -> String {
    let (name, _) = text.rsplit_once(':').unwrap_or((text, ""));
    match catalogue.meant_by(name).as_slice() {
        [] | [_] => match catalogue.resolve_request(text, false) {
            Err(error) => format!("{error}."),
            Ok(_) => format!("`{}` is not understood.", crate::types::shown::shown(text)),
        },
        many => format!("`{name}` can be `{}`; which is meant?", many.join("` or `")),
    }
}

/// What a person says to go on.
pub(super) fn is_yes(typed: &str) -> bool {
    let typed = typed.trim().to_lowercase();
    matches!(typed.as_str(), "" | "y" | "yes" | "ok" | "done" | "next" | "on")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netsuite::catalogue::catalogue;

    #[test]
    #[cfg(unix)]
    fn paths_are_understood_as_they_are_dragged_quoted_and_typed() {
        let home = Some(Path::new("/home/ada"));
        for (typed, meant) in [
            ("keys/a.pem  \r\n", "keys/a.pem"),
            ("  '/keys/my key.pem' ", "/keys/my key.pem"),
            ("\"/keys/my key.pem\"", "/keys/my key.pem"),
            ("'/keys/a\\b.pem'", "/keys/a\\b.pem"),
            ("/keys/my\\ key\\ \\(1\\).pem", "/keys/my key (1).pem"),
            ("file:///keys/my%20key.pem", "/keys/my key.pem"),
            ("FILE://localhost/keys/a.pem", "/keys/a.pem"),
            ("file://elsewhere/keys/a.pem", "file://elsewhere/keys/a.pem"),
            ("~/keys/a.pem", "/home/ada/keys/a.pem"),
            ("'~/my key.pem'", "/home/ada/my key.pem"),
            ("~ada/a.pem", "~ada/a.pem"),
            ("\\", ""),
            ("'", "'"),
        ] {
            assert_eq!(path(typed, home), Path::new(meant), "{typed:?}");
        }
        assert_eq!(path("~/a", None), Path::new("~/a"));
    }

    #[test]
    fn a_path_is_told_from_a_word() {
        for path in ["keys/a", "~/a", "a.pem", "'my key.KEY'", "C:\\keys\\a", "./new"] {
            assert!(is_path(path), "{path}");
        }
        for word in ["", "new", "own", "mine", "v1.2", "private-key"] {
            assert!(!is_path(word), "{word}");
        }
    }

    fn named(text: &str) -> String {
        match records(text, catalogue()) {
            Ok(found) => found.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            Err(wrong) => panic!("{text}: {wrong:?}"),
        }
    }

    #[test]
    fn record_types_go_by_the_names_of_the_screens() {
        for (typed, meant) in [
            ("Sales Orders", "salesOrder:view"),
            ("sales order", "salesOrder:view"),
            ("SALES ORDERS:Edit, Customers", "salesOrder:edit customer:view"),
            ("Customers, Sales Orders, Contacts", "customer:view salesOrder:view contact:view"),
            ("customer contact", "customer:view contact:view"),
            ("customer sales order:edit vendor", "customer:view salesOrder:edit vendor:view"),
            ("Sales Order edit", "salesOrder:edit"),
            ("customer salesOrder:edit", "customer:view salesOrder:edit"),
            ("customer;customer,  customer", "customer:view"),
            ("Cash Sales, Invoices", "cashSale:view invoice:view"),
            ("Journal Entries", "journalEntry:view"),
            ("customer:view employee:view", "customer:view employee:view"),
            ("", ""),
        ] {
            assert_eq!(named(typed), meant, "{typed}");
        }
    }

    #[test]
    fn what_means_no_record_type_is_named_with_what_is_near() {
        let wrong = records("custommer, Sales Orders", catalogue()).unwrap_err();
        assert_eq!(wrong.len(), 1);
        assert!(wrong[0].contains("customer"), "{wrong:?}");
        let wrong = records("customer:write", catalogue()).unwrap_err();
        assert!(wrong[0].contains("view, create, edit or full"), "{wrong:?}");
        let hostile = records(&"\u{1b}[2J x ".repeat(300), catalogue()).unwrap_err();
        assert!(hostile.len() == 1 && hostile[0].len() < 300, "{hostile:?}");
    }

    #[test]
    fn only_yes_is_yes() {
        for yes in ["", "y", "Y", "YES\r\n", " yes ", "Done", "ok"] {
            assert!(is_yes(yes), "{yes:?}");
        }
        for other in ["n", "no", "yep", "not yet", "да", "\u{1b}[A"] {
            assert!(!is_yes(other), "{other:?}");
        }
    }
}
