//! Faults of the network and of what stands between: chosen by host, path, method and count.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Deserialize;

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum FaultKind {
    /// The connection is cut before any answer.
    Close,
    /// The connection is cut in the middle of the body.
    CloseMidBody,
    /// Content-Length promises more than is sent.
    Truncate,
    /// No answer ever comes.
    NeverAnswer,
    /// The request does what it asks for; then the connection is cut without an answer.
    AnswerLost,
    /// The request does what it asks for, and no answer ever comes.
    AnswerHeld,
    /// The request does what it asks for, and 500 `UNEXPECTED_ERROR` comes all the same.
    ErrorAfterwards,
    /// The answer begins late.
    SlowFirstByte {
        /// How late.
        milliseconds: u64,
    },
    /// The body comes one byte at a time.
    SlowBody {
        /// Between two bytes.
        milliseconds: u64,
    },
    /// A proxy's own page, with 200.
    CaptivePage,
    /// A maintenance page, with 503.
    Maintenance,
    /// 502 with a page of a gateway.
    BadGateway,
    /// 302.
    Redirect {
        /// Where to.
        location: String,
    },
    /// 407 of a proxy that asks for credentials.
    ProxyAuthentication,
    /// 429 of the concurrency limit.
    RateLimit,
    /// 500 `UNEXPECTED_ERROR`.
    UnexpectedError,
    /// 200 with a body of this many bytes.
    Oversized {
        /// How many.
        bytes: usize,
    },
    /// 200 with half a JSON document.
    InvalidJson,
    /// 200 that claims gzip and is noise.
    GarbageGzip,
    /// 200 with a JSON body of the scenario's own.
    Json {
        /// The body.
        body: String,
    },
    /// A token for another company.
    TokenOfCompany {
        /// Which one.
        company: String,
    },
    /// The answer is right, and its Date is off.
    DateSkew {
        /// By how much; positive is ahead.
        seconds: i64,
    },
    /// The answer has no Date.
    NoDate,
}

/// A fault and which requests it hits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// Host pattern; `*` stands for any text.
    #[serde(default = "any")]
    pub host: String,
    /// Path pattern, without query.
    #[serde(default = "any")]
    pub path: String,
    /// Method; any unless stated.
    #[serde(default)]
    pub method: Option<String>,
    /// The first matching request that is hit, counted from 1.
    #[serde(default = "first")]
    pub from: usize,
    /// How many are hit; all unless stated.
    #[serde(default)]
    pub count: Option<usize>,
    /// What goes wrong.
    pub fault: FaultKind,
}

fn any() -> String {
    "*".to_owned()
}

fn first() -> usize {
    1
}

/// The rules of a run with how often each matched.
#[derive(Debug, Default)]
pub struct FaultPlan(Vec<(FaultRule, AtomicUsize)>);

impl FaultPlan {
    /// A plan of these rules; the first that hits a request wins.
    #[must_use]
    pub fn new(rules: Vec<FaultRule>) -> Self {
        Self(rules.into_iter().map(|rule| (rule, AtomicUsize::new(0))).collect())
    }

    /// Counts a request and gives the fault that hits it.
    #[must_use]
    pub fn hit(&self, method: &str, host: &str, path: &str) -> Option<&FaultKind> {
        let mut found = None;
        for (rule, seen) in &self.0 {
            let matches = rule.method.as_deref().is_none_or(|own| own.eq_ignore_ascii_case(method))
                && like(&rule.host, host)
                && like(&rule.path, path);
            if !matches {
                continue;
            }
            let number = seen.fetch_add(1, Ordering::SeqCst) + 1;
            let last = rule.count.map_or(usize::MAX, |count| rule.from.saturating_add(count) - 1);
            if found.is_none() && (rule.from..=last).contains(&number) {
                found = Some(&rule.fault);
            }
        }
        found
    }
}

/// Whether a text fits a pattern in which `*` stands for any text.
fn like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = parts.next().and_then(|head| text.strip_prefix(head)) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(end) = parts.pop() else {
        return rest.is_empty();
    };
    let mut rest = rest;
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        assert!(like("*", "anything") && like("/a/*", "/a/b/c") && like("*/token", "/x/token"));
        assert!(like("/a/*/c*e", "/a/b/cde") && like("/a", "/a"));
        assert!(!like("/a", "/ab") && !like("/a/*", "/b/a/") && !like("a*a", "a"));
    }

    #[test]
    fn the_nth_request_is_hit() {
        let rule: FaultRule =
            toml::from_str("path = '/r/*'\nfrom = 2\ncount = 2\nfault = 'rate-limit'").unwrap();
        let plan = FaultPlan::new(vec![rule]);
        let hits: Vec<bool> = (0..5).map(|_| plan.hit("GET", "h", "/r/x").is_some()).collect();
        assert_eq!(hits, [false, true, true, false, false]);
        assert_eq!(plan.hit("GET", "h", "/other"), None);
    }

    #[test]
    fn rules_are_strict() {
        let read = |text: &str| toml::from_str::<FaultRule>(text);
        assert!(read("fault = { redirect = { location = 'https://x' } }").is_ok());
        assert!(read("fault = 'explode'").is_err());
        assert!(read("fault = 'close'\npaths = '/'").is_err());
        assert!(read("fault = { slow-first-byte = { seconds = 1 } }").is_err());
    }
}
