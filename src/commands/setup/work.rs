//! The work between the questions: making the pair, and running the checklist.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::checks::context::Inputs;
use crate::checks::ids;
use crate::checks::plan::{Pattern, Selection};
use crate::cli::again::Again;
use crate::cli::error::CommandError;
use crate::commands::generate;
use crate::commands::setup::SetupArgs;
use crate::commands::setup::administrator::{Desks, SignInWork};
use crate::commands::setup::interrupt::Busy;
use crate::credentials::generate::{DEFAULT_DAYS, GenerateOptions, SubjectName};
use crate::credentials::input::{Given, InputError, Material, Origin, read_file};
use crate::credentials::replace::ReadFiles;
use crate::credentials::store::FileNames;
use crate::diagnosis::AuditDetail;
use crate::engine::CheckId;
use crate::netsuite::http::HttpOptions;
use crate::preflight::desk;
use crate::preflight::render::{self, Outputs};
use crate::preflight::session::{Finished, Order, Preflight};
use crate::report::format::Format;
use crate::report::v1::{CheckEntry, Status};
use crate::report::{ExitPolicy, Report};
use crate::setup::{Draft, Response, Sheet, Walk, Work};
use crate::terminal::ask;
use crate::terminal::left_over;
use crate::terminal::output::{self, Destination, tell};
use crate::types::{Clock, ExitCode, Scrubber, Secret, SecretKind, shell};

/// Whoever sits before the walk: asked while the work is done, and shown what came of it.
pub(super) trait Attendant {
    /// The passphrase of a private key; none where nobody gives it.
    fn passphrase(&self, of: &Origin) -> Option<Secret>;

    /// Runs the checklist with the person looking on.
    fn run(&self, session: Preflight) -> Result<Finished, CommandError>;

    /// Where an administrator signs in.
    fn desks(&self) -> Desks;

    /// Shows the report of a first check, and gives its exit code.
    fn show(&self, report: &Report, outputs: &Outputs) -> Result<ExitCode, CommandError>;
}

/// A person at the terminal.
pub(super) struct AtTerminal;

impl Attendant for AtTerminal {
    fn passphrase(&self, of: &Origin) -> Option<Secret> {
        ask::passphrase(of)
    }

    fn run(&self, session: Preflight) -> Result<Finished, CommandError> {
        render::run_to_end(session)
    }

    fn desks(&self) -> Desks {
        Box::new(desk::this_machine)
    }

    fn show(&self, report: &Report, outputs: &Outputs) -> Result<ExitCode, CommandError> {
        tell("\n");
        outputs.deliver(report)
    }
}

/// Does what the walk asks for.
pub(super) struct Worker<'a> {
    attendant: &'a dyn Attendant,
    pair: GenerateOptions,
    http: HttpOptions,
    deadline: Duration,
    /// Where the report of the first check goes.
    outputs: Outputs,
    /// Asked for once.
    passphrase: Option<Material>,
    /// The last check, for what the Login Audit Trail tells about it.
    last: Option<Finished>,
    /// Beside the configuration file.
    sheet: PathBuf,
    /// Who signs in, where that is wanted.
    sign_in: Option<SignInWork>,
}

/// What came of a piece of work.
pub(super) struct Done {
    pub(super) event: Response,
    /// How the first check ended.
    pub(super) code: Option<ExitCode>,
}

impl From<Response> for Done {
    fn from(event: Response) -> Self {
        Self { event, code: None }
    }
}

impl<'a> Worker<'a> {
    pub(super) fn new(
        args: &SetupArgs,
        file: &Path,
        attendant: &'a dyn Attendant,
    ) -> Result<Self, CommandError> {
        let target = args.target.as_str();
        Ok(Self {
            attendant,
            pair: GenerateOptions {
                key_type: args.key_type,
                days: DEFAULT_DAYS,
                subject: SubjectName::common_name("NetSuite integration")
                    .map_err(CommandError::internal)?,
                directory: args.dir.clone(),
                names: FileNames::default(),
                passphrase: None,
            },
            http: args.network.http_options()?,
            deadline: Duration::from_secs(args.network.deadline),
            outputs: Outputs::of(None, Format::Human, &[], &ReadFiles::default())
                .map_err(CommandError::usage)?
                .again(again(args)),
            passphrase: None,
            last: None,
            sheet: file.with_file_name(format!("netsuite-hand-over-{target}.txt")),
            sign_in: SignInWork::wanted(args, attendant.desks())?,
        })
    }

    pub(super) fn work(
        &mut self,
        work: Work,
        walk: &Walk,
        busy: &Busy,
    ) -> Result<Done, CommandError> {
        match work {
            Work::MakePair => self.make(busy),
            Work::Judge(checks) => self.judge(checks, walk),
            Work::FirstCheck => self.first_check(walk),
            Work::Explain(detail) => self.explain(detail),
            Work::WriteSheet(sheet) => Ok(self.write(&sheet, busy).into()),
            Work::SignIn | Work::ListRoles | Work::ListEntities(_) | Work::Map(_) => {
                self.by_sign_in(work, walk, busy)
            }
        }
    }

    /// What an administrator's sign-in is for.
    fn by_sign_in(&mut self, work: Work, walk: &Walk, busy: &Busy) -> Result<Done, CommandError> {
        let mut inputs = match inputs(walk, matches!(work, Work::Map(_))) {
            Ok(inputs) => inputs,
            Err(error) => return Ok(Response::Refused(error.to_string()).into()),
        };
        if matches!(work, Work::Map(_)) {
            self.unlock(&mut inputs);
        }
        let Some(sign_in) = &mut self.sign_in else {
            return Ok(Response::Refused("Nobody signs in in this walk.".to_owned()).into());
        };
        let event = match work {
            Work::SignIn => sign_in.account(inputs)?,
            Work::ListRoles => sign_in.roles(inputs)?,
            Work::ListEntities(role) => sign_in.entities(inputs, role)?,
            Work::Map(combination) => {
                let _whole = busy.hold();
                sign_in.map(inputs, combination)?
            }
            _ => Response::Refused(String::new()),
        };
        Ok(event.into())
    }

    fn make(&self, busy: &Busy) -> Result<Done, CommandError> {
        let clock = Clock::system();
        if let Err(error) = self.pair.check(clock.now()) {
            return Ok(Response::Refused(error.to_string()).into());
        }
        left_over::tell(&self.pair.directory);
        let _writing = busy.hold();
        match generate::make(&self.pair, &clock) {
            Ok(Some(made)) => Ok(Response::Made {
                private_key: made.stored.key_path,
                certificate: made.stored.certificate_path,
            }
            .into()),
            Ok(None) => Ok(Response::Refused("Stopped; nothing was written.".to_owned()).into()),
            Err(error @ CommandError::Internal(_)) => Err(error),
            Err(error) => Ok(Response::Refused(error.to_string()).into()),
        }
    }

    fn judge(&mut self, checks: &[CheckId], walk: &Walk) -> Result<Done, CommandError> {
        let about_files = checks.iter().any(|id| {
            [ids::PRIVATE_KEY, ids::CERTIFICATE, ids::CERTIFICATE_ID_MATCHES].contains(id)
        });
        let mut inputs = match inputs(walk, about_files) {
            Ok(inputs) => inputs,
            Err(error) => return Ok(Response::Refused(error.to_string()).into()),
        };
        if checks.contains(&ids::PRIVATE_KEY) {
            self.unlock(&mut inputs);
        }
        let mut only: Vec<Pattern> = checks.iter().map(|id| Pattern::Check(*id)).collect();
        // The account is known by then, and the guidance has links into it.
        only.push(Pattern::Check(ids::ACCOUNT_ID));
        let selection = Selection { offline: true, only, skip: Vec::new() };
        let locked = |entry: &CheckEntry| {
            entry.id == ids::PRIVATE_KEY.as_str() && entry.status == Status::Fail
        };
        match self.run(inputs, selection)? {
            Ok(finished) => {
                let report = finished.report()?;
                // A passphrase that did not serve is asked for again.
                if report.checks.iter().any(locked) {
                    self.passphrase = None;
                }
                Ok(Response::Judged(Box::new(report)).into())
            }
            Err(why) => Ok(Response::Refused(why).into()),
        }
    }

    fn first_check(&mut self, walk: &Walk) -> Result<Done, CommandError> {
        let mut inputs = match inputs(walk, true) {
            Ok(inputs) => inputs,
            Err(error) => return Ok(Response::Refused(error.to_string()).into()),
        };
        self.unlock(&mut inputs);
        match self.run(inputs, Selection::default())? {
            Ok(finished) => {
                self.last = Some(finished);
                self.tell_last()
            }
            Err(why) => Ok(Response::Refused(why).into()),
        }
    }

    /// Shows the report of the last check, with what was told meanwhile.
    fn tell_last(&self) -> Result<Done, CommandError> {
        let Some(finished) = &self.last else {
            return Ok(Response::Refused("There was no check to explain.".to_owned()).into());
        };
        let report = finished.report()?;
        let code = self.attendant.show(&report, &self.outputs)?;
        Ok(Done { event: Response::Judged(Box::new(report)), code: Some(code) })
    }

    fn explain(&mut self, detail: AuditDetail) -> Result<Done, CommandError> {
        if let Some(finished) = &mut self.last {
            finished.tell(detail);
        }
        self.tell_last()
    }

    fn write(&self, sheet: &Sheet, busy: &Busy) -> Response {
        let place = Destination::file("--config", &self.sheet, &ReadFiles::default());
        let _writing = busy.hold();
        match place.write(&sheet.whole(output::style(&place))) {
            Ok(()) => Response::Written(self.sheet.clone()),
            Err(error) => Response::Refused(error.to_string()),
        }
    }

    /// Asks for the passphrase of an encrypted key, once.
    fn unlock(&mut self, inputs: &mut Inputs) {
        inputs.passphrase.clone_from(&self.passphrase);
        ask::fill_if_needed(inputs, |of| self.attendant.passphrase(of));
        self.passphrase.clone_from(&inputs.passphrase);
    }

    fn run(
        &self,
        inputs: Inputs,
        selection: Selection,
    ) -> Result<Result<Finished, String>, CommandError> {
        let order = Order {
            inputs,
            selection,
            exit: ExitPolicy::default(),
            demo: false,
            http: self.http.clone(),
            deadline: self.deadline,
            browser: None,
        };
        match Preflight::new(order, Clock::system(), Scrubber::default()) {
            Ok(session) => self.attendant.run(session).map(Ok),
            Err(error) => Ok(Err(error.to_string())),
        }
    }
}

/// What makes a check of this target again.
pub(super) fn again(args: &SetupArgs) -> Again {
    let target = args.target.as_str();
    let named = args.config.as_deref().map(shell::argument);
    let named = named.as_deref().and_then(shell::word);
    let config = named.map(|word| format!(" --config {word}")).unwrap_or_default();
    Again {
        command: Some(format!("netsuite-preflight check --target {target}{config}")),
        same: None,
        target: Some(format!("--target {target}{config}")),
    }
}

/// What the walk has gathered, as the checklist takes it. Where the checks are not about the files,
/// a file that is not there does not matter.
fn inputs(walk: &Walk, about_files: bool) -> Result<Inputs, InputError> {
    let draft: &Draft = walk.trial();
    let text = |value: &Option<String>, flag| {
        value.as_ref().map(|value| Given { value: value.clone(), origin: Origin::Flag(flag) })
    };
    let file = |path: &Option<PathBuf>| -> Result<Option<Material>, InputError> {
        let Some(path): Option<&Path> = path.as_deref() else { return Ok(None) };
        match read_file(path, "this answer", SecretKind::PrivateKey) {
            Ok(material) => Ok(Some(material)),
            Err(_) if !about_files => Ok(None),
            Err(error) => Err(error),
        }
    };
    let secret = walk.secret().map(|secret| Material {
        bytes: secret.clone(),
        origin: Origin::Stdin,
        too_large: false,
    });
    Ok(Inputs {
        target: Some(walk.target().to_owned()),
        account_id: text(&draft.account_id, "--account-id"),
        client_id: text(&draft.client_id, "--client-id"),
        client_secret: secret,
        certificate_id: text(&draft.certificate_id, "--certificate-id"),
        private_key: file(&draft.private_key)?,
        certificate: file(&draft.certificate)?,
        records: draft.records.iter().filter_map(|record| record.parse().ok()).collect(),
        profile: walk.profile().cloned(),
        scopes: walk.profile().map(|profile| profile.scopes.clone()).unwrap_or_default(),
        ..Inputs::default()
    })
}
