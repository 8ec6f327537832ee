use super::*;
use crate::checklist::checks::clock;
use crate::checklist::engine::Status;
use crate::checklist::online::testing::{context, outcome, verdict};
use crate::netsuite::double::{Double, Greeting, Reply};
use crate::netsuite::http::{Client, HttpOptions};

async fn met(greeting: Greeting) -> Verdict {
    let double = Double::greeting(greeting);
    verdict(&SPEC, &context(double.hasty_client())).await
}

fn dated(status: u16, date: &'static str) -> Double {
    Double::serving(move |_| Reply::json(status, "{}").header("date", date))
}

#[tokio::test]
async fn any_answer_proves_the_way_and_tells_about_it() {
    for status in [200, 404, 500] {
        let double = dated(status, "Mon, 23 Nov 2026 20:00:00 GMT");
        let context = context(double.client());
        let verdict = verdict(&SPEC, &context).await;
        assert_eq!(verdict.status(), Status::Pass);
        let shown: Vec<&str> = verdict.facts().iter().map(|fact| fact.key).collect();
        let way = ["name_lookup", "tcp_connect", "tls_handshake", "tls_issuer"];
        let expected = [&["address", "http_version"], &way[..], &["host", "proxy"]].concat();
        assert_eq!(shown, expected);
        let [seen] = double.seen().try_into().unwrap();
        assert_eq!(seen.path, "/services/rest/auth/oauth2/v1/keys");
        assert_eq!(seen.header("authorization"), None);
    }
}

#[tokio::test]
async fn each_obstacle_has_its_own_guidance() {
    assert_eq!(outcome(&met(Greeting::Silent).await), (Status::Fail, "no-handshake"));
    assert_eq!(outcome(&met(Greeting::WrongHost).await), (Status::Fail, "wrong-host-name"));
    let expired = met(Greeting::Expired).await;
    assert_eq!(outcome(&expired), (Status::Fail, "certificate-not-valid-now"));
    assert_eq!(outcome(&met(Greeting::Plain).await), (Status::Fail, "not-tls"));
}

fn fact<'a>(verdict: &'a Verdict, key: &str) -> Option<&'a str> {
    verdict.facts().iter().find(|fact| fact.key == key).map(|fact| fact.value.as_str())
}

#[tokio::test]
async fn who_issued_the_certificate_is_said_where_it_is_not_trusted() {
    for greeting in [Greeting::Expired, Greeting::WrongHost] {
        // With time enough for the second look on a busy machine.
        let double = Double::greeting(greeting);
        let verdict = verdict(&SPEC, &context(double.client())).await;
        assert_eq!(fact(&verdict, "tls_issuer"), Some("CN=Test authority"));
        assert_eq!(fact(&verdict, "name_lookup"), Some("127.0.0.1"));
        assert!(fact(&verdict, "tls_handshake").unwrap().ends_with("CN=Double"));
    }
    let double = Double::greeting(Greeting::Tls);
    let options = HttpOptions { extra_ca: None, ..double.options() };
    let verdict = verdict(&SPEC, &context(Client::new(options).unwrap())).await;
    assert_eq!(outcome(&verdict), (Status::Fail, "untrusted-issuer"));
    assert!(verdict.params().contains(&("issuer", "CN=Test authority".to_owned())));
    assert!(double.seen().is_empty(), "nothing is sent over an untrusted connection");
}

#[tokio::test]
async fn a_stage_that_fails_is_the_last_one() {
    let verdict = met(Greeting::Silent).await;
    assert!(fact(&verdict, "tls_handshake").unwrap().starts_with("failed: nothing within"));
    assert_eq!(fact(&verdict, "tls_issuer"), None);
}

#[tokio::test]
async fn an_answer_that_is_not_netsuites_is_named() {
    let redirect = Reply::json(302, "").header("location", "https://login.example/x");
    for (reply, expected) in [
        (Reply::new(200, "text/html", "<html>Sign in"), "captive-page"),
        (Reply::new(503, "text/html", "<html>Soon"), "maintenance"),
        (Reply::json(407, "{}"), "login-on-the-way"),
        (redirect, "redirected"),
    ] {
        let double = Double::serving(move |_| reply.clone());
        let verdict = verdict(&SPEC, &context(double.client())).await;
        assert_eq!(outcome(&verdict), (Status::Warn, expected));
    }
}

#[tokio::test]
async fn what_comes_after_the_handshake_leaves_it_open() {
    for (reply, expected) in
        [(Reply::Cut, "cut"), (Reply::Garbage, "not-http"), (Reply::Truncated, "not-http")]
    {
        let double = Double::serving(move |_| reply.clone());
        let verdict = verdict(&SPEC, &context(double.client())).await;
        assert_eq!(outcome(&verdict), (Status::Inconclusive, expected));
    }
    let double = Double::serving(|_| Reply::Silent);
    let verdict = verdict(&SPEC, &context(double.hasty_client())).await;
    assert_eq!(outcome(&verdict), (Status::Inconclusive, "no-answer"));
}

#[tokio::test]
async fn the_clock_is_judged_by_the_same_answer() {
    for (date, expected) in [
        ("Mon, 23 Nov 2026 20:00:00 GMT", (Status::Pass, "")),
        ("Mon, 23 Nov 2026 19:59:31 GMT", (Status::Pass, "")),
        ("Mon, 23 Nov 2026 19:59:00 GMT", (Status::Warn, "off")),
        ("Mon, 23 Nov 2026 20:05:00 GMT", (Status::Warn, "off")),
        ("Mon, 23 Nov 2026 20:06:00 GMT", (Status::Fail, "too-far-off")),
        ("Mon, 23 Nov 2026 19:00:00 GMT", (Status::Fail, "too-far-off")),
        ("no date at all", (Status::Skipped, "")),
    ] {
        let double = dated(200, date);
        let context = context(double.client());
        verdict(&SPEC, &context).await;
        assert_eq!(outcome(&verdict(&clock::SPEC, &context).await), expected, "{date}");
        assert_eq!(double.seen().len(), 1, "the clock needs no request of its own");
    }
}

#[tokio::test]
async fn the_direction_of_the_clock_is_told() {
    let double = dated(200, "Mon, 23 Nov 2026 20:10:00 GMT");
    let context = context(double.client());
    verdict(&SPEC, &context).await;
    let clock = verdict(&clock::SPEC, &context).await;
    assert_eq!(clock.summary(), "This machine's clock is 600 s behind NetSuite's.");
}
