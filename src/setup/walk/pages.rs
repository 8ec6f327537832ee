//! What the walk shows: pages, steps and values of this set-up.

use super::{Texts, Walk};
use crate::credentials::identifiers::read_account_id;
use crate::report::guidance::fill;
use crate::report::v1::Fix;
use crate::report::values::Values;
use crate::setup::guide::{PermissionRow, rows};
use crate::setup::prompt::{Copyable, StepPage};
use crate::setup::step::{Field, SetupStep};
use crate::types::{self, Service, shell};

impl Walk {
    /// The page on which a field is asked.
    pub(super) fn page(&self, field: Field) -> StepPage {
        let step = field.step();
        let text = self.texts.guide.step(step);
        let steps = self.texts.guide.question(field).map(|question| self.filled(&question.steps));
        StepPage {
            step,
            title: text.map(|text| text.title.clone()).unwrap_or_default(),
            why: text.map(|text| text.why.clone()).unwrap_or_default(),
            proves: text.map(|text| text.proves.clone()).unwrap_or_default(),
            more: text.map(|text| text.more.clone()).unwrap_or_default(),
            steps: steps.unwrap_or_default(),
            made: if field == Field::MappingAgreed { self.to_be_made() } else { Vec::new() },
            permissions: if field == Field::RoleDone { self.permissions() } else { Vec::new() },
            fault: (field == Field::Fault).then(|| self.fault()),
            sheet: (step == SetupStep::HandOver).then(|| self.sheet()),
        }
    }

    /// What is worth copying on a page.
    pub(super) fn copies(&self, page: &StepPage) -> Vec<Copyable> {
        let copy = |name: &str, value: &str| Copyable { name: name.into(), value: value.into() };
        if let Some(sheet) = &page.sheet {
            let value = |name: &str, value: &Option<String>| Some(copy(name, value.as_deref()?));
            return sheet.fields.iter().filter_map(|f| value(&f.name, &f.value)).collect();
        }
        let certificate =
            self.draft.certificate.as_ref().filter(|_| page.step == SetupStep::Mapping);
        let path =
            certificate.map(|path| copy("the certificate's path", &path.display().to_string()));
        let permissions = page.permissions.iter().map(|row| copy(&row.name, &row.name));
        path.into_iter().chain(permissions).collect()
    }

    /// What to do when all is done.
    pub(super) fn afterwards(&self) -> Vec<Fix> {
        let after = self.texts.guide.step(SetupStep::Check).map(|text| self.filled(&text.after));
        let mut fixes = after.unwrap_or_default();
        // No path holds what no shell can take.
        let file = self.texts.config.as_deref().map(shell::argument);
        if let Some(word) = file.as_deref().and_then(shell::word) {
            for command in fixes.iter_mut().filter_map(|fix| fix.command.as_mut()) {
                command.push_str(&format!(" --config {word}"));
            }
        }
        fixes
    }

    pub(super) fn filled(&self, steps: &[types::Step]) -> Vec<Fix> {
        let Texts { handbook, .. } = &self.texts;
        let mut values = Values::default().with("target", self.target.as_str());
        let path = |path: &std::path::Path| path.display().to_string();
        let draft = &self.draft;
        let known = [
            ("account_id", draft.account_id.clone()),
            ("client_id", draft.client_id.clone()),
            ("certificate_file", draft.certificate.as_deref().map(path)),
            ("private_key_file", draft.private_key.as_deref().map(path)),
            ("expected_id", self.expected.as_ref().map(ToString::to_string)),
        ];
        for (name, value) in known {
            if let Some(value) = value {
                values.set(name, value);
            }
        }
        let account = draft.account_id.as_deref().and_then(|text| read_account_id(text).ok());
        let host = account.map(|account| account.id.host(Service::App));
        steps.iter().map(|step| fill(step, handbook, &values, host.as_deref())).collect()
    }

    pub(super) fn permissions(&self) -> Vec<PermissionRow> {
        let records = self.trial.records.iter().filter_map(|text| text.parse().ok());
        let requests: Vec<_> = records.collect();
        rows(&requests, self.profile(), self.texts.catalogue)
    }
}
