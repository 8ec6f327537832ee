//! Binary files, recognised by their first bytes.

use super::super::thing::GivenThing;

/// What a file is whose form shows in its bytes, and that is neither text nor DER.
pub(in crate::credentials::pem) fn of_bytes(bytes: &[u8]) -> Option<GivenThing> {
    let starts = SIGNATURES.iter().find(|(magic, _)| bytes.starts_with(magic));
    if let Some((_, thing)) = starts {
        return Some(match thing {
            GivenThing::Zip if is_office(bytes) => GivenThing::OfficeDocument,
            GivenThing::SqliteDatabase if is_nss(bytes) => GivenThing::NssDatabase,
            thing => *thing,
        });
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Some(GivenThing::OtherArchive);
    }
    if bytes.get(4..8) == Some(b"ftyp") || (bytes.starts_with(b"RIFF") && at(bytes, 8, b"WEBP")) {
        return Some(GivenThing::Image);
    }
    windows_blob(bytes).or_else(|| pgp(bytes)).or_else(|| mangled(bytes))
}

const SIGNATURES: &[(&[u8], GivenThing)] = &[
    // JKS, JCEKS, and the two versions of Bouncy Castle's BKS with their salt of 20 bytes.
    (b"\xfe\xed\xfe\xed", GivenThing::JavaKeyStore),
    (b"\xce\xce\xce\xce", GivenThing::JavaKeyStore),
    (b"\0\0\0\x01\0\0\0\x14", GivenThing::JavaKeyStore),
    (b"\0\0\0\x02\0\0\0\x14", GivenThing::JavaKeyStore),
    (b"kych", GivenThing::Keychain),
    (b"SQLite format 3\0", GivenThing::SqliteDatabase),
    // Berkeley DB 1.85, the older form of Firefox's databases.
    (b"\0\x06\x15\x61", GivenThing::NssDatabase),
    (b"\x1e\xf1\xb5\xb0", GivenThing::PvkKey),
    (b"\x3f\x6f\xf9\xeb", GivenThing::SshComPrivateKey),
    (b"openssh-key-v1\0", GivenThing::OpenSshPrivateKey),
    (b"age-encryption.org/v1", GivenThing::AgeFile),
    (b"\0GITCRYPT\0", GivenThing::GitCryptFile),
    (b"Salted__", GivenThing::OpensslEncryptedFile),
    (b"\x01\0\0\0\xd0\x8c\x9d\xdf\x01\x15\xd1\x11", GivenThing::DpapiBlob),
    (b"\x1f\x8b", GivenThing::Gzip),
    (b"PK\x03\x04", GivenThing::Zip),
    (b"PK\x05\x06", GivenThing::Zip),
    (b"7z\xbc\xaf\x27\x1c", GivenThing::OtherArchive),
    (b"\xfd7zXZ\0", GivenThing::OtherArchive),
    (b"BZh", GivenThing::OtherArchive),
    (b"\x28\xb5\x2f\xfd", GivenThing::OtherArchive),
    (b"Rar!\x1a\x07", GivenThing::OtherArchive),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", GivenThing::OfficeDocument),
    (b"%PDF-", GivenThing::Pdf),
    (b"\x89PNG\r\n\x1a\n", GivenThing::Image),
    (b"\xff\xd8\xff", GivenThing::Image),
    (b"GIF87a", GivenThing::Image),
    (b"GIF89a", GivenThing::Image),
    (b"II*\0", GivenThing::Image),
    (b"MM\0*", GivenThing::Image),
];

fn at(bytes: &[u8], from: usize, word: &[u8]) -> bool {
    bytes.get(from..from + word.len()) == Some(word)
}

/// Names of the parts of a document stand at the beginning of its archive.
fn is_office(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    [&b"[Content_Types].xml"[..], b"word/", b"xl/", b"mimetypeapplication/vnd.oasis"]
        .iter()
        .any(|part| head.windows(part.len()).any(|window| window == *part))
}

/// The tables of Firefox and NSS (`cert9.db`, `key4.db`).
fn is_nss(bytes: &[u8]) -> bool {
    [&b"nssPublic"[..], b"nssPrivate"]
        .iter()
        .any(|table| bytes.windows(table.len()).any(|window| window == *table))
}

/// Keys as Windows keeps them: CryptoAPI writes a type, a version and two zero bytes, CNG four letters
/// and a size.
fn windows_blob(bytes: &[u8]) -> Option<GivenThing> {
    let magic = bytes.get(8..12);
    match bytes.get(..4)? {
        [7, 2, 0, 0] if matches!(magic, Some(b"RSA2" | b"DSS2" | b"DSS4")) => {
            return Some(GivenThing::WindowsPrivateBlob);
        }
        [6, 2, 0, 0] if matches!(magic, Some(b"RSA1" | b"DSS1" | b"DSS3")) => {
            return Some(GivenThing::WindowsPublicBlob);
        }
        _ => {}
    }
    let size: [u8; 4] = bytes.get(4..8)?.try_into().ok()?;
    let size = u32::from_le_bytes(size);
    let of_curve = (16..=128).contains(&size);
    let of_modulus = (512..=16_384).contains(&size);
    match bytes.get(..4)? {
        b"RSA1" if of_modulus => Some(GivenThing::WindowsPublicBlob),
        b"RSA2" | b"RSA3" if of_modulus => Some(GivenThing::CngPrivateBlob),
        b"ECS1" | b"ECS3" | b"ECS5" | b"ECK1" | b"ECK3" | b"ECK5" | b"ECDP" | b"ECKP"
            if of_curve =>
        {
            Some(GivenThing::WindowsPublicBlob)
        }
        b"ECS2" | b"ECS4" | b"ECS6" | b"ECK2" | b"ECK4" | b"ECK6" | b"ECDV" | b"ECKV"
            if of_curve =>
        {
            Some(GivenThing::CngPrivateBlob)
        }
        _ => None,
    }
}

/// The first packet of an OpenPGP file (RFC 9580, section 4): its tag, a length, and the first bytes of
/// its contents, which have to fit the tag.
fn pgp(bytes: &[u8]) -> Option<GivenThing> {
    let first = *bytes.first()?;
    if first & 0x80 == 0 {
        return None;
    }
    let (tag, header) = if first & 0x40 != 0 {
        let header = match bytes.get(1)? {
            0..=191 => 2,
            192..=223 => 3,
            255 => 6,
            _ => 2,
        };
        (first & 0x3f, header)
    } else {
        let header = match first & 3 {
            0 => 2,
            1 => 3,
            2 => 5,
            _ => 1,
        };
        ((first >> 2) & 0x0f, header)
    };
    let [version, _, _, _, _, algorithm, ..] = bytes.get(header..)? else { return None };
    let known = matches!(algorithm, 1..=3 | 16..=19 | 22 | 25..=28);
    match (tag, version) {
        (5, 3..=6) if known => Some(GivenThing::PgpPrivateKey),
        (6, 3..=6) if known => Some(GivenThing::PgpPublicKey),
        // A session key for a public key, whose ID of eight bytes stands before the algorithm.
        (1, 3) => {
            let algorithm = bytes.get(header + 9)?;
            matches!(algorithm, 1 | 2 | 16 | 18 | 25 | 26).then_some(GivenThing::PgpMessage)
        }
        _ => None,
    }
}

/// DER that a program read as text and wrote again: every byte that is no text became the replacement
/// character or a question mark. The second byte of each key and certificate is such a byte.
fn mangled(bytes: &[u8]) -> Option<GivenThing> {
    const LOST: &[u8] = b"\xef\xbf\xbd";
    let rest = bytes.strip_prefix(b"0")?;
    let head = rest.get(..rest.len().min(512)).unwrap_or_default();
    let binary = head.iter().any(|byte| *byte < 9);
    let replaced = rest.starts_with(LOST)
        && head.windows(LOST.len()).filter(|window| *window == LOST).count() >= 4;
    let questions = rest.starts_with(b"?")
        && bytes.iter().all(u8::is_ascii)
        && head.iter().filter(|byte| **byte == b'?').count() > head.len() / 8;
    (binary && (replaced || questions)).then_some(GivenThing::MangledDer)
}
