//! Holds reports against the published schema and their own checksum.

use std::sync::OnceLock;

use serde_json::Value;

fn schema() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/report.schema.json");
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    })
}

/// What is wrong with a report; nothing where it is sound.
pub fn violations(report: &Value) -> Vec<String> {
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("report.schema.json", schema().clone()).unwrap();
    let index = compiler.compile("report.schema.json", &mut schemas).unwrap();
    let mut wrong = Vec::new();
    if let Err(error) = schemas.validate(report, index) {
        wrong.push(format!("the report breaks its schema: {error}"));
    }
    if let Err(error) = netsuite_preflight::door::integrity::verify(report) {
        wrong.push(format!("the checksum does not hold: {error}"));
    }
    let empty = |entry: &&Value| entry["summary"].as_str().is_none_or(str::is_empty);
    for entry in report["checks"].as_array().into_iter().flatten().filter(empty) {
        wrong.push(format!("{} says nothing", entry["id"]));
    }
    wrong
}

/// What is wrong with a set of reports by its published schema.
pub fn set_violations(set: &Value) -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/report-set.schema.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("report-set.schema.json", schema).unwrap();
    let index = compiler.compile("report-set.schema.json", &mut schemas).unwrap();
    schemas.validate(set, index).err().map(|error| error.to_string()).into_iter().collect()
}
