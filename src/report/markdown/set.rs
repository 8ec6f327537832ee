//! Many targets: a table of all, then the details of those that did not pass.

use std::io::{self, Write};

use super::escape::text;
use super::{STYLE, one};
use crate::report::set::listed::Digest;
use crate::report::set::text::{counted, exit, of_target, result};
use crate::report::set::{Listed, Many};
use crate::report::v1::Status;
use crate::report::{Handbook, Reader, words};

/// The most bytes of the whole. The summary of a step of GitHub Actions takes 1 MiB and drops all
/// of what is larger. Source: docs.github.com, "Workflow commands for GitHub Actions", step isolation
/// and limits.
const MOST: usize = 900_000;

/// Writes the targets as one document.
///
/// # Errors
/// When a report cannot be fetched, or the document cannot be written.
pub(in crate::report) fn write(
    out: &mut dyn Write,
    many: &mut dyn Many,
    handbook: &Handbook,
    reader: &Reader<'_>,
) -> io::Result<()> {
    let mut written = 0;
    let mut put = |out: &mut dyn Write, text: &str| {
        written += text.len();
        out.write_all(text.as_bytes()).map(|()| written)
    };
    let (status, word) = result(many);
    let counts = many.summary().counts;
    let targets = crate::report::set::text::targets(counts.targets);
    put(out, &format!("# {} {word}: {targets}\n\n", STYLE.mark(status)))?;
    if status != Status::Skipped {
        put(out, &format!("{}\n\n", counted(&counts, STYLE)))?;
    }
    put(out, &format!("{}\n", text(&exit(many))))?;
    if !many.targets().is_empty() {
        put(out, "\n| Target | Account | Result | First problem |\n|---|---|---|---|\n")?;
    }
    for target in many.targets() {
        put(out, &row(target))?;
    }
    let mut left = 0;
    for index in 0..many.targets().len() {
        if many.targets().get(index).is_none_or(Listed::passed) {
            continue;
        }
        let Some(report) = many.report(index)? else { continue };
        let Some(target) = many.targets().get(index) else { continue };
        let again = of_target(reader, Some(&target.name));
        let reader = Reader { again: again.as_deref().or(reader.again), ..*reader };
        let details = one(&report, &target.shown(Some(&report)), handbook, &reader);
        if put(out, "")? + details.len() > MOST {
            left += 1;
            continue;
        }
        put(out, &format!("\n---\n\n{details}"))?;
    }
    if left > 0 {
        let told = format!(
            "The details of {} more have no room here: the forms json and html have them.",
            crate::report::set::text::targets(left)
        );
        put(out, &format!("\n---\n\n{}\n", text(&told)))?;
    }
    Ok(())
}

/// One line of the table. What did not pass stands out.
fn row(target: &Listed) -> String {
    let status = target.head();
    let told = format!("{} {}", STYLE.mark(status), target.word());
    let told = if status == Status::Fail { format!("**{told}**") } else { told };
    let account = target.digest.as_ref().map(account).unwrap_or_default();
    let (name, problem) = (text(&target.name), problem(target));
    format!("| {name} | {} | {told} | {} |\n", text(&account), text(&problem))
}

/// The account, and what stood in for NetSuite.
fn account(digest: &Digest) -> String {
    let instead =
        digest.connect_to.as_ref().map(|address| format!(", {address} in place of NetSuite"));
    let replay = if digest.replay { ", replay" } else { "" };
    format!("{}{}{replay}", digest.account, instead.unwrap_or_default())
}

/// Why it could not be checked, or its first problem.
fn problem(target: &Listed) -> String {
    let digest = target.digest.as_ref();
    let found = digest.and_then(|digest| digest.problem.as_ref());
    let found = found.map(|problem| {
        format!("{} {}: {}", problem.name, words::status(problem.status), problem.seen)
    });
    let parts: Vec<String> = target.error.clone().into_iter().chain(found).collect();
    parts.join("; ")
}
