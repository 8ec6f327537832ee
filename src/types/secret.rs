//! Secrets as a type: nothing prints, compares carelessly or serialises one.

use std::fmt;

use zeroize::Zeroizing;

/// What a secret is, for masking and for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretKind {
    /// A private key in any encoding.
    PrivateKey,
    /// The passphrase of an encrypted private key.
    Passphrase,
    /// The Client Secret of the integration record (never used by the exchange).
    ClientSecret,
    /// The signed client assertion of RFC 7523.
    Assertion,
    /// The access token that NetSuite issued.
    AccessToken,
}

impl SecretKind {
    /// The name used in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PrivateKey => "private key",
            Self::Passphrase => "passphrase",
            Self::ClientSecret => "client secret",
            Self::Assertion => "client assertion",
            Self::AccessToken => "access token",
        }
    }
}

/// Bytes that must never be shown. Zeroised when dropped; no `Display`, no `Serialize`.
#[derive(Clone)]
pub struct Secret {
    kind: SecretKind,
    bytes: Zeroizing<Vec<u8>>,
}

impl Secret {
    /// Takes ownership of secret bytes.
    #[must_use]
    pub fn new(kind: SecretKind, bytes: impl Into<Vec<u8>>) -> Self {
        Self { kind, bytes: Zeroizing::new(bytes.into()) }
    }

    /// What this secret is.
    #[must_use]
    pub fn kind(&self) -> SecretKind {
        self.kind
    }

    /// The bytes themselves, for the one place that needs them.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.bytes
    }

    /// The secret as text, where it is valid UTF-8.
    #[must_use]
    pub fn expose_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there are no bytes at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({}, hidden)", self.kind.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_bytes() {
        let secret = Secret::new(SecretKind::Passphrase, "correct horse");
        assert_eq!(format!("{secret:?}"), "Secret(passphrase, hidden)");
        assert_eq!(secret.expose_str(), Some("correct horse"));
    }
}
