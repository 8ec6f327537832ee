//! `--format json`.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde_json::{Value, json};

use crate::report::set::{self, ReportSet};
use crate::report::v1::{self, Report};

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
    let mut schema = of::<Report>();
    name_it(&mut schema, "", v1::SCHEMA_NAME, v1::SCHEMA_VERSION);
    finish(schema, v1::SCHEMA_NAME, v1::SCHEMA_VERSION)
}

/// The same of a set of reports.
///
/// # Errors
/// As [`report_schema`].
pub fn set_schema() -> Result<String, serde_json::Error> {
    let mut schema = of::<ReportSet>();
    name_it(&mut schema, "", set::SCHEMA_NAME, set::SCHEMA_VERSION);
    name_it(&mut schema, "/$defs/Report", v1::SCHEMA_NAME, v1::SCHEMA_VERSION);
    finish(schema, set::SCHEMA_NAME, set::SCHEMA_VERSION)
}

fn of<T: JsonSchema>() -> Value {
    // What is written, not what is accepted: every member is required, unknown ones are allowed.
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    generator.into_root_schema_for::<T>().to_value()
}

/// Holds the member `schema` of the object at this place to its one name and version, so that a
/// document of another version breaks the schema.
fn name_it(schema: &mut Value, at: &str, name: &str, version: u32) {
    if let Some(member) = schema.pointer_mut(&format!("{at}/properties/schema")) {
        *member = json!({
            "description": "Which form of document this is.",
            "type": "object",
            "properties": {
                "name": { "description": "Its name.", "type": "string", "const": name },
                "version": { "description": "Its version.", "type": "integer", "const": version },
            },
            "required": ["name", "version"],
        });
    }
}

fn finish(mut schema: Value, name: &str, version: u32) -> Result<String, serde_json::Error> {
    bound_numbers(&mut schema);
    if let Some(members) = schema.as_object_mut() {
        members
            .insert("$id".to_owned(), format!("urn:{}:{version}", name.replace('/', ":")).into());
        members.insert("title".to_owned(), format!("{name}, version {version}").into());
        if let Some(parts) = members.get_mut("$defs").and_then(Value::as_object_mut) {
            parts.remove("SchemaRef");
        }
    }
    // In the order of the words of a schema that is usual.
    render(&Schema::try_from(schema)?)
}

/// The largest whole number that every reader of JSON takes exactly (RFC 8259, section 6).
const MOST: u64 = (1 << 53) - 1;

/// Says the bounds of numbers in the words of JSON Schema: other programs do not know the formats
/// of Rust, and some refuse a schema that names them.
fn bound_numbers(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            let format = members.get("format").and_then(Value::as_str);
            let most = match format {
                Some("uint8") => Some(u64::from(u8::MAX)),
                Some("uint16") => Some(u64::from(u16::MAX)),
                Some("uint32") => Some(u64::from(u32::MAX)),
                Some("uint64" | "uint") => Some(MOST),
                _ => None,
            };
            if let Some(most) = most {
                members.remove("format");
                members.insert("minimum".to_owned(), 0.into());
                members.insert("maximum".to_owned(), most.into());
            }
            members.values_mut().for_each(bound_numbers);
        }
        Value::Array(items) => items.iter_mut().for_each(bound_numbers),
        _ => {}
    }
}

#[cfg(test)]
pub(crate) mod tests {
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
        let break_it: [(&str, Change); 9] = [
            ("a later version", |v| v["schema"]["version"] = 2.into()),
            ("another form", |v| v["schema"]["name"] = "other".into()),
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

    /// Readers of other languages stop at a format that they do not know.
    #[test]
    fn the_formats_are_those_of_json_schema() {
        fn formats(schema: &Value, found: &mut Vec<String>) {
            match schema {
                Value::Object(members) => {
                    found.extend(members.get("format").and_then(Value::as_str).map(str::to_owned));
                    members.values().for_each(|member| formats(member, found));
                }
                Value::Array(items) => items.iter().for_each(|item| formats(item, found)),
                _ => {}
            }
        }
        for (text, id) in [
            (report_schema().unwrap(), "urn:netsuite-preflight:report:1"),
            (set_schema().unwrap(), "urn:netsuite-preflight:report-set:1"),
        ] {
            let schema: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(schema["$id"], id);
            let mut found = Vec::new();
            formats(&schema, &mut found);
            found.dedup();
            assert_eq!(found, ["date-time"], "{id}");
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
