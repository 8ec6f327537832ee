//! One run of the checklist: from inputs to a report.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::checks;
use crate::checks::context::{Context, Inputs};
use crate::checks::diagnose::diagnose;
use crate::checks::ids;
use crate::checks::plan::{self, Pattern, Selection};
use crate::checks::spec::Run;
use crate::cli::check::CheckArgs;
use crate::cli::error::CommandError;
use crate::cli::target::Environment;
use crate::credentials::input::{Given, Material, Origin};
use crate::diagnosis::AuditDetail;
use crate::engine::{self, CheckResult, Node, Observer, Work};
use crate::netsuite::http::waiting::Waiting;
use crate::netsuite::http::{Client, ClientError, HttpOptions};
use crate::oauth::code_grant::Browser;
use crate::preflight::{desk, known};
use crate::report::v1::{Mode, RunOptions};
use crate::report::{self, ExitPolicy, Report, RunMeta, TargetFacts, handbook};
use crate::terminal::ask;
use crate::types::shown::shown;
use crate::types::{Clock, Scrubber};

/// What one run is to do.
#[derive(Debug)]
pub struct Order {
    /// What the user gave.
    pub inputs: Inputs,
    /// What of the checklist is to run.
    pub selection: Selection,
    /// How the outcome becomes an exit code.
    pub exit: ExitPolicy,
    /// Whether this is a demonstration against the emulator.
    pub demo: bool,
    /// How to reach NetSuite, if it comes to that.
    pub http: HttpOptions,
    /// Time allowed for the whole run.
    pub deadline: Duration,
    /// Takes an administrator through a sign-in, where one was asked for.
    pub browser: Option<Box<dyn Browser>>,
}

/// Nothing can be checked with what was given.
#[derive(Debug, thiserror::Error)]
pub enum NothingToDo {
    /// Checks that use the network need these.
    #[error(
        "missing: {}. Give them, or add --offline to check only what is at hand",
        .0.join(", ")
    )]
    Missing(Vec<&'static str>),
    /// No input at all.
    #[error(
        "nothing to check: give at least one of --account-id, --client-id, --certificate-id, \
         --private-key, --certificate, --client-secret-file, --role-file"
    )]
    NoInput,
    /// An item of `--only` or `--skip` that names nothing.
    #[error("`{}` names no entry of this run; ask for the record type with --record as well",
        shown(&.0.to_string())
    )]
    Unmatched(Pattern),
    /// The way to NetSuite cannot be set up.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// A run that is ready to start.
pub struct Preflight {
    context: Context,
    nodes: Vec<Node<Context>>,
    mode: Mode,
    exit: ExitPolicy,
    deadline: Duration,
    selection: Selection,
}

impl Preflight {
    /// Plans the run.
    ///
    /// # Errors
    /// When the inputs do not suffice for what is selected.
    pub fn new(order: Order, clock: Clock, scrubber: Scrubber) -> Result<Self, NothingToDo> {
        let mut context = Context::new(order.inputs, clock, scrubber);
        if let Some(browser) = order.browser {
            context = context.with_browser(browser);
        }
        if let Some(pattern) = plan::unmatched(&context, &order.selection) {
            return Err(NothingToDo::Unmatched(pattern.clone()));
        }
        let nodes = plan::nodes(&context, &order.selection);
        let online = nodes.iter().any(uses_network);
        let reads_account = nodes.iter().any(uses_network) && !nodes.iter().any(needs_credentials);
        let signs_in = context.browser.is_some();
        if !(signs_in && reads_account) {
            enough(&context.inputs, online, signs_in)?;
        }
        if online {
            let scrubber = context.scrubber.clone();
            let http = HttpOptions { scrubber, ..order.http };
            context = context.with_client(Client::new(http)?);
        }
        let mode = match (order.demo, online) {
            (true, _) => Mode::Demo,
            (false, true) => Mode::Online,
            (false, false) => Mode::Offline,
        };
        let Order { exit, deadline, selection, .. } = order;
        Ok(Self { context, nodes, mode, exit, deadline, selection })
    }

    /// Finds out by the sign-in which account is meant, where none was named.
    ///
    /// # Errors
    /// When nobody signed in, or the redirect names no account.
    pub async fn learn_account(&mut self) -> Result<(), CommandError> {
        let Some(browser) = &self.context.browser else { return Ok(()) };
        if self.context.inputs.account_id.is_some() || self.mode == Mode::Offline {
            return Ok(());
        }
        let made = browser.authorize(None, &self.context.scrubber).await;
        let made = made.map_err(|stop| {
            CommandError::failed(format!(
                "no account ID was given, and no sign-in brought one: {stop}. Give the \
                 account ID (--account-id), or see `netsuite-preflight explain sign-in`"
            ))
        })?;
        let Some(company) = &made.company else {
            return Err(CommandError::failed(
                "no account ID was given, and the sign-in did not say which account it was to; give \
                 --account-id",
            ));
        };
        let origin = Origin::Flag("--sign-in");
        self.context.inputs.account_id = Some(Given { value: company.account(), origin });
        self.context.facts.authorized = std::sync::Mutex::new(Some(made));
        Ok(())
    }

    /// Whether somebody signs in while this runs.
    #[must_use]
    pub fn signs_in(&self) -> bool {
        self.context.browser.is_some()
    }

    /// What NetSuite has not answered yet, while this runs.
    #[must_use]
    pub fn waiting(&self) -> Waiting {
        known::http(&self.context).map(|options| options.waiting.clone()).unwrap_or_default()
    }

    /// Runs the checks.
    ///
    /// # Errors
    /// Only on a bug.
    pub async fn run(self, observer: &dyn Observer) -> Result<Finished, CommandError> {
        let Self { context, nodes, mode, exit, deadline, selection } = self;
        let started_at = context.clock.now();
        let began = Instant::now();
        let results = engine::run(nodes, &context, observer, began + deadline)
            .await
            .map_err(CommandError::internal)?;
        Ok(Finished {
            id: report::meta::new_run_id().map_err(CommandError::internal)?,
            started_at,
            finished_at: context.clock.now(),
            took: began.elapsed(),
            context,
            results,
            mode,
            exit,
            deadline,
            selection,
        })
    }
}

/// A run that is over, with what was established, the access token among it.
pub struct Finished {
    /// What was given, and what the checks found out.
    pub context: Context,
    results: Vec<CheckResult>,
    id: String,
    started_at: Timestamp,
    finished_at: Timestamp,
    took: Duration,
    mode: Mode,
    exit: ExitPolicy,
    deadline: Duration,
    selection: Selection,
}

impl Finished {
    /// The id of the run, as its report has it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Adds what the Login Audit Trail showed for the attempt of this run.
    pub fn tell(&mut self, detail: AuditDetail) {
        self.context.inputs.audit_detail = Some(detail);
    }

    /// What was asked of the run, for its report.
    fn options(&self) -> RunOptions {
        let Context { inputs, browser, .. } = &self.context;
        let listed = |patterns: &[Pattern]| patterns.iter().map(ToString::to_string).collect();
        // Where nothing was sent there are none in use: these are the defaults then.
        let http = known::http(&self.context).cloned().unwrap_or_default();
        RunOptions {
            only: listed(&self.selection.only),
            skip: listed(&self.selection.skip),
            fail_on: if self.exit.fail_on_warn { "warn" } else { "fail" }.to_owned(),
            timeout_s: http.timeout.as_secs(),
            deadline_s: self.deadline.as_secs(),
            concurrency: u64::try_from(http.concurrency).unwrap_or(u64::MAX),
            algorithm: inputs.algorithm.map(|algorithm| algorithm.as_str().to_owned()),
            probe_writes: inputs.probe_writes,
            accept_empty: inputs.accept_empty,
            audit_detail: inputs.audit_detail.as_ref().map(|detail| detail.as_str().to_owned()),
            sign_in: browser.is_some(),
        }
    }

    /// The report, with what was told meanwhile.
    ///
    /// # Errors
    /// Only on a bug.
    pub fn report(&self) -> Result<Report, CommandError> {
        let context = &self.context;
        let diagnosis = diagnose(&self.results, context);
        let detail = context.audit_detail();
        let results = diagnosis.with_audit_detail(self.results.clone(), detail);
        let meta = RunMeta {
            id: self.id.clone(),
            started_at: self.started_at,
            finished_at: self.finished_at,
            took: self.took,
            mode: self.mode,
            proxy: known::proxy(context),
            extra_ca: known::http(context).is_some_and(|options| options.extra_ca.is_some()),
            connect_to: known::connect_to(context, self.mode),
            replay: known::http(context).is_some_and(|options| options.replayed.any()),
            options: self.options(),
            target: TargetFacts::of(context),
            values: known::values(context, self.mode),
            causes: diagnosis.causes,
            exit: self.exit,
            scrubber: context.scrubber.clone(),
        };
        report::build(&results, &meta, handbook()).map_err(CommandError::internal)
    }
}

fn uses_network(node: &Node<Context>) -> bool {
    let offline_check =
        checks::find(node.key.check).is_some_and(|spec| matches!(spec.run, Run::Offline(_)));
    matches!(node.work, Work::Run(_)) && !offline_check
}

/// Whether it works with what the integration signs in with. A person's sign-in does not.
fn needs_credentials(node: &Node<Context>) -> bool {
    [ids::TOKEN_EXCHANGE, ids::CERTIFICATE_MAPPING].contains(&node.key.check)
        && matches!(node.work, Work::Run(_))
}

/// A sign-in brings the account ID along.
fn enough(inputs: &Inputs, online: bool, signs_in: bool) -> Result<(), NothingToDo> {
    let needed = [
        (inputs.account_id.is_some(), "--account-id"),
        (inputs.client_id.is_some(), "--client-id"),
        (inputs.certificate_id.is_some(), "--certificate-id"),
        (inputs.private_key.is_some(), "--private-key"),
    ];
    if online {
        let missing: Vec<&str> = needed
            .iter()
            .filter(|(given, flag)| !(*given || (signs_in && *flag == "--account-id")))
            .map(|(_, flag)| *flag)
            .collect();
        return if missing.is_empty() { Ok(()) } else { Err(NothingToDo::Missing(missing)) };
    }
    let any = needed.iter().any(|(given, _)| *given)
        || inputs.certificate.is_some()
        || inputs.client_secret.is_some()
        || inputs.role_file.is_some();
    if any { Ok(()) } else { Err(NothingToDo::NoInput) }
}

/// Reads what a run needs. A passphrase that is asked for stays for the next run.
///
/// # Errors
/// When a file cannot be read or a record type is unknown.
pub fn order(
    args: &CheckArgs,
    environment: &dyn Environment,
    demo: bool,
    passphrase: &mut Option<Material>,
) -> Result<Order, CommandError> {
    let mut inputs = args.target.read(environment).map_err(CommandError::usage)?;
    args.selection.fill(&mut inputs)?;
    inputs.target.clone_from(&args.config.file.target);
    // One answer would not do for many keys, and nobody waits at a fleet.
    if !args.config.all {
        let given = inputs.passphrase.is_some();
        if !given {
            inputs.passphrase.clone_from(passphrase);
        }
        ask::ask_if_needed(&mut inputs);
        if !given {
            passphrase.clone_from(&inputs.passphrase);
        }
    }
    Ok(Order {
        inputs,
        selection: args.selection.selection(),
        exit: args.report.exit_policy(),
        demo,
        http: args.network.http_options()?,
        deadline: Duration::from_secs(args.network.deadline),
        browser: desk::sign_in(&args.sign_in, environment)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(inputs: Inputs, selection: Selection) -> Order {
        Order {
            inputs,
            selection,
            exit: ExitPolicy::default(),
            demo: false,
            http: HttpOptions::default(),
            deadline: Duration::from_secs(5),
            browser: None,
        }
    }

    fn session(inputs: Inputs, selection: Selection) -> Result<Preflight, NothingToDo> {
        Preflight::new(order(inputs, selection), Clock::system(), Scrubber::default())
    }

    fn account() -> Inputs {
        let origin = Origin::Flag("--account-id");
        Inputs {
            account_id: Some(Given { value: "1234567".to_owned(), origin }),
            ..Inputs::default()
        }
    }

    fn offline() -> Selection {
        Selection { offline: true, ..Selection::default() }
    }

    #[test]
    fn online_names_all_that_is_missing() {
        let error = session(account(), Selection::default()).err().unwrap();
        assert!(matches!(error, NothingToDo::Missing(missing)
            if missing == ["--client-id", "--certificate-id", "--private-key"]));
    }

    #[test]
    fn any_subset_will_do_offline_but_not_nothing() {
        let nothing = session(Inputs::default(), offline()).err();
        assert!(matches!(nothing, Some(NothingToDo::NoInput)));
        assert!(!session(account(), offline()).ok().unwrap().nodes.iter().any(uses_network));
    }

    #[test]
    fn a_selection_of_offline_checks_needs_no_more_than_offline() {
        let only = vec!["credentials".parse().unwrap()];
        let selection = Selection { only, ..Selection::default() };
        assert!(!session(account(), selection).ok().unwrap().nodes.iter().any(uses_network));
    }
}
