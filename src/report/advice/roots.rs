//! What the account itself says, with an administrator's sign-in, and what another check met of the
//! same thing: one fault, not two.

use super::permissions::{lacking, permission_id};
use crate::checks::looks::{Root, roots};
use crate::report::v1::{CheckEntry, Rank};
use crate::report::words::findings;

/// Whether one of two entries is what the account says of the fault that the other met.
pub(super) fn shared(one: &CheckEntry, other: &CheckEntry) -> bool {
    one.status == other.status
        && roots().iter().any(|root| holds(root, one, other) || holds(root, other, one))
}

fn holds(root: &Root, inside: &CheckEntry, other: &CheckEntry) -> bool {
    if inside.id != root.inside || other.id == root.inside {
        return false;
    }
    let found = || findings(inside);
    let nothing_else = found().next().is_some()
        && found().all(|finding| root.findings.iter().any(|known| known == finding));
    let left = |cause: &String| {
        other.causes.iter().any(|one| one.id == *cause && one.rank != Rank::RuledOut)
    };
    let meets = root.check.as_ref() == Some(&other.id) || root.causes.iter().any(left);
    if !nothing_else || !meets {
        return false;
    }
    let lacks = |wanted: &str| lacking(inside).any(|line| line.id == wanted);
    root.permission.as_deref().is_none_or(lacks)
        && (!root.own_permission || permission_id(other).is_some_and(lacks))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{CheckResult, Evidence, FindingId, Verdict};
    use crate::report::advice::faults;
    use crate::report::samples::{self, meta};
    use crate::report::{build, handbook};

    fn failed(id: &str, finding: &'static str) -> Verdict {
        Verdict::fail(FindingId::new(finding), format!("{id} says so."))
    }

    fn role_lacks(permission: &str) -> CheckResult {
        let lines = ["Lists > Contacts (LIST_CONTACT): View", permission];
        let line = |line: &str| Evidence::new("permission", line).expected("View or above");
        let verdict = failed("role-permissions", "missing");
        let verdict = lines.iter().fold(verdict, |verdict, text| verdict.evidence(line(text)));
        samples::result("role-permissions", verdict)
    }

    /// The faults that these results are, each as the checks that it explains.
    fn told(results: &[CheckResult], causes: &[(usize, &str)]) -> Vec<Vec<String>> {
        let mut meta = meta();
        meta.causes.clear();
        for (at, cause) in causes {
            let cause = crate::diagnosis::RankedCause {
                cause: (*cause).to_owned(),
                rank: Rank::Likely,
                because: Vec::new(),
                steps: Vec::new(),
            };
            let found = crate::diagnosis::Diagnosed { causes: vec![cause], ..Default::default() };
            meta.causes.insert(results[*at].key.clone(), found);
        }
        let report = build(results, &meta, handbook()).unwrap();
        let ids = |fault: &crate::report::advice::Fault<'_>| {
            fault.entries.iter().map(|entry| entry.id.clone()).collect()
        };
        faults(&report, handbook()).iter().map(ids).collect()
    }

    #[test]
    fn a_permission_that_the_account_misses_too_is_one_fault() {
        let refused = failed("record-access", "permission-absent")
            .evidence(Evidence::new("permission", "Lists > Customers (LIST_CUSTJOB)"));
        let refused = samples::result("record-access/customer:view", refused);
        let cause = [(0, "record-permission-absent")];
        let same = role_lacks("Lists > Customers (LIST_CUSTJOB): missing");
        assert_eq!(told(&[refused.clone(), same], &cause).len(), 1);
        let another = role_lacks("Lists > Vendors (LIST_VENDOR): missing");
        assert_eq!(told(&[refused, another], &cause).len(), 2);
    }

    #[test]
    fn a_mapping_that_ended_is_the_certificate_that_ended() {
        let result = |id: &str, finding| samples::result(id, failed(id, finding));
        let exchange = result("token-exchange", "server-error");
        let ended = result("certificate-mapping", "ended");
        let both = [exchange, ended];
        assert_eq!(
            told(&both, &[(0, "certificate-expired")]),
            [["certificate-mapping", "token-exchange"]]
        );
        assert_eq!(told(&both, &[(0, "key-of-another-certificate")]).len(), 2);
    }

    #[test]
    fn the_files_name_what_the_account_only_misses() {
        let result = |id: &str, finding| samples::result(id, failed(id, finding));
        let results = [
            result("certificate-id-matches", "mismatch"),
            result("certificate-mapping", "not-registered"),
        ];
        assert_eq!(
            told(&results, &[(0, "certificate-id-wrong")]),
            [["certificate-id-matches", "certificate-mapping"]]
        );
    }
}
