//! The three pages that stand for all others: a sign-in that was refused without a reason, one whose
//! reason is known, and permissions that a role lacks.

use netsuite_preflight::door::Account;

use crate::support::varying::named;
use crate::support::{Emulated, Program};

/// The page of a run with the configuration file of its folder, as an administrator has it.
fn page(account: &Emulated, target: &str, records: &str, more: &[&str]) -> String {
    let text = format!(
        "{}private_key = 'private-key.pem'\ncertificate = 'certificate.pem'\nrecords = [{records}]\n",
        account.target(target)
    );
    account.write("netsuite-preflight.toml", text.as_bytes());
    let args = ["check", "--target", target].into_iter().chain(more.iter().copied());
    let run = Program::new(args)
        .in_dir(&account.path(""))
        .env("NETSUITE_PREFLIGHT_CONNECT_TO", account.emulator.addr().to_string())
        .env("NETSUITE_PREFLIGHT_CA_FILE", account.path("ca.pem"))
        .exits(1);
    named(&run.stdout)
}

#[test]
fn a_sign_in_refused_without_a_reason() {
    let account = Emulated::scenario("certificate-revoked");
    insta::assert_snapshot!(page(&account, "survey", "'customer'", &[]));
}

#[test]
fn missing_key_in_a_sandbox() {
    let account = Emulated::scenario("two-revoked-in-a-sandbox");
    let more = ["--audit-detail=MissingKey"];
    insta::assert_snapshot!(page(&account, "sandbox", "'customer'", &more));
}

#[test]
fn three_permissions() {
    let account = Emulated::changed("healthy", |prepared| {
        let role = prepared.account.roles.get_mut(Account::ROLE).unwrap();
        for gone in ["LIST_CUSTJOB", "LIST_CONTACT", "TRAN_SALESORD"] {
            role.permissions.remove(gone).unwrap();
        }
    });
    let records = "'customer', 'contact', 'salesOrder'";
    insta::assert_snapshot!(page(&account, "survey", records, &[]));
}
