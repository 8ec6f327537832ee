//! Whose certificates are trusted. Reading the system's takes longer than all the rest of a client's
//! set-up, so a process that makes many clients reads them once.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use native_tls::{Protocol, TlsConnector};
use openssl::x509::X509;

use super::client::ClientError;

/// What the client offers in ALPN, the dearest first.
const ALPN: &[&str] = &["h2", "http/1.1"];

/// The TLS set-ups made so far, each under the certificates that it trusts besides the system's.
/// Clones share them.
#[derive(Clone, Default)]
pub struct Trust(Arc<Mutex<Made>>);

type Made = Vec<(Option<Vec<u8>>, TlsConnector)>;

/// Set-ups that are kept. A fleet has one CA file, or a few.
const MOST_KEPT: usize = 16;

impl Trust {
    /// The TLS set-up that trusts `extra`, certificates in PEM, besides the system's: TLS 1.2 at
    /// least, HTTP/2 offered.
    ///
    /// # Errors
    /// When `extra` holds no certificate or the TLS library fails.
    pub(super) fn connector(&self, extra: Option<&[u8]>) -> Result<TlsConnector, ClientError> {
        // Held while one is made, so that clients which start together do not all read the same.
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = made.iter().find(|(trusted, _)| trusted.as_deref() == extra);
        if let Some((_, connector)) = known {
            return Ok(connector.clone());
        }
        let connector = connector(extra)?;
        if made.len() < MOST_KEPT {
            made.push((extra.map(<[u8]>::to_vec), connector.clone()));
        }
        Ok(connector)
    }
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trust")
    }
}

fn connector(extra: Option<&[u8]>) -> Result<TlsConnector, ClientError> {
    let setup = |error: native_tls::Error| ClientError::Setup(error.to_string());
    let mut builder = TlsConnector::builder();
    builder.min_protocol_version(Some(Protocol::Tlsv12)).request_alpns(ALPN);
    for certificate in extra.map(certificates).transpose()?.into_iter().flatten() {
        builder.add_root_certificate(certificate);
    }
    builder.build().map_err(setup)
}

fn certificates(pem: &[u8]) -> Result<Vec<native_tls::Certificate>, ClientError> {
    let stack = X509::stack_from_pem(pem).map_err(|_| ClientError::NoCertificate)?;
    let found: Vec<_> = stack
        .iter()
        .filter_map(|certificate| certificate.to_der().ok())
        .filter_map(|der| native_tls::Certificate::from_der(&der).ok())
        .collect();
    if found.is_empty() { Err(ClientError::NoCertificate) } else { Ok(found) }
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
        trust.connector(None).unwrap();
        shared.connector(None).unwrap();
        assert_eq!(kept(&trust), 1);
        let pem = std::fs::read("fixtures/keys/ec-p256.certificate.pem").unwrap();
        shared.connector(Some(&pem)).unwrap();
        trust.connector(Some(&pem)).unwrap();
        assert_eq!(kept(&trust), 2);
    }

    #[test]
    fn what_cannot_be_trusted_is_not_kept() {
        let trust = Trust::default();
        for pem in [&b""[..], b"no certificate"] {
            assert!(matches!(trust.connector(Some(pem)), Err(ClientError::NoCertificate)));
        }
        assert_eq!(kept(&trust), 0);
    }
}
