//! `certificate-validity`

use super::certificate::established;
use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::spec::{self, Run, Spec, findings};
use crate::credentials::certificate::validity::day;
use crate::engine::{Evidence, Severity, Verdict};

findings! {
    UNREADABLE_DATES = "unreadable-dates",
    INVERTED = "inverted",
    TOO_LONG = "too-long",
    SHORT_LIVED = "short-lived",
}

/// A certificate that lives shorter than this was most likely made without saying how long:
/// openssl's own default is 30 days (`failures.md` K19).
const SHORT: i64 = 60;

/// The declaration of `certificate-validity`.
pub const SPEC: Spec = Spec {
    id: ids::CERTIFICATE_VALIDITY,
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
        let text = "One of the certificate's two dates is no date, so that nobody can tell when it is valid.";
        return Verdict::fail(UNREADABLE_DATES, text);
    };
    let (from, until) = (day(validity.not_before), day(validity.not_after));
    let verdict = if validity.is_inverted() {
        let text = format!("The certificate ends ({until}) before it begins ({from}).");
        Verdict::fail(INVERTED, text)
    } else if validity.exceeds_cap() {
        let cap = day(validity.cap());
        let text = format!(
            "The certificate is valid from {from} to {until}, longer than two years: NetSuite shortens it to {cap}."
        );
        Verdict::warn(TOO_LONG, text)
    } else {
        let days = validity.days();
        let pass = Verdict::pass(format!("Valid for {days} days, from {from} to {until}."));
        if days < SHORT {
            let text =
                format!("The certificate is valid for {days} days only ({from} to {until}).");
            pass.note(Severity::Note, SHORT_LIVED, text)
        } else {
            pass
        }
    };
    verdict
        .evidence(Evidence::new("not_before", validity.not_before.to_string()))
        .evidence(
            Evidence::new("not_after", validity.not_after.to_string())
                .expected(format!("{} at the latest", validity.cap())),
        )
        .param("cap", day(validity.cap()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::certificate::{context, findings};
    use crate::credentials::certificate::samples::{Sample, patched};
    use crate::engine::{ReasonCode, Status};

    const NOW: &str = "2026-06-01T00:00:00Z";

    fn judge(not_before: &'static str, not_after: &'static str) -> (Status, Vec<&'static str>) {
        let sample = Sample { not_before, not_after, ..Sample::default() };
        let verdict = run(&context(Some(sample.certificate()), NOW));
        (verdict.status(), findings(&verdict))
    }

    #[test]
    fn two_calendar_years_are_the_most() {
        let start = "2026-06-15T08:00:00Z";
        assert_eq!(judge(start, "2028-06-15T08:00:00Z"), (Status::Pass, vec![]));
        assert_eq!(judge(start, "2028-06-15T08:00:01Z"), (Status::Warn, vec!["too-long"]));
        assert_eq!(judge(start, "2036-06-12T08:00:00Z"), (Status::Warn, vec!["too-long"]));
        assert_eq!(judge("2028-02-29T00:00:00Z", "2030-02-28T00:00:00Z").0, Status::Pass);
        assert_eq!(judge("2028-02-29T00:00:00Z", "2030-03-01T00:00:00Z").0, Status::Warn);
    }

    #[test]
    fn the_end_of_time_is_too_long() {
        assert_eq!(judge(NOW, "9999-12-30T22:00:00Z"), (Status::Warn, vec!["too-long"]));
    }

    #[test]
    fn a_month_passes_with_a_remark() {
        let found = judge("2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z");
        assert_eq!(found, (Status::Pass, vec!["short-lived"]));
    }

    #[test]
    fn dates_the_wrong_way_round_fail() {
        let found = judge("2026-06-02T00:00:00Z", "2026-06-01T00:00:00Z");
        assert_eq!(found, (Status::Fail, vec!["inverted"]));
    }

    #[test]
    fn a_date_that_is_none_fails() {
        let der = patched(&Sample::default().der(), b"270101000000Z", b"271301000000Z");
        let certificate = crate::credentials::Certificate::from_der(&der).unwrap();
        let verdict = run(&context(Some(certificate), NOW));
        assert_eq!(
            (verdict.status(), findings(&verdict)),
            (Status::Fail, vec!["unreadable-dates"])
        );
    }

    #[test]
    fn nothing_given_is_not_provided() {
        let reason = run(&context(None, NOW)).reason().map(|reason| reason.code);
        assert_eq!(reason, Some(ReasonCode::NotProvided));
    }
}
