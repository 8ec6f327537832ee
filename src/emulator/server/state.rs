//! What a running emulator knows.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use jiff::Timestamp;

use crate::emulator::audit::{AuditEntry, Detail, tail};
use crate::emulator::faults::FaultPlan;
use crate::emulator::log::Log;
use crate::emulator::model::Account;
use crate::emulator::replay::Replay;
use crate::emulator::signin::{Fault, Grant, Tokens};
use crate::emulator::switches::Switches;
use crate::types::Clock;

/// The state that all requests share.
pub struct State {
    pub(super) account: RwLock<Account>,
    pub(super) switches: Switches,
    pub(super) tokens: Tokens,
    pub(super) faults: FaultPlan,
    pub(super) log: Log,
    pub(super) audit: Mutex<Vec<AuditEntry>>,
    pub(super) clock: Clock,
    pub(super) skew: i64,
    pub(super) in_flight: AtomicUsize,
    pub(super) replay: Option<Arc<Replay>>,
}

impl State {
    /// The account, to read.
    pub(super) fn account(&self) -> RwLockReadGuard<'_, Account> {
        self.account.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The account, to change.
    pub(super) fn account_mut(&self) -> RwLockWriteGuard<'_, Account> {
        self.account.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The server's time: that of its clock, shifted by the skew.
    pub(super) fn now(&self) -> Timestamp {
        let seconds = self.clock.now().as_second().saturating_add(self.skew);
        Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
    }

    /// Notes a login.
    pub(super) fn login(&self, grant: &Grant) {
        self.add(AuditEntry {
            at: self.now(),
            success: true,
            detail: None,
            client_id_tail: Some(tail(&grant.client_id)),
            certificate_id: Some(grant.certificate_id.clone()),
            note: String::new(),
        });
    }

    /// Notes a refused assertion.
    pub(super) fn refused(&self, fault: &Fault) {
        self.add(AuditEntry {
            at: self.now(),
            success: false,
            detail: fault.detail,
            client_id_tail: fault.client_id.as_deref().map(tail),
            certificate_id: fault.certificate_id.clone(),
            note: fault.note.clone(),
        });
    }

    /// Notes a refused call with an access token.
    pub(super) fn refused_call(&self, detail: Detail, grant: Option<&Grant>, note: &str) {
        self.add(AuditEntry {
            at: self.now(),
            success: false,
            detail: Some(detail),
            client_id_tail: grant.map(|grant| tail(&grant.client_id)),
            certificate_id: grant.map(|grant| grant.certificate_id.clone()),
            note: note.to_owned(),
        });
    }

    fn add(&self, entry: AuditEntry) {
        self.audit.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }

    /// Takes a place among the requests in flight; tells whether that is over the limit.
    pub(super) fn enter(&self) -> (InFlight<'_>, bool) {
        let before = self.in_flight.fetch_add(1, Ordering::SeqCst);
        let over = before >= self.account().concurrency_limit;
        (InFlight(self), over)
    }
}

/// A place among the requests in flight.
pub(super) struct InFlight<'a>(&'a State);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}
