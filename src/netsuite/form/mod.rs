//! Form requests: the one kind of request besides SuiteQL and the token's that uses a method which
//! writes elsewhere.
//!
//! `create-form` and `edit-form` give a form "without submitting the record"
//! (OH/article_1217103046). A release or a type that does not know them might take the request for
//! a real one, so it is sent behind guards only (`record-api.md` 1.8): see [`guard`].

mod description;
mod guard;

pub use description::Description;
pub use guard::{Forbidden, GuardedForm, guard};

use super::url::RecordId;

/// A property that no record type has. With the header that refuses unknown properties, a request
/// that is taken for a real one is refused for it.
pub const IMPOSSIBLE_PROPERTY: &str = "netsuitePreflightImpossibleProperty";

/// Which form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// The one for a new record; asks for level Create (inferred).
    Create,
    /// The one for this record; asks for level Edit (inferred).
    Edit(RecordId),
}

impl Form {
    /// The value of `type` in the media type.
    #[must_use]
    pub fn media_kind(&self) -> &'static str {
        match self {
            Self::Create => "create-form",
            Self::Edit(_) => "edit-form",
        }
    }
}

/// The media type of a form.
fn media_type(kind: &str) -> String {
    format!("application/vnd.oracle.resource+json; type={kind}")
}
