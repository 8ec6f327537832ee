use std::collections::{BTreeMap, BTreeSet};

use strum::VariantArray as _;

use super::file::BadProfile;
use super::*;

#[test]
fn every_file_is_a_profile_and_every_profile_has_a_file() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/checks/profiles");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let ids: Vec<String> = profiles().iter().map(|p| p.id.clone()).collect();
    assert_eq!(files.into_iter().collect::<Vec<_>>(), ids, "in the order of their ids");
}

#[test]
fn ids_stay_what_they_are() {
    let ids: Vec<&str> = profiles().iter().map(|p| p.id.as_str()).collect();
    assert_eq!(
        ids.join(" "),
        "activepieces alchemer ampersand bundlet calxa celigo elastic-io extendtech ingestr \
         limble mulesoft nango patchworks posthog prismatic sim snaplogic suitecloud-cli workato"
    );
}

#[test]
fn every_profile_can_be_handed_over() {
    for profile in profiles() {
        let fields = profile.fields();
        assert_eq!(fields.len(), profile.form.len());
        assert!(!fields.is_empty(), "{}", profile.id);
        for field in &fields {
            assert!(field.from.ends_with('.') && field.action.ends_with('.'), "{field:?}");
        }
        let takes_key =
            profile.asks_for(FormValue::PrivateKey) || profile.asks_for(FormValue::PrivateKeyPath);
        assert_eq!(takes_key, profile.key_owner != Some(KeyOwner::Vendor), "{}", profile.id);
    }
    let guides: BTreeMap<FormValue, toml::Table> = data::read("shared/profile-fields.toml");
    assert_eq!(guides.len(), FormValue::VARIANTS.len(), "every value has its guide");
    let usual: Vec<FormValue> = usual_fields().iter().map(|field| field.value).collect();
    assert_eq!(usual.len(), 4);
    assert!(usual.contains(&FormValue::PrivateKey) && !usual.contains(&FormValue::ClientSecret));
}

#[test]
fn features_are_spelt_as_netsuite_spells_them() {
    // The Machine to Machine grant is none: it is a box of the integration record.
    let known = ["OAuth 2.0", "REST Web Services", "Server SuiteScript", "SuiteAnalytics Workbook"];
    for profile in profiles() {
        for feature in &profile.features {
            assert!(known.contains(&feature.as_str()), "{}: {feature}", profile.id);
        }
    }
}

#[test]
fn alchemer_has_the_five_fields_of_its_form_and_the_records_that_its_guide_names() {
    let profile = find(profiles(), "Alchemer").unwrap();
    let names: Vec<&str> = profile.form.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(
        names,
        ["Account ID", "Client ID", "Client Secret", "Certificate ID", "Private Key"]
    );
    assert!(profile.records.iter().all(|asked| asked.grade == ProfileGrade::Inferred));
    let requests: Vec<String> = profile.record_requests().iter().map(ToString::to_string).collect();
    assert_eq!(requests, ["customer:view", "employee:view"]);
    assert!(profile.fields().iter().filter(|field| field.secret).count() == 2);
    let after: Vec<&str> = profile.after.iter().map(|after| after.text.as_str()).collect();
    for said in ["New Authentication", "Create", "every NetSuite action", "sandbox refresh"] {
        assert!(after.join(" ").contains(said), "{said}: {after:?}");
    }
    let notes = profile.notes.join(" ");
    for said in ["NetSuite has no such feature", "SuiteAnalytics Workbook", "User Access Tokens"] {
        assert!(notes.contains(said), "{said}");
    }
}

#[test]
fn unknown_names_bring_a_near_one() {
    let all = profiles();
    for (asked, near) in [
        ("alchmer", Some("alchemer")),
        ("elastic.io2", Some("elastic-io")),
        ("suitecloud", Some("suitecloud-cli")),
        ("nothing-like-it", None),
        ("", None),
    ] {
        assert_eq!(find(all, asked).unwrap_err().near.as_deref(), near, "{asked}");
    }
    assert_eq!(find(all, " NANGO ").unwrap().id, "nango");
}

const OWN: &str = r#"
id = "own"
name = "Our own"
source = "our wiki"
date = "2026-11-23"
grade = "documented"
"#;

fn own(more: &str) -> Result<Profile, BadProfile> {
    Profile::parse(&format!("{OWN}{more}"), "own.toml", false)
}

#[test]
fn the_least_profile_knows_nothing_and_invents_nothing() {
    let profile = own("").unwrap();
    assert!(profile.keys.accepts.is_empty() && profile.keys.encrypted.is_none());
    assert!(profile.scopes.is_empty() && profile.records.is_empty());
    assert_eq!(profile.key_to_make(), KeyType::Rsa4096);
    assert_eq!(profile.fields(), []);
}

#[test]
fn what_does_not_exist_is_refused() {
    for (more, says) in [
        ("scopes = [\"mcp\"]", "unknown variant"),
        ("colour = 1", "unknown field"),
        ("[[records]]\nrecord = \"custommer\"", "`customer` is near"),
        ("[[records]]\nrecord = \"customer\"\nlevel = \"delete\"", "unknown variant"),
        ("[[permissions]]\nid = \"LIST_NOTHING\"", "give its subtab, label and level"),
        (
            "[[permissions]]\nid = \"LIST_NOTHING\"\nsubtab = \"Lists\"\nlabel = \"x\"",
            "give its level",
        ),
        ("[[permissions]]\nid = \"LIST_CUSTJOB\"\nsubtab = \"Lists\"\nlabel = \"x\"", "leave out"),
        ("[[permissions]]\nid = \"ADMI_LOGIN_OAUTH2\"\nlevel = \"view\"", "below full"),
        ("[[fields]]\nname = \"a\"\nvalue = \"password\"", "unknown variant"),
        (
            "[[fields]]\nname = \"a\"\nvalue = \"scope\"\n[[fields]]\nname = \"b\"\nvalue = \"scope\"",
            "stands twice",
        ),
        (
            "key-owner = \"vendor\"\n[[fields]]\nname = \"k\"\nvalue = \"private-key\"",
            "no field for it",
        ),
        ("[keys]\nalgorithms = [\"RS256\"]", "not an algorithm"),
        ("[keys]\naccepts = [\"ec-p256\"]\nalgorithms = [\"PS256\"]", "can sign with PS256"),
        ("[keys]\naccepts = [\"rsa-3072\"]\nencodings = [\"sec1\"]", "can be SEC 1"),
        ("[keys]\naccepts = [\"rsa-2048\"]", "unknown variant"),
        ("notes = [\"\\u001b[31m\"]", "on one line"),
        ("notes = [\"a\\u202eb\"]", "notes holds a control"),
        ("[keys]\naccepts = [\"\\u001b[31m\"]", "keys.accepts holds a control"),
        ("[\"\\u009b2J\"]\na = 1", "a key holds a control"),
        ("[[permissions]]\nid = \"a;id\"\nsubtab = \"Lists\"\nlabel = \"x\"", "letters, digits"),
        ("# -----BEGIN PRIVATE KEY-----", "key or certificate"),
    ] {
        let error = own(more).unwrap_err().to_string();
        assert!(error.contains(says), "{more}: {error}");
        assert!(error.contains("own.toml") && error.contains("README"), "{error}");
    }
    assert!(own("colour = 1").unwrap_err().to_string().contains("line 7"));
    for (from, to) in [("\"own\"", "\"Our Own\""), ("2026-11-23", "yesterday")] {
        assert!(Profile::parse(&OWN.replace(from, to), "own.toml", false).is_err(), "{to}");
    }
}

#[test]
fn a_built_in_profile_asks_for_permissions_of_the_catalogue_alone() {
    let line = "[[permissions]]\nid = \"LIST_NOTHING\"\nsubtab = \"Lists\"\nlabel = \"x\"\n";
    let profile = own(&format!("{line}level = \"view\"")).unwrap();
    let refused = profile.with_known_permissions().unwrap_err();
    assert!(refused.contains("LIST_NOTHING") && refused.contains("no entry"), "{refused}");
    for profile in profiles() {
        assert!(profile.clone().with_known_permissions().is_ok(), "{}", profile.id);
    }
}

#[test]
fn types_of_an_account_and_unlisted_ones_can_be_asked_for() {
    assert!(own("[[records]]\nrecord = \"customrecord_visit\"").is_ok());
    let text = format!("{OWN}[[records]]\nrecord = \"brandNewType\"\nlevel = \"edit\"");
    assert!(Profile::parse(&text, "own.toml", false).is_err());
    let profile = Profile::parse(&text, "own.toml", true).unwrap();
    assert_eq!(profile.record_requests()[0].to_string(), "brandNewType:edit");
}

#[test]
fn conflicts_say_what_to_do_instead() {
    let nango = find(profiles(), "nango").unwrap();
    let asks: Vec<Asks> = nango.conflicts.iter().map(|conflict| conflict.asks).collect();
    assert_eq!(asks, [Asks::Rsa2048, Asks::PublicKey]);
}

#[test]
fn the_values_have_the_names_of_the_data_files() {
    for value in FormValue::VARIANTS.iter().copied() {
        let name = serde_json::to_value(value).unwrap();
        assert_eq!(name, value.as_str());
    }
}
