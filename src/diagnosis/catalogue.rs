//! All causes, read from their files at the first use.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::cause::Cause;

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        const FILES: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../checks/causes/", $name)))),+
        ];
    };
}

files! {
    "credentials.toml",
    "sign-in.toml",
    "account.toml",
    "network.toml",
    "service.toml",
    "records.toml",
}

const GROUPS: &str = include_str!("../../checks/causes/groups.toml");

static CAUSES: LazyLock<Result<Causes, BadCauses>> = LazyLock::new(Causes::read);

/// All causes.
///
/// # Errors
/// When a file is wrong, which only a wrong build can cause: an internal error.
pub fn causes() -> Result<&'static Causes, BadCauses> {
    CAUSES.as_ref().map_err(Clone::clone)
}

/// A file of causes is not what it must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCauses {
    /// The TOML is wrong.
    #[error("the causes in {file} cannot be read: {problem}")]
    Toml {
        /// Its name.
        file: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// An id stands in two files.
    #[error("the cause {0} is there twice")]
    Twice(String),
    /// A group of findings is not there.
    #[error("the cause {cause} names the group {group}, which is not there")]
    Group {
        /// The cause.
        cause: String,
        /// The group.
        group: String,
    },
}

/// All causes, by file and place in it.
#[derive(Debug)]
pub struct Causes(Vec<Cause>);

impl Causes {
    fn read() -> Result<Self, BadCauses> {
        let toml_error = |file| {
            move |error: toml::de::Error| BadCauses::Toml { file, problem: error.to_string() }
        };
        let groups: BTreeMap<String, Vec<String>> =
            toml::from_str(GROUPS).map_err(toml_error("groups.toml"))?;
        let mut all: Vec<Cause> = Vec::new();
        for (file, text) in FILES {
            let table: BTreeMap<String, Cause> = toml::from_str(text).map_err(toml_error(file))?;
            for (id, mut cause) in table {
                if all.iter().any(|other| other.id == id) {
                    return Err(BadCauses::Twice(id));
                }
                cause.id = id;
                for behind in &mut cause.behind {
                    behind.answers = expanded(&cause.id, &behind.answers, &groups)?;
                }
                all.push(cause);
            }
        }
        Ok(Self(all))
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Cause] {
        &self.0
    }

    /// The cause with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Cause> {
        self.0.iter().find(|cause| cause.id == id)
    }

    /// The causes that leave this value in the Login Audit Trail.
    pub fn leaving<'a>(&'a self, detail: &'a str) -> impl Iterator<Item = &'a Cause> {
        self.0.iter().filter(move |cause| cause.audit.iter().any(|own| own == detail))
    }
}

fn expanded(
    cause: &str,
    answers: &[String],
    groups: &BTreeMap<String, Vec<String>>,
) -> Result<Vec<String>, BadCauses> {
    let mut all = Vec::new();
    for answer in answers {
        match answer.strip_prefix('@') {
            Some(group) => match groups.get(group) {
                Some(members) => all.extend(members.iter().cloned()),
                None => {
                    let (cause, group) = (cause.to_owned(), group.to_owned());
                    return Err(BadCauses::Group { cause, group });
                }
            },
            None => all.push(answer.clone()),
        }
    }
    Ok(all)
}
