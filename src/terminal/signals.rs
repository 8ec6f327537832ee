//! Being asked to end: Ctrl-C, and what a terminal that closes or a service manager sends.

use std::io;

use futures_util::StreamExt as _;
use futures_util::stream::{BoxStream, SelectAll, select_all, unfold};

/// How the program was asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Ctrl-C.
    Interrupt,
    /// What a service manager sends, and Windows when it shuts down.
    Terminate,
    /// The terminal closed.
    HangUp,
    /// Ctrl-\, or Ctrl-Break on Windows.
    Quit,
}

/// The signals that ask the program to end, caught from the moment this is made.
pub struct Signals(SelectAll<BoxStream<'static, Asked>>);

/// One signal as a stream of what it asks.
macro_rules! asks {
    ($asked:expr, $stream:expr) => {
        unfold($stream?, |mut stream| async { stream.recv().await.map(|()| ($asked, stream)) })
            .boxed()
    };
}

impl Signals {
    /// Catches them from now on. To be called where a runtime of tokio is entered.
    ///
    /// # Errors
    /// When the system cannot register a handler.
    #[cfg(unix)]
    pub fn catch() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self(select_all([
            asks!(Asked::Interrupt, signal(SignalKind::interrupt())),
            asks!(Asked::Terminate, signal(SignalKind::terminate())),
            asks!(Asked::HangUp, signal(SignalKind::hangup())),
            asks!(Asked::Quit, signal(SignalKind::quit())),
        ])))
    }

    /// Catches them from now on. To be called where a runtime of tokio is entered.
    ///
    /// # Errors
    /// When the system cannot register a handler.
    #[cfg(windows)]
    pub fn catch() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};
        Ok(Self(select_all([
            asks!(Asked::Interrupt, ctrl_c()),
            asks!(Asked::Terminate, ctrl_shutdown()),
            asks!(Asked::Quit, ctrl_break()),
            asks!(Asked::HangUp, ctrl_close()),
        ])))
    }

    /// Waits until the next of them comes; for ever where the system has no more to tell.
    pub async fn next(&mut self) -> Asked {
        match self.0.next().await {
            Some(asked) => asked,
            None => std::future::pending().await,
        }
    }

    /// Waits until one of them came.
    pub async fn came(mut self) {
        self.next().await;
    }
}

/// Waits until the program is asked to end; for ever where the system cannot tell.
pub async fn came() {
    match Signals::catch() {
        Ok(signals) => signals.came().await,
        Err(_) => std::future::pending().await,
    }
}

/// Waits on a thread of its own and calls `then` when the program is asked to end.
///
/// # Errors
/// When the system cannot register a handler or gives no thread.
pub fn on_signal(then: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let signals = {
        let _inside = runtime.enter();
        Signals::catch()?
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(signals.came());
        then();
    })?;
    Ok(())
}
