//! `clock`

use futures_util::FutureExt as _;

use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::session::{Decision, fact, settle};
use crate::checks::spec::{self, Run, Spec, findings};
use crate::engine::{Evidence, ReasonCode, Verdict};
use crate::oauth::assertion::LIFETIME;
use crate::probes::reach::{LOOK, TOO_FAR, skew};

findings! {
    OFF = "off",
    TOO_FAR_OFF = "too-far-off",
}

/// The declaration of `clock`.
pub const SPEC: Spec = Spec {
    id: ids::CLOCK,
    phase: spec::NETWORK,
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
mod tests {
    use super::*;
    use crate::checks::context::Inputs;
    use crate::checks::testing::online::{NOW, context_with, outcome, verdict};
    use crate::engine::Status;
    use crate::netsuite::http::{Client, HttpOptions};
    use crate::probes::reach::Reached;
    use jiff::{SignedDuration, Timestamp};

    /// A run on a machine whose clock is this many seconds ahead of NetSuite's.
    fn ahead(seconds: i64, correct_clock: bool) -> Context {
        let client = Client::new(HttpOptions::default()).unwrap();
        let context = context_with(client, Inputs { correct_clock, ..Inputs::default() });
        let now = Timestamp::from_second(NOW).unwrap();
        let server = Timestamp::from_second(NOW - seconds).unwrap();
        let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&server);
        let half = SignedDuration::from_millis(500);
        let at = now.checked_add(half).unwrap();
        let reached = Reached { sent: at, received: at, date: date.ok() };
        context.facts.reached.set(reached).unwrap();
        context
    }

    fn fact(verdict: &Verdict, key: &str) -> Option<String> {
        verdict.facts().iter().find(|fact| fact.key == key).map(|fact| fact.value.clone())
    }

    #[tokio::test]
    async fn what_it_does_to_the_assertion_is_said() {
        for (seconds, iat, exp) in [
            (600, "600 s in NetSuite's future", "900 s in NetSuite's future"),
            (-600, "600 s in NetSuite's past", "300 s in NetSuite's past"),
            (0, "at NetSuite's present", "300 s in NetSuite's future"),
        ] {
            let context = ahead(seconds, false);
            let verdict = verdict(&SPEC, &context).await;
            assert_eq!(fact(&verdict, "assertion_iat").as_deref(), Some(iat));
            assert_eq!(fact(&verdict, "assertion_exp").as_deref(), Some(exp));
            assert_eq!(fact(&verdict, "iat_correction_seconds"), None);
            assert_eq!(context.assertion_time(), (context.clock.now(), 0));
        }
    }

    #[tokio::test]
    async fn it_is_corrected_only_where_asked_for_and_the_clock_stays_wrong() {
        for seconds in [600, -600] {
            let context = ahead(seconds, true);
            let verdict = verdict(&SPEC, &context).await;
            assert_eq!(outcome(&verdict), (Status::Fail, "too-far-off"));
            assert_eq!(fact(&verdict, "iat_correction_seconds"), Some((-seconds).to_string()));
            assert_eq!(fact(&verdict, "assertion_iat").as_deref(), Some("at NetSuite's present"));
            let (time, correction) = context.assertion_time();
            assert_eq!((time.as_second(), correction), (NOW - seconds, -seconds));
        }
    }
}
