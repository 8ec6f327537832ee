//! Tests over real TLS, with assertions minted on OpenSSL alone.

mod certificates;
mod client;
mod faults;
mod healthy;
mod records;
mod running;
mod scenarios;
mod sign_in;
pub(super) mod signing;
mod switching;
mod writes;
mod wycheproof;
