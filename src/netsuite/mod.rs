//! What NetSuite says on the wire: HTTP client, endpoints, error decoding, record catalogue.

pub mod catalogue;
pub mod patterns;
