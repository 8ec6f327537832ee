//! What an administrator's sign-in does in the walk: it tells the account, lists roles and users, and
//! makes the mapping.

use std::any::Any;
use std::cell::Cell;
use std::future::Future;
use std::path::Path;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Runtime;

use crate::checks::context::Inputs;
use crate::cli::error::CommandError;
use crate::cli::sign_in::SignInArgs;
use crate::cli::target::ProcessEnvironment;
use crate::commands::setup::SetupArgs;
use crate::credentials::identifiers::clean;
use crate::preflight::{desk, runtime};
use crate::probes::certificates::Combination;
use crate::probes::inside::choice::{self, Choices};
use crate::probes::inside::{Inside, Reading};
use crate::rotation::Person;
use crate::rotation::access::{RunContext, told};
use crate::rotation::ended::{CertificateFinding, EarlyEnd, Ended};
use crate::rotation::mapping::{self, Administrator, Wanted};
use crate::rotation::upload::Upload;
use crate::setup::Response;
use crate::sign_in::Desk;
use crate::terminal::output::tell;
use crate::terminal::progress;
use crate::types::{ClientId, Clock, Scrubber};

/// Tokens live for an hour (OH/section_158081952044); a long walk signs in again.
const FRESH: SignedDuration = SignedDuration::from_mins(50);

/// A sign-in for the walk, made when it is needed first.
pub(super) struct SignInWork {
    args: SignInArgs,
    run: RunContext,
    /// One for the whole walk: connections live in it.
    runtime: Runtime,
    signed_in: Option<(Administrator, Timestamp)>,
    /// Whether the account refused something: perhaps another role does.
    refused: Cell<bool>,
    /// Where the person is.
    desk: Desks,
}

/// Gives whoever sits before the program while somebody signs in.
pub(super) type Desks = Box<dyn Fn() -> Box<dyn Desk>>;

/// An account that is open, and what works in it.
struct Open<'a> {
    administrator: &'a Administrator,
    runtime: &'a Runtime,
    refused: &'a Cell<bool>,
}

/// Whoever walks has agreed on the screen before.
#[derive(Debug)]
struct Agreed;

impl Person for Agreed {
    fn ask<'a>(&'a self, _question: &'a str) -> LocalBoxFuture<'a, bool> {
        std::future::ready(true).boxed_local()
    }

    fn tell_left_over(&self, _directory: &Path) {}

    fn busy(&self, what: &str) -> Box<dyn Any> {
        Box::new(progress::spinner(what))
    }
}

impl SignInWork {
    /// The sign-in that was asked for; none where none was.
    ///
    /// # Errors
    /// When its integration record is not named or cannot be read.
    pub(super) fn wanted(args: &SetupArgs, desk: Desks) -> Result<Option<Self>, CommandError> {
        if desk::sign_in_at(&args.sign_in, &ProcessEnvironment, &desk)?.is_none() {
            return Ok(None);
        }
        Ok(Some(Self {
            args: args.sign_in.clone(),
            run: RunContext {
                clock: Clock::system(),
                scrubber: Scrubber::default(),
                network: args.network.clone(),
                person: Box::new(Agreed),
            },
            runtime: runtime()?,
            signed_in: None,
            refused: Cell::new(false),
            desk,
        }))
    }

    /// The account that was signed in to.
    pub(super) fn account(&mut self, inputs: Inputs) -> Result<Response, CommandError> {
        self.signed_in = None;
        Ok(match self.administrator(inputs)? {
            Ok(open) => Response::SignedIn(open.administrator.account().account()),
            Err(why) => Response::Refused(why),
        })
    }

    /// The roles that a mapping can be made for.
    pub(super) fn roles(&mut self, inputs: Inputs) -> Result<Response, CommandError> {
        self.listed(inputs, "The roles", choice::roles)
    }

    /// The users who have a role.
    pub(super) fn entities(&mut self, inputs: Inputs, role: i64) -> Result<Response, CommandError> {
        self.listed(inputs, "The users", |inside| choice::holders(inside, role))
    }

    fn listed<'a, F>(
        &'a mut self,
        inputs: Inputs,
        what: &str,
        ask: impl FnOnce(Inside<'a>) -> F,
    ) -> Result<Response, CommandError>
    where
        F: Future<Output = Reading<Choices>>,
    {
        let Open { administrator, runtime, refused } = match self.administrator(inputs)? {
            Ok(ready) => ready,
            Err(why) => return Ok(Response::Refused(why)),
        };
        let _shown = progress::spinner("Reading the account");
        Ok(match runtime.block_on(ask(administrator.inside())).result {
            Ok(choices) => Response::Listed(choices),
            Err(stop) => {
                refused.set(true);
                Response::Refused(format!(
                    "{what} of the account were not listed: {}.",
                    told(&stop)
                ))
            }
        })
    }

    /// Makes the mapping and proves it. What was agreed to is sent once.
    pub(super) fn map(
        &mut self,
        inputs: Inputs,
        combination: Combination,
    ) -> Result<Response, CommandError> {
        let given = inputs.client_id.as_ref().map(|given| clean(&given.value).joined().text);
        let client_id = given.and_then(|id| ClientId::new(&id).ok());
        let (Some(client_id), Some(certificate)) = (client_id, inputs.certificate.clone()) else {
            let text = "The mapping needs the Client ID and the certificate of the steps before.";
            return Ok(Response::Refused(text.to_owned()));
        };
        let new_key = inputs.private_key.clone();
        let upload = Upload { certificate, new_key, passphrase: inputs.passphrase.clone() };
        let (signed_in, runtime, run) = (&self.signed_in, &self.runtime, &self.run);
        // The account that was agreed to is the one of the walk.
        let here = signed_in.as_ref().filter(|(own, _)| own.is_in(&inputs));
        let Some((administrator, _)) = here else {
            let text = "Nobody is signed in to the account of this walk any more.";
            return Ok(Response::Refused(text.to_owned()));
        };
        let ended = runtime.block_on(async {
            let (certificate, inputs) = mapping::ready(run, inputs, upload).await?;
            let wanted = Wanted { client_id: &client_id, certificate: &certificate, combination };
            administrator.make(run, inputs, wanted, &Cell::new(false)).await
        });
        let ended = ended.or_else(EarlyEnd::end)?;
        Ok(self.settled(ended))
    }

    /// Says what came of it. A mapping that is there is one, whatever the proof says: the first check
    /// tells more.
    fn settled(&self, ended: Ended) -> Response {
        use CertificateFinding as F;
        let summary = self.run.scrubber.scrub(&ended.summary).0.into_owned();
        let there = [F::MappingCreated, F::MappingNotProved, F::OtherRole, F::AlreadyRegistered];
        match ended.certificate_id {
            Some(id) if there.contains(&ended.finding) => {
                tell(&format!("\n  {summary}\n"));
                Response::Mapped(id)
            }
            _ => {
                self.refused.set(true);
                Response::Refused(summary)
            }
        }
    }

    /// Whoever signed in, now or not long ago.
    fn administrator(&mut self, inputs: Inputs) -> Result<Result<Open<'_>, String>, CommandError> {
        let now = self.run.clock.now();
        let fresh = |at: &Timestamp| now.duration_since(*at) < FRESH;
        let refused = self.refused.take();
        let serves = |(own, at): &(Administrator, Timestamp)| fresh(at) && own.is_in(&inputs);
        if refused || !self.signed_in.as_ref().is_some_and(serves) {
            let Some(browser) = desk::sign_in_at(&self.args, &ProcessEnvironment, &self.desk)?
            else {
                return Ok(Err("Nobody signs in in this walk.".to_owned()));
            };
            self.signed_in = None;
            // Only what leads to the account: the integration is asked about later.
            let inputs = Inputs { account_id: inputs.account_id, ..Inputs::default() };
            let run = &self.run;
            match self.runtime.block_on(Administrator::sign_in(run, inputs, browser)) {
                Ok(administrator) => self.signed_in = Some((administrator, now)),
                Err(EarlyEnd::Document(ended)) => return Ok(Err(ended.summary)),
                Err(EarlyEnd::Error(error)) => return Ok(Err(error.to_string())),
            }
        }
        let Self { signed_in, runtime, refused, .. } = self;
        let missing = || CommandError::internal("a sign-in that is there and is not");
        let (administrator, _) = signed_in.as_ref().ok_or_else(missing)?;
        Ok(Ok(Open { administrator, runtime, refused }))
    }
}
