//! Fuzzing of every reader: inputs of `fixtures/fuzz/<reader>/`, changed at random, must not break
//! it. The target of a reader stands in `targets` or with its tests.
//!
//! Without more a run is short and always the same. `NETSUITE_PREFLIGHT_FUZZ_SECONDS` makes the
//! targets go on for that long, all together; `NETSUITE_PREFLIGHT_FUZZ_SEED` shifts the numbers, or
//! repeats a case that failed.

mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::types::plain::is_plain;

/// How many targets share the time.
const TARGETS: u64 = 23;
/// Cases of a short run, and how many of them at least in a long one.
const CASES: u64 = 500;
/// The longest that one case may take, on a slow machine without optimisation.
const SLOWEST: Duration = Duration::from_secs(20);

/// Gives the reader each input of its corpus, and then changed ones.
pub(crate) fn run(reader: &str, words: &[&str], read: impl Fn(&[u8])) {
    let corpus = corpus(reader);
    assert!(!corpus.is_empty(), "fixtures/fuzz/{reader} is empty");
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seconds = number("NETSUITE_PREFLIGHT_FUZZ_SECONDS");
    let time = seconds.map(|all| Duration::from_secs(all) / u32::try_from(TARGETS).unwrap());
    let base = number("NETSUITE_PREFLIGHT_FUZZ_SEED").unwrap_or_default();
    for input in &corpus {
        case(reader, None, input, &read);
    }
    let began = Instant::now();
    let mut done = 0;
    while done < CASES || time.is_some_and(|time| began.elapsed() < time) {
        let seed = base.wrapping_add(done);
        let input = Mutator::new(reader, seed).input(&corpus, words);
        case(reader, Some(seed), &input, &read);
        done += 1;
        if time.is_some_and(|time| began.elapsed() >= time) {
            break;
        }
    }
    println!("fuzz {reader}: {done} cases in {:.1} s", began.elapsed().as_secs_f64());
}

fn case(reader: &str, seed: Option<u64>, input: &[u8], read: &impl Fn(&[u8])) {
    let began = Instant::now();
    let result = catch_unwind(AssertUnwindSafe(|| read(input)));
    let slow = began.elapsed() > SLOWEST;
    if result.is_ok() && !slow {
        return;
    }
    let seed =
        seed.map_or_else(|| "an input of the corpus".to_owned(), |seed| format!("seed {seed}"));
    println!("fuzz {reader}: {seed}, {} bytes: {}", input.len(), input.escape_ascii());
    println!("NETSUITE_PREFLIGHT_FUZZ_SEED=N begins with the case of that seed");
    match result {
        Err(panic) => resume_unwind(panic),
        Ok(()) => panic!("the case took {:?}", began.elapsed()),
    }
}

fn corpus(reader: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fuzz").join(reader);
    let mut paths: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// What an error says has to be something, and fit for a terminal.
#[track_caller]
pub(crate) fn check_message(error: &impl std::fmt::Display) {
    let text = error.to_string();
    assert!(!text.trim().is_empty(), "an error without a word");
    assert!(is_plain(&text), "control characters in an error: {text:?}");
    assert!(text.len() < 20_000, "an error without end");
}

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
struct Mutator(u64);

impl Mutator {
    fn new(reader: &str, seed: u64) -> Self {
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
    fn input(&mut self, corpus: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
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
fn the_time_is_shared_by_all_targets() {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fuzz");
    let folders = std::fs::read_dir(folders).unwrap().map(|entry| entry.unwrap().path());
    assert_eq!(u64::try_from(folders.filter(|path| path.is_dir()).count()).unwrap(), TARGETS);
}

#[test]
fn the_same_seed_gives_the_same_input() {
    let corpus = [b"{\"a\": 1}".to_vec(), b"[2]".to_vec()];
    let input = |seed| Mutator::new("x", seed).input(&corpus, &["a"]);
    assert_eq!(input(7), input(7));
    let different: std::collections::BTreeSet<_> = (0..100).map(input).collect();
    assert!(different.len() > 80, "{}", different.len());
}
