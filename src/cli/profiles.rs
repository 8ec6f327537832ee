//! `--profile`, and the profiles as `list profiles` shows them.

use std::path::Path;

use serde::Serialize;

use crate::checks::context::Inputs;
use crate::cli::error::CommandError;
use crate::credentials::input::read_file;
use crate::netsuite::profiles::{
    Conflict, HandOver, KeyOwner, Profile, ProfileGrade, find, profiles,
};
use crate::types::source::linked;
use crate::types::{Scope, SecretKind};

/// A profile that was asked for.
#[derive(Debug)]
pub struct Chosen(Profile);

impl Chosen {
    /// Adds what the profile brings, except where the user named records or scopes.
    pub fn fill(self, inputs: &mut Inputs) {
        let Self(profile) = self;
        if inputs.records.is_empty() {
            inputs.records = profile.record_requests();
            inputs.records_from_profile = !inputs.records.is_empty();
        }
        if inputs.scopes.is_empty() {
            inputs.scopes.clone_from(&profile.scopes);
        }
        inputs.profile = Some(profile);
    }

    /// The profile itself.
    #[must_use]
    pub fn into_profile(self) -> Profile {
        self.0
    }
}

/// The path, where the value of `--profile` is one and no name.
#[must_use]
pub fn as_path(value: &str) -> Option<&Path> {
    let toml = Path::new(value).extension().is_some_and(|e| e.eq_ignore_ascii_case("toml"));
    (toml || value.contains(['/', '\\'])).then_some(Path::new(value))
}

/// The profile of that name, or in the file of that path.
///
/// # Errors
/// When there is no such profile or file, or the file is no profile.
pub fn choose(value: &str, allow_unlisted: bool) -> Result<Chosen, CommandError> {
    let Some(path) = as_path(value) else {
        return Ok(Chosen(find(profiles(), value).map_err(CommandError::usage)?.clone()));
    };
    // No secret, but the one bounded reader for files serves it too.
    let material = read_file(path, "--profile", SecretKind::PrivateKey);
    let material = material.map_err(CommandError::usage)?;
    let text = std::str::from_utf8(material.bytes.expose());
    let text = text.ok().filter(|_| !material.too_large);
    let no_text = || CommandError::usage("the file given with --profile is no text of up to 1 MiB");
    let text = text.ok_or_else(no_text)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let profile = Profile::parse(text, &name.unwrap_or_default(), allow_unlisted);
    profile.map(Chosen).map_err(CommandError::usage)
}

/// A profile as `list profiles` shows it.
#[derive(Debug, Serialize)]
pub struct ProfileRow {
    id: &'static str,
    name: &'static str,
    grade: ProfileGrade,
    source: &'static str,
    date: &'static str,
    key_owner: Option<KeyOwner>,
    keys: KeysRow,
    scopes: &'static [Scope],
    features: &'static [String],
    fields: Vec<HandOver>,
    after: Vec<AfterRow>,
    records: Vec<RecordRow>,
    permissions: Vec<PermissionRow>,
    conflicts: &'static [Conflict],
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct KeysRow {
    accepts: Vec<&'static str>,
    encodings: Vec<&'static str>,
    encrypted: Option<bool>,
    algorithms: Vec<&'static str>,
    grade: ProfileGrade,
}

#[derive(Debug, Serialize)]
struct AfterRow {
    text: &'static str,
    grade: ProfileGrade,
}

#[derive(Debug, Serialize)]
struct RecordRow {
    record: &'static str,
    level: &'static str,
    grade: ProfileGrade,
}

#[derive(Debug, Serialize)]
struct PermissionRow {
    id: &'static str,
    subtab: &'static str,
    label: &'static str,
    level: Option<&'static str>,
    grade: ProfileGrade,
}

/// All profiles.
#[must_use]
pub fn rows() -> Vec<ProfileRow> {
    profiles().iter().map(row).collect()
}

fn row(profile: &'static Profile) -> ProfileRow {
    let keys = &profile.keys;
    ProfileRow {
        id: &profile.id,
        name: &profile.name,
        grade: profile.grade,
        source: &profile.source,
        date: &profile.date,
        key_owner: profile.key_owner,
        keys: KeysRow {
            accepts: keys.accepts.iter().map(|key| key.as_str()).collect(),
            encodings: keys.encodings.iter().map(|encoding| encoding.as_str()).collect(),
            encrypted: keys.encrypted,
            algorithms: keys.algorithms.iter().map(|algorithm| algorithm.as_str()).collect(),
            grade: keys.grade,
        },
        scopes: &profile.scopes,
        features: &profile.features,
        fields: profile.fields(),
        after: profile
            .after
            .iter()
            .map(|after| AfterRow { text: &after.text, grade: after.grade })
            .collect(),
        records: profile
            .records
            .iter()
            .map(|asked| RecordRow {
                record: asked.request.record.as_str(),
                level: asked.request.level.as_str(),
                grade: asked.grade,
            })
            .collect(),
        permissions: profile
            .permissions
            .iter()
            .map(|asked| PermissionRow {
                id: &asked.permission.id,
                subtab: asked.permission.category.as_str(),
                label: &asked.permission.name,
                level: asked.level.map(crate::types::Level::label),
                grade: asked.grade,
            })
            .collect(),
        conflicts: &profile.conflicts,
        notes: profile.notes.iter().map(|note| linked(note)).collect(),
    }
}

impl ProfileRow {
    /// What a list shows of it: its name for `--profile`, that of the product, and which keys it
    /// takes.
    #[must_use]
    pub fn cells(&self) -> [String; 3] {
        let keys = match (self.key_owner, self.keys.accepts.as_slice()) {
            (Some(KeyOwner::Vendor), _) => "makes the key itself".to_owned(),
            (_, []) => "not known which keys it takes".to_owned(),
            (_, keys) => format!("{} ({})", keys.join(", "), self.keys.grade.as_str()),
        };
        let refused = match self.conflicts {
            [] => "",
            _ => "; its guide asks for what NetSuite refuses",
        };
        [self.id.to_owned(), self.name.to_owned(), format!("{keys}{refused}")]
    }
}
