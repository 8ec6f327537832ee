//! How many requests are in flight to one account, whoever of this process sends them.
//!
//! NetSuite counts SOAP, REST and RESTlet requests of all integrations of an account against one
//! limit: 5 for the smallest, and what is over it is refused (OH/subsect_1559222360,
//! OH/bridgehead_1500275603). What the checks take, production lacks.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

use super::options::MOST_CONCURRENT;

/// What all runs of this process that go to one account share.
#[derive(Debug, Clone)]
pub struct Budget(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// What was asked for: it holds while the limit is not known.
    asked: usize,
    gate: Semaphore,
    sizes: Mutex<Sizes>,
}

#[derive(Debug, Clone, Copy)]
struct Sizes {
    /// How many may be in flight.
    wanted: usize,
    /// How many turns there are; those too many go as they come back.
    issued: usize,
}

impl Budget {
    /// One of this size.
    #[must_use]
    pub fn new(asked: usize) -> Self {
        let asked = asked.clamp(1, MOST_CONCURRENT);
        let sizes = Mutex::new(Sizes { wanted: asked, issued: asked });
        Self(Arc::new(Shared { asked, gate: Semaphore::new(asked), sizes }))
    }

    /// How many requests may be in flight.
    #[must_use]
    pub fn size(&self) -> usize {
        self.sizes().wanted
    }

    /// Waits until a request may go.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        loop {
            // Never closed, so an error only means that there is nothing to wait for.
            let turn = self.0.gate.acquire().await.ok()?;
            let mut sizes = self.0.sizes.lock().unwrap_or_else(PoisonError::into_inner);
            if sizes.issued <= sizes.wanted {
                return Some(turn);
            }
            sizes.issued -= 1;
            turn.forget();
        }
    }

    /// Takes note of the account's limit. Half of it is left to others, unless more was asked for;
    /// the limit itself is never passed.
    pub fn learn(&self, limit: usize) {
        let mut sizes = self.0.sizes.lock().unwrap_or_else(PoisonError::into_inner);
        sizes.wanted = self.0.asked.max(limit / 2).min(limit).clamp(1, MOST_CONCURRENT);
        if let Some(more) = sizes.wanted.checked_sub(sizes.issued) {
            sizes.issued = sizes.wanted;
            self.0.gate.add_permits(more);
        }
    }

    fn sizes(&self) -> Sizes {
        *self.0.sizes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn turns_are_as_many_as_the_account_allows() {
        let budget = Budget::new(2);
        let turn = || budget.turn().now_or_never().flatten();
        let (one, two) = (turn().unwrap(), turn().unwrap());
        assert!(turn().is_none());
        // A limit of five leaves three to others; one of twenty lets more of them go.
        budget.learn(5);
        assert!(turn().is_none());
        budget.learn(20);
        let more: Vec<_> = std::iter::from_fn(turn).collect();
        assert_eq!((more.len(), budget.size()), (8, 10));
        // Those in flight end before the next one goes.
        budget.learn(1);
        drop(more);
        drop(one);
        assert!(turn().is_none());
        drop(two);
        let last = turn().unwrap();
        assert!(turn().is_none());
        drop(last);
        assert!(turn().is_some());
    }

    #[test]
    fn what_was_asked_for_holds_up_to_the_limit() {
        for (asked, limit, size) in [(2, 5, 2), (4, 5, 4), (20, 5, 5), (2, 0, 1), (99, 99, 20)] {
            let budget = Budget::new(asked);
            budget.learn(limit);
            assert_eq!(budget.size(), size, "{asked} of {limit}");
        }
    }
}
