//! What a server answers that does not have to answer well.

use serde_json::json;

/// How the server answers everything that it does not have to answer well.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    pub status: u16,
    pub body: fn(&str) -> (&'static str, String),
}

pub(super) const MANNERS: [Manner; 10] = [
    Manner {
        status: 400,
        body: |said| {
            ("application/json", json!({"error": said, "error_description": said}).to_string())
        },
    },
    Manner {
        status: 401,
        body: |said| {
            (
                "application/json",
                json!({"error": "invalid_client", "error_description": said, said: said})
                    .to_string(),
            )
        },
    },
    Manner {
        status: 400,
        body: |said| ("application/vnd.oracle.resource+json", details(said, "USER_ERROR")),
    },
    Manner {
        status: 403,
        body: |said| {
            (
                "application/vnd.oracle.resource+json",
                details(&format!("Invalid token {said}."), said),
            )
        },
    },
    Manner {
        status: 500,
        body: |said| {
            (
                "text/html",
                format!(
                    "<!DOCTYPE html><html><title>{said}</title><body><p>{said}</p></body></html>"
                ),
            )
        },
    },
    Manner { status: 404, body: |said| ("text/plain", format!("Not found: {said}")) },
    Manner { status: 400, body: |said| ("text/plain", said.to_owned()) },
    Manner { status: 302, body: |said| ("text/plain", said.to_owned()) },
    Manner {
        status: 200,
        body: |said| {
            ("application/json", json!({
        "items": [{"id": said, "name": said, "links": [{"href": said}]}, said], "id": said, "name": said, "serverTime": said,
        "links": [said], "openapi": said, said: {"deep": [said]}, "accountConcurrencyLimit": said,
    }).to_string())
        },
    },
    Manner {
        status: 200,
        body: |said| {
            (
                "application/json",
                json!([{
                    "certificate_id": said, "revoked": said, "valid_from": said, "algorithm": said,
                    "role": {"id": said, "name": said}, "entity": {"id": said, "name": said},
                }])
                .to_string(),
            )
        },
    },
];

pub(super) fn details(detail: &str, code: &str) -> String {
    json!({
        "type": detail, "title": detail, "status": 400,
        "o:errorDetails": [{"detail": detail, "o:errorCode": code, "o:errorUrl": detail}],
    })
    .to_string()
}
