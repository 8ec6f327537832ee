//! `repair`, and the advice of `check` that names it, followed as it is printed.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::symm::Cipher;
use openssl::x509::X509;
use serde_json::Value;

use crate::support::Program;

fn ec() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

/// Keys whose base64 text ends without padding, with one sign of it, and with two.
fn keys() -> Vec<PKey<Private>> {
    let rsa = || PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    let ends = |padding: &str| {
        let whole = format!("{padding}\n-----END");
        let other = format!("={padding}\n-----END");
        std::iter::repeat_with(rsa)
            .find(|key| pem(key).contains(&whole) && !pem(key).contains(&other))
            .unwrap()
    };
    vec![ec(), ends(""), ends("="), ends("==")]
}

fn pem(key: &PKey<Private>) -> String {
    String::from_utf8(key.private_key_to_pem_pkcs8().unwrap()).unwrap()
}

fn certificate(key: &PKey<Private>, name: &str) -> X509 {
    let mut subject = openssl::x509::X509Name::builder().unwrap();
    subject.append_entry_by_text("CN", name).unwrap();
    let subject = subject.build();
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder.set_subject_name(&subject).unwrap();
    builder.set_issuer_name(&subject).unwrap();
    builder.set_pubkey(key).unwrap();
    let day = |days| openssl::asn1::Asn1Time::days_from_now(days).unwrap();
    builder.set_not_before(&day(0)).unwrap();
    builder.set_not_after(&day(300)).unwrap();
    builder.sign(key, openssl::hash::MessageDigest::sha256()).unwrap();
    builder.build()
}

/// What `check --offline` says under `id`.
pub(super) fn entry(folder: &Path, args: &[&str], id: &str) -> Value {
    let all = ["check", "--offline", "--format", "json"].iter().chain(args);
    let (code, run) = Program::new(all).in_dir(folder).ends();
    assert!(matches!(code, Some(0 | 1)), "{code:?}\n{}", run.stderr);
    let report = run.json();
    let checks = report["checks"].as_array().unwrap();
    checks.iter().find(|check| check["id"] == id).unwrap().clone()
}

/// Runs the one command that the findings advise, word by word, and gives the file it wrote.
#[track_caller]
pub(super) fn follow(folder: &Path, entry: &Value) -> PathBuf {
    let steps = entry["fix"].as_array().unwrap();
    let mut commands: Vec<&str> =
        steps.iter().filter_map(|step| step["command"].as_str()).collect();
    commands.retain(|command| command.starts_with("netsuite-preflight repair "));
    // Of a file with both, the second command writes the certificate.
    let first = commands.first().unwrap_or_else(|| panic!("no command\n{entry:#}"));
    assert!(!first.contains(['<', '>', '|']), "{first}");
    let words: Vec<String> = shlex::split(first).unwrap();
    let run = Program::new(&words[1..]).in_dir(folder).exits(0);
    assert!(run.stdout.contains("written and read back"), "{}", run.stdout);
    let out = words.iter().position(|word| word == "--out").unwrap();
    folder.join(&words[out + 1])
}

fn lines(pem: &str, f: impl Fn(usize, &str) -> String) -> String {
    pem.lines().enumerate().map(|(at, line)| f(at, line)).collect()
}

fn utf16(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// What happens to a key on its way, each with the finding that names it.
fn damaged(pem: &str) -> Vec<(&'static str, Vec<u8>)> {
    let escaped = pem.replace('\n', "\\n");
    let body: Vec<&str> = pem.lines().collect();
    let inside = body.len() - 2;
    let quoted_printable = lines(pem, |at, line| match at {
        // Padding and soft line breaks; both stand in the source of a mail.
        1 => format!("{}=\n{}\n", &line[..40], &line[40..]),
        at if at == inside => line.replace('=', "=3D") + "\n",
        _ => format!("{line}\n"),
    });
    let paged = lines(pem, |at, line| match at {
        2 => format!("{line}\n\u{c}\n   Confidential, page 2 of 3\n\n"),
        _ => format!("{line}\n"),
    });
    vec![
        ("windows-line-breaks", pem.replace('\n', "\r\n").into()),
        ("lone-carriage-returns", pem.replace('\n', "\r").into()),
        ("byte-order-mark", format!("\u{feff}{pem}").into()),
        ("utf-16", utf16(&pem.replace('\n', "\r\n"))),
        ("escaped-line-breaks", escaped.clone().into()),
        ("escaped-line-breaks", format!("A=1\nKEY=\"{escaped}\"\n").into()),
        ("text-on-armour-line", format!("{{\"a\": {{\"key\": \"{escaped}\"}}}}").into()),
        ("text-on-armour-line", format!("KEY={pem}").into()),
        ("text-on-armour-line", format!("name,key\r\nns,\"{}\"\r\n", pem.trim_end()).into()),
        ("text-on-armour-line", format!("<k><![CDATA[{pem}]]></k>").into()),
        ("text-on-armour-line", format!("const k = `{}`;", pem.trim_end()).into()),
        ("text-on-armour-line", format!("{} # the key", pem.trim_end()).into()),
        ("indented", format!("key: |\n{}", lines(pem, |_, line| format!("  {line}\n"))).into()),
        ("indented", pem.replace("-----END", " -----END").into()),
        ("blank-before-end", pem.replace("-----END", "\n-----END").into()),
        ("blank-lines", pem.replace('\n', "\n\n").into()),
        ("slash-n-line-breaks", pem.trim_end().replace('\n', "/n").into()),
        ("bare-n-line-breaks", pem.trim_end().replace('\n', "n").into()),
        ("backtick-line-breaks", pem.trim_end().replace('\n', "`n").into()),
        ("backtick-line-breaks", format!("\"{}\"", pem.replace('\n', "`r`n")).into()),
        ("excel-codes", pem.replace('\n', "_x000D_\n").into()),
        ("quoted-printable", quoted_printable.into()),
        ("line-numbers", lines(pem, |at, line| format!("{:5}\t{line}\n", at + 1)).into()),
        ("line-numbers", lines(pem, |at, line| format!("{}: {line}\n", at + 97)).into()),
        ("diff-marks", lines(pem, |_, line| format!("-{line}\n")).into()),
        ("diff-marks", lines(pem, |_, line| format!("+{line}\n")).into()),
        ("comment-marks", lines(pem, |_, line| format!("# {line}\n")).into()),
        ("inner-text", paged.into()),
        ("mail-quotes", lines(pem, |_, line| format!("> {line}\r\n")).into()),
        ("base64-again", STANDARD.encode(&escaped).into()),
        ("one-line", pem.replace('\n', "").into()),
        ("spaces-for-line-breaks", pem.replace('\n', " ").into()),
        ("smart-dashes", pem.replace("-----", "—————").replace('\n', "\u{a0}\r\n").into()),
        ("no-armour", body[1..=inside].concat().into()),
    ]
}

#[test]
fn following_the_advice_gives_the_key_for_every_damage() {
    for key in keys() {
        let clean = pem(&key);
        for (finding, bytes) in damaged(&clean) {
            let folder = tempfile::tempdir().unwrap();
            let given = folder.path().join("a key.txt");
            std::fs::write(&given, &bytes).unwrap();
            let before = entry(folder.path(), &["--private-key", "a key.txt"], "private-key");
            let shown = String::from_utf8_lossy(&bytes);
            assert_eq!(before["status"], "warn", "{finding}: {before:#}\n{shown}");
            let found = before["reason"].is_null() && names(&before, finding);
            assert!(found, "{finding}: {before:#}\n{shown}");
            let out = follow(folder.path(), &before);
            assert_eq!(std::fs::read(&out).unwrap(), clean.as_bytes(), "{finding}");
            assert_eq!(std::fs::read(&given).unwrap(), bytes, "{finding}: the input was changed");
            let name = out.file_name().unwrap().to_str().unwrap();
            let after = entry(folder.path(), &["--private-key", name], "private-key");
            assert_eq!(after["status"], "pass", "{finding}: {after:#}");
            assert_eq!(after["fix"], serde_json::json!([]), "{finding}: {after:#}");
        }
    }
}

/// Whether the summary has the words of this repair.
fn names(entry: &Value, finding: &str) -> bool {
    let words = match finding {
        "windows-line-breaks" => "the Windows way",
        "lone-carriage-returns" => "carriage return (CR) alone",
        "byte-order-mark" => "byte order mark",
        "utf-16" => "UTF-16",
        "escaped-line-breaks" => "the two characters \\n",
        "text-on-armour-line" => "on the line of BEGIN or END; OpenSSL refuses this",
        "indented" => "begin with white space",
        "blank-before-end" => "blank line before the END line; OpenSSL refuses this",
        "blank-lines" => "blank lines inside",
        "slash-n-line-breaks" => "became /n",
        "bare-n-line-breaks" => "became the letter n",
        "backtick-line-breaks" => "written as `n",
        "excel-codes" => "_x000D_",
        "quoted-printable" => "quoted-printable",
        "line-numbers" => "begins with its number",
        "diff-marks" => "a comparison (diff)",
        "comment-marks" => "sign of a comment",
        "inner-text" => "Other text stands inside the block",
        "mail-quotes" => "a quoted mail",
        "base64-again" => "base64-encoded once more",
        "one-line" => "on one line",
        "spaces-for-line-breaks" => "became spaces",
        "smart-dashes" => "typographic dashes",
        "no-armour" => "lines are missing",
        other => panic!("{other}"),
    };
    entry["summary"].as_str().unwrap().contains(words)
}

#[test]
fn glued_blocks_are_told_apart_and_both_are_had() {
    let folder = tempfile::tempdir().unwrap();
    let key = ec();
    let own = certificate(&key, "own");
    let both =
        format!("{}{}", pem(&key).trim_end(), String::from_utf8(own.to_pem().unwrap()).unwrap());
    std::fs::write(folder.path().join("both.pem"), both).unwrap();
    let args = ["--private-key", "both.pem", "--certificate", "both.pem"];
    let of_key = entry(folder.path(), &args, "private-key");
    let summary = of_key["summary"].as_str().unwrap();
    assert!(
        summary.contains("A line break is missing") && !summary.contains("hyphens"),
        "{summary}"
    );
    assert_eq!(std::fs::read(follow(folder.path(), &of_key)).unwrap(), pem(&key).as_bytes());
    let of_certificate = entry(folder.path(), &args, "certificate");
    assert_eq!(of_certificate["status"], "fail");
    let out = follow(folder.path(), &of_certificate);
    assert_eq!(std::fs::read(out).unwrap(), own.to_pem().unwrap());
}

#[test]
fn of_several_the_one_that_fits_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (first, second) = (ec(), ec());
    std::fs::write(path("two.pem"), format!("{}{}", pem(&first), pem(&second))).unwrap();
    let certificates = [certificate(&first, "first"), certificate(&second, "second")];
    let both: Vec<u8> = certificates.iter().flat_map(|c| c.to_pem().unwrap()).collect();
    std::fs::write(path("both.crt"), both).unwrap();
    std::fs::write(path("second.crt"), certificates[1].to_pem().unwrap()).unwrap();
    std::fs::write(path("second.key"), pem(&second)).unwrap();

    let args = ["--private-key", "two.pem", "--certificate", "second.crt"];
    let out = follow(folder.path(), &entry(folder.path(), &args, "private-key"));
    assert_eq!(std::fs::read(out).unwrap(), pem(&second).as_bytes());
    let args = ["--private-key", "second.key", "--certificate", "both.crt"];
    let out = follow(folder.path(), &entry(folder.path(), &args, "certificate"));
    assert_eq!(std::fs::read(out).unwrap(), certificates[1].to_pem().unwrap());

    let repair = |args: &[&str]| Program::new(["repair"].iter().chain(args)).in_dir(folder.path());
    let run = repair(&["two.pem", "--out=one.pem"]).exits(1);
    assert!(run.stderr.contains("several private keys; name the certificate"), "{}", run.stderr);
    let run = repair(&["second.key", "--certificate=both.crt", "--out=one.pem"]).exits(0);
    assert!(run.stdout.contains("one.pem"));
    std::fs::remove_file(path("one.pem")).unwrap();
    std::fs::write(path("first.crt"), certificates[0].to_pem().unwrap()).unwrap();
    let run = repair(&["second.key", "--certificate=first.crt", "--out=one.pem"]).exits(1);
    assert!(run.stderr.contains("no private key in it belongs"), "{}", run.stderr);
    let run = repair(&["first.crt", "--private-key=second.key", "--out=one.pem"]).exits(1);
    assert!(run.stderr.contains("no certificate in it belongs"), "{}", run.stderr);
    assert!(!path("one.pem").exists());
    let run = repair(&["both.crt", "--out=one.crt"]).exits(0);
    assert!(run.stdout.contains("holds 1 more certificate"), "{}", run.stdout);
}

/// A certificate that another one vouches for.
fn issued(key: &PKey<Private>, name: &str, issuer: &X509, issuer_key: &PKey<Private>) -> X509 {
    let mut subject = openssl::x509::X509Name::builder().unwrap();
    subject.append_entry_by_text("CN", name).unwrap();
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder.set_subject_name(&subject.build()).unwrap();
    builder.set_issuer_name(issuer.subject_name()).unwrap();
    builder.set_pubkey(key).unwrap();
    let day = |days| openssl::asn1::Asn1Time::days_from_now(days).unwrap();
    builder.set_not_before(&day(0)).unwrap();
    builder.set_not_after(&day(300)).unwrap();
    builder.sign(issuer_key, openssl::hash::MessageDigest::sha256()).unwrap();
    builder.build()
}

/// Whatever decided in `check` decides in `repair`.
#[test]
fn the_certificate_that_check_names_is_the_one_that_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let (root_key, leaf_key) = (ec(), ec());
    let root = certificate(&root_key, "root");
    let leaf = issued(&leaf_key, "leaf", &root, &root_key);
    let chain = [root.to_pem().unwrap(), leaf.to_pem().unwrap()].concat();
    std::fs::write(folder.path().join("chain.pem"), chain).unwrap();
    let id_of = |certificate: &X509| {
        let hash = openssl::sha::sha256(&certificate.to_der().unwrap());
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(hash)
    };
    let by_id = format!("--certificate-id={}", id_of(&leaf));
    let piped = pem(&leaf_key);
    for (args, stdin, wanted) in [
        (vec!["--certificate=chain.pem"], None, &root),
        (vec!["--certificate=chain.pem", &by_id], None, &leaf),
        (vec!["--certificate=chain.pem", "--private-key=-"], Some(&piped), &leaf),
    ] {
        let all = ["check", "--offline", "--format=json"].iter().chain(&args);
        let mut program = Program::new(all).in_dir(folder.path());
        if let Some(text) = stdin {
            program = program.stdin(text.clone());
        }
        let (_, run) = program.ends();
        let report = run.json();
        let checks = report["checks"].as_array().unwrap();
        let entry = checks.iter().find(|check| check["id"] == "certificate").unwrap();
        let summary = entry["summary"].as_str().unwrap();
        assert!(summary.contains(&id_of(wanted)), "{summary}");
        let out = follow(folder.path(), entry);
        assert_eq!(std::fs::read(&out).unwrap(), wanted.to_pem().unwrap(), "{args:?}");
        std::fs::remove_file(out).unwrap();
    }
    let args = ["repair", "chain.pem", "--certificate-id=no", "--out=x.pem"];
    Program::new(args).in_dir(folder.path()).exits(2);
    let other = format!("--certificate-id={}", "A".repeat(43));
    let run = Program::new(["repair", "chain.pem", &other]).in_dir(folder.path()).exits(1);
    assert!(run.stderr.contains("has the Certificate ID given"), "{}", run.stderr);
}

#[test]
fn a_fault_is_told_of_the_file_that_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let key = ec();
    std::fs::write(path("own.key"), pem(&key)).unwrap();
    std::fs::write(path("own.crt"), certificate(&key, "own").to_pem().unwrap()).unwrap();
    std::fs::write(path("words.txt"), "just words").unwrap();
    let short = key.ec_key().unwrap();
    let short = short.private_key_to_pem_passphrase(Cipher::aes_256_cbc(), b"abc").unwrap();
    std::fs::write(path("short.pem"), short).unwrap();
    std::fs::write(path("abc"), "abc").unwrap();
    let repair = |args: &[&str]| Program::new(["repair"].iter().chain(args)).in_dir(folder.path());
    let run = repair(&["own.crt", "--private-key=words.txt", "--out=x"]).exits(1);
    assert!(run.stderr.contains("words.txt: This is"), "{}", run.stderr);
    let run = repair(&["own.key", "--certificate=words.txt", "--out=x"]).exits(1);
    assert!(run.stderr.contains("words.txt: there is no certificate in it"), "{}", run.stderr);
    // The key has this passphrase; no option is at fault.
    let run = repair(&["short.pem", "--passphrase-file=abc", "--out=x"]).exits(1);
    assert!(run.stderr.contains("--new-passphrase-file, or --unencrypted"), "{}", run.stderr);
    let run = repair(&["own.key", "--new-passphrase-file=abc", "--out=x"]).exits(2);
    assert!(run.stderr.contains("give at least 4"), "{}", run.stderr);
    // A name that is taken comes before everything else.
    let run = repair(&["no-such.pem", "--out=own.crt"]).exits(2);
    assert!(run.stderr.contains("nothing is ever overwritten"), "{}", run.stderr);
}

#[test]
fn nothing_is_overwritten_least_of_all_the_input() {
    let folder = tempfile::tempdir().unwrap();
    let given = folder.path().join("key.pem");
    let text = pem(&ec()).replace('\n', "\r\n");
    std::fs::write(&given, &text).unwrap();
    let repair = |args: &[&str]| Program::new(["repair"].iter().chain(args)).in_dir(folder.path());
    for out in ["key.pem", "./key.pem"] {
        let run = repair(&["key.pem", "--out", out]).exits(2);
        assert!(run.stderr.contains("nothing is ever overwritten"), "{}", run.stderr);
        assert_eq!(std::fs::read_to_string(&given).unwrap(), text);
    }
    // Without a name it finds one, and another one the next time.
    for name in ["key.repaired.pem", "key.repaired-2.pem"] {
        assert!(!folder.path().join(name).exists());
        repair(&["key.pem"]).exits(0);
        assert!(folder.path().join(name).exists(), "{name}");
    }
    // The advice names a free one as well, also for a file that is repaired already.
    let again = entry(folder.path(), &["--private-key", "key.pem"], "private-key");
    assert!(follow(folder.path(), &again).ends_with("key.repaired-3.pem"));
    repair(&["key.pem", "--out", "missing/key.pem"]).exits(1);
    repair(&["no-such.pem"]).exits(2);
    repair(&[]).exits(2);
}

#[cfg(unix)]
#[test]
fn a_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let key = ec();
    std::fs::write(folder.path().join("key.txt"), pem(&key)).unwrap();
    std::fs::write(folder.path().join("c.crt"), certificate(&key, "c").to_pem().unwrap()).unwrap();
    for (given, out, mode) in
        [("key.txt", "key.repaired.pem", 0o600), ("c.crt", "c.repaired.crt", 0o644)]
    {
        Program::new(["repair", given]).in_dir(folder.path()).exits(0);
        let metadata = std::fs::metadata(folder.path().join(out)).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, mode, "{out}");
    }
}

#[test]
fn an_encrypted_key_stays_encrypted_unless_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let key = ec();
    let legacy = key.ec_key().unwrap();
    let legacy = legacy.private_key_to_pem_passphrase(Cipher::aes_256_cbc(), b"first one").unwrap();
    let lost = String::from_utf8(legacy).unwrap().replacen("\n\n", "\n", 1);
    std::fs::write(path("legacy.pem"), lost).unwrap();
    let own = certificate(&key, "own");
    let bundle = Pkcs12::builder().pkey(&key).cert(&own).build2("first one").unwrap();
    std::fs::write(path("bundle.pfx"), bundle.to_der().unwrap()).unwrap();
    std::fs::write(path("word"), "first one\n").unwrap();
    std::fs::write(path("other"), "second one\n").unwrap();
    for given in ["legacy.pem", "bundle.pfx"] {
        let args = ["--private-key", given, "--passphrase-file", "word"];
        let before = entry(folder.path(), &args, "private-key");
        assert_eq!(before["status"], "warn", "{before:#}");
        let out = follow(folder.path(), &before);
        let bytes = std::fs::read(&out).unwrap();
        assert!(bytes.starts_with(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
        let opened = PKey::private_key_from_pem_passphrase(&bytes, b"first one").unwrap();
        assert!(opened.public_eq(&key));
        let name = out.file_name().unwrap().to_str().unwrap();
        let args = ["--private-key", name, "--passphrase-file", "word"];
        let after = entry(folder.path(), &args, "private-key");
        assert_eq!(after["status"], "pass", "{after:#}");

        let repair = |args: &[&str]| {
            let all = ["repair", given, "--passphrase-file=word"];
            Program::new(all.iter().chain(args)).in_dir(folder.path())
        };
        repair(&["--new-passphrase-file=other", "--out=new.pem"]).exits(0);
        let new = std::fs::read(path("new.pem")).unwrap();
        assert!(
            PKey::private_key_from_pem_passphrase(&new, b"second one").unwrap().public_eq(&key)
        );
        repair(&["--unencrypted", "--out=plain.pem"]).exits(0);
        assert_eq!(std::fs::read(path("plain.pem")).unwrap(), pem(&key).as_bytes());
        for name in ["new.pem", "plain.pem"] {
            std::fs::remove_file(path(name)).unwrap();
        }
        // A wrong one, none, and one that lost its form on the way.
        let run = Program::new(["repair", given, "--passphrase-file=other", "--out=x.pem"]);
        let run = run.in_dir(folder.path()).exits(1);
        assert!(run.stderr.contains("does not open"), "{}", run.stderr);
        let run = Program::new(["repair", given, "--out=x.pem"]).in_dir(folder.path()).exits(1);
        assert!(run.stderr.contains("no passphrase was given"), "{}", run.stderr);
        std::fs::write(path("quoted"), "\"first one\"\n").unwrap();
        let run = Program::new(["repair", given, "--passphrase-file=quoted", "--out=x.pem"]);
        let run = run.in_dir(folder.path()).exits(1);
        assert!(run.stderr.contains("without the quotation marks"), "{}", run.stderr);
        let run = Program::new(["repair", given, "--out=y.pem"]).in_dir(folder.path());
        run.env("NETSUITE_PRIVATE_KEY_PASSPHRASE", "first one").exits(0);
        std::fs::remove_file(path("y.pem")).unwrap();
        assert!(!path("x.pem").exists());
    }
    let args = ["--certificate", "bundle.pfx", "--passphrase-file", "word"];
    let out = follow(folder.path(), &entry(folder.path(), &args, "certificate"));
    assert_eq!(std::fs::read(out).unwrap(), own.to_pem().unwrap());
}

#[test]
fn a_key_without_a_file_is_taken_where_it_came_from() {
    let folder = tempfile::tempdir().unwrap();
    let key = ec();
    let escaped = pem(&key).replace('\n', "\\n");
    let by_variable = |args: &[&str]| {
        Program::new(args).in_dir(folder.path()).env("NETSUITE_PRIVATE_KEY", &escaped)
    };
    let report = by_variable(&["check", "--offline", "--format=json"]).exits(0).json();
    let text = report.to_string();
    assert!(text.contains("netsuite-preflight repair --out private-key.repaired.pem"), "{text}");
    by_variable(&["repair", "--out=private-key.repaired.pem"]).exits(0);
    let out = folder.path().join("private-key.repaired.pem");
    assert_eq!(std::fs::read(&out).unwrap(), pem(&key).as_bytes());
    std::fs::remove_file(&out).unwrap();
    let args = ["check", "--offline", "--format=json", "--private-key=-"];
    let report = Program::new(args).in_dir(folder.path()).stdin(escaped.clone()).exits(0).json();
    assert!(report.to_string().contains("repair - --out private-key.repaired.pem"));
    let run = Program::new(["repair", "-", "--format=json"]).in_dir(folder.path());
    let told = run.stdin(escaped.clone()).exits(0).json();
    assert_eq!(told["wrote"], "private-key");
    assert_eq!(told["file"]["path"], "private-key.repaired.pem");
    assert_eq!(told["read"]["undone"][0]["kind"], "escaped-line-breaks");
    assert_eq!(std::fs::read(&out).unwrap(), pem(&key).as_bytes());
}

#[test]
fn what_is_no_key_writes_nothing_and_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let clean = pem(&ec());
    for (text, says) in [
        ("just words".to_owned(), "not a private key"),
        (String::new(), "empty"),
        (clean.replacen(clean.lines().nth(2).unwrap(), "", 1), "cut off"),
        ("-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n".to_owned(), "public key"),
    ] {
        std::fs::write(folder.path().join("given"), &text).unwrap();
        let run = Program::new(["repair", "given"]).in_dir(folder.path()).exits(1);
        assert!(
            run.stderr.contains("nothing was written") && run.stderr.contains(says),
            "{}",
            run.stderr
        );
        assert_eq!(run.stdout, "");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[test]
fn nothing_printed_holds_the_key_or_the_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    let key = ec();
    let encrypted = key.private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), b"Canary-7391");
    let encrypted = String::from_utf8(encrypted.unwrap()).unwrap();
    std::fs::write(folder.path().join("key.env"), format!("KEY='{encrypted}'")).unwrap();
    std::fs::write(folder.path().join("word"), "Canary-7391 \n").unwrap();
    std::fs::write(folder.path().join("right"), "Canary-7391").unwrap();
    for (word, format, code) in
        [("word", "human", 1), ("right", "human", 0), ("right", "json", 0), ("word", "json", 1)]
    {
        let args = ["repair", "key.env", "--format", format, "--passphrase-file", word];
        let (ended, run) = Program::new(args).in_dir(folder.path()).ends();
        assert_eq!(ended, Some(code), "{}", run.stderr);
        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(!said.contains("Canary") && !said.contains("-----BEGIN"), "{said}");
        let lines = [encrypted.as_str(), &pem(&key)].concat();
        let mut secret = lines.lines().filter(|line| !line.starts_with('-'));
        assert!(secret.all(|line| !said.contains(line)), "{said}");
    }
}
