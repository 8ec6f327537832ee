//! The steps that mend what was found.

use super::Bench;
use crate::report::steps;
use crate::report::v1::Fix;

impl Bench<'_> {
    /// The steps for all findings, in their order, each step once.
    pub(super) fn fixes(
        &self,
        check: &str,
        findings: &[&str],
        params: &[(&'static str, String)],
    ) -> Vec<Fix> {
        let mut values = self.values.clone();
        for (name, value) in params {
            values.set(*name, self.redactor.text(value));
        }
        let mut fixes = Vec::new();
        for finding in findings {
            let Some(guidance) = self.handbook.guidance(check, finding) else { continue };
            for step in &guidance.fix {
                let fix = steps::fill(step, self.handbook, &values, self.app_host.as_deref());
                if !fixes.contains(&fix) {
                    fixes.push(fix);
                }
            }
        }
        fixes
    }
}
