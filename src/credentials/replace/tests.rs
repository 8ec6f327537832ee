use base64::engine::general_purpose::STANDARD;

use super::*;

const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys");

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{KEYS}/{name}")).unwrap()
}

/// The contents of a PEM file.
fn der(pem: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(pem.to_vec()).unwrap();
    let body: String = text.lines().filter(|line| !line.contains("-----")).collect();
    STANDARD.decode(body).unwrap()
}

fn wrapped(text: &str, width: usize, indent: &str) -> String {
    text.as_bytes()
        .chunks(width)
        .map(|line| format!("{indent}{}\n", String::from_utf8_lossy(line)))
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn every_key_of_the_fixtures_is_seen() {
    let mut seen = 0;
    for entry in std::fs::read_dir(KEYS).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let other = ["README.md", "dh-2048.pem", "ec-p256.p7b", "revocation-list.pem"]
            .contains(&name.as_str())
            || name.contains("certificate.pem")
            || name.contains("request");
        let bytes = fixture(&name);
        let own = String::from_utf8_lossy(&bytes).contains("PRIVATE KEY-----");
        assert_eq!(holds_private_key(&bytes), !other || own, "{name}");
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn every_wrapping_of_a_key_is_seen() {
    for name in ["ec-p256.pem", "rsa-3072.pem", "ec-p256-encrypted.pem", "openssh.pem"] {
        let pem = fixture(name);
        let text = String::from_utf8(pem.clone()).unwrap();
        let bare = text.lines().filter(|line| !line.contains("-----")).collect::<String>();
        let base64 = STANDARD.encode(&pem);
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big = format!("{}{text}", "a line of a log\n".repeat(70_000));
        let mut forms = vec![
            ("JSON", serde_json::json!({"key": text}).to_string()),
            (
                "JSON in JSON",
                serde_json::json!({"a": serde_json::json!({"k": text}).to_string()}).to_string(),
            ),
            ("env", format!("A=1\nKEY=\"{}\"\n", text.replace('\n', "\\n"))),
            ("one line", text.replace('\n', " ")),
            ("CRLF", text.replace('\n', "\r\n")),
            ("YAML", format!("key: |\n{}", wrapped(&text.replace('\n', "\n  "), 4000, "  "))),
            ("mail", text.replace('\n', "\n> ")),
            ("percent", text.replace('\n', "%0A").replace('+', "%2B")),
            ("no END line", text.lines().take(2).collect::<Vec<_>>().join("\n")),
            ("base64 of PEM", base64.clone()),
            ("wrapped base64 of PEM", wrapped(&base64, 76, "  ")),
            ("base64 of PEM among others", format!("tls.key: {base64}\nother: 1\n")),
            ("base64 of UTF-16", STANDARD.encode(&wide)),
            ("shifted", STANDARD.encode(format!("x{text}"))),
            ("far down", big),
        ];
        if name != "openssh.pem" {
            let der = der(&pem);
            forms.extend([
                ("bare base64", bare.clone()),
                ("bare base64 in a variable", format!("A=b\nexport KEY={bare}\n")),
                ("bare base64 in JSON", format!("{{\"a\": 1, \"key\": \"{bare}\"}}")),
                ("base64url", bare.replace('+', "-").replace('/', "_").replace('=', "")),
                ("hex", hex(&der)),
                ("upper-case hex in text", format!("key: {}", hex(&der).to_uppercase())),
            ]);
            assert!(holds_private_key(&der), "{name} in DER");
            assert!(holds_private_key(&der[..der.len() - 5]), "{name} in DER, cut off");
        }
        assert!(holds_private_key(&wide), "{name} in UTF-16");
        for (form, text) in forms {
            assert!(holds_private_key(text.as_bytes()), "{name} as {form}");
        }
    }
}

#[test]
fn forms_of_other_programs_are_seen() {
    for text in [
        "PuTTY-User-Key-File-3: ecdsa-sha2-nistp256\nEncryption: none\nPrivate-Lines: 1\nAAAA\n",
        "<RSAKeyValue><Modulus>AQAB</Modulus><D>AQAB</D></RSAKeyValue>",
        "{\"keys\": [{\"kty\": \"EC\", \"crv\": \"P-256\", \"d\" : \"abc\"}]}",
        "JWK={\\\"kty\\\":\\\"oct\\\",\\\"k\\\":\\\"abc\\\"}",
        "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: \"mine\"\nAAAA\n",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\nlQ\n",
    ] {
        assert!(holds_private_key(text.as_bytes()), "{text}");
    }
    assert!(holds_private_key(b"\xfe\xed\xfe\xed\0\0\0\x02\0"));
}

#[test]
fn a_mention_is_no_key() {
    let certificate = String::from_utf8(fixture("ec-p256.certificate.pem")).unwrap();
    let id = "NPMnv5q6XZ1IpB8h2PRmqAQJcpXmGcqBRGLqkVgyBbE";
    for text in [
        "",
        "0",
        "The file begins with -----BEGIN PRIVATE KEY----- and ends with -----END PRIVATE KEY-----.",
        "{\"text\": \"it begins with -----BEGIN PRIVATE KEY-----\", \"id\": \"NPMnv5q6XZ1IpB8\"}",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n",
        "{\"kty\": \"EC\", \"crv\": \"P-256\", \"x\": \"abc\"}",
        "public key: 04d36be5d36be5d36be5d36be5d36be5d36be5d36be5d36be5d36be5d36be5",
        &format!("Certificate ID {id}\n"),
        &certificate,
        &STANDARD.encode(&certificate),
        &hex(&der(certificate.as_bytes())),
    ] {
        assert!(!holds_private_key(text.as_bytes()), "{text}");
    }
}

#[test]
fn documents_of_this_project_hold_none() {
    let root = env!("CARGO_MANIFEST_DIR");
    let docs = std::fs::read_dir(Path::new(root).join("docs")).unwrap();
    let docs = docs.map(|entry| entry.unwrap().path());
    for path in docs.chain([Path::new(root).join("README.md")]) {
        assert!(!file_holds_private_key(&path).unwrap(), "{}", path.display());
    }
}

#[cfg(unix)]
mod replacing {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::super::*;

    const KEY: &[u8] = include_bytes!("../../../fixtures/keys/ec-p256.pem");

    fn read(path: &Path) -> Vec<u8> {
        std::fs::read(path).unwrap()
    }

    #[test]
    fn a_file_is_replaced_whole_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        std::fs::write(&path, "old, and longer than the new one").unwrap();
        replace(&path, &ReadFiles::default(), b"new").unwrap();
        assert_eq!(read(&path), b"new");
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn inputs_and_keys_survive_under_every_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("input"), "role").unwrap();
        std::fs::write(path("key"), KEY).unwrap();
        for file in ["input", "key"] {
            symlink(path(file), path(&format!("{file}-link"))).unwrap();
            symlink(format!("{file}-link"), path(&format!("{file}-link-link"))).unwrap();
            std::fs::hard_link(path(file), path(&format!("{file}-hard"))).unwrap();
        }
        let inputs = ReadFiles::new([path("input")]);
        for end in ["", "-link", "-link-link", "-hard"] {
            let refused = |file: &str| replace(&path(&format!("{file}{end}")), &inputs, b"new");
            assert!(matches!(refused("input"), Err(ReplaceError::Input)), "{end}");
            assert!(matches!(refused("key"), Err(ReplaceError::HoldsKey)), "{end}");
        }
        assert_eq!(read(&path("input")), b"role");
        assert_eq!(read(&path("key")), KEY);
    }

    #[test]
    fn the_place_is_looked_at_again_before_it_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report");
        let staged = |path: &Path| Staged::new(path, &ReadFiles::default()).unwrap();
        let begun = staged(&path);
        std::fs::write(&path, KEY).unwrap();
        assert!(matches!(begun.commit(), Err(ReplaceError::HoldsKey)));
        std::fs::remove_file(&path).unwrap();
        let begun = staged(&path);
        std::fs::write(folder.path().join("other"), "other").unwrap();
        symlink("other", &path).unwrap();
        assert!(matches!(begun.commit(), Err(ReplaceError::Changed)));
        assert_eq!(read(&folder.path().join("other")), b"other");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left over");
    }

    #[test]
    fn an_own_link_stays_and_what_it_leads_to_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir(path("reports")).unwrap();
        for (link, target) in [("latest", "reports/1"), ("dangling", "reports/2")] {
            symlink(target, path(link)).unwrap();
        }
        std::fs::write(path("reports/1"), "old").unwrap();
        for (link, target) in [("latest", "reports/1"), ("dangling", "reports/2")] {
            replace(&path(link), &ReadFiles::default(), b"new").unwrap();
            assert!(std::fs::symlink_metadata(path(link)).unwrap().is_symlink());
            assert_eq!(read(&path(target)), b"new");
        }
        symlink("circle", path("circle")).unwrap();
        assert!(matches!(
            replace(&path("circle"), &ReadFiles::default(), b""),
            Err(ReplaceError::Circle)
        ));
    }

    #[test]
    fn a_link_in_a_folder_that_is_open_to_others_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let open = folder.path().join("open");
        std::fs::create_dir(&open).unwrap();
        let target = folder.path().join("target");
        std::fs::write(&target, "old").unwrap();
        let link = open.join("link");
        symlink(&target, &link).unwrap();
        for (mode, refused) in [(0o777, true), (0o1777, false), (0o700, false)] {
            std::fs::set_permissions(&open, std::fs::Permissions::from_mode(mode)).unwrap();
            let result = Staged::new(&link, &ReadFiles::default());
            assert_eq!(matches!(result, Err(ReplaceError::Link)), refused, "{mode:o}");
        }
    }

    #[test]
    fn what_is_no_file_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let device = folder.path().join("device");
        symlink("/dev/null", &device).unwrap();
        for path in [folder.path(), &socket, &device, Path::new("/dev/null")] {
            let result = Staged::new(path, &ReadFiles::default());
            assert!(matches!(result, Err(ReplaceError::NotRegular(_))), "{}", path.display());
        }
        let missing = folder.path().join("no/such/folder");
        assert!(matches!(Staged::new(&missing, &ReadFiles::default()), Err(ReplaceError::Io(_))));
    }
}

#[test]
fn a_key_is_found_wherever_it_stands_in_a_large_file() {
    let key = fixture("ec-p256.pem");
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("large");
    let line = b"{\"a\": \"nothing\"}\n";
    for before in
        [0, STRETCH - 200, STRETCH - 20, STRETCH, 2 * STRETCH - OVERLAP - 100, 3 * STRETCH]
    {
        let mut bytes: Vec<u8> = line.iter().copied().cycle().take(before).collect();
        bytes.push(b'\n');
        bytes.extend(&key);
        bytes.extend(line.iter().cycle().take(STRETCH));
        std::fs::write(&path, &bytes).unwrap();
        assert!(file_holds_private_key(&path).unwrap(), "behind {before} bytes");
    }
    let bytes: Vec<u8> = line.iter().copied().cycle().take(3 * STRETCH).collect();
    std::fs::write(&path, bytes).unwrap();
    assert!(!file_holds_private_key(&path).unwrap());
}
