//! Signing in to the account, and asking it about its certificates.

use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::checks::context::{Context, Inputs};
use crate::checks::ids;
use crate::checks::plan::{Pattern, Selection};
use crate::cli::error::CommandError;
use crate::cli::options::NetworkArgs;
use crate::netsuite::Bearer;
use crate::netsuite::http::Client;
use crate::oauth::access_token::TokenClaims;
use crate::oauth::code_grant::Browser;
use crate::preflight::session::{NothingToDo, Order, Preflight};
use crate::probes::certificates::{Combination, Mapping, Registered, listing};
use crate::probes::record::Stop;
use crate::probes::{NoAnswer, certificates};
use crate::report::v1::{CheckEntry, Status};
use crate::report::{ExitPolicy, Report};
use crate::rotation::Person;
use crate::rotation::ended::CertificateFinding;
use crate::rotation::ended::{EarlyEnd, Ended};
use crate::rotation::row::CertificateRow;
use crate::rotation::row::{MOST_ACTIVE, active};
use crate::types::{AccountId, CertificateId, ClientId, Clock, ExitCode, Scrubber};

fn not_begun(error: NothingToDo) -> CommandError {
    match error {
        NothingToDo::Missing(flags) => CommandError::usage(format!(
            "missing: {}. Give each as a flag or as its variable; --help names them",
            flags.join(", ")
        )),
        error => CommandError::usage(error),
    }
}

/// What every command works with.
#[derive(Debug)]
pub struct RunContext {
    pub clock: Clock,
    pub scrubber: Scrubber,
    pub network: NetworkArgs,
    pub person: Box<dyn Person>,
}

/// An account that let us in.
pub struct Access {
    client: Client,
    account: AccountId,
    client_id: ClientId,
    certificate_id: CertificateId,
    token: Bearer,
}

impl RunContext {
    pub fn today(&self) -> Date {
        TimeZone::UTC.to_datetime(self.clock.now()).date()
    }

    /// Runs checks over inputs.
    pub async fn checked(
        &self,
        inputs: Inputs,
        selection: Selection,
    ) -> Result<(Report, Context), CommandError> {
        self.checked_by(inputs, selection, None).await
    }

    /// The same with an administrator's sign-in.
    pub async fn checked_by(
        &self,
        inputs: Inputs,
        selection: Selection,
        browser: Option<Box<dyn Browser>>,
    ) -> Result<(Report, Context), CommandError> {
        let order = Order {
            inputs,
            selection,
            exit: ExitPolicy::default(),
            demo: false,
            http: self.network.http_options()?,
            deadline: Duration::from_secs(self.network.deadline),
            browser,
        };
        let session = Preflight::new(order, self.clock.clone(), self.scrubber.clone());
        let mut session = session.map_err(not_begun)?;
        session.learn_account().await?;
        let finished = session.run(&()).await?;
        Ok((finished.report()?, finished.context))
    }

    /// Signs in by the same checks as `check`, up to the token.
    pub async fn sign_in(&self, inputs: Inputs) -> Result<Access, EarlyEnd> {
        let only = vec![Pattern::Check(ids::TOKEN_EXCHANGE)];
        let selection = Selection { only, ..Selection::default() };
        let (report, mut context) = self.checked(inputs, selection).await?;
        let account = context.facts.account_id.get().cloned();
        let facts = &mut context.facts;
        let taken = (
            context.client.take(),
            facts.client_id.take(),
            facts.certificate_id.take(),
            facts.access_token.take(),
        );
        match (account.clone(), taken) {
            (Some(account), (Some(client), Some(client_id), Some(certificate_id), Some(token))) => {
                Ok(Access { client, account, client_id, certificate_id, token })
            }
            _ => {
                let mut ended =
                    unchecked(&report, CertificateFinding::NoToken, "No access token was had.");
                ended.account = account;
                Err(ended.into())
            }
        }
    }
}

/// The first check that failed, or else did not decide, as the end of the command.
pub fn unchecked(report: &Report, finding: CertificateFinding, lead: &str) -> Ended {
    let first = |status| report.checks.iter().find(|check| check.status == status);
    let entry: Option<&CheckEntry> = first(Status::Fail).or_else(|| first(Status::Inconclusive));
    let exit = match entry.map(|check| check.status) {
        Some(Status::Fail) => ExitCode::Failed,
        _ => ExitCode::Inconclusive,
    };
    let said = entry.map(|check| format!(" {} ({})", check.summary, check.id)).unwrap_or_default();
    let mut ended = Ended::new(exit, finding, format!("{lead}{said}"));
    ended.fixes = entry.map(|check| check.fix.clone()).unwrap_or_default();
    ended
}

impl Access {
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    pub fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    pub fn certificate_id(&self) -> &CertificateId {
        &self.certificate_id
    }

    /// Role and entity, as the token itself says.
    pub fn combination(&self) -> Option<Combination> {
        let claims = TokenClaims::of(&self.token)?;
        Some(Combination { role: claims.role?.parse().ok()?, entity: claims.entity?.parse().ok()? })
    }

    pub async fn list(&self) -> Result<Vec<Mapping>, Box<Stop>> {
        listing(&self.client, &self.account, &self.token, &self.client_id).await.result
    }

    pub async fn upload(
        &self,
        pem: &str,
        combination: Combination,
    ) -> Result<Registered, Box<Stop>> {
        let Self { client, account, token, client_id, .. } = self;
        certificates::upload(client, account, token, client_id, pem, combination).await
    }

    pub async fn revoke(&self, certificate: &CertificateId) -> Result<(), Box<Stop>> {
        certificates::revoke(&self.client, &self.account, &self.token, &self.client_id, certificate)
            .await
    }

    /// The certificates as they are shown.
    pub fn rows(&self, mappings: &[Mapping], today: Date) -> Vec<CertificateRow> {
        mappings
            .iter()
            .map(|m| CertificateRow::of(m, self.certificate_id.as_str(), today))
            .collect()
    }
}

/// The end of a command that needs the list and did not get it.
pub fn no_list(stop: &Stop) -> Ended {
    let told = told(stop);
    match stop {
        // The refusals are not published, so any of the usual ones counts as not permitted.
        Stop::Refused(_) | Stop::LoginRefused => {
            let text = format!("NetSuite refused the list of certificates: {told}.");
            Ended::failed(CertificateFinding::NotPermitted, text)
        }
        _ => {
            let text = format!("The list of certificates could not be had: {told}.");
            Ended::undecided(CertificateFinding::ListUnavailable, text)
        }
    }
}

/// What came instead of what was asked for, in NetSuite's words where it had any.
pub fn told(stop: &Stop) -> String {
    let with = |status: &str, said: Option<&str>| match said.map(|text| text.trim_end_matches('.'))
    {
        Some(said) => format!("{status}, \"{said}\""),
        None => status.to_owned(),
    };
    match stop {
        Stop::Refused(refused) => with(&refused.status.to_string(), refused.said.as_deref()),
        Stop::LoginRefused => "401".to_owned(),
        Stop::NoAnswer(NoAnswer::Busy) => "429, too many requests".to_owned(),
        Stop::Script(error) => {
            with(&format!("{}, a script of the account failed", error.status), stop.said().0)
        }
        Stop::NoAnswer(NoAnswer::ServerFault { status, symptom }) => {
            with(&format!("{status}, a fault of the server"), symptom.said.as_deref())
        }
        Stop::NoAnswer(NoAnswer::Html { symptom }) => {
            symptom.what.clone().unwrap_or_else(|| "an HTML page".to_owned())
        }
        Stop::NoAnswer(NoAnswer::Unexpected { status, symptom }) => {
            with(&format!("{status} without anything expected"), symptom.said.as_deref())
        }
        Stop::NoAnswer(NoAnswer::Silent(error)) => error.to_string(),
        Stop::Empty | Stop::NoList => "nothing".to_owned(),
    }
}

pub async fn list(run: &RunContext, inputs: Inputs) -> Result<Ended, EarlyEnd> {
    let access = run.sign_in(inputs).await?;
    let ended = match access.list().await {
        Err(stop) => no_list(&stop),
        Ok(mappings) => {
            let today = run.today();
            let count = active(&mappings, today);
            let summary = format!(
                "Certificates registered for this integration record: {}. Active: {count} of at \
                 most {MOST_ACTIVE}.",
                mappings.len()
            );
            Ended::done(CertificateFinding::Listed, summary).rows(access.rows(&mappings, today))
        }
    };
    Ok(ended.in_account(access.account()))
}
