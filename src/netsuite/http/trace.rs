//! The way to a host, stage by stage: name, TCP, TLS. Nothing is sent after the handshake.

use std::net::SocketAddr;
use std::pin::Pin;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::ssl::{Ssl, SslContext, SslMethod};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_openssl::SslStream;

use super::Client;
use super::response::name_of;
use crate::netsuite::url::AccountUrl;

/// What one stage came to, and how long it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceStep<T> {
    /// What it gave, or in words why it gave nothing.
    pub result: Result<T, String>,
    /// How long it took.
    pub took: Duration,
}

/// The certificate that was shown, whoever showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownCertificate {
    /// Protocol version: `TLSv1.3`.
    pub version: String,
    /// Who issued the certificate.
    pub issuer: String,
    /// For whom.
    pub subject: String,
    /// When it ends, where that can be read.
    pub ends: Option<Timestamp>,
}

/// The stages as far as they were reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The addresses of the name.
    pub lookup: TraceStep<Vec<SocketAddr>>,
    /// The first address that took a connection.
    pub tcp: Option<TraceStep<SocketAddr>>,
    /// The handshake.
    pub tls: Option<TraceStep<ShownCertificate>>,
}

impl Client {
    /// Goes the way to a host by a connection of its own, and says who shows which certificate even
    /// where it is not to be trusted. Hence no byte is sent over it. Nothing where a proxy stands in
    /// between: then the proxy goes this way.
    pub async fn trace(&self, url: &AccountUrl) -> Option<Trace> {
        let url = url.as_str();
        let proxied = self.options.connect_to.is_none()
            && crate::netsuite::http::proxy::for_url(url).is_some();
        let host = reqwest::Url::parse(url).ok()?.host_str()?.to_owned();
        if proxied {
            return None;
        }
        let limit = self.options.connect_timeout;
        let lookup = staged(limit, async {
            let found = self.resolver.lookup(&host).await.map_err(|error| error.detail)?;
            Ok(found.into_iter().map(with_port).collect::<Vec<_>>())
        })
        .await;
        let addresses = lookup.result.clone().unwrap_or_default();
        let mut stream = None;
        let tcp = if addresses.is_empty() {
            None
        } else {
            let connect = async {
                let mut last = "no address".to_owned();
                for address in addresses {
                    match TcpStream::connect(address).await {
                        Ok(open) => {
                            stream = Some(open);
                            return Ok(address);
                        }
                        Err(error) => last = error.kind().to_string(),
                    }
                }
                Err(last)
            };
            Some(staged(limit, connect).await)
        };
        let tls = match stream {
            Some(stream) => Some(staged(limit, handshake(&host, stream)).await),
            None => None,
        };
        Some(Trace { lookup, tcp, tls })
    }
}

fn with_port(mut address: SocketAddr) -> SocketAddr {
    if address.port() == 0 {
        address.set_port(443);
    }
    address
}

async fn staged<T>(limit: Duration, work: impl Future<Output = Result<T, String>>) -> TraceStep<T> {
    let began = Instant::now();
    let late = || Err(format!("nothing within {} ms", limit.as_millis()));
    let result = timeout(limit, work).await.unwrap_or_else(|_| late());
    TraceStep { result, took: began.elapsed() }
}

fn in_time(time: &Asn1TimeRef) -> Option<Timestamp> {
    let since_epoch = Asn1Time::from_unix(0).ok()?.diff(time).ok()?;
    let seconds = i64::from(since_epoch.days) * 86_400 + i64::from(since_epoch.secs);
    Timestamp::from_second(seconds).ok()
}

/// Whether the certificate is to be trusted is for the real connection to say; this one looks at it.
async fn handshake(host: &str, stream: TcpStream) -> Result<ShownCertificate, String> {
    let failed = |_| "the TLS library refused".to_owned();
    // Nothing is verified here, so that no list of authorities is read.
    let context = SslContext::builder(SslMethod::tls_client()).map_err(failed)?.build();
    let mut ssl = Ssl::new(&context).map_err(failed)?;
    ssl.set_hostname(host).map_err(failed)?;
    let mut stream = SslStream::new(ssl, stream).map_err(failed)?;
    let shaken = Pin::new(&mut stream).connect().await;
    shaken.map_err(|_| "the handshake failed".to_owned())?;
    let certificate = stream.ssl().peer_certificate().ok_or("no certificate was shown")?;
    Ok(ShownCertificate {
        version: stream.ssl().version_str().to_owned(),
        issuer: name_of(certificate.issuer_name()),
        subject: name_of(certificate.subject_name()),
        ends: in_time(certificate.not_after()),
    })
}
