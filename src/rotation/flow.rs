//! The steps of a rotation, in order. Each is noted before its request goes out and after its
//! answer came.

use std::cell::Cell;

use crate::checks::context::Inputs;
use crate::cli::error::CommandError;
use crate::credentials::Certificate;
use crate::credentials::generate::GenerateOptions;
use crate::credentials::input::Material;
use crate::probes::certificates::{Combination, may_have_happened};
use crate::rotation::access::{Access, RunContext, no_list, told};
use crate::rotation::ended::CertificateFinding;
use crate::rotation::ended::{EarlyEnd, Ended};
use crate::rotation::journal::{Journal, JournalError, JournalFile, RotationStep};
use crate::rotation::revoke;
use crate::rotation::upload;
use crate::types::{CertificateId, ExitCode};

impl From<JournalError> for EarlyEnd {
    fn from(error: JournalError) -> Self {
        let text =
            format!("The journal of the rotation cannot be written, so it stops here: {error}.");
        Ended::failed(CertificateFinding::JournalUnwritable, text).into()
    }
}

/// One rotation under way.
pub struct Rotation<'a> {
    pub run: &'a RunContext,
    pub book: &'a JournalFile,
    /// Whether the old certificate is revoked without a question.
    pub revoke_unasked: bool,
    pub new_passphrase: Option<Material>,
    pub signed_in: Cell<bool>,
}

/// An upload that left no clear answer.
struct Lost {
    text: String,
    /// Whether the list was had, and does not show it.
    absent: bool,
}

impl<'a> Rotation<'a> {
    pub fn new(
        run: &'a RunContext,
        book: &'a JournalFile,
        revoke_unasked: bool,
        new_passphrase: Option<Material>,
    ) -> Self {
        Self { run, book, revoke_unasked, new_passphrase, signed_in: Cell::new(false) }
    }

    /// Whether a token was had with the credentials given.
    pub fn signed_in(&self) -> bool {
        self.signed_in.get()
    }

    /// From the beginning.
    pub async fn start(&self, inputs: Inputs, options: GenerateOptions) -> Result<Ended, EarlyEnd> {
        let access = self.sign_in(inputs.clone()).await?;
        let placed = |ended: Ended| ended.in_account(access.account());
        let mappings = access.list().await.map_err(|stop| placed(no_list(&stop)))?;
        if let Some(full) = upload::no_room(self.run, &access, &mappings) {
            return Err(placed(full).into());
        }
        let combination =
            upload::combination(&access, &mappings).ok_or_else(|| placed(upload::not_mapped()))?;
        let made = self.make_pair(&access, combination, &options, &inputs).await;
        made.map_err(|end| end.map(placed))?;
        self.go_on(Some(access), inputs, false).await
    }

    pub async fn sign_in(&self, inputs: Inputs) -> Result<Access, EarlyEnd> {
        let access = self.run.sign_in(inputs).await?;
        self.signed_in.set(true);
        Ok(access)
    }

    /// From the step that the journal names to the end. `access` is the way in with the old
    /// certificate, needed only until the new one is registered.
    pub async fn go_on(
        &self,
        access: Option<Access>,
        inputs: Inputs,
        resumed: bool,
    ) -> Result<Ended, EarlyEnd> {
        let mut lost = None;
        if let Some(access) = access {
            let registered = self.register(&access, resumed).await;
            let placed = |ended: Ended| ended.in_account(access.account());
            lost = registered.map_err(|end| end.map(placed))?;
        }
        let new = self.prove(inputs, lost).await?;
        Ok(self.retire(&new).await?.in_account(new.account()))
    }

    fn journal(&self) -> Result<Journal, EarlyEnd> {
        let missing = || CommandError::internal("the rotation has no journal").into();
        self.book.journal().ok_or_else(missing)
    }

    /// Registers the new certificate, unless it is registered.
    async fn register(&self, access: &Access, resumed: bool) -> Result<Option<Lost>, EarlyEnd> {
        let journal = self.journal()?;
        let certificate = self.certificate(&journal)?;
        let id = journal.new.certificate_id.as_str();
        if resumed {
            let mappings = access.list().await.map_err(|stop| no_list(&stop))?;
            match mappings.iter().find(|mapping| mapping.certificate_id == id) {
                Some(known) if known.revoked == Some(true) => {
                    let text = "NetSuite lists the new certificate as revoked.";
                    return Err(Ended::failed(CertificateFinding::RevokedBefore, text)
                        .about(id)
                        .into());
                }
                Some(_) => {
                    self.book.reached(RotationStep::Registered)?;
                    return Ok(None);
                }
                None => {}
            }
            if let Some(full) = upload::no_room(self.run, access, &mappings) {
                return Err(full.into());
            }
        }
        let pem = certificate.to_pem().map_err(CommandError::internal)?;
        let sent_before = journal.step == RotationStep::UploadSent;
        self.book.reached(RotationStep::UploadSent)?;
        let combination = Combination { role: journal.role, entity: journal.entity };
        let stop = match access.upload(&pem, combination).await {
            Ok(registered) => {
                let mut journal = self.journal()?;
                journal.step = RotationStep::Registered;
                journal.new.certificate_id = registered.certificate_id.to_string();
                self.book.write(journal)?;
                return Ok(None);
            }
            Err(stop) => stop,
        };
        let text = format!("The upload brought no confirmation: {}.", told(&stop));
        if !may_have_happened(&stop) {
            if sent_before {
                // Perhaps refused because the upload before took effect; the key will tell.
                return Ok(Some(Lost { text, absent: true }));
            }
            self.book.reached(RotationStep::KeysMade)?;
            let text = format!("NetSuite refused the new certificate: {}.", told(&stop));
            return Err(Ended::failed(CertificateFinding::UploadRefused, text).into());
        }
        match access.list().await {
            Ok(now) if now.iter().any(|mapping| mapping.certificate_id == id) => {
                self.book.reached(RotationStep::Registered)?;
                Ok(None)
            }
            Ok(_) => Ok(Some(Lost { text, absent: true })),
            Err(_) => Ok(Some(Lost { text, absent: false })),
        }
    }

    /// A token with the new key: the proof that it works, whatever was answered before.
    async fn prove(&self, inputs: Inputs, lost: Option<Lost>) -> Result<Access, EarlyEnd> {
        let journal = self.journal()?;
        let new = self.new_inputs(&journal, inputs)?;
        match self.run.sign_in(new).await {
            Ok(access) => {
                self.signed_in.set(true);
                self.same_account(&journal, &access)?;
                let wanted = Combination { role: journal.role, entity: journal.entity };
                if access.combination().is_some_and(|own| own != wanted) {
                    let text = "A token was issued with the new key, for another role or entity \
                                than the old one has.";
                    return Err(Ended::failed(CertificateFinding::OtherRole, text).into());
                }
                if !matches!(journal.step, RotationStep::RevokeSent | RotationStep::OldRevoked) {
                    self.book.reached(RotationStep::Proved)?;
                }
                Ok(access)
            }
            Err(EarlyEnd::Document(mut ended)) => {
                ended.finding = CertificateFinding::NotProved;
                ended.summary = format!("The new key is not proved. {}", ended.summary);
                if let Some(lost) = lost {
                    ended.summary = format!("{} {}", lost.text, ended.summary);
                    let refused = ended.exit == ExitCode::Failed && lost.absent;
                    ended.finding = if refused {
                        CertificateFinding::NotRegistered
                    } else {
                        CertificateFinding::UploadUndecided
                    };
                    if !refused {
                        ended.exit = ExitCode::Inconclusive;
                    }
                    // What fixes a wrong identifier does not fix a lost upload.
                    ended.fixes.clear();
                }
                Err(EarlyEnd::Document(ended))
            }
            Err(error) => Err(error),
        }
    }

    /// Revokes the old certificate, where that is wanted.
    async fn retire(&self, access: &Access) -> Result<Ended, EarlyEnd> {
        let journal = self.journal()?;
        let old = journal.old.certificate_id.as_str();
        let new = journal.new.certificate_id.as_str();
        let complete = || {
            let text = format!("A token was issued with the new key, and {old} is revoked.");
            Ended::done(CertificateFinding::Rotated, text).about(new)
        };
        if journal.step == RotationStep::OldRevoked {
            return Ok(complete());
        }
        if journal.step == RotationStep::RevokeSent {
            let mappings = access.list().await.map_err(|stop| no_list(&stop))?;
            let known = mappings.iter().find(|mapping| mapping.certificate_id == old);
            if known.and_then(|mapping| mapping.revoked) == Some(true) {
                self.book.reached(RotationStep::OldRevoked)?;
                return Ok(complete());
            }
            self.book.reached(RotationStep::Proved)?;
        }
        let kept = || {
            let text = format!("A token was issued with the new key. {old} is still active.");
            Ended::done(CertificateFinding::Proved, text).about(new)
        };
        let question = format!(
            "A token was issued with the new key. Revoke the old certificate {old} for good? \
             Whatever still signs in with it stops working. [y/N] "
        );
        if !self.revoke_unasked && !self.run.person.ask(&question).await {
            return Ok(kept());
        }
        let Ok(id) = CertificateId::new(old) else { return Ok(kept()) };
        self.book.reached(RotationStep::RevokeSent)?;
        let ended = revoke::send(access, &id).await;
        match ended.finding {
            CertificateFinding::Revoked => {
                self.book.reached(RotationStep::OldRevoked)?;
                Ok(complete())
            }
            CertificateFinding::RevokeUndecided => Ok(ended),
            _ => {
                self.book.reached(RotationStep::Proved)?;
                Ok(ended)
            }
        }
    }

    pub fn certificate(&self, journal: &Journal) -> Result<Certificate, EarlyEnd> {
        let found = self.read_certificate(journal)?;
        if found.certificate_id().as_str() == journal.new.certificate_id {
            return Ok(found);
        }
        let text = "The certificate in the directory is not the one that this rotation made.";
        Err(Ended::failed(CertificateFinding::FilesChanged, text).into())
    }
}
