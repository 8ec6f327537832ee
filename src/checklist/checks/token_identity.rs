//! `token-identity`

use futures_util::FutureExt as _;

use crate::checklist::context::Context;
use crate::checklist::engine::{ReasonCode, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec};

/// The declaration of `token-identity`.
pub const SPEC: Spec = Spec {
    id: ids::TOKEN_IDENTITY,
    phase: ids::TOKEN,
    needs: &[ids::TOKEN_EXCHANGE],
    after: &[],
    findings: &[],
    card: include_str!("../../../checks/token-identity.toml"),
    run: Run::Online(|context| run(context).boxed_local()),
};

async fn run(_context: &Context) -> Verdict {
    Verdict::skipped(ReasonCode::Disabled, "Not part of this build.")
}
