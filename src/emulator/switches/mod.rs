//! Behaviours on which the sources conflict or are silent: one switch each, with the best-evidenced
//! value as its default.

#[macro_use]
mod macros;
mod table;

use std::collections::BTreeMap;

use crate::types::shown::shown;
pub use table::*;

/// One value of a switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// How it is written.
    pub value: &'static str,
    /// What the emulator then does.
    pub means: &'static str,
}

/// What is known about a switch; the first choice is the default.
#[derive(Debug, Clone, Copy)]
pub struct SwitchInfo {
    /// Its name.
    pub name: &'static str,
    /// The question it answers.
    pub question: &'static str,
    /// Its values, the default first.
    pub choices: &'static [Choice],
    /// What speaks for the default and for the others.
    pub evidence: &'static str,
    /// Grade of the evidence for the default: official, observed, third-party, inferred or none.
    pub grade: &'static str,
}

/// A switch that does not exist, or a value that it does not have.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SwitchError {
    /// No such switch.
    #[error("there is no switch `{}`; `emulate --list-switches` shows them all", shown(.0))]
    UnknownName(String),
    /// No such value.
    #[error("the switch `{name}` has no value `{}`; it takes {known}", shown(value))]
    UnknownValue {
        /// The switch.
        name: String,
        /// What was given.
        value: String,
        /// What it takes.
        known: String,
    },
    /// No equals sign.
    #[error("`{}` is no switch setting; write NAME=VALUE", shown(.0))]
    NoValue(String),
}

impl Switches {
    /// Sets one switch from `NAME=VALUE`.
    ///
    /// # Errors
    /// When there is no such switch or value.
    pub fn set_from(&mut self, text: &str) -> Result<(), SwitchError> {
        let (name, value) =
            text.split_once('=').ok_or_else(|| SwitchError::NoValue(text.to_owned()))?;
        self.set(name.trim(), value.trim())
    }

    /// The defaults with some switches set.
    ///
    /// # Errors
    /// When there is no such switch or value.
    pub fn with(settings: &BTreeMap<String, String>) -> Result<Self, SwitchError> {
        let mut switches = Self::default();
        for (name, value) in settings {
            switches.set(name, value)?;
        }
        Ok(switches)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_every_switch_can_be_set_and_read_back() {
        for info in SWITCHES {
            let grades = ["official", "observed", "third-party", "inferred", "none"];
            assert!(grades.contains(&info.grade), "{}", info.name);
            assert!(info.choices.len() > 1, "{} has nothing to switch", info.name);
            let mut switches = Switches::default();
            assert_eq!(switches.get(info.name), info.choices.first().map(|c| c.value));
            for choice in info.choices {
                switches.set(info.name, choice.value).unwrap();
                assert_eq!(switches.get(info.name), Some(choice.value), "{}", info.name);
            }
        }
    }

    #[test]
    fn names_and_values_are_told_apart() {
        let mut switches = Switches::default();
        assert!(switches.set_from("token-fault=400-invalid-grant").is_ok());
        assert_eq!(switches.token_fault, TokenFault::InvalidGrant);
        assert!(matches!(switches.set_from("nothing=1"), Err(SwitchError::UnknownName(_))));
        assert!(matches!(switches.set_from("retry-after"), Err(SwitchError::NoValue(_))));
        let error = switches.set_from("retry-after=soon").unwrap_err().to_string();
        assert!(error.contains("absent, present"), "{error}");
    }
}
