//! What a rotation left where: which certificate works, which file, what the integration must use.

use std::path::Path;

use serde::Serialize;

use crate::rotation::journal::{Journal, Pair, RotationStep};

/// What is known of one of the two certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum PairState {
    BeingMade,
    MadeOnly,
    PerhapsRegistered,
    Registered,
    Proved,
    InUse,
    StillActive,
    PerhapsRevoked,
    Revoked,
}

impl PairState {
    fn words(self) -> &'static str {
        match self {
            Self::BeingMade => "not on disk yet; --resume makes it",
            Self::MadeOnly => "made, not registered",
            Self::PerhapsRegistered => "uploaded, answer unknown",
            Self::Registered => "registered, not proved yet",
            Self::Proved => "registered, and a token was issued with it",
            Self::InUse => "as it was before",
            Self::StillActive => "still active",
            Self::PerhapsRevoked => "revocation sent, answer unknown",
            Self::Revoked => "revoked",
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct Side {
    state: PairState,
    #[serde(flatten)]
    pair: Pair,
}

/// What a rotation left where.
#[derive(Debug, Clone, Serialize)]
pub struct PairsLeft {
    /// How far it came; nothing where no key was made.
    step: Option<RotationStep>,
    /// The certificate that certainly works now; nothing where no token was had at all.
    works: Option<Pair>,
    /// Whether a token was issued in this run; otherwise an earlier run noted that it works.
    token_in_this_run: bool,
    old: Side,
    new: Option<Side>,
    journal: Option<String>,
}

impl PairsLeft {
    pub fn of(journal: &Journal, path: &Path, token: bool) -> Self {
        let (old, new) = match journal.step {
            RotationStep::KeysBegun => (PairState::InUse, PairState::BeingMade),
            RotationStep::KeysMade => (PairState::InUse, PairState::MadeOnly),
            RotationStep::UploadSent => (PairState::InUse, PairState::PerhapsRegistered),
            RotationStep::Registered => (PairState::InUse, PairState::Registered),
            RotationStep::Proved => (PairState::StillActive, PairState::Proved),
            RotationStep::RevokeSent => (PairState::PerhapsRevoked, PairState::Proved),
            RotationStep::OldRevoked => (PairState::Revoked, PairState::Proved),
        };
        let works = if new == PairState::Proved { &journal.new } else { &journal.old };
        Self {
            step: Some(journal.step),
            works: Some(works.clone()),
            token_in_this_run: token,
            old: Side { state: old, pair: journal.old.clone() },
            new: Some(Side { state: new, pair: journal.new.clone() }),
            journal: Some(path.display().to_string()),
        }
    }

    /// Before any key was made. `works` is whether a token was issued with the old one.
    pub fn untouched(old: Pair, works: bool) -> Self {
        Self {
            step: None,
            works: works.then(|| old.clone()),
            token_in_this_run: works,
            old: Side { state: PairState::InUse, pair: old },
            new: None,
            journal: None,
        }
    }

    pub fn lines(&self) -> Vec<(&'static str, Vec<String>)> {
        let key = |pair: &Pair| {
            let file = pair.private_key_file.clone();
            format!("private key: {}", file.unwrap_or_else(|| "as given to this run".to_owned()))
        };
        let side = |side: &Side| {
            vec![side.pair.certificate_id.clone(), side.state.words().to_owned(), key(&side.pair)]
        };
        let works = match &self.works {
            Some(works) if self.token_in_this_run => {
                vec![works.certificate_id.clone(), key(works)]
            }
            Some(works) => vec![
                works.certificate_id.clone(),
                "by the journal; no token was had in this run".to_owned(),
                key(works),
            ],
            None => vec!["not known: no access token was had".to_owned()],
        };
        let mut lines = vec![("Works", works)];
        lines.extend(self.new.iter().map(|new| ("New", side(new))));
        lines.push(("Old", side(&self.old)));
        lines.extend(self.journal.iter().map(|path| ("Journal", vec![path.clone()])));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_certificate_that_works_is_always_a_proved_one() {
        let pair = |id: &str| Pair {
            certificate_id: id.to_owned(),
            private_key_file: None,
            certificate_file: None,
        };
        let names = ("1".to_owned(), "…".to_owned());
        let journal = Journal::new(names, (1, 2), (pair("old"), pair("new")));
        for (step, works) in [
            (RotationStep::KeysBegun, "old"),
            (RotationStep::KeysMade, "old"),
            (RotationStep::UploadSent, "old"),
            (RotationStep::Registered, "old"),
            (RotationStep::Proved, "new"),
            (RotationStep::RevokeSent, "new"),
            (RotationStep::OldRevoked, "new"),
        ] {
            let standing =
                PairsLeft::of(&Journal { step, ..journal.clone() }, Path::new("j"), true);
            assert_eq!(standing.works.unwrap().certificate_id, works, "{step:?}");
        }
    }
}
