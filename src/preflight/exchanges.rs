//! The file of `--save-exchanges`: written after a run, read to be served again.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::cli::error::CommandError;
use crate::credentials::replace::ReadFiles;
use crate::netsuite::recording::Recorder;
use crate::netsuite::url::reportable;
use crate::preflight::session::Order;
use crate::report::json;
use crate::report::redact::Redactor;
use crate::terminal::output::{Destination, note};
use crate::types::exchanges::{Exchanges, ExchangesError, LARGEST, SCHEMA, Schema, Tool, VERSION};
use crate::types::regular_file;
use crate::types::shown::{message, shown_path};
use crate::types::{AccountId, CertificateId, RecordRequest, Scrubber};

/// The option that names the file.
pub const FLAG: &str = "--save-exchanges";

/// Keeps the exchanges of one run until they can be written.
pub struct Recording {
    place: Destination,
    recorder: Recorder,
    account_id: Option<AccountId>,
    certificate_id: Option<CertificateId>,
    records: Vec<RecordRequest>,
    scrubber: Scrubber,
}

impl Recording {
    /// Has the run of this order recorded, where a file for it is named. None of `files` is
    /// replaced.
    pub fn of(
        path: Option<&Path>,
        order: &mut Order,
        scrubber: &Scrubber,
        files: &ReadFiles,
    ) -> Option<Self> {
        let inputs = &order.inputs;
        let text = |given: &Option<crate::credentials::input::Given<String>>| {
            given.as_ref().map(|given| given.value.trim().to_owned()).unwrap_or_default()
        };
        // What is no account ID may be something that was put there by mistake, such as a key.
        let keeper = Self {
            place: Destination::file(FLAG, path?, files),
            recorder: Recorder::new(&text(&inputs.client_id)),
            account_id: text(&inputs.account_id).parse().ok(),
            // So may what is no Certificate ID.
            certificate_id: CertificateId::new(&text(&inputs.certificate_id)).ok(),
            records: inputs.records.clone(),
            scrubber: scrubber.clone(),
        };
        order.http.recorder = Some(keeper.recorder.clone());
        Some(keeper)
    }

    /// Writes the file and says so.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(self, run_id: &str) -> Result<(), CommandError> {
        let document = Exchanges {
            schema: Schema { name: SCHEMA.to_owned(), version: VERSION },
            tool: Tool {
                name: env!("CARGO_PKG_NAME").to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            run_id: run_id.to_owned(),
            account_id: self.account_id,
            certificate_id: self.certificate_id,
            records: self.records,
            exchanges: self.recorder.exchanges(),
        };
        let redactor = Redactor::new(&self.scrubber);
        let all = serde_json::to_value(&document).map_err(CommandError::internal)?;
        let text = json::render(&clean(all, &redactor)).map_err(CommandError::internal)?;
        self.place.write(&text).map_err(CommandError::failed)?;
        let Destination::File { path, .. } = &self.place else { return Ok(()) };
        note(&format!(
            "{} exchanges saved to {}: no token and no secret of this run; names of the account, \
             such as its ID and record types, are in it",
            document.exchanges.len(),
            shown_path(path)
        ));
        Ok(())
    }
}

/// Every text passes the redactor, and Client IDs are shortened wherever they stand.
fn clean(value: Value, redactor: &Redactor<'_>) -> Value {
    let text = |text: &str| reportable(&redactor.text(text));
    match value {
        Value::String(string) => Value::String(text(&string)),
        Value::Array(list) => list.into_iter().map(|item| clean(item, redactor)).collect(),
        Value::Object(members) => {
            let members = members.into_iter();
            let members: Map<_, _> =
                members.map(|(name, item)| (text(&name), clean(item, redactor))).collect();
            Value::Object(members)
        }
        other => other,
    }
}

/// The file cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("{} cannot be read: {source}", shown_path(path))]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is not what it should be.
    #[error("{}: {}", shown_path(path), message(&source.to_string()))]
    Content {
        /// Which.
        path: PathBuf,
        /// Why.
        source: ExchangesError,
    },
}

/// Reads recorded exchanges.
///
/// # Errors
/// When the file cannot be read or holds something else.
pub fn read(path: &Path) -> Result<Exchanges, FileError> {
    let fail = |source| FileError::Read { path: path.to_owned(), source };
    let bytes = regular_file::read(path, LARGEST).map_err(|error| fail(error.into()))?;
    let wrong = |source| FileError::Content { path: path.to_owned(), source };
    Exchanges::read(&bytes).map_err(wrong)
}
