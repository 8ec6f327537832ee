//! `certificate-registered`

use futures_util::FutureExt as _;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::checklist::engine::{Evidence, NodeKey, ReasonCode, Severity, Verdict};
use crate::checklist::ids;
use crate::checklist::no_answer;
use crate::checklist::online::Session;
use crate::checklist::spec::{Run, Spec, findings};
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
    phase: ids::CERTIFICATES,
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
mod tests;
