//! A made-up run for the tests of the renderers: every status, every reason, fixed times.

use std::collections::BTreeMap;
use std::time::Duration;

use super::integrity;
use super::set::listed::Digest;
use super::set::stored::{Found, StoredSet, open};
use super::set::{Listed, SetSummary, SetVerdict, seal};
use super::v1::{Counts, Mode, Overall, PublicKey, Report, RunOptions, Status, Summary};
use super::{ExitPolicy, Handbook, RunMeta, TargetFacts, build};
use crate::checks::{self, ids};
use crate::diagnosis::{self, Diagnosed, RankedCause};
use crate::engine::{
    CheckResult, Evidence, FindingId, NodeKey, ReasonCode, Severity, Subject, Verdict,
};
use crate::report::values::Values;
use crate::types::Rank;
use crate::types::{AccountId, HttpExchange, Scrubber};

/// Cards that stay the same when the real ones are edited.
const CARDS: &str = include_str!("../../fixtures/report/cards.toml");

pub(crate) fn handbook() -> Handbook {
    Handbook::of(toml::from_str(CARDS).unwrap())
}

pub(crate) fn meta() -> RunMeta {
    let started = "2026-03-02T09:30:00.250Z".parse().unwrap();
    let account = AccountId::from_parts("1234567", Some("SB1")).unwrap();
    let target = TargetFacts {
        name: Some("sandbox".to_owned()),
        hosts: vec!["1234567-sb1.suitetalk.api.netsuite.com".to_owned()],
        account: Some(account),
        client_id: Some("0123…cdef".to_owned()),
        certificate_id: Some("AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE".to_owned()),
        certificate_sha256: Some([0xab; 32]),
        public_key: Some(PublicKey {
            kind: "rsa".to_owned(),
            bits: 4096,
            curve: None,
            spki_sha256: "cd".repeat(32),
        }),
        profile: None,
        records: ["customer", "salesOrder:edit"].map(|text| text.parse().unwrap()).to_vec(),
    };
    RunMeta {
        id: "0123456789abcdef0123456789abcdef".to_owned(),
        started_at: started,
        finished_at: started + jiff::SignedDuration::from_millis(1_875),
        took: Duration::from_millis(1_875),
        mode: Mode::Online,
        proxy: None,
        extra_ca: false,
        connect_to: None,
        replay: false,
        options: options(),
        target,
        values: Values::default(),
        causes: causes("NetSuite answered 500 server_error."),
        exit: ExitPolicy::default(),
        scrubber: Scrubber::default(),
    }
}

fn options() -> RunOptions {
    RunOptions {
        only: Vec::new(),
        skip: vec!["clock".to_owned()],
        fail_on: "fail".to_owned(),
        timeout_s: 30,
        deadline_s: 300,
        concurrency: 2,
        algorithm: None,
        probe_writes: false,
        accept_empty: false,
        audit_detail: None,
        sign_in: false,
    }
}

fn key(name: &str) -> NodeKey {
    let (id, subject) = name.split_once('/').map_or((name, None), |(id, s)| (id, Some(s)));
    let check = checks::find_by_name(id).unwrap().id;
    NodeKey { check, subject: subject.map(Subject::new) }
}

/// One result; `name` is `id` or `id/subject`.
pub(crate) fn result(name: &str, verdict: Verdict) -> CheckResult {
    let key = key(name);
    let phase = checks::find(key.check).unwrap().phase;
    CheckResult { key, phase, verdict, took: Duration::from_millis(12) }
}

pub(crate) fn report() -> Report {
    build(&results(), &meta(), &handbook()).unwrap()
}

/// The sample without what differs from build to build.
pub(crate) fn fixed_report() -> Report {
    let mut report = report();
    report.tool.version = "1.2.3".to_owned();
    report.tool.git_commit = None;
    report.tool.platform = "machine-system".to_owned();
    report.tool.openssl = "OpenSSL of the build".to_owned();
    report.environment.os = "system".to_owned();
    report.environment.arch = "machine".to_owned();
    integrity::seal(&mut report).unwrap();
    report
}

/// What a hostile server or editor could put into a value: markup, breaks, orders to terminals and
/// calls to people, each with the word `intruder`.
pub(crate) const HOSTILE: &str = "intruder<script>alert('intruder')</script>\u{1b}[2J\u{0}\u{fffe}| a ``` b ` c\r\n# intruder\n- x\n\n1. y ]]> &amp; &lt;i&gt; \"'><img src=x onerror=intruder> [x](javascript:intruder) ![x](http://intruder.test/i) <!-- --> @intruder https://intruder.test www.intruder.test \\ $x$ \u{202e}";

/// The sample with a hostile value in every text that is not a fixed word.
pub(crate) fn hostile_report() -> Report {
    fn poison(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::String(text) => *text = HOSTILE.to_owned(),
            serde_json::Value::Array(all) => all.iter_mut().for_each(poison),
            serde_json::Value::Object(members) => {
                let fixed = ["status", "code", "rank", "grade", "verdict", "mode", "schema"];
                let times = ["started_at", "finished_at"];
                members
                    .iter_mut()
                    .filter(|(name, _)| !fixed.contains(&name.as_str()))
                    .filter(|(name, _)| !times.contains(&name.as_str()))
                    .for_each(|(_, member)| poison(member));
            }
            _ => {}
        }
    }
    let mut value = serde_json::to_value(report()).unwrap();
    poison(&mut value);
    serde_json::from_value(value).unwrap()
}

pub(crate) fn causes(because: &str) -> BTreeMap<NodeKey, Diagnosed> {
    let steps = |id: &str| {
        let cause = diagnosis::causes().find(id).unwrap();
        cause.fix.iter().map(|remedy| remedy.step.clone()).collect()
    };
    let cause = |id: &str, rank| RankedCause {
        cause: id.to_owned(),
        rank,
        because: vec![because.to_owned()],
        steps: steps(id),
    };
    let list = vec![
        cause("certificate-id-wrong", Rank::Likely),
        cause("certificate-revoked", Rank::Possible),
        cause("key-of-another-certificate", Rank::RuledOut),
    ];
    let diagnosed = Diagnosed { causes: list, ..Diagnosed::default() };
    BTreeMap::from([(NodeKey::of(ids::TOKEN_EXCHANGE), diagnosed)])
}

pub(crate) fn results() -> Vec<CheckResult> {
    results_with_text("NetSuite answered 500 with the error server_error.")
}

/// The sample run, with `text` as what was seen of the token exchange.
pub(crate) fn results_with_text(text: &str) -> Vec<CheckResult> {
    const F: fn(&'static str) -> FindingId = FindingId::new;
    let skipped = Verdict::skipped;
    let open = Verdict::inconclusive;
    let exchange = HttpExchange {
        method: "POST",
        url: format!(
            "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token?x={text}"
        ),
        status: Some(500),
        error_code: Some("server_error".to_owned()),
        server_date: Some("Mon, 02 Mar 2026 09:30:01 GMT".to_owned()),
        operation_id: None,
        duration_ms: 180,
    };
    vec![
        result("account-id", Verdict::pass("1234567_SB1 (sandbox).")),
        result("client-id", Verdict::pass("64 hexadecimal characters, from environment variable NETSUITE_CLIENT_ID.")),
        result("client-secret", skipped(ReasonCode::NotProvided, "No client secret was given.")),
        result("certificate-id", Verdict::pass("43 characters.").note(Severity::Note, F("trimmed"), "A space was cut off.")),
        result("private-key", Verdict::pass("RSA 4096, PKCS#8.")),
        result("private-key-file", Verdict::warn(F("readable-by-others"), "The file can be read by every user of this machine.")
            .evidence(Evidence::new("mode", "0644").expected("0600").source("/etc/netsuite/key.pem"))
            .param("private_key_file", "/etc/netsuite/key.pem")),
        result("key-strength", Verdict::pass("RSA 4096.")),
        result("certificate", Verdict::pass("X.509 v3, self-signed.")),
        result("certificate-validity", skipped(ReasonCode::Disabled, "Skipped because --skip names it.")),
        result("certificate-expiry", skipped(ReasonCode::NotApplicable, "Not applicable here.")),
        result("key-matches-certificate", Verdict::pass("The key is the one in the certificate.")),
        result("certificate-id-matches", Verdict::fail(F("other-certificate"), "The Certificate ID belongs to another certificate.")
            .evidence(Evidence::new("certificate_id", "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE")
                .expected("ZyXwVuTsRqPoNmLkJiHgFeDcBa9876543210-_ZyXwV")
                .source("base64url(SHA-256(certificate)); proved on the one certificate that Oracle publishes"))),
        result("account-exists", Verdict::pass("NetSuite knows the account.")),
        result("connection", Verdict::pass("TLS 1.3 to 1234567-sb1.suitetalk.api.netsuite.com in 41 ms.")),
        result("clock", skipped(ReasonCode::Offline, "Not checked: this run uses no network (--offline).")),
        result("token-exchange", Verdict::fail(F("server-error"), text)
            .evidence(Evidence::new("answer", text).source(text))
            .param("private_key_file", text)
            .http([exchange])),
        result("token-identity", Verdict::blocked(vec![key("token-exchange")])),
        result("token-scope", Verdict::blocked(vec![key("token-exchange")])),
        result("rest-service", open(ReasonCode::NoAnswer, F("no-answer"), "No usable answer came: the connection was reset.")),
        result("record-access/customer:view", open(ReasonCode::Empty, F("empty"), "The list was answered, with no row in it.")),
        result("record-access/customer:edit", skipped(ReasonCode::NotProbed, "Not probed: that would need --probe-writes.")),
        result("record-access/salesOrder:view", open(ReasonCode::RateLimited, F("rate-limited"), "NetSuite asked to slow down.").reason_detail("Waited three times, 15 s in all.")),
        result("record-access/invoice:view", open(ReasonCode::Ambiguous, F("method"), "NetSuite answered 405.")),
        result("record-access/vendor:view", open(ReasonCode::Internal, F("internal-error"), "This check stopped on an internal error; the others went on.")),
        result("record-access/employee:view", skipped(ReasonCode::NotPermitted, "The role may not read it, and need not.")),
    ]
}

/// A report of a run that passed.
pub(crate) fn passed() -> Report {
    let mut report = report();
    report.checks.retain(|check| check.status == Status::Pass);
    report.summary = Summary {
        verdict: Overall::Pass,
        exit_code: 0,
        counts: Counts { pass: report.checks.len() as u64, ..Counts::default() },
        first_blocker: None,
        cause: None,
    };
    integrity::seal(&mut report).unwrap();
    report
}

/// The document of a set as `check` writes it, sealed.
pub(crate) fn set_document(targets: &[(&str, Report)]) -> serde_json::Value {
    let mut listed = Vec::new();
    let mut reports = Vec::new();
    for (at, (name, report)) in targets.iter().enumerate() {
        let mut report = report.clone();
        report.run.id = format!("{at:032x}");
        report.target.name = Some((*name).to_owned());
        integrity::seal(&mut report).unwrap();
        listed.push(Listed {
            name: (*name).to_owned(),
            verdict: SetVerdict::of(&report),
            exit_code: report.summary.exit_code,
            run_id: Some(report.run.id.clone()),
            error: None,
            digest: Some(Digest::of(&report)),
        });
        reports.push(report);
    }
    let summary = SetSummary::of(listed.iter().map(|one| (one.verdict, one.exit_code)));
    let mut document = seal::frame(summary, &listed).unwrap();
    document.insert("reports".to_owned(), serde_json::to_value(reports).unwrap());
    document.into()
}

/// The same as it is read.
pub(crate) fn set(targets: &[(&str, Report)]) -> StoredSet {
    read_set(&set_document(targets))
}

/// A document as a set.
pub(crate) fn read_set(document: &serde_json::Value) -> StoredSet {
    let bytes = document.to_string().into_bytes();
    match open(Box::new(std::io::Cursor::new(bytes))).unwrap() {
        Found::Set(set) => set,
        Found::Other(_) => panic!("no set"),
    }
}
