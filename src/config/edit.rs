//! Changing the file: what is not changed keeps its place, its comments and its spacing.

use toml_edit::{DocumentMut, Item, Table};

use super::error::{ConfigError, Problem};
use super::file::ConfigFile;
use super::name::{TargetName, shown};
use super::parse;
use super::value::Value;
use crate::credentials::replace::{ReadFiles, replace};

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
        value: impl Into<Value>,
    ) -> Result<(), ConfigError> {
        let value = value.into();
        let wrong = |problem| ConfigError::Wrong {
            path: self.path().to_owned(),
            place: format!("[targets.{}]", shown(name)),
            problem,
        };
        TargetName::new(name).ok_or_else(|| wrong(Problem::WrongName))?;
        parse::check(key, &value).map_err(wrong)?;
        self.edit("targets", name, |table| {
            table.insert(key, Item::Value(toml_value(&value)));
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
    pub fn setup(&self, name: &str) -> Option<Table> {
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
        change: impl FnOnce(&mut dyn toml_edit::TableLike),
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
        change: impl FnOnce(&mut dyn toml_edit::TableLike),
    ) -> Result<(), ConfigError> {
        let path = self.path().to_owned();
        let no_table = |key: &str| ConfigError::Wrong {
            path: path.clone(),
            place: format!("[{section}]"),
            problem: Problem::WrongType { key: shown(key), expected: "a table" },
        };
        let mut document: DocumentMut = self.text.parse().map_err(|_| no_table(section))?;
        // `[targets]` itself needs no line of its own above `[targets.NAME]`.
        let outer = document.entry(section).or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        let outer = outer.as_table_like_mut().ok_or_else(|| no_table(section))?;
        let inner = outer.entry(name).or_insert_with(|| Item::Table(Table::new()));
        change(inner.as_table_like_mut().ok_or_else(|| no_table(name))?);
        *self = Self::parse(&path, document.to_string())?;
        Ok(())
    }
}

fn toml_value(value: &Value) -> toml_edit::Value {
    match value {
        Value::Text(text) => text.as_str().into(),
        Value::Path(path) => path.to_string_lossy().as_ref().into(),
        Value::List(items) => items.iter().map(String::as_str).collect::<toml_edit::Array>().into(),
        Value::Number(number) => i64::try_from(*number).unwrap_or(i64::MAX).into(),
    }
}
