//! `--format json`.

use super::v1::Report;

/// The report as indented JSON with a newline at the end.
///
/// # Errors
/// Never for a report; the signature is that of the serialiser.
pub fn render(report: &Report) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    Ok(text)
}
