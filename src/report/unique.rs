//! JSON in which no object has two members of the same name.
//!
//! Readers differ in which of two they take (RFC 8259, section 4), so that such a document shows
//! one thing to this program and another to the next.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A document that was read to its end; of its content nothing is kept.
pub struct Unique;

/// # Errors
/// When a member stands twice, at its place in the text. The name is not quoted.
pub fn examine(bytes: &[u8]) -> Result<(), serde_json::Error> {
    serde_json::from_slice::<Unique>(bytes).map(|_| ())
}

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Walk)
    }
}

struct Walk;

impl<'de> DeserializeSeed<'de> for Walk {
    type Value = Unique;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Unique, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk {
    type Value = Unique;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_str<E>(self, _: &str) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_unit<E>(self) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Unique, A::Error> {
        while all.next_element_seed(Walk)?.is_some() {}
        Ok(Unique)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Unique, A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if !names.insert(name) {
                return Err(A::Error::custom("a member stands twice in one object"));
            }
            members.next_value_seed(Walk)?;
        }
        Ok(Unique)
    }
}

#[cfg(test)]
mod tests {
    use super::examine;

    #[test]
    fn the_same_name_is_allowed_in_different_objects_only() {
        for fine in [
            r#"{"a": {"a": [{"a": 1}, {"a": -1.5}]}, "b": {"a": null}, "c": true, "d": "a"}"#,
            "[1e400, 18446744073709551616]",
            "3",
        ] {
            // A number beyond f64 is refused by the reader itself, as it is elsewhere.
            let read = serde_json::from_str::<serde_json::Value>(fine).is_ok();
            assert_eq!(examine(fine.as_bytes()).is_ok(), read, "{fine}");
        }
        for twice in [
            r#"{"a": 1, "a": 1}"#,
            r#"{"x": [{"a": {}, "b": 2, "\u0061": "other spelling"}]}"#,
            "{\"\": 1,\n \"\": 2}",
        ] {
            let told = examine(twice.as_bytes()).unwrap_err().to_string();
            assert!(told.contains("twice") && told.contains("line"), "{told}");
        }
    }
}
