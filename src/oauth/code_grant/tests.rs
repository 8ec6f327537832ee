use oauth2::url::{Url, form_urlencoded};

use super::*;
use crate::netsuite::double::{Behaviour, Double};
use crate::oauth::exchange::{OAuthError, TokenOutcome};

const CODE: &str = "70b827f926a512f098b1289f0991abe3c767947a43498c2e2f80ed5aef6a5c50";
const SECRET: &str = "cdc7ac22183ef5024e81b0fce8ef461c44d5896a1f1805d4b372ca61c4d326ae";
const REFRESH: &str = "the-refresh-token-that-nobody-is-to-keep";

fn account() -> AccountId {
    AccountId::from_parts("1234567", Some("SB1")).unwrap()
}

fn record(secret: Option<&str>) -> SignInRecord {
    SignInRecord {
        client_id: ClientId::new(&"0123456789abcdef".repeat(4)).unwrap(),
        secret: secret.map(|text| Secret::new(SecretKind::ClientSecret, text)),
    }
}

fn request(account: Option<&AccountId>) -> Authorization {
    let redirect = RedirectUri::localhost("http", 8899);
    Authorization::new(account, &record(None), redirect, &Scrubber::default()).unwrap()
}

fn parameter(address: &str, name: &str) -> String {
    let url = Url::parse(address).unwrap();
    let found: Vec<_> = url.query_pairs().filter(|(own, _)| own == name).collect();
    assert_eq!(found.len(), 1, "{name}");
    found[0].1.clone().into_owned()
}

#[test]
fn the_address_asks_what_is_documented() {
    let request = request(Some(&account()));
    let address = request.address();
    assert!(
        address.starts_with("https://1234567-sb1.app.netsuite.com/app/login/oauth2/authorize.nl?")
    );
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", &"0123456789abcdef".repeat(4)),
        ("redirect_uri", "http://localhost:8899/callback"),
        ("scope", "rest_webservices"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(parameter(address, name), value);
    }
    let state = parameter(address, "state");
    assert!((22..=1024).contains(&state.len()) && state.bytes().all(|b| b.is_ascii_graphic()));
    let verifier = request.verifier.expose_str().unwrap();
    assert!((43..=128).contains(&verifier.len()));
    let digest = openssl::sha::sha256(verifier.as_bytes());
    use base64::Engine as _;
    let challenge = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest);
    assert_eq!(parameter(address, "code_challenge"), challenge);
    assert!(!address.contains(verifier));
}

#[test]
fn without_an_account_the_neutral_page_is_asked_and_nothing_is_used_twice() {
    let (first, second) = (request(None), request(None));
    let page = "https://system.netsuite.com/app/login/oauth2/authorize.nl?";
    assert!(first.address().starts_with(page));
    assert_ne!(first.state, second.state);
    assert_ne!(first.verifier.expose(), second.verifier.expose());
}

fn read(more: &str) -> Result<Authorized, RedirectError> {
    let request = request(None);
    let query = more.replace("STATE", &request.state);
    assert_eq!(
        request.matcher().is_ours(&query),
        !matches!(more, "" | "code=c" | "state=x&code=c")
            && query.matches("state=").count() == 1
            && query.matches("code=").count() < 2
    );
    request.read(&query, &Scrubber::default())
}

#[test]
fn a_redirect_is_read_and_only_that_of_this_sign_in() {
    let made = read("state=STATE&role=3&entity=7&company=1234567_SB1&code=abc").unwrap();
    assert_eq!(made.company.unwrap(), account());
    assert_eq!(read("state=STATE&code=abc&company=..%2F").unwrap().company, None);
    for (query, error) in [
        ("", RedirectError::NotOurs),
        ("code=c", RedirectError::NotOurs),
        ("state=x&code=c", RedirectError::NotOurs),
        ("state=STATE&state=STATE&code=c", RedirectError::NotOurs),
        ("state=STATE&code=c&code=d", RedirectError::NotOurs),
        ("state=STATE", RedirectError::NoCode),
        ("state=STATE&code=", RedirectError::NoCode),
        ("state=STATE&code=a%20b", RedirectError::NoCode),
        ("state=STATE&error=access_denied&company=1", RedirectError::Denied),
        ("state=STATE&error=invalid_scope", RedirectError::Refused("invalid_scope".to_owned())),
    ] {
        assert_eq!(read(query).err(), Some(error), "{query}");
    }
    let odd = read("state=STATE&error=%1b[2J").unwrap_err().to_string();
    assert!(!odd.contains('\u{1b}'), "{odd}");
}

async fn hand_in(double: &Double, secret: Option<&str>) -> (TokenAnswer, Scrubber, String) {
    let scrubber = Scrubber::default();
    let redirect = RedirectUri::localhost("http", 8899);
    let record = record(secret);
    let request = Authorization::new(None, &record, redirect, &scrubber).unwrap();
    let verifier = request.verifier.expose_str().unwrap().to_owned();
    let query = format!("state={}&code={CODE}", request.state);
    let made = request.read(&query, &scrubber).unwrap();
    let url = TokenUrl::of(&account());
    let reply = exchange_code(&double.client(), &url, &record, made, &scrubber).await.unwrap();
    (reply, scrubber, verifier)
}

fn form_of(body: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

#[tokio::test]
async fn a_public_client_names_itself_in_the_form() {
    let double = Double::serving(|_| {
        Behaviour::json(
            200,
            format!(
                r#"{{"access_token":"a.b.c","refresh_token":"{REFRESH}","expires_in":"3600",
                   "token_type":"bearer"}}"#
            ),
        )
    });
    let (reply, scrubber, verifier) = hand_in(&double, None).await;
    assert!(matches!(reply.outcome, TokenOutcome::Granted(_)), "{:?}", reply.outcome);
    let [seen] = double.seen().try_into().unwrap();
    assert_eq!(seen.path, "/services/rest/auth/oauth2/v1/token");
    assert_eq!(seen.header("authorization"), None);
    assert_eq!(seen.header("content-type"), Some("application/x-www-form-urlencoded"));
    let mut form = form_of(&seen.body);
    form.sort();
    let expected = [
        ("client_id", "0123456789abcdef".repeat(4)),
        ("code", CODE.to_owned()),
        ("code_verifier", verifier.clone()),
        ("grant_type", "authorization_code".to_owned()),
        ("redirect_uri", "http://localhost:8899/callback".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    assert_eq!(form, expected);
    // All of it is known to whoever writes anything.
    for secret in [CODE, &verifier] {
        assert_eq!(scrubber.scrub(secret).1, 1, "{secret}");
    }
}

#[tokio::test]
async fn a_confidential_client_shows_its_secret_as_basic() {
    let double = Double::answering(400, "application/json", r#"{"error":"invalid_grant"}"#);
    let (reply, scrubber, _) = hand_in(&double, Some(&format!("{SECRET}\n"))).await;
    assert!(matches!(reply.outcome, TokenOutcome::Refused(OAuthError::InvalidGrant)));
    let [seen] = double.seen().try_into().unwrap();
    use base64::Engine as _;
    let plain = format!("{}:{SECRET}", "0123456789abcdef".repeat(4));
    let basic = base64::engine::general_purpose::STANDARD.encode(plain);
    assert_eq!(seen.header("authorization"), Some(format!("Basic {basic}").as_str()));
    assert!(!form_of(&seen.body).iter().any(|(name, _)| name == "client_id"));
    for secret in [basic.as_str(), SECRET] {
        assert_eq!(scrubber.scrub(secret).1, 1, "{secret}");
    }
}

#[test]
fn what_is_pasted_is_an_address_with_parameters() {
    let query = "state=a&code=b";
    for text in
        ["https://localhost:1/callback?state=a&code=b", " 'http://localhost/?state=a&code=b'\n"]
    {
        assert_eq!(pasted(text).as_deref(), Some(query), "{text}");
    }
    for text in ["", query, "https://localhost/callback", "https://localhost/callback?"] {
        assert_eq!(pasted(text), None, "{text}");
    }
    assert_eq!(pasted(&format!("https://localhost/?a={}", "x".repeat(9000))), None);
}

#[test]
fn fuzz() {
    let words = ["state=", "code=", "company=", "error=", "&", "%00", "access_denied"];
    crate::fuzz::run("sign-in-redirect", &words, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let request = request(None);
        let state = request.state.clone();
        if let Err(error) = request.read(&text, &Scrubber::default()) {
            crate::fuzz::check_message(&error);
        } else {
            assert!(text.contains(&state), "{text}");
        }
    });
}
