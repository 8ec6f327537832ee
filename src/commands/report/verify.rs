//! `report verify`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::error::CommandError;
use crate::cli::options::PlainFormat;
use crate::commands::report::input::{InputError, name, read};
use crate::report::json::render;
use crate::report::stored::StoredError;
use crate::report::verify::{Examination, examine, examine_set};
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
    let stored = match read(&args.file) {
        Ok(stored) => stored,
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
            return tell(args, &[(None, vec![wrong])]);
        }
        Err(error) => return Err(CommandError::usage(error)),
    };
    let targets = stored.reports().iter().map(|report| Some(words::target(report)));
    let set = examine_set(&stored).map(|set| (Some("all targets".to_owned()), set));
    let all: Vec<_> = set.into_iter().chain(targets.zip(examine(&stored))).collect();
    tell(args, &all)
}

fn tell(
    args: &VerifyArgs,
    all: &[(Option<String>, Vec<Examination>)],
) -> Result<ExitCode, CommandError> {
    let ok = all.iter().flat_map(|(_, examined)| examined).all(|one| one.ok);
    let code = if ok { ExitCode::Ok } else { ExitCode::Failed };
    let document = match args.format {
        PlainFormat::Human => human(args, all, ok),
        PlainFormat::Json => {
            let reports: Vec<_> = all
                .iter()
                .map(|(target, examined)| json!({"target": target, "examinations": examined}))
                .collect();
            let document = json!({"ok": ok, "reports": reports});
            render(&document).map_err(CommandError::internal)?
        }
    };
    print(&document, code)
}

fn human(args: &VerifyArgs, all: &[(Option<String>, Vec<Examination>)], ok: bool) -> String {
    let style = output::style(&Destination::Stdout);
    let mut out = String::new();
    for (target, examined) in all {
        let target = target.as_ref().map(|target| format!(": {target}")).unwrap_or_default();
        out.push_str(&style.show(&format!("{}{target}", name(&args.file)), 300));
        out.push('\n');
        for one in examined {
            for seen in &one.seen {
                out.push_str(&format!(
                    "  {} {:<9} {}\n",
                    style.verified(one.ok),
                    one.name,
                    style.show(seen, 600)
                ));
            }
        }
    }
    out.push_str(if ok { "Verified.\n" } else { "Not verified: see above.\n" });
    out
}
