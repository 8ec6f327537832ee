use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::*;
use crate::types::SecretKind;

fn scrubber(kind: SecretKind, value: &str) -> Scrubber {
    let scrubber = Scrubber::default();
    scrubber.learn(&Secret::new(kind, value));
    scrubber
}

#[test]
fn every_form_of_a_secret_is_removed() {
    let value = "s3cr+t/\"valu\u{e9}\"=\\x";
    let scrubber = scrubber(SecretKind::ClientSecret, value);
    let base64 = STANDARD.encode(format!("ab{value}cd"));
    for form in [
        value.to_owned(),
        serde_json::to_string(value).unwrap(),
        utf8_percent_encode(value, NON_ALPHANUMERIC).to_string(),
        base64,
        URL_SAFE_NO_PAD.encode(value),
    ] {
        let (clean, count) = scrubber.scrub(&form);
        assert_eq!(count, 1, "{form}");
        assert!(clean.contains(MARK));
    }
}

#[test]
fn a_line_of_a_key_is_a_secret_and_its_armour_is_not() {
    let line = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg";
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{line}\n-----END PRIVATE KEY-----\n");
    let scrubber = scrubber(SecretKind::PrivateKey, &pem);
    assert_eq!(scrubber.scrub(line).0, MARK);
    assert_eq!(scrubber.scrub("-----BEGIN PRIVATE KEY-----").1, 0);
}

#[test]
fn the_secret_without_its_line_break_is_known_as_well() {
    for value in ["secret-1", "secret-12", "secret-123"] {
        let scrubber = scrubber(SecretKind::Passphrase, &format!("{value}\n"));
        let encoded = STANDARD.encode(value);
        assert_eq!(scrubber.scrub(&encoded).1, 1, "{value}");
    }
}

#[test]
fn a_very_short_secret_does_not_wreck_the_text() {
    let scrubber = scrubber(SecretKind::Passphrase, "a");
    assert_eq!(scrubber.scrub("a banana").0, "a banana");
}

/// As long and as mixed as a token that NetSuite issues.
fn token() -> String {
    let part = |seed: u8, length: usize| {
        let bytes: Vec<u8> =
            (0..length).map(|at| openssl::sha::sha256(&[seed, at as u8])[0]).collect();
        URL_SAFE_NO_PAD.encode(bytes)
    };
    format!("{}.{}.{}", part(1, 30), part(2, 150), part(3, 64))
}

fn hex(text: &str) -> String {
    text.bytes().map(|b| format!("{b:02x}")).collect()
}

fn percent(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// Without the characters at either end that belong to the neighbours as well.
fn within(encoded: &str) -> String {
    encoded[3..encoded.len() - 4].to_owned()
}

/// The forms of a secret that must not come out, each searched in pieces.
fn shapes(text: &str) -> Vec<String> {
    vec![
        text.to_owned(),
        STANDARD.encode(text),
        URL_SAFE_NO_PAD.encode(text),
        within(&STANDARD.encode(format!("x{text}y"))),
        within(&STANDARD.encode(format!("xx{text}y"))),
        hex(text),
        hex(text).to_uppercase(),
        percent(text),
        serde_json::to_string(text).unwrap(),
    ]
}

#[test]
fn pieces_are_found_at_every_place_and_in_every_form() {
    let token = token();
    let phrase = "a long passphrase, of \"some\" words; = and \\ more: \u{e9}\u{e8}";
    for (kind, secret) in
        [(SecretKind::AccessToken, token.as_str()), (SecretKind::Passphrase, phrase)]
    {
        let scrubber = scrubber(kind, secret);
        for shape in shapes(secret) {
            let shape = shape.trim_matches(['"', '=']);
            let chars: Vec<char> = shape.chars().collect();
            for piece in chars.windows(PIECE) {
                let piece: String = piece.iter().collect();
                let (clean, count) = scrubber.scrub(&piece);
                let inside = scrubber.scrub(&format!("<p>{piece}</p>")).0.into_owned();
                assert!(count > 0, "{piece}");
                assert!(clean.contains(MARK) && inside.contains(MARK), "{piece}");
            }
        }
    }
}

#[test]
fn wrapping_does_not_hide_a_secret() {
    let token = token();
    let scrubber = scrubber(SecretKind::AccessToken, &token);
    for shape in shapes(&token) {
        for width in [1, 7, 16, 23, 24, 40, 76] {
            for between in [
                " ", "\n", "\r\n  ", "\t", "\u{a0}", "\u{200b}", "\\n", "\\r\\n", "\\\\n",
                "\\u000a", "%0A", "&#10;", "\u{ad}", ", ",
            ] {
                let chars: Vec<char> = shape.chars().collect();
                let lines: Vec<String> =
                    chars.chunks(width).map(|line| line.iter().collect()).collect();
                let wrapped = lines.join(between);
                let clean = scrubber.scrub(&wrapped).0.into_owned();
                let left = clean.replace(between, "");
                let longest = left.split(MARK).map(|rest| rest.chars().count()).max();
                assert!(longest.unwrap() < PIECE, "{between:?} {width}\n{wrapped}\n{clean}");
            }
        }
    }
}

#[test]
fn json_stays_json_and_pieces_beside_each_other_are_one_mark() {
    let token = token();
    let scrubber = scrubber(SecretKind::AccessToken, &token);
    let (a, b) = token.split_at(50);
    let body = serde_json::json!({ a: b, "list": [a, b], "said": format!("No {a}\n{b}."), "n": 1 })
        .to_string();
    let value: serde_json::Value = serde_json::from_str(&scrubber.scrub(&body).0).unwrap();
    assert_eq!(
        value,
        serde_json::json!({ MARK: MARK, "list": [MARK, MARK], "said": format!("No {MARK}."), "n": 1 })
    );
    assert_eq!(scrubber.scrub(&format!("{a} {a} {b}")).0, MARK);
    assert_eq!(scrubber.scrub(&format!("{token} and {token}")).1, 2);
}

#[test]
fn what_is_public_stays() {
    let pem = std::fs::read_to_string("fixtures/keys/ec-p256.pem").unwrap();
    let certificate = std::fs::read_to_string("fixtures/keys/ec-p256.certificate.pem").unwrap();
    let id = "9R2H_qwzUH0QXrI5sw_whiik1MFtxI_jvvL1xEUraBA";
    let client = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    let file = format!("client_id={client}\ncertificate_id={id}\n{certificate}{pem}");
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let bare = format!("{{\"client\": \"{client}\", \"id\": \"{id}\", \"key\": \"{body}\"}}");
    for file in [pem.clone(), file, bare] {
        let scrubber = scrubber(SecretKind::PrivateKey, &file);
        for public in
            [id, client, "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", &certificate]
        {
            assert_eq!(scrubber.scrub(public).0, public);
        }
        for piece in body.as_bytes().windows(PIECE) {
            assert_eq!(scrubber.scrub(std::str::from_utf8(piece).unwrap()).0, MARK);
        }
    }
}

#[test]
fn debug_hides_the_bytes() {
    let secret = Secret::new(SecretKind::Passphrase, "correct horse");
    assert_eq!(format!("{secret:?}"), "Secret(passphrase, hidden)");
    assert_eq!(secret.expose_str(), Some("correct horse"));
}
