//! Progress in the configuration file: paths and identifiers, never a secret.

use std::path::{Path, PathBuf};

use toml_edit::{Array, Item};

use super::draft::Draft;
use super::step::Step;
use crate::config::{ConfigError, ConfigFile, TargetName, Value};

/// The file, in the current directory. Paths in it start there, as those of the answers do.
pub const FILE: &str = "netsuite-preflight.toml";

/// Reads what is known of a target, the defaults of all targets included; nothing where the file or
/// the target is missing.
///
/// # Errors
/// When the file cannot be read or something in it is wrong.
pub fn load(path: &Path, name: &TargetName) -> Result<Draft, ConfigError> {
    let file = ConfigFile::load_or_new(path)?;
    let mut draft = Draft::default();
    if knows(&file, name) {
        let target = file.target(name.as_str())?;
        let text = |key: &str| match target.get(key) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let place = |key: &str| match target.get(key) {
            Some(Value::Path(path)) => Some(path.clone()),
            _ => None,
        };
        draft.account_id = text("account_id");
        draft.client_id = text("client_id");
        draft.certificate_id = text("certificate_id");
        draft.private_key = place("private_key");
        draft.certificate = place("certificate");
        draft.profile = text("profile");
        if let Some(Value::List(records)) = target.get("records") {
            draft.records.clone_from(records);
        }
    }
    let done = file.setup(name.as_str());
    // A name that is no step any more is a step to be walked again.
    for step in done.iter().flat_map(|table| steps(table.get("done"))) {
        draft.finish(step);
    }
    Ok(draft)
}

fn knows(file: &ConfigFile, name: &TargetName) -> bool {
    file.names().iter().any(|known| known == name.as_str())
}

fn steps(done: Option<&Item>) -> Vec<Step> {
    let array = done.and_then(Item::as_array).map(Array::iter).into_iter().flatten();
    array.filter_map(|name| name.as_str()?.parse().ok()).collect()
}

/// Writes what is known of a target. Everything else in the file stays as it is, comments too, and so
/// does a value that is the same already; the file is replaced in one step and is for this user
/// alone.
///
/// # Errors
/// When the file cannot be read or written, or something in it is wrong.
pub fn save(path: &Path, name: &TargetName, draft: &Draft) -> Result<(), ConfigError> {
    let mut file = ConfigFile::load_or_new(path)?;
    let text = |text: &Option<String>| text.clone().map(Value::Text);
    let place = |path: &Option<PathBuf>| path.clone().map(Value::Path);
    let records = (!draft.records.is_empty()).then(|| Value::List(draft.records.clone()));
    for (key, value) in [
        ("account_id", text(&draft.account_id)),
        ("client_id", text(&draft.client_id)),
        ("certificate_id", text(&draft.certificate_id)),
        ("private_key", place(&draft.private_key)),
        ("certificate", place(&draft.certificate)),
        ("profile", text(&draft.profile)),
        ("records", records),
    ] {
        let before = match knows(&file, name) {
            true => file.target(name.as_str())?.get(key).cloned(),
            false => None,
        };
        match value {
            Some(value) if before.as_ref() != Some(&value) => {
                file.set(name.as_str(), key, value)?;
            }
            None if before.is_some() => file.unset(name.as_str(), key)?,
            _ => {}
        }
    }
    let before = file.setup(name.as_str());
    if before.is_none_or(|table| steps(table.get("done")) != draft.done) {
        let done: Array = draft.done.iter().map(|step| step.as_str()).collect();
        file.edit_setup(name.as_str(), |table| drop(table.insert("done", toml_edit::value(done))))?;
    }
    file.save()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> TargetName {
        TargetName::new(text).unwrap()
    }

    fn draft() -> Draft {
        Draft {
            account_id: Some("1234567_SB1".to_owned()),
            certificate_id: Some("-abc".to_owned()),
            private_key: Some("/keys/private-key.pem".into()),
            records: vec!["customer:view".to_owned()],
            done: vec![Step::Account, Step::Key],
            ..Draft::default()
        }
    }

    #[test]
    fn what_is_saved_is_read_back_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let before =
            "# ours\n[defaults]\ntimeout = 9 # seconds\n\n[targets.other]\naccount_id = \"7\"\n";
        std::fs::write(&path, before).unwrap();
        save(&path, &name("default"), &draft()).unwrap();
        assert_eq!(load(&path, &name("default")).unwrap(), draft());
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with(before), "{text}");
        assert_eq!(load(&path, &name("other")).unwrap().account_id.as_deref(), Some("7"));
        // Saving the same again changes nothing.
        save(&path, &name("default"), &draft()).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_new_file_has_the_two_tables() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        save(&path, &name("my-shop"), &draft()).unwrap();
        insta::assert_snapshot!(std::fs::read_to_string(&path).unwrap(), @r#"
        [targets.my-shop]
        account_id = "1234567_SB1"
        certificate_id = "-abc"
        private_key = "/keys/private-key.pem"
        records = ["customer:view"]

        [setup.my-shop]
        done = ["account", "key"]
        "#);
    }

    #[test]
    fn a_broken_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        for broken in ["[targets", "targets = 3", "[targets]\ndefault = 1"] {
            std::fs::write(&path, broken).unwrap();
            save(&path, &name("default"), &draft()).unwrap_err();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), broken);
        }
    }
}
