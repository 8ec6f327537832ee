//! `clock`

use futures_util::FutureExt as _;

use crate::checklist::context::Context;
use crate::checklist::engine::{ReasonCode, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec};

/// The declaration of `clock`.
pub const SPEC: Spec = Spec {
    id: ids::CLOCK,
    phase: ids::NETWORK,
    needs: &[ids::CONNECTION],
    after: &[],
    findings: &[],
    card: include_str!("../../../checks/clock.toml"),
    run: Run::Online(|context| run(context).boxed_local()),
};

async fn run(_context: &Context) -> Verdict {
    Verdict::skipped(ReasonCode::Disabled, "Not part of this build.")
}
