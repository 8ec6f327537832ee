//! What the runner tells while it works.

use super::id::NodeKey;
use super::runner::CheckResult;

/// Something happened.
#[derive(Debug)]
pub enum Event<'a> {
    /// An entry began.
    Started(&'a NodeKey),
    /// An entry is decided.
    Finished(&'a CheckResult),
}

/// Somebody who wants to know.
pub trait Observer {
    /// Called for each event, in the order in which they happen.
    fn on_event(&self, event: &Event<'_>);
}

/// Nobody.
impl Observer for () {
    fn on_event(&self, _: &Event<'_>) {}
}
