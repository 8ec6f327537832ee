//! Name lookup with an error that can be told from all others.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

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
