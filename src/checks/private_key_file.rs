//! `private-key-file`

use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::spec::{self, Run, Spec, findings};
use crate::credentials::input::Origin;
use crate::credentials::input::{Concern, KeyFileReport, inspect_key_file};
use crate::engine::{Evidence, ReasonCode, Severity, Verdict};

findings! {
    READABLE = "readable-by-others",
    WRITABLE = "writable-by-others",
    FOLDER = "folder-writable-by-others",
    OWNER = "other-owner",
    LINK = "symbolic-link",
    REPOSITORY = "in-repository",
    IGNORED = "in-repository-ignored",
    SYNCED = "in-synced-folder",
    DOWNLOADS = "in-downloads",
    TEMPORARY = "in-temporary-folder",
    UNKNOWN = "cannot-be-examined",
}

/// The declaration of `private-key-file`.
pub const SPEC: Spec = Spec {
    id: ids::PRIVATE_KEY_FILE,
    phase: spec::CREDENTIALS,
    needs: &[],
    after: &[],
    findings: &[FINDINGS],
    run: Run::Offline(run),
};

fn run(context: &Context) -> Verdict {
    let Some(material) = &context.inputs.private_key else {
        return Verdict::skipped(ReasonCode::NotProvided, "No private key was given.");
    };
    let Origin::File(path) = &material.origin else {
        let summary = format!("The private key did not come from a file ({}).", material.origin);
        return Verdict::skipped(ReasonCode::NotApplicable, summary);
    };
    match inspect_key_file(path) {
        Ok(Some(report)) => judge(&report),
        Ok(None) => Verdict::skipped(
            ReasonCode::NotApplicable,
            "File modes are examined on Unix systems only.",
        ),
        Err(error) => Verdict::inconclusive(
            ReasonCode::Ambiguous,
            UNKNOWN,
            format!("The file of the private key cannot be examined: {}.", error.kind()),
        ),
    }
}

fn judge(report: &KeyFileReport) -> Verdict {
    let mode = format!("{:04o}", report.mode);
    let verdict = Verdict::pass(format!("Only its owner may read the key file (mode {mode})."))
        .evidence(Evidence::new("mode", &mode).expected("0600"));
    report.concerns.iter().fold(verdict, |verdict, concern| {
        let (severity, finding) = match concern {
            Concern::Readable { .. } => (Severity::Warn, READABLE),
            Concern::Writable => (Severity::Warn, WRITABLE),
            Concern::FolderWritable => (Severity::Warn, FOLDER),
            Concern::OtherOwner => (Severity::Note, OWNER),
            Concern::Link => (Severity::Note, LINK),
            Concern::Repository { ignored: false } => (Severity::Warn, REPOSITORY),
            Concern::Repository { ignored: true } => (Severity::Note, IGNORED),
            Concern::Synced(_) => (Severity::Warn, SYNCED),
            Concern::Downloads => (Severity::Warn, DOWNLOADS),
            Concern::Temporary => (Severity::Note, TEMPORARY),
        };
        let text = match concern {
            Concern::Readable { group, others } => {
                let who = match (group, others) {
                    (true, false) => "Its group may",
                    _ => "Every user of this machine may",
                };
                format!("{who} read the private key (mode {mode}).")
            }
            Concern::Writable => {
                format!("Others than its owner may change the key file (mode {mode}).")
            }
            Concern::FolderWritable => {
                "Every user may replace files in the folder of the private key.".to_owned()
            }
            Concern::OtherOwner => "The key file belongs to another user.".to_owned(),
            Concern::Link => {
                "The path is a symbolic link; the file it leads to was examined.".to_owned()
            }
            Concern::Repository { ignored: false } => {
                "The private key is inside a Git work tree, where it is easily committed."
                    .to_owned()
            }
            Concern::Repository { ignored: true } => {
                "The private key is inside a Git work tree; the .gitignore beside it keeps it out."
                    .to_owned()
            }
            Concern::Synced(name) => {
                format!("The private key is in a folder that is copied to others ({name}).")
            }
            Concern::Downloads => "The private key is in the Downloads folder.".to_owned(),
            Concern::Temporary => "The private key is in a temporary folder.".to_owned(),
        };
        verdict.note(severity, finding, text)
    })
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use super::*;
    use crate::checks::testing::{context, decide, findings, key_of};
    use crate::credentials::input::Material;
    use crate::engine::Status;

    fn judged(path: &Path) -> (Status, Vec<&'static str>) {
        let origin = Origin::File(path.to_owned());
        let context = context(|inputs| {
            inputs.private_key = Some(Material { origin, ..key_of("") });
        });
        let verdict = decide(&SPEC, &context);
        // Where the tests' own temporary folder lies is not their matter.
        let found = findings(&verdict).into_iter().filter(|id| *id != "in-temporary-folder");
        (verdict.status(), found.collect())
    }

    fn with_mode(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn modes_and_places() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("Dropbox");
        std::fs::create_dir(&folder).unwrap();
        let key = root.path().join("key.pem");
        std::fs::write(&key, "x").unwrap();
        for (mode, status, finding) in [
            (0o600, Status::Pass, None),
            (0o400, Status::Pass, None),
            (0o640, Status::Warn, Some("readable-by-others")),
            (0o644, Status::Warn, Some("readable-by-others")),
            (0o602, Status::Warn, Some("writable-by-others")),
        ] {
            with_mode(&key, mode);
            assert_eq!(judged(&key), (status, finding.into_iter().collect()), "{mode:o}");
        }
        with_mode(&key, 0o600);
        let link = root.path().join("link.pem");
        std::os::unix::fs::symlink(&key, &link).unwrap();
        assert_eq!(judged(&link), (Status::Pass, vec!["symbolic-link"]));

        let synced = folder.join("key.pem");
        std::fs::write(&synced, "x").unwrap();
        with_mode(&synced, 0o600);
        assert_eq!(judged(&synced), (Status::Warn, vec!["in-synced-folder"]));
        with_mode(&folder, 0o777);
        assert_eq!(judged(&synced).1.first(), Some(&"folder-writable-by-others"));
        std::fs::create_dir(root.path().join(".git")).unwrap();
        assert_eq!(judged(&key), (Status::Warn, vec!["in-repository"]));
        std::fs::write(root.path().join(".gitignore"), "/key.pem\n").unwrap();
        assert_eq!(judged(&key), (Status::Pass, vec!["in-repository-ignored"]));
    }

    #[test]
    fn what_is_no_file_is_not_examined() {
        let piped = context(|inputs| inputs.private_key = Some(key_of("")));
        let reason = |context| decide(&SPEC, context).reason().map(|reason| reason.code);
        assert_eq!(reason(&piped), Some(ReasonCode::NotApplicable));
        assert_eq!(reason(&context(|_| ())), Some(ReasonCode::NotProvided));
        assert_eq!(judged(Path::new("/nowhere/at/all")).0, Status::Inconclusive);
    }
}
