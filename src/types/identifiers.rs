//! The identifiers of a set-up, as NetSuite spells them, and the names of hosts.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

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

impl FromStr for AccountId {
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

/// A Client ID (also called Consumer Key): 64 hexadecimal characters. Source:
/// `auth-protocol.md` 8, four official samples.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ClientId(String);

impl ClientId {
    /// Length of every Client ID seen.
    pub const LENGTH: usize = 64;

    /// Takes an exact value; cleaning up what a person pasted is the check's work.
    ///
    /// # Errors
    /// When the text is not 64 hexadecimal characters.
    pub fn new(text: &str) -> Result<Self, InvalidClientId> {
        let valid = text.len() == Self::LENGTH && text.bytes().all(|b| b.is_ascii_hexdigit());
        if valid { Ok(Self(text.to_owned())) } else { Err(InvalidClientId) }
    }

    /// The whole value, for the assertion and for URLs.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form for reports: `abcd…wxyz`.
    #[must_use]
    pub fn shortened(&self) -> String {
        shorten(&self.0)
    }
}

/// First four and last four characters; anything of twelve characters or less is masked wholly.
#[must_use]
pub fn shorten(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    match chars.as_slice() {
        [a, b, c, d, middle @ .., w, x, y, z] if middle.len() > 4 => {
            format!("{a}{b}{c}{d}…{w}{x}{y}{z}")
        }
        _ => "…".to_owned(),
    }
}

/// Whether a text is what [`shorten`] makes.
#[must_use]
pub fn is_shortened(text: &str) -> bool {
    let plain = |part: &str| part.chars().count() == 4 && super::plain::is_plain(part);
    text == "…" || text.split_once('…').is_some_and(|(a, z)| plain(a) && plain(z))
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientId({})", self.shortened())
    }
}

/// The text is no Client ID.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a Client ID is 64 hexadecimal characters")]
pub struct InvalidClientId;

/// A Certificate ID: 43 base64url characters, 32 bytes. May begin with `-` or `_`.
///
/// Derivation: base64url without padding of SHA-256 over the certificate's DER. Proved on the one
/// certificate that Oracle publishes together with its ID (OH/article_0209112025,
/// `auth-protocol.md` 4.6); not yet on a live account.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CertificateId(String);

impl CertificateId {
    /// Length of every Certificate ID seen.
    pub const LENGTH: usize = 43;

    /// Takes an exact value.
    ///
    /// # Errors
    /// When the text is not the unpadded base64url form of 32 bytes.
    pub fn new(text: &str) -> Result<Self, InvalidCertificateId> {
        match URL_SAFE_NO_PAD.decode(text) {
            Ok(bytes) if bytes.len() == 32 => Ok(Self(text.to_owned())),
            _ => Err(InvalidCertificateId),
        }
    }

    /// The ID that NetSuite derives from a certificate.
    #[must_use]
    pub fn of_certificate(der: &[u8]) -> Self {
        Self::of_bytes(&openssl::sha::sha256(der))
    }

    /// The ID that stands for these bytes, a certificate's SHA-256.
    #[must_use]
    pub fn of_bytes(sha256: &[u8; 32]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(sha256))
    }

    /// The text of the ID.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a command line could take it for an option, or a spreadsheet for a formula.
    #[must_use]
    pub fn starts_with_punctuation(&self) -> bool {
        self.0.starts_with(['-', '_'])
    }
}

impl FromStr for CertificateId {
    type Err = InvalidCertificateId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text)
    }
}

impl fmt::Display for CertificateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CertificateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CertificateId({})", self.0)
    }
}

/// The text is no Certificate ID.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a Certificate ID is 43 characters of A-Z, a-z, 0-9, - and _")]
pub struct InvalidCertificateId;

/// A host name, or an address in the spelling that URLs have. Nothing in it can end the host part
/// of a URL, or be obeyed by a shell.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostName(String);

impl HostName {
    /// The name, in the case in which it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is no host name.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a host name has letters, digits, hyphens, underscores and dots, 253 characters at most")]
pub struct InvalidHostName;

impl FromStr for HostName {
    type Err = InvalidHostName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let address = match inner {
            Some(inner) => inner.parse::<Ipv6Addr>().is_ok(),
            None => text.parse::<IpAddr>().is_ok_and(|address| address.is_ipv4()),
        };
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        // The root's dot may stand at the end.
        let labels = text.strip_suffix('.').unwrap_or(text).split('.').all(label);
        if text.len() <= 253 && (address || labels) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidHostName)
        }
    }
}

/// Bytes as lower-case hexadecimal digits, as Client IDs have them.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| DIGITS.get(usize::from(half)).map_or('0', |digit| char::from(*digit));
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

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

    #[test]
    fn shortens_for_reports() {
        let id = ClientId::new(&"0123456789abcdef".repeat(4)).unwrap();
        assert_eq!(id.shortened(), "0123…cdef");
        assert_eq!(shorten("short"), "…");
        assert!(is_shortened("0123…cdef") && is_shortened("…"));
        assert!(!is_shortened("0123456789abcdef") && !is_shortened("0123…cdef…0123"));
        assert!(!is_shortened("01\n3…cdef"));
        assert_eq!(ClientId::new("abc"), Err(InvalidClientId));
    }

    #[test]
    fn derived_ids_parse() {
        let id = CertificateId::of_certificate(b"anything");
        assert_eq!(id.as_str().len(), CertificateId::LENGTH);
        assert_eq!(CertificateId::new(id.as_str()), Ok(id));
    }

    #[test]
    fn other_shapes_are_refused() {
        for wrong in ["", "custcertificate3", &"A".repeat(42), &"A".repeat(44), &"+".repeat(43)] {
            assert_eq!(CertificateId::new(wrong), Err(InvalidCertificateId), "{wrong:?}");
        }
    }

    #[test]
    fn names_and_addresses() {
        for right in ["localhost", "1234567-sb1.suitetalk.api.netsuite.com", "127.0.0.1", "[::1]"] {
            assert_eq!(right.parse::<HostName>().unwrap().as_str(), right);
        }
        for wrong in ["", ".", "a..b", "a b", "a\nb", "a/b", "a@b", "a:1", "::1", "[a]", "é", "a'b"]
        {
            assert_eq!(wrong.parse::<HostName>(), Err(InvalidHostName), "{wrong:?}");
        }
        assert!(format!("{}.a", "x".repeat(64)).parse::<HostName>().is_err());
    }
}
