//! Every screen of every profile, in lines and columns.

use strum::VariantArray as _;

use super::*;
use crate::netsuite::catalogue::catalogue;
use crate::netsuite::profiles::{Profile, profiles};
use crate::report::handbook;
use crate::setup::{Texts, Walk, guide};

const CLIENT_ID: &str = "6f9a3c01d2b84e57a0c6134f8e2d79b5c4f01a6d83e952b7f06c1d48a39be275";
const CERTIFICATE_ID: &str = "TK-kKpHx8yEeyoNBTgZpDRqwkRVXmG7QfrUAUpbx3Tg";

/// A walk with every value, of an account whose addresses are long.
fn walk(profile: Option<&Profile>) -> Walk {
    let draft = Draft {
        account_id: Some("1234567_SB1".to_owned()),
        client_id: Some(CLIENT_ID.to_owned()),
        certificate_id: Some(CERTIFICATE_ID.to_owned()),
        private_key: Some("keys/private-key.pem".into()),
        certificate: Some("keys/certificate.pem".into()),
        done: SetupStep::VARIANTS.to_vec(),
        ..Draft::default()
    };
    let texts = Texts {
        guide: guide(),
        handbook: handbook(),
        catalogue: catalogue(),
        profile: profile.cloned(),
        config: None,
        home: None,
    };
    Walk::new(texts, "default", draft, None).unwrap()
}

fn every_screen(style: Style, each: &mut dyn FnMut(&str, &str)) {
    let all = profiles().iter().map(Some).chain([None]);
    for profile in all {
        let walk = walk(profile);
        let name = profile.map_or("none", |profile| profile.id.as_str());
        for field in Field::VARIANTS.iter().copied() {
            let ask = walk.ask(field);
            let views = (0..pages(&ask)).map(View::Step).chain([View::Why]);
            for view in views {
                let shown = screen(&ask, view, style);
                each(&format!("{name} {field:?} {view:?}"), &shown);
            }
        }
    }
}

#[test]
fn no_screen_is_longer_than_a_terminal() {
    let style = Style { colour: true, ..Style::PLAIN };
    let mut screens = 0;
    every_screen(style, &mut |name, shown| {
        screens += 1;
        let lines = shown.lines().count();
        assert!(lines < LINES, "{name} has {lines} lines:\n{shown}");
        assert!(!shown.contains("\n\n\n"), "{name}:\n{shown}");
    });
    assert!(screens > 15 * Field::VARIANTS.len());
}

#[test]
fn every_line_fits_the_terminal() {
    for width in [40, 60, 80, 120] {
        let style = Style { width, unicode: false, ..Style::PLAIN };
        every_screen(style, &mut |name, shown| {
            for line in shown.lines() {
                // Addresses and values stay whole, so that they can be copied.
                let whole = line.split_whitespace().any(|word| columns(word) > width / 2);
                assert!(columns(line) <= width || whole, "{name} at {width}: {line}");
                assert!(line.is_ascii(), "{name}: {line}");
            }
        });
    }
}

#[test]
fn the_action_stands_before_the_explanation() {
    let walk = walk(None);
    let style = Style { unicode: false, ..Style::PLAIN };
    let at = |field| screen(&walk.ask(field), View::Step(0), style);
    insta::assert_snapshot!("features", at(Field::FeaturesDone));
    insta::assert_snapshot!("integration", at(Field::ClientId));
    insta::assert_snapshot!("mapping", at(Field::CertificateId));
    insta::assert_snapshot!("role", at(Field::RoleDone));
    insta::assert_snapshot!("hand-over", at(Field::HandedOver));
    insta::assert_snapshot!("why", screen(&walk.ask(Field::FeaturesDone), View::Why, style));
    assert!(!at(Field::FeaturesDone).contains("While one of these"));
}

#[test]
fn a_mistake_is_on_the_screen_with_what_to_do() {
    let mut ask = walk(None).ask(Field::ClientId);
    let long = "word ".repeat(400);
    ask.remarks = vec![Remark {
        status: Status::Fail,
        summary: format!("\u{1b}[2J{long}"),
        means: Some(long.clone()),
        fix: Some(Fix {
            text: "Give the Client ID.".to_owned(),
            place: None,
            url: None,
            command: None,
        }),
    }];
    let shown = screen(&ask, View::Step(0), Style::PLAIN);
    assert!(shown.contains("Give the Client ID."), "{shown}");
    assert!(!shown.contains('\u{1b}'), "{shown}");
    assert!(!shown.contains("Enter a name"), "what to do has been read\n{shown}");
}
