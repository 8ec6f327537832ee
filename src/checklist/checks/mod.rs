//! One file per check, named after its id.

pub mod account_exists;
pub mod account_id;
pub mod certificate;
pub mod certificate_expiry;
pub mod certificate_id;
pub mod certificate_id_matches;
pub mod certificate_key;
pub mod certificate_registered;
pub mod certificate_signature;
pub mod certificate_validity;
pub mod client_id;
pub mod client_secret;
pub mod clock;
pub mod connection;
mod identifier;
#[cfg(test)]
mod identifier_testing;
pub mod key_matches_certificate;
pub mod key_strength;
pub mod least_privilege;
pub mod private_key;
pub mod private_key_file;
pub mod profile_fit;
pub mod query_service;
pub mod record_access;
pub mod rest_service;
pub mod role_definition;
pub mod token_exchange;
pub mod token_identity;
pub mod token_scope;

#[cfg(test)]
mod testing;
