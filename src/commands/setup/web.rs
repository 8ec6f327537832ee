//! `setup --web`: the walk on a page in the browser. The walk runs on a thread of its own, as it
//! does on a terminal; the pages are served beside it.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;

use super::administrator::Desks;
use super::interrupt::{self, Busy};
use super::work::{Attendant, Worker, again};
use super::{SetupArgs, no_terminal, stopped};
use crate::cli::error::CommandError;
use crate::commands::page;
use crate::credentials::input::Origin;
use crate::engine::Observer;
use crate::preflight::render::{Outputs, run_watched};
use crate::preflight::session::{Finished, Preflight};
use crate::report::Report;
use crate::setup::{Draft, Prompt, Response, Walk, Work, store};
use crate::sign_in::{Desk, Receiver};
use crate::terminal::output::tell;
use crate::types::shown::shown_path;
use crate::types::{ExitCode, Secret};
use crate::web::desk::{At, End, Task};
use crate::web::walked::{self, About};
use crate::web::{Clerk, Ended, Heard, Live, desk};

/// A person at a page.
struct AtPage<'a>(&'a Clerk);

impl Attendant for AtPage<'_> {
    fn passphrase(&self, of: &Origin) -> Option<Secret> {
        self.0.passphrase(of.to_string())
    }

    fn run(&self, session: Preflight) -> Result<Finished, CommandError> {
        self.0.live.begin(session.waiting());
        let observer: &dyn Observer = self.0.live.as_ref();
        run_watched(session, observer)
    }

    fn desks(&self) -> Desks {
        let live = Arc::clone(&self.0.live);
        Box::new(move || Box::new(PageDesk(Arc::clone(&live))))
    }

    /// The page shows it.
    fn show(&self, report: &Report, _: &Outputs) -> Result<ExitCode, CommandError> {
        Ok(ExitCode::from_number(report.summary.exit_code).unwrap_or(ExitCode::Internal))
    }
}

/// The page, while an administrator signs in: it has the address as a link.
#[derive(Debug)]
struct PageDesk(Arc<Live>);

impl Desk for PageDesk {
    /// The page has words of its own.
    fn tell(&self, _: &str) {}

    fn open(&self, address: &str) -> bool {
        self.0.sign_in_at(address);
        true
    }

    /// Nothing is pasted into a page.
    fn line(&self) -> LocalBoxFuture<'_, Option<String>> {
        std::future::ready(None).boxed_local()
    }
}

/// How the walk came out, for the exit code.
#[derive(Default)]
struct Outcome {
    /// Of the last check.
    code: Option<ExitCode>,
    /// The walk ended by itself.
    ended: bool,
    /// What it could not go on with, and whether that is a bug.
    error: Option<(String, bool)>,
}

pub(super) fn serve(walk: Walk, args: &SetupArgs, file: &Path) -> Result<ExitCode, CommandError> {
    if args.sign_in.sign_in && args.sign_in.receiver() == Receiver::Paste {
        return Err(CommandError::usage(
            "with --web the browser comes back by itself; leave --paste out, or sign in with `setup` \
             in the terminal",
        ));
    }
    let page = page::open(&args.page)?;
    let words = stopped(args, file);
    let said = words.clone();
    let busy = interrupt::watch(move || said.now()).map_err(no_terminal)?;
    let (clerk, window) = desk(&walk, Arc::clone(&page.session));
    let outcome = Arc::new(Mutex::new(Outcome::default()));
    let thread = Thread {
        clerk,
        args: args.clone(),
        file: file.to_owned(),
        busy: busy.clone(),
        outcome: Arc::clone(&outcome),
    };
    let thread = std::thread::Builder::new()
        .name("walk".to_owned())
        .spawn(move || thread.run(walk))
        .map_err(CommandError::failed)?;
    let pages = walked::pages(window, Arc::clone(&page.session), about(args, file));
    tell(&format!(
        "Set-up of target {} on a page in the browser. Progress is kept in {}, never a secret.\n",
        args.target.as_str(),
        shown_path(file)
    ));
    let ended = page.serve(pages)?;
    // A check that still runs is not waited for.
    if thread.is_finished() && thread.join().is_err() {
        return Err(CommandError::internal("the walk broke off"));
    }
    // What is being written is written whole.
    let _writing = busy.hold();
    let outcome = std::mem::take(&mut *outcome.lock().unwrap_or_else(PoisonError::into_inner));
    if let Some((why, bug)) = outcome.error {
        return Err(if bug { CommandError::internal(why) } else { CommandError::failed(why) });
    }
    if outcome.ended {
        tell("The page is closed.\n");
        return Ok(outcome.code.unwrap_or(ExitCode::Ok));
    }
    if ended == Ended::Idle {
        tell("Nobody used the page for half an hour, so it was closed.\n");
    }
    tell(&format!("{}\n", words.now()));
    Ok(ExitCode::Failed)
}

fn about(args: &SetupArgs, file: &Path) -> About {
    let here = std::env::current_dir().unwrap_or_default();
    let again = again(args);
    About {
        target: args.target.as_str().to_owned(),
        file: shown_path(file),
        folder: shown_path(&here),
        pairs: args.dir.clone(),
        again: again.command,
        options: again.target,
    }
}

/// The walk, and what it needs.
struct Thread {
    clerk: Clerk,
    args: SetupArgs,
    file: std::path::PathBuf,
    busy: Busy,
    outcome: Arc<Mutex<Outcome>>,
}

impl Thread {
    fn run(self, mut walk: Walk) {
        if let Err(error) = self.walk(&mut walk) {
            let told = match &error {
                CommandError::Internal(why) => (why.to_string(), true),
                other => (other.to_string(), false),
            };
            self.outcome(|outcome| outcome.error = Some(told));
            self.clerk.show(&walk, At::End(End::Broken(error.to_string())));
            // Whatever is said, it is over.
            let _ = self.clerk.hear();
        }
    }

    fn outcome(&self, change: impl FnOnce(&mut Outcome)) {
        change(&mut self.outcome.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Walks until the person leaves.
    fn walk(&self, walk: &mut Walk) -> Result<(), CommandError> {
        let attendant = AtPage(&self.clerk);
        let mut worker = Worker::new(&self.args, &self.file, &attendant)?;
        let mut saved: Option<Draft> = None;
        loop {
            if saved.as_ref() != Some(walk.draft()) && !walk.draft().done.is_empty() {
                let _writing = self.busy.hold();
                store::save(&self.file, &self.args.target, walk.draft())
                    .map_err(CommandError::failed)?;
                saved = Some(walk.draft().clone());
            }
            let event = match walk.prompt() {
                Prompt::Ask(ask) => match self.heard(walk, At::Question(ask.field)) {
                    Some(event) => event,
                    None => return Ok(()),
                },
                Prompt::Work(work) => {
                    self.clerk.live.clear();
                    self.clerk.show(walk, At::Work(task(&work)));
                    let done = worker.work(work, walk, &self.busy)?;
                    if done.code.is_some() {
                        self.outcome(|outcome| outcome.code = done.code);
                    }
                    done.event
                }
                Prompt::Finished { next, proved } => {
                    self.outcome(|outcome| outcome.ended = true);
                    match self.heard(walk, At::End(End::Done { next, proved })) {
                        Some(event) => event,
                        None => return Ok(()),
                    }
                }
                Prompt::Stopped => {
                    self.outcome(|outcome| outcome.ended = true);
                    let _ = self.heard(walk, At::End(End::Stopped));
                    return Ok(());
                }
            };
            walk.take(event);
        }
    }

    /// What the person says to this; none where they leave.
    fn heard(&self, walk: &Walk, at: At) -> Option<Response> {
        self.clerk.show(walk, at);
        loop {
            match self.clerk.hear()? {
                Heard::Answer(event) => return Some(event),
                Heard::Leave => return None,
                // Nobody was asked for one.
                Heard::Passphrase(_) => {}
            }
        }
    }
}

fn task(work: &Work) -> Task {
    match work {
        Work::MakePair => Task::Pair,
        Work::FirstCheck => Task::Check,
        Work::SignIn | Work::ListRoles | Work::ListEntities(_) | Work::Map(_) => Task::Account,
        Work::Judge(_) | Work::Explain(_) | Work::WriteSheet(_) => Task::Short,
    }
}
