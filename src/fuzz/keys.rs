//! Keys and certificates, in whatever they come wrapped.

use std::cell::Cell;

use super::{run, told};
use crate::credentials::certificate::source;
use crate::credentials::input::{Material, Origin, read_bounded};
use crate::credentials::private_key::load;
use crate::credentials::{Certificate, pem};
use crate::types::{CertificateId, SecretKind};

const ARMOUR: [&str; 7] = [
    "-----BEGIN PRIVATE KEY-----",
    "-----END PRIVATE KEY-----",
    "-----BEGIN CERTIFICATE-----",
    "-----BEGIN ENCRYPTED PRIVATE KEY-----",
    "\\n",
    "Proc-Type: 4,ENCRYPTED",
    "MII",
];
const PASSPHRASE: &[u8] = b"fixture";

fn material(bytes: &[u8]) -> Material {
    read_bounded(bytes, Origin::Stdin, SecretKind::PrivateKey).unwrap()
}

fn key(bytes: &[u8]) -> bool {
    let reading = pem::read_material(&material(bytes));
    match load(&reading, Some(PASSPHRASE), |_| true) {
        Ok(loaded) => {
            assert!(loaded.keys > 0);
            true
        }
        Err(error) => {
            told(&error);
            false
        }
    }
}

#[test]
fn private_key() {
    let read = Cell::new(0_u32);
    run("private-key", &ARMOUR, |bytes| read.set(read.get() + u32::from(key(bytes))));
    assert!(read.get() > 0, "no key was ever read");
}

#[test]
fn pkcs12() {
    run("pkcs12", &["\u{30}\u{2}", "fixture"], |bytes| {
        key(bytes);
        let _ = source::find(&material(bytes), Some(PASSPHRASE));
    });
}

#[test]
fn certificate() {
    let read = Cell::new(0_u32);
    run("certificate", &ARMOUR, |bytes| {
        if let Ok(found) = source::find(&material(bytes), None) {
            read.set(read.get() + 1);
            let id = found.certificate.certificate_id();
            assert_eq!(CertificateId::new(id.as_str()), Ok(id));
        }
        match Certificate::from_der(bytes) {
            Ok(certificate) => drop((certificate.subject(), certificate.validity())),
            Err(error) => told(&error),
        }
    });
    assert!(read.get() > 0, "no certificate was ever read");
}
