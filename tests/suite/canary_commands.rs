//! Each secret as the value of each flag, argument and variable of each command, and as the content
//! of each file that one of them names. Flags are taken from the command tree, so new ones are
//! covered at once.

use std::collections::HashSet;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use clap::{Arg, Command, CommandFactory as _};
use netsuite_preflight::door::Cli;
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::PKey;

use crate::canary::{CLIENT_SECRET, PASSPHRASE};
use crate::support::Program;
use crate::support::pieces::{Pieces, hex};

/// Places that a report is written to: what is given there names a new file.
const WRITTEN: &[&str] = &["output", "save", "save_exchanges", "output_dir", "out"];

/// A key, and every piece of it and of the other secrets in every form.
struct Secrets {
    pem: String,
    der: Vec<u8>,
    pieces: Pieces,
}

impl Secrets {
    fn new() -> Self {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let key = EcKey::generate(&group).unwrap();
        let scalar = key.private_key().to_vec_padded(32).unwrap();
        let key = PKey::from_ec_key(key).unwrap();
        let der = key.private_key_to_pkcs8().unwrap();
        let pem = String::from_utf8(key.private_key_to_pem_pkcs8().unwrap()).unwrap();
        // Around the scalar stand the algorithm and the public key, which are no secrets.
        let mut pieces = Pieces::of([&scalar[..], PASSPHRASE.as_bytes(), CLIENT_SECRET.as_bytes()]);
        // The armour is no secret, so of the PEM in base64 the part with the scalar alone counts.
        for encoded in [STANDARD.encode(&pem), URL_SAFE_NO_PAD.encode(&pem)] {
            pieces.add(&encoded[40..150]);
        }
        Self { pem, der, pieces }
    }

    /// The secrets in the forms in which people paste them.
    fn values(&self) -> Vec<String> {
        vec![
            STANDARD.encode(&self.der),
            URL_SAFE_NO_PAD.encode(&self.pem),
            self.pem.replace('\n', "\\n"),
            hex(&self.der),
            CLIENT_SECRET.to_owned(),
            PASSPHRASE.to_owned(),
        ]
    }

    /// Runs the program and searches all that comes of it.
    fn try_out(&self, program: Program, place: &str) {
        let (code, run) = program
            .env("NETSUITE_CLIENT_SECRET", CLIENT_SECRET)
            .env("NETSUITE_PRIVATE_KEY_PASSPHRASE", PASSPHRASE)
            .ends();
        assert!(code.is_some_and(|code| code != 101), "{place}: {code:?}\n{}", run.stderr);
        assert!(!run.stdout.is_empty() || !run.stderr.is_empty() || code == Some(0), "{place}");
        self.pieces.search(place, &run.stdout);
        self.pieces.search(place, &run.stderr);
        self.search_below(place, run.home());
    }

    fn search_below(&self, place: &str, folder: &Path) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                self.search_below(place, &path);
            } else {
                let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
                self.pieces.search(&format!("{place}, {}", path.display()), &text);
            }
        }
    }
}

/// Every command that does something, with the words that call it.
fn leaves(command: &Command, path: &[String]) -> Vec<(Vec<String>, Command)> {
    if !command.has_subcommands() {
        return vec![(path.to_vec(), command.clone())];
    }
    let inner = command.get_subcommands().filter(|inner| inner.get_name() != "help");
    inner
        .flat_map(|inner| leaves(inner, &[path, &[inner.get_name().to_owned()]].concat()))
        .collect()
}

/// What else the command needs to come as far as it can, and to end by itself.
fn besides(path: &str, id: &str) -> &'static [&'static str] {
    match path {
        "check" => &["--offline", "--account-id=1234567"],
        "demo" if id != "scenario" => &["--scenario=connection-refused"],
        "emulate" if !matches!(id, "switches" | "scenario" | "replay") => &["--list-switches"],
        "generate" if id != "key_type" => &["--key-type=ec-p256"],
        "certificates rotate" if !matches!(id, "key_type" | "out" | "resume") => {
            &["--key-type=ec-p256", "--out=new"]
        }
        _ => &[],
    }
}

/// The line for one value of one argument; other arguments get a harmless one.
fn line(path: &[String], command: &Command, arg: &Arg, value: &str) -> Vec<String> {
    let called = path.join(" ");
    let id = arg.get_id().as_str();
    let mut line = path.to_vec();
    let given =
        |flag: &str| besides(&called, id).iter().any(|b| b.starts_with(&format!("--{flag}")));
    match arg.get_long() {
        // A value once is enough where the command would be given it twice.
        Some(flag) if given(flag) => line.push(format!("--{flag}={value}")),
        long => {
            line.extend(besides(&called, id).iter().map(|word| (*word).to_owned()));
            line.extend(long.map(|flag| format!("--{flag}={value}")));
        }
    }
    let positionals: Vec<String> = command
        .get_positionals()
        .filter(|p| p.get_id() == arg.get_id() || p.is_required_set())
        .map(|p| if p.get_id() == arg.get_id() { value.to_owned() } else { "none".to_owned() })
        .collect();
    if !positionals.is_empty() {
        line.push("--".to_owned());
        line.extend(positionals);
    }
    line
}

fn takes_value(arg: &Arg) -> bool {
    arg.get_action().takes_values() && !matches!(arg.get_id().as_str(), "help" | "version")
}

#[test]
fn no_secret_comes_out_of_any_flag_or_argument() {
    let secrets = Secrets::new();
    let mut tried = 0;
    for (path, command) in leaves(&Cli::command(), &[]) {
        for (at, arg) in command.get_arguments().filter(|arg| takes_value(arg)).enumerate() {
            // The demo is a whole run each time, and its options are those of check.
            let few = path[0] == "demo" && arg.get_id() != "scenario";
            for value in secrets
                .values()
                .iter()
                .skip(if few { at % 4 } else { 0 })
                .step_by(if few { 9 } else { 1 })
            {
                let line = line(&path, &command, arg, value);
                secrets.try_out(Program::new(&line), &format!("{line:?}"));
                tried += 1;
            }
        }
        // An argument too many.
        let mut line = path.clone();
        line.push(secrets.values()[0].clone());
        line.push(CLIENT_SECRET.to_owned());
        line.push(CLIENT_SECRET.to_owned());
        secrets.try_out(Program::new(&line), &format!("{line:?}"));
    }
    assert!(tried > 400, "{tried} lines tried");
}

#[test]
fn no_secret_comes_out_of_any_variable() {
    let secrets = Secrets::new();
    let mut variables = HashSet::from([
        "NETSUITE_PRIVATE_KEY".to_owned(),
        "NETSUITE_PREFLIGHT_SHARD_INDEX".to_owned(),
        "HTTPS_PROXY".to_owned(),
    ]);
    for (_, command) in leaves(&Cli::command(), &[]) {
        let of_args = command.get_arguments().filter_map(Arg::get_env);
        variables.extend(of_args.map(|name| name.to_string_lossy().into_owned()));
    }
    assert!(variables.len() > 6, "{variables:?}");
    for variable in &variables {
        for value in secrets.values() {
            for line in [&["check", "--offline"][..], &["certificates", "list"]] {
                let program = Program::new(line).env(variable, &value);
                secrets.try_out(program, &format!("{line:?} with {variable}={value}"));
            }
        }
    }
}

#[test]
fn no_secret_comes_out_of_any_file() {
    let secrets = Secrets::new();
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for (at, value) in secrets.values().into_iter().chain([secrets.pem.clone()]).enumerate() {
        for text in
            [value.clone(), format!("{{\"schema\": \"{value}\"}}"), format!("a = '{value}'")]
        {
            let path = folder.path().join(format!("file-{at}-{}.toml", files.len()));
            std::fs::write(&path, text).unwrap();
            files.push(path.display().to_string());
        }
    }
    for (path, command) in leaves(&Cli::command(), &[]) {
        let read = command.get_arguments().filter(|arg| {
            let names = arg.get_value_names().unwrap_or_default();
            let file = names.iter().any(|name| name.contains("FILE"))
                || matches!(arg.get_id().as_str(), "file" | "old" | "new");
            file && !WRITTEN.contains(&arg.get_id().as_str()) && path[0] != "demo"
        });
        for arg in read {
            for file in &files {
                let line = line(&path, &command, arg, file);
                secrets.try_out(Program::new(&line), &format!("{line:?}"));
            }
        }
    }
}
