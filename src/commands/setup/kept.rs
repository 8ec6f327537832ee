//! Options of an earlier call that still hold: what was said once need not be said again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::cli::configured;
use crate::cli::error::CommandError;
use crate::commands::setup::SetupArgs;
use crate::config::ConfigFile;
use crate::setup::Draft;

/// Brings the options of this call and of earlier ones together: a flag or a variable stands over
/// what was kept, and a flag is kept from now on.
///
/// # Errors
/// When what was kept does not do for its option.
pub(super) fn settle(
    args: &mut SetupArgs,
    draft: &mut Draft,
    file: &Path,
) -> Result<(), CommandError> {
    let given = configured::given::<SetupArgs>("setup");
    let [flags, decided] = given.map_err(CommandError::usage)?;
    if args.config.is_none() && file.exists() {
        let file = ConfigFile::load(file).map_err(CommandError::usage)?;
        if let Ok(target) = file.target(args.target.as_str()) {
            let found = file.merely_found(&target, |key| decided.contains(key));
            found.map_err(CommandError::usage)?;
        }
    }
    Options { flags, decided }.settle(args, draft)
}

struct Options {
    flags: BTreeSet<String>,
    decided: BTreeSet<String>,
}

impl Options {
    fn settle(&self, args: &mut SetupArgs, draft: &mut Draft) -> Result<(), CommandError> {
        let (network, kept) = (&mut args.network, &mut draft.network);
        let text = |to: &crate::cli::options::HostPort| to.to_string();
        let address = network.connect_to.as_ref().map(text);
        if let Some(found) = self.of("connect_to", &mut kept.connect_to, address) {
            network.connect_to = Some(found.parse().map_err(|e| wrong("connect_to", &e))?);
        }
        let file = network.ca_file.clone();
        network.ca_file = self.of("ca_file", &mut kept.ca_file, file.clone()).or(file);
        let seconds = Some(network.timeout);
        if let Some(found) = self.of("timeout", &mut kept.timeout, seconds) {
            let fits = (1..=600).contains(&found);
            network.timeout = fits.then_some(found).ok_or_else(|| outside("timeout", 600))?;
        }
        let number = Some(u64::from(network.concurrency));
        if let Some(found) = self.of("concurrency", &mut kept.concurrency, number) {
            let found = u8::try_from(found).ok().filter(|n| (1..=20).contains(n));
            network.concurrency = found.ok_or_else(|| outside("concurrency", 20))?;
        }
        let id = args.sign_in.sign_in_client_id.clone();
        let found = self.of("sign_in_client_id", &mut draft.sign_in_client_id, id.clone());
        args.sign_in.sign_in_client_id = found.or(id);
        let dir: Option<PathBuf> = Some(args.dir.clone());
        if let Some(found) = self.of("dir", &mut draft.pair.dir, dir) {
            args.dir = found;
        }
        let key_type = Some(args.key_type.to_string());
        if let Some(found) = self.of("key_type", &mut draft.pair.key_type, key_type) {
            args.key_type = found.parse().map_err(|e| wrong("key_type", &e))?;
        }
        Ok(())
    }

    /// The value that holds instead of the one of this call; a flag of this call is put in place of
    /// what was kept.
    fn of<T: Clone>(&self, id: &str, kept: &mut Option<T>, given: Option<T>) -> Option<T> {
        if self.flags.contains(id) {
            *kept = given;
            return None;
        }
        if self.decided.contains(id) { None } else { kept.clone() }
    }
}

fn wrong(key: &str, error: &impl std::fmt::Display) -> CommandError {
    CommandError::usage(format!("{key} in the configuration file: {error}"))
}

fn outside(key: &str, most: u64) -> CommandError {
    CommandError::usage(format!("{key} has to be 1 to {most}"))
}

#[cfg(test)]
mod tests {
    use clap::{Args as _, Command, FromArgMatches as _};

    use super::*;
    use crate::setup::store::{Network, Pair};

    fn call(line: &[&str], ids: &[&str]) -> (SetupArgs, Options) {
        let command = SetupArgs::augment_args(Command::new("setup")).no_binary_name(true);
        let matches = command.try_get_matches_from(line).unwrap();
        let flags: BTreeSet<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        let options = Options { decided: flags.clone(), flags };
        (SetupArgs::from_arg_matches(&matches).unwrap(), options)
    }

    #[test]
    fn what_was_said_once_holds_until_something_else_is_said() {
        let mut draft = Draft::default();
        let line = ["--ca-file=ca.pem", "--connect-to=[::1]:8443", "--dir=keys/sb1"];
        let line = [&line[..], &["--key-type=ec-p384", "--timeout=7", "--concurrency=4"]].concat();
        let ids = ["ca_file", "connect_to", "dir", "key_type", "timeout", "concurrency"];
        let (mut first, options) = call(&line, &ids);
        options.settle(&mut first, &mut draft).unwrap();
        let (mut second, options) = call(&[], &[]);
        options.settle(&mut second, &mut draft).unwrap();
        assert_eq!(format!("{first:?}"), format!("{second:?}"));
        let (mut third, options) = call(&["--timeout=30", "--dir=keys"], &["timeout", "dir"]);
        options.settle(&mut third, &mut draft).unwrap();
        assert_eq!((third.network.timeout, third.network.concurrency), (30, 4));
        assert_eq!((draft.network.timeout, draft.pair.dir), (Some(30), Some("keys".into())));
    }

    #[test]
    fn what_was_not_said_is_not_kept() {
        let (mut args, options) = call(&[], &[]);
        let mut draft = Draft::default();
        options.settle(&mut args, &mut draft).unwrap();
        assert_eq!(draft, Draft::default());
    }

    #[test]
    fn a_value_that_does_not_do_is_named() {
        let networks = [
            Network { connect_to: Some("nowhere".to_owned()), ..Network::default() },
            Network { timeout: Some(601), ..Network::default() },
            Network { concurrency: Some(0), ..Network::default() },
        ];
        let pair = Pair { key_type: Some("dsa".to_owned()), dir: None };
        let drafts = networks.map(|network| Draft { network, ..Draft::default() });
        let bad_pair = Draft { pair, ..Draft::default() };
        let named = ["connect_to", "timeout", "concurrency", "key_type"];
        for (mut draft, named) in drafts.into_iter().chain([bad_pair]).zip(named) {
            let (mut args, options) = call(&[], &[]);
            let error = options.settle(&mut args, &mut draft).unwrap_err().to_string();
            assert!(error.starts_with(named), "{error}");
        }
    }
}
