//! What follows from the numbers of an RSA key that are there.

use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::error::ErrorStack;
use zeroize::Zeroizing;

/// Digits of a number, the most significant first.
type Digits = Zeroizing<Vec<u8>>;

/// Each base finds the primes with a probability of one half.
const BASES: u32 = 64;
/// Beyond this every step is slow, and NetSuite takes no such key.
const MOST_BITS: i32 = 8192;

/// The two primes, larger first, from modulus and exponents (NIST SP 800-56B, appendix C). `None` where
/// the three do not belong together.
pub(super) fn primes(n: &[u8], e: &[u8], d: &[u8]) -> Result<Option<(Digits, Digits)>, ErrorStack> {
    let mut context = BigNumContext::new_secure()?;
    let [n, e, d] = [number(n)?, number(e)?, number(d)?];
    if n.num_bits() > MOST_BITS || d.num_bits() > MOST_BITS || e.num_bits() > MOST_BITS {
        return Ok(None);
    }
    let mut multiple = BigNum::new()?;
    multiple.checked_mul(&d, &e, &mut context)?;
    if multiple.num_bits() < 2 || !multiple.is_bit_set(0) || !n.is_bit_set(0) {
        return Ok(None);
    }
    multiple.sub_word(1)?;
    let twos = (0..multiple.num_bits()).take_while(|bit| !multiple.is_bit_set(*bit)).count();
    let twos = i32::try_from(twos).unwrap_or(i32::MAX);
    let mut odd = BigNum::new()?;
    odd.rshift(&multiple, twos)?;
    for base in 2..BASES {
        let base = BigNum::from_u32(base)?;
        let factor = match factor(&n, &base, &odd, twos, &mut context)? {
            Root::Factor(factor) => factor,
            Root::Unlucky => continue,
            Root::None => return Ok(None),
        };
        let mut other = BigNum::new()?;
        other.checked_div(&n, &factor, &mut context)?;
        let (large, small) = if factor > other { (factor, other) } else { (other, factor) };
        return Ok(Some((digits(&large), digits(&small))));
    }
    Ok(None)
}

/// What one base leads to.
enum Root {
    /// One of the primes.
    Factor(BigNum),
    /// Only 1 or -1; another base may do.
    Unlucky,
    /// No power of it is 1: the exponents are not those of this modulus, and no base will do.
    None,
}

/// A factor of `n` by way of a square root of 1 that is neither 1 nor -1.
fn factor(
    n: &BigNumRef,
    base: &BigNumRef,
    odd: &BigNumRef,
    twos: i32,
    context: &mut BigNumContext,
) -> Result<Root, ErrorStack> {
    let one = BigNum::from_u32(1)?;
    let mut last = n.to_owned()?;
    last.sub_word(1)?;
    let mut root = BigNum::new()?;
    root.mod_exp(base, odd, n, context)?;
    if root == one || root == last {
        return Ok(Root::Unlucky);
    }
    for _ in 0..twos {
        let mut square = BigNum::new()?;
        square.mod_sqr(&root, n, context)?;
        if square == last {
            return Ok(Root::Unlucky);
        }
        if square == one {
            root.sub_word(1)?;
            let mut factor = BigNum::new()?;
            factor.gcd(&root, n, context)?;
            let proper = factor > one && *factor != *n;
            return Ok(if proper { Root::Factor(factor) } else { Root::None });
        }
        root = square;
    }
    Ok(Root::None)
}

/// `d mod (p - 1)`, `d mod (q - 1)` and the inverse of `q` modulo `p`.
pub(super) fn crt_numbers(d: &[u8], p: &[u8], q: &[u8]) -> Result<[Digits; 3], ErrorStack> {
    let mut context = BigNumContext::new_secure()?;
    let [d, p, q] = [number(d)?, number(p)?, number(q)?];
    let mut reduced = |prime: &BigNumRef| {
        let mut order = prime.to_owned()?;
        order.sub_word(1)?;
        let mut rest = BigNum::new()?;
        rest.nnmod(&d, &order, &mut context)?;
        Ok::<_, ErrorStack>(digits(&rest))
    };
    let (of_p, of_q) = (reduced(&p)?, reduced(&q)?);
    let mut inverse = BigNum::new()?;
    inverse.mod_inverse(&q, &p, &mut context)?;
    Ok([of_p, of_q, digits(&inverse)])
}

fn number(digits: &[u8]) -> Result<BigNum, ErrorStack> {
    BigNum::from_slice(digits)
}

fn digits(number: &BigNumRef) -> Digits {
    Zeroizing::new(number.to_vec())
}
