//! Takes a compact JWS apart. Written for the emulator alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// A compact JWS, decoded and not yet verified.
pub struct Jws<'a> {
    /// Header members.
    pub header: Map<String, Value>,
    /// Payload members.
    pub payload: Map<String, Value>,
    /// What was signed.
    pub signed: &'a str,
    /// The signature.
    pub signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    /// Splits and decodes; nothing where it is not three base64url parts with JSON objects.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        Some(Self {
            header: object(header)?,
            payload: object(payload)?,
            signed,
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }

    /// A header member that is a text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }

    /// A claim that is a text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.payload.get(name).and_then(Value::as_str)
    }

    /// A claim that is a time in whole seconds; decimals are cut off where that is allowed.
    #[must_use]
    pub fn seconds(&self, name: &str, decimals: bool) -> Option<i64> {
        let value = self.payload.get(name)?;
        value.as_i64().or_else(|| {
            let seconds = value.as_f64().filter(|s| decimals && s.abs() < 1e15)?;
            #[expect(clippy::cast_possible_truncation, reason = "the decimals are to be cut off")]
            let whole = seconds.trunc() as i64;
            Some(whole)
        })
    }

    /// A claim that is one text or a list of texts.
    #[must_use]
    pub fn texts(&self, name: &str) -> Option<Vec<&str>> {
        match self.payload.get(name)? {
            Value::String(one) => Some(vec![one]),
            Value::Array(many) => many.iter().map(Value::as_str).collect(),
            _ => None,
        }
    }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    match serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()? {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jws(payload: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{}", part("{}"), part(payload), part("s"))
    }

    #[test]
    fn reads_claims_of_the_right_type_only() {
        let text = jws(r#"{"iat":5,"exp":6.9,"late":"7","scope":["a","b"],"iss":"x"}"#);
        let jws = Jws::read(&text).unwrap();
        assert_eq!(jws.seconds("iat", false), Some(5));
        assert_eq!((jws.seconds("exp", false), jws.seconds("exp", true)), (None, Some(6)));
        assert_eq!(jws.seconds("late", true), None);
        assert_eq!(jws.texts("scope"), Some(vec!["a", "b"]));
        assert_eq!(jws.texts("iss"), Some(vec!["x"]));
    }

    #[test]
    fn what_is_no_jws_is_nothing() {
        for text in ["", "a.b", "a.b.c", "e30.e30.!", "W10.e30.e30"] {
            assert!(Jws::read(text).is_none(), "{text}");
        }
    }
}
