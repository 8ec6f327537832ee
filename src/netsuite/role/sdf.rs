//! Reading an exported role. The file may hold anything, so everything is bounded and nothing of
//! its text is quoted but names and ids.

use std::io;

use quick_xml::events::{BytesDecl, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};

use super::plan::RolePlan;
use super::{HeldPermission, RoleDefinition};
use crate::netsuite::catalogue::Permission;
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
        self.role.add(HeldPermission { key, level, restriction });
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

// Writing a role as an SDF object.

/// The most characters of a script id. Source: OH/SDFxml_2121043136.
const LONGEST_ID: usize = 40;
/// The most characters of a name. NetSuite's own limit is not published; its forms take this many.
const LONGEST_NAME: usize = 60;

/// The script id of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptId(String);

/// The text is no script id of a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a role's script ID is `customrole_` with lower-case letters, digits and underscores after it, \
     at most 40 characters in all"
)]
pub struct InvalidScriptId;

impl ScriptId {
    /// The script id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file name that SDF expects. Source: OH/section_4731154857.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}.xml", self.0)
    }
}

impl std::str::FromStr for ScriptId {
    type Err = InvalidScriptId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rest = text.strip_prefix("customrole_").ok_or(InvalidScriptId)?;
        let clean = rest.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if clean && !rest.is_empty() && text.len() <= LONGEST_ID {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidScriptId)
        }
    }
}

/// The name of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleName(String);

/// The text cannot be a role's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a role's name has 1 to 60 characters and no line breaks or control characters")]
pub struct InvalidRoleName;

impl std::str::FromStr for RoleName {
    type Err = InvalidRoleName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.trim();
        // U+FFFE and U+FFFF cannot stand in XML at all.
        let bad = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.contains(bad) {
            return Err(InvalidRoleName);
        }
        Ok(Self(name.to_owned()))
    }
}

/// How the role is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SdfRole {
    /// Its name.
    pub name: RoleName,
    /// Its script id.
    pub script_id: ScriptId,
    /// Whether it can be used for web services alone.
    pub web_services_only: bool,
}

/// The SDF object of a role that holds just what the plan says.
///
/// Element names: OH/SDFxml_2121043136, OH/SDFxml_762449695; levels in capitals, as in exports.
///
/// # Errors
/// When there is no memory for the text.
pub fn xml(plan: &RolePlan, form: &SdfRole) -> io::Result<String> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let flag = |on: bool| if on { "T" } else { "F" };
    writer
        .create_element("role")
        .with_attribute(("scriptid", form.script_id.as_str()))
        .write_inner_content(|writer| {
            let fields = [
                ("name", form.name.0.as_str()),
                ("centertype", "BASIC"),
                ("issalesrole", "F"),
                ("issupportrole", "F"),
                ("iswebserviceonlyrole", flag(form.web_services_only)),
                ("coreadminpermission", "F"),
            ];
            for (field, value) in fields {
                writer.create_element(field).write_text_content(BytesText::new(value))?;
            }
            writer.create_element("permissions").write_inner_content(|writer| {
                for line in &plan.permissions {
                    permission(writer, &line.permission, line.level)?;
                }
                Ok(())
            })?;
            Ok(())
        })?;
    let mut text = String::from_utf8(writer.into_inner()).map_err(io::Error::other)?;
    text.push('\n');
    Ok(text)
}

fn permission(
    writer: &mut Writer<Vec<u8>>,
    permission: &Permission,
    level: Level,
) -> io::Result<()> {
    writer.create_element("permission").write_inner_content(|writer| {
        let key = key(permission);
        let level = level.as_str().to_ascii_uppercase();
        writer.create_element("permkey").write_text_content(BytesText::new(&key))?;
        writer.create_element("permlevel").write_text_content(BytesText::new(&level))?;
        Ok(())
    })?;
    Ok(())
}

/// The permission as SDF refers to it: an account's own types by reference.
#[must_use]
pub fn key(permission: &Permission) -> String {
    if is_own(permission) { format!("[scriptid={}]", permission.id) } else { permission.id.clone() }
}

/// Whether the permission is that of an account's own type.
#[must_use]
pub fn is_own(permission: &Permission) -> bool {
    permission.id.starts_with("custom")
}
