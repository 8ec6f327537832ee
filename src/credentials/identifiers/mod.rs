//! Identifiers as people paste them: read where the value is clear, named where it is another one.
//!
//! Everything that is changed on the way is a [`Repair`], so that nobody is told that a value is
//! right when only its mended form is.

mod account_id;
mod certificate_id;
mod clean;
mod client_id;
mod compare;
mod host;
mod shape;

pub use account_id::{AccountIdError, ReadAccountId, read_account_id};
pub use certificate_id::{CertificateIdError, ReadCertificateId, read_certificate_id};
pub use clean::{Repair, clean, listed};
pub use client_id::{ReadToken, TokenError, read_token};
pub use compare::{for_report, same_value};
pub use host::HostError;
pub use shape::{Shape, hex};
