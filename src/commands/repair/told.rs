//! What `repair` says of what it did: where it read, what it undid, what it wrote. No secret.

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use crate::cli::error::CommandError;
use crate::cli::options::PlainFormat;
use crate::credentials::clean::Clean;
use crate::credentials::generate::ENCRYPTION;
use crate::credentials::input::Material;
use crate::credentials::pem::{self, RepairKind};
use crate::credentials::strength;
use crate::report::json;
use crate::types::shown::shown_path;

/// What was done.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    /// `private-key` or `certificate`.
    wrote: &'static str,
    read: Read,
    file: Written,
    /// What kind of key, or whose certificate.
    what: String,
    certificate_id: Option<String>,
    /// How many other certificates the file holds, where nothing said which one is meant.
    others: usize,
}

#[derive(Debug, Serialize)]
struct Read {
    from: String,
    form: &'static str,
    undone: Vec<Undone>,
    text_around: bool,
}

#[derive(Debug, Serialize)]
struct Undone {
    kind: &'static str,
    text: String,
}

#[derive(Debug, Serialize)]
struct Written {
    path: String,
    mode: Option<String>,
    form: &'static str,
}

impl Told {
    pub(super) fn new(given: &Material, clean: &Clean, out: &Path, mode: Option<u32>) -> Self {
        let reading = pem::read_material(given);
        let on_its_line =
            reading.repairs.iter().any(|repair| repair.kind == RepairKind::TextOnArmourLine);
        let undone = reading
            .repairs
            .iter()
            .map(|repair| Undone { kind: repair.kind.id(), text: repair.to_string() });
        let (wrote, read_as, form) = match clean {
            Clean::Key { form, passphrase: None, .. } => {
                ("private-key", form.name(), "PKCS#8, not encrypted")
            }
            Clean::Key { form, .. } => ("private-key", form.name(), ENCRYPTION),
            Clean::Certificate { .. } => ("certificate", reading.thing.name(), "X.509"),
        };
        let (what, certificate_id) = match clean {
            Clean::Key { key, .. } => {
                let kind = strength::judge_public(key.pkey()).map(|judged| judged.description);
                (kind.unwrap_or_else(|_| "of an unknown kind".to_owned()), None)
            }
            Clean::Certificate { certificate, .. } => {
                (certificate.subject(), Some(certificate.certificate_id().to_string()))
            }
        };
        let others = match clean {
            Clean::Certificate { others, .. } => *others,
            Clean::Key { .. } => 0,
        };
        Self {
            wrote,
            others,
            read: Read {
                from: given.origin.to_string(),
                form: read_as,
                undone: undone.collect(),
                text_around: reading.text_around.is_some() && !on_its_line,
            },
            file: Written {
                path: shown_path(out),
                mode: mode.map(|mode| format!("{:04o}", mode & 0o7777)),
                form,
            },
            what,
            certificate_id,
        }
    }

    /// The document in the form asked for.
    pub(super) fn document(&self, format: PlainFormat) -> Result<String, CommandError> {
        match format {
            PlainFormat::Json => json::render(self).map_err(CommandError::internal),
            PlainFormat::Human => self.human().map_err(CommandError::internal),
        }
    }

    fn human(&self) -> Result<String, std::fmt::Error> {
        let mut out = String::new();
        let key = self.wrote == "private-key";
        let what = if key { "Private key" } else { "Certificate" };
        writeln!(out, "{what} written and read back\n")?;
        writeln!(out, "  Read from       {}", self.read.from)?;
        writeln!(out, "                  {}", self.read.form)?;
        for undone in &self.read.undone {
            writeln!(out, "                  {}", undone.text)?;
        }
        if self.read.text_around {
            writeln!(out, "                  There is other text around it.")?;
        }
        let mode = self.file.mode.as_ref().map(|mode| format!(" (mode {mode})"));
        writeln!(out, "  Written to      {}{}", self.file.path, mode.unwrap_or_default())?;
        writeln!(out, "                  {}", self.file.form)?;
        writeln!(out, "  {:<14}  {}", if key { "Key type" } else { "Subject" }, self.what)?;
        if let Some(id) = &self.certificate_id {
            writeln!(out, "  Certificate ID  {id}")?;
        }
        if self.others > 0 {
            let more = if self.others == 1 { "certificate" } else { "certificates" };
            writeln!(
                out,
                "\n  The file holds {} more {more}. To take the one that belongs to",
                self.others
            )?;
            writeln!(out, "  a private key, name that key with --private-key.")?;
        }
        Ok(out)
    }
}
