//! Which requests NetSuite has not answered yet.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The requests of a run that wait for an answer, for those who show what goes on.
#[derive(Debug, Clone, Default)]
pub struct Waiting(Arc<Mutex<Vec<Instant>>>);

impl Waiting {
    /// A request that was sent at this time; it waits until what is returned is dropped.
    #[must_use]
    pub fn asked(&self, at: Instant) -> Asked {
        self.change(|open| open.push(at));
        Asked { waiting: self.clone(), at }
    }

    /// How long the oldest of them has waited.
    #[must_use]
    pub fn longest(&self, now: Instant) -> Option<Duration> {
        let mut oldest = None;
        self.change(|open| oldest = open.iter().min().copied());
        oldest.map(|at| now.saturating_duration_since(at))
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Instant>)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// A request that waits.
#[derive(Debug)]
pub struct Asked {
    waiting: Waiting,
    at: Instant,
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.waiting.change(|open| {
            if let Some(at) = open.iter().position(|at| *at == self.at) {
                open.swap_remove(at);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_counts_until_it_is_answered() {
        let waiting = Waiting::default();
        let start = Instant::now();
        let second = |number| start + Duration::from_secs(number);
        assert_eq!(waiting.longest(start), None);
        let first = waiting.asked(start);
        let other = waiting.asked(second(2));
        assert_eq!(waiting.longest(second(5)), Some(Duration::from_secs(5)));
        drop(first);
        assert_eq!(waiting.longest(second(5)), Some(Duration::from_secs(3)));
        drop(other);
        assert_eq!(waiting.longest(second(5)), None);
    }
}
