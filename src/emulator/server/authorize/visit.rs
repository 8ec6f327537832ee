//! Somebody at the authorize page, played by the program: for demonstrations and tests without a
//! browser. She goes through the same pages and is seen in the same logs.

use hyper::body::Bytes;
use hyper::header::{HOST, HeaderMap, HeaderValue, LOCATION, USER_AGENT};
use hyper::{Method, Uri, Version};
use percent_encoding::utf8_percent_encode;
use serde::Deserialize;

use super::ESCAPED;
use crate::emulator::Emulator;
use crate::emulator::server::exchange::served;
use crate::emulator::server::message::{Reply, Request};

/// Who comes to the authorize page, and what she does there.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Visitor {
    /// The address she logs in with.
    pub email: String,
    /// The ID of the role that she chooses; the one that is offered first where none is stated.
    pub role: Option<i64>,
    /// What she clicks.
    pub decision: Decision,
}

impl Default for Visitor {
    fn default() -> Self {
        let email = "owner@example.com".to_owned();
        Self { email, role: Some(3), decision: Decision::Allow }
    }
}

/// The two buttons of the consent screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Allow.
    #[default]
    Allow,
    /// Deny.
    Deny,
}

/// Where the visit ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VisitEnd {
    /// The browser was sent to this address.
    SentTo(String),
    /// It stayed on a page of NetSuite's; the page.
    Stayed(String),
}

impl Emulator {
    /// Sends a visitor to an address of the authorize page.
    #[must_use]
    pub fn visit(&self, address: &str, visitor: &Visitor) -> VisitEnd {
        let Ok(uri) = address.parse::<Uri>() else { return VisitEnd::Stayed(String::new()) };
        let ask = |method, fields: &[(&str, &str)]| {
            let post = method == Method::POST;
            let query = if post { None } else { uri.query() };
            let query = query.map(|query| format!("?{query}")).unwrap_or_default();
            let target = format!("{}{query}", uri.path()).parse().unwrap_or_default();
            let mut headers = HeaderMap::new();
            headers.insert(USER_AGENT, HeaderValue::from_static("visitor"));
            let host = uri.authority().and_then(|own| HeaderValue::from_str(own.as_str()).ok());
            headers.extend(host.map(|host| (HOST, host)));
            let body = Bytes::from(form(fields));
            served(&self.state, &Request::new(method, &target, Version::HTTP_11, headers, body))
        };
        let first = ask(Method::GET, &[]);
        let Some(flow) = number(&first) else { return end(&first) };
        let second = ask(Method::POST, &[("flow", &flow), ("email", &visitor.email)]);
        let role = visitor.role.map(|role| role.to_string()).or_else(|| offered(&second));
        let decision = match visitor.decision {
            Decision::Allow => "allow",
            Decision::Deny => "deny",
        };
        let mut fields = vec![("flow", flow.as_str()), ("decision", decision)];
        fields.extend(role.as_deref().map(|role| ("role", role)));
        end(&ask(Method::POST, &fields))
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let escaped = |text: &str| utf8_percent_encode(text, ESCAPED).to_string();
    let pair = |(name, value): &(&str, &str)| format!("{name}={}", escaped(value));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}

fn page(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

fn end(reply: &Reply) -> VisitEnd {
    let to = reply.headers.iter().find(|(name, _)| *name == LOCATION);
    match to.and_then(|(_, to)| to.to_str().ok()) {
        Some(to) => VisitEnd::SentTo(to.to_owned()),
        None => VisitEnd::Stayed(page(reply)),
    }
}

/// What stands between two texts.
fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(value, _)| value.to_owned())
}

/// The number in the form of a page.
fn number(reply: &Reply) -> Option<String> {
    between(&page(reply), "name=\"flow\" value=\"", "\"")
}

/// The role that a page has ticked.
fn offered(reply: &Reply) -> Option<String> {
    let text = page(reply);
    let (before, _) = text.split_once("\" checked")?;
    before.rsplit_once("value=\"").map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::model::Account;
    use crate::emulator::server::EmulatorOptions;

    const ADDRESS: &str = "https://system.netsuite.com/app/login/oauth2/authorize.nl?\
        response_type=code&client_id=3d7f20c9b8e14a65f9027c6b51d84ae3097fb2c6e8d15a4073b69ec1f284d05b\
        &redirect_uri=http%3A%2F%2Flocalhost%3A8899%2Fcallback&scope=rest_webservices\
        &state=ykv2XLx1BpT5Q0F3MRPHb94j&code_challenge_method=S256\
        &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[tokio::test]
    async fn a_visitor_goes_through_the_pages() {
        let account = Account::healthy().unwrap();
        let emulator = Emulator::start(account, EmulatorOptions::default()).await.unwrap();
        let visit = |text: &str| emulator.visit(ADDRESS, &toml::from_str(text).unwrap());
        let sent = |text: &str| match visit(text) {
            VisitEnd::SentTo(to) => to,
            VisitEnd::Stayed(page) => panic!("{page}"),
        };
        assert!(sent("").contains("&role=3&entity=-5&company=1234567&code="));
        assert!(sent("decision = 'deny'").ends_with("&error=access_denied"));
        let clerk = "email = 'clerk@example.com'\n";
        assert!(sent(&format!("{clerk}role = 1043")).contains("&role=1043&entity=2301&"));
        let stayed = |text: &str, words: &str| match visit(text) {
            VisitEnd::SentTo(to) => panic!("{to}"),
            VisitEnd::Stayed(page) => assert!(page.contains(words), "{page}"),
        };
        stayed(&format!("{clerk}role = 1044"), "cannot authorize an application");
        stayed("email = 'former@example.com'", "invalid email address or password");
        let none = Visitor { role: None, email: "clerk@example.com".into(), ..Visitor::default() };
        let VisitEnd::SentTo(to) = emulator.visit(ADDRESS, &none) else { panic!("stayed") };
        assert!(to.contains("&role=1043&"), "{to}");
        let elsewhere = ADDRESS.replace("system.netsuite.com", "9999999.app.netsuite.com");
        assert!(matches!(emulator.visit(&elsewhere, &none), VisitEnd::Stayed(_)));
        assert!(emulator.log().lines().contains(&"POST /app/login/oauth2/authorize.nl".to_owned()));
        assert!(emulator.log().writes().is_empty());
    }
}
