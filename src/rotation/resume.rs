//! Going on with a rotation, from its journal and the files beside it.

use std::path::PathBuf;

use crate::checks::context::Inputs;
use crate::cli::error::CommandError;
use crate::credentials::Certificate;
use crate::credentials::certificate::source;
use crate::credentials::input::{Given, InputError, Material, Origin, read_file};
use crate::credentials::store::FileNames;
use crate::rotation::access::Access;
use crate::rotation::ended::CertificateFinding;
use crate::rotation::ended::{EarlyEnd, Ended};
use crate::rotation::flow::Rotation;
use crate::rotation::journal::{Journal, RotationStep};
use crate::types::SecretKind;
use crate::types::shown::shown_path;

impl Rotation<'_> {
    /// From where the journal says. The old certificate is asked for only as long as the new one
    /// may not be registered: afterwards it may be revoked.
    pub async fn resume(&self, inputs: Inputs) -> Result<Ended, EarlyEnd> {
        let step = self.book.journal().map(|journal| journal.step);
        let access = match step {
            Some(RotationStep::KeysBegun | RotationStep::KeysMade | RotationStep::UploadSent) => {
                let access = self.sign_in(inputs.clone()).await?;
                if let Some(journal) = self.book.journal() {
                    self.same_account(&journal, &access)?;
                    if journal.step == RotationStep::KeysBegun {
                        self.complete_pair(&access, &journal, &inputs).await?;
                    }
                }
                Some(access)
            }
            _ => None,
        };
        self.go_on(access, inputs, true).await
    }

    /// Another account, or another integration record, is another rotation.
    pub fn same_account(&self, journal: &Journal, access: &Access) -> Result<(), EarlyEnd> {
        let account = access.account().account() == journal.account_id;
        if account && access.client_id().shortened() == journal.client_id {
            return Ok(());
        }
        let text = format!(
            "the rotation in {} is of account {} and Client ID {}; give the same target options",
            shown_path(&self.book.directory),
            journal.account_id,
            journal.client_id
        );
        Err(CommandError::usage(text).into())
    }

    /// The new credentials in place of the old ones.
    pub fn new_inputs(&self, journal: &Journal, inputs: Inputs) -> Result<Inputs, EarlyEnd> {
        let names = FileNames::default();
        let id = Given { value: journal.new.certificate_id.clone(), origin: Origin::Generated };
        let passphrase = self.new_passphrase.clone();
        let new = Inputs {
            certificate_id: Some(id),
            private_key: Some(self.read(&names.key)?),
            certificate: Some(self.read(&names.certificate)?),
            passphrase,
            ..inputs
        };
        Ok(new)
    }

    pub fn read_certificate(&self, _: &Journal) -> Result<Certificate, EarlyEnd> {
        let material = self.read(&FileNames::default().certificate)?;
        let found = source::find(&material, None, source::Wanted::default()).map_err(|_| {
            let text = "The certificate in the directory cannot be read.";
            EarlyEnd::from(Ended::failed(CertificateFinding::FilesChanged, text))
        })?;
        Ok(found.certificate)
    }

    /// A file of the new pair: always beside the journal, whatever paths it names.
    fn read(&self, name: &str) -> Result<Material, EarlyEnd> {
        let path: PathBuf = self.book.directory.join(name);
        read_file(&path, "--resume", SecretKind::PrivateKey).map_err(|error: InputError| {
            let text = format!("A file of the new pair cannot be read: {error}.");
            Ended::failed(CertificateFinding::FilesChanged, text).into()
        })
    }
}
