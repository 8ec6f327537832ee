//! The emulator on a thread of its own, for callers that have no runtime or must not share it.

use std::sync::mpsc;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::{Emulator, Options, StartError};
use crate::emulator::model::Account;

/// A running emulator with its own thread and runtime. It stops when it is dropped.
pub struct ThreadedEmulator {
    emulator: Emulator,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Emulator {
    /// Starts serving on a thread of its own.
    ///
    /// # Errors
    /// When the thread, the port or the keys cannot be had.
    pub fn spawn_thread(
        account: Account,
        options: Options,
    ) -> Result<ThreadedEmulator, StartError> {
        let (started, wait) = mpsc::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let serve = move || {
            runtime.block_on(async move {
                // Nobody waits only when the caller is gone already.
                let _ = started.send(Self::start(account, options).await);
                let _ = stopped.await;
            });
        };
        let thread = std::thread::Builder::new().name("emulator".to_owned()).spawn(serve)?;
        let gone = || StartError::Listen(std::io::Error::other("the emulator's thread ended"));
        let emulator = wait.recv().map_err(|_| gone())??;
        Ok(ThreadedEmulator { emulator, stop: Some(stop), thread: Some(thread) })
    }
}

impl std::ops::Deref for ThreadedEmulator {
    type Target = Emulator;

    fn deref(&self) -> &Emulator {
        &self.emulator
    }
}

impl Drop for ThreadedEmulator {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing left to stop.
            let _ = thread.join();
        }
    }
}
