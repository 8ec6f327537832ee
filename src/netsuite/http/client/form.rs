//! The one request with a method that writes elsewhere, behind its guards.

use reqwest::Method;
use reqwest::header::{self, HeaderValue};
use zeroize::Zeroizing;

use super::{BODY_LIMIT, Client, Request, authorization};
use crate::netsuite::bearer::Bearer;
use crate::netsuite::form::{Form, GuardedForm};
use crate::netsuite::http::answer::Call;

impl Client {
    /// Asks for a form, once. Only a request that passed every guard can be given. Unknown
    /// properties are to be refused, and there is nothing but one in it (OH/section_1545141395).
    pub async fn form(&self, form: &GuardedForm, token: &Bearer) -> Call {
        let mut headers = authorization(token);
        if let Ok(accept) = HeaderValue::from_str(&form.accept()) {
            headers.insert(header::ACCEPT, accept);
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let name = "x-netsuite-propertynamevalidation";
        headers.insert(name, HeaderValue::from_static("Error"));
        self.send(Request {
            method: match form.form() {
                Form::Create => Method::POST,
                Form::Edit(_) => Method::PATCH,
            },
            url: form.url().as_str(),
            headers,
            body: Some(Zeroizing::new(form.body())),
            limit: BODY_LIMIT,
            repeatable: false,
            patient: false,
            grants: false,
        })
        .await
    }
}
