//! Progress in the configuration file: paths and identifiers, never a secret.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, Item, Table, TableLike, value};

use super::draft::Draft;
use super::step::Step;

/// The file, in the current directory unless stated otherwise.
pub const FILE: &str = "netsuite-preflight.toml";

/// The configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system refuses.
    #[error("{path} cannot be {what}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Read or written.
        what: &'static str,
        /// Why.
        source: io::Error,
    },
    /// It is no TOML.
    #[error("{path} is no TOML: {source}. Mend it or move it away; it was left as it is")]
    Toml {
        /// Which file.
        path: PathBuf,
        /// Where it breaks off.
        source: Box<toml_edit::TomlError>,
    },
    /// A table stands where another value belongs.
    #[error("{path}: `{key}` has to be a table; it was left as it is")]
    Shape {
        /// Which file.
        path: PathBuf,
        /// Which key.
        key: String,
    },
}

/// Reads what is known of a target; nothing where the file or the target is missing.
///
/// # Errors
/// When the file cannot be read or is no TOML.
pub fn load(path: &Path, target: &str) -> Result<Draft, StoreError> {
    let document = read(path)?;
    let table = |name: &str| document.get(name)?.get(target)?.as_table_like();
    let mut draft = Draft::default();
    if let Some(known) = table("targets") {
        let text = |key: &str| known.get(key)?.as_str().map(str::to_owned);
        draft.account_id = text("account_id");
        draft.client_id = text("client_id");
        draft.certificate_id = text("certificate_id");
        draft.private_key = text("private_key").map(PathBuf::from);
        draft.certificate = text("certificate").map(PathBuf::from);
        draft.records = known.get("records").map(strings).unwrap_or_default();
        draft.profile = text("profile");
    }
    if let Some(done) = table("setup").and_then(|setup| setup.get("done")) {
        // A name that is no step any more is a step to be walked again.
        for step in strings(done).iter().filter_map(|name| name.parse::<Step>().ok()) {
            draft.finish(step);
        }
    }
    Ok(draft)
}

fn strings(item: &Item) -> Vec<String> {
    let array = item.as_array().map(Array::iter).into_iter().flatten();
    array.filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// Writes what is known of a target. Everything else in the file stays as it is, comments too; the
/// file is replaced in one step and is for this user alone.
///
/// # Errors
/// When the file cannot be read or written, or is no TOML.
pub fn save(path: &Path, target: &str, draft: &Draft) -> Result<(), StoreError> {
    let mut document = read(path)?;
    let known = entry(&mut document, path, "targets", target)?;
    let shown = |path: &PathBuf| path.display().to_string();
    let texts = [
        ("account_id", draft.account_id.clone()),
        ("client_id", draft.client_id.clone()),
        ("certificate_id", draft.certificate_id.clone()),
        ("private_key", draft.private_key.as_ref().map(shown)),
        ("certificate", draft.certificate.as_ref().map(shown)),
        ("profile", draft.profile.clone()),
    ];
    for (key, text) in texts {
        put(known, key, text.map(value));
    }
    let records: Array = draft.records.iter().map(String::as_str).collect();
    put(known, "records", (!records.is_empty()).then(|| value(records)));
    let done: Array = draft.done.iter().map(|step| step.as_str()).collect();
    put(entry(&mut document, path, "setup", target)?, "done", Some(value(done)));
    write(path, &document.to_string())
}

/// Sets, changes or removes a value; one that is the same already keeps its form.
fn put(table: &mut dyn TableLike, key: &str, item: Option<Item>) {
    match item {
        Some(item) => match table.get_mut(key) {
            Some(old) if same(old, &item) => {}
            Some(old) => *old = item,
            None => drop(table.insert(key, item)),
        },
        None => drop(table.remove(key)),
    }
}

fn same(old: &Item, new: &Item) -> bool {
    match (old.as_str(), new.as_str()) {
        (Some(old), Some(new)) => old == new,
        _ => old.is_array() && new.is_array() && strings(old) == strings(new),
    }
}

fn entry<'a>(
    document: &'a mut DocumentMut,
    path: &Path,
    group: &str,
    target: &str,
) -> Result<&'a mut dyn TableLike, StoreError> {
    let wrong = |key: String| StoreError::Shape { path: path.to_owned(), key };
    let mut implicit = Table::new();
    implicit.set_implicit(true);
    let group_table = document
        .entry(group)
        .or_insert(Item::Table(implicit))
        .as_table_like_mut()
        .ok_or_else(|| wrong(group.to_owned()))?;
    group_table
        .entry(target)
        .or_insert(Item::Table(Table::new()))
        .as_table_like_mut()
        .ok_or_else(|| wrong(format!("{group}.{target}")))
}

fn read(path: &Path) -> Result<DocumentMut, StoreError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(source) => return Err(StoreError::Io { path: path.to_owned(), what: "read", source }),
    };
    text.parse()
        .map_err(|source| StoreError::Toml { path: path.to_owned(), source: Box::new(source) })
}

fn write(path: &Path, text: &str) -> Result<(), StoreError> {
    let failed = |source| StoreError::Io { path: path.to_owned(), what: "written", source };
    // A symbolic link keeps its place; what it leads to is replaced.
    let place = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = match place.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new()
        .prefix(".netsuite-preflight-")
        .tempfile_in(folder)
        .map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(&place).map_err(|error| failed(error.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            account_id: Some("1234567_SB1".to_owned()),
            certificate_id: Some("-abc".to_owned()),
            private_key: Some("keys/private-key.pem".into()),
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
        save(&path, "default", &draft()).unwrap();
        assert_eq!(load(&path, "default").unwrap(), draft());
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with(before), "{text}");
        assert_eq!(load(&path, "other").unwrap().account_id.as_deref(), Some("7"));
        // Saving the same again changes nothing.
        save(&path, "default", &draft()).unwrap();
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
        save(&path, "my shop", &draft()).unwrap();
        insta::assert_snapshot!(std::fs::read_to_string(&path).unwrap(), @r#"
        [targets."my shop"]
        account_id = "1234567_SB1"
        certificate_id = "-abc"
        private_key = "keys/private-key.pem"
        records = ["customer:view"]

        [setup."my shop"]
        done = ["account", "key"]
        "#);
    }

    #[test]
    fn a_broken_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        for broken in ["[targets", "targets = 3", "[targets]\ndefault = 1"] {
            std::fs::write(&path, broken).unwrap();
            let error = save(&path, "default", &draft()).unwrap_err();
            assert!(error.to_string().contains("left as it is"), "{error}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), broken);
        }
    }
}
