//! From the results of a run to the report.

use crate::checks::ids;
use crate::diagnosis::{Diagnosed, RankedCause};
use crate::engine::{CheckResult, Reason, Verdict};
use crate::report::guidance::{fill, needless};
use crate::report::integrity::{IntegrityError, seal};
use crate::report::meta::{ExitPolicy, RunMeta, TargetFacts, exit_code, without_credentials};
use crate::report::redact::{POLICY, Redactor};
use crate::report::v1::{
    Cause, CheckEntry, Counts, Environment, EvidenceEntry, FirstBlocker, Fix, HttpEntry, Integrity,
    LeadingCause, Overall, ReasonEntry, Redaction, Report, Run, RunOptions, SCHEMA_NAME,
    SCHEMA_VERSION, SchemaRef, Status, Summary, Target, Tool,
};
use crate::report::values::{Form, Values};
use crate::report::words::{FINDING, MEANING};
use crate::report::{Handbook, guidance};
use crate::types::HttpExchange;
use crate::types::{Service, hex};

/// What the entries of one report are built with.
struct Builder<'a> {
    handbook: &'a Handbook,
    redactor: Redactor<'a>,
    /// Values of the whole run, already free of secrets.
    values: Values,
    /// The host of the account's user interface, where the account is known.
    app_host: Option<String>,
}

/// Builds the report of a run. Titles and guidance come from the handbook; free text passes the
/// run's scrubber.
///
/// # Errors
/// When the report cannot be brought into canonical form for its checksum: a bug.
pub fn build(
    results: &[CheckResult],
    meta: &RunMeta,
    handbook: &Handbook,
) -> Result<Report, IntegrityError> {
    let mut builder = builder(meta, handbook);
    // An account that is not there has no pages to link to.
    let absent = |result: &CheckResult| {
        result.key.check == ids::ACCOUNT_EXISTS && result.verdict.status() == Status::Fail
    };
    builder.app_host = builder.app_host.filter(|_| !results.iter().any(absent));
    let none = Diagnosed::default();
    let checks: Vec<_> = results
        .iter()
        .map(|result| {
            let diagnosed = meta.causes.get(&result.key).unwrap_or(&none);
            builder.entry(result, diagnosed)
        })
        .collect();
    let mut report = Report {
        schema: SchemaRef { name: SCHEMA_NAME.to_owned(), version: SCHEMA_VERSION },
        tool: tool(),
        run: Run {
            id: meta.id.clone(),
            started_at: meta.started_at.into(),
            finished_at: meta.finished_at.into(),
            duration_ms: millis(meta.took),
            mode: meta.mode,
            options: Some(builder.options(&meta.options)),
        },
        environment: Environment {
            os: std::env::consts::OS.to_owned(),
            arch: std::env::consts::ARCH.to_owned(),
            proxy: meta
                .proxy
                .as_deref()
                .map(|url| builder.redactor.text(&without_credentials(url))),
            extra_ca: meta.extra_ca,
            connect_to: builder.redactor.optional(meta.connect_to.as_deref()),
            replay: Some(meta.replay),
        },
        target: builder.target(&meta.target),
        summary: summary(&checks, meta.exit),
        checks,
        redaction: Redaction { policy: POLICY.to_owned(), scrubbed: builder.redactor.scrubbed() },
        integrity: Integrity { sha256: String::new() },
    };
    seal(&mut report)?;
    Ok(report)
}

fn builder<'a>(meta: &'a RunMeta, handbook: &'a Handbook) -> Builder<'a> {
    let redactor = Redactor::new(&meta.scrubber);
    let mut values = Values::default();
    for (name, value) in meta.values.iter() {
        values.set(name, redactor.text(value));
    }
    let account = meta.target.account.as_ref();
    let app_host = account.map(|id| redactor.text(&id.host(Service::App)));
    if let Some(id) = &meta.target.certificate_id {
        values.set("certificate_id", redactor.text(id));
    }
    if let Some(id) = account {
        values.set("account_id", redactor.text(&id.account()));
        values.set("account_host", redactor.text(&id.host(Service::SuiteTalk)));
    }
    Builder { handbook, redactor, values, app_host }
}

fn tool() -> Tool {
    Tool {
        name: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        git_commit: option_env!("NETSUITE_PREFLIGHT_GIT_COMMIT").map(ToOwned::to_owned),
        platform: format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
        openssl: openssl::version::version().to_owned(),
    }
}

fn millis(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl Builder<'_> {
    fn entry(&self, result: &CheckResult, diagnosed: &Diagnosed) -> CheckEntry {
        let id = result.key.check.as_str();
        let verdict = &result.verdict;
        let findings = findings(verdict);
        let mut values = self.values(verdict);
        values.set("check", result.key.to_string());
        let title = self.handbook.card(id).map_or(id, |card| &card.title);
        CheckEntry {
            id: id.to_owned(),
            subject: result.key.subject.as_ref().map(|subject| subject.as_str().to_owned()),
            title: title.to_owned(),
            phase: result.phase.as_str().to_owned(),
            status: verdict.status(),
            reason: verdict.reason().map(|reason| self.reason(reason)),
            summary: self.redactor.text(&verdict.summary()),
            evidence: [self.evidence(verdict), self.named(id, &findings, &values)].concat(),
            causes: diagnosed.causes.iter().filter_map(|one| self.cause(one, &values)).collect(),
            fix: guidance::fixes(
                self.handbook,
                id,
                &findings,
                &values,
                self.app_host.as_deref(),
                &diagnosed.excluded,
            ),
            http: verdict.exchanges().iter().map(|exchange| self.http(exchange)).collect(),
            duration_ms: millis(result.took),
            docs: format!("docs/checks.md#{id}"),
        }
    }

    /// The values of the run and of this verdict.
    fn values(&self, verdict: &Verdict) -> Values {
        let mut values = self.values.clone();
        for (name, value) in verdict.params() {
            values.set(*name, self.redactor.value(value));
        }
        values
    }

    fn reason(&self, reason: &Reason) -> ReasonEntry {
        ReasonEntry {
            code: reason.code,
            blocked_by: reason.blocked_by.iter().map(ToString::to_string).collect(),
            detail: self.redactor.optional(reason.detail.as_deref()),
        }
    }

    fn evidence(&self, verdict: &Verdict) -> Vec<EvidenceEntry> {
        let seen = verdict.facts().iter().map(|fact| EvidenceEntry {
            key: fact.key.to_owned(),
            value: self.redactor.text(&fact.value),
            expected: self.redactor.optional(fact.expected.as_deref()),
            source: self.redactor.optional(fact.source.as_deref()),
        });
        seen.collect()
    }

    /// The findings by name, each with its meaning where its guidance gives one.
    fn named(&self, check: &str, findings: &[&str], values: &Values) -> Vec<EvidenceEntry> {
        let mut named = Vec::new();
        let mut add = |key: &str, value: String| {
            let key = key.to_owned();
            named.push(EvidenceEntry { key, value, expected: None, source: None });
        };
        for finding in findings {
            add(FINDING, (*finding).to_owned());
            let guidance = self.handbook.guidance(check, finding);
            if let Some(means) = guidance.and_then(|guidance| guidance.means.as_ref()) {
                add(MEANING, values.fill(means.trim(), Form::Prose));
            }
        }
        named
    }

    /// A cause with the values of this entry filled in.
    fn cause(&self, ranked: &RankedCause, values: &Values) -> Option<Cause> {
        let cause = self.handbook.cause(&ranked.cause)?;
        let host = self.app_host.as_deref();
        let needed = ranked.steps.iter().filter(|step| !needless(step, values));
        let steps = needed.map(|step| fill(step, self.handbook, values, host));
        Some(Cause {
            id: cause.id.clone(),
            title: cause.title.clone(),
            rank: ranked.rank,
            grade: cause.grade,
            because: ranked.because.iter().map(|why| self.redactor.text(why)).collect(),
            fix: steps.map(|step| self.clean(&step)).collect(),
        })
    }

    fn clean(&self, fix: &Fix) -> Fix {
        Fix {
            text: self.redactor.text(&fix.text),
            place: self.redactor.optional(fix.place.as_deref()),
            url: self.redactor.optional(fix.url.as_deref()),
            command: self.redactor.optional(fix.command.as_deref()),
        }
    }

    fn http(&self, exchange: &HttpExchange) -> HttpEntry {
        HttpEntry {
            method: exchange.method.to_owned(),
            url: self.redactor.text(&exchange.url),
            status: exchange.status,
            error_code: self.redactor.optional(exchange.error_code.as_deref()),
            server_date: self.redactor.optional(exchange.server_date.as_deref()),
            operation_id: self.redactor.optional(exchange.operation_id.as_deref()),
            duration_ms: exchange.duration_ms,
        }
    }
}

/// The findings, the gravest first, each once.
fn findings(verdict: &Verdict) -> Vec<&'static str> {
    let mut found = Vec::new();
    for note in verdict.notes_by_gravity() {
        if !found.contains(&note.finding.as_str()) {
            found.push(note.finding.as_str());
        }
    }
    found
}

fn summary(checks: &[CheckEntry], policy: ExitPolicy) -> Summary {
    let counts = counts(checks);
    let blocker = checks.iter().find(|check| check.status == Status::Fail);
    Summary {
        verdict: verdict(&counts),
        exit_code: exit_code(&counts, policy).code(),
        counts,
        first_blocker: blocker
            .map(|check| FirstBlocker { id: check.id.clone(), subject: check.subject.clone() }),
        cause: blocker
            .and_then(|check| check.leading_cause())
            .map(|cause| LeadingCause { id: cause.id.clone(), rank: cause.rank }),
    }
}

/// How many entries had which outcome.
pub(in crate::report) fn counts(checks: &[CheckEntry]) -> Counts {
    let mut counts = Counts::default();
    for check in checks {
        let count = match check.status {
            Status::Pass => &mut counts.pass,
            Status::Warn => &mut counts.warn,
            Status::Fail => &mut counts.fail,
            Status::Inconclusive => &mut counts.inconclusive,
            Status::Skipped => &mut counts.skipped,
        };
        *count += 1;
    }
    counts
}

fn verdict(counts: &Counts) -> Overall {
    if counts.fail > 0 {
        Overall::Fail
    } else if counts.inconclusive > 0 {
        Overall::Inconclusive
    } else if counts.warn > 0 {
        Overall::Warn
    } else {
        Overall::Pass
    }
}

impl Builder<'_> {
    fn options(&self, asked: &RunOptions) -> RunOptions {
        let all = |texts: &[String]| texts.iter().map(|text| self.redactor.text(text)).collect();
        RunOptions { only: all(&asked.only), skip: all(&asked.skip), ..asked.clone() }
    }

    fn target(&self, facts: &TargetFacts) -> Target {
        let mut hosts: Vec<String> = Vec::new();
        for host in &facts.hosts {
            let host = self.redactor.text(host);
            if !hosts.contains(&host) {
                hosts.push(host);
            }
        }
        let account = facts.account.as_ref();
        Target {
            name: self.redactor.optional(facts.name.as_deref()),
            account_id: account.map(|id| self.redactor.text(&id.account())),
            account_kind: account.map(|id| id.kind().as_str().to_owned()),
            hosts,
            client_id: self.redactor.optional(facts.client_id.as_deref()),
            certificate_id: self.redactor.optional(facts.certificate_id.as_deref()),
            certificate_sha256: facts.certificate_sha256.as_ref().map(|sum| hex(sum)),
            public_key: facts.public_key.clone(),
            profile: facts.profile.clone(),
            records: facts.records.iter().map(ToString::to_string).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use crate::engine::{FindingId, Severity};
    use crate::report::samples::{handbook, meta};
    use crate::report::v1::ReasonCode;
    use crate::report::{integrity, json, samples};
    use crate::types::{Secret, SecretKind};

    use super::*;

    const A: FindingId = FindingId::new("absent");
    const B: FindingId = FindingId::new("odd");

    fn one(verdict: Verdict, meta: &RunMeta) -> Report {
        build(&[samples::result("account-id", verdict)], meta, &handbook()).unwrap()
    }

    #[test]
    fn the_gravest_findings_guidance_comes_first_and_each_step_once() {
        let verdict = Verdict::warn(B, "Odd.").note(Severity::Fail, A, "Absent.").note(
            Severity::Fail,
            A,
            "Absent again.",
        );
        let report = one(verdict, &meta());
        let entry = &report.checks[0];
        assert_eq!(entry.summary, "Absent. Absent again. Odd.");
        let findings: Vec<&str> = entry
            .evidence
            .iter()
            .filter(|fact| fact.key == FINDING)
            .map(|fact| fact.value.as_str())
            .collect();
        assert_eq!(findings, ["absent", "odd"]);
        let steps: Vec<&str> = entry.fix.iter().map(|fix| fix.text.as_str()).collect();
        assert_eq!(steps, ["Copy the value of the field Account ID.", "Look at <what>."]);
    }

    #[test]
    fn deep_links_need_the_account_and_every_value() {
        let fix = |meta: &RunMeta, verdict: Verdict| one(verdict, meta).checks[0].fix.clone();
        let known = fix(&meta(), Verdict::fail(A, "Absent."));
        assert_eq!(
            known[0].url.as_deref(),
            Some("https://1234567-sb1.app.netsuite.com/app/common/otherlists/company.nl")
        );
        let mut unknown = meta();
        unknown.target.account = None;
        assert_eq!(fix(&unknown, Verdict::fail(A, "Absent."))[0].url, None);

        let role = FindingId::new("role");
        assert_eq!(fix(&meta(), Verdict::fail(role, "Role."))[0].url, None);
        let with_role = Verdict::fail(role, "Role.").param("role_id", "1021");
        let filled = fix(&meta(), with_role.clone());
        let evidence = &one(with_role, &meta()).checks[0].evidence;
        assert_eq!(evidence.last().unwrap().value, "The role 1021 is not the one meant.");
        assert_eq!(
            filled[0].url.as_deref(),
            Some("https://1234567-sb1.app.netsuite.com/app/setup/role.nl?id=1021")
        );
    }

    #[test]
    fn commands_quote_paths_and_show_gaps() {
        let command = |meta: &RunMeta| {
            let report = one(Verdict::fail(FindingId::new("key"), "Key."), meta);
            report.checks[0].fix[0].command.clone().unwrap()
        };
        let mut with_path = meta();
        with_path.values.set("private_key_file", "/tmp/my key.pem");
        assert_eq!(command(&with_path), "openssl pkey -in '/tmp/my key.pem' -noout");
        assert_eq!(command(&meta()), "openssl pkey -in PRIVATE-KEY-FILE -noout");
    }

    #[test]
    fn the_summary_counts_and_names_the_first_failure() {
        let report = samples::report();
        assert_eq!(report.summary.verdict, Overall::Fail);
        assert_eq!(report.summary.exit_code, 1);
        assert_eq!(report.summary.first_blocker.as_ref().unwrap().id, "certificate-id-matches");
        let total = &report.summary.counts;
        let sum = total.pass + total.warn + total.fail + total.inconclusive + total.skipped;
        assert_eq!(sum as usize, report.checks.len());
    }

    #[test]
    fn the_sample_has_every_status_and_every_reason() {
        let report = samples::report();
        for status in
            [Status::Pass, Status::Warn, Status::Fail, Status::Inconclusive, Status::Skipped]
        {
            assert!(report.checks.iter().any(|check| check.status == status), "{status:?}");
        }
        for code in ReasonCode::VARIANTS.iter().copied() {
            let has = |check: &CheckEntry| {
                check.reason.as_ref().is_some_and(|reason| reason.code == code)
            };
            assert!(report.checks.iter().any(has), "{code:?}");
        }
    }

    #[test]
    fn a_report_survives_being_written_and_read() {
        let report = samples::report();
        let text = json::render(&report).unwrap();
        let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
        integrity::verify(&value).unwrap();
        assert_eq!(serde_json::from_value::<Report>(value.clone()).unwrap(), report);
        // A newer program may add members.
        value["checks"][0]["added_later"] = serde_json::json!({"x": 1});
        assert_eq!(serde_json::from_value::<Report>(value).unwrap(), report);
    }

    /// A secret that is a word of the document must not take the document with it.
    #[test]
    fn secrets_that_are_words_leave_the_document_whole() {
        let plain = samples::report();
        for secret in
            ["pass", "certificate", "inconclusive", "account-id", "checks", "\"", "{\"a\":1}"]
        {
            let meta = meta();
            meta.scrubber.learn(&Secret::new(SecretKind::Passphrase, secret));
            let report = build(&samples::results(), &meta, &handbook()).unwrap();
            integrity::verify(&serde_json::to_value(&report).unwrap()).unwrap();
            assert_eq!(report.summary, plain.summary, "{secret}");
            for (one, other) in report.checks.iter().zip(&plain.checks) {
                assert_eq!(
                    (&one.id, &one.title, one.status),
                    (&other.id, &other.title, other.status)
                );
            }
        }
    }

    #[test]
    fn no_secret_comes_through_any_free_text() {
        let secret = "c4nary/\"+é=";
        let mut meta = meta();
        meta.scrubber.learn(&Secret::new(SecretKind::ClientSecret, secret));
        meta.values.set("private_key_file", secret);
        meta.proxy = Some(format!("http://u:{secret}@proxy:1/{secret}"));
        meta.target.hosts.push(secret.to_owned());
        meta.target.certificate_id = Some(secret.to_owned());
        let results = samples::results_with_text(secret);
        meta.causes = samples::causes(secret);
        let text = json::render(&build(&results, &meta, &handbook()).unwrap()).unwrap();
        assert!(text.contains(crate::types::scrub::MARK));
        assert!(!text.contains("c4nary"), "{text}");
    }

    #[test]
    fn hostile_text_is_bounded_and_neutral() {
        let hostile = format!("\u{1b}]0;owned\u{7}\u{202e}{}", "x".repeat(100_000));
        let report = one(Verdict::fail(A, hostile), &meta());
        let text = json::render(&report).unwrap();
        assert!(text.len() < 20_000);
        assert!(!text.contains("\\u001b") && !text.contains('\u{202e}'));
    }
}
