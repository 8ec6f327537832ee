//! Groups of options that several commands share.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use strum::VariantArray as _;

use crate::checks::context::Inputs;
use crate::checks::plan::{Pattern, Selection};
use crate::cli::error::CommandError;
use crate::cli::profiles;
use crate::credentials::input::read_file;
use crate::diagnosis::AuditDetail;
use crate::netsuite::catalogue::catalogue;
use crate::netsuite::http::HttpOptions;
use crate::report::format::UnknownExtension;
use crate::report::{ExitPolicy, Extent, Format};
use crate::types::{Algorithm, HostName, Scope, SecretKind};

/// Which checks run.
#[derive(Debug, Args)]
#[command(next_help_heading = "Selection")]
pub struct SelectionArgs {
    /// Use no network at all; check whatever is given
    #[arg(long)]
    pub offline: bool,
    /// Run only these checks (and what they need): check ids, phases, record-access:TYPE:LEVEL
    ///
    /// `netsuite-preflight list checks` names them. Example: --only records,clock
    #[arg(long, value_name = "IDS", value_delimiter = ',', hide_short_help = true)]
    pub only: Vec<Pattern>,
    /// Skip these checks: check ids, phases, record-access:TYPE:LEVEL
    ///
    /// Example: --skip private-key-file,record-access:customer:edit
    #[arg(long, value_name = "IDS", value_delimiter = ',', hide_short_help = true)]
    pub skip: Vec<Pattern>,
    /// Record type and level: customer, salesOrder:edit
    ///
    /// What the integration uses; can be given several times. Levels are view, create, edit and full [default: view]. `netsuite-preflight list records`
    /// names the types. Example: --record customer --record salesOrder:edit
    #[arg(long = "record", value_name = "TYPE[:LEVEL]")]
    pub records: Vec<String>,
    /// Integration that is set up, such as alchemer
    ///
    /// A name of `list profiles`, or a TOML file of your own. It brings its records and scopes, and says which keys it takes; --record and --scope replace
    /// what it brings. Example: --profile alchemer
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,
    /// Accept record types that the catalogue does not list
    #[arg(long, hide_short_help = true)]
    pub allow_unlisted_records: bool,
    /// Take an empty list as a warning instead of inconclusive
    #[arg(long, hide_short_help = true)]
    pub accept_empty: bool,
    /// What the column Detail of the Login Audit Trail shows for the failed sign-in
    ///
    /// Any case. Example: --audit-detail MissingKey
    #[arg(long, value_name = "VALUE", hide_short_help = true)]
    pub audit_detail: Option<AuditDetail>,
    /// The Login Audit Trail as exported CSV: the failed sign-in is looked up in it
    ///
    /// Its columns are Date, Status and Detail, in any order. Example: --audit-file trail.csv
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub audit_file: Option<PathBuf>,
    /// Warn when the certificate ends within so many days [default: 60]
    ///
    /// `netsuite-preflight certificates rotate` then makes and registers the next one. Example:
    /// --expires-in 30
    #[arg(long, value_name = "DAYS", hide_short_help = true, value_parser = clap::value_parser!(u16).range(1..=730))]
    pub expires_in: Option<u16>,
    /// Try levels create and edit by asking for forms, which change nothing
    ///
    /// `netsuite-preflight explain record-access` says how it is made sure that nothing changes.
    #[arg(long, hide_short_help = true)]
    pub probe_writes: bool,
    /// Sign in with NetSuite's time where this machine's clock is wrong
    ///
    /// The times in the assertion are corrected by the measured difference. It fixes nothing for the
    /// integration: its clock has to be set.
    #[arg(long, hide_short_help = true)]
    pub correct_clock: bool,
    /// Scope to ask for (repeatable) [default: rest_webservices]
    ///
    /// Example: --scope rest_webservices,restlets
    #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',', hide_short_help = true)]
    pub scopes: Vec<Scope>,
    /// Signing algorithm [default: by the key]
    ///
    /// An RSA key signs with PS256 by default, an EC key with the algorithm of its curve. Example:
    /// --algorithm PS384
    #[arg(long, value_name = "ALG", hide_short_help = true, ignore_case = true,
          value_parser = algorithms())]
    pub algorithm: Option<Algorithm>,
}

impl SelectionArgs {
    /// What of the checklist is to run.
    #[must_use]
    pub fn selection(&self) -> Selection {
        Selection { offline: self.offline, only: self.only.clone(), skip: self.skip.clone() }
    }

    /// Adds what these options say to the inputs.
    ///
    /// # Errors
    /// When a record type, level or profile is unknown.
    pub fn fill(&self, inputs: &mut Inputs) -> Result<(), CommandError> {
        let resolve = |text: &str| {
            let request = catalogue().resolve_request(text, self.allow_unlisted_records);
            request.map_err(CommandError::usage)
        };
        for text in &self.records {
            inputs.records.push(resolve(text)?);
        }
        inputs.scopes.clone_from(&self.scopes);
        if let Some(name) = &self.profile {
            profiles::choose(name, self.allow_unlisted_records)?.fill(inputs);
        }
        // An entry about a record type is asked for by its name as well as by --record.
        for text in self.only.iter().filter_map(Pattern::record) {
            let request = resolve(&text)?;
            if !inputs.records.contains(&request) {
                inputs.records.push(request);
            }
        }
        inputs.algorithm = self.algorithm;
        inputs.accept_empty = self.accept_empty;
        inputs.audit_detail.clone_from(&self.audit_detail);
        if let Some(path) = &self.audit_file {
            // No secret by right, but people do hand over a key where another file belongs.
            let material = read_file(path, "--audit-file", SecretKind::PrivateKey);
            inputs.audit_file = Some(material.map_err(CommandError::usage)?);
        }
        inputs.expires_in = self.expires_in;
        inputs.probe_writes = self.probe_writes;
        inputs.correct_clock = self.correct_clock;
        Ok(())
    }
}

/// How NetSuite is reached.
#[derive(Debug, Args, Clone)]
#[command(next_help_heading = "Network")]
pub struct NetworkArgs {
    /// Dial this address for every NetSuite host name; names in URLs and TLS stay the same
    ///
    /// For the emulator and for tunnels. Example: --connect-to 127.0.0.1:8443
    #[arg(
        long,
        value_name = "HOST:PORT",
        env = "NETSUITE_PREFLIGHT_CONNECT_TO",
        hide_env_values = true,
        hide_short_help = true
    )]
    pub connect_to: Option<HostPort>,
    /// Further trusted CA certificates (PEM), for proxies that inspect TLS and for the emulator
    #[arg(
        long,
        value_name = "FILE",
        env = "NETSUITE_PREFLIGHT_CA_FILE",
        hide_env_values = true,
        hide_short_help = true
    )]
    pub ca_file: Option<PathBuf>,
    /// Time allowed for each request, in seconds
    #[arg(long, value_name = "SECS", default_value_t = 30, hide_short_help = true, value_parser = seconds(600))]
    pub timeout: u64,
    /// Record probes in flight at once
    #[arg(long, value_name = "N", default_value_t = 2, hide_short_help = true,
          value_parser = clap::value_parser!(u8).range(1..=20))]
    pub concurrency: u8,
    /// Time allowed for the whole run, in seconds
    #[arg(long, value_name = "SECS", default_value_t = 300, hide_short_help = true, value_parser = seconds(86_400))]
    pub deadline: u64,
}

impl NetworkArgs {
    /// How the client is to reach NetSuite.
    ///
    /// # Errors
    /// When the CA file cannot be read or is too large.
    pub fn http_options(&self) -> Result<HttpOptions, CommandError> {
        let timeout = Duration::from_secs(self.timeout);
        let extra_ca = match &self.ca_file {
            // No secret, but the one bounded reader for files serves it too.
            Some(path) => {
                let material = read_file(path, "--ca-file", SecretKind::PrivateKey);
                Some(material.map_err(CommandError::usage)?)
            }
            None => None,
        };
        if extra_ca.as_ref().is_some_and(|material| material.too_large) {
            return Err(CommandError::usage(
                "the file given with --ca-file is larger than 1 MiB; give only the certificates \
                 that are to be trusted besides the system's",
            ));
        }
        Ok(HttpOptions {
            connect_to: self.connect_to.as_ref().map(|to| (to.host.clone(), to.port)),
            extra_ca: extra_ca.map(|material| material.bytes.expose().to_vec()),
            extra_ca_file: self.ca_file.clone(),
            timeout,
            connect_timeout: timeout.min(Duration::from_secs(10)),
            concurrency: usize::from(self.concurrency),
            ..HttpOptions::default()
        })
    }
}

/// The names of the algorithms, which the help lists.
fn algorithms() -> impl TypedValueParser<Value = Algorithm> {
    let names = Algorithm::VARIANTS.iter().map(|algorithm| algorithm.as_str());
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Algorithm>())
}

/// Seconds, from one on.
pub(crate) fn seconds(most: u64) -> clap::builder::RangedU64ValueParser {
    clap::value_parser!(u64).range(1..=most)
}

/// A host name or address with a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPort {
    /// Host name or IP address; without the brackets of an IPv6 address.
    pub host: String,
    /// Port.
    pub port: u16,
}

impl std::fmt::Display for HostPort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

/// The text is no `HOST:PORT`.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("expected HOST:PORT, such as 127.0.0.1:8443 or [::1]:8443")]
pub struct InvalidHostPort;

impl std::str::FromStr for HostPort {
    type Err = InvalidHostPort;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (host, port) = text.rsplit_once(':').ok_or(InvalidHostPort)?;
        let bracketed = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let host = match bracketed {
            Some(address) => address,
            None if host.contains([':', '[', ']', '/', '@']) => return Err(InvalidHostPort),
            None => host,
        };
        let port = port.parse().ok().filter(|port| *port != 0).ok_or(InvalidHostPort)?;
        if host.parse::<HostName>().is_err() && host.parse::<IpAddr>().is_err() {
            return Err(InvalidHostPort);
        }
        Ok(Self { host: host.to_owned(), port })
    }
}

/// Where the report goes and how it looks.
#[derive(Debug, Args, Clone)]
#[command(next_help_heading = "Report")]
pub struct ReportArgs {
    /// Form of the report
    ///
    /// Example: --format junit
    #[arg(long, value_enum, default_value_t = Format::Human, hide_short_help = true)]
    pub format: Format,
    /// Show every check, its evidence, and all causes
    ///
    /// In the form human; the other forms always have them.
    #[arg(long, conflicts_with = "quiet")]
    pub details: bool,
    /// Show the verdict and what to do first, and nothing else (form human)
    #[arg(long, hide_short_help = true)]
    pub quiet: bool,
    /// Open the page of the first thing to do in the browser
    #[arg(long, hide_short_help = true)]
    pub open: bool,
    /// Write the report to this file instead of standard output
    ///
    /// Example: --format junit --output junit.xml
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub output: Option<PathBuf>,
    /// Save the report as well, such as report.html
    ///
    /// The extension names the form: .json, .xml (junit), .md, .html, .txt, .prom (openmetrics). Can
    /// be given several times.
    /// Example: --save report.html --save report.json
    #[arg(long, value_name = "FILE")]
    pub save: Vec<SaveFile>,
    /// Save what was asked of NetSuite and what is read of the answers, for `emulate --replay`
    ///
    /// A JSON file with no token and no values of fields. Example: --save-exchanges exchanges.json
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub save_exchanges: Option<PathBuf>,
    /// Name what did not pass on standard error, as a CI system marks it in its views
    ///
    /// GitHub Actions shows the first ten errors and ten warnings of a step. Example: --annotate
    /// github
    #[arg(long, value_enum, value_name = "SYSTEM", hide_short_help = true)]
    pub annotate: Option<Annotate>,
    /// What makes the exit code 4 where nothing worse did
    ///
    /// Example: --fail-on warn
    #[arg(long, value_enum, default_value_t = FailOn::Fail, hide_short_help = true)]
    pub fail_on: FailOn,
}

impl ReportArgs {
    /// How much of the report a person asked for.
    #[must_use]
    pub fn extent(&self) -> Extent {
        match (self.details, self.quiet) {
            (true, _) => Extent::Details,
            (false, true) => Extent::Quiet,
            (false, false) => Extent::Brief,
        }
    }

    /// How the outcome becomes an exit code.
    #[must_use]
    pub fn exit_policy(&self) -> ExitPolicy {
        ExitPolicy { fail_on_warn: self.fail_on == FailOn::Warn }
    }
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        Self::VARIANTS
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.about()))
    }
}

/// A file for the report, in the form that its extension names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaveFile {
    /// Where.
    pub path: PathBuf,
    /// In which form.
    pub format: Format,
}

impl std::str::FromStr for SaveFile {
    type Err = UnknownExtension;

    fn from_str(path: &str) -> Result<Self, Self::Err> {
        let path = PathBuf::from(path);
        let format = Format::of_file(&path)?;
        Ok(Self { path, format })
    }
}

/// Forms of an answer that is no report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlainFormat {
    /// For a person at a terminal
    Human,
    /// For a program
    Json,
}

/// Whose annotations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Annotate {
    /// GitHub Actions
    Github,
}

/// Threshold of `--fail-on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Warnings leave the exit code 0
    Fail,
    /// Warnings alone make the exit code 4
    Warn,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_and_port() {
        let parse = |text: &str| text.parse::<HostPort>().map(|hp| (hp.host, hp.port));
        assert_eq!(parse("127.0.0.1:8443"), Ok(("127.0.0.1".into(), 8443)));
        assert_eq!(parse("[::1]:8443"), Ok(("::1".into(), 8443)));
        for wrong in ["", "host", "host:", ":1", "host:0", "host:99999", "::1:8443", "a b:1"] {
            assert_eq!(parse(wrong), Err(InvalidHostPort), "{wrong:?}");
        }
    }
}
