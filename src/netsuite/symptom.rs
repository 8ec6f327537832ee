//! What an answer says of itself, for people: its form, and the words in it. Nothing is judged by
//! it, and whoever shows it says whose words they are.

use serde_json::Value;

use super::answer::Answer;
use super::patterns::plain_text;
use crate::types::plain::neutral;

/// The longest text that is shown, in characters.
const LONGEST: usize = 300;

/// The form of an answer and the words in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Symptom {
    /// What came: `an HTML page titled "Sign in"`, `a SOAP fault`. Nothing where the answer is the
    /// usual JSON.
    pub what: Option<String>,
    /// The words, on one line.
    pub said: Option<String>,
    /// The media type, where the answer is no JSON.
    pub content_type: Option<String>,
}

impl Symptom {
    /// What came, as the end of a sentence: ` with an HTML page titled "Sign in"`.
    #[must_use]
    pub fn with_what(&self) -> Option<String> {
        self.what.as_ref().map(|what| format!(" with {what}"))
    }
}

impl Answer {
    /// The title of the page that this answer is.
    #[must_use]
    pub fn page_title(&self) -> Option<String> {
        title(&self.text()).filter(|_| self.is_html())
    }

    /// What this answer says of itself.
    #[must_use]
    pub fn symptom(&self) -> Symptom {
        let text = self.text();
        let json = serde_json::from_slice::<Value>(&self.body).ok();
        let content_type = self.content_type.as_deref().map(shown);
        let content_type = content_type.filter(|_| json.is_none());
        let form = |what: &str, said: Option<String>| Symptom {
            what: Some(what.to_owned()),
            said,
            content_type: content_type.clone(),
        };
        if self.is_html() {
            return match title(&text) {
                Some(title) => form(&format!("an HTML page titled \"{title}\""), None),
                None => form("an HTML page without a title", None),
            };
        }
        if text.trim().is_empty() {
            return form("nothing in it", None);
        }
        if let Some(said) = self.error_text().or_else(|| json.as_ref().and_then(described)) {
            return Symptom { said: Some(shown(&said)), ..Symptom::default() };
        }
        if let Some(json) = &json {
            // What is answered with success may be somebody's data.
            let error = (!self.is_success()).then(|| of_json(json)).flatten();
            return error.unwrap_or_default();
        }
        if is_soap_fault(&text) {
            let said = ["faultstring", "Text", "Reason"].iter().find_map(|tag| inside(&text, tag));
            return form("a SOAP fault", said);
        }
        // Words alone: only where they refuse. Whatever else comes may be somebody's data.
        let words = Some(shown(&text)).filter(|_| !self.is_success() && is_words(&text));
        form("something that is not JSON", words)
    }
}

/// OAuth's `error_description` (RFC 6749, 5.2).
fn described(json: &Value) -> Option<String> {
    let text = json.get("error_description")?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Errors outside the record service's envelope: SuiteScript's own, and a code with a message.
fn of_json(json: &Value) -> Option<Symptom> {
    let text = |from: &Value, name: &str| from.get(name)?.as_str().map(str::to_owned);
    let script = text(json, "type").is_some_and(|kind| kind.starts_with("error."));
    let inner = json.get("error").filter(|inner| inner.is_object()).unwrap_or(json);
    let message = text(inner, "message")?;
    let code = text(inner, "code").or_else(|| text(inner, "name"));
    let said = match code {
        Some(code) => format!("{code}: {message}"),
        None => message,
    };
    let what = if script { "an error of SuiteScript" } else { "an error in a form of its own" };
    Some(Symptom { what: Some(what.to_owned()), said: Some(shown(&said)), content_type: None })
}

/// The title of a page, on one line.
fn title(page: &str) -> Option<String> {
    inside(page, "title")
}

fn is_soap_fault(text: &str) -> bool {
    let start = text.trim_start();
    start.starts_with('<') && text.contains("Envelope") && text.contains("Fault")
}

/// The text of the first element of this name, with or without a prefix.
fn inside(text: &str, name: &str) -> Option<String> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        let (tag, content) = after.split_once('>')?;
        let own = tag.split_whitespace().next().unwrap_or_default();
        let own = own.rsplit(':').next().unwrap_or_default();
        if own.eq_ignore_ascii_case(name) && !tag.starts_with('/') && !tag.ends_with('/') {
            let text = content.split('<').next().unwrap_or_default();
            let text = shown(&plain_text(text));
            return (!text.is_empty()).then_some(text);
        }
    }
    None
}

/// Whether a text is words and not bytes.
fn is_words(text: &str) -> bool {
    let odd = |c: &char| c.is_control() && !c.is_whitespace() || *c == '\u{fffd}';
    !text.chars().take(1_000).any(|c| odd(&c))
}

/// On one line, bounded, and without what a terminal would obey.
pub(super) fn shown(text: &str) -> String {
    let line = neutral(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST {
        return line;
    }
    let cut: String = line.chars().take(LONGEST - 1).collect();
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netsuite::answer::sample;

    fn of(status: u16, media: &str, body: &str) -> (Option<String>, Option<String>) {
        let symptom = sample(status, media, body).symptom();
        (symptom.what, symptom.said)
    }

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn pages_are_known_by_their_titles() {
        for (body, what) in [
            ("<html><head><title>Sign in &amp; go</title>", "titled \"Sign in & go\""),
            ("<!DOCTYPE html><TITLE lang='en'>\n  Wartung\n</TITLE>", "titled \"Wartung\""),
            ("<html><title></title>", "without a title"),
            ("<html><title/><p>x", "without a title"),
            ("<html", "without a title"),
        ] {
            let (found, said) = of(503, "text/html", body);
            assert_eq!((found, said), (text(&format!("an HTML page {what}")), None), "{body}");
        }
        let symptom = sample(200, "text/html", "<html>").symptom();
        assert_eq!(symptom.content_type.as_deref(), Some("text/html"));
    }

    #[test]
    fn faults_of_soap_keep_their_text() {
        let fault = |inner: &str| {
            format!(
                "<?xml version='1.0'?><soapenv:Envelope><soapenv:Body><soapenv:Fault>{inner}\
                 </soapenv:Fault></soapenv:Body></soapenv:Envelope>"
            )
        };
        for inner in [
            "<faultcode>x</faultcode><faultstring>No &lt;way&gt;.</faultstring>",
            "<soap:Reason><soap:Text xml:lang='en'>No &lt;way&gt;.</soap:Text></soap:Reason>",
        ] {
            assert_eq!(
                of(200, "text/xml", &fault(inner)),
                (text("a SOAP fault"), text("No <way>."))
            );
        }
        assert_eq!(of(500, "text/xml", &fault("")).0, text("a SOAP fault"));
        assert_eq!(of(500, "text/xml", "<a>Fault</a>").0, text("something that is not JSON"));
    }

    #[test]
    fn errors_outside_the_envelope_keep_their_words() {
        let script = r#"{"type":"error.SuiteScriptError","name":"X","message":"No such y."}"#;
        assert_eq!(
            of(400, "application/json", script),
            (text("an error of SuiteScript"), text("X: No such y."))
        );
        for body in [
            r#"{"code":"X","message":"No such y."}"#,
            r#"{"error":{"code":"X","message":"No such y."}}"#,
        ] {
            assert_eq!(
                of(403, "application/json", body),
                (text("an error in a form of its own"), text("X: No such y."))
            );
        }
        let oauth = r#"{"error":"invalid_grant","error_description":"The key is\u001b[1m gone."}"#;
        let (what, said) = of(400, "application/json", oauth);
        assert_eq!((what, said), (None, text("The key is\u{fffd}[1m gone.")));
        let envelope = r#"{"o:errorDetails":[{"detail":"Told.","o:errorCode":"X"}]}"#;
        assert_eq!(of(400, "application/json", envelope), (None, text("Told.")));
    }

    #[test]
    fn nobodys_data_is_repeated() {
        for (status, body) in [(200, "id,name\n1,Ada"), (500, "\u{0}\u{1}bytes"), (400, "\u{fffd}")]
        {
            assert_eq!(of(status, "text/plain", body), (text("something that is not JSON"), None));
        }
        assert_eq!(
            of(400, "text/plain", "Company Id is\ninvalid").1,
            text("Company Id is invalid")
        );
        assert_eq!(of(200, "application/json", r#"{"items":[{"name":"Ada"}]}"#), (None, None));
        assert_eq!(of(200, "", " "), (text("nothing in it"), None));
        let (_, said) = of(400, "text/plain", &"word ".repeat(1_000));
        assert!(said.unwrap().chars().count() <= LONGEST);
    }
}
