use super::*;
use crate::checklist::context::Inputs;
use crate::checklist::engine::Status;
use crate::checklist::online::testing::{NOW, context_with, outcome, verdict};
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
