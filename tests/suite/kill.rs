//! SIGKILL at any moment: no key is lost, none is half there under its name, and each run can be
//! gone on with. The moments follow from a seed; what has to hold does not depend on them.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;
use openssl::pkey::PKey;
use openssl::x509::X509;

use crate::certificates::READABLE;
use crate::certificates_rotate::{complete, revoking};
use crate::setup::Scene;
use crate::support::{Emulated, Program, Running, Terminal};

/// The rounds of a usual run, and of one by hand: `cargo test --test suite kill -- --ignored`.
const FEW: u64 = 10;
const MANY: u64 = 200;

/// Numbers that look drawn and are the same in every run (xorshift).
struct Moments(u64);

impl Moments {
    fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most.max(1)
    }

    fn within(&mut self, most: Duration) -> Duration {
        Duration::from_micros(self.below(u64::try_from(most.as_micros()).unwrap()))
    }
}

/// Starts the program and kills it after this time; gives whether it had ended before.
fn killed(folder: &Path, args: &[String], after: Duration) -> bool {
    let mut command = Command::new(cargo_bin!("netsuite-preflight"));
    command.args(args).current_dir(folder).env_clear();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = Running::start(&mut command);
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap().code().is_some()
}

/// A key that has its name is whole, for its owner alone, and its certificate is there.
fn is_whole(folder: &Path) -> bool {
    let Ok(pem) = std::fs::read(folder.join("private-key.pem")) else { return false };
    let key = PKey::private_key_from_pem(&pem).expect("a whole key");
    let certificate = std::fs::read(folder.join("certificate.pem")).expect("its certificate");
    let certificate = X509::from_pem(&certificate).unwrap();
    assert!(certificate.public_key().unwrap().public_eq(&key), "they are a pair");
    let mode = folder.join("private-key.pem").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    true
}

/// Hidden files in a folder.
fn half_made(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with('.')).collect()
}

fn generate(rounds: u64) {
    let home = tempfile::tempdir().unwrap();
    let args = |out: &str| ["generate", "--key-type=ec-p256", "--out", out].map(str::to_owned);
    let began = Instant::now();
    Program::new(args("first")).in_dir(home.path()).exits(0);
    let whole_run = began.elapsed();
    let first = std::fs::read(home.path().join("first/private-key.pem")).unwrap();
    let mut moments = Moments::new();
    let (mut finished, mut left_over) = (0, 0);
    for round in 0..rounds {
        let out = format!("keys-{round}");
        let folder = home.path().join(&out);
        killed(home.path(), &args(&out), moments.within(whole_run));
        let there = is_whole(&folder);
        finished += u64::from(there);
        let hidden = half_made(&folder);
        left_over += u64::from(!hidden.is_empty());
        if !there && folder.join("certificate.pem").exists() {
            std::fs::remove_file(folder.join("certificate.pem")).unwrap();
        }
        let before = std::fs::read(folder.join("private-key.pem")).ok();
        let run = Program::new(args(&out)).in_dir(home.path()).exits(if there { 2 } else { 0 });
        if there {
            assert_eq!(std::fs::read(folder.join("private-key.pem")).ok(), before);
        } else {
            for name in hidden {
                assert!(run.stderr.contains(&name), "{name} is not named: {}", run.stderr);
            }
        }
        assert!(is_whole(&folder));
        // Into the folder of a key that is there nothing is written at all.
        killed(home.path(), &args("first"), moments.within(whole_run));
        assert_eq!(std::fs::read(home.path().join("first/private-key.pem")).unwrap(), first);
    }
    println!(
        "generate: {rounds} kills, {finished} after the key was whole, {left_over} left files"
    );
}

fn rotate(rounds: u64) {
    let account = Emulated::scenario(READABLE);
    let began = Instant::now();
    complete(&account, &Program::new(revoking(&account)).exits(0).json());
    let whole_run = began.elapsed();
    let mut moments = Moments::new();
    let mut steps = std::collections::BTreeMap::<String, u64>::new();
    for _ in 0..rounds {
        let account = Emulated::scenario(READABLE);
        let old = std::fs::read(account.path("private-key.pem")).unwrap();
        let folder = account.path("new");
        killed(account.path("").as_path(), &revoking(&account), moments.within(whole_run));
        is_whole(&folder);
        let step = std::fs::read_to_string(folder.join("rotation.json")).ok().and_then(|text| {
            let journal: serde_json::Value = serde_json::from_str(&text).expect("a whole journal");
            Some(journal["step"].as_str()?.to_owned())
        });
        *steps.entry(step.unwrap_or_else(|| "no journal".to_owned())).or_default() += 1;
        // A second kill meets the run that goes on.
        killed(account.path("").as_path(), &revoking(&account), moments.within(whole_run));
        complete(&account, &Program::new(revoking(&account)).exits(0).json());
        assert!(is_whole(&folder));
        assert_eq!(std::fs::read(account.path("private-key.pem")).unwrap(), old);
    }
    println!("rotate: {rounds} times two kills; journals after the first: {steps:?}");
}

/// The questions of `setup` by their first words.
const QUESTIONS: [&str; 13] = [
    "\nAccount ID",
    "\nPress Enter when the three are on",
    "\nnew or own",
    "\nPrivate key file",
    "\nCertificate file",
    "\nClient ID",
    "\nClient Secret (",
    "\nRecord types that the integration uses",
    "\nPress Enter when the role",
    "\nCertificate ID, as",
    "\nPress Enter when the user",
    "\nWhat next",
    "\nPress Enter when the values are entered",
];

/// Answers at most so many questions; gives whether the walk came to its end.
fn walks(scene: &Scene, terminal: &mut Terminal, questions: u64, id: &mut Option<String>) -> bool {
    for _ in 0..questions {
        let Some(at) = terminal.expects_one_of(&QUESTIONS) else { return true };
        let keys = scene.home.path().join("keys");
        let answer = match at {
            0 => "1234567".to_owned(),
            2 if keys.join("private-key.pem").exists() => "own".to_owned(),
            2 => "new".to_owned(),
            3 => "keys/private-key.pem".to_owned(),
            4 => "keys/certificate.pem".to_owned(),
            5 => scene.account.client.client_id.clone(),
            7 => "customer contact".to_owned(),
            9 => id.get_or_insert_with(|| scene.uploads_certificate()).clone(),
            _ => String::new(),
        };
        terminal.types(&answer);
    }
    false
}

fn setup(rounds: u64) {
    let mut moments = Moments::new();
    let mut kept = 0;
    for _ in 0..rounds {
        let scene = Scene::new();
        let keys = scene.home.path().join("keys");
        let mut id = None;
        let mut before = None;
        for _ in 0..2 {
            let mut terminal = scene.starts(&[]);
            if !walks(&scene, &mut terminal, moments.below(10), &mut id) {
                std::thread::sleep(moments.within(Duration::from_millis(120)));
            }
            terminal.kills();
            let there = is_whole(&keys);
            kept += u64::from(there);
            let key = std::fs::read(keys.join("private-key.pem")).ok();
            assert!(before.is_none() || key == before, "a key is never changed");
            before = key;
            if !there {
                let _ = std::fs::remove_file(keys.join("certificate.pem"));
            }
        }
        let mut terminal = scene.starts(&[]);
        assert!(walks(&scene, &mut terminal, 40, &mut id), "it goes on to its end");
        terminal.ends(0);
        assert!(is_whole(&keys));
        let after = std::fs::read(keys.join("private-key.pem")).ok();
        assert!(before.is_none() || after == before);
    }
    println!("setup: {rounds} times two kills, {kept} with a key already there");
}

#[test]
fn generate_survives_kills() {
    generate(FEW);
}

#[test]
fn rotate_survives_kills() {
    rotate(FEW);
}

#[test]
fn setup_survives_kills() {
    setup(FEW / 2);
}

#[test]
#[ignore = "takes minutes; by hand"]
fn generate_survives_many_kills() {
    generate(MANY);
}

#[test]
#[ignore = "takes minutes; by hand"]
fn rotate_survives_many_kills() {
    rotate(MANY);
}

#[test]
#[ignore = "takes minutes; by hand"]
fn setup_survives_many_kills() {
    setup(MANY);
}

/// A rotation that was killed between its journal and its files, at each point in turn.
#[test]
fn a_rotation_goes_on_where_its_journal_is_ahead_of_its_files() {
    for (certificate, key) in [(false, false), (true, false), (true, true)] {
        let account = Emulated::scenario(READABLE);
        // Stopped at the upload: the pair is there and nothing is registered.
        let mut args = revoking(&account);
        args.retain(|arg| arg != "--revoke-old" && arg != "--yes");
        Program::new(&args).exits(0);
        let journal = account.path("new/rotation.json");
        let text = std::fs::read_to_string(&journal).unwrap();
        let mut ahead: serde_json::Value = serde_json::from_str(&text).unwrap();
        ahead["step"] = "keys-begun".into();
        ahead["making"] =
            serde_json::json!({"key_type": "ec-p384", "days": 30, "encrypted": false});
        std::fs::write(&journal, ahead.to_string()).unwrap();
        for (name, stays) in [("private-key.pem", key), ("certificate.pem", certificate)] {
            if !stays {
                std::fs::remove_file(account.path("new").join(name)).unwrap();
            }
        }
        let document = Program::new(revoking(&account)).exits(0).json();
        assert_eq!(document["finding"], "rotated", "{document}");
        assert!(is_whole(&account.path("new")));
        let pem = std::fs::read(account.path("new/private-key.pem")).unwrap();
        let bits = PKey::private_key_from_pem(&pem).unwrap().bits();
        assert_eq!(bits, if key { 256 } else { 384 }, "the noted kind is made");
        let text = std::fs::read_to_string(&journal).unwrap();
        assert!(!text.contains("making"), "{text}");
    }
}

#[test]
fn a_half_made_key_is_named_with_the_command_that_deletes_it() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("my keys")).unwrap();
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys/rsa-3072.pem");
    let pem = std::fs::read(fixture).unwrap();
    std::fs::write(home.path().join("my keys/.netsuite-preflight-Ab1"), &pem[..300]).unwrap();
    std::fs::write(home.path().join("my keys/.netsuite-preflight-Cd2"), "").unwrap();
    let args = ["generate", "--key-type=ec-p256", "--out=my keys"];
    let run = Program::new(args).in_dir(home.path()).exits(0);
    for words in [
        ".netsuite-preflight-Ab1 holds a half-made key",
        "rm -- 'my keys/.netsuite-preflight-Ab1'",
        ".netsuite-preflight-Cd2 holds a half-written file",
    ] {
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
    }
}

#[test]
fn no_core_is_dumped_and_the_emulators_folder_is_private() {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(cargo_bin!("netsuite-preflight"));
    command.args(["emulate", "--dir=emulated"]).current_dir(home.path()).env_clear();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = Running::start(&mut command);
    let mut line = String::new();
    let stdout = child.stdout.take().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut line).unwrap();
    assert!(line.contains("emulated NetSuite account"), "{line}");
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let mode = home.path().join("emulated").metadata().unwrap().permissions().mode();
    drop(child);
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    let values: Vec<&str> = core.split_whitespace().skip(4).take(2).collect();
    assert_eq!(values, ["0", "0"], "{core}");
    assert_eq!(mode & 0o777, 0o700);
}
