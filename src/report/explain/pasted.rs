//! What stands in an answer that somebody pasted: JSON, broken JSON, a log line, a whole screen.

use serde_json::Value;

/// The shortest text that can be a sentence of NetSuite's.
const SENTENCE: usize = 12;
/// The most sentences that are looked at.
const SENTENCES: usize = 20;
/// The most words that are looked at.
const WORDS: usize = 2_000;
/// Objects within objects are followed so far.
const DEEPEST: usize = 8;

/// The sentences of an answer: the texts of its JSON, then the whole of it, also without the
/// backslashes that a log puts before quotation marks.
pub(super) fn sentences(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let plain = text.replace("\\\"", "\"").replace("\\'", "'").replace("\\n", "\n");
    for text in [text, &plain] {
        if let Some(value) = object(text) {
            collect(&value, 0, &mut found);
        }
    }
    if plain != text {
        found.push(plain);
    }
    found.push(text.to_owned());
    found.retain(|sentence| sentence.len() >= SENTENCE);
    found.truncate(SENTENCES);
    found
}

/// The JSON object that stands in the text.
fn object(text: &str) -> Option<Value> {
    let from = text.find('{')?;
    let to = text.rfind('}')?;
    serde_json::from_str(text.get(from..=to)?).ok()
}

fn collect(value: &Value, depth: usize, found: &mut Vec<String>) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, depth + 1, found)),
        Value::Object(members) => {
            // The detail of an error says more than its title.
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| !matches!(name.as_str(), "o:errorDetails" | "detail"));
            members.iter().for_each(|(_, item)| collect(item, depth + 1, found));
        }
        _ => {}
    }
}

/// The words that can be names.
pub(super) fn words(text: &str) -> Vec<&str> {
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | ':');
    text.split(|c| !inside(c))
        .map(|word| word.trim_matches(['-', '/', ':', '_']))
        .filter(|word| !word.is_empty())
        .take(WORDS)
        .collect()
}

/// `http 401`, where the text is, begins with, or names an HTTP status.
pub(super) fn status(text: &str) -> Option<String> {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '.')
        .filter(|word| !word.is_empty())
        .take(WORDS)
        .collect();
    let number = |word: &str| {
        let status = word.len() == 3
            && matches!(word.as_bytes(), [b'1'..=b'5', rest @ ..] if rest.iter().all(u8::is_ascii_digit));
        status.then(|| format!("http {word}"))
    };
    if let Some(status) = words.first().and_then(|word| number(word)) {
        return Some(status);
    }
    words.iter().zip(words.iter().skip(1)).find_map(|(before, word)| {
        let leads = ["http", "1.0", "1.1", "2", "2.0", "3", "status", "code", "error", "answered"];
        leads.iter().any(|lead| before.eq_ignore_ascii_case(lead)).then(|| number(word)).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_detail_comes_before_the_title() {
        let text = r#"HTTP 400 {"title":"Bad Request, sorry","o:errorDetails":[{"detail":"Record 'x' was not found."}]}"#;
        let found = sentences(text);
        assert_eq!(found[0], "Record 'x' was not found.");
        assert!(found.contains(&text.to_owned()));
        let logged = r#"body={\"detail\":\"Record 'x' was not found.\"}"#;
        assert_eq!(sentences(logged)[0], "Record 'x' was not found.");
        assert!(sentences("short").is_empty());
    }

    #[test]
    fn words_lose_what_stands_around_them() {
        assert_eq!(words("{\"error\": \"server_error\"}"), ["error", "server_error"]);
        assert_eq!(
            words("-- token-exchange/server-error: x."),
            ["token-exchange/server-error", "x"]
        );
    }

    #[test]
    fn a_status_is_seen_where_one_is_named() {
        for (text, status_seen) in [
            ("500", Some("http 500")),
            ("401 Unauthorized", Some("http 401")),
            ("HTTP/1.1 403 Forbidden", Some("http 403")),
            ("HTTP/2 429", Some("http 429")),
            ("failed with status code 404", Some("http 404")),
            ("\"status\": 400,", Some("http 400")),
            ("order 500 of them", None),
            ("999", None),
            ("50", None),
            ("", None),
        ] {
            assert_eq!(status(text).as_deref(), status_seen, "{text}");
        }
    }

    #[test]
    fn deep_and_broken_json_end() {
        let deep = format!("{}1{}", "{\"a\":".repeat(100), "}".repeat(100));
        assert!(!sentences(&deep).is_empty());
        assert_eq!(sentences("{{{{{{{{{{{{ }").len(), 1);
    }
}
