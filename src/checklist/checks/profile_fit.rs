//! `profile-fit`

mod key;
mod scopes;

use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, FindingId, NodeKey, ReasonCode, Severity, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec, findings};
use crate::netsuite::profiles::{Asks, Profile, ProfileGrade};

findings! {
    KEY_KIND = "key-kind",
    WANTS_PKCS8 = "wants-pkcs8",
    WANTS_PKCS1 = "wants-pkcs1",
    WANTS_SEC1 = "wants-sec1",
    ENCRYPTED = "encrypted",
    NOT_ENCRYPTED = "not-encrypted",
    ALGORITHM = "algorithm",
    ALGORITHM_DIFFERS = "algorithm-differs",
    VENDOR_MAKES_KEY = "vendor-makes-key",
    SCOPE_MISSING = "scope-missing",
    SCOPE_BEYOND = "scope-beyond",
    RECORDS_GUESSED = "records-guessed",
    GUIDE_KEY_SIZE = "guide-asks-small-key",
    GUIDE_PUBLIC_KEY = "guide-asks-public-key",
}

/// The declaration of `profile-fit`.
pub const SPEC: Spec = Spec {
    id: ids::PROFILE_FIT,
    phase: ids::CREDENTIALS,
    needs: &[],
    after: &[ids::PRIVATE_KEY, ids::CERTIFICATE],
    findings: &[FINDINGS],
    run: Run::Offline(run),
};

/// What has been compared so far, and what came of it.
struct Comparison<'a> {
    profile: &'a Profile,
    /// What of the key was found to fit, or not to. Scopes that agree prove nothing of the key.
    compared: Vec<&'static str>,
    /// What does not fit: what the product is known to take decides how grave that is.
    notes: Vec<(Severity, FindingId, String)>,
    /// What was seen, beside what is known of the product.
    facts: Vec<Evidence>,
    /// Values for the guidance.
    params: Vec<(&'static str, String)>,
}

impl Comparison<'_> {
    /// Something that the product cannot use, as far as that is known.
    fn misfit(&mut self, grade: ProfileGrade, finding: FindingId, text: String) {
        let severity = if grade.is_firm() { Severity::Fail } else { Severity::Warn };
        self.notes.push((severity, finding, text));
    }

    fn look(&mut self, finding: FindingId, text: String) {
        self.notes.push((Severity::Warn, finding, text));
    }

    fn is_in_trouble(&self) -> bool {
        !self.notes.is_empty()
    }
}

fn run(context: &Context) -> Verdict {
    let Some(profile) = &context.inputs.profile else {
        return Verdict::skipped(
            ReasonCode::NotProvided,
            "No integration was named; --profile takes its name.",
        );
    };
    let key = key::seen(context);
    let mut seen = Comparison {
        profile,
        compared: Vec::new(),
        notes: Vec::new(),
        facts: Vec::new(),
        params: Vec::new(),
    };
    key::compare(&mut seen, &key, context);
    scopes::compare(&mut seen, context);
    records(&mut seen, context);
    conflicts(&mut seen, &key);
    let unread = context.inputs.private_key.is_some() && key.kind.is_none();
    let verdict = if unread && profile_names_keys(profile) && !seen.is_in_trouble() {
        Verdict::blocked(vec![NodeKey::of(ids::PRIVATE_KEY)])
    } else {
        conclude(&mut seen, &key)
    };
    let verdict = verdict
        .evidence(Evidence::new("profile", &profile.id).source(format!(
            "{}, looked up {}, {}",
            profile.source,
            profile.date,
            profile.grade.as_str()
        )))
        .param("profile", &profile.name)
        .param("profile_id", &profile.id)
        .param("source", &profile.source)
        .param("key_type", profile.key_to_make().as_str());
    let verdict = profile.conflicts.iter().fold(verdict, |verdict, conflict| {
        let evidence = Evidence::new("guide_asks", &conflict.says);
        verdict.evidence(evidence.expected(&conflict.instead).source(&profile.source))
    });
    let verdict = seen.facts.into_iter().fold(verdict, Verdict::evidence);
    seen.params.into_iter().fold(verdict, |verdict, (name, value)| verdict.param(name, value))
}

fn profile_names_keys(profile: &Profile) -> bool {
    let keys = &profile.keys;
    !keys.accepts.is_empty()
        || !keys.encodings.is_empty()
        || !keys.algorithms.is_empty()
        || keys.encrypted.is_some()
}

fn conclude(seen: &mut Comparison<'_>, key: &key::Seen) -> Verdict {
    let name = &seen.profile.name;
    if seen.compared.is_empty() && !seen.is_in_trouble() {
        if profile_names_keys(seen.profile) && key.kind.is_none() {
            let text = format!(
                "No private key or certificate was given to hold against what {name} takes."
            );
            return Verdict::skipped(ReasonCode::NotProvided, text);
        }
        let text = format!("Nothing is known of {name} that could be held against what was given.");
        return Verdict::skipped(ReasonCode::NotApplicable, text);
    }
    let basis = match seen.profile.keys.grade {
        ProfileGrade::Documented => "what its guide asks for",
        ProfileGrade::Observed => "what its code takes",
        ProfileGrade::Inferred => "what the commands of its guide make",
        ProfileGrade::Guess => "what is guessed of it",
    };
    let verdict = Verdict::pass(format!("{name}: {} fit {basis}.", listed(&seen.compared)));
    std::mem::take(&mut seen.notes)
        .into_iter()
        .fold(verdict, |verdict, (severity, finding, text)| verdict.note(severity, finding, text))
}

/// Guessed records make guessed verdicts further down, so that it has to be said.
fn records(seen: &mut Comparison<'_>, context: &Context) {
    if !context.inputs.records_from_profile {
        return;
    }
    let guessed = seen.profile.records.iter().filter(|asked| !asked.grade.is_firm());
    let names: Vec<String> = guessed.map(|asked| asked.request.to_string()).collect();
    if !names.is_empty() {
        let name = &seen.profile.name;
        let text = format!(
            "Which records {name} uses is not documented; {} are a guess.",
            names.join(" and ")
        );
        seen.look(RECORDS_GUESSED, text);
    }
}

/// What the guide asks for and NetSuite refuses is a warning until what was given shows that it was
/// avoided.
fn conflicts(seen: &mut Comparison<'_>, key: &key::Seen) {
    for conflict in &seen.profile.conflicts {
        let (finding, avoided) = match conflict.asks {
            Asks::Rsa2048 => (GUIDE_KEY_SIZE, key.is_taken_by_netsuite()),
            Asks::PublicKey => (GUIDE_PUBLIC_KEY, key.certificate_given),
        };
        if !avoided {
            seen.look(finding, conflict.says.clone());
        }
    }
}

/// `a`, `a and b`, `a, b and c`.
fn listed<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests;
