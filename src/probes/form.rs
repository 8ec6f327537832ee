//! Whether a form opens: the nearest thing to a dry-run write that NetSuite has.
//!
//! That a form demands its level is inferred (`record-api.md` 0.1, 1.8).

use serde_json::Value;

use super::record::{Probe, Stop, stop};
use crate::netsuite::answer::Answer;
use crate::netsuite::form::{Forbidden, Form, IMPOSSIBLE_PROPERTY, RecordDescription, guard};
use crate::netsuite::patterns::{Meaning, patterns};
use crate::netsuite::url::AccountUrl;
use crate::types::HttpExchange;

/// What came of asking for a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// The form came.
    Opened,
    /// A guard forbade the request; it was not sent.
    Forbidden(Forbidden),
    /// The type's own description could not be had, so nothing else was sent.
    NotDescribed(Stop),
    /// The request was refused for the property that cannot exist, before or after the permission
    /// was looked at.
    PropertyRefused,
    /// The request was taken for a real one and refused for what it lacks: this release does not
    /// open forms.
    TakenForReal,
    /// Success, and no form: the request may have been carried out.
    MayHaveWritten {
        /// HTTP status.
        status: u16,
    },
    /// Something else.
    Stopped(Stop),
}

impl Opening {
    /// Whether this account cannot be trusted with another form request.
    #[must_use]
    pub fn shows_no_forms(&self) -> bool {
        matches!(self, Self::TakenForReal | Self::MayHaveWritten { .. })
    }
}

impl Probe<'_> {
    /// Reads the type's own description and, if every guard allows it, asks for the form. Says which
    /// form the outcome is about: the edit form is asked for only where the create form of the same
    /// type opened just before, which no release without forms does. Level Edit includes Create
    /// (OH/section_N326341), so a refused create form decides for both.
    pub async fn form(&self, form: Form) -> (Opening, &'static str, Vec<HttpExchange>) {
        let kind = form.media_kind();
        let url = AccountUrl::type_description(self.account, self.record);
        let call = self.client.get_large(&url, self.token).await;
        let mut exchanges = call.exchanges;
        let description = match &call.result {
            Ok(answer) => RecordDescription::of(answer).ok_or_else(|| stop(answer)),
            Err(error) => Err(error.clone().into()),
        };
        let description = match description {
            Ok(description) => description,
            Err(stop) => return (Opening::NotDescribed(stop), kind, exchanges),
        };
        if let Form::Edit(_) = form {
            let first = self.ask(Form::Create, &description, &mut exchanges).await;
            if first != Opening::Opened {
                return (first, Form::Create.media_kind(), exchanges);
            }
        }
        let opening = self.ask(form, &description, &mut exchanges).await;
        (opening, kind, exchanges)
    }

    async fn ask(
        &self,
        form: Form,
        description: &RecordDescription,
        exchanges: &mut Vec<HttpExchange>,
    ) -> Opening {
        let guarded = match guard(self.account, self.record, form, description) {
            Ok(guarded) => guarded,
            Err(forbidden) => return Opening::Forbidden(forbidden),
        };
        let call = self.client.form(&guarded, self.token).await;
        exchanges.extend(call.exchanges);
        match call.result {
            Ok(answer) => read(&answer),
            Err(error) => Opening::Stopped(error.into()),
        }
    }
}

fn read(answer: &Answer) -> Opening {
    match answer.status {
        200 if is_form(answer) => Opening::Opened,
        200 if answer.is_html() => Opening::Stopped(Stop::unexpected(answer)),
        200..=299 => Opening::MayHaveWritten { status: answer.status },
        400 if names_the_property(answer) => Opening::PropertyRefused,
        400 if lacks_a_value(answer) => Opening::TakenForReal,
        _ => Opening::Stopped(stop(answer)),
    }
}

/// A form is one object with fields; a list or an error is none.
fn is_form(answer: &Answer) -> bool {
    let Ok(Value::Object(members)) = serde_json::from_slice(&answer.body) else { return false };
    !members.is_empty() && !members.contains_key("items") && !members.contains_key("o:errorDetails")
}

/// The wording is on no record, so the property itself is looked for anywhere in the answer.
fn names_the_property(answer: &Answer) -> bool {
    answer.text().to_lowercase().contains(&IMPOSSIBLE_PROPERTY.to_lowercase())
}

fn lacks_a_value(answer: &Answer) -> bool {
    answer.error_details().iter().any(|detail| {
        let decoded = patterns().decode(answer.status, detail.code.as_deref(), &detail.detail);
        matches!(decoded.meaning, Meaning::ValueMissing { .. })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netsuite::answer::sample;
    use crate::probes::NoAnswer;

    fn opening(status: u16, body: &str) -> Opening {
        read(&sample(status, "application/json", body))
    }

    #[test]
    fn only_a_form_is_opened() {
        assert_eq!(opening(200, r#"{"links":[],"companyName":""}"#), Opening::Opened);
        let page = opening(200, "<html>hello");
        assert!(matches!(page, Opening::Stopped(Stop::NoAnswer(NoAnswer::Html { .. }))));
        for (status, body) in [(204, ""), (201, "{}"), (202, "{}"), (200, ""), (200, "{}")] {
            let opening = opening(status, body);
            assert_eq!(opening, Opening::MayHaveWritten { status }, "{status} {body}");
            assert!(opening.shows_no_forms());
        }
    }

    #[test]
    fn what_a_real_request_would_be_refused_for_is_told_apart() {
        let refused = |detail: &str| {
            let code = "USER_ERROR";
            let entry = serde_json::json!({ "detail": detail, "o:errorCode": code });
            opening(400, &serde_json::json!({ "o:errorDetails": [entry] }).to_string())
        };
        let lacks = "Error while accessing a resource. Please enter value(s) for: Subsidiary";
        assert_eq!(refused(lacks), Opening::TakenForReal);
        let unknown = format!("Unknown field '{IMPOSSIBLE_PROPERTY}'.");
        assert_eq!(refused(&unknown), Opening::PropertyRefused);
        assert!(matches!(refused("No."), Opening::Stopped(Stop::Refused(_))));
    }
}
