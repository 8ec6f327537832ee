//! `clock`

use futures_util::FutureExt as _;

use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, ReasonCode, Verdict};
use crate::checklist::ids;
use crate::checklist::online::{Decision, fact, settle};
use crate::checklist::spec::{Run, Spec, findings};
use crate::oauth::assertion::LIFETIME;
use crate::probes::reach::{LOOK, TOO_FAR, skew};

findings! {
    OFF = "off",
    TOO_FAR_OFF = "too-far-off",
}

/// The declaration of `clock`.
pub const SPEC: Spec = Spec {
    id: ids::CLOCK,
    phase: ids::NETWORK,
    needs: &[ids::CONNECTION],
    after: &[],
    findings: &[FINDINGS],
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
    let _ = context.facts.skew.set(skew);
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
    Ok(effect(verdict, context, skew.as_secs())
        .evidence(
            Evidence::new("skew_seconds", format!("{sign}{seconds}"))
                .expected(format!("at most {LOOK}"))
                .source("Date header"),
        )
        .evidence(Evidence::new("server_date", reached.date.clone().unwrap_or_default()))
        .param("seconds", seconds.to_string())
        .param("direction", direction))
}

/// What the difference does to an assertion: the times in it as NetSuite's clock sees them.
fn effect(verdict: Verdict, context: &Context, skew: i64) -> Verdict {
    let seen = |offset: i64| match offset {
        0 => "at NetSuite's present".to_owned(),
        1.. => format!("{offset} s in NetSuite's future"),
        _ => format!("{} s in NetSuite's past", offset.unsigned_abs()),
    };
    let (_, correction) = context.assertion_time();
    let offset = skew + correction;
    let verdict = verdict
        .evidence(Evidence::new("assertion_iat", seen(offset)).expected(seen(0)))
        .evidence(Evidence::new("assertion_exp", seen(offset + LIFETIME)).expected(seen(LIFETIME)));
    if context.inputs.correct_clock {
        let corrected = Evidence::new("iat_correction_seconds", correction.to_string());
        verdict.evidence(corrected.source("--correct-clock"))
    } else {
        verdict
    }
}

#[cfg(test)]
mod tests;
