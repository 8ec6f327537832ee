//! A NetSuite account as far as machine-to-machine access touches it.

pub mod account;
pub mod certificate;
pub mod integration;
pub mod mapping;
pub mod merge;
pub mod record;
pub mod release;
pub mod role;
pub mod validate;

pub use account::{Account, AccountError};
pub use integration::{Integration, IntegrationState};
pub use mapping::{Mapping, RegisterError};
pub use record::{Guard, ListBehaviour, Record, Row};
pub use release::Release;
pub use role::{Grant, Role};
