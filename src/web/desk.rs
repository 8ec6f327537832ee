//! Between the walk, which waits for answers on a thread of its own, and the pages, which come and
//! go: what stands now, and what comes in.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use tokio::sync::watch;

use super::live::Live;
use super::server::now;
use super::session::Session;
use crate::report::v1::Fix;
use crate::setup::{Field, Response, SetupStep, Walk};
use crate::types::Secret;

/// How the walk stands. Nothing in it changes: the next one takes its place.
#[derive(Debug, Clone)]
pub struct View {
    /// Counts up. A form knows for which one it was made, so that an old one changes nothing.
    pub number: u64,
    /// The walk as it was then.
    pub walk: Arc<Walk>,
    /// What is wanted.
    pub at: At,
}

/// What is wanted of the person.
#[derive(Debug, Clone)]
pub enum At {
    /// An answer.
    Question(Field),
    /// The passphrase of the private key, which is asked for between two questions.
    Passphrase {
        /// Whose.
        of: String,
    },
    /// Patience.
    Work(Task),
    /// Nothing more.
    End(End),
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// A moment.
    Short,
    /// A key pair is made.
    Pair,
    /// The first check.
    Check,
    /// Something that takes an administrator's sign-in.
    Account,
}

/// How the walk ended.
#[derive(Debug, Clone)]
pub enum End {
    /// It is through.
    Done {
        /// What to do from now on.
        next: Vec<Fix>,
        /// Whether the first check passed.
        proved: bool,
    },
    /// The person stopped at a fault.
    Stopped,
    /// It cannot go on, and why.
    Broken(String),
}

impl At {
    /// The page that shows it.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Question(field) => format!("/step/{}", field.as_str()),
            Self::Passphrase { .. } => "/passphrase".to_owned(),
            Self::Work(_) => "/working".to_owned(),
            Self::End(_) => "/end".to_owned(),
        }
    }

    /// The step it belongs to.
    #[must_use]
    pub fn step(&self) -> Option<SetupStep> {
        match self {
            Self::Question(field) => Some(field.step()),
            Self::Passphrase { .. } | Self::Work(Task::Pair) => Some(SetupStep::Key),
            Self::Work(Task::Check) => Some(SetupStep::Check),
            Self::Work(Task::Short | Task::Account) | Self::End(_) => None,
        }
    }
}

/// What came in.
#[derive(Debug)]
pub enum Heard {
    /// For the walk.
    Answer(Response),
    /// The passphrase, or none.
    Passphrase(Option<Secret>),
    /// The person leaves.
    Leave,
}

/// The walk's side.
#[derive(Debug)]
pub struct Clerk {
    view: watch::Sender<View>,
    heard: Receiver<(u64, Heard)>,
    session: Arc<Session>,
    left: Cell<bool>,
    /// What the first check is doing.
    pub live: Arc<Live>,
}

/// The pages' side.
#[derive(Debug, Clone)]
pub struct Window {
    view: watch::Receiver<View>,
    said: Sender<(u64, Heard)>,
    /// What the first check is doing.
    pub live: Arc<Live>,
}

/// Both sides, for a walk that has not begun.
#[must_use]
pub fn desk(walk: &Walk, session: Arc<Session>) -> (Clerk, Window) {
    let first = View { number: 0, walk: Arc::new(walk.clone()), at: At::Work(Task::Short) };
    let (view, seen) = watch::channel(first);
    let (said, heard) = channel();
    let live = Arc::new(Live::default());
    let left = Cell::new(false);
    let clerk = Clerk { view, heard, session, left, live: Arc::clone(&live) };
    (clerk, Window { view: seen, said, live })
}

impl Clerk {
    /// Shows something else from now on.
    pub fn show(&self, walk: &Walk, at: At) {
        self.session.busy(matches!(at, At::Work(_)), now());
        self.view.send_modify(|view| {
            *view = View { number: view.number + 1, walk: Arc::new(walk.clone()), at };
        });
    }

    /// Waits for what the person says to what is shown now; none where nobody can say anything any
    /// more.
    #[must_use]
    pub fn hear(&self) -> Option<Heard> {
        while !self.left.get() {
            let (number, heard) = self.heard.recv().ok()?;
            // Whatever was asked, it is not answered any more.
            self.left.set(matches!(heard, Heard::Leave));
            // A second click on the same button comes too late.
            if number == self.view.borrow().number {
                return Some(heard);
            }
        }
        Some(Heard::Leave)
    }

    /// Asks for a passphrase; none where it is left out or nobody is there.
    #[must_use]
    pub fn passphrase(&self, of: String) -> Option<Secret> {
        let before = self.view.borrow().clone();
        self.show(&before.walk, At::Passphrase { of });
        let heard = self.hear();
        self.show(&before.walk, before.at);
        match heard {
            Some(Heard::Passphrase(secret)) => secret,
            _ => None,
        }
    }
}

impl Drop for Clerk {
    /// Ends the session: there is nothing more to show, whatever the reason.
    fn drop(&mut self) {
        self.session.end();
    }
}

impl Window {
    /// How the walk stands.
    #[must_use]
    pub fn now(&self) -> View {
        self.view.borrow().clone()
    }

    /// Says something to what was shown under this number, and waits until there is something new
    /// to show. False where something else is shown by now, and nothing was said.
    pub async fn say(&self, number: u64, heard: Heard) -> bool {
        let mut view = self.view.clone();
        if view.borrow_and_update().number != number || self.said.send((number, heard)).is_err() {
            return false;
        }
        let settled =
            |view: &View| view.number != number && !matches!(view.at, At::Work(Task::Short));
        // The other side is gone where the program ends.
        let _ = view.wait_for(settled).await;
        true
    }

    /// The person leaves, wherever the walk is.
    pub fn leave(&self) {
        let number = self.view.borrow().number;
        // Where nobody listens, it ends already.
        let _ = self.said.send((number, Heard::Leave));
    }
}
