//! Puts the steps together.

use zeroize::Zeroizing;

use super::armour::{Marker, Side, markers};
use super::block::{Block, Damage};
use super::body::{Attempt, Body};
use super::classify::{classify_der, promised};
use super::repair::{Place, Repair, RepairKind};
use super::text::name_text;
use super::thing::GivenThing;
use super::tracked::{Log, Tracked};
use super::{decode, unescape};
use crate::credentials::der::{self, Outer};
use crate::credentials::input::Material;

/// How often base64 inside base64 is opened.
const DEEPEST: usize = 3;
/// No file with a key has more blocks; a whole trust store may have.
const MOST_BLOCKS: usize = 1024;

/// What was found in an input.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The blocks, in order; empty where the input is something else altogether.
    pub blocks: Vec<Block>,
    /// What had to be mended, in the order in which it was found.
    pub repairs: Vec<Repair>,
    /// Where text stands outside the blocks, such as OpenSSL's `Bag Attributes`.
    pub text_around: Option<Place>,
    /// What was given: the first block that is more than curve parameters, or the kind of thing
    /// without any block.
    pub thing: GivenThing,
    /// Whether the input itself was binary.
    pub binary: bool,
}

impl Reading {
    fn of_thing(thing: GivenThing) -> Self {
        Self {
            blocks: Vec::new(),
            repairs: Vec::new(),
            text_around: None,
            thing,
            binary: matches!(thing, GivenThing::Binary | GivenThing::JavaKeyStore),
        }
    }

    /// The blocks of one sort.
    pub fn blocks_where(
        &self,
        wanted: impl Fn(GivenThing) -> bool,
    ) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(move |block| wanted(block.thing))
    }

    /// Whether anything in it is, or may hold, a private key.
    #[must_use]
    pub fn may_hold_a_private_key(&self) -> bool {
        self.thing.may_hold_a_private_key()
            || self.blocks.iter().any(|block| block.thing.may_hold_a_private_key())
    }

    /// Whether something of this kind had to be mended.
    #[must_use]
    pub fn repaired(&self, kind: RepairKind) -> bool {
        self.repairs.iter().any(|repair| repair.kind == kind)
    }
}

/// Reads an input; one that was cut off for its size is not looked at.
#[must_use]
pub fn read_material(material: &Material) -> Reading {
    if material.too_large {
        return Reading::of_thing(GivenThing::TooLarge);
    }
    read(material.bytes.expose())
}

/// Reads bytes.
#[must_use]
pub fn read(bytes: &[u8]) -> Reading {
    read_nested(bytes, DEEPEST)
}

fn read_nested(bytes: &[u8], depth: usize) -> Reading {
    if bytes.is_empty() {
        return Reading::of_thing(GivenThing::Empty);
    }
    if bytes.starts_with(&[0xfe, 0xed, 0xfe, 0xed]) {
        return Reading::of_thing(GivenThing::JavaKeyStore);
    }
    if let Some(reading) = binary_der(bytes) {
        return reading;
    }
    let (text, log) = decode::to_text(bytes);
    let unreadable = text.as_str().chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    if unreadable > 8 && unreadable > text.as_str().len() / 40 {
        return Reading::of_thing(GivenThing::Binary);
    }
    read_text(text, log, depth)
}

/// A DER structure, recognised by its first bytes.
fn binary_der(bytes: &[u8]) -> Option<Reading> {
    let thing = classify_der(bytes);
    let mut log = Log::new(Vec::new());
    let (der, damage) = match der::outer(bytes) {
        Outer::Exact | Outer::Indefinite if thing != GivenThing::OtherDer => (bytes, None),
        Outer::Longer(length) if thing != GivenThing::OtherDer => {
            log.add(RepairKind::TrailingBytes, length);
            (bytes.get(..length)?, None)
        }
        // `0` is also a character: only the long form of the length is no text.
        Outer::Shorter(need) if matches!(bytes.get(1), Some(0x81..=0x84)) => {
            (bytes, Some(Damage::Truncated { have: bytes.len(), need }))
        }
        Outer::Exact if matches!(bytes.get(1), Some(0x81..=0x84)) => (bytes, None),
        _ => return None,
    };
    let block = Block {
        label: None,
        headers: Vec::new(),
        der: Zeroizing::new(der.to_vec()),
        place: Place::START,
        thing,
        damage,
    };
    Some(Reading {
        blocks: vec![block],
        repairs: log.finish(),
        text_around: None,
        thing,
        binary: true,
    })
}

fn read_text(text: Tracked, mut log: Log, depth: usize) -> Reading {
    let armoured = |text: &str| {
        let begins = text.as_bytes().windows(5).any(|word| word.eq_ignore_ascii_case(b"BEGIN"));
        begins || text.contains("-END") || text.contains("END ")
    };
    let text = if armoured(text.as_str()) { unescape::undo(text, &mut log) } else { text };
    let markers = markers(text.as_str());
    if markers.is_empty() {
        return read_bare(&text, log, depth);
    }
    let mut reader = Reader { text: &text, log, blocks: Vec::new(), around: None, depth };
    reader.walk(&markers);
    let thing = reader
        .blocks
        .iter()
        .map(|block| block.thing)
        .find(|thing| *thing != GivenThing::EcParameters)
        .or(reader.blocks.first().map(|block| block.thing))
        .unwrap_or(GivenThing::Text);
    let text_around = reader.around.map(|at| reader.log.place(text.origin(at)));
    Reading {
        blocks: reader.blocks,
        repairs: reader.log.finish(),
        text_around,
        thing,
        binary: false,
    }
}

/// Text without any BEGIN or END line: base64 of something, or something else.
fn read_bare(text: &Tracked, mut log: Log, depth: usize) -> Reading {
    let whole = text.as_str();
    let start = whole.find("base64,").map_or(0, |at| at + "base64,".len());
    let data = whole.get(start..).unwrap_or_default();
    let base64 =
        |c: char| c.is_ascii_alphanumeric() || c.is_ascii_whitespace() || "+/=-_\"'`\\".contains(c);
    if data.trim().len() >= 40 && data.chars().all(base64) {
        let attempt = Body::new(data, start, false).plain();
        if depth > 0 && holds_pem(&attempt.bytes) {
            let inner = read_nested(&attempt.bytes, depth - 1);
            if !inner.blocks.is_empty() {
                log.add(RepairKind::Base64Again, text.origin(start));
                log.adopt(inner.repairs);
                return Reading { repairs: log.finish(), ..inner };
            }
        }
        let thing = classify_der(&attempt.bytes);
        let fits = matches!(der::outer(&attempt.bytes), Outer::Exact | Outer::Indefinite);
        if fits && thing != GivenThing::OtherDer {
            log.add(RepairKind::NoArmour, text.origin(start));
            let block = Block {
                label: None,
                headers: Vec::new(),
                der: attempt.bytes,
                place: log.place(text.origin(start)),
                thing,
                damage: None,
            };
            return Reading {
                blocks: vec![block],
                repairs: log.finish(),
                text_around: None,
                thing,
                binary: false,
            };
        }
    }
    Reading::of_thing(name_text(whole))
}

/// Whether decoded base64 is text with armour in it, in one or two bytes per character.
fn holds_pem(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let plain: Vec<u8> = head.iter().copied().filter(|byte| *byte != 0).collect();
    plain.windows(5).any(|word| word == b"BEGIN")
        || (head.len() >= 40 && head.iter().all(|byte| byte.is_ascii_graphic() || *byte == b'\n'))
}

struct Reader<'a> {
    text: &'a Tracked,
    log: Log,
    blocks: Vec<Block>,
    around: Option<usize>,
    depth: usize,
}

impl Reader<'_> {
    fn walk(&mut self, markers: &[Marker]) {
        let mut at = 0;
        let mut rest = markers.iter().peekable();
        while let Some(marker) = rest.next() {
            if self.blocks.len() >= MOST_BLOCKS {
                return;
            }
            if marker.side == Side::End {
                self.note(RepairKind::MissingBegin, marker.start);
                self.block(marker, at, marker.start, true);
                at = marker.end;
                continue;
            }
            self.surroundings(at, marker.start);
            for flaw in &marker.flaws {
                self.note(*flaw, marker.start);
            }
            match rest.next_if(|next| next.side == Side::End) {
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
        let mut at = from;
        for line in between.split_inclusive('\n') {
            let bare = line.trim();
            let start = at + line.len() - line.trim_start().len();
            // The last piece of the text before BEGIN is the start of its line.
            let before_begin = at + line.len() == to && to < text.as_str().len();
            if bare.is_empty() {
                if before_begin && !line.is_empty() && !line.ends_with('\n') {
                    self.note(RepairKind::Indented, at);
                }
            } else if bare.chars().all(|c| c == '>' || c == ' ') {
                self.note(RepairKind::MailQuotes, start);
            } else if bare.chars().all(|c| "\"'`,;+()".contains(c)) {
                self.note(RepairKind::Quotes, start);
            } else {
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
        let mut body = Body::new(text.as_str().get(from..to).unwrap_or_default(), from, !open);
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
    fn settle(&mut self, block: &mut Block, body: &Body<'_>, plain: Attempt) {
        let structured = block.thing != GivenThing::LegacyEncrypted;
        let fits = |attempt: &Attempt| {
            attempt.broken.is_none() && (!structured || is_complete(&attempt.bytes))
        };
        let mut chosen = None;
        if !fits(&plain) || body_is_bare_n(body, structured) {
            chosen = body.without_bare_n().into_iter().find(fits);
            chosen = chosen.or_else(|| body.spaces_as_plus().filter(fits));
        }
        let guessed = chosen.is_some();
        let attempt = chosen.unwrap_or(plain);
        let layout = body.layout.iter().filter(|(kind, _)| {
            !guessed || matches!(kind, RepairKind::Quotes | RepairKind::MailQuotes)
        });
        for (kind, at) in layout.chain(&attempt.oddities) {
            self.note(*kind, *at);
        }
        if let Some(at) = attempt.broken {
            block.damage = Some(Damage::BrokenBase64(self.log.place(self.text.origin(at))));
            return;
        }
        block.der = attempt.bytes;
        if structured {
            self.judge(block);
        }
    }

    fn judge(&mut self, block: &mut Block) {
        let promise = block.thing;
        let index = block.place.byte - 1;
        match der::outer(&block.der) {
            Outer::Shorter(need) => {
                block.damage = Some(Damage::Truncated { have: block.der.len(), need });
                return;
            }
            Outer::Longer(length) => {
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
        Outer::Exact | Outer::Indefinite => true,
        // Named curve parameters are a single object identifier.
        Outer::NotDer => {
            der::split(bytes).is_some_and(|(e, rest)| e.tag == der::OID && rest.is_empty())
        }
        Outer::Longer(_) | Outer::Shorter(_) => false,
    }
}

/// Ciphertext cannot tell by itself whether an `n` belongs to it; its pitch can.
fn body_is_bare_n(body: &Body<'_>, structured: bool) -> bool {
    !structured && !body.without_bare_n().is_empty()
}
