//! Finds BEGIN and END lines, also damaged ones.

use super::repair::RepairKind;
use super::thing::LABELS;

/// Which of the two lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ArmourSide {
    Begin,
    End,
}

/// A BEGIN or END line.
#[derive(Debug)]
pub(super) struct Marker {
    pub(super) side: ArmourSide,
    /// In its usual spelling where the label is known.
    pub(super) label: String,
    /// Where its first hyphen stands.
    pub(super) start: usize,
    /// After its last hyphen.
    pub(super) end: usize,
    /// What is wrong with its spelling.
    pub(super) flaws: Vec<RepairKind>,
}

/// No armour line has more hyphens or a longer unknown label. The bounds keep the search linear.
const MOST_DASHES: usize = 40;
const MOST_SPACES: usize = 4;
const LONGEST_LABEL: usize = 64;

/// All BEGIN and END lines of a text, in order.
pub(super) fn markers(text: &str) -> Vec<Marker> {
    let bytes = text.as_bytes();
    let mut found: Vec<Marker> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let side = match bytes.get(at..) {
            Some(rest) if starts_with(rest, b"BEGIN") => ArmourSide::Begin,
            Some(rest) if starts_with(rest, b"END") => ArmourSide::End,
            _ => {
                at += 1;
                continue;
            }
        };
        let floor = found.last().map_or(0, |marker| marker.end);
        match marker(text, side, at, floor) {
            Some(marker) => {
                at = marker.end.max(at + 1);
                found.push(marker);
            }
            None => at += 1,
        }
    }
    found
}

fn starts_with(bytes: &[u8], word: &[u8]) -> bool {
    bytes.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
}

fn marker(text: &str, side: ArmourSide, at: usize, floor: usize) -> Option<Marker> {
    let bytes = text.as_bytes();
    let word = match side {
        ArmourSide::Begin => "BEGIN",
        ArmourSide::End => "END",
    };
    let spaces = run_back(bytes, at, floor, b' ', MOST_SPACES);
    let before = run_back(bytes, at - spaces, floor, b'-', MOST_DASHES);
    let start = if before == 0 { at } else { at - spaces - before };
    let label_at = at + word.len();
    let known = known_label(bytes, label_at);
    let (label, label_end) = match known {
        Some(known) => known,
        None => unknown_label(text, label_at)?,
    };
    let spaces = run(bytes, label_end, b' ', MOST_SPACES);
    let after = run(bytes, label_end + spaces, b'-', MOST_DASHES);
    let after = match side {
        // The hyphens of END and those of the BEGIN that follows without a line break.
        ArmourSide::End if begins_another(bytes, label_end + spaces + after) => after.min(5),
        _ => after,
    };
    let end = if after == 0 { label_end } else { label_end + spaces + after };
    let certain = match known_label(bytes, label_at) {
        Some(_) => before + after > 0 || stands_alone(text, at, label_end, word),
        None => before >= 2 && after >= 2,
    };
    if !certain {
        return None;
    }
    let mut flaws = Vec::new();
    if (before, after) != (5, 5) {
        flaws.push(RepairKind::ArmourDashes);
    }
    if text.get(start + before..label_end) != Some(format!("{word} {label}").as_str())
        || end != label_end + after
    {
        flaws.push(RepairKind::ArmourSpelling);
    }
    Some(Marker { side, label, start, end, flaws })
}

/// Whether a BEGIN stands right behind the hyphens that end here.
fn begins_another(bytes: &[u8], at: usize) -> bool {
    bytes.get(at..).is_some_and(|rest| starts_with(rest, b"BEGIN"))
}

fn run(bytes: &[u8], from: usize, wanted: u8, most: usize) -> usize {
    bytes.iter().skip(from).take(most).take_while(|byte| **byte == wanted).count()
}

fn run_back(bytes: &[u8], to: usize, floor: usize, wanted: u8, most: usize) -> usize {
    let part = bytes.get(floor.min(to)..to).unwrap_or_default();
    part.iter().rev().take(most).take_while(|byte| **byte == wanted).count()
}

/// The longest known label at `from`, whatever its case and spaces, and where it ends.
fn known_label(bytes: &[u8], from: usize) -> Option<(String, usize)> {
    let best = LABELS
        .iter()
        .filter_map(|(label, _)| Some((*label, match_label(bytes, from, label)?)))
        .max_by_key(|(_, end)| *end)?;
    Some((best.0.to_owned(), best.1))
}

fn match_label(bytes: &[u8], from: usize, label: &str) -> Option<usize> {
    let mut at = from;
    for wanted in label.bytes().filter(|byte| *byte != b' ') {
        at += bytes
            .iter()
            .skip(at)
            .take(MOST_SPACES)
            .take_while(|byte| matches!(byte, b' ' | b'_' | b'\n' | b'\t'))
            .count();
        if !bytes.get(at)?.eq_ignore_ascii_case(&wanted) {
            return None;
        }
        at += 1;
    }
    Some(at)
}

/// A label nobody knows, up to its hyphens.
fn unknown_label(text: &str, from: usize) -> Option<(String, usize)> {
    let rest = text.get(from..)?;
    let rest = rest.get(..rest.floor_char_boundary(LONGEST_LABEL))?;
    let end = rest.find('-')?;
    let label = rest.get(..end)?.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '#' | '.');
    let usable = !label.is_empty() && label.chars().all(plain);
    let trimmed_end = from + rest.get(..end)?.trim_end().len();
    usable.then(|| (label.to_ascii_uppercase(), trimmed_end))
}

/// Whether a line has nothing on it but `BEGIN` or `END` and a label, in capitals. Only a few
/// characters around are looked at: a line may be a megabyte long.
fn stands_alone(text: &str, from: usize, to: usize, word: &str) -> bool {
    let bytes = text.as_bytes();
    let solid = |byte: &&u8| !matches!(byte, b' ' | b'\t');
    let mut before = bytes.get(..from).unwrap_or_default().iter().rev().take(LONGEST_LABEL);
    let mut after = bytes.iter().skip(to).take(LONGEST_LABEL);
    before.find(solid).is_none_or(|byte| *byte == b'\n')
        && after.find(solid).is_none_or(|byte| *byte == b'\n')
        && text.get(from..).is_some_and(|rest| rest.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> (String, Vec<RepairKind>) {
        let mut found = markers(text);
        assert_eq!(found.len(), 1, "{text}");
        let marker = found.remove(0);
        (marker.label, marker.flaws)
    }

    #[test]
    fn damaged_armour_is_recognised() {
        for (text, label, flaws) in [
            ("-----BEGIN PRIVATE KEY-----", "PRIVATE KEY", &[][..]),
            ("---BEGIN RSA PRIVATE KEY-----", "RSA PRIVATE KEY", &[RepairKind::ArmourDashes]),
            ("-----begin certificate-----", "CERTIFICATE", &[RepairKind::ArmourSpelling]),
            ("-----BEGINPRIVATEKEY-----", "PRIVATE KEY", &[RepairKind::ArmourSpelling]),
            ("----- BEGIN PRIVATE KEY -----", "PRIVATE KEY", &[RepairKind::ArmourSpelling]),
            ("-----BEGIN SOMETHING ELSE-----", "SOMETHING ELSE", &[]),
            ("BEGIN CERTIFICATE", "CERTIFICATE", &[RepairKind::ArmourDashes]),
        ] {
            assert_eq!(one(text), (label.to_owned(), flaws.to_vec()), "{text}");
        }
    }

    #[test]
    fn a_begin_line_right_behind_an_end_line_has_its_own_hyphens() {
        let text = "-----END PRIVATE KEY----------BEGIN CERTIFICATE-----";
        let found = markers(text);
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|marker| marker.flaws.is_empty()), "{found:?}");
        assert_eq!(found[0].end, found[1].start);
    }

    #[test]
    fn prose_is_no_armour() {
        for text in ["begin with the certificate", "the END", "APPEND-----", "BEGIN PRIVATE KEYS"] {
            assert!(markers(text).is_empty(), "{text}");
        }
    }
}
