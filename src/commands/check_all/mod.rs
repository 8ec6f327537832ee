//! `check --all`: every target of the configuration file, several at a time.
//!
//! A report leaves memory as soon as it is made: workers render it, the one who collects puts it
//! into a temporary file, and the document is put together from there in the order of the names.
//! A target that cannot be checked is an entry with exit code 2, and the others go on.

mod compose;
mod folder;
mod options;
mod shard;
mod spool;
mod words;
mod worker;

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

pub use options::SetArgs;
pub use shard::Shard;

use super::check::CheckArgs;
use super::configured::Invocation;
use super::output::{Destination, note, usage_error};
use super::progress;
use super::target::{Environment as _, ProcessEnvironment};
use super::terminal;
use crate::config::ConfigFile;
use crate::config::replace::Staged;
use crate::netsuite::http::Trust;
use crate::report::Format;
use crate::types::ExitCode;
use compose::Form;
use folder::Folder;
use spool::Spool;
use worker::{Job, Outcome};

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
        "--format {0} shows one target; with --all choose human, short or json. `report show` \
         brings the json of all targets into every other form"
    )]
    Format(String),
    #[error(
        "--save writes the report of one target; with --all use --output, or --output-dir for one \
         report per target"
    )]
    Save,
    #[error(transparent)]
    Shard(#[from] shard::ShardError),
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
    form: Form,
    destination: Destination,
    staged: Option<Staged>,
    spool: Spool,
    folder: Option<Folder>,
    jobs: usize,
}

/// Checks all targets and writes the one document.
#[must_use]
pub fn run(args: &CheckArgs, file: &ConfigFile, invocation: &Invocation) -> ExitCode {
    let mut plan = match plan(args, file, invocation) {
        Ok(plan) => plan,
        Err(error) => return usage_error(&error.to_string()),
    };
    if plan.names.is_empty() {
        note("this shard has no targets; there are more shards than targets");
    }
    let done = collect(&mut plan, file, invocation);
    match done.and_then(|()| deliver(plan)) {
        Ok(code) => code,
        Err(error) => {
            note(&format!("the reports cannot be written: {error}"));
            ExitCode::Internal
        }
    }
}

fn plan(args: &CheckArgs, file: &ConfigFile, invocation: &Invocation) -> Result<Plan, NotStarted> {
    let all = file.names();
    if all.is_empty() {
        return Err(NotStarted::NoTargets(file.path().display().to_string()));
    }
    let fixed: Vec<&str> =
        OF_ONE.iter().filter(|(key, _)| invocation.decides(key)).map(|(_, shown)| *shown).collect();
    if !fixed.is_empty() {
        return Err(NotStarted::OneForAll(fixed.join(", ")));
    }
    let form = form(args.report.format)?;
    if !args.report.save.is_empty() {
        return Err(NotStarted::Save);
    }
    let shard = shard::choose(args.set.shard, |name| ProcessEnvironment.get(name))?;
    let destination = Destination::new("--output", args.report.output.as_deref());
    destination.probe(&args.files()).map_err(|error| NotStarted::Place {
        place: "the report".to_owned(),
        source: io::Error::other(error.to_string()),
        flag: "--output",
    })?;
    let place = |path: &Path, flag| {
        let place = path.display().to_string();
        move |source| NotStarted::Place { place, source, flag }
    };
    let (staged, beside) = match &destination {
        Destination::File { path, .. } => {
            let staged = Staged::new(path).map_err(place(path, "--output"))?;
            (Some(staged), path.parent().map(Path::to_owned))
        }
        Destination::Stdout => (None, None),
    };
    let beside = beside.filter(|folder| !folder.as_os_str().is_empty());
    let spool = match beside.clone() {
        Some(folder) => Spool::new(&folder).map_err(place(&folder, "--output"))?,
        None if staged.is_some() => {
            Spool::new(Path::new(".")).map_err(place(Path::new("."), "--output"))?
        }
        None => {
            let folder = std::env::temp_dir();
            Spool::new(&folder).map_err(place(&folder, "the variable TMPDIR"))?
        }
    };
    let folder = args
        .set
        .output_dir
        .as_deref()
        .map(|path| Folder::new(path).map_err(place(path, "--output-dir")));
    Ok(Plan {
        names: shard.of(all),
        form,
        destination,
        staged,
        spool,
        folder: folder.transpose()?,
        jobs: usize::from(args.set.jobs),
    })
}

fn form(format: Format) -> Result<Form, NotStarted> {
    let known =
        [(Format::Human, Form::Human), (Format::Short, Form::Short), (Format::Json, Form::Json)];
    let found = known.into_iter().find(|(candidate, _)| *candidate == format);
    found.map(|(_, form)| form).ok_or_else(|| {
        let name = clap::ValueEnum::to_possible_value(&format);
        NotStarted::Format(name.map(|name| name.get_name().to_owned()).unwrap_or_default())
    })
}

/// Lets the workers run, and puts away what they bring as it comes.
fn collect(plan: &mut Plan, file: &ConfigFile, invocation: &Invocation) -> io::Result<()> {
    let style = terminal::style(&plan.destination);
    let job = Job {
        file,
        invocation,
        form: plan.form,
        style,
        folder: plan.folder.as_ref(),
        trust: Trust::default(),
    };
    let (names, next) = (&plan.names, AtomicUsize::new(0));
    let progress = progress::counter(names.len());
    let spool = &mut plan.spool;
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel::<(usize, Outcome)>(1);
        for _ in 0..plan.jobs.min(names.len()) {
            let (sender, next, job) = (sender.clone(), &next, &job);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(name) = names.get(index) else { break };
                    // Nobody listens any more where writing failed.
                    if sender.send((index, job.check(name))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        for (index, outcome) in receiver {
            spool.put(index, outcome)?;
            progress.advance();
        }
        Ok(())
    })
}

fn deliver(plan: Plan) -> io::Result<ExitCode> {
    let Plan { names, form, destination, staged, mut spool, .. } = plan;
    let style = terminal::style(&destination);
    let summary = spool.summary();
    match staged {
        Some(mut staged) => {
            let mut out = io::BufWriter::new(&mut staged);
            compose::write(&mut out, form, style, &names, &mut spool)?;
            io::Write::flush(&mut out)?;
            drop(out);
            staged.commit()?;
        }
        None => {
            let mut out = io::BufWriter::new(anstream::stdout().lock());
            let written = compose::write(&mut out, form, style, &names, &mut spool)
                .and_then(|()| io::Write::flush(&mut out));
            match written {
                // A reader that went away is no error.
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
                _ => {}
            }
        }
    }
    Ok(summary.exit())
}
