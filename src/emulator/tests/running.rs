//! Starting, stopping, and registering.

use super::client::{NOW, Setup, options};
use crate::emulator::Emulator;
use crate::emulator::credentials::{KeyChoice, certificate};
use crate::emulator::model::Account;
use crate::emulator::server::Options;

#[test]
fn a_thread_of_its_own_stops_with_its_handle() {
    let emulator = Emulator::spawn_thread(Account::healthy().unwrap(), options(&[])).unwrap();
    let addr = emulator.addr();
    assert!(addr.ip().is_loopback());
    assert!(std::net::TcpStream::connect(addr).is_ok());
    assert!(emulator.ca_pem().starts_with(b"-----BEGIN CERTIFICATE-----"));
    drop(emulator);
    assert!(std::net::TcpStream::connect(addr).is_err());
}

#[tokio::test]
async fn a_taken_port_is_told() {
    let first = Emulator::start(Account::healthy().unwrap(), options(&[])).await.unwrap();
    let second = Options { port: first.addr().port(), ..options(&[]) };
    let error = Emulator::start(Account::healthy().unwrap(), second).await.err().unwrap();
    assert!(error.to_string().contains("choose another port"), "{error}");
}

#[tokio::test]
async fn tokens_of_another_emulator_are_not_known() {
    let (one, other) = tokio::join!(Setup::start("", options(&[])), Setup::start("", options(&[])));
    let token = one.token().await;
    assert_eq!(other.get("/system/v1/serverTime", &token).await.0, 401);
    assert_eq!(other.last_detail(), Some("TokenRejected"));
}

#[tokio::test]
async fn long_certificates() {
    let key = KeyChoice::EcP256.generate().unwrap();
    let der = certificate(&key, NOW, NOW + 1000 * 86_400).unwrap().to_der().unwrap();
    let combination = (Account::INTEGRATION, Account::ROLE, Account::ENTITY);
    for (value, accepted) in [("shortened", true), ("refused", false)] {
        let setup = Setup::start("", options(&[&format!("long-certificate={value}")])).await;
        assert_eq!(setup.emulator.register(&der, combination).is_ok(), accepted);
    }
}

#[tokio::test]
async fn a_client_is_told_how_to_come_in() {
    let setup = Setup::start("", options(&[])).await;
    let description = setup.emulator.description();
    assert_eq!(description.certificate_ids, [setup.kid.as_str()]);
    let arguments = description.arguments("/tmp/ca.pem".as_ref());
    let value = |flag: &str| arguments.iter().find(|(own, _)| *own == flag).map(|(_, v)| v.clone());
    assert_eq!(value("--connect-to"), Some(setup.emulator.addr().to_string()));
    assert_eq!(value("--certificate-id"), Some(setup.kid.clone()));
    setup.emulator.change(|account| account.certificates[0].revoked = true);
    assert!(setup.emulator.description().certificate_ids.is_empty());
}

/// Programs that do not redirect host names reach the whole account under `localhost`.
#[tokio::test]
async fn localhost_is_the_account() {
    let setup = Setup::start("", options(&[])).await;
    let token = setup.token().await;
    let get = async |path: &str| {
        let url = setup.url("localhost", path);
        let request = setup.http.get(url).header("authorization", format!("Bearer {token}"));
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(get("/services/rest/record/v1/customer").await, 200);
    assert_eq!(get("/rest/datacenterurls?account=1234567").await, 200);
    assert_eq!(get("/nothing").await, 404);
}
