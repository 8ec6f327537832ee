//! What NetSuite, or somebody in its place, answers.

use super::{run, told};
use crate::netsuite::Bearer;
use crate::netsuite::answer::sample;
use crate::netsuite::form::RecordDescription;
use crate::oauth::access_token::TokenClaims;
use crate::types::Scrubber;
use crate::types::plain::is_plain;

#[test]
fn error_answer() {
    let words = ["o:errorDetails", "o:errorCode", "\"error\"", "<html>", "detail", "USER_ERROR"];
    run("error-answer", &words, |bytes| {
        let body = String::from_utf8_lossy(bytes);
        for (status, media) in [(400, "application/json"), (401, ""), (500, "text/html")] {
            let answer = sample(status, media, &body);
            // Codes are words; texts are made fit for the report by its redactor.
            let codes = [answer.error_code(), answer.oauth_error(), answer.wire_code()];
            for code in codes.into_iter().flatten() {
                assert!(is_plain(&code), "{code:?}");
                told(&code);
            }
        }
    });
}

#[test]
fn access_token() {
    let words = ["eyJhbGciOiJSUzI1NiJ9.", "eyJzdWIiOiIzOy01In0", ".", "=="];
    run("access-token", &words, |bytes| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let payload =
            base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, bytes);
        for token in [text, format!("eyJhbGciOiJSUzI1NiJ9.{payload}.c2ln")] {
            let _ = TokenClaims::of(&Bearer::new(token, &Scrubber::default()));
        }
    });
}

#[test]
fn description() {
    let words = ["\"paths\"", "\"/customer\"", "components", "schemas", "required", "readOnly"];
    run("description", &words, |bytes| {
        let body = String::from_utf8_lossy(bytes);
        let answer = sample(200, "application/swagger+json", &body);
        if let Some(description) = RecordDescription::of(&answer) {
            let again = RecordDescription::of(&answer);
            assert_eq!(format!("{:?}", Some(description)), format!("{again:?}"));
        }
    });
}
