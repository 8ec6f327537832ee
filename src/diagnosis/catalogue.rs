//! All causes, read from their files at the first use.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::cause::Cause;
use crate::data;

const FILES: [&str; 6] = [
    "causes/credentials.toml",
    "causes/sign-in.toml",
    "causes/account.toml",
    "causes/network.toml",
    "causes/service.toml",
    "causes/records.toml",
];

static CAUSES: LazyLock<Causes> = LazyLock::new(Causes::read);

/// All causes.
pub fn causes() -> &'static Causes {
    &CAUSES
}

/// All causes, by file and place in it.
#[derive(Debug)]
pub struct Causes(Vec<Cause>);

/// Lists of findings by name.
type Groups = BTreeMap<String, Vec<String>>;

impl Causes {
    fn read() -> Self {
        let groups = data::read("causes/groups.toml");
        let mut all = Self(Vec::new());
        for file in FILES {
            data::read_as(file, |table| all.add(table, &groups));
        }
        all
    }

    fn add(&mut self, table: BTreeMap<String, Cause>, groups: &Groups) -> Result<(), String> {
        for (id, mut cause) in table {
            if self.find(&id).is_some() {
                return Err(format!("{id} stands twice"));
            }
            for behind in &mut cause.behind {
                let answers = expanded(&behind.answers, groups);
                behind.answers = answers.map_err(|what| format!("{id}: {what}"))?;
            }
            cause.id = id;
            self.0.push(cause);
        }
        Ok(())
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

/// The findings, with those of a group in the place of its name.
fn expanded(answers: &[String], groups: &Groups) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    for answer in answers {
        match answer.strip_prefix('@') {
            Some(group) => {
                let members = groups.get(group).ok_or_else(|| format!("no group `{group}`"))?;
                all.extend(members.iter().cloned());
            }
            None => all.push(answer.clone()),
        }
    }
    Ok(all)
}
