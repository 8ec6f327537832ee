//! The checksum over a set: over every member but the reports, each of which has a checksum of its
//! own that the list of targets names. So it is found without the reports.

use serde_json::{Map, Value};

use crate::report::integrity::{IntegrityError, of_members, same};
use crate::report::set::{Listed, SCHEMA_NAME, SCHEMA_VERSION, SetSummary, SetTarget};
use crate::report::v1::{Integrity, SchemaRef};

/// The document without its reports, sealed.
///
/// # Errors
/// Never for these types; the signature is that of the serialiser.
pub fn frame(
    summary: SetSummary,
    targets: &[Listed],
) -> Result<Map<String, Value>, IntegrityError> {
    let schema = SchemaRef { name: SCHEMA_NAME.to_owned(), version: SCHEMA_VERSION };
    let targets: Vec<SetTarget> = targets.iter().map(Listed::entry).collect();
    let mut frame = Map::new();
    frame.insert("schema".to_owned(), serde_json::to_value(schema)?);
    frame.insert("summary".to_owned(), serde_json::to_value(summary)?);
    frame.insert("targets".to_owned(), serde_json::to_value(targets)?);
    let sha256 = of_members(&frame)?;
    frame.insert("integrity".to_owned(), serde_json::to_value(Integrity { sha256 })?);
    Ok(frame)
}

/// Whether a document without its reports is as it was written; nothing where it has no seal. What
/// is taken out meanwhile is put back: a copy of a long list would be large.
#[must_use]
pub fn holds(frame: &mut Map<String, Value>) -> Option<Result<(), IntegrityError>> {
    let integrity = frame.remove("integrity")?;
    let stated = integrity.get("sha256").and_then(Value::as_str);
    let held = stated.ok_or(IntegrityError::NotAReport);
    let held = held.and_then(|stated| same(stated, of_members(frame)?));
    frame.insert("integrity".to_owned(), integrity);
    Some(held)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::report::set::SetVerdict;

    #[test]
    fn every_change_of_the_list_breaks_the_seal() {
        let target = |name: &str| Listed {
            name: name.to_owned(),
            verdict: SetVerdict::Error,
            exit_code: 2,
            run_id: None,
            error: Some("no key".to_owned()),
            digest: None,
        };
        let targets = [target("alpha"), target("beta")];
        let mut sealed = frame(SetSummary::of([(SetVerdict::Error, 2); 2]), &targets).unwrap();
        assert!(matches!(holds(&mut sealed), Some(Ok(()))));
        for (member, value) in [
            ("/targets/0/name", json!("beta")),
            ("/targets/1/exit_code", json!(0)),
            ("/targets/1", json!(null)),
            ("/summary/counts/error", json!(0)),
            ("/schema/version", json!(1.5)),
        ] {
            let mut changed = Value::Object(sealed.clone());
            *changed.pointer_mut(member).unwrap() = value;
            let changed = changed.as_object_mut().unwrap();
            assert!(
                matches!(holds(changed), Some(Err(IntegrityError::Changed { .. }))),
                "{member}"
            );
        }
        let mut bare = sealed;
        bare.remove("integrity");
        assert!(holds(&mut bare).is_none());
    }
}
