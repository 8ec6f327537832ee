//! The form in which an answer came: status, error code and NetSuite's words.
//!
//! What is said of an answer is tied to the form it was seen in: `400 invalid_client` was seen for
//! a certificate that was never uploaded, and says nothing about what was seen with 500.

use std::str::FromStr;

/// What came back to one request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WireAnswer {
    /// HTTP status, where an answer came.
    pub status: Option<u16>,
    /// `o:errorCode` of the record service or `error` of the token endpoint.
    pub code: Option<String>,
    /// NetSuite's own words.
    pub text: Option<String>,
}

/// Which answers are meant, as the data write it: `500 server_error`, `401`, `any invalid_client`
/// where the source does not print the status, `400 USER_ERROR: words that stand in the text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    status: Option<u16>,
    code: Option<String>,
    text: Option<String>,
}

/// The text is no form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no form of an answer; write `STATUS`, `STATUS CODE` or `STATUS CODE: WORDS`, with `any` where the status is not known"
)]
pub struct UnknownForm(String);

impl FromStr for Form {
    type Err = UnknownForm;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownForm(text.to_owned());
        let (head, words) = match text.split_once(": ") {
            Some((head, words)) if !words.trim().is_empty() => (head, Some(even(words))),
            Some(_) => return Err(unknown()),
            None => (text, None),
        };
        let mut parts = head.split(' ');
        let status = match parts.next().unwrap_or_default() {
            "any" => None,
            number => {
                let number = number.parse().ok().filter(|status| (100..600).contains(status));
                Some(number.ok_or_else(unknown)?)
            }
        };
        let code = parts.next().map(ToOwned::to_owned);
        let plain = |code: &str| {
            !code.is_empty() && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        };
        let sound = parts.next().is_none()
            && code.as_deref().is_none_or(plain)
            && (status.is_some() || code.is_some());
        sound.then_some(Self { status, code, text: words }).ok_or_else(unknown)
    }
}

impl Form {
    /// Whether the answer has this form.
    #[must_use]
    pub fn fits(&self, answer: &WireAnswer) -> bool {
        let code = |own: &String| answer.code.as_ref().is_some_and(|c| c.eq_ignore_ascii_case(own));
        let text = |own: &String| answer.text.as_ref().is_some_and(|t| even(t).contains(own));
        self.status.is_none_or(|status| answer.status == Some(status))
            && self.code.as_ref().is_none_or(code)
            && self.text.as_ref().is_none_or(text)
    }

    /// An answer of this form.
    #[cfg(test)]
    pub(crate) fn example(&self) -> WireAnswer {
        WireAnswer { status: self.status, code: self.code.clone(), text: self.text.clone() }
    }
}

/// Words in lower case with single blanks between them.
fn even(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl<'de> serde::Deserialize<'de> for Form {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, code: &str, text: &str) -> WireAnswer {
        WireAnswer {
            status: Some(status),
            code: (!code.is_empty()).then(|| code.to_owned()),
            text: (!text.is_empty()).then(|| text.to_owned()),
        }
    }

    #[test]
    fn status_code_and_words_all_have_to_fit() {
        let words = "Your current role  does not\nhave permission to perform this action.";
        for (form, given, fits) in [
            ("500 server_error", answer(500, "server_error", ""), true),
            ("500 server_error", answer(400, "server_error", ""), false),
            ("500 server_error", answer(500, "", ""), false),
            ("any invalid_client", answer(401, "INVALID_CLIENT", ""), true),
            ("any invalid_client", answer(401, "invalid_grant", ""), false),
            ("403", answer(403, "INSUFFICIENT_PERMISSION", "x"), true),
            ("403", answer(404, "", ""), false),
            (
                "400 USER_ERROR: your current role does not have",
                answer(400, "USER_ERROR", words),
                true,
            ),
            (
                "400 USER_ERROR: your current role does not have",
                answer(400, "USER_ERROR", "no"),
                false,
            ),
            (
                "400 USER_ERROR: your current role does not have",
                answer(400, "USER_ERROR", ""),
                false,
            ),
        ] {
            assert_eq!(form.parse::<Form>().unwrap().fits(&given), fits, "{form} {given:?}");
        }
        assert!(!"401".parse::<Form>().unwrap().fits(&WireAnswer::default()));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "any", "500 ", " 500", "600", "5xx", "500 a b", "500 a: ", "any x-y"] {
            assert!(text.parse::<Form>().is_err(), "{text:?}");
        }
    }
}
