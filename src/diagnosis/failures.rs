//! Every known way in which a set-up breaks, and where it is dealt with.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::data;
use crate::types::near::spaced;
use crate::types::{Grade, Step};

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let claims: BTreeMap<String, Question> = data::read("causes/misinformation.toml");
    let asked: BTreeMap<String, Question> = data::read("causes/questions.toml");
    let plain = |question: &Question| Plain {
        question: spaced(&question.question),
        phrases: question.words.iter().map(|phrase| spaced(phrase)).collect(),
    };
    let plain = claims.values().chain(asked.values()).map(plain).collect();
    Tables { failures: data::read("causes/failures.toml"), claims, asked, plain }
});

/// The tables.
#[derive(Debug)]
pub struct Tables {
    failures: BTreeMap<String, Failure>,
    claims: BTreeMap<String, Question>,
    asked: BTreeMap<String, Question>,
    /// What is compared with a text, in the order of the questions.
    plain: Vec<Plain>,
}

/// A question and its phrases as they are compared: words in lower case, blanks around them.
#[derive(Debug)]
struct Plain {
    question: String,
    phrases: Vec<String>,
}

/// One way in which a set-up breaks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// What is wrong, in short.
    pub fault: String,
    /// The checks that find it: `check/finding`, or the check as a whole.
    #[serde(default)]
    pub checks: Vec<String>,
    /// The causes that explain it.
    #[serde(default)]
    pub causes: Vec<String>,
    /// Where in NetSuite to look, where only its pages show it.
    pub look: Option<String>,
    /// Why it is not dealt with here.
    pub out: Option<String>,
}

/// Something that people ask, and some of which is answered wrongly on the web.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What a person would ask.
    pub question: String,
    /// What is said and is not so.
    pub claim: Option<String>,
    /// What is so.
    pub truth: String,
    /// What to do.
    #[serde(default)]
    pub fix: Vec<Step>,
    /// How well that is known.
    pub grade: Grade,
    /// Where it is known from.
    pub source: String,
    /// When it was looked up.
    pub date: String,
    /// Words of a question that mean this one, in lower case.
    pub words: Vec<String>,
    /// Whether it says more than the name of an error that is asked for with it.
    #[serde(default)]
    pub over_names: bool,
    /// Checks and causes that say more.
    #[serde(default)]
    pub see: Vec<String>,
}

/// The tables, read at the first use.
pub fn failures() -> &'static Tables {
    &TABLES
}

impl Tables {
    /// The known failures, by id.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &Failure)> {
        self.failures.iter().map(|(id, failure)| (id.as_str(), failure))
    }

    /// The failure with this id, in any case.
    #[must_use]
    pub fn failure(&self, id: &str) -> Option<(&str, &Failure)> {
        self.failures().find(|(own, _)| own.eq_ignore_ascii_case(id))
    }

    /// All questions: what is said on the web and is not so, and what else is asked.
    pub fn questions(&self) -> impl Iterator<Item = (&str, &Question)> {
        self.claims.iter().chain(&self.asked).map(|(id, question)| (id.as_str(), question))
    }

    /// The question with this id, or the one that a text means, and how much of the text says so:
    /// the longest of its words and phrases that stands in the text decides. A short text may have
    /// the words of a phrase in another order, with others between them, and with slips in them.
    #[must_use]
    pub fn question(&self, text: &str) -> Option<(usize, &Question)> {
        let text = text.trim().to_lowercase();
        if let Some((_, found)) = self.questions().find(|(id, _)| id.eq_ignore_ascii_case(&text)) {
            return Some((text.len(), found));
        }
        let plain = spaced(&text);
        let words: Vec<&str> = plain.split_whitespace().take(MOST_WORDS + 1).collect();
        let meant = self.questions().zip(&self.plain).filter_map(|((_, question), known)| {
            let own = Some(Fit { length: plain.len(), whole: true, slips: Reverse(0) })
                .filter(|_| known.question == plain);
            let phrases = known.phrases.iter().filter_map(|phrase| fit(phrase, &plain, &words));
            Some((phrases.chain(own).max()?, question))
        });
        let (fit, question) = meant.max_by_key(|(fit, _)| *fit)?;
        Some((fit.length, question))
    }
}

/// In a longer text the words of a phrase stand together, or are not meant.
const MOST_WORDS: usize = 25;
/// Shorter words have no slips.
const SLIP_FEWEST: usize = 5;

/// How well a phrase fits a text: more letters are better, then those that stand together, then
/// those without a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    length: usize,
    whole: bool,
    slips: Reverse<usize>,
}

fn fit(phrase: &str, plain: &str, words: &[&str]) -> Option<Fit> {
    let length = phrase.trim().len();
    if plain.contains(phrase) {
        return Some(Fit { length, whole: true, slips: Reverse(0) });
    }
    if words.len() > MOST_WORDS {
        return None;
    }
    let mut slips = 0;
    for word in phrase.split_whitespace() {
        if words.contains(&word) {
            continue;
        }
        if !words.iter().any(|said| is_slip(said, word)) {
            return None;
        }
        slips += 1;
    }
    Some(Fit { length, whole: false, slips: Reverse(slips) })
}

/// Whether a word is another one with a slip in it, or its plural.
fn is_slip(said: &str, word: &str) -> bool {
    let shorter = said.len().min(word.len());
    let most = if shorter < SLIP_FEWEST { 0 } else { 1 + usize::from(shorter > 8) };
    let number = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    most > 0
        && said.len().abs_diff(word.len()) <= most
        && !number(said)
        && !number(word)
        && strsim::damerau_levenshtein(said, word) <= most
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::cause::causes;
    use super::*;

    /// How many failures of each kind the notes have.
    const KNOWN: [(&str, usize); 7] =
        [("K", 28), ("I", 17), ("T", 19), ("M", 24), ("N", 8), ("R", 10), ("P", 26)];

    #[test]
    fn every_known_failure_is_accounted_for_and_no_other() {
        let tables = failures();
        let mut wanted = BTreeSet::new();
        for (kind, count) in KNOWN {
            wanted.extend((1..=count).map(|number| format!("{kind}{number}")));
        }
        let there: BTreeSet<String> = tables.failures().map(|(id, _)| id.to_owned()).collect();
        assert_eq!(there, wanted);
        let claims: BTreeSet<String> = tables.claims.keys().cloned().collect();
        assert_eq!(claims, (1..=12).map(|number| format!("X{number}")).collect());
        assert!(tables.claims.values().all(|question| question.claim.is_some()));
        assert!(tables.asked.values().all(|question| question.claim.is_none()));
    }

    #[test]
    fn each_failure_is_dealt_with_somewhere_and_names_real_causes() {
        let causes = causes();
        for (id, failure) in failures().failures() {
            let somewhere = !failure.checks.is_empty()
                || !failure.causes.is_empty()
                || failure.look.is_some()
                || failure.out.is_some();
            assert!(somewhere, "{id} is dealt with nowhere");
            for cause in &failure.causes {
                assert!(causes.find(cause).is_some(), "{id} names the cause {cause}");
            }
        }
        // The other way round: every cause explains a failure that is on record, or says why not.
        let mut without: Vec<&str> = Vec::new();
        for cause in causes.all() {
            let explains = |failure: &Failure| failure.causes.contains(&cause.id);
            if !failures().failures().any(|(_, failure)| explains(failure)) {
                without.push(&cause.id);
            }
        }
        // Faults that the notes on failures do not list as such.
        let known = [
            "administrator-record",
            "certificate-signature-wrong",
            "forms-not-offered",
            "identifiers-swapped",
            "query-permission-quoted",
            "query-service-differs",
            "record-not-listable",
            "wrong-server",
        ];
        without.sort_unstable();
        assert_eq!(without, known, "causes that failures.toml does not name");
    }

    #[test]
    fn texts_find_the_question_that_they_mean() {
        let tables = failures();
        let id = |text: &str| {
            let (_, found) = tables.question(text)?;
            tables.questions().find(|(_, own)| std::ptr::eq(*own, found)).map(|(id, _)| id)
        };
        for (question, expected) in [
            ("does the Certificate have to be PSS-signed?", "X12"),
            ("is RSA 2048 enough?", "X3"),
            ("can I sign with RS256", "X4"),
            ("Can I use the client secret instead?", "X1"),
            ("x10", "X10"),
            ("Is the Administrator role fine?", "X11"),
            ("sandbox refresh", "sandbox-refresh"),
            ("what happens to it on a Sandbox Refresh?", "sandbox-refresh"),
            ("TBA", "tba-ends"),
            ("TBA 2027.1", "tba-ends"),
            ("When does NLAuth end?", "nlauth-ends"),
            ("expired", "what-expires"),
            ("sign-in", "how-sign-in-works"),
            ("500", "status-500"),
            ("HTTP 401", "status-401"),
        ] {
            assert_eq!(id(question), Some(expected), "{question}");
        }
        for (own, question) in tables.questions() {
            assert_eq!(id(&question.question), Some(own));
            for word in &question.words {
                assert_eq!(word, &word.to_lowercase(), "{own}");
                assert_eq!(id(word), Some(own), "{word}");
            }
            assert!(question.truth.len() < 700 && !question.source.is_empty(), "{own}");
        }
        for nothing in ["", "how are you", "expensive", "passport"] {
            assert!(tables.question(nothing).is_none(), "{nothing}");
        }
    }
}
