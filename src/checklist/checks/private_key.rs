//! `private-key`

mod findings;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, ReasonCode, Severity, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec};
use crate::credentials::pem::{self, GivenThing, Reading};
use crate::credentials::private_key::{Loaded, PassphraseUse, load, trim_passphrase};
use crate::credentials::{Certificate, PrivateKey, strength};
use crate::types::{Secret, SecretKind};

/// The declaration of `private-key`.
pub const SPEC: Spec = Spec {
    id: ids::PRIVATE_KEY,
    phase: ids::CREDENTIALS,
    needs: &[],
    after: &[],
    findings: &[&findings::ALL],
    run: Run::Offline(run),
};

fn run(context: &Context) -> Verdict {
    let Some(material) = &context.inputs.private_key else {
        return Verdict::skipped(ReasonCode::NotProvided, "No private key was given.");
    };
    let reading = pem::read_material(material);
    learn_blocks(context, &reading);
    let passphrase = context.inputs.passphrase.as_ref();
    let passphrase = passphrase.map(|given| trim_passphrase(given.bytes.expose()));
    let certificate = certificate_at_hand(context);
    let fits = |key: &PrivateKey| {
        let own = key.public_der().ok();
        certificate.is_none() || own.is_none() || own == certificate
    };
    let verdict = match load(&reading, passphrase, fits) {
        Ok(loaded) => accepted(context, &reading, loaded),
        Err(error) => {
            let mut verdict = Verdict::fail(findings::of_error(&error), error.to_string());
            if error.is_damage() {
                verdict = with_repairs(verdict, &reading);
            }
            if !reading.thing.is_private_key() && key_stands_in_certificate(context) {
                verdict = verdict.note(
                    Severity::Fail,
                    findings::SWAPPED,
                    "The file given as the certificate holds a private key: the two are swapped.",
                );
            }
            verdict
        }
    };
    verdict
        .evidence(Evidence::new("given", reading.thing.name()).source(material.origin.to_string()))
}

fn accepted(context: &Context, reading: &Reading, loaded: Loaded) -> Verdict {
    learn_key(context, &loaded.key);
    let kind = strength::judge_public(loaded.key.pkey()).map(|judgement| judgement.description);
    let kind = kind.unwrap_or_else(|_| "of an unknown kind".to_owned());
    let verdict = Verdict::pass(format!("The private key can be read: {kind}, {}.", form(&loaded)))
        .evidence(Evidence::new("kind", kind))
        .evidence(Evidence::new("form", form(&loaded)));
    let verdict = with_form(verdict, reading, &loaded);
    let verdict = with_company(with_repairs(verdict, reading), reading, &loaded);
    let _ = context.facts.private_key.set(loaded.key);
    verdict
}

fn form(loaded: &Loaded) -> &'static str {
    match loaded.form {
        GivenThing::Pkcs8 => "PKCS#8",
        GivenThing::EncryptedPkcs8 => "PKCS#8, encrypted",
        GivenThing::Pkcs1 => "PKCS#1",
        GivenThing::Sec1 => "SEC 1",
        GivenThing::LegacyEncrypted => "encrypted in OpenSSL's old way",
        GivenThing::Pkcs12 => "in a PKCS#12 bundle",
        _ => "in an old form",
    }
}

/// Notes every repair.
fn with_repairs(verdict: Verdict, reading: &Reading) -> Verdict {
    let verdict = reading.repairs.iter().fold(verdict, |verdict, repair| {
        verdict.note(Severity::Warn, findings::of_repair(repair.kind), repair.to_string())
    });
    match reading.text_around {
        Some(place) => verdict.note(
            Severity::Note,
            findings::TEXT_AROUND,
            format!("There is other text around the key ({place}). Many programs skip it."),
        ),
        None => verdict,
    }
}

/// Notes a form that works here and that other programs refuse.
fn with_form(mut verdict: Verdict, reading: &Reading, loaded: &Loaded) -> Verdict {
    let found = match loaded.form {
        GivenThing::Pkcs1 => Some((
            Severity::Note,
            findings::PKCS1,
            "The RSA key is in the form PKCS#1 (RSA PRIVATE KEY); some programs want PKCS#8.",
        )),
        GivenThing::Sec1 => Some((
            Severity::Note,
            findings::SEC1,
            "The EC key is in the form SEC 1 (EC PRIVATE KEY); some programs want PKCS#8.",
        )),
        GivenThing::EncryptedPkcs8 | GivenThing::LegacyEncrypted => Some((
            Severity::Note,
            findings::ENCRYPTED,
            "The key is encrypted, and the passphrase opens it. Forms of vendors often refuse \
             an encrypted key.",
        )),
        GivenThing::Pkcs12 => Some((
            Severity::Warn,
            findings::BUNDLE,
            "The key is inside a PKCS#12 bundle; forms of vendors want it as PEM text.",
        )),
        _ => None,
    };
    if let Some((severity, finding, text)) = found {
        verdict = verdict.note(severity, finding, text);
    }
    if reading.binary && loaded.form != GivenThing::Pkcs12 {
        verdict = verdict.note(
            Severity::Warn,
            findings::BINARY_FORM,
            "The key is in binary form (DER); forms of vendors want it as PEM text.",
        );
    }
    if loaded.passphrase == PassphraseUse::NotNeeded {
        verdict = verdict.note(
            Severity::Note,
            findings::PASSPHRASE_NOT_NEEDED,
            "A passphrase was given, but the key is not encrypted.",
        );
    }
    verdict
}

/// Notes what else stands in the same input.
fn with_company(mut verdict: Verdict, reading: &Reading, loaded: &Loaded) -> Verdict {
    if loaded.keys > 1 {
        verdict = verdict.note(
            Severity::Warn,
            findings::SEVERAL_KEYS,
            format!("There are {} private keys in it; one of them is used.", loaded.keys),
        );
    }
    if reading.blocks_where(GivenThing::is_certificate).next().is_some() {
        verdict = verdict.note(
            Severity::Warn,
            findings::WITH_CERTIFICATE,
            "The private key and a certificate stand in one file. Whoever uploads this file as \
             the certificate gives the key away.",
        );
    }
    if reading.blocks_where(|thing| thing == GivenThing::EcParameters).next().is_some() {
        verdict = verdict.note(
            Severity::Warn,
            findings::CURVE_PARAMETERS,
            "A block EC PARAMETERS stands beside the key; some programs stumble over it.",
        );
    }
    let other = reading.blocks.iter().map(|block| block.thing).find(|thing| {
        !thing.is_private_key()
            && !thing.is_certificate()
            && !matches!(thing, GivenThing::EcParameters | GivenThing::Pkcs12)
    });
    match other {
        Some(thing) => verdict.note(
            Severity::Note,
            findings::OTHER_BLOCKS,
            format!("There is also {} in it.", thing.name()),
        ),
        None => verdict,
    }
}

/// The public key of the certificate that was given, as SubjectPublicKeyInfo.
fn certificate_at_hand(context: &Context) -> Option<Vec<u8>> {
    let reading = pem::read_material(context.inputs.certificate.as_ref()?);
    let block = reading.blocks_where(GivenThing::is_certificate).next()?;
    Certificate::from_der(&block.der).ok()?.x509().public_key().ok()?.public_key_to_der().ok()
}

fn key_stands_in_certificate(context: &Context) -> bool {
    context
        .inputs
        .certificate
        .as_ref()
        .is_some_and(|material| pem::read_material(material).may_hold_a_private_key())
}

/// The scrubber knows what was given; here it learns the same key in its clean forms.
fn learn_key(context: &Context, key: &PrivateKey) {
    let pkey = key.pkey();
    let forms = [
        pkey.private_key_to_pem_pkcs8().ok(),
        pkey.rsa().ok().and_then(|rsa| rsa.private_key_to_pem().ok()),
        pkey.ec_key().ok().and_then(|ec| ec.private_key_to_pem().ok()),
    ];
    for pem in forms.into_iter().flatten() {
        context.scrubber.learn(&Secret::new(SecretKind::PrivateKey, pem));
    }
}

fn learn_blocks(context: &Context, reading: &Reading) {
    for block in reading.blocks_where(GivenThing::may_hold_a_private_key) {
        let text = Zeroizing::new(STANDARD.encode(&*block.der));
        let mut lines = Zeroizing::new(String::with_capacity(text.len() * 65 / 64 + 1));
        for line in text.as_bytes().chunks(64) {
            lines.push_str(std::str::from_utf8(line).unwrap_or_default());
            lines.push('\n');
        }
        if !block.der.is_empty() {
            context.scrubber.learn(&Secret::new(SecretKind::PrivateKey, lines.as_bytes()));
        }
    }
}

#[cfg(test)]
mod tests;
