//! How much work a passphrase would cost, found out before OpenSSL begins with it.

use super::LoadError;
use crate::credentials::der::{self, Element, INTEGER, OCTET_STRING};

/// Two seconds or so. OpenSSL writes 2048 rounds, careful people some hundred thousand.
const MOST_ROUNDS: u64 = 5_000_000;
const DEEPEST: usize = 24;
const MOST_ELEMENTS: usize = 20_000;
/// A string in pieces: the constructed form of OCTET STRING.
const PIECES: u8 = OCTET_STRING | 0x20;

/// The rounds of key derivation that one input may cost altogether, however many structures with
/// however many parts it holds, and however often one of them is tried.
#[derive(Debug, Default)]
pub struct Budget {
    spent: u64,
}

impl Budget {
    /// Counts the rounds that one attempt at a structure costs at most. The parameters of every
    /// kind of password-based encryption are a salt followed by a number of rounds.
    pub(super) fn spend(&mut self, bytes: &[u8]) -> Result<(), LoadError> {
        let mut left = MOST_ELEMENTS;
        let rounds = der::first(bytes).map_or(0, |whole| rounds(whole, DEEPEST, &mut left));
        if left == 0 {
            return Err(LoadError::TooLarge);
        }
        let total = self.spent.saturating_add(rounds);
        if total > MOST_ROUNDS {
            return Err(LoadError::TooMuchWork(total));
        }
        self.spent = total;
        Ok(())
    }
}

/// The sum over everything inside.
fn rounds(element: Element<'_>, depth: usize, left: &mut usize) -> u64 {
    let Some(depth) = depth.checked_sub(1) else { return 0 };
    let mut sum = 0_u64;
    let mut numbers: Option<Vec<u64>> = None;
    for child in element.children() {
        *left = left.saturating_sub(1);
        if *left == 0 {
            return sum;
        }
        match &mut numbers {
            // Too large for 64 bits is too large in any case.
            Some(numbers) if child.tag == INTEGER => {
                numbers.push(der::small_integer(child).unwrap_or(u64::MAX));
                continue;
            }
            _ => sum = sum.saturating_add(cost(numbers.take())),
        }
        let inside = match child.tag {
            OCTET_STRING => string(child.content, depth, left),
            PIECES => {
                let whole: Vec<u8> =
                    child.children().flat_map(|part| part.content).copied().collect();
                string(&whole, depth, left)
            }
            _ if child.is_constructed() => rounds(child, depth, left),
            _ => 0,
        };
        sum = sum.saturating_add(inside);
        if matches!(child.tag, OCTET_STRING | PIECES) {
            numbers = Some(Vec::new());
        }
    }
    sum.saturating_add(cost(numbers))
}

/// A structure inside a string.
fn string(content: &[u8], depth: usize, left: &mut usize) -> u64 {
    match der::split(content) {
        Some((inner, [])) if inner.tag == der::SEQUENCE => rounds(inner, depth, left),
        _ => 0,
    }
}

/// What the numbers after a salt mean: rounds and perhaps a length, or the three factors of
/// scrypt (RFC 7914, section 7.1).
fn cost(numbers: Option<Vec<u64>>) -> u64 {
    match numbers.as_deref() {
        Some([cost, block, parallel, ..]) => cost.saturating_mul(*block).saturating_mul(*parallel),
        Some([rounds, ..]) => *rounds,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[tag, 0x82], &length[..], content].concat()
    }

    fn parameters(salt: u8, numbers: &[&[u8]]) -> Vec<u8> {
        let mut inner = element(salt, &element(OCTET_STRING, &[1, 2]));
        inner.extend(numbers.iter().flat_map(|number| element(INTEGER, number)));
        element(der::SEQUENCE, &inner)
    }

    fn spend(bytes: &[u8]) -> Result<(), LoadError> {
        Budget::default().spend(bytes)
    }

    #[test]
    fn rounds_beyond_reason_are_refused() {
        assert_eq!(spend(&parameters(OCTET_STRING, &[&[0x08, 0x00]])), Ok(()));
        for salt in [OCTET_STRING, PIECES] {
            assert_eq!(
                spend(&parameters(salt, &[&[0x7f, 0xff, 0xff, 0xff]])),
                Err(LoadError::TooMuchWork(0x7fff_ffff))
            );
        }
        assert_eq!(
            spend(&parameters(OCTET_STRING, &[&[0x7f; 9]])),
            Err(LoadError::TooMuchWork(u64::MAX))
        );
    }

    #[test]
    fn many_small_costs_are_added_up() {
        // 1,000,000 rounds each, and a length of the key that is no factor.
        let one = parameters(OCTET_STRING, &[&[0x0f, 0x42, 0x40], &[32]]);
        assert_eq!(spend(&element(der::SEQUENCE, &one.repeat(5))), Ok(()));
        let six = element(der::SEQUENCE, &one.repeat(6));
        assert_eq!(spend(&six), Err(LoadError::TooMuchWork(6_000_000)));
        let hidden = element(der::SEQUENCE, &element(OCTET_STRING, &six));
        assert_eq!(spend(&hidden), Err(LoadError::TooMuchWork(6_000_000)));
        let middle = six.len() / 2;
        let pieces = [&six[..middle], &six[middle..]].map(|part| element(OCTET_STRING, part));
        let pieces = element(der::SEQUENCE, &element(PIECES, &pieces.concat()));
        assert_eq!(spend(&pieces), Err(LoadError::TooMuchWork(6_000_000)));
    }

    #[test]
    fn one_budget_serves_several_attempts() {
        let two = parameters(OCTET_STRING, &[&[0x1e, 0x84, 0x80]]);
        let mut budget = Budget::default();
        assert_eq!(budget.spend(&two), Ok(()));
        assert_eq!(budget.spend(&two), Ok(()));
        assert_eq!(budget.spend(&two), Err(LoadError::TooMuchWork(6_000_000)));
    }

    #[test]
    fn the_factors_of_scrypt_are_multiplied() {
        let usual = parameters(OCTET_STRING, &[&[0x40, 0x00], &[8], &[1]]);
        assert_eq!(spend(&usual), Ok(()));
        let wide = parameters(OCTET_STRING, &[&[0x40, 0x00], &[8], &[0x01, 0x00]]);
        assert_eq!(spend(&wide), Err(LoadError::TooMuchWork(16_384 * 8 * 256)));
    }
}
