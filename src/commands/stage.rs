//! A scenario that is up and running: the emulator on a thread of its own, and the client's files
//! in a folder.

mod files;
mod reported;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use files::Files;
use reported::Reported;
use tempfile::TempDir;

use crate::credentials::store::make_directory;
use crate::emulator::scenario::{
    self, ClientInputs, GivenPair, PrepareError, RegistrationState, Scenario, ScenarioError,
};
use crate::emulator::server::Visitor;
use crate::emulator::server::replay::Replay;
use crate::emulator::switches::SwitchError;
use crate::emulator::{Emulator, StartError, ThreadedEmulator};
use crate::report::Report;
use crate::types::exchanges::Exchanges;
use crate::types::shown::shown_path;
use crate::types::{Clock, KeyType, Secret, SecretKind};

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
    /// The report of the run that they were recorded in: the client's files are made wrong as those
    /// of that run were.
    pub report: Option<Box<Report>>,
    /// The kind of the key pair that is made; the scenario's unless stated.
    pub key_type: Option<KeyType>,
    /// A certificate of the user's own and where it lies, registered in the place of one that is
    /// made. Its private key stays with the user.
    pub certificate: Option<(PathBuf, Vec<u8>)>,
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
    /// A file of somebody else.
    #[error(
        "{} is there already, and `emulate` did not write it, or somebody changed it since; move it \
         away, or name another folder",
        shown_path(path)
    )]
    NotOurs {
        /// Which.
        path: PathBuf,
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
    pub emulator: Arc<ThreadedEmulator>,
    /// Who signs in in the browser, where somebody is to.
    pub visitor: Visitor,
    /// What the user of the scenario types.
    pub client: ClientInputs,
    /// The CA to trust.
    pub ca_file: PathBuf,
    /// The private key, where the pair is not the user's own.
    pub private_key: Option<PathBuf>,
    /// The certificate, where the scenario gives it.
    pub certificate: Option<PathBuf>,
    /// Whether it serves recorded exchanges.
    pub replays: bool,
    /// What the report of the recorded run found in its files and these do not show.
    pub left_out: Vec<String>,
    /// The options of `check` in the recorded run.
    pub options: Vec<String>,
    _temporary: Option<TempDir>,
}

impl Stage {
    /// Sets up the scenario of that name.
    ///
    /// # Errors
    /// When there is none, or the system refuses what it takes.
    pub fn set(name: &str, changes: &Changes) -> Result<Self, StageError> {
        let mut scenario = scenario::find(name)?;
        if let Some(key_type) = changes.key_type {
            scenario.client.key = key_type.into();
        }
        let clock = Clock::system();
        let reported = changes.report.as_deref().map(|report| Reported::of(report, clock.now()));
        let reported = reported.map(|Reported { plan, left_out, options }| {
            scenario.client = plan;
            // Nothing that is sent is verified, and not every such certificate could be registered.
            scenario.registration.state = RegistrationState::None;
            (left_out, options)
        });
        let files = changes.folder.as_deref().map(|folder| Files::of(folder.to_owned()));
        scenario.given = match &changes.certificate {
            Some((_, certificate)) => {
                Some(GivenPair { certificate: certificate.clone(), private_key: None })
            }
            None if reported.is_some() => None,
            None => files.as_ref().and_then(|files| earlier(files, &scenario)),
        };
        let mut prepared = scenario.prepare(&clock)?;
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
        let emulator = Arc::new(Emulator::spawn_thread(prepared.account, prepared.options)?);
        let client = prepared.client;
        let mut files = files.unwrap_or_else(|| Files::of(folder));
        let ca_file = files.write("ca.pem", emulator.ca_pem())?;
        let (private_key, certificate) = match &changes.certificate {
            Some((path, _)) => (None, Some(path.clone())),
            None => (
                Some(files.write("private-key.pem", client.private_key.expose())?),
                match &client.certificate {
                    Some(pem) => Some(files.write("certificate.pem", pem)?),
                    None => None,
                },
            ),
        };
        if temporary.is_none() {
            files.note()?;
        }
        let (left_out, options) = reported.unwrap_or_default();
        Ok(Self {
            left_out,
            options,
            ca_file,
            private_key,
            certificate,
            emulator,
            visitor: scenario.visitor,
            client,
            replays: changes.replay.is_some(),
            _temporary: temporary,
        })
    }
}

/// The pair that an earlier stage left, where the scenario wants nothing else: an integration that
/// was set up with it goes on working.
fn earlier(files: &Files, scenario: &Scenario) -> Option<GivenPair> {
    let pair = GivenPair {
        certificate: files.earlier("certificate.pem")?.to_vec(),
        private_key: Some(Secret::new(SecretKind::PrivateKey, files.earlier("private-key.pem")?)),
    };
    scenario.would_make(&pair, &Clock::system()).then_some(pair)
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
