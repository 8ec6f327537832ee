//! `account-exists`

use futures_util::FutureExt as _;

use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, Verdict};
use crate::checklist::ids;
use crate::checklist::online::{Decision, client, fact, sentence, settle};
use crate::checklist::spec::{Run, Spec, findings};
use crate::netsuite::url::{DIRECTORY_HOST, Hosts as _, NamedHosts};
use crate::probes::directory::{Entry, look_up};
use crate::types::AccountId;

findings! {
    UNKNOWN = "unknown-account",
    OTHER = "other-account",
    FOREIGN = "foreign-host",
    REFUSED = "id-refused",
    UNUSABLE = "unusable-answer",
    NO_ANSWER = "no-answer",
}

/// The declaration of `account-exists`.
pub const SPEC: Spec = Spec {
    id: ids::ACCOUNT_EXISTS,
    phase: ids::NETWORK,
    needs: &[ids::ACCOUNT_ID],
    after: &[],
    findings: &[FINDINGS],
    run: Run::Online(|context| run(context).boxed_local()),
};

async fn run(context: &Context) -> Verdict {
    settle(decide(context).await)
}

async fn decide(context: &Context) -> Decision {
    let account = fact(&context.facts.account_id, ids::ACCOUNT_ID)?;
    let lookup = look_up(client(context)?, account).await;
    let verdict = match lookup.result {
        Ok(Entry::Known { hosts }) => {
            let named = NamedHosts::of(account, &hosts);
            let used = format!("{}, {}", named.suitetalk(), named.restlets());
            let _ = context.facts.hosts.set(named);
            judge(account, Entry::Known { hosts }).evidence(Evidence::new("hosts_used", used))
        }
        Ok(entry) => judge(account, entry),
        Err(error) => {
            let text = format!("{} ({DIRECTORY_HOST}).", sentence(&error.to_string()));
            Verdict::warn(NO_ANSWER, text)
        }
    };
    Ok(verdict.http(lookup.exchanges))
}

fn judge(account: &AccountId, entry: Entry) -> Verdict {
    let named = |hosts: &[String]| {
        Evidence::new("hosts", hosts.join(", ")).source(format!("{DIRECTORY_HOST} datacenterurls"))
    };
    match entry {
        Entry::Known { hosts } => {
            Verdict::pass(format!("NetSuite knows account {account}.")).evidence(named(&hosts))
        }
        Entry::Unknown { hosts } => {
            let text = format!(
                "NetSuite knows no account {account}: it answered with its generic domains."
            );
            Verdict::fail(UNKNOWN, text).evidence(named(&hosts))
        }
        Entry::Other { host } => {
            let text =
                format!("For account {account} NetSuite named {host}, which is not its own.");
            Verdict::fail(OTHER, text).evidence(named(&[host]))
        }
        Entry::Foreign { host } => {
            let text = format!("The answer names {host}, which is outside netsuite.com.");
            Verdict::fail(FOREIGN, text).evidence(named(&[host]))
        }
        Entry::Refused { text } => {
            let said = text.map(|text| format!(" ({})", text.trim_end_matches('.')));
            let said = said.unwrap_or_default();
            Verdict::warn(REFUSED, format!("{DIRECTORY_HOST} refused the ID {account}{said}."))
        }
        Entry::Unusable { status } => {
            let text =
                format!("{DIRECTORY_HOST} answered {status} and did not name all three domains.");
            Verdict::warn(UNUSABLE, text)
        }
    }
}

#[cfg(test)]
mod tests;
