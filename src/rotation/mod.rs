//! Registering, revoking and exchanging certificates over NetSuite's rotation endpoint. Knows no
//! terminal: what a person has to be asked or told goes through [`Person`].

pub mod access;
mod confined;
pub mod ended;
pub mod flow;
pub mod journal;
pub mod mapping;
pub mod pair;
mod resume;
pub mod revoke;
pub mod row;
pub mod standing;
pub mod upload;

use std::any::Any;
use std::path::Path;

use futures_util::future::LocalBoxFuture;

/// Whoever started it.
pub trait Person: std::fmt::Debug {
    /// Whether yes is the answer; nobody to ask is no.
    fn ask<'a>(&'a self, question: &'a str) -> LocalBoxFuture<'a, bool>;

    /// Tells what an earlier run left half made in a directory.
    fn tell_left_over(&self, directory: &Path);

    /// Shows that something takes a while, until the value is dropped.
    fn busy(&self, what: &str) -> Box<dyn Any>;
}
