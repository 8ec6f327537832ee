//! The guidance of the command, and how its pages look.

use std::fmt::Write as _;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::checks::cards::Step;
use crate::data;
use crate::report::Style;
use crate::report::v1::Fix;
use crate::report::values::Values;
use crate::report::{guidance, handbook, page, text};
use crate::types::AccountId;
use crate::types::Service;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Guide {
    pub plan: PlanGuide,
    pub xml: XmlGuide,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanGuide {
    pub steps: Vec<Step>,
    pub unprovable: Vec<String>,
    pub custom: CustomGuide,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CustomGuide {
    pub entries: String,
    pub permission_list: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct XmlGuide {
    pub place: String,
    pub custom: String,
}

static GUIDE: LazyLock<Guide> = LazyLock::new(|| data::read("shared/role.toml"));

pub(crate) fn guide() -> &'static Guide {
    &GUIDE
}

/// The steps with click paths, and with links where the account is known.
pub(super) fn filled(all: &[Step], account: Option<&AccountId>) -> Vec<Fix> {
    let host = account.map(|id| id.host(Service::App));
    let values = Values::default();
    all.iter().map(|step| guidance::fill(step, handbook(), &values, host.as_deref())).collect()
}

/// The steps as text.
pub(super) fn next(steps: &[Fix], style: Style) -> String {
    page::labelled_steps("Next", steps, style)
}

/// Prose in lines of the style's width, the first after `first`, the others after as many spaces.
pub(super) fn block(out: &mut String, first: &str, text: &str, style: Style) {
    let indent = " ".repeat(first.chars().count());
    let width = style.width.saturating_sub(indent.len());
    for (at, line) in text::wrap(text, width).iter().enumerate() {
        let lead = if at == 0 { first } else { &indent };
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{lead}{line}");
    }
}
