//! `audit-trail`

use std::time::Duration;

use futures_util::FutureExt as _;
use jiff::tz::Offset;

use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::no_answer;
use crate::checks::session::{Decision, Session, settle, with_words};
use crate::checks::spec::{self, Run, Spec, findings};
use crate::diagnosis::AuditDetail;
use crate::engine::{Evidence, ReasonCode, Verdict};
use crate::probes::inside::trail::{self, Attempt, Found, TrailRow, Wanted, find};
use crate::probes::inside::{export, is_refusal};
use crate::probes::record::Stop;

findings! {
    NO_ROW = "no-row",
    SEVERAL = "several-rows",
    NO_DETAIL = "no-detail",
    UNKNOWN_DETAIL = "unknown-detail",
    NOT_READ = "not-read",
    UNREADABLE = "unreadable-file",
}

/// The declaration of `audit-trail`. The sign-in is no need: an exported file does without.
pub const SPEC: Spec = Spec {
    id: ids::AUDIT_TRAIL,
    phase: spec::ACCOUNT,
    needs: &[],
    after: &[ids::TOKEN_EXCHANGE, ids::REST_SERVICE, ids::SIGN_IN],
    findings: &[FINDINGS, no_answer::FINDINGS],
    run: Run::Online(|context| run(context).boxed_local()),
};

async fn run(context: &Context) -> Verdict {
    settle(decide(context).await)
}

async fn decide(context: &Context) -> Decision {
    let facts = &context.facts;
    let Some(attempt) = facts.attempt.get() else {
        let text = "No sign-in of the integration was tried, so no row is looked for.";
        return Ok(Verdict::skipped(ReasonCode::NotApplicable, text));
    };
    if facts.token_issued.get().is_some() {
        let text = "The integration's sign-in worked, so there is no refusal to look up.";
        return Ok(Verdict::skipped(ReasonCode::NotApplicable, text));
    }
    if let Some(file) = &context.inputs.audit_file {
        let rows = if file.too_large {
            Err(export::UnreadableExport::TooLarge)
        } else {
            export::read(file.bytes.expose())
        };
        return Ok(match rows {
            Ok(rows) => exported(context, &rows, attempt)
                .evidence(source("the file given with --audit-file", rows.len())),
            Err(error) => {
                let text = format!("The exported Login Audit Trail cannot be used: {error}.");
                Verdict::fail(UNREADABLE, text)
            }
        });
    }
    let session = Session::inside(context)?;
    let mut reading = trail::rows(session.way_in(), attempt.from).await;
    let mut exchanges = std::mem::take(&mut reading.exchanges);
    for time in LATER {
        let missing = reading.result.as_ref().is_ok_and(|rows| {
            let (wanted, zone) = by_own_row(context, rows);
            find(rows, attempt, &wanted, zone) == Found::Nothing
        });
        if !missing {
            break;
        }
        session.client.options().sleep.wait(time).await;
        reading = trail::rows(session.way_in(), attempt.from).await;
        exchanges.append(&mut reading.exchanges);
    }
    let verdict = match reading.result {
        Ok(rows) => {
            let (wanted, zone) = by_own_row(context, &rows);
            judge(context, &rows, attempt, &wanted, zone)
                .evidence(source("the table LoginAudit", rows.len()))
        }
        Err(stop) => not_read(&stop),
    };
    Ok(verdict.http(exchanges))
}

/// A row that is not there yet is looked for again after these times: how soon it can be read is not
/// published.
const LATER: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(4)];

/// An exported trail has the row of this attempt only where it was exported after it. The refusals of
/// its last day serve where they all say the same.
fn exported(context: &Context, rows: &[TrailRow], attempt: &Attempt) -> Verdict {
    // In some zone a time without seconds fits nearly any attempt.
    let exact: Vec<TrailRow> = rows.iter().filter(|row| row.seconds).cloned().collect();
    if find(&exact, attempt, &Wanted::default(), None) != Found::Nothing {
        return judge(context, &exact, attempt, &Wanted::default(), None);
    }
    let recent = trail::last_refusals(rows, attempt);
    let of_this_grant = |row: &&&TrailRow| {
        let detail = row.detail.as_deref().and_then(|text| text.parse::<AuditDetail>().ok());
        detail.is_some_and(|detail| detail.is_machine_to_machine())
    };
    let refusals: Vec<&&TrailRow> = recent.iter().filter(of_this_grant).collect();
    let at = attempt.until.strftime("%Y-%m-%d %H:%M:%S").to_string();
    let verdict = match refusals.split_first() {
        None => judge(context, &[], attempt, &Wanted::default(), None),
        Some((first, rest)) if rest.iter().all(|row| row.detail == first.detail) => {
            let detail = first.detail.as_deref().unwrap_or_default();
            if let Ok(detail) = detail.parse::<AuditDetail>() {
                let _ = context.facts.trail_detail.set(detail);
            }
            let shown = first.at.first().map(ToString::to_string).unwrap_or_default();
            Verdict::pass(format!(
                "The file has no row of this attempt; the refusals of its last day all show {detail}."
            ))
            .evidence(Evidence::new("trail_last_refusal", shown).source("its own time zone"))
        }
        Some(_) => {
            let text = format!(
                "The file has no row of {at} UTC, and the {} refusals of its last day differ.",
                refusals.len()
            );
            Verdict::inconclusive(ReasonCode::Ambiguous, SEVERAL, text)
        }
    };
    verdict.param("attempt_utc", at)
}

fn source(from: &str, rows: usize) -> Evidence {
    Evidence::new("trail_rows_read", rows.to_string()).source(from)
}

/// What the row of the administrator's own sign-in tells of all rows: the zone of their times, and
/// the integration record that it went through.
fn by_own_row(context: &Context, rows: &[TrailRow]) -> (Wanted, Option<Offset>) {
    let mut wanted = Wanted::default();
    let Some(signed_in) = context.facts.signed_in.get() else { return (wanted, None) };
    let own = Wanted { success: true, entity: signed_in.entity, ..Wanted::default() };
    let Found::Row(row, zone) = find(rows, &signed_in.at, &own, None) else {
        return (wanted, None);
    };
    let same_record = context
        .browser
        .as_ref()
        .is_some_and(|browser| Some(&browser.record().client_id) == context.facts.client_id.get());
    match same_record {
        true => wanted.application.clone_from(&row.application),
        false => wanted.other_than.clone_from(&row.application),
    }
    (wanted, Some(zone))
}

fn judge(
    context: &Context,
    rows: &[TrailRow],
    attempt: &Attempt,
    wanted: &Wanted,
    zone: Option<Offset>,
) -> Verdict {
    let at = attempt.until.strftime("%Y-%m-%d %H:%M:%S").to_string();
    let verdict = match find(rows, attempt, wanted, zone) {
        Found::Nothing => {
            let text = format!(
                "No failure of {at} UTC stands in the Login Audit Trail; that proves nothing."
            );
            Verdict::inconclusive(ReasonCode::Empty, NO_ROW, text)
        }
        Found::Several(count) => {
            let text = format!(
                "{count} rows of the Login Audit Trail fit {at} UTC, and they differ in what they \
                 say."
            );
            Verdict::inconclusive(ReasonCode::Ambiguous, SEVERAL, text)
        }
        Found::Row(row, offset) => read(context, row, offset, &at),
    };
    verdict.param("attempt_utc", at)
}

fn read(context: &Context, row: &TrailRow, offset: Offset, at: &str) -> Verdict {
    let _ = context.facts.trail_row.set(row.clone());
    let verdict = match row.detail.as_deref().map(|text| (text, text.parse::<AuditDetail>())) {
        None => {
            let text = format!("The row of {at} UTC has no Detail.");
            Verdict::inconclusive(ReasonCode::Ambiguous, NO_DETAIL, text)
        }
        Some((_, Ok(detail))) => {
            let text = format!("The Login Audit Trail shows {detail} for the attempt of {at} UTC.");
            let shown = Evidence::new("trail_detail", detail.as_str());
            let _ = context.facts.trail_detail.set(detail);
            Verdict::pass(text).evidence(shown)
        }
        Some((given, Err(_))) => {
            let text =
                format!("The row of {at} UTC shows a Detail that is not documented: {given}");
            Verdict::warn(UNKNOWN_DETAIL, format!("{}.", text.trim_end_matches('.')))
                .evidence(Evidence::new("unknown_detail", given))
        }
    };
    let mut verdict =
        verdict.evidence(Evidence::new("trail_zone", offset.to_string()).source("its times"));
    if let Some(application) = &row.application {
        verdict = verdict.evidence(Evidence::new("trail_application", application));
    }
    verdict
}

fn not_read(stop: &Stop) -> Verdict {
    const ASKED: &str = "the Login Audit Trail";
    match stop {
        stop if is_refusal(stop) => {
            let text = "The role that was chosen for the sign-in may not read the Login Audit Trail \
                        by a query.";
            with_words(Verdict::skipped(ReasonCode::NotPermitted, text), stop)
        }
        Stop::NoAnswer(no_answer) => no_answer::undecided(no_answer, ASKED),
        stop => {
            let text = format!("The query for {ASKED} was not understood.");
            with_words(Verdict::inconclusive(ReasonCode::Ambiguous, NOT_READ, text), stop)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::checks::context::Inputs;
    use crate::checks::testing::inside::{attempt, inside, question, tables};
    use crate::checks::testing::material;
    use crate::checks::testing::online::{NOW, context_with, outcome, verdict};
    use crate::engine::Status;
    use crate::netsuite::double::{Behaviour, Double};
    use crate::types::SecretKind;

    fn row(at: &str, status: &str, detail: &str, application: &str, user: &str) -> Value {
        json!({"links": [], "date": at, "status": status, "detail": detail,
            "oauthappname": application, "user": user})
    }

    /// The row of the administrator's sign-in, ten seconds after the attempt, in Pacific time.
    fn own() -> Value {
        row("2026-11-23 12:00:10", "Success", "", "Sign-in", "7")
    }

    async fn answered(rows: Vec<Value>) -> (Verdict, Context, String) {
        let rows = Value::Array(rows);
        let double =
            Double::serving(move |request| tables(&[("LoginAudit", rows.clone())], request));
        let context = inside(double.client());
        let verdict = verdict(&SPEC, &context).await;
        let seen = double.seen();
        // Each time that it is asked, it is asked the same.
        let asked = question(&seen[0]);
        assert!(seen.len() <= 3 && seen.iter().all(|one| question(one) == asked));
        (verdict, context, asked)
    }

    #[tokio::test]
    async fn a_row_that_comes_late_is_asked_for_again() {
        let asked = std::sync::atomic::AtomicUsize::new(0);
        let double = Double::serving(move |request| {
            let late = row("2026-11-23 12:00:00", "Failure", "MissingKey", "Survey", "");
            let before = asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let rows = if before == 0 { json!([own()]) } else { json!([own(), late]) };
            tables(&[("LoginAudit", rows)], request)
        });
        let context = inside(double.client());
        let verdict = verdict(&SPEC, &context).await;
        assert_eq!(verdict.status(), Status::Pass, "{}", verdict.summary());
        assert_eq!((double.seen().len(), verdict.exchanges().len()), (2, 2));
    }

    #[tokio::test]
    async fn the_detail_of_the_attempt_is_read_and_taken() {
        let rows = vec![
            own(),
            row("2026-11-23 12:00:00", "Failure", "MissingKey", "Survey", ""),
            row("2026-11-23 20:00:00", "Failure", "InvalidIssuer", "Survey", ""),
            row("2026-11-23 12:00:00", "Failure", "InvalidClient", "Sign-in", ""),
            row("2026-11-23 11:00:00", "Failure", "Expired", "Survey", ""),
        ];
        let (verdict, context, question) = answered(rows).await;
        assert_eq!(verdict.status(), Status::Pass, "{}", verdict.summary());
        assert!(verdict.summary().contains("MissingKey"), "{}", verdict.summary());
        assert_eq!(context.audit_detail().unwrap().as_str(), "MissingKey");
        let zone = verdict.facts().iter().find(|fact| fact.key == "trail_zone").unwrap();
        assert_eq!(zone.value, "-08");
        assert!(question.contains("> TO_TIMESTAMP('2026-11-23 06:59:58',"), "{question}");
        assert!(verdict.exchanges()[0].url.ends_with("?limit=200"));
    }

    #[tokio::test]
    async fn no_row_proves_nothing_and_neither_do_two_that_differ() {
        let at = "2026-11-23 12:00:00";
        for (rows, expected) in [
            (vec![], "no-row"),
            (vec![own()], "no-row"),
            (vec![own(), row(at, "Success", "", "Survey", "9")], "no-row"),
            (
                vec![
                    own(),
                    row(at, "Failure", "MissingKey", "Survey", ""),
                    row(at, "Failure", "InvalidIssuer", "Other", ""),
                ],
                "several-rows",
            ),
            (vec![own(), row(at, "Failure", "", "Survey", "")], "no-detail"),
        ] {
            let (verdict, context, _) = answered(rows).await;
            assert_eq!(outcome(&verdict), (Status::Inconclusive, expected));
            assert_eq!(context.audit_detail(), None);
        }
        let odd = row(at, "Failure", "SomethingNew", "Survey", "");
        let (verdict, context, _) = answered(vec![own(), odd]).await;
        assert_eq!(outcome(&verdict), (Status::Warn, "unknown-detail"));
        assert_eq!(context.audit_detail(), None);
    }

    #[tokio::test]
    async fn a_trail_that_may_not_be_read_is_no_fault() {
        let double = Double::serving(|request| tables(&[], request));
        let verdict = verdict(&SPEC, &inside(double.client())).await;
        assert_eq!(verdict.status(), Status::Skipped);
        assert_eq!(verdict.reason().unwrap().code, ReasonCode::NotPermitted);
    }

    #[tokio::test]
    async fn answers_that_decide_nothing() {
        for (reply, finding) in [
            (Behaviour::json(503, ""), "server-fault"),
            (Behaviour::json(429, ""), "too-many-requests"),
            (Behaviour::json(200, r#"{"items":[{"date":"yesterday"}]}"#), "unexpected-answer"),
        ] {
            let double = Double::serving(move |_| reply.clone());
            let verdict = verdict(&SPEC, &inside(double.client())).await;
            assert_eq!(outcome(&verdict), (Status::Inconclusive, finding));
        }
    }

    fn given(text: &str, issued: bool) -> Context {
        let client = crate::netsuite::http::Client::new(Default::default()).unwrap();
        let audit_file = Some(material(text, SecretKind::PrivateKey));
        let context = context_with(client, Inputs { audit_file, ..Inputs::default() });
        context.facts.attempt.set(attempt(NOW)).unwrap();
        if issued {
            context.facts.token_issued.set(()).unwrap();
        }
        context
    }

    #[tokio::test]
    async fn an_exported_trail_serves_without_any_sign_in() {
        let text = "Date;Status;Detail\n23.11.2026 21:00:01;Failure;Missing Key\n\
                    23.11.2026 19:07:00;Failure;InvalidIssuer\n";
        let context = given(text, false);
        let seen = verdict(&SPEC, &context).await;
        assert_eq!(seen.status(), Status::Pass, "{}", seen.summary());
        assert_eq!(context.audit_detail().unwrap().as_str(), "MissingKey");
        let seen = verdict(&SPEC, &given("x", false)).await;
        assert_eq!(outcome(&seen), (Status::Fail, "unreadable-file"));
        let seen = verdict(&SPEC, &given(text, true)).await;
        assert_eq!(seen.reason().unwrap().code, ReasonCode::NotApplicable);
    }

    #[tokio::test]
    async fn a_file_of_an_earlier_attempt_serves_where_its_refusals_agree() {
        let heads = "Date,Status,Detail\n";
        let two = |first: &str, second: &str| {
            format!(
                "{heads}11/23/2026 9:05 am,Failure,{first}\n11/23/2026 9:07 am,Failure,{second}\n\
                 11/23/2026 9:15 am,Success,\n11/23/2026 9:16 am,Failure,InvalidState\n\
                 11/3/2026 9:12 am,Failure,TokenExpired\n"
            )
        };
        let context = given(&two("MissingKey", "MissingKey"), false);
        let seen = verdict(&SPEC, &context).await;
        assert_eq!(seen.status(), Status::Pass, "{}", seen.summary());
        assert_eq!(context.audit_detail().unwrap().as_str(), "MissingKey");
        for (text, finding) in [
            (two("MissingKey", "SignatureValidation"), "several-rows"),
            (format!("{heads}11/3/2026 9:12 am,Failure,MissingKey\n"), "no-row"),
        ] {
            let context = given(&text, false);
            let seen = verdict(&SPEC, &context).await;
            assert_eq!(outcome(&seen), (Status::Inconclusive, finding));
            assert_eq!(context.audit_detail(), None);
        }
    }
}
