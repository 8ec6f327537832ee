//! The request to the authorize page, as it was sent, and what is wrong with it.
//! Sources: OH/section_158081944642, OH/subsect_158521823069, OH/subsect_158711892221.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use strum::VariantArray as _;

use crate::emulator::log::LoginAuditDetail;
use crate::emulator::model::integration::is_plain_http;
use crate::emulator::model::{Account, Integration, IntegrationState};
use crate::emulator::switches::{
    AuthorizeRefusal, BothGrants, CodeChallenge, RedirectPort, RedirectScheme, Switches,
};
use crate::types::Scope;

/// Path of the authorize page.
pub const AUTHORIZE_PATH: &str = "/app/login/oauth2/authorize.nl";

/// A request that is right: somebody may now log in and choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizeRequest {
    /// Name of the integration record.
    pub integration: String,
    /// Client ID.
    pub client_id: String,
    /// Where the browser is sent back to.
    pub redirect_uri: String,
    /// The scopes asked for.
    pub scopes: Vec<Scope>,
    /// What comes back as it was sent.
    pub state: String,
    /// SHA-256 of the verifier, where a challenge was sent.
    pub challenge: Option<String>,
}

/// How a wrong request is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorizeFault {
    /// A message on NetSuite's own page; the browser is not sent back.
    Page {
        /// What the Login Audit Trail says.
        detail: LoginAuditDetail,
        /// What the page says.
        message: &'static str,
    },
    /// The browser is sent back with an error.
    Redirect {
        /// What the Login Audit Trail says; not every fault has a word for it.
        detail: Option<LoginAuditDetail>,
        /// Where to.
        redirect_uri: String,
        /// `state` as it was sent.
        state: String,
        /// The error.
        error: &'static str,
    },
}

/// Judges the parameters of a request.
///
/// # Errors
/// The first thing that is wrong.
pub fn judge(
    account: &Account,
    switches: &Switches,
    parameters: &[(String, String)],
) -> Result<AuthorizeRequest, AuthorizeFault> {
    let page = |detail, message| Err(AuthorizeFault::Page { detail, message });
    // A parameter that comes twice is as good as none (RFC 6749 section 3.1).
    let get = |name: &str| {
        let mut values = parameters.iter().filter(|(own, _)| own == name).map(|(_, v)| v.as_str());
        values.next().filter(|value| !value.is_empty() && values.next().is_none())
    };
    let record = get("client_id").and_then(|id| account.integration(id));
    let Some((name, integration)) = record else {
        let message = "The application is not known to this account (unauthorized_client).";
        return page(LoginAuditDetail::UnknownIntegration, message);
    };
    let Some(redirect_uri) = get("redirect_uri").filter(|uri| taken(integration, switches, uri))
    else {
        let message = "The redirect URI does not match the one of the integration record \
                       (invalid_request).";
        return page(LoginAuditDetail::InvalidRedirectURI, message);
    };
    let back = |detail, error| {
        Err(AuthorizeFault::Redirect {
            detail,
            redirect_uri: redirect_uri.to_owned(),
            state: get("state").unwrap_or_default().to_owned(),
            error,
        })
    };
    if let Some((detail, message)) = unusable(account, switches, integration) {
        return match switches.authorize_refusal {
            AuthorizeRefusal::Page => page(detail, message),
            AuthorizeRefusal::Redirect => back(Some(detail), "unauthorized_client"),
        };
    }
    match get("response_type") {
        Some("code") => {}
        Some(_) => {
            let detail = LoginAuditDetail::UnsupportedResponseType;
            return back(Some(detail), "unsupported_response_type");
        }
        None => return back(Some(LoginAuditDetail::InvalidRequest), "invalid_request"),
    }
    let Some(state) = get("state").filter(|state| is_state(state)) else {
        return back(Some(LoginAuditDetail::InvalidState), "invalid_request");
    };
    let Some(scopes) = get("scope").and_then(scopes) else {
        return back(Some(LoginAuditDetail::InvalidScope), "invalid_scope");
    };
    if scopes.iter().any(|scope| !integration.scopes.contains(scope)) {
        return back(Some(LoginAuditDetail::ScopeMismatched), "invalid_scope");
    }
    let challenge = get("code_challenge");
    let method = get("code_challenge_method");
    let needed = integration.public_client || switches.code_challenge == CodeChallenge::Required;
    let sound = match (challenge, method) {
        (Some(challenge), Some("S256")) => is_challenge(challenge),
        (None, None) => !needed && !given(parameters, "code_challenge"),
        _ => false,
    };
    let prompts = ["none", "login", "consent", "login consent", "consent login"];
    if !sound
        || (given(parameters, "prompt") && !get("prompt").is_some_and(|p| prompts.contains(&p)))
    {
        return back(Some(LoginAuditDetail::InvalidRequest), "invalid_request");
    }
    // Nobody is logged in before this page, so that there is no session to go on with. The error
    // is that of OpenID Connect; NetSuite's own is not published.
    if get("prompt") == Some("none") {
        return back(None, "login_required");
    }
    Ok(AuthorizeRequest {
        integration: name.to_owned(),
        client_id: integration.client_id.clone(),
        redirect_uri: redirect_uri.to_owned(),
        scopes,
        state: state.to_owned(),
        challenge: challenge.map(str::to_owned),
    })
}

fn given(parameters: &[(String, String)], name: &str) -> bool {
    parameters.iter().any(|(own, _)| own == name)
}

fn taken(integration: &Integration, switches: &Switches, uri: &str) -> bool {
    let plain = is_plain_http(uri) && switches.redirect_scheme == RedirectScheme::Refused;
    !plain && integration.redirects_to(uri, switches.redirect_port == RedirectPort::Any)
}

/// Why a record serves nobody.
pub fn unusable(
    account: &Account,
    switches: &Switches,
    integration: &Integration,
) -> Option<(LoginAuditDetail, &'static str)> {
    let refused =
        integration.client_credentials_grant && switches.both_grants == BothGrants::Refused;
    if !account.feature("OAuth 2.0") {
        let message = "The OAuth 2.0 feature is not enabled in this account.";
        Some((LoginAuditDetail::FeatureDisabled, message))
    } else if integration.state != IntegrationState::Enabled {
        Some((LoginAuditDetail::IntegrationBlocked, "The integration record is not Enabled."))
    } else if !integration.authorization_code_grant || refused {
        let message = "The integration record does not offer the Authorization Code Grant.";
        Some((LoginAuditDetail::AuthorizationCodeGrantRequired, message))
    } else if integration.scopes.is_empty() {
        Some((LoginAuditDetail::ScopeMismatched, "The integration record has no scope."))
    } else {
        None
    }
}

/// 22 to 1024 printable ASCII characters.
fn is_state(text: &str) -> bool {
    (22..=1024).contains(&text.len()) && text.bytes().all(|b| (0x20..0x7f).contains(&b))
}

/// Names separated by one space.
fn scopes(text: &str) -> Option<Vec<Scope>> {
    let mut scopes = Vec::new();
    for name in text.split(' ') {
        let scope = Scope::VARIANTS.iter().copied().find(|scope| scope.as_str() == name)?;
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Some(scopes)
}

/// What SHA-256 gives, in base64url without padding.
fn is_challenge(text: &str) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}
