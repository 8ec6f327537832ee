//! What can be done about a first check that did not pass.

use super::{Awaited, Walk};
use strum::VariantArray as _;

use crate::checks::cards::pages;
use crate::checks::ids;
use crate::diagnosis::AuditDetail;
use crate::report::advice;
use crate::report::v1::Status;
use crate::setup::prompt::{FaultPage, Remark};
use crate::setup::step::{Field, SetupStep};
use crate::setup::typed;
use crate::types::shown::shown;

impl Walk {
    /// What can be done about the fault of the last check.
    pub(super) fn fault(&self) -> FaultPage {
        let Some(report) = self.report.as_deref() else {
            return FaultPage { step: None, asks_for_detail: false };
        };
        let faults = advice::faults(report, self.texts.handbook);
        let menu = faults.first().and_then(|fault| {
            let of_steps = || fault.action.steps.iter().find_map(|step| step.place.as_deref());
            fault.action.page.as_ref().map(|(menu, _)| menu.as_str()).or_else(of_steps)
        });
        let lead = faults.first().and_then(|fault| fault.lead());
        let step = menu.and_then(of_page).or_else(|| of_check(lead?.id.as_str()));
        let refused = report
            .checks
            .iter()
            .any(|check| check.id == ids::TOKEN_EXCHANGE.as_str() && check.status == Status::Fail);
        FaultPage { step, asks_for_detail: refused }
    }

    pub(super) fn about_fault(&mut self, typed: &str) {
        let word = typed.to_lowercase();
        let fault = self.fault();
        match word.as_str() {
            "again" | "a" => self.awaits = Awaited::FirstCheck,
            "stop" | "s" | "q" | "quit" | "exit" => self.awaits = Awaited::Stopped,
            "sheet" => self.awaits = Awaited::Sheet,
            "go" | "g" if fault.step.is_some() => {
                if let Some(step) = fault.step {
                    self.visit(step);
                }
            }
            _ if typed::is_yes(typed) => self.awaits = Awaited::FirstCheck,
            _ => match (step_called(&word), typed.parse::<AuditDetail>()) {
                (Some(step), _) => self.visit(step),
                (None, Ok(detail)) if self.report.is_some() => {
                    self.awaits = Awaited::Explain(detail)
                }
                (None, Err(error)) if fault.asks_for_detail && looks_like_detail(typed) => {
                    self.remarks.push(Remark::own(format!("{}.", error.in_short())));
                }
                _ => {
                    let text = format!("`{}` is none of these answers.", shown(typed));
                    self.remarks.push(Remark::own(text));
                }
            },
        }
    }
}

/// One or two words of letters, as the values of the column Detail are.
fn looks_like_detail(typed: &str) -> bool {
    (5..=60).contains(&typed.len()) && typed.chars().all(|c| c.is_ascii_alphabetic() || c == ' ')
}

/// A step by its name or number, of those that can be walked again.
fn step_called(word: &str) -> Option<SetupStep> {
    let word = word.strip_prefix("step").unwrap_or(word).trim();
    let step = SetupStep::called(word)?;
    (step < SetupStep::Check).then_some(step)
}

/// The step in which a page of NetSuite is worked on.
fn of_page(menu: &str) -> Option<SetupStep> {
    let (name, _) = pages().iter().find(|(_, page)| page.menu == menu)?;
    match name.as_str() {
        "enable-features" => Some(SetupStep::Features),
        "company-information" => Some(SetupStep::Account),
        "m2m-setup" => Some(SetupStep::Mapping),
        "integration-records" | "new-integration-record" => Some(SetupStep::Integration),
        "roles" | "role" | "role-addresses" | "entity" | "users" => Some(SetupStep::Role),
        _ => None,
    }
}

/// The step whose answer a check judges.
fn of_check(id: &str) -> Option<SetupStep> {
    let field = Field::VARIANTS
        .iter()
        .find(|field| field.checks().iter().any(|check| check.as_str() == id))?;
    Some(field.step())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_checks_lead_to_their_steps() {
        for (name, page) in pages() {
            let known = of_page(&page.menu).is_some();
            assert_eq!(known, name != "login-audit-trail", "{name}");
        }
        assert_eq!(of_check("client-id"), Some(SetupStep::Integration));
        assert_eq!(of_check("key-strength"), Some(SetupStep::Key));
        assert_eq!(of_check("certificate-id-matches"), Some(SetupStep::Mapping));
        assert_eq!(of_check("clock"), None);
    }

    #[test]
    fn steps_go_by_name_and_number() {
        for (word, step) in [
            ("4", Some(SetupStep::Integration)),
            ("step 6", Some(SetupStep::Mapping)),
            ("role", Some(SetupStep::Role)),
            ("7", None),
            ("hand-over", None),
            ("99999999999999999999", None),
            ("", None),
        ] {
            assert_eq!(step_called(word), step, "{word}");
        }
    }
}
