use super::*;
use crate::credentials::PrivateKey;
use crate::netsuite::double::{Double, Reply};
use crate::oauth::assertion::Draft;
use crate::types::{AccountId, CertificateId, ClientId, Scope};

fn account() -> AccountId {
    AccountId::from_parts("1234567", Some("SB1")).unwrap()
}

fn assertion(scrubber: &Scrubber) -> Assertion {
    let group = openssl::ec::EcGroup::from_curve_name(openssl::nid::Nid::X9_62_PRIME256V1).unwrap();
    let key = openssl::ec::EcKey::generate(&group).unwrap();
    let key = PrivateKey::new(openssl::pkey::PKey::from_ec_key(key).unwrap());
    Draft {
        audience: &TokenUrl::of(&account()),
        client_id: &ClientId::new(&"0123456789abcdef".repeat(4)).unwrap(),
        certificate_id: &CertificateId::of_certificate(b"x"),
        scopes: &[Scope::RestWebservices],
        algorithm: None,
        now: jiff::Timestamp::UNIX_EPOCH,
    }
    .sign(&key, scrubber)
    .unwrap()
    .assertion
}

async fn ask(double: &Double) -> Reply_ {
    let scrubber = Scrubber::default();
    let assertion = assertion(&scrubber);
    exchange(&double.client(), &TokenUrl::of(&account()), &assertion, &scrubber).await
}

use super::Reply as Reply_;

#[tokio::test]
async fn a_token_is_taken_and_the_request_is_the_documented_one() {
    let double = Double::serving(|_| {
        Reply::json(
            200,
            r#"{"access_token":"abc.def.ghi","expires_in":"3600","token_type":"bearer"}"#,
        )
    });
    let reply = ask(&double).await;
    let Outcome::Granted(grant) = reply.outcome else { panic!("{:?}", reply.outcome) };
    assert_eq!(grant.expires_in, Some(3600));
    assert_eq!(grant.token.secret().expose(), b"abc.def.ghi");
    let [seen] = double.seen().try_into().unwrap();
    assert_eq!(
        (seen.method.as_str(), seen.path.as_str()),
        ("POST", "/services/rest/auth/oauth2/v1/token")
    );
    assert_eq!(seen.header("host"), Some("1234567-sb1.suitetalk.api.netsuite.com"));
    assert_eq!(seen.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(seen.header("authorization"), None);
    assert!(seen.header("user-agent").unwrap().starts_with("netsuite-preflight/"));
    let names: Vec<&str> = seen.body.split('&').filter_map(|f| f.split('=').next()).collect();
    assert_eq!(names, ["grant_type", "client_assertion_type", "client_assertion"]);
}

#[test]
fn fuzz() {
    let words =
        ["access_token", "expires_in", "token_type", "bearer", "\"error\"", "invalid_grant"];
    let granted = std::cell::Cell::new(0);
    crate::fuzz::run("token-answer", &words, |bytes| {
        let body = String::from_utf8_lossy(bytes);
        for status in [200, 400, 500] {
            let answer = crate::netsuite::http::answer::sample(status, "application/json", &body);
            match read(&answer, &Scrubber::default()) {
                Outcome::Granted(grant) => {
                    granted.set(granted.get() + 1);
                    let token = grant.token.secret().expose().to_vec();
                    assert!(!token.is_empty() && token.iter().all(u8::is_ascii_graphic));
                }
                Outcome::Refused(error) => crate::fuzz::check_message(&error),
                _ => {}
            }
        }
    });
    assert!(granted.get() > 0, "no case came as far as a token");
}
