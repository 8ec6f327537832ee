//! How the client is to reach NetSuite.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use openssl::x509::X509;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};

use super::ClientError;
use super::budget::Budget;
use super::replayed::Replayed;
use super::waiting::Waiting;
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
    /// The file that these came from, as it was given.
    pub extra_ca_file: Option<PathBuf>,
    /// The TLS set-ups made so far; shared by the clients of one process.
    pub trust: Trust,
    /// Time limit of one request, from the name lookup to the last byte of the body.
    pub timeout: Duration,
    /// Time limit for lookup, connection and TLS handshake together; in effect at most three
    /// fifths of `timeout`.
    pub connect_timeout: Duration,
    /// Requests in flight at once, 1 to [`MOST_CONCURRENT`].
    pub concurrency: usize,
    /// What further clients share that go to the same account.
    pub budget: Option<Budget>,
    /// The time, for measuring how far NetSuite's clock is off.
    pub clock: Clock,
    /// How to wait before asking again.
    pub sleep: Sleep,
    /// Where the proxy settings come from.
    pub proxy: ProxySource,
    /// Takes note of every exchange, where that is wanted.
    pub recorder: Option<Recorder>,
    /// Knows what has not been answered yet.
    pub waiting: Waiting,
    /// Knows whether answers were recorded ones.
    pub replayed: Replayed,
    /// Takes assertion and tokens out of every answer before anything reads it.
    pub scrubber: Scrubber,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            connect_to: None,
            extra_ca: None,
            extra_ca_file: None,
            trust: Trust::default(),
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            concurrency: 2,
            budget: None,
            clock: Clock::system(),
            sleep: Sleep::default(),
            proxy: ProxySource::System,
            recorder: None,
            waiting: Waiting::default(),
            replayed: Replayed::default(),
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

    /// Waits.
    pub async fn wait(&self, time: Duration) {
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

// Name lookup with an error that can be told from all others.

/// Looks names up, or answers every name with one fixed address.
#[derive(Debug, Clone)]
pub(super) struct Resolver {
    pub connect_to: Option<(String, u16)>,
}

/// A name has no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{host}: {detail}")]
pub(super) struct ResolveError {
    pub host: String,
    pub detail: String,
}

impl Resolver {
    /// The addresses for a host. The port is 0, meaning that of the URL, unless a fixed address
    /// was given.
    pub async fn lookup(&self, host: &str) -> Result<Vec<SocketAddr>, ResolveError> {
        let (name, port) = match &self.connect_to {
            Some((name, port)) => (name.as_str(), *port),
            None => (host, 0),
        };
        let failed = |detail: String| ResolveError { host: name.to_owned(), detail };
        let found: Vec<SocketAddr> = tokio::net::lookup_host((name, port))
            .await
            .map_err(|error| failed(plain(&error.to_string())))?
            .collect();
        if found.is_empty() {
            return Err(failed("the name has no address".to_owned()));
        }
        Ok(found)
    }
}

/// The system's sentence without the standard library's preface.
fn plain(text: &str) -> String {
    text.strip_prefix("failed to lookup address information: ").unwrap_or(text).to_owned()
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let addresses = resolver.lookup(name.as_str()).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

// Whose certificates are trusted. Reading the system's takes longer than all the rest of a client's
// set-up, so a process that makes many clients reads them once.

/// What the client offers in ALPN, the dearest first.
const ALPN: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// The TLS set-ups made so far, each under the certificates that it trusts besides the system's.
/// Clones share them.
#[derive(Clone, Default)]
pub struct Trust(Arc<Mutex<Made>>);

type Made = Vec<(Option<Vec<u8>>, ClientConfig)>;

/// Set-ups that are kept. A fleet has one CA file, or a few.
const MOST_KEPT: usize = 16;

impl Trust {
    /// The TLS set-up that trusts `extra`, certificates in PEM, besides the system's: TLS 1.2 at
    /// least, HTTP/2 offered. The same TLS on every system, so that the same fault has the same name.
    ///
    /// # Errors
    /// When `extra` holds no certificate or the TLS library fails.
    pub(super) fn config(&self, extra: Option<&[u8]>) -> Result<ClientConfig, ClientError> {
        // Held while one is made, so that clients which start together do not all read the same.
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = made.iter().find(|(trusted, _)| trusted.as_deref() == extra);
        if let Some((_, config)) = known {
            return Ok(config.clone());
        }
        let config = config(extra)?;
        if made.len() < MOST_KEPT {
            made.push((extra.map(<[u8]>::to_vec), config.clone()));
        }
        Ok(config)
    }
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trust")
    }
}

fn config(extra: Option<&[u8]>) -> Result<ClientConfig, ClientError> {
    let setup = |error: rustls::Error| ClientError::Setup(error.to_string());
    let mut roots = RootCertStore::empty();
    // A store has old certificates that nobody can read any more; they matter to nobody.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    // Windows fetches a public authority when it is first needed, so its store may lack NetSuite's.
    #[cfg(windows)]
    roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
    let extra = extra.map(certificates).transpose()?.unwrap_or_default();
    let (_, unusable) = roots.add_parsable_certificates(extra);
    if unusable > 0 {
        return Err(ClientError::UnusableCertificate);
    }
    if roots.is_empty() {
        return Err(ClientError::NobodyTrusted);
    }
    let mut config =
        ClientConfig::builder_with_provider(Arc::new(rustls_openssl::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(setup)?
            .with_root_certificates(roots)
            .with_no_client_auth();
    config.alpn_protocols = ALPN.map(<[u8]>::to_vec).to_vec();
    Ok(config)
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, ClientError> {
    let stack = X509::stack_from_pem(pem).map_err(|_| ClientError::NoCertificate)?;
    let found: Vec<_> = stack
        .iter()
        .filter_map(|certificate| certificate.to_der().ok())
        .map(CertificateDer::from)
        .collect();
    if found.is_empty() { Err(ClientError::NoCertificate) } else { Ok(found) }
}

// How often and how long a run waits when NetSuite is busy.

/// Waits after 429 that a whole run may take. Who runs a check is waiting for it, and a busy
/// account is not helped by being asked again and again.
pub const WAITS: u32 = 3;
/// The time that all of them may take together: enough for three waits of the program's own.
pub const WAITING_TIME: Duration = Duration::from_secs(15);

/// What is left of a run's readiness to wait. Shared by all requests of the run.
#[derive(Debug)]
pub struct Patience(Mutex<Left>);

#[derive(Debug)]
struct Left {
    taken: u32,
    time: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self(Mutex::new(Left { taken: 0, time: WAITING_TIME }))
    }
}

impl Patience {
    /// How long to wait now: 2, 4, 8 seconds less a random part of up to a quarter, or as long as
    /// the server asks for where that is longer. `None` when the run has no patience left for it.
    ///
    /// `jitter` picks the part, 0 to 255.
    pub fn take(&self, asked: Option<Duration>, jitter: u8) -> Option<Duration> {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if left.taken >= WAITS {
            return None;
        }
        let full = Duration::from_secs(2 << left.taken);
        let own = full - full.mul_f64(0.25 * f64::from(jitter) / 255.0);
        let wait = asked.unwrap_or_default().max(own);
        left.time = left.time.checked_sub(wait)?;
        left.taken += 1;
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(trust: &Trust) -> usize {
        trust.0.lock().unwrap().len()
    }

    #[test]
    fn a_set_up_is_made_once_for_the_same_certificates() {
        let trust = Trust::default();
        let shared = trust.clone();
        trust.config(None).unwrap();
        shared.config(None).unwrap();
        assert_eq!(kept(&trust), 1);
        let pem = std::fs::read("fixtures/keys/ec-p256.certificate.pem").unwrap();
        shared.config(Some(&pem)).unwrap();
        trust.config(Some(&pem)).unwrap();
        assert_eq!(kept(&trust), 2);
    }

    #[test]
    fn what_cannot_be_trusted_is_not_kept() {
        let trust = Trust::default();
        for pem in [&b""[..], b"no certificate"] {
            assert!(matches!(trust.config(Some(pem)), Err(ClientError::NoCertificate)));
        }
        assert_eq!(kept(&trust), 0);
    }

    fn secs(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn three_waits_and_no_more() {
        let patience = Patience::default();
        let waits: Vec<_> = (0..4).map(|_| patience.take(None, 0)).collect();
        assert_eq!(waits, [Some(secs(2)), Some(secs(4)), Some(secs(8)), None]);
    }

    #[test]
    fn the_servers_wish_counts_within_the_budget() {
        let patience = Patience::default();
        assert_eq!(patience.take(Some(secs(10)), 0), Some(secs(10)));
        assert_eq!(patience.take(Some(secs(6)), 0), None);
        assert_eq!(patience.take(Some(secs(5)), 0), Some(secs(5)));
        assert_eq!(patience.take(None, 255), None);
    }

    #[test]
    fn jitter_only_shortens() {
        let wait = Patience::default().take(None, 255);
        assert_eq!(wait, Some(Duration::from_millis(1500)));
    }
}
