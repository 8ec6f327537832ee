//! Contexts and assertions for testing the checks that ask NetSuite.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::PKey;
use serde_json::{Value, json};

use crate::checks::cards::Card;
use crate::checks::context::{Context, Inputs};
use crate::checks::session::Session;
use crate::checks::spec::{Run, Spec};
use crate::credentials::PrivateKey;
use crate::engine::{Status, Verdict};
use crate::netsuite::Bearer;
pub use crate::netsuite::double::NOW;
use crate::netsuite::http::Client;
use crate::types::{AccountId, CertificateId, ClientId, Clock, Scrubber};

pub const CLIENT_ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Values for placeholders that hold for a whole run.
const RUN_WIDE: &[&str] = &[
    "check",
    "account_id",
    "account_host",
    "private_key_file",
    "certificate_file",
    "new_key_file",
    "new_certificate_file",
    "new_bundle_file",
    "role_id",
    "entity_id",
];

/// A run for account 1234567_SB1 whose offline checks all passed.
pub fn context(client: Client) -> Context {
    context_with(client, Inputs::default())
}

pub fn context_with(client: Client, inputs: Inputs) -> Context {
    let clock = Clock::fixed(Timestamp::from_second(NOW).unwrap());
    let context = Context::new(inputs, clock, Scrubber::default()).with_client(client);
    let facts = &context.facts;
    facts.account_id.set(AccountId::from_parts("1234567", Some("SB1")).unwrap()).unwrap();
    facts.client_id.set(ClientId::new(CLIENT_ID).unwrap()).unwrap();
    facts.certificate_id.set(CertificateId::of_certificate(b"x")).unwrap();
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    facts.private_key.set(PrivateKey::new(key)).unwrap();
    context
}

/// The same with a token as NetSuite issues them.
pub fn signed_in(client: Client) -> Context {
    signed_in_with(client, Inputs::default(), &claims())
}

pub fn signed_in_with(client: Client, inputs: Inputs, claims: &Value) -> Context {
    let context = context_with(client, inputs);
    let token = Bearer::new(jwt(claims), &context.scrubber);
    context.facts.access_token.set(token).unwrap();
    context
}

pub fn claims() -> Value {
    json!({
        "sub": "1042;2207",
        "aud": ["1C61CD58-044D-497A-AA29-7A3E9A9BB924;1234567_SB1", CLIENT_ID],
        "scope": ["rest_webservices"],
        "exp": NOW + 3600,
    })
}

pub fn jwt(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.c2lnbmF0dXJl", part(&json!({"alg": "RS256"})), part(claims))
}

/// Runs a check and holds its verdict to its own declaration.
pub async fn verdict(spec: &Spec, context: &Context) -> Verdict {
    let verdict = match spec.run {
        Run::Offline(run) => run(context),
        Run::Online(run) => run(context).await,
        Run::WithToken(run) => match Session::of(context) {
            Ok(session) => run(session).await,
            Err(early) => *early,
        },
        Run::Inside(run) => match Session::inside(context) {
            Ok(session) => run(session).await,
            Err(early) => *early,
        },
        Run::PerRecord(_) => panic!("use `record`"),
    };
    held(spec, verdict)
}

/// Runs a check about `TYPE:LEVEL`.
pub async fn record(spec: &Spec, context: &Context, request: &str) -> Verdict {
    let Run::PerRecord(run) = spec.run else { panic!("use `verdict`") };
    let request = request.parse().unwrap();
    let verdict = match Session::of(context) {
        Ok(session) => run(session, &request).await,
        Err(early) => *early,
    };
    held(spec, verdict)
}

/// The gravest finding, or nothing.
pub fn finding(verdict: &Verdict) -> &'static str {
    verdict.notes_by_gravity().first().map_or("", |note| note.finding.as_str())
}

/// Status and gravest finding.
pub fn outcome(verdict: &Verdict) -> (Status, &'static str) {
    (verdict.status(), finding(verdict))
}

/// Every finding is declared, every placeholder of its guidance has a value, and what the verdict
/// says is a sentence.
fn held(spec: &Spec, verdict: Verdict) -> Verdict {
    let card = Card::of(spec);
    for note in verdict.notes_by_gravity() {
        assert!(
            spec.findings().any(|finding| finding == note.finding),
            "{} is not declared",
            note.finding.as_str()
        );
        let guidance = &card.findings[note.finding.as_str()];
        let texts = guidance.fix.iter().flat_map(|step| {
            [Some(&step.text), step.command.as_ref(), step.place.as_ref()].into_iter().flatten()
        });
        for name in texts.chain(&guidance.means).flat_map(|text| placeholders(text)) {
            let known = RUN_WIDE.contains(&name.as_str())
                || verdict.params().iter().any(|(known, _)| *known == name);
            assert!(known, "{}: {}: {{{name}}} has no value", spec.id, note.finding.as_str());
        }
    }
    let summary = verdict.summary();
    assert!(summary.ends_with(['.', ')']) && summary.len() < 400, "{summary:?}");
    assert!(!summary.contains("..") && !summary.contains("  "), "{summary:?}");
    verdict
}

fn placeholders(text: &str) -> Vec<String> {
    text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect()
}
