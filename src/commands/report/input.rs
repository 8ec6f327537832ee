//! Reading a stored report, or a set of them, from a file or standard input.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::credentials::input::is_stdin;
use crate::report::set::stored::{Found, StoredSet, open};
use crate::report::stored::{MOST_BYTES, Stored, StoredError};
use crate::report::verify::examine;
use crate::terminal::output::note;
use crate::types::regular_file;
use crate::types::shell;
use crate::types::shown::{message, shown_path};

/// A stored report cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The file cannot be read.
    #[error("{} cannot be read: {source}; name a report that `check` wrote", shown_path(path))]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is no report.
    #[error("{}: {}", name(path), message(&source.to_string()))]
    Content {
        /// Which.
        path: PathBuf,
        /// Why.
        source: StoredError,
    },
}

/// What a file holds.
pub(in crate::commands) enum Document {
    /// One report.
    One(Box<Stored>),
    /// The reports of many targets.
    Set(Box<StoredSet>),
}

/// How a place is called.
pub(super) fn name(path: &Path) -> String {
    if is_stdin(path) { "standard input".to_owned() } else { shown_path(path) }
}

/// Reads a file, or standard input for `-`. A report has at most 64 MiB, a set any number of them.
pub(in crate::commands) fn read(path: &Path) -> Result<Document, InputError> {
    let fail = |source| InputError::File { path: path.to_owned(), source };
    let content = |source| InputError::Content { path: path.to_owned(), source };
    let file = if is_stdin(path) {
        kept(io::stdin().lock()).map_err(fail)?
    } else {
        let file = regular_file::open(path).map_err(|error| fail(error.into()))?;
        of_powershell(file).map_err(fail)?
    };
    match open(Box::new(file)).map_err(content)? {
        Found::Set(set) => Ok(Document::Set(Box::new(set))),
        Found::Other(mut source) => {
            source.seek(SeekFrom::Start(0)).map_err(fail)?;
            let most = usize::try_from(MOST_BYTES).unwrap_or(usize::MAX);
            let bytes = regular_file::read_bounded(source, most).map_err(fail)?;
            Ok(Document::One(Box::new(Stored::read(&bytes).map_err(content)?)))
        }
    }
}

/// What comes once, in a file without a name: a set is read more than once.
fn kept(from: impl Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut BufReader::new(from), &mut file)?;
    of_powershell(file)
}

/// A redirection in older PowerShells writes UTF-16 with a byte order mark. Such a file is put into
/// UTF-8.
fn of_powershell(mut file: File) -> io::Result<File> {
    file.seek(SeekFrom::Start(0))?;
    let mut from = BufReader::new(file);
    if !from.fill_buf()?.starts_with(b"\xff\xfe") {
        return Ok(from.into_inner());
    }
    from.consume(2);
    let mut to = BufWriter::new(tempfile::tempfile()?);
    let mut bytes = [0_u8; 8_192];
    let mut units: Vec<u16> = Vec::new();
    loop {
        let count = full(&mut from, &mut bytes)?;
        let pairs = bytes.get(..count).unwrap_or_default().as_chunks::<2>().0.iter();
        units.extend(pairs.map(|pair| u16::from_le_bytes(*pair)));
        // The first half of a character waits for its second.
        let half = units.pop_if(|last| count == bytes.len() && (0xd800..0xdc00).contains(last));
        to.write_all(String::from_utf16_lossy(&units).as_bytes())?;
        units.clear();
        units.extend(half);
        if count < bytes.len() {
            return to.into_inner().map_err(io::IntoInnerError::into_error);
        }
    }
}

/// Fills the buffer, unless the source ends.
fn full(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut count = 0;
    while let Some(rest) = buffer.get_mut(count..).filter(|rest| !rest.is_empty()) {
        match from.read(rest)? {
            0 => break,
            more => count += more,
        }
    }
    Ok(count)
}

/// Reads a file that is shown or compared, and says so when it is not as it was written: whoever
/// reads on has to know.
pub(super) fn read_and_judge(path: &Path) -> Result<Document, InputError> {
    let document = read(path)?;
    let faults = match &document {
        Document::One(stored) => {
            examine(stored).into_iter().filter(|one| !one.ok).flat_map(|one| one.seen).collect()
        }
        Document::Set(set) => set.faults(),
    };
    if let Some(first) = faults.first() {
        let name = name(path);
        let more = match faults.len().saturating_sub(1) {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        let word = if is_stdin(path) { None } else { Some(shell::argument(path)) };
        let named = word.as_deref().and_then(shell::word).unwrap_or("FILE".into());
        note(&format!(
            "do not rely on {name}: {}{more}; `netsuite-preflight report verify {named}` tells all",
            first.trim_end_matches('.')
        ));
    }
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wherever the pieces end in which it is read.
    #[test]
    fn utf_16_becomes_utf_8() {
        for before in 4_090..4_097 {
            let text = "a".repeat(before) + "名\u{1f511}" + &"é".repeat(5_000);
            let mut bytes = b"\xff\xfe".to_vec();
            bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
            let mut read = String::new();
            let mut file = kept(bytes.as_slice()).unwrap();
            file.seek(SeekFrom::Start(0)).unwrap();
            file.read_to_string(&mut read).unwrap();
            assert_eq!(read, text, "{before}");
        }
    }
}
