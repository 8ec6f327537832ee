//! Behaviours on which the sources conflict or are silent: one switch each, with the best-evidenced
//! value as its default.

use std::collections::BTreeMap;

use crate::types::shown::shown;

// From one table: an enum per switch, the struct of all switches, and the list that is printed.

macro_rules! switches {
    ($( $field:ident: $enum:ident = $name:literal {
        question: $question:literal, grade: $grade:literal, evidence: $evidence:literal,
        $first:ident = $first_value:literal: $first_means:literal,
        $( $variant:ident = $value:literal: $means:literal ),+ $(,)?
    } )+) => {
        $(
            #[doc = $question]
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
            pub enum $enum {
                #[doc = $first_means]
                #[default]
                $first,
                $( #[doc = $means] $variant, )+
            }
        )+

        /// The setting of every switch.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct Switches {
            $( #[doc = $question] pub $field: $enum, )+
        }

        /// Every switch with its values and its evidence.
        pub const SWITCHES: &[SwitchInfo] = &[
            $( SwitchInfo {
                name: $name,
                question: $question,
                choices: &[
                    Choice { value: $first_value, means: $first_means },
                    $( Choice { value: $value, means: $means }, )+
                ],
                evidence: $evidence,
                grade: $grade,
            }, )+
        ];

        impl Switches {
            /// Sets one switch.
            ///
            /// # Errors
            /// When there is no such switch or value.
            pub fn set(&mut self, name: &str, value: &str) -> Result<(), SwitchError> {
                match name {
                    $( $name => {
                        self.$field = match value {
                            $first_value => $enum::$first,
                            $( $value => $enum::$variant, )+
                            _ => return Err(SwitchError::UnknownValue {
                                name: name.to_owned(),
                                value: value.to_owned(),
                                known: [$first_value, $($value),+].join(", "),
                            }),
                        };
                        Ok(())
                    } )+
                    _ => Err(SwitchError::UnknownName(name.to_owned())),
                }
            }

            /// The value of one switch as it is written.
            #[must_use]
            pub fn get(&self, name: &str) -> Option<&'static str> {
                match name {
                    $( $name => Some(match self.$field {
                        $enum::$first => $first_value,
                        $( $enum::$variant => $value, )+
                    }), )+
                    _ => None,
                }
            }
        }
    };
}

mod table;
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
