//! What `explain` tells of a sentence that NetSuite answers with.

use super::topic::{Topic, TopicKind, filled, of_cause};
use crate::checks::cards::Step;
use crate::diagnosis::causes;
use crate::netsuite::catalogue::catalogue;
use crate::netsuite::patterns::{Meaning, Pattern};
use crate::report::Handbook;
use crate::types::shown::shown;

/// An answer of NetSuite by its sentence, with what to do where the sentence alone says it.
pub(super) fn of_answer(meaning: &Meaning, pattern: &Pattern, handbook: &Handbook) -> Topic {
    let mut topic = Topic::new(TopicKind::Answer, None, "What NetSuite answers");
    topic.say("Means", &pattern.note);
    topic.known(pattern.grade, &pattern.source);
    let cause = match meaning {
        Meaning::RecordLockedByWorkflow => causes().find("record-locked-by-workflow"),
        Meaning::AdministratorRecord => causes().find("administrator-record"),
        _ => None,
    };
    if let Some(cause) = cause {
        let of_cause = of_cause(cause, handbook);
        topic.fix = of_cause.fix;
        topic.see = vec![cause.id.clone(), "record-access".to_owned()];
    }
    let level = match meaning {
        Meaning::LevelTooLow { .. } => "a higher level: View reads, Edit changes, Full deletes",
        _ => "View to read, a higher level to change",
    };
    let quoted = match meaning {
        Meaning::PermissionAbsent { quoted } | Meaning::LevelTooLow { quoted } => Some(quoted),
        Meaning::PermissionRefused { quoted, .. } => quoted.as_ref(),
        Meaning::SecondaryPermission { any_of, .. } => any_of.first(),
        _ => None,
    };
    if let Some(quoted) = quoted {
        // NetSuite's own words, which are no text with blanks to fill.
        let plain = |text: &str| shown(text).replace(['{', '}'], "");
        let known = quoted.permission(catalogue());
        let name = known.map_or_else(|| plain(&quoted.name), |known| known.name.clone());
        let category = known
            .map(|known| known.category.to_string())
            .or_else(|| quoted.category.as_deref().map(plain));
        let under = category.map(|category| format!("{category} > ")).unwrap_or_default();
        let step = Step {
            text: format!("Permissions > {under}{name}: {level}. Save the role."),
            page: Some("role".to_owned()),
            ..Step::default()
        };
        topic.fix = filled(&[step], handbook);
        topic.see = known.map(|known| known.name.clone()).into_iter().collect();
        topic.see.push("record-access".to_owned());
    }
    topic
}
