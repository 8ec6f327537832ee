//! What `private-key` can find.

use crate::checks::spec::findings;
use crate::credentials::pem::{GivenThing, RepairKind};
use crate::credentials::private_key::LoadError;
use crate::engine::FindingId;

findings! {
    TEXT_AROUND = "text-around",
    PKCS1 = "pkcs1",
    SEC1 = "sec1",
    ENCRYPTED = "encrypted",
    BUNDLE = "bundle",
    BINARY_FORM = "binary-form",
    PASSPHRASE_NOT_NEEDED = "passphrase-not-needed",
    SEVERAL_KEYS = "several-keys",
    WITH_CERTIFICATE = "with-certificate",
    CURVE_PARAMETERS = "curve-parameters",
    OTHER_BLOCKS = "other-blocks",
    REFUSED_BY_OPENSSL = "refused-by-openssl",
    SWAPPED = "swapped",
    CERTIFICATE = "certificate-given",
    REQUEST = "request-given",
    REVOCATION_LIST = "revocation-list-given",
    PUBLIC_KEY = "public-key-given",
    PARAMETERS = "parameters-given",
    PKCS7 = "pkcs7-given",
    JAVA_KEY_STORE = "java-key-store-given",
    OPENSSH = "openssh-key-given",
    SSH_PUBLIC_KEY = "ssh-public-key-given",
    PUTTY = "putty-key-given",
    PGP = "pgp-given",
    JWK = "jwk-given",
    JWT = "jwt-given",
    XML_KEY = "xml-key-given",
    WEB_PAGE = "web-page-given",
    PATH = "path-given",
    HEX_TOKEN = "hex-token-given",
    OTHER_TEXT = "other-text-given",
    OTHER_STRUCTURE = "other-structure-given",
    BINARY = "binary-given",
    EMPTY = "empty",
    TOO_LARGE = "too-large",
    DAMAGED = "damaged",
    ALTERED = "altered",
    UNREADABLE = "damaged-inside",
    PASSPHRASE_MISSING = "passphrase-missing",
    PASSPHRASE_WRONG = "passphrase-wrong",
    PASSPHRASE_ALTERED = "passphrase-altered",
    PASSPHRASE_EMPTY = "passphrase-empty",
    BUNDLE_PASSPHRASE_MISSING = "bundle-passphrase-missing",
    BUNDLE_PASSPHRASE_WRONG = "bundle-passphrase-wrong",
    ENCRYPTED_DAMAGED = "encrypted-damaged",
    CIPHER_UNSUPPORTED = "cipher-unsupported",
    BAD_ENCRYPTION_HEADER = "bad-encryption-header",
    TOO_MUCH_WORK = "too-much-work",
    BUNDLE_WITHOUT_KEY = "bundle-without-key",
    KEY_TOO_LARGE = "key-too-large",
}

const COUNT: usize = FINDINGS.len() + RepairKind::ALL.len();

/// All of them: its own and one per kind of repair.
pub(super) const ALL: [FindingId; COUNT] = all();

#[expect(clippy::indexing_slicing, reason = "runs in the compiler, which checks every index")]
const fn all() -> [FindingId; COUNT] {
    let mut all = [TEXT_AROUND; COUNT];
    let mut at = 0;
    while at < COUNT {
        all[at] = if at < FINDINGS.len() {
            FINDINGS[at]
        } else {
            FindingId::new(RepairKind::ALL[at - FINDINGS.len()].id())
        };
        at += 1;
    }
    all
}

pub(super) fn of_repair(kind: RepairKind) -> FindingId {
    FindingId::new(kind.id())
}

/// Whether a change of the text is one that tells why no key comes out of it, so that a look at the
/// original will do.
pub(super) fn says_what_happened(kind: RepairKind) -> bool {
    !matches!(
        kind,
        RepairKind::ByteOrderMark
            | RepairKind::Utf16
            | RepairKind::WindowsLineBreaks
            | RepairKind::LoneCarriageReturns
            | RepairKind::LongLines
            | RepairKind::UnevenLines
            | RepairKind::BlankLines
            | RepairKind::BlankBeforeEnd
            | RepairKind::TrailingBytes
            | RepairKind::WrongLabel
            | RepairKind::Padding
    )
}

pub(super) fn of_error(error: &LoadError) -> FindingId {
    match error {
        LoadError::NotAKey(thing) => of_thing(*thing),
        LoadError::Damaged { .. } => DAMAGED,
        LoadError::Unreadable => UNREADABLE,
        LoadError::PassphraseMissing(GivenThing::Pkcs12) => BUNDLE_PASSPHRASE_MISSING,
        LoadError::PassphraseMissing(_) => PASSPHRASE_MISSING,
        LoadError::PassphraseWrong(GivenThing::Pkcs12) => BUNDLE_PASSPHRASE_WRONG,
        LoadError::PassphraseWrong(_) => PASSPHRASE_WRONG,
        LoadError::DecryptedNonsense => ENCRYPTED_DAMAGED,
        LoadError::CipherUnsupported(_) => CIPHER_UNSUPPORTED,
        LoadError::BadEncryptionHeader => BAD_ENCRYPTION_HEADER,
        LoadError::TooMuchWork(_) => TOO_MUCH_WORK,
        LoadError::BundleWithoutKey => BUNDLE_WITHOUT_KEY,
        LoadError::TooLarge => KEY_TOO_LARGE,
    }
}

fn of_thing(thing: GivenThing) -> FindingId {
    match thing {
        GivenThing::Certificate | GivenThing::TrustedCertificate => CERTIFICATE,
        GivenThing::CertificateRequest => REQUEST,
        GivenThing::RevocationList => REVOCATION_LIST,
        GivenThing::PublicKey | GivenThing::RsaPublicKey => PUBLIC_KEY,
        GivenThing::EcParameters | GivenThing::OtherParameters => PARAMETERS,
        GivenThing::Pkcs7 => PKCS7,
        GivenThing::JavaKeyStore => JAVA_KEY_STORE,
        GivenThing::OpenSshPrivateKey => OPENSSH,
        GivenThing::SshPublicKey => SSH_PUBLIC_KEY,
        GivenThing::PuttyKey => PUTTY,
        GivenThing::Pgp => PGP,
        GivenThing::Jwk => JWK,
        GivenThing::Jwt => JWT,
        GivenThing::XmlKey => XML_KEY,
        GivenThing::Html => WEB_PAGE,
        GivenThing::Path => PATH,
        GivenThing::HexToken => HEX_TOKEN,
        GivenThing::Json | GivenThing::Text => OTHER_TEXT,
        GivenThing::Blank | GivenThing::Empty => EMPTY,
        GivenThing::TooLarge => TOO_LARGE,
        GivenThing::Binary => BINARY,
        // The rest are keys and bundles, which are loaded and not named.
        GivenThing::OtherPem
        | GivenThing::OtherDer
        | GivenThing::Pkcs8
        | GivenThing::EncryptedPkcs8
        | GivenThing::Pkcs1
        | GivenThing::Sec1
        | GivenThing::LegacyEncrypted
        | GivenThing::DsaPrivateKey
        | GivenThing::Pkcs12 => OTHER_STRUCTURE,
    }
}
