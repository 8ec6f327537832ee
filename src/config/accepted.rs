//! A file that was merely found in the working folder may have been put there by somebody else. What
//! says where the sign-in goes, and whom it trusts on the way, is taken from a named file alone.

use super::error::NotAccepted;
use super::{ConfigFile, Target};
use crate::types::shell;

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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_way_is_taken_from_a_named_file_alone() {
        let text = "[defaults]\nca_file = 'ca.pem'\n[targets.a]\nconnect_to = '127.0.0.1:1'\n\
                    [targets.b]\naccount_id = '1'\n";
        let file = ConfigFile::parse(Path::new("./c d.toml"), text.to_owned()).unwrap();
        let told = |name: &str, decided: &[&str]| {
            let target = file.target(name).unwrap();
            let refused = file.merely_found(&target, |key| decided.contains(&key));
            refused.err().map(|error| error.to_string())
        };
        let both = told("a", &[]).unwrap();
        assert!(
            both.starts_with("`connect_to` and `ca_file` of [targets.a] in ./c d.toml are not")
        );
        assert!(both.ends_with("name it with --config './c d.toml' to accept it"), "{both}");
        assert!(told("b", &[]).unwrap().starts_with("`ca_file` of [targets.b]"));
        assert!(told("a", &["connect_to"]).unwrap().starts_with("`ca_file`"));
        assert_eq!(told("a", &WAY), None);
        assert_eq!(told("b", &["ca_file"]), None);
    }
}
