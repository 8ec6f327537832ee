//! The forms in which a report can be had.

use std::io::{self, Write};
use std::path::Path;

use strum::VariantArray as _;

use super::stored::Stored;
use super::v1::Report;
use super::{html, human, json, junit, markdown, openmetrics, short};
use crate::report::Reader;
use crate::report::handbook;
use crate::report::set::Many;

/// The forms of a report. All carry the same verdict and exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::VariantArray, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
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
    /// As JSON.
    #[error("the report cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// As text.
    #[error("the report cannot be written: {0}")]
    Text(#[from] io::Error),
}

/// What is to be shown.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// The report of a run.
    Run(&'a Report),
    /// A report that was read. As JSON it stays what it was, with members that this program does
    /// not know.
    Stored(&'a Stored),
}

impl Format {
    /// The name that `--format` takes.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
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
        let found = Self::VARIANTS
            .iter()
            .copied()
            .find(|format| given.is_some() && format.extension() == given.as_deref());
        found.ok_or(UnknownExtension)
    }
}

fn known() -> String {
    let named = |format: &Format| Some(format!(".{} ({})", format.extension()?, format.name()));
    Format::VARIANTS.iter().filter_map(named).collect::<Vec<_>>().join(", ")
}

/// The document in this form.
///
/// # Errors
/// Only on a bug.
pub fn render(
    source: Source<'_>,
    format: Format,
    reader: &Reader<'_>,
) -> Result<String, RenderError> {
    match source {
        Source::Run(report) => one(report, format, reader),
        Source::Stored(stored) if format == Format::Json => Ok(stored_json(stored)?),
        Source::Stored(stored) => one(stored.report(), format, reader),
    }
}

/// How a form is written. A new form has to say so here before the program compiles.
pub enum Writer {
    /// The document as it is read by programs.
    Json,
    /// Each report for itself, in lines of text that begin with this margin among many.
    Alone(fn(&Report, &Reader<'_>) -> String, &'static str),
    /// One report, and many targets beside each other.
    Beside(fn(&Report, &Reader<'_>) -> Result<String, RenderError>, WriteMany),
}

/// Writes many targets, of which no more than one report stands in memory.
pub type WriteMany = fn(&mut dyn Write, &mut dyn Many, &Reader<'_>) -> io::Result<()>;

impl Format {
    /// How it is written.
    #[must_use]
    pub fn writer(self) -> Writer {
        match self {
            Self::Human => {
                Writer::Alone(|one, reader| human::render(one, handbook(), reader), "  ")
            }
            Self::Short => Writer::Alone(|one, reader| short::render(one, handbook(), reader), ""),
            Self::Json => Writer::Json,
            Self::Junit => Writer::Beside(
                |one, reader| Ok(junit::render(one, handbook(), reader)?),
                |out, many, reader| junit::write(out, many, handbook(), reader),
            ),
            Self::Markdown => Writer::Beside(
                |one, reader| Ok(markdown::render(one, handbook(), reader)),
                |out, many, reader| markdown::set::write(out, many, handbook(), reader),
            ),
            Self::Html => Writer::Beside(
                |one, reader| Ok(html::render(one, handbook(), reader)),
                |out, many, reader| html::set::write(out, many, handbook(), reader),
            ),
            Self::OpenMetrics => Writer::Beside(
                |one, _| Ok(openmetrics::render(one)?),
                |out, many, _| openmetrics::write(out, many),
            ),
        }
    }
}

fn one(report: &Report, format: Format, reader: &Reader<'_>) -> Result<String, RenderError> {
    match format.writer() {
        Writer::Json => Ok(json::render(report)?),
        Writer::Alone(render, _) => Ok(render(report, reader)),
        Writer::Beside(render, _) => render(report, reader),
    }
}

/// In the order of the members that is usual, where the document holds no others.
fn stored_json(stored: &Stored) -> Result<String, serde_json::Error> {
    let report = stored.report();
    if serde_json::to_value(report)? == *stored.value() {
        return json::render(report);
    }
    json::render(stored.value())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_name_their_form_in_any_case() {
        for format in Format::VARIANTS.iter().copied() {
            let Some(extension) = format.extension() else { continue };
            for extension in [extension.to_owned(), extension.to_uppercase()] {
                let name = format!("a.b/report.{extension}");
                assert_eq!(Format::of_file(Path::new(&name)), Ok(format));
            }
        }
        for wrong in ["report", "report.pdf", ".json", "json", "report.json.gz", "", "-"] {
            let error = Format::of_file(Path::new(wrong)).unwrap_err().to_string();
            for extension in Format::VARIANTS.iter().filter_map(|format| format.extension()) {
                assert!(error.contains(&format!(".{extension}")), "{error}");
            }
        }
    }
}
