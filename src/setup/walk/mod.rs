//! The state machine: what it waits for, and what it does with an answer.

use crate::checks::ids;
use crate::diagnosis::AuditDetail;
use crate::netsuite::catalogue::{Catalogue, catalogue};
use crate::netsuite::profiles::Profile;
use crate::probes::certificates::Combination;
use crate::report::{Handbook, Report, handbook};
use crate::setup::guide::{Guide, guide};
use crate::setup::prompt::{AnswerForm, Ask, Prompt, Remark, Response, Work};
use crate::setup::sheet::{Proof, Sheet};
use crate::setup::step::{Field, SetupStep};
use crate::setup::store::Draft;
use crate::types::shown::shown_path;
use crate::types::{CertificateId, Secret};

mod answers;
mod fault;
mod mapping;
mod pages;
#[cfg(test)]
mod tests;

use answers::certificate_id;
use mapping::Mapper;

/// The walk.
#[derive(Debug, Clone)]
pub struct Walk {
    texts: Texts,
    target: String,
    draft: Draft,
    /// The draft with the answers of the open step, which nothing has accepted yet.
    trial: Draft,
    secret: Option<Secret>,
    awaits: Awaited,
    remarks: Vec<Remark>,
    may_keep: bool,
    expected: Option<CertificateId>,
    /// What the first check said of the values as they are.
    report: Option<Box<Report>>,
    /// What a mapping is made for, where an administrator signs in.
    mapper: Option<Mapper>,
}

/// Everything that the walk says, and what it looks up.
#[derive(Debug, Clone)]
pub struct Texts {
    /// The texts of the steps.
    pub guide: &'static Guide,
    /// The cards and the pages of the NetSuite UI.
    pub handbook: &'static Handbook,
    /// The record types.
    pub catalogue: &'static Catalogue,
    /// The integration that the set-up is for.
    pub profile: Option<Profile>,
    /// The configuration file, where commands have to name it: what it says of the way to NetSuite
    /// is taken from a named file alone.
    pub config: Option<std::path::PathBuf>,
    /// The home folder, for paths that begin with `~/`.
    pub home: Option<std::path::PathBuf>,
}

impl Texts {
    /// What is built in, for no integration in particular.
    #[must_use]
    pub fn built_in() -> Self {
        Self {
            guide: guide(),
            handbook: handbook(),
            catalogue: catalogue(),
            profile: None,
            config: None,
            home: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Awaited {
    Ask(Field),
    Make,
    Judge(Field),
    /// The certificate is read for the ID that the mapping will show.
    Inspect,
    /// A sign-in, for the account.
    SignIn,
    ListRoles,
    ListEntities(i64),
    Map(Combination),
    FirstCheck,
    Explain(AuditDetail),
    Sheet,
    Finished,
    Stopped,
}

/// The walk cannot begin where it was told to.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the step {step} needs the values of {}; begin with `--from {}`",
        .missing.iter().map(|step| step.as_str()).collect::<Vec<_>>().join(" and "),
        .missing.first().map_or("account", |step| step.as_str()))]
pub struct MissingStep {
    step: SetupStep,
    missing: Vec<SetupStep>,
}

impl Walk {
    /// A walk that goes on where `draft` ends, or begins at `from` again.
    ///
    /// # Errors
    /// When `from` needs values of a step before it.
    pub fn new(
        texts: Texts,
        target: &str,
        mut draft: Draft,
        from: Option<SetupStep>,
    ) -> Result<Self, MissingStep> {
        if let Some(from) = from {
            let lacks = |step: &SetupStep| !step.has_values(&draft);
            let missing: Vec<SetupStep> = from.needs().iter().copied().filter(lacks).collect();
            if !missing.is_empty() {
                return Err(MissingStep { step: from, missing });
            }
            draft.done.retain(|step| *step < from);
        } else {
            // A value that somebody took out of the file is asked for again.
            let complete = draft.clone();
            draft.done.retain(|step| step.has_values(&complete));
        }
        let first = from.or_else(|| draft.open_step());
        let mut walk = Self {
            texts,
            target: target.to_owned(),
            trial: draft.clone(),
            draft,
            secret: None,
            awaits: Awaited::Finished,
            remarks: Vec::new(),
            may_keep: false,
            expected: None,
            report: None,
            mapper: None,
        };
        if let Some(step) = first {
            walk.enter(step);
        }
        Ok(walk)
    }

    /// The same walk with an administrator who signs in: the account is learned from that, and the
    /// mapping is made with it.
    #[must_use]
    pub fn with_sign_in(mut self) -> Self {
        self.mapper = Some(Mapper::default());
        if self.awaits == Awaited::Ask(Field::AccountId) {
            self.enter(SetupStep::Account);
        }
        self
    }

    /// What was accepted so far: worth saving whenever it changed.
    #[must_use]
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// The target's name in the configuration file.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The values that [`Work`] is about.
    #[must_use]
    pub fn trial(&self) -> &Draft {
        &self.trial
    }

    /// The integration that the set-up is for.
    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        self.texts.profile.as_ref()
    }

    /// The Client Secret, where one was given. It lives as long as the walk and is kept nowhere.
    #[must_use]
    pub fn secret(&self) -> Option<&Secret> {
        self.secret.as_ref()
    }

    /// Whether an administrator signs in on the way.
    #[must_use]
    pub fn signs_in(&self) -> bool {
        self.mapper.is_some()
    }

    /// What the first check said of the values as they are.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        self.report.as_deref()
    }

    /// What is wanted next.
    #[must_use]
    pub fn prompt(&self) -> Prompt {
        match &self.awaits {
            Awaited::Ask(field) => Prompt::Ask(Box::new(self.ask(*field))),
            Awaited::Make => Prompt::Work(Work::MakePair),
            Awaited::Judge(field) => Prompt::Work(Work::Judge(field.checks())),
            Awaited::Inspect => Prompt::Work(Work::Judge(&[ids::CERTIFICATE])),
            Awaited::SignIn => Prompt::Work(Work::SignIn),
            Awaited::ListRoles => Prompt::Work(Work::ListRoles),
            Awaited::ListEntities(role) => Prompt::Work(Work::ListEntities(*role)),
            Awaited::Map(combination) => Prompt::Work(Work::Map(*combination)),
            Awaited::FirstCheck => Prompt::Work(Work::FirstCheck),
            Awaited::Explain(detail) => Prompt::Work(Work::Explain(detail.clone())),
            Awaited::Sheet => Prompt::Work(Work::WriteSheet(Box::new(self.sheet()))),
            Awaited::Finished => {
                let proved = self.draft.done.contains(&SetupStep::Check);
                Prompt::Finished { next: self.afterwards(), proved }
            }
            Awaited::Stopped => Prompt::Stopped,
        }
    }

    /// Takes what came of the prompt. An event that does not fit it changes nothing.
    pub fn take(&mut self, event: Response) {
        match (self.awaits.clone(), event) {
            (Awaited::Ask(field), Response::Answer(text)) => self.answered(field, &text),
            (Awaited::Ask(Field::ClientSecret), Response::Secret(secret)) => {
                self.secret = secret;
                self.heard();
                match self.secret {
                    Some(_) => self.awaits = Awaited::Judge(Field::ClientSecret),
                    None => self.accept(Field::ClientSecret),
                }
            }
            (Awaited::Ask(field), Response::Back) => self.back(field),
            (Awaited::Ask(_), Response::Visit(step)) => self.visit(step),
            (Awaited::Make, Response::Made { private_key, certificate }) => {
                self.trial.private_key = Some(private_key);
                self.trial.certificate = Some(certificate);
                self.awaits = Awaited::Judge(Field::Pair);
            }
            (Awaited::Judge(field), Response::Judged(report)) => self.judged(field, &report),
            (Awaited::Inspect, Response::Judged(report)) => {
                self.expected = certificate_id(&report);
                self.awaits = self.mapping_begins();
            }
            (Awaited::FirstCheck | Awaited::Explain(_), Response::Judged(report)) => {
                self.checked(report);
            }
            (Awaited::SignIn, Response::SignedIn(account)) => {
                self.trial.account_id = Some(account);
                self.awaits = Awaited::Judge(Field::AccountId);
            }
            (Awaited::SignIn, Response::Refused(why)) => {
                self.refuse(Field::AccountId, why);
                self.remarks.push(Remark::told("Type again to sign in again, or the account ID."));
            }
            (
                Awaited::ListRoles | Awaited::ListEntities(_) | Awaited::Map(_),
                event @ (Response::Listed(_) | Response::Mapped(_) | Response::Refused(_)),
            ) => self.mapping_goes_on(event),
            (Awaited::Sheet, Response::Written(path)) => {
                self.remarks = vec![Remark::done(format!("Written to {}.", shown_path(&path)))];
                self.awaits = Awaited::Ask(Field::HandedOver);
            }
            (Awaited::Sheet, Response::Refused(why)) => self.refuse(Field::HandedOver, why),
            (Awaited::Make, Response::Refused(why)) => self.refuse(Field::Pair, why),
            (Awaited::Judge(field), Response::Refused(why)) => self.refuse(field, why),
            // The files of a step that was done are gone.
            (Awaited::Inspect, Response::Refused(why)) => {
                self.visit(SetupStep::Key);
                self.remarks.push(Remark::own(why));
            }
            (Awaited::FirstCheck | Awaited::Explain(_), Response::Refused(why)) => {
                self.refuse(Field::Fault, why);
            }
            _ => {}
        }
    }

    fn checked(&mut self, report: Box<Report>) {
        let passed = matches!(report.summary.exit_code, 0 | 4);
        self.report = Some(report);
        self.heard();
        if passed {
            self.finish(SetupStep::Check);
        } else {
            self.awaits = Awaited::Ask(Field::Fault);
        }
    }

    /// Goes on after an answer that holds. It is kept at once, though its step may not be done; but
    /// for the Client ID: until the secret is compared with it, it may be the secret.
    fn accept(&mut self, field: Field) {
        if field != Field::ClientId {
            self.outdate();
            self.trial.done.clone_from(&self.draft.done);
            self.draft = self.trial.clone();
        }
        let next = match field {
            Field::ClientId => Some(Field::ClientSecret),
            Field::Records => Some(Field::RoleDone),
            Field::RoleDone => Some(Field::UserDone),
            _ => None,
        };
        match next {
            Some(next) => self.awaits = Awaited::Ask(next),
            None => self.finish(field.step()),
        }
    }

    /// What was done with a value that is another now has to be done again.
    fn outdate(&mut self) {
        let (old, new) = (&self.draft, &self.trial);
        let account = old.account_id.is_some() && old.account_id != new.account_id;
        let mapped = account
            || (old.client_id.is_some() && old.client_id != new.client_id)
            || (old.certificate.is_some() && old.certificate != new.certificate);
        let any = mapped
            || (&old.private_key, &old.certificate_id, &old.records)
                != (&new.private_key, &new.certificate_id, &new.records);
        if !any {
            return;
        }
        self.report = None;
        let stands = |step: &SetupStep| match step {
            SetupStep::Check | SetupStep::HandOver => false,
            SetupStep::Mapping => !mapped,
            SetupStep::Features | SetupStep::Integration | SetupStep::Role => !account,
            SetupStep::Account | SetupStep::Key => true,
        };
        self.draft.done.retain(stands);
    }

    fn finish(&mut self, step: SetupStep) {
        self.draft.finish(step);
        let remarks = std::mem::take(&mut self.remarks);
        match self.draft.open_step() {
            Some(next) => self.enter(next),
            None => self.awaits = Awaited::Finished,
        }
        self.remarks = remarks;
    }

    fn enter(&mut self, step: SetupStep) {
        self.trial = self.draft.clone();
        self.heard();
        self.awaits = match step.first_field() {
            Some(Field::CertificateId) if self.expected.is_none() => Awaited::Inspect,
            Some(Field::CertificateId) => self.mapping_begins(),
            // The sign-in tells which account it is.
            Some(Field::AccountId) if self.mapper.is_some() && self.trial.account_id.is_none() => {
                Awaited::SignIn
            }
            Some(field) => Awaited::Ask(field),
            // What is handed over is checked first, whatever was checked on another day.
            None if step == SetupStep::HandOver && self.report.is_some() => Awaited::Sheet,
            None => Awaited::FirstCheck,
        };
    }

    /// Back to a step, whose answers may change.
    fn visit(&mut self, step: SetupStep) {
        if step.needs().iter().any(|need| !need.has_values(&self.draft)) {
            return;
        }
        let after = [SetupStep::Check, SetupStep::HandOver];
        self.draft.done.retain(|done| *done != step && !after.contains(done));
        self.enter(step);
    }

    fn back(&mut self, field: Field) {
        self.heard();
        if let Some(before) = field.before() {
            self.awaits = Awaited::Ask(before);
            return;
        }
        let before = match field.step() {
            // The check between them asks nothing.
            SetupStep::HandOver => Some(SetupStep::Mapping),
            step => step.before(),
        };
        if let Some(step) = before {
            self.visit(step);
        }
    }

    fn refuse(&mut self, field: Field, why: String) {
        self.remarks = vec![Remark::own(why)];
        self.awaits = Awaited::Ask(field);
    }

    /// What was on the screen has been answered.
    fn heard(&mut self) {
        self.remarks.clear();
        self.may_keep = false;
    }

    /// The sheet for the values, with what the last check proved of them.
    fn sheet(&self) -> Sheet {
        Sheet::of(&self.draft, self.profile(), Proof::of(self.report.as_deref()))
    }

    /// A question as it is asked now.
    #[must_use]
    pub fn ask(&self, field: Field) -> Ask {
        let text = self.texts.guide.question(field);
        let page = self.page(field);
        Ask {
            field,
            kind: kind(field),
            question: text.map(|text| text.ask.clone()).unwrap_or_default(),
            hint: text.and_then(|text| text.hint.clone()),
            current: self.current(field),
            remarks: self.remarks.clone(),
            may_keep: self.may_keep,
            may_go_back: field != Field::AccountId,
            copies: self.copies(&page),
            choices: self.choices(field),
            done: self.draft.done.clone(),
            page,
        }
    }

    /// The accepted value of a field.
    fn current(&self, field: Field) -> Option<String> {
        let draft = &self.draft;
        let path =
            |path: &Option<std::path::PathBuf>| path.as_ref().map(|p| p.display().to_string());
        match field {
            Field::AccountId => draft.account_id.clone(),
            Field::ClientId => draft.client_id.clone(),
            Field::CertificateId => draft.certificate_id.clone(),
            Field::Pair => Some(if draft.private_key.is_some() { "own" } else { "new" }.to_owned()),
            Field::PrivateKey => path(&draft.private_key),
            Field::Certificate => path(&draft.certificate),
            Field::Records if draft.records.is_empty() => {
                let asked = self.profile()?.record_requests();
                let words: Vec<String> = asked.iter().map(ToString::to_string).collect();
                (!words.is_empty()).then(|| words.join(", "))
            }
            Field::Records => Some(draft.records.join(", ")),
            Field::MappedRole | Field::MappedEntity => self.only_choice(field),
            _ => None,
        }
    }
}

fn kind(field: Field) -> AnswerForm {
    match field {
        Field::Pair => AnswerForm::Choice(&["new", "own"]),
        Field::MappingAgreed => AnswerForm::Choice(&["yes", "no"]),
        Field::PrivateKey | Field::Certificate => AnswerForm::File,
        Field::ClientSecret => AnswerForm::Secret,
        Field::FeaturesDone | Field::RoleDone | Field::UserDone | Field::HandedOver => {
            AnswerForm::Confirm
        }
        _ => AnswerForm::Text,
    }
}
