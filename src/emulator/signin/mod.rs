//! Sign-in: judging client assertions, issuing and recognising access tokens.

pub mod access_token;
pub mod authorize;
pub mod code;
pub mod request;

pub use access_token::{BearerFault, Session, Tokens};
use jiff::Timestamp;
use request::{Jws, verify_with_key};
use strum::VariantArray as _;

use super::log::LoginAuditDetail;
use super::model::role::LOGIN_PERMISSION;
use super::model::{Account, CertificateMapping, Integration, IntegrationState};
use super::switches::{
    Audience, ClockTolerance, FractionalTimes, GrantBoxDetail, Lifetime, LoginPermission, Switches,
    UnknownClientDetail,
};
use crate::types::Service;
use crate::types::{Algorithm, Level, Scope};

/// Path of the token endpoint. Source: OH/section_162755359851.
pub const TOKEN_PATH: &str = "/services/rest/auth/oauth2/v1/token";

// Judges an assertion against the account. In which order NetSuite looks is not published; the
// emulator goes from the outside in: form of the JWT, issuer, certificate, signature, times,
// audience, scope, role and entity.

/// What a good assertion or an authorization code opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenGrant {
    /// Name of the integration record.
    pub integration: String,
    /// Name of the role.
    pub role: String,
    /// Name of the entity.
    pub entity: String,
    /// The scopes granted.
    pub scopes: Vec<Scope>,
    /// Certificate ID; nothing where somebody signed in in the browser.
    pub certificate_id: Option<String>,
    /// Client ID.
    pub client_id: String,
}

/// Judges an assertion.
///
/// # Errors
/// The first fault found.
pub fn judge(
    account: &Account,
    switches: &Switches,
    now: Timestamp,
    assertion: &str,
) -> Result<TokenGrant, AssertionFault> {
    let jws = Jws::read(assertion).ok_or_else(|| {
        AssertionFault::new(
            FaultClass::Malformed,
            LoginAuditDetail::InvalidRequest,
            "the assertion is no JWT",
        )
    })?;
    let (client_id, kid) = (jws.text("iss"), jws.header("kid"));
    Judge { account, switches, now: now.as_second(), jws: &jws }
        .run(now)
        .map_err(|fault| fault.about(client_id, kid))
}

struct Judge<'a> {
    account: &'a Account,
    switches: &'a Switches,
    now: i64,
    jws: &'a Jws<'a>,
}

fn other(detail: LoginAuditDetail, note: impl Into<String>) -> AssertionFault {
    AssertionFault::new(FaultClass::Other, detail, note)
}

impl Judge<'_> {
    fn run(&self, now: Timestamp) -> Result<TokenGrant, AssertionFault> {
        if !self.account.feature("OAuth 2.0") {
            return Err(other(LoginAuditDetail::FeatureDisabled, "the OAuth 2.0 feature is off"));
        }
        let algorithm = self.algorithm()?;
        let kid = match self.jws.header("kid") {
            Some(kid) if !kid.is_empty() => kid,
            _ => return Err(other(LoginAuditDetail::MissingKeyId, "the header has no kid")),
        };
        let (integration_name, integration) = self.integration()?;
        let mapping = self.mapping(kid, integration_name, now)?;
        let signed = self.jws.signed.as_bytes();
        let key = mapping.certificate.key();
        if !verify_with_key(algorithm, key, signed, &self.jws.signature) {
            return Err(other(
                LoginAuditDetail::SignatureValidation,
                "the signature is not by the key of the registered certificate",
            ));
        }
        self.times()?;
        self.audience()?;
        let scopes = self.scopes(integration)?;
        self.role_and_entity(mapping)?;
        Ok(TokenGrant {
            integration: integration_name.to_owned(),
            role: mapping.role.clone(),
            entity: mapping.entity.clone(),
            scopes,
            certificate_id: Some(kid.to_owned()),
            client_id: integration.client_id.clone(),
        })
    }

    fn algorithm(&self) -> Result<Algorithm, AssertionFault> {
        let name = self.jws.header("alg").unwrap_or("");
        Algorithm::VARIANTS.iter().copied().find(|algorithm| algorithm.as_str() == name).ok_or_else(
            || {
                other(
                    LoginAuditDetail::UnsupportedAlgo,
                    format!("the algorithm `{name}` is not accepted"),
                )
            },
        )
    }

    fn integration(&self) -> Result<(&str, &Integration), AssertionFault> {
        let Some(client_id) = self.jws.text("iss") else {
            return Err(other(LoginAuditDetail::InvalidIssuer, "the assertion has no iss"));
        };
        let Some((name, integration)) = self.account.integration(client_id) else {
            let detail = match self.switches.unknown_client_detail {
                UnknownClientDetail::UnknownIntegration => LoginAuditDetail::UnknownIntegration,
                UnknownClientDetail::InvalidIntegration => LoginAuditDetail::InvalidIntegration,
                UnknownClientDetail::InvalidIssuer => LoginAuditDetail::InvalidIssuer,
            };
            return Err(other(detail, "iss is no Client ID of this account"));
        };
        if integration.state != IntegrationState::Enabled {
            return Err(other(
                LoginAuditDetail::IntegrationBlocked,
                "the integration record is not Enabled",
            ));
        }
        if !integration.client_credentials_grant {
            let detail = match self.switches.grant_box_detail {
                GrantBoxDetail::Blank => None,
                GrantBoxDetail::AuthorizationCodeGrantRequired => {
                    Some(LoginAuditDetail::AuthorizationCodeGrantRequired)
                }
            };
            let note = "the Client Credentials (Machine to Machine) Grant box is not ticked";
            return Err(AssertionFault::undocumented(detail, note));
        }
        Ok((name, integration))
    }

    fn mapping(
        &self,
        kid: &str,
        integration: &str,
        now: Timestamp,
    ) -> Result<&CertificateMapping, AssertionFault> {
        let missing =
            |note: &str| AssertionFault::new(FaultClass::Key, LoginAuditDetail::MissingKey, note);
        let found = self.account.certificates.iter().find(|m| m.certificate.id() == kid);
        let mapping = found.ok_or_else(|| missing("kid is no Certificate ID of this account"))?;
        if mapping.integration != integration {
            return Err(missing("the certificate is mapped to another integration record"));
        }
        if mapping.revoked {
            return Err(missing("the certificate is revoked"));
        }
        if !mapping.usable(now) {
            return Err(missing("the certificate is expired or not yet valid"));
        }
        Ok(mapping)
    }

    fn times(&self) -> Result<(), AssertionFault> {
        let decimals = self.switches.fractional_times == FractionalTimes::Accepted;
        let read = |name: &str| {
            self.jws.seconds(name, decimals).ok_or_else(|| {
                let note = format!("{name} is absent or no whole number");
                AssertionFault::new(FaultClass::Malformed, LoginAuditDetail::InvalidRequest, note)
            })
        };
        let (issued, expires) = (read("iat")?, read("exp")?);
        let tolerance = match self.switches.clock_tolerance {
            ClockTolerance::None => 0,
            ClockTolerance::OneMinute => 60,
            ClockTolerance::FiveMinutes => 300,
        };
        if issued > self.now.saturating_add(tolerance) {
            return Err(other(LoginAuditDetail::TokenNotAcceptable, "iat is in the future"));
        }
        if expires.saturating_add(tolerance) <= self.now {
            return Err(other(LoginAuditDetail::TokenExpired, "exp is in the past"));
        }
        let longest = match self.switches.lifetime {
            Lifetime::SixtyMinutes => 3600,
            Lifetime::UnderSixtyMinutes => 3599,
            Lifetime::TwoHours => 7200,
        };
        if expires.saturating_sub(issued) > longest {
            return Err(other(
                LoginAuditDetail::TokenValidityTooBroad,
                "exp lies too far after iat",
            ));
        }
        Ok(())
    }

    fn audience(&self) -> Result<(), AssertionFault> {
        let id = &self.account.id;
        let accepted = match self.switches.audience {
            Audience::Unchecked => return Ok(()),
            Audience::SuiteTalk => vec![id.host(Service::SuiteTalk)],
            Audience::AccountHosts => vec![
                id.host(Service::SuiteTalk),
                id.host(Service::Restlets),
                format!("{}.connect.api.netsuite.com", id.host_label()),
            ],
        };
        let urls: Vec<String> =
            accepted.iter().map(|host| format!("https://{host}{TOKEN_PATH}")).collect();
        let given = self.jws.texts("aud").unwrap_or_default();
        if given.iter().any(|aud| urls.iter().any(|url| url == aud)) {
            return Ok(());
        }
        // NetSuite documents no code for this fault.
        Err(AssertionFault::undocumented(None, "aud is not the token URL of this account"))
    }

    fn scopes(&self, integration: &Integration) -> Result<Vec<Scope>, AssertionFault> {
        let fault = |detail, note: String| AssertionFault::new(FaultClass::Scope, detail, note);
        let claim = self.jws.texts("scope").unwrap_or_default();
        // A list, one name, or names separated by commas or spaces (auth-protocol.md 1.4).
        let names: Vec<&str> = claim
            .iter()
            .flat_map(|text| text.split([',', ' ']))
            .filter(|name| !name.is_empty())
            .collect();
        if names.is_empty() {
            return Err(fault(
                LoginAuditDetail::InvalidScope,
                "the assertion has no scope".to_owned(),
            ));
        }
        let mut scopes = Vec::new();
        for name in names {
            let known = Scope::VARIANTS.iter().copied().find(|scope| scope.as_str() == name);
            match known.filter(|scope| integration.scopes.contains(scope)) {
                Some(scope) if scopes.contains(&scope) => {}
                Some(scope) => scopes.push(scope),
                None => {
                    let note = format!("the scope `{name}` is not ticked on the record");
                    return Err(fault(LoginAuditDetail::ScopeMismatched, note));
                }
            }
        }
        Ok(scopes)
    }

    fn role_and_entity(&self, mapping: &CertificateMapping) -> Result<(), AssertionFault> {
        let refused = |note: &str| Err(other(LoginAuditDetail::EntityOrRoleDisabled, note));
        let Some(role) = self.account.roles.get(&mapping.role).filter(|role| !role.inactive) else {
            return refused("the role is inactive");
        };
        let entity = self.account.entities.get(&mapping.entity).filter(|entity| !entity.inactive);
        let Some(entity) = entity else {
            return refused("the entity is inactive");
        };
        if !entity.login_access {
            return refused("the entity has no login access");
        }
        if !entity.roles.contains(&mapping.role) {
            return refused("the role is not assigned to the entity");
        }
        let admitted = role.grant(LOGIN_PERMISSION).reaches(Level::Full);
        if self.switches.login_permission == LoginPermission::AtToken && !admitted {
            return refused("the role lacks Log in using OAuth 2.0 Access Tokens");
        }
        Ok(())
    }
}

// What can be wrong with an assertion.

/// Which wire answer a fault gets; the switches decide what it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultClass {
    /// The assertion is no JWT, or a claim has the wrong type: 400 `invalid_request`.
    Malformed,
    /// The `kid` names no valid certificate.
    Key,
    /// The scopes.
    Scope,
    /// Everything else.
    Other,
}

/// A fault that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssertionFault {
    /// Which wire answer it gets.
    pub class: FaultClass,
    /// The documented Detail, where there is one.
    pub detail: Option<LoginAuditDetail>,
    /// `iss`, where it could be read.
    pub client_id: Option<String>,
    /// `kid`, where it could be read.
    pub certificate_id: Option<String>,
    /// What was seen, in words.
    pub note: String,
}

impl AssertionFault {
    /// A fault with a documented Detail.
    #[must_use]
    pub fn new(class: FaultClass, detail: LoginAuditDetail, note: impl Into<String>) -> Self {
        Self {
            class,
            detail: Some(detail),
            client_id: None,
            certificate_id: None,
            note: note.into(),
        }
    }

    /// A fault for which NetSuite documents no Detail.
    #[must_use]
    pub fn undocumented(detail: Option<LoginAuditDetail>, note: impl Into<String>) -> Self {
        Self {
            class: FaultClass::Other,
            detail,
            client_id: None,
            certificate_id: None,
            note: note.into(),
        }
    }

    /// The same fault with the identifiers of the assertion.
    #[must_use]
    pub fn about(mut self, client_id: Option<&str>, certificate_id: Option<&str>) -> Self {
        self.client_id = client_id.map(str::to_owned);
        self.certificate_id = certificate_id.map(str::to_owned);
        self
    }
}
