//! What somebody handed over, whatever it should have been.

/// The kinds of things that people give as a private key or a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::VariantArray)]
pub enum GivenThing {
    /// Private key, PKCS#8 (`PRIVATE KEY`).
    Pkcs8,
    /// Private key, PKCS#8, encrypted (`ENCRYPTED PRIVATE KEY`).
    EncryptedPkcs8,
    /// RSA private key, PKCS#1 (`RSA PRIVATE KEY`).
    Pkcs1,
    /// EC private key, SEC 1 (`EC PRIVATE KEY`).
    Sec1,
    /// Private key encrypted in the old way of OpenSSL (`Proc-Type: 4,ENCRYPTED`).
    LegacyEncrypted,
    /// DSA private key in its old form (`DSA PRIVATE KEY`).
    DsaPrivateKey,
    /// X.509 certificate.
    Certificate,
    /// Certificate with OpenSSL's trust settings (`TRUSTED CERTIFICATE`).
    TrustedCertificate,
    /// Certificate signing request.
    CertificateRequest,
    /// Certificate revocation list.
    RevocationList,
    /// Bare public key (`PUBLIC KEY`).
    PublicKey,
    /// Bare RSA public key, PKCS#1 (`RSA PUBLIC KEY`).
    RsaPublicKey,
    /// Curve parameters alone (`EC PARAMETERS`).
    EcParameters,
    /// Diffie-Hellman or DSA parameters.
    OtherParameters,
    /// PKCS#7 bundle, `.p7b`.
    Pkcs7,
    /// PKCS#12 bundle, `.p12` or `.pfx`.
    Pkcs12,
    /// Java key store.
    JavaKeyStore,
    /// OpenSSH private key.
    OpenSshPrivateKey,
    /// SSH public key.
    SshPublicKey,
    /// PuTTY key file, `.ppk`.
    PuttyKey,
    /// PGP key or message.
    Pgp,
    /// JSON Web Key or key set.
    Jwk,
    /// JSON Web Token.
    Jwt,
    /// Key in the XML form of .NET.
    XmlKey,
    /// JSON of another kind.
    Json,
    /// A web page.
    Html,
    /// The path of a file in place of its contents.
    Path,
    /// Hexadecimal characters, as in a Client Secret or token secret.
    HexToken,
    /// Other text.
    Text,
    /// A PEM block of another kind.
    OtherPem,
    /// A DER structure of another kind.
    OtherDer,
    /// Bytes of no known kind.
    Binary,
    /// Nothing but white space.
    Blank,
    /// No bytes at all.
    Empty,
    /// More than the most that is read.
    TooLarge,
}

impl GivenThing {
    /// What it is, with its article, for the middle of a sentence.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pkcs8 => "a private key (PKCS#8)",
            Self::EncryptedPkcs8 => "an encrypted private key (PKCS#8)",
            Self::Pkcs1 => "an RSA private key (PKCS#1)",
            Self::Sec1 => "an EC private key (SEC 1)",
            Self::LegacyEncrypted => "a private key encrypted in OpenSSL's old way",
            Self::DsaPrivateKey => "a DSA private key",
            Self::Certificate => "a certificate",
            Self::TrustedCertificate => "a certificate with OpenSSL's trust settings",
            Self::CertificateRequest => "a certificate signing request (CSR)",
            Self::RevocationList => "a certificate revocation list (CRL)",
            Self::PublicKey => "a bare public key",
            Self::RsaPublicKey => "a bare RSA public key",
            Self::EcParameters => "a block of curve parameters (EC PARAMETERS)",
            Self::OtherParameters => "a block of key parameters",
            Self::Pkcs7 => "a PKCS#7 bundle (.p7b)",
            Self::Pkcs12 => "a PKCS#12 bundle (.p12 or .pfx)",
            Self::JavaKeyStore => "a Java key store",
            Self::OpenSshPrivateKey => "an OpenSSH private key",
            Self::SshPublicKey => "an SSH public key",
            Self::PuttyKey => "a PuTTY key file (.ppk)",
            Self::Pgp => "a PGP key or message",
            Self::Jwk => "a JSON Web Key",
            Self::Jwt => "a JSON Web Token",
            Self::XmlKey => "a key in the XML form of .NET",
            Self::Json => "a JSON document",
            Self::Html => "a web page",
            Self::Path => "the path of a file in place of its contents",
            Self::HexToken => "a row of hexadecimal characters",
            Self::Text => "text that is no key and no certificate",
            Self::OtherPem => "a PEM block of another kind",
            Self::OtherDer => "a binary (DER) structure of another kind",
            Self::Binary => "binary data of no known kind",
            Self::Blank => "nothing but white space",
            Self::Empty => "nothing: it is empty",
            Self::TooLarge => "more than a megabyte of data",
        }
    }

    /// Whether it is a private key in a form that can be loaded, perhaps with a passphrase.
    #[must_use]
    pub fn is_private_key(self) -> bool {
        matches!(
            self,
            Self::Pkcs8
                | Self::EncryptedPkcs8
                | Self::Pkcs1
                | Self::Sec1
                | Self::LegacyEncrypted
                | Self::DsaPrivateKey
        )
    }

    /// Whether it holds, or may hold, a private key in any form at all. Such a thing must never be
    /// uploaded or sent to anybody.
    #[must_use]
    pub fn may_hold_a_private_key(self) -> bool {
        self.is_private_key()
            || matches!(
                self,
                Self::Pkcs12
                    | Self::JavaKeyStore
                    | Self::OpenSshPrivateKey
                    | Self::PuttyKey
                    | Self::Jwk
                    | Self::XmlKey
            )
    }

    /// Whether it is a certificate.
    #[must_use]
    pub fn is_certificate(self) -> bool {
        matches!(self, Self::Certificate | Self::TrustedCertificate)
    }
}
