//! The steps that mend what was found.

use super::Bench;
use crate::checklist::cards::{Page, Step};
use crate::report::placeholders::{Form, Values};
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
                let fix = self.fix(step, &values);
                if !fixes.contains(&fix) {
                    fixes.push(fix);
                }
            }
        }
        fixes
    }

    fn fix(&self, step: &Step, values: &Values) -> Fix {
        let page = step.page.as_deref().and_then(|name| self.handbook.page(name));
        let place = step.place.as_ref().or(page.map(|page| &page.menu));
        Fix {
            text: values.fill(step.text.trim(), Form::Prose),
            place: place.map(|place| values.fill(place, Form::Prose)),
            url: page.and_then(|page| self.deep_link(page, values)),
            command: step.command.as_ref().map(|line| values.fill(line.trim(), Form::Command)),
        }
    }

    /// The page in this account: only when the account is known and the path is complete.
    fn deep_link(&self, page: &Page, values: &Values) -> Option<String> {
        let host = self.app_host.as_ref()?;
        let path = values.fill_all(page.path.as_ref()?, Form::Url)?;
        Some(format!("https://{host}{path}"))
    }
}
