//! Reading what NetSuite says when it refuses.
//!
//! The envelope is that of OH/section_156570709583. Only `status`, `o:errorCode` and `detail` are
//! dependable (`record-api.md` 2.1); everything else may be missing, and Oracle's own sample of a
//! 429 is not even valid JSON (OH/bridgehead_1525252812).

use serde_json::Value;

use super::answer::Answer;

/// The longest detail text that is kept, in characters.
const LONGEST: usize = 400;

/// One entry of `o:errorDetails`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ErrorDetail {
    /// `o:errorCode`.
    pub code: Option<String>,
    /// `detail`, cleaned and cut.
    pub text: String,
}

/// What a refusing answer holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The record service's envelope, or what could be made out of a broken one.
    Service(Vec<ErrorDetail>),
    /// A page for people.
    Html,
    /// JSON or text without anything known in it, or nothing at all.
    Unknown,
}

impl Refusal {
    /// Reads an answer.
    #[must_use]
    pub fn of(answer: &Answer) -> Self {
        if answer.is_html() {
            return Self::Html;
        }
        let details = match serde_json::from_slice::<Value>(&answer.body) {
            Ok(value) => details(&value),
            Err(_) => salvage(&answer.text()),
        };
        if details.is_empty() { Self::Unknown } else { Self::Service(details) }
    }

    /// The first error code there is.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Service(details) => details.iter().find_map(|detail| detail.code.as_deref()),
            _ => None,
        }
    }

    /// The first text there is.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Service(details) => {
                details.iter().map(|detail| detail.text.as_str()).find(|text| !text.is_empty())
            }
            _ => None,
        }
    }
}

/// The error code of an answer for the report: `o:errorCode`, or OAuth's `error`.
#[must_use]
pub fn wire_code(answer: &Answer) -> Option<String> {
    if answer.is_success() {
        return None;
    }
    if let Some(code) = oauth_error(answer) {
        return Some(code);
    }
    Refusal::of(answer).code().map(str::to_owned)
}

/// The member `error` of an OAuth answer (RFC 6749, 5.2), whatever the status.
#[must_use]
pub fn oauth_error(answer: &Answer) -> Option<String> {
    let value: Value = serde_json::from_slice(&answer.body).ok()?;
    value.get("error")?.as_str().and_then(word)
}

fn details(value: &Value) -> Vec<ErrorDetail> {
    let listed = value.get("o:errorDetails").and_then(Value::as_array);
    let mut found: Vec<ErrorDetail> = listed
        .into_iter()
        .flatten()
        .map(|entry| ErrorDetail {
            code: entry.get("o:errorCode").and_then(Value::as_str).and_then(word),
            text: entry.get("detail").and_then(Value::as_str).map(clean).unwrap_or_default(),
        })
        .filter(|detail| *detail != ErrorDetail::default())
        .collect();
    if found.is_empty() {
        // A stray code at the top counts only where there is no other.
        let code = value.get("o:errorCode").and_then(Value::as_str).and_then(word);
        let text = value.get("detail").and_then(Value::as_str).map(clean).unwrap_or_default();
        if code.is_some() || !text.is_empty() {
            found.push(ErrorDetail { code, text });
        }
    }
    found
}

/// Takes code and text out of something that is almost JSON.
fn salvage(text: &str) -> Vec<ErrorDetail> {
    let part = text.find("o:errorDetails").and_then(|at| text.get(at..)).unwrap_or(text);
    let member = |name: &str| {
        let (_, after) = part.split_once(&format!("\"{name}\""))?;
        let (_, value) = after.trim_start().strip_prefix(':')?.split_once('"')?;
        value.split_once('"').map(|(value, _)| value)
    };
    let code = member("o:errorCode").and_then(word);
    let text = member("detail").map(clean).unwrap_or_default();
    if code.is_none() && text.is_empty() {
        return Vec::new();
    }
    vec![ErrorDetail { code, text }]
}

/// A code, where it looks like one: nothing that a server sends is repeated unseen.
fn word(text: &str) -> Option<String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    ((1..=64).contains(&text.len()) && text.bytes().all(plain)).then(|| text.to_owned())
}

fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netsuite::answer::sample;

    #[test]
    fn the_documented_envelope() {
        let body = r#"{"type":"https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.1",
            "title":"Bad Request","status":400,"o:errorDetails":[{"detail":"Invalid ID.",
            "o:errorCode":"INVALID_ID","o:errorUrl":"/x"}]}"#;
        let refusal = Refusal::of(&sample(400, "application/json", body));
        assert_eq!(refusal.code(), Some("INVALID_ID"));
        assert_eq!(refusal.text(), Some("Invalid ID."));
    }

    #[test]
    fn oracles_own_sample_of_a_429_is_no_json_and_is_read_all_the_same() {
        let body = r#"{"type":"https://x","title":"Bad Request","status":429,
            "o:errorDetails":[{"detail":"Concurrent request limit exceeded. Request blocked.",
            "o:errorCode":"CONCURRENCY_LIMIT_EXCEEDED"}] "o:errorCode":"USER_ERROR"}"#;
        let refusal = Refusal::of(&sample(429, "application/json", body));
        assert_eq!(refusal.code(), Some("CONCURRENCY_LIMIT_EXCEEDED"));
    }

    #[test]
    fn a_stray_code_at_the_top_yields_to_the_details() {
        let both =
            r#"{"o:errorCode":"USER_ERROR","o:errorDetails":[{"o:errorCode":"INVALID_ID"}]}"#;
        assert_eq!(Refusal::of(&sample(400, "", both)).code(), Some("INVALID_ID"));
        let only = r#"{"o:errorCode":"USER_ERROR","status":400}"#;
        assert_eq!(Refusal::of(&sample(400, "", only)).code(), Some("USER_ERROR"));
    }

    #[test]
    fn pages_and_nonsense_are_told_apart() {
        let page = "\n <!DOCTYPE HTML><html><title>Maintenance</title>";
        assert_eq!(Refusal::of(&sample(503, "application/json", page)), Refusal::Html);
        for body in ["", "null", "[]", "{", "{\"o:errorDetails\":3}", "plain words", "\u{0}"] {
            assert_eq!(Refusal::of(&sample(500, "", body)), Refusal::Unknown, "{body:?}");
        }
    }

    #[test]
    fn a_code_that_is_no_word_is_not_repeated() {
        let odd = r#"{"error":"<script>alert(1)</script>"}"#;
        assert_eq!(oauth_error(&sample(400, "application/json", odd)), None);
        assert_eq!(
            wire_code(&sample(500, "", r#"{"error":"server_error"}"#)).unwrap(),
            "server_error"
        );
    }
}
