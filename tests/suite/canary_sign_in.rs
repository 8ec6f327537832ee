//! The secrets of an administrator's sign-in, each of a value of its own: the code, the verifier, the
//! state, the tokens and the secret of the integration record come out nowhere.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::canary::Canary;
use crate::sign_in::{ALLOWS, Does, Printed, SIGN_IN, http, run};
use crate::support::{Emulated, extensions};

const SECRET: &str = "51611519ec2e7c0ffee0051611519ec2e7c0ffee0051611519ec2e7c0ffee00aa";

/// An account whose record for the sign-in has a secret.
fn account() -> Emulated {
    Emulated::changed("certificate-revoked", |prepared| {
        prepared.options.switches.set("redirect-port", "any-port").unwrap();
        let record = prepared.account.integrations.get_mut("sign-in").unwrap();
        record.public_client = false;
        record.client_secret = Some(SECRET.to_owned().into());
    })
}

fn parameter<'a>(address: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = address.split_once('?')?;
    let of = |pair: &'a str| pair.split_once('=').filter(|(own, _)| *own == name);
    query.split('&').find_map(of).map(|(_, value)| value)
}

fn search(canary: &Canary, what: &str, printed: &Printed) {
    // The address for the browser is shown by design: `state` is in it, and the hash of the verifier.
    let stderr = printed.stderr.replace(&printed.address, "");
    let mut places = vec![
        ("stdout".to_owned(), printed.stdout.clone()),
        ("stderr".to_owned(), stderr),
        ("the page of the listener".to_owned(), printed.page.clone()),
    ];
    for entry in std::fs::read_dir(printed.home.path()).unwrap() {
        let path = entry.unwrap().path();
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        places.push((path.display().to_string(), text));
    }
    let basic = format!("{SIGN_IN}:{SECRET}");
    let mut needles = vec![
        ("secret", SECRET.to_owned()),
        ("secret", STANDARD.encode(SECRET)),
        ("secret", URL_SAFE_NO_PAD.encode(SECRET)),
        ("login with the secret", STANDARD.encode(basic)),
        ("state", parameter(&printed.address, "state").unwrap().to_owned()),
    ];
    needles.extend(parameter(&printed.redirect, "code").map(|code| ("code", code.to_owned())));
    let challenge = parameter(&printed.address, "code_challenge").unwrap();
    for (place, text) in &places {
        let place = format!("{what}: {place}");
        for (name, needle) in &needles {
            assert!(!text.contains(needle.as_str()), "{place} shows the {name}:\n{text}");
        }
        // Nobody but the program knows the verifier, and everybody its hash.
        let own = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        for word in text.split(|c| !own(c)).filter(|word| (43..=128).contains(&word.len())) {
            let hash = URL_SAFE_NO_PAD.encode(openssl::sha::sha256(word.as_bytes()));
            assert_ne!(hash, challenge, "{place} shows the verifier");
        }
        // Access and refresh token are JWTs.
        canary.search(&place, text);
    }
}

#[test]
fn nothing_of_the_sign_in_comes_out() {
    let emulated = account();
    let canary = Canary::new(emulated.client.private_key.expose());
    let secret = emulated.write("sign-in-secret.txt", SECRET.as_bytes());
    let with = |more: &[String]| {
        let file = format!("--sign-in-client-secret-file={}", secret.display());
        [http(&emulated), vec![file], more.to_vec()].concat()
    };
    let saves: Vec<String> =
        extensions().map(|extension| format!("--save=saved.{extension}")).collect();
    let allowed =
        run(&emulated, &with(&[saves, vec!["--details".into()]].concat()), &ALLOWS, false);
    assert!(allowed.stdout.contains("certificate-revoked"), "{}", allowed.stdout);
    search(&canary, "allowed", &allowed);
    let json = ["--format=json".to_owned()];
    let denied = run(&emulated, &with(&json), &Does { decision: "deny", ..ALLOWS }, false);
    assert!(denied.stdout.contains("was denied in the browser"), "{}", denied.stdout);
    search(&canary, "denied", &denied);
    // The record refuses another secret: then the code is there, and no token comes.
    let other: String = SECRET.chars().rev().collect();
    let file = emulated.write("sign-in-secret.txt", other.as_bytes());
    let refused = run(&emulated, &with(&json), &ALLOWS, false);
    assert!(refused.stdout.contains("client-refused"), "{}", refused.stdout);
    search(&canary, "refused", &refused);
    assert!(!refused.stdout.contains(&other) && !refused.stderr.contains(&other));
    assert!(file.exists());
}
