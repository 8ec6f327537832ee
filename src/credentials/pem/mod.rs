//! Reads PEM and DER as people really have them: damaged, escaped, wrapped, or something else.
//!
//! [`read`] never fails, never asks for a passphrase and takes time in proportion to its input.
//! What it says is only what was there; whether a key or certificate can be used is for the
//! caller. A repair is used only when its result is a complete DER structure.

mod armour;
mod block;
mod body;
mod foreign;
mod margin;
mod repair;
#[cfg(test)]
mod tests;
mod text;
mod thing;

use zeroize::Zeroizing;

use crate::credentials::der::{self, OuterLength};
use crate::credentials::input::Material;
use armour::markers;
use block::Walker;
pub use block::{Block, Damage};
use body::PemBody;
pub use foreign::mentions_private_key;
use foreign::{Wrapped, name_text};
use margin::without_margin;
pub use repair::{Position, Repair, RepairKind};
use repair::{RepairLog, Tracked};
use text::{to_text, unescape};
pub use thing::{GivenThing, classify_der};

/// How often base64 inside base64 is opened.
const DEEPEST: usize = 3;

/// What was found in an input.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The blocks, in order; empty where the input is something else altogether.
    pub blocks: Vec<Block>,
    /// What had to be fixed, in the order in which it was found.
    pub repairs: Vec<Repair>,
    /// Where text stands outside the blocks, such as OpenSSL's `Bag Attributes`.
    pub text_around: Option<Position>,
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
            binary: matches!(thing, GivenThing::Binary),
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
    if let Some(thing) = foreign::of_bytes(bytes) {
        return Reading::of_thing(thing);
    }
    if let Some(reading) = binary_der(bytes) {
        return reading;
    }
    if let Some(reading) = foreign::latin_1(bytes).and_then(|der| binary_der(&der)) {
        return noted(reading, RepairKind::BinaryAsText, RepairLog::default());
    }
    let (text, log) = to_text(bytes);
    let unreadable = text.as_str().chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    if unreadable > 8 && unreadable > text.as_str().len() / 40 {
        return Reading::of_thing(GivenThing::Binary);
    }
    read_text(text, log, depth)
}

/// A DER structure, recognised by its first bytes.
fn binary_der(bytes: &[u8]) -> Option<Reading> {
    let thing = classify_der(bytes);
    let mut log = RepairLog::new(Vec::new());
    let (der, damage) = match der::outer(bytes) {
        OuterLength::Exact | OuterLength::Indefinite if thing != GivenThing::OtherDer => {
            (bytes, None)
        }
        OuterLength::Longer(length) if thing != GivenThing::OtherDer => {
            log.add(RepairKind::TrailingBytes, length);
            (bytes.get(..length)?, None)
        }
        // `0` is also a character: only the long form of the length is no text.
        OuterLength::Shorter(need) if matches!(bytes.get(1), Some(0x81..=0x84)) => {
            (bytes, Some(Damage::Truncated { have: bytes.len(), need }))
        }
        OuterLength::Exact if matches!(bytes.get(1), Some(0x81..=0x84)) => (bytes, None),
        _ => return None,
    };
    let block = Block {
        label: None,
        headers: Vec::new(),
        der: Zeroizing::new(der.to_vec()),
        place: Position::START,
        thing,
        guessed: false,
        others: Vec::new(),
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

fn read_text(text: Tracked, mut log: RepairLog, depth: usize) -> Reading {
    let armoured = |text: &str| {
        let begins = text.as_bytes().windows(5).any(|word| word.eq_ignore_ascii_case(b"BEGIN"));
        begins || text.contains("-END") || text.contains("END ")
    };
    // Asked before backslashes are taken out, with which the marks of RTF begin.
    let document = foreign::document(text.as_str());
    let text = if armoured(text.as_str()) {
        without_margin(unescape(text, &mut log), &mut log)
    } else {
        text
    };
    let markers = markers(text.as_str());
    if markers.is_empty() {
        return read_bare(&text, log, depth);
    }
    let mut reader = Walker { text: &text, log, blocks: Vec::new(), around: None, depth };
    reader.walk(&markers);
    let thing = reader
        .blocks
        .iter()
        .map(|block| block.thing)
        .find(|thing| *thing != GivenThing::EcParameters)
        .or(reader.blocks.first().map(|block| block.thing))
        .unwrap_or(GivenThing::Text);
    let usable = |block: &Block| block.damage.is_none() && block.thing != GivenThing::OtherPem;
    // A document that shows a key is that document; what is between its marks are no blocks.
    if !reader.blocks.iter().any(usable)
        && let Some(thing) = document
    {
        return Reading::of_thing(thing);
    }
    let text_around = reader.around.map(|at| reader.log.place(text.origin(at)));
    Reading {
        blocks: reader.blocks,
        repairs: reader.log.finish(),
        text_around,
        thing,
        binary: false,
    }
}

/// What was found inside, and that it had to be taken out first.
fn noted(inner: Reading, kind: RepairKind, mut log: RepairLog) -> Reading {
    log.add(kind, 0);
    log.adopt(inner.repairs);
    Reading { repairs: log.finish(), ..inner }
}

/// Text without any BEGIN or END line: base64 of something, or something else.
fn read_bare(text: &Tracked, mut log: RepairLog, depth: usize) -> Reading {
    let whole = text.as_str();
    let start = whole.find("base64,").map_or(0, |at| at + "base64,".len());
    let data = whole.get(start..).unwrap_or_default();
    let base64 =
        |c: char| c.is_ascii_alphanumeric() || c.is_ascii_whitespace() || "+/=-_\"'`\\".contains(c);
    if data.trim().len() >= 40 && data.chars().all(base64) {
        let attempt = PemBody::new(data, start, false).plain();
        if depth > 0 && holds_pem(&attempt.bytes) {
            let inner = read_nested(&attempt.bytes, depth - 1);
            if !inner.blocks.is_empty() {
                log.add(RepairKind::Base64Again, text.origin(start));
                log.adopt(inner.repairs);
                return Reading { repairs: log.finish(), ..inner };
            }
        }
        if let Some(thing) = foreign_thing(&attempt.bytes) {
            return Reading::of_thing(thing);
        }
        let thing = classify_der(&attempt.bytes);
        let fits =
            matches!(der::outer(&attempt.bytes), OuterLength::Exact | OuterLength::Indefinite);
        if fits && thing != GivenThing::OtherDer {
            log.add(RepairKind::NoArmour, text.origin(start));
            let block = Block {
                label: None,
                headers: Vec::new(),
                der: attempt.bytes,
                place: log.place(text.origin(start)),
                thing,
                guessed: false,
                others: Vec::new(),
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
    let thing = name_text(whole);
    if matches!(thing, GivenThing::Jwk | GivenThing::JwkPublic) || depth == 0 {
        return Reading::of_thing(thing);
    }
    if let Some((kind, values)) = foreign::wrapped(whole)
        && let Some(reading) = unwrapped(text, kind, &values, &mut log, depth)
    {
        return reading;
    }
    if let Some(bytes) = foreign::hexadecimal(whole) {
        let inner = read_nested(&bytes, depth - 1);
        if inner.blocks.iter().any(is_certain) {
            return noted(inner, RepairKind::Hexadecimal, log);
        }
        if let Some(thing) = foreign_thing(&bytes) {
            return Reading::of_thing(thing);
        }
    }
    Reading::of_thing(thing)
}

/// The file of another program that decoded bytes are.
fn foreign_thing(bytes: &[u8]) -> Option<GivenThing> {
    let text = || std::str::from_utf8(bytes).ok().map(name_text);
    let vague = |thing: &GivenThing| {
        matches!(
            thing,
            GivenThing::Text
                | GivenThing::Blank
                | GivenThing::Path
                | GivenThing::HexToken
                | GivenThing::Json
                | GivenThing::Placeholder
        )
    };
    foreign::of_bytes(bytes).or_else(text).filter(|thing| !vague(thing))
}

/// Whether a block is whole and of a known kind, so that it was what somebody meant.
fn is_certain(block: &Block) -> bool {
    block.damage.is_none()
        && !block.guessed
        && !matches!(block.thing, GivenThing::OtherPem | GivenThing::OtherDer)
}

/// What the values of a text hold, all together. `None` where none of them is a key, a certificate, or
/// the like.
fn unwrapped(
    text: &Tracked,
    kind: RepairKind,
    values: &[Wrapped],
    log: &mut RepairLog,
    depth: usize,
) -> Option<Reading> {
    let mut blocks = Vec::new();
    let mut foreign = None;
    let mut repairs = Vec::new();
    for value in values {
        let inner = read_nested(&value.bytes, depth - 1);
        if !inner.blocks.iter().any(is_certain) {
            foreign = foreign.or_else(|| foreign_thing(&value.bytes));
            continue;
        }
        let place = log.place(text.origin(value.at));
        blocks.extend(inner.blocks.into_iter().map(|block| Block { place, ..block }));
        repairs.extend(inner.repairs);
    }
    let Some(first) = blocks.first() else {
        return foreign.map(Reading::of_thing);
    };
    let (thing, place) = (first.thing, first.place);
    log.add(kind, place.byte - 1);
    log.adopt(repairs);
    let repairs = std::mem::take(log).finish();
    Some(Reading { blocks, repairs, text_around: None, thing, binary: false })
}

/// Whether decoded base64 is text with armour in it, in one or two bytes per character.
fn holds_pem(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let plain: Vec<u8> = head.iter().copied().filter(|byte| *byte != 0).collect();
    plain.windows(5).any(|word| word == b"BEGIN")
        || (head.len() >= 40 && head.iter().all(|byte| byte.is_ascii_graphic() || *byte == b'\n'))
}
