//! One block of contents.

use zeroize::Zeroizing;

use super::repair::Place;
use super::thing::GivenThing;

/// One structure that was found.
#[derive(Clone)]
pub struct Block {
    /// The label of its BEGIN line; nothing for binary contents and for base64 without armour.
    pub label: Option<String>,
    /// Header lines such as `DEK-Info`, name and value.
    pub headers: Vec<(String, String)>,
    /// The contents: DER, or ciphertext where the headers say so. Empty where they are damaged or
    /// of a kind that is only named.
    pub der: Zeroizing<Vec<u8>>,
    /// Where it begins.
    pub place: Place,
    /// What it is, judged by its contents; by its label where they are damaged.
    pub thing: GivenThing,
    /// Whether `der` rests on a guess at characters that were lost or added.
    pub guessed: bool,
    /// Further readings that would make a whole structure too, where it was guessed.
    pub others: Vec<Zeroizing<Vec<u8>>>,
    /// Why its contents cannot be used.
    pub damage: Option<Damage>,
}

impl Block {
    /// The value of a header, by its name without regard to case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

impl std::fmt::Debug for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Block")
            .field("label", &self.label)
            .field("place", &self.place)
            .field("thing", &self.thing)
            .field("damage", &self.damage)
            .finish_non_exhaustive()
    }
}

/// Why the contents of a block cannot be used, after every repair was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// Nothing stands between BEGIN and END.
    NoContents,
    /// The base64 text has a character too many, or characters are missing.
    BrokenBase64(Place),
    /// The contents are cut off.
    Truncated {
        /// Bytes that are there.
        have: usize,
        /// Bytes that there should be.
        need: usize,
    },
    /// The contents decode to bytes that are not what the label says, nor anything else known.
    Unrecognised,
}

impl std::fmt::Display for Damage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoContents => f.write_str("nothing stands between its BEGIN and END lines"),
            Self::BrokenBase64(place) => {
                write!(f, "its base64 text is broken ({place}): characters are missing or added")
            }
            Self::Truncated { have, need } => {
                write!(f, "it is cut off: {have} of {need} bytes are there")
            }
            Self::Unrecognised => f.write_str("its contents are not what its label says"),
        }
    }
}
