//! A scenario that is up and running: the emulator on a thread of its own, and the client's files
//! in a folder.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use crate::credentials::store::make_directory;
use crate::emulator::scenario::{self, ClientInputs, PrepareError, ScenarioError};
use crate::emulator::server::replay::Replay;
use crate::emulator::switches::SwitchError;
use crate::emulator::{Emulator, StartError, ThreadedEmulator};
use crate::types::Clock;
use crate::types::exchanges::Exchanges;
use crate::types::shown::shown_path;

/// The scenario in which everything is right.
pub const HEALTHY: &str = "healthy";

/// How a stage differs from what the scenario states.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Port to listen on; 0 takes a free one.
    pub port: u16,
    /// Switches, as `NAME=VALUE`.
    pub switches: Vec<String>,
    /// A folder that stays, for the client's files; a temporary one where there is none.
    pub folder: Option<PathBuf>,
    /// Recorded exchanges to serve instead of the model's answers.
    pub replay: Option<Exchanges>,
}

/// The stage could not be set.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// No such scenario.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// No such switch.
    #[error(transparent)]
    Switch(#[from] SwitchError),
    /// Credentials.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    /// The server.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The folder for temporary files.
    #[error(
        "no folder can be made in {}: {source}; name a folder for temporary files with the \
         variable TMPDIR (on Windows TMP)",
        shown_path(folder)
    )]
    Temporary {
        /// Which.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The client's files.
    #[error("{} cannot be written: {source}", shown_path(path))]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A running emulator and what a client of it needs.
pub struct Stage {
    /// The server.
    pub emulator: ThreadedEmulator,
    /// What the user of the scenario types.
    pub client: ClientInputs,
    /// The CA to trust.
    pub ca_file: PathBuf,
    /// The private key.
    pub private_key: PathBuf,
    /// The certificate, where the scenario gives it.
    pub certificate: Option<PathBuf>,
    /// Whether it serves recorded exchanges.
    pub replays: bool,
    _temporary: Option<TempDir>,
}

impl Stage {
    /// Sets up the scenario of that name.
    ///
    /// # Errors
    /// When there is none, or the system refuses what it takes.
    pub fn set(name: &str, changes: &Changes) -> Result<Self, StageError> {
        let mut prepared = scenario::find(name)?.prepare(&Clock::system())?;
        for setting in &changes.switches {
            prepared.options.switches.set_from(setting)?;
        }
        prepared.options.port = changes.port;
        if let Some(recorded) = &changes.replay {
            if let Some(account) = &recorded.account_id {
                prepared.client.account_id = account.account();
            }
            prepared.client.records = recorded.records.iter().map(ToString::to_string).collect();
            let replay = Replay::new(
                recorded.clone(),
                &prepared.client.client_id,
                &prepared.client.certificate_id,
            );
            prepared.options.replay = Some(Arc::new(replay));
        }
        let (folder, temporary) = folder(changes.folder.as_deref())?;
        let emulator = Emulator::spawn_thread(prepared.account, prepared.options)?;
        let client = prepared.client;
        let write = |name: &str, bytes: &[u8]| new_file(&folder.join(name), bytes);
        Ok(Self {
            ca_file: write("ca.pem", emulator.ca_pem())?,
            private_key: write("private-key.pem", client.private_key.expose())?,
            certificate: match &client.certificate {
                Some(pem) => Some(write("certificate.pem", pem)?),
                None => None,
            },
            emulator,
            client,
            replays: changes.replay.is_some(),
            _temporary: temporary,
        })
    }
}

fn folder(wanted: Option<&Path>) -> Result<(PathBuf, Option<TempDir>), StageError> {
    let fail = |path: &Path| {
        let path = path.to_owned();
        move |source| StageError::File { path, source }
    };
    match wanted {
        Some(path) => {
            make_directory(path).map_err(fail(path))?;
            Ok((path.to_owned(), None))
        }
        None => {
            let temporary = temporary()?;
            Ok((temporary.path().to_owned(), Some(temporary)))
        }
    }
}

/// A new folder that is gone with its value.
///
/// # Errors
/// When the system's folder for temporary files takes none.
pub fn temporary() -> Result<TempDir, StageError> {
    let made = tempfile::Builder::new().prefix("netsuite-preflight-").tempdir();
    made.map_err(|source| StageError::Temporary { folder: std::env::temp_dir(), source })
}

/// A file that must not be there yet, for this user alone.
fn new_file(path: &Path, bytes: &[u8]) -> Result<PathBuf, StageError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| file.write_all(bytes))
        .map(|()| path.to_owned())
        .map_err(|source| StageError::File { path: path.to_owned(), source })
}
