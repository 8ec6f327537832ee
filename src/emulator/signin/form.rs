//! The body of a token request: `application/x-www-form-urlencoded`.

use percent_encoding::percent_decode_str;

/// Name–value pairs of a form or a query string, decoded. Pairs that are no UTF-8 are dropped.
#[must_use]
pub fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(name)?, decode(value)?))
        })
        .collect()
}

fn decode(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(|text| text.into_owned())
}

/// Why a form is no token request. Each is answered with 400 and an OAuth error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormFault {
    /// A parameter is missing, doubled or malformed.
    InvalidRequest,
    /// Another grant type.
    UnsupportedGrantType,
}

impl FormFault {
    /// The `error` value. Source: OH/subsect_158521832417.
    #[must_use]
    pub fn error(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::UnsupportedGrantType => "unsupported_grant_type",
        }
    }
}

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The assertion inside a token request.
///
/// # Errors
/// When the form is not one of the client credentials grant with a JWT assertion.
pub fn assertion(
    content_type: Option<&str>,
    body: &str,
    client_id_required: bool,
) -> Result<String, FormFault> {
    let media = content_type.and_then(|value| value.split(';').next()).map(str::trim);
    if !media.is_some_and(|m| m.eq_ignore_ascii_case("application/x-www-form-urlencoded")) {
        return Err(FormFault::InvalidRequest);
    }
    let pairs = pairs(body);
    let one = |name: &str| {
        let mut values = pairs.iter().filter(|(own, _)| own == name).map(|(_, value)| value);
        match (values.next(), values.next()) {
            (Some(value), None) if !value.is_empty() => Ok(value.as_str()),
            _ => Err(FormFault::InvalidRequest),
        }
    };
    if one("grant_type")? != "client_credentials" {
        return Err(FormFault::UnsupportedGrantType);
    }
    if one("client_assertion_type")? != ASSERTION_TYPE {
        return Err(FormFault::InvalidRequest);
    }
    if client_id_required {
        one("client_id")?;
    }
    one("client_assertion").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";
    const GOOD: &str = "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3A\
                        oauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=a.b.c";

    #[test]
    fn a_good_form_gives_the_assertion() {
        assert_eq!(assertion(Some(FORM), GOOD, false).as_deref(), Ok("a.b.c"));
        assert_eq!(assertion(Some(FORM), GOOD, true), Err(FormFault::InvalidRequest));
        assert!(assertion(Some(FORM), &format!("{GOOD}&client_id=x"), true).is_ok());
    }

    #[test]
    fn malformed_forms_are_invalid_requests() {
        let wrong = [
            GOOD.replace("client_assertion=", "assertion="),
            GOOD.replace("jwt-bearer", "saml2-bearer"),
            format!("{GOOD}&client_assertion=d.e.f"),
            String::new(),
        ];
        for body in wrong {
            assert_eq!(
                assertion(Some(FORM), &body, false),
                Err(FormFault::InvalidRequest),
                "{body}"
            );
        }
        let json = assertion(Some("application/json"), GOOD, false);
        assert_eq!(json, Err(FormFault::InvalidRequest));
        let grant = GOOD.replace("client_credentials", "authorization_code");
        assert_eq!(assertion(Some(FORM), &grant, false), Err(FormFault::UnsupportedGrantType));
    }
}
