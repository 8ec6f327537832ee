//! What can be wrong with an assertion.

use crate::emulator::audit::Detail;

/// Which wire answer a fault gets; the switches decide what it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultClass {
    /// The assertion is no JWT, or a claim has the wrong type: 400 `invalid_request`.
    Malformed,
    /// The `kid` names no valid certificate.
    Key,
    /// The scopes.
    Scope,
    /// Everything else.
    Other,
}

/// A fault that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which wire answer it gets.
    pub class: FaultClass,
    /// The documented Detail, where there is one.
    pub detail: Option<Detail>,
    /// `iss`, where it could be read.
    pub client_id: Option<String>,
    /// `kid`, where it could be read.
    pub certificate_id: Option<String>,
    /// What was seen, in words.
    pub note: String,
}

impl Fault {
    /// A fault with a documented Detail.
    #[must_use]
    pub fn new(class: FaultClass, detail: Detail, note: impl Into<String>) -> Self {
        Self {
            class,
            detail: Some(detail),
            client_id: None,
            certificate_id: None,
            note: note.into(),
        }
    }

    /// A fault for which NetSuite documents no Detail.
    #[must_use]
    pub fn undocumented(detail: Option<Detail>, note: impl Into<String>) -> Self {
        Self {
            class: FaultClass::Other,
            detail,
            client_id: None,
            certificate_id: None,
            note: note.into(),
        }
    }

    /// The same fault with the identifiers of the assertion.
    #[must_use]
    pub fn about(mut self, client_id: Option<&str>, certificate_id: Option<&str>) -> Self {
        self.client_id = client_id.map(str::to_owned);
        self.certificate_id = certificate_id.map(str::to_owned);
        self
    }
}
