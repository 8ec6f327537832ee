//! Recognises the text of a private key, in whatever form it was pasted.
//!
//! Knows no key of the run: it looks at what every key of its kind begins with.

use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine as _, alphabet};
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

/// Marks that stand in the text of a key or certificate and in hardly anything else, in lower case
/// and without white space. The last one is how an OpenSSH key begins in base64.
const MARKS: &[&str] = &[
    "-----begin",
    "-----end",
    "beginprivatekey",
    "beginrsaprivatekey",
    "beginecprivatekey",
    "beginencryptedprivatekey",
    "beginopensshprivatekey",
    "putty-user-key-file",
    "b3blbnnzac1rzxktdje",
];

/// The fewest characters of base64 that are looked at: the beginning of a key takes more.
const SHORTEST: usize = 24;

/// Whether the text holds that of a private key, or the armour of a certificate: as PEM, as the
/// base64 inside it, as base64 of the whole, as hexadecimal DER, as JWK; escaped for JSON or an
/// address, broken over lines, or with something else before or after it.
#[must_use]
pub fn holds_key(text: &str) -> bool {
    text.len() >= 11 && spellings(text).iter().any(|text| is_key(text))
}

/// The text as it is, and as it reads without one layer of escapes; white space is left out.
pub(super) fn spellings(text: &str) -> Vec<Zeroizing<String>> {
    let close = |text: &str| {
        Zeroizing::new(text.chars().filter(|c| !c.is_whitespace()).collect::<String>())
    };
    let mut found = vec![close(text)];
    if text.contains('%') {
        found.push(close(&percent_decode_str(text).decode_utf8_lossy()));
    }
    if text.contains('\\') {
        found.push(close(&unescaped(text)));
    }
    found
}

/// Without the escapes of JSON and of shells.
fn unescaped(text: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('n' | 'r' | 't') => out.push(' '),
            Some(kind @ ('u' | 'x')) => {
                let length = if kind == 'u' { 4 } else { 2 };
                let digits: String = rest.clone().take(length).collect();
                let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
                match code {
                    Some(c) if digits.len() == length => {
                        out.push(c);
                        rest.by_ref().take(length).for_each(drop);
                    }
                    _ => out.push(kind),
                }
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

fn is_key(text: &str) -> bool {
    let lower = Zeroizing::new(text.to_ascii_lowercase());
    MARKS.iter().any(|mark| lower.contains(mark))
        || is_jwk(&lower)
        || holds_base64(text)
        || holds_base64(&unbroken(text))
        || holds_hex(&lower)
}

/// The characters of base64 alone: commas, dots and the like may stand between its pieces.
fn unbroken(text: &str) -> Zeroizing<String> {
    let fits = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_');
    Zeroizing::new(text.chars().filter(fits).collect())
}

/// A JSON Web Key with its private part.
fn is_jwk(lower: &str) -> bool {
    let member = |name: &str| {
        [format!("\"{name}\":\""), format!("\\\"{name}\\\":\\\""), format!("'{name}':'")]
            .iter()
            .any(|member| lower.contains(member.as_str()))
    };
    member("kty") && (member("d") || member("k"))
}

/// DER or PEM in base64 that begins anywhere in the text.
fn holds_base64(text: &str) -> bool {
    let bytes = text.as_bytes();
    let from = |at: usize| {
        let start = decoded(bytes.get(at..)?)?;
        (start.len() >= SHORTEST / 4 * 3).then_some(start)
    };
    bytes.iter().enumerate().any(|(at, first)| match first {
        // How 0x30 begins in base64, and the dashes of the armour at its three alignments.
        b'M' => from(at).is_some_and(|start| begins_key(&start)),
        b'L' | b'S' | b't' | b'0' => {
            from(at).is_some_and(|start| start.windows(7).any(|w| w == b"--BEGIN"))
        }
        _ => false,
    })
}

/// DER in hexadecimal digits, in pairs or without a gap, with or without `0x`.
fn holds_hex(lower: &str) -> bool {
    let digits = lower.replace("0x", "").replace("\\x", "");
    let digits: Zeroizing<Vec<u8>> =
        Zeroizing::new(digits.bytes().filter(|byte| !b":,;.-_ ".contains(byte)).collect());
    digits.windows(2).enumerate().any(|(at, pair)| {
        let run: Vec<u8> = match pair {
            b"30" => digits.iter().skip(at).take(64).copied().collect(),
            _ => return false,
        };
        let bytes: Vec<u8> = run
            .as_chunks::<2>()
            .0
            .iter()
            .map_while(|[high, low]| {
                let value = |digit: u8| char::from(digit).to_digit(16);
                u8::try_from(value(*high)? * 16 + value(*low)?).ok()
            })
            .collect();
        bytes.len() >= SHORTEST / 2 && begins_key(&bytes)
    })
}

/// Padding and an end that is cut off do not matter.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// So many characters of base64 show how a key begins.
const ENOUGH: usize = 64;

/// Whether bytes begin as a private key does: PKCS#8, PKCS#1, DSA, SEC 1, encrypted PKCS#8, PKCS#12.
/// A certificate or a public key begins otherwise.
#[must_use]
pub fn begins_key(bytes: &[u8]) -> bool {
    let Some(content) = sequence(bytes) else { return false };
    match content {
        // Version, then the algorithm, the modulus, or the scalar.
        [2, 1, 0 | 1 | 3, 0x30, ..] | [2, 1, 0, 2, ..] | [2, 1, 1, 4, 20..=66, ..] => true,
        // The algorithm of the encryption: under PKCS#5 or PKCS#12.
        _ => sequence(content).is_some_and(|algorithm| {
            const PKCS5: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5];
            const PKCS12: &[u8] = &[6, 10, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12];
            algorithm.starts_with(PKCS5) || algorithm.starts_with(PKCS12)
        }),
    }
}

/// The same for base64 of either alphabet, which may go on.
#[must_use]
pub fn base64_begins_key(text: &[u8]) -> bool {
    decoded(text).is_some_and(|bytes| begins_key(&bytes))
}

/// What the beginning of a text says in base64 of either alphabet, at most 48 bytes.
fn decoded(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let usual = |byte: &u8| match byte {
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        b'+' | b'/' => Some(*byte),
        _ => byte.is_ascii_alphanumeric().then_some(*byte),
    };
    let run: Zeroizing<Vec<u8>> =
        Zeroizing::new(text.iter().take(ENOUGH).map_while(usual).collect());
    // Four characters are three bytes.
    let whole = run.get(..run.len() / 4 * 4)?;
    LENIENT.decode(whole).ok().map(Zeroizing::new)
}

/// What stands behind the head of a SEQUENCE, as far as it is there.
fn sequence(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        // 0x80 is of no stated length, as in some PKCS#12 files.
        [0x30, 0..=0x80, rest @ ..] => Some(rest),
        [0x30, length @ 0x81..=0x84, rest @ ..] => rest.get(usize::from(length & 0x7f)..),
        _ => None,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use openssl::ec::{EcGroup, EcKey};
    use openssl::nid::Nid;
    use openssl::pkey::{PKey, Private};
    use openssl::rsa::Rsa;
    use openssl::symm::Cipher;
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

    use super::*;

    fn ec() -> PKey<Private> {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn lines_of(text: &str, length: usize) -> Vec<&str> {
        let line = |bytes| std::str::from_utf8(bytes).unwrap();
        text.as_bytes().chunks(length).map(line).collect()
    }

    /// A key in the forms in which people paste it.
    pub(crate) fn forms() -> Vec<String> {
        let mut found = Vec::new();
        let rsa = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
        for key in [ec(), rsa] {
            let pem = String::from_utf8(key.private_key_to_pem_pkcs8().unwrap()).unwrap();
            let ders = [
                key.private_key_to_pkcs8().unwrap(),
                key.private_key_to_der().unwrap(),
                key.private_key_to_pkcs8_passphrase(Cipher::aes_256_cbc(), b"secret").unwrap(),
            ];
            found.push(pem.replace('\n', "\\n"));
            found.push(pem.replace('\n', " "));
            found.push(utf8_percent_encode(&pem, NON_ALPHANUMERIC).to_string());
            found.push(serde_json::to_string(&pem).unwrap().replace('/', "\\/"));
            found.push(STANDARD.encode(&pem));
            found.push(STANDARD.encode(format!("ab{pem}")));
            found.push(URL_SAFE_NO_PAD.encode(format!("a{pem}")));
            found.push(pem);
            for der in ders {
                let base64 = STANDARD.encode(&der);
                found.push(URL_SAFE_NO_PAD.encode(&der));
                found.push(format!("/home/anna/{base64}"));
                found.push(format!("--key={base64}"));
                found.push(base64.replace('/', "\\/"));
                found.push(base64.replace('/', "\\u002f").replace('+', "\\u002B"));
                found.push(utf8_percent_encode(&base64, NON_ALPHANUMERIC).to_string());
                found.push(lines_of(&base64, 40).join("\n"));
                found.push(hex(&der));
                found.push(hex(&der).to_uppercase());
                let pairs: Vec<String> = der.iter().map(|byte| format!("{byte:02X}")).collect();
                found.push(pairs.join(":"));
                found.push(format!("0x{}", pairs.join(", 0x")));
                found.push(pairs.join("-"));
                for separator in [",", ".", "; ", "|"] {
                    found.push(lines_of(&base64, 20).join(separator));
                }
                found.push(base64);
            }
        }
        found.push(r#"{"kty": "EC", "crv": "P-256", "x": "a", "d": "bbb"}"#.to_owned());
        found.push(r#"{\"kty\":\"EC\",\"d\":\"bbb\"}"#.to_owned());
        found
    }

    #[test]
    fn keys_are_known_in_every_form() {
        for form in forms() {
            assert!(holds_key(&form), "{form}");
        }
    }

    #[test]
    fn what_people_write_is_no_key() {
        for text in [
            "",
            "/tmp/.tmpAbC123/keys/private-key.pem",
            "C:\\Users\\Anna\\keys\\private-key.pem",
            "NPMnRyPg-WDWhPiAbisjKiH0fqnBpjOZ367wDTe0pqA",
            "5ec2e75ec2e75ec2e75ec2e7c0ffee11c0ffee115ec2e75ec2e75ec2e75ec2e7",
            "the private key begins with 302 redirects, MINE.pem",
            "MIIMIIMIIMIIMIIMIIMIIMIIMIIMIIMIIMII",
            "missing: --client-id, --certificate-id, --private-key. Give them, or add --offline",
        ] {
            assert!(!holds_key(text), "{text}");
        }
    }

    #[test]
    fn every_kind_of_key_is_told_by_its_beginning_and_nothing_else_is() {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let ec = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
        let small = PKey::from_rsa(Rsa::generate(512).unwrap()).unwrap();
        let rsa = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
        for key in [ec, small, rsa] {
            let encrypted = key.private_key_to_pkcs8_passphrase(Cipher::aes_128_cbc(), b"secret");
            for der in [
                key.private_key_to_pkcs8().unwrap(),
                key.private_key_to_der().unwrap(),
                encrypted.unwrap(),
            ] {
                assert!(begins_key(&der) && begins_key(&der[..24]), "{:?}", key.id());
                let text = URL_SAFE_NO_PAD.encode(&der);
                assert!(base64_begins_key(text.as_bytes()));
            }
            assert!(!begins_key(&key.public_key_to_der().unwrap()));
        }
        assert!(!begins_key(b"") && !begins_key(&[0x30]) && !begins_key(b"0\x82"));
    }
}
