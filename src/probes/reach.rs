//! Name, TCP and TLS to the account's own host, tried with one request that needs no credential.

use jiff::Timestamp;

use crate::netsuite::http::{Answer, Client, Trace, TransportError, proxy};
use crate::netsuite::url::{AccountUrl, Hosts};
use crate::types::HttpExchange;

/// The host answered. What the answer says does not matter.
#[derive(Debug, Clone)]
pub struct Reached {
    /// When the request went out, by this machine's clock.
    pub sent: Timestamp,
    /// When the answer began to come, by this machine's clock.
    pub received: Timestamp,
    /// The `Date` header, where there was one.
    pub date: Option<String>,
}

/// What came of trying.
#[derive(Debug)]
pub struct Reach {
    /// The host tried.
    pub host: String,
    /// The proxy in between, without credentials.
    pub proxy: Option<String>,
    /// Where the setting of the proxy stands, or why there is none.
    pub proxy_from: &'static str,
    /// The way there, stage by stage, where no proxy goes it.
    pub trace: Option<Trace>,
    /// The answer, or why there is none.
    pub result: Result<Answer, TransportError>,
    /// For the report.
    pub exchanges: Vec<HttpExchange>,
}

/// Tries the account's suitetalk host, with NetSuite's public signing keys as the thing to ask for.
pub async fn reach(client: &Client, account: &dyn Hosts) -> Reach {
    let host = account.suitetalk();
    let proxied = client.options().connect_to.is_none();
    let proxy = proxied.then(|| proxy::for_url(&format!("https://{host}/"))).flatten();
    let proxy_from = match (proxied, &proxy, proxy::variable()) {
        (false, ..) => "left aside because of --connect-to",
        (_, Some(_), Some(variable)) => variable,
        (_, Some(_), None) => "the system's settings",
        (_, None, Some(_)) => "a proxy is set, and NO_PROXY exempts this host",
        (_, None, None) => "no setting",
    };
    let url = AccountUrl::keys(account);
    // At the same time, so that looking closer costs no time.
    let (call, trace) = futures_util::join!(client.knock(&url), client.trace(&url));
    Reach { host, proxy, proxy_from, trace, result: call.result, exchanges: call.exchanges }
}

impl Reached {
    /// The times of an answer.
    #[must_use]
    pub fn of(answer: &Answer) -> Self {
        Self { sent: answer.sent, received: answer.received, date: answer.date.clone() }
    }
}
