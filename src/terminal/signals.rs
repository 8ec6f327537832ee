//! Being asked to end: Ctrl-C, and what a terminal that closes or a service manager sends.

use std::io;

use futures_util::future::{BoxFuture, select_all};

/// The signals that ask the program to end, caught from the moment this is made.
pub struct Signals(Vec<BoxFuture<'static, ()>>);

impl Signals {
    /// Catches them from now on. To be called where a runtime of tokio is entered.
    ///
    /// # Errors
    /// When the system cannot register a handler.
    #[cfg(unix)]
    pub fn catch() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [
            SignalKind::interrupt(),
            SignalKind::terminate(),
            SignalKind::hangup(),
            SignalKind::quit(),
        ];
        let caught = kinds.into_iter().map(|kind| {
            let mut stream = signal(kind)?;
            Ok(Box::pin(async move {
                stream.recv().await;
            }) as BoxFuture<'static, ()>)
        });
        caught.collect::<io::Result<_>>().map(Self)
    }

    /// Catches them from now on. To be called where a runtime of tokio is entered.
    ///
    /// # Errors
    /// When the system cannot register a handler.
    #[cfg(windows)]
    pub fn catch() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close};
        let (mut c, mut stop, mut close) = (ctrl_c()?, ctrl_break()?, ctrl_close()?);
        Ok(Self(vec![
            Box::pin(async move {
                c.recv().await;
            }),
            Box::pin(async move {
                stop.recv().await;
            }),
            Box::pin(async move {
                close.recv().await;
            }),
        ]))
    }

    /// Waits until one of them came.
    pub async fn came(self) {
        select_all(self.0).await;
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
