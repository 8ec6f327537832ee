//! `private-key`

mod findings;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::spec::{self, Run, Spec};
use crate::credentials::certificate::source::all_in;
use crate::credentials::identifiers::read_certificate_id;
use crate::credentials::input::{Material, Origin};
use crate::credentials::passphrase::{self, PassphraseJudgement};
use crate::credentials::pem::{self, GivenThing, Reading, RepairKind};
use crate::credentials::private_key::{
    LoadError, Loaded, PassphraseUse, load, strict, trim_passphrase,
};
use crate::credentials::{Certificate, PrivateKey, strength};
use crate::engine::{Evidence, ReasonCode, Severity, Verdict};
use crate::types::{Secret, SecretKind};

/// The declaration of `private-key`.
pub const SPEC: Spec = Spec {
    id: ids::PRIVATE_KEY,
    phase: spec::CREDENTIALS,
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
    let given = context.inputs.passphrase.as_ref().map(|given| given.bytes.expose());
    let passphrase = given.map(trim_passphrase);
    let meant = meant(context, &reading, passphrase);
    let fits = |key: &PrivateKey| {
        meant.certificates.is_empty() || meant.certificates.iter().any(|one| one.belongs_to(key))
    };
    let verdict = match load(&reading, passphrase, fits) {
        Ok(loaded) => {
            let choice = if meant.certificates.is_empty() {
                KeyChoice::Open
            } else if fits(&loaded.key) {
                KeyChoice::Certified(meant.options)
            } else {
                KeyChoice::NoneFits
            };
            accepted(context, material, &reading, loaded, choice)
        }
        Err(error) => {
            let mut verdict = refused(&reading, &error, given);
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

/// No key was read.
fn refused(reading: &Reading, error: &LoadError, passphrase: Option<&[u8]>) -> Verdict {
    if let Some(given) = passphrase.filter(|_| error.is_wrong_passphrase())
        && let Some(verdict) = passphrase_refused(reading, error, given)
    {
        return verdict;
    }
    if !error.is_damage() {
        return Verdict::fail(findings::of_error(error), error.to_string());
    }
    // What could be undone is told, as it says what happened to the text on its way. Nothing of it
    // is advised: it did not make a key.
    let told: Vec<String> = reading.repairs.iter().map(ToString::to_string).collect();
    let altered = reading.repairs.iter().any(|repair| findings::says_what_happened(repair.kind));
    let finding = if altered { findings::ALTERED } else { findings::of_error(error) };
    Verdict::fail(finding, format!("{error} {}", told.join(" ")).trim_end().to_owned())
}

/// What is wrong with a passphrase that does not open the key, where that is to be seen.
fn passphrase_refused(reading: &Reading, error: &LoadError, given: &[u8]) -> Option<Verdict> {
    let opens = |text: &[u8]| load(reading, Some(text), |_| true).is_ok();
    match passphrase::judge(given, opens) {
        PassphraseJudgement::Empty => Some(Verdict::fail(
            findings::PASSPHRASE_EMPTY,
            "The private key is encrypted, and the passphrase that was given is empty.",
        )),
        PassphraseJudgement::OpensWithout(flaws) => Some(Verdict::fail(
            findings::PASSPHRASE_ALTERED,
            format!(
                "The passphrase as given does not open the private key; it does without {flaws}."
            ),
        )),
        PassphraseJudgement::Odd(flaws) => {
            Some(Verdict::fail(findings::of_error(error), error.to_string()).note(
                Severity::Fail,
                findings::PASSPHRASE_ALTERED,
                format!("What was given as the passphrase has {flaws}."),
            ))
        }
        PassphraseJudgement::Plain => None,
    }
}

/// What a certificate says about which of several keys is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
enum KeyChoice {
    /// There is none.
    Open,
    /// It belongs to the one that is taken, which these options of `repair` name.
    Certified(String),
    /// It belongs to none of them.
    NoneFits,
}

fn accepted(
    context: &Context,
    material: &Material,
    reading: &Reading,
    loaded: Loaded,
    choice: KeyChoice,
) -> Verdict {
    learn_key(context, &loaded.key);
    let kind = strength::judge_public(loaded.key.pkey()).map(|judgement| judgement.description);
    let kind = kind.unwrap_or_else(|_| "of an unknown kind".to_owned());
    let verdict = Verdict::pass(format!("The private key can be read: {kind}, {}.", form(&loaded)))
        .evidence(Evidence::new("kind", kind))
        .evidence(Evidence::new("form", form(&loaded)));
    let verdict = with_form(verdict, reading, &loaded);
    let verdict = with_liberties(with_repairs(verdict, reading), &loaded);
    let verdict = with_company(verdict, reading, &loaded, &choice);
    let verdict = with_strict_reader(verdict, context, material, reading, &loaded);
    let options = repair_options(context, &loaded, &choice);
    let verdict = verdict.param("repair_key_options", options);
    let _ = context.facts.private_key.set(loaded.key);
    verdict
}

/// Notes where OpenSSL does not read the key from the file as it is, and nothing has said so yet.
fn with_strict_reader(
    verdict: Verdict,
    context: &Context,
    material: &Material,
    reading: &Reading,
    loaded: &Loaded,
) -> Verdict {
    let said = !reading.repairs.is_empty() || loaded.keys > 1;
    if said || reading.binary || loaded.form == GivenThing::Pkcs12 {
        return verdict;
    }
    let passphrase = context.inputs.passphrase.as_ref();
    let passphrase = passphrase.map(|given| trim_passphrase(given.bytes.expose()));
    if strict::openssl_reads(material.bytes.expose(), passphrase, &loaded.key) != Some(false) {
        return verdict;
    }
    let text = "OpenSSL refuses the file as it stands.";
    verdict.note(Severity::Warn, findings::REFUSED_BY_OPENSSL, text)
}

/// What `repair` needs besides the file to find the same key.
fn repair_options(context: &Context, loaded: &Loaded, choice: &KeyChoice) -> String {
    let mut options = String::new();
    if loaded.keys > 1 {
        options.push_str(match choice {
            KeyChoice::Certified(options) => options,
            // In capitals: a name that somebody has to fill in.
            KeyChoice::Open | KeyChoice::NoneFits => " --certificate CERTIFICATE-FILE",
        });
    }
    let from_file = |material: &Material| matches!(material.origin, Origin::File(_));
    if loaded.passphrase == PassphraseUse::Used
        && context.inputs.passphrase.as_ref().is_some_and(from_file)
    {
        options.push_str(" --passphrase-file {passphrase_file}");
    }
    options
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
    let said = reading.repairs.iter().any(|r| r.kind == RepairKind::TextOnArmourLine);
    match reading.text_around.filter(|_| !said) {
        Some(place) => verdict.note(
            Severity::Note,
            findings::TEXT_AROUND,
            format!("There is other text around the key ({place}). Many programs skip it."),
        ),
        None => verdict,
    }
}

/// Notes what is not exact in the encoding of the key, or odd about the bundle around it.
fn with_liberties(verdict: Verdict, loaded: &Loaded) -> Verdict {
    let mut verdict = loaded.liberties.iter().fold(verdict, |verdict, liberty| {
        verdict.note(Severity::Warn, findings::of_liberty(*liberty), liberty.text())
    });
    let Some(bundle) = loaded.bundle else { return verdict };
    if !bundle.has_mac {
        verdict = verdict.note(
            Severity::Warn,
            findings::BUNDLE_NO_MAC,
            "The PKCS#12 bundle has no MAC, the sum that shows whether it was changed.",
        );
    }
    if bundle.only_other_certificates {
        verdict = verdict.note(
            Severity::Warn,
            findings::BUNDLE_OTHER_CERTIFICATE,
            "The PKCS#12 bundle holds a certificate that does not belong to its private key.",
        );
    }
    verdict
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
fn with_company(
    mut verdict: Verdict,
    reading: &Reading,
    loaded: &Loaded,
    choice: &KeyChoice,
) -> Verdict {
    if loaded.keys > 1 {
        let number = loaded.number;
        let which = match choice {
            KeyChoice::Certified(_) => {
                format!("number {number} belongs to the certificate and is taken")
            }
            KeyChoice::NoneFits => {
                format!("none of them belongs to the certificate, and number {number} is taken")
            }
            KeyChoice::Open => {
                format!("number {number} is taken, as no certificate tells which is meant")
            }
        };
        let text = format!("There are several private keys in it, {}; {which}.", loaded.keys);
        verdict = verdict.note(Severity::Warn, findings::SEVERAL_KEYS, text);
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

/// The certificates that tell which of several keys is meant.
struct Meant {
    certificates: Vec<Certificate>,
    /// The options with which `repair` comes to the same key.
    options: String,
}

/// The certificates that were given; where one of them has the Certificate ID that was given, that
/// one alone. Certificates in the file of the key count where no other was given, or by their ID.
fn meant(context: &Context, reading: &Reading, passphrase: Option<&[u8]>) -> Meant {
    const OTHER_FILE: &str = " --certificate {certificate_file}";
    const SAME_FILE: &str = " --certificate {private_key_file}";
    let inputs = &context.inputs;
    let given = inputs.certificate.as_ref().map(pem::read_material);
    let given = given.map(|given| all_in(&given, passphrase)).unwrap_or_default();
    let beside = all_in(reading, passphrase);
    let id = inputs.certificate_id.as_ref().and_then(|id| read_certificate_id(&id.value).ok());
    if let Some(id) = id {
        let has = |one: &&Certificate| one.certificate_id() == id.id;
        for (all, file) in [(&given, OTHER_FILE), (&beside, SAME_FILE)] {
            if let Some(named) = all.iter().find(has) {
                let which = format!(" --certificate-id={}", id.id);
                let which = if all.len() > 1 { which } else { String::new() };
                return Meant {
                    certificates: vec![named.clone()],
                    options: file.to_owned() + &which,
                };
            }
        }
    }
    let (certificates, file) =
        if given.is_empty() { (beside, SAME_FILE) } else { (given, OTHER_FILE) };
    Meant { certificates, options: file.to_owned() }
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
    for pem in forms.into_iter().flatten().map(Zeroizing::new) {
        context.scrubber.learn(&Secret::new(SecretKind::PrivateKey, pem.as_slice()));
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
