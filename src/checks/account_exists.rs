//! `account-exists`

use futures_util::FutureExt as _;

use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::session::{Decision, client, fact, sentence, settle};
use crate::checks::spec::{self, Run, Spec, findings};
use crate::engine::{Evidence, Verdict};
use crate::netsuite::url::{DIRECTORY_HOST, Hosts as _, NamedHosts};
use crate::probes::directory::{DirectoryEntry, look_up};
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
    phase: spec::NETWORK,
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
        Ok(DirectoryEntry::Known { hosts }) => {
            let named = NamedHosts::of(account, &hosts);
            let used = format!("{}, {}", named.suitetalk(), named.restlets());
            let _ = context.facts.hosts.set(named);
            judge(account, DirectoryEntry::Known { hosts })
                .evidence(Evidence::new("hosts_used", used))
        }
        Ok(entry) => judge(account, entry),
        Err(error) => {
            let text = format!("{} ({DIRECTORY_HOST}).", sentence(&error.to_string()));
            Verdict::warn(NO_ANSWER, text)
        }
    };
    Ok(verdict.http(lookup.exchanges))
}

fn judge(account: &AccountId, entry: DirectoryEntry) -> Verdict {
    let named = |hosts: &[String]| {
        Evidence::new("hosts", hosts.join(", ")).source(format!("{DIRECTORY_HOST} datacenterurls"))
    };
    match entry {
        DirectoryEntry::Known { hosts } => {
            Verdict::pass(format!("NetSuite knows account {account}.")).evidence(named(&hosts))
        }
        DirectoryEntry::Unknown { hosts } => {
            let text = format!(
                "NetSuite knows no account {account}: it answered with its generic domains."
            );
            Verdict::fail(UNKNOWN, text).evidence(named(&hosts))
        }
        DirectoryEntry::Other { host } => {
            let text =
                format!("For account {account} NetSuite named {host}, which is not its own.");
            Verdict::fail(OTHER, text).evidence(named(&[host]))
        }
        DirectoryEntry::Foreign { host } => {
            let text = format!("The answer names {host}, which is outside netsuite.com.");
            Verdict::fail(FOREIGN, text).evidence(named(&[host]))
        }
        DirectoryEntry::Refused { text } => {
            let said = text.map(|text| format!(" ({})", text.trim_end_matches('.')));
            let said = said.unwrap_or_default();
            Verdict::warn(REFUSED, format!("{DIRECTORY_HOST} refused the ID {account}{said}."))
        }
        DirectoryEntry::Unusable { status } => {
            let text =
                format!("{DIRECTORY_HOST} answered {status} and did not name all three domains.");
            Verdict::warn(UNUSABLE, text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::session::hosts;
    use crate::checks::testing::online::{context, outcome, verdict};
    use crate::engine::Status;
    use crate::netsuite::double::{Behaviour, Double, Greeting};

    const OWN: &str = r#"{"webservicesDomain":"https://1234567-sb1.suitetalk.api.netsuite.com","restDomain":"https://1234567-sb1.restlets.api.netsuite.com","systemDomain":"https://1234567-sb1.app.netsuite.com"}"#;
    const GENERIC: &str = r#"{"restDomain":"https://rest.netsuite.com","webservicesDomain":"https://webservices.netsuite.com","systemDomain":"https://system.netsuite.com"}"#;
    const OTHER: &str = r#"{"restDomain":"https://1234567.restlets.api.netsuite.com"}"#;
    const FOREIGN: &str = r#"{"restDomain":"https://evil.example"}"#;

    #[tokio::test]
    async fn what_the_directory_can_say() {
        for (status, body, expected) in [
            (200, OWN, (Status::Pass, "")),
            (200, GENERIC, (Status::Fail, "unknown-account")),
            (200, OTHER, (Status::Fail, "other-account")),
            (200, FOREIGN, (Status::Fail, "foreign-host")),
            (400, "Company Id is invalid", (Status::Warn, "id-refused")),
            (503, "<html>", (Status::Warn, "unusable-answer")),
            (200, "{}", (Status::Warn, "unusable-answer")),
        ] {
            let double = Double::serving(move |_| Behaviour::json(status, body));
            let verdict = verdict(&SPEC, &context(double.client())).await;
            assert_eq!(outcome(&verdict), expected, "{status} {body}");
            let [seen] = double.seen().try_into().unwrap();
            assert_eq!(seen.header("host"), Some("rest.netsuite.com"));
            assert_eq!(seen.path, "/rest/datacenterurls?account=1234567_SB1");
            assert_eq!((seen.header("authorization"), seen.body.as_str()), (None, ""));
        }
    }

    #[tokio::test]
    async fn no_answer_is_no_obstacle() {
        let double = Double::greeting(Greeting::Cut);
        let verdict = verdict(&SPEC, &context(double.client())).await;
        assert_eq!(outcome(&verdict), (Status::Warn, "no-answer"));
    }

    #[tokio::test]
    async fn only_the_accounts_own_hosts_are_called() {
        for (own, not_own) in [
            ("suitetalk.api", "suitetalk.eu2"),
            ("https://", "http://"),
            (".netsuite.com", ".netsuite.com:444"),
            ("https://", "https://user@"),
        ] {
            let named = OWN.replace(own, not_own);
            let double = Double::serving(move |_| Behaviour::json(200, named.clone()));
            let context = context(double.client());
            let verdict = verdict(&SPEC, &context).await;
            assert_eq!(outcome(&verdict), (Status::Fail, "other-account"), "{not_own}");
            assert!(context.facts.hosts.get().is_none());
            let host = "1234567-sb1.suitetalk.api.netsuite.com";
            assert_eq!(hosts(&context).unwrap().suitetalk(), host);
        }
    }
}
