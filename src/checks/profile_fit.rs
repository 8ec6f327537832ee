//! `profile-fit`

mod key;
mod scopes;

use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::spec::{self, Run, Spec, findings};
use crate::engine::{Evidence, FindingId, NodeKey, ReasonCode, Severity, Verdict};
use crate::netsuite::profiles::{Asks, Profile, ProfileGrade};

findings! {
    KEY_KIND = "key-kind",
    WANTS_PKCS8 = "wants-pkcs8",
    WANTS_PKCS1 = "wants-pkcs1",
    WANTS_SEC1 = "wants-sec1",
    ENCRYPTED = "encrypted",
    NOT_ENCRYPTED = "not-encrypted",
    ALGORITHM = "algorithm",
    ALGORITHM_DIFFERS = "algorithm-differs",
    VENDOR_MAKES_KEY = "vendor-makes-key",
    SCOPE_MISSING = "scope-missing",
    SCOPE_BEYOND = "scope-beyond",
    RECORDS_GUESSED = "records-guessed",
    GUIDE_KEY_SIZE = "guide-asks-small-key",
    GUIDE_PUBLIC_KEY = "guide-asks-public-key",
}

/// The declaration of `profile-fit`.
pub const SPEC: Spec = Spec {
    id: ids::PROFILE_FIT,
    phase: spec::CREDENTIALS,
    needs: &[],
    after: &[ids::PRIVATE_KEY, ids::CERTIFICATE],
    findings: &[FINDINGS],
    run: Run::Offline(run),
};

/// What has been compared so far, and what came of it.
struct Comparison<'a> {
    profile: &'a Profile,
    /// What of the key was found to fit, or not to. Scopes that agree prove nothing of the key.
    compared: Vec<&'static str>,
    /// What does not fit: what the product is known to take decides how grave that is.
    notes: Vec<(Severity, FindingId, String)>,
    /// What was seen, beside what is known of the product.
    facts: Vec<Evidence>,
    /// Values for the guidance.
    params: Vec<(&'static str, String)>,
}

impl Comparison<'_> {
    /// Something that the product cannot use, as far as that is known.
    fn misfit(&mut self, grade: ProfileGrade, finding: FindingId, text: String) {
        let severity = if grade.is_firm() { Severity::Fail } else { Severity::Warn };
        self.notes.push((severity, finding, text));
    }

    fn look(&mut self, finding: FindingId, text: String) {
        self.notes.push((Severity::Warn, finding, text));
    }

    fn is_in_trouble(&self) -> bool {
        !self.notes.is_empty()
    }
}

fn run(context: &Context) -> Verdict {
    let Some(profile) = &context.inputs.profile else {
        return Verdict::skipped(
            ReasonCode::NotProvided,
            "No integration was named; --profile takes its name.",
        );
    };
    let key = key::seen(context);
    let mut seen = Comparison {
        profile,
        compared: Vec::new(),
        notes: Vec::new(),
        facts: Vec::new(),
        params: Vec::new(),
    };
    key::compare(&mut seen, &key, context);
    scopes::compare(&mut seen, context);
    records(&mut seen, context);
    conflicts(&mut seen, &key);
    let unread = context.inputs.private_key.is_some() && key.kind.is_none();
    let verdict = if unread && profile_names_keys(profile) && !seen.is_in_trouble() {
        Verdict::blocked(vec![NodeKey::of(ids::PRIVATE_KEY)])
    } else {
        conclude(&mut seen, &key)
    };
    let verdict = verdict
        .evidence(Evidence::new("profile", &profile.id).source(format!(
            "{}, looked up {}, {}",
            profile.source,
            profile.date,
            profile.grade.as_str()
        )))
        .param("profile", &profile.name)
        .param("profile_id", &profile.id)
        .param("source", &profile.source)
        .param("key_type", profile.key_to_make().as_str());
    let verdict = profile.conflicts.iter().fold(verdict, |verdict, conflict| {
        let evidence = Evidence::new("guide_asks", &conflict.says);
        verdict.evidence(evidence.expected(&conflict.instead).source(&profile.source))
    });
    let verdict = seen.facts.into_iter().fold(verdict, Verdict::evidence);
    seen.params.into_iter().fold(verdict, |verdict, (name, value)| verdict.param(name, value))
}

fn profile_names_keys(profile: &Profile) -> bool {
    let keys = &profile.keys;
    !keys.accepts.is_empty()
        || !keys.encodings.is_empty()
        || !keys.algorithms.is_empty()
        || keys.encrypted.is_some()
}

fn conclude(seen: &mut Comparison<'_>, key: &key::Seen) -> Verdict {
    let name = &seen.profile.name;
    if seen.compared.is_empty() && !seen.is_in_trouble() {
        if profile_names_keys(seen.profile) && key.kind.is_none() {
            let text = format!(
                "No private key or certificate was given to hold against what {name} takes."
            );
            return Verdict::skipped(ReasonCode::NotProvided, text);
        }
        let text = format!("Nothing is known of {name} that could be held against what was given.");
        return Verdict::skipped(ReasonCode::NotApplicable, text);
    }
    let basis = match seen.profile.keys.grade {
        ProfileGrade::Documented => "what its guide asks for",
        ProfileGrade::Observed => "what its code takes",
        ProfileGrade::Inferred => "what the commands of its guide make",
        ProfileGrade::Guess => "what is guessed of it",
    };
    let verdict = Verdict::pass(format!("{name}: {} fit {basis}.", listed(&seen.compared)));
    std::mem::take(&mut seen.notes)
        .into_iter()
        .fold(verdict, |verdict, (severity, finding, text)| verdict.note(severity, finding, text))
}

/// Guessed records make guessed verdicts further down, so that it has to be said.
fn records(seen: &mut Comparison<'_>, context: &Context) {
    if !context.inputs.records_from_profile {
        return;
    }
    let guessed = seen.profile.records.iter().filter(|asked| !asked.grade.is_firm());
    let names: Vec<String> = guessed.map(|asked| asked.request.to_string()).collect();
    if !names.is_empty() {
        let name = &seen.profile.name;
        let graded = |grade| seen.profile.records.iter().any(|asked| asked.grade == grade);
        let known =
            if graded(ProfileGrade::Guess) { "a guess" } else { "concluded from its guide" };
        let text = format!(
            "Which records {name} uses is not documented; {} are {known}.",
            names.join(" and ")
        );
        seen.look(RECORDS_GUESSED, text);
    }
}

/// What the guide asks for and NetSuite refuses is a warning until what was given shows that it was
/// avoided.
fn conflicts(seen: &mut Comparison<'_>, key: &key::Seen) {
    for conflict in &seen.profile.conflicts {
        let (finding, avoided) = match conflict.asks {
            Asks::Rsa2048 => (GUIDE_KEY_SIZE, key.is_taken_by_netsuite()),
            Asks::PublicKey => (GUIDE_PUBLIC_KEY, key.certificate_given),
        };
        if !avoided {
            seen.look(finding, conflict.says.clone());
        }
    }
}

/// `a`, `a and b`, `a, b and c`.
fn listed<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::context::Inputs;
    use crate::checks::testing::{context, decide, findings, fixture, key_of, material};
    use crate::checks::{certificate, private_key};
    use crate::engine::Status;
    use crate::netsuite::profiles::{find, profiles};
    use crate::types::{Algorithm, Scope, SecretKind};

    fn named(name: &str) -> Profile {
        find(profiles(), name).unwrap().clone()
    }

    fn own(more: &str) -> Profile {
        let head = "id = \"own\"\nname = \"Own\"\nsource = \"wiki\"\ndate = \"2026-11-23\"\n";
        Profile::parse(&format!("{head}grade = \"documented\"\n{more}"), "own.toml", false).unwrap()
    }

    /// What is said of a fixture key under a profile, with the checks before it run.
    fn judge(profile: Profile, key: &str, fill: impl FnOnce(&mut Inputs)) -> Verdict {
        let context = context(|inputs| {
            inputs.scopes.clone_from(&profile.scopes);
            inputs.profile = Some(profile);
            inputs.private_key = Some(key_of(fixture(key)));
            fill(inputs);
        });
        decide(&private_key::SPEC, &context);
        decide(&certificate::SPEC, &context);
        decide(&SPEC, &context)
    }

    fn outcome(profile: Profile, key: &str) -> (Status, Vec<&'static str>) {
        let verdict = judge(profile, key, |_| ());
        (verdict.status(), findings(&verdict))
    }

    fn reason(verdict: &Verdict) -> Option<ReasonCode> {
        verdict.reason().map(|reason| reason.code)
    }

    #[test]
    fn each_key_gets_its_verdict_under_each_profile() {
        use Status::{Fail, Pass, Warn};
        for (profile, key, status, expected) in [
            ("sim", "ec-p521.pem", Pass, vec![]),
            ("ampersand", "ec-p256.pem", Pass, vec![]),
            ("ampersand", "ec-p521.pem", Fail, vec!["key-kind"]),
            ("ampersand", "rsa-4096.pem", Fail, vec!["key-kind"]),
            ("suitecloud-cli", "ec-p256.pem", Fail, vec!["key-kind"]),
            ("suitecloud-cli", "rsa-3072.pem", Pass, vec![]),
            // What the commands of a guide make is not all that the product may take.
            ("elastic-io", "ec-p256.pem", Warn, vec!["key-kind"]),
            ("workato", "ec-p256.pem", Warn, vec!["wants-sec1"]),
            ("alchemer", "ec-p384.pem", Warn, vec!["key-kind"]),
            ("alchemer", "ec-p256.pem", Pass, vec![]),
            ("posthog", "ec-p256-encrypted.pem", Fail, vec!["encrypted"]),
            ("alchemer", "ec-p256-encrypted.pem", Warn, vec!["encrypted"]),
            // Without a certificate nobody knows whether a bare public key was uploaded.
            ("nango", "rsa-4096.pem", Fail, vec!["wants-pkcs1", "guide-asks-public-key"]),
            (
                "nango",
                "rsa-2048.pem",
                Fail,
                vec!["wants-pkcs1", "guide-asks-small-key", "guide-asks-public-key"],
            ),
            ("calxa", "rsa-4096.pem", Fail, vec!["vendor-makes-key"]),
        ] {
            let passphrase = |inputs: &mut Inputs| {
                if key.contains("encrypted") {
                    inputs.passphrase = Some(material("fixture", SecretKind::Passphrase));
                }
            };
            let verdict = judge(named(profile), key, passphrase);
            assert_eq!(
                (verdict.status(), findings(&verdict)),
                (status, expected),
                "{profile} {key}"
            );
        }
    }

    #[test]
    fn what_was_seen_stands_beside_what_is_known() {
        let verdict = judge(named("nango"), "rsa-4096.pem", |_| ());
        let fact = |key| verdict.facts().iter().find(|fact| fact.key == key).unwrap();
        assert_eq!(fact("key").expected.as_deref(), Some("RSA 3072 and RSA 4096"));
        assert_eq!(fact("key_form").value, "PKCS#8 (PRIVATE KEY)");
        assert_eq!(fact("key_form").expected.as_deref(), Some("PKCS#1 (RSA PRIVATE KEY)"));
        assert_eq!(fact("key_form").source.as_deref(), Some("profile, documented"));
    }

    #[test]
    fn a_pass_says_how_well_it_is_known() {
        let summary = |profile, key| judge(named(profile), key, |_| ()).summary();
        assert_eq!(
            summary("ampersand", "ec-p256.pem"),
            "Ampersand: kind of key and algorithm fit what its guide asks for."
        );
        assert_eq!(
            summary("alchemer", "ec-p256.pem"),
            "Alchemer: kind of key, lack of encryption and form of the key fit what is guessed of it."
        );
    }

    #[test]
    fn what_the_guide_asks_for_is_a_warning_until_it_was_avoided() {
        let profile = Profile { keys: own("").keys, ..named("nango") };
        assert_eq!(
            outcome(profile.clone(), "rsa-2048.pem"),
            (Status::Warn, vec!["guide-asks-small-key", "guide-asks-public-key"])
        );
        let verdict = judge(profile, "ec-p256.pem", |inputs| {
            let pem = fixture("ec-p256.certificate.pem");
            inputs.certificate = Some(material(pem, SecretKind::PrivateKey));
        });
        assert_eq!(verdict.status(), Status::Skipped, "{}", verdict.summary());
        let instead: Vec<_> =
            verdict.facts().iter().filter(|fact| fact.key == "guide_asks").collect();
        assert_eq!(instead.len(), 2);
        assert!(instead[0].expected.as_ref().unwrap().contains("3072"));
    }

    #[test]
    fn forms_are_told_apart() {
        let wants = |encodings: &str| own(&format!("[keys]\nencodings = [{encodings}]"));
        for (encodings, key, expected) in [
            ("\"pkcs8\"", "ec-p256-legacy-encrypted.pem", vec!["wants-pkcs8"]),
            ("\"sec1\"", "ec-p256-legacy-encrypted.pem", vec![]),
            ("\"sec1\"", "ec-p256.pem", vec!["wants-sec1"]),
            ("\"pkcs1\", \"sec1\"", "ec-p256.pem", vec!["wants-sec1"]),
            ("\"pkcs1\", \"sec1\"", "rsa-3072.pem", vec!["wants-pkcs1"]),
            ("\"pkcs1\", \"pkcs8\"", "rsa-3072.pem", vec![]),
            ("\"pkcs8\"", "ec-p256.p12", vec!["wants-pkcs8"]),
        ] {
            let verdict = judge(wants(encodings), key, |inputs| {
                inputs.passphrase = Some(material("fixture", SecretKind::Passphrase));
            });
            assert_eq!(findings(&verdict), expected, "{encodings} {key}");
        }
        let asks_encrypted = own("[keys]\nencrypted = true");
        assert_eq!(outcome(asks_encrypted, "ec-p256.pem"), (Status::Warn, vec!["not-encrypted"]));
    }

    #[test]
    fn the_algorithm_is_the_products() {
        let profile = own("[keys]\nalgorithms = [\"PS512\"]");
        let verdict = judge(profile.clone(), "rsa-3072.pem", |_| ());
        assert_eq!(
            (verdict.status(), findings(&verdict)),
            (Status::Warn, vec!["algorithm-differs"])
        );
        assert!(verdict.params().contains(&("algorithm", "PS512".to_owned())));
        let verdict = judge(profile.clone(), "rsa-3072.pem", |inputs| {
            inputs.algorithm = Some(Algorithm::Ps512);
        });
        assert_eq!(verdict.status(), Status::Pass);
        assert_eq!(outcome(profile, "ec-p256.pem"), (Status::Fail, vec!["algorithm"]));
    }

    #[test]
    fn scopes_of_the_run_are_held_against_the_profile() {
        let with = |scopes: &[Scope]| {
            let verdict = judge(named("ampersand"), "ec-p256.pem", |inputs| {
                inputs.scopes = scopes.to_vec();
            });
            (verdict.status(), findings(&verdict))
        };
        assert_eq!(with(&[]), (Status::Warn, vec!["scope-missing"]));
        assert_eq!(with(&[Scope::RestWebservices, Scope::Restlets]), (Status::Pass, vec![]));
        assert_eq!(
            with(&[Scope::SuiteAnalytics, Scope::Restlets]),
            (Status::Warn, vec!["scope-missing", "scope-beyond"])
        );
    }

    #[test]
    fn guessed_records_are_said_to_be_a_guess() {
        let with = |from_profile| {
            let verdict = judge(named("alchemer"), "ec-p256.pem", |inputs| {
                inputs.records_from_profile = from_profile;
            });
            (verdict.status(), findings(&verdict))
        };
        assert_eq!(with(true), (Status::Warn, vec!["records-guessed"]));
        assert_eq!(with(false), (Status::Pass, vec![]));
    }

    #[test]
    fn nothing_is_passed_that_was_not_compared() {
        let without = decide(&SPEC, &context(|_| ()));
        assert_eq!(reason(&without), Some(ReasonCode::NotProvided));
        let nothing_known = judge(named("mulesoft"), "ec-p256.pem", |_| ());
        assert_eq!(reason(&nothing_known), Some(ReasonCode::NotApplicable));
        let no_key =
            decide(&SPEC, &context(|inputs| inputs.profile = Some(named("suitecloud-cli"))));
        assert_eq!(reason(&no_key), Some(ReasonCode::NotProvided));
        // Scopes that agree say nothing of a key.
        for (profile, why) in [
            ("alchemer", ReasonCode::NotProvided),
            ("elastic-io", ReasonCode::NotProvided),
            ("bundlet", ReasonCode::NotApplicable),
        ] {
            let verdict = decide(
                &SPEC,
                &context(|inputs| {
                    inputs.scopes.clone_from(&named(profile).scopes);
                    inputs.profile = Some(named(profile));
                }),
            );
            assert_eq!(reason(&verdict), Some(why), "{profile}");
        }
        let unreadable = judge(named("suitecloud-cli"), "ec-p256.request.pem", |_| ());
        assert_eq!(reason(&unreadable), Some(ReasonCode::Blocked));
        assert_eq!(unreadable.reason().unwrap().blocked_by, [NodeKey::of(ids::PRIVATE_KEY)]);
    }

    #[test]
    fn it_judges_the_key_without_the_checks_before_it() {
        let context = context(|inputs| {
            inputs.profile = Some(named("suitecloud-cli"));
            inputs.private_key = Some(key_of(fixture("ec-p256.pem")));
        });
        assert_eq!(findings(&decide(&SPEC, &context)), ["key-kind"]);
        let certificate_alone = crate::checks::testing::context(|inputs| {
            inputs.profile = Some(named("suitecloud-cli"));
            let pem = fixture("ec-p256.certificate.pem");
            inputs.certificate = Some(material(pem, SecretKind::PrivateKey));
        });
        assert_eq!(findings(&decide(&SPEC, &certificate_alone)), ["key-kind"]);
    }

    #[test]
    fn the_pages_of_the_hand_over_exist() {
        let pages = crate::checks::cards::pages();
        for profile in profiles() {
            for field in profile.fields() {
                assert!(field.page.is_none_or(|page| pages.contains_key(&page)), "{}", profile.id);
            }
        }
    }
}
