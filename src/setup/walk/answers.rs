//! What an answer, or a report on what was answered, means for the walk.

use super::{Awaited, Walk};
use crate::checks::ids;
use crate::credentials::identifiers::clean;
use crate::report::Report;
use crate::report::v1::Status;
use crate::setup::prompt::Remark;
use crate::setup::step::Field;
use crate::setup::typed;
use crate::types::CertificateId;
use crate::types::plain::is_plain;
use crate::types::shown::{shown, shown_path};

/// No value of a set-up is longer; what is, was pasted by mistake.
const LONGEST: usize = 8_000;

impl Walk {
    pub(super) fn answered(&mut self, field: Field, typed: &str) {
        let typed = typed.trim();
        let keeps = self.may_keep && typed.eq_ignore_ascii_case("keep");
        self.heard();
        if typed.len() > LONGEST {
            let long = "That is far longer than any answer here, and was left out.";
            self.remarks.push(Remark::own(long));
            return;
        }
        if keeps {
            self.accept(field);
            return;
        }
        if self.mapper.is_some() && typed.eq_ignore_ascii_case("again") {
            // A sign-in that came to nothing is made again.
            match field {
                Field::AccountId => return self.awaits = Awaited::SignIn,
                Field::CertificateId => return self.awaits = Awaited::ListRoles,
                _ => {}
            }
        }
        match field {
            Field::AccountId | Field::ClientId | Field::CertificateId => self.value(field, typed),
            Field::PrivateKey | Field::Certificate => self.file(field, typed),
            Field::Pair => self.pair(typed),
            Field::Records => self.records(typed),
            Field::FeaturesDone | Field::RoleDone | Field::UserDone | Field::HandedOver => {
                self.confirmed(field, typed);
            }
            Field::MappedRole | Field::MappedEntity => self.chosen(field, typed),
            Field::MappingAgreed => self.agreed(typed),
            Field::Fault => self.about_fault(typed),
            Field::ClientSecret if typed::is_yes(typed) || typed.eq_ignore_ascii_case("skip") => {
                self.accept(field);
            }
            Field::ClientSecret => {}
        }
    }

    fn value(&mut self, field: Field, typed: &str) {
        let value = match field {
            // What came along in copying.
            Field::ClientId | Field::CertificateId => clean(typed).joined().text,
            _ => typed.to_owned(),
        };
        let value = Some(value).filter(|value| !value.is_empty()).or_else(|| self.current(field));
        let Some(value) = value else {
            self.remarks.push(Remark::own("Nothing was typed."));
            return;
        };
        match field {
            Field::AccountId => self.trial.account_id = Some(value),
            Field::ClientId => self.trial.client_id = Some(value),
            _ => self.trial.certificate_id = Some(value),
        }
        self.awaits = Awaited::Judge(field);
    }

    fn file(&mut self, field: Field, typed: &str) {
        if typed.contains("-----BEGIN") {
            let pasted = "That is the text of a key or certificate. Give the path of its file.";
            self.remarks.push(Remark::own(pasted));
            return;
        }
        if !is_plain(typed) {
            let odd = "The path holds characters that a terminal obeys. Rename the file, or type \
                       its path.";
            self.remarks.push(Remark::own(odd));
            return;
        }
        let path = if typed.is_empty() {
            self.current(field).map(Into::into)
        } else {
            Some(typed::path(typed, self.texts.home.as_deref()))
        };
        let Some(path) = path.filter(|path| !path.as_os_str().is_empty()) else {
            self.remarks.push(Remark::own("Nothing was typed."));
            return;
        };
        if field == Field::PrivateKey {
            self.trial.private_key = Some(path);
            // The certificate is judged with the key that it is given for.
            self.trial.certificate = None;
        } else {
            self.trial.certificate = Some(path);
        }
        self.awaits = Awaited::Judge(field);
    }

    fn pair(&mut self, typed: &str) {
        let typed = if typed.is_empty() { self.current(Field::Pair) } else { Some(typed.into()) };
        let typed = typed.unwrap_or_default();
        match typed.to_lowercase().as_str() {
            "new" => self.awaits = Awaited::Make,
            "own" => self.awaits = Awaited::Ask(Field::PrivateKey),
            // Who gives the file already has means their own.
            _ if typed::is_path(&typed) => {
                self.awaits = Awaited::Ask(Field::PrivateKey);
                self.file(Field::PrivateKey, &typed);
            }
            other => {
                let text = format!(
                    "`{}` is neither new nor own. Type new for a new key pair, or own for files you \
                     have.",
                    shown(other)
                );
                self.remarks.push(Remark::own(text));
            }
        }
    }

    fn confirmed(&mut self, field: Field, typed: &str) {
        if !typed::is_yes(typed) {
            let remark = match typed.to_lowercase().as_str() {
                "n" | "no" | "not yet" => {
                    Remark::told("Take your time. Press Enter when it is done.")
                }
                other => Remark::own(format!(
                    "`{}` is no answer here. {}Press Enter, or Y, to go on.",
                    shown(other),
                    way_out(field)
                )),
            };
            self.remarks.push(remark);
        } else if field == Field::HandedOver && !self.sheet().proof.proved {
            self.awaits = Awaited::Finished;
        } else {
            self.accept(field);
        }
    }

    fn records(&mut self, typed: &str) {
        let current = self.current(Field::Records).filter(|_| typed.is_empty());
        match typed::records(&current.unwrap_or_else(|| typed.to_owned()), self.texts.catalogue) {
            Ok(records) => {
                self.trial.records = records.iter().map(ToString::to_string).collect();
                self.accept(Field::Records);
            }
            Err(wrong) => self.remarks.extend(wrong.into_iter().map(Remark::own)),
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
                Field::Certificate => {
                    &[ids::ACCOUNT_ID, ids::PRIVATE_KEY, ids::PRIVATE_KEY_FILE, ids::KEY_STRENGTH]
                }
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
            if field == Field::PrivateKey {
                self.awaits = Awaited::Ask(Field::Certificate);
                return;
            }
            if matches!(field, Field::Pair | Field::Certificate) {
                self.expected = certificate_id(report);
            }
            if let (Field::Pair, Some(key), Some(certificate)) =
                (field, &self.trial.private_key, &self.trial.certificate)
            {
                let made = format!("Made {} and {}.", shown_path(key), shown_path(certificate));
                self.remarks.retain(|remark| remark.status != Status::Pass);
                self.remarks.insert(0, Remark::done(made));
            }
            self.accept(field);
            return;
        }
        self.remarks.retain(|remark| remark.status != Status::Pass);
        self.awaits = Awaited::Ask(match field {
            Field::Certificate if failed(ids::PROFILE_FIT.as_str()) => Field::Pair,
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

/// What can be done where something that a step asks for is not there.
fn way_out(field: Field) -> &'static str {
    match field {
        Field::FeaturesDone => {
            "If a box is missing: an Administrator, or a role with the permission Enable Features, \
             switches features on. What the account's licence does not hold is not listed, and your \
             NetSuite account manager can add it. `netsuite-preflight explain which features` says \
             what each is for. "
        }
        Field::RoleDone => {
            "A permission that is missing from the list belongs to a feature that is off: `step 2`. "
        }
        _ => "",
    }
}

/// The ID that NetSuite derives from the certificate of a report.
pub(super) fn certificate_id(report: &Report) -> Option<CertificateId> {
    let hex = report.target.certificate_sha256.as_ref()?;
    let pair = |at: usize| u8::from_str_radix(hex.get(at * 2..at * 2 + 2)?, 16).ok();
    let bytes: Vec<u8> = (0..32).map(pair).collect::<Option<_>>()?;
    Some(CertificateId::of_bytes(&bytes.try_into().ok()?))
}
