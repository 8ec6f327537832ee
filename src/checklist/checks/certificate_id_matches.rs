//! `certificate-id-matches`

use crate::checklist::context::Context;
use crate::checklist::engine::{ReasonCode, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec};

/// The declaration of `certificate-id-matches`.
pub const SPEC: Spec = Spec {
    id: ids::CERTIFICATE_ID_MATCHES,
    phase: ids::CREDENTIALS,
    needs: &[ids::CERTIFICATE, ids::CERTIFICATE_ID],
    after: &[ids::TOKEN_EXCHANGE],
    findings: &[],
    card: include_str!("../../../checks/certificate-id-matches.toml"),
    run: Run::Offline(run),
};

fn run(_context: &Context) -> Verdict {
    Verdict::skipped(ReasonCode::Disabled, "Not part of this build.")
}
