//! What the tests of offline checks share.

pub mod certificate;
pub mod identifier;
pub mod inside;
pub mod online;
mod placeholders;

use std::path::PathBuf;

use jiff::Timestamp;

use crate::checks::context::{Context, Inputs};
use crate::checks::spec::{Run, Spec};
use crate::credentials::input::{LIMIT, Material, Origin};
use crate::engine::Verdict;
use crate::types::{Clock, Scrubber, Secret, SecretKind};

/// The path of a fixture key.
pub fn fixture_path(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys")).join(name)
}

/// The bytes of a fixture key.
pub fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(fixture_path(name)).unwrap()
}

/// Bytes given on standard input as a private key.
pub fn key_of(bytes: impl Into<Vec<u8>>) -> Material {
    material(bytes, SecretKind::PrivateKey)
}

/// Bytes given on standard input.
pub fn material(bytes: impl Into<Vec<u8>>, kind: SecretKind) -> Material {
    let bytes = bytes.into();
    let too_large = bytes.len() > LIMIT;
    Material { bytes: Secret::new(kind, bytes), origin: Origin::Stdin, too_large }
}

/// A context over what `fill` puts in.
pub fn context(fill: impl FnOnce(&mut Inputs)) -> Context {
    let mut inputs = Inputs::default();
    fill(&mut inputs);
    Context::new(inputs, Clock::fixed(Timestamp::UNIX_EPOCH), Scrubber::default())
}

/// Runs a check that needs no network.
pub fn decide(spec: &Spec, context: &Context) -> Verdict {
    let Run::Offline(run) = spec.run else { panic!("{} is no offline check", spec.id) };
    let verdict = run(context);
    assert!(!verdict.summary().is_empty(), "{} says nothing", spec.id);
    for note in verdict.notes_by_gravity() {
        assert!(!note.text.is_empty(), "{}: {}", spec.id, note.finding.as_str());
        assert!(
            spec.findings().any(|finding| finding == note.finding),
            "{}: {}",
            spec.id,
            note.finding.as_str()
        );
    }
    verdict
}

/// The ids of what a verdict found, the gravest first.
pub fn findings(verdict: &Verdict) -> Vec<&'static str> {
    verdict.notes_by_gravity().iter().map(|note| note.finding.as_str()).collect()
}
