//! Tests over real TLS, with assertions minted on OpenSSL alone.

mod client;
mod healthy;
mod records;
mod scenarios;
mod sign_in;
mod switching;
