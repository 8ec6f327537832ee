//! Files of other programs, given as the private key and as the certificate: each has its name, its
//! findings, and a warning against uploading it where a private half is or may be inside.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::pkey::PKey;

use crate::checks::testing::{context, decide, findings, fixture, key_of, material};
use crate::checks::{certificate, private_key};
use crate::engine::Status;
use crate::types::SecretKind;

/// A secret that no verdict may repeat.
const CANARY: &str = "C4naryC4naryC4naryC4naryC4naryC4naryC4naryC4nary";

/// What is given, and what is found: as the private key, as the certificate.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    as_key: (Status, &'static str),
    as_certificate: (Status, &'static str),
    /// Whether its owner is told not to upload it.
    guarded: bool,
}

fn refused(
    name: &'static str,
    bytes: impl Into<Vec<u8>>,
    as_key: &'static str,
    as_certificate: &'static str,
    guarded: bool,
) -> Case {
    let (as_key, as_certificate) = ((Status::Fail, as_key), (Status::Fail, as_certificate));
    Case { name, bytes: bytes.into(), as_key, as_certificate, guarded }
}

fn text(name: &str) -> String {
    String::from_utf8(fixture(name)).unwrap()
}

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

fn stores_and_keys() -> Vec<Case> {
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
            "ssh.com",
            format!(
                "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n{CANARY}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----\n"
            ),
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
            "PGP secret key, armoured",
            format!(
                "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{CANARY}\n-----END PGP PRIVATE KEY BLOCK-----\n"
            ),
            "pgp-given",
            "private-key",
            true,
        ),
        refused(
            "PGP public key, armoured",
            format!(
                "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{CANARY}\n-----END PGP PUBLIC KEY BLOCK-----\n"
            ),
            "pgp-given",
            "public-key",
            false,
        ),
        refused(
            "age identity",
            format!("# created: now\nAGE-SECRET-KEY-1{CANARY}\n"),
            "age-given",
            "private-key",
            true,
        ),
        refused("age recipient", "age1qqqqqqqqqqqqqqqqqqqqqqqq", "age-given", "public-key", false),
        refused(
            "age file",
            binary(b"age-encryption.org/v1\n-> X25519 "),
            "age-given",
            "encrypted-file",
            true,
        ),
        refused(
            "age file, armoured",
            format!(
                "-----BEGIN AGE ENCRYPTED FILE-----\n{CANARY}\n-----END AGE ENCRYPTED FILE-----\n"
            ),
            "age-given",
            "encrypted-file",
            true,
        ),
    ]
}

fn encrypted_and_packed() -> Vec<Case> {
    let given = "encrypted-file-given";
    vec![
        refused(
            "Ansible Vault",
            format!("$ANSIBLE_VAULT;1.1;AES256\n{}\n", "3132".repeat(30)),
            given,
            "encrypted-file",
            true,
        ),
        refused(
            "SOPS",
            format!("key: ENC[AES256_GCM,data:{CANARY},type:str]\n"),
            given,
            "encrypted-file",
            true,
        ),
        refused(
            "SOPS in JSON",
            format!("{{\"key\": \"ENC[AES256_GCM,data:{CANARY}]\"}}"),
            given,
            "encrypted-file",
            true,
        ),
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
    ]
}

fn documents() -> Vec<Case> {
    let key = text("ec-p256.pem");
    let rtf = format!("{{\\rtf1\\ansi {}}}", key.replace('\n', "\\par\n"));
    let latin_1: Vec<u8> = PKey::private_key_from_pem(key.as_bytes())
        .unwrap()
        .private_key_to_pkcs8()
        .unwrap()
        .iter()
        .map(|byte| if *byte < 0x80 { *byte } else { b'?' })
        .collect();
    let rsa = PKey::private_key_from_pem(&fixture("rsa-3072.pem")).unwrap();
    let rsa = rsa.private_key_to_der().unwrap();
    let utf_8 = String::from_utf8_lossy(&rsa).into_owned();
    let rsa_latin_1: Vec<u8> =
        rsa.iter().map(|byte| if *byte < 0x80 { *byte } else { b'?' }).collect();
    assert!(latin_1.starts_with(b"0?"));
    vec![
        refused("RTF with a key", rtf, "document-given", "document", true),
        refused("RTF", "{\\rtf1\\ansi hello}", "document-given", "document", false),
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
        refused(
            "HTML",
            "<!DOCTYPE html><title>Sign in</title>",
            "web-page-given",
            "document",
            false,
        ),
        refused("DER as UTF-8", utf_8, "mangled-given", "mangled", false),
        refused("DER as Latin-1", rsa_latin_1, "mangled-given", "mangled", false),
        refused(
            "openssl x509 -text",
            "Certificate:\n    Data:\n        Version: 3 (0x2)\n        Serial Number:\n            01:02\n",
            "printed-text-given",
            "printed-text",
            false,
        ),
        refused(
            "openssl pkey -text",
            "Private-Key: (256 bit)\npriv:\n    01:02:03\npub:\n    04:05\n",
            "printed-text-given",
            "private-key",
            true,
        ),
        refused(
            "xxd of text",
            "00000000: 4865 6c6c 6f20 776f 726c 6421 2048 656c  Hello world! Hel\n00000010: 6c6f 2077 6f72 6c64 2120 4865 6c6c 6f21  lo world! Hello!\n00000020: 4865 6c6c 6f20 776f 726c 6421 2048 656c  Hello world! Hel\n",
            "hex-dump-given",
            "hex-dump",
            false,
        ),
    ]
}

fn stand_ins() -> Vec<Case> {
    let reference = [
        "op://Finance/NetSuite/private key",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:netsuite-AbCdEf",
        "vault:secret/data/netsuite#private_key",
        "projects/123/secrets/netsuite-key/versions/latest",
        "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/ns/)",
        "https://v.vault.azure.net/secrets/ns/0123",
        "{{resolve:secretsmanager:netsuite:SecretString:key}}",
        "NETSUITE_PRIVATE_KEY=op://Finance/NetSuite/key",
        "ref+vault://secret/netsuite#/key",
    ];
    let placeholder = [
        "${{ secrets.NETSUITE_PRIVATE_KEY }}",
        "$NETSUITE_PRIVATE_KEY",
        "${NETSUITE_PRIVATE_KEY}",
        "$(NETSUITE_PRIVATE_KEY)",
        "%NETSUITE_PRIVATE_KEY%",
        "$env:NETSUITE_PRIVATE_KEY",
        "{{ netsuite_private_key }}",
        "#{NetSuite.PrivateKey}#",
        "__NETSUITE_PRIVATE_KEY__",
        "NETSUITE_PRIVATE_KEY=\"${KEY}\"",
        "<your private key>",
    ];
    let masked = [
        "***",
        "********\n",
        "•••••••",
        "[REDACTED]",
        "<sensitive>",
        "(sensitive value)",
        "[MASKED]",
    ];
    let all = |texts: &[&'static str], finding: &'static str| {
        texts
            .iter()
            .map(|text| refused(text, *text, finding, "reference", false))
            .collect::<Vec<_>>()
    };
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1704\n";
    let mut cases = all(&reference, "reference-given");
    cases.extend(all(&placeholder, "placeholder-given"));
    cases.extend(all(&masked, "masked-given"));
    cases.push(refused("Git LFS", pointer, "git-lfs-pointer-given", "reference", false));
    cases
}

fn web_keys() -> Vec<Case> {
    let public = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"BBBB\"}";
    let private = format!(
        "{{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"BB\",\"d\":\"{CANARY}\"}}"
    );
    let set = format!("{{\"keys\":[{public}]}}");
    let private_set = format!("{{\"keys\":[{public},{private}]}}");
    let xml = "<RSAKeyValue><Modulus>AQAB</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>";
    let private_xml = xml.replace("</RSA", &format!("<D>{CANARY}</D></RSA"));
    vec![
        refused("JWK, public", public, "public-key-given", "public-key", false),
        refused("JWK set, public", set, "public-key-given", "public-key", false),
        refused("JWK", private.clone(), "jwk-given", "private-key", true),
        refused("JWK set", private_set, "jwk-given", "private-key", true),
        refused("JWK, base64", STANDARD.encode(private), "jwk-given", "private-key", true),
        refused(
            "JWK, public, base64",
            STANDARD.encode(public),
            "public-key-given",
            "public-key",
            false,
        ),
        refused("XML, public", xml, "public-key-given", "public-key", false),
        refused("XML", private_xml, "xml-key-given", "private-key", true),
    ]
}

fn well_known() -> Vec<Case> {
    let public = PKey::private_key_from_pem(&fixture("ec-p256.pem")).unwrap();
    let public = public.public_key_to_pem().unwrap();
    vec![
        refused(
            "CSR",
            fixture("ec-p256.request.pem"),
            "request-given",
            "certificate-request",
            false,
        ),
        refused("public key", public, "public-key-given", "public-key", false),
        refused("nothing", "", "empty", "empty", false),
        refused(
            "SSH public key",
            "ssh-ed25519 AAAAC3Nz me",
            "ssh-public-key-given",
            "public-key",
            false,
        ),
        refused(
            "PuTTY",
            format!("PuTTY-User-Key-File-3: ssh-rsa\n{CANARY}"),
            "putty-key-given",
            "private-key",
            true,
        ),
        refused("OpenSSH", fixture("openssh.pem"), "openssh-key-given", "private-key", true),
        refused("CRL", REVOCATION_LIST, "revocation-list-given", "other-thing", false),
        Case {
            name: "PKCS#7",
            bytes: fixture("ec-p256.p7b"),
            as_key: (Status::Fail, "pkcs7-given"),
            as_certificate: (Status::Fail, "pkcs7"),
            guarded: false,
        },
    ]
}

/// Of a throw-away authority, made with `openssl ca -gencrl`; it revokes nothing.
const REVOCATION_LIST: &str = include_str!("../../../fixtures/keys/revocation-list.pem");

/// What is opened, because what is inside is certain.
fn opened() -> Vec<Case> {
    let key = text("ec-p256.pem");
    let certificate = text("ec-p256.certificate.pem");
    let bundle = fixture("ec-p256-no-passphrase.p12");
    let der = PKey::private_key_from_pem(key.as_bytes()).unwrap().private_key_to_pkcs8().unwrap();
    let encoded = STANDARD.encode(&key);
    let folded: String = encoded
        .as_bytes()
        .chunks(60)
        .map(|line| format!("    {}\n", std::str::from_utf8(line).unwrap()))
        .collect();
    let hex: String = der.iter().map(|byte| format!("{byte:02x}")).collect();
    let dump: String = der
        .chunks(16)
        .enumerate()
        .map(|(row, bytes)| {
            let pairs: Vec<String> = bytes
                .chunks(2)
                .map(|pair| pair.iter().map(|byte| format!("{byte:02x}")).collect())
                .collect();
            format!("{:08x}: {:<39}  ................\n", row * 16, pairs.join(" "))
        })
        .collect();
    let as_text: String = der.iter().map(|byte| char::from(*byte)).collect();
    let secret = format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: ns\ndata:\n  key.pem: {encoded}\n"
    );
    let tls = format!(
        "kind: Secret\ndata:\n  tls.crt: {}\n  tls.key: {encoded}\n",
        STANDARD.encode(&certificate)
    );
    let json =
        |member: &str| format!("{{\"kind\": \"Secret\", \"data\": {{\"k\": \"{member}\"}}}}");
    let azure = format!(
        "{{\"contentType\": \"application/x-pkcs12\", \"value\": \"{}\"}}",
        STANDARD.encode(&bundle)
    );
    let key_alone = |name, bytes: String, finding| Case {
        name,
        bytes: bytes.into_bytes(),
        as_key: (Status::Warn, finding),
        as_certificate: (Status::Fail, "private-key"),
        guarded: true,
    };
    let bundled = |name, bytes: String, finding| Case {
        name,
        bytes: bytes.into_bytes(),
        as_key: (Status::Warn, finding),
        as_certificate: (Status::Warn, "repaired"),
        guarded: true,
    };
    vec![
        key_alone("Kubernetes Secret", secret, "kubernetes-secret"),
        key_alone("Kubernetes Secret, JSON", json(&encoded), "kubernetes-secret"),
        key_alone(
            "Kubernetes Secret, folded",
            format!("kind: Secret\ndata:\n  key.pem: |\n{folded}"),
            "kubernetes-secret",
        ),
        Case {
            name: "Kubernetes Secret with both",
            bytes: tls.into_bytes(),
            as_key: (Status::Warn, "kubernetes-secret"),
            as_certificate: (Status::Fail, "key-inside"),
            guarded: true,
        },
        key_alone("NAME=", format!("NETSUITE_PRIVATE_KEY={encoded}\n"), "after-name"),
        key_alone("export NAME=", format!("export KEY=\"{encoded}\"\nOTHER=1\n"), "after-name"),
        bundled("NAME= of a bundle", format!("PFX={}\n", STANDARD.encode(&bundle)), "after-name"),
        bundled("az keyvault secret show", azure, "inside-json"),
        key_alone("JSON", format!("{{\"a\": [\"{encoded}\"]}}"), "inside-json"),
        key_alone("hexadecimal", hex.clone(), "hexadecimal"),
        key_alone("hexadecimal, 0x", format!("0x{hex}"), "hexadecimal"),
        key_alone("xxd", dump, "hexadecimal"),
        key_alone("DER as characters", as_text, "binary-as-text"),
    ]
}

#[test]
fn every_foreign_file_is_named_and_guarded() {
    let groups = [
        stores_and_keys(),
        encrypted_and_packed(),
        documents(),
        stand_ins(),
        web_keys(),
        well_known(),
        opened(),
    ];
    for case in groups.into_iter().flatten() {
        let Case { name, bytes, as_key, as_certificate, guarded } = case;
        let key = context(|inputs| inputs.private_key = Some(key_of(bytes.clone())));
        let verdict = decide(&private_key::SPEC, &key);
        let found = findings(&verdict);
        let said = verdict.summary().to_owned();
        assert_eq!(verdict.status(), as_key.0, "{name}: {found:?} {said}");
        assert!(found.contains(&as_key.1), "{name}: {found:?} {said}");
        assert_eq!(key.facts.private_key.get().is_some(), as_key.0 == Status::Warn, "{name}");
        // A document with a key shown in it is guarded where it is about to be uploaded.
        if as_key.0 == Status::Fail && as_key.1 != "document-given" {
            assert_eq!(said.contains("must not be uploaded"), guarded, "{name}: {said}");
        }
        let given = context(|inputs| {
            inputs.certificate = Some(material(bytes.clone(), SecretKind::PrivateKey));
        });
        let verdict = decide(&certificate::SPEC, &given);
        let found = findings(&verdict);
        let all = format!("{said} {verdict:?}");
        assert_eq!(verdict.status(), as_certificate.0, "{name}: {found:?}");
        assert!(found.contains(&as_certificate.1), "{name}: {found:?}");
        let warned = verdict.summary().contains("must not be uploaded");
        assert_eq!(warned, guarded, "{name}: {}", verdict.summary());
        assert!(!all.contains(&CANARY[..16]), "{name}: {all}");
    }
}

#[test]
fn what_is_guarded_is_known_to_the_scrubber() {
    for case in [stores_and_keys(), web_keys()].into_iter().flatten().filter(|case| case.guarded) {
        let given = context(|inputs| {
            inputs.certificate = Some(material(case.bytes.clone(), SecretKind::PrivateKey));
        });
        let text = String::from_utf8_lossy(&case.bytes).into_owned();
        if text.contains(CANARY) && std::str::from_utf8(&case.bytes).is_ok() {
            let (clean, count) = given.scrubber.scrub(&text);
            assert!(count > 0 && !clean.contains(CANARY), "{}: {clean}", case.name);
        }
    }
}

#[test]
fn ordinary_texts_are_no_stand_ins() {
    for text in ["just words", "price: $5 and more", "a: b", "see https://example.com/"] {
        let given = context(|inputs| inputs.private_key = Some(key_of(text)));
        let verdict = decide(&private_key::SPEC, &given);
        assert_eq!(findings(&verdict).first(), Some(&"other-text-given"), "{text}");
    }
}
