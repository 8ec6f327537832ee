//! Whether recorded exchanges were served instead of NetSuite's answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::header::{HeaderMap, HeaderName};

use crate::types::exchanges::REPLAY_HEADER;

const REPLAY: HeaderName = HeaderName::from_static(REPLAY_HEADER);

/// Set by the first answer that says that it was recorded.
#[derive(Debug, Clone, Default)]
pub struct Replayed(Arc<AtomicBool>);

impl Replayed {
    /// Takes note of what an answer says.
    pub(super) fn heard(&self, headers: &HeaderMap) {
        if headers.contains_key(REPLAY) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    /// Whether one answer at least was recorded.
    #[must_use]
    pub fn any(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
