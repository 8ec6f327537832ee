//! The server: real TLS on a loopback port.

mod audit;
mod authorize;
mod certificates;
mod code_exchange;
mod exchange;
mod message;
mod query;
mod record;
pub mod replay;
mod route;
mod services;
mod state;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, PoisonError, mpsc};
use std::time::Duration;

pub use authorize::{Decision, VisitEnd, Visitor};
use jiff::Timestamp;
use openssl::error::ErrorStack;
use replay::Replay;
use serde::Deserialize;
use state::ServerState;
use tokio::net::TcpSocket;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::faults::{FaultPlan, FaultRule};
use super::log::{AuditEntry, RequestLog};
use super::model::{Account, RegisterError};
use super::signin::Tokens;
use super::signin::code::Codes;
use super::switches::{LongCertificate, Switches};
use super::tls::{self, Protocols, ServerCertificate};
use crate::types::Clock;

/// What becomes of connections before any request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Listener {
    /// They are accepted.
    #[default]
    Normal,
    /// Nobody listens: the system refuses them.
    Refuses,
    /// They are accepted and cut before TLS.
    ClosesBeforeTls,
    /// They are accepted, and TLS never comes.
    Silent,
}

/// How the emulator is to behave.
#[derive(Debug, Clone)]
pub struct EmulatorOptions {
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Behaviours on which the sources conflict.
    pub switches: Switches,
    /// Faults of the network.
    pub faults: Vec<FaultRule>,
    /// What becomes of connections.
    pub listener: Listener,
    /// The server certificate.
    pub certificate: ServerCertificate,
    /// The server's clock.
    pub clock: Clock,
    /// Seconds by which the server's clock is ahead of it.
    pub skew_seconds: i64,
    /// Time that every answer takes.
    pub latency: Duration,
    /// Recorded answers that are served instead of those of the model.
    pub replay: Option<Arc<Replay>>,
}

impl Default for EmulatorOptions {
    fn default() -> Self {
        Self {
            port: 0,
            switches: Switches::default(),
            faults: Vec::new(),
            listener: Listener::Normal,
            certificate: ServerCertificate::Normal,
            clock: Clock::system(),
            skew_seconds: 0,
            latency: Duration::ZERO,
            replay: None,
        }
    }
}

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 256;

/// Why the emulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port.
    #[error("cannot listen on 127.0.0.1: {0}; choose another port, or none for a free one")]
    Listen(#[from] std::io::Error),
    /// Keys or certificates.
    #[error("cannot make the server's keys and certificates: {0}")]
    Tls(#[from] ErrorStack),
}

/// A running emulator. It stops when it is dropped.
pub struct Emulator {
    addr: SocketAddr,
    ca_pem: Vec<u8>,
    state: Arc<ServerState>,
    task: Option<JoinHandle<()>>,
    /// Bound and not listening: nobody else gets the port, and connections to it are refused.
    _reserved: Option<TcpSocket>,
}

impl Emulator {
    /// Starts serving an account on the current tokio runtime.
    ///
    /// # Errors
    /// When the port is taken, or OpenSSL cannot make keys.
    pub async fn start(account: Account, options: EmulatorOptions) -> Result<Self, StartError> {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(options.listener != Listener::Refuses)?;
        socket.bind((Ipv4Addr::LOCALHOST, options.port).into())?;
        let addr = socket.local_addr()?;
        let tls = tls::make(options.certificate, Protocols::Both, Timestamp::now())?;
        let state = Arc::new(ServerState {
            account: account.into(),
            switches: options.switches,
            tokens: Tokens::new()?,
            codes: Codes::default(),
            flows: authorize::Flows::default(),
            faults: FaultPlan::new(options.faults),
            log: RequestLog::default(),
            audit: Default::default(),
            clock: options.clock,
            skew: options.skew_seconds,
            in_flight: 0.into(),
            operations: 1.into(),
            replay: options.replay,
        });
        let (mut task, mut reserved) = (None, None);
        if options.listener == Listener::Refuses {
            reserved = Some(socket);
        } else {
            let listener = socket.listen(BACKLOG)?;
            let shared = Arc::clone(&state);
            let accept =
                exchange::accept(listener, tls.acceptor, options.listener, options.latency, shared);
            task = Some(tokio::spawn(accept));
        }
        Ok(Self { addr, ca_pem: tls.ca_pem, state, task, _reserved: reserved })
    }

    /// The address to connect to for every NetSuite host name.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The CA to trust, as PEM.
    #[must_use]
    pub fn ca_pem(&self) -> &[u8] {
        &self.ca_pem
    }

    /// The server's time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.state.now()
    }

    /// The requests so far.
    #[must_use]
    pub fn log(&self) -> &RequestLog {
        &self.state.log
    }

    /// The Login Audit Trail so far.
    #[must_use]
    pub fn audit_trail(&self) -> Vec<AuditEntry> {
        self.state.audit.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The account as it is now.
    #[must_use]
    pub fn account(&self) -> Account {
        self.state.account().clone()
    }

    /// Changes the account while it runs, as an administrator would.
    pub fn change(&self, change: impl FnOnce(&mut Account)) {
        change(&mut self.state.account_mut());
    }

    /// Registers a certificate while it runs; see [`Account::register`].
    ///
    /// # Errors
    /// When the certificate or the combination cannot be registered.
    pub fn register(
        &self,
        certificate: &[u8],
        combination: (&str, &str, &str),
    ) -> Result<String, RegisterError> {
        let refuse_long = self.state.switches.long_certificate == LongCertificate::Refused;
        let now = self.state.now();
        self.state.account_mut().register(certificate, combination, now, refuse_long)
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}

// The emulator on a thread of its own, for callers that have no runtime or must not share it.

/// A running emulator with its own thread and runtime. It stops when it is dropped.
pub struct ThreadedEmulator {
    emulator: Emulator,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Emulator {
    /// Starts serving on a thread of its own.
    ///
    /// # Errors
    /// When the thread, the port or the keys cannot be had.
    pub fn spawn_thread(
        account: Account,
        options: EmulatorOptions,
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
