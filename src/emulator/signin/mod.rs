//! Sign-in: judging client assertions, issuing and recognising access tokens.

pub mod access_token;
pub mod assertion;
pub mod claims;
pub mod form;
mod judge;

pub use access_token::{BearerFault, Session, Tokens};
pub use assertion::{Fault, FaultClass};
pub use judge::{Grant, judge};

/// Path of the token endpoint. Source: OH/section_162755359851.
pub const TOKEN_PATH: &str = "/services/rest/auth/oauth2/v1/token";
