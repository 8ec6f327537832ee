//! A file of a thousand targets, table by table: the tree of the whole file takes about twenty times
//! its text, and what that took is not given back.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::keys::{ConfigValue, shown_name};
use super::{Problem, keys};

/// What each target says, by key, or what is wrong with it. A list takes less than a map of its own.
pub(super) type Targets = BTreeMap<String, Result<Stored, Problem>>;
type Stored = Box<[(&'static str, ConfigValue)]>;

/// The targets of a file that has each of them as one table `[targets.NAME]`, and the rest of its
/// text. None where it is written otherwise or is no TOML: then it has to be read as a whole.
pub(super) fn split(text: &str) -> Option<(String, Targets)> {
    let mut rest = String::new();
    let mut judged = 0;
    let mut targets = Targets::new();
    for section in sections(text) {
        if !section.starts_with(HEAD) {
            rest.push_str(section);
            continue;
        }
        // What looks like a head may stand inside of a value. Then what is before it ends too early,
        // and is no TOML by itself.
        toml::from_str::<Table>(rest.get(judged..)?).ok()?;
        judged = rest.len();
        let mut table: Table = toml::from_str(section).ok()?;
        let Some(Value::Table(named)) = table.remove("targets") else { return None };
        for (name, value) in named {
            if targets.insert(name.clone(), of_target(&name, &value)).is_some() {
                return None;
            }
        }
    }
    Some((rest, targets))
}

/// How the table of a target begins, as this program writes it and nearly everybody does.
const HEAD: &str = "[targets.";

/// The text in pieces, each of which but the first begins with the head of a target or of another
/// table.
fn sections(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let next = rest.match_indices("\n[").next().map_or(rest.len(), |(at, _)| at + 1);
        let (section, behind) = rest.split_at_checked(next)?;
        rest = behind;
        Some(section)
    })
}

/// What the table of a target says.
pub(super) fn of_target(name: &str, value: &Value) -> Result<Stored, Problem> {
    match value.as_table() {
        Some(table) => Ok(keys::settings(table)?.into_iter().collect()),
        None => Err(Problem::WrongType {
            key: shown_name(name),
            expected: "a table such as [targets.NAME]",
        }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Lines that make files of every kind: right, twice, in values of several lines, cut off.
    const LINES: &[&str] = &[
        "[targets.a]",
        "[targets.b]",
        "[targets.'c.d']",
        "[targets.a.inner]",
        "[[targets.a]]",
        "[targets]",
        " [targets.b]",
        "[defaults]",
        "[setup.a]",
        "[other]",
        "account_id = '1'",
        "records = ['customer',",
        "records = [",
        "'contact']",
        "[2]]",
        "]",
        ",",
        "text = \"\"\"",
        "\"\"\"",
        "a.timeout = 1",
        "targets.a.timeout = 1",
        "# [targets.a]",
        "",
    ];

    fn whole(text: &str) -> Option<Targets> {
        let table: Table = toml::from_str(text).ok()?;
        let named = match table.get("targets") {
            Some(value) => value.as_table()?.clone(),
            None => Table::new(),
        };
        Some(named.iter().map(|(name, value)| (name.clone(), of_target(name, value))).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn table_by_table_is_as_the_whole(lines in prop::collection::vec(0..LINES.len(), 0..9)) {
            let text: String = lines.iter().map(|at| format!("{}\n", LINES[*at])).collect();
            let apart = split(&text).and_then(|(rest, targets)| {
                let table: Table = toml::from_str(&rest).ok()?;
                (!table.contains_key("targets")).then_some(targets)
            });
            if let Some(targets) = apart {
                prop_assert_eq!(Some(format!("{targets:?}")), whole(&text).map(|all| format!("{all:?}")), "{}", text);
            }
        }
    }

    #[test]
    fn a_usual_file_is_read_table_by_table() {
        let text = "# ours\n[defaults]\ntimeout = 5\n\n[targets.a]\naccount_id = '1'\n\
                    [setup.a]\nstep = 'role'\n[targets.b]\r\nrecords = [\r\n'customer']\r\n";
        let (rest, targets) = split(text).unwrap();
        assert_eq!(rest, "# ours\n[defaults]\ntimeout = 5\n\n[setup.a]\nstep = 'role'\n");
        assert_eq!(targets.keys().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn a_head_inside_of_a_value_is_none() {
        for text in [
            "[setup.a]\nx = \"\"\"\n[targets.b]\n\n[c]\n\"\"\"\n",
            "[defaults]\nx = [\n[targets.b]\n[2]]\n",
            "[targets.a]\nrecords = [\n[1]]\n",
        ] {
            assert!(split(text).is_none(), "{text}");
        }
    }
}
