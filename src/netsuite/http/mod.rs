//! The one HTTP client: bounded in time and size, without redirects, cookies or a generic method.

pub mod answer;
mod classify;
pub mod client;
pub mod options;
pub mod proxy;
mod resolver;
pub mod retry;
pub mod transport;
pub mod trust;

pub use answer::{Answer, Call};
pub use client::trace::{Shown, Stage, Trace};
pub use client::{Client, ClientError};
pub use options::HttpOptions;
pub use transport::{ProxyFault, TlsFault, TransportError};
pub use trust::Trust;
