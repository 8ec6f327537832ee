//! Finding the certificate in what somebody gave.

use jiff::Timestamp;
use openssl::pkcs7::Pkcs7;
use openssl::pkey::{PKey, Private};

use super::{Certificate, CertificateError};
use crate::credentials::PrivateKey;
use crate::credentials::input::Material;
use crate::credentials::pem::{self, Block, Damage, GivenThing, Reading, Repair, RepairKind};
use crate::credentials::private_key::{Budget, LoadError, load, open_bundle, strict};
use crate::types::CertificateId;

/// The form in which a certificate was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateForm {
    /// Text between BEGIN CERTIFICATE and END CERTIFICATE.
    Pem,
    /// Text between BEGIN TRUSTED CERTIFICATE and its END: OpenSSL's own form.
    TrustedPem,
    /// Binary.
    Der,
    /// Inside a PKCS#7 bundle.
    Pkcs7,
    /// Inside a PKCS#12 bundle.
    Pkcs12,
}

/// A file with at least one certificate in it.
#[derive(Debug)]
pub struct CertificateFile {
    /// The certificate that is taken.
    pub certificate: Certificate,
    /// Which certificate of the file it is, the first being 1.
    pub number: usize,
    /// Why this one.
    pub choice: Choice,
    /// The others.
    pub others: Vec<OtherCertificate>,
    /// The form of the one that is taken.
    pub form: CertificateForm,
    /// Whether a private key stands in the same file, a bundle or not.
    pub with_key: bool,
    /// Where it came out of a PKCS#12 bundle.
    pub bundle: Option<BundleContents>,
    /// What had to be fixed.
    pub repairs: Vec<Repair>,
    /// Whether what had to be fixed is of a kind that programs put up with.
    pub only_untidy: bool,
    /// Whether OpenSSL was asked and refuses to read the certificate from the text as it is, in the
    /// form PEM.
    pub refused: bool,
    /// Blocks of certificates that cannot be read.
    pub unreadable: usize,
}

impl CertificateFile {
    /// All of them, in the order of the file.
    #[must_use]
    pub fn all(&self) -> Vec<&Certificate> {
        let others = self.others.iter().map(|other| (other.number, &other.certificate));
        let mut all: Vec<_> =
            std::iter::once((self.number, &self.certificate)).chain(others).collect();
        all.sort_by_key(|(number, _)| *number);
        all.into_iter().map(|(_, certificate)| certificate).collect()
    }

    /// The one that is used by itself and not to vouch for another: where nothing else decided, the
    /// only one that issued none of the others, or the first where that does not tell.
    #[must_use]
    pub fn leaf(&self) -> &Certificate {
        let all = self.all();
        let issued_none = |candidate: &&&Certificate| {
            let name = candidate.subject();
            let mut others = all.iter().filter(|other| other.der() != candidate.der());
            others.all(|other| other.issuer() != name || other.names_itself())
        };
        let mut leaves = all.iter().filter(issued_none);
        match (self.choice, leaves.next(), leaves.next()) {
            (Choice::First, Some(leaf), None) => leaf,
            _ => &self.certificate,
        }
    }
}

/// A certificate of a file, beside the one that is taken.
#[derive(Debug, Clone)]
pub struct OtherCertificate {
    /// Which certificate of the file it is, the first being 1.
    pub number: usize,
    /// The certificate.
    pub certificate: Certificate,
}

/// What decided which certificate of a file is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Choice {
    /// Nothing: the first is taken.
    First,
    /// The Certificate ID that was given is that of this one.
    Id,
    /// It belongs to the private key.
    Key,
}

/// What is to be said about the bundle around a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BundleContents {
    /// Whether a MAC protects it against changes.
    pub has_mac: bool,
    /// Whether there are private keys in it, and the certificate belongs to none of them.
    pub only_other_keys: bool,
}

/// What says which certificate of several is meant.
#[derive(Debug, Default)]
pub struct Wanted {
    /// The private key that signs.
    pub key: Option<PrivateKey>,
    /// The Certificate ID that was given.
    pub id: Option<CertificateId>,
    /// The time, as of several that fit one that is valid is meant.
    pub now: Option<Timestamp>,
}

impl Wanted {
    /// The best of the certificates, and what decided.
    fn choose(&self, certificates: &[Found]) -> Option<(usize, Choice)> {
        let rank = |found: &Found| {
            let certificate = &found.certificate;
            let fits = self.key.as_ref().is_some_and(|key| certificate.belongs_to(key));
            let named = self.id.as_ref().is_some_and(|id| *id == certificate.certificate_id());
            let valid = self.now.is_some_and(|now| {
                let validity = certificate.validity();
                validity.is_some_and(|v| v.not_before <= now && now <= v.not_after)
            });
            (fits, named, (fits || named) && valid)
        };
        // Of equals the first.
        let best = certificates.iter().enumerate().rev().max_by_key(|(_, found)| rank(found))?;
        let choice = match rank(best.1) {
            (true, ..) => Choice::Key,
            (_, true, _) => Choice::Id,
            _ => Choice::First,
        };
        Some((best.0, choice))
    }
}

/// A file with no certificate in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoCertificate {
    /// Something else altogether.
    Other(GivenThing),
    /// A certificate whose text is damaged beyond repair.
    Damaged(Damage),
    /// A certificate that OpenSSL cannot read.
    Unreadable(CertificateError),
    /// A PKCS#7 bundle without a certificate, or one that cannot be read.
    Pkcs7Empty,
    /// A PKCS#12 bundle without a certificate.
    Pkcs12Empty,
    /// A PKCS#12 bundle that cannot be opened.
    Bundle(LoadError),
}

/// Finds the certificates in `material`, and takes the one that is wanted, or else the first. The
/// passphrase serves for a PKCS#12 bundle. Without a private key that was given, one in the same
/// file tells which certificate is meant.
///
/// # Errors
/// What it is instead.
pub fn find(
    material: &Material,
    passphrase: Option<&[u8]>,
    wanted: Wanted,
) -> Result<CertificateFile, NoCertificate> {
    let reading = pem::read_material(material);
    let Contents { certificates, with_key, unreadable, refusal } = contents(&reading, passphrase);
    let key = wanted.key.or_else(|| {
        let several = certificates.len() > 1 && with_key;
        several.then(|| load(&reading, passphrase, |_| true).ok()).flatten().map(|own| own.key)
    });
    let Some((index, choice)) = (Wanted { key, ..wanted }).choose(&certificates) else {
        let of_thing = NoCertificate::Other(reading.thing);
        return Err(match refusal {
            Some(refusal @ (NoCertificate::Bundle(_) | NoCertificate::Pkcs12Empty)) => refusal,
            // A key leads whatever stands beside it.
            _ if reading.may_hold_a_private_key() => of_thing,
            Some(refusal) => refusal,
            None => of_thing,
        });
    };
    let (mut taken, mut others) = (None, Vec::new());
    for (at, found) in certificates.into_iter().enumerate() {
        if at == index {
            taken = Some(found);
        } else {
            others.push(OtherCertificate { number: at + 1, certificate: found.certificate });
        }
    }
    let Some(Found { certificate, form, bundle }) = taken else {
        return Err(NoCertificate::Other(reading.thing));
    };
    let form =
        if form == CertificateForm::Pem && reading.binary { CertificateForm::Der } else { form };
    let read = strict::openssl_reads_certificate(material.bytes.expose(), &certificate);
    Ok(CertificateFile {
        only_untidy: read == Some(true) && only_untidy(&reading),
        refused: form == CertificateForm::Pem && read == Some(false),
        certificate,
        number: index + 1,
        choice,
        others,
        form,
        with_key,
        bundle,
        repairs: reading.repairs,
        unreadable,
    })
}

/// All certificates of a file that was read, in its order.
#[must_use]
pub fn all_in(reading: &Reading, passphrase: Option<&[u8]>) -> Vec<Certificate> {
    let found = contents(reading, passphrase).certificates;
    found.into_iter().map(|found| found.certificate).collect()
}

/// One certificate, and how it was given.
struct Found {
    certificate: Certificate,
    form: CertificateForm,
    bundle: Option<BundleContents>,
}

/// What a file holds.
struct Contents {
    certificates: Vec<Found>,
    with_key: bool,
    unreadable: usize,
    /// Why there is no certificate, where there is none.
    refusal: Option<NoCertificate>,
}

fn contents(reading: &Reading, passphrase: Option<&[u8]>) -> Contents {
    // A bundle tells once it is open.
    let holds_key =
        |thing: GivenThing| thing.may_hold_a_private_key() && thing != GivenThing::Pkcs12;
    let with_key =
        holds_key(reading.thing) || reading.blocks.iter().any(|block| holds_key(block.thing));
    let mut contents =
        Contents { certificates: Vec::new(), with_key, unreadable: 0, refusal: None };
    let mut budget = Budget::default();
    for block in &reading.blocks {
        match read_block(block, passphrase, &mut budget) {
            Ok((certificates, with_key)) => {
                contents.certificates.extend(certificates);
                contents.with_key |= with_key;
            }
            Err(refusal) => {
                contents.with_key |= matches!(refusal, NoCertificate::Bundle(_));
                contents.unreadable += usize::from(block.thing.is_certificate());
                // A damaged certificate is nearer to what was meant than another thing beside it.
                if contents.refusal.is_none() || block.thing.is_certificate() {
                    contents.refusal = Some(refusal);
                }
            }
        }
    }
    contents
}

/// The certificates of a block, and whether a private key is in it as well.
fn read_block(
    block: &Block,
    passphrase: Option<&[u8]>,
    budget: &mut Budget,
) -> Result<(Vec<Found>, bool), NoCertificate> {
    let form = match block.thing {
        GivenThing::Certificate => CertificateForm::Pem,
        GivenThing::TrustedCertificate => CertificateForm::TrustedPem,
        GivenThing::Pkcs7 => CertificateForm::Pkcs7,
        GivenThing::Pkcs12 => CertificateForm::Pkcs12,
        other => return Err(NoCertificate::Other(other)),
    };
    if let Some(damage) = block.damage {
        return Err(NoCertificate::Damaged(damage));
    }
    let plain = |certificate| Found { certificate, form, bundle: None };
    match form {
        CertificateForm::Pkcs7 => {
            Ok((in_pkcs7(&block.der)?.into_iter().map(plain).collect(), false))
        }
        CertificateForm::Pkcs12 => in_pkcs12(&block.der, passphrase, budget),
        _ => Ok((vec![plain(certificate(&block.der, form)?)], false)),
    }
}

fn certificate(der: &[u8], form: CertificateForm) -> Result<Certificate, NoCertificate> {
    let der = match super::outline::outline(der) {
        // The trust settings follow the certificate; they are no part of it.
        Some(outline) if form == CertificateForm::TrustedPem => outline.whole,
        _ => der,
    };
    Certificate::from_der(der).map_err(NoCertificate::Unreadable)
}

fn in_pkcs12(
    der: &[u8],
    passphrase: Option<&[u8]>,
    budget: &mut Budget,
) -> Result<(Vec<Found>, bool), NoCertificate> {
    let bundle = open_bundle(der, passphrase, budget).map_err(NoCertificate::Bundle)?;
    let mut certificates = Vec::new();
    for der in &bundle.certificates {
        let certificate = Certificate::from_der(der).map_err(NoCertificate::Unreadable)?;
        let of_certificate = |key: &PKey<Private>| {
            certificate.public_key().is_ok_and(|public| key.public_eq(&public))
        };
        let contents = BundleContents {
            has_mac: bundle.has_mac,
            only_other_keys: !bundle.keys.is_empty() && !bundle.keys.iter().any(of_certificate),
        };
        let form = CertificateForm::Pkcs12;
        certificates.push(Found { certificate, form, bundle: Some(contents) });
    }
    if certificates.is_empty() {
        return Err(NoCertificate::Pkcs12Empty);
    }
    Ok((certificates, !bundle.keys.is_empty()))
}

fn in_pkcs7(der: &[u8]) -> Result<Vec<Certificate>, NoCertificate> {
    let bundle = Pkcs7::from_der(der).map_err(|_| NoCertificate::Pkcs7Empty)?;
    let stack = bundle.signed().and_then(|signed| signed.certificates());
    let read = |x509: &openssl::x509::X509Ref| Certificate::from_der(&x509.to_der().ok()?).ok();
    let certificates: Vec<_> =
        stack.map(|stack| stack.iter().filter_map(read).collect()).unwrap_or_default();
    if certificates.is_empty() { Err(NoCertificate::Pkcs7Empty) } else { Ok(certificates) }
}

/// Lines that end or break in unusual places, or odd bytes in the text around.
fn only_untidy(reading: &Reading) -> bool {
    reading.repairs.iter().all(|repair| {
        matches!(
            repair.kind,
            RepairKind::WindowsLineBreaks
                | RepairKind::UnevenLines
                | RepairKind::LongLines
                | RepairKind::NotUtf8
        )
    })
}
