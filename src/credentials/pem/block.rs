//! The blocks between the BEGIN and END lines.

use zeroize::Zeroizing;

use super::armour::{ArmourSide, Marker};
use super::body::{Attempt, PemBody};
use super::read_nested;
use super::repair::{Position, RepairKind, RepairLog, Tracked};
use super::thing::{GivenThing, classify_der, promised};
use crate::credentials::der::{self, OuterLength};

/// One structure that was found.
#[derive(Clone)]
pub struct Block {
    /// The label of its BEGIN line; nothing for binary contents and for base64 without armour.
    pub label: Option<String>,
    /// Header lines such as `DEK-Info`, name and value.
    pub headers: Vec<(String, String)>,
    /// The contents: DER, or ciphertext where the headers say so. Empty where they are damaged or
    /// of a kind that is only named.
    pub der: Zeroizing<Vec<u8>>,
    /// Where it begins.
    pub place: Position,
    /// What it is, judged by its contents; by its label where they are damaged.
    pub thing: GivenThing,
    /// Whether `der` rests on a guess at characters that were lost or added.
    pub guessed: bool,
    /// Further readings that would make a whole structure too, where it was guessed.
    pub others: Vec<Zeroizing<Vec<u8>>>,
    /// Why its contents cannot be used.
    pub damage: Option<Damage>,
}

impl Block {
    /// The value of a header, by its name without regard to case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

impl std::fmt::Debug for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Block")
            .field("label", &self.label)
            .field("place", &self.place)
            .field("thing", &self.thing)
            .field("damage", &self.damage)
            .finish_non_exhaustive()
    }
}

/// Why the contents of a block cannot be used, after every repair was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// Nothing stands between BEGIN and END.
    NoContents,
    /// The base64 text has a character too many, or characters are missing.
    BrokenBase64(Position),
    /// The contents are cut off.
    Truncated {
        /// Bytes that are there.
        have: usize,
        /// Bytes that there should be.
        need: usize,
    },
    /// The contents decode to bytes that are not what the label says, nor anything else known.
    Unrecognised,
}

impl std::fmt::Display for Damage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoContents => f.write_str("nothing stands between its BEGIN and END lines"),
            Self::BrokenBase64(place) => {
                write!(f, "its base64 text is broken ({place}): characters are missing or added")
            }
            Self::Truncated { have, need } => {
                write!(f, "it is cut off: {have} of {need} bytes are there")
            }
            Self::Unrecognised => f.write_str("its contents are not what its label says"),
        }
    }
}

/// No file with a key has more blocks; a whole trust store may have.
const MOST_BLOCKS: usize = 1024;

/// Walks from marker to marker.
pub(super) struct Walker<'a> {
    pub(super) text: &'a Tracked,
    pub(super) log: RepairLog,
    pub(super) blocks: Vec<Block>,
    /// Where text stands outside the blocks.
    pub(super) around: Option<usize>,
    /// How often base64 inside base64 may still be opened.
    pub(super) depth: usize,
}

impl Walker<'_> {
    /// Reads every block.
    pub(super) fn walk(&mut self, markers: &[Marker]) {
        let mut at = 0;
        let mut rest = markers.iter().peekable();
        while let Some(marker) = rest.next() {
            if self.blocks.len() >= MOST_BLOCKS {
                return;
            }
            if marker.side == ArmourSide::End {
                self.note(RepairKind::MissingBegin, marker.start);
                self.block(marker, at, marker.start, true);
                at = marker.end;
                continue;
            }
            self.surroundings(at, marker.start);
            for flaw in &marker.flaws {
                self.note(*flaw, marker.start);
            }
            match rest.next_if(|next| next.side == ArmourSide::End) {
                Some(end) => {
                    for flaw in &end.flaws {
                        self.note(*flaw, end.start);
                    }
                    if end.label != marker.label {
                        self.note(RepairKind::ArmourMismatch, end.start);
                    }
                    self.block(marker, marker.end, end.start, false);
                    at = end.end;
                }
                None => {
                    self.note(RepairKind::MissingEnd, marker.start);
                    let end = rest.peek().map_or(self.text.as_str().len(), |next| next.start);
                    self.block(marker, marker.end, end, true);
                    at = end;
                }
            }
        }
        self.surroundings(at, self.text.as_str().len());
    }

    fn note(&mut self, kind: RepairKind, index: usize) {
        self.log.once(kind, self.text.origin(index));
    }

    /// Looks at what stands between blocks.
    fn surroundings(&mut self, from: usize, to: usize) {
        let text = self.text;
        let Some(between) = text.as_str().get(from..to) else { return };
        let (follows, leads) = (from > 0, to < text.as_str().len());
        if follows && leads && between.trim_matches([' ', '\t']).is_empty() {
            self.note(RepairKind::MissingLineBreak, from);
            return;
        }
        let mut at = from;
        for line in between.split_inclusive('\n') {
            let bare = line.trim();
            let start = at + line.len() - line.trim_start().len();
            // The last piece of the text before BEGIN is the start of its line.
            let before_begin = at + line.len() == to && leads && !line.ends_with('\n');
            if bare.is_empty() {
                if before_begin {
                    self.note(RepairKind::Indented, at);
                }
            } else if bare.chars().all(|c| c == '>' || c == ' ') {
                self.note(RepairKind::MailQuotes, start);
            } else if bare.chars().all(|c| "\"'`,;+() ".contains(c)) {
                self.note(RepairKind::Quotes, start);
            } else {
                if before_begin || (follows && at == from) {
                    self.note(RepairKind::TextOnArmourLine, start);
                }
                self.around.get_or_insert(start);
            }
            at += line.len();
        }
    }

    fn block(&mut self, marker: &Marker, from: usize, to: usize, open: bool) {
        let text = self.text;
        let promise = promised(&marker.label);
        let mut block = Block {
            label: Some(marker.label.clone()),
            headers: Vec::new(),
            der: Zeroizing::default(),
            place: self.log.place(text.origin(marker.start)),
            thing: promise,
            guessed: false,
            others: Vec::new(),
            damage: None,
        };
        // Nothing is read of what is only named.
        if matches!(
            promise,
            GivenThing::OpenSshPrivateKey | GivenThing::SshPublicKey | GivenThing::Pgp
        ) {
            self.blocks.push(block);
            return;
        }
        let mut body = PemBody::new(text.as_str().get(from..to).unwrap_or_default(), from, !open);
        if open {
            body.cut_at_prose();
        }
        block.headers = std::mem::take(&mut body.headers);
        if block.header("Proc-Type").is_some_and(|value| value.contains("ENCRYPTED")) {
            block.thing = GivenThing::LegacyEncrypted;
        }
        if body.is_empty() {
            block.damage = Some(Damage::NoContents);
            self.blocks.push(block);
            return;
        }
        let plain = body.plain();
        if self.depth > 0 && plain.broken.is_none() && plain.bytes.starts_with(b"-----BEGIN") {
            let inner = read_nested(&plain.bytes, self.depth - 1);
            self.note(RepairKind::Base64Again, from);
            self.log.adopt(inner.repairs);
            self.blocks.extend(inner.blocks);
            return;
        }
        self.settle(&mut block, &body, plain);
        self.blocks.push(block);
    }

    /// Chooses the way of reading whose result is a complete structure.
    fn settle(&mut self, block: &mut Block, body: &PemBody<'_>, plain: Attempt) {
        let structured = block.thing != GivenThing::LegacyEncrypted;
        let fits = |attempt: &Attempt| {
            attempt.broken.is_none() && (!structured || is_complete(&attempt.bytes))
        };
        let mut guesses = Vec::new();
        if !fits(&plain) || body_is_bare_n(body, structured) {
            guesses = body.without_bare_n();
            guesses.extend(body.spaces_as_plus());
            guesses.extend(body.without_inner_text());
            guesses.retain(fits);
        }
        let as_it_stands = fits(&plain).then(|| plain.bytes.clone());
        let mut guesses = guesses.into_iter();
        let chosen = guesses.next();
        let guessed = chosen.is_some();
        let attempt = chosen.unwrap_or(plain);
        block.guessed = guessed;
        block.others = guesses.map(|guess| guess.bytes).chain(as_it_stands).collect();
        block.others.retain(|other| **other != *attempt.bytes);
        let layout = body.layout.iter().filter(|(kind, _)| {
            !guessed || matches!(kind, RepairKind::Quotes | RepairKind::MailQuotes)
        });
        for (kind, at) in layout.chain(&attempt.sightings) {
            self.note(*kind, *at);
        }
        if let (Some(at), true) = (body.inner_text(), attempt.broken.is_some()) {
            self.note(RepairKind::InnerText, at);
        }
        if let Some(at) = attempt.broken {
            block.damage = Some(Damage::BrokenBase64(self.log.place(self.text.origin(at))));
            return;
        }
        block.der = attempt.bytes;
        if structured {
            self.judge(block);
        }
        if let (Some(at), true) = (body.inner_text(), block.damage.is_some()) {
            self.note(RepairKind::InnerText, at);
        }
    }

    fn judge(&mut self, block: &mut Block) {
        let promise = block.thing;
        let index = block.place.byte - 1;
        match der::outer(&block.der) {
            OuterLength::Shorter(need) => {
                block.damage = Some(Damage::Truncated { have: block.der.len(), need });
                return;
            }
            OuterLength::Longer(length) => {
                if promise != GivenThing::TrustedCertificate {
                    self.log.once(RepairKind::TrailingBytes, index);
                }
                block.der.truncate(length);
            }
            _ => {}
        }
        let thing = classify_der(&block.der);
        if thing == promise || promise == GivenThing::OtherParameters {
            return;
        }
        match (promise, thing) {
            (GivenThing::TrustedCertificate, GivenThing::Certificate) => {}
            (GivenThing::OtherPem, _) => {}
            (_, GivenThing::OtherDer) => block.damage = Some(Damage::Unrecognised),
            _ => {
                self.log.once(RepairKind::WrongLabel, index);
                block.thing = thing;
            }
        }
    }
}

fn is_complete(bytes: &[u8]) -> bool {
    match der::outer(bytes) {
        OuterLength::Exact | OuterLength::Indefinite => true,
        // Named curve parameters are a single object identifier.
        OuterLength::NotDer => {
            der::split(bytes).is_some_and(|(e, rest)| e.tag == der::OID && rest.is_empty())
        }
        OuterLength::Longer(_) | OuterLength::Shorter(_) => false,
    }
}

/// Ciphertext cannot tell by itself whether an `n` belongs to it; its pitch can.
fn body_is_bare_n(body: &PemBody<'_>, structured: bool) -> bool {
    !structured && !body.without_bare_n().is_empty()
}
