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

/// A document that was read, as it is, in the same form.
///
/// # Errors
/// Never for a document; the signature is that of the serialiser.
pub fn value(document: &serde_json::Value) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(document)?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;
    use crate::report::schema::tests::complaint;

    #[test]
    fn the_sample_as_json() {
        let text = render(&samples::fixed_report()).unwrap();
        let value = serde_json::from_str(&text).unwrap();
        assert_eq!(complaint(&value), None);
        insta::assert_snapshot!(text);
    }
}
