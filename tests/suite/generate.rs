//! `generate`: what it prints, what it writes, and what it never does.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{Program, Running, Signal};

const KEY_TYPES: [&str; 5] = ["rsa-3072", "rsa-4096", "ec-p256", "ec-p384", "ec-p521"];

/// The openssl program, or a printed message that the test is skipped.
pub fn openssl() -> Option<PathBuf> {
    let found = ["/usr/bin/openssl", "/usr/local/bin/openssl"].map(PathBuf::from);
    let found = found.into_iter().find(|path| path.exists());
    if found.is_none() {
        eprintln!("skipped: there is no openssl program here");
    }
    found
}

fn sh(folder: &Path, line: &str) -> (bool, String) {
    let run = Command::new("sh").args(["-c", line]).current_dir(folder).output().unwrap();
    let text = String::from_utf8([run.stdout, run.stderr].concat()).unwrap();
    (run.status.success(), text.trim_end().to_owned())
}

fn told(folder: &Path, line: &str) -> String {
    let (well, text) = sh(folder, line);
    assert!(well, "{line}\n{text}");
    text
}

/// Runs `generate` with these arguments in a folder, `--out keys` included.
fn generate(folder: &Path, args: &[&str]) -> Program {
    let all = ["generate", "--out", "keys"].iter().chain(args);
    Program::new(all).in_dir(folder)
}

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn openssl_agrees_with_every_printed_fact() {
    if openssl().is_none() {
        return;
    }
    for key_type in KEY_TYPES {
        let folder = tempfile::tempdir().unwrap();
        let args = ["--key-type", key_type, "--format", "json", "--subject", "CN=Orders,O=Ex,C=US"];
        let made = generate(folder.path(), &args).exits(0).json();
        let keys = folder.path().join("keys");
        agrees(&keys, key_type, &made);
        assert_eq!(mode(&keys), 0o700);
        for (file, what, expected) in
            [("private-key.pem", "private_key", 0o600), ("certificate.pem", "certificate", 0o644)]
        {
            assert_eq!(mode(&keys.join(file)), expected, "{file}");
            assert_eq!(made[what]["mode"], format!("{expected:04o}"));
            assert_eq!(made[what]["path"], format!("keys/{file}"));
        }
        assert_eq!(names(&keys), [".gitignore", "certificate.pem", "private-key.pem"]);
    }
}

fn agrees(keys: &Path, key_type: &str, made: &Value) {
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    let x509 = |what: &str| told(keys, &format!("openssl x509 -in certificate.pem -noout {what}"));
    let der = "openssl x509 -in certificate.pem -outform DER | openssl dgst -sha256";
    let hash = told(keys, &format!("{der} -binary | base64"));
    let id = hash.trim_end_matches('=').replace('+', "-").replace('/', "_");
    assert_eq!(text("certificate_id"), id, "{key_type}");
    assert!(id.starts_with(|c: char| c.is_ascii_alphanumeric()));
    let print = x509("-fingerprint -sha256").to_lowercase().replace(':', "");
    assert_eq!(print, format!("sha256 fingerprint={}", text("certificate_sha256")));
    let serial = x509("-serial");
    assert_eq!(
        serial.trim_start_matches("serial=").trim_start_matches('0'),
        text("serial").trim_start_matches('0')
    );
    for (flag, name) in [("-startdate", "not_before"), ("-enddate", "not_after")] {
        let shown = x509(flag);
        let date = shown.split_once('=').unwrap().1;
        assert_eq!(told(keys, &format!("date -u -d '{date}' +%Y-%m-%dT%H:%M:%SZ")), text(name));
    }
    assert_eq!(x509("-subject -nameopt RFC2253"), "subject=C=US,O=Ex,CN=Orders");
    assert_eq!(text("subject").replace(", ", ","), "CN=Orders,O=Ex,C=US");
    assert_eq!(text("key_type"), key_type);
    let whole = x509("-text");
    let words = match key_type {
        "rsa-3072" => ["rsaEncryption", "(3072 bit)"],
        "rsa-4096" => ["rsaEncryption", "(4096 bit)"],
        "ec-p256" => ["prime256v1", "(256 bit)"],
        "ec-p384" => ["secp384r1", "(384 bit)"],
        _ => ["secp521r1", "(521 bit)"],
    };
    let extensions =
        ["Version: 3", "CA:TRUE", "Subject Key Identifier", "Authority Key Identifier"];
    for word in words.into_iter().chain(extensions) {
        assert!(whole.contains(word), "{key_type}: {word}\n{whole}");
    }
    assert!(whole.contains("Basic Constraints: critical"), "{whole}");
    let of_key = told(keys, "openssl pkey -in private-key.pem -pubout");
    assert_eq!(of_key, x509("-pubkey"), "{key_type}: key and certificate");
    told(keys, "openssl pkey -in private-key.pem -check -noout");
    told(keys, "openssl verify -CAfile certificate.pem certificate.pem");
}

#[test]
fn an_encrypted_key_opens_with_its_passphrase_alone() {
    if openssl().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("word"), "a pass phrase\n").unwrap();
    let args = ["--key-type=ec-p256", "--passphrase-file=word", "--format=json"];
    let made = generate(folder.path(), &args).exits(0).json();
    assert!(made["encryption"].as_str().unwrap().contains("AES-256"));
    let pem = fs::read_to_string(folder.path().join("keys/private-key.pem")).unwrap();
    assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    let open = |with: &str| {
        let line = format!("openssl pkey -in keys/private-key.pem -passin '{with}' -noout");
        sh(folder.path(), &line).0
    };
    assert!(open("pass:a pass phrase"));
    assert!(!open("pass:another"));
    assert!(!open("pass:"));
}

#[test]
fn a_passphrase_that_lost_its_form_makes_no_key() {
    let utf16 = |text: &str| -> Vec<u8> {
        format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    for (given, names) in [
        (utf16("Winter-2031y\r\n"), "UTF-16"),
        (b"W\0i\0n\0t\0e\0r\0".to_vec(), "UTF-16"),
        (b"Winter\0-2031y".to_vec(), "invisible characters"),
        ("\u{feff}Winter-2031y\n".into(), "byte order mark"),
        ("\"Winter-2031y\"\n".into(), "quotation marks"),
        ("Winter-2031y\nsecond\n".into(), "lines"),
        ("Winter-2031y \n".into(), "blanks"),
        ("\u{a0}Winter-2031y".into(), "no-break spaces"),
        ("KEY_PASSPHRASE=Winter-2031y\n".into(), "the name before it"),
        (b"Winter-\xfc".to_vec(), "code page"),
        (b"\r\n".to_vec(), "passphrase is empty"),
        (Vec::new(), "passphrase is empty"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("word"), &given).unwrap();
        let args = ["--key-type=ec-p256", "--passphrase-file=word"];
        let run = generate(folder.path(), &args).exits(2);
        assert!(run.stderr.contains(names), "{given:?}: {}", run.stderr);
        assert!(!run.stderr.contains("Winter"), "{}", run.stderr);
        assert!(!folder.path().join("keys").exists(), "{given:?}");
    }
}

#[test]
fn the_passphrase_of_the_environment_encrypts_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let run = generate(folder.path(), &["--key-type=ec-p256", "--format=json"]);
    let made = run.env("NETSUITE_PRIVATE_KEY_PASSPHRASE", "a pass phrase").exits(0).json();
    assert!(made["encryption"].as_str().unwrap().contains("AES-256"));
    let pem = fs::read(folder.path().join("keys/private-key.pem")).unwrap();
    openssl::pkey::PKey::private_key_from_pem_passphrase(&pem, b"a pass phrase").unwrap();
    // A file goes before it.
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("word"), "another phrase\n").unwrap();
    let run = generate(folder.path(), &["--key-type=ec-p256", "--passphrase-file=word"]);
    run.env("NETSUITE_PRIVATE_KEY_PASSPHRASE", "a pass phrase").exits(0);
    let pem = fs::read(folder.path().join("keys/private-key.pem")).unwrap();
    openssl::pkey::PKey::private_key_from_pem_passphrase(&pem, b"another phrase").unwrap();
}

#[test]
fn nothing_is_overwritten() {
    let root = tempfile::tempdir().unwrap();
    let elsewhere = root.path().join("elsewhere");
    fs::write(&elsewhere, "precious").unwrap();
    for taken in ["private-key.pem", "certificate.pem"] {
        for kind in ["file", "link", "dangling", "directory"] {
            let folder = root.path().join(format!("{taken}-{kind}"));
            let path = folder.join("keys").join(taken);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            match kind {
                "file" => fs::write(&path, "precious").unwrap(),
                "link" => symlink(&elsewhere, &path).unwrap(),
                "dangling" => symlink(root.path().join("nowhere"), &path).unwrap(),
                _ => fs::create_dir(&path).unwrap(),
            }
            // An RSA key takes long: the refusal has to come before it is made.
            let run = generate(&folder, &[]).exits(2);
            assert!(run.stderr.contains(taken), "{}", run.stderr);
            assert_eq!(names(&folder.join("keys")), [taken], "{kind}");
            if kind == "file" {
                assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
            }
        }
    }
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "precious");
    assert!(!root.path().join("nowhere").exists());
    // Not even what the program itself made a moment ago.
    generate(root.path(), &["--key-type=ec-p256"]).exits(0);
    let before = fs::read(root.path().join("keys/private-key.pem")).unwrap();
    generate(root.path(), &["--key-type=ec-p256"]).exits(2);
    assert_eq!(fs::read(root.path().join("keys/private-key.pem")).unwrap(), before);
}

#[test]
fn what_the_system_refuses_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys");
    // A limit of the file size stops the write like a full disk does; it is inherited.
    let program = assert_cmd::cargo::cargo_bin!("netsuite-preflight");
    let line = "trap '' XFSZ; ulimit -f 0; exec \"$0\" generate --key-type=ec-p256 --out keys";
    let run = Command::new("sh")
        .args(["-c", line])
        .arg(program)
        .current_dir(folder.path())
        .env_clear()
        .stdout(Stdio::null())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(run.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("cannot be written"), "{stderr}");
    assert!(!keys.exists(), "{:?}", names(&keys));

    fs::create_dir(&keys).unwrap();
    fs::set_permissions(&keys, Permissions::from_mode(0o500)).unwrap();
    // The superuser may write there all the same; the process table takes files from nobody.
    let superuser = fs::write(keys.join("probe"), "").is_ok();
    let out = if superuser { "/proc/self" } else { "keys" };
    if Path::new(out).is_dir() || !superuser {
        let args = ["generate", "--key-type=ec-p256", "--out", out];
        Program::new(args).in_dir(folder.path()).exits(1);
    } else {
        eprintln!("skipped: no read-only directory here");
    }
}

/// Starts the making of an RSA key and stops it with a signal while that lasts; whether it did.
fn stopped_with(signal: Signal, polls: u32) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let program = assert_cmd::cargo::cargo_bin!("netsuite-preflight");
    let mut command = Command::new(program);
    command
        .args(["generate", "--key-type=rsa-4096", "--out=keys"])
        .current_dir(folder.path())
        .env_clear()
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = Running::start(&mut command);
    // The threads of the process show that the key is being made: only then is there a second.
    let threads = format!("/proc/{}/task", child.id());
    for _ in 0..polls {
        let many = fs::read_dir(&threads).is_ok_and(|threads| threads.count() > 1);
        if many || child.try_wait().unwrap().is_some() {
            break;
        }
        std::thread::yield_now();
    }
    // Fails when the child has ended by then.
    let _ = child.signal(signal);
    let status = child.wait().unwrap();
    let keys = names(&folder.path().join("keys"));
    if status.success() {
        // The key was there first.
        assert_eq!(keys, ["certificate.pem", "private-key.pem"]);
        return false;
    }
    assert_eq!(keys, [""; 0], "{signal:?} left files");
    assert!(names(folder.path()).is_empty(), "{signal:?} left {:?}", names(folder.path()));
    true
}

#[test]
#[cfg(target_os = "linux")]
fn a_signal_while_the_key_is_made_leaves_nothing() {
    for signal in [Signal::KILL, Signal::INT] {
        // A key can be found at once by chance; ten times in a row it is not.
        let stopped = (0..10).any(|_| stopped_with(signal, 1_000_000));
        assert!(stopped, "{signal:?} never stopped it");
    }
}

#[test]
fn the_command_that_is_shown_takes_the_key_that_was_made() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("pass phrase"), "correct horse battery").unwrap();
    let args = ["generate", "--key-type=ec-p256", "--out=-keys", "--account-id=1234567"];
    let run = Program::new(args)
        .arg("--passphrase-file", "pass phrase")
        .arg("--format", "json")
        .in_dir(folder.path())
        .exits(0);
    let steps = run.json()["next_steps"].as_array().unwrap().clone();
    let command = steps.iter().find_map(|step| step["command"].as_str()).unwrap().to_owned();
    let words = shlex::split(&command.replace("CLIENT-ID", &"0f".repeat(32))).unwrap();
    let report = Program::new(&words[1..])
        .arg("--format", "json")
        .arg("--skip", "record-access:customer:view")
        .env("NETSUITE_PREFLIGHT_CONNECT_TO", "127.0.0.1:9")
        .in_dir(folder.path())
        .exits(1)
        .json();
    let matches = report["checks"].as_array().unwrap().clone();
    let matches = matches.iter().find(|c| c["id"] == "key-matches-certificate").unwrap().clone();
    assert_eq!(matches["status"], "pass", "{command}");
}

#[test]
fn no_id_begins_like_an_option() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..50 {
        let out = format!("--out={number}");
        let run = Program::new(["generate", "--key-type=ec-p256", "--format=json", &out])
            .in_dir(folder.path())
            .exits(0);
        let id = run.json()["certificate_id"].as_str().unwrap().to_owned();
        assert!(id.starts_with(|c: char| c.is_ascii_alphanumeric()), "{id}");
        assert_eq!(id.len(), 43);
    }
}

#[test]
fn more_than_two_years_are_refused_with_the_most_allowed() {
    let folder = tempfile::tempdir().unwrap();
    for days in ["732", "0", "10000", "4294967295"] {
        let run = generate(folder.path(), &["--key-type=ec-p256", "--days", days]).exits(2);
        let most = ["give 1 to 730 days", "give 1 to 731 days"];
        assert!(most.iter().any(|most| run.stderr.contains(most)), "{}", run.stderr);
    }
    for days in ["-1", "many", "4294967296"] {
        generate(folder.path(), &["--days", days]).exits(2);
    }
    assert!(names(folder.path()).is_empty());
}

#[test]
fn subjects_are_taken_or_refused_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    for (number, (args, shown)) in [
        (vec![], "CN=NetSuite integration"),
        (vec!["--common-name", "Survey sync"], "CN=Survey sync"),
        (vec!["--subject", "CN=Größe,O=Übung"], "CN=Größe, O=Übung"),
        (vec!["--subject", r"CN=a\, b,C=us"], "CN=a, b, C=us"),
    ]
    .into_iter()
    .enumerate()
    {
        let out = number.to_string();
        let all = ["generate", "--key-type=ec-p256", "--format=json", "--out", &out];
        let run = Program::new(all.iter().chain(&args)).in_dir(folder.path()).exits(0);
        assert_eq!(run.json()["subject"], shown);
    }
    let long = format!("CN={}", "x".repeat(65));
    for subject in ["", "orders", "X=1", "CN=", "CN=a,CN=b", "CN=a,C=USA", "CN=a+O=b", &long] {
        let run = generate(folder.path(), &["--subject", subject]).exits(2);
        assert!(run.stderr.contains("--subject"), "{}", run.stderr);
    }
    generate(folder.path(), &["--subject=CN=a", "--common-name=b"]).exits(2);
    assert!(!folder.path().join("keys").exists());
}

#[test]
fn the_text_for_people_fits_eighty_columns() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["--key-type=ec-p256", "--account-id=1234567_SB1"];
    let run = generate(folder.path(), &args).exits(0);
    for line in run.stdout.lines() {
        let unbroken = line.trim_start().starts_with("$ ") || line.contains("https://");
        assert!(unbroken || line.chars().count() <= 80, "{line}");
    }
    assert!(run.stdout.contains("https://1234567-sb1.app.netsuite.com/"), "{}", run.stdout);
}

#[test]
fn the_key_is_kept_out_of_a_repository() {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys");
    let rules = || fs::read_to_string(keys.join(".gitignore")).unwrap();
    // A folder that was made for the key.
    let made = generate(folder.path(), &["--key-type=ec-p256", "--format=json"]).exits(0).json();
    assert_eq!(made["git_ignore"], "keys/.gitignore");
    assert_eq!(
        (made["in_git_work_tree"].clone(), made["git_warning"].clone()),
        (false.into(), Value::Null)
    );
    assert!(rules().ends_with("\n*\n"), "{}", rules());
    // The check of the key file knows it.
    fs::create_dir(folder.path().join(".git")).unwrap();
    let check =
        ["check", "--only=private-key-file", "--private-key=keys/private-key.pem", "--format=json"];
    let checked = Program::new(check).in_dir(folder.path()).exits(0).json();
    assert_eq!(checked["checks"][0]["status"], "pass", "{checked}");
    // One that was there stays, and is told where it does not name the key.
    for name in ["private-key.pem", "certificate.pem"] {
        fs::remove_file(keys.join(name)).unwrap();
    }
    fs::write(keys.join(".gitignore"), "*.log\n").unwrap();
    let run = generate(folder.path(), &["--key-type=ec-p256"]).exits(0);
    let told = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.contains("the folder is in a Git work tree, and keys/.gitignore was there"),
        "{told}"
    );
    assert_eq!(rules(), "*.log\n");
    let checked = Program::new(check).in_dir(folder.path()).exits(0).json();
    assert_eq!(checked["checks"][0]["status"], "warn", "{checked}");
}
