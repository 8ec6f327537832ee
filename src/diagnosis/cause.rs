//! What the checks observed, in the words of the data, and the causes as their files state them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::sign::Sign;
use crate::data;
use crate::types::{Grade, Status, Step};

/// Something that can be wrong with a set-up.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Cause {
    /// Its id: the key in the file, kebab-case, never reused.
    #[serde(skip)]
    pub id: String,
    /// What it is, as a statement.
    pub title: String,
    /// What happens and how one notices, in plain words.
    pub means: String,
    /// When it shows: after a refresh, now and then, from the start. Where that is typical.
    pub pattern: Option<String>,
    /// How well it is known that NetSuite behaves so.
    pub grade: Grade,
    /// Where that is known from.
    pub source: String,
    /// When it was looked up.
    pub date: String,
    /// Its place among causes that nothing tells apart: more often reported and better evidenced
    /// ones first. 0 to 100.
    pub often: u8,
    /// The values of the Login Audit Trail's column Detail that it leaves there.
    #[serde(default)]
    pub audit: Vec<String>,
    /// The checks that it makes fail, and with which findings.
    pub behind: Vec<Symptom>,
    /// What proves it.
    #[serde(default)]
    pub likely: Vec<Rule>,
    /// What speaks for it without proving it.
    #[serde(default)]
    pub supported: Vec<Rule>,
    /// What excludes it.
    #[serde(default)]
    pub ruled_out: Vec<Rule>,
    /// How to mend it.
    pub fix: Vec<Step>,
}

/// A check that a cause makes fail.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Symptom {
    /// Id of the check.
    pub check: String,
    /// The findings with which it fails then; `@NAME` stands for a group of them. Empty where the
    /// check itself does not show the cause, and other signs do.
    #[serde(default)]
    pub answers: Vec<String>,
    /// Why these findings point here.
    pub because: Option<String>,
    /// Where the findings prove the cause, whichever entry it is asked about: what they prove.
    pub proof: Option<String>,
}

/// Signs that together say something about a cause.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// All of them have to hold.
    pub when: Vec<Sign>,
    /// What that says, as a sentence.
    pub because: String,
}

impl Rule {
    /// Whether all signs hold, seen from an entry.
    #[must_use]
    pub fn holds(&self, seen: &Observations, at: &Observation) -> bool {
        self.when.iter().all(|sign| sign.holds(seen, at))
    }
}

impl Cause {
    /// How this cause shows at an entry: nothing where the entry's check is none of its.
    pub(super) fn symptom(&self, at: &Observation) -> Option<&Symptom> {
        let own = |behind: &&Symptom| behind.check == at.check;
        let fits = |behind: &&Symptom| behind.predicts(at);
        // The part that the findings fit comes before one that merely names the check.
        let mut all = self.behind.iter().filter(own);
        all.clone().find(fits).or_else(|| all.next())
    }

    /// What proves it, seen from an entry: rules that hold, and findings that are proof enough.
    pub(super) fn proofs<'a>(&'a self, seen: &Observations, at: &Observation) -> Vec<&'a str> {
        let rules = self.likely.iter().filter(|rule| rule.holds(seen, at));
        let proved = |behind: &&Symptom| {
            let wrong = |entry: &Observation| {
                matches!(entry.outcome, Status::Fail | Status::Inconclusive)
                    && behind.predicts(entry)
            };
            seen.seen_from(at, &behind.check).any(wrong)
        };
        let by_finding = self.behind.iter().filter(proved).filter_map(|b| b.proof.as_deref());
        rules.map(|rule| rule.because.as_str()).chain(by_finding).collect()
    }
}

impl Symptom {
    /// Whether the findings of the entry are what the cause predicts.
    #[must_use]
    pub fn predicts(&self, at: &Observation) -> bool {
        at.findings.iter().any(|found| self.answers.contains(found))
    }
}

const FILES: [&str; 6] = [
    "causes/credentials.toml",
    "causes/sign-in.toml",
    "causes/account.toml",
    "causes/network.toml",
    "causes/service.toml",
    "causes/records.toml",
];

static CAUSES: LazyLock<Causes> = LazyLock::new(Causes::load);

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
    fn load() -> Self {
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

/// One entry of the checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Id of the check.
    pub check: String,
    /// What it is about, where it runs once per thing.
    pub subject: Option<String>,
    /// How it ended.
    pub outcome: Status,
    /// What it found, the gravest first.
    pub findings: Vec<String>,
    /// Its evidence, key and value.
    pub evidence: Vec<(String, String)>,
}

/// Everything that a run observed.
#[derive(Debug, Clone, Default)]
pub struct Observations {
    /// One per entry of the checklist, in the order of the report.
    pub entries: Vec<Observation>,
    /// The kind of account, as its ID shows it: production, sandbox, release-preview and so on.
    pub account_kind: Option<String>,
    /// Further facts by name; `FACTS` lists them.
    pub facts: BTreeSet<String>,
}

impl Observations {
    /// The facts that a run can establish besides the entries.
    ///
    /// `certificate-made-this-week`, `certificate-older-than-a-month`: by its notBefore.
    #[cfg(test)]
    pub const FACTS: [&str; 2] = ["certificate-made-this-week", "certificate-older-than-a-month"];

    /// Observations without further facts.
    #[must_use]
    pub fn new(entries: Vec<Observation>) -> Self {
        Self { entries, ..Self::default() }
    }

    /// The entries of a check that count for `at`: of its own check only itself.
    pub(super) fn seen_from<'a>(
        &'a self,
        at: &'a Observation,
        check: &'a str,
    ) -> impl Iterator<Item = &'a Observation> {
        let own = at.check == check;
        self.entries
            .iter()
            .filter(move |entry| if own { *entry == at } else { entry.check == check })
    }
}
