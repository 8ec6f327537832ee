//! The guidance of a card for what a check found.

use super::handbook::Handbook;
use super::placeholders::Values;
use super::steps::fill;
use super::v1::Fix;
use crate::checks::cards::Guidance;

/// The steps that mend the findings of a check, in the order of the findings, each step once.
pub(crate) fn fixes(
    handbook: &Handbook,
    check: &str,
    findings: &[&str],
    values: &Values,
    app_host: Option<&str>,
) -> Vec<Fix> {
    let mut fixes = Vec::new();
    for finding in findings {
        let Some(guidance) = handbook.guidance(check, finding) else { continue };
        for fix in of(guidance, handbook, values, app_host) {
            if !fixes.contains(&fix) {
                fixes.push(fix);
            }
        }
    }
    fixes
}

/// The steps of one guidance.
pub(crate) fn of(
    guidance: &Guidance,
    handbook: &Handbook,
    values: &Values,
    app_host: Option<&str>,
) -> Vec<Fix> {
    guidance.fix.iter().map(|step| fill(step, handbook, values, app_host)).collect()
}
