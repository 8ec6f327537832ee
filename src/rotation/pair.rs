//! The new pair: noted in the journal before a byte of it is on disk, so that a kill at any moment
//! leaves a rotation that can go on.

use tokio::sync::oneshot;

use crate::checks::context::Inputs;
use crate::cli::error::CommandError;
use crate::credentials::PrivateKey;
use crate::credentials::generate::{
    GenerateError, GenerateOptions, PreparedPair, SubjectName, generate_key, prepare,
};
use crate::credentials::input::{Material, Origin};
use crate::credentials::passphrase::for_new_key;
use crate::credentials::store::FileNames;
use crate::probes::certificates::Combination;
use crate::rotation::access::Access;
use crate::rotation::ended::CertificateFinding;
use crate::rotation::ended::{EarlyEnd, Ended};
use crate::rotation::flow::Rotation;
use crate::rotation::journal::{Journal, Making, Pair, RotationStep};

/// The name in the new certificate.
pub const COMMON_NAME: &str = "NetSuite integration";

/// The old pair, as given to this run.
pub fn given(inputs: &Inputs) -> Pair {
    let file = |material: &Option<Material>| match material.as_ref().map(|m| &m.origin) {
        Some(Origin::File(path)) => Some(path.display().to_string()),
        _ => None,
    };
    Pair {
        certificate_id: inputs.certificate_id.as_ref().map(|g| g.value.clone()).unwrap_or_default(),
        private_key_file: file(&inputs.private_key),
        certificate_file: file(&inputs.certificate),
    }
}

impl Rotation<'_> {
    /// Makes the pair and notes it, in this order: the journal, the files, the journal.
    pub async fn make_pair(
        &self,
        access: &Access,
        combination: Combination,
        options: &GenerateOptions,
        inputs: &Inputs,
    ) -> Result<(), EarlyEnd> {
        self.run.person.tell_left_over(&options.directory);
        let key = self.make_key(options).await?;
        let prepared = prepare(options, &key, self.run.clock.now()).map_err(|e| not_made(&e))?;
        self.book.write(journal(access, combination, &prepared, options, inputs))?;
        if let Err(error) = prepared.write(options) {
            // Nothing of the pair is left behind, so nothing is under way.
            self.book.withdraw();
            return Err(not_made(&error).into());
        }
        Ok(self.book.made()?)
    }

    /// Goes on where a pair was noted and its files may not be there. The key gets its name last:
    /// where it is there, both are.
    pub async fn complete_pair(
        &self,
        access: &Access,
        journal: &Journal,
        inputs: &Inputs,
    ) -> Result<(), EarlyEnd> {
        let names = FileNames::default();
        let there = |name: &str| self.book.directory.join(name).symlink_metadata().is_ok();
        if there(&names.key) {
            self.certificate(journal)?;
            return Ok(self.book.made()?);
        }
        let options = self.noted_options(journal)?;
        if there(&names.certificate) {
            // Without its key it is of no use; another certificate is not touched.
            self.certificate(journal)?;
            let path = self.book.directory.join(&names.certificate);
            std::fs::remove_file(&path).map_err(|error| {
                let text = format!("{} cannot be removed: {error}.", path.display());
                Ended::failed(CertificateFinding::KeyNotMade, text)
            })?;
        }
        let combination = Combination { role: journal.role, entity: journal.entity };
        self.make_pair(access, combination, &options, inputs).await
    }

    /// What was to be made, as the journal has it.
    fn noted_options(&self, journal: &Journal) -> Result<GenerateOptions, EarlyEnd> {
        let broken = || {
            let text = "The journal does not say which key was to be made.";
            EarlyEnd::from(Ended::failed(CertificateFinding::FilesChanged, text))
        };
        let making = journal.making.as_ref().ok_or_else(broken)?;
        let passphrase = self.new_passphrase.as_ref();
        let passphrase = passphrase.map(|material| for_new_key(material.bytes.expose()));
        let passphrase = passphrase.transpose().map_err(CommandError::usage)?;
        if making.encrypted && passphrase.is_none() {
            let text = "the new key is to be encrypted: give --new-passphrase-file again";
            return Err(CommandError::usage(text).into());
        }
        Ok(GenerateOptions {
            key_type: making.key_type.parse().map_err(|_| broken())?,
            days: making.days,
            subject: SubjectName::common_name(COMMON_NAME).map_err(|_| broken())?,
            directory: self.book.directory.clone(),
            names: FileNames::default(),
            passphrase,
        })
    }

    /// The key, made on a thread of its own, so that Ctrl-C can be answered meanwhile.
    async fn make_key(&self, options: &GenerateOptions) -> Result<PrivateKey, EarlyEnd> {
        let key_type = options.key_type;
        let (sender, receiver) = oneshot::channel();
        std::thread::spawn(move || sender.send(generate_key(key_type)));
        let _spinner = self.run.person.busy(&format!("making the {key_type} key"));
        let key = receiver.await.map_err(CommandError::internal)?;
        key.map_err(|error| not_made(&error.into()).into())
    }
}

fn not_made(error: &GenerateError) -> Ended {
    Ended::failed(CertificateFinding::KeyNotMade, format!("No new key was made: {error}."))
}

fn journal(
    access: &Access,
    combination: Combination,
    prepared: &PreparedPair,
    options: &GenerateOptions,
    inputs: &Inputs,
) -> Journal {
    let names = (access.account().account(), access.client_id().shortened());
    // The ID as it is sent, without what a person pasted around it.
    let old = Pair { certificate_id: access.certificate_id().to_string(), ..given(inputs) };
    let file = |name: &str| Some(options.directory.join(name).display().to_string());
    let new = Pair {
        certificate_id: prepared.certificate_id().to_string(),
        private_key_file: file(&options.names.key),
        certificate_file: file(&options.names.certificate),
    };
    let making = Making {
        key_type: options.key_type.to_string(),
        days: options.days,
        encrypted: options.passphrase.is_some(),
    };
    let mut journal = Journal::new(names, (combination.role, combination.entity), (old, new));
    (journal.step, journal.making) = (RotationStep::KeysBegun, Some(making));
    journal
}
