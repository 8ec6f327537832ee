//! The key against the profile.

use super::{
    ALGORITHM, ALGORITHM_DIFFERS, Comparison, ENCRYPTED, KEY_KIND, NOT_ENCRYPTED, VENDOR_MAKES_KEY,
    WANTS_PKCS1, WANTS_PKCS8, WANTS_SEC1, listed,
};
use crate::checks::context::Context;
use crate::credentials::Certificate;
use crate::credentials::pem::{GivenThing, read_material};
use crate::credentials::private_key::{kind_of, load, trim_passphrase};
use crate::engine::Evidence;
use crate::netsuite::profiles::{Encoding, KeyOwner};
use crate::types::{Algorithm, Curve, KeyKind, KeyType};

/// What can be seen of the key pair, whether or not the checks of key and certificate run.
pub(super) struct Seen {
    /// The kind of the pair: by the private key, or else by the certificate.
    pub kind: Option<KeyKind>,
    /// The form of the private key.
    form: Option<GivenThing>,
    /// Whether a certificate was given that can be read.
    pub certificate_given: bool,
}

impl Seen {
    pub fn is_taken_by_netsuite(&self) -> bool {
        self.kind.and_then(name_of).is_some()
    }
}

pub(super) fn seen(context: &Context) -> Seen {
    let certificate = certificate_kind(context);
    let mut seen = Seen {
        kind: None,
        form: None,
        certificate_given: context.facts.certificate.get().is_some() || certificate.is_some(),
    };
    if let Some(material) = &context.inputs.private_key {
        let reading = read_material(material);
        seen.form = reading
            .blocks_where(|thing| thing.is_private_key() || thing == GivenThing::Pkcs12)
            .map(|block| block.thing)
            .next();
        seen.kind = match context.facts.private_key.get() {
            Some(key) => key.kind(),
            // With --only this check may run without the one that reads the key.
            None => {
                let passphrase = context.inputs.passphrase.as_ref();
                let passphrase = passphrase.map(|given| trim_passphrase(given.bytes.expose()));
                load(&reading, passphrase, |_| true).ok().and_then(|loaded| loaded.key.kind())
            }
        };
    }
    seen.kind = seen.kind.or(certificate);
    seen
}

fn certificate_kind(context: &Context) -> Option<KeyKind> {
    let kind = |certificate: &Certificate| kind_of(&certificate.x509().public_key().ok()?);
    if let Some(certificate) = context.facts.certificate.get() {
        return kind(certificate);
    }
    let reading = read_material(context.inputs.certificate.as_ref()?);
    let block = reading.blocks_where(GivenThing::is_certificate).next()?;
    kind(&Certificate::from_der(&block.der).ok()?)
}

/// The kind among those that NetSuite takes.
fn name_of(kind: KeyKind) -> Option<KeyType> {
    match kind {
        KeyKind::Rsa(3072) => Some(KeyType::Rsa3072),
        KeyKind::Rsa(4096) => Some(KeyType::Rsa4096),
        KeyKind::Rsa(_) => None,
        KeyKind::Ec(Curve::P256) => Some(KeyType::EcP256),
        KeyKind::Ec(Curve::P384) => Some(KeyType::EcP384),
        KeyKind::Ec(Curve::P521) => Some(KeyType::EcP521),
    }
}

pub(super) fn compare(seen: &mut Comparison<'_>, key: &Seen, context: &Context) {
    let profile = seen.profile;
    if profile.key_owner == Some(KeyOwner::Vendor) {
        if context.inputs.private_key.is_some() {
            let text = format!(
                "{} makes the key itself and has no field for this private key.",
                profile.name
            );
            seen.misfit(profile.grade, VENDOR_MAKES_KEY, text);
        }
        return;
    }
    if let Some(kind) = key.kind {
        let kind_fits = compare_kind(seen, kind);
        if kind_fits {
            compare_algorithm(seen, kind, context);
        }
    }
    if let Some(form) = key.form {
        compare_encryption(seen, form);
        compare_encoding(seen, form, key.kind);
    }
}

/// Whether anything more can be compared for a key of this kind.
fn compare_kind(seen: &mut Comparison<'_>, kind: KeyKind) -> bool {
    let keys = &seen.profile.keys;
    if keys.accepts.is_empty() {
        return true;
    }
    let accepted = match name_of(kind) {
        Some(name) => keys.accepts.contains(&name),
        // Of a size that NetSuite does not take; that is another check's finding.
        None => keys.accepts.iter().any(|accepted| accepted.is_rsa()),
    };
    let labels: Vec<&str> = keys.accepts.iter().map(|key| key.label()).collect();
    let labels = listed(&labels);
    seen.compared.push("kind of key");
    let fact = Evidence::new("key", kind.to_string()).expected(&labels);
    seen.facts.push(fact.source(format!("profile, {}", keys.grade.as_str())));
    if !accepted {
        let name = &seen.profile.name;
        let text = if keys.grade.is_firm() {
            format!("{name} takes {labels}, and this key is {kind}.")
        } else {
            format!("Only {labels} is known or thought to work with {name}; this key is {kind}.")
        };
        seen.misfit(keys.grade, KEY_KIND, text);
    }
    seen.params.push(("accepted_keys", labels));
    accepted
}

fn compare_algorithm(seen: &mut Comparison<'_>, kind: KeyKind, context: &Context) {
    let keys = &seen.profile.keys;
    if keys.algorithms.is_empty() {
        return;
    }
    let name = &seen.profile.name;
    let names: Vec<&str> = keys.algorithms.iter().map(|algorithm| algorithm.as_str()).collect();
    let names = listed(&names);
    seen.compared.push("algorithm");
    let usable: Option<Algorithm> =
        keys.algorithms.iter().copied().find(|algorithm| kind.fits(*algorithm));
    let here = context.inputs.algorithm.unwrap_or_else(|| kind.default_algorithm());
    match usable {
        None => {
            let text = format!("{name} signs with {names}, which a key of {kind} cannot do.");
            seen.misfit(keys.grade, ALGORITHM, text);
        }
        Some(usable) if !keys.algorithms.contains(&here) => {
            let text = format!("This run signs with {here}, and {name} with {names}.");
            seen.params.push(("algorithm", usable.to_string()));
            seen.look(ALGORITHM_DIFFERS, text);
        }
        Some(_) => {}
    }
    seen.params.push(("algorithms", names));
}

fn compare_encryption(seen: &mut Comparison<'_>, form: GivenThing) {
    let Some(may_be) = seen.profile.keys.encrypted else { return };
    let is = matches!(form, GivenThing::EncryptedPkcs8 | GivenThing::LegacyEncrypted);
    seen.compared.push(if is { "encryption" } else { "lack of encryption" });
    let grade = seen.profile.keys.grade;
    let name = &seen.profile.name;
    match (is, may_be) {
        (true, false) if grade.is_firm() => {
            let text = format!("The key is encrypted, and {name} takes no passphrase.");
            seen.misfit(grade, ENCRYPTED, text);
        }
        (true, false) => {
            let text =
                format!("The key is encrypted; nothing says that {name} takes a passphrase.");
            seen.misfit(grade, ENCRYPTED, text);
        }
        (false, true) => {
            let text = format!("{name} asks for an encrypted key, and this one is not.");
            seen.look(NOT_ENCRYPTED, text);
        }
        _ => {}
    }
}

fn compare_encoding(seen: &mut Comparison<'_>, form: GivenThing, kind: Option<KeyKind>) {
    let keys = &seen.profile.keys;
    if keys.encodings.is_empty() {
        return;
    }
    let is_rsa = kind.map(|kind| matches!(kind, KeyKind::Rsa(_)));
    let given = match (form, is_rsa) {
        (GivenThing::Pkcs8 | GivenThing::EncryptedPkcs8, _) => Some(Encoding::Pkcs8),
        (GivenThing::Pkcs1, _) | (GivenThing::LegacyEncrypted, Some(true)) => Some(Encoding::Pkcs1),
        (GivenThing::Sec1, _) | (GivenThing::LegacyEncrypted, Some(false)) => Some(Encoding::Sec1),
        _ => None,
    };
    // A form that keys of this kind cannot have: what is wrong then is the kind.
    let possible = |encoding: &&Encoding| is_rsa.is_none_or(|rsa| encoding.holds(rsa));
    let Some(wanted) = keys.encodings.iter().find(possible).copied() else { return };
    seen.compared.push("form of the key");
    let shown = given.map_or_else(|| form.name().to_owned(), |given| given.to_string());
    let all: Vec<String> = keys.encodings.iter().map(ToString::to_string).collect();
    let fact = Evidence::new("key_form", &shown).expected(listed(&all));
    seen.facts.push(fact.source(format!("profile, {}", keys.grade.as_str())));
    if given.is_some_and(|given| keys.encodings.contains(&given)) {
        return;
    }
    let finding = match wanted {
        Encoding::Pkcs8 => WANTS_PKCS8,
        Encoding::Pkcs1 => WANTS_PKCS1,
        Encoding::Sec1 => WANTS_SEC1,
    };
    let name = &seen.profile.name;
    let text = if keys.grade.is_firm() {
        format!("{name} asks for the key as {wanted}, and it is given as {shown}.")
    } else {
        format!("{name} is thought to want the key as {wanted}, and it is given as {shown}.")
    };
    seen.misfit(keys.grade, finding, text);
}
