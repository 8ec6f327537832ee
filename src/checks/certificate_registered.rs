//! `certificate-registered`

use futures_util::FutureExt as _;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::checks::ids;
use crate::checks::no_answer;
use crate::checks::session::Session;
use crate::checks::spec::{self, Run, Spec, findings};
use crate::engine::{Evidence, NodeKey, ReasonCode, Severity, Verdict};
use crate::probes::certificates::{Mapping, listing};
use crate::probes::record::Stop;

findings! {
    REVOKED = "revoked",
    ENDED = "ended",
    NOT_YET = "not-yet-valid",
    ENDS_SOON = "ends-soon",
    NOT_LISTED = "not-listed",
    NO_ROOM = "no-room",
    UNREADABLE = "unreadable-entry",
}

/// The most active certificates of one integration record. Source: `auth-protocol.md` 4.1.
const MOST_ACTIVE: usize = 5;
/// An end within so many days is soon: NetSuite's second mail. Source: OH/section_162686838198.
const SOON_DAYS: i32 = 30;

/// The declaration of `certificate-registered`.
pub const SPEC: Spec = Spec {
    id: ids::CERTIFICATE_REGISTERED,
    phase: spec::CERTIFICATES,
    needs: &[ids::TOKEN_EXCHANGE],
    after: &[],
    findings: &[FINDINGS, no_answer::FINDINGS],
    run: Run::WithToken(|session| run(session).boxed_local()),
};

async fn run(session: Session<'_>) -> Verdict {
    let Session { context, client, hosts, token } = session;
    let facts = &context.facts;
    let ids = facts.client_id.get().zip(facts.certificate_id.get());
    let Some((client_id, certificate_id)) = ids else {
        return Verdict::blocked(vec![NodeKey::of(ids::TOKEN_EXCHANGE)]);
    };
    let listing = listing(client, hosts, token, client_id).await;
    let verdict = match listing.result {
        Ok(mappings) => {
            let today = TimeZone::UTC.to_datetime(context.clock.now()).date();
            judge(&mappings, certificate_id.as_str(), today)
        }
        Err(stop) => not_read(&stop),
    };
    verdict.param("certificate_id", certificate_id.as_str()).http(listing.exchanges)
}

fn judge(mappings: &[Mapping], certificate_id: &str, today: Date) -> Verdict {
    let active = mappings.iter().filter(|mapping| mapping.is_active(today)).count();
    let count = Evidence::new("active_certificates", active.to_string())
        .expected(format!("at most {MOST_ACTIVE}"));
    let own = mappings.iter().find(|mapping| mapping.certificate_id == certificate_id);
    let verdict = match own {
        None => {
            let text = format!(
                "A token was issued with this Certificate ID, yet it is not among the {} listed.",
                mappings.len()
            );
            Verdict::warn(NOT_LISTED, text)
        }
        Some(own) => shown(mapped(own, today), own),
    };
    let full = active >= MOST_ACTIVE;
    let verdict = if full {
        let text = format!("The integration record has {active} active certificates.");
        verdict.note(Severity::Warn, NO_ROOM, text)
    } else {
        verdict
    };
    verdict.evidence(count)
}

/// The days of the list have no time and no time zone, so a day more or less decides nothing.
fn mapped(own: &Mapping, today: Date) -> Verdict {
    let (Some(revoked), Some(from), Some(until)) = (own.revoked, own.valid_from, own.valid_until)
    else {
        let text = "The certificate is listed; whether it is valid cannot be read.";
        return Verdict::inconclusive(ReasonCode::Ambiguous, UNREADABLE, text);
    };
    let yesterday = today.saturating_sub(1.day());
    let tomorrow = today.saturating_add(1.day());
    if revoked {
        return Verdict::fail(REVOKED, "NetSuite lists this certificate as revoked.");
    }
    if until < yesterday {
        let text =
            format!("NetSuite lists this certificate as valid until {until}, which is past.");
        return Verdict::fail(ENDED, text);
    }
    if from > tomorrow {
        let text = format!("NetSuite lists this certificate as valid from {from} only.");
        return Verdict::fail(NOT_YET, text);
    }
    if until < today.saturating_add(SOON_DAYS.days()) {
        let text = format!("NetSuite lists this certificate as valid until {until}.");
        return Verdict::warn(ENDS_SOON, text).param("end", until.to_string());
    }
    let role = own.role.as_deref().unwrap_or("not stated");
    let entity = own.entity.as_deref().unwrap_or("not stated");
    Verdict::pass(format!(
        "NetSuite lists this certificate: valid until {until}, role {role}, entity {entity}."
    ))
}

fn shown(mut verdict: Verdict, own: &Mapping) -> Verdict {
    let day = |date: Option<Date>| date.map(|date| date.to_string());
    for (key, value) in [
        ("mapped_role", own.role.clone()),
        ("mapped_entity", own.entity.clone()),
        ("valid_from", day(own.valid_from)),
        ("valid_until", day(own.valid_until)),
        ("revoked", own.revoked.map(|revoked| if revoked { "yes" } else { "no" }.to_owned())),
    ] {
        if let Some(value) = value {
            verdict = verdict.evidence(Evidence::new(key, value).source("NetSuite's list"));
        }
    }
    verdict
}

/// The refusals are not published, so any of the usual ones counts as not permitted.
fn not_read(stop: &Stop) -> Verdict {
    const ASKED: &str = "the list of certificates";
    match stop {
        Stop::Refused(refused) => not_permitted(refused.status),
        Stop::LoginRefused => not_permitted(401),
        Stop::NoAnswer(no_answer) => no_answer::undecided(no_answer, ASKED),
        Stop::Script(error) => no_answer::unexpected(ASKED, error.status),
        Stop::Empty | Stop::NoList => no_answer::unexpected(ASKED, 200),
    }
}

fn not_permitted(status: u16) -> Verdict {
    let text = format!(
        "The role may not read the list of certificates ({status}), and the integration need not."
    );
    Verdict::skipped(ReasonCode::NotPermitted, text)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::checks::testing::online::{CLIENT_ID, outcome, signed_in, verdict};
    use crate::engine::Status;
    use crate::netsuite::double::{Behaviour, Double};

    fn own() -> Value {
        json!({
            "certificate_id": crate::types::CertificateId::of_certificate(b"x").as_str(),
            "role": { "id": 1042, "name": "Survey role" },
            "entity": { "id": 2207, "name": "Integration, Survey" },
            "valid_from": "2026-01-01",
            "valid_until": "2027-11-23",
            "revoked": false,
            "algorithm": "RSA",
        })
    }

    fn other(name: &str) -> Value {
        json!({ "certificate_id": name, "valid_until": "2027-11-23", "revoked": false })
    }

    fn changed(changes: &[(&str, Value)]) -> Value {
        let mut row = own();
        for (name, value) in changes {
            row[*name] = value.clone();
        }
        row
    }

    async fn answered(reply: Behaviour) -> Verdict {
        let double = Double::serving(move |_| reply.clone());
        verdict(&SPEC, &signed_in(double.client())).await
    }

    async fn listed(rows: Vec<Value>) -> Verdict {
        answered(Behaviour::json(200, Value::Array(rows).to_string())).await
    }

    fn fact_of<'a>(verdict: &'a Verdict, key: &str) -> Option<&'a str> {
        verdict.facts().iter().find(|fact| fact.key == key).map(|fact| fact.value.as_str())
    }

    #[tokio::test]
    async fn a_listed_certificate_passes_and_shows_its_mapping() {
        let body = Value::Array(vec![other("a"), own()]).to_string();
        let double = Double::serving(move |_| Behaviour::json(200, body.clone()));
        let verdict = verdict(&SPEC, &signed_in(double.client())).await;
        assert_eq!(verdict.status(), Status::Pass);
        assert_eq!(fact_of(&verdict, "mapped_role"), Some("Survey role (1042)"));
        assert_eq!(fact_of(&verdict, "mapped_entity"), Some("Integration, Survey (2207)"));
        assert_eq!(fact_of(&verdict, "active_certificates"), Some("2"));
        let seen = double.seen();
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0].method, "GET");
        let path = format!("/services/rest/auth/oauth2/v1/clients/{CLIENT_ID}/certificates");
        assert_eq!(seen[0].path, path);
        let url = &verdict.exchanges()[0].url;
        assert!(url.starts_with("https://1234567-sb1.restlets.api.netsuite.com/"), "{url}");
        assert!(!url.contains(CLIENT_ID), "{url}");
    }

    #[tokio::test]
    async fn what_the_list_says_of_the_certificate() {
        // Today is 2026-11-23; a day more or less is not held against anybody.
        for (changes, expected) in [
            (vec![("revoked", json!(true))], (Status::Fail, "revoked")),
            (vec![("valid_until", json!("2026-11-21"))], (Status::Fail, "ended")),
            (vec![("valid_until", json!("2026-11-22"))], (Status::Warn, "ends-soon")),
            (vec![("valid_until", json!("2026-12-22"))], (Status::Warn, "ends-soon")),
            (vec![("valid_until", json!("2026-12-23"))], (Status::Pass, "")),
            (vec![("valid_from", json!("2026-11-24"))], (Status::Pass, "")),
            (vec![("valid_from", json!("2026-11-25"))], (Status::Fail, "not-yet-valid")),
            (vec![("valid_until", json!("soon"))], (Status::Inconclusive, "unreadable-entry")),
            (vec![("revoked", json!(null))], (Status::Inconclusive, "unreadable-entry")),
        ] {
            assert_eq!(outcome(&listed(vec![changed(&changes)]).await), expected, "{changes:?}");
        }
    }

    #[tokio::test]
    async fn an_id_that_is_not_listed_only_warns() {
        for rows in [vec![], vec![other("a")]] {
            assert_eq!(outcome(&listed(rows).await), (Status::Warn, "not-listed"));
        }
    }

    #[tokio::test]
    async fn five_active_certificates_leave_no_room_and_ended_ones_do_not_count() {
        let mut rows = vec![own(), other("a"), other("b"), other("c"), other("d")];
        let full = listed(rows.clone()).await;
        assert_eq!(outcome(&full), (Status::Warn, "no-room"));
        rows[1]["revoked"] = json!(true);
        rows[2]["valid_until"] = json!("2026-01-01");
        let verdict = listed(rows).await;
        assert_eq!(verdict.status(), Status::Pass);
        assert_eq!(fact_of(&verdict, "active_certificates"), Some("3"));
    }

    #[tokio::test]
    async fn a_list_that_may_not_be_read_is_no_fault() {
        for status in [400, 401, 403, 404, 405] {
            let verdict = answered(Behaviour::json(status, "")).await;
            assert_eq!(verdict.status(), Status::Skipped, "{status}");
            assert_eq!(verdict.reason().unwrap().code, ReasonCode::NotPermitted, "{status}");
        }
    }

    #[tokio::test]
    async fn answers_that_decide_nothing() {
        for (reply, expected, code) in [
            (Behaviour::json(429, ""), "too-many-requests", ReasonCode::RateLimited),
            (Behaviour::json(500, ""), "server-fault", ReasonCode::NoAnswer),
            (Behaviour::new(403, "text/html", "<html>"), "html-answer", ReasonCode::NoAnswer),
            (Behaviour::json(200, "{}"), "unexpected-answer", ReasonCode::Ambiguous),
            (Behaviour::json(302, ""), "unexpected-answer", ReasonCode::Ambiguous),
            (Behaviour::Cut, "no-answer", ReasonCode::NoAnswer),
        ] {
            let verdict = answered(reply).await;
            assert_eq!(outcome(&verdict), (Status::Inconclusive, expected));
            assert_eq!(verdict.reason().unwrap().code, code, "{expected}");
        }
    }
}
