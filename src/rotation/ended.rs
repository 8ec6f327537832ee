//! How a `certificates` command ended, as one document for people or programs.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Serialize;

use crate::checks::cards::Guidance;
use crate::cli::error::CommandError;
use crate::cli::options::PlainFormat;
use crate::data;
use crate::report::guidance::fill;
use crate::report::handbook;
use crate::report::json;
use crate::report::page::{Line, PROSE, Page, VALUE, steps};
use crate::report::reader::{Reader, carrying};
use crate::report::text::Tone;
use crate::report::v1::{Fix, Status};
use crate::report::values::{Form, Values};
use crate::rotation::row::CertificateRow;
use crate::rotation::standing::PairsLeft;
use crate::types::Service;
use crate::types::{AccountId, ExitCode, Scrubber};

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub exit: ExitCode,
    pub finding: CertificateFinding,
    /// What was seen and done, in whole sentences.
    pub summary: String,
    /// For the placeholders of the guidance.
    pub values: Values,
    /// The certificates that NetSuite lists, where they are worth showing.
    pub certificates: Vec<CertificateRow>,
    /// The one certificate that the command was about.
    pub certificate_id: Option<String>,
    /// What a rotation left where.
    pub rotation: Option<PairsLeft>,
    /// Steps from a check that failed; they come before those of the finding.
    pub fixes: Vec<Fix>,
    pub account: Option<AccountId>,
}

impl Ended {
    pub fn new(exit: ExitCode, finding: CertificateFinding, summary: impl Into<String>) -> Self {
        Self {
            exit,
            finding,
            summary: summary.into(),
            values: Values::default(),
            certificates: Vec::new(),
            certificate_id: None,
            rotation: None,
            fixes: Vec::new(),
            account: None,
        }
    }

    pub fn done(finding: CertificateFinding, summary: impl Into<String>) -> Self {
        Self::new(ExitCode::Ok, finding, summary)
    }

    pub fn failed(finding: CertificateFinding, summary: impl Into<String>) -> Self {
        Self::new(ExitCode::Failed, finding, summary)
    }

    pub fn undecided(finding: CertificateFinding, summary: impl Into<String>) -> Self {
        Self::new(ExitCode::Inconclusive, finding, summary)
    }

    pub fn about(mut self, certificate_id: impl Into<String>) -> Self {
        let id = certificate_id.into();
        self.values.set("certificate_id", id.as_str());
        self.certificate_id = Some(id);
        self
    }

    pub fn in_account(mut self, account: &AccountId) -> Self {
        self.account = Some(account.clone());
        self
    }

    pub fn rows(mut self, rows: Vec<CertificateRow>) -> Self {
        self.certificates = rows;
        self
    }

    /// The document in the form asked for, without any secret.
    pub fn document(
        mut self,
        command: &'static str,
        format: PlainFormat,
        reader: &Reader<'_>,
        scrubber: &Scrubber,
    ) -> Result<String, CommandError> {
        let app_host = self.account.as_ref().map(|id| id.host(Service::App));
        if let Some(id) = &self.account {
            self.values.set("account_id", id.account());
        }
        let mut next = std::mem::take(&mut self.fixes);
        let mut means = None;
        if let Some(entry) = guidance().get(self.finding.id()) {
            means = entry.means.as_ref().map(|text| self.values.fill(text.trim(), Form::Prose));
            let filled = entry.fix.iter();
            next.extend(filled.map(|s| fill(s, handbook(), &self.values, app_host.as_deref())));
        }
        let document = Document {
            command,
            result: result(self.exit),
            exit_code: self.exit.code(),
            finding: self.finding.id(),
            account_id: self.account.as_ref().map(AccountId::account),
            summary: self.summary,
            means,
            certificate_id: self.certificate_id,
            certificates: self.certificates,
            rotation: self.rotation,
            next: carrying(&next, reader),
        };
        let text = match format {
            PlainFormat::Json => json::render(&document).map_err(CommandError::internal)?,
            PlainFormat::Human => document.human(reader),
        };
        Ok(scrubber.scrub(&text).0.into_owned())
    }
}

/// Why a command ends before its last step.
#[derive(Debug)]
pub enum EarlyEnd {
    /// What there is to show instead.
    Document(Box<Ended>),
    /// Nothing to show.
    Error(CommandError),
}

impl EarlyEnd {
    /// The same, with its document changed.
    pub fn map(self, change: impl FnOnce(Ended) -> Ended) -> Self {
        match self {
            Self::Document(ended) => change(*ended).into(),
            error @ Self::Error(_) => error,
        }
    }

    /// How the whole command ends.
    pub fn end(self) -> Result<Ended, CommandError> {
        match self {
            Self::Document(ended) => Ok(*ended),
            Self::Error(error) => Err(error),
        }
    }
}

impl From<Ended> for EarlyEnd {
    fn from(ended: Ended) -> Self {
        Self::Document(Box::new(ended))
    }
}

impl From<CommandError> for EarlyEnd {
    fn from(error: CommandError) -> Self {
        Self::Error(error)
    }
}

fn result(exit: ExitCode) -> &'static str {
    match exit {
        ExitCode::Ok => "done",
        ExitCode::Inconclusive => "undecided",
        _ => "failed",
    }
}

#[derive(Serialize)]
struct Document {
    command: &'static str,
    result: &'static str,
    exit_code: u8,
    finding: &'static str,
    account_id: Option<String>,
    summary: String,
    means: Option<String>,
    certificate_id: Option<String>,
    certificates: Vec<CertificateRow>,
    rotation: Option<PairsLeft>,
    next: Vec<Fix>,
}

impl Document {
    fn human(&self, reader: &Reader<'_>) -> String {
        let style = reader.style;
        let mut page = Page::new(style);
        let (status, word) = match self.result {
            "done" => (Status::Pass, "DONE"),
            "undecided" => (Status::Inconclusive, "UNDECIDED"),
            _ => (Status::Fail, "NOT DONE"),
        };
        let account = self.account_id.as_ref().map(|id| format!(", account {id}"));
        let about = format!("certificates {}{}", self.command, account.unwrap_or_default());
        page.title(status, word, &about);
        page.gap();
        let prose = |page: &Page, text: &str| page.wrapped(&style.show(text, PROSE), 0);
        page.labelled("Seen", &prose(&page, &self.summary));
        if let Some(means) = &self.means {
            page.labelled("Means", &prose(&page, means));
        }
        for row in &self.certificates {
            page.gap();
            page.raw(&format!("  {}", style.paint(Tone::Strong, &row.head(style))));
            for (name, value) in row.facts() {
                page.raw(&format!("    {name:<10}{}", style.show(&value, VALUE)));
            }
        }
        if let Some(standing) = &self.rotation {
            page.gap();
            for (label, lines) in standing.lines() {
                let lines: Vec<Line> =
                    lines.iter().map(|line| Line::new(style.show(line, VALUE))).collect();
                page.labelled(label, &lines);
            }
        }
        page.gap();
        let next = steps(&page, &self.next, 0);
        page.labelled("Next", &next);
        page.finish()
    }
}

macro_rules! findings {
    ($($name:ident = $id:literal),+ $(,)?) => {
        /// How a command ended; `checks/shared/certificates.toml` says what that means.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum CertificateFinding { $($name),+ }

        impl CertificateFinding {
            /// Every one of them.
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name),+];

            /// Its name, in the file and in JSON.
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id),+ }
            }
        }
    };
}

findings! {
    NoToken = "no-token",
    NotPermitted = "not-permitted",
    ListUnavailable = "list-unavailable",
    Listed = "listed",
    NoRoom = "no-room",
    NotReady = "certificate-not-ready",
    NotMapped = "not-mapped",
    UploadRefused = "upload-refused",
    UploadUndecided = "upload-undecided",
    NotRegistered = "not-registered",
    Registered = "registered",
    OtherId = "other-certificate-id",
    AlreadyRegistered = "already-registered",
    RevokedBefore = "revoked-before",
    InUse = "in-use",
    LastActive = "last-active",
    NotListed = "not-listed",
    RevokeRefused = "revoke-refused",
    RevokeUndecided = "revoke-undecided",
    NotRevoked = "not-revoked",
    Revoked = "revoked",
    AlreadyRevoked = "already-revoked",
    Declined = "declined",
    NotSignedIn = "not-signed-in",
    NotConfirmed = "not-confirmed",
    MappingCreated = "mapping-created",
    MappingNotProved = "mapping-not-proved",
    KeyNotMade = "key-not-made",
    NotProved = "not-proved",
    OtherRole = "other-role",
    Proved = "proved",
    Rotated = "rotated",
    Interrupted = "interrupted",
    NothingChanged = "interrupted-before-any-change",
    JournalUnwritable = "journal-unwritable",
    FilesChanged = "files-changed",
}

static GUIDANCE: LazyLock<BTreeMap<String, Guidance>> =
    LazyLock::new(|| data::read("shared/certificates.toml"));

/// The guidance by finding.
pub(crate) fn guidance() -> &'static BTreeMap<String, Guidance> {
    &GUIDANCE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::handbook;

    #[test]
    fn every_end_has_guidance_and_every_guidance_an_end() {
        let guidance = guidance();
        let ids: Vec<&str> = CertificateFinding::ALL.iter().map(|finding| finding.id()).collect();
        for id in &ids {
            assert!(guidance.contains_key(*id), "{id} has no guidance");
        }
        for id in guidance.keys() {
            assert!(ids.contains(&id.as_str()), "{id} is never found");
        }
    }

    #[test]
    fn pages_exist() {
        let handbook = handbook();
        for (id, entry) in guidance() {
            for page in entry.fix.iter().filter_map(|step| step.page.as_deref()) {
                assert!(handbook.page(page).is_some(), "{id} names the page {page}");
            }
        }
    }
}
