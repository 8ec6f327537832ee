//! `check --all`: every target of the configuration file, several at a time.
//!
//! A report leaves memory as soon as it is made: the one who collects puts it into a temporary file,
//! and the document is put together from there in the order of the names.
//! A target that cannot be checked is an entry with exit code 2, and the others go on.

mod folder;
pub mod outputs;
mod queue;
mod spool;
mod worker;

use std::io;
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::Scope;

use crate::cli::check::CheckArgs;
use crate::cli::check::{ShardError, choose};
use crate::cli::configured::Invocation;
use crate::cli::error::CommandError;
use crate::cli::options::Annotate;
use crate::cli::profiles;
use crate::cli::target::{Environment as _, ProcessEnvironment};
use crate::config::error::listed;
use crate::config::{ConfigFile, ConfigValue};
use crate::credentials::input::is_stdin;
use crate::credentials::replace::ReadFiles;
use crate::netsuite::http::Trust;
use crate::preflight::session::order;
use crate::report::annotate;
use crate::report::set::Many as _;
use crate::terminal::output::{self, WriteError, note};
use crate::terminal::progress;
use crate::types::ExitCode;
use crate::types::shown::shown_path;
use folder::Folder;
use outputs::Outputs;
use queue::Queue;
use spool::Spool;
use worker::{Job, TargetOutcome};

/// Why nothing was checked at all.
#[derive(Debug, thiserror::Error)]
enum NotStarted {
    #[error("{0} has no targets; a target is a table such as [targets.sandbox]")]
    NoTargets(String),
    #[error(
        "--all cannot be combined with {0}, from a flag or a variable: it would stand for every \
         target. Put it into [targets.NAME], or into [defaults] where all targets share it"
    )]
    OneForAll(String),
    #[error(
        "--all does not take the address of NETSUITE_PREFLIGHT_CONNECT_TO: every target would be \
         asked there instead of NetSuite. Give --connect-to, or put connect_to into the file"
    )]
    DialledElsewhere,
    #[error(
        "private_key = \"-\" stands for the targets {0}, and standard input holds one key; give \
         each of them the path of a file"
    )]
    OneInput(String),
    #[error(transparent)]
    Shard(#[from] ShardError),
    #[error(transparent)]
    Output(#[from] WriteError),
    #[error("{place} cannot be written: {source}; choose another place with {flag}")]
    Place { place: String, source: io::Error, flag: &'static str },
}

/// Options that stand for one account.
const OF_ONE: &[(&str, &str)] = &[
    ("account_id", "--account-id (NETSUITE_ACCOUNT_ID)"),
    ("client_id", "--client-id (NETSUITE_CLIENT_ID)"),
    ("certificate_id", "--certificate-id (NETSUITE_CERTIFICATE_ID)"),
    ("private_key", "--private-key (NETSUITE_PRIVATE_KEY_FILE, NETSUITE_PRIVATE_KEY)"),
    ("certificate", "--certificate (NETSUITE_CERTIFICATE_FILE)"),
];

/// Everything that was decided before the first target.
struct Plan {
    names: Vec<String>,
    outputs: Outputs,
    spool: Spool,
    folder: Option<Folder>,
    jobs: usize,
}

/// Checks all targets and writes the one document.
///
/// # Errors
/// When nothing can be checked at all.
pub fn run(
    args: &CheckArgs,
    file: &ConfigFile,
    invocation: &Invocation,
) -> Result<ExitCode, CommandError> {
    let mut plan = plan(args, file, invocation).map_err(CommandError::usage)?;
    // What is wrong with an option is wrong for every target.
    order(args, &ProcessEnvironment, false, &mut None)?;
    if plan.names.is_empty() {
        note(
            "nothing is checked: this shard has no targets, as there are more shards than targets",
        );
    }
    collect(&mut plan, args, file, invocation);
    let code = plan.spool.summary().exit();
    let all_kept = plan.spool.is_complete();
    if args.report.annotate == Some(Annotate::Github) {
        output::annotate(&annotate::of_targets(&plan.spool));
    }
    let all_written = plan.outputs.deliver(&mut plan.spool);
    Ok(if all_kept && all_written { code } else { ExitCode::Failed.worst(code) })
}

/// Every file that the run reads, whichever target it belongs to.
fn read_files(args: &CheckArgs, file: &ConfigFile) -> ReadFiles {
    let targets = file.names().into_iter().filter_map(|name| file.target(&name).ok());
    let of_targets = targets.flat_map(|target| {
        let files = target.iter().filter_map(|(key, value)| match (key, value) {
            (_, ConfigValue::Path(path)) => Some(path.clone()),
            ("profile", ConfigValue::Text(text)) => profiles::as_path(text).map(Path::to_owned),
            _ => None,
        });
        files.collect::<Vec<_>>()
    });
    ReadFiles::new(args.files().into_iter().map(Path::to_owned).chain(of_targets))
}

fn plan(args: &CheckArgs, file: &ConfigFile, invocation: &Invocation) -> Result<Plan, NotStarted> {
    let all = file.names();
    if all.is_empty() {
        return Err(NotStarted::NoTargets(shown_path(file.path())));
    }
    let fixed: Vec<&str> =
        OF_ONE.iter().filter(|(key, _)| invocation.decides(key)).map(|(_, shown)| *shown).collect();
    if !fixed.is_empty() {
        return Err(NotStarted::OneForAll(fixed.join(", ")));
    }
    if invocation.by_variable("connect_to") && !args.selection.offline {
        return Err(NotStarted::DialledElsewhere);
    }
    let shard = choose(args.set.shard, |name| ProcessEnvironment.get(name))?;
    let names = shard.of(all);
    one_input(file, &names)?;
    let files = read_files(args, file);
    let outputs = Outputs::new(&args.report, &files)?;
    let place = |path: &Path, flag| {
        let place = shown_path(path);
        move |source| NotStarted::Place { place, source, flag }
    };
    // Reports wait where the document is to go, or where temporary files go.
    let (beside, flag) = match outputs.folder() {
        Some(folder) => (folder, "--output or --save"),
        None => (std::env::temp_dir(), "the variable TMPDIR"),
    };
    let spool = Spool::new(&beside, &names).map_err(place(&beside, flag))?;
    let folder = match args.set.output_dir.as_deref() {
        Some(path) => {
            let folder = Folder::new(path, &files).map_err(place(path, folder::FLAG))?;
            folder.probe(&names)?;
            Some(folder)
        }
        None => None,
    };
    Ok(Plan { names, outputs, spool, folder, jobs: usize::from(args.set.jobs) })
}

/// Standard input is read once: it cannot be the key of several targets.
fn one_input(file: &ConfigFile, names: &[String]) -> Result<(), NotStarted> {
    let reads = |name: &&String| {
        let target = file.target(name).ok();
        let key = target.as_ref().and_then(|target| target.get("private_key"));
        matches!(key, Some(ConfigValue::Path(path)) if is_stdin(path))
    };
    let reading: Vec<String> = names.iter().filter(reads).cloned().collect();
    if reading.len() > 1 { Err(NotStarted::OneInput(listed(&reading))) } else { Ok(()) }
}

/// What the workers share.
struct Crew<'a> {
    queue: Queue,
    job: Job<'a>,
    names: &'a [String],
    /// How many there are at most.
    most: usize,
}

impl Crew<'_> {
    /// Checks one target after the other, and calls another worker where that one has work.
    fn work<'scope>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        sender: SyncSender<(usize, TargetOutcome)>,
    ) {
        while let Some(index) = self.queue.next() {
            let Some(name) = self.names.get(index) else { break };
            if self.queue.takes_another(self.most) {
                let sender = sender.clone();
                scope.spawn(move || self.work(scope, sender));
            }
            let outcome = self.job.check(name, self.queue.budget(index));
            self.queue.done(index);
            if sender.send((index, outcome)).is_err() {
                break;
            }
        }
    }
}

/// Lets the workers run, and puts away what they bring as it comes.
fn collect(plan: &mut Plan, args: &CheckArgs, file: &ConfigFile, invocation: &Invocation) {
    let Plan { names, spool, folder, jobs, .. } = plan;
    let crew = Crew {
        queue: Queue::new(names, file, args, invocation),
        job: Job { file, invocation, folder: folder.as_ref(), trust: Trust::default() },
        names,
        most: *jobs,
    };
    let progress = progress::counter(names.len());
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(1);
        scope.spawn(|| crew.work(scope, sender));
        for (index, outcome) in receiver {
            spool.put(index, outcome);
            progress.advance();
        }
    });
}
