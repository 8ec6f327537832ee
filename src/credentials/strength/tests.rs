//! Judging the fixture keys.

use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::rsa::RsaPrivateKeyBuilder;

use super::*;

fn fixture(name: &str) -> PKey<Private> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys");
    PKey::private_key_from_pem(&std::fs::read(format!("{folder}/{name}.pem")).unwrap()).unwrap()
}

fn ids(key: &PKey<Private>) -> Vec<&'static str> {
    judge_private(key).unwrap().flaws.iter().map(Flaw::id).collect()
}

#[test]
fn every_kind_of_key_has_its_own_answer() {
    for (name, description, flaws) in [
        ("rsa-3072", "RSA 3072", &[][..]),
        ("rsa-4096", "RSA 4096", &[]),
        ("rsa-2048", "RSA 2048", &["rsa-size"]),
        ("rsa-3072-exponent-3", "RSA 3072", &["exponent-small"]),
        ("rsa-3072-three-primes", "RSA 3072", &["multi-prime"]),
        ("rsa-pss-3072", "RSASSA-PSS 3072", &["rsa-pss-key"]),
        ("ec-p256", "EC P-256", &[]),
        ("ec-p384", "EC P-384", &[]),
        ("ec-p521", "EC P-521", &[]),
        ("ec-secp256k1", "EC secp256k1", &["other-curve"]),
        ("ec-brainpool-p256", "EC brainpoolP256r1", &["other-curve"]),
        ("ec-p256-explicit", "EC P-256", &["explicit-curve"]),
        ("ed25519", "Ed25519", &["edwards"]),
        ("ed448", "Ed448", &["edwards"]),
        ("x25519", "X25519", &["key-agreement"]),
        ("dh-2048", "Diffie-Hellman", &["key-agreement"]),
        ("dsa-2048", "DSA 2048", &["dsa"]),
    ] {
        let key = fixture(name);
        assert_eq!(judge_private(&key).unwrap().description, description, "{name}");
        assert_eq!(ids(&key), flaws, "{name}");
    }
}

#[test]
fn parts_that_do_not_belong_together_are_found() {
    let rsa = fixture("rsa-3072").rsa().unwrap();
    let own = |n: &openssl::bn::BigNumRef| n.to_owned().unwrap();
    let mut wrong_d = own(rsa.d());
    wrong_d.add_word(2).unwrap();
    let rebuilt = RsaPrivateKeyBuilder::new(own(rsa.n()), own(rsa.e()), wrong_d)
        .unwrap()
        .set_factors(own(rsa.p().unwrap()), own(rsa.q().unwrap()))
        .unwrap()
        .set_crt_params(
            own(rsa.dmp1().unwrap()),
            own(rsa.dmq1().unwrap()),
            own(rsa.iqmp().unwrap()),
        )
        .unwrap()
        .build();
    assert_eq!(ids(&PKey::from_rsa(rebuilt).unwrap()), ["inconsistent"]);

    let (one, other) = (fixture("ec-p256").ec_key().unwrap(), fixture("ec-p256-explicit"));
    let other = other.ec_key().unwrap();
    let mixed =
        EcKey::from_private_components(one.group(), one.private_key(), other.public_key()).unwrap();
    assert_eq!(ids(&PKey::from_ec_key(mixed).unwrap()), ["inconsistent"]);
}

#[test]
fn a_trivial_private_number_is_found() {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let one = BigNum::from_u32(1).unwrap();
    let key = EcKey::from_private_components(&group, &one, group.generator_opt().unwrap()).unwrap();
    assert_eq!(ids(&PKey::from_ec_key(key).unwrap()), ["trivial-scalar"]);
}

#[test]
fn flaws_have_names_and_words() {
    let ids: std::collections::BTreeSet<&str> = Flaw::IDS.into_iter().collect();
    assert_eq!(ids.len(), Flaw::IDS.len());
    assert!(ids.contains(Flaw::RsaSize(1).id()));
}
