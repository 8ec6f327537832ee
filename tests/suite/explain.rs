//! `explain`: whatever somebody types or pastes gets its answer, or exit code 2 and near names.

use crate::support::Program;

fn explained(what: &str) -> String {
    Program::new(["explain", what]).exits(0).stdout
}

/// The text on one line, whatever its width broke.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn each_kind_of_thing_is_explained_and_its_answer_comes_first() {
    for (what, says) in [
        ("salesOrder", "Sales Order (TRAN_SALESORD) at level View"),
        ("customer:edit", "Customers (LIST_CUSTJOB) at level Edit"),
        ("Customers", "the record types customer"),
        ("User Access Tokens", "token-based authentication"),
        ("LIST_CUSTJOB", "the record types customer"),
        ("token-exchange/server-error", "Trying again, or waiting, does not help"),
        ("certificate id", "The Certificate ID has the right form"),
        ("sandbox refresh", "removes every certificate mapping"),
        ("TBA", "From NetSuite 2027.1 no new integration"),
        ("TBA 2027.1", "2028.2"),
        ("expired", "two years at most"),
        ("how does the sign-in work", "signs with its private key"),
        ("500 {\"error\":\"server_error\"}", "Something in the assertion is wrong"),
        ("401 INVALID_LOGIN", "The call was not let in"),
        ("500", "From the token endpoint"),
        ("machine to machine", "NetSuite has no such feature"),
        ("alchemer", "New Authentication"),
    ] {
        let text = explained(what);
        let head: Vec<&str> = text.lines().take(24).collect();
        assert!(flat(&head.join("\n")).contains(says), "{what}: {text}");
        for line in text.lines() {
            let whole = line.contains("://") || line.contains("netsuite-preflight ");
            assert!(whole || line.chars().count() <= 80, "{line}");
        }
    }
}

#[test]
fn what_was_found_in_november_2026_is_said() {
    for (what, says) in [
        ("ip-address-rules", "box Restrict this role by IP Address"),
        ("mappings-cleared-by-refresh", "overwrites that of the sandbox"),
        ("login-permission-missing", "cannot be chosen in the mapping"),
        ("grant-box-unticked", "no feature of the account"),
        ("entity", "An employee, customer, vendor, partner or contact."),
        ("who may create the integration record", "Integration Application"),
        ("NLAuth", "With NetSuite 2027.1"),
        ("SOAP", "2028.2"),
        ("how many certificates", "Five active ones"),
        ("expiry mails", "two months, one month and 14 days"),
        ("login audit trail", "It may have no row"),
        ("Public Client", "does no harm"),
        ("permission has no effect", "is lost when the role is saved"),
        ("2fa", "OAuth 2.0 Authorized Applications Management"),
        ("OAuth 2.0 Authorized Applications Management", "needs two-factor authentication"),
        ("Integration Application", "makes integration records"),
        ("SuiteAnalytics Workbook", "Edit, Full can be chosen"),
        ("new authentication", "serves every NetSuite action"),
        ("record-access/permission-absent", "press Add, and Save"),
    ] {
        let text = Program::new(["explain", what, "--details"]).exits(0).stdout;
        assert!(flat(&text).contains(says), "{what}: {text}");
    }
}

#[test]
fn a_whole_screen_can_be_pasted_and_unquoted_words_do_as_well() {
    let screen = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n\r\n{\n  \
                  \"title\": \"Bad Request\",\n  \"o:errorDetails\": [ { \"detail\": \"Search error \
                  occurred: Record 'subsidiary' was not found.\", \"o:errorCode\": \
                  \"INVALID_PARAMETER\" } ]\n}\n";
    let text = explained(screen);
    assert!(text.contains("INVALID_PARAMETER") && text.contains("feature is off"), "{text}");
    let words = Program::new(["explain", "sandbox", "refresh"]).exits(0).stdout;
    assert_eq!(words, explained("sandbox refresh"));
}

#[test]
fn sources_are_links_in_every_form_and_nothing_internal_shows() {
    for format in ["human", "json", "markdown"] {
        let args = ["explain", "--all", "--format", format];
        let text = Program::new(args).exits(0).stdout;
        assert!(text.contains("https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/"));
        for internal in ["OH/", "auth-protocol.md", "failures.md", "record-api.md"] {
            assert!(!text.contains(internal), "{format}: {internal}");
        }
    }
    let profiles = Program::new(["list", "profiles", "--format", "json"]).exits(0).stdout;
    assert!(!profiles.contains("OH/") && profiles.contains("https://docs.oracle.com/"));
}

#[test]
fn what_nobody_knows_is_wrong_usage_with_near_names() {
    for (what, says) in [
        ("customer:delete", "is not a permission level"),
        ("", "nothing was asked"),
        ("  ", "nothing was asked"),
        ("zzqx", "nothing is known"),
    ] {
        let run = Program::new(["explain", what]).exits(2);
        assert!(run.stdout.is_empty(), "{what}");
        assert!(run.stderr.contains(says), "{what}: {}", run.stderr);
    }
    // Where one name alone is near, it is meant.
    let run = Program::new(["explain", "custommer"]).exits(0);
    assert!(run.stderr.contains("`custommer` is not known; this is `customer`"), "{}", run.stderr);
    assert!(run.stdout.starts_with("customer\n"), "{}", run.stdout);
    let huge = "Record '".repeat(12_000);
    let run = Program::new(["explain", &huge]).exits(2);
    assert!(run.stderr.len() < 1_000, "{}", run.stderr.len());
}
