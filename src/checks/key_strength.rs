//! `key-strength`

use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::spec::{self, Run, Spec, findings};
use crate::credentials::strength::{Flaw, judge_private};
use crate::engine::{Evidence, FindingId, NodeKey, ReasonCode, Severity, Verdict};

findings! {
    UNREADABLE = "unreadable",
}

const FLAWS: usize = Flaw::IDS.len();

/// One finding per flaw.
const OF_FLAWS: [FindingId; FLAWS] = of_flaws();

#[expect(clippy::indexing_slicing, reason = "runs in the compiler, which checks every index")]
const fn of_flaws() -> [FindingId; FLAWS] {
    let mut all = [UNREADABLE; FLAWS];
    let mut at = 0;
    while at < FLAWS {
        all[at] = FindingId::new(Flaw::IDS[at]);
        at += 1;
    }
    all
}

/// The declaration of `key-strength`.
pub const SPEC: Spec = Spec {
    id: ids::KEY_STRENGTH,
    phase: spec::CREDENTIALS,
    needs: &[ids::PRIVATE_KEY],
    after: &[],
    findings: &[FINDINGS, &OF_FLAWS],
    run: Run::Offline(run),
};

fn run(context: &Context) -> Verdict {
    if context.inputs.private_key.is_none() {
        return Verdict::skipped(ReasonCode::NotProvided, "No private key was given.");
    }
    let Some(key) = context.facts.private_key.get() else {
        return Verdict::blocked(vec![NodeKey::of(ids::PRIVATE_KEY)]);
    };
    let Ok(judgement) = judge_private(key.pkey()) else {
        return Verdict::fail(UNREADABLE, "The private key cannot be taken apart to be judged.");
    };
    let kind = Evidence::new("kind", &judgement.description)
        .expected("RSA 3072, RSA 4096, EC P-256, EC P-384 or EC P-521");
    let passed =
        Verdict::pass(format!("{}: a kind and size NetSuite takes.", judgement.description));
    judgement
        .flaws
        .iter()
        .fold(passed, |verdict, flaw| {
            let severity = if flaw.may_work() { Severity::Warn } else { Severity::Fail };
            verdict.note(severity, FindingId::new(flaw.id()), flaw.to_string())
        })
        .evidence(kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::private_key;
    use crate::checks::testing::{context, decide, findings, fixture, key_of};
    use crate::engine::Status;

    fn judge(name: &str) -> (Status, Vec<&'static str>) {
        let context = context(|inputs| inputs.private_key = Some(key_of(fixture(name))));
        decide(&private_key::SPEC, &context);
        let verdict = decide(&SPEC, &context);
        (verdict.status(), findings(&verdict))
    }

    #[test]
    fn each_kind_of_key_gets_its_verdict() {
        for (name, status, finding) in [
            ("rsa-3072.pem", Status::Pass, None),
            ("rsa-4096.pem", Status::Pass, None),
            ("ec-p256.pem", Status::Pass, None),
            ("ec-p384.pem", Status::Pass, None),
            ("ec-p521.pem", Status::Pass, None),
            ("rsa-2048.pem", Status::Fail, Some("rsa-size")),
            ("rsa-3072-exponent-3.pem", Status::Warn, Some("exponent-small")),
            ("rsa-3072-three-primes.pem", Status::Warn, Some("multi-prime")),
            ("rsa-pss-3072.pem", Status::Warn, Some("rsa-pss-key")),
            ("ec-secp256k1.pem", Status::Fail, Some("other-curve")),
            ("ec-brainpool-p256.pem", Status::Fail, Some("other-curve")),
            ("ec-p256-explicit.pem", Status::Fail, Some("explicit-curve")),
            ("ed25519.pem", Status::Fail, Some("edwards")),
            ("x25519.pem", Status::Fail, Some("key-agreement")),
            ("dh-2048.pem", Status::Fail, Some("key-agreement")),
            ("dsa-2048.pem", Status::Fail, Some("dsa")),
        ] {
            assert_eq!(judge(name), (status, finding.into_iter().collect()), "{name}");
        }
    }

    #[test]
    fn without_a_key_nothing_is_judged() {
        let verdict = decide(&SPEC, &context(|_| ()));
        assert_eq!(verdict.reason().map(|reason| reason.code), Some(ReasonCode::NotProvided));
    }
}
