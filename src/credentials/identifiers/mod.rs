//! Reads identifiers as people paste them: account ID, Client ID, Certificate ID.

pub mod account;
pub mod certificate_id;
pub mod clean;
pub mod client_id;
pub mod shape;

pub use clean::{Blemish, Cleaned, clean};
pub use shape::{Shape, shape_of};
