//! The forms in which a report can be had.

use std::path::Path;

use super::handbook::Handbook;
use super::stored::Stored;
use super::style::Style;
use super::v1::Report;
use super::{html, human, json, junit, markdown, openmetrics, short};
use crate::checklist::cards::BadCard;

/// The forms of a report. All carry the same verdict and exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a person at a terminal.
    Human,
    /// A few lines for a chat message.
    Short,
    /// The whole report, for programs and support desks.
    Json,
    /// For CI systems.
    Junit,
    /// For a ticket or the summary of a CI job.
    Markdown,
    /// One file for a browser, a mail or a printer.
    Html,
    /// For a monitoring system.
    OpenMetrics,
}

/// A file whose form its name does not tell.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "the form of a saved report follows from the extension of its file; the known ones are {}",
    known()
)]
pub struct UnknownExtension;

/// The report cannot be brought into a form. Always a bug.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The guidance does not load.
    #[error(transparent)]
    Handbook(#[from] BadCard),
    /// As JSON.
    #[error("the report cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// As XML.
    #[error("the report cannot be written as XML: {0}")]
    Xml(#[from] std::io::Error),
}

/// What is to be shown.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// The report of a run.
    Run(&'a Report),
    /// A report, or a set of them, that was read. As JSON it stays what it was, with members that
    /// this program does not know.
    Stored(&'a Stored),
}

impl<'a> Source<'a> {
    /// The reports, one or many.
    fn reports(self) -> &'a [Report] {
        match self {
            Self::Run(report) => std::slice::from_ref(report),
            Self::Stored(stored) => stored.reports(),
        }
    }
}

impl Format {
    /// All forms.
    pub const ALL: [Self; 7] = [
        Self::Human,
        Self::Short,
        Self::Json,
        Self::Junit,
        Self::Markdown,
        Self::Html,
        Self::OpenMetrics,
    ];

    /// The name that `--format` takes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Short => "short",
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::OpenMetrics => "openmetrics",
        }
    }

    /// What it is for, in a few words.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Human => "For a person at a terminal",
            Self::Short => "A few lines for a chat message",
            Self::Json => "The whole report as JSON, secrets left out",
            Self::Junit => "JUnit XML, for the test view of a CI system",
            Self::Markdown => "For a ticket or the summary of a CI job",
            Self::Html => "One self-contained page for a browser, a mail or a printer",
            Self::OpenMetrics => "OpenMetrics text, for a node exporter's textfile collector",
        }
    }

    /// The extension of files in this form, where one belongs to it.
    #[must_use]
    pub fn extension(self) -> Option<&'static str> {
        match self {
            Self::Human => Some("txt"),
            Self::Short => None,
            Self::Json => Some("json"),
            Self::Junit => Some("xml"),
            Self::Markdown => Some("md"),
            Self::Html => Some("html"),
            Self::OpenMetrics => Some("prom"),
        }
    }

    /// The form that the name of a file tells.
    ///
    /// # Errors
    /// When its extension is none of the known ones.
    pub fn of_file(path: &Path) -> Result<Self, UnknownExtension> {
        let given = path.extension().and_then(|extension| extension.to_str());
        let given = given.map(str::to_ascii_lowercase);
        let found = Self::ALL
            .into_iter()
            .find(|format| given.is_some() && format.extension() == given.as_deref());
        found.ok_or(UnknownExtension)
    }
}

fn known() -> String {
    let named = |format: &Format| Some(format!(".{} ({})", format.extension()?, format.name()));
    Format::ALL.iter().filter_map(named).collect::<Vec<_>>().join(", ")
}

/// The document in this form.
///
/// # Errors
/// Only on a bug.
pub fn render(source: Source<'_>, format: Format, style: Style) -> Result<String, RenderError> {
    let reports = source.reports();
    match format {
        Format::Json => Ok(match source {
            Source::Run(report) => json::render(report)?,
            Source::Stored(stored) => stored_json(stored)?,
        }),
        Format::Short => Ok(joined(reports, |report| short::render(report, style))),
        Format::Human => {
            let handbook = Handbook::load()?;
            Ok(joined(reports, |report| human::render(report, &handbook, style)))
        }
        Format::Junit => Ok(junit::render(reports, &Handbook::load()?)?),
        Format::Markdown => Ok(markdown::render(reports, &Handbook::load()?)),
        Format::Html => Ok(html::render(reports, &Handbook::load()?)),
        Format::OpenMetrics => Ok(openmetrics::render(reports)),
    }
}

/// In the order of the members that is usual, where the document holds no others.
fn stored_json(stored: &Stored) -> Result<String, serde_json::Error> {
    match stored.reports() {
        [report] if serde_json::to_value(report)? == *stored.value() => json::render(report),
        _ => json::value(stored.value()),
    }
}

fn joined(reports: &[Report], show: impl Fn(&Report) -> String) -> String {
    reports.iter().map(show).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_name_their_form_in_any_case() {
        for format in Format::ALL {
            let Some(extension) = format.extension() else { continue };
            for extension in [extension.to_owned(), extension.to_uppercase()] {
                let name = format!("a.b/report.{extension}");
                assert_eq!(Format::of_file(Path::new(&name)), Ok(format));
            }
        }
        for wrong in ["report", "report.pdf", ".json", "json", "report.json.gz", "", "-"] {
            let error = Format::of_file(Path::new(wrong)).unwrap_err().to_string();
            for extension in [".json", ".xml", ".md", ".html", ".txt", ".prom"] {
                assert!(error.contains(extension), "{error}");
            }
        }
    }
}
