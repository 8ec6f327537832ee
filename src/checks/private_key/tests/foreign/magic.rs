//! What is told by its first bytes, and bytes that were taken for text.

use super::*;

fn binary(head: &[u8]) -> Vec<u8> {
    let filling: Vec<u8> = (0..200_u8).map(|n| n.wrapping_mul(37) | 0x80).collect();
    [head, CANARY.as_bytes(), &filling].concat()
}

/// A blob of Windows: its letters and the size that follows.
fn blob(letters: &[u8], size: u32) -> Vec<u8> {
    binary(&[letters, &size.to_le_bytes()].concat())
}

fn pgp_packet(tag: u8, contents: &[u8]) -> Vec<u8> {
    binary(&[&[0x80 | tag << 2 | 1, 0x01, 0x00], contents].concat())
}

pub(super) fn cases() -> Vec<Case> {
    let mut all = keys();
    all.extend(others());
    all
}

fn keys() -> Vec<Case> {
    let openssh = b"openssh-key-v1\0";
    let sqlite = |table: &[u8]| binary(&[&b"SQLite format 3\0"[..], table].concat());
    vec![
        refused("JKS", binary(b"\xfe\xed\xfe\xed"), "java-key-store-given", "java-key-store", true),
        refused(
            "JCEKS",
            binary(b"\xce\xce\xce\xce"),
            "java-key-store-given",
            "java-key-store",
            true,
        ),
        refused(
            "BKS",
            binary(b"\0\0\0\x02\0\0\0\x14"),
            "java-key-store-given",
            "java-key-store",
            true,
        ),
        refused("NSS", sqlite(b"nssPrivate"), "nss-database-given", "key-store", true),
        refused("SQLite", sqlite(b"addresses"), "nss-database-given", "key-store", true),
        refused("keychain", binary(b"kych"), "keychain-given", "key-store", true),
        refused("PVK", binary(b"\x1e\xf1\xb5\xb0"), "microsoft-key-given", "private-key", true),
        refused(
            "MSBLOB",
            binary(b"\x07\x02\0\0\0\xa4\0\0RSA2"),
            "microsoft-key-given",
            "private-key",
            true,
        ),
        refused(
            "public MSBLOB",
            binary(b"\x06\x02\0\0\0\xa4\0\0RSA1"),
            "public-key-given",
            "public-key",
            false,
        ),
        refused("CNG RSA2", blob(b"RSA2", 3072), "cng-key-given", "private-key", true),
        refused("CNG RSA3", blob(b"RSA3", 4096), "cng-key-given", "private-key", true),
        refused("CNG ECS2", blob(b"ECS2", 32), "cng-key-given", "private-key", true),
        refused("CNG ECS6", blob(b"ECS6", 66), "cng-key-given", "private-key", true),
        refused("CNG ECS1", blob(b"ECS1", 32), "public-key-given", "public-key", false),
        refused("OpenSSH, bare", binary(openssh), "openssh-key-given", "private-key", true),
        refused(
            "ssh.com, bare",
            binary(b"\x3f\x6f\xf9\xeb"),
            "ssh-com-key-given",
            "private-key",
            true,
        ),
        refused(
            "PGP secret key",
            pgp_packet(5, &[4, 1, 2, 3, 4, 1]),
            "pgp-given",
            "private-key",
            true,
        ),
        refused(
            "PGP public key",
            pgp_packet(6, &[4, 1, 2, 3, 4, 22]),
            "pgp-given",
            "public-key",
            false,
        ),
        refused(
            "PGP message",
            pgp_packet(1, &[3, 1, 2, 3, 4, 5, 6, 7, 8, 1]),
            "pgp-given",
            "encrypted-file",
            true,
        ),
        refused(
            "age file",
            binary(b"age-encryption.org/v1\n-> X25519 "),
            "age-given",
            "encrypted-file",
            true,
        ),
    ]
}

/// Encrypted files, archives, documents, and keys whose bytes were written as text.
fn others() -> Vec<Case> {
    let given = "encrypted-file-given";
    let rsa = PKey::private_key_from_pem(&fixture("rsa-3072.pem")).unwrap();
    let rsa = rsa.private_key_to_der().unwrap();
    let utf_8 = String::from_utf8_lossy(&rsa).into_owned();
    let rsa_latin_1: Vec<u8> =
        rsa.iter().map(|byte| if *byte < 0x80 { *byte } else { b'?' }).collect();
    vec![
        refused("git-crypt", binary(b"\0GITCRYPT\0"), given, "encrypted-file", true),
        refused("openssl enc", binary(b"Salted__"), given, "encrypted-file", true),
        refused(
            "openssl enc, base64",
            STANDARD.encode(binary(b"Salted__")),
            given,
            "encrypted-file",
            true,
        ),
        refused(
            "DPAPI",
            binary(b"\x01\0\0\0\xd0\x8c\x9d\xdf\x01\x15\xd1\x11"),
            given,
            "encrypted-file",
            true,
        ),
        refused("gzip", binary(b"\x1f\x8b\x08"), "archive-given", "archive", true),
        refused("zip", binary(b"PK\x03\x04key.pem"), "archive-given", "archive", true),
        refused("7z", binary(b"7z\xbc\xaf\x27\x1c"), "archive-given", "archive", true),
        refused("xz", binary(b"\xfd7zXZ\0"), "archive-given", "archive", true),
        refused(
            "tar",
            [&[b'a'; 100][..], &[0; 157], b"ustar", &[0; 300]].concat(),
            "archive-given",
            "archive",
            true,
        ),
        refused(
            "JKS, base64",
            STANDARD.encode(binary(b"\xfe\xed\xfe\xed")),
            "java-key-store-given",
            "java-key-store",
            true,
        ),
        refused(
            "docx",
            binary(b"PK\x03\x04....word/document.xml"),
            "document-given",
            "document",
            false,
        ),
        refused(
            "doc",
            binary(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            "document-given",
            "document",
            false,
        ),
        refused("PDF", binary(b"%PDF-1.7\n"), "document-given", "document", false),
        refused("PNG", binary(b"\x89PNG\r\n\x1a\n"), "document-given", "document", false),
        refused("JPEG", binary(b"\xff\xd8\xff\xe0"), "document-given", "document", false),
        refused("DER as UTF-8", utf_8, "mangled-given", "mangled", false),
        refused("DER as Latin-1", rsa_latin_1, "mangled-given", "mangled", false),
    ]
}
