//! `certificates upload --sign-in`: a mapping made without the M2M page, by an administrator's
//! sign-in: role, entity and application shown, confirmed, sent once, read back, and proved by a
//! token of the integration.

use std::cell::Cell;
use std::rc::Rc;

use crate::checks::context::{Context, Inputs};
use crate::checks::ids;
use crate::checks::plan::{Pattern, Selection};
use crate::cli::error::CommandError;
use crate::credentials::Certificate;
use crate::credentials::input::{Given, Material, Origin};
use crate::netsuite::Bearer;
use crate::netsuite::http::Client;
use crate::oauth::code_grant::Browser;
use crate::probes::certificates::{self, Combination, Mapping, listing, may_have_happened};
use crate::probes::inside::Inside;
use crate::probes::inside::role::role;
use crate::rotation::access::{RunContext, no_list, told, unchecked};
use crate::rotation::ended::{CertificateFinding, EarlyEnd, Ended};
use crate::rotation::row::{CertificateRow, MOST_ACTIVE, active};
use crate::rotation::upload::{Upload, known_already, offline};
use crate::types::{AccountId, CertificateId, ClientId};

/// What is to be mapped.
pub struct NewMapping {
    /// The certificate, and the key that proves the mapping.
    pub upload: Upload,
    /// For whom.
    pub combination: Combination,
    /// Who signs in.
    pub browser: Box<dyn Browser>,
}

/// Makes the mapping.
///
/// # Errors
/// Where it ends before its last step.
pub async fn run(
    run: &RunContext,
    inputs: Inputs,
    new: NewMapping,
    sent: Rc<Cell<bool>>,
) -> Result<Ended, EarlyEnd> {
    let NewMapping { upload, combination, browser } = new;
    let proving = |certificate: &Certificate, key: Option<Material>, passphrase| Inputs {
        certificate_id: Some(Given {
            value: certificate.certificate_id().to_string(),
            origin: Origin::Generated,
        }),
        private_key: key,
        passphrase,
        ..inputs.clone()
    };
    let (key, passphrase) = (upload.new_key.clone(), upload.passphrase.clone());
    let certificate = offline(run, upload).await?;
    let mut inputs = proving(&certificate, key, passphrase);
    let administrator = Administrator::sign_in(run, inputs.clone(), browser).await?;
    let account = administrator.account.account();
    inputs.account_id = Some(Given { value: account, origin: Origin::Generated });
    let derived = certificate.certificate_id();
    let made = administrator.map(run, &certificate, combination, &sent).await?;
    let ended = match made.finding {
        CertificateFinding::MappingCreated => prove(run, inputs, combination, made).await?,
        _ => made,
    };
    let mut ended = ended.in_account(&administrator.account);
    ended.values.set("derived_id", derived.as_str());
    ended.values.set("role_id", combination.role.to_string());
    ended.values.set("entity_id", combination.entity.to_string());
    if ended.certificate_id.is_none() {
        ended = ended.about(derived.as_str());
    }
    Ok(ended)
}

/// A token of the integration, with the new key: the proof that the mapping works.
async fn prove(
    run: &RunContext,
    inputs: Inputs,
    combination: Combination,
    made: Ended,
) -> Result<Ended, EarlyEnd> {
    let proved = match run.sign_in(inputs).await {
        Ok(access) => match access.combination() {
            Some(own) if own != combination => {
                let text = format!(
                    "{} The token that was issued with it is of another role or entity.",
                    made.summary
                );
                Ended::failed(CertificateFinding::OtherRole, text)
            }
            _ => {
                let text =
                    format!("{} A token was issued with it: the mapping works.", made.summary);
                Ended::done(CertificateFinding::MappingCreated, text)
            }
        },
        Err(EarlyEnd::Document(ended)) => Ended {
            finding: CertificateFinding::MappingNotProved,
            summary: format!("{} It is not proved yet. {}", made.summary, ended.summary),
            ..*ended
        },
        Err(error) => return Err(error),
    };
    let id = made.certificate_id;
    Ok(match id {
        Some(id) => proved.about(id),
        None => proved,
    })
}

/// An account that an administrator signed in to.
struct Administrator {
    client: Client,
    account: AccountId,
    client_id: ClientId,
    token: Bearer,
}

impl Administrator {
    async fn sign_in(
        run: &RunContext,
        inputs: Inputs,
        browser: Box<dyn Browser>,
    ) -> Result<Self, EarlyEnd> {
        let only = vec![Pattern::Check(ids::CLIENT_ID), Pattern::Check(ids::SIGN_IN)];
        let selection = Selection { only, ..Selection::default() };
        let (report, context) = run.checked_by(inputs, selection, Some(browser)).await?;
        let Context { mut facts, client, .. } = context;
        let account = facts.account_id.take();
        let taken = (client, account.clone(), facts.client_id.take(), facts.signed_in.take());
        match taken {
            (Some(client), Some(account), Some(client_id), Some(signed_in)) => {
                Ok(Self { client, account, client_id, token: signed_in.token })
            }
            _ => {
                let lead = "Nobody signed in, and nothing was sent.";
                let mut ended = unchecked(&report, CertificateFinding::NotSignedIn, lead);
                ended.account = account;
                Err(ended.into())
            }
        }
    }

    async fn list(&self) -> Result<Vec<Mapping>, Ended> {
        let listing = listing(&self.client, &self.account, &self.token, &self.client_id).await;
        listing.result.map_err(|stop| no_list(&stop))
    }

    async fn map(
        &self,
        run: &RunContext,
        certificate: &Certificate,
        combination: Combination,
        sent: &Cell<bool>,
    ) -> Result<Ended, EarlyEnd> {
        let derived = certificate.certificate_id();
        let mappings = self.list().await?;
        if let Some(known) = mappings.iter().find(|row| row.certificate_id == derived.as_str()) {
            return Ok(known_already(known, &derived));
        }
        let today = run.today();
        if active(&mappings, today) >= MOST_ACTIVE {
            let text = format!(
                "The integration record has {MOST_ACTIVE} active certificates, and NetSuite takes \
                 no more. Nothing was uploaded."
            );
            let rows = mappings.iter().map(|row| CertificateRow::of(row, "", today)).collect();
            return Ok(Ended::failed(CertificateFinding::NoRoom, text).rows(rows));
        }
        if !run.person.ask(&self.question(&derived, combination).await).await {
            let text = "Not confirmed. Nothing was sent, and nothing was changed.";
            return Ok(Ended::failed(CertificateFinding::NotConfirmed, text));
        }
        let pem = certificate.to_pem().map_err(CommandError::internal)?;
        sent.set(true);
        let (account, token) = (&self.account, &self.token);
        let answer =
            certificates::upload(&self.client, account, token, &self.client_id, &pem, combination)
                .await;
        let ended = match answer {
            Ok(registered) => self.read_back(&registered.certificate_id).await,
            Err(stop) if !may_have_happened(&stop) => {
                let text = format!("NetSuite refused the mapping: {}.", told(&stop));
                Ended::failed(CertificateFinding::UploadRefused, text)
            }
            Err(stop) => {
                let lost = format!("The upload got no clear answer: {}.", told(&stop));
                match self.list().await {
                    Ok(now) if listed(&now, &derived) => {
                        let text = format!("{lost} The list shows the mapping all the same.");
                        Ended::done(CertificateFinding::MappingCreated, text)
                            .about(derived.as_str())
                    }
                    Ok(_) => {
                        let text = format!("{lost} The list does not show the certificate.");
                        Ended::failed(CertificateFinding::NotRegistered, text)
                    }
                    Err(_) => {
                        let text = format!("{lost} The list could not be had either.");
                        Ended::undecided(CertificateFinding::UploadUndecided, text)
                    }
                }
            }
        };
        sent.set(false);
        Ok(ended)
    }

    async fn question(&self, certificate: &CertificateId, combination: Combination) -> String {
        let inside = Inside { client: &self.client, hosts: &self.account, token: &self.token };
        // The name only helps to see that the right role is meant; without it the ID stands alone.
        let named = role(inside, combination.role).await.result.ok().flatten();
        let name = named.and_then(|row| row.name).map(|name| format!(" ({name})"));
        format!(
            "\n  This makes a mapping in account {}:\n    Role            {}{}\n    Entity          \
             {}\n    Application     Client ID {}\n    Certificate ID  {certificate}\n  Make it? \
             [y/N] ",
            self.account.account(),
            combination.role,
            name.unwrap_or_default(),
            combination.entity,
            self.client_id.shortened(),
        )
    }

    async fn read_back(&self, id: &CertificateId) -> Ended {
        let made = format!("NetSuite made the mapping. Its Certificate ID is {id}.");
        let text = match self.list().await {
            Ok(now) if listed(&now, id) => format!("{made} The list shows it."),
            Ok(_) => format!("{made} The list does not show it yet."),
            Err(_) => format!("{made} The list could not be read afterwards."),
        };
        Ended::done(CertificateFinding::MappingCreated, text).about(id.as_str())
    }
}

fn listed(mappings: &[Mapping], id: &CertificateId) -> bool {
    mappings.iter().any(|row| row.certificate_id == id.as_str())
}
