//! `certificates list`

use super::access::{Desk, no_list};
use super::ended::{EarlyEnd, Ended};
use super::guidance::Finding;
use super::row::{MOST_ACTIVE, active};
use crate::checks::context::Inputs;

pub(super) async fn run(desk: &Desk, inputs: Inputs) -> Result<Ended, EarlyEnd> {
    let access = desk.sign_in(inputs).await?;
    let ended = match access.list().await {
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
    Ok(ended.in_account(access.account()))
}
