//! The causes as their files state them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::form::Form;
use super::observation::{Observation, Observations};
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
    /// What it is a fault of, and so how far a proof about it reaches.
    #[serde(default)]
    pub about: Scope,
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
    /// How to fix it.
    pub fix: Vec<Remedy>,
}

/// What a cause is a fault of: what one entry shows about it holds for all entries about the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// The set-up or the way to NetSuite: one thing for the whole run.
    #[default]
    SetUp,
    /// One record type; another may be well.
    RecordType,
    /// One answer; the next may be another.
    Answer,
}

/// One step of the way out.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "RemedyText")]
pub struct Remedy {
    /// What to do.
    pub step: Step,
    /// Where all of these hold, the run has shown that the step leads nowhere.
    pub unless: Vec<Sign>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RemedyText {
    text: String,
    page: Option<String>,
    #[serde(rename = "where")]
    place: Option<String>,
    command: Option<String>,
    #[serde(default)]
    unless: Vec<Sign>,
}

impl From<RemedyText> for Remedy {
    fn from(raw: RemedyText) -> Self {
        let RemedyText { text, page, place, command, unless } = raw;
        let (unless_known, for_causes) = (None, Vec::new());
        Self { step: Step { text, page, place, command, unless_known, for_causes }, unless }
    }
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
    /// Why these findings point here, whatever the form of the answer.
    pub because: Option<String>,
    /// The forms of answer in which this was seen, or is documented.
    #[serde(default)]
    pub seen: Vec<Sighting>,
    /// Its place among causes that nothing tells apart, where this check has another order.
    pub often: Option<u8>,
    /// Where the findings prove the cause, whichever entry it is asked about: what they prove.
    pub proof: Option<String>,
}

/// A form of answer that a cause was seen with, or that is documented for it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sighting {
    /// One of them.
    pub forms: Vec<Form>,
    /// What that says, as a sentence. It is said of these forms alone.
    pub because: String,
    /// How well that is known.
    pub grade: Grade,
    /// Where that is known from.
    pub source: String,
}

impl Sighting {
    /// Whether an answer of the entry has one of the forms.
    #[must_use]
    pub fn fits(&self, at: &Observation) -> bool {
        at.answers.iter().any(|answer| self.forms.iter().any(|form| form.fits(answer)))
    }
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
    /// Whether all signs hold, seen from an entry or from the run as a whole.
    #[must_use]
    pub fn holds(&self, seen: &Observations, from: Option<&Observation>) -> bool {
        self.when.iter().all(|sign| sign.holds(seen, from))
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

    /// From where its signs are looked at: what is one thing for the whole run is judged by all
    /// that the run saw.
    pub(super) fn seen_from<'a>(&self, at: &'a Observation) -> Option<&'a Observation> {
        (self.about != Scope::SetUp).then_some(at)
    }

    /// What excludes it.
    pub(super) fn exclusions<'a>(&'a self, seen: &Observations, at: &Observation) -> Vec<&'a str> {
        holding(&self.ruled_out, seen, self.seen_from(at))
    }

    /// What speaks for it without proving it.
    pub(super) fn supports<'a>(&'a self, seen: &Observations, at: &Observation) -> Vec<&'a str> {
        holding(&self.supported, seen, self.seen_from(at))
    }

    /// What proves it: rules that hold, and findings that are proof enough.
    pub(super) fn proofs<'a>(&'a self, seen: &Observations, at: &Observation) -> Vec<&'a str> {
        let from = self.seen_from(at);
        let mut proofs = holding(&self.likely, seen, from);
        let proved = |behind: &&Symptom| {
            let wrong = |entry: &Observation| {
                matches!(entry.outcome, Status::Fail | Status::Inconclusive)
                    && behind.predicts(entry)
                    && (self.about != Scope::Answer || entry == at)
            };
            seen.of(&behind.check, from).any(wrong)
        };
        proofs.extend(self.behind.iter().filter(proved).filter_map(|b| b.proof.as_deref()));
        proofs
    }

    /// The steps of the way out that the run has not shown to lead nowhere.
    pub(super) fn steps(&self, seen: &Observations, at: &Observation) -> Vec<Step> {
        let from = self.seen_from(at);
        let pointless = |remedy: &&Remedy| {
            !remedy.unless.is_empty() && remedy.unless.iter().all(|sign| sign.holds(seen, from))
        };
        let left = self.fix.iter().filter(|remedy| !pointless(remedy));
        left.map(|remedy| remedy.step.clone()).collect()
    }
}

fn holding<'a>(rules: &'a [Rule], seen: &Observations, from: Option<&Observation>) -> Vec<&'a str> {
    rules.iter().filter(|rule| rule.holds(seen, from)).map(|rule| rule.because.as_str()).collect()
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
