//! `key-strength`

use crate::checklist::context::Context;
use crate::checklist::engine::{ReasonCode, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec};

/// The declaration of `key-strength`.
pub const SPEC: Spec = Spec {
    id: ids::KEY_STRENGTH,
    phase: ids::CREDENTIALS,
    needs: &[ids::PRIVATE_KEY],
    after: &[],
    findings: &[],
    card: include_str!("../../../checks/key-strength.toml"),
    run: Run::Offline(run),
};

fn run(_context: &Context) -> Verdict {
    Verdict::skipped(ReasonCode::Disabled, "Not part of this build.")
}
