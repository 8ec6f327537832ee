//! What a form brings: names and values, which may be secrets until somebody knows better.

use percent_encoding::percent_decode;
use zeroize::Zeroizing;

/// More than any form of this program has.
const MOST_FIELDS: usize = 32;

/// The fields of a form, or of the part of an address behind `?`.
#[derive(Clone, Default)]
pub struct Fields(Vec<(String, Zeroizing<String>)>);

impl Fields {
    /// Reads `name=value&name=value`.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let pairs = bytes.split(|byte| *byte == b'&').filter(|part| !part.is_empty());
        let pair = |part: &[u8]| {
            let at = part.iter().position(|byte| *byte == b'=').unwrap_or(part.len());
            let (name, value) = part.split_at(at);
            (decoded(name).to_string(), decoded(value.strip_prefix(b"=").unwrap_or(value)))
        };
        Self(pairs.take(MOST_FIELDS).map(pair).collect())
    }

    /// The value of the first field of this name; empty where there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(own, _)| own == name);
        found.map_or("", |(_, value)| value.as_str())
    }
}

fn decoded(bytes: &[u8]) -> Zeroizing<String> {
    let spaced: Zeroizing<Vec<u8>> =
        Zeroizing::new(bytes.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect());
    let plain: Zeroizing<Vec<u8>> = Zeroizing::new(percent_decode(&spaced).collect());
    Zeroizing::new(String::from_utf8_lossy(&plain).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_browsers_write_them() {
        let fields = Fields::read(b"a=1+2%2B&b=%C3%A4%0D%0A&empty=&bare&a=other&c=x%3Dy=z");
        assert_eq!(fields.get("a"), "1 2+");
        assert_eq!(fields.get("b"), "\u{e4}\r\n");
        assert_eq!(fields.get("c"), "x=y=z");
        for none in ["empty", "bare", "nothing"] {
            assert_eq!(fields.get(none), "");
        }
        let odd = Fields::read(b"=x&&%=%zz&%ff=%ff");
        assert_eq!(odd.get("%"), "%zz");
        let many = "x=1&".repeat(1000) + "last=1";
        assert_eq!(Fields::read(many.as_bytes()).get("last"), "");
    }
}
