//! From a step of a card to a step for this account.

use super::handbook::Handbook;
use super::placeholders::{Form, Values};
use super::v1::Fix;
use crate::checks::cards::{Page, Step};

/// Fills the placeholders of a step and adds the click path and, where the account is known, the
/// deep link of its page.
#[must_use]
pub fn fill(step: &Step, handbook: &Handbook, values: &Values, app_host: Option<&str>) -> Fix {
    let page = step.page.as_deref().and_then(|name| handbook.page(name));
    let place = step.place.as_ref().or(page.map(|page| &page.menu));
    Fix {
        text: values.fill(step.text.trim(), Form::Prose),
        place: place.map(|place| values.fill(place, Form::Prose)),
        url: page.and_then(|page| deep_link(page, values, app_host?)),
        command: step.command.as_ref().map(|line| values.fill(line.trim(), Form::Command)),
    }
}

/// The page in this account: only where its path is known and complete.
fn deep_link(page: &Page, values: &Values, app_host: &str) -> Option<String> {
    let path = values.fill_all(page.path.as_ref()?, Form::Url)?;
    Some(format!("https://{app_host}{path}"))
}
