//! What the access token says about itself.
//!
//! For display only: the signature is not verified, and the form has changed over the years
//! (`auth-protocol.md` 2). Whatever cannot be read is simply absent.

use jiff::Timestamp;
use serde_json::Value;

use crate::netsuite::Bearer;
use crate::types::AccountId;

/// The claims that are of use, as far as they could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenClaims {
    /// Internal ID of the role. `3` is Administrator.
    pub role: Option<String>,
    /// Internal ID of the entity, such as the employee.
    pub entity: Option<String>,
    /// Account IDs, in the spelling of [`crate::types::AccountId::account`].
    pub companies: Vec<String>,
    /// Client IDs named as audience.
    pub client_ids: Vec<String>,
    /// Application ID of the integration record.
    pub application: Option<String>,
    /// Scopes granted; none where the token does not say so readably.
    pub scopes: Option<Vec<String>>,
    /// When the token expires.
    pub expires: Option<Timestamp>,
    /// Which of `sub` and `aud` have a form that is not known. Nothing is taken from what has none.
    pub odd: Vec<&'static str>,
    /// How the token was had, by the form of its `jti` (`facts-2026-11.md` F5).
    pub grant: Option<&'static str>,
}

impl TokenClaims {
    /// Reads a token. `None` where it is no JWT.
    #[must_use]
    pub fn of(token: &Bearer) -> Option<Self> {
        let payload: Value =
            jsonwebtoken::dangerous::insecure_decode_claims(token.secret().expose()).ok()?;
        payload.as_object()?;
        let mut claims = Self::default();
        if claims.read_subject(payload.get("sub").and_then(Value::as_str)).is_none() {
            claims.odd.push("sub");
        }
        let audiences = pieces(payload.get("aud"), &[',']).unwrap_or_default();
        let known = audiences.iter().filter_map(|audience| claims.read_audience(audience)).count();
        if known < audiences.len() {
            claims.odd.push("aud");
        }
        claims.grant = payload.get("jti").and_then(Value::as_str).and_then(grant);
        claims.scopes = payload.get("scope").and_then(scopes);
        claims.expires = payload
            .get("exp")
            .and_then(|exp| exp.as_i64().or_else(|| exp.as_str()?.parse().ok()))
            .and_then(|seconds| Timestamp::from_second(seconds).ok());
        Some(claims)
    }

    /// `role;entity`, or in older tokens `company;0;role;entity;N`: OH/section_158255317571. Which
    /// of the two numbers is the role is settled by Oracle's sample `3;-5` (`failures.md` 0.3).
    /// Nothing where it is neither.
    fn read_subject(&mut self, subject: Option<&str>) -> Option<()> {
        let parts: Vec<&str> = subject?.split(';').collect();
        let (company, role, entity) = match parts.as_slice() {
            [role, entity] => (None, number(role)?, number(entity)?),
            [company, _, role, entity, _] => {
                (Some(account(company)?), number(role)?, number(entity)?)
            }
            _ => return None,
        };
        (self.role, self.entity) = (Some(role), Some(entity));
        self.companies.extend(company);
        Some(())
    }

    /// `<Application ID>;<company>`, the Client ID, or `app:<Application ID>`. Nothing where it is
    /// none of these.
    fn read_audience(&mut self, audience: &str) -> Option<()> {
        if let Some((application, company)) = audience.split_once(';') {
            let (application, company) = (uuid(application)?, account(company)?);
            self.companies.push(company);
            self.application = Some(application);
        } else if audience.len() == 64 && audience.bytes().all(|b| b.is_ascii_hexdigit()) {
            self.client_ids.push(audience.to_owned());
        } else {
            self.application = Some(audience.strip_prefix("app:").and_then(uuid)?);
        }
        Some(())
    }
}

/// The pieces of a list, or of a text with separators, whatever they hold.
fn pieces<'a>(value: Option<&'a Value>, separators: &[char]) -> Option<Vec<&'a str>> {
    let texts: Vec<&str> = match value? {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let pieces = texts.into_iter().flat_map(|text| text.split(separators)).map(str::trim);
    Some(pieces.filter(|piece| !piece.is_empty()).collect())
}

/// Those of the pieces that are words.
fn words(value: Option<&Value>, separators: &[char]) -> Option<Vec<String>> {
    let plain = |word: &&str| word.len() <= 128 && word.chars().all(|c| c.is_ascii_graphic());
    Some(pieces(value, separators)?.into_iter().filter(plain).map(str::to_owned).collect())
}

/// The scopes, or nothing where one of them cannot be read: a list with gaps would seem to lack
/// scopes that it may have.
fn scopes(value: &Value) -> Option<Vec<String>> {
    let separators = [',', ' '];
    let stated = match value {
        Value::String(text) => text.split(separators).filter(|word| !word.is_empty()).count(),
        Value::Array(list) => {
            let texts = list.iter().map(Value::as_str).collect::<Option<Vec<_>>>()?;
            let words = texts.iter().flat_map(|text| text.split(separators));
            words.filter(|word| !word.is_empty()).count()
        }
        _ => return None,
    };
    words(Some(value), &separators).filter(|read| read.len() == stated)
}

fn number(text: &str) -> Option<String> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let valid = (1..=18).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    valid.then(|| text.to_owned())
}

fn account(text: &str) -> Option<String> {
    account_id(text).map(|account| account.account())
}

/// An account ID: letters and digits, and at most one suffix. It has a digit in it, as all have.
pub(super) fn account_id(text: &str) -> Option<AccountId> {
    let (base, suffix) = match text.trim().split_once(['_', '-']) {
        Some((base, suffix)) => (base, Some(suffix)),
        None => (text.trim(), None),
    };
    let digit = base.bytes().any(|b| b.is_ascii_digit());
    AccountId::from_parts(base, suffix).ok().filter(|_| digit)
}

/// `<ACCOUNT>.a-c.null.<ms>` or `<ACCOUNT>.a-a.<uuid>_<ms>.<ms>`.
fn grant(id: &str) -> Option<&'static str> {
    let (company, rest) = id.split_once('.')?;
    account(company)?;
    match rest.split_once('.')?.0 {
        "a-c" => Some("client credentials"),
        "a-a" => Some("authorization code"),
        _ => None,
    }
}

fn uuid(text: &str) -> Option<String> {
    let valid = text.len() == 36 && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    valid.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    use super::*;
    use crate::types::Scrubber;

    const APPLICATION: &str = "1C61CD58-044D-497A-AA29-7A3E9A9BB924";

    fn claims(payload: &Value) -> Option<TokenClaims> {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let jwt = format!("{}.{}.c2ln", part(&json!({"alg": "XS1"})), part(payload));
        TokenClaims::of(&Bearer::new(jwt, &Scrubber::default()))
    }

    #[test]
    fn the_form_of_today() {
        let id = "0123456789abcdef".repeat(4);
        let claims = claims(&json!({
            "sub": "3;-5", "aud": [format!("{APPLICATION};3829855"), id],
            "scope": ["restlets", "rest_webservices"], "exp": 1_769_772_494,
        }))
        .unwrap();
        assert_eq!((claims.role.as_deref(), claims.entity.as_deref()), (Some("3"), Some("-5")));
        assert_eq!(claims.companies, ["3829855"]);
        assert_eq!(claims.client_ids, [id]);
        assert_eq!(claims.application.as_deref(), Some(APPLICATION));
        assert_eq!(claims.scopes.unwrap(), ["restlets", "rest_webservices"]);
        assert_eq!(claims.expires.unwrap().as_second(), 1_769_772_494);
    }

    #[test]
    fn older_and_stranger_forms() {
        let old = claims(
            &json!({"sub": "1234567-sb1;0;1001;7;N", "aud": [format!("app:{APPLICATION}")]}),
        );
        let old = old.unwrap();
        assert_eq!((old.role.as_deref(), old.entity.as_deref()), (Some("1001"), Some("7")));
        assert_eq!(old.companies, ["1234567_SB1"]);
        assert_eq!(old.scopes, None);
        let joined =
            claims(&json!({"aud": format!("{APPLICATION};12, x"), "scope": "a, b"})).unwrap();
        assert_eq!(joined.companies, ["12"]);
        assert_eq!(joined.odd, ["sub", "aud"]);
        assert_eq!(joined.scopes.unwrap(), ["a", "b"]);
    }

    #[test]
    fn a_form_that_is_not_known_names_no_account() {
        for (aud, sub) in [
            (json!(["A;1234567"]), "1;2"),
            (json!([format!("{APPLICATION};ACME CORP")]), "1;2"),
            (json!([format!("{APPLICATION};1234567;9")]), "1;2"),
            (json!([format!("{APPLICATION};ACME")]), "1;2"),
            (json!(["https://1234567.suitetalk.api.netsuite.com"]), "1;2"),
            (json!([]), "ACME CORP;0;1;2;N"),
            (json!([]), "1234567;1;2"),
        ] {
            let claims = claims(&json!({ "aud": aud, "sub": sub })).unwrap();
            assert_eq!(claims.companies, Vec::<String>::new(), "{aud} {sub}");
            assert_eq!(claims.odd.len(), 1, "{aud} {sub}");
        }
        for (id, expected) in [
            ("1234567_SB1.a-c.null.1769772494000", Some("client credentials")),
            ("1234567.a-a.x_1.2", Some("authorization code")),
            ("1234567.b.c.1", None),
            ("x", None),
        ] {
            assert_eq!(claims(&json!({ "jti": id })).unwrap().grant, expected, "{id}");
        }
    }

    #[test]
    fn nothing_odd_is_repeated_and_nothing_breaks() {
        let odd = claims(&json!({
            "sub": "<b>;x", "aud": 5, "scope": ["\u{1b}[31m", 7], "exp": "soon",
        }));
        assert_eq!(odd, Some(TokenClaims { odd: vec!["sub"], ..TokenClaims::default() }));
        for scope in [json!([7]), json!(["restlets", 7]), json!("\u{1b}"), json!([null])] {
            let odd = claims(&json!({ "scope": scope })).unwrap();
            assert_eq!(odd.scopes, None, "{scope}");
        }
        assert_eq!(claims(&json!({"scope": []})).unwrap().scopes, Some(Vec::new()));
        assert_eq!(claims(&json!("text")), None);
        for text in ["", "opaque", "a.b.c", "..", "a.!!!.c"] {
            let bearer = Bearer::new(text.to_owned(), &Scrubber::default());
            assert_eq!(TokenClaims::of(&bearer), None, "{text:?}");
        }
    }
}
