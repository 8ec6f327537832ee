//! How the client is to reach NetSuite.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

use super::trust::Trust;
use crate::netsuite::recording::Recorder;
use crate::types::{Clock, Scrubber};

/// The most requests in flight that can be asked for: the account's other integrations share the
/// same limit.
pub const MOST_CONCURRENT: usize = 20;

/// The way to NetSuite and its limits.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// Dial this host and port for every NetSuite host name. Names in URLs, TLS and `Host` stay as
    /// they are; the system's proxy settings are left aside.
    pub connect_to: Option<(String, u16)>,
    /// Certificates in PEM that are trusted besides the system's.
    pub extra_ca: Option<Vec<u8>>,
    /// The TLS set-ups made so far; shared by the clients of one process.
    pub trust: Trust,
    /// Time limit of one request, from the name lookup to the last byte of the body.
    pub timeout: Duration,
    /// Time limit for lookup, connection and TLS handshake together; in effect at most three
    /// fifths of `timeout`.
    pub connect_timeout: Duration,
    /// Requests in flight at once, 1 to [`MOST_CONCURRENT`].
    pub concurrency: usize,
    /// The time, for measuring how far NetSuite's clock is off.
    pub clock: Clock,
    /// How to wait before asking again.
    pub sleep: Sleep,
    /// Where the proxy settings come from.
    pub proxy: ProxySource,
    /// Takes note of every exchange, where that is wanted.
    pub recorder: Option<Recorder>,
    /// Takes assertion and tokens out of every answer before anything reads it.
    pub scrubber: Scrubber,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            connect_to: None,
            extra_ca: None,
            trust: Trust::default(),
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            concurrency: 2,
            clock: Clock::system(),
            sleep: Sleep::default(),
            proxy: ProxySource::System,
            recorder: None,
            scrubber: Scrubber::default(),
        }
    }
}

/// Where the proxy settings come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProxySource {
    /// The environment and the system's settings.
    System,
    /// One proxy for everything, without regard to the system.
    #[cfg(test)]
    Through(String),
}

type Sleeper = dyn Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync;

/// A way to wait, injected so that tests do not.
#[derive(Clone)]
pub struct Sleep(Arc<Sleeper>);

impl Sleep {
    /// Waits in this way.
    #[must_use]
    pub fn new(
        sleeper: impl Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(sleeper))
    }

    pub(super) async fn wait(&self, time: Duration) {
        (self.0)(time).await;
    }
}

impl Default for Sleep {
    fn default() -> Self {
        Self::new(|time| Box::pin(tokio::time::sleep(time)))
    }
}

impl fmt::Debug for Sleep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sleep")
    }
}
