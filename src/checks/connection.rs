//! `connection`

use std::net::SocketAddr;

use futures_util::FutureExt as _;
use jiff::Timestamp;

use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::session::{Decision, client, hosts, sentence, settle};
use crate::checks::spec::{self, Run, Spec, findings};
use crate::engine::{Evidence, ReasonCode, Severity, Verdict};
use crate::netsuite::answer::{Answer, ProxyFault, TlsFault, TransportError};
use crate::netsuite::http::{ShownCertificate, TraceStep};
use crate::probes::reach::{Reach, Reached, reach};

findings! {
    NAME = "name-not-found",
    REFUSED = "refused",
    UNREACHABLE = "unreachable",
    NO_CONNECTION = "no-connection",
    NO_HANDSHAKE = "no-handshake",
    UNTRUSTED = "untrusted-issuer",
    WRONG_HOST = "wrong-host-name",
    EXPIRED = "certificate-not-valid-now",
    NOT_YET = "certificate-not-valid-yet",
    REVOKED = "server-certificate-revoked",
    BAD = "server-certificate-unusable",
    OLD_TLS = "old-tls",
    NOT_TLS = "not-tls",
    HANDSHAKE = "handshake-failed",
    PROXY_LOGIN = "proxy-wants-login",
    PROXY_GONE = "proxy-unreachable",
    PROXY_REFUSES = "proxy-refuses",
    CUT = "cut",
    NO_ANSWER = "no-answer",
    NOT_HTTP = "not-http",
    OTHER = "other-fault",
    PAGE = "captive-page",
    MAINTENANCE = "maintenance",
    REDIRECTED = "redirected",
    LOGIN = "login-on-the-way",
}

/// The declaration of `connection`.
pub const SPEC: Spec = Spec {
    id: ids::CONNECTION,
    phase: spec::NETWORK,
    needs: &[ids::ACCOUNT_ID],
    after: &[ids::ACCOUNT_EXISTS],
    findings: &[FINDINGS],
    run: Run::Online(|context| run(context).boxed_local()),
};

async fn run(context: &Context) -> Verdict {
    settle(decide(context).await)
}

async fn decide(context: &Context) -> Decision {
    let account = hosts(context)?;
    let reach = reach(client(context)?, account).await;
    let mut verdict = match &reach.result {
        Ok(answer) => {
            let _ = context.facts.reached.set(Reached::of(answer));
            let address = answer.peer.map_or_else(|| "unknown".to_owned(), |peer| peer.to_string());
            answered(&reach.host, answer)
                .evidence(Evidence::new("address", address))
                .evidence(Evidence::new("http_version", answer.version.clone()))
        }
        Err(error) => faulty(&reach, error),
    };
    let ends = shown(&reach).and_then(|shown| shown.ends);
    if let Some(ends) = ends.filter(|_| reach.result.is_err()) {
        verdict = verdict.evidence(Evidence::new("tls_certificate_ends", in_utc(ends)));
    }
    let issuer = reach.result.as_ref().ok().and_then(|answer| answer.issuer.clone());
    let issuer = issuer.or_else(|| shown(&reach).map(|shown| shown.issuer.clone()));
    verdict = stages(verdict, &reach);
    if let Some(issuer) = &issuer {
        verdict = verdict.evidence(Evidence::new("tls_issuer", issuer.clone()));
    }
    let proxy = reach.proxy.as_deref().unwrap_or("none");
    verdict = verdict
        .evidence(Evidence::new("host", reach.host.clone()))
        .evidence(Evidence::new("proxy", proxy).source(reach.proxy_from))
        .param("issuer", issuer.unwrap_or_else(|| "an issuer that could not be seen".to_owned()))
        .param("proxy_from", reach.proxy_from)
        .param("host", reach.host.clone())
        .param("proxy", reach.proxy.unwrap_or_else(|| "none".to_owned()));
    Ok(verdict.http(reach.exchanges))
}

/// Name, connection and handshake succeeded. An answer that NetSuite's own keys never look like
/// shows that somebody else gives it, which other checks will feel.
fn answered(host: &str, answer: &Answer) -> Verdict {
    let text = |what: &str| format!("{host} answers over TLS, with {what}.");
    match answer.status {
        200 if answer.is_html() => {
            Verdict::warn(PAGE, text("an HTML page where NetSuite gives its keys"))
        }
        503 => Verdict::warn(MAINTENANCE, text("503: out of service for now")),
        407 => Verdict::warn(LOGIN, text("407: a proxy on the way wants a login")),
        300..=399 => {
            let to = answer.redirect_host.as_deref().unwrap_or("no host that can be read");
            let what = format!("a redirect to {to}, which was not followed");
            Verdict::warn(REDIRECTED, text(&what)).param("redirect_host", to)
        }
        _ => Verdict::pass(format!("{host} answers over TLS.")),
    }
}

fn in_utc(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn shown(reach: &Reach) -> Option<&ShownCertificate> {
    reach.trace.as_ref()?.tls.as_ref()?.result.as_ref().ok()
}

/// Name, TCP and TLS, each with what it gave and how long it took.
fn stages(mut verdict: Verdict, reach: &Reach) -> Verdict {
    let Some(trace) = &reach.trace else { return verdict };
    let list = |found: &Vec<SocketAddr>| {
        let all: Vec<String> = found.iter().map(|address| address.ip().to_string()).collect();
        all.join(", ")
    };
    verdict = verdict.evidence(stage("name_lookup", &trace.lookup, list));
    if let Some(tcp) = &trace.tcp {
        verdict = verdict.evidence(stage("tcp_connect", tcp, SocketAddr::to_string));
    }
    if let Some(tls) = &trace.tls {
        let words = |shown: &ShownCertificate| {
            format!("{}, certificate of {}", shown.version, shown.subject)
        };
        verdict = verdict.evidence(stage("tls_handshake", tls, words));
    }
    verdict
}

fn stage<T>(key: &'static str, stage: &TraceStep<T>, words: impl Fn(&T) -> String) -> Evidence {
    let value = match &stage.result {
        Ok(found) => words(found),
        Err(why) => format!("failed: {why}"),
    };
    Evidence::new(key, value).source(format!("{} ms", stage.took.as_millis()))
}

/// Name, connection and handshake are what this check decides; what comes after the handshake only
/// leaves it open.
fn faulty(reach: &Reach, error: &TransportError) -> Verdict {
    let (severity, finding) = match error {
        TransportError::Dns { .. } => (Severity::Fail, NAME),
        TransportError::Refused => (Severity::Fail, REFUSED),
        TransportError::Unreachable => (Severity::Fail, UNREACHABLE),
        TransportError::ConnectTimeout => (Severity::Fail, NO_CONNECTION),
        TransportError::NoHandshake => (Severity::Fail, NO_HANDSHAKE),
        TransportError::Tls(TlsFault::UntrustedIssuer) => (Severity::Fail, UNTRUSTED),
        TransportError::Tls(TlsFault::WrongHost) => (Severity::Fail, WRONG_HOST),
        TransportError::Tls(TlsFault::Expired) => (Severity::Fail, EXPIRED),
        TransportError::Tls(TlsFault::NotYetValid) => (Severity::Fail, NOT_YET),
        TransportError::Tls(TlsFault::Revoked) => (Severity::Fail, REVOKED),
        TransportError::Tls(TlsFault::BadCertificate(_)) => (Severity::Fail, BAD),
        TransportError::Tls(TlsFault::OldProtocol) => (Severity::Fail, OLD_TLS),
        TransportError::Tls(TlsFault::NotTls) => (Severity::Fail, NOT_TLS),
        TransportError::Tls(TlsFault::Closed | TlsFault::Protocol(_)) => {
            (Severity::Fail, HANDSHAKE)
        }
        TransportError::Proxy(ProxyFault::AuthenticationRequired) => (Severity::Fail, PROXY_LOGIN),
        TransportError::Proxy(ProxyFault::Unreachable) => (Severity::Fail, PROXY_GONE),
        TransportError::Proxy(ProxyFault::Refused) => (Severity::Fail, PROXY_REFUSES),
        TransportError::Reset => (Severity::Open, CUT),
        TransportError::TimedOut { .. } => (Severity::Open, NO_ANSWER),
        TransportError::Truncated | TransportError::TooLarge { .. } | TransportError::Protocol => {
            (Severity::Open, NOT_HTTP)
        }
        TransportError::Other(_) => (Severity::Open, OTHER),
    };
    let mut text = format!("{} ({}).", sentence(&error.to_string()), reach.host);
    let ended = shown(reach).and_then(|shown| shown.ends).filter(|_| finding == EXPIRED);
    if let Some(ended) = ended {
        text = format!("{text} It ended on {}.", in_utc(ended));
    }
    match severity {
        Severity::Fail => Verdict::fail(finding, text),
        _ => Verdict::inconclusive(ReasonCode::NoAnswer, finding, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::clock;
    use crate::checks::testing::online::{context, outcome, verdict};
    use crate::engine::Status;
    use crate::netsuite::double::{Behaviour, Double, Greeting};
    use crate::netsuite::http::{Client, HttpOptions};

    async fn met(greeting: Greeting) -> Verdict {
        let double = Double::greeting(greeting);
        verdict(&SPEC, &context(double.hasty_client())).await
    }

    fn dated(status: u16, date: &'static str) -> Double {
        Double::serving(move |_| Behaviour::json(status, "{}").header("date", date))
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
            assert_eq!(fact(&verdict, "tls_issuer"), Some("CN=Emulated NetSuite CA"));
            assert_eq!(fact(&verdict, "name_lookup"), Some("127.0.0.1"));
            assert!(fact(&verdict, "tls_handshake").unwrap().ends_with("CN=emulated NetSuite"));
        }
        let double = Double::greeting(Greeting::Tls);
        let options = HttpOptions { extra_ca: None, ..double.options() };
        let verdict = verdict(&SPEC, &context(Client::new(options).unwrap())).await;
        assert_eq!(outcome(&verdict), (Status::Fail, "untrusted-issuer"));
        assert!(verdict.params().contains(&("issuer", "CN=Emulated NetSuite CA".to_owned())));
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
        let redirect = Behaviour::json(302, "").header("location", "https://login.example/x");
        for (reply, expected) in [
            (Behaviour::new(200, "text/html", "<html>Sign in"), "captive-page"),
            (Behaviour::new(503, "text/html", "<html>Soon"), "maintenance"),
            (Behaviour::json(407, "{}"), "login-on-the-way"),
            (redirect, "redirected"),
        ] {
            let double = Double::serving(move |_| reply.clone());
            let verdict = verdict(&SPEC, &context(double.client())).await;
            assert_eq!(outcome(&verdict), (Status::Warn, expected));
        }
    }

    #[tokio::test]
    async fn what_comes_after_the_handshake_leaves_it_open() {
        for (reply, expected) in [
            (Behaviour::Cut, "cut"),
            (Behaviour::Garbage, "not-http"),
            (Behaviour::Truncated, "not-http"),
        ] {
            let double = Double::serving(move |_| reply.clone());
            let verdict = verdict(&SPEC, &context(double.client())).await;
            assert_eq!(outcome(&verdict), (Status::Inconclusive, expected));
        }
        let double = Double::serving(|_| Behaviour::Silent);
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
}
