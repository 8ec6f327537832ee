//! `token-exchange`

use futures_util::FutureExt as _;

use crate::checklist::context::Context;
use crate::checklist::engine::{ReasonCode, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec};

/// The declaration of `token-exchange`.
pub const SPEC: Spec = Spec {
    id: ids::TOKEN_EXCHANGE,
    phase: ids::TOKEN,
    needs: &[
        ids::ACCOUNT_ID,
        ids::CLIENT_ID,
        ids::CERTIFICATE_ID,
        ids::PRIVATE_KEY,
        ids::CONNECTION,
        ids::ACCOUNT_EXISTS,
    ],
    after: &[],
    findings: &[],
    card: include_str!("../../../checks/token-exchange.toml"),
    run: Run::Online(|context| run(context).boxed_local()),
};

async fn run(_context: &Context) -> Verdict {
    Verdict::skipped(ReasonCode::Disabled, "Not part of this build.")
}
