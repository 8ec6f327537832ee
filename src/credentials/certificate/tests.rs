use proptest::prelude::*;

use super::*;
use crate::credentials::generate::{KeyType, Period, Subject, generate_key, issue};

fn sample() -> Certificate {
    let key = generate_key(KeyType::EcP256).unwrap();
    let period = Period::new("2026-01-01T00:00:00Z".parse().unwrap(), 365).unwrap();
    issue(&key, &Subject::default(), period).unwrap()
}

#[test]
fn what_is_no_certificate_is_told_in_plain_words() {
    let der = sample().der().to_vec();
    let cut = der[..der.len() - 10].to_vec();
    let announced = der.len();
    for (bytes, error) in [
        (vec![], CertificateError::Empty),
        (b"-----BEGIN".to_vec(), CertificateError::NotDer(b'-')),
        (vec![0x30; LIMIT + 1], CertificateError::TooLarge),
        (cut, CertificateError::CutOff { announced, found: announced - 10 }),
        (b"\x30\x03\x02\x01\x01".to_vec(), CertificateError::NotACertificate),
    ] {
        assert_eq!(Certificate::from_der(&bytes).unwrap_err(), error);
    }
}

#[test]
fn what_follows_a_certificate_does_not_change_its_id() {
    let certificate = sample();
    let longer = [certificate.der(), b"tail"].concat();
    let read = Certificate::from_der(&longer).unwrap();
    assert_eq!(read.certificate_id(), certificate.certificate_id());
    assert_eq!(read.oddities(), [Oddity::TrailingData(4)]);
}

/// Asks everything that a certificate can be asked.
fn ask_everything(certificate: &Certificate) {
    let _ = (
        certificate.subject(),
        certificate.issuer(),
        certificate.serial(),
        certificate.version(),
        certificate.validity().map(|validity| (validity.effective_end(), validity.days())),
        certificate.key_kind(),
        certificate.signature_algorithm().to_string(),
        certificate.self_signature(),
        certificate.oddities().len(),
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = Certificate::from_der(&bytes);
        let _ = Certificate::from_der(&[&[0x30, 0x82], bytes.as_slice()].concat());
    }
}

#[test]
fn a_certificate_with_any_one_byte_changed_is_read_or_refused() {
    let der = sample().der().to_vec();
    for position in 0..der.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut changed = der.clone();
            changed[position] ^= change;
            if let Ok(certificate) = Certificate::from_der(&changed) {
                ask_everything(&certificate);
            }
        }
    }
}
