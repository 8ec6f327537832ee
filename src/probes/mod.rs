//! Questions put to NetSuite, and what the answers mean. Verdicts are made elsewhere.

pub mod certificates;
pub mod clock;
pub mod directory;
pub mod form;
pub mod no_answer;
pub mod privilege;
pub mod query;
pub mod reach;
pub mod record;
pub mod registration;
pub mod service;
