//! The machine without a front end: the checks run over what the walk has, and nothing is read
//! from disk.

mod sign_in;

use std::time::{Duration, Instant};

use strum::VariantArray as _;

use super::*;
use crate::checks::context::{Context, Inputs};
use crate::checks::plan::{self, Pattern, Selection};
use crate::credentials::input::{Given, Material, Origin};
use crate::engine;
use crate::report::samples::meta;
use crate::report::v1::Status;
use crate::report::{self, RunMeta, TargetFacts, handbook};
use crate::types::{Clock, Scrubber, SecretKind};

const CLIENT_ID: &str = "6f9a3c01d2b84e57a0c6134f8e2d79b5c4f01a6d83e952b7f06c1d48a39be275";
const APPLICATION_ID: &str = "1C61CD58-044D-497A-AA29-7A3E9A9BB924";
const CERTIFICATE_ID: &str = "TK-kKpHx8yEeyoNBTgZpDRqwkRVXmG7QfrUAUpbx3Tg";

fn walk(draft: Draft, from: Option<SetupStep>) -> Walk {
    Walk::new(Texts::built_in(), "default", draft, from).unwrap()
}

/// Every step before `step` done.
fn before(step: SetupStep) -> Draft {
    Draft {
        account_id: Some("1234567".to_owned()),
        client_id: Some(CLIENT_ID.to_owned()),
        certificate_id: Some(CERTIFICATE_ID.to_owned()),
        private_key: Some("keys/private-key.pem".into()),
        certificate: Some("keys/certificate.pem".into()),
        records: vec!["customer:view".to_owned()],
        done: SetupStep::VARIANTS.iter().copied().filter(|other| *other < step).collect(),
        ..Draft::default()
    }
}

/// What the checks say about the identifiers of the walk.
fn judged(walk: &Walk, checks: &[engine::CheckId]) -> Response {
    let text = |value: &Option<String>| {
        let origin = Origin::Generated;
        value.as_ref().map(|value| Given { value: value.clone(), origin })
    };
    let trial = walk.trial();
    let secret = walk.secret().map(|secret| Material {
        bytes: secret.clone(),
        origin: Origin::Stdin,
        too_large: false,
    });
    let inputs = Inputs {
        account_id: text(&trial.account_id),
        client_id: text(&trial.client_id),
        client_secret: secret,
        certificate_id: text(&trial.certificate_id),
        ..Inputs::default()
    };
    let context = Context::new(inputs, Clock::system(), Scrubber::default());
    let only = checks.iter().map(|id| Pattern::Check(*id)).collect();
    let nodes = plan::nodes(&context, &Selection { offline: true, only, skip: Vec::new() });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    let results = runtime.block_on(engine::run(nodes, &context, &(), deadline)).unwrap();
    let meta = RunMeta { target: TargetFacts::of(&context), ..meta() };
    Response::Judged(Box::new(report::build(&results, &meta, handbook()).unwrap()))
}

/// Answers a question and has the answer judged where the walk wants that.
fn answers(walk: &mut Walk, field: Field, text: &str) {
    assert_eq!(asked(walk).field, field);
    walk.take(Response::Answer(text.to_owned()));
    if let Prompt::Work(Work::Judge(checks)) = walk.prompt() {
        let event = judged(walk, checks);
        walk.take(event);
    }
}

#[track_caller]
fn asked(walk: &Walk) -> Ask {
    match walk.prompt() {
        Prompt::Ask(ask) => *ask,
        other => panic!("{other:?}"),
    }
}

fn secret(text: &str) -> Response {
    Response::Secret(Some(Secret::new(SecretKind::ClientSecret, text)))
}

#[test]
fn a_mistake_is_explained_before_going_on() {
    let mut walk = walk(before(SetupStep::Integration), None);
    assert_eq!(asked(&walk).page.step, SetupStep::Integration);
    answers(&mut walk, Field::ClientId, APPLICATION_ID);
    let again = asked(&walk);
    assert_eq!(again.field, Field::ClientId);
    assert!(!again.may_keep);
    let remark = again.remarks.first().unwrap();
    assert!(remark.summary.contains("Application ID"), "{remark:?}");
    assert!(remark.means.as_ref().unwrap().contains("often confused"));
    assert!(remark.fix.as_ref().unwrap().text.starts_with("Give the Client ID"));
    // What is wrong is not kept.
    assert_eq!(walk.draft().client_id.as_deref(), Some(CLIENT_ID));
    answers(&mut walk, Field::ClientId, &format!(" \"{CLIENT_ID}\","));
    assert_eq!(asked(&walk).field, Field::ClientSecret);
    assert_eq!(asked(&walk).remarks.first().unwrap().status, Status::Pass);
    walk.take(Response::Secret(None));
    assert_eq!(walk.draft().client_id.as_deref(), Some(CLIENT_ID));
    assert!(walk.draft().done.contains(&SetupStep::Integration));
}

#[test]
fn the_secret_in_place_of_the_client_id_is_never_accepted() {
    let draft = Draft { client_id: None, ..before(SetupStep::Integration) };
    let mut walk = walk(draft, None);
    let swapped = "ab".repeat(32);
    answers(&mut walk, Field::ClientId, &swapped);
    assert_eq!(walk.draft().client_id, None, "the secret could still show what it is");
    walk.take(secret(&swapped));
    let Prompt::Work(Work::Judge(checks)) = walk.prompt() else { panic!("not judged") };
    let event = judged(&walk, checks);
    walk.take(event);
    assert_eq!(asked(&walk).field, Field::ClientId);
    assert!(walk.secret().is_none());
    assert_eq!(walk.draft().client_id, None);
}

#[test]
fn a_walk_goes_on_at_the_first_open_step() {
    for step in SetupStep::VARIANTS.iter().copied() {
        let walk = walk(before(step), None);
        match walk.prompt() {
            Prompt::Ask(ask) => assert_eq!(ask.field.step(), step),
            // The sheet is checked first, whatever was checked on another day.
            Prompt::Work(Work::FirstCheck) => assert!(step >= SetupStep::Check),
            Prompt::Work(Work::Judge(_)) => assert_eq!(step, SetupStep::Mapping),
            other => panic!("{step}: {other:?}"),
        }
    }
    let all = Draft { done: SetupStep::VARIANTS.to_vec(), ..before(SetupStep::Check) };
    let end = walk(all, None).prompt();
    assert!(matches!(end, Prompt::Finished { next, proved: true } if !next.is_empty()));
}

#[test]
fn a_step_whose_value_was_taken_away_is_open_again() {
    let draft = Draft { client_id: None, ..before(SetupStep::Check) };
    assert_eq!(asked(&walk(draft, None)).field, Field::ClientId);
}

#[test]
fn a_step_to_begin_with_needs_what_lies_before_it() {
    let all = Draft { done: SetupStep::VARIANTS.to_vec(), ..before(SetupStep::Check) };
    let again = walk(all, Some(SetupStep::Role));
    assert_eq!(asked(&again).current.as_deref(), Some("customer:view"));
    assert_eq!(again.draft().open_step(), Some(SetupStep::Role));
    let error = Walk::new(Texts::built_in(), "default", Draft::default(), Some(SetupStep::Check))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the step check needs the values of account and key and integration and mapping; begin \
         with `--from account`"
    );
}

#[test]
fn back_is_the_question_before_and_keeps_what_was_accepted() {
    let mut walk = walk(before(SetupStep::Role), None);
    answers(&mut walk, Field::Records, "Customers:edit");
    assert!(asked(&walk).page.permissions.len() >= 4);
    walk.take(Response::Back);
    assert_eq!(asked(&walk).field, Field::Records);
    assert_eq!(walk.draft().records, ["customer:edit"]);
    walk.take(Response::Back);
    assert_eq!(asked(&walk).field, Field::ClientId);
    assert!(!walk.draft().done.contains(&SetupStep::Role));
    walk.take(Response::Visit(SetupStep::Account));
    assert_eq!(asked(&walk).field, Field::AccountId);
    assert!(!asked(&walk).may_go_back);
    walk.take(Response::Back);
    assert_eq!(asked(&walk).field, Field::AccountId);
}

#[test]
fn another_value_outdates_what_was_done_with_the_old_one() {
    let mut same = walk(before(SetupStep::Check), None);
    same.take(Response::Judged(Box::new(failed())));
    same.take(Response::Answer("4".to_owned()));
    answers(&mut same, Field::ClientId, "");
    same.take(Response::Secret(None));
    assert!(matches!(same.prompt(), Prompt::Work(Work::FirstCheck)), "only this step was open");

    let mut other = walk(before(SetupStep::Check), None);
    other.take(Response::Judged(Box::new(failed())));
    other.take(Response::Answer("integration".to_owned()));
    answers(&mut other, Field::ClientId, &"ab".repeat(32));
    other.take(Response::Secret(None));
    assert!(!other.draft().done.contains(&SetupStep::Mapping), "it names another application");
    assert!(other.draft().done.contains(&SetupStep::Role));

    let mut moved = walk(before(SetupStep::Check), None);
    moved.take(Response::Judged(Box::new(failed())));
    moved.take(Response::Visit(SetupStep::Account));
    answers(&mut moved, Field::AccountId, "7654321");
    assert_eq!(moved.draft().done, [SetupStep::Account, SetupStep::Key]);
}

fn failed() -> Report {
    report::samples::report()
}

#[test]
fn the_walk_stays_on_a_fault_until_it_is_fixed() {
    let mut walk = walk(before(SetupStep::Check), None);
    walk.take(Response::Judged(Box::new(failed())));
    let ask = asked(&walk);
    assert_eq!(ask.field, Field::Fault);
    assert!(ask.page.fault.is_some());
    for other in ["perhaps", "7", "8", "\u{1b}[A", "no"] {
        answers(&mut walk, Field::Fault, other);
        assert_eq!(asked(&walk).remarks.len(), 1, "{other}");
    }
    walk.take(Response::Answer("missing key".to_owned()));
    let Prompt::Work(Work::Explain(detail)) = walk.prompt() else { panic!("not explained") };
    assert_eq!(detail.as_str(), "MissingKey");
    walk.take(Response::Judged(Box::new(failed())));
    walk.take(Response::Answer("YES".to_owned()));
    assert!(matches!(walk.prompt(), Prompt::Work(Work::FirstCheck)));
    walk.take(Response::Judged(Box::new(failed())));
    walk.take(Response::Answer("STOP".to_owned()));
    assert!(matches!(walk.prompt(), Prompt::Stopped));
    assert!(!walk.draft().done.contains(&SetupStep::Check));
}

#[test]
fn a_sheet_that_is_not_proved_says_so_and_ends_nothing() {
    let mut walk = walk(before(SetupStep::Check), None);
    walk.take(Response::Judged(Box::new(failed())));
    walk.take(Response::Answer("sheet".to_owned()));
    let Prompt::Work(Work::WriteSheet(sheet)) = walk.prompt() else { panic!("no sheet") };
    assert!(!sheet.proof.proved && sheet.title().contains("NOT PROVED"), "{}", sheet.title());
    walk.take(Response::Written("sheet.txt".into()));
    assert!(asked(&walk).remarks[0].summary.contains("sheet.txt"));
    answers(&mut walk, Field::HandedOver, "no");
    assert_eq!(asked(&walk).field, Field::HandedOver);
    answers(&mut walk, Field::HandedOver, "");
    assert!(matches!(walk.prompt(), Prompt::Finished { proved: false, .. }));
    assert!(!walk.draft().done.contains(&SetupStep::HandOver));
}

#[test]
fn what_is_not_yes_is_not_taken_as_yes() {
    for field_step in [SetupStep::Features, SetupStep::Key] {
        let mut walk = walk(before(field_step), None);
        let field = asked(&walk).field;
        for other in ["no", "N", "maybe", "\u{1b}]0;x\u{7}", "1"] {
            answers(&mut walk, field, other);
            let again = asked(&walk);
            assert_eq!(again.field, field, "{other}");
            assert!(!again.remarks[0].summary.contains('\u{1b}'), "{again:?}");
        }
    }
    let mut walk = walk(before(SetupStep::Features), None);
    answers(&mut walk, Field::FeaturesDone, "YES");
    assert_eq!(asked(&walk).field, Field::Pair);
}

#[test]
fn a_path_in_place_of_own_is_the_key() {
    let mut walk = walk(before(SetupStep::Key), None);
    walk.take(Response::Answer("mine".to_owned()));
    let refused = asked(&walk).remarks[0].summary.clone();
    assert!(refused.contains("new for a new key pair"), "{refused}");
    walk.take(Response::Answer("keys/own.pem".to_owned()));
    assert!(matches!(walk.prompt(), Prompt::Work(Work::Judge(_))));
    assert_eq!(walk.trial().private_key.as_deref(), Some(std::path::Path::new("keys/own.pem")));
}

#[test]
fn a_missing_box_has_a_way_out_and_no_is_no_fault() {
    let mut walk = walk(before(SetupStep::Features), None);
    walk.take(Response::Answer("I have no OAuth 2.0 box".to_owned()));
    let told = asked(&walk).remarks[0].summary.clone();
    assert!(told.contains("Administrator") && told.contains("explain which features"), "{told}");
    walk.take(Response::Answer("no".to_owned()));
    assert_eq!(asked(&walk).remarks[0].status, Status::Skipped);
}

#[test]
fn no_answer_is_too_long_or_empty_for_any_question() {
    for field in Field::VARIANTS.iter().copied() {
        let mut walk = walk(Draft::default(), None);
        walk.awaits = Awaited::Ask(field);
        walk.take(Response::Answer("x".repeat(1_000_000)));
        let ask = asked(&walk);
        assert_eq!((ask.field, ask.remarks.len()), (field, 1), "{field:?}");
        assert!(ask.remarks[0].summary.len() < 100);
    }
    for field in [Field::AccountId, Field::ClientId, Field::PrivateKey, Field::CertificateId] {
        let mut walk = walk(Draft::default(), None);
        walk.awaits = Awaited::Ask(field);
        walk.take(Response::Answer("  \r\n".to_owned()));
        assert_eq!(asked(&walk).remarks.len(), 1, "{field:?}");
    }
}

#[test]
fn only_the_wrong_file_is_asked_again() {
    let draft = Draft { private_key: None, certificate: None, ..before(SetupStep::Key) };
    let mut walk = walk(draft, None);
    walk.take(Response::Answer("OWN".to_owned()));
    walk.take(Response::Answer("'nowhere key.pem'".to_owned()));
    assert_eq!(walk.trial().private_key.as_deref(), Some("nowhere key.pem".as_ref()));
    walk.take(Response::Refused("no such file".to_owned()));
    assert_eq!(asked(&walk).field, Field::PrivateKey);
    answers(&mut walk, Field::PrivateKey, "-----BEGIN PRIVATE KEY-----");
    assert!(asked(&walk).remarks[0].summary.contains("path of its file"));
    answers(&mut walk, Field::PrivateKey, "a\u{1b}[2Jb");
    assert!(asked(&walk).remarks[0].summary.contains("Rename"));
    walk.awaits = Awaited::Ask(Field::Certificate);
    walk.take(Response::Answer("folder".to_owned()));
    walk.take(Response::Refused("folder is a directory".to_owned()));
    assert_eq!(asked(&walk).field, Field::Certificate);
}

#[test]
fn record_types_are_looked_up() {
    let mut walk = walk(before(SetupStep::Role), None);
    answers(&mut walk, Field::Records, "custommer, salesorder:edit");
    let asked_again = asked(&walk);
    assert_eq!(asked_again.field, Field::Records);
    assert!(asked_again.remarks[0].summary.contains("customer"), "{asked_again:?}");
    answers(&mut walk, Field::Records, "Customers, Sales Orders:edit");
    answers(&mut walk, Field::RoleDone, "");
    answers(&mut walk, Field::UserDone, "y");
    assert_eq!(walk.draft().records, ["customer:view", "salesOrder:edit"]);
}

#[test]
fn files_that_cannot_be_read_lead_back_to_the_key() {
    let mut walk = walk(before(SetupStep::Mapping), None);
    assert!(matches!(walk.prompt(), Prompt::Work(Work::Judge(_))));
    walk.take(Response::Refused("keys/certificate.pem: no such file".to_owned()));
    let ask = asked(&walk);
    assert_eq!((ask.field, ask.current.as_deref()), (Field::Pair, Some("own")));
    assert!(ask.remarks[0].summary.contains("no such file"));
}

#[test]
fn an_event_that_does_not_fit_changes_nothing() {
    let mut walk = walk(before(SetupStep::Features), None);
    walk.take(secret("0badc0de"));
    walk.take(Response::Refused("no".to_owned()));
    assert!(walk.secret().is_none());
    assert_eq!(asked(&walk).field, Field::FeaturesDone);
    assert!(asked(&walk).remarks.is_empty());
}

#[test]
fn every_page_leads_into_the_account_and_says_why() {
    let walk = walk(before(SetupStep::HandOver), None);
    for field in Field::VARIANTS.iter().copied() {
        let page = walk.page(field);
        assert!(!page.why.is_empty() && !page.proves.is_empty(), "{field:?}");
        for fix in &page.steps {
            let known = fix
                .url
                .as_ref()
                .is_none_or(|url| url.starts_with("https://1234567.app.netsuite.com/"));
            assert!(known, "{fix:?}");
        }
    }
    assert!(walk.page(Field::FeaturesDone).steps[0].url.is_some());
    let sheet = walk.page(Field::HandedOver).sheet.unwrap();
    assert_eq!(sheet.fields[0].value.as_deref(), Some("1234567"));
}

#[test]
fn what_can_be_copied_is_no_secret() {
    let mut walk = walk(before(SetupStep::HandOver), None);
    walk.secret = Some(Secret::new(SecretKind::ClientSecret, "0badc0de"));
    for field in Field::VARIANTS.iter().copied() {
        assert!(walk.ask(field).copies.iter().all(|copy| copy.value != "0badc0de"), "{field:?}");
    }
    let mapping = walk.ask(Field::CertificateId).copies;
    assert_eq!(mapping[0].value, "keys/certificate.pem");
    assert!(walk.ask(Field::HandedOver).copies.len() >= 4);
}
