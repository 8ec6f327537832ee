//! The one session: an address that serves once, then a cookie, and a word in every form.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use openssl::error::ErrorStack;
use tokio::sync::Notify;
use zeroize::Zeroizing;

use crate::types::hex;

/// How long a printed address serves.
pub const ADDRESS_TIME: Duration = Duration::from_secs(120);
/// How long a session stays open while nobody asks for a page.
pub const IDLE_TIME: Duration = Duration::from_secs(30 * 60);
/// Of every secret of a session.
const BYTES: usize = 16;

/// 128 random bits in hexadecimal. Shown by nothing but [`Key::expose`].
#[derive(Clone)]
pub struct Key(Zeroizing<String>);

impl Key {
    fn new() -> Result<Self, ErrorStack> {
        let mut bytes = Zeroizing::new([0; BYTES]);
        openssl::rand::rand_bytes(bytes.as_mut_slice())?;
        Ok(Self(Zeroizing::new(hex(bytes.as_slice()))))
    }

    /// The characters, for the one place that sends them.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether these are its characters; how many of them are right takes no less time.
    #[must_use]
    pub fn is(&self, given: &str) -> bool {
        given.len() == self.0.len() && openssl::memcmp::eq(given.as_bytes(), self.0.as_bytes())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(***)")
    }
}

/// The one session of a program. Times come from outside.
#[derive(Debug)]
pub struct Session {
    inner: Mutex<Inner>,
    /// Something ended it, or its times changed.
    changed: Notify,
}

#[derive(Debug)]
struct Inner {
    /// In the printed address, until it is used or replaced.
    address: Option<(Key, Instant)>,
    /// Of the browser that used it.
    cookie: Option<Key>,
    /// In every form.
    token: Key,
    /// When a page was last asked for, or work ended.
    last: Instant,
    /// Work that goes on is no idleness.
    busy: bool,
    ended: bool,
}

impl Session {
    /// A session that nobody has opened.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn new(now: Instant) -> Result<Self, ErrorStack> {
        let inner = Inner {
            address: Some((Key::new()?, now)),
            cookie: None,
            token: Key::new()?,
            last: now,
            busy: false,
            ended: false,
        };
        Ok(Self { inner: Mutex::new(inner), changed: Notify::new() })
    }

    fn held(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The part of the address that is secret; none once it was used.
    #[must_use]
    pub fn address(&self) -> Option<Key> {
        self.held().address.as_ref().map(|(key, _)| key.clone())
    }

    /// A new address. The browser that has the session loses it when that one is used.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn renew(&self, now: Instant) -> Result<Key, ErrorStack> {
        let key = Key::new()?;
        let mut inner = self.held();
        inner.address = Some((key.clone(), now));
        inner.last = now;
        drop(inner);
        self.changed.notify_waiters();
        Ok(key)
    }

    /// Exchanges the secret of the address for a cookie. It serves once, and for two minutes.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn open(&self, given: &str, now: Instant) -> Result<Option<Key>, ErrorStack> {
        let (cookie, token) = (Key::new()?, Key::new()?);
        let mut inner = self.held();
        let fits = inner.address.as_ref().is_some_and(|(key, made)| {
            now.saturating_duration_since(*made) < ADDRESS_TIME && key.is(given)
        });
        if !fits || inner.ended {
            return Ok(None);
        }
        inner.address = None;
        inner.cookie = Some(cookie.clone());
        inner.token = token;
        inner.last = now;
        Ok(Some(cookie))
    }

    /// Whether this is the cookie of the session, and the session is open.
    #[must_use]
    pub fn holds(&self, cookie: &str, now: Instant) -> bool {
        let inner = self.held();
        let idle = !inner.busy && now.saturating_duration_since(inner.last) >= IDLE_TIME;
        !inner.ended && !idle && inner.cookie.as_ref().is_some_and(|own| own.is(cookie))
    }

    /// A person did something.
    pub fn touch(&self, now: Instant) {
        self.held().last = now;
    }

    /// Work begins or ends; while it goes on, the session stays open.
    pub fn busy(&self, busy: bool, now: Instant) {
        let mut inner = self.held();
        inner.busy = busy;
        inner.last = now;
    }

    /// The word that every form has to bring.
    #[must_use]
    pub fn token(&self) -> Key {
        self.held().token.clone()
    }

    /// Ends it.
    pub fn end(&self) {
        self.held().ended = true;
        self.changed.notify_waiters();
    }

    /// How much longer it stays open; nothing when it is over.
    #[must_use]
    pub fn left(&self, now: Instant) -> Option<Duration> {
        let inner = self.held();
        if inner.ended {
            return None;
        }
        if inner.busy {
            return Some(IDLE_TIME);
        }
        let left = IDLE_TIME.saturating_sub(now.saturating_duration_since(inner.last));
        (!left.is_zero()).then_some(left)
    }

    /// Whether it was ended, rather than left.
    #[must_use]
    pub fn was_ended(&self) -> bool {
        self.held().ended
    }

    /// Waits until it is over.
    pub async fn over(&self, now: impl Fn() -> Instant) {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // From here on no change is missed.
            changed.as_mut().enable();
            let Some(left) = self.left(now()) else { return };
            tokio::select! {
                () = changed => {}
                () = tokio::time::sleep(left) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn secret(session: &Session) -> String {
        session.address().unwrap().expose().to_owned()
    }

    #[test]
    fn an_address_serves_once_and_for_two_minutes() {
        let now = Instant::now();
        let session = Session::new(now).unwrap();
        let address = secret(&session);
        assert_eq!(address.len(), 32, "128 bits");
        for wrong in ["", &address[1..], &format!("{address}0"), &"0".repeat(32)] {
            assert!(session.open(wrong, now).unwrap().is_none(), "{wrong}");
        }
        let late = Session::new(now).unwrap();
        assert!(late.open(&secret(&late), now + ADDRESS_TIME).unwrap().is_none());
        let cookie = session.open(&address, now + ADDRESS_TIME - SECOND).unwrap().unwrap();
        assert!(session.holds(cookie.expose(), now));
        assert!(session.open(&address, now).unwrap().is_none(), "it was used");
        assert!(session.address().is_none());
        assert!(session.holds(cookie.expose(), now), "the one who has it keeps it");
    }

    #[test]
    fn a_new_address_takes_the_session_over() {
        let now = Instant::now();
        let session = Session::new(now).unwrap();
        let first = session.open(&secret(&session), now).unwrap().unwrap();
        let token = session.token();
        let address = session.renew(now).unwrap();
        assert!(session.holds(first.expose(), now), "nobody used it yet");
        let second = session.open(address.expose(), now).unwrap().unwrap();
        assert!(session.holds(second.expose(), now) && !session.holds(first.expose(), now));
        assert!(!session.token().is(token.expose()));
    }

    #[test]
    fn half_an_hour_without_a_person_ends_it_but_never_during_work() {
        let now = Instant::now();
        let session = Session::new(now).unwrap();
        let cookie = session.open(&secret(&session), now).unwrap().unwrap();
        let late = now + IDLE_TIME - SECOND;
        assert_eq!(session.left(late), Some(SECOND));
        session.touch(late);
        assert!(session.holds(cookie.expose(), now + IDLE_TIME));
        session.busy(true, late);
        assert!(session.holds(cookie.expose(), late + IDLE_TIME * 2));
        session.busy(false, late);
        assert!(!session.holds(cookie.expose(), late + IDLE_TIME));
        assert_eq!(session.left(late + IDLE_TIME), None);
        session.end();
        assert!(!session.holds(cookie.expose(), late) && session.was_ended());
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_is_noticed_without_anybody_asking() {
        let clock = || tokio::time::Instant::now().into_std();
        let session = Session::new(clock()).unwrap();
        let began = clock();
        session.over(clock).await;
        assert!(clock() - began >= IDLE_TIME && !session.was_ended());
        let session = std::sync::Arc::new(Session::new(clock()).unwrap());
        let other = std::sync::Arc::clone(&session);
        let began = clock();
        let waits = tokio::spawn(async move { other.over(clock).await });
        tokio::time::sleep(SECOND).await;
        session.end();
        waits.await.unwrap();
        assert!(clock() - began < IDLE_TIME);
    }

    #[test]
    fn no_secret_shows_itself() {
        let session = Session::new(Instant::now()).unwrap();
        assert!(!format!("{session:?}").contains(&secret(&session)));
    }
}
