//! What somebody handed over, whatever it should have been: named by the label of its PEM, by the form
//! of its DER, or by the look of its text.

use crate::credentials::der::{self, BIT_STRING, DerElement, INTEGER, OCTET_STRING, OID, SEQUENCE};

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
    /// Java key store: JKS, JCEKS or BKS.
    JavaKeyStore,
    /// OpenSSH private key.
    OpenSshPrivateKey,
    /// SSH public key.
    SshPublicKey,
    /// PuTTY key file, `.ppk`.
    PuttyKey,
    /// PGP signature.
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
    /// Database of Firefox or NSS with keys and certificates (`key4.db`, `cert9.db`).
    NssDatabase,
    /// Keychain of macOS.
    Keychain,
    /// Private key in Microsoft's form PVK.
    PvkKey,
    /// Private key as CryptoAPI keeps it (MSBLOB).
    WindowsPrivateBlob,
    /// Private key as CNG keeps it.
    CngPrivateBlob,
    /// Public key as Windows keeps it.
    WindowsPublicBlob,
    /// Private key of ssh.com's programs.
    SshComPrivateKey,
    /// Private key of the program age.
    AgeIdentity,
    /// Public key of the program age.
    AgeRecipient,
    /// File encrypted with age.
    AgeFile,
    /// File encrypted with Ansible Vault.
    AnsibleVault,
    /// File with values encrypted by SOPS.
    SopsFile,
    /// File encrypted with git-crypt.
    GitCryptFile,
    /// File encrypted with `openssl enc`.
    OpensslEncryptedFile,
    /// Data that Windows encrypted for one user (DPAPI).
    DpapiBlob,
    /// Secret of Kubernetes, in YAML or JSON.
    KubernetesSecret,
    /// File compressed with gzip.
    Gzip,
    /// Zip archive.
    Zip,
    /// Archive or compressed file of another kind.
    OtherArchive,
    /// SQLite database.
    SqliteDatabase,
    /// Rich text (RTF).
    Rtf,
    /// Document of Word or another office program.
    OfficeDocument,
    /// PDF document.
    Pdf,
    /// Image.
    Image,
    /// Address in a secret store, in place of the secret.
    Reference,
    /// Name of a variable, in place of its value.
    Placeholder,
    /// Asterisks or a word in place of a secret.
    Masked,
    /// Pointer of Git LFS, in place of the file.
    GitLfsPointer,
    /// Bytes printed in hexadecimal, with offsets.
    HexDump,
    /// DER that was read as text and written again.
    MangledDer,
    /// What `openssl x509 -text` prints.
    PrintedCertificate,
    /// What `openssl pkey -text` prints.
    PrintedKey,
    /// PGP private key.
    PgpPrivateKey,
    /// PGP public key.
    PgpPublicKey,
    /// Encrypted PGP message.
    PgpMessage,
    /// JSON Web Key or key set without a private number.
    JwkPublic,
    /// Public key in the XML form of .NET.
    XmlPublicKey,
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
            Self::JavaKeyStore => "a Java key store (JKS, JCEKS)",
            Self::OpenSshPrivateKey => "an OpenSSH private key",
            Self::SshPublicKey => "an SSH public key",
            Self::PuttyKey => "a PuTTY key file (.ppk)",
            Self::Pgp => "a PGP signature",
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
            Self::NssDatabase => "a database of Firefox or NSS (key4.db, cert9.db)",
            Self::Keychain => "a keychain of macOS",
            Self::PvkKey => "a private key in Microsoft's form PVK",
            Self::WindowsPrivateBlob => "a private key blob of Windows (MSBLOB)",
            Self::CngPrivateBlob => "a private key blob of Windows (CNG)",
            Self::WindowsPublicBlob => "a public key blob of Windows",
            Self::SshComPrivateKey => "a private key in the form of ssh.com (SSH2)",
            Self::AgeIdentity => "an age identity, the private key of the program age",
            Self::AgeRecipient => "an age recipient, a public key of the program age",
            Self::AgeFile => "a file encrypted with age",
            Self::AnsibleVault => "a file encrypted with Ansible Vault",
            Self::SopsFile => "a file encrypted with SOPS",
            Self::GitCryptFile => "a file encrypted with git-crypt",
            Self::OpensslEncryptedFile => "a file encrypted with openssl enc",
            Self::DpapiBlob => "data that Windows encrypted for one user (DPAPI)",
            Self::KubernetesSecret => "a Kubernetes Secret",
            Self::Gzip => "a file compressed with gzip",
            Self::Zip => "a zip archive",
            Self::OtherArchive => "an archive or compressed file",
            Self::SqliteDatabase => {
                "a SQLite database, the form in which Firefox and NSS keep keys"
            }
            Self::Rtf => "a rich text document (RTF)",
            Self::OfficeDocument => "a document of Word or another office program",
            Self::Pdf => "a PDF document",
            Self::Image => "an image",
            Self::Reference => "a reference to a secret store that nobody resolved",
            Self::Placeholder => "a placeholder, a reference to a variable that nobody resolved",
            Self::Masked => "a mask that hides a secret, a reference that nobody resolved",
            Self::GitLfsPointer => "a pointer of Git LFS, in place of the file itself",
            Self::HexDump => "a dump of a file in hexadecimal",
            Self::MangledDer => {
                "binary data (DER) that a program read as text and wrote again, which destroyed it"
            }
            Self::PrintedCertificate => {
                "the readable text of a certificate (openssl x509 -text), without the certificate itself"
            }
            Self::PrintedKey => {
                "the readable numbers of a private key (openssl pkey -text), without the key itself"
            }
            Self::PgpPrivateKey => "a PGP private key",
            Self::PgpPublicKey => "a PGP public key",
            Self::PgpMessage => "a PGP message",
            Self::JwkPublic => "a public JSON Web Key",
            Self::XmlPublicKey => "a public key in the XML form of .NET",
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

    /// Whether it is a private key in any form at all.
    #[must_use]
    pub fn is_private_in_any_form(self) -> bool {
        self.is_private_key()
            || matches!(
                self,
                Self::OpenSshPrivateKey
                    | Self::PuttyKey
                    | Self::Jwk
                    | Self::XmlKey
                    | Self::PvkKey
                    | Self::WindowsPrivateBlob
                    | Self::CngPrivateBlob
                    | Self::SshComPrivateKey
                    | Self::AgeIdentity
                    | Self::PrintedKey
                    | Self::PgpPrivateKey
            )
    }

    /// Whether it holds, or may hold, a private key in any form at all. Such a thing must never be
    /// uploaded or sent to anybody.
    #[must_use]
    pub fn may_hold_a_private_key(self) -> bool {
        self.is_private_in_any_form()
            || matches!(
                self,
                Self::Pkcs12
                    | Self::JavaKeyStore
                    | Self::AgeFile
                    | Self::AnsibleVault
                    | Self::SopsFile
                    | Self::GitCryptFile
                    | Self::OpensslEncryptedFile
                    | Self::DpapiBlob
                    | Self::KubernetesSecret
                    | Self::Gzip
                    | Self::Zip
                    | Self::OtherArchive
                    | Self::PgpMessage
                    | Self::NssDatabase
                    | Self::SqliteDatabase
                    | Self::Keychain
            )
    }

    /// Whether a block of it is only named, and nothing in it is read.
    #[must_use]
    pub fn is_only_named(self) -> bool {
        matches!(
            self,
            Self::OpenSshPrivateKey
                | Self::SshPublicKey
                | Self::SshComPrivateKey
                | Self::AgeFile
                | Self::Pgp
                | Self::PgpPrivateKey
                | Self::PgpPublicKey
                | Self::PgpMessage
        )
    }

    /// Whether it is a certificate.
    #[must_use]
    pub fn is_certificate(self) -> bool {
        matches!(self, Self::Certificate | Self::TrustedCertificate)
    }
}

/// Labels, what they promise, in the spelling of RFC 7468 or of the program that writes them.
pub(super) const LABELS: &[(&str, GivenThing)] = &[
    ("PRIVATE KEY", GivenThing::Pkcs8),
    ("ENCRYPTED PRIVATE KEY", GivenThing::EncryptedPkcs8),
    ("RSA PRIVATE KEY", GivenThing::Pkcs1),
    ("EC PRIVATE KEY", GivenThing::Sec1),
    ("DSA PRIVATE KEY", GivenThing::DsaPrivateKey),
    ("CERTIFICATE", GivenThing::Certificate),
    ("X509 CERTIFICATE", GivenThing::Certificate),
    ("TRUSTED CERTIFICATE", GivenThing::TrustedCertificate),
    ("CERTIFICATE REQUEST", GivenThing::CertificateRequest),
    ("NEW CERTIFICATE REQUEST", GivenThing::CertificateRequest),
    ("X509 CRL", GivenThing::RevocationList),
    ("PUBLIC KEY", GivenThing::PublicKey),
    ("RSA PUBLIC KEY", GivenThing::RsaPublicKey),
    ("EC PARAMETERS", GivenThing::EcParameters),
    ("DH PARAMETERS", GivenThing::OtherParameters),
    ("DSA PARAMETERS", GivenThing::OtherParameters),
    ("PKCS7", GivenThing::Pkcs7),
    ("PKCS #7 SIGNED DATA", GivenThing::Pkcs7),
    ("CMS", GivenThing::Pkcs7),
    ("PKCS12", GivenThing::Pkcs12),
    ("OPENSSH PRIVATE KEY", GivenThing::OpenSshPrivateKey),
    ("SSH2 ENCRYPTED PRIVATE KEY", GivenThing::SshComPrivateKey),
    ("SSH2 PRIVATE KEY", GivenThing::SshComPrivateKey),
    ("SSH2 PUBLIC KEY", GivenThing::SshPublicKey),
    ("AGE ENCRYPTED FILE", GivenThing::AgeFile),
    ("PGP PRIVATE KEY BLOCK", GivenThing::PgpPrivateKey),
    ("PGP SECRET KEY BLOCK", GivenThing::PgpPrivateKey),
    ("PGP PUBLIC KEY BLOCK", GivenThing::PgpPublicKey),
    ("PGP MESSAGE", GivenThing::PgpMessage),
    ("PGP SIGNATURE", GivenThing::Pgp),
];

/// What a label promises.
pub(super) fn promised(label: &str) -> GivenThing {
    let known = LABELS.iter().find(|(name, _)| *name == label);
    known.map_or(GivenThing::OtherPem, |(_, thing)| *thing)
}

/// What a DER structure is, by its form alone. Nothing is verified.
#[must_use]
pub fn classify_der(bytes: &[u8]) -> GivenThing {
    match der::first(bytes) {
        Some(whole) if whole.tag == SEQUENCE => sequence(whole),
        Some(whole) if whole.tag == OID => GivenThing::EcParameters,
        _ => GivenThing::OtherDer,
    }
}

const PKCS7: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];

fn sequence(whole: DerElement<'_>) -> GivenThing {
    // Two more than the longest form that is told apart by counting.
    let parts: Vec<DerElement<'_>> = whole.children().take(12).collect();
    let tags: Vec<u8> = parts.iter().map(|part| part.tag).collect();
    let version = parts.first().and_then(|part| der::small_integer(*part));
    match (tags.as_slice(), version) {
        ([INTEGER, SEQUENCE, OCTET_STRING, ..], _) => GivenThing::Pkcs8,
        ([INTEGER, OCTET_STRING, ..], _) => GivenThing::Sec1,
        ([INTEGER, SEQUENCE, ..], Some(3)) => GivenThing::Pkcs12,
        ([INTEGER, INTEGER], _) => GivenThing::RsaPublicKey,
        ([INTEGER, INTEGER, INTEGER], _) => GivenThing::OtherParameters,
        // Modulus, public exponent, private exponent, and perhaps the primes. In a DSA key the second
        // number is the order of its group, and never this small.
        ([INTEGER, rest @ ..], Some(0))
            if all_integers(rest)
                && matches!(rest.len(), 3 | 5)
                && parts.get(2).is_some_and(|exponent| exponent.content.len() <= 8) =>
        {
            GivenThing::Pkcs1
        }
        ([INTEGER, rest @ ..], Some(0)) if all_integers(rest) && rest.len() == 5 => {
            GivenThing::DsaPrivateKey
        }
        ([INTEGER, rest @ ..], _) if rest.get(..8).is_some_and(all_integers) => GivenThing::Pkcs1,
        ([INTEGER, SEQUENCE, SEQUENCE, OCTET_STRING, INTEGER, ..], _) => GivenThing::EcParameters,
        ([OID, ..], _) if parts.first().is_some_and(|oid| oid.content.starts_with(PKCS7)) => {
            GivenThing::Pkcs7
        }
        ([SEQUENCE, BIT_STRING], _) => GivenThing::PublicKey,
        ([SEQUENCE, OCTET_STRING], _) => GivenThing::EncryptedPkcs8,
        ([SEQUENCE, SEQUENCE, BIT_STRING, ..], _) => {
            parts.first().map_or(GivenThing::OtherDer, |body| signed(*body))
        }
        _ => GivenThing::OtherDer,
    }
}

fn all_integers(tags: &[u8]) -> bool {
    tags.iter().all(|tag| *tag == INTEGER)
}

/// Certificate, request or revocation list: all are signed in the same way.
fn signed(body: DerElement<'_>) -> GivenThing {
    const EXPLICIT_0: u8 = 0xa0;
    const UTC_TIME: u8 = 0x17;
    const GENERALIZED_TIME: u8 = 0x18;
    let tags: Vec<u8> = body.children().take(5).map(|part| part.tag).collect();
    match tags.as_slice() {
        [EXPLICIT_0, INTEGER, ..] | [INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, ..] => {
            GivenThing::Certificate
        }
        [INTEGER, SEQUENCE, SEQUENCE, UTC_TIME | GENERALIZED_TIME, ..]
        | [SEQUENCE, SEQUENCE, UTC_TIME | GENERALIZED_TIME, ..] => GivenThing::RevocationList,
        [INTEGER, SEQUENCE, SEQUENCE, ..] => GivenThing::CertificateRequest,
        _ => GivenThing::OtherDer,
    }
}
