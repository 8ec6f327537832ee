//! What a report tells of the client's side: files and identifiers that are wrong in the way in which
//! those of its run were. Recorded exchanges hold what NetSuite answered and nothing of these.

use jiff::Timestamp;

use crate::checks::ids;
use crate::emulator::scenario::{
    CertificateChoice, CertificateIdChoice, ClientIdChoice, ClientPlan, PrivateKeyChoice,
};
use crate::emulator::tls::KeyChoice;
use crate::engine::CheckId;
use crate::netsuite::profiles;
use crate::report::Report;
use crate::report::v1::{CheckEntry, Status};

/// The phase whose checks look at what was given.
const LOCAL: &str = "credentials";

/// The client's side of a run, to be made again.
#[derive(Debug)]
pub(super) struct Reported {
    /// What the client has and types.
    pub plan: ClientPlan,
    /// Findings of that run which the plan does not bring about, such as `private-key-file (warn)`.
    pub left_out: Vec<String>,
    /// The options with which `check` asks the same again.
    pub options: Vec<String>,
}

impl Reported {
    /// Of a report; its certificate is as old and ends as soon at `now` as it did then.
    pub fn of(report: &Report, now: Timestamp) -> Self {
        let mut plan = ClientPlan::default();
        let mut shown: Vec<CheckId> = Vec::new();
        key(report, &mut plan, &mut shown);
        certificate(report, now, &mut plan, &mut shown);
        identifiers(report, &mut plan, &mut shown);
        let troubled = |check: &&CheckEntry| matches!(check.status, Status::Warn | Status::Fail);
        let made = |check: &&CheckEntry| shown.iter().any(|id| id.as_str() == check.id);
        let of_files = report.checks.iter().filter(|check| check.phase == LOCAL);
        let left_out = of_files
            .filter(troubled)
            .filter(|check| !made(check))
            .map(|check| format!("{} ({})", check.name(), check.status.as_str()))
            .collect();
        Self { plan, left_out, options: options(report) }
    }
}

fn entry(report: &Report, id: CheckId) -> Option<&CheckEntry> {
    report.checks.iter().find(|check| check.id == id.as_str())
}

/// The first value of an evidence of a check.
fn evidence<'a>(report: &'a Report, id: CheckId, key: &str) -> Option<&'a str> {
    let all = &entry(report, id)?.evidence;
    all.iter().find(|fact| fact.key == key).map(|fact| fact.value.as_str())
}

/// The findings of a check that warns or fails.
fn findings(report: &Report, id: CheckId) -> Vec<&str> {
    let troubled = |check: &&CheckEntry| matches!(check.status, Status::Warn | Status::Fail);
    let facts = entry(report, id).filter(troubled).map(|check| check.evidence.as_slice());
    let facts = facts.unwrap_or_default().iter().filter(|fact| fact.key == "finding");
    facts.map(|fact| fact.value.as_str()).collect()
}

/// A key of the same kind and size, or one that NetSuite refuses for the same reason.
fn key(report: &Report, plan: &mut ClientPlan, shown: &mut Vec<CheckId>) {
    let choice = report.target.public_key.as_ref().and_then(|key| {
        Some(match (key.kind.as_str(), key.bits, key.curve.as_deref()) {
            ("ec", _, Some("P-256")) => KeyChoice::EcP256,
            ("ec", _, Some("P-384")) => KeyChoice::EcP384,
            ("ec", _, Some("P-521")) => KeyChoice::EcP521,
            ("rsa", 3072, _) => KeyChoice::Rsa3072,
            ("rsa", 4096, _) => KeyChoice::Rsa4096,
            ("rsa", ..3072, _) => KeyChoice::Rsa2048,
            _ => return None,
        })
    });
    plan.key = choice.unwrap_or_default();
    for id in [ids::KEY_STRENGTH, ids::CERTIFICATE_KEY] {
        let seen = findings(report, id);
        let size_alone = seen.iter().all(|finding| *finding == "rsa-size");
        if plan.key == KeyChoice::Rsa2048 && size_alone {
            shown.push(id);
        }
    }
    if findings(report, ids::KEY_MATCHES_CERTIFICATE).contains(&"mismatch") {
        plan.private_key = PrivateKeyChoice::Mismatched;
        shown.push(ids::KEY_MATCHES_CERTIFICATE);
    }
}

fn certificate(report: &Report, now: Timestamp, plan: &mut ClientPlan, shown: &mut Vec<CheckId>) {
    let given = entry(report, ids::CERTIFICATE)
        .is_some_and(|check| matches!(check.status, Status::Pass | Status::Warn));
    if !given {
        plan.certificate = CertificateChoice::NotGiven;
        return;
    }
    let later = now.as_second().saturating_sub(report.run.started_at.timestamp().as_second());
    let both = [ids::CERTIFICATE_EXPIRY, ids::CERTIFICATE_VALIDITY];
    plan.validity = both.into_iter().find_map(|id| {
        let at = |key| {
            let then = evidence(report, id, key)?.parse::<Timestamp>().ok()?;
            Some(then.as_second().saturating_add(later))
        };
        Some((at("not_before")?, at("not_after")?))
    });
    if plan.validity.is_some() {
        shown.extend(both);
    }
}

fn identifiers(report: &Report, plan: &mut ClientPlan, shown: &mut Vec<CheckId>) {
    let certificate_id = findings(report, ids::CERTIFICATE_ID);
    let client_id = findings(report, ids::CLIENT_ID);
    let any = |seen: &[&str], names: &[&str]| seen.iter().any(|finding| names.contains(finding));
    if any(&certificate_id, &["swapped", "same-as-client-id"]) {
        plan.certificate_id = CertificateIdChoice::ClientId;
        shown.push(ids::CERTIFICATE_ID);
    } else if any(&certificate_id, &["other-store"]) {
        plan.certificate_id = CertificateIdChoice::StoreScriptId;
        shown.push(ids::CERTIFICATE_ID);
    }
    if any(&client_id, &["swapped", "same-as-certificate-id", "certificate-id-given"]) {
        plan.client_id = ClientIdChoice::CertificateId;
        shown.push(ids::CLIENT_ID);
    } else if any(&client_id, &["application-id-given"]) {
        plan.client_id = ClientIdChoice::ApplicationId;
        shown.push(ids::CLIENT_ID);
    }
    let matches = findings(report, ids::CERTIFICATE_ID_MATCHES);
    if any(&matches, &["mismatch"]) {
        plan.certificate_id = CertificateIdChoice::Other;
        shown.push(ids::CERTIFICATE_ID_MATCHES);
    }
}

/// What was asked of the run, as options of `check`.
fn options(report: &Report) -> Vec<String> {
    let mut all = Vec::new();
    let target = &report.target;
    // One's own profile is a file that the report does not hold.
    let known = |name: &&String| profiles::find(profiles::profiles(), name).is_ok();
    if let Some(name) = target.profile.as_ref().filter(known) {
        all.push(format!("--profile={name}"));
    }
    all.extend(target.records.iter().map(|record| format!("--record={record}")));
    let Some(asked) = &report.run.options else { return all };
    for (flag, values) in [("only", &asked.only), ("skip", &asked.skip)] {
        if !values.is_empty() {
            all.push(format!("--{flag}={}", values.join(",")));
        }
    }
    let switches = [("probe-writes", asked.probe_writes), ("accept-empty", asked.accept_empty)];
    all.extend(switches.iter().filter(|(_, on)| *on).map(|(flag, _)| format!("--{flag}")));
    let values = [("algorithm", &asked.algorithm), ("audit-detail", &asked.audit_detail)];
    all.extend(
        values.iter().filter_map(|(flag, value)| Some(format!("--{flag}={}", value.as_ref()?))),
    );
    if asked.fail_on == "warn" {
        all.push("--fail-on=warn".to_owned());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;
    use crate::report::v1::{EvidenceEntry, PublicKey};

    fn with(mut report: Report, id: CheckId, status: Status, facts: &[(&str, &str)]) -> Report {
        report.checks.retain(|check| check.id != id.as_str());
        let mut check = report.checks[0].clone();
        (check.id, check.subject, check.status) = (id.as_str().to_owned(), None, status);
        check.phase = LOCAL.to_owned();
        let fact = |(key, value): &(&str, &str)| EvidenceEntry {
            key: (*key).to_owned(),
            value: (*value).to_owned(),
            expected: None,
            source: None,
        };
        check.evidence = facts.iter().map(fact).collect();
        report.checks.push(check);
        report
    }

    fn plain() -> Report {
        let mut report = samples::report();
        report.checks.iter_mut().for_each(|check| check.status = Status::Pass);
        with(report, ids::CERTIFICATE, Status::Pass, &[])
    }

    fn at(report: &Report, seconds: i64) -> Timestamp {
        let began = report.run.started_at.timestamp().as_second();
        Timestamp::from_second(began + seconds).unwrap()
    }

    fn reported(report: &Report) -> Reported {
        Reported::of(report, at(report, 0))
    }

    #[test]
    fn files_are_wrong_in_the_same_way() {
        let finding = |name| [("finding", name)];
        let report =
            with(plain(), ids::KEY_MATCHES_CERTIFICATE, Status::Fail, &finding("mismatch"));
        assert_eq!(reported(&report).plan.private_key, PrivateKeyChoice::Mismatched);
        let report = with(report, ids::CERTIFICATE_ID, Status::Fail, &finding("swapped"));
        let report = with(report, ids::CLIENT_ID, Status::Fail, &finding("swapped"));
        let both = reported(&report);
        assert_eq!(both.plan.client_id, ClientIdChoice::CertificateId);
        assert_eq!(both.plan.certificate_id, CertificateIdChoice::ClientId);
        assert!(both.left_out.is_empty(), "{:?}", both.left_out);
        let report = with(plain(), ids::CERTIFICATE, Status::Skipped, &[]);
        assert_eq!(reported(&report).plan.certificate, CertificateChoice::NotGiven);
    }

    #[test]
    fn the_certificate_is_as_far_from_its_end_as_it_was() {
        let mut report = plain();
        let (before, after) = (at(&report, -100), at(&report, -10));
        let dates = [before.to_string(), after.to_string()];
        let facts =
            [("finding", "expired"), ("not_before", dates[0].as_str()), ("not_after", &dates[1])];
        report = with(report, ids::CERTIFICATE_EXPIRY, Status::Fail, &facts);
        let now = at(&report, 5_000);
        let reported = Reported::of(&report, now);
        assert_eq!(reported.plan.validity, Some((now.as_second() - 100, now.as_second() - 10)));
        assert!(reported.left_out.is_empty(), "{:?}", reported.left_out);
    }

    #[test]
    fn what_cannot_be_made_again_is_named() {
        let mut report = with(plain(), ids::PRIVATE_KEY_FILE, Status::Warn, &[("finding", "mode")]);
        let size = [("finding", "rsa-size")];
        report = with(report, ids::KEY_STRENGTH, Status::Fail, &size);
        let key = |kind: &str, bits| PublicKey {
            kind: kind.to_owned(),
            bits,
            curve: None,
            spki_sha256: "0".repeat(64),
        };
        report.target.public_key = Some(key("rsa", 1024));
        assert_eq!(reported(&report).left_out, ["private-key-file (warn)"]);
        report.target.public_key = Some(key("other", 448));
        let left_out = reported(&report).left_out;
        assert_eq!(left_out, ["private-key-file (warn)", "key-strength (fail)"]);
    }

    #[test]
    fn the_same_is_asked_again() {
        let mut report = plain();
        report.target.records = vec!["customer:view".to_owned()];
        report.target.profile = Some("one-of-somebody".to_owned());
        let asked = report.run.options.as_mut().unwrap();
        asked.skip = vec!["clock".to_owned(), "network".to_owned()];
        (asked.accept_empty, asked.audit_detail) = (true, Some("MissingKey".to_owned()));
        asked.only = Vec::new();
        asked.fail_on = "fail".to_owned();
        let options = reported(&report).options;
        let wanted = [
            "--record=customer:view",
            "--skip=clock,network",
            "--accept-empty",
            "--audit-detail=MissingKey",
        ];
        assert_eq!(options, wanted);
    }
}
