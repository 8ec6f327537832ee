//! `certificate-mapping`

use futures_util::FutureExt as _;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::checks::ids;
use crate::checks::no_answer;
use crate::checks::session::{Decision, Session, fact, settle, with_words};
use crate::checks::spec::{self, Run, Spec, findings};
use crate::credentials::Certificate;
use crate::engine::{Evidence, ReasonCode, Severity, Verdict};
use crate::probes::certificates::{Mapping, listing};
use crate::probes::record::Stop;

findings! {
    NOT_REGISTERED = "not-registered",
    NO_MAPPINGS = "no-mappings",
    REVOKED = "revoked",
    ENDED = "ended",
    NOT_YET = "not-yet-valid",
    OTHER_ROLE = "other-role",
    OTHER_ENTITY = "other-entity",
    UNREADABLE = "unreadable-entry",
}

/// The declaration of `certificate-mapping`.
pub const SPEC: Spec = Spec {
    id: ids::CERTIFICATE_MAPPING,
    phase: spec::ACCOUNT,
    needs: &[ids::CLIENT_ID, ids::CERTIFICATE_ID, ids::SIGN_IN],
    after: &[ids::TOKEN_EXCHANGE],
    findings: &[FINDINGS, no_answer::FINDINGS],
    run: Run::Inside(|session| run(session).boxed_local()),
};

async fn run(session: Session<'_>) -> Verdict {
    settle(decide(session).await)
}

async fn decide(session: Session<'_>) -> Decision {
    let Session { context, client, hosts, token } = session;
    let client_id = fact(&context.facts.client_id, ids::CLIENT_ID)?;
    let certificate_id = fact(&context.facts.certificate_id, ids::CERTIFICATE_ID)?.as_str();
    let listing = listing(client, hosts, token, client_id).await;
    let verdict = match listing.result {
        Ok(mappings) => {
            let today = TimeZone::UTC.to_datetime(context.clock.now()).date();
            let own = mappings.iter().find(|row| row.certificate_id == certificate_id);
            if let Some(own) = own {
                let _ = context.facts.mapping.set(own.clone());
            }
            let verdict = match own {
                Some(own) => {
                    let verdict = shown(compared(mapped(own, today), own, session), own);
                    well_within(verdict, own, today)
                }
                None => missing(&mappings),
            };
            let count = Evidence::new("mappings_listed", mappings.len().to_string());
            let listed = if own.is_some() { "yes" } else { "no" };
            let listed = Evidence::new("mapping_listed", listed).expected("yes");
            let verdict = verdict.evidence(count.source(LIST)).evidence(listed.source(LIST));
            match context.facts.certificate.get().map(Certificate::certificate_id) {
                Some(id) => {
                    let there = mappings.iter().any(|row| row.certificate_id == id.as_str());
                    let word = if there { "yes" } else { "no" };
                    verdict.evidence(Evidence::new("certificate_file_listed", word).source(LIST))
                }
                None => verdict,
            }
        }
        Err(stop) => not_read(&stop),
    };
    Ok(verdict
        .param("certificate_id", certificate_id)
        .param("client_id", client_id.shortened())
        .http(listing.exchanges))
}

const LIST: &str = "NetSuite's list, by the administrator's sign-in";

fn missing(mappings: &[Mapping]) -> Verdict {
    if mappings.is_empty() {
        let text = "No certificate is registered for the integration record of this Client ID.";
        return Verdict::fail(NO_MAPPINGS, text);
    }
    let text = format!(
        "The Certificate ID is none of the {} that are registered for the integration record of \
         this Client ID.",
        mappings.len()
    );
    Verdict::fail(NOT_REGISTERED, text)
}

/// The days of the list have no time and no zone, so a day more or less decides nothing.
fn mapped(own: &Mapping, today: Date) -> Verdict {
    let (Some(revoked), Some(from), Some(until)) = (own.revoked, own.valid_from, own.valid_until)
    else {
        let text = "The certificate is registered; whether it is valid cannot be read.";
        return Verdict::inconclusive(ReasonCode::Ambiguous, UNREADABLE, text);
    };
    if revoked {
        return Verdict::fail(REVOKED, "The mapping of this certificate is revoked.");
    }
    if until < today.saturating_sub(1.day()) {
        let text = format!("The mapping of this certificate ended on {until}.");
        return Verdict::fail(ENDED, text);
    }
    if from > today.saturating_add(1.day()) {
        let text = format!("The mapping of this certificate begins on {from} only.");
        return Verdict::fail(NOT_YET, text);
    }
    let id = |id: Option<i64>| id.map_or_else(|| "not stated".to_owned(), |id| id.to_string());
    Verdict::pass(format!(
        "The certificate is registered for this Client ID: valid until {until}, role {}, entity \
         {}.",
        id(own.role_id),
        id(own.entity_id)
    ))
}

/// Whether today is within the days of the mapping by more than the day that decides nothing.
fn well_within(verdict: Verdict, own: &Mapping, today: Date) -> Verdict {
    let within = own.valid_from.zip(own.valid_until).map(|(from, until)| {
        from < today.saturating_sub(1.day()) && until > today.saturating_add(1.day())
    });
    match within {
        Some(within) => {
            let word = if within { "yes" } else { "no" };
            verdict.evidence(Evidence::new("mapping_well_within_days", word).source(LIST))
        }
        None => verdict,
    }
}

/// Whether the integration's own token is of another role or entity than the mapping.
fn compared(verdict: Verdict, own: &Mapping, session: Session<'_>) -> Verdict {
    let Some(token) = session.context.facts.access_token.get() else { return verdict };
    let claims = crate::checks::session::claims_here(session.context, token);
    let differs = |listed: Option<i64>, said: &Option<String>| match (listed, said) {
        (Some(listed), Some(said)) => said.parse() != Ok(listed),
        _ => false,
    };
    let mut verdict = verdict;
    if differs(own.role_id, &claims.role) {
        let text = "The token of this run is of another role than the mapping.";
        verdict = verdict.note(Severity::Warn, OTHER_ROLE, text);
    }
    if differs(own.entity_id, &claims.entity) {
        let text = "The token of this run is of another entity than the mapping.";
        verdict = verdict.note(Severity::Warn, OTHER_ENTITY, text);
    }
    verdict
}

/// Role and entity by their IDs alone: names are of people.
fn shown(mut verdict: Verdict, own: &Mapping) -> Verdict {
    let day = |date: Option<Date>| date.map(|date| date.to_string());
    for (key, value) in [
        ("mapped_role_id", own.role_id.map(|id| id.to_string())),
        ("mapped_entity_id", own.entity_id.map(|id| id.to_string())),
        ("mapping_from", day(own.valid_from)),
        ("mapping_until", day(own.valid_until)),
        ("mapping_revoked", own.revoked.map(|yes| if yes { "yes" } else { "no" }.to_owned())),
    ] {
        if let Some(value) = value {
            verdict = verdict.evidence(Evidence::new(key, value).source(LIST));
        }
    }
    if let Some(role) = own.role_id {
        verdict = verdict.param("role_id", role.to_string());
    }
    if let Some(entity) = own.entity_id {
        verdict = verdict.param("entity_id", entity.to_string());
    }
    verdict
}

fn not_read(stop: &Stop) -> Verdict {
    const ASKED: &str = "the list of certificates";
    match stop {
        // How a role without the permission is refused is not published.
        Stop::Refused(_) | Stop::LoginRefused => {
            let text = "The role that was chosen for the sign-in may not read the list of \
                        certificates of this integration record.";
            with_words(Verdict::skipped(ReasonCode::NotPermitted, text), stop)
        }
        Stop::NoAnswer(no_answer) => no_answer::undecided(no_answer, ASKED),
        Stop::Script(error) => no_answer::unexpected(ASKED, error.status),
        Stop::Empty | Stop::NoList => no_answer::unexpected(ASKED, 200),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::checks::testing::inside::inside;
    use crate::checks::testing::online::{CLIENT_ID, claims, jwt, outcome, verdict};
    use crate::engine::Status;
    use crate::netsuite::Bearer;
    use crate::netsuite::double::{Behaviour, Double};

    fn own(changes: &[(&str, Value)]) -> Value {
        let mut row = json!({
            "certificate_id": crate::types::CertificateId::of_certificate(b"x").as_str(),
            "role": { "id": 1042, "name": "Survey role" },
            "entity": { "id": 2207, "name": "Integration, Survey" },
            "valid_from": "2026-01-01", "valid_until": "2027-11-23", "revoked": false,
        });
        for (name, value) in changes {
            row[*name] = value.clone();
        }
        row
    }

    async fn listed(rows: Value) -> Verdict {
        let double = Double::serving(move |_| Behaviour::json(200, rows.to_string()));
        let context = inside(double.client());
        let verdict = verdict(&SPEC, &context).await;
        let [seen] = double.seen().try_into().unwrap();
        let path = format!("/services/rest/auth/oauth2/v1/clients/{CLIENT_ID}/certificates");
        assert_eq!((seen.method.as_str(), seen.path), ("GET", path));
        assert_eq!(
            verdict.status() == Status::Pass,
            context.facts.mapping.get().is_some() && verdict.status() == Status::Pass
        );
        verdict
    }

    #[tokio::test]
    async fn what_the_list_says_of_the_certificate() {
        let other = || json!({"certificate_id": "other", "revoked": false});
        for (rows, expected) in [
            (json!([other(), own(&[])]), (Status::Pass, "")),
            (json!([other()]), (Status::Fail, "not-registered")),
            (json!([]), (Status::Fail, "no-mappings")),
            (json!([own(&[("revoked", json!(true))])]), (Status::Fail, "revoked")),
            (json!([own(&[("valid_until", json!("2026-11-21"))])]), (Status::Fail, "ended")),
            (json!([own(&[("valid_until", json!("2026-11-22"))])]), (Status::Pass, "")),
            (json!([own(&[("valid_from", json!("2026-11-25"))])]), (Status::Fail, "not-yet-valid")),
            (json!([own(&[("revoked", json!(null))])]), (Status::Inconclusive, "unreadable-entry")),
        ] {
            let text = rows.to_string();
            let verdict = listed(rows).await;
            assert_eq!(outcome(&verdict), expected, "{text}");
            let shown = format!("{verdict:?}");
            assert!(!shown.contains("Integration, Survey"), "names are of people: {shown}");
        }
    }

    #[tokio::test]
    async fn the_token_of_the_run_must_be_of_the_same_role_and_entity() {
        let rows = json!([own(&[("role", json!({"id": 1})), ("entity", json!({"id": 2}))])]);
        let double = Double::serving(move |_| Behaviour::json(200, rows.to_string()));
        let context = inside(double.client());
        let token = Bearer::new(jwt(&claims()), &context.scrubber);
        context.facts.access_token.set(token).unwrap();
        let verdict = verdict(&SPEC, &context).await;
        let found: Vec<&str> =
            verdict.notes_by_gravity().iter().map(|note| note.finding.as_str()).collect();
        assert_eq!((verdict.status(), found), (Status::Warn, vec!["other-role", "other-entity"]));
    }

    #[tokio::test]
    async fn a_list_that_may_not_be_read_is_no_fault() {
        for (status, expected) in [
            (403, Status::Skipped),
            (401, Status::Skipped),
            (404, Status::Skipped),
            (500, Status::Inconclusive),
        ] {
            let double = Double::serving(move |_| Behaviour::json(status, ""));
            assert_eq!(verdict(&SPEC, &inside(double.client())).await.status(), expected);
        }
    }
}
