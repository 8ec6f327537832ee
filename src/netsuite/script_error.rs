//! A script of the account, or of an installed SuiteApp, that failed while NetSuite did what was
//! asked: recognised by the marks of SuiteScript's own errors, whatever the status
//! (`facts-2026-11.md` E13, `record-api.md` 2.6).

use serde_json::Value;

use super::answer::Answer;
use super::symptom::shown;

/// What is known of the failure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScriptError {
    /// HTTP status.
    pub status: u16,
    /// Name of the error: `RCRD_DSNT_EXIST`.
    pub name: Option<String>,
    /// Its message.
    pub message: Option<String>,
    /// Where the script lies in the File Cabinet, or its script ID.
    pub script: Option<String>,
    /// What the script looked for and did not find.
    pub missing: Option<String>,
}

/// Marks of an error of SuiteScript, in lower case.
const MARKS: [&str; 6] = [
    "error.suitescript",
    "error.userevent",
    "suitescripterror",
    "/suitescripts/",
    "/suiteapps/",
    "/suitebundles/",
];

/// The folders of the File Cabinet that hold scripts.
const FOLDERS: [&str; 3] = ["/suitescripts/", "/suiteapps/", "/suitebundles/"];

/// How the script IDs of what an account makes for itself begin.
const OBJECTS: [&str; 13] = [
    "customrecord",
    "customlist",
    "customsearch",
    "customtransaction",
    "customworkflow",
    "custrecord",
    "custbody",
    "custcol",
    "custentity",
    "custitem",
    "custevent",
    "custtmpl",
    "custform",
];

/// The longest text that is looked at, in bytes.
const LONGEST: usize = 20_000;

impl Answer {
    /// The failure of a script, where the answer tells of one.
    #[must_use]
    pub fn script_error(&self) -> Option<ScriptError> {
        if self.is_success() || self.is_redirect() || self.is_html() || self.body.len() > LONGEST {
            return None;
        }
        let json = serde_json::from_slice::<Value>(&self.body).ok()?;
        let bare = json.get("type").and_then(Value::as_str).is_some_and(marked);
        if bare {
            return Some(ScriptError::of(self.status, Some(&json), &self.text()));
        }
        let details = json.get("o:errorDetails").and_then(Value::as_array);
        let texts = details.into_iter().flatten().filter_map(|one| one.get("detail")?.as_str());
        let plain = json.get("message").and_then(Value::as_str);
        let text = texts.chain(plain).find(|text| marked(text))?;
        let inner = text.find('{').and_then(|at| text.get(at..)).and_then(first_object);
        Some(ScriptError::of(self.status, inner.as_ref(), text))
    }
}

impl ScriptError {
    fn of(status: u16, error: Option<&Value>, text: &str) -> Self {
        let member = |name: &str| {
            let value = error?.get(name)?.as_str()?.trim();
            (!value.is_empty()).then(|| value.to_owned())
        };
        let message = member("message").or_else(|| Some(without_marks(text)));
        let missing = message.as_deref().and_then(missing);
        Self {
            status,
            name: member("name").or_else(|| member("code")).map(|name| shown(&name)),
            script: error.and_then(script_of_stack).or_else(|| script(text)),
            missing,
            message: message.map(|text| shown(&text)).filter(|text| !text.is_empty()),
        }
    }
}

/// The script that threw it: the first of the stack.
fn script_of_stack(error: &Value) -> Option<String> {
    error.get("stack")?.as_array()?.iter().filter_map(Value::as_str).find_map(script)
}

fn marked(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    MARKS.iter().any(|mark| text.contains(mark))
}

/// The object at the beginning of a text, whatever follows it.
fn first_object(text: &str) -> Option<Value> {
    serde_json::Deserializer::from_str(text).into_iter::<Value>().next()?.ok()
}

fn without_marks(text: &str) -> String {
    text.split_once('{').map_or(text, |(before, _)| before).trim().to_owned()
}

/// The path of the first script that the text names, else a script ID.
fn script(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let start = FOLDERS.iter().filter_map(|folder| lower.find(folder)).min();
    let path = start.and_then(|start| {
        let rest = lower.get(start..)?;
        let end = rest.get(..rest.len().min(300)).unwrap_or(rest).find(".js")? + ".js".len();
        text.get(start..start + end)
    });
    let path = path.filter(|path| !path.contains(['"', '\'', '\n', '<']));
    path.map(shown).or_else(|| token(text, &["customscript"]))
}

/// The first word that begins like a script ID of one of these kinds.
fn token(text: &str, kinds: &[&str]) -> Option<String> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut words = text.split(|c| !word(c)).filter(|own| own.len() <= 80);
    words
        .find(|own| {
            let own = own.to_ascii_lowercase();
            kinds.iter().any(|kind| own.starts_with(kind) && own.len() > kind.len())
        })
        .map(str::to_owned)
}

/// What a message says is not there.
fn missing(message: &str) -> Option<String> {
    if let Some(own) = token(message, &OBJECTS) {
        return Some(own);
    }
    let lower = message.to_ascii_lowercase();
    for mark in ["does not exist: ", "missing a required argument: ", "not found: "] {
        if let Some(at) = lower.find(mark) {
            let rest = message.get(at + mark.len()..)?;
            let named = rest.split(|c: char| c.is_whitespace() || matches!(c, '"' | ',' | ';'));
            let named = named.into_iter().find(|word| !word.is_empty())?.trim_end_matches('.');
            return Some(shown(named)).filter(|named| !named.is_empty());
        }
    }
    let lacks = ["not exist", "not found", "missing", "invalid", "undefined", "cannot", "null"];
    if !lacks.iter().any(|word| lower.contains(word)) {
        return None;
    }
    quoted(message).or_else(|| {
        let (_, rest) = lower.split_once("id: ")?;
        let id: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        (!id.is_empty()).then(|| format!("ID {id}"))
    })
}

/// The first text between quotation marks or brackets.
fn quoted(text: &str) -> Option<String> {
    [('"', '"'), ('\'', '\''), ('[', ']')].iter().find_map(|(open, close)| {
        let (_, after) = text.split_once(*open)?;
        let (inside, _) = after.split_once(*close)?;
        let inside = shown(inside);
        (1..=120).contains(&inside.len()).then_some(inside)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netsuite::answer::sample;

    fn detail(status: u16, detail: &str) -> Option<ScriptError> {
        let entry = serde_json::json!({ "detail": detail, "o:errorCode": "USER_ERROR" });
        let body = serde_json::json!({ "status": status, "o:errorDetails": [entry] }).to_string();
        sample(status, "application/json", &body).script_error()
    }

    fn error(name: &str, message: &str, script: &str) -> String {
        let stack = [format!("beforeLoad({script}:42)"), "createError(N/error)".to_owned()];
        serde_json::json!({
            "type": "error.SuiteScriptError", "name": name, "message": message, "stack": stack,
        })
        .to_string()
    }

    #[test]
    fn the_script_and_what_it_missed_are_named_whatever_the_status() {
        let inner = error(
            "INVALID_RCRD_TYPE",
            "The record type [CUSTOMRECORD_LOYALTY] is invalid.",
            "/SuiteApps/com.example.loyalty/ue/customer.js",
        );
        for status in [400, 500] {
            for text in [inner.clone(), format!("Error while accessing a resource. {inner} Sorry.")]
            {
                let found = detail(status, &text).unwrap();
                assert_eq!(found.status, status);
                assert_eq!(found.name.as_deref(), Some("INVALID_RCRD_TYPE"));
                let script = "/SuiteApps/com.example.loyalty/ue/customer.js";
                assert_eq!(found.script.as_deref(), Some(script));
                assert_eq!(found.missing.as_deref(), Some("CUSTOMRECORD_LOYALTY"));
                assert!(found.message.unwrap().starts_with("The record type"), "{text}");
            }
        }
    }

    #[test]
    fn what_is_missing_in_the_words_of_different_errors() {
        for (message, expected) in [
            ("Module does not exist: /SuiteScripts/lib/util.js", Some("/SuiteScripts/lib/util.js")),
            ("load: Missing a required argument: id", Some("id")),
            ("That record does not exist. id: 4711", Some("ID 4711")),
            ("Cannot read property \"name\" from undefined", Some("name")),
            ("An error occurred in the field custbody_region.", Some("custbody_region")),
            ("Out of luck", None),
        ] {
            let found = detail(400, &error("X", message, "/SuiteScripts/a b/x.js")).unwrap();
            assert_eq!(found.missing.as_deref(), expected, "{message}");
            assert_eq!(found.script.as_deref(), Some("/SuiteScripts/a b/x.js"));
        }
    }

    #[test]
    fn a_bare_error_and_one_in_words_count_as_well() {
        let bare = error("SSS_USAGE_LIMIT_EXCEEDED", "Script Execution Usage Limit Exceeded", "x");
        let found = sample(400, "application/json", &bare).script_error().unwrap();
        assert_eq!(found.name.as_deref(), Some("SSS_USAGE_LIMIT_EXCEEDED"));
        assert_eq!(found.script, None);
        let words = "org.mozilla.javascript.EcmaError: TypeError: Cannot call method \"getValue\" of \
                     null (/SuiteBundles/Bundle 123/ue.js$4#12) in customscript_ue_load";
        let found = detail(500, words).unwrap();
        assert_eq!(found.script.as_deref(), Some("/SuiteBundles/Bundle 123/ue.js"));
        assert_eq!(found.missing.as_deref(), Some("getValue"));
        let id = detail(400, "error.SuiteScriptError in customscript_ue_load").unwrap();
        assert_eq!(id.script.as_deref(), Some("customscript_ue_load"));
    }

    #[test]
    fn what_only_speaks_of_scripts_is_none() {
        for text in [
            "Permission Violation: You need  the 'Setup -> SuiteScript' permission to access this page.",
            "An unexpected error occurred. Error ID: abc",
            "",
        ] {
            assert_eq!(detail(400, text), None, "{text}");
        }
        let good = error("X", "y", "/SuiteScripts/x.js");
        assert_eq!(sample(200, "application/json", &good).script_error(), None);
        assert_eq!(sample(400, "text/html", &format!("<html>{good}")).script_error(), None);
    }

    #[test]
    fn fuzz() {
        let words = [
            "o:errorDetails",
            "detail",
            "error.SuiteScriptError",
            "/SuiteScripts/",
            ".js",
            "does not exist: ",
            "custbody_",
            "\"",
            "[",
        ];
        crate::fuzz::run("script-error", &words, |bytes| {
            let body = String::from_utf8_lossy(bytes);
            let answer = sample(400, "application/json", &body);
            let found = answer.script_error().unwrap_or_default();
            let symptom = answer.symptom();
            for text in [found.name, found.message, found.script, found.missing, symptom.said] {
                assert!(text.is_none_or(|text| crate::types::plain::is_plain(&text)));
            }
        });
    }
}
