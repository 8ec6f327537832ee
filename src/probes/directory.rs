//! The public directory of accounts: whether NetSuite knows this one.
//!
//! An unknown account is answered with 200 and the generic domains (OH/chapter_157011836591).

use serde_json::Value;

use crate::netsuite::answer::{Answer, TransportError};
use crate::netsuite::http::Client;
use crate::netsuite::url::{DirectoryUrl, is_own};
use crate::types::plain::neutral;
use crate::types::{AccountId, HttpExchange};

/// The hosts that belong to no account in particular.
const GENERIC: &[&str] = &["rest.netsuite.com", "webservices.netsuite.com", "system.netsuite.com"];

/// The members of the answer that name hosts.
const MEMBERS: &[&str] = &["webservicesDomain", "restDomain", "systemDomain"];

/// What the directory says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DirectoryEntry {
    /// All three hosts, each the account's own.
    Known {
        /// As named.
        hosts: Vec<String>,
    },
    /// Generic hosts: NetSuite has no such account.
    Unknown {
        /// As named.
        hosts: Vec<String>,
    },
    /// A host of another account.
    Other {
        /// As named.
        host: String,
    },
    /// A host outside `netsuite.com`.
    Foreign {
        /// As named.
        host: String,
    },
    /// NetSuite finds fault with the ID.
    Refused {
        /// In NetSuite's words.
        text: Option<String>,
    },
    /// An answer that settles nothing.
    Unusable {
        /// Its status.
        status: u16,
    },
}

/// What came of asking.
#[derive(Debug)]
pub struct DirectoryLookup {
    /// The entry, or why there is no answer.
    pub result: Result<DirectoryEntry, TransportError>,
    /// For the report.
    pub exchanges: Vec<HttpExchange>,
}

/// Looks the account up.
pub async fn look_up(client: &Client, account: &AccountId) -> DirectoryLookup {
    let call = client.directory(&DirectoryUrl::of(account)).await;
    let result = call.result.map(|answer| read(&answer, account));
    DirectoryLookup { result, exchanges: call.exchanges }
}

fn read(answer: &Answer, account: &AccountId) -> DirectoryEntry {
    let unusable = DirectoryEntry::Unusable { status: answer.status };
    if answer.status == 400 && !answer.is_html() {
        let text = answer.error_text();
        let text = text.or_else(|| brief(&answer.text()));
        return DirectoryEntry::Refused { text };
    }
    if answer.status != 200 {
        return unusable;
    }
    let Ok(value) = serde_json::from_slice::<Value>(&answer.body) else { return unusable };
    let mut hosts = Vec::new();
    for member in MEMBERS {
        if let Some(domain) = value.get(member).and_then(Value::as_str) {
            match named(domain) {
                NamedHost::Host(host) => hosts.push(host),
                NamedHost::Nothing => return unusable,
                NamedHost::Elsewhere(host) => return DirectoryEntry::Foreign { host },
                NamedHost::Odd(host) => return DirectoryEntry::Other { host },
            }
        }
    }
    judge(hosts, account).unwrap_or(unusable)
}

fn judge(hosts: Vec<String>, account: &AccountId) -> Option<DirectoryEntry> {
    let generic = |host: &String| GENERIC.contains(&host.as_str());
    if let Some(host) = hosts.iter().find(|host| !is_own(account, host) && !generic(host)) {
        return Some(DirectoryEntry::Other { host: host.clone() });
    }
    // Fewer hosts than documented, or own ones beside generic ones, settle nothing.
    if hosts.len() != MEMBERS.len() {
        None
    } else if hosts.iter().all(generic) {
        Some(DirectoryEntry::Unknown { hosts })
    } else {
        hosts.iter().all(|host| is_own(account, host)).then_some(DirectoryEntry::Known { hosts })
    }
}

/// What one member of the answer names.
enum NamedHost {
    /// A host under `netsuite.com` and nothing more.
    Host(String),
    /// A host outside `netsuite.com`.
    Elsewhere(String),
    /// More than a host, or less: a user name, a port, another scheme, a path.
    Odd(String),
    /// Nothing that looks like a host.
    Nothing,
}

fn named(domain: &str) -> NamedHost {
    let shown = || brief(domain).unwrap_or_default();
    let Ok(url) = reqwest::Url::parse(domain) else {
        return if domain.contains('.') { NamedHost::Odd(shown()) } else { NamedHost::Nothing };
    };
    let Some(host) = url.host_str().map(str::to_ascii_lowercase) else {
        return NamedHost::Odd(shown());
    };
    if !host.trim_end_matches('.').ends_with(".netsuite.com") {
        return NamedHost::Elsewhere(host.chars().take(253).collect());
    }
    // Compared as written: what a parser takes away, such as :443 or %2e, has no place here.
    let plain = domain.to_ascii_lowercase();
    let plain = plain.strip_suffix('/').unwrap_or(&plain);
    if plain == format!("https://{host}") { NamedHost::Host(host) } else { NamedHost::Odd(shown()) }
}

fn brief(text: &str) -> Option<String> {
    let line: String = neutral(text.trim()).chars().take(200).collect();
    (!line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netsuite::answer::sample;

    fn entry(status: u16, body: &str) -> DirectoryEntry {
        let account = AccountId::from_parts("1234567", Some("SB1")).unwrap();
        read(&sample(status, "application/json", body), &account)
    }

    fn domains(web: &str, rest: &str, system: &str) -> String {
        format!(
            r#"{{"webservicesDomain":"https://{web}","restDomain":"https://{rest}","systemDomain":"https://{system}"}}"#
        )
    }

    #[test]
    fn the_accounts_own_domains() {
        let body = domains(
            "1234567-sb1.suitetalk.api.netsuite.com",
            "1234567-SB1.restlets.api.netsuite.com",
            "1234567-sb1.app.netsuite.com",
        );
        assert!(matches!(entry(200, &body), DirectoryEntry::Known { hosts } if hosts.len() == 3));
    }

    #[test]
    fn generic_domains_mean_no_such_account() {
        let body = domains("webservices.netsuite.com", "rest.netsuite.com", "system.netsuite.com");
        assert!(matches!(entry(200, &body), DirectoryEntry::Unknown { .. }));
    }

    #[test]
    fn hosts_that_are_not_the_accounts() {
        let own = "1234567-sb1.app.netsuite.com";
        let production = "1234567.suitetalk.api.netsuite.com";
        let host = production.to_owned();
        assert_eq!(entry(200, &domains(production, own, own)), DirectoryEntry::Other { host });
        for evil in [
            "evil.example",
            "netsuite.com.evil.example",
            "1234567-sb1.app.netsuite.com@evil.example",
        ] {
            let found = entry(200, &domains(own, evil, own));
            assert!(
                matches!(found, DirectoryEntry::Foreign { host } if host.ends_with("evil.example"))
            );
        }
        let similar = entry(200, &domains("evilnetsuite.com", own, own));
        assert!(matches!(similar, DirectoryEntry::Foreign { .. }));
    }

    #[test]
    fn only_the_plain_names_of_the_accounts_own_hosts_will_do() {
        let own = "https://1234567-sb1.app.netsuite.com";
        let suitetalk = "1234567-sb1.suitetalk.api.netsuite.com";
        for odd in [
            format!("http://{suitetalk}"),
            format!("ftp://{suitetalk}"),
            format!("https://{suitetalk}:443"),
            format!("https://{suitetalk}:8443"),
            format!("https://{suitetalk}:99999"),
            format!("https://user:word@{suitetalk}"),
            format!("https://@{suitetalk}"),
            format!("https://{suitetalk}."),
            format!("https://{suitetalk}/services"),
            format!("https://{suitetalk}?x"),
            format!("https://{suitetalk}#x"),
            format!("https:/{suitetalk}"),
            format!("https:\\\\{suitetalk}"),
            format!(" https://{suitetalk}"),
            format!("https://{suitetalk}\n"),
            format!("https://evil.{suitetalk}"),
            format!("//{suitetalk}"),
            suitetalk.to_owned(),
            "https://1234567-sb1%2esuitetalk.api.netsuite.com".to_owned(),
            "https://1234567-sb1\u{3002}suitetalk.api.netsuite.com".to_owned(),
            "https://1234567-sb1.netsuite.com".to_owned(),
            "https://1234567-sb1.suitetalk.netsuite.com".to_owned(),
            "https://1234567-sb1.suitetalk.eu2.netsuite.com".to_owned(),
            "https://1234567-sb1.evil.netsuite.com".to_owned(),
            "https://1234567.suitetalk.api.netsuite.com".to_owned(),
            "https://1234567_sb1.suitetalk.api.netsuite.com".to_owned(),
            "https://xn--1234567-sb1.suitetalk.api.netsuite.com".to_owned(),
            "https://127.0.0.1".to_owned(),
            "https://[::1]".to_owned(),
            "https://2130706433".to_owned(),
            "https://1234567-sb1.suitetalk.api.netsu\u{131}te.com".to_owned(),
            "https://1234567-sb1.suitetalk.api.netsuite.com.evil.example".to_owned(),
            "https://1234567-sb1.suitetalk.api.netsuite.com\\@evil.example".to_owned(),
        ] {
            for place in 0..3 {
                let mut all = [own, own, own];
                all[place] = &odd;
                let body = serde_json::json!({
                    "webservicesDomain": all[0], "restDomain": all[1], "systemDomain": all[2],
                });
                let found = entry(200, &body.to_string());
                let failure =
                    matches!(found, DirectoryEntry::Other { .. } | DirectoryEntry::Foreign { .. });
                assert!(failure, "{odd}: {found:?}");
            }
        }
    }

    #[test]
    fn only_all_three_domains_settle_it() {
        let own = "1234567-sb1.app.netsuite.com";
        for body in [
            domains(own, "rest.netsuite.com", own),
            format!(r#"{{"systemDomain":"https://{own}"}}"#),
            format!(r#"{{"restDomain":"https://{own}","systemDomain":"https://{own}"}}"#),
            format!(
                r#"{{"webservicesDomain":7,"restDomain":"https://{own}","systemDomain":"https://{own}"}}"#
            ),
            r#"{"restDomain":"https://rest.netsuite.com"}"#.to_owned(),
        ] {
            assert_eq!(entry(200, &body), DirectoryEntry::Unusable { status: 200 }, "{body}");
        }
    }

    #[test]
    fn answers_that_say_nothing() {
        for (status, body) in [
            (200, "{}"),
            (200, "[]"),
            (200, "<html>"),
            (200, ""),
            (500, "{}"),
            (429, "{}"),
            (302, ""),
        ] {
            assert_eq!(entry(status, body), DirectoryEntry::Unusable { status }, "{status} {body}");
        }
        assert_eq!(entry(200, r#"{"restDomain":"x"}"#), DirectoryEntry::Unusable { status: 200 });
        let text = Some("Company Id is invalid".to_owned());
        assert_eq!(entry(400, "Company Id is invalid"), DirectoryEntry::Refused { text });
    }

    #[test]
    fn fuzz() {
        let words =
            ["webservicesDomain", "restDomain", "systemDomain", "https://", ".netsuite.com"];
        crate::fuzz::run("datacenterurls", &words, |bytes| {
            let body = String::from_utf8_lossy(bytes);
            for status in [200, 400] {
                let hosts = match entry(status, &body) {
                    DirectoryEntry::Known { hosts } | DirectoryEntry::Unknown { hosts } => hosts,
                    DirectoryEntry::Foreign { host } | DirectoryEntry::Other { host } => vec![host],
                    DirectoryEntry::Refused { .. } | DirectoryEntry::Unusable { .. } => Vec::new(),
                };
                for host in hosts {
                    assert!(crate::types::plain::is_plain(&host) && !host.is_empty(), "{host:?}");
                }
            }
        });
    }
}
