//! What is told by the label of its BEGIN line.

use super::*;

/// Of a throw-away authority, made with `openssl ca -gencrl`; it revokes nothing.
const REVOCATION_LIST: &str = include_str!("../../../../../fixtures/keys/revocation-list.pem");

pub(super) fn cases() -> Vec<Case> {
    let public = PKey::private_key_from_pem(&fixture("ec-p256.pem")).unwrap();
    let public = public.public_key_to_pem().unwrap();
    vec![
        refused(
            "ssh.com",
            format!(
                "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n{CANARY}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----\n"
            ),
            "ssh-com-key-given",
            "private-key",
            true,
        ),
        refused(
            "PGP secret key, armoured",
            format!(
                "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{CANARY}\n-----END PGP PRIVATE KEY BLOCK-----\n"
            ),
            "pgp-given",
            "private-key",
            true,
        ),
        refused(
            "PGP public key, armoured",
            format!(
                "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{CANARY}\n-----END PGP PUBLIC KEY BLOCK-----\n"
            ),
            "pgp-given",
            "public-key",
            false,
        ),
        refused(
            "age file, armoured",
            format!(
                "-----BEGIN AGE ENCRYPTED FILE-----\n{CANARY}\n-----END AGE ENCRYPTED FILE-----\n"
            ),
            "age-given",
            "encrypted-file",
            true,
        ),
        refused(
            "CSR",
            fixture("ec-p256.request.pem"),
            "request-given",
            "certificate-request",
            false,
        ),
        refused("public key", public, "public-key-given", "public-key", false),
        refused("OpenSSH", fixture("openssh.pem"), "openssh-key-given", "private-key", true),
        refused("CRL", REVOCATION_LIST, "revocation-list-given", "other-thing", false),
        Case {
            name: "PKCS#7",
            bytes: fixture("ec-p256.p7b"),
            as_key: (Status::Fail, "pkcs7-given"),
            as_certificate: (Status::Fail, "pkcs7"),
            guarded: false,
        },
    ]
}
