//! The account ID and the host names that belong to it.

use std::fmt;

/// What sort of account an ID names. Source: OH/section_1498251763 for production, sandbox and
/// Release Preview; test drive and demo prefixes are observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountKind {
    /// `1234567`
    Production,
    /// `1234567_SB1`
    Sandbox,
    /// `1234567_RP`
    ReleasePreview,
    /// `TSTDRV1234567`
    TestDrive,
    /// `TD1234567`
    Demo,
    /// Letters and digits of no known form.
    Other,
}

impl AccountKind {
    /// The name used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Sandbox => "sandbox",
            Self::ReleasePreview => "release-preview",
            Self::TestDrive => "test-drive",
            Self::Demo => "demo",
            Self::Other => "other",
        }
    }
}

/// One of an account's own services. Source: OH/section_4834765371.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// REST web services and the token endpoint.
    SuiteTalk,
    /// RESTlets and the certificate rotation endpoint.
    Restlets,
    /// The user interface.
    App,
}

/// A validated account ID. Only letters, digits and one separator survive parsing, so no part of
/// it can change the host that is built from it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AccountId {
    base: String,
    suffix: Option<String>,
}

impl AccountId {
    /// Builds an ID from its parts; the parser and tests use this.
    ///
    /// # Errors
    /// When a part is empty, too long or holds anything but ASCII letters and digits.
    pub fn from_parts(base: &str, suffix: Option<&str>) -> Result<Self, InvalidAccountId> {
        let clean = |part: &str| {
            (1..=32).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        // A host name has at most 63 characters between two dots (RFC 1035, 2.3.4).
        let length = base.len() + suffix.map_or(0, |suffix| suffix.len() + 1);
        if !clean(base) || !suffix.is_none_or(clean) || length > 63 {
            return Err(InvalidAccountId);
        }
        Ok(Self { base: base.to_ascii_uppercase(), suffix: suffix.map(str::to_ascii_uppercase) })
    }

    /// The spelling of the account itself, with an underscore: `1234567_SB1`.
    #[must_use]
    pub fn account(&self) -> String {
        match &self.suffix {
            Some(suffix) => format!("{}_{suffix}", self.base),
            None => self.base.clone(),
        }
    }

    /// The spelling inside host names, with a hyphen and lower case: `1234567-sb1`.
    #[must_use]
    pub fn host_label(&self) -> String {
        self.account().replace('_', "-").to_ascii_lowercase()
    }

    /// The host name of a service of this account.
    #[must_use]
    pub fn host(&self, service: Service) -> String {
        let domain = match service {
            Service::SuiteTalk => "suitetalk.api.netsuite.com",
            Service::Restlets => "restlets.api.netsuite.com",
            Service::App => "app.netsuite.com",
        };
        format!("{}.{domain}", self.host_label())
    }

    /// What sort of account this is, judged by the form of the ID.
    #[must_use]
    pub fn kind(&self) -> AccountKind {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let suffix = self.suffix.as_deref().unwrap_or("");
        if suffix.strip_prefix("SB").is_some_and(|n| n.is_empty() || digits(n)) {
            AccountKind::Sandbox
        } else if suffix.strip_prefix("RP").is_some_and(|n| n.is_empty() || digits(n)) {
            AccountKind::ReleasePreview
        } else if !suffix.is_empty() {
            AccountKind::Other
        } else if digits(&self.base) {
            AccountKind::Production
        } else if self.base.strip_prefix("TSTDRV").is_some_and(digits) {
            AccountKind::TestDrive
        } else if self.base.strip_prefix("TD").is_some_and(digits) {
            AccountKind::Demo
        } else {
            AccountKind::Other
        }
    }
}

impl std::str::FromStr for AccountId {
    type Err = InvalidAccountId;

    /// Reads one of the two proper spellings; anything else a person might paste is not for this
    /// type to understand.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(['_', '-']) {
            Some((base, suffix)) => Self::from_parts(base, Some(suffix)),
            None => Self::from_parts(text, None),
        }
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.account())
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountId({})", self.account())
    }
}

/// The parts cannot form an account ID.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("an account ID has letters and digits only, with at most one suffix such as _SB1")]
pub struct InvalidAccountId;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings() {
        let id = AccountId::from_parts("1234567", Some("sb1")).unwrap();
        assert_eq!(id.account(), "1234567_SB1");
        assert_eq!(id.host(Service::SuiteTalk), "1234567-sb1.suitetalk.api.netsuite.com");
        assert_eq!(id.kind(), AccountKind::Sandbox);
    }

    #[test]
    fn kinds_by_form() {
        let kind = |base: &str, suffix| AccountId::from_parts(base, suffix).unwrap().kind();
        assert_eq!(kind("1234567", None), AccountKind::Production);
        assert_eq!(kind("1234567", Some("RP")), AccountKind::ReleasePreview);
        assert_eq!(kind("TSTDRV1234567", None), AccountKind::TestDrive);
        assert_eq!(kind("TD2950894", None), AccountKind::Demo);
        assert_eq!(kind("acme", None), AccountKind::Other);
        assert_eq!(kind("1234567", Some("XY9")), AccountKind::Other);
    }

    #[test]
    fn nothing_that_could_change_the_host() {
        for hostile in ["", "a.b", "a/b", "a@b", "a#b", "a?b", "a_b", "é", "1 2", "1\n2"] {
            assert_eq!(AccountId::from_parts(hostile, None), Err(InvalidAccountId), "{hostile:?}");
        }
    }
}
