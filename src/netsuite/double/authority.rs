//! A certificate authority of its own for each double.

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::ssl::{SslAcceptor, SslMethod};
use openssl::x509::extension::{BasicConstraints, SubjectAlternativeName};
use openssl::x509::{X509, X509Builder, X509NameBuilder};

use super::Greeting;

/// The authority's certificate in PEM, and a TLS server with a certificate from it.
pub(super) fn acceptor(greeting: Greeting) -> (Vec<u8>, SslAcceptor) {
    let ca_key = key();
    let mut builder = draft("Test authority", "Test authority", &ca_key, greeting, 1);
    builder.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
    builder.sign(&ca_key, MessageDigest::sha256()).unwrap();
    let ca = builder.build();

    let leaf_key = key();
    let mut builder = draft("Double", "Test authority", &leaf_key, greeting, 2);
    let names: &[&str] = match greeting {
        Greeting::WrongHost => &["elsewhere.example"],
        _ => &["*.suitetalk.api.netsuite.com", "*.restlets.api.netsuite.com", "rest.netsuite.com"],
    };
    let mut alternative = SubjectAlternativeName::new();
    for name in names {
        alternative.dns(name);
    }
    let extension = alternative.build(&builder.x509v3_context(Some(&ca), None)).unwrap();
    builder.append_extension(extension).unwrap();
    builder.sign(&ca_key, MessageDigest::sha256()).unwrap();

    let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server()).unwrap();
    acceptor.set_private_key(&leaf_key).unwrap();
    acceptor.set_certificate(&builder.build()).unwrap();
    (ca.to_pem().unwrap(), acceptor.build())
}

fn key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

fn draft(
    subject: &str,
    issuer: &str,
    key: &PKey<Private>,
    greeting: Greeting,
    serial: u32,
) -> X509Builder {
    let name = |text: &str| {
        let mut name = X509NameBuilder::new().unwrap();
        name.append_entry_by_nid(Nid::COMMONNAME, text).unwrap();
        name.build()
    };
    let end = match greeting {
        Greeting::Expired => Asn1Time::from_unix(86_400 * 365).unwrap(),
        _ => Asn1Time::days_from_now(2).unwrap(),
    };
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder
        .set_serial_number(&BigNum::from_u32(serial).unwrap().to_asn1_integer().unwrap())
        .unwrap();
    builder.set_subject_name(&name(subject)).unwrap();
    builder.set_issuer_name(&name(issuer)).unwrap();
    builder.set_not_before(&Asn1Time::from_unix(0).unwrap()).unwrap();
    builder.set_not_after(&end).unwrap();
    builder.set_pubkey(key).unwrap();
    builder
}
