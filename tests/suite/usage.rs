//! Wrong usage: exit code 2, nothing on stdout, and words that help.

use crate::support::Program;

#[test]
fn online_names_everything_that_is_missing_at_once() {
    let run = Program::new(["check"]).exits(2);
    for flag in ["--account-id", "--client-id", "--certificate-id", "--private-key"] {
        assert!(run.stderr.contains(flag), "{flag}\n{}", run.stderr);
    }
    assert!(!run.stderr.contains("--certificate "), "the certificate is optional\n{}", run.stderr);
}

#[test]
fn offline_with_nothing_to_check_is_wrong_usage() {
    let run = Program::new(["check", "--offline"]).exits(2);
    assert!(run.stderr.contains("--private-key"), "{}", run.stderr);
}

#[test]
fn paths_that_are_no_files_are_named_with_their_flag() {
    for (path, says) in [("missing.pem", "no such file"), (".", "directory")] {
        let run = Program::new(["check", "--offline", "--certificate", path]).exits(2);
        assert!(run.stderr.contains(says), "{}", run.stderr);
        assert!(run.stderr.contains("--certificate"), "{}", run.stderr);
    }
}

#[test]
fn unknown_words_are_refused() {
    for args in [
        ["check", "--only", "no-such-check"],
        ["check", "--record", "customer:delete"],
        ["check", "--record", "custommer"],
        ["check", "--scope", "mcp"],
        ["check", "--algorithm", "RS256"],
        ["check", "--connect-to", "nowhere"],
        ["check", "--timeout", "0"],
        ["check", "--concurrency", "21"],
        ["check", "--format", "pdf"],
    ] {
        Program::new(args.iter().chain(&["--offline", "--account-id", "1"])).exits(2);
    }
}

#[test]
fn a_near_name_is_suggested_for_an_unknown_record_type() {
    let args = ["check", "--offline", "--account-id", "1", "--record", "custommer"];
    let run = Program::new(args).exits(2);
    assert!(run.stderr.contains("customer"), "{}", run.stderr);
    Program::new(args.iter().chain(&["--allow-unlisted-records"])).exits(0);
}

#[test]
fn a_report_that_cannot_be_written_is_found_before_the_work() {
    let args = ["check", "--offline", "--account-id", "1", "--output", "no/such/dir/report.json"];
    let run = Program::new(args).exits(2);
    assert!(run.stderr.contains("--output"), "{}", run.stderr);
}

#[test]
fn generate_refuses_a_wrong_account_id_before_it_makes_anything() {
    for wrong in ["rest.netsuite.com", "1234567.app.netsuite.com.evil.com", "1234567/x", ""] {
        let args = ["generate", "--key-type", "ec-p256", "--out", "keys", "--account-id", wrong];
        let run = Program::new(args).exits(2);
        assert!(run.stderr.contains("--account-id"), "{wrong}: {}", run.stderr);
        assert!(!run.home().join("keys").exists(), "{wrong}");
    }
}

#[test]
fn generate_links_into_the_account_of_a_pasted_address() {
    let address = "https://1234567-sb1.app.netsuite.com/app/center/card.nl?c=1234567_SB1";
    let args = ["generate", "--key-type", "ec-p256", "--out", "keys", "--account-id", address];
    let run = Program::new(args).exits(0);
    assert!(
        run.stdout.contains("https://1234567-sb1.app.netsuite.com/app/oauth2"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("--account-id 1234567_SB1"), "{}", run.stdout);
}
