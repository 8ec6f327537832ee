//! The one loader of what `checks/` holds.
//!
//! The files are built in, so one that cannot be read is a fault of the build and not of a run: a
//! test reads them all, and whoever asks for one gets it without an error to deal with. Whoever
//! reads one keeps the result, in a `LazyLock`.

use std::fmt::Display;

use include_dir::{Dir, include_dir};
use serde::de::DeserializeOwned;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/checks");

/// What the file of that name below `checks/` holds.
pub fn read<T: DeserializeOwned>(name: &str) -> T {
    read_as(name, Ok)
}

/// The same for a file whose rows are made into something else, which can find faults in them.
pub fn read_as<Raw: DeserializeOwned, T>(
    name: &str,
    make: impl FnOnce(Raw) -> Result<T, String>,
) -> T {
    let text = text(name).ok_or_else(|| "there is no such file".to_owned());
    let raw = text.and_then(|text| toml::from_str(text).map_err(|error| error.to_string()));
    sound(name, raw.and_then(make))
}

/// The files of a folder below `checks/`: their names there without the extension, and their texts.
pub fn folder(name: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut files: Vec<_> = FILES.get_dir(name).into_iter().flat_map(Dir::files).collect();
    files.sort_by_key(|file| file.path());
    files.into_iter().filter_map(|file| {
        let stem = file.path().file_name()?.to_str()?.strip_suffix(".toml")?;
        Some((stem, file.contents_utf8()?))
    })
}

/// What was made of a file.
#[expect(clippy::expect_used, reason = "the files are built in, and a test reads every one")]
pub fn sound<T, E: Display>(name: &str, made: Result<T, E>) -> T {
    #[cfg(test)]
    if made.is_ok() {
        tests::READ.lock().unwrap().insert(name.to_owned());
    }
    made.map_err(|error| format!("checks/{name}: {error}")).expect("built-in data is sound")
}

fn text(name: &str) -> Option<&'static str> {
    FILES.get_file(name)?.contents_utf8()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;
    use std::sync::Mutex;

    use super::*;
    use crate::checks::cards::{blanks, engine_findings, on_windows, pages, ways_to_use};
    use crate::{checks, commands, diagnosis, netsuite, report, rotation, setup};

    /// The files that were read in this process.
    pub(super) static READ: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

    fn below(folder: &Path, at: &str, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{at}{}", path.file_name().unwrap().to_string_lossy());
            if path.is_dir() {
                below(&path, &format!("{name}/"), found);
            } else if name.ends_with(".toml") {
                found.insert(name);
            }
        }
    }

    /// Whoever reads a file is called here, so that none is wrong and none lies unread.
    #[test]
    fn every_file_is_sound_and_read_by_somebody() {
        netsuite::catalogue::catalogue();
        netsuite::catalogue::needs();
        netsuite::patterns::patterns();
        netsuite::patterns::guidance();
        netsuite::profiles::profiles();
        let _ = (netsuite::profiles::usual_fields(), netsuite::role::danger(""));
        diagnosis::causes();
        diagnosis::failures();
        engine_findings();
        pages();
        report::handbook();
        blanks();
        ways_to_use();
        on_windows();
        let _ = checks::looks::looks();
        let _ = netsuite::not_offered::not_offered("");
        let _ = netsuite::catalogue::said_by("workbook");
        setup::guide();
        rotation::ended::guidance();
        commands::generate::guidance();
        commands::role::guide::guide();
        let mut there = BTreeSet::new();
        below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("checks"), "", &mut there);
        assert_eq!(*READ.lock().unwrap(), there);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_file() {
        let told = |read: fn()| {
            let told = std::panic::catch_unwind(read).unwrap_err();
            told.downcast_ref::<String>().unwrap().clone()
        };
        let missing = told(|| read("causes/none.toml"));
        assert!(missing.contains("checks/causes/none.toml: there is no such file"), "{missing}");
        let wrong = told(|| drop(read::<Vec<u8>>("causes/groups.toml")));
        assert!(wrong.contains("checks/causes/groups.toml: "), "{wrong}");
        let refused = told(|| read_as("shared/pages.toml", |_: toml::Table| Err("no".to_owned())));
        assert!(refused.contains("checks/shared/pages.toml: no"), "{refused}");
    }

    #[test]
    fn a_folder_gives_its_files_by_name() {
        let names: Vec<&str> = folder("setup").map(|(name, _)| name).collect();
        assert!(names.contains(&"hand-over") && names.iter().all(|name| !name.contains('/')));
        assert_eq!(folder("set").count(), 0);
    }
}
