//! The journal of a rotation: which step was reached, kept beside the new key. No secret is in it.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::credentials::input::read_file;
use crate::credentials::replace::{ReadFiles, replace};
use crate::credentials::store::make_directory;
use crate::types::shown::shown_path;
use crate::types::{Clock, SecretKind, json};

/// Its name inside the directory.
pub const FILE: &str = "rotation.json";
const SCHEMA: &str = "netsuite-preflight/rotation";

/// How far a rotation came. Written before a request that changes something, and after its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RotationStep {
    /// The new pair is named here, and its files may not be there; nothing was sent.
    KeysBegun,
    /// The new pair is on disk; nothing was sent.
    KeysMade,
    /// The upload was sent, and its effect is not known.
    UploadSent,
    /// NetSuite has the new certificate.
    Registered,
    /// A token was issued with the new key.
    Proved,
    /// The revocation of the old certificate was sent, and its effect is not known.
    RevokeSent,
    /// The old certificate is revoked.
    OldRevoked,
}

/// One certificate with its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    pub certificate_id: String,
    pub private_key_file: Option<String>,
    pub certificate_file: Option<String>,
}

/// What is being made, so that it can be made again after a kill. No secret is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Making {
    pub key_type: String,
    pub days: u32,
    pub encrypted: bool,
}

/// What a rotation has to know to go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    pub schema: Schema,
    pub step: RotationStep,
    pub account_id: String,
    /// Shortened.
    pub client_id: String,
    pub role: i64,
    pub entity: i64,
    pub old: Pair,
    pub new: Pair,
    /// Until the pair is on disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub making: Option<Making>,
    pub updated_at: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    name: String,
    version: u32,
}

/// The journal cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {why}")]
pub struct JournalError {
    path: String,
    why: String,
}

impl Journal {
    pub fn new(
        (account_id, client_id): (String, String),
        (role, entity): (i64, i64),
        (old, new): (Pair, Pair),
    ) -> Self {
        Self {
            schema: Schema { name: SCHEMA.to_owned(), version: 1 },
            step: RotationStep::KeysMade,
            account_id,
            client_id,
            role,
            entity,
            old,
            new,
            making: None,
            updated_at: String::new(),
        }
    }
}

/// The journal and where it lies. Memory follows the disk, so that what is told after Ctrl-C is
/// what `--resume` will find.
#[derive(Debug)]
pub struct JournalFile {
    pub directory: PathBuf,
    journal: RefCell<Option<Journal>>,
    clock: Clock,
}

impl JournalFile {
    pub fn new(directory: &Path, clock: &Clock) -> Self {
        Self { directory: directory.to_owned(), journal: RefCell::default(), clock: clock.clone() }
    }

    pub fn path(&self) -> PathBuf {
        self.directory.join(FILE)
    }

    /// Reads it.
    pub fn open(&self) -> Result<(), JournalError> {
        let fail = |why: String| JournalError { path: shown_path(&self.path()), why };
        let material = read_file(&self.path(), "--resume", SecretKind::PrivateKey)
            .map_err(|error| fail(error.to_string()))?;
        let journal: Journal = json::read(material.bytes.expose())
            .map_err(|unfit| fail(unfit.to_string()))?
            .map_err(|_| fail("it is no journal of a rotation".to_owned()))?;
        if journal.schema.name != SCHEMA || journal.schema.version != 1 {
            return Err(fail("it was written by another version of this program".to_owned()));
        }
        let journal = journal.confined(&self.directory).map_err(|why| fail(why.to_owned()))?;
        self.journal.replace(Some(journal));
        Ok(())
    }

    /// The journal as it was last written; none before the new key is there.
    pub fn journal(&self) -> Option<Journal> {
        self.journal.borrow().clone()
    }

    /// Writes it, whole or not at all.
    pub fn write(&self, mut journal: Journal) -> Result<(), JournalError> {
        let fail = |why: String| JournalError { path: shown_path(&self.path()), why };
        journal.updated_at = self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let mut text =
            serde_json::to_string_pretty(&journal).map_err(|error| fail(error.to_string()))?;
        text.push('\n');
        // It is written before the pair, so it may be the first in its directory.
        make_directory(&self.directory).map_err(|error| fail(error.to_string()))?;
        let written = replace(&self.path(), &ReadFiles::default(), text.as_bytes());
        written.map_err(|error| fail(error.to_string()))?;
        self.journal.replace(Some(journal));
        Ok(())
    }

    /// Notes that the pair is on disk.
    pub fn made(&self) -> Result<(), JournalError> {
        match self.journal() {
            Some(journal) => {
                self.write(Journal { step: RotationStep::KeysMade, making: None, ..journal })
            }
            None => Ok(()),
        }
    }

    /// Takes the journal back: nothing is under way.
    pub fn withdraw(&self) {
        // One that stays does no harm: its rotation goes on with --resume.
        let _ = std::fs::remove_file(self.path());
        self.journal.replace(None);
    }

    /// Notes that a step was reached.
    pub fn reached(&self, step: RotationStep) -> Result<(), JournalError> {
        match self.journal() {
            Some(journal) => self.write(Journal { step, ..journal }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::CertificateId;

    fn pair(name: &str) -> Pair {
        let certificate_id = CertificateId::of_certificate(name.as_bytes()).to_string();
        Pair { certificate_id, private_key_file: None, certificate_file: None }
    }

    fn journal() -> Journal {
        let names = ("1234567".to_owned(), "abcd…wxyz".to_owned());
        Journal::new(names, (1042, -5), (pair("old"), pair("new")))
    }

    #[test]
    fn what_was_noted_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(jiff::Timestamp::from_second(1_795_464_000).unwrap());
        let book = JournalFile::new(folder.path(), &clock);
        book.write(journal()).unwrap();
        book.reached(RotationStep::UploadSent).unwrap();
        let again = JournalFile::new(folder.path(), &clock);
        again.open().unwrap();
        let confined = book.journal().unwrap().confined(folder.path()).unwrap();
        assert_eq!(again.journal(), Some(confined));
        assert_eq!(again.journal().unwrap().step, RotationStep::UploadSent);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(book.path()).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let text = std::fs::read_to_string(book.path()).unwrap();
        assert!(text.contains("\"updated_at\": \"2026-11-23T20:00:00Z\""), "{text}");
    }

    #[test]
    fn memory_follows_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "").unwrap();
        let book = JournalFile::new(&folder.path().join("file"), &Clock::system());
        assert!(book.write(journal()).is_err());
        assert_eq!(book.journal(), None);
    }

    #[test]
    fn what_is_no_journal_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let book = JournalFile::new(folder.path(), &Clock::system());
        assert!(book.open().is_err());
        book.write(journal()).unwrap();
        let text = std::fs::read_to_string(book.path()).unwrap();
        for wrong in [
            "{}".to_owned(),
            String::new(),
            text.replace("\"version\": 1", "\"version\": 2"),
            text.replace("keys-made", "explode"),
            text.replace("1234567", "1234567\\u001b[31m"),
            text.replace("1234567", "$(id)"),
            text.replacen('{', "{\"step\": \"old-revoked\",", 1),
        ] {
            std::fs::write(book.path(), &wrong).unwrap();
            assert!(book.open().is_err(), "{wrong}");
        }
    }

    #[test]
    fn fuzz() {
        let folder = tempfile::tempdir().unwrap();
        let book = JournalFile::new(folder.path(), &Clock::system());
        let words = ["\"step\"", "proved", "\"old\"", "private_key_file", "../", "null", "…"];
        crate::fuzz::run("journal", &words, |bytes| {
            std::fs::write(book.path(), bytes).unwrap();
            match book.open() {
                Ok(()) => {
                    let read = book.journal().unwrap();
                    let files = [&read.new.private_key_file, &read.new.certificate_file];
                    for file in files.into_iter().flatten() {
                        assert_eq!(Path::new(file).parent(), Some(folder.path()));
                    }
                    book.write(read.clone()).unwrap();
                    book.open().unwrap();
                    let again = book.journal().unwrap();
                    assert_eq!(Journal { updated_at: read.updated_at.clone(), ..again }, read);
                }
                Err(error) => crate::fuzz::check_message(&error),
            }
        });
    }
}
