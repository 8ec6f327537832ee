//! What `generate` says about what it made.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::checks::cards::Step;
use crate::cli::error::CommandError;
use crate::cli::options::PlainFormat;
use crate::credentials::generate::{ENCRYPTION, GeneratedPair};
use crate::data;
use crate::report::Style;
use crate::report::guidance::Values;
use crate::report::v1::Fix;
use crate::report::{guidance, handbook, json, page};
use crate::terminal::output::Destination;
use crate::terminal::style;
use crate::types::Service;
use crate::types::shell::argument;
use crate::types::{AccountId, hex, shell};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NextSteps {
    steps: Vec<Step>,
}

static NEXT_STEPS: LazyLock<NextSteps> = LazyLock::new(|| data::read("shared/next-steps.toml"));

/// What comes after a new key pair.
pub(crate) fn guidance() -> &'static [Step] {
    &NEXT_STEPS.steps
}

#[derive(Serialize)]
struct Document<'a> {
    certificate_id: &'a str,
    certificate_sha256: String,
    not_before: String,
    not_after: String,
    key_type: &'a str,
    subject: &'a str,
    serial: &'a str,
    encryption: Option<&'a str>,
    private_key: Written,
    certificate: Written,
    directory_open_to_others: bool,
    next_steps: Vec<Fix>,
}

#[derive(Serialize)]
struct Written {
    path: String,
    mode: Option<String>,
}

/// The document in the form asked for.
pub(super) fn document(
    made: &GeneratedPair,
    account: Option<&AccountId>,
    passphrase_file: Option<&Path>,
    format: PlainFormat,
) -> Result<String, CommandError> {
    let next_steps = next_steps(made, account, passphrase_file);
    let document = Document {
        certificate_id: made.certificate_id.as_str(),
        certificate_sha256: hex(&made.sha256),
        not_before: made.validity.not_before.to_string(),
        not_after: made.validity.not_after.to_string(),
        key_type: made.key_type.as_str(),
        subject: &made.subject,
        serial: &made.serial,
        encryption: made.encrypted.then_some(ENCRYPTION),
        private_key: Written {
            path: made.stored.key_path.display().to_string(),
            mode: made.stored.key_mode.map(octal),
        },
        certificate: Written {
            path: made.stored.certificate_path.display().to_string(),
            mode: made.stored.certificate_mode.map(octal),
        },
        directory_open_to_others: made.stored.directory_open.is_some(),
        next_steps,
    };
    match format {
        PlainFormat::Json => json::render(&document).map_err(CommandError::internal),
        PlainFormat::Human => human_text(&document, style::style(&Destination::Stdout))
            .map_err(CommandError::internal),
    }
}

fn octal(mode: u32) -> String {
    format!("{:04o}", mode & 0o7777)
}

fn next_steps(
    made: &GeneratedPair,
    account: Option<&AccountId>,
    passphrase_file: Option<&Path>,
) -> Vec<Fix> {
    let mut values = Values::default()
        .with("certificate_id", made.certificate_id.as_str())
        .with("private_key_file", argument(&made.stored.key_path))
        .with("certificate_file", argument(&made.stored.certificate_path));
    let app_host = account.map(|id| id.host(Service::App));
    if let Some(id) = account {
        values.set("account_id", id.account());
    }
    let fill = |step| guidance::fill(step, handbook(), &values, app_host.as_deref());
    let mut steps: Vec<Fix> = guidance().iter().map(fill).collect();
    let flag = passphrase_file.and_then(|path| {
        // No path holds what no shell can take.
        Some(format!(" --passphrase-file {}", shell::word(&argument(path))?))
    });
    let checks = |command: &&mut String| command.starts_with("netsuite-preflight check");
    for command in steps.iter_mut().filter_map(|step| step.command.as_mut()).filter(checks) {
        command.push_str(flag.as_deref().unwrap_or_default());
    }
    steps
}

fn human_text(document: &Document<'_>, style: Style) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let written = |file: &Written| match &file.mode {
        Some(mode) => format!("{} (mode {mode})", file.path),
        None => file.path.clone(),
    };
    writeln!(out, "Private key and certificate made\n")?;
    writeln!(out, "  Private key     {}", written(&document.private_key))?;
    let encryption = document.encryption.unwrap_or("not encrypted (PKCS#8)");
    writeln!(out, "                  {encryption}")?;
    writeln!(out, "  Certificate     {}", written(&document.certificate))?;
    writeln!(out, "  Key type        {}", document.key_type)?;
    writeln!(out, "  Subject         {}", document.subject)?;
    writeln!(out, "  Serial          {}", document.serial)?;
    writeln!(out, "  Valid from      {}", document.not_before)?;
    writeln!(out, "  Valid until     {}", document.not_after)?;
    let (first, second) = document.certificate_sha256.split_at(32);
    writeln!(out, "  SHA-256         {}", colons(first))?;
    writeln!(out, "                  {}", colons(second))?;
    writeln!(out, "  Certificate ID  {}", document.certificate_id)?;
    if document.directory_open_to_others {
        writeln!(
            out,
            "\n  Note: other users of this machine can replace files in that directory."
        )?;
    }
    let steps = page::labelled_steps("Next", &document.next_steps, style);
    write!(out, "\n{steps}")?;
    Ok(out)
}

/// Hexadecimal digits in pairs.
fn colons(hex: &str) -> String {
    let pairs: Vec<&str> =
        (0..hex.len()).step_by(2).filter_map(|start| hex.get(start..start + 2)).collect();
    pairs.join(":").to_uppercase()
}
