//! What an answer, or a report on what was answered, means for the walk.

use super::{Awaited, Walk};
use crate::checks::ids;
use crate::credentials::identifiers::clean;
use crate::report::Report;
use crate::report::v1::Status;
use crate::setup::prompt::Remark;
use crate::setup::step::Field;
use crate::types::CertificateId;

/// What was typed without what came along in copying. Paths are taken as they are.
pub(super) fn cleaned(field: Field, typed: &str) -> String {
    match field {
        Field::ClientId | Field::CertificateId => clean(typed).joined().text,
        _ => typed.to_owned(),
    }
}

impl Walk {
    pub(super) fn records(&mut self, text: &str) {
        let words = text.split([' ', ',', ';', '\t']).filter(|word| !word.is_empty());
        let mut records = Vec::new();
        for word in words {
            match self.texts.catalogue.resolve_request(word, false) {
                Ok(request) => records.push(request.to_string()),
                Err(error) => self.remarks.push(Remark::own(format!("{error}."))),
            }
        }
        if self.remarks.is_empty() {
            records.dedup();
            self.trial.records = records;
            self.accept(Field::Records);
        }
    }

    pub(super) fn judged(&mut self, field: Field, report: &Report) {
        self.heard();
        let told = report.checks.iter().filter(|entry| {
            // Said when they were accepted.
            let before = match field {
                Field::AccountId => &[][..],
                Field::ClientSecret => &[ids::ACCOUNT_ID, ids::CLIENT_ID],
                Field::CertificateId => &[ids::ACCOUNT_ID, ids::CERTIFICATE],
                _ => &[ids::ACCOUNT_ID],
            };
            let again = before.iter().any(|id| entry.id == id.as_str());
            entry.status != Status::Skipped && !(again && entry.status == Status::Pass)
        });
        self.remarks = told.map(Remark::of).collect();
        let failed = |id: &str| {
            report.checks.iter().any(|entry| entry.id == id && entry.status == Status::Fail)
        };
        let bad: Vec<&str> = report
            .checks
            .iter()
            .filter(|entry| matches!(entry.status, Status::Fail | Status::Inconclusive))
            .map(|entry| entry.id.as_str())
            .collect();
        if bad.is_empty() {
            if let Some(account) = &report.target.account_id {
                self.trial.account_id = Some(account.clone());
            }
            if matches!(field, Field::Certificate) {
                self.expected = certificate_id(report);
            }
            self.accept(field);
            return;
        }
        self.remarks.retain(|remark| remark.status != Status::Pass);
        self.awaits = Awaited::Ask(match field {
            Field::PrivateKey | Field::Certificate => Field::Pair,
            Field::ClientSecret if failed(ids::CLIENT_ID.as_str()) => Field::ClientId,
            other => other,
        });
        // How NetSuite derives the ID is concluded, not documented for every kind of certificate.
        self.may_keep = bad == [ids::CERTIFICATE_ID_MATCHES.as_str()];
        if field == Field::ClientSecret {
            self.secret = None;
        }
    }
}

/// The ID that NetSuite derives from the certificate of a report.
pub(super) fn certificate_id(report: &Report) -> Option<CertificateId> {
    let hex = report.target.certificate_sha256.as_ref()?;
    let pair = |at: usize| u8::from_str_radix(hex.get(at * 2..at * 2 + 2)?, 16).ok();
    let bytes: Vec<u8> = (0..32).map(pair).collect::<Option<_>>()?;
    Some(CertificateId::of_bytes(&bytes.try_into().ok()?))
}
