//! `--format json`.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use crate::report::set::ReportSet;
use crate::report::v1::Report;

/// A report, or any other document, as indented JSON with a newline at the end.
///
/// # Errors
/// Never for a report; the signature is that of the serialiser.
pub fn render(document: &(impl Serialize + ?Sized)) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(document)?;
    text.push('\n');
    Ok(text)
}

/// The schema of a report, draft 2020-12, as indented JSON with a newline at the end.
///
/// # Errors
/// Never for these types; the signature is that of the serialiser.
pub fn report_schema() -> Result<String, serde_json::Error> {
    of::<Report>("netsuite-preflight/report, version 1")
}

/// The same of a set of reports.
///
/// # Errors
/// As [`report_schema`].
pub fn set_schema() -> Result<String, serde_json::Error> {
    of::<ReportSet>("netsuite-preflight/report-set, version 1")
}

fn of<T: JsonSchema>(title: &str) -> Result<String, serde_json::Error> {
    // What is written, not what is accepted: every member is required, unknown ones are allowed.
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    Ok(format!("{}\n", serde_json::to_string_pretty(&schema)?))
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::Value;

    use crate::report::samples;

    use super::*;

    #[test]
    fn the_sample_as_json() {
        let text = render(&samples::fixed_report()).unwrap();
        let value = serde_json::from_str(&text).unwrap();
        assert_eq!(complaint(&value), None);
        insta::assert_snapshot!(text);
    }

    /// A file of `docs/` must be what the program says it is. With `UPDATE_DOCS=1` it is written.
    fn compare_or_update(path: &str, text: &str) {
        let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1") {
            std::fs::write(&path, text).unwrap();
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            found == text,
            "{path} is not up to date; UPDATE_DOCS=1 cargo test --lib report:: writes it"
        );
    }

    /// What is wrong with a document, by the schema.
    pub(crate) fn complaint(document: &Value) -> Option<String> {
        let schema: Value = serde_json::from_str(&report_schema().unwrap()).unwrap();
        let mut schemas = boon::Schemas::new();
        let mut compiler = boon::Compiler::new();
        compiler.enable_format_assertions();
        compiler.add_resource("mem:/report", schema).unwrap();
        let index = compiler.compile("mem:/report", &mut schemas).unwrap();
        schemas.validate(document, index).err().map(|error| error.to_string())
    }

    fn sample() -> Value {
        serde_json::from_str(&render(&samples::report()).unwrap()).unwrap()
    }

    #[test]
    fn the_published_schemas_are_those_of_the_types() {
        compare_or_update("docs/report.schema.json", &report_schema().unwrap());
        compare_or_update("docs/report-set.schema.json", &set_schema().unwrap());
    }

    #[test]
    fn reports_validate() {
        assert_eq!(complaint(&sample()), None);
    }

    #[test]
    fn other_documents_do_not() {
        type Change = fn(&mut Value);
        let break_it: [(&str, Change); 7] = [
            ("a missing member", |v| drop(v["target"].as_object_mut().unwrap().remove("profile"))),
            ("an unknown status", |v| v["checks"][0]["status"] = "ok".into()),
            ("a fraction", |v| v["run"]["duration_ms"] = 1.5.into()),
            ("a local time", |v| v["run"]["started_at"] = "2026-03-02T09:30:00+01:00".into()),
            ("no time at all", |v| v["run"]["started_at"] = "Z".into()),
            ("a list that is null", |v| v["checks"][0]["fix"] = Value::Null),
            ("a checksum in capitals", |v| v["integrity"]["sha256"] = "AB".repeat(32).into()),
        ];
        for (what, change) in break_it {
            let mut document = sample();
            change(&mut document);
            assert!(complaint(&document).is_some(), "{what} was accepted");
        }
    }

    /// Every object lists all of its members as required, and says what each one is.
    #[test]
    fn every_member_is_required_and_described() {
        fn walk(at: &str, schema: &Value) {
            if let Some(members) = schema.get("properties").and_then(Value::as_object) {
                let required = schema["required"].as_array().unwrap();
                for (name, member) in members {
                    assert!(required.iter().any(|r| r == name), "{at}.{name} is optional");
                    assert!(member.get("description").is_some(), "{at}.{name} is not described");
                }
            }
        }
        let schema: Value = serde_json::from_str(&report_schema().unwrap()).unwrap();
        walk("report", &schema);
        let parts = schema["$defs"].as_object().unwrap();
        assert!(parts.len() > 15);
        parts.iter().for_each(|(name, part)| walk(name, part));
    }
}
