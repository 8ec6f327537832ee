//! What had to be fixed before the contents could be read, and text that remembers which byte of the
//! input each of its bytes came from.

use std::fmt;

use zeroize::Zeroizing;

/// A position in what was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, the first being 1.
    pub line: usize,
    /// Byte from the start of the input, the first being 1.
    pub byte: usize,
}

impl Position {
    /// The very first byte.
    pub const START: Self = Self { line: 1, byte: 1 };
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, byte {}", self.line, self.byte)
    }
}

macro_rules! repair_kinds {
    ($($(#[$doc:meta])+ $name:ident = $id:literal, $text:literal;)+) => {
        /// The kinds of damage that are fixed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RepairKind {
            $($(#[$doc])+ $name,)+
        }

        impl RepairKind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Stable name; the guidance in the cards stands under it.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)+ }
            }

            /// What was wrong, without its place.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

repair_kinds! {
    /// EF BB BF at the start.
    ByteOrderMark = "byte-order-mark", "The file begins with an invisible byte order mark";
    /// Two bytes per character.
    Utf16 = "utf-16", "The text is stored as UTF-16, two bytes per character";
    /// Bytes that are no UTF-8.
    NotUtf8 = "not-utf-8", "Some bytes are no valid UTF-8 text";
    /// Zero-width characters, soft hyphens, direction marks, control characters.
    InvisibleCharacters = "invisible-characters", "There are invisible characters";
    /// No-break and other typographic spaces.
    NoBreakSpaces = "no-break-spaces", "There are no-break or other typographic spaces";
    /// Dashes that a word processor made.
    SmartDashes = "smart-dashes", "Hyphens were replaced by typographic dashes";
    /// CR LF.
    WindowsLineBreaks = "windows-line-breaks", "The lines end in the Windows way (CR LF)";
    /// CR alone.
    LoneCarriageReturns = "lone-carriage-returns",
        "The lines end with a carriage return (CR) alone";
    /// `\n` as two characters.
    EscapedLineBreaks = "escaped-line-breaks",
        "Line breaks are written as the two characters \\n";
    /// `\\n` as three characters or more.
    DoubleEscapedLineBreaks = "double-escaped-line-breaks",
        "Line breaks are written as \\\\n: they were escaped more than once";
    /// `\/`, `\u002b`, a backslash at the end of a line.
    EscapedCharacters = "escaped-characters", "Characters are escaped with backslashes";
    /// The letter `n` where line breaks were.
    BareNLineBreaks = "bare-n-line-breaks",
        "Line breaks became the letter n: the backslashes of \\n were lost";
    /// Spaces where line breaks were.
    SpacesForLineBreaks = "spaces-for-line-breaks", "Line breaks became spaces";
    /// No line break and no space.
    OneLine = "one-line", "Everything stands on one line";
    /// `/n` where line breaks were.
    SlashNLineBreaks = "slash-n-line-breaks",
        "Line breaks became /n: the backslash of \\n became a slash";
    /// `` `n ``, PowerShell's way to write a line break.
    BacktickLineBreaks = "backtick-line-breaks",
        "Line breaks are written as `n, PowerShell's sign for one";
    /// `_x000D_`, Excel's way to write a carriage return.
    ExcelCodes = "excel-codes", "Line breaks are written as _x000D_, Excel's sign for one";
    /// `=3D`, `=` at the end of a line.
    QuotedPrintable = "quoted-printable",
        "The text is coded as in the source of a mail (quoted-printable, =3D)";
    /// A number before each line.
    LineNumbers = "line-numbers", "Each line begins with its number";
    /// The plus or minus of a diff before each line.
    DiffMarks = "diff-marks", "Each line begins with the + or - of a comparison (diff)";
    /// The sign of a comment before each line.
    CommentMarks = "comment-marks", "Each line begins with the sign of a comment";
    /// Page headers, page numbers and the like between the base64 lines.
    InnerText = "inner-text",
        "Other text stands inside the block, such as the header of a page";
    /// Base64 lines beyond 76 characters.
    LongLines = "long-lines", "Lines are longer than 76 characters";
    /// Empty lines between the base64 lines.
    BlankLines = "blank-lines", "There are blank lines inside the block";
    /// Empty lines before the END line.
    BlankBeforeEnd = "blank-before-end",
        "There is a blank line before the END line; OpenSSL refuses this";
    /// The header lines end without a blank line.
    HeaderBlankLine = "header-blank-line",
        "The blank line after the header lines is missing; OpenSSL refuses this";
    /// Lines of differing lengths.
    UnevenLines = "uneven-lines", "Lines are broken at odd places";
    /// The BEGIN or END line has base64 on it.
    MissingLineBreak = "missing-line-break",
        "A line break is missing next to the BEGIN or END line";
    /// Other text on the line of BEGIN or END.
    TextOnArmourLine = "text-on-armour-line",
        "Other text stands on the line of BEGIN or END; OpenSSL refuses this";
    /// Space before the text of lines.
    Indented = "indented", "Lines begin with white space";
    /// White space in the middle of base64 lines.
    SpacesInside = "spaces-inside", "There are spaces inside the lines";
    /// Quotation marks around the block or its lines.
    Quotes = "quotes", "There are quotation marks around the text";
    /// `> ` at the start of lines.
    MailQuotes = "mail-quotes", "Lines begin with > as in a quoted mail";
    /// Base64 of what should have been given.
    Base64Again = "base64-again", "The whole file was base64-encoded once more";
    /// Base64 of DER without BEGIN and END lines.
    NoArmour = "no-armour", "The BEGIN and END lines are missing";
    /// BEGIN is missing.
    MissingBegin = "missing-begin", "The BEGIN line is missing";
    /// END is missing.
    MissingEnd = "missing-end", "The END line is missing";
    /// Other than five hyphens.
    ArmourDashes = "armour-dashes",
        "The BEGIN or END line does not have exactly five hyphens on each side";
    /// Case or spacing of the BEGIN or END line.
    ArmourSpelling = "armour-spelling", "The BEGIN or END line is misspelt";
    /// BEGIN and END name different things.
    ArmourMismatch = "armour-mismatch", "The BEGIN and END lines name different things";
    /// The label does not fit the contents.
    WrongLabel = "wrong-label", "The BEGIN line names something else than the block holds";
    /// `-` and `_` in place of `+` and `/`.
    UrlSafeBase64 = "url-safe-base64", "The base64 text uses - and _ in place of + and /";
    /// Space in place of `+`.
    SpacesForPlus = "spaces-for-plus", "Plus signs became spaces";
    /// Wrong number of `=`.
    Padding = "padding", "The number of = at the end is wrong";
    /// `%0A`, `%2B`.
    PercentEncoded = "percent-encoded", "The text is percent-encoded as in a URL";
    /// `&#43;`, `<br>`.
    HtmlEntities = "html-entities", "The text holds HTML entities or tags";
    /// Other characters in the base64 text.
    ForeignCharacters = "foreign-characters",
        "There are characters that do not belong into base64 text";
    /// Base64 in a Kubernetes Secret.
    KubernetesSecret = "kubernetes-secret",
        "The file is a Kubernetes Secret, in which everything is base64-encoded";
    /// Base64 in a member of a JSON document.
    InsideJson = "inside-json", "The file is a JSON document with the contents base64-encoded in it";
    /// Base64 behind a name.
    AfterName = "after-name",
        "The contents stand base64-encoded behind a name, as in an environment file";
    /// Hexadecimal digits.
    Hexadecimal = "hexadecimal", "The file is written in hexadecimal";
    /// Each byte of DER as a character of UTF-8.
    BinaryAsText = "binary-as-text", "A program stored the binary file as UTF-8 text";
    /// Bytes after the structure.
    TrailingBytes = "trailing-bytes", "There are extra bytes after the contents";
}

/// One kind of damage, where it was first seen, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repair {
    /// What was wrong.
    pub kind: RepairKind,
    /// Where it was first seen.
    pub place: Position,
    /// How many times it was seen.
    pub count: usize,
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}", self.kind.text(), self.place)?;
        match self.count {
            0 | 1 => f.write_str(")."),
            more => write!(f, ", {more} times)."),
        }
    }
}

/// Text with the origin of every byte. It may be a private key, hence zeroised.
#[derive(Clone, Default)]
pub(super) struct Tracked {
    text: Zeroizing<String>,
    origin: Vec<u32>,
}

impl Tracked {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self {
            text: Zeroizing::new(String::with_capacity(bytes)),
            origin: Vec::with_capacity(bytes),
        }
    }

    pub(super) fn push(&mut self, c: char, at: usize) {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        self.text.push(c);
        self.origin.extend(std::iter::repeat_n(at, c.len_utf8()));
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The byte of the input from which the byte at `index` came.
    pub(super) fn origin(&self, index: usize) -> usize {
        let at = self.origin.get(index).or(self.origin.last());
        at.map_or(0, |at| usize::try_from(*at).unwrap_or(usize::MAX))
    }

    /// Characters with the byte of the input from which they came.
    pub(super) fn chars(&self) -> impl Iterator<Item = (char, usize)> {
        self.text.char_indices().map(|(index, c)| (c, self.origin(index)))
    }

    /// The same text with pieces replaced. `replace` sees the rest of the text at each character
    /// and answers with how many bytes to take and what to put in their place.
    pub(super) fn rewrite(
        &self,
        mut replace: impl FnMut(&str) -> Option<(usize, Option<char>)>,
        mut seen: impl FnMut(usize),
    ) -> Self {
        let mut result = Self::with_capacity(self.text.len());
        let mut index = 0;
        while let Some(rest) = self.text.get(index..) {
            let Some(c) = rest.chars().next() else { break };
            match replace(rest) {
                Some((taken, put)) => {
                    seen(self.origin(index));
                    if let Some(put) = put {
                        result.push(put, self.origin(index));
                    }
                    index += taken.max(1);
                }
                None => {
                    result.push(c, self.origin(index));
                    index += c.len_utf8();
                }
            }
        }
        result
    }
}

/// Collects repairs, one per kind, and knows where the lines of the input begin.
#[derive(Clone, Default)]
pub(super) struct RepairLog {
    line_starts: Vec<usize>,
    repairs: Vec<Repair>,
}

impl RepairLog {
    /// `line_starts` holds the byte after each line break, in order.
    pub(super) fn new(line_starts: Vec<usize>) -> Self {
        Self { line_starts, repairs: Vec::new() }
    }

    pub(super) fn place(&self, byte: usize) -> Position {
        let line = self.line_starts.partition_point(|start| *start <= byte) + 1;
        Position { line, byte: byte + 1 }
    }

    /// Notes one more occurrence of a kind of damage.
    pub(super) fn add(&mut self, kind: RepairKind, byte: usize) {
        match self.repairs.iter_mut().find(|repair| repair.kind == kind) {
            Some(repair) => repair.count += 1,
            None => {
                let place = self.place(byte);
                self.repairs.push(Repair { kind, place, count: 1 });
            }
        }
    }

    /// Notes a kind of damage once, however often it occurs.
    pub(super) fn once(&mut self, kind: RepairKind, byte: usize) {
        if !self.has(kind) {
            self.add(kind, byte);
        }
    }

    pub(super) fn has(&self, kind: RepairKind) -> bool {
        self.repairs.iter().any(|repair| repair.kind == kind)
    }

    /// Takes over what was found inside, where positions have another meaning.
    pub(super) fn adopt(&mut self, inner: Vec<Repair>) {
        for repair in inner {
            if !self.has(repair.kind) {
                self.repairs.push(repair);
            }
        }
    }

    pub(super) fn finish(self) -> Vec<Repair> {
        self.repairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_name_and_words() {
        let ids: std::collections::BTreeSet<&str> =
            RepairKind::ALL.iter().map(|kind| kind.id()).collect();
        assert_eq!(ids.len(), RepairKind::ALL.len());
        assert!(RepairKind::ALL.iter().all(|kind| kind.text().len() > 10));
    }

    #[test]
    fn a_repair_says_what_and_where() {
        let place = Position { line: 2, byte: 40 };
        let repair = Repair { kind: RepairKind::Quotes, place, count: 2 };
        assert_eq!(
            repair.to_string(),
            "There are quotation marks around the text (line 2, byte 40, 2 times)."
        );
    }
}
