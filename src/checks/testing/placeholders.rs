//! Every placeholder of a text is filled at every place that uses the text.

use std::collections::BTreeSet;
use std::path::Path;

use crate::checks::cards::{Card, Guidance, Step};
use crate::diagnosis::causes;
use crate::netsuite::patterns::{guidance, patterns};

/// Values that every entry of a report has, or that come with the files of a run.
const EVERYWHERE: [&str; 13] = [
    "check",
    "account_id",
    "account_host",
    "certificate_id",
    "private_key_file",
    "certificate_file",
    "passphrase_file",
    "new_key_file",
    "new_certificate_file",
    "new_bundle_file",
    "role_id",
    "entity_id",
    "target",
];

/// The names in braces.
fn names(text: &str) -> Vec<String> {
    let after = text.split('{').skip(1);
    let inside = after.filter_map(|rest| rest.split_once('}').map(|(name, _)| name));
    let name = |name: &&str| {
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    inside.filter(name).map(str::to_owned).collect()
}

fn names_of(step: &Step) -> Vec<String> {
    let parts = [Some(&step.text), step.command.as_ref(), step.place.as_ref()];
    parts.into_iter().flatten().flat_map(|text| names(text)).collect()
}

/// The code of a check and of what it shares with others, without tests.
fn code_of(check: &str) -> String {
    let checks = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/checks");
    let own = checks.join(check.replace('-', "_"));
    let mut files = vec![own.with_extension("rs")];
    let beside = own.read_dir().into_iter().flatten().map(|entry| entry.unwrap().path());
    files.extend(beside.filter(|path| !path.ends_with("tests.rs")));
    let read = |path: &Path| {
        let whole = std::fs::read_to_string(path).unwrap_or_default();
        whole.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default().to_owned()
    };
    let mut code: String = files.iter().map(|path| read(path)).collect();
    for entry in checks.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let shared = path.file_stem().unwrap().to_string_lossy().into_owned();
        if code.contains(&format!("{shared}::"))
            && crate::checks::find_by_name(&shared.replace('_', "-")).is_none()
        {
            let more = read(&path.with_extension("rs"));
            code.push_str(&more);
        }
    }
    code
}

/// Whether the check gives a value of this name to its guidance.
fn gives(code: &str, name: &str) -> bool {
    EVERYWHERE.contains(&name)
        || [format!("param(\"{name}\""), format!("(\"{name}\",")].iter().any(|form| {
            code.match_indices(form.as_str()).any(|(at, _)| {
                let before = code.get(..at).unwrap_or_default();
                !before.ends_with("Evidence::new")
            })
        })
}

#[test]
fn the_texts_of_every_finding_are_filled_by_its_check() {
    let mut seen = 0;
    for spec in crate::checks::ALL {
        let check = spec.id.as_str();
        let code = code_of(check);
        for (finding, Guidance { means, aim, short, fix }) in &Card::of(spec).findings {
            // It is shown from the card, by those who have the report alone.
            let told = aim.iter().chain(short).flat_map(|text| names(text)).next();
            assert!(told.is_none(), "{check}/{finding}");
            let texts = means.iter().flat_map(|text| names(text));
            for name in texts.chain(fix.iter().flat_map(names_of)) {
                seen += 1;
                assert!(gives(&code, &name), "{check}/{finding}: nothing fills {{{name}}}");
            }
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn the_texts_of_every_cause_are_filled_by_each_check_it_stands_behind() {
    let (mut seen, mut wrong) = (0, Vec::new());
    for cause in causes().all() {
        let wanted: BTreeSet<String> =
            cause.fix.iter().flat_map(|remedy| names_of(&remedy.step)).collect();
        for check in cause.behind.iter().map(|behind| behind.check.as_str()) {
            let code = code_of(check);
            for name in &wanted {
                seen += 1;
                if !gives(&code, name) {
                    wrong.push(format!("{} behind {check}: nothing fills {{{name}}}", cause.id));
                }
            }
        }
    }
    assert!(seen > 20, "{seen}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_stands_for_itself_has_no_blank_to_fill() {
    for pattern in patterns().all() {
        assert_eq!(names(&pattern.note), Vec::<String>::new(), "{}", pattern.id);
    }
    let guidance = guidance();
    for (name, detail) in guidance.audit_details() {
        assert!(names(&detail.means).is_empty(), "{name}");
        assert!(detail.fix.iter().flat_map(names_of).next().is_none(), "{name}");
    }
    for (name, error) in guidance.token_errors() {
        assert!(names(&error.means).is_empty(), "{name}");
        assert!(error.fix.iter().flat_map(names_of).next().is_none(), "{name}");
    }
    for (name, code) in guidance.error_codes() {
        assert!(names(&code.means).is_empty(), "{name}");
    }
}
