//! Points in time, as the report writes them.

use std::fmt;

use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A time in RFC 3339, UTC, to the millisecond: `2026-01-31T09:30:00.000Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct UtcTime(Timestamp);

impl UtcTime {
    /// The point in time.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        self.0
    }
}

impl From<Timestamp> for UtcTime {
    fn from(at: Timestamp) -> Self {
        // What is not written must not differ either, or a report would change by being read.
        Self(Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at))
    }
}

impl fmt::Display for UtcTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0)
    }
}

impl Serialize for UtcTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UtcTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse::<Timestamp>().map(Self::from).map_err(de::Error::custom)
    }
}

impl JsonSchema for UtcTime {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "UtcTime".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A time in RFC 3339, UTC, to the millisecond.",
            "type": "string",
            "format": "date-time",
            "pattern": "Z$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_and_utc() {
        let at: Timestamp = "2026-01-31T10:30:00.1234567+01:00".parse().unwrap();
        let written = serde_json::to_string(&UtcTime::from(at)).unwrap();
        assert_eq!(written, "\"2026-01-31T09:30:00.123Z\"");
        let read: UtcTime = serde_json::from_str(&written).unwrap();
        assert_eq!(read, UtcTime::from(at));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        assert!(serde_json::from_str::<UtcTime>("\"yesterday\"").is_err());
    }
}
