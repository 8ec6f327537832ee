//! From the steps of a card to the steps of a report.

use super::handbook::Handbook;
use super::placeholders::{Form, Values};
use super::v1::Fix;
use crate::checklist::cards::{Guidance, Page, Step};

/// The steps that mend the findings of a check, in the order of the findings, each step once.
pub(crate) fn fixes<'a>(
    handbook: &Handbook,
    check: &str,
    findings: impl IntoIterator<Item = &'a str>,
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

/// The steps of one guidance, with placeholders filled and pages looked up.
pub(crate) fn of(
    guidance: &Guidance,
    handbook: &Handbook,
    values: &Values,
    app_host: Option<&str>,
) -> Vec<Fix> {
    guidance.fix.iter().map(|step| fix(step, handbook, values, app_host)).collect()
}

/// One step, with placeholders filled, the click path of its page and, where the account is known,
/// the deep link to it.
#[must_use]
pub fn fix(step: &Step, handbook: &Handbook, values: &Values, app_host: Option<&str>) -> Fix {
    let page = step.page.as_deref().and_then(|name| handbook.page(name));
    let place = step.place.as_ref().or(page.map(|page| &page.menu));
    Fix {
        text: values.fill(step.text.trim(), Form::Prose),
        place: place.map(|place| values.fill(place.trim(), Form::Prose)),
        url: page.and_then(|page| deep_link(page, values, app_host?)),
        command: step.command.as_ref().map(|line| values.fill(line.trim(), Form::Command)),
    }
}

/// The page in this account: only when its path is known and complete.
fn deep_link(page: &Page, values: &Values, app_host: &str) -> Option<String> {
    let path = values.fill_all(page.path.as_ref()?, Form::Url)?;
    Some(format!("https://{app_host}{path}"))
}
