//! Levels above View: tried by opening a form, where that was asked for and every guard allows it.

use std::sync::PoisonError;

use super::{Case, LOGIN, RESTRICTED, ROW, script_failed, told};
use crate::checks::advice::Advice;
use crate::checks::context::Forms;
use crate::checks::no_answer;
use crate::checks::session::Session;
use crate::checks::spec::findings;
use crate::engine::{Evidence, ReasonCode, Severity, Verdict};
use crate::netsuite::catalogue::catalogue;
use crate::netsuite::form::Form;
use crate::netsuite::patterns::Meaning;
use crate::probes::form::Opening;
use crate::probes::record::{Probe, RecordRefusal, Stop};
use crate::types::{Level, RecordRequest};

findings! {
    NOT_PROBED = "write-not-probed",
    FULL = "full-not-probed",
    GUARD = "form-forbidden",
    NO_ROW = "no-row-to-edit",
    NO_DESCRIPTION = "type-not-described",
    PROPERTY = "property-refused-first",
    TAKEN = "form-taken-for-real",
    WRITTEN = "form-not-honoured",
}

/// Where an opened form proves its level: an inference, and said to be one.
const INFERRED: &str = "inferred: opening a form takes its level";

pub(super) async fn run(session: Session<'_>, request: &RecordRequest) -> Verdict {
    let Session { context, client, hosts: account, token } = session;
    let record = &request.record;
    let not_probed = |finding, text: String| {
        let skipped = Verdict::skipped(ReasonCode::NotProbed, String::new());
        let verdict = skipped.note(Severity::Note, finding, text);
        base(request, verdict)
    };
    if request.level == Level::Full {
        let text = format!("Whether the role may delete {record} was not tried, and never is.");
        return not_probed(FULL, text);
    }
    if !context.inputs.probe_writes {
        let level = request.level;
        let text = format!("Whether the role may {level} was not tried: this check only reads.");
        return not_probed(NOT_PROBED, text);
    }
    let form = match request.level {
        Level::Create => Form::Create,
        _ => {
            let rows = context.facts.rows_read.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(id) = rows.get(record).cloned() else {
                let text = format!("No row of {record} was read, so no edit form was asked for.");
                let guard = "an edit form is asked for on a row that was read only";
                return not_probed(NO_ROW, text).reason_detail(guard);
            };
            Form::Edit(id)
        }
    };
    let kind = form.media_kind();
    // Held until the answer is judged: the next request waits for what this one shows.
    let mut forms = context.facts.forms.lock().await;
    if *forms == Forms::Distrusted {
        let guard = "an earlier form request of this run was taken for a real one";
        let text = format!("The {kind} of {record} was not asked for: {guard}.");
        return not_probed(GUARD, text).param("guard", guard).reason_detail(guard);
    }
    let entry = catalogue().find(record.as_str());
    let entry = entry.as_deref();
    let probe = Probe { client, account, token, record, entry };
    let (opening, kind, exchanges) = probe.form(form).await;
    if opening.shows_no_forms() {
        *forms = Forms::Distrusted;
    }
    drop(forms);

    if let Opening::Forbidden(guard) = &opening {
        let text = format!("The {kind} of {record} was not asked for: {guard}.");
        let guard = guard.to_string();
        let verdict = not_probed(GUARD, text).reason_detail(guard.clone()).param("guard", guard);
        return verdict.http(exchanges);
    }
    let mut advice = Advice::new(entry, request.level);
    if let Opening::Stopped(Stop::Refused(refused)) = &opening {
        advice = advice.quoting(&refused.meaning, catalogue(), request.level);
    }
    let case = Case {
        request,
        offered: None,
        advice: &advice,
        accept_empty: false,
        queries_answered: context.facts.queries_answered.get().is_some(),
        listed: true,
    };
    let stop = match &opening {
        Opening::Stopped(stop) => Some(stop),
        Opening::NotDescribed(stop @ Stop::Refused(_)) => Some(stop),
        _ => None,
    };
    let mut verdict = told(judge(&case, kind, &opening), stop);
    if let Some(role) = session.claims().role {
        verdict = verdict.param("role_id", role);
    }
    let verdict = verdict.evidence(Evidence::new("probe", kind));
    base(request, advice.onto(verdict)).http(exchanges)
}

/// The values that all guidance of this check may name.
pub(super) fn base(request: &RecordRequest, verdict: Verdict) -> Verdict {
    verdict.param("record", request.record.as_str()).param("asked_level", request.level.as_str())
}

fn judge(case: &Case<'_>, kind: &str, opening: &Opening) -> Verdict {
    let record = &case.request.record;
    let level = case.request.level;
    let open = |code, finding, text: String| Verdict::inconclusive(code, finding, text);
    match opening {
        Opening::Opened => {
            let text = format!(
                "The {kind} of {record} opened, which takes level {} (inferred).",
                level.label()
            );
            Verdict::pass(text).evidence(Evidence::new("form", "opened").source(INFERRED))
        }
        Opening::NotDescribed(_) => {
            let text = format!(
                "What {record} says of itself could not be read, so no {kind} was asked for."
            );
            open(ReasonCode::NoAnswer, NO_DESCRIPTION, text)
        }
        Opening::PropertyRefused => {
            let text = format!(
                "NetSuite refused to show the {kind} of {record}, so level {} is not decided. The \
                 request names a property that does not exist, on purpose: nothing can be written.",
                level.label()
            );
            open(ReasonCode::Ambiguous, PROPERTY, text)
        }
        Opening::TakenForReal => {
            let text = format!(
                "The request for the {kind} of {record} was taken for a real one and refused for \
                 a missing value; nothing was written."
            );
            open(ReasonCode::Ambiguous, TAKEN, text)
        }
        Opening::MayHaveWritten { status } => {
            let text = format!(
                "The request for the {kind} of {record} was answered with {status} and no form: \
                 it may have been carried out."
            );
            open(ReasonCode::Ambiguous, WRITTEN, text)
        }
        Opening::Stopped(stop) => stopped(case, kind, stop),
        // Said by the caller, which knows that nothing was sent.
        Opening::Forbidden(guard) => Verdict::skipped(ReasonCode::NotProbed, guard.to_string()),
    }
}

fn stopped(case: &Case<'_>, kind: &str, stop: &Stop) -> Verdict {
    let what = format!("the {kind} of {}", case.request.record);
    let open = |code, finding, text: String| Verdict::inconclusive(code, finding, text);
    match stop {
        Stop::Refused(refused) => refusal(case, &what, refused),
        Stop::LoginRefused => {
            let text = format!("For {what} the login was refused (401).");
            open(ReasonCode::Ambiguous, LOGIN, text)
        }
        Stop::Script(error) => script_failed(&what, error),
        Stop::NoAnswer(no_answer) => no_answer::undecided(no_answer, &what),
        Stop::Empty | Stop::NoList => no_answer::unexpected(&what, 200),
    }
}

fn refusal(case: &Case<'_>, what: &str, refused: &RecordRefusal) -> Verdict {
    if let Some(verdict) = case.permission(refused, what) {
        return verdict;
    }
    match (&refused.meaning, case.request.level) {
        // One row's own reason says nothing about the others.
        (
            Meaning::RecordLockedByWorkflow
            | Meaning::AdministratorRecord
            | Meaning::Restriction { .. },
            Level::Edit,
        ) => {
            let text = format!("The one row tried is refused for {what} for a reason of its own.");
            Verdict::inconclusive(ReasonCode::Ambiguous, ROW, text)
        }
        (Meaning::Restriction { .. }, _) => {
            Verdict::fail(RESTRICTED, format!("A restriction of the role forbids {what}."))
        }
        (Meaning::CreateRefused, _) => case.refused_for(what),
        // Without the record service's own envelope anything on the way may have refused.
        _ if refused.status == 403 && refused.code.is_some() => case.refused_for(what),
        _ => no_answer::unexpected(what, refused.status),
    }
}
