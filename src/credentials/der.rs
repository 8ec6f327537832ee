//! The little of DER that is needed to name a structure before a library parses it, and to write one
//! anew in its exact form.

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
pub struct DerElement<'a> {
    /// The tag byte; tags of several bytes are not read.
    pub tag: u8,
    /// The contents.
    pub content: &'a [u8],
}

impl<'a> DerElement<'a> {
    /// The elements inside, as long as they can be read.
    pub fn children(self) -> impl Iterator<Item = DerElement<'a>> {
        let mut rest = self.content;
        std::iter::from_fn(move || {
            let (element, after) = split(rest)?;
            rest = after;
            Some(element)
        })
    }

    /// The element inside at `index`.
    #[must_use]
    pub fn child(self, index: usize) -> Option<DerElement<'a>> {
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
pub fn split(bytes: &[u8]) -> Option<(DerElement<'_>, &[u8])> {
    let (tag, header, length) = header(bytes)?;
    let length = match length {
        Length::Known(length) => length,
        Length::Indefinite => indefinite_length(bytes.get(header..)?, DEEPEST)?,
    };
    let end = header.checked_add(length)?;
    let content = bytes.get(header..end)?;
    let indefinite = bytes.get(1) == Some(&0x80);
    let rest = bytes.get(if indefinite { end.checked_add(2)? } else { end }..)?;
    Some((DerElement { tag, content }, rest))
}

/// The first element.
#[must_use]
pub fn first(bytes: &[u8]) -> Option<DerElement<'_>> {
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
pub fn small_integer(element: DerElement<'_>) -> Option<u64> {
    if element.tag != INTEGER || element.content.first().is_none_or(|first| first & 0x80 != 0) {
        return None;
    }
    let digits: &[u8] = match element.content {
        [0, rest @ ..] => rest,
        all => all,
    };
    (digits.len() <= 8).then(|| digits.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

/// An element in its exact form, around `content`.
#[must_use]
pub fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let digits = content.len().to_be_bytes();
    let digits: &[u8] = match digits.iter().position(|digit| *digit != 0) {
        Some(first) => digits.get(first..).unwrap_or_default(),
        None => &[0],
    };
    let mut whole = Vec::with_capacity(content.len() + digits.len() + 2);
    whole.push(tag);
    match digits {
        [short @ 0..=0x7f] => whole.push(*short),
        long => {
            whole.push(0x80 | u8::try_from(long.len()).unwrap_or(0x7f));
            whole.extend_from_slice(long);
        }
    }
    whole.extend_from_slice(content);
    whole
}

/// Whether every length, at every depth, is written in the one form that DER allows.
#[must_use]
pub fn has_exact_lengths(bytes: &[u8]) -> bool {
    exact_lengths(bytes, DEEPEST)
}

fn exact_lengths(mut bytes: &[u8], depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    while !bytes.is_empty() {
        let Some((tag, length_bytes, Length::Known(length))) = header(bytes) else { return false };
        let shortest = match length {
            0..=0x7f => 2,
            0x80..=0xff => 3,
            0x100..=0xffff => 4,
            0x1_0000..=0xff_ffff => 5,
            _ => 6,
        };
        let Some((inner, rest)) = split(bytes) else { return false };
        let constructed = tag & 0x20 != 0;
        if length_bytes != shortest || (constructed && !exact_lengths(inner.content, depth)) {
            return false;
        }
        bytes = rest;
    }
    true
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
    fn what_is_written_is_exact() {
        for length in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000] {
            let inner = element(OCTET_STRING, &vec![7; length]);
            let whole = element(SEQUENCE, &inner);
            assert!(has_exact_lengths(&whole), "{length}");
            assert_eq!(outer(&whole), OuterLength::Exact);
            assert_eq!(first(&whole).unwrap().child(0).unwrap().content.len(), length);
        }
        for lax in [
            &[0x30, 0x81, 0x03, 0x02, 0x01, 0x05][..],
            &[0x30, 0x04, 0x02, 0x81, 0x01, 0x05],
            &[0x30, 0x80, 0x02, 0x01, 0x05, 0x00, 0x00],
        ] {
            assert!(split(lax).is_some() && !has_exact_lengths(lax), "{lax:?}");
        }
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
