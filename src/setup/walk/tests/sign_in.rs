//! The walk with an administrator who signs in.

use super::*;
use crate::probes::inside::choice::{Choice, Choices};

fn choices(rows: &[(i64, &str)]) -> Response {
    let row = |(id, name): &(i64, &str)| Choice { id: *id, name: Some((*name).to_owned()) };
    Response::Listed(Choices { rows: rows.iter().map(row).collect(), more: false })
}

fn signing_in(draft: Draft) -> Walk {
    walk(draft, None).with_sign_in()
}

/// At the list of roles.
fn at_the_roles() -> Walk {
    let draft = Draft { certificate_id: None, ..before(SetupStep::Mapping) };
    let mut walk = signing_in(draft);
    walk.expected = Some(CertificateId::of_certificate(b"x"));
    walk.enter(SetupStep::Mapping);
    assert!(matches!(walk.prompt(), Prompt::Work(Work::ListRoles)));
    walk
}

#[test]
fn the_account_is_learned_from_the_sign_in_or_typed() {
    let mut walk = signing_in(Draft::default());
    assert!(matches!(walk.prompt(), Prompt::Work(Work::SignIn)));
    walk.take(Response::Refused("Nobody is signed in.".to_owned()));
    let ask = asked(&walk);
    assert_eq!((ask.field, ask.remarks.len()), (Field::AccountId, 2));
    walk.take(Response::Answer("again".to_owned()));
    assert!(matches!(walk.prompt(), Prompt::Work(Work::SignIn)));
    walk.take(Response::SignedIn("1234567_SB1".to_owned()));
    let Prompt::Work(Work::Judge(checks)) = walk.prompt() else { panic!("not judged") };
    let event = judged(&walk, checks);
    walk.take(event);
    assert_eq!(walk.draft().account_id.as_deref(), Some("1234567_SB1"));
    assert_eq!(asked(&walk).field, Field::FeaturesDone);
    let known = signing_in(before(SetupStep::Features)).prompt();
    assert!(matches!(known, Prompt::Ask(ask) if ask.field == Field::FeaturesDone));
}

#[test]
fn a_mapping_is_chosen_shown_and_agreed_to() {
    let mut walk = at_the_roles();
    walk.take(choices(&[(1042, "Survey role"), (1043, "Clerk")]));
    for other in ["", "7", "Survey role", "-1042", "1042; x"] {
        answers(&mut walk, Field::MappedRole, other);
        assert_eq!(asked(&walk).remarks.len(), 1, "{other}");
    }
    answers(&mut walk, Field::MappedRole, "1042");
    assert!(matches!(walk.prompt(), Prompt::Work(Work::ListEntities(1042))));
    walk.take(choices(&[(2207, "Survey Integration")]));
    // The only one is offered.
    assert_eq!(asked(&walk).current.as_deref(), Some("2207"));
    answers(&mut walk, Field::MappedEntity, "");
    let ask = asked(&walk);
    assert_eq!((ask.field, ask.current.as_deref()), (Field::MappingAgreed, None));
    let made: Vec<&str> = ask.page.made.iter().map(|part| part.value.as_str()).collect();
    let id = CertificateId::of_certificate(b"x").to_string();
    let shown = format!("{made:?}");
    for part in ["1234567", "Survey role (ID 1042)", "Survey Integration (ID 2207)", &id] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    for other in ["", "ok", "done", "yep", "YES!"] {
        answers(&mut walk, Field::MappingAgreed, other);
        assert_eq!(asked(&walk).field, Field::MappingAgreed, "{other}");
    }
    answers(&mut walk, Field::MappingAgreed, "No");
    assert_eq!(asked(&walk).field, Field::MappedRole);
    answers(&mut walk, Field::MappedRole, "1042");
    walk.take(choices(&[(2207, "Survey Integration")]));
    answers(&mut walk, Field::MappedEntity, "2207");
    answers(&mut walk, Field::MappingAgreed, "YES");
    let Prompt::Work(Work::Map(combination)) = walk.prompt() else { panic!("not made") };
    assert_eq!((combination.role, combination.entity), (1042, 2207));
    walk.take(Response::Mapped(CERTIFICATE_ID.to_owned()));
    assert!(matches!(walk.prompt(), Prompt::Work(Work::Judge(_))));
    assert_eq!(walk.trial().certificate_id.as_deref(), Some(CERTIFICATE_ID));
}

#[test]
fn what_the_sign_in_does_not_bring_is_done_by_hand() {
    let mut nothing = at_the_roles();
    nothing.take(choices(&[]));
    assert_eq!(asked(&nothing).field, Field::CertificateId);
    assert!(asked(&nothing).remarks[0].summary.contains("no active role"));
    nothing.take(Response::Answer("again".to_owned()));
    assert!(matches!(nothing.prompt(), Prompt::Work(Work::ListRoles)));

    let mut nobody = at_the_roles();
    nobody.take(choices(&[(1042, "Survey role")]));
    answers(&mut nobody, Field::MappedRole, "");
    nobody.take(choices(&[]));
    let ask = asked(&nobody);
    assert_eq!(ask.field, Field::MappedRole);
    assert!(ask.remarks[0].summary.contains("has the role 1042"), "{:?}", ask.remarks);

    let mut refused = at_the_roles();
    refused.take(Response::Refused("The roles were not listed.".to_owned()));
    let ask = asked(&refused);
    assert_eq!((ask.field, ask.remarks.len()), (Field::CertificateId, 2));
}
