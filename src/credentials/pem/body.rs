//! The text between BEGIN and END: headers, line layout and base64.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use super::repair::RepairKind;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// Lines of PEM have 64 characters; some programs write up to 76.
const LONGEST_LINE: usize = 76;

/// Something odd, and the index in the text at which it was seen.
pub(super) type Sighting = (RepairKind, usize);

/// A line of base64 without what surrounds it.
struct BodyLine<'a> {
    text: &'a str,
    start: usize,
    /// The same with the white space around it.
    raw: &'a str,
}

impl BodyLine<'_> {
    fn is_base64(&self) -> bool {
        self.text.chars().all(|c| is_base64(c) || matches!(c, '=' | '-' | '_'))
    }
}

/// A body taken apart.
pub(super) struct PemBody<'a> {
    pub(super) headers: Vec<(String, String)>,
    lines: Vec<BodyLine<'a>>,
    /// What is wrong with the layout of the lines.
    pub(super) layout: Vec<Sighting>,
    start: usize,
}

/// One way to read a body.
pub(super) struct Attempt {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// What had to be done to read it in this way.
    pub(super) sightings: Vec<Sighting>,
    /// Where the base64 text is broken, if it is.
    pub(super) broken: Option<usize>,
}

impl<'a> PemBody<'a> {
    /// Takes apart the text that begins at index `start` of the whole.
    pub(super) fn new(text: &'a str, start: usize, armoured: bool) -> Self {
        let (headers, skipped) = headers(text);
        let rest = text.get(skipped..).unwrap_or_default();
        let mut body = Self { headers, lines: Vec::new(), layout: Vec::new(), start };
        body.split_lines(rest, start + skipped);
        if armoured {
            body.judge_layout(rest, start + skipped, skipped > 0);
            body.judge_ends(rest, start + skipped, skipped > 0);
        }
        body
    }

    /// What strict readers refuse between the header and the first line, and between the last line
    /// and END.
    fn judge_ends(&mut self, text: &str, start: usize, has_headers: bool) {
        if !text.contains('\n') {
            return;
        }
        let mut lines = text.split('\n');
        // Headers end at the end of their last line, or behind it.
        let head = lines.next().filter(|line| line.trim().is_empty());
        let second = head.and_then(|_| lines.next());
        let ends_behind = self.headers.iter().any(|(name, _)| name == "DEK-Info");
        let blank = if ends_behind { second } else { head };
        if has_headers && blank.is_none_or(|line| !line.trim().is_empty()) {
            self.layout.push((RepairKind::HeaderBlankLine, start));
        }
        let Some((rest, last)) = text.rsplit_once('\n') else { return };
        if !last.is_empty() && last.trim().is_empty() {
            self.layout.push((RepairKind::Indented, start + rest.len() + 1));
        }
        let noted = self.layout.iter().any(|(kind, _)| *kind == RepairKind::BlankLines);
        let before = rest.rsplit_once('\n').map_or("", |(_, before)| before);
        if !noted && last.trim().is_empty() && before.trim().is_empty() && !self.is_empty() {
            self.layout.push((RepairKind::BlankBeforeEnd, start + rest.len() - before.len()));
        }
    }

    fn split_lines(&mut self, text: &'a str, mut at: usize) {
        for raw in text.split('\n') {
            let mut line = raw.trim_start();
            let mut start = at + raw.len() - line.len();
            if !line.is_empty() && start > at && text.contains('\n') {
                self.layout.push((RepairKind::Indented, at));
            }
            while let Some(rest) = line.strip_prefix('>') {
                self.layout.push((RepairKind::MailQuotes, start));
                let rest = rest.trim_start();
                start += line.len() - rest.len();
                line = rest;
            }
            if let Some(inner) = line.strip_prefix(QUOTES) {
                self.layout.push((RepairKind::Quotes, start));
                start += line.len() - inner.len();
                line = inner;
            }
            // What follows a closing quotation mark is source code: a plus, a comma.
            if let Some(end) = line.rfind(QUOTES) {
                self.layout.push((RepairKind::Quotes, start + end));
                line = line.get(..end).unwrap_or_default();
            }
            // Of the rest of a quoted BEGIN line only such signs are left.
            if raw.contains(QUOTES) && line.chars().all(|c| "+,;.& ".contains(c)) {
                line = "";
            }
            self.lines.push(BodyLine { text: line.trim_end(), start, raw });
            at += raw.len() + 1;
        }
    }

    fn judge_layout(&mut self, text: &str, start: usize, has_headers: bool) {
        let full: Vec<(usize, &BodyLine<'_>)> =
            self.lines.iter().enumerate().filter(|(_, line)| !line.text.is_empty()).collect();
        let (Some((first, head)), Some((last, tail))) = (full.first(), full.last()) else { return };
        let (first, last) = (*first, *last);
        let mut found = Vec::new();
        let on_begin_line = first == 0 && !has_headers;
        let on_end_line = last + 1 == self.lines.len();
        let inner_space =
            full.iter().find_map(|(_, line)| Some(line.start + line.text.find([' ', '\t'])?));
        if on_begin_line && on_end_line && !text.contains('\n') {
            found.push(match inner_space {
                Some(at) => (RepairKind::SpacesForLineBreaks, at),
                None if text.starts_with(' ') && text.ends_with(' ') => {
                    (RepairKind::SpacesForLineBreaks, start)
                }
                None => (RepairKind::OneLine, start),
            });
        } else {
            if on_begin_line {
                found.push((RepairKind::MissingLineBreak, head.start));
            }
            if on_end_line {
                found.push((RepairKind::MissingLineBreak, tail.start + tail.text.len()));
            }
            if let Some(at) = inner_space {
                found.push((RepairKind::SpacesInside, at));
            }
            if let Some((_, line)) = full.iter().find(|(_, line)| line.text.len() > LONGEST_LINE) {
                found.push((RepairKind::LongLines, line.start));
            }
            let blank = self
                .lines
                .iter()
                .enumerate()
                .find(|(index, line)| line.text.is_empty() && first < *index && *index < last);
            if let Some((_, line)) = blank {
                found.push((RepairKind::BlankLines, line.start));
            }
            let width = head.text.len();
            let odd = full.iter().find(|(index, line)| {
                line.text.len() > width || (*index != last && line.text.len() != width)
            });
            if let Some((_, line)) = odd {
                found.push((RepairKind::UnevenLines, line.start));
            }
        }
        self.layout.extend(found);
    }

    /// Whether there is nothing to decode.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.iter().all(|line| line.text.is_empty())
    }

    /// Drops everything from the first line on that is no base64: for blocks without an END line.
    pub(super) fn cut_at_prose(&mut self) {
        let data = |c: char| is_base64(c) || matches!(c, '-' | '_' | '=' | ' ' | '\t');
        let prose = |line: &BodyLine<'_>| {
            !line.text.chars().all(data) || (line.text.contains(' ') && line.text.len() < 24)
        };
        // The first line may be everything there is.
        if let Some(at) = self.lines.iter().skip(1).position(prose) {
            self.lines.truncate(at + 1);
        }
    }

    /// Reads the characters as they stand, leaving out what is no base64.
    pub(super) fn plain(&self) -> Attempt {
        self.gather(false, |_| true)
    }

    /// Reads single spaces inside the lines as plus signs.
    pub(super) fn spaces_as_plus(&self) -> Option<Attempt> {
        let spaced = self.lines.iter().any(|line| line.raw.contains(' '));
        spaced.then(|| self.gather(true, |_| true))
    }

    /// Where a line stands that is no base64, but words.
    pub(super) fn inner_text(&self) -> Option<usize> {
        let found = self.lines.iter().find(|line| !line.is_base64())?;
        Some(found.start)
    }

    /// Leaves out whole lines that are no part of the key: first those with blanks or other
    /// characters, then also those that are shorter than the rest.
    pub(super) fn without_inner_text(&self) -> Vec<Attempt> {
        let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
        for line in self.lines.iter().filter(|line| !line.text.is_empty()) {
            *widths.entry(line.text.len()).or_default() += 1;
        }
        // The width of most lines; of two, the wider.
        let most = widths.into_iter().max_by_key(|(width, times)| (*times, *width));
        let Some((width, _)) = most else { return Vec::new() };
        let last = self.lines.iter().rfind(|line| !line.text.is_empty()).map(|line| line.start);
        let is_full = |line: &BodyLine<'_>| line.text.len() == width || Some(line.start) == last;
        let base64 = |line: &BodyLine<'_>| line.is_base64();
        let full = |line: &BodyLine<'_>| line.is_base64() && is_full(line);
        let ways: [&dyn Fn(&BodyLine<'_>) -> bool; 2] = [&base64, &full];
        ways.into_iter()
            .filter_map(|keep| {
                let left_out = |line: &&BodyLine<'_>| !line.text.is_empty() && !keep(line);
                let first = self.lines.iter().find(left_out)?.start;
                let mut attempt = self.gather(false, keep);
                attempt.sightings.insert(0, (RepairKind::InnerText, first));
                Some(attempt)
            })
            .collect()
    }

    fn gather(&self, spaces_as_plus: bool, keep: impl Fn(&BodyLine<'_>) -> bool) -> Attempt {
        let mut data = Zeroizing::new(Vec::new());
        let mut sightings: Vec<Sighting> = Vec::new();
        let mut note = |kind, at| {
            if !sightings.iter().any(|(seen, _)| *seen == kind) {
                sightings.push((kind, at));
            }
        };
        let (mut padding, mut after_padding) = (0_usize, None);
        let mut last = self.start;
        for line in self.lines.iter().filter(|line| keep(line)) {
            let text = if spaces_as_plus { line.raw } else { line.text };
            for (offset, c) in text.char_indices() {
                let at = line.start + offset;
                last = at;
                let byte = match c {
                    '=' => {
                        padding += 1;
                        continue;
                    }
                    ' ' if spaces_as_plus => {
                        note(RepairKind::SpacesForPlus, at);
                        b'+'
                    }
                    ' ' | '\t' => continue,
                    '-' => {
                        note(RepairKind::UrlSafeBase64, at);
                        b'+'
                    }
                    '_' => {
                        note(RepairKind::UrlSafeBase64, at);
                        b'/'
                    }
                    c if is_base64(c) => c as u8,
                    _ => {
                        note(RepairKind::ForeignCharacters, at);
                        continue;
                    }
                };
                if padding > 0 {
                    after_padding.get_or_insert(at);
                }
                data.push(byte);
            }
        }
        let wanted = (4 - data.len() % 4) % 4;
        if padding != wanted && wanted != 3 && after_padding.is_none() {
            note(RepairKind::Padding, last);
        }
        decode(&data, sightings, after_padding.unwrap_or(last), after_padding.is_some())
    }

    /// Takes out the letters `n`, or `/n`, that stand where line breaks were.
    pub(super) fn without_bare_n(&self) -> Vec<Attempt> {
        let joined: Zeroizing<String> =
            Zeroizing::new(self.lines.iter().map(|line| line.text).collect());
        let at = self.lines.iter().find(|line| !line.text.is_empty()).map_or(0, |line| line.start);
        let leads = [
            ("/r/n", RepairKind::SlashNLineBreaks),
            ("/n", RepairKind::SlashNLineBreaks),
            ("rn", RepairKind::BareNLineBreaks),
            ("n", RepairKind::BareNLineBreaks),
        ];
        let Some((lead, kind)) = leads.into_iter().find(|(lead, _)| joined.starts_with(lead))
        else {
            return Vec::new();
        };
        [64, 76, 70, 72, 60, 48]
            .into_iter()
            .filter_map(|width| strip_pitch(&joined, lead, width))
            .map(|data| decode(&data, vec![(kind, at)], at, false))
            .collect()
    }
}

const QUOTES: [char; 4] = ['"', '\'', '`', '\u{b4}'];

fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/')
}

fn decode(data: &[u8], sightings: Vec<Sighting>, at: usize, broken: bool) -> Attempt {
    let decoded = if broken { None } else { LENIENT.decode(data).ok() };
    let broken = decoded.is_none().then_some(at);
    Attempt { bytes: Zeroizing::new(decoded.unwrap_or_default()), sightings, broken }
}

/// The text without the `lead` before every line of `width` characters and after the last one.
fn strip_pitch(text: &str, lead: &str, width: usize) -> Option<Zeroizing<Vec<u8>>> {
    let mut data = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        rest = rest.strip_prefix(lead.as_bytes())?;
        let line = rest.get(..width.min(rest.len()))?;
        data.extend_from_slice(line);
        rest = rest.get(line.len()..)?;
    }
    // The last line is shorter, and its own `n` is still there.
    if data.ends_with(lead.as_bytes()) {
        let length = data.len() - lead.len();
        data.truncate(length);
    }
    data.retain(|byte| *byte != b'=');
    Some(data)
}

/// The header lines at the start of a body, and how long they are together.
fn headers(text: &str) -> (Vec<(String, String)>, usize) {
    if let Some(found) = encryption_headers(text) {
        return found;
    }
    let mut headers = Vec::new();
    let mut end = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        match line.split_once(':') {
            Some((name, value)) if is_header_name(name.trim()) => {
                headers.push((name.trim().to_owned(), value.trim().to_owned()));
                end = at;
            }
            _ if line.trim().is_empty() && headers.is_empty() => {}
            _ => break,
        }
    }
    (headers, end)
}

fn is_header_name(name: &str) -> bool {
    (1..=40).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// The two headers of OpenSSL's old encryption, also where their line breaks are gone.
fn encryption_headers(text: &str) -> Option<(Vec<(String, String)>, usize)> {
    let head = text.get(..text.floor_char_boundary(512))?;
    head.find("Proc-Type")?;
    let mut headers = vec![("Proc-Type".to_owned(), "4,ENCRYPTED".to_owned())];
    let Some(at) = head.find("DEK-Info") else {
        return Some((headers, head.find("ENCRYPTED").map_or(0, |at| at + "ENCRYPTED".len())));
    };
    let value = head.get(at + "DEK-Info".len()..)?.trim_start_matches([':', ' ']);
    let start = head.len() - value.len();
    let (cipher, iv) = value.split_once(',')?;
    let iv_length = iv.bytes().take_while(u8::is_ascii_hexdigit).count();
    let iv = iv.get(..iv_length)?;
    headers.push(("DEK-Info".to_owned(), format!("{},{iv}", cipher.trim())));
    Some((headers, start + cipher.len() + 1 + iv_length))
}
