//! The little of DER that is needed to name a structure before a library parses it.

/// Universal tag of INTEGER.
pub const INTEGER: u8 = 0x02;
/// Universal tag of BIT STRING.
pub const BIT_STRING: u8 = 0x03;
/// Universal tag of OCTET STRING.
pub const OCTET_STRING: u8 = 0x04;
/// Universal tag of OBJECT IDENTIFIER.
pub const OID: u8 = 0x06;
/// Universal tag of SEQUENCE.
pub const SEQUENCE: u8 = 0x30;

/// No real key, certificate or bundle nests deeper.
const DEEPEST: usize = 32;

/// One element: its tag and its contents.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Element<'a> {
    /// The tag byte; tags of several bytes are not read.
    pub tag: u8,
    /// The contents.
    pub content: &'a [u8],
}

impl<'a> Element<'a> {
    /// The elements inside, as long as they can be read.
    pub fn children(self) -> impl Iterator<Item = Element<'a>> {
        let mut rest = self.content;
        std::iter::from_fn(move || {
            let (element, after) = split(rest)?;
            rest = after;
            Some(element)
        })
    }

    /// The element inside at `index`.
    #[must_use]
    pub fn child(self, index: usize) -> Option<Element<'a>> {
        self.children().nth(index)
    }

    /// Whether the contents are elements.
    #[must_use]
    pub fn is_constructed(self) -> bool {
        self.tag & 0x20 != 0
    }
}

/// How the outermost length fits the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OuterLength {
    /// Exactly.
    Exact,
    /// Bytes are left over after the structure, which has this length.
    Longer(usize),
    /// The structure claims this many bytes, and there are fewer.
    Shorter(usize),
    /// The length is not stated, as BER allows.
    Indefinite,
    /// These bytes are no SEQUENCE.
    NotDer,
}

/// Splits the first element off.
#[must_use]
pub fn split(bytes: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (tag, header, length) = header(bytes)?;
    let length = match length {
        Length::Known(length) => length,
        Length::Indefinite => indefinite_length(bytes.get(header..)?, DEEPEST)?,
    };
    let end = header.checked_add(length)?;
    let content = bytes.get(header..end)?;
    let indefinite = bytes.get(1) == Some(&0x80);
    let rest = bytes.get(if indefinite { end.checked_add(2)? } else { end }..)?;
    Some((Element { tag, content }, rest))
}

/// The first element.
#[must_use]
pub fn first(bytes: &[u8]) -> Option<Element<'_>> {
    split(bytes).map(|(element, _)| element)
}

/// How the length of the outermost SEQUENCE fits the bytes.
#[must_use]
pub fn outer(bytes: &[u8]) -> OuterLength {
    match header(bytes) {
        Some((SEQUENCE, header, Length::Known(length))) => {
            let whole = header.saturating_add(length);
            match whole.cmp(&bytes.len()) {
                std::cmp::Ordering::Equal => OuterLength::Exact,
                std::cmp::Ordering::Less => OuterLength::Longer(whole),
                std::cmp::Ordering::Greater => OuterLength::Shorter(whole),
            }
        }
        Some((SEQUENCE, _, Length::Indefinite)) => OuterLength::Indefinite,
        _ => OuterLength::NotDer,
    }
}

/// The value of an INTEGER that fits 64 bits and is not negative.
#[must_use]
pub fn small_integer(element: Element<'_>) -> Option<u64> {
    if element.tag != INTEGER || element.content.first().is_none_or(|first| first & 0x80 != 0) {
        return None;
    }
    let digits: &[u8] = match element.content {
        [0, rest @ ..] => rest,
        all => all,
    };
    (digits.len() <= 8).then(|| digits.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

enum Length {
    Known(usize),
    Indefinite,
}

fn header(bytes: &[u8]) -> Option<(u8, usize, Length)> {
    let (&tag, &first) = (bytes.first()?, bytes.get(1)?);
    if tag & 0x1f == 0x1f {
        return None;
    }
    match first {
        0..=0x7f => Some((tag, 2, Length::Known(usize::from(first)))),
        0x80 => Some((tag, 2, Length::Indefinite)),
        0x81..=0x84 => {
            let count = usize::from(first & 0x7f);
            let digits = bytes.get(2..2 + count)?;
            let length = digits.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
            Some((tag, 2 + count, Length::Known(length)))
        }
        _ => None,
    }
}

/// Length of contents that end with two zero bytes.
fn indefinite_length(bytes: &[u8], depth: usize) -> Option<usize> {
    let depth = depth.checked_sub(1)?;
    let mut at = 0_usize;
    loop {
        let rest = bytes.get(at..)?;
        if rest.starts_with(&[0, 0]) {
            return Some(at);
        }
        let (_, header, length) = header(rest)?;
        let step = match length {
            Length::Known(length) => header.checked_add(length)?,
            Length::Indefinite => header
                .checked_add(indefinite_length(rest.get(header..)?, depth)?)?
                .checked_add(2)?,
        };
        at = at.checked_add(step)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_and_lengths() {
        let der = [0x30, 0x06, 0x02, 0x01, 0x05, 0x04, 0x01, 0xff];
        let whole = first(&der).unwrap();
        assert_eq!(whole.children().count(), 2);
        assert_eq!(small_integer(whole.child(0).unwrap()), Some(5));
        assert_eq!(outer(&der), OuterLength::Exact);
        assert_eq!(outer(&der[..7]), OuterLength::Shorter(8));
        assert_eq!(outer(&[&der[..], &[0]].concat()), OuterLength::Longer(8));
        assert_eq!(outer(b"text"), OuterLength::NotDer);
    }

    #[test]
    fn indefinite_lengths_end_at_two_zero_bytes() {
        let ber = [0x30, 0x80, 0x30, 0x80, 0x02, 0x01, 0x07, 0, 0, 0, 0, 0xaa];
        let (whole, rest) = split(&ber).unwrap();
        assert_eq!(rest, [0xaa]);
        let inner = whole.child(0).unwrap();
        assert_eq!(small_integer(inner.child(0).unwrap()), Some(7));
    }

    #[test]
    fn deep_nesting_and_false_lengths_end_quietly() {
        let deep: Vec<u8> = [0x30, 0x80].repeat(100_000);
        assert!(split(&deep).is_none());
        assert!(split(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]).is_none());
        assert!(split(&[0x30, 0x85, 1, 1, 1, 1, 1]).is_none());
    }
}
