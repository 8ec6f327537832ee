//! The one way in which a file takes the place of another: in one step, mode 0600, and never in the
//! place of a private key, of an input of the run, or behind somebody else's symbolic link.

use std::collections::BTreeSet;
use std::fs::Metadata;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use super::pem::{self, Damage};
use crate::types::key_text::{base64_begins_key, begins_key};
#[cfg(unix)]
use crate::types::regular_file::is_open_to_all;
use crate::types::regular_file::{self, OpenError};

/// How the name begins that a file has until it is whole.
pub const PASSING: &str = ".netsuite-preflight-";

/// More links than this lead in a circle.
const MOST_LINKS: usize = 40;

/// The files that a run reads, none of which it may replace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadFiles(BTreeSet<PathBuf>);

impl ReadFiles {
    /// These files, each once: the targets of a fleet may share them.
    pub fn new(files: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        Self(files.into_iter().map(Into::into).collect())
    }

    /// Whether the file at a path is one of them, by whatever name.
    fn hold(&self, path: &Path) -> bool {
        let Some(there) = identity(path) else { return false };
        self.0.iter().any(|input| identity(input).as_ref() == Some(&there))
    }
}

/// What makes two names lead to the same file.
#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// What makes two names lead to the same file.
#[cfg(not(unix))]
fn identity(path: &Path) -> Option<PathBuf> {
    std::fs::canonicalize(path).ok()
}

/// Why a file must not or cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ReplaceError {
    /// The run reads it.
    #[error("it is an input of this run, which would be lost")]
    Input,
    /// It holds a private key.
    #[error("it holds a private key, which would be lost")]
    HoldsKey,
    /// What it holds cannot be looked at.
    #[error("it cannot be read, so it may hold a private key: {0}")]
    Unreadable(OpenError),
    /// Something other than a file lies there.
    #[error(transparent)]
    NotRegular(OpenError),
    /// A link that somebody else can change.
    #[error(
        "it is a symbolic link, and link or folder belong to another user or are open to others; \
         name the file that it leads to"
    )]
    Link,
    /// Links in a circle.
    #[error("its symbolic links lead in a circle")]
    Circle,
    /// It is not the file any more that it was before the work.
    #[error("something else was put there while this run was at work")]
    Changed,
    /// The operating system refuses.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What is going to be a file. Dropped before [`Staged::commit`], it never was.
#[derive(Debug)]
pub struct Staged {
    file: NamedTempFile,
    path: PathBuf,
    place: PathBuf,
    inputs: ReadFiles,
}

impl Staged {
    /// Begins the file beside the place it is to take, so that the last step is a rename. The
    /// user's own symbolic link keeps its place; what it leads to is replaced.
    ///
    /// # Errors
    /// When the place must not be taken, or its folder takes no file.
    pub fn new(path: &Path, inputs: &ReadFiles) -> Result<Self, ReplaceError> {
        let place = place(path)?;
        free(&place, inputs)?;
        let file = tempfile::Builder::new()
            .prefix(PASSING)
            .tempfile_in(folder(&place))
            .map_err(|error| io::Error::from(error.kind()))?;
        Ok(Self { file, path: path.to_owned(), place, inputs: inputs.clone() })
    }

    /// Puts the file in its place, which is looked at once more: the work may have taken long.
    ///
    /// # Errors
    /// When the place must not be taken any more, or the file system refuses.
    pub fn commit(self) -> Result<(), ReplaceError> {
        self.file.as_file().sync_all()?;
        if place(&self.path)? != self.place {
            return Err(ReplaceError::Changed);
        }
        free(&self.place, &self.inputs)?;
        self.file.persist(self.place).map(drop).map_err(|error| error.error.into())
    }
}

impl Write for Staged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Replaces a file as a whole.
///
/// # Errors
/// When its place must not be taken, or the file system refuses.
pub fn replace(path: &Path, inputs: &ReadFiles, contents: &[u8]) -> Result<(), ReplaceError> {
    let mut staged = Staged::new(path, inputs)?;
    staged.write_all(contents)?;
    staged.commit()
}

/// Whether a file may be put here.
fn free(place: &Path, inputs: &ReadFiles) -> Result<(), ReplaceError> {
    let kind = match std::fs::symlink_metadata(place) {
        Ok(metadata) => metadata.file_type(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    regular_file::regular(kind).map_err(ReplaceError::NotRegular)?;
    if inputs.hold(place) {
        return Err(ReplaceError::Input);
    }
    match file_holds_private_key(place) {
        Ok(false) => Ok(()),
        Ok(true) => Err(ReplaceError::HoldsKey),
        Err(error) => Err(ReplaceError::Unreadable(error)),
    }
}

/// The file that a path leads to, over links that are the user's own.
fn place(path: &Path) -> Result<PathBuf, ReplaceError> {
    let mut place = path.to_owned();
    for _ in 0..MOST_LINKS {
        match std::fs::symlink_metadata(&place) {
            Ok(metadata) if metadata.is_symlink() => {
                // A device or a pipe is named as such, whoever owns the link to it.
                if let Ok(there) = std::fs::metadata(&place) {
                    regular_file::regular(there.file_type()).map_err(ReplaceError::NotRegular)?;
                }
                if !is_own(&place, &metadata) {
                    return Err(ReplaceError::Link);
                }
                place = folder(&place).join(std::fs::read_link(&place)?);
            }
            _ => return Ok(place),
        }
    }
    Err(ReplaceError::Circle)
}

fn folder(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Whether nobody but the user can have made or changed a link.
#[cfg(unix)]
fn is_own(link: &Path, metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let user = rustix::process::geteuid().as_raw();
    std::fs::metadata(folder(link)).is_ok_and(|folder| {
        metadata.uid() == user && folder.uid() == user && !is_open_to_all(&folder)
    })
}

/// Making a symbolic link takes a privilege here.
#[cfg(not(unix))]
fn is_own(_link: &Path, _metadata: &Metadata) -> bool {
    true
}

/// A file is looked through in stretches of this length, so that a large report that is replaced
/// does not stand in memory.
const STRETCH: usize = 1024 * 1024;
/// So much of a stretch is looked at again with the next: what would be a key is shorter.
const OVERLAP: usize = 64 * 1024;
/// The most that the reader of keys gets: it also finds what is damaged, and takes its time.
const MOST_FOR_THE_READER: usize = 256 * 1024;
/// Fewer characters of a key's body are a mention of the form, such as in guidance.
const SHORTEST_BODY: usize = 16;

/// Whether the file at a path holds a private key.
///
/// # Errors
/// When it cannot be read.
pub fn file_holds_private_key(path: &Path) -> Result<bool, OpenError> {
    let mut file = regular_file::open(path)?;
    let mut stretch = Zeroizing::new(Vec::with_capacity(STRETCH));
    loop {
        let room = STRETCH.saturating_sub(stretch.len());
        let read = (&mut file).take(room as u64).read_to_end(&mut stretch)?;
        if holds_private_key(&stretch) {
            return Ok(true);
        }
        if read < room {
            return Ok(false);
        }
        stretch.drain(..STRETCH - OVERLAP);
    }
}

/// Whether these bytes hold a private key: PEM in any wrapping, DER, PKCS#12, a key store, base64 or
/// hexadecimal characters of these, or the forms of other programs.
#[must_use]
pub fn holds_private_key(bytes: &[u8]) -> bool {
    // Java key stores, of both kinds.
    if bytes.starts_with(&[0xfe, 0xed, 0xfe, 0xed]) || bytes.starts_with(&[0xce; 4]) {
        return true;
    }
    if pem::classify_der(bytes).may_hold_a_private_key() || begins_key(bytes) {
        return true;
    }
    let text = narrow_text(bytes);
    let text = text.as_str();
    armoured(text)
        || other_program(text)
        || runs(text, is_base64).any(base64_key)
        || runs(text, |c| c.is_ascii_hexdigit()).any(hex_key)
        || base64_armour(text)
        || (bytes.len() <= MOST_FOR_THE_READER && found_by_the_reader(bytes))
}

/// What the reader of keys finds. A block without contents, or with contents that are nothing, is a
/// mention of the form.
fn found_by_the_reader(bytes: &[u8]) -> bool {
    pem::read(bytes).blocks.iter().any(|block| {
        let sound = matches!(block.damage, None | Some(Damage::Truncated { .. }));
        block.thing.may_hold_a_private_key() && sound && block.der.len() >= SHORTEST_BODY
    })
}

/// The text, whichever width its characters have.
fn narrow_text(bytes: &[u8]) -> String {
    let narrow: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    String::from_utf8_lossy(&narrow).into_owned()
}

/// A BEGIN line with something of its body behind it.
fn armoured(text: &str) -> bool {
    ["PRIVATE KEY", "PRIVATE%20KEY", "PRIVATE+KEY"].iter().any(|words| {
        text.split(words).skip(1).any(|rest| {
            let rest = rest.strip_prefix(" BLOCK").unwrap_or(rest);
            let Some(rest) = rest.trim_start_matches(' ').strip_prefix("----") else {
                return false;
            };
            let body = unwrapped(rest);
            // Headers of encrypted keys, of SSH and of PGP.
            let headers = ["Proc-Type", "DEK-Info", "Comment", "Subject", "Version", "Hash"];
            headers.iter().any(|name| body.starts_with(name))
                || body.chars().take_while(|c| is_base64(*c)).count() >= SHORTEST_BODY
        })
    })
}

/// What stands behind a BEGIN line, without line breaks, escapes and quotes in front of it.
fn unwrapped(rest: &str) -> String {
    const ESCAPES: [&str; 10] =
        ["\\n", "\\r", "%0A", "%0a", "%0D", "%0d", "%20", "\\u000a", "\\u000A", "&#10;"];
    let head: String = rest.chars().take(300).collect();
    let head = ESCAPES.iter().fold(head, |head, escape| head.replace(escape, "\n"));
    let wrapping = |c: char| c.is_whitespace() || "-\\\"'>+,;".contains(c);
    head.trim_start_matches(wrapping).to_owned()
}

fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || "+/-_=".contains(c)
}

/// The longest stretches of such characters that can be a key.
fn runs(text: &str, of: impl Fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |c| !of(c)).filter(|run| run.len() >= 24)
}

/// Base64 of a key in DER, such as in a variable or a member of JSON.
fn base64_key(run: &str) -> bool {
    // `=` also stands before a value, as in `KEY=MII...`.
    run.split('=').any(|run| run.len() >= 24 && base64_begins_key(run.as_bytes()))
}

fn hex_key(run: &str) -> bool {
    let digits: Vec<u8> =
        run.chars().take(64).filter_map(|c| u8::try_from(c.to_digit(16)?).ok()).collect();
    let bytes: Vec<u8> = digits
        .chunks_exact(2)
        .map(|pair| pair.iter().fold(0_u8, |byte, digit| byte << 4 | digit))
        .collect();
    begins_key(&bytes)
}

/// Base64 of PEM, wrapped or not: the words of its BEGIN line at each of the three places that they
/// can have among groups of four characters, in one or two bytes per character.
fn base64_armour(text: &str) -> bool {
    let dense: String = text.chars().filter(|c| is_base64(*c)).collect();
    let wide: Vec<u8> = b"PRIVATE KEY-----".iter().flat_map(|byte| [*byte, 0]).collect();
    [&b"PRIVATE KEY-----"[..], &wide].iter().any(|words| {
        (0..3_usize).any(|before| {
            let padded = [&vec![0; before][..], words].concat();
            let encoded = STANDARD.encode(&padded);
            // The characters on both sides also depend on what stands around the words.
            let first = (before * 8).div_ceil(6);
            let last = padded.len() * 8 / 6;
            encoded.get(first..last).is_some_and(|inner| dense.contains(inner))
        })
    })
}

/// The forms of other programs.
fn other_program(text: &str) -> bool {
    let all = |words: &[&str]| words.iter().all(|word| text.contains(word));
    all(&["PuTTY-User-Key-File", "Private-Lines"])
        || all(&["KeyValue", "<D>"])
        || all(&["KeyValue", "<PrivateKey>"])
        || text.contains("AGE-SECRET-KEY-1")
        || (text.contains("kty") && web_key(text))
}

/// A JSON Web Key with its private member, escaped or not.
fn web_key(text: &str) -> bool {
    let plain = text.replace('\\', "");
    let member =
        |name: &str| plain.split(name).skip(1).any(|rest| rest.trim_start().starts_with(':'));
    member("\"kty\"") && (member("\"d\"") || member("\"k\""))
}

#[cfg(test)]
mod tests;
