//! Turns a scenario into an account, a server and what a client types.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Private};
use openssl::x509::X509;

use super::{
    CertificateChoice, CertificateIdChoice, ClientIdChoice, ClientPlan, PrivateKeyChoice,
    RegistrationState, Scenario, ScenarioError,
};
use crate::emulator::model::certificate::{UploadError, UploadedCertificate};
use crate::emulator::model::{Account, RegisterError};
use crate::emulator::server::EmulatorOptions;
use crate::emulator::switches::{LongCertificate, Switches};
use crate::emulator::tls::{KeyChoice, certificate};
use crate::types::{Clock, Scope, Secret, SecretKind};

/// A scenario that is ready to run.
#[derive(Debug)]
pub struct Prepared {
    /// The account to serve.
    pub account: Account,
    /// How to serve it.
    pub options: EmulatorOptions,
    /// What the client has.
    pub client: ClientInputs,
}

/// What the client of a scenario has and types.
#[derive(Debug)]
pub struct ClientInputs {
    /// Account ID.
    pub account_id: String,
    /// Client ID.
    pub client_id: String,
    /// Certificate ID.
    pub certificate_id: String,
    /// Private key, PKCS#8 PEM.
    pub private_key: Secret,
    /// Certificate PEM, where it is given.
    pub certificate: Option<Vec<u8>>,
    /// Scopes asked for; empty for the default.
    pub scopes: Vec<Scope>,
    /// Record requests.
    pub records: Vec<String>,
    /// Further arguments.
    pub args: Vec<String>,
}

/// A certificate, and its private key where that is given too.
#[derive(Debug, Clone)]
pub struct GivenPair {
    /// The certificate, PEM or DER.
    pub certificate: Vec<u8>,
    /// The private key, PEM.
    pub private_key: Option<Secret>,
}

/// Why a scenario could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// The file.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// OpenSSL.
    #[error("cannot make the credentials of the scenario: {0}")]
    OpenSsl(#[from] ErrorStack),
    /// The certificate that was given.
    #[error("the certificate cannot be used: {0}")]
    Given(#[from] UploadError),
    /// The certificate was to be registered, and the account did not take it.
    #[error("cannot register the certificate of the scenario: {0}")]
    Register(#[from] RegisterError),
}

impl Scenario {
    /// Makes credentials, registers them as the scenario says, and lays everything out. The client
    /// goes by `clock`, the server by the same one shifted by the scenario's skew.
    ///
    /// # Errors
    /// When the scenario is not sound, or OpenSSL cannot make keys.
    pub fn prepare(&self, clock: &Clock) -> Result<Prepared, PrepareError> {
        let name = || self.name.clone();
        let mut account = Account::with(self.account.clone())
            .map_err(|source| ScenarioError::Account { name: name(), source })?;
        let switches = Switches::with(&self.switches)
            .map_err(|source| ScenarioError::Switch { name: name(), source })?;
        let now = clock.now();
        let (key, made) = match &self.given {
            Some(given) => given.read(self.client.key)?,
            None => {
                let key = self.client.key.generate()?;
                let own = || self.client.certificate.validity(now.as_second());
                let (from, until) = self.client.validity.unwrap_or_else(own);
                let made = certificate(&key, from, until)?;
                (key, made)
            }
        };
        let registration = &self.registration;
        if registration.state != RegistrationState::None {
            account.register(
                &made.to_der()?,
                (&registration.integration, &registration.role, &registration.entity),
                now,
                switches.long_certificate == LongCertificate::Refused,
            )?;
            for mapping in &mut account.certificates {
                mapping.revoked = registration.state == RegistrationState::Revoked;
            }
        }
        let key = match self.client.private_key {
            PrivateKeyChoice::Matching => key,
            PrivateKeyChoice::Mismatched => self.client.key.generate()?,
        };
        let pem = key.private_key_to_pem_pkcs8()?;
        let client = typed(&self.client, &account, &made, pem)?;
        let options = EmulatorOptions {
            switches,
            faults: self.faults.clone(),
            listener: self.network.listener,
            certificate: self.network.certificate,
            clock: clock.clone(),
            skew_seconds: self.server_clock_ahead,
            ..EmulatorOptions::default()
        };
        Ok(Prepared { account, options, client })
    }
}

impl GivenPair {
    /// The key and the certificate. Where there is no key, one of the kind is made, which belongs
    /// to nothing.
    fn read(&self, kind: KeyChoice) -> Result<(PKey<Private>, X509), PrepareError> {
        let der = UploadedCertificate::read(&self.certificate)?.to_der();
        let key = match &self.private_key {
            Some(pem) => PKey::private_key_from_pem_passphrase(pem.expose(), b"")?,
            None => kind.generate()?,
        };
        Ok((key, X509::from_der(&der)?))
    }
}

impl Scenario {
    /// Whether a pair is what this scenario would make anew: of the same kind, belonging together,
    /// and valid now and tomorrow.
    #[must_use]
    pub fn would_make(&self, pair: &GivenPair, clock: &Clock) -> bool {
        let plain = self.client.certificate == CertificateChoice::Valid
            && self.client.private_key == PrivateKeyChoice::Matching
            && pair.private_key.is_some();
        let (Ok((key, _)), Ok(certificate)) =
            (pair.read(self.client.key), UploadedCertificate::read(&pair.certificate))
        else {
            return false;
        };
        let (now, day) = (clock.now().as_second(), 86_400);
        plain
            && self.client.key.fits(&key)
            && certificate.key().public_eq(&key)
            && certificate.not_before().as_second() <= now
            && certificate.not_after().as_second() > now + day
    }
}

fn typed(
    plan: &ClientPlan,
    account: &Account,
    made: &X509,
    private_key: Vec<u8>,
) -> Result<ClientInputs, ErrorStack> {
    let own_id = URL_SAFE_NO_PAD.encode(openssl::sha::sha256(&made.to_der()?));
    let of = |name: &str| account.integrations.get(name);
    let own_client = of(Account::INTEGRATION).map(|own| own.client_id.clone()).unwrap_or_default();
    let client_id = match plan.client_id {
        ClientIdChoice::Own => own_client.clone(),
        ClientIdChoice::Unknown => "0badc0de".repeat(8),
        ClientIdChoice::ApplicationId => {
            of(Account::INTEGRATION).map(|own| own.application_id.clone()).unwrap_or_default()
        }
        ClientIdChoice::CertificateId => own_id.clone(),
        ClientIdChoice::Other => {
            of("warehouse").map(|other| other.client_id.clone()).unwrap_or_default()
        }
    };
    let certificate_id = match plan.certificate_id {
        CertificateIdChoice::Own => own_id,
        CertificateIdChoice::Other => {
            URL_SAFE_NO_PAD.encode(openssl::sha::sha256(b"another certificate"))
        }
        CertificateIdChoice::StoreScriptId => "custcertificate3".to_owned(),
        CertificateIdChoice::ClientId => own_client,
    };
    let default = || vec!["customer".to_owned(), "contact".to_owned()];
    Ok(ClientInputs {
        account_id: plan.account_id.clone().unwrap_or_else(|| account.id.account()),
        client_id,
        certificate_id,
        private_key: Secret::new(SecretKind::PrivateKey, private_key),
        certificate: match plan.certificate {
            CertificateChoice::NotGiven => None,
            _ => Some(made.to_pem()?),
        },
        scopes: plan.scopes.clone(),
        records: plan.records.clone().unwrap_or_else(default),
        args: plan.args.clone(),
    })
}
