//! How often and how long a run waits when NetSuite is busy.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Waits after 429 that a whole run may take. Who runs a check is waiting for it, and a busy
/// account is not helped by being asked again and again.
pub const WAITS: u32 = 3;
/// The time that all of them may take together: enough for three waits of the program's own.
pub const WAITING_TIME: Duration = Duration::from_secs(15);

/// What is left of a run's readiness to wait. Shared by all requests of the run.
#[derive(Debug)]
pub struct Patience(Mutex<Left>);

#[derive(Debug)]
struct Left {
    taken: u32,
    time: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self(Mutex::new(Left { taken: 0, time: WAITING_TIME }))
    }
}

impl Patience {
    /// How long to wait now: 2, 4, 8 seconds less a random part of up to a quarter, or as long as
    /// the server asks for where that is longer. `None` when the run has no patience left for it.
    ///
    /// `jitter` picks the part, 0 to 255.
    pub fn take(&self, asked: Option<Duration>, jitter: u8) -> Option<Duration> {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if left.taken >= WAITS {
            return None;
        }
        let full = Duration::from_secs(2 << left.taken);
        let own = full - full.mul_f64(0.25 * f64::from(jitter) / 255.0);
        let wait = asked.unwrap_or_default().max(own);
        left.time = left.time.checked_sub(wait)?;
        left.taken += 1;
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secs(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn three_waits_and_no_more() {
        let patience = Patience::default();
        let waits: Vec<_> = (0..4).map(|_| patience.take(None, 0)).collect();
        assert_eq!(waits, [Some(secs(2)), Some(secs(4)), Some(secs(8)), None]);
    }

    #[test]
    fn the_servers_wish_counts_within_the_budget() {
        let patience = Patience::default();
        assert_eq!(patience.take(Some(secs(10)), 0), Some(secs(10)));
        assert_eq!(patience.take(Some(secs(6)), 0), None);
        assert_eq!(patience.take(Some(secs(5)), 0), Some(secs(5)));
        assert_eq!(patience.take(None, 255), None);
    }

    #[test]
    fn jitter_only_shortens() {
        let wait = Patience::default().take(None, 255);
        assert_eq!(wait, Some(Duration::from_millis(1500)));
    }
}
