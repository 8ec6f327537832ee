//! The document of `--save-exchanges`: what one run asked and what came back, as far as this
//! program reads it. Built from an allowlist: no bodies, no token, no values of fields.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::json::{self, Unfit};
use super::{AccountId, CertificateId, HostName, RecordRequest};

mod fields;

/// The header that `emulate --replay` puts on each answer; NetSuite sends nothing like it.
pub const REPLAY_HEADER: &str = "x-netsuite-preflight-replay";

/// The name of the schema.
pub const SCHEMA: &str = "netsuite-preflight/exchanges";
/// The version of the schema.
pub const VERSION: u32 = 1;
/// The largest file that is read, in bytes.
pub const LARGEST: usize = 16 * 1024 * 1024;

/// The whole document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exchanges {
    /// What kind of document this is.
    pub schema: Schema,
    /// What wrote it.
    pub tool: Tool,
    /// The run, as in its report.
    #[serde(deserialize_with = "fields::word")]
    pub run_id: String,
    /// The account asked; empty where what was given is no account ID.
    #[serde(default, with = "fields::optional")]
    pub account_id: Option<AccountId>,
    /// The Certificate ID that the run gave, where it has the form of one. It is no secret.
    #[serde(default, with = "fields::optional", skip_serializing_if = "Option::is_none")]
    pub certificate_id: Option<CertificateId>,
    /// The record types of the run, with their levels.
    #[serde(default, with = "fields::list")]
    pub records: Vec<RecordRequest>,
    /// The exchanges in the order of sending.
    pub exchanges: Vec<Exchange>,
}

/// Name and version of the document's form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    #[serde(deserialize_with = "fields::word")]
    pub name: String,
    pub version: u32,
}

/// Name and version of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    #[serde(deserialize_with = "fields::word")]
    pub name: String,
    #[serde(deserialize_with = "fields::word")]
    pub version: String,
}

/// One request and its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// Request method.
    pub method: Method,
    /// Host name.
    #[serde(with = "fields::as_text")]
    pub host: HostName,
    /// Path, with every Client ID shortened.
    #[serde(deserialize_with = "fields::path")]
    pub path: String,
    /// Query, with every Client ID shortened.
    #[serde(default, deserialize_with = "fields::query", skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The text of a SuiteQL question, which is this program's own.
    #[serde(default, deserialize_with = "fields::line", skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// When it was sent, by the clock of the machine that asked.
    #[serde(with = "fields::as_text")]
    pub sent: Timestamp,
    /// How long it took, in milliseconds.
    #[serde(default)]
    pub duration_ms: u64,
    /// HTTP status, where an answer came.
    #[serde(default, deserialize_with = "fields::status")]
    pub status: Option<u16>,
    /// Why no answer came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_answer: Option<NoAnswerReason>,
    /// The headers that are read.
    #[serde(default)]
    pub headers: Headers,
    /// What is read of the body.
    pub body: Digest,
}

/// The headers that this program reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Headers {
    #[serde(deserialize_with = "fields::line", skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    #[serde(deserialize_with = "fields::line", skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// In seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    #[serde(deserialize_with = "fields::line", skip_serializing_if = "Option::is_none")]
    pub www_authenticate: Option<String>,
    /// The host alone.
    #[serde(with = "fields::optional", skip_serializing_if = "Option::is_none")]
    pub location_host: Option<HostName>,
}

/// What is read of a body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Digest {
    /// Nothing came.
    Empty,
    /// A page for people.
    Html {
        /// Its title.
        #[serde(
            default,
            deserialize_with = "fields::line",
            skip_serializing_if = "Option::is_none"
        )]
        title: Option<String>,
    },
    /// A refusal.
    Error {
        /// OAuth's `error`.
        #[serde(
            default,
            deserialize_with = "fields::line",
            skip_serializing_if = "Option::is_none"
        )]
        error: Option<String>,
        /// OAuth's `error_description`.
        #[serde(
            default,
            deserialize_with = "fields::line",
            skip_serializing_if = "Option::is_none"
        )]
        description: Option<String>,
        /// `o:errorDetails`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        details: Vec<ErrorDetail>,
    },
    /// A token answer, without the token.
    Token {
        /// The token's claims, where it is a JWT; otherwise it tells nothing.
        claims: Option<Map<String, Value>>,
        /// `token_type` and `expires_in`, as sent.
        members: Map<String, Value>,
    },
    /// JSON, reduced to the members that are read.
    Json {
        /// The members.
        members: Value,
    },
    /// Something else.
    Other {
        /// Its words, only where the report shows them too.
        #[serde(
            default,
            deserialize_with = "fields::line",
            skip_serializing_if = "Option::is_none"
        )]
        said: Option<String>,
    },
}

/// One entry of `o:errorDetails`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorDetail {
    /// `o:errorCode`.
    #[serde(default, deserialize_with = "fields::line", skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// `detail`.
    #[serde(deserialize_with = "fields::one_line")]
    pub detail: String,
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoAnswerReason {
    Dns,
    Refused,
    Unreachable,
    ConnectTimedOut,
    NoHandshake,
    Tls,
    Reset,
    TimedOut,
    Truncated,
    TooLarge,
    Proxy,
    Protocol,
    Other,
}

/// The file cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ExchangesError {
    /// Too large.
    #[error("the file is larger than 16 MiB; exchanges of one run are far smaller")]
    TooLarge,
    /// Not JSON of this form. The place is named, never the content.
    #[error(
        "the file holds no exchanges (line {line}, column {column}); give one that \
         `check --save-exchanges` wrote"
    )]
    Form {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// More in it than it shows.
    #[error("{0}; `check --save-exchanges` writes no such file, so ask for it as it was written")]
    Unfit(Unfit),
    /// Another document.
    #[error("the file is another document; give one that `check --save-exchanges` wrote")]
    Other,
    /// Of a later version of this program.
    #[error("the file has version {0} of the schema and this program reads version 1; update it")]
    Newer(u32),
}

impl Exchanges {
    /// Reads a document. Unknown members are left aside.
    ///
    /// # Errors
    /// When it is none, or too large, or of another version.
    pub fn read(bytes: &[u8]) -> Result<Self, ExchangesError> {
        #[derive(Deserialize)]
        struct Head {
            schema: Schema,
        }
        if bytes.len() > LARGEST {
            return Err(ExchangesError::TooLarge);
        }
        json::examine(bytes).map_err(|unfit| match unfit {
            Unfit::Syntax { line, column } => ExchangesError::Form { line, column },
            unfit => ExchangesError::Unfit(unfit),
        })?;
        // The reader's own text is left out: it may quote the document.
        let form =
            |e: serde_json::Error| ExchangesError::Form { line: e.line(), column: e.column() };
        let head: Head = serde_json::from_slice(bytes).map_err(form)?;
        match head.schema {
            schema if schema.name != SCHEMA => Err(ExchangesError::Other),
            schema if schema.version != VERSION => Err(ExchangesError::Newer(schema.version)),
            _ => serde_json::from_slice(bytes).map_err(form),
        }
    }
}

/// A method that this program or a client of the emulator may send.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::VariantArray,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
#[strum(parse_err_ty = UnknownMethod, parse_err_fn = unknown)]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Options,
}

impl Method {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The text is no method.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a method is one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")]
pub struct UnknownMethod;

fn unknown(_: &str) -> UnknownMethod {
    UnknownMethod
}

/// One request and what came back, as far as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpExchange {
    /// Request method.
    pub method: &'static str,
    /// The URL with every Client ID in it shortened.
    pub url: String,
    /// HTTP status, where an answer came.
    pub status: Option<u16>,
    /// `o:errorCode` of the record service or `error` of the token endpoint.
    pub error_code: Option<String>,
    /// The `Date` header as sent.
    pub server_date: Option<String>,
    /// NetSuite's `X-N-OperationId`.
    pub operation_id: Option<String>,
    /// From sending to the last byte, in milliseconds.
    pub duration_ms: u64,
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn hostile_files_are_typed_errors() {
        let head = |name: &str, version: u32| {
            format!(
                r#"{{"schema":{{"name":"{name}","version":{version}}},"run_id":"r","new":1,
                "tool":{{"name":"t","version":"1"}},"exchanges":[]}}"#
            )
        };
        let read = |text: &str| Exchanges::read(text.as_bytes());
        assert!(read(&head(SCHEMA, 1)).is_ok());
        assert!(matches!(read(&head("x", 1)), Err(ExchangesError::Other)));
        assert!(matches!(read(&head(SCHEMA, 2)), Err(ExchangesError::Newer(2))));
        for text in ["", "[]", "{}", "null", &"[".repeat(100_000), "\u{0}"] {
            assert!(matches!(read(text), Err(ExchangesError::Form { .. })));
        }
        assert!(matches!(Exchanges::read(&vec![b' '; LARGEST + 1]), Err(ExchangesError::TooLarge)));
    }

    #[test]
    fn methods_are_upper_case_words() {
        for method in Method::VARIANTS.iter().copied() {
            assert_eq!(method.as_str().parse(), Ok(method));
            assert_eq!(serde_json::to_value(method).unwrap(), method.as_str());
        }
        for wrong in ["get", "GET ", "", "GET\n"] {
            assert_eq!(wrong.parse::<Method>(), Err(UnknownMethod));
        }
    }
}
