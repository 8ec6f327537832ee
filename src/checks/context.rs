//! What a run was given, and what its checks have established so far.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use jiff::{SignedDuration, Timestamp};

use crate::credentials::certificate::source::OtherCertificate;
use crate::credentials::input::{Given, Material};
use crate::credentials::pem::{mentions_private_key, read_material};
use crate::credentials::{Certificate, PrivateKey};
use crate::diagnosis::AuditDetail;
use crate::netsuite::Bearer;
use crate::netsuite::http::Client;
use crate::netsuite::profiles::Profile;
use crate::netsuite::role::RoleDefinition;
use crate::netsuite::url::{NamedHosts, RecordId};
use crate::oauth::code_grant::{Authorized, Browser};
use crate::probes::certificates::Mapping;
use crate::probes::inside::trail::{Attempt, TrailRow};
use crate::probes::reach::Reached;
use crate::probes::service::OfferedTypes;
use crate::types::{
    AccountId, Algorithm, CertificateId, ClientId, Clock, RecordRequest, RecordType, Scope,
    Scrubber,
};

/// Everything a user can give a run. Nothing is parsed yet: wrong forms are findings, not errors.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// The name of the target in the configuration file.
    pub target: Option<String>,
    /// The account ID in any spelling.
    pub account_id: Option<Given<String>>,
    /// The Client ID of the integration record.
    pub client_id: Option<Given<String>>,
    /// The Client Secret; only looked at to find swaps.
    pub client_secret: Option<Material>,
    /// The Certificate ID of the mapping.
    pub certificate_id: Option<Given<String>>,
    /// The private key.
    pub private_key: Option<Material>,
    /// The passphrase of the private key.
    pub passphrase: Option<Material>,
    /// The certificate.
    pub certificate: Option<Material>,
    /// The exported definition of the role.
    pub role_file: Option<Material>,
    /// Record types and levels, in the order asked.
    pub records: Vec<RecordRequest>,
    /// The integration that the set-up is for.
    pub profile: Option<Profile>,
    /// Whether `records` are those of the profile.
    pub records_from_profile: bool,
    /// Scopes to ask for; `rest_webservices` unless stated.
    pub scopes: Vec<Scope>,
    /// The signing algorithm, where it is not to follow from the key.
    pub algorithm: Option<Algorithm>,
    /// Whether an empty list is good enough.
    pub accept_empty: bool,
    /// What the column Detail of the Login Audit Trail showed for the failed sign-in.
    pub audit_detail: Option<AuditDetail>,
    /// Whether an assertion's times are corrected by the measured difference of the clocks.
    pub correct_clock: bool,
    /// Days before its end from which a certificate is a warning; 60 unless stated.
    pub expires_in: Option<u16>,
    /// Whether levels above View are tried by asking for forms.
    pub probe_writes: bool,
    /// The Login Audit Trail, exported as CSV.
    pub audit_file: Option<Material>,
}

impl Inputs {
    /// The names of the scopes to ask for, with blanks between.
    #[must_use]
    pub fn scope_names(&self) -> String {
        let names = self.scopes_to_ask().iter().map(|scope| scope.as_str());
        names.collect::<Vec<_>>().join(" ")
    }

    /// The scopes to ask for.
    #[must_use]
    pub fn scopes_to_ask(&self) -> &[Scope] {
        if self.scopes.is_empty() { &[Scope::RestWebservices] } else { &self.scopes }
    }
}

/// Queries are refused to this role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueriesRefused {
    /// Whether the list of a record type was answered all the same.
    pub lists_work: bool,
}

/// Who signed in to the account in the browser.
#[derive(Debug)]
pub struct SignedIn {
    /// The token. It lives as long as the run.
    pub token: Bearer,
    /// Internal ID of the role that was chosen.
    pub role: Option<i64>,
    /// Internal ID of who signed in.
    pub entity: Option<i64>,
    /// The row of the Login Audit Trail that the sign-in itself leaves is of this time.
    pub at: Attempt,
}

/// Whether this account may still be asked for forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Forms {
    /// Nothing speaks against it.
    #[default]
    Trusted,
    /// A form request was taken for a real one; no other is sent.
    Distrusted,
}

/// What checks have established. Each fact is set once, by the check named.
#[derive(Debug, Default)]
pub struct Facts {
    /// Set by `account-id`.
    pub account_id: OnceLock<AccountId>,
    /// Set by `client-id`.
    pub client_id: OnceLock<ClientId>,
    /// Set by `certificate-id`.
    pub certificate_id: OnceLock<CertificateId>,
    /// Set by `private-key`.
    pub private_key: OnceLock<PrivateKey>,
    /// Set by `role-definition`.
    pub role: OnceLock<RoleDefinition>,
    /// Set by `account-exists` where NetSuite named the account's hosts.
    pub hosts: OnceLock<NamedHosts>,
    /// Set by `connection`.
    pub reached: OnceLock<Reached>,
    /// Set by `clock`: how far ahead of NetSuite's this machine's clock is.
    pub skew: OnceLock<SignedDuration>,
    /// Set by `token-exchange` when a token was issued with the identifiers given.
    pub token_issued: OnceLock<()>,
    /// Set by `token-exchange`.
    pub access_token: OnceLock<Bearer>,
    /// Set by `token-exchange`: when the assertion was handed in, by NetSuite's clock.
    pub attempt: OnceLock<Attempt>,
    /// The sign-in that was made before the run, to learn which account it is about.
    pub authorized: Mutex<Option<Authorized>>,
    /// Set by `sign-in`.
    pub signed_in: OnceLock<SignedIn>,
    /// Set by `audit-trail`: the row of the refused attempt.
    pub trail_row: OnceLock<TrailRow>,
    /// Set by `audit-trail`: the Detail of that row.
    pub trail_detail: OnceLock<AuditDetail>,
    /// Set by `certificate-mapping`: the mapping of this run's certificate.
    pub mapping: OnceLock<Mapping>,
    /// Set by `rest-service`.
    pub offered_types: OnceLock<OfferedTypes>,
    /// Set by `query-service` when a query was answered, which takes SuiteAnalytics Workbook.
    pub queries_answered: OnceLock<()>,
    /// Set by `query-service` when queries are refused.
    pub queries_refused: OnceLock<QueriesRefused>,
    /// Set by `record-access` at level View: a row of each type that was read by its ID.
    pub rows_read: Mutex<BTreeMap<RecordType, RecordId>>,
    /// Kept by `record-access` above level View. Locked while a form is asked for, so that one
    /// answer can stop the next request.
    pub forms: tokio::sync::Mutex<Forms>,
    /// Set by `certificate`.
    pub certificate: OnceLock<Certificate>,
    /// Set by `certificate`: the others in the same file.
    pub other_certificates: OnceLock<Vec<OtherCertificate>>,
}

/// What the checks work with.
#[derive(Debug)]
pub struct Context {
    /// What the user gave.
    pub inputs: Inputs,
    /// What was established.
    pub facts: Facts,
    /// The time.
    pub clock: Clock,
    /// Learns every secret that comes up.
    pub scrubber: Scrubber,
    /// The way to NetSuite. None in a run without network.
    pub client: Option<Client>,
    /// Takes a person through the sign-in. None where no sign-in was asked for.
    pub browser: Option<Box<dyn Browser>>,
}

impl Context {
    /// A context for a run over `inputs`.
    #[must_use]
    pub fn new(inputs: Inputs, clock: Clock, scrubber: Scrubber) -> Self {
        let given = [&inputs.private_key, &inputs.passphrase, &inputs.client_secret];
        // A key handed over as the certificate, or in one file with it, is a key all the same.
        // The role file may be mistaken for another just as well.
        for file in [&inputs.certificate, &inputs.role_file].into_iter().flatten() {
            let speaks_of_one = mentions_private_key(file.bytes.expose());
            if speaks_of_one || read_material(file).may_hold_a_private_key() {
                scrubber.learn(&file.bytes);
            }
        }
        for material in given.into_iter().flatten() {
            scrubber.learn(&material.bytes);
        }
        Self { inputs, facts: Facts::default(), clock, scrubber, client: None, browser: None }
    }

    /// What the Login Audit Trail shows for the attempt of this run: as the account itself was
    /// asked, else as it was given.
    #[must_use]
    pub fn audit_detail(&self) -> Option<&AuditDetail> {
        self.facts.trail_detail.get().or(self.inputs.audit_detail.as_ref())
    }

    /// The time to put into an assertion, and by how many seconds it is off this machine's clock. It
    /// is corrected only where that was asked for and the difference is known.
    #[must_use]
    pub fn assertion_time(&self) -> (Timestamp, i64) {
        let now = self.clock.now();
        let skew = self.facts.skew.get().filter(|_| self.inputs.correct_clock);
        let seconds = skew.map_or(0, |skew| -skew.as_secs());
        let corrected = now.checked_add(SignedDuration::from_secs(seconds));
        corrected.map_or((now, 0), |corrected| (corrected, seconds))
    }

    /// The same with a way to NetSuite.
    #[must_use]
    pub fn with_client(mut self, client: Client) -> Self {
        self.client = Some(client);
        self
    }

    /// The same with somebody who can sign in to the account.
    #[must_use]
    pub fn with_browser(mut self, browser: Box<dyn Browser>) -> Self {
        self.browser = Some(browser);
        self
    }
}
