//! `certificate-expiry`

use jiff::Timestamp;

use super::certificate::established;
use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::spec::{self, Run, Spec, findings};
use crate::credentials::certificate::Validity;
use crate::credentials::certificate::validity::{day, whole_days};
use crate::engine::{Evidence, FindingId, ReasonCode, Verdict};

findings! {
    UNREADABLE_DATES = "unreadable-dates",
    EXPIRED = "expired",
    NOT_YET_VALID = "not-yet-valid",
    CAP_PASSED = "cap-passed",
    WITHIN_DAYS_ASKED = "within-days-asked",
    WITHIN_60_DAYS = "within-60-days",
    WITHIN_30_DAYS = "within-30-days",
    WITHIN_14_DAYS = "within-14-days",
}

/// About the times at which NetSuite itself sends mail to administrators: two months, one month and
/// 14 days before the end (OH/section_162686838198).
const STAGES: [(i64, FindingId); 3] =
    [(14, WITHIN_14_DAYS), (30, WITHIN_30_DAYS), (60, WITHIN_60_DAYS)];

/// The declaration of `certificate-expiry`.
pub const SPEC: Spec = Spec {
    id: ids::CERTIFICATE_EXPIRY,
    phase: spec::CREDENTIALS,
    needs: &[ids::CERTIFICATE],
    after: &[],
    findings: &[FINDINGS],
    run: Run::Offline(run),
};

fn run(context: &Context) -> Verdict {
    let certificate = match established(context) {
        Ok(certificate) => certificate,
        Err(verdict) => return *verdict,
    };
    let Some(validity) = certificate.validity() else {
        let text = "One of the certificate's two dates is no date.";
        return Verdict::inconclusive(ReasonCode::Ambiguous, UNREADABLE_DATES, text);
    };
    let now = context.clock.now();
    let end = validity.effective_end();
    // Whole days in either direction, as the sentence counts them.
    let left = if end < now { -whole_days(end, now) } else { whole_days(now, end) };
    judge(&validity, now, context.inputs.expires_in)
        .evidence(Evidence::new("now", now.to_string()).source("the clock of this machine"))
        .evidence(Evidence::new("not_before", validity.not_before.to_string()))
        .evidence(Evidence::new("not_after", validity.not_after.to_string()))
        .evidence(
            Evidence::new("effective_end", validity.effective_end().to_string())
                .source("the earlier of notAfter and two years after notBefore"),
        )
        .evidence(Evidence::new("days_left", left.to_string()))
        .param("end", day(validity.effective_end()))
}

/// The earliest warning, unless another was asked for.
const EARLIEST: u16 = 60;

fn judge(validity: &Validity, now: Timestamp, expires_in: Option<u16>) -> Verdict {
    let end = validity.effective_end();
    if now > validity.not_after {
        let ago = in_days(whole_days(validity.not_after, now));
        let text = format!("The certificate expired on {} ({ago} ago).", day(validity.not_after));
        return Verdict::fail(EXPIRED, text);
    }
    if now < validity.not_before {
        let until = in_time(validity.not_before, now);
        let text = format!(
            "The certificate is not valid before {} (in {until}) by this machine's clock.",
            validity.not_before
        );
        return Verdict::fail(NOT_YET_VALID, text);
    }
    if now > end {
        let text = format!(
            "The certificate states {} as its end, but two years after its beginning, where NetSuite ends it, were over on {}.",
            day(validity.not_after),
            day(end)
        );
        return Verdict::warn(CAP_PASSED, text);
    }
    let left = whole_days(now, end);
    let cap = if validity.exceeds_cap() { ", where NetSuite's two years end" } else { "" };
    let warns = left < i64::from(expires_in.unwrap_or(EARLIEST));
    let stage = STAGES.into_iter().find(|(days, _)| left < *days);
    match stage.map_or(WITHIN_DAYS_ASKED, |(_, finding)| finding) {
        finding if warns => {
            let text =
                format!("The certificate ends on {}{cap}, in {}.", day(end), in_time(end, now));
            Verdict::warn(finding, text)
        }
        _ => Verdict::pass(format!("It ends on {}{cap}, in {}.", day(end), in_days(left))),
    }
}

fn in_days(days: i64) -> String {
    match days {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        _ => format!("{days} days"),
    }
}

/// The time until `then`, in minutes or hours where it is short: a clock that is a little behind
/// looks different from a date in the wrong year.
fn in_time(then: Timestamp, now: Timestamp) -> String {
    let seconds = then.as_second() - now.as_second();
    match seconds {
        ..60 => "less than a minute".to_owned(),
        60..7200 => format!("{} minutes", seconds / 60),
        7200..172_800 => format!("{} hours", seconds / 3600),
        _ => in_days(seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::certificate::{context, findings};
    use crate::credentials::certificate::samples::{Sample, patched};
    use crate::engine::Status;

    fn at(now: &str, not_after: &'static str) -> Verdict {
        let sample = Sample { not_before: "2026-01-01T00:00:00Z", not_after, ..Sample::default() };
        run(&context(Some(sample.certificate()), now))
    }

    fn judged(now: &str) -> (Status, Vec<&'static str>) {
        let verdict = at(now, "2027-01-01T00:00:00Z");
        (verdict.status(), findings(&verdict))
    }

    #[test]
    fn the_days_asked_for_stand_over_the_usual_ones() {
        let now = "2026-11-22T00:00:00Z";
        let sample = Sample {
            not_before: "2026-01-01T00:00:00Z",
            not_after: "2027-01-01T00:00:00Z",
            ..Sample::default()
        };
        let judged = |days| {
            let mut context = context(Some(sample.certificate()), now);
            context.inputs.expires_in = days;
            let verdict = run(&context);
            (verdict.status(), findings(&verdict))
        };
        assert_eq!(judged(None), (Status::Warn, vec!["within-60-days"]));
        assert_eq!(judged(Some(40)), (Status::Pass, vec![]));
        assert_eq!(judged(Some(41)), (Status::Warn, vec!["within-60-days"]));
        let now = "2026-06-01T00:00:00Z";
        let mut context = context(Some(sample.certificate()), now);
        assert_eq!(run(&context).status(), Status::Pass);
        context.inputs.expires_in = Some(365);
        assert_eq!(findings(&run(&context)), ["within-days-asked"]);
    }

    #[test]
    fn each_stage_begins_on_its_day() {
        for (now, status, found) in [
            ("2025-12-31T23:59:59Z", Status::Fail, vec!["not-yet-valid"]),
            ("2026-01-01T00:00:00Z", Status::Pass, vec![]),
            ("2026-11-02T00:00:00Z", Status::Pass, vec![]),
            ("2026-11-02T00:00:01Z", Status::Warn, vec!["within-60-days"]),
            ("2026-12-02T00:00:00Z", Status::Warn, vec!["within-60-days"]),
            ("2026-12-02T00:00:01Z", Status::Warn, vec!["within-30-days"]),
            ("2026-12-18T00:00:01Z", Status::Warn, vec!["within-14-days"]),
            ("2027-01-01T00:00:00Z", Status::Warn, vec!["within-14-days"]),
            ("2027-01-01T00:00:01Z", Status::Fail, vec!["expired"]),
        ] {
            assert_eq!(judged(now), (status, found), "{now}");
        }
    }

    #[test]
    fn it_says_when_and_in_how_many_days() {
        let summary = |now| at(now, "2027-01-01T00:00:00Z").summary();
        assert_eq!(summary("2026-06-01T12:00:00Z"), "It ends on 2027-01-01, in 213 days.");
        let late = summary("2026-12-31T00:00:00Z");
        assert_eq!(late, "The certificate ends on 2027-01-01, in 24 hours.");
        let past = summary("2027-02-01T00:00:00Z");
        assert_eq!(past, "The certificate expired on 2027-01-01 (31 days ago).");
        assert!(summary("2025-12-31T23:56:00Z").contains("(in 4 minutes)"));
    }

    #[test]
    fn two_years_count_where_the_certificate_says_more() {
        let long = |now| {
            let verdict = at(now, "2036-01-01T00:00:00Z");
            (verdict.status(), findings(&verdict))
        };
        assert_eq!(long("2026-06-01T00:00:00Z"), (Status::Pass, vec![]));
        assert_eq!(long("2027-12-25T00:00:00Z"), (Status::Warn, vec!["within-14-days"]));
        assert_eq!(long("2028-01-01T00:00:00Z"), (Status::Warn, vec!["within-14-days"]));
        assert_eq!(long("2028-01-01T00:00:01Z"), (Status::Warn, vec!["cap-passed"]));
        assert_eq!(long("2036-01-01T00:00:01Z"), (Status::Fail, vec!["expired"]));
    }

    #[test]
    fn a_date_that_is_none_decides_nothing() {
        let der = patched(&Sample::default().der(), b"270101000000Z", b"271301000000Z");
        let certificate = crate::credentials::Certificate::from_der(&der).unwrap();
        let verdict = run(&context(Some(certificate), "2026-06-01T00:00:00Z"));
        assert_eq!(verdict.status(), Status::Inconclusive);
        assert_eq!(findings(&verdict), ["unreadable-dates"]);
    }
}
