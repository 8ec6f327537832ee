//! The public directory of accounts: whether NetSuite knows this one.
//!
//! An unknown account is answered with 200 and the generic domains (OH/chapter_157011836591).

use serde_json::Value;

use crate::netsuite::answer::{Answer, TransportError};
use crate::netsuite::error::Refusal;
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
pub enum Entry {
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
pub struct Lookup {
    /// The entry, or why there is no answer.
    pub result: Result<Entry, TransportError>,
    /// For the report.
    pub exchanges: Vec<HttpExchange>,
}

/// Looks the account up.
pub async fn look_up(client: &Client, account: &AccountId) -> Lookup {
    let call = client.directory(&DirectoryUrl::of(account)).await;
    let result = call.result.map(|answer| read(&answer, account));
    Lookup { result, exchanges: call.exchanges }
}

fn read(answer: &Answer, account: &AccountId) -> Entry {
    let unusable = Entry::Unusable { status: answer.status };
    if answer.status == 400 && !answer.is_html() {
        let text = Refusal::of(answer).text().map(str::to_owned);
        let text = text.or_else(|| brief(&answer.text()));
        return Entry::Refused { text };
    }
    if answer.status != 200 {
        return unusable;
    }
    let Ok(value) = serde_json::from_slice::<Value>(&answer.body) else { return unusable };
    let mut hosts = Vec::new();
    for member in MEMBERS {
        if let Some(domain) = value.get(member).and_then(Value::as_str) {
            match named(domain) {
                Named::Host(host) => hosts.push(host),
                Named::Nothing => return unusable,
                Named::Elsewhere(host) => return Entry::Foreign { host },
                Named::Odd(host) => return Entry::Other { host },
            }
        }
    }
    judge(hosts, account).unwrap_or(unusable)
}

fn judge(hosts: Vec<String>, account: &AccountId) -> Option<Entry> {
    let generic = |host: &String| GENERIC.contains(&host.as_str());
    if let Some(host) = hosts.iter().find(|host| !is_own(account, host) && !generic(host)) {
        return Some(Entry::Other { host: host.clone() });
    }
    // Fewer hosts than documented, or own ones beside generic ones, settle nothing.
    if hosts.len() != MEMBERS.len() {
        None
    } else if hosts.iter().all(generic) {
        Some(Entry::Unknown { hosts })
    } else {
        hosts.iter().all(|host| is_own(account, host)).then_some(Entry::Known { hosts })
    }
}

/// What one member of the answer names.
enum Named {
    /// A host under `netsuite.com` and nothing more.
    Host(String),
    /// A host outside `netsuite.com`.
    Elsewhere(String),
    /// More than a host, or less: a user name, a port, another scheme, a path.
    Odd(String),
    /// Nothing that looks like a host.
    Nothing,
}

fn named(domain: &str) -> Named {
    let shown = || brief(domain).unwrap_or_default();
    let Ok(url) = reqwest::Url::parse(domain) else {
        return if domain.contains('.') { Named::Odd(shown()) } else { Named::Nothing };
    };
    let Some(host) = url.host_str().map(str::to_ascii_lowercase) else {
        return Named::Odd(shown());
    };
    if !host.trim_end_matches('.').ends_with(".netsuite.com") {
        return Named::Elsewhere(host.chars().take(253).collect());
    }
    // Compared as written: what a parser takes away, such as :443 or %2e, has no place here.
    let plain = domain.to_ascii_lowercase();
    let plain = plain.strip_suffix('/').unwrap_or(&plain);
    if plain == format!("https://{host}") { Named::Host(host) } else { Named::Odd(shown()) }
}

fn brief(text: &str) -> Option<String> {
    let line: String = neutral(text.trim()).chars().take(200).collect();
    (!line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netsuite::answer::sample;

    fn entry(status: u16, body: &str) -> Entry {
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
        assert!(matches!(entry(200, &body), Entry::Known { hosts } if hosts.len() == 3));
    }

    #[test]
    fn generic_domains_mean_no_such_account() {
        let body = domains("webservices.netsuite.com", "rest.netsuite.com", "system.netsuite.com");
        assert!(matches!(entry(200, &body), Entry::Unknown { .. }));
    }

    #[test]
    fn hosts_that_are_not_the_accounts() {
        let own = "1234567-sb1.app.netsuite.com";
        let production = "1234567.suitetalk.api.netsuite.com";
        let host = production.to_owned();
        assert_eq!(entry(200, &domains(production, own, own)), Entry::Other { host });
        for evil in [
            "evil.example",
            "netsuite.com.evil.example",
            "1234567-sb1.app.netsuite.com@evil.example",
        ] {
            let found = entry(200, &domains(own, evil, own));
            assert!(matches!(found, Entry::Foreign { host } if host.ends_with("evil.example")));
        }
        let similar = entry(200, &domains("evilnetsuite.com", own, own));
        assert!(matches!(similar, Entry::Foreign { .. }));
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
                let failure = matches!(found, Entry::Other { .. } | Entry::Foreign { .. });
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
            assert_eq!(entry(200, &body), Entry::Unusable { status: 200 }, "{body}");
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
            assert_eq!(entry(status, body), Entry::Unusable { status }, "{status} {body}");
        }
        assert_eq!(entry(200, r#"{"restDomain":"x"}"#), Entry::Unusable { status: 200 });
        let text = Some("Company Id is invalid".to_owned());
        assert_eq!(entry(400, "Company Id is invalid"), Entry::Refused { text });
    }

    #[test]
    fn fuzz() {
        let words =
            ["webservicesDomain", "restDomain", "systemDomain", "https://", ".netsuite.com"];
        crate::fuzz::run("datacenterurls", &words, |bytes| {
            let body = String::from_utf8_lossy(bytes);
            for status in [200, 400] {
                let hosts = match entry(status, &body) {
                    Entry::Known { hosts } | Entry::Unknown { hosts } => hosts,
                    Entry::Foreign { host } | Entry::Other { host } => vec![host],
                    Entry::Refused { .. } | Entry::Unusable { .. } => Vec::new(),
                };
                for host in hosts {
                    assert!(crate::types::plain::is_plain(&host) && !host.is_empty(), "{host:?}");
                }
            }
        });
    }
}
