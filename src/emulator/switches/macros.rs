//! From one table: an enum per switch, the struct of all switches, and the list that is printed.

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
