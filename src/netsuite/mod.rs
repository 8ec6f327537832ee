//! What NetSuite says on the wire: HTTP client, endpoints, error decoding, record catalogue.

pub mod bearer;
pub mod catalogue;
pub mod error;
pub mod form;
pub mod http;
pub mod recording;
pub mod role;
pub mod url;

#[cfg(test)]
pub mod double;
pub mod patterns;
pub mod profiles;
