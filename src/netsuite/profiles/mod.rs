//! Integration profiles: what a product that signs in to NetSuite asks for.
//!
//! The data stands in `checks/profiles/*.toml`, which can be edited without Rust. A user's own file
//! has the same form.

mod fields;
mod file;
mod profile;
mod words;

use std::sync::LazyLock;

use crate::data;
use crate::types::near::near_names;
use crate::types::shown::shown;
pub use fields::{HandOver, Value, usual_fields};
pub use profile::{Asks, Conflict, Profile, ProfileGrade};
pub use words::{Encoding, KeyOwner};

static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    let built_in = |(id, text): (&str, &str)| {
        let name = format!("profiles/{id}.toml");
        let profile = data::sound(&name, Profile::parse(text, &name, false));
        let own_name = (profile.id == id).then_some(profile);
        data::sound(&name, own_name.ok_or("its `id` is another than its file's name"))
    };
    data::folder("profiles").map(built_in).collect()
});

/// The profiles that are built in, by id, read at the first use.
pub fn profiles() -> &'static [Profile] {
    &PROFILES
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
        let near = near_names(wanted, all.iter().map(|profile| profile.id.as_str()), 1);
        UnknownProfile { asked: wanted.to_owned(), near: near.first().map(|id| (*id).to_owned()) }
    })
}

#[cfg(test)]
mod tests;
