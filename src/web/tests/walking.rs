//! The pages of the walk, as one browser walks them.

use std::collections::BTreeSet;

use scraper::{Html, Selector};
use strum::VariantArray as _;

use super::site::{Site, about, walk};
use crate::report::samples;
use crate::setup::{Draft, Field, Response, SetupStep, Walk};
use crate::types::{Secret, SecretKind};
use crate::web::desk::{End, Task};
use crate::web::live::Standing;
use crate::web::pages::{self, end, question, working};
use crate::web::server::{SCRIPT, STYLE};
use crate::web::session::Session;

const ACCOUNT: &str = "/step/account-id";

#[test]
fn a_form_of_an_earlier_page_changes_nothing_and_says_so() {
    let site = Site::start(about());
    let cookie = site.opened();
    let number = site.number(&cookie);
    let wrong = site.form(number, "answer=+");
    let first = site.post("/answer", &cookie, &wrong);
    assert_eq!((first.status, first.header("location")), (303, Some("/")));
    let page = site.get(ACCOUNT, &cookie).body;
    assert!(page.contains("Nothing was typed."), "{page}");
    // The other tab still shows the page before.
    let second = site.post("/answer", &cookie, &site.form(number, "answer=7654321"));
    assert_eq!(second.header("location"), Some("/?old"));
    assert_eq!(site.get("/?old", &cookie).header("location"), Some("/step/account-id?old"));
    let page = site.get("/step/account-id?old", &cookie).body;
    assert!(page.contains("earlier page") && page.contains("Nothing was typed."), "{page}");
    for form in [site.form(u64::MAX, ""), site.session.token().expose().to_owned()] {
        let other = site.post("/answer", &cookie, &format!("token={form}"));
        assert!(other.status == 403 || other.header("location") == Some("/?old"), "{other:?}");
    }
}

#[test]
fn finish_ends_the_session_wherever_the_walk_is() {
    let site = Site::start(about());
    let cookie = site.opened();
    let number = site.number(&cookie);
    let last = site.post("/finish", &cookie, &site.form(number, ""));
    assert_eq!(last.status, 200);
    assert!(last.body.contains("you can close it"), "{}", last.body);
    assert!(site.session.was_ended());
}

#[test]
fn no_certificate_is_taken_unasked() {
    let site = Site::start(about());
    let cookie = site.opened();
    let number = site.number(&cookie);
    let answer = site.raw(&format!(
        "POST /certificate HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\nOrigin: http://127.0.0.1:{0}\r\n\
         Sec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\nX-Token: {1}\r\nX-Number: {number}\r\n\
         Content-Type: application/octet-stream\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
        site.port,
        site.session.token().expose()
    ));
    assert_eq!(answer.status, 409);
    assert!(answer.body.contains("No certificate is asked for"), "{}", answer.body);
}

fn filled() -> Walk {
    let draft = Draft {
        account_id: Some("1234567".to_owned()),
        client_id: Some("6f9a".repeat(16)),
        certificate_id: Some("TK-kKpHx8yEeyoNBTgZpDRqwkRVXmG7QfrUAUpbx3Tg".to_owned()),
        private_key: Some("keys/private-key.pem".into()),
        certificate: Some("keys/certificate.pem".into()),
        records: vec!["customer:view".to_owned()],
        done: SetupStep::VARIANTS.iter().copied().filter(|s| *s < SetupStep::Check).collect(),
        ..Draft::default()
    };
    let mut walk = walk(draft);
    walk.take(Response::Judged(Box::new(samples::report())));
    walk
}

/// Every page of the walk, with its name.
pub(super) fn every_page() -> Vec<(String, String)> {
    let walk = filled();
    let about = about();
    let session = Session::new(std::time::Instant::now()).unwrap();
    let frame = |title: &str, step: Option<SetupStep>| pages::Frame {
        title: title.to_owned(),
        token: session.token(),
        number: 7,
        target: "shop".to_owned(),
        file: "netsuite-preflight.toml".to_owned(),
        done: walk.draft().done.clone(),
        step,
        live: false,
        old: false,
    };
    let mut all = Vec::new();
    for field in Field::VARIANTS.iter().copied() {
        let ask = walk.ask(field);
        let frame = frame(&ask.page.title, Some(field.step()));
        let context = question::Context { ask: &ask, walk: &walk, about: &about };
        let now = frame.around(question::page(&context, &frame, "")).into_string();
        all.push((format!("{field:?}"), now));
        let before = frame.around(question::earlier(&ask, &frame, "/end")).into_string();
        all.push((format!("{field:?}, earlier"), before));
    }
    let standing = Standing {
        decided: 3,
        planned: 40,
        said: String::new(),
        sign_in: "https://1234567.app.netsuite.com/app/login/oauth2/authorize.nl".to_owned(),
        rows: vec!["waiting"; crate::checks::ALL.len()],
    };
    for task in [Task::Short, Task::Pair, Task::Check, Task::Account] {
        let frame = frame(working::title(task, true), None);
        let page = frame.around(working::page(task, &standing)).into_string();
        all.push((format!("{task:?}"), page));
    }
    let done = |proved| End::Done { next: Vec::new(), proved };
    for ended in [done(true), done(false), End::Stopped, End::Broken("why".to_owned())] {
        let frame = frame(end::title(&ended), None);
        let page = frame.around(end::page(&ended, &walk, &about, &frame)).into_string();
        all.push((format!("{ended:?}"), page));
    }
    let frame = frame("Passphrase", Some(SetupStep::Key));
    let page = frame.around(question::passphrase("the file key.pem", &frame)).into_string();
    all.push(("passphrase".to_owned(), page));
    all
}

#[test]
fn every_page_keeps_to_its_policy_and_names_what_it_asks() {
    let found =
        |page: &Html, selector: &str| page.select(&Selector::parse(selector).unwrap()).count();
    for (name, text) in every_page() {
        let page = Html::parse_document(&text);
        assert!(page.errors.is_empty(), "{name}: {:?}", page.errors);
        assert_eq!(found(&page, "h1"), 1, "{name}");
        assert_eq!(found(&page, "main"), 1, "{name}");
        assert_eq!(found(&page, "[style], style, [onclick], iframe, img, object"), 0, "{name}");
        assert_eq!(found(&page, "script:not([src='/script.js'])"), 0, "{name}");
        let posts = found(&page, "form[method=post]");
        assert_eq!(found(&page, "form[method=post] input[name=token]"), posts, "{name}");
        assert_eq!(found(&page, "form[method=post] input[name=number]"), posts, "{name}");
        let ids: Vec<&str> = page
            .select(&Selector::parse("[id]").unwrap())
            .filter_map(|element| element.value().attr("id"))
            .collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{name}: {ids:?}");
        for field in page.select(&Selector::parse("input:not([type=hidden]), select").unwrap()) {
            let id = field.value().attr("id").unwrap();
            assert_eq!(found(&page, &format!("label[for={id}]")), 1, "{name}: {id}");
        }
        for element in page.select(&Selector::parse("[aria-describedby]").unwrap()) {
            for id in element.value().attr("aria-describedby").unwrap().split(' ') {
                assert!(ids.contains(&id), "{name}: {id}");
            }
        }
        let weight = text.len() + STYLE.len() + SCRIPT.len();
        assert!(weight < 60_000, "{name}: {weight}");
    }
}

#[test]
fn no_page_shows_a_secret_back() {
    let mut walk = walk(Draft {
        client_id: Some("ab".repeat(32)),
        done: vec![SetupStep::Account, SetupStep::Features, SetupStep::Key],
        account_id: Some("1234567".to_owned()),
        private_key: Some("keys/private-key.pem".into()),
        certificate: Some("keys/certificate.pem".into()),
        ..Draft::default()
    });
    walk.take(Response::Answer("cd".repeat(32)));
    walk.take(Response::Refused("It cannot be read.".to_owned()));
    walk.take(Response::Secret(Some(Secret::new(SecretKind::ClientSecret, "0badc0de"))));
    let about = about();
    let session = Session::new(std::time::Instant::now()).unwrap();
    for field in Field::VARIANTS.iter().copied() {
        let ask = walk.ask(field);
        let frame = pages::Frame {
            title: String::new(),
            token: session.token(),
            number: 1,
            target: String::new(),
            file: String::new(),
            done: Vec::new(),
            step: None,
            live: false,
            old: false,
        };
        let context = question::Context { ask: &ask, walk: &walk, about: &about };
        let text = frame.around(question::page(&context, &frame, "")).into_string();
        assert!(!text.contains("0badc0de"), "{field:?}");
        assert!(!text.contains(&"cd".repeat(32)), "what was refused may be the secret: {field:?}");
    }
}
