//! `private-key`

use crate::checklist::context::Context;
use crate::checklist::engine::{ReasonCode, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec};

/// The declaration of `private-key`.
pub const SPEC: Spec = Spec {
    id: ids::PRIVATE_KEY,
    phase: ids::CREDENTIALS,
    needs: &[],
    after: &[],
    findings: &[],
    card: include_str!("../../../checks/private-key.toml"),
    run: Run::Offline(run),
};

fn run(_context: &Context) -> Verdict {
    Verdict::skipped(ReasonCode::Disabled, "Not part of this build.")
}
