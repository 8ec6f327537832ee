//! `certificates revoke`

use std::cell::Cell;
use std::rc::Rc;

use crate::checks::context::Inputs;
use crate::probes::certificates::may_have_happened;
use crate::rotation::access::{Access, RunContext, no_list, told};
use crate::rotation::ended::CertificateFinding;
use crate::rotation::ended::{EarlyEnd, Ended};
use crate::rotation::row::active;
use crate::types::CertificateId;

/// What is to be revoked.
pub struct Revoke {
    pub id: CertificateId,
    /// The consequences are accepted.
    pub yes: bool,
    /// Even where it is the certificate that this run signs in with.
    pub force_in_use: bool,
}

pub async fn run(
    run: &RunContext,
    inputs: Inputs,
    revoke: &Revoke,
    sent: Rc<Cell<bool>>,
) -> Result<Ended, EarlyEnd> {
    let about = |ended: Ended| ended.about(revoke.id.as_str());
    let access = run.sign_in(inputs).await.map_err(|end| end.map(about))?;
    let ended = decide(run, &access, revoke, &sent).await;
    Ok(about(ended).in_account(access.account()))
}

async fn decide(run: &RunContext, access: &Access, revoke: &Revoke, sent: &Cell<bool>) -> Ended {
    let in_use = revoke.id == *access.certificate_id();
    if in_use && !revoke.force_in_use {
        let text = "This is the certificate that this run signs in with. Nothing was revoked.";
        return Ended::failed(CertificateFinding::InUse, text);
    }
    let mappings = match access.list().await {
        Ok(mappings) => mappings,
        Err(stop) => return no_list(&stop),
    };
    let today = run.today();
    let rows = access.rows(&mappings, today);
    let Some(wanted) = mappings.iter().find(|m| m.certificate_id == revoke.id.as_str()) else {
        let text = "NetSuite does not list this Certificate ID for this integration record. \
                    Nothing was revoked.";
        return Ended::failed(CertificateFinding::NotListed, text).rows(rows);
    };
    if wanted.revoked == Some(true) {
        let text = "NetSuite lists this certificate as revoked already. Nothing was sent.";
        return Ended::done(CertificateFinding::AlreadyRevoked, text);
    }
    if wanted.is_active(today) && active(&mappings, today) <= 1 {
        let text = "This is the only active certificate of the integration record. Nothing was \
                    revoked.";
        return Ended::failed(CertificateFinding::LastActive, text).rows(rows);
    }
    let question =
        format!("Revoke {} for good? Whatever signs in with it stops working. [y/N] ", revoke.id);
    if !revoke.yes && !run.person.ask(&question).await {
        return Ended::failed(CertificateFinding::Declined, "Nothing was revoked.");
    }
    sent.set(true);
    let ended = send(access, &revoke.id).await;
    sent.set(false);
    ended
}

/// Revokes, and looks at the list where the answer leaves it open.
pub async fn send(access: &Access, id: &CertificateId) -> Ended {
    let stop = match access.revoke(id).await {
        Ok(()) => {
            return Ended::done(
                CertificateFinding::Revoked,
                "NetSuite confirmed: successfully revoked.",
            );
        }
        Err(stop) => stop,
    };
    if !may_have_happened(&stop) {
        let text = format!("NetSuite refused to revoke the certificate: {}.", told(&stop));
        return Ended::failed(CertificateFinding::RevokeRefused, text);
    }
    let lost = format!("The revocation got no clear answer: {}.", told(&stop));
    let now = access.list().await;
    let of = |mappings: &[crate::probes::certificates::Mapping]| {
        mappings.iter().find(|m| m.certificate_id == id.as_str()).and_then(|m| m.revoked)
    };
    match now.as_deref().map(of) {
        Ok(Some(true)) => {
            let text = format!("{lost} The list shows it revoked all the same.");
            Ended::done(CertificateFinding::Revoked, text)
        }
        Ok(Some(false)) => {
            let text = format!("{lost} The list shows the certificate as not revoked.");
            Ended::failed(CertificateFinding::NotRevoked, text)
        }
        Ok(None) => {
            let text = format!("{lost} The list does not tell.");
            Ended::undecided(CertificateFinding::RevokeUndecided, text)
        }
        Err(second) => {
            let text = format!("{lost} The list could not be had either: {}.", told(second));
            Ended::undecided(CertificateFinding::RevokeUndecided, text)
        }
    }
}
