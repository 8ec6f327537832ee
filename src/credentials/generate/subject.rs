//! The subject of a new certificate, checked before anything is made.

use std::fmt;
use std::str::FromStr;

use crate::types::shown::{may_be_secret, shown};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::x509::{X509Name, X509NameBuilder};

/// The attributes that are understood: name, OpenSSL's number, most characters (RFC 5280,
/// appendix A.1).
const ATTRIBUTES: [(&str, Nid, usize); 8] = [
    ("CN", Nid::COMMONNAME, 64),
    ("O", Nid::ORGANIZATIONNAME, 64),
    ("OU", Nid::ORGANIZATIONALUNITNAME, 64),
    ("L", Nid::LOCALITYNAME, 128),
    ("ST", Nid::STATEORPROVINCENAME, 128),
    ("C", Nid::COUNTRYNAME, 2),
    ("emailAddress", Nid::PKCS9_EMAILADDRESS, 128),
    ("serialNumber", Nid::SERIALNUMBER, 64),
];

/// The name used where none is given.
const DEFAULT_NAME: &str = "NetSuite M2M";

/// A subject that a certificate can carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectName(Vec<(&'static str, Nid, String)>);

/// The text is no subject.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SubjectError {
    /// Nothing there.
    #[error("it is empty; write at least a common name, such as CN=NetSuite M2M")]
    Empty,
    /// A part without `=`.
    #[error("`{}` is not of the form NAME=VALUE, such as CN=NetSuite M2M", shown(.0))]
    NoValue(String),
    /// A name that is not understood.
    #[error(
        "`{}` is no attribute that is understood; use CN, O, OU, L, ST, C, emailAddress or serialNumber",
        shown(.0)
    )]
    UnknownAttribute(String),
    /// A value without characters.
    #[error("{0} has no value")]
    EmptyValue(&'static str),
    /// Too many characters.
    #[error("{name} has {length} characters, and at most {most} are allowed")]
    TooLong {
        /// The attribute.
        name: &'static str,
        /// Its characters.
        length: usize,
        /// The most allowed.
        most: usize,
    },
    /// A country that is not two letters.
    #[error("C is the country as two letters, such as US")]
    NotACountry,
    /// Characters that do not belong into a name.
    #[error("{0} holds a control character or one that its form does not allow")]
    BadCharacter(&'static str),
    /// What must not stand in a certificate, which everybody may read.
    #[error(
        "the value of {0} is not shown here and not put into a certificate, because it may be a \
         key or another secret; everybody may read a certificate. Choose a name with words in it"
    )]
    MayBeSecret(&'static str),
    /// Two common names.
    #[error("CN stands twice; a certificate has one common name")]
    TwoCommonNames,
    /// A backslash with nothing, or nothing sensible, behind it.
    #[error(
        "a backslash stands before what cannot be escaped; write \\, \\+ \\= \\\\ or two hexadecimal digits"
    )]
    BadEscape,
    /// An unescaped plus sign joins two attributes.
    #[error(
        "`+` joins attributes, which is not supported here; write \\+ for the character itself"
    )]
    JoinedAttributes,
}

impl Default for SubjectName {
    fn default() -> Self {
        Self(vec![("CN", Nid::COMMONNAME, DEFAULT_NAME.to_owned())])
    }
}

impl SubjectName {
    /// A subject of a common name alone.
    ///
    /// # Errors
    /// When the name is empty, longer than 64 characters, or holds control characters.
    pub fn common_name(name: &str) -> Result<Self, SubjectError> {
        Self::from_parts([("CN".to_owned(), name.trim().to_owned())])
    }

    fn from_parts(parts: impl IntoIterator<Item = (String, String)>) -> Result<Self, SubjectError> {
        let mut checked = Vec::new();
        for (name, value) in parts {
            let known =
                ATTRIBUTES.into_iter().find(|(known, ..)| known.eq_ignore_ascii_case(&name));
            let (name, nid, most) = known.ok_or(SubjectError::UnknownAttribute(name))?;
            check_value(name, &value, most)?;
            checked.push((name, nid, value));
        }
        match checked.iter().filter(|(name, ..)| *name == "CN").count() {
            _ if checked.is_empty() => Err(SubjectError::Empty),
            0 | 1 => Ok(Self(checked)),
            _ => Err(SubjectError::TwoCommonNames),
        }
    }

    /// The name in OpenSSL's form.
    ///
    /// # Errors
    /// When OpenSSL refuses a value.
    pub fn to_x509_name(&self) -> Result<X509Name, ErrorStack> {
        let mut builder = X509NameBuilder::new()?;
        for (_, nid, value) in &self.0 {
            builder.append_entry_by_nid(*nid, value)?;
        }
        Ok(builder.build())
    }
}

fn check_value(name: &'static str, value: &str, most: usize) -> Result<(), SubjectError> {
    let length = value.chars().count();
    if value.trim().is_empty() {
        return Err(SubjectError::EmptyValue(name));
    }
    if name == "C" && !(length == 2 && value.bytes().all(|byte| byte.is_ascii_alphabetic())) {
        return Err(SubjectError::NotACountry);
    }
    if length > most {
        return Err(SubjectError::TooLong { name, length, most });
    }
    // E-mail addresses and serial numbers are ASCII by their type.
    let ascii_only = matches!(name, "emailAddress" | "serialNumber");
    let printable_only = name == "serialNumber";
    let bad = |c: char| {
        c.is_control()
            || (ascii_only && !c.is_ascii())
            || (printable_only && !(c.is_ascii_alphanumeric() || " '()+,-./:=?".contains(c)))
    };
    if value.chars().any(bad) {
        return Err(SubjectError::BadCharacter(name));
    }
    if may_be_secret(value) { Err(SubjectError::MayBeSecret(name)) } else { Ok(()) }
}

impl FromStr for SubjectName {
    type Err = SubjectError;

    /// Reads `CN=…,O=…` with the escapes of RFC 4514, or `/CN=…/O=…` as openssl writes it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Only the front: a space at the end may be a protected one.
        let text = text.trim_start();
        let (separator, text) = match text.strip_prefix('/') {
            Some(rest) => ('/', rest),
            None => (',', text),
        };
        if text.trim().is_empty() {
            return Err(SubjectError::Empty);
        }
        let mut parts = Vec::new();
        for raw in split(text, separator)? {
            let Some((name, value)) = raw.split_once('=') else {
                return Err(SubjectError::NoValue(raw.trim().to_owned()));
            };
            parts.push((name.trim().to_owned(), unescape(trim_value(value))?));
        }
        Self::from_parts(parts)
    }
}

/// Splits at `separator` unless a backslash stands before it.
fn split(text: &str, separator: char) -> Result<Vec<String>, SubjectError> {
    let mut parts = vec![String::new()];
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == separator {
            parts.push(String::new());
            continue;
        }
        if character == '+' && separator == ',' {
            return Err(SubjectError::JoinedAttributes);
        }
        if let Some(part) = parts.last_mut() {
            part.push(character);
            if character == '\\' {
                part.push(characters.next().ok_or(SubjectError::BadEscape)?);
            }
        }
    }
    Ok(parts)
}

/// Takes spaces off both ends, except one at the end that a backslash protects.
fn trim_value(value: &str) -> &str {
    let value = value.trim_start();
    let trimmed = value.trim_end();
    let backslashes = trimmed.chars().rev().take_while(|c| *c == '\\').count();
    if backslashes % 2 == 1 { value.get(..=trimmed.len()).unwrap_or(trimmed) } else { trimmed }
}

fn unescape(value: &str) -> Result<String, SubjectError> {
    let mut bytes = Vec::new();
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            bytes.extend(character.to_string().bytes());
            continue;
        }
        let escaped = characters.next().ok_or(SubjectError::BadEscape)?;
        if let Some(high) = escaped.to_digit(16) {
            let low = characters.next().and_then(|c| c.to_digit(16));
            let byte = low.and_then(|low| u8::try_from(high * 16 + low).ok());
            bytes.push(byte.ok_or(SubjectError::BadEscape)?);
        } else if escaped.is_ascii_punctuation() || escaped == ' ' {
            bytes.extend(escaped.to_string().bytes());
        } else {
            return Err(SubjectError::BadEscape);
        }
    }
    String::from_utf8(bytes).map_err(|_| SubjectError::BadEscape)
}

impl fmt::Display for SubjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, _, value)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{name}=")?;
            for character in value.chars() {
                if matches!(character, ',' | '+' | '\\' | '"' | '<' | '>' | ';') {
                    f.write_str("\\")?;
                }
                write!(f, "{character}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, SubjectError> {
        text.parse::<SubjectName>().map(|subject| subject.to_string())
    }

    #[test]
    fn both_ways_of_writing_are_read() {
        assert_eq!(read("CN=NetSuite, O=Example"), Ok("CN=NetSuite,O=Example".to_owned()));
        assert_eq!(read("/CN=NetSuite/O=Example Inc"), Ok("CN=NetSuite,O=Example Inc".to_owned()));
        assert_eq!(read("cn=x,emailaddress=a@b.c"), Ok("CN=x,emailAddress=a@b.c".to_owned()));
    }

    #[test]
    fn escapes_are_read_and_written() {
        assert_eq!(read(r"CN=A\, B\+C,O=Zo\C3\AB"), Ok(r"CN=A\, B\+C,O=Zoë".to_owned()));
        assert_eq!(read(r"/CN=A\/B"), Ok("CN=A/B".to_owned()));
        assert_eq!(read("CN=Über GmbH"), Ok("CN=Über GmbH".to_owned()));
        assert_eq!(read(r"CN=end\ "), Ok("CN=end ".to_owned()));
    }

    #[test]
    fn what_no_certificate_can_carry_is_refused() {
        let long = format!("CN={}", "x".repeat(65));
        for (text, error) in [
            ("", SubjectError::Empty),
            ("/", SubjectError::Empty),
            ("NetSuite", SubjectError::NoValue("NetSuite".to_owned())),
            ("CN=", SubjectError::EmptyValue("CN")),
            ("CN=a,XX=b", SubjectError::UnknownAttribute("XX".to_owned())),
            ("CN=a,CN=b", SubjectError::TwoCommonNames),
            ("CN=a,C=USA", SubjectError::NotACountry),
            ("CN=a\u{7}b", SubjectError::BadCharacter("CN")),
            ("CN=a,emailAddress=é@x", SubjectError::BadCharacter("emailAddress")),
            ("CN=a,serialNumber=_", SubjectError::BadCharacter("serialNumber")),
            ("CN=a\\", SubjectError::BadEscape),
            ("CN=a\\zb", SubjectError::BadEscape),
            ("CN=\\FF", SubjectError::BadEscape),
            ("CN=a+OU=b", SubjectError::JoinedAttributes),
            (&long, SubjectError::TooLong { name: "CN", length: 65, most: 64 }),
        ] {
            assert_eq!(read(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn every_attribute_passes_openssl() {
        let text = "CN=a,O=b,OU=c,L=d,ST=e,C=US,emailAddress=f@g.h,serialNumber=1";
        let name = text.parse::<SubjectName>().unwrap().to_x509_name().unwrap();
        assert_eq!(name.entries().count(), ATTRIBUTES.len());
        assert!(SubjectName::common_name(&"é".repeat(64)).unwrap().to_x509_name().is_ok());
        assert!(SubjectName::default().to_x509_name().is_ok());
    }
}
