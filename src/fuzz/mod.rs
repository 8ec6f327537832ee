//! Fuzzing of every reader: inputs of `fixtures/fuzz/<reader>/`, changed at random, must not break
//! it. The target of a reader stands with its tests.
//!
//! Without more a run is short and always the same. `NETSUITE_PREFLIGHT_FUZZ_SECONDS` makes the
//! targets go on for that long, all together; `NETSUITE_PREFLIGHT_FUZZ_SEED` shifts the numbers, or
//! repeats a case that failed.

mod answers;
mod documents;
mod identifiers;
mod keys;
mod mutate;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::types::plain::is_plain;
use mutate::Mutator;

/// How many targets share the time.
const TARGETS: u64 = 19;
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
pub(crate) fn told(error: &impl std::fmt::Display) {
    let text = error.to_string();
    assert!(!text.trim().is_empty(), "an error without a word");
    assert!(is_plain(&text), "control characters in an error: {text:?}");
    assert!(text.len() < 20_000, "an error without end");
}
