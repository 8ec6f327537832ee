//! RSA keys. Every test is cheap: none takes more than some milliseconds at 4096 bits.

use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::error::ErrorStack;
use openssl::pkey::Private;
use openssl::rsa::RsaRef;

use super::Flaw;
use crate::credentials::der;

/// Beyond this the tests would take long, and the size alone is refused already.
const MOST_BITS: i32 = 8192;
const FERMAT_ROUNDS: u32 = 100;

pub(super) fn judge_public(
    n: &BigNumRef,
    e: &BigNumRef,
    flaws: &mut Vec<Flaw>,
) -> Result<(), ErrorStack> {
    let bits = n.num_bits();
    if bits != 3072 && bits != 4096 {
        flaws.push(Flaw::RsaSize(bits.unsigned_abs()));
    }
    judge_exponent(e, flaws)?;
    if !(64..=MOST_BITS).contains(&bits) {
        return Ok(());
    }
    if let Some(factor) = small_factor(n)? {
        flaws.push(Flaw::SmallFactor(factor));
    } else if has_close_factors(n)? {
        flaws.push(Flaw::ClosePrimes);
    }
    if has_roca_mark(n)? {
        flaws.push(Flaw::Roca);
    }
    Ok(())
}

fn judge_exponent(e: &BigNumRef, flaws: &mut Vec<Flaw>) -> Result<(), ErrorStack> {
    let bits = e.num_bits();
    if bits <= 1 || !e.is_bit_set(0) {
        flaws.push(Flaw::ExponentInvalid);
    } else if bits > 32 {
        flaws.push(Flaw::ExponentLong(bits.unsigned_abs()));
    } else if bits <= 16 {
        let value = u32::try_from(e.mod_word(u32::MAX)?).unwrap_or(u32::MAX);
        flaws.push(Flaw::ExponentSmall(value));
    }
    Ok(())
}

fn small_factor(n: &BigNumRef) -> Result<Option<u32>, ErrorStack> {
    for candidate in std::iter::once(2).chain((3..2048).step_by(2)) {
        // A composite divisor has a smaller prime divisor, which was tried before.
        if n.mod_word(candidate)? == 0 {
            return Ok(Some(candidate));
        }
    }
    Ok(None)
}

/// Fermat's method, for a few rounds: finds two primes whose difference is small.
fn has_close_factors(n: &BigNumRef) -> Result<bool, ErrorStack> {
    let mut context = BigNumContext::new()?;
    let mut a = square_root(n, &mut context)?;
    let mut square = BigNum::new()?;
    square.sqr(&a, &mut context)?;
    if *square == *n {
        return Ok(true);
    }
    let mut rest = BigNum::new()?;
    for _ in 0..FERMAT_ROUNDS {
        a.add_word(1)?;
        square.sqr(&a, &mut context)?;
        rest.checked_sub(&square, n)?;
        if is_square(&rest, &mut context)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_square(n: &BigNumRef, context: &mut BigNumContext) -> Result<bool, ErrorStack> {
    // Most numbers are no square modulo one of these, which is much cheaper to see.
    for modulus in [64_u64, 63, 65, 11, 17, 19, 23, 31] {
        let word = u32::try_from(modulus).unwrap_or(64);
        let rest = n.mod_word(word)?;
        if !(0..modulus).any(|x| x * x % modulus == rest) {
            return Ok(false);
        }
    }
    let root = square_root(n, context)?;
    let mut square = BigNum::new()?;
    square.sqr(&root, context)?;
    Ok(*square == *n)
}

/// The whole part of the square root, by Newton's method from above.
fn square_root(n: &BigNumRef, context: &mut BigNumContext) -> Result<BigNum, ErrorStack> {
    let mut root = BigNum::new()?;
    root.set_bit((n.num_bits() + 1) / 2)?;
    loop {
        let mut quotient = BigNum::new()?;
        quotient.checked_div(n, &root, context)?;
        let mut sum = BigNum::new()?;
        sum.checked_add(&quotient, &root)?;
        let mut next = BigNum::new()?;
        next.rshift1(&sum)?;
        if *next >= *root {
            return Ok(root);
        }
        root = next;
    }
}

/// Primes of the published fingerprint of CVE-2017-15361 (Nemec et al., CCS 2017): modulo each of
/// them a weak modulus is a power of 65537, which an ordinary one seldom is modulo all.
const ROCA_PRIMES: [u64; 17] =
    [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

fn has_roca_mark(n: &BigNumRef) -> Result<bool, ErrorStack> {
    for prime in ROCA_PRIMES {
        let rest = n.mod_word(u32::try_from(prime).unwrap_or(11))?;
        let mut power = 1;
        let found = (0..prime).any(|_| {
            power = power * 65537 % prime;
            power == rest
        });
        if !found {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(super) fn judge_private(
    rsa: &RsaRef<Private>,
    flaws: &mut Vec<Flaw>,
) -> Result<(), ErrorStack> {
    if rsa.n().num_bits() > MOST_BITS || flaws.contains(&Flaw::ExponentInvalid) {
        return Ok(());
    }
    // The version of the structure tells of further primes, for which the library has no question.
    let encoded = zeroize::Zeroizing::new(rsa.private_key_to_der()?);
    let version = der::first(&encoded).and_then(|key| der::small_integer(key.child(0)?));
    if version == Some(1) {
        flaws.push(Flaw::MultiPrime);
        return Ok(());
    }
    if !is_consistent(rsa)? {
        flaws.push(Flaw::Inconsistent);
    }
    Ok(())
}

/// Whether all numbers of the key follow from its primes, and the primes look prime.
fn is_consistent(rsa: &RsaRef<Private>) -> Result<bool, ErrorStack> {
    let (Some(p), Some(q)) = (rsa.p(), rsa.q()) else { return Ok(false) };
    if p.num_bits() < 16 || q.num_bits() < 16 || p == q {
        return Ok(false);
    }
    let mut context = BigNumContext::new()?;
    let mut product = BigNum::new()?;
    product.checked_mul(p, q, &mut context)?;
    if *product != *rsa.n() {
        return Ok(false);
    }
    for (prime, reduced) in [(p, rsa.dmp1()), (q, rsa.dmq1())] {
        if !half_is_consistent(prime, reduced, rsa, &mut context)? {
            return Ok(false);
        }
    }
    let Some(inverse) = rsa.iqmp() else { return Ok(false) };
    let mut one = BigNum::new()?;
    one.mod_mul(inverse, q, p, &mut context)?;
    Ok(one.num_bits() == 1)
}

fn half_is_consistent(
    prime: &BigNumRef,
    reduced: Option<&BigNumRef>,
    rsa: &RsaRef<Private>,
    context: &mut BigNumContext,
) -> Result<bool, ErrorStack> {
    let mut order = prime.to_owned()?;
    order.sub_word(1)?;
    let mut number = BigNum::new()?;
    number.mod_mul(rsa.d(), rsa.e(), &order, context)?;
    let exponents_match = number.num_bits() == 1;
    number.nnmod(rsa.d(), &order, context)?;
    let reduced_matches = reduced.is_some_and(|reduced| *reduced == *number);
    // Fermat's little theorem: a number that fails it is no prime.
    number.mod_exp(&*BigNum::from_u32(2)?, &order, prime, context)?;
    Ok(exponents_match && reduced_matches && number.num_bits() == 1)
}

#[cfg(test)]
mod tests {
    use openssl::bn::MsbOption;

    use super::*;

    fn prime(bits: i32) -> BigNum {
        let mut prime = BigNum::new().unwrap();
        prime.generate_prime(bits, false, None, None).unwrap();
        prime
    }

    fn flaws(n: &BigNumRef, e: u32) -> Vec<&'static str> {
        let mut flaws = Vec::new();
        judge_public(n, &BigNum::from_u32(e).unwrap(), &mut flaws).unwrap();
        flaws.iter().map(Flaw::id).filter(|id| *id != "rsa-size").collect()
    }

    fn product(a: &BigNumRef, b: &BigNumRef) -> BigNum {
        let mut product = BigNum::new().unwrap();
        product.checked_mul(a, b, &mut BigNumContext::new().unwrap()).unwrap();
        product
    }

    #[test]
    fn close_primes_and_squares_are_found() {
        let p = prime(256);
        let mut q = p.to_owned().unwrap();
        let mut context = BigNumContext::new().unwrap();
        loop {
            q.add_word(2).unwrap();
            if q.is_prime(10, &mut context).unwrap() {
                break;
            }
        }
        assert_eq!(flaws(&product(&p, &q), 65537), ["close-primes"]);
        assert_eq!(flaws(&product(&p, &p), 65537), ["close-primes"]);
    }

    #[test]
    fn a_small_factor_is_found() {
        assert_eq!(
            flaws(&product(&prime(256), &BigNum::from_u32(1009).unwrap()), 65537)[0],
            "small-factor"
        );
    }

    #[test]
    fn the_mark_of_roca_is_found() {
        let mut modulus = BigNum::from_u32(1).unwrap();
        for prime in ROCA_PRIMES {
            modulus.mul_word(u32::try_from(prime).unwrap()).unwrap();
        }
        let mut context = BigNumContext::new().unwrap();
        let mut marked = BigNum::new().unwrap();
        let base = BigNum::from_u32(65537).unwrap();
        let exponent = BigNum::from_u32(987_654).unwrap();
        marked.mod_exp(&base, &exponent, &modulus, &mut context).unwrap();
        let mut factor = BigNum::new().unwrap();
        factor.rand(400, MsbOption::ONE, true).unwrap();
        let mut n = BigNum::new().unwrap();
        n.checked_add(&marked, &product(&modulus, &factor)).unwrap();
        assert!(has_roca_mark(&n).unwrap());
    }

    #[test]
    fn exponents() {
        let n = product(&prime(256), &prime(256));
        assert_eq!(flaws(&n, 65537), Vec::<&str>::new());
        assert_eq!(flaws(&n, 3), ["exponent-small"]);
        assert_eq!(flaws(&n, 1), ["exponent-invalid"]);
        assert_eq!(flaws(&n, 65536), ["exponent-invalid"]);
        let mut long = Vec::new();
        judge_exponent(&prime(64), &mut long).unwrap();
        assert_eq!(long, [Flaw::ExponentLong(64)]);
    }
}
