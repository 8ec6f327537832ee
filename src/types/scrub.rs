//! Secrets as a type that nothing prints, and the one scrubber that every sink passes: it knows the
//! run's live secrets in all the forms in which they could leak, and their long pieces.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

use self::compare::{Escapes, Pieces, STRETCH, Skeleton};

/// What a secret is, for masking and for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretKind {
    /// A private key in any encoding.
    PrivateKey,
    /// The passphrase of an encrypted private key.
    Passphrase,
    /// The Client Secret of the integration record (never used by the exchange).
    ClientSecret,
    /// The signed client assertion of RFC 7523.
    Assertion,
    /// The access token that NetSuite issued.
    AccessToken,
    /// The code that a sign-in in the browser ends with; it buys one token.
    AuthorizationCode,
    /// The word that proves that who hands the code in also asked for it (RFC 7636).
    CodeVerifier,
}

impl SecretKind {
    /// The name used in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PrivateKey => "private key",
            Self::Passphrase => "passphrase",
            Self::ClientSecret => "client secret",
            Self::Assertion => "client assertion",
            Self::AccessToken => "access token",
            Self::AuthorizationCode => "authorization code",
            Self::CodeVerifier => "code verifier",
        }
    }
}

impl SecretKind {
    /// Whether it goes to the other side in the course of a run, and may come back in an answer.
    fn travels(self) -> bool {
        match self {
            Self::Assertion | Self::AccessToken | Self::AuthorizationCode | Self::CodeVerifier => {
                true
            }
            Self::PrivateKey | Self::Passphrase | Self::ClientSecret => false,
        }
    }
}

/// Bytes that must never be shown. Zeroised when dropped; no `Display`, no `Serialize`.
#[derive(Clone)]
pub struct Secret {
    kind: SecretKind,
    bytes: Zeroizing<Vec<u8>>,
}

impl Secret {
    /// Takes ownership of secret bytes.
    #[must_use]
    pub fn new(kind: SecretKind, bytes: impl Into<Vec<u8>>) -> Self {
        Self { kind, bytes: Zeroizing::new(bytes.into()) }
    }

    /// What this secret is.
    #[must_use]
    pub fn kind(&self) -> SecretKind {
        self.kind
    }

    /// The bytes themselves, for the one place that needs them.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.bytes
    }

    /// The secret as text, where it is valid UTF-8.
    #[must_use]
    pub fn expose_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there are no bytes at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({}, hidden)", self.kind.name())
    }
}

mod compare;
mod forms;

/// What stands where a secret stood.
pub const MARK: &str = "[redacted]";

/// Shorter secrets are left to the allowlist: replacing every `a` would destroy the report and
/// tell the secret by its gaps.
const SHORTEST: usize = 6;

/// From so many characters on, a piece of a secret is as secret as the whole.
pub const PIECE: usize = 24;

/// Knows secrets and removes them from text. Clones share what they know.
#[derive(Clone, Default)]
pub struct Scrubber(Arc<Mutex<Needles>>);

#[derive(Default)]
struct Needles {
    /// Forms and pieces that are long enough to be known by their parts.
    pieces: Pieces,
    /// Those of what travels to NetSuite and back: all that a server can know and repeat.
    travelling: Pieces,
    /// Forms that hold punctuation which the comparison leaves out.
    punctuated: Vec<Zeroizing<String>>,
    /// Short forms, longest first, so that a secret containing another is removed whole.
    short: Vec<Zeroizing<String>>,
    /// Checksums of what was learned: some secrets come up again and again.
    learned: HashSet<[u8; 32]>,
}

impl Needles {
    fn add(&mut self, form: &forms::SecretForm, travels: bool) {
        if form.text.len() >= SHORTEST && form.text.contains(compare::HOLDS) {
            self.punctuated.push(form.text.clone());
        }
        let bytes = compare::bytes(&form.text);
        if bytes.len() >= STRETCH {
            let least = if form.in_pieces { least_of_a_piece(&form.text) } else { bytes.len() };
            self.pieces.add(&bytes, least.min(bytes.len()).max(STRETCH));
            if travels && form.text.len() >= PIECE {
                self.travelling.add(&bytes, least.min(bytes.len()).max(STRETCH));
            }
        } else if form.text.len() >= SHORTEST && !MARK.contains(form.text.as_str()) {
            self.short.push(form.text.clone());
        }
    }
}

/// Where pieces of secrets stand in a text.
fn places(pieces: &Pieces, text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut look = |escapes| {
        let skeleton = Skeleton::new(text, escapes);
        for piece in pieces.find(&skeleton.bytes) {
            let places = skeleton.places_of(text, piece.range);
            let stays = |place: &Range<usize>| piece.public && in_certificate(text, place.start);
            found.extend(places.into_iter().filter(|place| !stays(place)));
        }
    };
    look(Escapes::Kept);
    if text.contains(['\\', '%']) || text.contains("&#") {
        look(Escapes::Resolved);
    }
    joined(found, text)
}

/// Whether a place of the text is inside the armour of a certificate or a public key.
fn in_certificate(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.rsplit_once("-----BEGIN "));
    let label = before.and_then(|(_, inside)| inside.split_once("-----"));
    label.is_some_and(|(label, body)| {
        ["CERTIFICATE", "PUBLIC KEY"].iter().any(|kind| label.ends_with(kind))
            && !body.contains("-----")
    })
}

/// How much of the least favourable piece of a form is left for the comparison.
fn least_of_a_piece(form: &str) -> usize {
    let counts: Vec<usize> = form.chars().map(compare::kept_bytes).collect();
    let Some(first) = counts.get(..PIECE) else { return PIECE };
    let mut sum: usize = first.iter().sum();
    let mut least = sum;
    for (leaving, coming) in counts.iter().zip(counts.iter().skip(PIECE)) {
        sum = sum + coming - leaving;
        least = least.min(sum);
    }
    least.min(PIECE)
}

/// Places in order, those that overlap or have but white space between them as one.
fn joined(mut places: Vec<Range<usize>>, text: &str) -> Vec<Range<usize>> {
    places.sort_by_key(|place| (place.start, place.end));
    let mut found: Vec<Range<usize>> = Vec::new();
    for place in places {
        match found.last_mut() {
            Some(last)
                if place.start <= last.end
                    || text.get(last.end..place.start).is_some_and(|gap| gap.trim().is_empty()) =>
            {
                last.end = last.end.max(place.end);
            }
            _ => found.push(place),
        }
    }
    found
}

impl Scrubber {
    /// Learns a secret, in every form in which it could appear.
    pub fn learn(&self, secret: &Secret) {
        let checksum = openssl::sha::sha256(secret.expose());
        let mut needles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !needles.learned.insert(checksum) {
            return;
        }
        let travels = secret.kind().travels();
        let mut added: Vec<Zeroizing<String>> = Vec::new();
        for form in forms::forms_of(secret) {
            // In many a form nothing needs an escape, and it is that of before.
            if !added.contains(&form.text) {
                needles.add(&form, travels);
                added.push(form.text);
            }
        }
        for form in forms::public_forms(secret) {
            needles.pieces.add_public(&compare::bytes(&form));
        }
        let Needles { punctuated, short, .. } = &mut *needles;
        for forms in [punctuated, short] {
            forms.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
            forms.dedup();
        }
    }

    /// The text without any known secret, and how many were taken out.
    #[must_use]
    pub fn scrub<'a>(&self, text: &'a str) -> (Cow<'a, str>, usize) {
        let needles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut clean = Cow::Borrowed(text);
        let mut count = replace_whole(&needles.punctuated, &mut clean);
        // The long ones before the short ones: a short one inside would leave their ends.
        let places = places(&needles.pieces, &clean);
        if !places.is_empty() {
            count += places.len();
            clean = Cow::Owned(replaced(&clean, &places));
        }
        count += replace_whole(&needles.short, &mut clean);
        (clean, count)
    }

    /// The text of a server without the assertion and the tokens of the run, before anything reads
    /// it. What never travels cannot come back, and a passphrase that is a usual word, such as
    /// `netsuite`, must not change what an answer means.
    #[must_use]
    pub fn scrub_answer<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let needles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let places = places(&needles.travelling, text);
        if places.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(replaced(text, &places)) }
    }
}

/// Replaces every form as it is written, and counts.
fn replace_whole(forms: &[Zeroizing<String>], clean: &mut Cow<'_, str>) -> usize {
    let mut count = 0;
    for form in forms {
        let hits = clean.matches(form.as_str()).count();
        if hits > 0 {
            count += hits;
            *clean = Cow::Owned(clean.replace(form.as_str(), MARK));
        }
    }
    count
}

/// The text with a mark at each of these places, which are in order and apart.
pub(crate) fn replaced(text: &str, places: &[Range<usize>]) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut from = 0;
    for place in places {
        clean.push_str(text.get(from..place.start).unwrap_or_default());
        clean.push_str(MARK);
        from = place.end;
    }
    clean.push_str(text.get(from..).unwrap_or_default());
    clean
}

impl fmt::Debug for Scrubber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scrubber(hidden)")
    }
}

#[cfg(test)]
mod tests;
