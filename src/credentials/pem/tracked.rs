//! Text that remembers which byte of the input each of its bytes came from.

use zeroize::Zeroizing;

use super::repair::{Place, Repair, RepairKind};

/// Text with the origin of every byte. It may be a private key, hence zeroised.
#[derive(Clone, Default)]
pub(super) struct Tracked {
    text: Zeroizing<String>,
    origin: Vec<u32>,
}

impl Tracked {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self {
            text: Zeroizing::new(String::with_capacity(bytes)),
            origin: Vec::with_capacity(bytes),
        }
    }

    pub(super) fn push(&mut self, c: char, at: usize) {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        self.text.push(c);
        self.origin.extend(std::iter::repeat_n(at, c.len_utf8()));
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The byte of the input from which the byte at `index` came.
    pub(super) fn origin(&self, index: usize) -> usize {
        let at = self.origin.get(index).or(self.origin.last());
        at.map_or(0, |at| usize::try_from(*at).unwrap_or(usize::MAX))
    }

    /// Characters with the byte of the input from which they came.
    pub(super) fn chars(&self) -> impl Iterator<Item = (char, usize)> {
        self.text.char_indices().map(|(index, c)| (c, self.origin(index)))
    }

    /// The same text with pieces replaced. `replace` sees the rest of the text at each character
    /// and answers with how many bytes to take and what to put in their place.
    pub(super) fn rewrite(
        &self,
        mut replace: impl FnMut(&str) -> Option<(usize, Option<char>)>,
        mut seen: impl FnMut(usize),
    ) -> Self {
        let mut result = Self::with_capacity(self.text.len());
        let mut index = 0;
        while let Some(rest) = self.text.get(index..) {
            let Some(c) = rest.chars().next() else { break };
            match replace(rest) {
                Some((taken, put)) => {
                    seen(self.origin(index));
                    if let Some(put) = put {
                        result.push(put, self.origin(index));
                    }
                    index += taken.max(1);
                }
                None => {
                    result.push(c, self.origin(index));
                    index += c.len_utf8();
                }
            }
        }
        result
    }
}

/// Collects repairs, one per kind, and knows where the lines of the input begin.
#[derive(Clone, Default)]
pub(super) struct Log {
    line_starts: Vec<usize>,
    repairs: Vec<Repair>,
}

impl Log {
    /// `line_starts` holds the byte after each line break, in order.
    pub(super) fn new(line_starts: Vec<usize>) -> Self {
        Self { line_starts, repairs: Vec::new() }
    }

    pub(super) fn place(&self, byte: usize) -> Place {
        let line = self.line_starts.partition_point(|start| *start <= byte) + 1;
        Place { line, byte: byte + 1 }
    }

    /// Notes one more occurrence of a kind of damage.
    pub(super) fn add(&mut self, kind: RepairKind, byte: usize) {
        match self.repairs.iter_mut().find(|repair| repair.kind == kind) {
            Some(repair) => repair.count += 1,
            None => {
                let place = self.place(byte);
                self.repairs.push(Repair { kind, place, count: 1 });
            }
        }
    }

    /// Notes a kind of damage once, however often it occurs.
    pub(super) fn once(&mut self, kind: RepairKind, byte: usize) {
        if !self.has(kind) {
            self.add(kind, byte);
        }
    }

    pub(super) fn has(&self, kind: RepairKind) -> bool {
        self.repairs.iter().any(|repair| repair.kind == kind)
    }

    /// Takes over what was found inside, where positions have another meaning.
    pub(super) fn adopt(&mut self, inner: Vec<Repair>) {
        for repair in inner {
            if !self.has(repair.kind) {
                self.repairs.push(repair);
            }
        }
    }

    pub(super) fn finish(self) -> Vec<Repair> {
        self.repairs
    }
}
