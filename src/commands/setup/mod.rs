//! `setup`: the walk through a whole set-up, on a terminal or on a page in the browser.

mod administrator;
mod ask;
mod interrupt;
mod kept;
mod keys;
mod screen;
mod web;
mod work;

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::error::CommandError;
use crate::cli::options::NetworkArgs;
use crate::cli::profiles;
use crate::cli::sign_in::SignInArgs;
use crate::commands::page::PageArgs;
use crate::config::TargetName;
use crate::credentials::generate::KeyType;
use crate::setup::{Draft, Prompt, SetupStep, Texts, Walk, store};
use crate::terminal::line::LineReader;
use crate::types::shown::shown_path;
use crate::types::{ExitCode, shell};
use ask::Answered;
use screen::Screen;
use work::{AtTerminal, Worker};

/// `setup`
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct SetupArgs {
    /// Name of the target in the file
    ///
    /// A file can hold several, such as production and sandbox.
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = target_name)]
    target: TargetName,
    /// File in which progress is kept
    ///
    /// Without it ./netsuite-preflight.toml, whose connect_to and ca_file are taken only where it is
    /// named.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Begin again at this step, such as mapping
    ///
    /// account, features, key, integration, role, mapping, check or hand-over
    #[arg(long, value_name = "STEP")]
    from: Option<SetupStep>,
    /// Folder for a new key pair
    ///
    /// It is made where it is missing.
    #[arg(long, value_name = "DIR", default_value = "keys")]
    dir: PathBuf,
    /// Kind and size of a new key
    ///
    /// rsa-3072, rsa-4096, ec-p256, ec-p384 or ec-p521
    #[arg(long, value_name = "TYPE", default_value = "rsa-4096", hide_short_help = true)]
    key_type: KeyType,
    /// Integration, such as alchemer; others need none
    ///
    /// Its form names the fields of the hand-over sheet. A name of `list profiles`, or the path of a
    /// TOML file of your own.
    #[arg(long, value_name = "NAME|FILE")]
    profile: Option<String>,
    /// Walk on a page in the browser instead
    ///
    /// The page is served by this machine, to this machine alone.
    #[arg(long)]
    web: bool,
    /// Which port the page has.
    #[command(flatten)]
    page: PageArgs,
    /// Who signs in, for the account and the mapping.
    #[command(flatten)]
    sign_in: SignInArgs,
    /// How to reach NetSuite.
    #[command(flatten)]
    network: NetworkArgs,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight setup --profile alchemer
  netsuite-preflight setup                        go on where it was left
  netsuite-preflight setup --web                  the same in the browser
  netsuite-preflight setup --from mapping         walk from that step again
  netsuite-preflight setup --target sandbox --dir keys/sandbox
  netsuite-preflight setup --sign-in --sign-in-client-id 3d7f20c9...
                                                  account and mapping by a sign-in

Each step says why it is there, where to click and what to bring back, and checks
the answer at once. Progress is kept in ./netsuite-preflight.toml after each answer:
paths, identifiers and the options given, never a secret. Ctrl-C loses nothing.";

/// A name that a key of the configuration file and a command line can hold.
fn target_name(text: &str) -> Result<TargetName, &'static str> {
    let wrong = "a target's name has 1 to 100 letters, digits, hyphens, underscores or dots, and \
                 begins with a letter, a digit or an underscore";
    TargetName::new(text).ok_or(wrong)
}

/// Runs the command.
///
/// # Errors
/// When there is no terminal, what was given or kept cannot be used, or the walk ends early.
pub fn run(args: &SetupArgs) -> Result<ExitCode, CommandError> {
    if !args.web
        && (!io::stdin().is_terminal()
            || !io::stdout().is_terminal()
            || !io::stderr().is_terminal())
    {
        return Err(CommandError::usage(
            "setup asks questions, and this is no terminal. `netsuite-preflight setup --web` asks them \
             on a page in the browser. Elsewhere `netsuite-preflight generate --out keys` makes the \
             key pair. `netsuite-preflight check --offline` checks your values, and \
             `netsuite-preflight check` the whole set-up. The section Set-up of the README has the \
             steps between",
        ));
    }
    let mut args = args.clone();
    let file = &args.config.clone().unwrap_or_else(|| PathBuf::from(store::FILE));
    let walk = begin(&mut args, file)?;
    if args.web {
        return web::serve(walk, &args, file);
    }
    let worker = Worker::new(&args, file, &AtTerminal)?;
    walk_on(walk, worker, &args, file)
}

fn begin(args: &mut SetupArgs, file: &Path) -> Result<Walk, CommandError> {
    let mut draft = store::load(file, &args.target).map_err(CommandError::usage)?;
    kept::settle(args, &mut draft, file)?;
    // From here on the commands that are shown name the file, where they have to.
    if draft.network.connect_to.is_some() || draft.network.ca_file.is_some() {
        args.config.get_or_insert_with(|| file.to_owned());
    }
    let asked = args.profile.as_ref().or(draft.profile.as_ref());
    let profile = asked.map(|name| profiles::choose(name, false)).transpose()?;
    let profile = profile.map(profiles::Chosen::into_profile);
    if let Some(name) = &args.profile {
        // A built-in one under its own name, however it was spelt; a file under its path.
        let built_in = profile.as_ref().filter(|_| profiles::as_path(name).is_none());
        draft.profile = Some(built_in.map_or_else(|| name.clone(), |found| found.id.clone()));
    }
    let texts = Texts {
        profile,
        config: args.config.clone(),
        home: std::env::home_dir(),
        ..Texts::built_in()
    };
    let walk = Walk::new(texts, args.target.as_str(), draft, args.from);
    let walk = walk.map_err(CommandError::usage)?;
    Ok(if args.sign_in.sign_in { walk.with_sign_in() } else { walk })
}

fn no_terminal(error: io::Error) -> CommandError {
    CommandError::failed(format!("the terminal cannot be used: {error}"))
}

/// What is said when the walk ends early.
fn stopped(args: &SetupArgs, file: &Path) -> Stopped {
    let mut again = match args.target.as_str() {
        "default" => "netsuite-preflight setup".to_owned(),
        name => format!("netsuite-preflight setup --target {name}"),
    };
    for (wanted, flag) in [(args.web, " --web"), (args.sign_in.sign_in, " --sign-in")] {
        if wanted {
            again.push_str(flag);
        }
    }
    let named = args.config.as_deref().map(shell::argument);
    if let Some(word) = named.as_deref().and_then(shell::word) {
        again.push_str(&format!(" --config {word}"));
    }
    Stopped { file: file.to_owned(), again }
}

/// How to go on after an early end.
#[derive(Debug, Clone)]
struct Stopped {
    file: PathBuf,
    again: String,
}

impl Stopped {
    /// The words, as things are now: a file that was never written keeps nothing.
    fn now(&self) -> String {
        let again = &self.again;
        if !self.file.exists() {
            return format!("Stopped. Nothing was written; `{again}` goes on here.");
        }
        let file = shown_path(&self.file);
        format!("Stopped. What was done is kept in {file}; `{again}` goes on here.")
    }
}

fn walk_on(
    mut walk: Walk,
    mut worker: Worker<'_>,
    args: &SetupArgs,
    file: &Path,
) -> Result<ExitCode, CommandError> {
    let screen = Screen::new();
    let stopped = stopped(args, file);
    let said = stopped.clone();
    let busy = interrupt::watch(move || said.now()).map_err(no_terminal)?;
    let mut lines = LineReader::new().map_err(no_terminal)?;
    screen.greet(walk.draft(), args.target.as_str(), file);
    let mut saved: Option<Draft> = None;
    let mut code = ExitCode::Ok;
    loop {
        if saved.as_ref() != Some(walk.draft()) && !walk.draft().done.is_empty() {
            let _writing = busy.hold();
            store::save(file, &args.target, walk.draft()).map_err(CommandError::failed)?;
            saved = Some(walk.draft().clone());
        }
        let event = match walk.prompt() {
            Prompt::Ask(ask) => {
                match ask::answer(&screen, &mut lines, &ask).map_err(no_terminal)? {
                    Answered::With(event) => event,
                    Answered::Interrupted | Answered::Ended => {
                        screen.stop(&stopped.now());
                        return Ok(ExitCode::Failed);
                    }
                }
            }
            Prompt::Work(work) => {
                let done = worker.work(work, &walk, &busy)?;
                if let Some(ended) = done.code {
                    code = ended;
                }
                done.event
            }
            Prompt::Finished { next, proved } => {
                screen.close(&next, proved);
                return Ok(code);
            }
            Prompt::Stopped => {
                screen.stop(&stopped.now());
                return Ok(code);
            }
        };
        walk.take(event);
    }
}
