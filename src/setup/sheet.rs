//! The hand-over sheet: what the integration is given, and what is proved of it. Holds no secret.

use jiff::Timestamp;

use crate::credentials::identifiers::read_account_id;
use crate::netsuite::profiles::{FormValue, HandOver, Profile, usual_fields};
use crate::report::Report;
use crate::report::v1::{CheckEntry, Overall, Status};
use crate::report::words::unasked;
use crate::setup::store::Draft;
use crate::types::Service;

/// What the integration is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The product, where a profile is named.
    pub product: Option<String>,
    /// Where its fields are known from, and when that was looked up.
    pub source: Option<String>,
    /// What is proved of the values.
    pub proof: Proof,
    /// Its fields, in the form's own order.
    pub fields: Vec<SheetField>,
    /// What to do with them in the product, in order.
    pub after: Vec<String>,
}

/// One field of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetField {
    /// As the form names it.
    pub name: String,
    /// What to enter, or the path of the file; none for a secret that is not kept.
    pub value: Option<String>,
    /// Where the value comes from.
    pub from: String,
    /// What to do with it.
    pub action: String,
}

/// What is proved of the values of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Whether NetSuite let the integration in with them, and nothing failed.
    pub proved: bool,
    /// What was seen, in sentences.
    pub said: Vec<String>,
}

impl Proof {
    /// What a check proved; none was made where there is no report.
    #[must_use]
    pub fn of(report: Option<&Report>) -> Self {
        let Some(report) = report else {
            let said = "These values were not checked against NetSuite.".to_owned();
            return Self { proved: false, said: vec![said] };
        };
        let proved = matches!(report.summary.verdict, Overall::Pass | Overall::Warn);
        // Minutes are enough for a sheet of paper.
        let at = report.run.finished_at.timestamp().strftime("%Y-%m-%d %H:%M UTC").to_string();
        let named = |wanted: &[Status]| {
            // Record types of one outcome are counted: there can be hundreds. What only a person's
            // sign-in could tell nobody misses here.
            let mut found: Vec<(&str, Vec<String>)> = Vec::new();
            let told = |check: &&CheckEntry| wanted.contains(&check.status) && !unasked(check);
            for check in report.checks.iter().filter(told) {
                match found.iter_mut().find(|(id, _)| *id == check.id) {
                    Some((_, names)) => names.push(check.name()),
                    None => found.push((&check.id, vec![check.name()])),
                }
            }
            let told = found.into_iter().map(|(id, names)| match names.as_slice() {
                [one] => one.clone(),
                many => format!("{id} ({} times)", many.len()),
            });
            told.collect::<Vec<_>>().join(", ")
        };
        let passed = report.summary.counts.pass;
        let mut said = vec![match proved {
            true => format!("Checked {at}: NetSuite took these values; {passed} checks passed."),
            false => format!("Checked {at}: the check did not pass."),
        }];
        for (words, wanted) in [
            ("Failed", &[Status::Fail][..]),
            ("Not decided", &[Status::Inconclusive]),
            ("Warnings", &[Status::Warn]),
            ("Not checked", &[Status::Skipped]),
        ] {
            let names = named(wanted);
            if !names.is_empty() {
                said.push(format!("{words}: {names}."));
            }
        }
        Self { proved, said }
    }

    /// What a rotation proved: NetSuite issued a token for the new key.
    #[must_use]
    pub fn of_rotation(at: Timestamp) -> Self {
        let at = at.strftime("%Y-%m-%d %H:%M UTC");
        let said = [
            format!("Checked {at}: NetSuite issued a token for the new key."),
            "New are the Certificate ID and the private key. The other values stay as they are."
                .to_owned(),
            "Not checked: record types, which the role decides as before.".to_owned(),
        ];
        Self { proved: true, said: said.to_vec() }
    }
}

impl Sheet {
    /// The sheet for these values: the fields of the profile, or those that every integration needs
    /// in some form.
    #[must_use]
    pub fn of(draft: &Draft, profile: Option<&Profile>, proof: Proof) -> Self {
        let known = profile.map(Profile::fields).filter(|fields| !fields.is_empty());
        let fields = known.unwrap_or_else(usual_fields);
        let field = |line: HandOver| SheetField {
            value: value(line.value, draft, profile),
            name: line.field,
            from: line.from,
            action: line.action,
        };
        let after = |profile: &Profile| -> Vec<String> {
            profile.after.iter().map(|after| after.text.clone()).collect()
        };
        Self {
            product: profile.map(|profile| profile.name.clone()),
            source: profile.map(|profile| format!("{}, {}", profile.source, profile.date)),
            proof,
            fields: fields.into_iter().map(field).collect(),
            after: profile.map(after).unwrap_or_default(),
        }
    }

    /// Whom the values are for.
    #[must_use]
    pub fn whom(&self) -> &str {
        self.product.as_deref().unwrap_or("the integration")
    }

    /// What the sheet is called, with what is proved of it.
    #[must_use]
    pub fn title(&self) -> String {
        let proved = if self.proof.proved { "checked" } else { "NOT PROVED" };
        format!("Values for {} ({proved})", self.whom())
    }
}

/// What is entered into the field; none for the Client Secret, which is not kept.
fn value(value: FormValue, draft: &Draft, profile: Option<&Profile>) -> Option<String> {
    let account = || draft.account_id.as_deref().and_then(|text| read_account_id(text).ok());
    match value {
        FormValue::AccountId => draft.account_id.clone(),
        FormValue::AccountIdInUrl => account().map(|account| account.id.host_label()),
        FormValue::AccountUrl => {
            account().map(|account| format!("https://{}", account.id.host(Service::SuiteTalk)))
        }
        FormValue::ClientId => draft.client_id.clone(),
        FormValue::CertificateId => draft.certificate_id.clone(),
        FormValue::PrivateKey | FormValue::PrivateKeyPath => {
            draft.private_key.as_ref().map(|path| path.display().to_string())
        }
        FormValue::Scope => {
            let scopes = profile.map(|profile| &profile.scopes).filter(|list| !list.is_empty())?;
            Some(scopes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        }
        FormValue::ClientSecret | FormValue::Algorithm => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::netsuite::profiles::{find, profiles};
    use crate::report::samples;

    use super::*;

    fn sheet(profile: Option<&str>, proof: Proof) -> Sheet {
        let profile = profile.map(|name| find(profiles(), name).unwrap());
        Sheet::of(&Draft::default(), profile, proof)
    }

    #[test]
    fn fields_are_named_as_the_form_names_them() {
        let names = |sheet: &Sheet| -> Vec<String> {
            sheet.fields.iter().map(|field| field.name.clone()).collect()
        };
        let alchemer = sheet(Some("alchemer"), Proof::of(None));
        let form = ["Account ID", "Client ID", "Client Secret", "Certificate ID", "Private Key"];
        assert_eq!(names(&alchemer), form);
        assert!(alchemer.after[0].contains("New Authentication"), "{:?}", alchemer.after);
        let usual = sheet(None, Proof::of(None));
        assert!(!names(&usual).contains(&"Client Secret".to_owned()));
        assert!(usual.after.is_empty() && usual.fields.iter().all(|field| !field.from.is_empty()));
        let scope = sheet(Some("snaplogic"), Proof::of(None)).fields.remove(1);
        assert_eq!(scope.value.as_deref(), Some("rest_webservices"));
    }

    #[test]
    fn a_rotation_says_what_is_new() {
        let proof = Proof::of_rotation("2026-11-28T10:00:00Z".parse().unwrap());
        let said = sheet(Some("alchemer"), proof).proof.said.join(" ");
        assert!(said.contains("2026-11-28 10:00 UTC") && said.contains("New are"), "{said}");
    }

    #[test]
    fn what_is_not_proved_is_said() {
        assert!(sheet(None, Proof::of(None)).title().ends_with("(NOT PROVED)"));
        let failed = samples::report();
        let proof = Proof::of(Some(&failed));
        assert!(!proof.proved);
        let names = proof.said.iter().find(|line| line.starts_with("Failed: ")).unwrap();
        let first = failed.checks.iter().find(|check| check.status == Status::Fail).unwrap();
        assert!(names.contains(&first.name()), "{names}");
    }
}
