use super::*;
use crate::checklist::engine::Status;
use crate::checklist::online::hosts;
use crate::checklist::online::testing::{context, outcome, verdict};
use crate::netsuite::double::{Double, Greeting, Reply};

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
        let double = Double::serving(move |_| Reply::json(status, body));
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
        let double = Double::serving(move |_| Reply::json(200, named.clone()));
        let context = context(double.client());
        let verdict = verdict(&SPEC, &context).await;
        assert_eq!(outcome(&verdict), (Status::Fail, "other-account"), "{not_own}");
        assert!(context.facts.hosts.get().is_none());
        let host = "1234567-sb1.suitetalk.api.netsuite.com";
        assert_eq!(hosts(&context).unwrap().suitetalk(), host);
    }
}
