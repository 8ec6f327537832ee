//! What is opened, what is only named, and what is left alone.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::{GivenThing, Reading, RepairKind, read};
use super::*;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/fixtures/keys/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn kinds(reading: &Reading) -> Vec<RepairKind> {
    reading.repairs.iter().map(|repair| repair.kind).collect()
}

fn things(reading: &Reading) -> Vec<GivenThing> {
    reading.blocks.iter().map(|block| block.thing).collect()
}

#[test]
fn all_that_a_text_wraps_is_taken_out() {
    let (key, certificate) = (fixture("ec-p256.pem"), fixture("ec-p256.certificate.pem"));
    let (key, certificate) = (STANDARD.encode(key), STANDARD.encode(certificate));
    let both = [GivenThing::Certificate, GivenThing::Pkcs8];
    for (text, kind) in [
        (
            format!("# made by hand\nCERT={certificate}\nHOST=x\nKEY='{key}'\n"),
            RepairKind::AfterName,
        ),
        (
            format!("kind: Secret\ndata:\n  tls.crt: {certificate}\n  tls.key: \"{key}\"\n"),
            RepairKind::KubernetesSecret,
        ),
        (
            format!(
                "{{\"kind\":\"List\",\"items\":[{{\"kind\":\"Secret\",\"data\":{{\"a\":\"{certificate}\",\"b\":\"{key}\"}}}}]}}"
            ),
            RepairKind::KubernetesSecret,
        ),
        (format!("[\"{certificate}\", {{\"x\": \"{key}\"}}]"), RepairKind::InsideJson),
    ] {
        let reading = read(text.as_bytes());
        assert_eq!(things(&reading), both, "{text}");
        assert_eq!(kinds(&reading), [kind], "{text}");
    }
    // The place is that of the value in the text, not of the block in the value.
    let reading = read(format!("A=1\nB=2\nKEY={key}\n").as_bytes());
    assert_eq!(reading.blocks[0].place.line, 3);
}

#[test]
fn what_is_not_certain_is_not_taken_out() {
    let half = STANDARD.encode(&fixture("ec-p256.pem")[..120]);
    let noise = STANDARD.encode([0x5a; 90]);
    for (text, thing) in [
        (format!("TOKEN={noise}\n"), GivenThing::Text),
        (format!("{{\"token\": \"{noise}\"}}"), GivenThing::Json),
        (format!("kind: Secret\ndata:\n  key.pem: {half}\n"), GivenThing::KubernetesSecret),
        (format!("kind: ConfigMap\napiVersion: v1\ndata:\n  a: {noise}\n"), GivenThing::Text),
    ] {
        let reading = read(text.as_bytes());
        assert_eq!((reading.thing, reading.blocks.len()), (thing, 0), "{text}");
    }
}

#[test]
fn hexadecimal_is_read_in_every_layout() {
    let bytes: Vec<u8> = (0..100).collect();
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    let rows = |separator: &str, width: usize, offset: fn(usize) -> String, tail: &str| {
        let rows = pairs.chunks(width).enumerate().map(|(row, pairs)| {
            format!("{}{}{tail}\n", offset(row * width), pairs.join(separator))
        });
        rows.collect::<String>()
    };
    let none = |_: usize| String::new();
    let words: String = pairs
        .chunks(16)
        .enumerate()
        .map(|(row, pairs)| {
            let (head, tail) = pairs.split_at(pairs.len().min(8));
            format!(
                "{:08x}  {}  {}  |................|\n",
                row * 16,
                head.join(" "),
                tail.join(" ")
            )
        })
        .collect();
    for text in [
        pairs.concat(),
        format!("0x{}", pairs.concat()),
        rows(":", 16, none, ":"),
        rows(" ", 20, none, ""),
        rows(", 0x", 8, |_| "0x".to_owned(), ","),
        rows(" ", 16, |at| format!("{at:08x}: "), "  ................"),
        words,
    ] {
        assert_eq!(hexadecimal(&text).as_deref(), Some(&bytes), "{text}");
    }
    for text in ["", "0123", &"0".repeat(81), "hello there", &"xyz ".repeat(40)] {
        assert_eq!(hexadecimal(text).as_deref(), None, "{text}");
    }
}

#[test]
fn structures_that_can_be_read_are_not_taken_for_other_files() {
    for name in [
        "ec-p256.p12",
        "two-keys.p12",
        "ec-p256.p7b",
        "rsa-3072.pem",
        "ec-p256.certificate.pem",
        "openssh.pem",
    ] {
        assert_eq!(of_bytes(&fixture(name)), None, "{name}");
    }
    for text in [&b"RSA1 is an old name"[..], b"kynch", b"BM of something", b"0? What is this?"] {
        assert_eq!(of_bytes(text), None, "{}", String::from_utf8_lossy(text));
    }
}

#[test]
fn a_private_key_is_seen_wherever_it_is_spoken_of() {
    let key = fixture("ec-p256.pem");
    let wide: Vec<u8> =
        String::from_utf8(key.clone()).unwrap().encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (at, bytes) in [key.clone(), wide].into_iter().enumerate() {
        assert!(mentions_private_key(&bytes), "{at}");
    }
    // The three places at which base64 may begin.
    for before in ["", "x", "xy"] {
        let shifted = [before.as_bytes(), &key].concat();
        assert!(mentions_private_key(STANDARD.encode(shifted).as_bytes()), "{before}");
    }
    assert!(!mentions_private_key(&fixture("ec-p256.certificate.pem")));
}

#[test]
fn bytes_that_became_characters_are_taken_back() {
    let text: String = [0x30_u8, 0x82, 0x01, 0x22].iter().map(|byte| char::from(*byte)).collect();
    assert_eq!(latin_1(text.as_bytes()).as_deref(), Some(&vec![0x30, 0x82, 0x01, 0x22]));
    assert_eq!(latin_1("0\u{82}\u{20ac}".as_bytes()).as_deref(), None);
    assert_eq!(latin_1(b"0").as_deref(), None);
}
