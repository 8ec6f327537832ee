//! The client credentials grant with a signed assertion: OH/section_162755359851.

pub mod access_token;
pub mod assertion;
pub mod code_grant;
pub mod exchange;
