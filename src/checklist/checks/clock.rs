//! `clock`

use futures_util::FutureExt as _;

use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, FindingId, ReasonCode, Verdict};
use crate::checklist::ids;
use crate::checklist::online::{Decision, fact, settle};
use crate::checklist::spec::{Run, Spec};
use crate::probes::clock::{LOOK, TOO_FAR, skew};

const OFF: FindingId = FindingId::new("off");
const TOO_FAR_OFF: FindingId = FindingId::new("too-far-off");

/// The declaration of `clock`.
pub const SPEC: Spec = Spec {
    id: ids::CLOCK,
    phase: ids::NETWORK,
    needs: &[ids::CONNECTION],
    after: &[],
    findings: &[OFF, TOO_FAR_OFF],
    card: include_str!("../../../checks/clock.toml"),
    run: Run::Online(|context| run(context).boxed_local()),
};

async fn run(context: &Context) -> Verdict {
    settle(decide(context))
}

fn decide(context: &Context) -> Decision {
    let reached = fact(&context.facts.reached, ids::CONNECTION)?;
    let Some(skew) = skew(reached) else {
        let summary = "The answer carried no date, so there is nothing to compare with.";
        return Ok(Verdict::skipped(ReasonCode::NotApplicable, summary));
    };
    // Whole seconds, cut off: what is below one is within what can be measured.
    let seconds = skew.as_secs().unsigned_abs();
    let direction = if skew.is_negative() { "behind" } else { "ahead of" };
    let seen = format!("This machine's clock is {seconds} s {direction} NetSuite's.");
    let verdict = if seconds > TOO_FAR {
        Verdict::fail(TOO_FAR_OFF, seen)
    } else if seconds > LOOK {
        Verdict::warn(OFF, seen)
    } else {
        Verdict::pass("This machine's clock agrees with NetSuite's.")
    };
    let sign = if skew.is_negative() && seconds > 0 { "-" } else { "" };
    Ok(verdict
        .evidence(
            Evidence::new("skew_seconds", format!("{sign}{seconds}"))
                .expected(format!("at most {LOOK}"))
                .source("Date header"),
        )
        .evidence(Evidence::new("server_date", reached.date.clone().unwrap_or_default()))
        .param("seconds", seconds.to_string())
        .param("direction", direction))
}
