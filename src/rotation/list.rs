//! `certificates list`

use crate::checks::context::Inputs;
use crate::rotation::access::{RunContext, no_list};
use crate::rotation::ended::{EarlyEnd, Ended};
use crate::rotation::guidance::Finding;
use crate::rotation::row::{MOST_ACTIVE, active};

pub async fn run(run: &RunContext, inputs: Inputs) -> Result<Ended, EarlyEnd> {
    let access = run.sign_in(inputs).await?;
    let ended = match access.list().await {
        Err(stop) => no_list(&stop),
        Ok(mappings) => {
            let today = run.today();
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
