//! Progress in the configuration file: paths and identifiers, never a secret.

use std::path::{Path, PathBuf};

use strum::VariantArray as _;
use toml_edit::{Array, Item, Table};

use crate::config::{ConfigError, ConfigFile, ConfigValue, TargetName};
use crate::setup::step::SetupStep;

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
            Some(ConfigValue::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let place = |key: &str| match target.get(key) {
            Some(ConfigValue::Path(path)) => Some(path.clone()),
            _ => None,
        };
        draft.account_id = text("account_id");
        draft.client_id = text("client_id");
        draft.certificate_id = text("certificate_id");
        draft.private_key = place("private_key");
        draft.certificate = place("certificate");
        draft.profile = text("profile");
        draft.sign_in_client_id = text("sign_in_client_id");
        let number = |key: &str| match target.get(key) {
            Some(ConfigValue::Number(number)) => Some(*number),
            _ => None,
        };
        draft.network = Network {
            connect_to: text("connect_to"),
            ca_file: place("ca_file"),
            timeout: number("timeout"),
            concurrency: number("concurrency"),
        };
        if let Some(ConfigValue::List(records)) = target.get("records") {
            draft.records.clone_from(records);
        }
    }
    let done = file.setup(name.as_str());
    draft.pair = pair(done.as_ref());
    // A name that is no step any more is a step to be walked again.
    for step in done.iter().flat_map(|table| steps(table.get("done"))) {
        draft.finish(step);
    }
    Ok(draft)
}

fn knows(file: &ConfigFile, name: &TargetName) -> bool {
    file.names().iter().any(|known| known == name.as_str())
}

fn pair(table: Option<&Table>) -> Pair {
    let text = |key: &str| Some(table?.get(key)?.as_str()?.to_owned());
    Pair { dir: text("dir").map(PathBuf::from), key_type: text("key_type") }
}

fn steps(done: Option<&Item>) -> Vec<SetupStep> {
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
    let text = |text: &Option<String>| text.clone().map(ConfigValue::Text);
    let place = |path: &Option<PathBuf>| path.clone().map(ConfigValue::Path);
    let records = (!draft.records.is_empty()).then(|| ConfigValue::List(draft.records.clone()));
    for (key, value) in [
        ("account_id", text(&draft.account_id)),
        ("client_id", text(&draft.client_id)),
        ("certificate_id", text(&draft.certificate_id)),
        ("private_key", place(&draft.private_key)),
        ("certificate", place(&draft.certificate)),
        ("profile", text(&draft.profile)),
        ("sign_in_client_id", text(&draft.sign_in_client_id)),
        ("records", records),
        ("connect_to", text(&draft.network.connect_to)),
        ("ca_file", place(&draft.network.ca_file)),
        ("timeout", draft.network.timeout.map(ConfigValue::Number)),
        ("concurrency", draft.network.concurrency.map(ConfigValue::Number)),
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
    let same =
        |table: Table| steps(table.get("done")) == draft.done && pair(Some(&table)) == draft.pair;
    if !before.is_some_and(same) {
        let done: Array = draft.done.iter().map(|step| step.as_str()).collect();
        let dir = draft.pair.dir.as_ref().map(|dir| dir.display().to_string());
        file.edit_setup(name.as_str(), |table| {
            table.insert("done", toml_edit::value(done));
            for (key, value) in [("dir", dir), ("key_type", draft.pair.key_type.clone())] {
                match value {
                    Some(value) => drop(table.insert(key, toml_edit::value(value))),
                    None => drop(table.remove(key)),
                }
            }
        })?;
    }
    file.save()
}

/// Paths and identifiers of one target, and which steps are done. Never a secret.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The account ID as NetSuite writes it.
    pub account_id: Option<String>,
    /// The Client ID.
    pub client_id: Option<String>,
    /// The Certificate ID.
    pub certificate_id: Option<String>,
    /// The file of the private key.
    pub private_key: Option<PathBuf>,
    /// The file of the certificate.
    pub certificate: Option<PathBuf>,
    /// Record types with levels, as `--record` takes them.
    pub records: Vec<String>,
    /// The integration's profile.
    pub profile: Option<String>,
    /// The Client ID that an administrator signs in through.
    pub sign_in_client_id: Option<String>,
    /// How NetSuite is reached, as far as it was said.
    pub network: Network,
    /// What a new pair is to be like, as far as it was said.
    pub pair: Pair,
    /// The steps that are done.
    pub done: Vec<SetupStep>,
}

/// How NetSuite is reached, in the words of the options of `check`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    pub connect_to: Option<String>,
    pub ca_file: Option<PathBuf>,
    pub timeout: Option<u64>,
    pub concurrency: Option<u64>,
}

/// What a new pair is to be like, in the words of the options of `setup`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pair {
    pub dir: Option<PathBuf>,
    pub key_type: Option<String>,
}

impl Draft {
    /// The first step that is still to be done.
    #[must_use]
    pub fn open_step(&self) -> Option<SetupStep> {
        SetupStep::VARIANTS.iter().copied().find(|step| !self.done.contains(step))
    }

    /// Marks a step as done.
    pub fn finish(&mut self, step: SetupStep) {
        if !self.done.contains(&step) {
            self.done.push(step);
            self.done.sort_unstable();
        }
    }
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
            network: Network {
                connect_to: Some("127.0.0.1:8443".to_owned()),
                ca_file: Some("ca.pem".into()),
                timeout: None,
                concurrency: Some(4),
            },
            pair: Pair { dir: Some("keys/sb1".into()), key_type: Some("ec-p384".to_owned()) },
            done: vec![SetupStep::Account, SetupStep::Key],
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
        // The default of all targets counts, and is not written into this one.
        let mut expected = draft();
        expected.network.timeout = Some(9);
        // A path is complete once it is read.
        expected.network.ca_file = Some(folder.path().join("ca.pem"));
        assert_eq!(load(&path, &name("default")).unwrap(), expected);
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
        connect_to = "127.0.0.1:8443"
        ca_file = "ca.pem"
        concurrency = 4

        [setup.my-shop]
        done = ["account", "key"]
        dir = "keys/sb1"
        key_type = "ec-p384"
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
