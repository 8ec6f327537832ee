//! What was checked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The set-up that was checked. What could not be read is `null`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    /// The account, in the spelling with an underscore.
    pub account_id: Option<String>,
    /// What the form of the ID says: production, sandbox, release-preview, test-drive, demo, other.
    pub account_kind: Option<String>,
    /// The NetSuite hosts that belong to the run.
    pub hosts: Vec<String>,
    /// The Client ID, shortened to `abcd…wxyz`; `…` alone where nothing of it may be shown.
    pub client_id: Option<String>,
    /// The Certificate ID that the assertion names.
    pub certificate_id: Option<String>,
    /// SHA-256 of the certificate's DER, lower-case hex.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub certificate_sha256: Option<String>,
    /// The public half of the key pair.
    pub public_key: Option<PublicKey>,
    /// The integration profile.
    pub profile: Option<String>,
    /// Record types and levels, in the order asked: `customer:view`.
    pub records: Vec<String>,
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicKey {
    /// `rsa`, `ec` or `other`.
    pub kind: String,
    /// The length of the modulus or of the curve's order, in bits.
    pub bits: u32,
    /// The curve, for `ec`: `P-256`, `P-384`, `P-521`.
    pub curve: Option<String>,
    /// SHA-256 of the SubjectPublicKeyInfo DER, lower-case hex: equal for a key and its certificate.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub spki_sha256: String,
}
