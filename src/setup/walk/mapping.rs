//! The mapping that the sign-in of an administrator makes: role and user chosen from what the account
//! lists, shown, and made after a yes.

use super::{Awaited, Walk};
use crate::probes::certificates::Combination;
use crate::probes::inside::choice::{Choice, Choices};
use crate::setup::prompt::{Copyable, Remark, Response};
use crate::setup::step::Field;
use crate::types::ClientId;
use crate::types::shown::shown;

/// What a mapping is made for, as far as it is chosen.
#[derive(Debug, Clone, Default)]
pub(super) struct Mapper {
    roles: Choices,
    role: Option<i64>,
    entities: Choices,
    entity: Option<i64>,
}

impl Walk {
    /// The step begins with the list of roles, or, without a sign-in, on the page of NetSuite.
    pub(super) fn mapping_begins(&self) -> Awaited {
        match self.mapper {
            Some(_) => Awaited::ListRoles,
            None => Awaited::Ask(Field::CertificateId),
        }
    }

    /// Takes what the account lists, or what came of the mapping.
    pub(super) fn mapping_goes_on(&mut self, event: Response) {
        let (Some(mapper), before) = (&mut self.mapper, self.awaits.clone()) else { return };
        match (before, event) {
            (Awaited::ListRoles, Response::Listed(roles)) if roles.rows.is_empty() => {
                let none = "The account lists no active role with Log in using OAuth 2.0 Access \
                            Tokens that may be seen.";
                self.by_hand(none);
            }
            (Awaited::ListRoles, Response::Listed(roles)) => {
                *mapper = Mapper { roles, ..Mapper::default() };
                self.awaits = Awaited::Ask(Field::MappedRole);
            }
            (Awaited::ListEntities(role), Response::Listed(entities))
                if entities.rows.is_empty() =>
            {
                let none = format!(
                    "No active employee with access has the role {role}. Assign it on the record \
                     of the user, subtab Access, or choose another role."
                );
                self.refuse(Field::MappedRole, none);
            }
            (Awaited::ListEntities(_), Response::Listed(entities)) => {
                mapper.entities = entities;
                self.awaits = Awaited::Ask(Field::MappedEntity);
            }
            (Awaited::Map(_), Response::Mapped(id)) => {
                self.trial.certificate_id = Some(id);
                self.awaits = Awaited::Judge(Field::CertificateId);
            }
            (_, Response::Refused(why)) => self.by_hand(&why),
            _ => {}
        }
    }

    /// What the sign-in does not bring can still be done on the page of NetSuite.
    fn by_hand(&mut self, why: &str) {
        self.refuse(Field::CertificateId, why.to_owned());
        let way = "Make the mapping on the page, as said below; or type again, to sign in again.";
        self.remarks.push(Remark::told(way));
    }

    pub(super) fn chosen(&mut self, field: Field, typed: &str) {
        let typed = if typed.is_empty() { self.current(field) } else { Some(typed.to_owned()) };
        let typed = typed.unwrap_or_default();
        let id = typed.parse::<i64>().ok().filter(|id| *id > 0);
        let listed = self.listed(field);
        let known = |id: &i64| listed.more || listed.rows.iter().any(|row| row.id == *id);
        let Some(id) = id.filter(known) else {
            let text = format!("`{}` is none of the IDs in the list.", shown(&typed));
            self.remarks.push(Remark::own(text));
            return;
        };
        let Some(mapper) = &mut self.mapper else { return };
        if field == Field::MappedRole {
            mapper.role = Some(id);
            mapper.entity = None;
            self.awaits = Awaited::ListEntities(id);
        } else {
            mapper.entity = Some(id);
            self.awaits = Awaited::Ask(Field::MappingAgreed);
        }
    }

    /// Only yes is yes here: what follows changes the account.
    pub(super) fn agreed(&mut self, typed: &str) {
        let mapper = self.mapper.as_ref();
        let chosen =
            mapper.and_then(|own| Some(Combination { role: own.role?, entity: own.entity? }));
        match (typed.to_lowercase().as_str(), chosen) {
            ("y" | "yes", Some(combination)) => self.awaits = Awaited::Map(combination),
            ("n" | "no", _) | (_, None) => {
                self.remarks = vec![Remark::done("Nothing was sent.")];
                self.awaits = Awaited::Ask(Field::MappedRole);
            }
            _ => self.remarks.push(Remark::own("Type yes or no.")),
        }
    }

    fn listed(&self, field: Field) -> Choices {
        let mapper = self.mapper.as_ref();
        let of = |mapper: &Mapper| match field {
            Field::MappedRole => mapper.roles.clone(),
            Field::MappedEntity => mapper.entities.clone(),
            _ => Choices::default(),
        };
        mapper.map(of).unwrap_or_default()
    }

    /// What there is to choose from.
    pub(super) fn choices(&self, field: Field) -> Vec<Choice> {
        self.listed(field).rows
    }

    /// Where only one fits, Enter takes it.
    pub(super) fn only_choice(&self, field: Field) -> Option<String> {
        let listed = self.listed(field);
        let [only] = listed.rows.as_slice() else { return None };
        (!listed.more).then(|| only.id.to_string())
    }

    /// The parts of the mapping, as they are agreed to.
    pub(super) fn to_be_made(&self) -> Vec<Copyable> {
        let client_id = self.draft.client_id.as_deref().and_then(|id| ClientId::new(id).ok());
        let parts = [
            ("Account", self.draft.account_id.clone()),
            ("Role", self.chosen_name(Field::MappedRole)),
            ("Entity", self.chosen_name(Field::MappedEntity)),
            ("Application", client_id.map(|id| format!("Client ID {}", id.shortened()))),
            ("Certificate ID", self.expected.as_ref().map(ToString::to_string)),
        ];
        let part = |(name, value): (&str, Option<String>)| {
            Some(Copyable { name: name.to_owned(), value: value? })
        };
        parts.into_iter().filter_map(part).collect()
    }

    /// What was chosen, by its name and ID.
    fn chosen_name(&self, field: Field) -> Option<String> {
        let mapper = self.mapper.as_ref()?;
        let id = if field == Field::MappedRole { mapper.role? } else { mapper.entity? };
        let listed = self.listed(field);
        let name = listed.rows.into_iter().find(|row| row.id == id).and_then(|row| row.name);
        Some(name.map_or_else(|| id.to_string(), |name| format!("{name} (ID {id})")))
    }
}
