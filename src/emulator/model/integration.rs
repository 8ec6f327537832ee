//! Integration records.

use serde::Deserialize;

use crate::types::Scope;

/// The State field of an integration record. Source: OH/chapter_157017286140.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IntegrationState {
    /// In use.
    Enabled,
    /// Refused.
    Blocked,
    /// Installed by a bundle and not yet approved.
    WaitingForApproval,
}

/// An integration record.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Integration {
    /// Internal ID.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Client ID (Consumer Key): 64 hexadecimal characters.
    pub client_id: String,
    /// Application ID: an upper-case UUID.
    pub application_id: String,
    /// Its state.
    pub state: IntegrationState,
    /// The box "Client Credentials (Machine to Machine) Grant".
    pub client_credentials_grant: bool,
    /// The ticked scopes.
    pub scopes: Vec<Scope>,
}
