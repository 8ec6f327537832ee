//! What a report needs to know beside the results.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use openssl::pkey::{PKey, Public};

use super::v1::{Mode, PublicKey, RunOptions};
use crate::checks::context::Context;
use crate::credentials::Certificate;
use crate::credentials::identifiers::client_id_for_report;
use crate::credentials::private_key::kind_of;
use crate::diagnosis::Diagnosed;
use crate::engine::NodeKey;
use crate::report::values::Values;
use crate::types::{AccountId, ExitCode, RecordRequest, Scrubber};
use crate::types::{KeyKind, Service, hex};

/// Which outcomes make the exit code other than 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExitPolicy {
    /// `--fail-on warn`: warnings count as well.
    pub fail_on_warn: bool,
}

/// Everything about a run that is not the outcome of a check.
#[derive(Debug, Clone)]
pub struct RunMeta {
    /// 128 random bits, lower-case hex; see [`new_run_id`].
    pub id: String,
    /// When the run began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// How long it took, by a clock that is never set back.
    pub took: Duration,
    /// How it was made.
    pub mode: Mode,
    /// The proxy in use. Credentials in it are removed here, not by the caller.
    pub proxy: Option<String>,
    /// Whether an extra CA was trusted.
    pub extra_ca: bool,
    /// The address that was dialled in place of every NetSuite host.
    pub connect_to: Option<String>,
    /// Whether recorded exchanges were served instead of NetSuite's answers.
    pub replay: bool,
    /// What was asked of the run.
    pub options: RunOptions,
    /// What was checked.
    pub target: TargetFacts,
    /// Values for the placeholders of the guidance that hold for the whole run, such as
    /// `private_key_file`. `account_id`, `account_host` and `certificate_id` are set by the builder.
    pub values: Values,
    /// What the diagnosis says about entries, best first.
    pub causes: BTreeMap<NodeKey, Diagnosed>,
    /// How the outcome becomes an exit code.
    pub exit: ExitPolicy,
    /// Knows the secrets of the run.
    pub scrubber: Scrubber,
}

/// What was checked, as far as it could be read.
#[derive(Debug, Clone, Default)]
pub struct TargetFacts {
    /// Its name in the configuration file.
    pub name: Option<String>,
    /// The account.
    pub account: Option<AccountId>,
    /// Hosts beside the account's own, such as those that NetSuite named.
    pub hosts: Vec<String>,
    /// The Client ID, already shortened or masked.
    pub client_id: Option<String>,
    /// The Certificate ID.
    pub certificate_id: Option<String>,
    /// SHA-256 of the certificate's DER.
    pub certificate_sha256: Option<[u8; 32]>,
    /// The public half of the key pair.
    pub public_key: Option<PublicKey>,
    /// The integration profile.
    pub profile: Option<String>,
    /// Record types and levels, in the order asked.
    pub records: Vec<RecordRequest>,
}

impl TargetFacts {
    /// What the checks established. Hosts that NetSuite named are for the caller to add.
    #[must_use]
    pub fn of(context: &Context) -> Self {
        let secret = context.inputs.client_secret.as_ref().map(|secret| secret.bytes.expose());
        let given = context.inputs.client_id.as_ref();
        let client_id = given.and_then(|id| client_id_for_report(&id.value, secret));
        let account = context.facts.account_id.get().cloned();
        let certificate = context.facts.certificate.get();
        Self {
            name: context.inputs.target.clone(),
            hosts: account.iter().map(|id| id.host(Service::SuiteTalk)).collect(),
            account,
            client_id,
            certificate_id: context.facts.certificate_id.get().map(ToString::to_string),
            certificate_sha256: certificate.map(Certificate::sha256),
            public_key: public_half(context).as_ref().and_then(public_key),
            profile: context.inputs.profile.as_ref().map(|profile| profile.id.clone()),
            records: context.inputs.records.clone(),
        }
    }
}

/// The public half of the key pair: from the private key, or else from the certificate.
fn public_half(context: &Context) -> Option<PKey<Public>> {
    let key = context.facts.private_key.get().and_then(|key| key.public_key().ok());
    key.or_else(|| context.facts.certificate.get()?.x509().public_key().ok())
}

/// What a report says about a public key.
#[must_use]
pub fn public_key(key: &PKey<Public>) -> Option<PublicKey> {
    let der = key.public_key_to_der().ok()?;
    let (kind, curve) = match kind_of(key) {
        Some(KeyKind::Rsa(_)) => ("rsa", None),
        Some(KeyKind::Ec(curve)) => ("ec", Some(curve.name().to_owned())),
        None => ("other", None),
    };
    Some(PublicKey {
        kind: kind.to_owned(),
        bits: key.bits(),
        curve,
        spki_sha256: hex(&openssl::sha::sha256(&der)),
    })
}

/// A name for a run: 128 random bits in lower-case hex.
///
/// # Errors
/// When the system gives no randomness.
pub fn new_run_id() -> Result<String, openssl::error::ErrorStack> {
    let mut bytes = [0; 16];
    openssl::rand::rand_bytes(&mut bytes)?;
    Ok(hex(&bytes))
}

/// A proxy URL without user, password, path and query.
#[must_use]
pub fn without_credentials(proxy: &str) -> String {
    let (scheme, rest) = proxy.split_once("://").map_or(("", proxy), |(s, r)| (s, r));
    // The last `@` of all: a password that was not encoded can hold any character.
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if scheme.is_empty() { host.to_owned() } else { format!("{scheme}://{host}") }
}

/// The exit code of an outcome. Where several apply: 1 before 3 before 4 before 0.
#[must_use]
pub fn exit_code(counts: &super::v1::Counts, policy: ExitPolicy) -> ExitCode {
    if counts.fail > 0 {
        ExitCode::Failed
    } else if counts.inconclusive > 0 {
        ExitCode::Inconclusive
    } else if counts.warn > 0 && policy.fail_on_warn {
        ExitCode::Warned
    } else {
        ExitCode::Ok
    }
}

#[cfg(test)]
mod tests {
    use super::super::v1::Counts;
    use super::*;

    #[test]
    fn proxies_lose_their_credentials() {
        for (given, shown) in [
            ("http://user:pa@ss@proxy.example:8080/x?y", "http://proxy.example:8080"),
            ("http://user:p/a?s#s@proxy.example:8080", "http://proxy.example:8080"),
            ("http://proxy:3128", "http://proxy:3128"),
            ("user:pw@proxy:3128", "proxy:3128"),
            ("socks5://[::1]:1080", "socks5://[::1]:1080"),
        ] {
            assert_eq!(without_credentials(given), shown);
        }
    }

    #[test]
    fn exit_codes_follow_the_table() {
        let code = |fail, inconclusive, warn, fail_on_warn| {
            let counts = Counts { fail, inconclusive, warn, pass: 9, skipped: 9 };
            exit_code(&counts, ExitPolicy { fail_on_warn }).code()
        };
        assert_eq!(code(0, 0, 0, true), 0);
        assert_eq!(code(0, 0, 2, false), 0);
        assert_eq!(code(0, 0, 2, true), 4);
        assert_eq!(code(0, 1, 2, true), 3);
        assert_eq!(code(1, 1, 2, true), 1);
    }

    #[test]
    fn run_ids_are_new_every_time() {
        let (one, two) = (new_run_id().unwrap(), new_run_id().unwrap());
        assert_eq!(one.len(), 32);
        assert_ne!(one, two);
    }
}
