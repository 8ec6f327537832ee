//! Integration profiles: what a product that signs in to NetSuite asks for.
//!
//! The data stands in `checks/profiles/*.toml`, which can be edited without Rust. A user's own file
//! has the same form.

mod fields;
mod file;
mod profile;
mod words;

use std::sync::LazyLock;

use crate::types::shown::shown;
pub use fields::{HandOver, Value, usual_fields};
pub use file::BadProfile;
pub use profile::{
    Asks, Conflict, FormField, Keys, PermissionAsked, Profile, ProfileGrade, RecordAsked,
};
pub use words::{Encoding, KeyOwner};

/// The profiles that are built in, by id.
const FILES: &[(&str, &str)] = &[
    ("activepieces", include_str!("../../../checks/profiles/activepieces.toml")),
    ("alchemer", include_str!("../../../checks/profiles/alchemer.toml")),
    ("ampersand", include_str!("../../../checks/profiles/ampersand.toml")),
    ("bundlet", include_str!("../../../checks/profiles/bundlet.toml")),
    ("calxa", include_str!("../../../checks/profiles/calxa.toml")),
    ("celigo", include_str!("../../../checks/profiles/celigo.toml")),
    ("elastic-io", include_str!("../../../checks/profiles/elastic-io.toml")),
    ("extendtech", include_str!("../../../checks/profiles/extendtech.toml")),
    ("ingestr", include_str!("../../../checks/profiles/ingestr.toml")),
    ("limble", include_str!("../../../checks/profiles/limble.toml")),
    ("mulesoft", include_str!("../../../checks/profiles/mulesoft.toml")),
    ("nango", include_str!("../../../checks/profiles/nango.toml")),
    ("patchworks", include_str!("../../../checks/profiles/patchworks.toml")),
    ("posthog", include_str!("../../../checks/profiles/posthog.toml")),
    ("prismatic", include_str!("../../../checks/profiles/prismatic.toml")),
    ("sim", include_str!("../../../checks/profiles/sim.toml")),
    ("snaplogic", include_str!("../../../checks/profiles/snaplogic.toml")),
    ("suitecloud-cli", include_str!("../../../checks/profiles/suitecloud-cli.toml")),
    ("workato", include_str!("../../../checks/profiles/workato.toml")),
];

static PROFILES: LazyLock<Result<Vec<Profile>, BadProfile>> =
    LazyLock::new(|| FILES.iter().map(|(id, text)| built_in(id, text)).collect());

fn built_in(id: &str, text: &str) -> Result<Profile, BadProfile> {
    let profile = Profile::parse(text, &format!("{id}.toml"), false)?;
    if profile.id == id {
        Ok(profile)
    } else {
        Err(BadProfile::new(&format!("{id}.toml"), "its `id` is another than its file's name"))
    }
}

/// The profiles that are built in, by id, read at the first use.
///
/// # Errors
/// When a file is wrong, which only a wrong build can cause: an internal error.
pub fn profiles() -> Result<&'static [Profile], BadProfile> {
    PROFILES.as_deref().map_err(Clone::clone)
}

/// There is no such profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is no profile{}; `netsuite-preflight list profiles` names them all, and --profile \
     takes the path of a TOML file of your own as well",
    shown(asked),
    near.as_ref().map(|id| format!(" (is it `{id}`?)")).unwrap_or_default()
)]
pub struct UnknownProfile {
    /// What was asked for.
    pub asked: String,
    /// The nearest id, where one is near.
    pub near: Option<String>,
}

/// The one profile of that id or name out of `all`; case does not matter.
///
/// # Errors
/// When there is none, with a near id.
pub fn find<'a>(all: &'a [Profile], name: &str) -> Result<&'a Profile, UnknownProfile> {
    let wanted = name.trim();
    let same = |profile: &&Profile| {
        profile.id.eq_ignore_ascii_case(wanted) || profile.name.eq_ignore_ascii_case(wanted)
    };
    all.iter().find(same).ok_or_else(|| {
        let near = near(all, &wanted.to_lowercase());
        UnknownProfile { asked: wanted.to_owned(), near }
    })
}

fn near(all: &[Profile], asked: &str) -> Option<String> {
    if asked.len() < 3 {
        return None;
    }
    let begins = |id: &str| id.starts_with(asked) || asked.starts_with(id);
    let distance = |id: &str| if begins(id) { 0 } else { strsim::damerau_levenshtein(id, asked) };
    all.iter()
        .map(|profile| (distance(&profile.id), &profile.id))
        .filter(|(distance, _)| *distance <= (asked.len() / 3).max(1))
        .min()
        .map(|(_, id)| id.clone())
}

#[cfg(test)]
mod tests;
