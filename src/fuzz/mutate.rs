//! Changes of inputs, the same for the same seed on every machine.

/// The longest input; what readers do with more is the work of other tests.
const LONGEST: usize = 64 * 1024;

/// Bytes that mean something to most readers.
const TOKENS: [&[u8]; 26] = [
    b"\0",
    b"\n",
    b"\r\n",
    b"\"",
    b"\\",
    b"'",
    b"{",
    b"}",
    b"[",
    b"]",
    b"<",
    b">",
    b"&#27;",
    b"\\u001b",
    b"\\u202e",
    b"\x1b[31m",
    b"\xe2\x80\xae",
    b"\xc2\x9b",
    b"\xff",
    b"-1",
    b"18446744073709551616",
    b"1e999",
    b"null",
    b"true",
    b"=",
    b"-----",
];

/// Splitmix64, which is small and known to be even.
pub(super) struct Mutator(u64);

impl Mutator {
    pub(super) fn new(reader: &str, seed: u64) -> Self {
        // FNV-1a, so that the readers do not all see the same numbers.
        let name = reader.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(name.wrapping_add(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 where there is none.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn pick<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> Option<&'a T> {
        let at = self.below(all.len());
        all.get(at).copied()
    }

    /// An input of the corpus with one to eight changes; `words` are those of the reader.
    pub(super) fn input(&mut self, corpus: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
        let all: Vec<&[u8]> = corpus.iter().map(Vec::as_slice).collect();
        let mut input = self.pick(&all).unwrap_or_default().to_vec();
        for _ in 0..=self.below(8) {
            self.change(&mut input, &all, words);
        }
        input.truncate(LONGEST);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, all: &[&[u8]], words: &[&str]) {
        let at = self.below(input.len() + 1);
        let most = if self.below(4) == 0 { input.len() + 1 } else { 9 };
        let length = self.below(most);
        let end = input.len().min(at.saturating_add(length));
        match self.below(9) {
            0 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << self.below(8);
                }
            }
            1 => {
                let byte = u8::try_from(self.below(256)).unwrap();
                input.insert(at, byte);
            }
            2 => drop(input.drain(at..end)),
            3 => {
                let part = input[at..end].to_vec();
                let to = self.below(input.len() + 1);
                input.splice(to..to, part);
            }
            4 => {
                let token = self.pick(&TOKENS).unwrap_or_default();
                input.splice(at..at, token.iter().copied());
            }
            5 => {
                let token = self.pick(&TOKENS).unwrap_or_default();
                input.splice(at..end, token.iter().copied());
            }
            6 => {
                let word = self.pick(words).unwrap_or_default();
                input.splice(at..end, word.bytes());
            }
            7 => {
                let other = self.pick(all).unwrap_or_default();
                let from = self.below(other.len() + 1);
                let to = other.len().min(from.saturating_add(self.below(200)));
                input.splice(at..at, other[from..to].iter().copied());
            }
            _ => input.truncate(at),
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_input() {
    let corpus = [b"{\"a\": 1}".to_vec(), b"[2]".to_vec()];
    let input = |seed| Mutator::new("x", seed).input(&corpus, &["a"]);
    assert_eq!(input(7), input(7));
    let different: std::collections::BTreeSet<_> = (0..100).map(input).collect();
    assert!(different.len() > 80, "{}", different.len());
}
