//! What the tests of the certificate checks share.

use std::sync::OnceLock;

use openssl::pkey::{PKey, Private};

use crate::checks::context::{Context, Inputs};
use crate::credentials::Certificate;
use crate::credentials::certificate::samples;
use crate::credentials::input::{Material, Origin};
use crate::engine::Verdict;
use crate::types::{Clock, Scrubber, Secret, SecretKind};

/// Bytes as if read from a file.
pub fn material(bytes: &[u8]) -> Material {
    Material {
        bytes: Secret::new(SecretKind::PrivateKey, bytes),
        origin: Origin::File("given.pem".into()),
        too_large: false,
    }
}

/// A context at `now` in which `certificate` was established.
pub fn context(certificate: Option<Certificate>, now: &str) -> Context {
    let given = certificate.as_ref().map(|_| material(b"established"));
    let inputs = Inputs { certificate: given, ..Inputs::default() };
    let clock = Clock::fixed(now.parse().unwrap());
    let context = Context::new(inputs, clock, Scrubber::default());
    if let Some(certificate) = certificate {
        let _ = context.facts.certificate.set(certificate);
    }
    context
}

/// The findings of a verdict, the gravest first.
pub fn findings(verdict: &Verdict) -> Vec<&'static str> {
    verdict.notes_by_gravity().iter().map(|note| note.finding.as_str()).collect()
}

/// One RSA key of 2048 bits for all tests, because making one takes its time.
pub fn rsa() -> PKey<Private> {
    static KEY: OnceLock<PKey<Private>> = OnceLock::new();
    KEY.get_or_init(|| samples::rsa(2048)).clone()
}
