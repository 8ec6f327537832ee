//! Documents that this program wrote, or that others write for it.

use super::{run, told};
use crate::netsuite::profiles::Profile;
use crate::netsuite::role::read as read_role;
use crate::report::stored::Stored;
use crate::report::words;
use crate::report::{Style, short};
use crate::types::exchanges::Exchanges;
use crate::types::plain::is_plain;

#[test]
fn exchanges() {
    let words =
        ["customer:view", "\"kind\"", "\"records\"", "token", "members", "2026-01-02T03:04:05Z"];
    run("exchanges", &words, |bytes| match Exchanges::read(bytes) {
        Ok(read) => {
            let text = serde_json::to_string(&read).unwrap();
            assert_eq!(Exchanges::read(text.as_bytes()).unwrap(), read);
        }
        Err(error) => told(&error),
    });
}

fn stored(bytes: &[u8]) {
    match Stored::read(bytes) {
        Ok(read) => {
            let again = Stored::read(read.value().to_string().as_bytes()).unwrap();
            assert_eq!(again.value(), read.value());
            assert_eq!(again.reports(), read.reports());
            for report in read.reports() {
                assert!(is_plain(&words::target(report)));
                assert!(is_plain(&short::render(report, Style::default()).replace('\n', "")));
            }
            assert_eq!(again.targets().lost(), read.targets().lost());
        }
        Err(error) => told(&error),
    }
}

#[test]
fn report() {
    run(
        "report",
        &["\"fail\"", "\"causes\"", "\"exit_code\"", "ruled_out", "netsuite-preflight/"],
        stored,
    );
}

#[test]
fn report_set() {
    run(
        "report-set",
        &["\"targets\"", "\"run_id\"", "\"reports\"", "\"error\"", "report-set"],
        stored,
    );
}

#[test]
fn profile() {
    let words =
        ["[[records]]", "[keys]", "[[fields]]", "level = \"full\"", "customer", "LIST_X", "label"];
    run("profile", &words, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        match Profile::parse(&text, "own.toml", true) {
            Ok(profile) => {
                assert!(is_plain(&profile.name) && is_plain(&profile.id));
                assert!(profile.notes.iter().all(|note| is_plain(note)));
            }
            Err(error) => told(&error),
        }
    });
}

#[test]
fn role() {
    let words = [
        "<permission>",
        "</permission>",
        "<permkey>",
        "FULL",
        "<!DOCTYPE",
        "&amp;",
        "<![CDATA[",
        "<!--",
    ];
    run("role", &words, |bytes| match read_role(bytes) {
        Ok(role) => {
            assert!(is_plain(&role.name) && is_plain(&role.script_id));
            for (name, value) in &role.restrictions {
                assert!(is_plain(name) && is_plain(value));
            }
        }
        Err(error) => told(&error),
    });
}
