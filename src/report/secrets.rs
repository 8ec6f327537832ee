//! What has the form of a secret in a document or a text, whoever wrote it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::report::text::bounded;
use crate::types::key_text::base64_begins_key;

/// Names of members and facts whose value is a secret, whatever its form.
const NAMES: [&str; 8] = [
    "access_token",
    "client_assertion",
    "client_secret",
    "id_token",
    "passphrase",
    "password",
    "private_key",
    "refresh_token",
];

/// Shorter words are no secrets of these kinds, but descriptions of one: `absent`, `RSA 4096`.
const SHORTEST: usize = 16;

/// Something that has the form of a secret. It quotes none of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretPlace {
    /// Where it stands, as a JSON Pointer (RFC 6901).
    pub at: String,
    /// What it looks like.
    pub what: &'static str,
}

impl fmt::Display for SecretPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} holds {}.", self.at, self.what)
    }
}

/// Everything in a document that has the form of a secret.
#[must_use]
pub fn search(document: &Value) -> Vec<SecretPlace> {
    let mut search = Search { hashes: hashes(document), found: Vec::new() };
    search.walk("", None, document);
    search.found
}

/// The checksums that a report states about its target and itself: 64 hexadecimal characters too.
fn hashes(document: &Value) -> Vec<&str> {
    let places =
        ["/target/certificate_sha256", "/target/public_key/spki_sha256", "/integrity/sha256"];
    places.iter().filter_map(|place| document.pointer(place)?.as_str()).collect()
}

struct Search<'a> {
    hashes: Vec<&'a str>,
    found: Vec<SecretPlace>,
}

impl Search<'_> {
    fn walk(&mut self, at: &str, name: Option<&str>, value: &Value) {
        match value {
            Value::String(text) => self.text(at, name, text),
            Value::Array(all) => {
                for (index, one) in all.iter().enumerate() {
                    self.walk(&format!("{at}/{index}"), None, one);
                }
            }
            Value::Object(members) => {
                // A fact is named by its neighbour: {"key": "sha256", "value": "..."}.
                let fact = members.get("key").and_then(Value::as_str);
                for (member, one) in members {
                    self.text(&format!("the name of a member of {at}/"), None, member);
                    let shown: String = bounded(member, 60).replace('~', "~0").replace('/', "~1");
                    let name = if member == "value" || member == "expected" {
                        fact.or(Some(member))
                    } else {
                        Some(member.as_str())
                    };
                    self.walk(&format!("{at}/{shown}"), name, one);
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, at: &str, name: Option<&str>, text: &str) {
        let mut add = |what| self.found.push(SecretPlace { at: at.to_owned(), what });
        if pem_key(text) {
            return add("a private key in PEM form");
        }
        if runs(text, |c| c.is_ascii_alphanumeric() || "+/-_=".contains(c))
            .any(|run| base64_begins_key(run.as_bytes()))
        {
            return add("a private key in base64");
        }
        if hides_key(text.as_bytes(), LAYERS) {
            return add("a private key inside base64");
        }
        if runs(text, |c| c.is_ascii_alphanumeric() || "-_.".contains(c)).any(jwt) {
            return add("a JSON Web Token, such as an access token or a client assertion");
        }
        if bearer(text) {
            return add("a bearer token");
        }
        if named(name, text) {
            return add("a value under the name of a secret");
        }
        let hash = name.is_some_and(|name| {
            ["sha256", "fingerprint", "spki", "hash"].iter().any(|word| name.contains(word))
        });
        let long_word = |word: &str| word.len() == 64 && !self.hashes.contains(&word);
        let whole = |c: char| c.is_ascii_alphanumeric();
        if !hash
            && runs(text, whole)
                .any(|word| long_word(word) && word.bytes().all(|b| b.is_ascii_hexdigit()))
        {
            add("64 hexadecimal characters, the form of a whole Client ID or Client Secret");
        }
    }
}

/// Places in a text of what has the form of a token or a key, for taking it out of what others wrote.
pub(super) fn places(text: &str) -> Vec<std::ops::Range<usize>> {
    let of = |c: char| c.is_ascii_alphanumeric() || "+/-_=.~".contains(c);
    let mut found = Vec::new();
    let (mut at, mut behind_bearer) = (0, false);
    for run in text.split(|c| !of(c)) {
        let token =
            run.match_indices("eyJ").map(|(at, _)| at).find(|at| run.get(*at..).is_some_and(jwt));
        let named =
            behind_bearer && run.len() >= SHORTEST && run.bytes().any(|b| b.is_ascii_digit());
        let whole = named || (run.len() >= SHORTEST && base64_begins_key(run.as_bytes()));
        if let Some(from) = if whole { Some(0) } else { token } {
            found.push(at + from..at + run.len());
        }
        behind_bearer = run.eq_ignore_ascii_case("bearer");
        // What separates two runs is one character.
        let end = at + run.len();
        at = end + text.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    }
    found
}

/// The longest stretches of such characters.
fn runs(text: &str, of: impl Fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |c| !of(c)).filter(|run| run.len() >= SHORTEST)
}

/// The beginning of a key with something of its body; guidance names the beginning alone.
fn pem_key(text: &str) -> bool {
    text.split("PRIVATE KEY").skip(1).any(|rest| {
        let body = rest.trim_start_matches(['-', ' ', '\n', '\r', '\t', '\\', 'n', '\u{fffd}']);
        let length = body.bytes().take_while(|b| b.is_ascii_alphanumeric() || b"+/=".contains(b));
        rest.starts_with("-----") && length.count() >= SHORTEST
    })
}

/// How often base64 is taken off base64.
const LAYERS: usize = 4;
/// Fewer characters hold no beginning of a key and something of its body.
const LEAST: usize = 56;

/// Whether a text holds a key that was put into base64, of either alphabet, broken over lines in any
/// way, once or several times. Prose is base64 too, so what comes out of it counts only where it
/// begins a key in PEM, or in base64 again.
fn hides_key(text: &[u8], layers: usize) -> bool {
    let Some(layers) = layers.checked_sub(1) else { return false };
    let mut run = Zeroizing::new(Vec::new());
    let mut rest = text.iter().copied().chain([b'.']).peekable();
    while let Some(byte) = rest.next() {
        match byte {
            b'-' => run.push(b'+'),
            b'_' => run.push(b'/'),
            b'+' | b'/' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => run.push(byte),
            // Lines are broken by these, and by `\n` as JSON and shells write it.
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'\\' if matches!(rest.peek(), Some(b'n' | b'r')) => drop(rest.next()),
            _ => {
                if run.len() >= LEAST && any_begin(&run, layers) {
                    return true;
                }
                run.clear();
            }
        }
    }
    false
}

/// The same of one run, whatever stands before the key in it.
fn any_begin(run: &[u8], layers: usize) -> bool {
    (0..4).any(|begin| {
        let from = run.get(begin..).unwrap_or_default();
        let whole = from.get(..from.len() / 4 * 4).unwrap_or_default();
        let Ok(decoded) = STANDARD_NO_PAD.decode(whole).map(Zeroizing::new) else { return false };
        let again = decoded.split(|byte| !byte.is_ascii_graphic());
        pem_key(&String::from_utf8_lossy(&decoded))
            || again.clone().any(|part| part.len() >= LEAST && base64_begins_key(part))
            || hides_key(&decoded, layers)
    })
}

/// Three parts, the first of them a JSON object in base64url; a cut-off one counts too.
fn jwt(run: &str) -> bool {
    run.match_indices("eyJ").any(|(at, _)| {
        let token = run.get(at..).unwrap_or_default();
        let (head, rest) = token.split_once('.').unwrap_or((token, ""));
        head.len() >= SHORTEST && (!rest.is_empty() || head.len() >= 64)
    })
}

fn bearer(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.split("bearer ").skip(1).any(|rest| {
        let word = rest.split(|c: char| !(c.is_ascii_alphanumeric() || "-._~+/=".contains(c)));
        let word = word.into_iter().next().unwrap_or_default();
        word.len() >= SHORTEST && word.bytes().any(|b| b.is_ascii_digit())
    })
}

/// A value whose own name says that it is a secret, or that stands in the text behind such a name.
fn named(name: Option<&str>, text: &str) -> bool {
    let secret =
        |word: &str| word.len() >= SHORTEST && !word.contains(['[', '<', '{', ' ', '/', '…']);
    if name.is_some_and(|name| NAMES.contains(&name)) && secret(text.trim()) {
        return true;
    }
    NAMES.iter().any(|name| {
        text.match_indices(name).any(|(at, _)| {
            let rest = text.get(at + name.len()..).unwrap_or_default();
            let value = rest.trim_start_matches(['"', '\'', ' ']);
            let Some(value) = value.strip_prefix(['=', ':']) else { return false };
            let value = value.trim_start_matches(['"', '\'', ' ']);
            let ends =
                |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '&' | ',' | ';' | '}');
            value.split(ends).next().is_some_and(secret)
        })
    })
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use openssl::pkey::PKey;
    use openssl::symm::Cipher;
    use serde_json::json;

    use super::*;
    use crate::report::samples;

    fn sample() -> Value {
        serde_json::to_value(samples::report()).unwrap()
    }

    /// Everything a report must not hold, under a name that says nothing.
    fn secrets() -> Vec<(&'static str, String)> {
        let key = openssl::ec::EcKey::generate(
            &openssl::ec::EcGroup::from_curve_name(openssl::nid::Nid::X9_62_PRIME256V1).unwrap(),
        );
        let ec = key.unwrap();
        let sec1 = ec.private_key_to_der().unwrap();
        let key = PKey::from_ec_key(ec).unwrap();
        let rsa = openssl::rsa::Rsa::generate(1024).unwrap();
        let pem = String::from_utf8(key.private_key_to_pem_pkcs8().unwrap()).unwrap();
        let encrypted =
            key.private_key_to_pkcs8_passphrase(Cipher::aes_256_cbc(), b"passphrase").unwrap();
        let token = format!(
            "{}.{}.c2lnbmF0dXJl",
            URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"PS256"}"#),
            URL_SAFE_NO_PAD.encode(r#"{"iss":"somebody"}"#)
        );
        vec![
            ("PEM", pem.clone()),
            ("PEM on one line", pem.replace('\n', "\\n")),
            ("the first half of a PEM", pem[..pem.len() / 2].replace('\n', " ")),
            ("PEM in base64", STANDARD.encode(&pem)),
            ("PEM in base64url", URL_SAFE_NO_PAD.encode(&pem)),
            ("PEM in base64 in base64", STANDARD.encode(STANDARD.encode(&pem))),
            ("PEM in base64 on lines", on_lines(&STANDARD.encode(&pem), " ")),
            ("PEM in base64 on escaped lines", on_lines(&STANDARD.encode(&pem), "\\n")),
            ("PEM in base64 behind words", format!("The key is {}", STANDARD.encode(&pem))),
            (
                "PEM in base64 on lines in base64",
                STANDARD.encode(on_lines(&STANDARD.encode(&pem), "\r\n")),
            ),
            (
                "PKCS#8 in base64 in base64",
                STANDARD.encode(STANDARD.encode(key.private_key_to_pkcs8().unwrap())),
            ),
            ("PKCS#8", STANDARD.encode(key.private_key_to_pkcs8().unwrap())),
            ("PKCS#8 in base64url", URL_SAFE_NO_PAD.encode(key.private_key_to_pkcs8().unwrap())),
            ("SEC 1", STANDARD.encode(sec1)),
            ("PKCS#1", STANDARD.encode(rsa.private_key_to_der().unwrap())),
            ("encrypted PKCS#8", STANDARD.encode(encrypted)),
            ("a token", token.clone()),
            ("a token in a sentence", format!("The answer was {token}.")),
            ("a token that was cut off", token[..token.len() - 20].to_owned()),
            ("a bearer token", "Authorization: Bearer 0123456789abcdef0123".to_owned()),
            ("a form", "grant_type=x&client_assertion=abcdefghijklmnopqrst".to_owned()),
            ("an answer", r#"{"access_token": "abcdefghijklmnopqrst"}"#.to_owned()),
            (
                "a Client Secret",
                "5ec2e75ec2e75ec2e75ec2e7c0ffee11c0ffee115ec2e75ec2e75ec2e75ec2e7".to_owned(),
            ),
            ("a Client Secret in a sentence", format!("given: {}", "0f".repeat(32))),
        ]
    }

    fn on_lines(text: &str, end: &str) -> String {
        let lines = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap());
        lines.collect::<Vec<_>>().join(end)
    }

    #[test]
    fn secrets_are_found_wherever_they_stand_and_never_quoted() {
        for (what, secret) in secrets() {
            let places: [fn(&mut Value, &str); 4] = [
                |report, secret| report["checks"][3]["summary"] = json!(secret),
                |report, secret| {
                    report["checks"][3]["fix"] =
                        json!([{"text": "x", "where": null, "url": null, "command": secret}])
                },
                |report, secret| report["later"] = json!({"deep": [{"er": secret}]}),
                |report, secret| report["tool"][secret] = json!(1),
            ];
            for (place, put) in places.iter().enumerate() {
                let mut document = sample();
                put(&mut document, &secret);
                let found = search(&document);
                assert_eq!(found.len(), 1, "{what} at {place}: {found:?}");
                let told = found[0].to_string();
                assert!(!told.contains(&secret[..16]), "{told}");
            }
        }
        let mut document = sample();
        document["checks"][3]["evidence"] = json!([{"key": "passphrase", "value": "correct-horse-battery", "expected": null, "source": null}]);
        assert_eq!(search(&document).len(), 1);
    }

    #[test]
    fn hashes_names_and_guidance_are_no_secrets() {
        let der = include_bytes!("../../fixtures/keys/ec-p256.certificate.pem");
        let certificate = openssl::x509::X509::from_pem(der).unwrap();
        let public = certificate.public_key().unwrap().public_key_to_der().unwrap();
        for text in [
            "its first line is -----BEGIN PRIVATE KEY-----, and it was made with the certificate",
            "Where a program asks for PKCS#8 (BEGIN PRIVATE KEY), it refuses this form",
            "A bearer token is what NetSuite issues. The passphrase: give it with --passphrase-file.",
            "netsuite-preflight check --private-key /etc/netsuite/private-key.pem",
            "client_secret=<client-secret> access_token: [redacted]",
            "0123456789abcdef0123456789abcdef",
            "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE",
            "https://1234567.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token",
            &STANDARD.encode(certificate.to_der().unwrap()),
            &STANDARD.encode(public),
        ] {
            let mut document = sample();
            document["checks"][3]["summary"] = json!(text);
            assert_eq!(search(&document), [], "{text}");
        }
        let mut document = sample();
        let hash = "ab".repeat(32);
        document["checks"][3]["evidence"] =
            json!([{"key": "sha256", "value": hash, "expected": null, "source": null}]);
        document["checks"][4]["summary"] = json!(format!("SHA-256 {hash}"));
        assert_eq!(search(&document), [], "the certificate's own hash may be named anywhere");
    }
}
