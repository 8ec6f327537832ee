//! `--format json`.

use serde::Serialize;

/// A report, or any other document, as indented JSON with a newline at the end.
///
/// # Errors
/// Never for a report; the signature is that of the serialiser.
pub fn render(document: &(impl Serialize + ?Sized)) -> Result<String, serde_json::Error> {
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
