//! `private-key-file`

use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::spec::{self, Run, Spec, findings};
use crate::credentials::access_list::Crowd;
use crate::credentials::input::Origin;
use crate::credentials::key_file::{self, Concern, KeyFileReport, Others};
use crate::engine::{Evidence, FindingId, ReasonCode, Severity, Verdict};

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
    match key_file::inspect(path) {
        Ok(report) => judge(&report),
        Err(error) => Verdict::inconclusive(
            ReasonCode::Ambiguous,
            UNKNOWN,
            format!("The file of the private key cannot be examined: {}.", error.kind()),
        ),
    }
}

fn judge(report: &KeyFileReport) -> Verdict {
    let mode = report.mode.map(|mode| format!("{mode:04o}"));
    let verdict = match &mode {
        Some(mode) => Verdict::pass(format!("Only its owner may read the key file (mode {mode})."))
            .evidence(Evidence::new("mode", mode).expected("0600")),
        None => Verdict::pass("No group of ordinary users may read the key file."),
    };
    report.concerns.iter().fold(verdict, |verdict, concern| {
        let (severity, finding) = graded(concern);
        let verdict = match concern {
            Concern::Readable(Others::Crowds(crowds)) => {
                verdict.evidence(Evidence::new("readable_by", names(crowds)))
            }
            _ => verdict,
        };
        verdict.note(severity, finding, told(concern, mode.as_deref()))
    })
}

fn graded(concern: &Concern) -> (Severity, FindingId) {
    match concern {
        Concern::Readable(_) => (Severity::Warn, READABLE),
        Concern::Writable(_) => (Severity::Warn, WRITABLE),
        Concern::FolderWritable(_) => (Severity::Warn, FOLDER),
        Concern::Unseen(_) => (Severity::Open, UNKNOWN),
        Concern::OtherOwner => (Severity::Note, OWNER),
        Concern::Link => (Severity::Note, LINK),
        Concern::Repository { ignored: false } => (Severity::Warn, REPOSITORY),
        Concern::Repository { ignored: true } => (Severity::Note, IGNORED),
        Concern::Synced(_) => (Severity::Warn, SYNCED),
        Concern::Downloads => (Severity::Warn, DOWNLOADS),
        Concern::Temporary => (Severity::Note, TEMPORARY),
    }
}

fn told(concern: &Concern, mode: Option<&str>) -> String {
    let mode = mode.map(|mode| format!(" (mode {mode})")).unwrap_or_default();
    let text = match concern {
        Concern::Readable(who) => return format!("{} read the private key{mode}.", may(who)),
        Concern::Writable(Others::Crowds(crowds)) => {
            return format!("{} may change the key file.", names(crowds));
        }
        Concern::Writable(_) => {
            return format!("Others than its owner may change the key file{mode}.");
        }
        Concern::FolderWritable(Others::Crowds(crowds)) => {
            return format!(
                "{} may replace files in the folder of the private key.",
                names(crowds)
            );
        }
        Concern::Unseen(why) => {
            return format!("Who may read the key file cannot be seen here: {why}.");
        }
        Concern::Synced(name) => {
            return format!("The private key is in a folder that is copied to others ({name}).");
        }
        Concern::FolderWritable(_) => {
            "Every user may replace files in the folder of the private key."
        }
        Concern::OtherOwner => "The key file belongs to another user.",
        Concern::Link => "The path is a symbolic link; the file it leads to was examined.",
        Concern::Repository { ignored: false } => {
            "The private key is inside a Git work tree, where it is easily committed."
        }
        Concern::Repository { ignored: true } => {
            "The private key is inside a Git work tree; the .gitignore beside it keeps it out."
        }
        Concern::Downloads => "The private key is in the Downloads folder.",
        Concern::Temporary => "The private key is in a temporary folder.",
    };
    text.to_owned()
}

fn may(others: &Others) -> String {
    match others {
        Others::Group => "Its group may".to_owned(),
        Others::All => "Every user of this machine may".to_owned(),
        Others::Crowds(crowds) => format!("{} may", names(crowds)),
    }
}

/// The names as they stand on the Security tab of a file's properties.
fn names(crowds: &[Crowd]) -> String {
    let names: Vec<&str> = crowds.iter().map(|crowd| crowd.name()).collect();
    let (last, before) = match names.as_slice() {
        [before @ .., last] => (*last, before.join(", ")),
        [] => ("", String::new()),
    };
    let all = if before.is_empty() { last.to_owned() } else { format!("{before} and {last}") };
    format!("The group{} {all}", if names.len() > 1 { "s" } else { "" })
}

#[cfg(test)]
mod tests {
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

    #[cfg(unix)]
    fn with_mode(path: &Path, mode: u32) {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[cfg(unix)]
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

    #[test]
    fn the_groups_of_an_access_list_are_named() {
        let judged = |concerns| judge(&KeyFileReport { mode: None, concerns });
        assert_eq!(judged(vec![]).status(), Status::Pass);
        let crowds = |crowds: &[Crowd]| Others::Crowds(crowds.to_vec());
        let both = crowds(&[Crowd::AuthenticatedUsers, Crowd::Users]);
        let verdict = judged(vec![
            Concern::Readable(both),
            Concern::Writable(crowds(&[Crowd::Everyone])),
            Concern::Link,
        ]);
        assert_eq!(verdict.status(), Status::Warn);
        assert_eq!(
            verdict.summary(),
            "The groups Authenticated Users and Users may read the private key. The group Everyone \
             may change the key file. The path is a symbolic link; the file it leads to was examined."
        );
        let unseen = judged(vec![Concern::Unseen(std::io::ErrorKind::Unsupported)]);
        assert_eq!(unseen.status(), Status::Inconclusive);
    }
}
