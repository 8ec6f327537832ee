//! JSON documents that somebody else may have written: each member stands once, and no text holds a
//! character that a terminal or a shell would obey.
//!
//! Readers differ in which of two members of one name they take (RFC 8259, section 4), so that such
//! a document shows one thing to this program and another to the next.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::{Deserializer, de};

use super::plain::{is_plain, name};

/// A document is not read. The place is named; nothing of the content is quoted but the names of
/// members.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// No JSON.
    #[error("it is no JSON (line {line}, column {column})")]
    Syntax {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// A member that stands twice.
    #[error("a member stands twice in one object: {member} (line {line})")]
    Twice {
        /// Which.
        member: String,
        /// From 1.
        line: usize,
    },
    /// A text that is more than it shows.
    #[error(
        "{member} holds a control character, such as a line break or an escape sequence (line {line})"
    )]
    Control {
        /// Which.
        member: String,
        /// From 1.
        line: usize,
    },
}

/// Reads a document that may hold nothing hidden.
///
/// # Errors
/// When it is unfit, or not of this form: the reader's own error, whose text may quote the document.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<Result<T, serde_json::Error>, Unfit> {
    examine(bytes)?;
    Ok(serde_json::from_slice(bytes))
}

/// Looks at every member and every text.
///
/// # Errors
/// When one stands twice, or holds a control character.
pub fn examine(bytes: &[u8]) -> Result<(), Unfit> {
    let walk = JsonWalk::default();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = (&walk).deserialize(&mut reader).and_then(|()| reader.end());
    let Err(error) = read else { return Ok(()) };
    let (line, column) = (error.line(), error.column());
    let member = walk.member();
    Err(match walk.fault.get() {
        Some(UnfitFault::Twice) => Unfit::Twice { member, line },
        Some(UnfitFault::Control) => Unfit::Control { member, line },
        None => Unfit::Syntax { line, column },
    })
}

#[derive(Clone, Copy)]
enum UnfitFault {
    Twice,
    Control,
}

/// Where the walk is, and what it found.
#[derive(Default)]
struct JsonWalk {
    path: RefCell<Vec<String>>,
    fault: Cell<Option<UnfitFault>>,
}

impl JsonWalk {
    fn member(&self) -> String {
        let path = self.path.borrow().concat();
        let path = path.trim_start_matches('.');
        if path.is_empty() { "the document".to_owned() } else { format!("the member {path}") }
    }

    fn fail<E: de::Error>(&self, fault: UnfitFault) -> E {
        self.fault.set(Some(fault));
        E::custom("unfit")
    }
}

impl<'de> DeserializeSeed<'de> for &JsonWalk {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &JsonWalk {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        if is_plain(text) { Ok(()) } else { Err(self.fail(UnfitFault::Control)) }
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<(), A::Error> {
        let mut at: usize = 0;
        loop {
            self.path.borrow_mut().push(format!("[{at}]"));
            let next = all.next_element_seed(self)?;
            self.path.borrow_mut().pop();
            at = at.saturating_add(1);
            if next.is_none() {
                return Ok(());
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut names = HashSet::new();
        while let Some(key) = members.next_key::<String>()? {
            self.path.borrow_mut().push(format!(".{}", name(&key)));
            if !is_plain(&key) {
                return Err(self.fail(UnfitFault::Control));
            }
            if !names.insert(key) {
                return Err(self.fail(UnfitFault::Twice));
            }
            members.next_value_seed(self)?;
            self.path.borrow_mut().pop();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        examine(text.as_bytes()).unwrap_err().to_string()
    }

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
            let told = told(twice);
            assert!(told.contains("twice") && told.contains("line"), "{told}");
        }
        assert_eq!(
            told(r#"{"x": [0, {"b": 1, "b": 2}]}"#),
            "a member stands twice in one object: the member x[1].b (line 1)"
        );
    }

    #[test]
    fn control_characters_are_named_by_member_and_never_shown() {
        for hidden in
            ["\\n", "\\u001b[31m", "\\u009b2J", "\\u202e", "\\u2028", "\\u007f", "\\u0000"]
        {
            let value = told(&format!("{{\"a\":\n [{{\"b\": \"x{hidden}y\"}}]}}"));
            assert!(value.starts_with("the member a[0].b holds a control"), "{value}");
            assert!(value.contains("(line 2)") && is_plain(&value), "{value}");
            let key = told(&format!("{{\"a{hidden}\": 1}}"));
            assert!(
                key.contains("not shown") && key.contains("control") && is_plain(&key),
                "{key}"
            );
        }
    }

    #[test]
    fn what_is_no_json_is_said_by_place() {
        for wrong in ["", "{", "{\"a\": 1} x", "{\"a\u{1}\": 1}", &"[".repeat(100_000)] {
            assert!(told(wrong).starts_with("it is no JSON (line 1"), "{}", told(wrong));
        }
        assert!(read::<u8>(b"3").unwrap().is_ok());
        assert!(read::<u8>(b"\"x\"").unwrap().is_err());
    }
}
