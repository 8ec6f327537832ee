//! Reading an exported role. The file may hold anything, so everything is bounded and nothing of
//! its text is quoted but names and ids.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::definition::{Grant, RoleDefinition};
use crate::types::shown::shown;
use crate::types::{Level, plain};

/// The most bytes of a definition; a role with every permission there is has about 100 KB.
pub const LIMIT: usize = 1024 * 1024;
/// The deepest element of a role is its fourth level.
const DEEPEST: usize = 16;
/// NetSuite has fewer than a thousand permissions.
const MOST_GRANTS: usize = 5_000;
/// The longest text that is kept.
const LONGEST: usize = 200;

/// The file is no definition of a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableRole {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// More than [`LIMIT`].
    #[error("the file is larger than 1 MiB, far more than a role takes")]
    TooLarge,
    /// Neither UTF-8 nor UTF-16 with a byte order mark.
    #[error("the file is not text in UTF-8 or UTF-16")]
    Encoding,
    /// Not well-formed.
    #[error("the file is not well-formed XML (near byte {0})")]
    Xml(u64),
    /// A document type declaration, or an entity of its own. Roles have none, and they can be
    /// used to exhaust memory.
    #[error(
        "the file declares a document type or uses an entity, which an exported role never does"
    )]
    Entities,
    /// Another kind of document.
    #[error("the file is XML, but its root element is `{}` where an exported role has `role`", shown(.0))]
    Root(String),
    /// Elements within elements without end.
    #[error("the file's elements are nested deeper than those of a role")]
    Deep,
    /// More lines than there are permissions.
    #[error("the file lists more permissions than NetSuite has")]
    Many,
    /// A line without permission, or with a level that does not exist.
    #[error(
        "permission {0} of the file is incomplete, or its level is none of NONE, VIEW, CREATE, EDIT, FULL"
    )]
    Line(usize),
    /// A text that is more than it shows.
    #[error("the text or an attribute of `{0}` holds a control character")]
    Control(String),
    /// The file ends before its last element does, or holds more than one.
    #[error("the file ends too early, or holds more than one role")]
    Unfinished,
}

/// Reads the definition of a role.
///
/// # Errors
/// When the bytes are no such definition.
pub fn read(bytes: &[u8]) -> Result<RoleDefinition, UnreadableRole> {
    if bytes.len() > LIMIT {
        return Err(UnreadableRole::TooLarge);
    }
    let text = text(bytes)?;
    if text.trim().is_empty() {
        return Err(UnreadableRole::Empty);
    }
    let mut reader = Reader::from_str(&text);
    let mut walk = Walk::default();
    loop {
        let at = reader.buffer_position();
        match reader.read_event().map_err(|_| UnreadableRole::Xml(at))? {
            Event::Start(start) => walk.open(&start)?,
            Event::Empty(start) => {
                walk.open(&start)?;
                walk.close()?;
            }
            Event::End(_) => walk.close()?,
            Event::Text(text) => walk.text(&text.xml10_content())?,
            Event::CData(text) => walk.text(&text.xml10_content())?,
            Event::GeneralRef(name) => {
                let one = name.resolve_char_ref().map_err(|_| UnreadableRole::Xml(at))?;
                let predefined = match name.as_ref() {
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "amp" => Some('&'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => None,
                };
                let c = one.or(predefined).ok_or(UnreadableRole::Entities)?;
                walk.text(c.encode_utf8(&mut [0; 4]))?;
            }
            Event::DocType(_) => return Err(UnreadableRole::Entities),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    if !walk.path.is_empty() || !walk.seen_root {
        return Err(if walk.seen_root {
            UnreadableRole::Unfinished
        } else {
            UnreadableRole::Xml(0)
        });
    }
    Ok(walk.role)
}

/// The text of the file: Windows programs save UTF-16 where one asks for "Unicode".
fn text(bytes: &[u8]) -> Result<String, UnreadableRole> {
    let wide = |order: fn([u8; 2]) -> u16, rest: &[u8]| {
        let (pairs, left) = rest.as_chunks::<2>();
        let text = String::from_utf16(&pairs.iter().map(|pair| order(*pair)).collect::<Vec<_>>());
        if left.is_empty() {
            text.map_err(|_| UnreadableRole::Encoding)
        } else {
            Err(UnreadableRole::Encoding)
        }
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(u16::from_le_bytes, rest),
        [0xfe, 0xff, rest @ ..] => wide(u16::from_be_bytes, rest),
        [0xef, 0xbb, 0xbf, rest @ ..] | rest => {
            let text = std::str::from_utf8(rest).map_err(|_| UnreadableRole::Encoding)?;
            Ok(text.to_owned())
        }
    }
}

#[derive(Default)]
struct Walk {
    role: RoleDefinition,
    path: Vec<String>,
    text: String,
    key: String,
    level: String,
    restriction: String,
    lines: usize,
    seen_root: bool,
}

impl Walk {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), UnreadableRole> {
        let name = printable(start.name().as_ref()).unwrap_or_default();
        if self.path.is_empty() {
            if self.seen_root {
                return Err(UnreadableRole::Unfinished);
            }
            if name != "role" {
                return Err(UnreadableRole::Root(plain::name(&name).to_owned()));
            }
            self.seen_root = true;
            if let Ok(Some(id)) = start.try_get_attribute("scriptid") {
                self.role.script_id = printable(&id.value).ok_or_else(|| control(&name))?;
            }
        }
        if self.path.len() >= DEEPEST {
            return Err(UnreadableRole::Deep);
        }
        if self.at(&["role", "permissions"]) && name == "permission" {
            self.lines += 1;
            if self.lines > MOST_GRANTS {
                return Err(UnreadableRole::Many);
            }
            (self.key, self.level, self.restriction) = Default::default();
        }
        self.path.push(name);
        self.text.clear();
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), UnreadableRole> {
        if self.path.is_empty() {
            let blank = text.trim_matches(['\u{feff}', ' ', '\t', '\r', '\n']).is_empty();
            return if blank { Ok(()) } else { Err(UnreadableRole::Xml(0)) };
        }
        // What is longer is no value that matters here, and is judged by what is kept.
        let room = (4 * LONGEST).saturating_sub(self.text.len());
        self.text.extend(text.chars().take(room));
        Ok(())
    }

    fn close(&mut self) -> Result<(), UnreadableRole> {
        let element = self.path.last().map(String::as_str).unwrap_or_default();
        let value = printable(&self.text).ok_or_else(|| control(element))?;
        self.text.clear();
        match self.path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["role", "permissions", "permission", "permkey"] => self.key = bare(&value),
            ["role", "permissions", "permission", "permlevel"] => self.level = value,
            ["role", "permissions", "permission", "restriction"] => self.restriction = value,
            ["role", "permissions", "permission"] => self.line()?,
            ["role", "recordrestrictions", "recordrestriction", "segment"] => {
                self.role.restrictions.push(("recordrestriction".to_owned(), value));
            }
            ["role", field] => {
                let field = (*field).to_owned();
                self.field(&field, value);
            }
            _ => {}
        }
        self.path.pop();
        Ok(())
    }

    fn line(&mut self) -> Result<(), UnreadableRole> {
        let key = std::mem::take(&mut self.key);
        let level = match self.level.to_ascii_uppercase().as_str() {
            "NONE" => None,
            "VIEW" => Some(Level::View),
            "CREATE" => Some(Level::Create),
            "EDIT" => Some(Level::Edit),
            "FULL" => Some(Level::Full),
            _ => return Err(UnreadableRole::Line(self.lines)),
        };
        if key.is_empty() {
            return Err(UnreadableRole::Line(self.lines));
        }
        let restriction = std::mem::take(&mut self.restriction);
        let restriction =
            (!matches!(restriction.as_str(), "" | "NO" | "NONE")).then_some(restriction);
        self.role.add(Grant { key, level, restriction });
        Ok(())
    }

    fn field(&mut self, field: &str, value: String) {
        match field {
            "name" => self.role.name = value,
            "isinactive" => self.role.inactive = value == "T",
            "coreadminpermission" => self.role.core_administration = value == "T",
            "permissions" | "recordrestrictions" => {}
            // Fields that narrow what the role sees: employeerestriction, restrictip,
            // restrictbydevice, restricttimeandexpenses, subsidiaryoption, subsidiaryrestriction.
            _ if (field.contains("restrict") || field.starts_with("subsidiary"))
                && !matches!(value.as_str(), "" | "F" | "NONE" | "ALL") =>
            {
                self.role.restrictions.push((field.to_owned(), value));
            }
            _ => {}
        }
    }

    fn at(&self, path: &[&str]) -> bool {
        self.path.iter().map(String::as_str).eq(path.iter().copied())
    }
}

/// `[scriptid=customrecord_x]` and `[appid=a.b, scriptid=customrecord_x]` stand for the script id.
fn bare(key: &str) -> String {
    let inner = key.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let reference = inner
        .and_then(|inner| inner.split(',').find_map(|part| part.trim().strip_prefix("scriptid=")));
    // A reference to an object within another: `scriptid=customrecord_x.custrecord_y`.
    reference.unwrap_or(key).trim().to_owned()
}

/// The text on one line, short. None where it holds anything that a terminal would obey.
fn printable(text: &str) -> Option<String> {
    // White space of XML stands for white space, as in attributes (XML 1.0, 3.3.3).
    let parts: Vec<&str> = text.split([' ', '\t', '\r', '\n']).filter(|p| !p.is_empty()).collect();
    let line = parts.join(" ");
    plain::is_plain(&line).then(|| line.chars().take(LONGEST).collect())
}

fn control(element: &str) -> UnreadableRole {
    UnreadableRole::Control(plain::name(element).to_owned())
}
