//! Long pieces of secrets, found without keeping the secrets: every short stretch of them is known by
//! a number, and a text is read once whatever the number of secrets.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

/// Length of the stretches.
pub(super) const STRETCH: usize = 12;

const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
/// `BASE` to the power of [`STRETCH`].
const LEAVING: u64 = BASE.wrapping_pow(12);
/// Bits of the table that answers for nearly every stretch of an ordinary text.
const TABLE: usize = 1 << 20;

/// The numbers are spread well already: a key brings tens of thousands, and hashing them anew would
/// take most of the time.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |sum, byte| sum.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

type Spread = BuildHasherDefault<AsItIs>;

/// Stretches of secrets, each with the shortest length that counts as a piece.
#[derive(Default)]
pub(super) struct Pieces {
    least: HashMap<u64, u8, Spread>,
    table: Vec<u64>,
    public: HashSet<u64, Spread>,
}

/// A stretch of a text that is like a piece of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub range: Range<usize>,
    /// Whether all of it may stand in a certificate as well.
    pub public: bool,
    least: u8,
}

impl Pieces {
    /// Takes every stretch of `skeleton`; from `least` bytes on, what is like it is a piece.
    pub fn add(&mut self, skeleton: &[u8], least: usize) {
        if self.table.is_empty() {
            self.table = vec![0; TABLE / 64];
        }
        let least = u8::try_from(least).unwrap_or(u8::MAX);
        self.least.reserve(skeleton.len());
        for number in numbers(skeleton) {
            let known = self.least.entry(number).or_insert(least);
            *known = least.min(*known);
            let (word, bit) = slot(number);
            if let Some(word) = self.table.get_mut(word) {
                *word |= bit;
            }
        }
    }

    /// Takes what of a secret is public where a certificate stands.
    pub fn add_public(&mut self, skeleton: &[u8]) {
        self.public.extend(numbers(skeleton));
    }

    /// Where pieces of secrets stand.
    pub fn find(&self, skeleton: &[u8]) -> Vec<Piece> {
        let mut found: Vec<Piece> = Vec::new();
        let mut last_was_one = false;
        for (at, number) in numbers(skeleton).enumerate() {
            let least = self.least_of(number);
            let public = least.is_some() && self.public.contains(&number);
            match (least, found.last_mut().filter(|_| last_was_one)) {
                (Some(least), Some(piece)) => {
                    piece.range.end = at + STRETCH;
                    piece.least = least.min(piece.least);
                    piece.public &= public;
                }
                (Some(least), None) => {
                    found.push(Piece { range: at..at + STRETCH, public, least });
                }
                (None, _) => {}
            }
            last_was_one = least.is_some();
        }
        found.retain(|piece| piece.range.len() >= usize::from(piece.least));
        found
    }

    fn least_of(&self, number: u64) -> Option<u8> {
        let (word, bit) = slot(number);
        let may = self.table.get(word).is_some_and(|word| word & bit != 0);
        if may { self.least.get(&number).copied() } else { None }
    }
}

fn slot(number: u64) -> (usize, u64) {
    let at = usize::try_from(number >> 44).unwrap_or_default();
    (at / 64, 1 << (at % 64))
}

/// The numbers of all stretches, from the first on.
fn numbers(bytes: &[u8]) -> impl Iterator<Item = u64> {
    let mut sum: u64 = 0;
    let leaving = std::iter::repeat_n(None, STRETCH).chain(bytes.iter().map(Some));
    bytes
        .iter()
        .zip(leaving)
        .map(move |(coming, leaving)| {
            let leaving = leaving.map_or(0, |byte| u64::from(*byte) + 1);
            sum = sum
                .wrapping_mul(BASE)
                .wrapping_add(u64::from(*coming) + 1)
                .wrapping_sub(leaving.wrapping_mul(LEAVING));
            sum.wrapping_mul(BASE | 1)
        })
        .skip(STRETCH - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_found_from_its_shortest_length_on() {
        let secret: Vec<u8> =
            (0..100_u32).map(|n| b'a' + u8::try_from(n * n % 23).unwrap()).collect();
        let mut pieces = Pieces::default();
        pieces.add(&secret, 24);
        for at in 0..76 {
            let text = [b"XYZ", &secret[at..at + 24], b"XYZ"].concat();
            let found = pieces.find(&text);
            assert!(
                found.iter().any(|piece| piece.range.start <= 3 && piece.range.end >= 27),
                "{at}"
            );
        }
        assert!(pieces.find(b"nothing of it, nothing of it, nothing of it").is_empty());
        assert!(pieces.find(&secret[..11]).is_empty());
    }
}
