//! A set that was written earlier, read target by target: of each, what a list says stays in memory,
//! and the report itself stays in the file.

use std::collections::{HashMap, VecDeque};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::Range;

use openssl::sha::sha256;
use serde::Deserialize as _;
use serde_json::{Map, Value};

use crate::report::Report;
use crate::report::set::judge::{Judged, Known, judge};
use crate::report::set::listed::Digest;
use crate::report::set::scan::{self, Parts, ScanError};
use crate::report::set::{Listed, Many, SetSummary, SetTarget, SetVerdict};
use crate::report::stored::{Form, MOST_BYTES, StoredError, form, parse, typed};
use crate::report::verify::{Examination, examine_one};

/// What a document can be read from, more than once.
pub trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

/// A set that was written earlier.
pub struct StoredSet {
    source: Box<dyn Source>,
    /// Every member but the reports and the list of targets, which is taken from the file again
    /// where it is written: a list of a thousand takes as much as all that is kept of them.
    frame: Map<String, Value>,
    list: Option<Part>,
    items: Vec<Item>,
    targets: Vec<Listed>,
    /// The item of each target.
    of_target: Vec<Option<usize>>,
    judged: Judged,
}

/// A part of the file that has to be the same when it is read again.
struct Part {
    place: Range<u64>,
    sha256: [u8; 32],
}

/// One item of the list of reports.
struct Item {
    place: Range<u64>,
    /// Nothing where it holds no report: a target that could not be checked had such an entry.
    report: Option<ItemReport>,
}

struct ItemReport {
    /// What is not well with it.
    wrong: Vec<Examination>,
}

/// The member that lists the targets.
const LIST: &str = "targets";

const CHANGED: &str = "it was changed while it was read; read it again";

/// What a file holds.
pub enum Found {
    /// A set of reports.
    Set(StoredSet),
    /// Something else, to be read as one report.
    Other(Box<dyn Source>),
}

/// Opens a document. What is no set is given back.
///
/// # Errors
/// When it is a set that this program cannot read.
pub fn open(mut source: Box<dyn Source>) -> Result<Found, StoredError> {
    source.seek(SeekFrom::Start(0)).map_err(StoredError::Unreadable)?;
    let parts = match scan::parts(BufReader::with_capacity(64 * 1024, &mut source)) {
        Ok(parts) => parts,
        Err(ScanError::Io(error)) => return Err(StoredError::Unreadable(error)),
        Err(error) => {
            // The reader of one report says what is wrong with a document of its size.
            let end = source.seek(SeekFrom::End(0)).map_err(StoredError::Unreadable)?;
            if end <= MOST_BYTES {
                return Ok(Found::Other(source));
            }
            return Err(StoredError::no_json(&error));
        }
    };
    let schema = parts.members.iter().find(|(name, _)| name == "schema");
    let Some((_, place)) = schema else { return Ok(Found::Other(source)) };
    let mut frame = Map::new();
    frame.insert("schema".to_owned(), part(&mut source, place, String::new)?);
    match form(&Value::Object(frame.clone()))? {
        Form::Set => StoredSet::read(source, parts).map(Found::Set),
        Form::Report => Ok(Found::Other(source)),
    }
}

/// The bytes of a part.
fn bytes(
    source: &mut dyn Source,
    place: &Range<u64>,
    called: impl Fn() -> String,
) -> Result<Vec<u8>, StoredError> {
    let length = place.end.saturating_sub(place.start);
    if length > MOST_BYTES {
        return Err(StoredError::TooLarge { place: called() });
    }
    let mut bytes = Vec::new();
    source.seek(SeekFrom::Start(place.start)).map_err(StoredError::Unreadable)?;
    source.take(length).read_to_end(&mut bytes).map_err(StoredError::Unreadable)?;
    Ok(bytes)
}

fn part(
    source: &mut dyn Source,
    place: &Range<u64>,
    called: impl Fn() -> String,
) -> Result<Value, StoredError> {
    parse(&bytes(source, place, called)?)
}

/// The report of one item of a set: the item itself, or its member `report`.
fn report_of(item: Value) -> Option<Value> {
    if item.get("schema").is_some() {
        return Some(item);
    }
    match item {
        Value::Object(mut members) => members.remove("report").filter(Value::is_object),
        _ => None,
    }
}

impl StoredSet {
    fn read(mut source: Box<dyn Source>, parts: Parts) -> Result<Self, StoredError> {
        let mut frame = Map::new();
        let mut list = None;
        for (name, place) in parts.members {
            let bytes = bytes(&mut source, &place, String::new)?;
            frame.insert(name.clone(), parse(&bytes)?);
            if name == LIST {
                list = Some(Part { place, sha256: sha256(&bytes) });
            }
        }
        let places = parts.reports.ok_or(StoredError::NotAReport)?;
        let mut items = Vec::new();
        let mut known = Vec::new();
        for (at, place) in places.into_iter().enumerate() {
            let called = || format!("report {} of the set: ", at + 1);
            let document = report_of(part(&mut source, &place, called)?);
            let report = match document {
                Some(document) => {
                    form(&document)?;
                    let report = typed(&document, called())?;
                    let name = document.pointer("/target/name").and_then(Value::as_str);
                    known.push(Some(Known {
                        run_id: report.run.id.clone(),
                        name: name.map(str::to_owned),
                        verdict: SetVerdict::of(&report),
                        digest: Digest::of(&report),
                    }));
                    let mut wrong = examine_one(&document, &report);
                    wrong.retain(|one| !one.ok);
                    Some(ItemReport { wrong })
                }
                None => {
                    known.push(None);
                    None
                }
            };
            items.push(Item { place, report });
        }
        // Without a list that can be read the reports stand for themselves.
        let named = frame.get(LIST).and_then(|named| Vec::<SetTarget>::deserialize(named).ok());
        let mut set =
            Self::brought_together(source, frame, items, known, named.unwrap_or_default());
        set.frame.remove(LIST);
        set.list = list;
        Ok(set)
    }

    /// Brings targets and reports together by `run.id`. A report that no target names is listed
    /// under its account.
    fn brought_together(
        source: Box<dyn Source>,
        mut frame: Map<String, Value>,
        items: Vec<Item>,
        mut known: Vec<Option<Known>>,
        named: Vec<SetTarget>,
    ) -> Self {
        let all: Vec<(usize, &Known)> =
            known.iter().enumerate().filter_map(|(at, one)| Some((at, one.as_ref()?))).collect();
        let mut open: HashMap<&str, VecDeque<usize>> = HashMap::new();
        for (at, one) in &all {
            open.entry(one.run_id.as_str()).or_default().push_back(*at);
        }
        let of_run = |target: &SetTarget| open.get_mut(target.run_id.as_deref()?)?.pop_front();
        let mut of_target: Vec<Option<usize>> = named.iter().map(of_run).collect();
        let judged = judge(&mut frame, &named, &all, &of_target);
        let mut take = |at: Option<usize>| known.get_mut(at?)?.take();
        let mut targets: Vec<Listed> = Vec::new();
        for (target, at) in named.into_iter().zip(&of_target) {
            targets.push(listed(target, take(*at)));
        }
        for at in 0..items.len() {
            if let Some(stray) = take(Some(at)) {
                let target = SetTarget {
                    name: stray.digest.account.clone(),
                    exit_code: stray.digest.exit_code,
                    run_id: Some(stray.run_id.clone()),
                    error: None,
                    report_sha256: None,
                };
                targets.push(listed(target, Some(stray)));
                of_target.push(Some(at));
            }
        }
        Self { source, frame, list: None, items, targets, of_target, judged }
    }

    /// Whether it has a seal.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        self.judged.sealed
    }

    /// What was examined of the list of targets, then of each report, with its name.
    pub fn examined(&self) -> impl Iterator<Item = (String, Vec<Examination>)> {
        let whole = ("all targets".to_owned(), self.judged.examined.clone());
        let each = self.targets.iter().zip(&self.of_target).filter_map(|(target, at)| {
            let report = self.items.get((*at)?)?.report.as_ref()?;
            Some((target.title(), Examination::all(&report.wrong)))
        });
        std::iter::once(whole).chain(each)
    }

    /// Everything that is not well with it, in one list.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let wrong = self.judged.examined.iter().filter(|one| !one.ok);
        let mut faults: Vec<String> = wrong.flat_map(|one| one.seen.clone()).collect();
        for (target, at) in self.targets.iter().zip(&self.of_target) {
            let report = at.and_then(|at| self.items.get(at)?.report.as_ref());
            let seen = report.iter().flat_map(|report| &report.wrong).flat_map(|one| &one.seen);
            faults.extend(seen.map(|seen| format!("{}: {seen}", target.name)));
        }
        faults
    }
}

fn listed(target: SetTarget, known: Option<Known>) -> Listed {
    let SetTarget { name, exit_code, run_id, error, .. } = target;
    let without = || Some("there is no report of it".to_owned());
    Listed {
        name,
        verdict: known.as_ref().map_or(SetVerdict::Error, |known| known.verdict),
        exit_code,
        run_id,
        error: if known.is_none() { error.or_else(without) } else { error },
        digest: known.map(|known| known.digest),
    }
}

impl Many for StoredSet {
    fn summary(&self) -> SetSummary {
        SetSummary::of(self.targets.iter().map(|target| (target.verdict, target.exit_code)))
    }

    fn targets(&self) -> &[Listed] {
        &self.targets
    }

    fn report(&mut self, index: usize) -> io::Result<Option<Report>> {
        let item = self.of_target.get(index).copied().flatten().and_then(|at| self.items.get(at));
        let Some(Item { place, report: Some(_) }) = item else { return Ok(None) };
        let before = self.targets.get(index).and_then(|target| target.digest.as_ref());
        let document = report_of(part(&mut self.source, place, String::new).map_err(other)?);
        let report = document.map(|document| typed(&document, String::new())).transpose();
        let report = report.map_err(other)?;
        // Somebody may write the file while it is read.
        match report.filter(|report| Some(&Digest::of(report)) == before) {
            Some(report) => Ok(Some(report)),
            None => Err(io::Error::other(CHANGED)),
        }
    }

    fn frame(&mut self) -> io::Result<Map<String, Value>> {
        let mut frame = self.frame.clone();
        if let Some(list) = &self.list {
            let bytes = bytes(&mut self.source, &list.place, String::new).map_err(other)?;
            if sha256(&bytes) != list.sha256 {
                return Err(io::Error::other(CHANGED));
            }
            frame.insert(LIST.to_owned(), parse(&bytes).map_err(other)?);
        }
        Ok(frame)
    }

    fn copy_reports(&mut self, out: &mut dyn Write) -> io::Result<()> {
        for (at, item) in self.items.iter().enumerate() {
            if at > 0 {
                out.write_all(b",\n")?;
            }
            // Parsed again, so that what is written is JSON whatever became of the file meanwhile.
            let item = part(&mut self.source, &item.place, String::new).map_err(other)?;
            out.write_all(serde_json::to_string(&item)?.as_bytes())?;
        }
        Ok(())
    }
}

fn other(error: StoredError) -> io::Error {
    match error {
        StoredError::Unreadable(error) => error,
        error => io::Error::other(error),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use serde_json::json;

    use super::*;
    use crate::report::samples;
    use crate::report::set::SCHEMA_NAME;

    #[test]
    fn unknown_members_stay_and_items_of_an_older_form_are_read() {
        let sample = serde_json::to_value(samples::report()).unwrap();
        let document = json!({"schema": {"name": SCHEMA_NAME, "version": 1}, "summary": {"any": 1},
            "later": [1], "reports": [sample, {"name": "b", "report": sample},
            {"name": "c", "error": "no key"}]});
        let mut read = samples::read_set(&document);
        assert_eq!(read.targets().len(), 2);
        for index in 0..2 {
            assert!(read.report(index).unwrap().is_some());
        }
        let mut written = Vec::new();
        let reader = crate::report::Reader::default();
        crate::report::set::compose::write(
            &mut written,
            crate::report::Format::Json,
            &reader,
            &mut read,
        )
        .unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&written).unwrap(), document);
    }

    #[test]
    fn a_report_is_given_back_and_a_set_of_a_later_version_refused() {
        let sample = serde_json::to_value(samples::report()).unwrap();
        let found = open(Box::new(Cursor::new(sample.to_string().into_bytes())));
        assert!(matches!(found, Ok(Found::Other(_))));
        let later = json!({"schema": {"name": SCHEMA_NAME, "version": 2}, "reports": []});
        let found = open(Box::new(Cursor::new(later.to_string().into_bytes())));
        assert!(matches!(found, Err(StoredError::Newer { version: 2, .. })));
        let lone = json!({"schema": {"name": SCHEMA_NAME, "version": 1}});
        let found = open(Box::new(Cursor::new(lone.to_string().into_bytes())));
        assert!(matches!(found, Err(StoredError::NotAReport)));
    }

    #[test]
    fn a_list_that_is_changed_while_it_is_read_is_not_written_again() {
        let document = samples::set_document(&[("alpha", samples::passed())]).to_string();
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(document.as_bytes()).unwrap();
        let source = std::fs::File::open(file.path()).unwrap();
        let Ok(Found::Set(mut set)) = open(Box::new(source)) else { panic!("it is a set") };
        assert!(set.frame().unwrap().contains_key(LIST));
        file.rewind().unwrap();
        file.write_all(document.replace("\"alpha\"", "\"omega\"").as_bytes()).unwrap();
        assert_eq!(set.frame().unwrap_err().to_string(), CHANGED);
    }
}
