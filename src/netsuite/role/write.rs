//! Writing a role as an SDF object.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::plan::RolePlan;
use crate::netsuite::catalogue::Permission;
use crate::types::Level;

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
pub struct Form {
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
pub fn xml(plan: &RolePlan, form: &Form) -> io::Result<String> {
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
