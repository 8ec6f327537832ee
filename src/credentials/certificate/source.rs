//! Finding the certificate in what somebody gave.

use openssl::pkcs7::Pkcs7;
use openssl::x509::X509;

use super::{Certificate, CertificateError};
use crate::credentials::input::Material;
use crate::credentials::pem::{self, Block, Damage, GivenThing, Reading, Repair, RepairKind};
use crate::credentials::private_key::{Budget, LoadError, bundle_certificates, strict};

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
    /// The first certificate.
    pub certificate: Certificate,
    /// Those that follow it.
    pub further: Vec<Certificate>,
    /// The form of the first.
    pub form: CertificateForm,
    /// Whether a private key stands in the same file, a bundle or not.
    pub with_key: bool,
    /// What had to be mended.
    pub repairs: Vec<Repair>,
    /// Whether what had to be mended is of a kind that programs put up with.
    pub only_untidy: bool,
    /// Whether OpenSSL refuses to read the certificate from the text as it is, in the form PEM.
    pub refused: bool,
    /// Blocks of certificates that cannot be read.
    pub unreadable: usize,
}

impl CertificateFile {
    /// All of them, in the order of the file.
    pub fn all(&self) -> impl Iterator<Item = &Certificate> {
        std::iter::once(&self.certificate).chain(&self.further)
    }

    /// The one that is used by itself and not to vouch for another: the only one that issued none
    /// of the others. The first where that does not tell.
    #[must_use]
    pub fn leaf(&self) -> &Certificate {
        let issued_none = |candidate: &&Certificate| {
            let name = candidate.subject();
            let mut others = self.all().filter(|other| other.der() != candidate.der());
            others.all(|other| other.issuer() != name || other.names_itself())
        };
        let mut leaves = self.all().filter(issued_none);
        match (leaves.next(), leaves.next()) {
            (Some(leaf), None) => leaf,
            _ => &self.certificate,
        }
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

/// Finds the certificates in `material`. The passphrase serves for a PKCS#12 bundle.
///
/// # Errors
/// What it is instead.
pub fn find(
    material: &Material,
    passphrase: Option<&[u8]>,
) -> Result<CertificateFile, NoCertificate> {
    let reading = pem::read_material(material);
    let mut certificates = Vec::new();
    let mut first_refusal = None;
    let mut unreadable = 0;
    let mut form = None;
    // A bundle tells once it is open.
    let holds_key =
        |thing: GivenThing| thing.may_hold_a_private_key() && thing != GivenThing::Pkcs12;
    let mut with_key =
        holds_key(reading.thing) || reading.blocks.iter().any(|block| holds_key(block.thing));
    let mut budget = Budget::default();
    for block in &reading.blocks {
        match read_block(block, passphrase, &mut budget) {
            Ok(contents) => {
                form = form.or((!contents.certificates.is_empty()).then_some(contents.form));
                certificates.extend(contents.certificates);
                with_key |= contents.with_key;
            }
            Err(refusal) => {
                with_key |= matches!(refusal, NoCertificate::Bundle(_));
                unreadable += usize::from(block.thing.is_certificate());
                // A damaged certificate is nearer to what was meant than another thing beside it.
                if first_refusal.is_none() || block.thing.is_certificate() {
                    first_refusal = Some(refusal);
                }
            }
        }
    }
    let mut certificates = certificates.into_iter();
    let (Some(certificate), Some(form)) = (certificates.next(), form) else {
        let of_thing = NoCertificate::Other(reading.thing);
        return Err(match first_refusal {
            Some(refusal @ (NoCertificate::Bundle(_) | NoCertificate::Pkcs12Empty)) => refusal,
            // A key leads whatever stands beside it.
            _ if reading.may_hold_a_private_key() => of_thing,
            Some(refusal) => refusal,
            None => of_thing,
        });
    };
    let form =
        if form == CertificateForm::Pem && reading.binary { CertificateForm::Der } else { form };
    let read_as_it_is = openssl_reads(material, &certificate);
    Ok(CertificateFile {
        only_untidy: read_as_it_is && only_untidy(&reading),
        refused: form == CertificateForm::Pem && !read_as_it_is,
        certificate,
        further: certificates.collect(),
        form,
        with_key,
        repairs: reading.repairs,
        unreadable,
    })
}

/// What one block holds.
struct Contents {
    certificates: Vec<Certificate>,
    form: CertificateForm,
    with_key: bool,
}

fn read_block(
    block: &Block,
    passphrase: Option<&[u8]>,
    budget: &mut Budget,
) -> Result<Contents, NoCertificate> {
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
    let mut with_key = false;
    let certificates = match form {
        CertificateForm::Pkcs7 => in_pkcs7(&block.der)?,
        CertificateForm::Pkcs12 => {
            let bundle = bundle_certificates(&block.der, passphrase, budget)
                .map_err(NoCertificate::Bundle)?;
            with_key = bundle.with_key;
            in_pkcs12(&bundle.certificates)?
        }
        _ => vec![certificate(&block.der, form)?],
    };
    Ok(Contents { certificates, form, with_key })
}

fn certificate(der: &[u8], form: CertificateForm) -> Result<Certificate, NoCertificate> {
    let der = match super::outline::outline(der) {
        // The trust settings follow the certificate; they are no part of it.
        Some(outline) if form == CertificateForm::TrustedPem => outline.whole,
        _ => der,
    };
    Certificate::from_der(der).map_err(NoCertificate::Unreadable)
}

fn in_pkcs12(certificates: &[Vec<u8>]) -> Result<Vec<Certificate>, NoCertificate> {
    let read = certificates.iter().map(|der| Certificate::from_der(der));
    let read: Vec<_> = read.collect::<Result<_, _>>().map_err(NoCertificate::Unreadable)?;
    if read.is_empty() { Err(NoCertificate::Pkcs12Empty) } else { Ok(read) }
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

/// Whether OpenSSL reads this certificate from the text as it is, alone or among others.
fn openssl_reads(material: &Material, certificate: &Certificate) -> bool {
    let bytes = material.bytes.expose();
    let is_it = |x509: &X509| x509.to_der().is_ok_and(|der| der == certificate.der());
    bytes.len() <= strict::LARGEST
        && (X509::from_pem(bytes).is_ok_and(|x509| is_it(&x509))
            || X509::stack_from_pem(bytes).is_ok_and(|all| all.iter().any(is_it)))
}
