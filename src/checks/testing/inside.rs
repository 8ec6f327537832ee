//! Contexts for testing the checks that ask the account with an administrator's sign-in.

use std::cell::RefCell;
use std::fmt;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::online::{NOW, context_with, jwt};
use crate::checks::context::{Context, Inputs, SignedIn};
use crate::netsuite::Bearer;
use crate::netsuite::double::{Behaviour, SeenRequest};
use crate::netsuite::http::Client;
use crate::oauth::code_grant::{
    Authorization, Authorized, Browser, BrowserStop, RedirectUri, SignInRecord,
};
use crate::probes::inside::trail::Attempt;
use crate::types::{AccountId, ClientId, Scrubber};

/// The Client ID of the integration record for the sign-in.
pub const SIGN_IN_ID: &str = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

/// A browser that ends on what the test says, without anybody signing in.
pub struct Ending {
    record: SignInRecord,
    with: RefCell<Option<Result<String, BrowserStop>>>,
}

impl Ending {
    /// The redirect brings these parameters besides `state`.
    pub fn redirected(more: &str) -> Self {
        Self::new(Ok(more.to_owned()))
    }

    /// No redirect comes.
    pub fn stopped(stop: BrowserStop) -> Self {
        Self::new(Err(stop))
    }

    fn new(with: Result<String, BrowserStop>) -> Self {
        let client_id = ClientId::new(SIGN_IN_ID).unwrap();
        let record = SignInRecord { client_id, secret: None };
        Self { record, with: RefCell::new(Some(with)) }
    }
}

impl fmt::Debug for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ending")
    }
}

impl Browser for Ending {
    fn record(&self) -> &SignInRecord {
        &self.record
    }

    fn redirect_uri(&self) -> String {
        "http://localhost:8899/callback".to_owned()
    }

    fn port(&self) -> u16 {
        8899
    }

    fn authorize<'a>(
        &'a self,
        account: Option<&'a AccountId>,
        scrubber: &'a Scrubber,
    ) -> LocalBoxFuture<'a, Result<Authorized, BrowserStop>> {
        let with = self.with.borrow_mut().take().expect("asked twice");
        let redirect = RedirectUri::localhost("http", 8899);
        let request = Authorization::new(account, &self.record, redirect, scrubber).unwrap();
        let state = request.address().split("state=").nth(1).unwrap();
        let state = state.split('&').next().unwrap().to_owned();
        let made = with.and_then(|more| {
            request.read(&format!("state={state}&{more}"), scrubber).map_err(BrowserStop::from)
        });
        std::future::ready(made).boxed_local()
    }
}

/// What NetSuite puts into the token of an administrator's sign-in.
pub fn administrator() -> Value {
    json!({
        "sub": "3;7",
        "aud": ["1C61CD58-044D-497A-AA29-7A3E9A9BB924;1234567_SB1", SIGN_IN_ID],
        "scope": ["rest_webservices"],
        "jti": "1234567_SB1.a-a.5b3236b9-ffee-42d3-bd57-4be7b4439a37_1.1",
        "exp": NOW + 3600,
    })
}

/// An attempt in this second.
pub fn attempt(at: i64) -> Attempt {
    let at = Timestamp::from_second(at).unwrap();
    Attempt::new(at, SignedDuration::ZERO, Some(at), SignedDuration::ZERO)
}

/// A run whose own sign-in was refused at [`NOW`], and whose administrator signed in ten seconds later.
pub fn inside(client: Client) -> Context {
    inside_with(client, Inputs::default())
}

pub fn inside_with(client: Client, inputs: Inputs) -> Context {
    let context = context_with(client, inputs).with_browser(Box::new(Ending::redirected("code=x")));
    let token = Bearer::new(jwt(&administrator()), &context.scrubber);
    let signed_in = SignedIn { token, role: Some(3), entity: Some(7), at: attempt(NOW + 10) };
    context.facts.signed_in.set(signed_in).unwrap();
    context.facts.attempt.set(attempt(NOW)).unwrap();
    context
}

/// The question of a SuiteQL request.
pub fn question(request: &SeenRequest) -> String {
    let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
    body["q"].as_str().unwrap_or_default().to_owned()
}

/// Answers each table with its rows; a table that is not named is out of sight.
pub fn tables(rows: &[(&str, Value)], request: &SeenRequest) -> Behaviour {
    let asked = question(request);
    let table = asked.split(" FROM ").nth(1).and_then(|rest| rest.split(' ').next());
    let known = rows.iter().find(|(name, _)| Some(*name) == table);
    match known {
        Some((_, rows)) => {
            let body = json!({"count": 1, "hasMore": false, "items": rows, "offset": 0});
            Behaviour::json(200, body.to_string())
        }
        None => {
            let words = format!(
                "Invalid search query. Detailed unprocessed description follows. Record '{}' was \
                 not found.",
                table.unwrap_or_default()
            );
            let body = json!({"o:errorDetails": [
                {"detail": words, "o:errorQueryParam": "q", "o:errorCode": "INVALID_PARAMETER"}]});
            Behaviour::json(400, body.to_string())
        }
    }
}
