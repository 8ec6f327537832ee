//! Certificates and keys that others made to break parsers: no panic, no hang, no empty message.
//!
//! The archives are not part of this repository. They are looked for in the directory that
//! `NETSUITE_PREFLIGHT_CORPORA` names, and beside the checkout in `shared/corpora`; without them
//! the test says so and ends.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use netsuite_preflight::door::plan::{self, Selection};
use netsuite_preflight::door::read_file;
use netsuite_preflight::door::{CheckResult, Status, run_checks};
use netsuite_preflight::door::{Clock, Scrubber, SecretKind};
use netsuite_preflight::door::{Context, Inputs};

fn corpora() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    let folder = std::env::var_os("NETSUITE_PREFLIGHT_CORPORA").map_or(beside, PathBuf::from);
    folder.is_dir().then_some(folder)
}

fn unpacked(archive: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let status =
        Command::new("tar").arg("-xJf").arg(archive).arg("-C").arg(folder.path()).status().unwrap();
    assert!(status.success(), "{} cannot be unpacked", archive.display());
    folder
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// How long this thread has worked: what others do on a busy machine does not count. Where the system
/// does not tell, nothing is measured.
fn worked() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = told.split(' ').next().and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.unwrap_or_default())
}

/// All offline checks over a file that is given as certificate and as private key.
async fn check(path: &Path) -> Vec<CheckResult> {
    let material = |flag| Some(read_file(path, flag, SecretKind::PrivateKey).unwrap());
    let inputs = Inputs {
        certificate: material("--certificate"),
        private_key: material("--private-key"),
        ..Inputs::default()
    };
    let context = Context::new(inputs, Clock::system(), Scrubber::default());
    let selection = Selection { offline: true, ..Selection::default() };
    let nodes = plan::nodes(&context, &selection);
    let deadline = Instant::now() + Duration::from_secs(60);
    run_checks(nodes, &context, &(), deadline).await.unwrap()
}

#[tokio::test]
async fn no_file_of_the_corpora_breaks_a_check() {
    let Some(folder) = corpora() else {
        println!("skipped: no corpora here");
        return;
    };
    let (mut seen, mut slowest) = (0, (Duration::ZERO, PathBuf::new()));
    let mut wrong = Vec::new();
    for name in ["zlint", "limbo", "x509test"] {
        let unpacked = unpacked(&folder.join(format!("{name}.tar.xz")));
        let mut files = Vec::new();
        files_below(unpacked.path(), &mut files);
        for path in files {
            let began = worked();
            let results = check(&path).await;
            let took = worked().saturating_sub(began);
            seen += 1;
            if took > slowest.0 {
                slowest = (took, path.clone());
            }
            if took > Duration::from_secs(5) {
                wrong.push(format!("{}: {took:?}", path.display()));
            }
            for result in &results {
                let broken = result.verdict.summary().trim().is_empty()
                    || result.verdict.status() == Status::Inconclusive;
                if broken {
                    wrong.push(format!("{}: {}: {:?}", path.display(), result.key, result.verdict));
                }
            }
        }
    }
    println!("{seen} files, the slowest {:?}: {}", slowest.0, slowest.1.display());
    assert!(seen > 2_000, "only {seen} files seen");
    assert!(slowest.0 > Duration::ZERO || !cfg!(target_os = "linux"), "nothing was measured");
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
