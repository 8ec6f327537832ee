use proptest::prelude::*;

use super::*;
use crate::types::Service;
use AccountIdError as E;

fn error(text: &str) -> AccountIdError {
    match read_account_id(text) {
        Ok(read) => panic!("{text:?} was read as {}", read.id),
        Err(error) => error,
    }
}

#[test]
fn every_usual_spelling_is_read() {
    for (text, account) in [
        ("1234567", "1234567"),
        ("1234567_SB1", "1234567_SB1"),
        ("1234567-sb1", "1234567_SB1"),
        ("1234567_sb2", "1234567_SB2"),
        ("1234567_RP", "1234567_RP"),
        ("1234567_RP1", "1234567_RP1"),
        ("TSTDRV1234567", "TSTDRV1234567"),
        ("tstdrv1234567", "TSTDRV1234567"),
        ("TD2950894", "TD2950894"),
        ("ACME", "ACME"),
        ("demo123", "DEMO123"),
    ] {
        let read = read_account_id(text).unwrap();
        assert_eq!(read.id.account(), account, "{text}");
        assert!(read.cleanups.is_empty() && read.host.is_none(), "{text}");
    }
}

#[test]
fn what_copying_adds_is_a_repair() {
    for text in [
        " 1234567_SB1 ",
        "\"1234567_SB1\"",
        "1234567_SB1\n",
        "1234567 SB1",
        "1234567 _SB1",
        "1234567 - sb1",
        "１２３４５６７＿ＳＢ１",
        "1234567\u{200b}_SB1",
        "\u{feff}1234567_SB1",
        "\u{a0}1234567_SB1\u{a0}",
        "1234567\u{2013}SB1",
        "1234567_SB1\u{202e}",
        "Account ID: 1234567_SB1",
        "NETSUITE_ACCOUNT_ID=1234567_SB1",
    ] {
        let read = read_account_id(text).unwrap();
        assert_eq!(read.id.account(), "1234567_SB1", "{text:?}");
        assert!(!read.cleanups.is_empty(), "{text:?}");
    }
}

#[test]
fn addresses_of_the_account_are_read() {
    for text in [
        "https://1234567-sb1.app.netsuite.com/app/center/card.nl?sc=-29&c=1234567_SB1#top",
        "https://1234567-sb1.app.netsuite.com",
        "https://1234567-sb1.app.netsuite.com/",
        "HTTPS://1234567-SB1.APP.NETSUITE.COM/",
        "http://1234567-sb1.suitetalk.api.netsuite.com/services/rest",
        "1234567-sb1.restlets.api.netsuite.com",
        "1234567-sb1.extforms.netsuite.com/app/site",
        "//1234567-sb1.connect.api.netsuite.com",
        "1234567-sb1.suitetalk.api.netsuite.com:443/services",
        "1234567-sb1.app.netsuite.com.",
        "1234567-sb1.secure.netsuite.com/path",
        "1234567-sb1.newthing.netsuite.com",
        "https://1234567-sb1.app.netsuite.com/?next=https://evil.com/@x",
    ] {
        let read = read_account_id(text).unwrap();
        assert_eq!(read.id.account(), "1234567_SB1", "{text}");
        assert!(read.host.is_some_and(|host| host.ends_with(".netsuite.com")), "{text}");
        assert!(!read.underscore_in_host && read.cleanups.is_empty(), "{text}");
    }
    let read = read_account_id("https://1234567_SB1.suitetalk.api.netsuite.com").unwrap();
    assert!(read.underscore_in_host);
    assert_eq!(read.id.host_label(), "1234567-sb1");
    assert_eq!(read_account_id("c.suitetalk.api.netsuite.com").unwrap().id.account(), "C");
    assert_eq!(read_account_id("acme.app.netsuite.com").unwrap().id.account(), "ACME");
}

#[test]
fn addresses_that_name_no_account_are_refused() {
    let host = |text: &str| match error(text) {
        E::Host(error) => error,
        other => panic!("{text}: {other:?}"),
    };
    for text in [
        "system.netsuite.com",
        "https://rest.netsuite.com/rest/datacenterurls",
        "webservices.netsuite.com",
        "www.netsuite.com",
        "netsuite.com",
        "https://app.netsuite.com/",
        "suitetalk.api.netsuite.com",
        "https://system.netsuite.com/app/login/secure/enterpriselogin.nl?c=1234567",
    ] {
        assert!(matches!(host(text), HostError::Generic(_)), "{text}");
    }
    for text in [
        "system.na1.netsuite.com",
        "https://webservices.na2.netsuite.com/services",
        "rest.eu1.netsuite.com",
        "1234567.app.na1.netsuite.com",
        "system.sandbox.netsuite.com",
    ] {
        assert!(matches!(host(text), HostError::DataCentre(_)), "{text}");
    }
    for text in [
        "1234567.netsuite.com",
        "some-thing-else.app.netsuite.com",
        "docs.oracle.netsuite.com",
        "1234567_sb1_x.app.netsuite.com",
    ] {
        assert!(matches!(host(text), HostError::Unknown(_)), "{text}: {:?}", host(text));
    }
    for text in [
        "1234567.app.netsuite.com.evil.com",
        "https://evil.com/1234567",
        "evil.com/1234567.app.netsuite.com",
        "https://evil.com#.app.netsuite.com",
        "https://evil.com?.app.netsuite.com",
        "1234567.app.evilnetsuite.com",
        "1234567.evil.com",
        "x.evil.com/",
        "127.0.0.1",
    ] {
        assert!(matches!(host(text), HostError::Foreign(_)), "{text}");
    }
    for text in
        ["https://1234567.app.netsuite.com@evil.com/", "https://evil.com@1234567.app.netsuite.com/"]
    {
        assert_eq!(host(text), HostError::UserName, "{text}");
    }
    for text in [
        "https://evil.com\\.app.netsuite.com/",
        "1234567.app.netsuite.com%2eevil.com",
        "1234567..app.netsuite.com",
        "https://",
        "java-script://1234567.app.netsuite.com",
        "1234567.app.netsuite.com:x",
        "1234567\n.app.netsuite.com",
        &format!("{}.app.netsuite.com", "a".repeat(300)),
    ] {
        assert_eq!(host(text), HostError::Unreadable, "{text:.80}");
    }
}

#[test]
fn what_could_change_the_host_is_refused() {
    for (text, position) in [
        ("1234567/x", 8),
        ("1234567@evil", 8),
        ("1234567#x", 8),
        ("1234567?x", 8),
        ("1234567%2f", 8),
        ("1234567:443", 8),
        ("1234567\\x", 8),
        ("1234567+1", 8),
        ("\u{1b}[31m1234567", 1),
        ("12345é7", 6),
        ("١٢٣٤٥٦٧", 1),
    ] {
        let found = error(text);
        assert!(
            matches!(&found, E::Character { position: at, .. } if *at == position),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn other_values_are_named() {
    let hex = "0123456789abcdef".repeat(4);
    for (text, expected) in [
        ("", E::Empty),
        (" \u{200b}\n", E::Empty),
        ("\"\"", E::Empty),
        (hex.as_str(), E::OtherValue(Shape::Hex64)),
        ("NPMnRyPg-WDWhPiAbisjKiH0fqnBpjOZ367wDTe0pqA", E::OtherValue(Shape::CertificateId)),
        ("1C61CD58-044D-497A-AA29-7A3E9A9BB924", E::OtherValue(Shape::Uuid)),
        ("anna@example.com", E::OtherValue(Shape::Email)),
        ("custcertificate3", E::OtherValue(Shape::CustCertificate)),
        ("-----BEGIN PRIVATE KEY-----\nMIIE", E::OtherValue(Shape::KeyMaterial)),
        ("eyJhbGciOiJQUzI1NiJ9.e30.c2ln", E::OtherValue(Shape::Jwt)),
        ("Acme Trading Corp", E::OtherValue(Shape::Words)),
        ("1,234,567", E::NumberFormat),
        ("1 234 567", E::NumberFormat),
        ("1234567.0", E::NumberFormat),
        ("<accountID>", E::Placeholder),
        ("YOUR_ACCOUNT_ID", E::Placeholder),
        ("https://{accountId}.app.netsuite.com", E::Placeholder),
        ("1234567_SB1_RP", E::TwoSuffixes),
        ("1234567-sb1-x", E::TwoSuffixes),
        ("1234567_", E::EmptyPart),
        ("-sb1", E::EmptyPart),
        (&"1".repeat(33), E::TooLong(33)),
        (&"x".repeat(35), E::TooLong(35)),
        (&format!("{}_{}", "x".repeat(32), "y".repeat(32)), E::TooLong(65)),
        (&"x".repeat(1_000_000), E::TooLong(1_000_000)),
    ] {
        assert_eq!(error(text), expected, "{text:.80}");
    }
}

fn is_own_host(host: &str) -> bool {
    let Some((label, domain)) = host.split_once('.') else { return false };
    (1..=63).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && ["suitetalk.api.netsuite.com", "restlets.api.netsuite.com", "app.netsuite.com"]
            .contains(&domain)
}

fn hold(text: &str) {
    match read_account_id(text) {
        Ok(read) => {
            for service in [Service::SuiteTalk, Service::Restlets, Service::App] {
                assert!(is_own_host(&read.id.host(service)), "{text:?}");
            }
        }
        Err(error) => {
            let message = error.to_string();
            assert!(message.len() < 400 && !message.contains(char::is_control), "{text:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_text_gives_own_hosts_or_a_short_message(text in any::<String>()) {
        hold(&text);
    }

    #[test]
    fn anything_like_an_address_gives_own_hosts(
        text in "(https?://)?[0-9a-zA-Z_.@:/#?%\\\\ -]{0,30}(\\.app|\\.suitetalk\\.api)?(\\.netsuite\\.com)?[@./#?:\\\\]{0,2}[a-z.]{0,8}"
    ) {
        hold(&text);
    }

    #[test]
    fn both_spellings_lead_back_to_the_same_account(
        base in "[0-9A-Z]{1,12}", suffix in proptest::option::of("(SB|RP)[0-9]?")
    ) {
        let id = AccountId::from_parts(&base, suffix.as_deref()).unwrap();
        if let Ok(read) = read_account_id(&id.account()) {
            prop_assert_eq!(&read.id, &id);
            prop_assert_eq!(read_account_id(&id.host_label()).unwrap().id, read.id);
        }
        prop_assert_eq!(read_account_id(&id.host(Service::SuiteTalk)).map(|read| read.id).ok(), Some(id));
    }
}
