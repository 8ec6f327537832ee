//! How much work a passphrase would cost, found out before OpenSSL begins with it.

use super::LoadError;
use crate::credentials::der::{self, Element, INTEGER, OCTET_STRING};

/// Two seconds or so. OpenSSL writes 2048 rounds, careful people some hundred thousand.
const MOST_ROUNDS: u64 = 5_000_000;
const DEEPEST: usize = 24;
const MOST_ELEMENTS: usize = 20_000;

/// Refuses structures whose key derivation has too many rounds. The parameters of every kind of
/// password-based encryption are a salt followed by a number of rounds.
pub(super) fn check(bytes: &[u8]) -> Result<(), LoadError> {
    let mut budget = MOST_ELEMENTS;
    let most = der::first(bytes).map_or(0, |whole| most_rounds(whole, DEEPEST, &mut budget));
    if budget == 0 {
        return Err(LoadError::TooLarge);
    }
    if most > MOST_ROUNDS { Err(LoadError::TooMuchWork(most)) } else { Ok(()) }
}

fn most_rounds(element: Element<'_>, depth: usize, budget: &mut usize) -> u64 {
    let Some(depth) = depth.checked_sub(1) else { return 0 };
    let mut most = 0;
    let mut before = 0;
    for child in element.children() {
        *budget = budget.saturating_sub(1);
        if *budget == 0 {
            return most;
        }
        if child.tag == INTEGER && before == OCTET_STRING {
            // Too large for 64 bits is too large in any case.
            most = most.max(der::small_integer(child).unwrap_or(u64::MAX));
        }
        before = child.tag;
        if child.is_constructed() {
            most = most.max(most_rounds(child, depth, budget));
        } else if child.tag == OCTET_STRING
            && let Some((inner, [])) = der::split(child.content)
            && inner.tag == der::SEQUENCE
        {
            most = most.max(most_rounds(inner, depth, budget));
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_beyond_reason_are_refused() {
        let parameters = |rounds: &[u8]| {
            let mut inner = vec![0x04, 0x02, 1, 2, 0x02, rounds.len() as u8];
            inner.extend_from_slice(rounds);
            let mut whole = vec![0x30, inner.len() as u8];
            whole.extend(inner);
            whole
        };
        assert_eq!(check(&parameters(&[0x08, 0x00])), Ok(()));
        assert_eq!(
            check(&parameters(&[0x7f, 0xff, 0xff, 0xff])),
            Err(LoadError::TooMuchWork(0x7fff_ffff))
        );
        assert_eq!(check(&parameters(&[0x7f; 9])), Err(LoadError::TooMuchWork(u64::MAX)));
    }
}
