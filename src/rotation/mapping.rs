//! `certificates upload --sign-in`: a mapping made without the M2M page, by an administrator's
//! sign-in: role, entity and application shown, confirmed, sent once, read back, and proved by a
//! token of the integration.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use crate::checks::context::{Context, Inputs};
use crate::checks::ids;
use crate::checks::plan::{Pattern, Selection};
use crate::cli::error::CommandError;
use crate::credentials::Certificate;
use crate::credentials::identifiers::read_account_id;
use crate::credentials::input::{Given, Origin};
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
    let (certificate, mut inputs) = ready(run, inputs, upload).await?;
    let (administrator, client_id) = Administrator::of(run, inputs.clone(), browser).await?;
    let account = administrator.account.account();
    inputs.account_id = Some(Given { value: account, origin: Origin::Generated });
    let of = Wanted { client_id: &client_id, certificate: &certificate, combination };
    administrator.make(run, inputs, of, &sent).await
}

/// The certificate, when its files are right, and the inputs with which a mapping of it is proved.
///
/// # Errors
/// When a check of the files fails.
pub async fn ready(
    run: &RunContext,
    inputs: Inputs,
    upload: Upload,
) -> Result<(Certificate, Inputs), EarlyEnd> {
    let (private_key, passphrase) = (upload.new_key.clone(), upload.passphrase.clone());
    let certificate = offline(run, upload).await?;
    let value = certificate.certificate_id().to_string();
    let certificate_id = Some(Given { value, origin: Origin::Generated });
    Ok((certificate, Inputs { certificate_id, private_key, passphrase, ..inputs }))
}

/// The mapping that is wanted.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// Of the integration record.
    pub client_id: &'a ClientId,
    /// What is registered.
    pub certificate: &'a Certificate,
    /// For whom.
    pub combination: Combination,
}

/// The end of a command that was to make a mapping, with all that it is about.
fn about(ended: Ended, account: &AccountId, wanted: Wanted<'_>) -> Ended {
    let Wanted { certificate, combination, .. } = wanted;
    let derived = certificate.certificate_id();
    let mut ended = ended.in_account(account);
    ended.values.set("derived_id", derived.as_str());
    ended.values.set("role_id", combination.role.to_string());
    ended.values.set("entity_id", combination.entity.to_string());
    if ended.certificate_id.is_none() {
        ended = ended.about(derived.as_str());
    }
    ended
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
pub struct Administrator {
    client: Client,
    account: AccountId,
    token: Bearer,
}

impl fmt::Debug for Administrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Administrator({}, hidden)", self.account.account())
    }
}

impl Administrator {
    /// The sign-in, and the integration record that a mapping is to be made for.
    async fn of(
        run: &RunContext,
        inputs: Inputs,
        browser: Box<dyn Browser>,
    ) -> Result<(Self, ClientId), EarlyEnd> {
        let only = vec![Pattern::Check(ids::CLIENT_ID), Pattern::Check(ids::SIGN_IN)];
        match Self::signed_in(run, inputs, browser, only).await? {
            (Some(administrator), Some(client_id), _) => Ok((administrator, client_id)),
            (_, _, ended) => Err(ended.into()),
        }
    }

    /// The sign-in alone; the account is learned from it where none is given.
    ///
    /// # Errors
    /// When nobody signed in, or the sign-in serves no query.
    pub async fn sign_in(
        run: &RunContext,
        inputs: Inputs,
        browser: Box<dyn Browser>,
    ) -> Result<Self, EarlyEnd> {
        let only = vec![Pattern::Check(ids::SIGN_IN)];
        let (administrator, _, ended) = Self::signed_in(run, inputs, browser, only).await?;
        administrator.ok_or_else(|| ended.into())
    }

    /// Whoever signed in, the Client ID where it was checked, and the end where one is missing.
    async fn signed_in(
        run: &RunContext,
        inputs: Inputs,
        browser: Box<dyn Browser>,
        only: Vec<Pattern>,
    ) -> Result<(Option<Self>, Option<ClientId>, Ended), EarlyEnd> {
        let selection = Selection { only, ..Selection::default() };
        let (report, context) = run.checked_by(inputs, selection, Some(browser)).await?;
        let Context { mut facts, client, .. } = context;
        let account = facts.account_id.take();
        let lead = "Nobody signed in, and nothing was sent.";
        let mut ended = unchecked(&report, CertificateFinding::NotSignedIn, lead);
        ended.account.clone_from(&account);
        let administrator = match (client, account, facts.signed_in.take()) {
            (Some(client), Some(account), Some(signed_in)) => {
                Some(Self { client, account, token: signed_in.token })
            }
            _ => None,
        };
        Ok((administrator, facts.client_id.take(), ended))
    }

    /// The account that was signed in to.
    #[must_use]
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// Whether the account of these inputs, where they name one, is the one that was signed in to.
    #[must_use]
    pub fn is_in(&self, inputs: &Inputs) -> bool {
        let named = inputs.account_id.as_ref().map(|given| read_account_id(&given.value));
        named.is_none_or(|read| read.is_ok_and(|read| read.id == self.account))
    }

    /// The way to ask the account.
    #[must_use]
    pub fn inside(&self) -> Inside<'_> {
        Inside { client: &self.client, hosts: &self.account, token: &self.token }
    }

    /// Makes the mapping, and proves it by a token of the integration. `inputs` are those of the
    /// integration, with the new key.
    ///
    /// # Errors
    /// Only on a bug.
    pub async fn make(
        &self,
        run: &RunContext,
        inputs: Inputs,
        wanted: Wanted<'_>,
        sent: &Cell<bool>,
    ) -> Result<Ended, EarlyEnd> {
        let made = self.map(run, wanted, sent).await?;
        let ended = match made.finding {
            CertificateFinding::MappingCreated => {
                prove(run, inputs, wanted.combination, made).await?
            }
            _ => made,
        };
        Ok(about(ended, &self.account, wanted))
    }

    async fn list(&self, client_id: &ClientId) -> Result<Vec<Mapping>, Ended> {
        let listing = listing(&self.client, &self.account, &self.token, client_id).await;
        listing.result.map_err(|stop| no_list(&stop))
    }

    async fn map(
        &self,
        run: &RunContext,
        wanted: Wanted<'_>,
        sent: &Cell<bool>,
    ) -> Result<Ended, EarlyEnd> {
        let Wanted { client_id, certificate, combination } = wanted;
        let derived = certificate.certificate_id();
        let mappings = self.list(client_id).await?;
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
        if !run.person.ask(&self.question(wanted).await).await {
            let text = "Not confirmed. Nothing was sent, and nothing was changed.";
            return Ok(Ended::failed(CertificateFinding::NotConfirmed, text));
        }
        let pem = certificate.to_pem().map_err(CommandError::internal)?;
        sent.set(true);
        let (account, token) = (&self.account, &self.token);
        let answer =
            certificates::upload(&self.client, account, token, client_id, &pem, combination).await;
        let ended = match answer {
            Ok(registered) => self.read_back(client_id, &registered.certificate_id).await,
            Err(stop) if !may_have_happened(&stop) => {
                let text = format!("NetSuite refused the mapping: {}.", told(&stop));
                Ended::failed(CertificateFinding::UploadRefused, text)
            }
            Err(stop) => {
                let lost = format!("The upload got no clear answer: {}.", told(&stop));
                match self.list(client_id).await {
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

    async fn question(&self, wanted: Wanted<'_>) -> String {
        let Wanted { client_id, certificate, combination } = wanted;
        // The name only helps to see that the right role is meant; without it the ID stands alone.
        let named = role(self.inside(), combination.role).await.result.ok().flatten();
        let name = named.and_then(|row| row.name).map(|name| format!(" ({name})"));
        format!(
            "\n  This makes a mapping in account {}:\n    Role            {}{}\n    Entity          \
             {}\n    Application     Client ID {}\n    Certificate ID  {}\n  Make it? [y/N] ",
            self.account.account(),
            combination.role,
            name.unwrap_or_default(),
            combination.entity,
            client_id.shortened(),
            certificate.certificate_id(),
        )
    }

    async fn read_back(&self, client_id: &ClientId, id: &CertificateId) -> Ended {
        let made = format!("NetSuite made the mapping. Its Certificate ID is {id}.");
        let text = match self.list(client_id).await {
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
