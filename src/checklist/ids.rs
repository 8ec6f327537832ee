//! Every check id and phase of the contract, in the order of the catalogue.

use super::engine::{CheckId, Phase};

/// Keys, certificate and identifiers: no network.
pub const CREDENTIALS: Phase = Phase::new("credentials");
/// The way to NetSuite.
pub const NETWORK: Phase = Phase::new("network");
/// The token exchange.
pub const TOKEN: Phase = Phase::new("token");
/// REST web services as such.
pub const SERVICE: Phase = Phase::new("service");
/// Record by record.
pub const RECORDS: Phase = Phase::new("records");
/// Certificates that NetSuite knows.
pub const CERTIFICATES: Phase = Phase::new("certificates");

macro_rules! check_ids {
    ($($name:ident = $id:literal),+ $(,)?) => {
        $(#[doc = concat!("`", $id, "`")] pub const $name: CheckId = CheckId::new($id);)+
        /// All ids, in the order of the catalogue.
        pub const ORDER: &[CheckId] = &[$($name),+];
    };
}

check_ids! {
    ACCOUNT_ID = "account-id",
    CLIENT_ID = "client-id",
    CLIENT_SECRET = "client-secret",
    CERTIFICATE_ID = "certificate-id",
    PRIVATE_KEY = "private-key",
    PRIVATE_KEY_FILE = "private-key-file",
    KEY_STRENGTH = "key-strength",
    CERTIFICATE = "certificate",
    CERTIFICATE_KEY = "certificate-key",
    CERTIFICATE_VALIDITY = "certificate-validity",
    CERTIFICATE_EXPIRY = "certificate-expiry",
    CERTIFICATE_SIGNATURE = "certificate-signature",
    KEY_MATCHES_CERTIFICATE = "key-matches-certificate",
    CERTIFICATE_ID_MATCHES = "certificate-id-matches",
    PROFILE_FIT = "profile-fit",
    ROLE_DEFINITION = "role-definition",
    ACCOUNT_EXISTS = "account-exists",
    CONNECTION = "connection",
    CLOCK = "clock",
    TOKEN_EXCHANGE = "token-exchange",
    TOKEN_IDENTITY = "token-identity",
    TOKEN_SCOPE = "token-scope",
    REST_SERVICE = "rest-service",
    QUERY_SERVICE = "query-service",
    LEAST_PRIVILEGE = "least-privilege",
    RECORD_ACCESS = "record-access",
    CERTIFICATE_REGISTERED = "certificate-registered",
}
