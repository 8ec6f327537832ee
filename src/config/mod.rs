//! The configuration file: many targets in one `netsuite-preflight.toml`.
//!
//! It holds identifiers and the paths of files, never a secret. A table that belongs to somebody
//! else, such as `[setup.NAME]`, is kept as it is and otherwise left alone.

pub mod error;
pub mod keys;
mod sections;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};

use toml::Table;
use toml_edit::{DocumentMut, Item, TableLike};

use error::Problem;
pub use error::{ConfigError, NotAccepted};
pub use keys::{ConfigValue, TargetName};
use keys::{Settings, near_list, settings, shown_name};
use sections::{Targets, of_target};

use crate::credentials::input::is_stdin;
use crate::credentials::replace::{ReadFiles, replace};
use crate::types::plain::offending;
use crate::types::{regular_file, shell};

/// The file that is read when none is named.
pub const DEFAULT_FILE: &str = "netsuite-preflight.toml";

/// The most that is read. A target takes a few hundred bytes.
const LIMIT: usize = 16 * 1024 * 1024;
/// The tables of the file.
const TABLES: [&str; 3] = ["defaults", "targets", "setup"];

/// A configuration file that was read, or that is about to be made.
///
/// A mistake in one target is no mistake of the others: it comes up in [`ConfigFile::target`].
#[derive(Debug, Clone)]
pub struct ConfigFile {
    path: PathBuf,
    text: String,
    defaults: Settings,
    targets: Targets,
}

/// One target: what its table says, over what `[defaults]` says. Paths are complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its name.
    pub name: TargetName,
    settings: Settings,
}

impl Target {
    /// What stands behind a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&ConfigValue> {
        self.settings.get(key)
    }

    /// All keys that are set, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &ConfigValue)> {
        self.settings.iter().map(|(key, value)| (*key, value))
    }
}

impl ConfigFile {
    /// Reads the file.
    ///
    /// # Errors
    /// When there is none, it cannot be read, is no TOML, or has a table or a default that is wrong.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = read_text(path)?;
        Self::parse(path, text)
    }

    /// Reads the file, or begins an empty one where there is none. Nothing is written before
    /// [`ConfigFile::save`].
    ///
    /// # Errors
    /// As [`ConfigFile::load`], except for a missing file.
    pub fn load_or_new(path: &Path) -> Result<Self, ConfigError> {
        match Self::load(path) {
            Err(ConfigError::Missing(_)) => Self::parse(path, String::new()),
            other => other,
        }
    }

    fn parse(path: &Path, text: String) -> Result<Self, ConfigError> {
        if let Some((rest, targets)) = sections::split(&text)
            && let Ok(table) = toml::from_str::<Table>(&rest)
            && !table.contains_key("targets")
        {
            return Self::of(path, text, &table, targets);
        }
        let table: Table = toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            // The reader's full text would quote the line, which may hold a secret.
            let message = error.message().to_owned();
            let place = message.contains("duplicate").then(|| standing_at(&text, line)).flatten();
            ConfigError::Syntax { path: path.to_owned(), line, place, message }
        })?;
        Self::of(path, text, &table, Targets::new())
    }

    /// The file of this text, whose tables are these and those of the targets.
    fn of(
        path: &Path,
        text: String,
        table: &Table,
        mut targets: Targets,
    ) -> Result<Self, ConfigError> {
        let wrong = |place: &str, problem| ConfigError::Wrong {
            path: path.to_owned(),
            place: place.to_owned(),
            problem,
        };
        if let Some(key) = table.keys().find(|key| !TABLES.contains(&key.as_str())) {
            let problem = match settings(&Table::from_iter([(key.clone(), "".into())])) {
                Err(problem @ Problem::Secret { .. }) => problem,
                _ => Problem::UnknownKey { key: shown_name(key), near: near_list(key, TABLES) },
            };
            return Err(wrong("top level (keys of a target stand below [targets.NAME])", problem));
        }
        // The other tables are looked at with their keys.
        let kept = table.get("setup").and_then(toml::Value::as_table);
        if let Some(key) = kept.and_then(offending) {
            return Err(wrong("[setup]", Problem::Control { key }));
        }
        let section = |name: &str| match table.get(name) {
            Some(value) => value.as_table().map(Some).ok_or_else(|| {
                let expected = "a table";
                wrong("top level", Problem::WrongType { key: name.to_owned(), expected })
            }),
            None => Ok(None),
        };
        let defaults = section("defaults")?.map(settings).transpose();
        let defaults = defaults.map_err(|problem| wrong("[defaults]", problem))?;
        let named = section("targets")?.into_iter().flatten();
        targets.extend(named.map(|(name, value)| (name.clone(), of_target(name, value))));
        Ok(Self { path: path.to_owned(), defaults: defaults.unwrap_or_default(), targets, text })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names of all targets, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.targets.keys().cloned().collect()
    }

    /// One target, with the defaults below it.
    ///
    /// # Errors
    /// When there is none of that name, or something is wrong with it.
    pub fn target(&self, name: &str) -> Result<Target, ConfigError> {
        let Some(own) = self.targets.get(name) else {
            let near = near_list(name, self.targets.keys().map(String::as_str));
            return Err(ConfigError::NoSuchTarget {
                path: self.path.clone(),
                name: shown_name(name),
                names: self.names(),
                near,
            });
        };
        let wrong = |problem| ConfigError::Wrong {
            path: self.path.clone(),
            place: format!("[targets.{}]", shown_name(name)),
            problem,
        };
        let own = own.as_ref().map_err(|problem| wrong(problem.clone()))?;
        let name = TargetName::new(name).ok_or_else(|| wrong(Problem::WrongName))?;
        let mut merged = self.defaults.clone();
        merged.extend(own.iter().map(|(key, value)| (*key, value.clone())));
        let folder = self.path.parent().unwrap_or(Path::new(""));
        for (key, value) in &mut merged {
            match value {
                // `-` is standard input, wherever the file is.
                ConfigValue::Path(path) if *key == "private_key" && is_stdin(path) => {}
                ConfigValue::Path(path) => *path = folder.join(&*path),
                _ => {}
            }
        }
        Ok(Target { name, settings: merged })
    }
}

/// The key or table that a line begins with, with the table around it: `targets.a.account_id`.
fn standing_at(text: &str, line: usize) -> Option<String> {
    let table = |line: &str| -> Option<Vec<String>> {
        let inner = line.trim().strip_prefix('[')?.split(']').next()?;
        Some(keys_of(inner))
    };
    let own = text.lines().nth(line.checked_sub(1)?)?;
    let names = match table(own) {
        Some(names) => names,
        None => {
            let before: Vec<&str> = text.lines().take(line.saturating_sub(1)).collect();
            let around = before.iter().rev().find_map(|line| table(line)).unwrap_or_default();
            let key = own.split_once('=').map_or(own, |(key, _)| key);
            around.into_iter().chain(keys_of(key)).collect()
        }
    };
    (!names.is_empty()).then(|| names.join("."))
}

/// The parts of a dotted key, each as it is shown. What stands in quotes is taken as one part.
fn keys_of(text: &str) -> Vec<String> {
    let parsed: Result<DocumentMut, _> = format!("[{text}]").parse();
    let mut names = Vec::new();
    let Ok(document) = parsed else { return names };
    let mut table: &dyn TableLike = document.as_table();
    while let Some((name, item)) = table.iter().next() {
        names.push(shown_name(name));
        let Some(inner) = item.as_table_like() else { break };
        table = inner;
    }
    names
}

fn read_text(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            ConfigError::Missing(path.to_owned())
        }
        _ => ConfigError::Unreadable { path: path.to_owned(), source },
    };
    let bytes = regular_file::read(path, LIMIT).map_err(|error| unreadable(error.into()))?;
    if bytes.len() > LIMIT {
        return Err(unreadable(io::Error::other("it is larger than 16 MiB")));
    }
    String::from_utf8(bytes).map_err(|_| unreadable(io::Error::other("it is no UTF-8 text")))
}

impl ConfigFile {
    /// Sets a key of a target, which is made where it is not there yet. A path is put as given:
    /// it is read relative to the folder of the file.
    ///
    /// # Errors
    /// When the key is unknown, or the value does not belong there.
    pub fn set(
        &mut self,
        name: &str,
        key: &str,
        value: impl Into<ConfigValue>,
    ) -> Result<(), ConfigError> {
        let value = value.into();
        let wrong = |problem| ConfigError::Wrong {
            path: self.path().to_owned(),
            place: format!("[targets.{}]", shown_name(name)),
            problem,
        };
        TargetName::new(name).ok_or_else(|| wrong(Problem::WrongName))?;
        keys::check(key, &value).map_err(wrong)?;
        self.edit("targets", name, |table| {
            table.insert(key, Item::Value(value.to_toml()));
        })
    }

    /// Removes a key of a target, where it is set.
    ///
    /// # Errors
    /// When the place is no table.
    pub fn unset(&mut self, name: &str, key: &str) -> Result<(), ConfigError> {
        self.edit("targets", name, |table| drop(table.remove(key)))
    }

    /// The table `[setup.NAME]`, which belongs to the interactive set-up alone.
    #[must_use]
    pub fn setup(&self, name: &str) -> Option<toml_edit::Table> {
        let document: DocumentMut = self.text.parse().ok()?;
        document.get("setup")?.get(name)?.as_table().cloned()
    }

    /// Changes the table `[setup.NAME]`. The caller answers for what is put there: no secret.
    ///
    /// # Errors
    /// When the place is no table.
    pub fn edit_setup(
        &mut self,
        name: &str,
        change: impl FnOnce(&mut dyn TableLike),
    ) -> Result<(), ConfigError> {
        self.edit("setup", name, change)
    }

    /// Writes the file as a whole, readable by its owner alone.
    ///
    /// # Errors
    /// When the place cannot be written.
    pub fn save(&self) -> Result<(), ConfigError> {
        let unwritable = |source| ConfigError::Unwritable { path: self.path().to_owned(), source };
        // The file itself is read to be written again; it is no input that would be lost.
        replace(self.path(), &ReadFiles::default(), self.text.as_bytes()).map_err(unwritable)
    }

    fn edit(
        &mut self,
        section: &str,
        name: &str,
        change: impl FnOnce(&mut dyn TableLike),
    ) -> Result<(), ConfigError> {
        let path = self.path().to_owned();
        let no_table = |key: &str| ConfigError::Wrong {
            path: path.clone(),
            place: format!("[{section}]"),
            problem: Problem::WrongType { key: shown_name(key), expected: "a table" },
        };
        let mut document: DocumentMut = self.text.parse().map_err(|_| no_table(section))?;
        // `[targets]` itself needs no line of its own above `[targets.NAME]`.
        let outer = document.entry(section).or_insert_with(|| {
            let mut table = toml_edit::Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        let outer = outer.as_table_like_mut().ok_or_else(|| no_table(section))?;
        let inner = outer.entry(name).or_insert_with(|| Item::Table(toml_edit::Table::new()));
        change(inner.as_table_like_mut().ok_or_else(|| no_table(name))?);
        *self = Self::parse(&path, document.to_string())?;
        Ok(())
    }
}

/// The keys that say where the sign-in goes.
pub const WAY: [&str; 2] = ["connect_to", "ca_file"];

impl ConfigFile {
    /// Whether a target of this file, which nobody named, may be taken. `decided` says which keys
    /// something else decides.
    ///
    /// # Errors
    /// When the target has keys that only a named file may have.
    pub fn merely_found(
        &self,
        target: &Target,
        decided: impl Fn(&str) -> bool,
    ) -> Result<(), NotAccepted> {
        let has = |key: &&&str| target.get(key).is_some() && !decided(key);
        let keys: Vec<String> = WAY.iter().filter(has).map(|key| format!("`{key}`")).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let path = shell::argument(self.path());
        Err(NotAccepted {
            word: shell::word(&path).unwrap_or("FILE".into()).into_owned(),
            path,
            place: format!("[targets.{}]", target.name),
            several: keys.len() > 1,
            keys: keys.join(" and "),
        })
    }
}
