//! Certificates for tests, odd ones included.

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::hash::MessageDigest;
use openssl::pkey::{HasPublic, PKey, Private, Public};
use openssl::rsa::Rsa;
use openssl::x509::{X509Builder, X509Name, X509NameBuilder};

use super::Certificate;
use crate::credentials::generate::{KeyType, generate_key};

/// How a sample differs from an ordinary certificate.
pub struct Sample {
    /// The subject's key, which also signs unless `signer` is given.
    pub key: PKey<Private>,
    /// Another signer.
    pub signer: Option<PKey<Private>>,
    /// The issuer's name where it is not the subject's.
    pub issuer: &'static str,
    /// RFC 3339.
    pub not_before: &'static str,
    /// RFC 3339.
    pub not_after: &'static str,
    /// Counted from zero.
    pub version: i32,
    /// As decimal number.
    pub serial: &'static str,
    /// The hash of the signature.
    pub digest: MessageDigest,
}

impl Default for Sample {
    fn default() -> Self {
        Self {
            key: generate_key(KeyType::EcP256).unwrap().pkey().clone(),
            signer: None,
            issuer: "sample",
            not_before: "2026-01-01T00:00:00Z",
            not_after: "2027-01-01T00:00:00Z",
            version: 2,
            serial: "4660",
            digest: MessageDigest::sha256(),
        }
    }
}

/// An RSA key of any size.
pub fn rsa(bits: u32) -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap()
}

fn name(common_name: &str) -> X509Name {
    let mut builder = X509NameBuilder::new().unwrap();
    builder.append_entry_by_text("CN", common_name).unwrap();
    builder.build()
}

fn time(text: &str) -> Asn1Time {
    let at: jiff::Timestamp = text.parse().unwrap();
    Asn1Time::from_unix(at.as_second()).unwrap()
}

impl Sample {
    /// The certificate in DER form; each call signs anew.
    pub fn der(&self) -> Vec<u8> {
        self.build(&self.key)
    }

    /// A certificate for another public key, signed with this sample's key.
    pub fn certificate_for(&self, key: &PKey<Public>) -> Certificate {
        Certificate::from_der(&self.build(key)).unwrap()
    }

    fn build<T: HasPublic>(&self, key: &PKey<T>) -> Vec<u8> {
        let mut builder = X509Builder::new().unwrap();
        builder.set_version(self.version).unwrap();
        let serial = BigNum::from_dec_str(self.serial).unwrap().to_asn1_integer().unwrap();
        builder.set_serial_number(&serial).unwrap();
        builder.set_subject_name(&name("sample")).unwrap();
        builder.set_issuer_name(&name(self.issuer)).unwrap();
        builder.set_not_before(&time(self.not_before)).unwrap();
        builder.set_not_after(&time(self.not_after)).unwrap();
        builder.set_pubkey(key).unwrap();
        builder.sign(self.signer.as_ref().unwrap_or(&self.key), self.digest).unwrap();
        builder.build().to_der().unwrap()
    }

    /// The certificate; each call signs anew.
    pub fn certificate(&self) -> Certificate {
        Certificate::from_der(&self.der()).unwrap()
    }
}

/// `der` with the first `from` replaced by `to`, which must be of the same length.
pub fn patched(der: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = der.windows(from.len()).position(|window| window == from).unwrap();
    let mut changed = der.to_vec();
    changed[at..at + to.len()].copy_from_slice(to);
    changed
}
