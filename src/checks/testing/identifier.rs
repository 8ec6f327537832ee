//! What the tests of the identifier checks share.

use futures_util::FutureExt as _;

use super::online;
use crate::checks::context::{Context, Inputs};
use crate::checks::spec::Spec;
use crate::credentials::input::{Given, Material, Origin};
use crate::engine::{Status, Verdict};
use crate::types::{Clock, Scrubber, Secret, SecretKind};

pub const CLIENT: &str = "3f1c0d9ab2e84756c1f09d3e5b7a2468ace013579bdf02468ace13579bdf0246";
pub const SECRET: &str = "a90b81c72d63e54f4e5d6c7b8a9081726354453627180918f2e3d4c5b6a79880";
/// The one that Oracle publishes with its certificate (OH/article_0209112025).
pub const PUBLISHED_ID: &str = "NPMnRyPg-WDWhPiAbisjKiH0fqnBpjOZ367wDTe0pqA";

pub fn given(value: &str, flag: &'static str) -> Option<Given<String>> {
    Some(Given { value: value.to_owned(), origin: Origin::Flag(flag) })
}

pub fn secret(bytes: &[u8]) -> Option<Material> {
    let bytes = Secret::new(SecretKind::ClientSecret, bytes);
    Some(Material { bytes, origin: Origin::File("secret.txt".into()), too_large: false })
}

pub fn context(inputs: Inputs) -> Context {
    let clock = Clock::fixed("2026-06-01T00:00:00Z".parse().unwrap());
    Context::new(inputs, clock, Scrubber::default())
}

/// Runs an offline check and holds its verdict to its card: every finding declared, every
/// placeholder filled, sentences short and fit to be shown.
pub fn held(spec: &Spec, context: &Context) -> Verdict {
    let verdict = online::verdict(spec, context).now_or_never().unwrap();
    let shown = format!("{verdict:?}");
    for text in verdict.facts().iter().map(|fact| fact.value.clone()).chain([verdict.summary()]) {
        assert!(!text.chars().any(|c| c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')));
    }
    assert!(shown.len() < 4_000, "{} bytes", shown.len());
    verdict
}

/// Status and findings, the gravest first.
pub fn judged(spec: &Spec, context: &Context) -> (Status, Vec<&'static str>) {
    let verdict = held(spec, context);
    let findings = verdict.notes_by_gravity().iter().map(|note| note.finding.as_str()).collect();
    (verdict.status(), findings)
}

/// What somebody could paste to harm a terminal or a reader.
pub fn hostile() -> Vec<String> {
    vec![
        "x".repeat(1_000_000),
        "\u{1b}[2J\u{1b}]0;title\u{7}".repeat(1000),
        "\u{202e}\u{2066}\u{200f}abc".to_owned(),
        "a\u{0}b\u{7f}c\u{9b}31m".to_owned(),
        "https://".to_owned() + &"a.".repeat(400_000),
        "_".repeat(100_000),
        "-".repeat(100_000),
        " a".repeat(400_000),
        "ａ".repeat(100_000),
        "=".repeat(1000) + ":::",
    ]
}
