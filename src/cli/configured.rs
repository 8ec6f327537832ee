//! What the configuration file adds to a command line: flags and variables stand over it.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::ffi::OsString;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command};

use crate::cli::check::CheckArgs;
use crate::cli::error::CommandError;
use crate::cli::target::Environment;
use crate::cli::target::ProcessEnvironment;
use crate::cli::usage::{after_name, told, without_empty_variables};
use crate::config::{ConfigError, ConfigFile, DEFAULT_FILE, NotAccepted, Target};
use crate::types::shown::shown_path;

/// Which target of the configuration file is meant.
#[derive(Debug, Args, Clone)]
#[command(next_help_heading = "Configuration file")]
pub struct TargetFileArgs {
    /// File with targets and defaults [default: ./netsuite-preflight.toml, where there is one]
    ///
    /// Its connect_to and ca_file are taken only where it is named. Example: --config all.toml
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub config: Option<PathBuf>,
    /// Target of netsuite-preflight.toml
    ///
    /// Needed where the configuration file has several. Example: --target sandbox
    #[arg(long, value_name = "NAME")]
    pub target: Option<String>,
}

/// Which targets of the configuration file are meant.
#[derive(Debug, Args, Clone)]
#[command(next_help_heading = "Configuration file")]
pub struct ConfigArgs {
    /// The file, and one target of it.
    #[command(flatten)]
    pub file: TargetFileArgs,
    /// Check every target of the configuration file
    #[arg(long, conflicts_with = "target", hide_short_help = true)]
    pub all: bool,
}

impl TargetFileArgs {
    /// The file that is read, if it is there.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.config.as_deref().unwrap_or(Path::new(DEFAULT_FILE))
    }

    /// The file. None where nothing asks for one and there is none.
    ///
    /// # Errors
    /// When it is missing though something asks for it, or cannot be used.
    fn load(&self, all: bool) -> Result<Option<ConfigFile>, ConfigError> {
        let asked = self.config.is_some() || self.target.is_some() || all;
        match ConfigFile::load(self.path()) {
            Err(ConfigError::Missing(_)) if !asked => Ok(None),
            other => other.map(Some),
        }
    }

    /// Whether what the file says of the way to NetSuite may be taken: a file that was merely found
    /// may not say it, for any of the targets that are meant.
    ///
    /// # Errors
    /// When it says so all the same.
    fn accept(&self, file: &ConfigFile, decided: impl Fn(&str) -> bool) -> Result<(), NotAccepted> {
        if self.config.is_some() {
            return Ok(());
        }
        let names = file.names();
        let meant = |name: &&String| self.target.as_ref().is_none_or(|target| target == *name);
        // What is wrong with a target comes up where it is taken.
        let targets = names.iter().filter(meant).filter_map(|name| file.target(name).ok());
        targets.into_iter().try_for_each(|target| file.merely_found(&target, &decided))
    }

    /// The one target that is meant. None where the file has none and none was asked for.
    ///
    /// # Errors
    /// When it is unknown or wrong, or several could be meant.
    fn choose(&self, file: &ConfigFile) -> Result<Option<Target>, ChoiceError> {
        let names = file.names();
        match (&self.target, names.as_slice()) {
            (Some(name), _) => Ok(Some(file.target(name)?)),
            (None, []) => Ok(None),
            (None, [name]) => Ok(Some(file.target(name)?)),
            (None, _) => Err(ChoiceError::Several { path: file.path().to_owned(), names }),
        }
    }
}

/// The configuration file, where there is one or one is asked for, and the command line over it.
///
/// # Errors
/// When the file cannot be used.
pub fn found<A: Args>(
    file: &TargetFileArgs,
    all: bool,
    name: &'static str,
) -> Result<Option<(ConfigFile, Invocation<A>)>, CommandError> {
    let Some(read) = file.load(all).map_err(CommandError::usage)? else { return Ok(None) };
    let invocation = Invocation::of_process(name, &ProcessEnvironment);
    let invocation = invocation.map_err(CommandError::usage)?;
    file.accept(&read, |key| invocation.decides(key)).map_err(CommandError::usage)?;
    Ok(Some((read, invocation)))
}

/// The options of a command as they stand for the target that is meant: those given, and what the
/// configuration file says of the rest. None where no target is meant. `name` is the word of the
/// command line before them.
///
/// # Errors
/// When the file, or a value of the target, cannot be used.
pub fn configured<A: Args>(
    file: &TargetFileArgs,
    name: &'static str,
) -> Result<Option<A>, CommandError> {
    let Some((read, invocation)) = found(file, false, name)? else { return Ok(None) };
    match file.choose(&read).map_err(CommandError::usage)? {
        Some(target) => invocation.for_target(&target).map(Some).map_err(CommandError::usage),
        None => Ok(None),
    }
}

/// No target can be taken from the file.
#[derive(Debug, thiserror::Error)]
pub enum ChoiceError {
    /// The file.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Several could be meant.
    #[error(
        "{} has several targets: {}. Choose one with --target NAME, or check all with --all",
        shown_path(.path), crate::config::error::listed(.names)
    )]
    Several {
        /// The file.
        path: PathBuf,
        /// All names, sorted.
        names: Vec<String>,
    },
    /// A value of the target.
    #[error(transparent)]
    Setting(#[from] SettingError),
}

/// A value of a target does not do for its option.
#[derive(Debug, thiserror::Error)]
#[error("target {target}: {problem}")]
pub struct SettingError {
    target: String,
    problem: String,
}

/// Variables that hold a secret itself and thereby stand over the file that a key names.
const RIVALS: &[(&str, &str)] = &[
    ("NETSUITE_PRIVATE_KEY", "private_key"),
    ("NETSUITE_PRIVATE_KEY_PASSPHRASE", "passphrase_file"),
    ("NETSUITE_CLIENT_SECRET", "client_secret_file"),
    ("NETSUITE_SIGN_IN_CLIENT_SECRET", "sign_in_client_secret_file"),
];

/// The options of a command that this process was given as flags, and those that a flag or a
/// variable decides.
///
/// # Errors
/// Never after the same line was accepted once.
pub fn given<A: Args>(name: &'static str) -> Result<[BTreeSet<String>; 2], clap::Error> {
    let line = after_name(name);
    let command = A::augment_args(Command::new(name)).no_binary_name(true);
    let command = without_empty_variables(command, &ProcessEnvironment);
    let matches = command.try_get_matches_from(line)?;
    let flag = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let ids = || matches.ids().map(clap::Id::as_str);
    let flags = ids().filter(|id| flag(id)).map(str::to_owned).collect();
    let decided = ids().filter(|id| decides(&matches, id)).map(str::to_owned).collect();
    Ok([flags, decided])
}

/// The command line after a command's name, and which options it or the environment decides.
#[derive(Debug, Clone)]
pub struct Invocation<A = CheckArgs> {
    command: Command,
    line: Vec<OsString>,
    decided: BTreeSet<String>,
    /// Those of them that a variable alone decides.
    by_variable: BTreeSet<String>,
    args: PhantomData<fn() -> A>,
}

impl<A: Args> Invocation<A> {
    /// That of this process.
    ///
    /// # Errors
    /// Never after the same line was accepted once.
    pub fn of_process(
        name: &'static str,
        environment: &dyn Environment,
    ) -> Result<Self, clap::Error> {
        Self::new(after_name(name), environment)
    }

    /// That of a line, without program and command name.
    ///
    /// # Errors
    /// When it is no line of this command.
    pub fn new(line: Vec<OsString>, environment: &dyn Environment) -> Result<Self, clap::Error> {
        let command = without_empty_variables(command::<A>(), environment);
        let matches = command.clone().try_get_matches_from(&line)?;
        let mut decided: BTreeSet<String> = matches
            .ids()
            .map(clap::Id::as_str)
            .filter(|id| decides(&matches, id))
            .map(str::to_owned)
            .collect();
        let variable = |id: &&str| matches.value_source(id) == Some(ValueSource::EnvVariable);
        let ids = matches.ids().map(clap::Id::as_str);
        let by_variable = ids.filter(variable).map(str::to_owned).collect();
        let set = RIVALS.iter().filter(|(variable, _)| environment.get(variable).is_some());
        decided.extend(set.map(|(_, key)| (*key).to_owned()));
        Ok(Self { command, line, decided, by_variable, args: PhantomData })
    }

    /// Whether a flag or a variable decides an option, named as a key of the file.
    #[must_use]
    pub fn decides(&self, key: &str) -> bool {
        self.decided.contains(key)
    }

    /// Whether a variable alone decides an option.
    #[must_use]
    pub fn by_variable(&self, key: &str) -> bool {
        self.by_variable.contains(key)
    }

    /// The options as they stand for a target.
    ///
    /// # Errors
    /// When a value of the target does not do for its option.
    pub fn for_target(&self, target: &Target) -> Result<A, SettingError> {
        let command = &self.command;
        let mut line = Vec::new();
        for (key, value) in target.iter().filter(|(key, _)| !self.decides(key)) {
            let arg = command.get_arguments().find(|arg| arg.get_id() == key);
            let Some(flag) = arg.and_then(clap::Arg::get_long) else { continue };
            line.extend(value.as_arguments().into_iter().map(|value| {
                let mut word = OsString::from(format!("--{flag}="));
                word.push(value);
                word
            }));
        }
        if !self.decides("target") && !self.decides("all") {
            // The report names it, also where it is the only one.
            line.push(OsString::from(format!("--target={}", target.name)));
        }
        line.extend(self.line.iter().cloned());
        command
            .clone()
            .try_get_matches_from(line)
            .and_then(|matches| A::from_arg_matches(&matches))
            .map_err(|error| SettingError {
                target: target.name.to_string(),
                problem: reason(&told(error)),
            })
    }
}

fn command<A: Args>() -> Command {
    A::augment_args(Command::new("netsuite-preflight")).no_binary_name(true)
}

/// Whether the command line or a variable gives the option.
fn decides(matches: &ArgMatches, id: &str) -> bool {
    let source = matches.value_source(id);
    matches!(source, Some(ValueSource::CommandLine | ValueSource::EnvVariable))
}

/// What is wrong with a value, in one line, without its usage and hints.
fn reason(error: &clap::Error) -> String {
    use clap::error::{ContextKind, ContextValue};
    let flag = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(text)) => text.split(' ').next().unwrap_or_default(),
        _ => "",
    };
    let key = flag.trim_start_matches('-').replace('-', "_");
    match error.source() {
        Some(source) => format!("{key}: {source}"),
        None => error.to_string().lines().next().unwrap_or_default().replace("error: ", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::super::target::NoEnvironment;
    use super::*;

    fn target(text: &str) -> Target {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("c.toml");
        std::fs::write(&path, format!("[targets.a]\n{text}\n")).unwrap();
        ConfigFile::load(&path).unwrap().target("a").unwrap()
    }

    fn invocation(line: &[&str]) -> Invocation {
        Invocation::new(line.iter().map(OsString::from).collect(), &NoEnvironment).unwrap()
    }

    #[test]
    fn flags_stand_over_the_file_and_the_file_over_defaults() {
        let target = target(
            "account_id = '1'\nclient_id = 'c'\ncertificate_id = '-abc'\ntimeout = 7\n\
             records = ['customer', 'invoice']\nconnect_to = '127.0.0.1:1'",
        );
        let args = invocation(&["--client-id=own", "--offline"]).for_target(&target).unwrap();
        assert_eq!(args.target.account_id.as_deref(), Some("1"));
        assert_eq!(args.target.client_id.as_deref(), Some("own"));
        assert_eq!(args.target.certificate_id.as_deref(), Some("-abc"));
        assert_eq!((args.network.timeout, args.network.concurrency), (7, 2));
        assert_eq!(args.selection.records, ["customer", "invoice"]);
        assert!(args.selection.offline && args.network.connect_to.is_some());
        let args = invocation(&["--record", "vendor", "--timeout", "9"]).for_target(&target);
        let args = args.unwrap();
        assert_eq!(args.selection.records, ["vendor"]);
        assert_eq!(args.network.timeout, 9);
    }

    #[test]
    fn a_variable_with_the_secret_itself_stands_over_the_file_named() {
        struct Key;
        impl Environment for Key {
            fn get(&self, name: &str) -> Option<Vec<u8>> {
                (name == "NETSUITE_PRIVATE_KEY").then(|| b"pem".to_vec())
            }
        }
        let target = target("private_key = 'k.pem'\npassphrase_file = 'p'");
        let invocation = Invocation::new(Vec::new(), &Key).unwrap();
        let args: CheckArgs = invocation.for_target(&target).unwrap();
        assert_eq!(args.target.private_key, None);
        assert!(args.target.passphrase_file.is_some());
    }

    #[test]
    fn wrong_values_are_named_by_key() {
        for (text, says) in [
            ("timeout = 700", "timeout: "),
            ("concurrency = 0", "concurrency: "),
            ("connect_to = 'nowhere'", "connect_to: "),
            ("scopes = ['mcp']", "scope: "),
        ] {
            let error = invocation(&[]).for_target(&target(text)).unwrap_err().to_string();
            assert!(error.starts_with("target a: ") && error.contains(says), "{error}");
        }
    }

    /// Every key but those that other options have yet to take reaches `check`.
    #[test]
    fn every_key_is_an_option() {
        let command = command::<CheckArgs>();
        for (key, _) in crate::config::keys::KEYS {
            let known = command.get_arguments().any(|arg| arg.get_id() == *key);
            assert!(known, "{key}");
        }
    }
}
