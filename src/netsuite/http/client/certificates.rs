//! The two requests that change something: a certificate more, a certificate revoked. Each goes
//! out once and is never repeated, because a lost answer does not mean that nothing happened.

use reqwest::Method;
use reqwest::header::{self, HeaderValue};
use zeroize::Zeroizing;

use super::{BODY_LIMIT, Client, Request, authorization};
use crate::netsuite::bearer::Bearer;
use crate::netsuite::http::Call;
use crate::netsuite::url::{CertificatesUrl, RevocationUrl};

impl Client {
    /// Registers a certificate, once. `document` is the JSON text of the request.
    /// Source: OH/article_0209112025.
    pub async fn upload_certificate(
        &self,
        url: &CertificatesUrl,
        token: &Bearer,
        document: String,
    ) -> Call {
        let mut headers = authorization(token);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.send(Request {
            method: Method::POST,
            url: url.as_str(),
            headers,
            body: Some(Zeroizing::new(document)),
            limit: BODY_LIMIT,
            repeatable: false,
            patient: false,
            grants: false,
        })
        .await
    }

    /// Revokes a certificate, once. It answers in plain text. Source: OH/article_0209112818.
    pub async fn revoke_certificate(&self, url: &RevocationUrl, token: &Bearer) -> Call {
        let mut headers = authorization(token);
        headers.insert(header::ACCEPT, HeaderValue::from_static("text/plain, application/json"));
        self.send(Request {
            method: Method::POST,
            url: url.as_str(),
            headers,
            body: Some(Zeroizing::default()),
            limit: BODY_LIMIT,
            repeatable: false,
            patient: false,
            grants: false,
        })
        .await
    }
}
