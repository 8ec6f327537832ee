//! Where the parts of a large JSON document stand, found without holding it in memory.
//!
//! Only what parts them is read here. What is in a part is parsed by whoever takes it, which also
//! finds what is no JSON there.

use std::collections::BTreeSet;
use std::io::{self, BufRead};
use std::ops::Range;

/// The most members beside the reports, and the longest name of one.
const MOST_MEMBERS: usize = 1_000;
const LONGEST_NAME: usize = 1_000;

/// The parts of a document that is one object.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// Every member but `reports`, by its name, with the place of its value.
    pub members: Vec<(String, Range<u64>)>,
    /// The places of the items of `reports`, where that is a list.
    pub reports: Option<Vec<Range<u64>>>,
}

/// The parts of a document cannot be told.
#[derive(Debug, thiserror::Error)]
pub(super) enum ScanError {
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is no JSON object, or breaks off.
    #[error("it is no JSON document (byte {0})")]
    Syntax(u64),
    /// A member stands twice.
    #[error("a member stands twice in it")]
    Twice,
}

/// Finds the parts.
pub(super) fn parts(from: impl BufRead) -> Result<Parts, ScanError> {
    let mut scan = Scan { from, at: 0 };
    if scan.from.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        scan.skip(3);
    }
    let mut parts = Parts::default();
    scan.expect(b'{')?;
    let mut names = BTreeSet::new();
    let mut next = scan.visible()?;
    if next == b'}' {
        scan.skip(1);
        scan.end()?;
        return Ok(parts);
    }
    loop {
        if next != b'"' || names.len() > MOST_MEMBERS {
            return Err(scan.wrong());
        }
        let name = scan.name()?;
        if !names.insert(name.clone()) {
            return Err(ScanError::Twice);
        }
        scan.expect(b':')?;
        let begins = scan.visible()?;
        if name == "reports" && begins == b'[' {
            parts.reports = Some(scan.items()?);
        } else {
            let place = scan.value()?;
            parts.members.push((name, place));
        }
        match scan.visible()? {
            b',' => scan.skip(1),
            b'}' => break scan.skip(1),
            _ => return Err(scan.wrong()),
        }
        next = scan.visible()?;
    }
    scan.end()?;
    Ok(parts)
}

struct Scan<R> {
    from: R,
    at: u64,
}

impl<R: BufRead> Scan<R> {
    fn wrong(&self) -> ScanError {
        ScanError::Syntax(self.at)
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.from.fill_buf()?.first().copied())
    }

    fn skip(&mut self, count: usize) {
        self.from.consume(count);
        self.at += count as u64;
    }

    /// The next byte that is no space; it is not taken.
    fn visible(&mut self) -> Result<u8, ScanError> {
        loop {
            match self.peek()? {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.skip(1),
                Some(byte) => return Ok(byte),
                None => return Err(self.wrong()),
            }
        }
    }

    fn expect(&mut self, wanted: u8) -> Result<(), ScanError> {
        if self.visible()? != wanted {
            return Err(self.wrong());
        }
        self.skip(1);
        Ok(())
    }

    fn end(&mut self) -> Result<(), ScanError> {
        match self.visible() {
            Err(ScanError::Syntax(_)) => Ok(()),
            Err(other) => Err(other),
            Ok(_) => Err(self.wrong()),
        }
    }

    /// The name of a member, unescaped.
    fn name(&mut self) -> Result<String, ScanError> {
        let mut bytes = Vec::new();
        let mut escaped = false;
        loop {
            let byte = self.peek()?.ok_or_else(|| self.wrong())?;
            self.skip(1);
            let first = bytes.is_empty();
            bytes.push(byte);
            match byte {
                _ if bytes.len() > LONGEST_NAME => return Err(self.wrong()),
                b'"' if !first && !escaped => break,
                byte => escaped = byte == b'\\' && !escaped,
            }
        }
        serde_json::from_slice(&bytes).map_err(|_| self.wrong())
    }

    /// The place of a value, to its last byte.
    fn value(&mut self) -> Result<Range<u64>, ScanError> {
        let start = self.at;
        let scalar = !matches!(self.visible()?, b'{' | b'[' | b'"');
        let (mut depth, mut quoted, mut escaped) = (0_u64, false, false);
        loop {
            let buffer = self.from.fill_buf()?;
            if buffer.is_empty() {
                return Err(self.wrong());
            }
            let mut taken = 0;
            let mut done = false;
            for byte in buffer {
                if scalar && matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r') {
                    done = true;
                    break;
                }
                taken += 1;
                if quoted {
                    match byte {
                        b'"' if !escaped => quoted = false,
                        byte => escaped = *byte == b'\\' && !escaped,
                    }
                } else {
                    match byte {
                        b'"' => (quoted, escaped) = (true, false),
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                }
                if !scalar && depth == 0 && !quoted {
                    done = true;
                    break;
                }
            }
            self.skip(taken);
            if done {
                return Ok(start..self.at);
            }
        }
    }

    /// The places of the items of a list.
    fn items(&mut self) -> Result<Vec<Range<u64>>, ScanError> {
        self.expect(b'[')?;
        let mut items = Vec::new();
        if self.visible()? == b']' {
            self.skip(1);
            return Ok(items);
        }
        loop {
            self.visible()?;
            items.push(self.value()?);
            match self.visible()? {
                b',' => self.skip(1),
                b']' => {
                    self.skip(1);
                    return Ok(items);
                }
                _ => return Err(self.wrong()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn found(text: &str, buffer: usize) -> Result<Parts, ScanError> {
        parts(BufReader::with_capacity(buffer, text.as_bytes()))
    }

    #[test]
    fn parts_stand_where_they_are_whatever_the_buffer() {
        let text = "\u{feff} { \"a\\\"b\" : \"x]}\\\\\" ,\n\"n\":-1.5e3,\"reports\":[ {\"c\": \
                    [\"}\", {}]} , null,[1]\n],\"t\":[\"]\"]}\r\n";
        for buffer in [3, 4, 7, 8_192] {
            let parts = found(text, buffer).unwrap();
            let at = |place: &Range<u64>| {
                text.get(place.start as usize..place.end as usize).unwrap().to_owned()
            };
            let members: Vec<_> =
                parts.members.iter().map(|(name, place)| (name.as_str(), at(place))).collect();
            assert_eq!(
                members,
                [
                    ("a\"b", "\"x]}\\\\\"".to_owned()),
                    ("n", "-1.5e3".to_owned()),
                    ("t", "[\"]\"]".to_owned())
                ]
            );
            let items: Vec<_> = parts.reports.unwrap().iter().map(at).collect();
            assert_eq!(items, ["{\"c\": [\"}\", {}]}", "null", "[1]"]);
        }
        assert_eq!(found(" {} ", 8).unwrap(), Parts::default());
        assert_eq!(found("{\"reports\": []}", 8).unwrap().reports, Some(vec![]));
        assert_eq!(found("{\"reports\": 1}", 8).unwrap().reports, None);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for wrong in [
            "",
            " ",
            "[]",
            "1",
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "{a:1}",
            "{\"a\":\"b}",
            "{} {}",
            "{\"reports\":[1",
            "{\"reports\":[1 2]}",
            "{\"reports\":[1,]}",
        ] {
            // A comma too many leaves an empty part, which whoever takes it refuses.
            if let Ok(parts) = found(wrong, 16) {
                let empty = |place: &Range<u64>| place.is_empty();
                assert!(parts.reports.unwrap_or_default().iter().any(empty), "{wrong}");
            }
        }
        assert!(matches!(found("{\"a\":1,\"\\u0061\":2}", 16), Err(ScanError::Twice)));
        assert!(matches!(found("{\"reports\":[],\"reports\":[]}", 16), Err(ScanError::Twice)));
    }
}
