//! Every kind of damage, made from clean PEM.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};

use super::RepairKind as R;
use super::{Damage, GivenThing, Reading, read};

fn fixture(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys");
    std::fs::read_to_string(format!("{folder}/{name}.pem")).unwrap()
}

fn rsa() -> PKey<Private> {
    PKey::private_key_from_pem(fixture("rsa-2048").as_bytes()).unwrap()
}

fn ec() -> PKey<Private> {
    PKey::private_key_from_pem(fixture("ec-p256").as_bytes()).unwrap()
}

fn pem(key: &PKey<Private>) -> String {
    String::from_utf8(key.private_key_to_pem_pkcs8().unwrap()).unwrap()
}

fn kinds(reading: &Reading) -> Vec<&'static str> {
    let mut kinds: Vec<&str> = reading.repairs.iter().map(|repair| repair.kind.id()).collect();
    kinds.sort_unstable();
    kinds
}

fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
    let mark = if mark { "\u{feff}" } else { "" };
    format!("{mark}{text}")
        .encode_utf16()
        .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
        .collect()
}

fn base64_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with('-'))
}

/// The damaged forms of a clean PEM text, with the repairs that each needs.
fn damaged(clean: &str) -> Vec<(&'static str, Vec<u8>, Vec<R>)> {
    let body: Vec<&str> = base64_lines(clean).collect();
    let label = clean.split("-----").nth(1).unwrap().strip_prefix("BEGIN ").unwrap().to_owned();
    let around =
        |body: &str| format!("-----BEGIN {label}-----{body}-----END {label}-----\n").into_bytes();
    let every = |f: &dyn Fn(&str) -> String| -> Vec<u8> {
        clean.lines().map(f).collect::<Vec<_>>().join("\n").into_bytes()
    };
    let zero_width = clean.replacen("MI", "M\u{200b}I", 1);
    let mut table: Vec<(&'static str, Vec<u8>, Vec<R>)> = vec![
        ("clean", clean.into(), vec![]),
        ("crlf", clean.replace('\n', "\r\n").into(), vec![R::WindowsLineBreaks]),
        ("cr", clean.replace('\n', "\r").into(), vec![R::LoneCarriageReturns]),
        ("bom", format!("\u{feff}{clean}").into(), vec![R::ByteOrderMark]),
        ("utf16le bom", utf16(clean, true, true), vec![R::Utf16]),
        ("utf16be bom", utf16(clean, false, true), vec![R::Utf16]),
        ("utf16le", utf16(clean, true, false), vec![R::Utf16]),
        ("utf16be", utf16(clean, false, false), vec![R::Utf16]),
        ("\\n", clean.replace('\n', "\\n").into(), vec![R::EscapedLineBreaks]),
        ("\\\\n", clean.replace('\n', "\\\\n").into(), vec![R::DoubleEscapedLineBreaks]),
        ("\\r\\n", clean.replace('\n', "\\r\\n").into(), vec![R::EscapedLineBreaks]),
        (
            "json string",
            serde_json::to_string(clean).unwrap().into(),
            vec![R::EscapedLineBreaks, R::Quotes],
        ),
        ("bare n", clean.trim_end().replace('\n', "n").into(), vec![R::BareNLineBreaks]),
        ("bare rn", clean.trim_end().replace('\n', "rn").into(), vec![R::BareNLineBreaks]),
        ("spaces", clean.replace('\n', " ").into(), vec![R::SpacesForLineBreaks]),
        ("one line", around(&body.concat()), vec![R::OneLine]),
        (
            "no break after begin",
            around(&format!("{}\n", body.join("\n"))),
            vec![R::MissingLineBreak],
        ),
        ("long lines", around(&format!("\n{}\n", body.concat())), vec![R::LongLines]),
        ("blank lines", clean.replace('\n', "\n\n").into(), vec![R::BlankLines]),
        ("indented", every(&|line| format!("    {line}")), vec![R::Indented]),
        ("mail", every(&|line| format!("> {line}")), vec![R::MailQuotes]),
        ("double quotes", format!("\"{clean}\"").into(), vec![R::Quotes]),
        ("single quotes", format!("'{}'", clean.trim_end()).into(), vec![R::Quotes]),
        ("typographic quotes", format!("“{clean}”").into(), vec![R::Quotes]),
        ("quoted lines", every(&|line| format!("\"{line}\" +")), vec![R::Quotes]),
        ("base64", STANDARD.encode(clean).into(), vec![R::Base64Again]),
        ("base64 twice", STANDARD.encode(STANDARD.encode(clean)).into(), vec![R::Base64Again]),
        (
            "base64 of utf16",
            STANDARD.encode(utf16(clean, true, true)).into(),
            vec![R::Base64Again, R::Utf16],
        ),
        ("no armour", body.join("\n").into(), vec![R::NoArmour]),
        ("en dashes", clean.replace("-----", "–––––").into(), vec![R::SmartDashes]),
        ("em dashes", clean.replace("-----", "——-").into(), vec![R::SmartDashes, R::ArmourDashes]),
        ("minus signs", clean.replace("-----", "−−−−−").into(), vec![R::SmartDashes]),
        ("four dashes", clean.replace("-----", "----").into(), vec![R::ArmourDashes]),
        (
            "lower case",
            clean.replace("BEGIN", "begin").replace("END", "end").into(),
            vec![R::ArmourSpelling],
        ),
        ("zero width", zero_width.into(), vec![R::InvisibleCharacters]),
        ("no-break space", clean.replacen("\n", "\u{a0}\n", 1).into(), vec![R::NoBreakSpaces]),
        ("no end", clean.split("-----END").next().unwrap().into(), vec![R::MissingEnd]),
        ("no begin", clean.split_once('\n').unwrap().1.into(), vec![R::MissingBegin]),
        (
            "percent",
            clean
                .replace('+', "%2B")
                .replace('/', "%2F")
                .replace('=', "%3D")
                .replace('\n', "%0A")
                .into(),
            vec![R::PercentEncoded],
        ),
        ("html", clean.replace('\n', "<br>\n").into(), vec![R::HtmlEntities, R::BlankLines]),
        ("html one line", clean.replace('\n', "<br>").into(), vec![R::HtmlEntities]),
        ("/n", clean.trim_end().replace('\n', "/n").into(), vec![R::SlashNLineBreaks]),
        ("/r/n", clean.trim_end().replace('\n', "/r/n").into(), vec![R::SlashNLineBreaks]),
        ("`n", clean.replace('\n', "`n").into(), vec![R::BacktickLineBreaks]),
        ("`r`n", clean.replace('\n', "`r`n").into(), vec![R::BacktickLineBreaks]),
        ("_x000D_", clean.replace('\n', "_x000D_\n").into(), vec![R::ExcelCodes]),
        ("_x000D__x000A_", clean.replace('\n', "_x000D__x000A_").into(), vec![R::ExcelCodes]),
        (
            "=0D=0A",
            clean.replace('=', "=3D").replace('\n', "=0D=0A=\n").into(),
            vec![R::QuotedPrintable],
        ),
        (
            "blank before end",
            clean.replace("-----END", "\n-----END").into(),
            vec![R::BlankBeforeEnd],
        ),
        ("indented end", clean.replace("-----END", "  -----END").into(), vec![R::Indented]),
        ("name before", format!("KEY={clean}").into(), vec![R::TextOnArmourLine]),
        ("text behind", format!("{} x", clean.trim_end()).into(), vec![R::TextOnArmourLine]),
        (
            "page header",
            clean.replacen('\n', "\nPage 2 of 3\n", 2).replacen("\nPage 2 of 3\n", "\n", 1).into(),
            vec![R::InnerText],
        ),
        ("word inside", clean.replacen('\n', "\nCONFIDENTIAL\n", 2).into(), vec![R::InnerText]),
        ("two end marks", clean.replacen('\n', "==\n", 1).replacen("==\n", "\n", 1).into(), vec![]),
    ];
    if body.concat().contains('+') {
        let url_safe = body.join("\n").replace('+', "-").replace('/', "_");
        table.push(("url-safe", around(&format!("\n{url_safe}\n")), vec![R::UrlSafeBase64]));
        let plus = body.join("\n").replace('+', " ");
        table.push(("plus became space", around(&format!("\n{plus}\n")), vec![R::SpacesForPlus]));
    }
    table
}

#[test]
fn every_damage_is_named_and_mended() {
    for key in [rsa(), ec()] {
        let clean = pem(&key);
        let wanted = key.private_key_to_pkcs8().unwrap();
        for (name, bytes, mut repairs) in damaged(&clean) {
            let reading = read(&bytes);
            let seen = String::from_utf8_lossy(&bytes).into_owned();
            assert_eq!(reading.thing, GivenThing::Pkcs8, "{name}: {seen}");
            assert_eq!(reading.blocks.len(), 1, "{name}");
            assert_eq!(reading.blocks[0].damage, None, "{name}: {seen}");
            assert_eq!(*reading.blocks[0].der, wanted, "{name}: {seen}");
            repairs.sort_by_key(|kind| kind.id());
            let repairs: Vec<&str> = repairs.iter().map(|kind| kind.id()).collect();
            assert_eq!(kinds(&reading), repairs, "{name}: {seen}");
        }
    }
}

#[test]
fn places_are_those_of_the_input() {
    let clean = pem(&ec());
    let place = |text: &str| read(text.as_bytes()).repairs[0].place.to_string();
    assert_eq!(place(&clean.replacen("\nM", "\n\u{200b}M", 1)), "line 2, byte 29");
    assert_eq!(place(&clean.replace('\n', "\r\n")), "line 1, byte 28");
    assert_eq!(place(&clean.replace('\n', "\\n")), "line 1, byte 28");
    let second = clean.replacen("-----END", "–----END", 1);
    assert!(place(&second).starts_with("line 5, byte "), "{}", place(&second));
}

#[test]
fn cut_and_broken_contents_are_damage() {
    let clean = pem(&rsa());
    let lines: Vec<&str> = clean.lines().collect();
    let without = [&lines[..3], &lines[4..]].concat().join("\n");
    let damage = |text: &str| read(text.as_bytes()).blocks[0].damage;
    assert!(matches!(damage(&without), Some(Damage::Truncated { .. })));
    let one_less = clean.replace(lines[3], &lines[3][1..]);
    assert!(damage(&one_less).is_some());
    assert_eq!(
        damage("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n"),
        Some(Damage::NoContents)
    );
    let other = STANDARD.encode("no structure at all, just words");
    let text = format!("-----BEGIN PRIVATE KEY-----\n{other}\n-----END PRIVATE KEY-----\n");
    assert_eq!(damage(&text), Some(Damage::Unrecognised));
}

#[test]
fn several_blocks_and_text_between() {
    let key = ec();
    let public = String::from_utf8(key.public_key_to_pem().unwrap()).unwrap();
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let sec1 =
        String::from_utf8(EcKey::generate(&group).unwrap().private_key_to_pem().unwrap()).unwrap();
    let parameters =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    let reading = read(format!("Bag Attributes\n{parameters}{sec1}{public}").as_bytes());
    let things: Vec<GivenThing> = reading.blocks.iter().map(|block| block.thing).collect();
    assert_eq!(things, [GivenThing::EcParameters, GivenThing::Sec1, GivenThing::PublicKey]);
    assert_eq!(reading.thing, GivenThing::Sec1);
    assert_eq!(reading.text_around.unwrap().line, 1);
    assert_eq!(kinds(&reading), Vec::<&str>::new());
    let alone = read(parameters.as_bytes());
    assert_eq!(alone.thing, GivenThing::EcParameters);
    assert_eq!(alone.blocks[0].damage, None);
}

#[test]
fn other_things_are_named() {
    let der = ec().private_key_to_pkcs8().unwrap();
    for (bytes, thing) in [
        (&b""[..], GivenThing::Empty),
        (b" \n\t\r\n", GivenThing::Blank),
        (b"hello there", GivenThing::Text),
        (b"<!DOCTYPE html><p>x", GivenThing::Html),
        (b"{\"a\": 1}", GivenThing::Json),
        (b"{\"kty\": \"RSA\"}", GivenThing::JwkPublic),
        (b"{\"kty\": \"RSA\", \"d\": \"x\"}", GivenThing::Jwk),
        (b"ssh-rsa AAAAB3NzaC1yc2E= me@host", GivenThing::SshPublicKey),
        (b"PuTTY-User-Key-File-3: ssh-rsa\n", GivenThing::PuttyKey),
        (b"<RSAKeyValue><Modulus>", GivenThing::XmlPublicKey),
        (b"<RSAKeyValue><D>", GivenThing::XmlKey),
        (b"/etc/keys/private.pem", GivenThing::Path),
        (b"C:\\keys\\private.key", GivenThing::Path),
        (b"\xfe\xed\xfe\xed\0\0\0\x02", GivenThing::JavaKeyStore),
        (
            b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNza\n-----END OPENSSH PRIVATE KEY-----\n",
            GivenThing::OpenSshPrivateKey,
        ),
        (
            b"-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----\n",
            GivenThing::PgpMessage,
        ),
        (&der, GivenThing::Pkcs8),
        (&der[..60], GivenThing::OtherDer),
    ] {
        assert_eq!(read(bytes).thing, thing, "{:?}", String::from_utf8_lossy(bytes));
    }
    let hex = "0123456789abcdef".repeat(4);
    assert_eq!(read(hex.as_bytes()).thing, GivenThing::HexToken);
    let noise: Vec<u8> =
        (0..4000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert_eq!(read(&noise).thing, GivenThing::Binary);
}

/// Enough for a reader that takes time in the square of its input not to end.
const LOT: usize = 128 * 1024;

#[test]
fn a_lot_of_anything_ends() {
    for piece in [
        "-----BEGIN PRIVATE KEY-----\n",
        "BEGIN CERTIFICATE ",
        "-----END CERTIFICATE-----",
        "-----BEGIN A-----x-----END A-----",
        "\\",
        "\\u00zz",
        "-",
        "A",
        "n",
        "\n",
        "\r",
        ">",
        "&#",
        "%0A",
        "[",
        "\u{200b}",
        "BEGIN+",
        "\"",
        "\0",
        "\u{ff}",
        "0\u{0}",
    ] {
        for head in ["", "-----BEGIN PRIVATE KEY-----\n"] {
            let mut text = head.to_owned();
            while text.len() + piece.len() <= LOT {
                text.push_str(piece);
            }
            let reading = read(text.as_bytes());
            assert!(!reading.thing.name().is_empty());
        }
    }
    for bytes in [[0x30, 0x80], [0x30, 0x84], [0xff, 0xfe], [0x04, 0x80], [0xd8, 0x00]] {
        assert!(!read(&bytes.repeat(LOT / 2)).thing.name().is_empty());
    }
}

#[cfg(unix)]
#[test]
fn a_megabyte_between_armour_and_its_end_is_read_quickly() {
    let run = |piece: &str| piece.repeat((1 << 20) / piece.len());
    let used = || rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime).tv_sec;
    let begun = used();
    for text in [
        format!("BEGIN{}u", run("\\")),
        format!("BEGIN{}u00zz", run("\\")),
        format!("BEGIN{}", run("\\u")),
        format!("{}BEGIN CERTIFICATE{}", run(" "), run("\t")),
        run("BEGIN CERTIFICATE\t"),
        run("END\nEND CERTIFICATE "),
    ] {
        assert!(!read(text.as_bytes()).thing.name().is_empty());
    }
    // Seconds of this thread in a debug build, whatever else the machine does; time in the square of
    // the length would be hours.
    assert!(used() - begun < 20);
}

mod arbitrary {
    use proptest::prelude::*;

    use super::*;
    use crate::credentials::private_key::load;

    /// The message of whatever happens, never empty.
    fn told(bytes: &[u8]) -> String {
        let reading = read(bytes);
        for repair in &reading.repairs {
            assert!(repair.place.line >= 1 && repair.place.byte <= bytes.len().max(1) + 1);
        }
        match load(&reading, Some(b"x"), |_| true) {
            Ok(loaded) => loaded.form.name().to_owned(),
            Err(error) => error.to_string(),
        }
    }

    proptest! {
        #[test]
        fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
            prop_assert!(!told(&bytes).is_empty());
        }

        #[test]
        fn text_around_armour_never_panics(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    "-----BEGIN ", "PRIVATE KEY", "-----", "END ", "\n", "\\n", "MIIE", "=", " ",
                    "Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-256-CBC,", "00112233445566778899",
                    "CERTIFICATE", "EC PARAMETERS", "\"", "–", "é", "\u{feff}", "n", "%0A", "\r",
                ]),
                0..60,
            )
        ) {
            prop_assert!(!told(parts.concat().as_bytes()).is_empty());
        }

        #[test]
        fn a_changed_key_never_panics(at in 0_usize..1700, byte in any::<u8>(), cut in 0_usize..1700) {
            let mut bytes = fixture("rsa-2048").into_bytes();
            let at = at % bytes.len();
            bytes[at] = byte;
            prop_assert!(!told(&bytes).is_empty());
            bytes.truncate(cut);
            prop_assert!(!told(&bytes).is_empty());
        }
    }
}
