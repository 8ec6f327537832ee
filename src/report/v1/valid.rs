//! What must hold of the members of a report that was read, beyond their types: whoever wrote it,
//! an id is an id and an address an address.

use super::{Cause, CheckEntry, EvidenceEntry, Fix, HttpEntry, Report, RunOptions, Target};
use crate::types::plain::is_plain;
use crate::types::scrub::MARK;
use crate::types::{
    AccountId, CertificateId, ExitCode, HostName, Method, RecordRequest, is_shortened,
};

/// A member that is not what it should be. Its value is not quoted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the member {member} is not {expected}")]
pub struct Invalid {
    member: String,
    expected: &'static str,
}

/// The longest text; a value in a command has 8,000 characters at most.
const LONGEST: usize = 64 * 1024;

type MemberRule = (fn(&str) -> bool, &'static str);

const LINE: MemberRule = (is_line, "one line of text");
const WORD: MemberRule = (is_word, "a word of letters, digits and hyphens");
const NAME: MemberRule = (is_name, "the name of an entry");
const HOST: MemberRule = (|text| text.parse::<HostName>().is_ok(), "a host name");
const ADDRESS: MemberRule = (is_address, "an address with a port");
const ACCOUNT: MemberRule = (|text| text.parse::<AccountId>().is_ok(), "an account ID");
const CLIENT: MemberRule = (is_shortened, "a shortened Client ID such as 0123…cdef");
const CERTIFICATE: MemberRule = (|text| CertificateId::new(text).is_ok(), "a Certificate ID");
const RECORD: MemberRule =
    (|text| text.parse::<RecordRequest>().is_ok(), "a record such as customer:view");
const METHOD: MemberRule = (|text| text.parse::<Method>().is_ok(), "an HTTP method");
const SHA256: MemberRule = (|text| is_hex(text, 64), "a SHA-256 in lower-case hex");
const RUN: MemberRule = (|text| is_hex(text, 32), "32 digits of lower-case hex");
const URL: MemberRule = (is_url, "an address that begins with https://");
const PLACE: MemberRule = (is_place, "a place in the documentation");

impl Report {
    /// Holds every member against what it stands for.
    ///
    /// # Errors
    /// The first that is something else.
    pub fn validate(&self) -> Result<(), Invalid> {
        let at = At::default();
        let (tool, environment) = (&self.tool, &self.environment);
        at.is("tool.name", WORD, &tool.name)?;
        at.is("tool.version", WORD, &tool.version)?;
        at.is("tool.git_commit", WORD, tool.git_commit.as_ref())?;
        at.is("tool.platform", WORD, &tool.platform)?;
        at.is("tool.openssl", LINE, &tool.openssl)?;
        at.is("run.id", RUN, &self.run.id)?;
        if let Some(options) = &self.run.options {
            asked(&at.below("run.options"), options)?;
        }
        at.is("environment.os", WORD, &environment.os)?;
        at.is("environment.arch", WORD, &environment.arch)?;
        at.is("environment.proxy", LINE, environment.proxy.as_ref())?;
        at.is("environment.connect_to", ADDRESS, environment.connect_to.as_ref())?;
        target(&at.below("target"), &self.target)?;
        let summary = &self.summary;
        if ExitCode::from_number(summary.exit_code).is_none() {
            return Err(at.wrong("summary.exit_code", "an exit code of this program"));
        }
        if let Some(blocker) = &summary.first_blocker {
            at.is("summary.first_blocker.id", WORD, &blocker.id)?;
            at.is("summary.first_blocker.subject", NAME, blocker.subject.as_ref())?;
        }
        at.is("summary.cause.id", WORD, summary.cause.as_ref().map(|cause| &cause.id))?;
        for (index, check) in self.checks.iter().enumerate() {
            entry(&at.item("checks", index), check)?;
        }
        at.is("redaction.policy", LINE, &self.redaction.policy)?;
        at.is("integrity.sha256", SHA256, &self.integrity.sha256)
    }
}

fn asked(at: &At, options: &RunOptions) -> Result<(), Invalid> {
    at.is("only", NAME, &options.only)?;
    at.is("skip", NAME, &options.skip)?;
    at.is("fail_on", WORD, &options.fail_on)?;
    at.is("algorithm", WORD, options.algorithm.as_ref())?;
    at.is("audit_detail", WORD, options.audit_detail.as_ref())
}

fn target(at: &At, target: &Target) -> Result<(), Invalid> {
    at.is("name", WORD, target.name.as_ref())?;
    at.is("account_id", ACCOUNT, target.account_id.as_ref())?;
    at.is("account_kind", WORD, target.account_kind.as_ref())?;
    at.is("hosts", HOST, &target.hosts)?;
    at.is("client_id", CLIENT, target.client_id.as_ref())?;
    at.is("certificate_id", CERTIFICATE, target.certificate_id.as_ref())?;
    at.is("certificate_sha256", SHA256, target.certificate_sha256.as_ref())?;
    if let Some(key) = &target.public_key {
        at.is("public_key.kind", WORD, &key.kind)?;
        at.is("public_key.curve", WORD, key.curve.as_ref())?;
        at.is("public_key.spki_sha256", SHA256, &key.spki_sha256)?;
    }
    at.is("profile", WORD, target.profile.as_ref())?;
    at.is("records", RECORD, &target.records)
}

fn entry(at: &At, check: &CheckEntry) -> Result<(), Invalid> {
    at.is("id", WORD, &check.id)?;
    at.is("subject", NAME, check.subject.as_ref())?;
    at.is("title", LINE, &check.title)?;
    at.is("phase", WORD, &check.phase)?;
    at.is("summary", LINE, &check.summary)?;
    at.is("docs", PLACE, &check.docs)?;
    if let Some(reason) = &check.reason {
        at.is("reason.blocked_by", NAME, &reason.blocked_by)?;
        at.is("reason.detail", LINE, reason.detail.as_ref())?;
    }
    for (index, evidence) in check.evidence.iter().enumerate() {
        fact(&at.item("evidence", index), evidence)?;
    }
    for (index, cause) in check.causes.iter().enumerate() {
        reason(&at.item("causes", index), cause)?;
    }
    steps(at, &check.fix)?;
    for (index, exchange) in check.http.iter().enumerate() {
        http(&at.item("http", index), exchange)?;
    }
    Ok(())
}

fn fact(at: &At, evidence: &EvidenceEntry) -> Result<(), Invalid> {
    at.is("key", WORD, &evidence.key)?;
    at.is("value", LINE, &evidence.value)?;
    at.is("expected", LINE, evidence.expected.as_ref())?;
    at.is("source", LINE, evidence.source.as_ref())
}

fn reason(at: &At, cause: &Cause) -> Result<(), Invalid> {
    at.is("id", WORD, &cause.id)?;
    at.is("title", LINE, &cause.title)?;
    at.is("because", LINE, &cause.because)?;
    steps(at, &cause.fix)
}

fn steps(at: &At, fix: &[Fix]) -> Result<(), Invalid> {
    for (index, step) in fix.iter().enumerate() {
        let at = at.item("fix", index);
        at.is("text", LINE, &step.text)?;
        at.is("where", LINE, step.place.as_ref())?;
        at.is("url", URL, step.url.as_ref())?;
        at.is("command", LINE, step.command.as_ref())?;
    }
    Ok(())
}

fn http(at: &At, exchange: &HttpEntry) -> Result<(), Invalid> {
    at.is("method", METHOD, &exchange.method)?;
    at.is("url", URL, &exchange.url)?;
    if exchange.status.is_some_and(|status| !(100..=999).contains(&status)) {
        return Err(at.wrong("status", "an HTTP status"));
    }
    at.is("error_code", LINE, exchange.error_code.as_ref())?;
    at.is("server_date", LINE, exchange.server_date.as_ref())
}

/// A place within the document.
#[derive(Default)]
struct At(String);

impl At {
    fn below(&self, name: &str) -> Self {
        Self(format!("{}{name}.", self.0))
    }

    fn item(&self, name: &str, index: usize) -> Self {
        Self(format!("{}{name}[{index}].", self.0))
    }

    fn wrong(&self, name: &str, expected: &'static str) -> Invalid {
        Invalid { member: format!("{}{name}", self.0), expected }
    }

    fn is<'a>(
        &self,
        name: &str,
        (fits, expected): MemberRule,
        texts: impl TextMember<'a>,
    ) -> Result<(), Invalid> {
        let fits = |text: &str| fits(text) || is_redacted(text, fits);
        if texts.all(fits) { Ok(()) } else { Err(self.wrong(name, expected)) }
    }
}

/// One text, one that may be absent, or several.
trait TextMember<'a> {
    fn all(self, fits: impl Fn(&str) -> bool) -> bool;
}

impl<'a> TextMember<'a> for &'a String {
    fn all(self, fits: impl Fn(&str) -> bool) -> bool {
        fits(self)
    }
}

impl<'a> TextMember<'a> for Option<&'a String> {
    fn all(self, fits: impl Fn(&str) -> bool) -> bool {
        self.is_none_or(|text| fits(text))
    }
}

impl<'a> TextMember<'a> for &'a Vec<String> {
    fn all(self, fits: impl Fn(&str) -> bool) -> bool {
        self.iter().all(|text| fits(text))
    }
}

/// Whether a secret of the run, such as a passphrase that is a usual word, was taken out of what
/// stood there.
fn is_redacted(text: &str, fits: fn(&str) -> bool) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '…');
    text.contains(MARK)
        && (fits(&text.replace(MARK, "0")) || text.replace(MARK, "").chars().all(plain))
}

fn is_line(text: &str) -> bool {
    text.len() <= LONGEST && is_plain(text)
}

fn is_word(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+');
    (1..=100).contains(&text.len()) && text.chars().all(fits)
}

fn is_name(text: &str) -> bool {
    text.len() <= 300 && text.split(':').all(is_word)
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") && is_line(text)
}

fn is_address(text: &str) -> bool {
    let parts = text.rsplit_once(':');
    parts
        .is_some_and(|(host, port)| host.parse::<HostName>().is_ok() && port.parse::<u16>().is_ok())
}

fn is_place(text: &str) -> bool {
    let fits =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '#' | ':');
    text.len() <= 200 && text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::report::samples;

    fn validated(change: impl FnOnce(&mut Value)) -> Result<(), Invalid> {
        let mut value = serde_json::to_value(samples::report()).unwrap();
        change(&mut value);
        serde_json::from_value::<Report>(value).unwrap().validate()
    }

    #[test]
    fn what_check_writes_is_valid() {
        assert_eq!(validated(|_| ()), Ok(()));
        assert_eq!(samples::fixed_report().validate(), Ok(()));
    }

    /// Every text of the document, with something in its place that no member may hold.
    #[test]
    fn no_text_is_left_out() {
        let whole = serde_json::to_value(samples::report()).unwrap();
        let mut places = Vec::new();
        collect("", &whole, &mut places);
        assert!(places.len() > 100, "{}", places.len());
        for place in places {
            let mut value = whole.clone();
            *value.pointer_mut(&place).unwrap() = json!("a\u{1b}[31m\u{202e}\nb");
            // The fixed words and the times are refused by their types.
            let Ok(report) = serde_json::from_value::<Report>(value) else { continue };
            if place.starts_with("/schema/") {
                continue;
            }
            let told = report.validate().expect_err(&place).to_string();
            assert!(is_plain(&told) && told.len() < 200, "{told}");
        }
    }

    fn collect(at: &str, value: &Value, places: &mut Vec<String>) {
        match value {
            Value::String(_) => places.push(at.to_owned()),
            Value::Array(all) => {
                all.iter().enumerate().for_each(|(i, v)| collect(&format!("{at}/{i}"), v, places));
            }
            Value::Object(all) => {
                all.iter().for_each(|(name, v)| collect(&format!("{at}/{name}"), v, places));
            }
            _ => {}
        }
    }

    #[test]
    fn members_are_what_they_stand_for() {
        for (place, wrong) in [
            ("/target/account_id", json!("1/2")),
            ("/target/client_id", json!("0123456789abcdef")),
            ("/target/certificate_id", json!("short")),
            ("/target/hosts", json!(["a b"])),
            ("/target/records", json!(["customer; id"])),
            ("/environment/connect_to", json!("127.0.0.1 (NetSuite)")),
            ("/run/id", json!("x")),
            ("/summary/exit_code", json!(77)),
            ("/checks/0/id", json!("$(id)")),
            ("/checks/0/docs", json!("javascript:alert(1)")),
            ("/integrity/sha256", json!("AB")),
        ] {
            let told = validated(|value| *value.pointer_mut(place).unwrap() = wrong).unwrap_err();
            assert!(told.to_string().contains(" is not "), "{told}");
        }
    }
}
