//! `certificates list`

use super::access::{Desk, Trouble, no_list};
use super::ended::Ended;
use super::guidance::Finding;
use super::row::{MOST_ACTIVE, active};
use crate::checklist::context::Inputs;

pub(super) async fn run(desk: &Desk, inputs: Inputs) -> Result<Ended, Trouble> {
    let access = match desk.sign_in(inputs).await? {
        Ok(access) => access,
        Err(ended) => return Ok(*ended),
    };
    let mut ended = match access.list().await {
        Err(stop) => no_list(&stop),
        Ok(mappings) => {
            let today = desk.today();
            let count = active(&mappings, today);
            let summary = format!(
                "Certificates registered for this integration record: {}. Active: {count} of at \
                 most {MOST_ACTIVE}.",
                mappings.len()
            );
            Ended::done(Finding::Listed, summary).rows(access.rows(&mappings, today))
        }
    };
    ended.account = Some(access.account().clone());
    Ok(ended)
}
