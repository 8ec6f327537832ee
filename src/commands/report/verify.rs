//! `report verify`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::error::CommandError;
use crate::cli::options::PlainFormat;
use crate::commands::report::input::{Document, InputError, name, read};
use crate::report::json::render;
use crate::report::stored::StoredError;
use crate::report::v1::Status;
use crate::report::verify::{Examination, examine};
use crate::report::words;
use crate::terminal::output;
use crate::terminal::output::{Destination, print};
use crate::types::ExitCode;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct VerifyArgs {
    /// Report in the form json, or a set of them; `-` is standard input
    file: PathBuf,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = PlainFormat::Human)]
    format: PlainFormat,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight report verify report.json
  netsuite-preflight report verify report.json --format json

Examines whether the report is complete, unchanged since it was written, agrees
with itself, and holds nothing in the form of a private key, a token or a
Client Secret. The checksum shows accidents and careless edits; it is no
signature. What looks like a secret is never printed, only where it stands.

Exit codes: 0 all is well; 1 something is not;
  2 the file cannot be read, or is of a version that this program does not know";

pub(super) fn run(args: &VerifyArgs) -> Result<ExitCode, CommandError> {
    let document = match read(&args.file) {
        Ok(document) => document,
        Err(InputError::Content {
            source:
                source @ (StoredError::Empty
                | StoredError::NotJson(_)
                | StoredError::Ambiguous(_)
                | StoredError::Unfit(_)
                | StoredError::Invalid { .. }
                | StoredError::NotAReport
                | StoredError::Malformed { .. }),
            ..
        }) => {
            let wrong = Examination { name: "schema", ok: false, seen: vec![source.to_string()] };
            return tell(args, &[(None, vec![wrong])], true);
        }
        Err(error) => return Err(CommandError::usage(error)),
    };
    match document {
        Document::One(stored) => {
            let title = words::target(stored.report());
            tell(args, &[(Some(title), examine(&stored))], true)
        }
        Document::Set(set) => {
            let all: Vec<_> =
                set.examined().map(|(title, examined)| (Some(title), examined)).collect();
            tell(args, &all, set.is_sealed())
        }
    }
}

fn tell(
    args: &VerifyArgs,
    all: &[(Option<String>, Vec<Examination>)],
    sealed: bool,
) -> Result<ExitCode, CommandError> {
    let ok = all.iter().flat_map(|(_, examined)| examined).all(|one| one.ok);
    let code = if ok { ExitCode::Ok } else { ExitCode::Failed };
    let document = match args.format {
        PlainFormat::Human => human(args, all, ok, sealed),
        PlainFormat::Json => {
            let reports: Vec<_> = all
                .iter()
                .map(|(target, examined)| json!({"target": target, "examinations": examined}))
                .collect();
            let document = json!({"ok": ok, "sealed": sealed, "reports": reports});
            render(&document).map_err(CommandError::internal)?
        }
    };
    print(&document, code)
}

fn human(
    args: &VerifyArgs,
    all: &[(Option<String>, Vec<Examination>)],
    ok: bool,
    sealed: bool,
) -> String {
    let style = output::style(&Destination::Stdout);
    let mut out = String::new();
    for (target, examined) in all {
        let target = target.as_ref().map(|target| format!(": {target}")).unwrap_or_default();
        out.push_str(&style.show(&format!("{}{target}", name(&args.file)), 300));
        out.push('\n');
        for one in examined {
            for seen in &one.seen {
                let open = !sealed && one.ok && one.name == "seal";
                out.push_str(&format!(
                    "  {} {:<9} {}\n",
                    if open {
                        style.mark(Status::Skipped).to_owned()
                    } else {
                        style.verified(one.ok)
                    },
                    one.name,
                    style.show(seen, 600)
                ));
            }
        }
    }
    out.push_str(match (ok, sealed) {
        (true, true) => "Verified.\n",
        (true, false) => "Verified. The names of the targets are not: this set has no seal.\n",
        (false, _) => "Not verified: see above.\n",
    });
    out
}
