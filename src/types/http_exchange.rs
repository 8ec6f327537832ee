//! What a report may say about one HTTP exchange: an allowlist, never a body or a header dump.

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
    /// From sending to the last byte, in milliseconds.
    pub duration_ms: u64,
}
