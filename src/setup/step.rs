//! The steps of the walk and the values that each takes.

use std::str::FromStr;

use strum::VariantArray as _;

use super::store::Draft;
use crate::checks::ids;
use crate::engine::CheckId;
use crate::types::shown::shown;

/// A step of the walk.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::VariantArray,
    strum::IntoStaticStr,
    strum::Display,
)]
#[strum(serialize_all = "kebab-case")]
pub enum SetupStep {
    /// Which account.
    Account,
    /// The features of the account.
    Features,
    /// Private key and certificate.
    Key,
    /// The integration record.
    Integration,
    /// The role and its permissions.
    Role,
    /// Certificate, user, role and integration record together.
    Mapping,
    /// The checklist, for the first time.
    Check,
    /// What the integration is given.
    HandOver,
}

/// No step has this name.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{}` is no step; the steps are {}", shown(given), SetupStep::names())]
pub struct UnknownStep {
    given: String,
}

impl SetupStep {
    /// The name, as `--from` and the configuration file have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    fn names() -> String {
        Self::VARIANTS.iter().map(|step| step.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The step of that name or number.
    #[must_use]
    pub fn called(word: &str) -> Option<Self> {
        let number = || word.parse::<usize>().ok();
        word.parse().ok().or_else(|| {
            let number = number()?;
            Self::VARIANTS.iter().copied().find(|step| step.number() == number)
        })
    }

    /// The number of the step, from 1.
    #[must_use]
    pub fn number(self) -> usize {
        Self::VARIANTS.iter().take_while(|step| **step != self).count() + 1
    }

    /// The step after this one.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::VARIANTS.get(self.number()).copied()
    }

    /// The step before this one.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        self.number().checked_sub(2).and_then(|at| Self::VARIANTS.get(at)).copied()
    }

    /// The steps whose values this one cannot do without.
    #[must_use]
    pub fn needs(self) -> &'static [Self] {
        match self {
            Self::Account | Self::Features | Self::Key | Self::Integration | Self::Role => &[],
            Self::Mapping => &[Self::Key],
            Self::HandOver | Self::Check => {
                &[Self::Account, Self::Key, Self::Integration, Self::Mapping]
            }
        }
    }

    /// Whether the values of the step are there.
    #[must_use]
    pub fn has_values(self, draft: &Draft) -> bool {
        match self {
            Self::Account => draft.account_id.is_some(),
            Self::Key => draft.private_key.is_some() && draft.certificate.is_some(),
            Self::Integration => draft.client_id.is_some(),
            Self::Mapping => draft.certificate_id.is_some(),
            Self::Features | Self::Role | Self::HandOver | Self::Check => true,
        }
    }

    /// The first thing to ask in it; the first check and the sheet begin with work.
    pub(super) fn first_field(self) -> Option<Field> {
        match self {
            Self::Account => Some(Field::AccountId),
            Self::Features => Some(Field::FeaturesDone),
            Self::Key => Some(Field::Pair),
            Self::Integration => Some(Field::ClientId),
            Self::Role => Some(Field::Records),
            Self::Mapping => Some(Field::CertificateId),
            Self::Check | Self::HandOver => None,
        }
    }
}

impl FromStr for SetupStep {
    type Err = UnknownStep;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::VARIANTS.iter().copied().find(|step| step.as_str() == text);
        found.ok_or_else(|| UnknownStep { given: text.to_owned() })
    }
}

/// One thing that is asked.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::VariantArray,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Field {
    AccountId,
    FeaturesDone,
    Pair,
    PrivateKey,
    Certificate,
    ClientId,
    ClientSecret,
    Records,
    RoleDone,
    UserDone,
    CertificateId,
    /// The role of a mapping that the sign-in of an administrator makes.
    MappedRole,
    /// The user of it.
    MappedEntity,
    /// Whether it is made.
    MappingAgreed,
    Fault,
    HandedOver,
}

impl Field {
    /// Its name in the guide.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The step it belongs to.
    #[must_use]
    pub fn step(self) -> SetupStep {
        match self {
            Self::AccountId => SetupStep::Account,
            Self::FeaturesDone => SetupStep::Features,
            Self::Pair | Self::PrivateKey | Self::Certificate => SetupStep::Key,
            Self::ClientId | Self::ClientSecret => SetupStep::Integration,
            Self::Records | Self::RoleDone | Self::UserDone => SetupStep::Role,
            Self::CertificateId | Self::MappedRole | Self::MappedEntity | Self::MappingAgreed => {
                SetupStep::Mapping
            }
            Self::HandedOver => SetupStep::HandOver,
            Self::Fault => SetupStep::Check,
        }
    }

    /// The question before this one in the same step.
    pub(super) fn before(self) -> Option<Self> {
        match self {
            Self::PrivateKey => Some(Self::Pair),
            Self::Certificate => Some(Self::PrivateKey),
            Self::ClientSecret => Some(Self::ClientId),
            Self::RoleDone => Some(Self::Records),
            Self::UserDone => Some(Self::RoleDone),
            Self::MappedEntity => Some(Self::MappedRole),
            Self::MappingAgreed => Some(Self::MappedEntity),
            _ => None,
        }
    }

    /// The checks that judge what was answered.
    #[must_use]
    pub fn checks(self) -> &'static [CheckId] {
        match self {
            Self::AccountId => &[ids::ACCOUNT_ID],
            Self::PrivateKey => &[ids::PRIVATE_KEY, ids::PRIVATE_KEY_FILE, ids::KEY_STRENGTH],
            Self::Pair | Self::Certificate => &[
                ids::PRIVATE_KEY,
                ids::PRIVATE_KEY_FILE,
                ids::KEY_STRENGTH,
                ids::CERTIFICATE,
                ids::CERTIFICATE_KEY,
                ids::CERTIFICATE_VALIDITY,
                ids::CERTIFICATE_EXPIRY,
                ids::CERTIFICATE_SIGNATURE,
                ids::KEY_MATCHES_CERTIFICATE,
                ids::PROFILE_FIT,
            ],
            Self::ClientId => &[ids::CLIENT_ID],
            Self::ClientSecret => &[ids::CLIENT_ID, ids::CLIENT_SECRET],
            Self::CertificateId => &[ids::CERTIFICATE_ID, ids::CERTIFICATE_ID_MATCHES],
            Self::FeaturesDone
            | Self::Records
            | Self::RoleDone
            | Self::UserDone
            | Self::MappedRole
            | Self::MappedEntity
            | Self::MappingAgreed
            | Self::Fault
            | Self::HandedOver => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_walked_in_order_and_back() {
        let mut step = SetupStep::Account;
        let mut walked = vec![step];
        while let Some(next) = step.next() {
            assert_eq!(next.before(), Some(step));
            walked.push(next);
            step = next;
        }
        assert_eq!(walked, SetupStep::VARIANTS);
        assert_eq!(SetupStep::Account.before(), None);
    }

    #[test]
    fn names_are_read_back() {
        for step in SetupStep::VARIANTS.iter().copied() {
            assert_eq!(step.as_str().parse(), Ok(step));
            assert!(step.needs().iter().all(|need| *need < step), "{step}");
        }
        let unknown = "mappping".parse::<SetupStep>().unwrap_err().to_string();
        assert!(unknown.contains("mapping, check, hand-over"), "{unknown}");
    }
}
