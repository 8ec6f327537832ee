//! The result in short.

use crate::report::meta::{ExitPolicy, exit_code};
use crate::report::v1::{
    CheckEntry, Counts, FirstBlocker, LeadingCause, Overall, Rank, Status, Summary,
};

pub(super) fn summary(checks: &[CheckEntry], policy: ExitPolicy) -> Summary {
    let counts = counts(checks);
    let blocker = checks.iter().find(|check| check.status == Status::Fail);
    Summary {
        verdict: verdict(&counts),
        exit_code: exit_code(&counts, policy).code(),
        counts,
        first_blocker: blocker
            .map(|check| FirstBlocker { id: check.id.clone(), subject: check.subject.clone() }),
        cause: blocker
            .and_then(|check| check.causes.iter().find(|cause| cause.rank != Rank::RuledOut))
            .map(|cause| LeadingCause { id: cause.id.clone(), rank: cause.rank }),
    }
}

fn counts(checks: &[CheckEntry]) -> Counts {
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
