//! The checksum over a report: SHA-256 of its RFC 8785 form without the member `integrity`.

use serde_json::{Map, Value};

use super::v1::Report;
use crate::types::hex;

/// Why the checksum of a document cannot be found or does not hold.
#[derive(Debug, thiserror::Error)]
pub enum IntegrityError {
    /// It is not an object, or has no `integrity.sha256`.
    #[error("this is no report: it has no member integrity.sha256")]
    NotAReport,
    /// The checksum is another one.
    #[error(
        "the report was changed after it was written: its checksum says {stated}, its content gives {computed}"
    )]
    Changed {
        /// What the document says.
        stated: String,
        /// What its content gives.
        computed: String,
    },
    /// It cannot be brought into the RFC 8785 form.
    #[error("the report cannot be brought into canonical form: {0}")]
    Canonical(#[from] serde_json::Error),
}

/// The checksum of a document, whatever its member `integrity` says.
///
/// # Errors
/// When the document is no object or cannot be brought into canonical form.
pub fn checksum(document: &Value) -> Result<String, IntegrityError> {
    let mut members = document.as_object().ok_or(IntegrityError::NotAReport)?.clone();
    members.remove("integrity");
    of_members(&members)
}

/// The checksum of these members.
pub(super) fn of_members(members: &Map<String, Value>) -> Result<String, IntegrityError> {
    let canonical = serde_json_canonicalizer::to_vec(members)?;
    Ok(hex(&openssl::sha::sha256(&canonical)))
}

/// Whether a document still is what was written.
///
/// # Errors
/// When it is not, or is no report at all.
pub fn verify(document: &Value) -> Result<(), IntegrityError> {
    let stated = document
        .pointer("/integrity/sha256")
        .and_then(Value::as_str)
        .ok_or(IntegrityError::NotAReport)?;
    same(stated, checksum(document)?)
}

/// Whether a checksum is the one that was stated.
pub(super) fn same(stated: &str, computed: String) -> Result<(), IntegrityError> {
    if stated == computed {
        return Ok(());
    }
    Err(IntegrityError::Changed { stated: stated.to_owned(), computed })
}

/// Writes the checksum into a report.
///
/// # Errors
/// When the report cannot be brought into canonical form.
pub fn seal(report: &mut Report) -> Result<(), IntegrityError> {
    report.integrity.sha256 = checksum(&serde_json::to_value(&*report)?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The example of RFC 8785, section 3.2.3, and the SHA-256 of its canonical form.
    #[test]
    fn the_example_of_the_rfc() {
        let document: Value = serde_json::from_str(
            r#"{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
                "literals": [null, true, false]}"#,
        )
        .unwrap();
        let canonical = "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
        assert_eq!(checksum(&document).unwrap(), hex(&openssl::sha::sha256(canonical.as_bytes())));
    }

    #[test]
    fn order_and_space_do_not_matter_and_everything_else_does() {
        // printf '{"a":1,"b":[true,null]}' | sha256sum
        let sum = "1cc69c7fa23616ca2ec3ee70d24390a6225c8832db8a4c814c7e0e7f942f8668";
        let text =
            format!(r#"{{ "b": [true, null], "integrity": {{"sha256": "{sum}"}}, "a": 1 }}"#);
        verify(&serde_json::from_str(&text).unwrap()).unwrap();
        let changed = text.replace("true", "false");
        assert!(matches!(
            verify(&serde_json::from_str(&changed).unwrap()),
            Err(IntegrityError::Changed { .. })
        ));
    }

    #[test]
    fn what_is_no_report_is_named() {
        for wrong in [json!(null), json!([]), json!({}), json!({"integrity": {"sha256": 1}})] {
            assert!(matches!(verify(&wrong), Err(IntegrityError::NotAReport)), "{wrong}");
        }
    }
}
