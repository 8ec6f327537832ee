//! What the first check is doing, for a page that looks on.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::checks::ALL;
use crate::engine::{CheckId, Event, Observer, gravity};
use crate::netsuite::http::waiting::Waiting;
use crate::types::Status;

/// An answer that takes longer is told of.
const SLOW: Duration = Duration::from_secs(2);

/// A run that is going on: one row per check, all of them there from the beginning, so that nothing
/// moves while it runs.
#[derive(Debug, Default)]
pub struct Live(Mutex<Tally>);

#[derive(Debug, Default)]
struct Tally {
    rows: Vec<Row>,
    planned: usize,
    decided: usize,
    waiting: Waiting,
    sign_in: Option<String>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Row {
    running: usize,
    /// The gravest so far: one check may have an entry per record type.
    status: Option<Status>,
    ended: bool,
}

/// How a run stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// How many entries are decided.
    pub decided: usize,
    /// Of how many.
    pub planned: usize,
    /// Said besides; empty where there is nothing to say.
    pub said: String,
    /// Where an administrator is to sign in; empty where nobody is.
    pub sign_in: String,
    /// Each check, in the order of the catalogue: `waiting`, `running` or its outcome.
    pub rows: Vec<&'static str>,
}

impl Live {
    fn held(&self) -> MutexGuard<'_, Tally> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Another run begins.
    pub fn begin(&self, waiting: Waiting) {
        *self.held() = Tally { rows: vec![Row::default(); ALL.len()], waiting, ..Tally::default() };
    }

    /// An administrator is to sign in at this address.
    pub fn sign_in_at(&self, address: &str) {
        self.held().sign_in = Some(address.to_owned());
    }

    /// What was done before is over: nothing of it is shown with what begins now.
    pub fn clear(&self) {
        *self.held() = Tally::default();
    }

    /// How it stands now.
    #[must_use]
    pub fn standing(&self, now: Instant) -> Standing {
        let tally = self.held();
        let slow = tally.waiting.longest(now).filter(|time| *time >= SLOW);
        let said = slow.map(|time| format!("NetSuite has not answered for {} s.", time.as_secs()));
        let row = |at: usize| match tally.rows.get(at) {
            Some(Row { running: 1.., .. }) => "running",
            Some(Row { ended: true, status: Some(status), .. }) => status.as_str(),
            _ => "waiting",
        };
        Standing {
            decided: tally.decided,
            planned: tally.planned,
            said: said.unwrap_or_default(),
            sign_in: tally.sign_in.clone().unwrap_or_default(),
            rows: (0..ALL.len()).map(row).collect(),
        }
    }
}

impl Tally {
    fn row(&mut self, check: CheckId) -> Option<&mut Row> {
        let at = ALL.iter().position(|spec| spec.id == check)?;
        self.rows.get_mut(at)
    }
}

impl Observer for Live {
    fn on_event(&self, event: &Event<'_>) {
        let mut tally = self.held();
        match event {
            Event::Planned(count) => tally.planned = *count,
            Event::Started(key) => {
                if let Some(row) = tally.row(key.check) {
                    row.running += 1;
                }
            }
            Event::Finished(result) => {
                tally.decided += 1;
                let status = result.verdict.status();
                if let Some(row) = tally.row(result.key.check) {
                    row.running = row.running.saturating_sub(1);
                    row.ended = true;
                    let graver = row.status.is_none_or(|before| gravity(status) > gravity(before));
                    row.status = if graver { Some(status) } else { row.status };
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::ids;
    use crate::engine::{NodeKey, Verdict};
    use crate::report::samples::result;

    #[test]
    fn every_check_has_its_row_from_the_beginning() {
        let live = Live::default();
        live.begin(Waiting::default());
        let now = Instant::now();
        let at = |id: CheckId| ALL.iter().position(|spec| spec.id == id).unwrap();
        assert_eq!(live.standing(now).rows, vec!["waiting"; ALL.len()]);
        live.on_event(&Event::Planned(40));
        live.on_event(&Event::Started(&NodeKey::of(ids::CLOCK)));
        assert_eq!(live.standing(now).rows[at(ids::CLOCK)], "running");
        live.on_event(&Event::Finished(&result("clock", Verdict::pass("Fine."))));
        live.on_event(&Event::Finished(&result("record-access", Verdict::pass("Fine."))));
        let standing = live.standing(now);
        assert_eq!((standing.decided, standing.planned), (2, 40));
        assert_eq!(standing.rows[at(ids::CLOCK)], "pass");
        assert_eq!(standing.rows[at(ids::RECORD_ACCESS)], "pass");
    }

    #[test]
    fn a_slow_answer_is_told_of() {
        let (live, waiting, now) = (Live::default(), Waiting::default(), Instant::now());
        live.begin(waiting.clone());
        let _asked = waiting.asked(now);
        assert_eq!(live.standing(now + Duration::from_secs(1)).said, "");
        let said = live.standing(now + Duration::from_secs(3)).said;
        assert_eq!(said, "NetSuite has not answered for 3 s.");
    }
}
