//! `record-access`

use futures_util::FutureExt as _;

use crate::checklist::context::Context;
use crate::checklist::engine::{ReasonCode, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec};
use crate::types::RecordRequest;

/// The declaration of `record-access`.
pub const SPEC: Spec = Spec {
    id: ids::RECORD_ACCESS,
    phase: ids::RECORDS,
    needs: &[ids::REST_SERVICE],
    after: &[],
    findings: &[],
    card: include_str!("../../../checks/record-access.toml"),
    run: Run::PerRecord(|context, request| run(context, request).boxed_local()),
};

async fn run(_context: &Context, _request: &RecordRequest) -> Verdict {
    Verdict::skipped(ReasonCode::Disabled, "Not part of this build.")
}
