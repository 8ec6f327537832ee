//! `certificates upload`: one certificate more, for the role and entity of this run's.

use std::cell::Cell;
use std::rc::Rc;

use crate::checks::context::Inputs;
use crate::checks::plan::Selection;
use crate::cli::error::CommandError;
use crate::credentials::Certificate;
use crate::credentials::input::Material;
use crate::probes::certificates::{Combination, Mapping, may_have_happened};
use crate::report::v1::Status;
use crate::rotation::access::{Access, RunContext, no_list, told, unchecked};
use crate::rotation::ended::CertificateFinding;
use crate::rotation::ended::{EarlyEnd, Ended};
use crate::rotation::row::{MOST_ACTIVE, active};
use crate::types::CertificateId;

/// What is to be registered.
pub struct Upload {
    /// The certificate.
    pub certificate: Material,
    /// Its private key, to prove that the two belong together.
    pub new_key: Option<Material>,
    pub passphrase: Option<Material>,
}

pub async fn run(
    run: &RunContext,
    inputs: Inputs,
    upload: Upload,
    sent: Rc<Cell<bool>>,
) -> Result<Ended, EarlyEnd> {
    let certificate = offline(run, upload).await?;
    let access = run.sign_in(inputs).await?;
    let derived = certificate.certificate_id();
    let ended = register(run, &access, &certificate, &sent).await?;
    let mut ended = ended.in_account(access.account());
    ended.values.set("derived_id", derived.as_str());
    if ended.certificate_id.is_none() {
        ended = ended.about(derived.as_str());
    }
    Ok(ended)
}

/// Everything that files alone can tell, before anything is sent.
pub(super) async fn offline(run: &RunContext, upload: Upload) -> Result<Certificate, EarlyEnd> {
    let inputs = Inputs {
        certificate: Some(upload.certificate),
        private_key: upload.new_key,
        passphrase: upload.passphrase,
        ..Inputs::default()
    };
    let selection = Selection { offline: true, ..Selection::default() };
    let (report, mut context) = run.checked(inputs, selection).await?;
    let failed = report.checks.iter().any(|check| check.status == Status::Fail);
    context.facts.certificate.take().filter(|_| !failed).ok_or_else(|| {
        let lead = "The certificate was not uploaded: a check of the files failed.";
        unchecked(&report, CertificateFinding::NotReady, lead).into()
    })
}

async fn register(
    run: &RunContext,
    access: &Access,
    certificate: &Certificate,
    sent: &Cell<bool>,
) -> Result<Ended, CommandError> {
    let derived = certificate.certificate_id();
    let mappings = match access.list().await {
        Ok(mappings) => mappings,
        Err(stop) => return Ok(no_list(&stop)),
    };
    if let Some(known) = mappings.iter().find(|m| m.certificate_id == derived.as_str()) {
        return Ok(known_already(known, &derived));
    }
    if let Some(full) = no_room(run, access, &mappings) {
        return Ok(full);
    }
    let Some(combination) = combination(access, &mappings) else {
        return Ok(not_mapped());
    };
    let pem = certificate.to_pem().map_err(CommandError::internal)?;
    sent.set(true);
    let answer = access.upload(&pem, combination).await;
    let ended = match answer {
        Ok(registered) => success(&derived, &registered.certificate_id),
        Err(stop) if !may_have_happened(&stop) => {
            let text = format!("NetSuite refused the certificate: {}.", told(&stop));
            Ended::failed(CertificateFinding::UploadRefused, text)
        }
        Err(stop) => {
            let lost = format!("The upload got no clear answer: {}.", told(&stop));
            match access.list().await {
                Ok(now) if now.iter().any(|m| m.certificate_id == derived.as_str()) => {
                    let found = format!("{lost} The list shows it registered all the same.");
                    Ended::done(CertificateFinding::Registered, found).about(derived.as_str())
                }
                Ok(_) => {
                    let text = format!("{lost} The list does not show the certificate.");
                    Ended::failed(CertificateFinding::NotRegistered, text)
                }
                Err(second) => {
                    let text =
                        format!("{lost} The list could not be had either: {}.", told(&second));
                    Ended::undecided(CertificateFinding::UploadUndecided, text)
                }
            }
        }
    };
    sent.set(false);
    Ok(ended)
}

fn success(derived: &CertificateId, given: &CertificateId) -> Ended {
    if derived == given {
        let text = format!(
            "NetSuite registered the certificate. Its Certificate ID is {given}, the one that \
             follows from the certificate."
        );
        return Ended::done(CertificateFinding::Registered, text).about(given.as_str());
    }
    let text = format!(
        "NetSuite registered the certificate under the Certificate ID {given}. The one that \
         follows from the certificate is {derived}."
    );
    Ended::done(CertificateFinding::OtherId, text).about(given.as_str())
}

pub(super) fn known_already(known: &Mapping, derived: &CertificateId) -> Ended {
    if known.revoked == Some(true) {
        let text = "NetSuite lists this certificate as revoked. Nothing was uploaded.";
        return Ended::failed(CertificateFinding::RevokedBefore, text).about(derived.as_str());
    }
    let text = format!(
        "NetSuite lists this certificate already, for role {} and entity {}. Nothing was uploaded.",
        known.role.as_deref().unwrap_or("not stated"),
        known.entity.as_deref().unwrap_or("not stated"),
    );
    Ended::done(CertificateFinding::AlreadyRegistered, text).about(derived.as_str())
}

/// The end of a command for which there is no room; nothing where there is.
pub fn no_room(run: &RunContext, access: &Access, mappings: &[Mapping]) -> Option<Ended> {
    let today = run.today();
    let count = active(mappings, today);
    if count < MOST_ACTIVE {
        return None;
    }
    let text = format!(
        "The integration record has {count} active certificates, and NetSuite takes {MOST_ACTIVE} \
         at most. Nothing was uploaded."
    );
    Some(Ended::failed(CertificateFinding::NoRoom, text).rows(access.rows(mappings, today)))
}

/// Role and entity of this run's certificate: by the list, or else by the token.
pub fn combination(access: &Access, mappings: &[Mapping]) -> Option<Combination> {
    let own = mappings.iter().find(|m| m.certificate_id == access.certificate_id().as_str());
    let listed =
        own.and_then(|own| Some(Combination { role: own.role_id?, entity: own.entity_id? }));
    listed.or_else(|| access.combination())
}

pub fn not_mapped() -> Ended {
    let text = "Neither the list nor the token says which role and entity this run's certificate \
                is for. Nothing was uploaded.";
    Ended::failed(CertificateFinding::NotMapped, text)
}
