//! What was asked of the emulator. Tests read it to prove that it was hit, and that nothing was
//! sent that could change data. Headers and bodies are never kept.

use std::sync::{Mutex, PoisonError};

/// What a request did to the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// It opened a form: a method that writes elsewhere, and does not here.
    Form,
    /// It changed data.
    Changed,
}

/// One request and what it got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Request method.
    pub method: String,
    /// Host name, without port.
    pub host: String,
    /// Path and query, whole. The query of a token request is left out.
    pub path: String,
    /// Status of the answer; nothing where the connection was cut instead.
    pub status: Option<u16>,
    /// Whether such a request can change data in some account or release.
    pub could_write: bool,
    /// Whether it asked for a form, with nothing in it but a property to be refused, and with the
    /// header that has it refused.
    pub guarded_form: bool,
    /// Whether it changed data in this one.
    pub changed: bool,
    /// Whether it came over HTTP/2.
    pub http2: bool,
}

/// The requests so far, in the order in which they were answered.
#[derive(Debug, Default)]
pub struct Log(Mutex<Vec<Entry>>);

impl Log {
    /// Adds a request.
    pub fn add(&self, entry: Entry) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }

    /// All requests so far.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The requests that could have changed data.
    #[must_use]
    pub fn writes(&self) -> Vec<Entry> {
        self.entries().into_iter().filter(|entry| entry.could_write).collect()
    }

    /// How many requests went to a path that contains `part`.
    #[must_use]
    pub fn hits(&self, part: &str) -> usize {
        self.entries().iter().filter(|entry| entry.path.contains(part)).count()
    }
}
