//! Name, TCP and TLS to the account's own host, tried with one request that needs no credential.

use jiff::{SignedDuration, Timestamp};

use crate::netsuite::answer::{Answer, TransportError};
use crate::netsuite::http::{Client, Trace, proxy};
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
    let (call, trace) = futures_util::join!(client.get_without_token(&url), client.trace(&url));
    Reach { host, proxy, proxy_from, trace, result: call.result, exchanges: call.exchanges }
}

impl Reached {
    /// The times of an answer.
    #[must_use]
    pub fn of(answer: &Answer) -> Self {
        Self { sent: answer.sent, received: answer.received, date: answer.date.clone() }
    }
}

// How far this machine's clock is from NetSuite's.

/// Beyond this the clock deserves a look, in seconds: a clock that is kept by the network is never
/// that far off, so this one is adrift.
pub const LOOK: u64 = 30;
/// Beyond this an assertion cannot be trusted to be accepted, in seconds: its whole lifetime.
pub const TOO_FAR: u64 = 300;

/// How far ahead of NetSuite's this machine's clock is; negative when it is behind. `None` where
/// the header cannot be read.
///
/// The server read its clock at some moment between sending and receiving, hence the middle. Its
/// header has whole seconds, cut off, hence half a second on top.
#[must_use]
pub fn skew(reached: &Reached) -> Option<SignedDuration> {
    let server = http_date(reached.date.as_deref()?)?;
    let ahead = ahead_of(server, reached.sent, reached.received)?;
    Some(ahead - SignedDuration::from_millis(500))
}

/// How far ahead of a server this machine's clock is, where the server read its own between the two
/// times given.
#[must_use]
pub fn ahead_of(server: Timestamp, sent: Timestamp, received: Timestamp) -> Option<SignedDuration> {
    let half = received.duration_since(sent) / 2;
    Some(sent.checked_add(half).ok()?.duration_since(server))
}

/// Reads `Mon, 23 Nov 2026 20:00:00 GMT` (RFC 9110, 5.6.7).
#[must_use]
pub fn http_date(text: &str) -> Option<Timestamp> {
    let zoned = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text.trim());
    zoned.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reached(sent: &str, received: &str, date: &str) -> Reached {
        Reached {
            sent: sent.parse().unwrap(),
            received: received.parse().unwrap(),
            date: Some(date.to_owned()),
        }
    }

    #[test]
    fn a_slow_answer_is_no_skew() {
        let slow = reached(
            "2026-11-23T20:00:00Z",
            "2026-11-23T20:00:09Z",
            "Mon, 23 Nov 2026 20:00:04 GMT",
        );
        assert_eq!(skew(&slow), Some(SignedDuration::ZERO));
    }

    #[test]
    fn ahead_is_positive_and_behind_negative() {
        let at = "2026-11-23T20:10:00.5Z";
        let ahead = reached(at, at, "Mon, 23 Nov 2026 20:00:00 GMT");
        assert_eq!(skew(&ahead), Some(SignedDuration::from_secs(600)));
        let behind = reached(at, at, "Mon, 23 Nov 2026 20:20:00 GMT");
        assert_eq!(skew(&behind), Some(SignedDuration::from_secs(-600)));
    }

    #[test]
    fn what_is_no_date_gives_no_skew() {
        let at = "2026-11-23T20:10:00Z";
        for text in ["", "yesterday", "0", "Mon, 99 Nov 2026 20:00:00 GMT"] {
            assert_eq!(skew(&reached(at, at, text)), None, "{text:?}");
        }
    }
}
