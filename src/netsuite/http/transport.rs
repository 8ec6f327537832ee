//! Every way in which no answer comes, in plain words.

use crate::types::Scrubber;

/// No usable HTTP answer came. The texts name what was seen, never a URL or a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The host name has no address.
    #[error("the host name {host} could not be resolved ({detail})")]
    Dns {
        /// The name asked for.
        host: String,
        /// What the resolver said.
        detail: String,
    },
    /// Somebody at that address said no.
    #[error("the connection was refused")]
    Refused,
    /// There is no way to that address.
    #[error("there is no route to the host")]
    Unreachable,
    /// Nobody at that address answered.
    #[error("no connection came about in time")]
    ConnectTimeout,
    /// The connection stood, the TLS handshake never came.
    #[error("the connection opened, but the TLS handshake did not come in time")]
    NoHandshake,
    /// The TLS handshake failed.
    #[error("{0}")]
    Tls(#[from] TlsFault),
    /// The connection was cut before an answer was complete.
    #[error("the connection was cut before an answer came")]
    Reset,
    /// No answer, or not all of it, came in time.
    #[error("the answer did not come in time ({})", if *.started { "it began and stopped" } else { "not one byte of it" })]
    TimedOut {
        /// Whether status and headers had come.
        started: bool,
    },
    /// The answer ended in the middle.
    #[error("the answer ended in the middle")]
    Truncated,
    /// The answer is larger than this program reads.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The proxy is the obstacle.
    #[error("the proxy {0}")]
    Proxy(#[from] ProxyFault),
    /// What came is not HTTP.
    #[error("what came back is not a valid HTTP answer")]
    Protocol,
    /// Anything else.
    #[error("the request could not be made ({0})")]
    Other(String),
}

/// Why a TLS handshake failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlsFault {
    /// No trusted authority vouches for the certificate.
    #[error("the TLS certificate comes from an issuer that this machine does not trust")]
    UntrustedIssuer,
    /// The certificate names another host.
    #[error("the TLS certificate is for another host name")]
    WrongHost,
    /// The certificate is past its time, or not yet in it.
    #[error("the TLS certificate is not valid at this machine's time")]
    Expired,
    /// The other side does not speak TLS.
    #[error("the other side does not speak TLS")]
    NotTls,
    /// The other side ended the handshake.
    #[error("the other side ended the TLS handshake")]
    Closed,
    /// The two sides have no version or cipher in common, or the other side sent an alert.
    #[error("the TLS handshake failed ({0})")]
    Protocol(String),
}

/// What is wrong with the proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProxyFault {
    /// 407, or SOCKS's own way to say it.
    #[error("asks for a user name and password")]
    AuthenticationRequired,
    /// No connection to the proxy itself.
    #[error("could not be reached")]
    Unreachable,
    /// The proxy did not open a way to the host.
    #[error("refused to open a tunnel to this host")]
    Refused,
}

impl TransportError {
    /// The same without secrets of the run, where it quotes the other side.
    #[must_use]
    pub(super) fn scrubbed(self, scrubber: &Scrubber) -> Self {
        let clean = |text: String| scrubber.scrub(&text).0.into_owned();
        match self {
            Self::Dns { host, detail } => Self::Dns { host: clean(host), detail: clean(detail) },
            Self::Tls(TlsFault::Protocol(text)) => Self::Tls(TlsFault::Protocol(clean(text))),
            Self::Other(text) => Self::Other(clean(text)),
            other => other,
        }
    }

    /// Whether waiting was the problem, so that asking once more makes sense.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::ConnectTimeout | Self::NoHandshake | Self::TimedOut { .. })
    }
}
