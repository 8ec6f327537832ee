//! Tests over real TLS, with assertions minted on OpenSSL alone.

mod client;
mod healthy;
mod sign_in;
