//! `connection`

use futures_util::FutureExt as _;

use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, FindingId, ReasonCode, Severity, Verdict};
use crate::checklist::ids;
use crate::checklist::online::{Decision, client, fact, sentence, settle};
use crate::checklist::spec::{Run, Spec};
use crate::netsuite::http::{ProxyFault, TlsFault, TransportError};
use crate::probes::reach::{Reach, Reached, reach};

const NAME: FindingId = FindingId::new("name-not-found");
const REFUSED: FindingId = FindingId::new("refused");
const UNREACHABLE: FindingId = FindingId::new("unreachable");
const NO_CONNECTION: FindingId = FindingId::new("no-connection");
const NO_HANDSHAKE: FindingId = FindingId::new("no-handshake");
const UNTRUSTED: FindingId = FindingId::new("untrusted-issuer");
const WRONG_HOST: FindingId = FindingId::new("wrong-host-name");
const EXPIRED: FindingId = FindingId::new("certificate-not-valid-now");
const NOT_TLS: FindingId = FindingId::new("not-tls");
const HANDSHAKE: FindingId = FindingId::new("handshake-failed");
const PROXY_LOGIN: FindingId = FindingId::new("proxy-wants-login");
const PROXY_GONE: FindingId = FindingId::new("proxy-unreachable");
const PROXY_REFUSES: FindingId = FindingId::new("proxy-refuses");
const CUT: FindingId = FindingId::new("cut");
const NO_ANSWER: FindingId = FindingId::new("no-answer");
const NOT_HTTP: FindingId = FindingId::new("not-http");
const OTHER: FindingId = FindingId::new("other-fault");

/// The declaration of `connection`.
pub const SPEC: Spec = Spec {
    id: ids::CONNECTION,
    phase: ids::NETWORK,
    needs: &[ids::ACCOUNT_ID],
    after: &[],
    findings: &[
        NAME,
        REFUSED,
        UNREACHABLE,
        NO_CONNECTION,
        NO_HANDSHAKE,
        UNTRUSTED,
        WRONG_HOST,
        EXPIRED,
        NOT_TLS,
        HANDSHAKE,
        PROXY_LOGIN,
        PROXY_GONE,
        PROXY_REFUSES,
        CUT,
        NO_ANSWER,
        NOT_HTTP,
        OTHER,
    ],
    card: include_str!("../../../checks/connection.toml"),
    run: Run::Online(|context| run(context).boxed_local()),
};

async fn run(context: &Context) -> Verdict {
    settle(decide(context).await)
}

async fn decide(context: &Context) -> Decision {
    let account = fact(&context.facts.account_id, ids::ACCOUNT_ID)?;
    let reach = reach(client(context)?, account).await;
    let mut verdict = match &reach.result {
        Ok(answer) => {
            let _ = context.facts.reached.set(Reached::of(answer));
            let address = answer.peer.map_or_else(|| "unknown".to_owned(), |peer| peer.to_string());
            let issuer = answer.issuer.clone().unwrap_or_else(|| "unknown".to_owned());
            Verdict::pass(format!("{} answers over TLS.", reach.host))
                .evidence(Evidence::new("address", address))
                .evidence(Evidence::new("tls_issuer", issuer))
                .evidence(Evidence::new("http_version", answer.version.clone()))
        }
        Err(error) => faulty(&reach, error),
    };
    verdict = verdict
        .evidence(Evidence::new("host", reach.host.clone()))
        .evidence(Evidence::new("proxy", reach.proxy.as_deref().unwrap_or("none")))
        .param("host", reach.host.clone())
        .param("proxy", reach.proxy.unwrap_or_else(|| "none".to_owned()));
    Ok(verdict.http(reach.exchanges))
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
    let text = format!("{} ({}).", sentence(&error.to_string()), reach.host);
    match severity {
        Severity::Fail => Verdict::fail(finding, text),
        _ => Verdict::inconclusive(ReasonCode::NoAnswer, finding, text),
    }
}

#[cfg(test)]
mod tests;
