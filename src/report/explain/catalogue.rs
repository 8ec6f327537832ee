//! Record types, permissions and integrations as topics.

use super::topic::{Topic, TopicKind};
use crate::checks::cards::{Step, ways_to_use};
use crate::netsuite::catalogue::{Need, Permission, RecordEntry, Task, catalogue, needs, said_by};
use crate::netsuite::profiles::{Profile, ProfileGrade, profiles};
use crate::netsuite::role::{Danger, danger};
use crate::report::guidance::{self};
use crate::report::v1::{Fix, Grade};
use crate::report::values::Values;
use crate::report::{Handbook, words};
use crate::types::source::{linked, readable};
use crate::types::{Level, RecordRequest};

/// The most names in one paragraph.
const NAMES: usize = 12;

fn filled(steps: &[Step], handbook: &Handbook, values: &Values) -> Vec<Fix> {
    steps.iter().map(|step| guidance::fill(step, handbook, values, None)).collect()
}

/// `customer`, `salesOrder:edit`: which permission it takes, and what else.
pub(super) fn of_record(
    request: &RecordRequest,
    entry: &RecordEntry,
    handbook: &Handbook,
) -> Topic {
    let level = entry.permission.serving(request.level);
    let asked = request.to_string();
    let name = if request.level == Level::View { request.record.as_str() } else { &asked };
    let doing = match request.level {
        Level::View => "Reading",
        Level::Create => "Creating",
        Level::Edit => "Changing",
        Level::Full => "Deleting",
    };
    let title = format!("{doing} records of type {}", entry.name);
    let mut topic = Topic::new(TopicKind::RecordType, Some(name), title);
    topic.say("Takes", format!("{} at level {}.", entry.permission, level.label()));
    if let Some(feature) = &entry.feature {
        topic.say("Feature", format!("{} ({})", feature.name, words::grade(feature.grade)));
    }
    for need in needs().iter().filter(|need| need.task == Task::List) {
        for also in &need.permissions {
            let text = format!(
                "Lists and queries also take {} at {}.",
                also.permission,
                also.level.label()
            );
            topic.say("Lists", text);
        }
    }
    if let (Some(table), Some(permission)) = (&entry.suiteql_table, &entry.suiteql_permission) {
        topic.say("SuiteQL", format!("table {table}, with {permission}"));
    }
    for other in &entry.alternatives {
        let text = format!(
            "{} ({}, {})",
            other.permission,
            words::grade(other.grade),
            said_by(&other.source)
        );
        topic.say("Or", text);
    }
    let own = |need: &&Need| need.record.as_deref() == Some(entry.name.as_str());
    let more: Vec<String> =
        needs().iter().filter(own).filter(|n| n.target.is_none()).map(besides).collect();
    if !more.is_empty() {
        topic.say("Besides", more.join(" "));
    }
    if let Some(notes) = &entry.notes {
        topic.say("Note", notes);
    }
    let values = Values::default()
        .with("permission", entry.permission.to_string())
        .with("level", level.label())
        .with("request", asked.as_str());
    topic.fix = filled(&ways_to_use().record, handbook, &values);
    topic.see = vec!["record-access".to_owned()];
    topic.grade = Some(entry.grade);
    let mut sources: Vec<String> = entry.sources.iter().map(|source| said_by(source)).collect();
    sources.dedup();
    topic.source = Some(sources.join("; "));
    topic
}

fn besides(need: &Need) -> String {
    let permissions: Vec<String> = need
        .permissions
        .iter()
        .map(|needed| format!("{} at {}", needed.permission, needed.level.label()))
        .collect();
    format!("{}: {}", need.when.trim_end_matches('.'), permissions.join(" and ")) + "."
}

/// A line of the role page: what it opens and who asks for it.
pub(super) fn of_permission(permission: &Permission, handbook: &Handbook) -> Topic {
    let title = format!("Permissions > {} ({})", permission.category, permission.id);
    let mut topic = Topic::new(TopicKind::Permission, Some(&permission.name), title);
    let opens: Vec<&str> = catalogue()
        .all()
        .iter()
        .filter(|entry| entry.permission.id == permission.id)
        .map(|entry| entry.name.as_str())
        .collect();
    match opens.as_slice() {
        [] => {}
        [one] => topic.say("Opens", format!("the record type {one}")),
        many => topic.say("Opens", format!("the record types {}", listed(many))),
    }
    let uses: Vec<&str> = needs()
        .iter()
        .filter(|need| need.permissions.iter().any(|needed| needed.permission.id == permission.id))
        .map(|need| need.when.as_str())
        .collect();
    if !uses.is_empty() {
        topic.say("For", uses.iter().take(NAMES).copied().collect::<Vec<_>>().join(" "));
    }
    if let Some(caution) = &permission.caution {
        let text = format!("{} ({})", caution.text, words::grade(caution.grade));
        topic.say("Caution", text);
    }
    let levels: Vec<&str> = permission.levels().iter().map(|level| level.label()).collect();
    match levels.as_slice() {
        [only] => topic.say("Level", format!("{only} alone can be chosen.")),
        all => topic.say("Level", format!("{} can be chosen.", all.join(", "))),
    }
    let asked: Vec<&str> = profiles()
        .iter()
        .filter(|profile| profile.permissions.iter().any(|a| a.permission.id == permission.id))
        .map(|profile| profile.name.as_str())
        .collect();
    if !asked.is_empty() {
        topic.say("Asked", format!("for by the guide or code of {}", listed(&asked)));
    }
    if danger(&permission.id) > Danger::Note {
        topic.say(
            "Power",
            format!(
                "{}: an integration's role should not hold it without a good reason.",
                danger(&permission.id).as_str()
            ),
        );
    }
    let values = Values::default()
        .with("subtab", permission.category.as_str())
        .with("name", permission.name.as_str());
    topic.fix = filled(&ways_to_use().permission, handbook, &values);
    topic.see = vec!["role-definition".to_owned()];
    let caution = permission.caution.as_ref().map(|caution| readable(&caution.source));
    let sources: Vec<String> = std::iter::once(said_by("workbook")).chain(caution).collect();
    topic.grade = Some(Grade::Documented);
    topic.source = Some(sources.join("; "));
    topic
}

/// What an integration asks for.
pub(super) fn of_profile(profile: &Profile, handbook: &Handbook) -> Topic {
    let title = format!("What {} asks for", profile.name);
    let mut topic = Topic::new(TopicKind::Integration, Some(&profile.id), title);
    let fields: Vec<&str> = profile.form.iter().map(|field| field.name.as_str()).collect();
    let records: Vec<String> = profile.record_requests().iter().map(ToString::to_string).collect();
    let records: Vec<&str> = records.iter().map(String::as_str).collect();
    let keys: Vec<String> = profile.keys.accepts.iter().map(|key| key.kind().to_string()).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let features: Vec<&str> = profile.features.iter().map(String::as_str).collect();
    for (label, names) in
        [("Form", &fields), ("Records", &records), ("Keys", &keys), ("Feature", &features)]
    {
        if !names.is_empty() {
            topic.say(label, listed(names));
        }
    }
    for after in &profile.after {
        topic.say("Then", &after.text);
    }
    for note in &profile.notes {
        topic.say("Note", linked(note));
    }
    for conflict in &profile.conflicts {
        topic.say("Caution", format!("{} {}", conflict.says, conflict.instead));
    }
    let values = Values::default().with("profile", profile.id.as_str());
    topic.fix = filled(&ways_to_use().integration, handbook, &values);
    topic.see = vec!["profile-fit".to_owned()];
    topic.grade = Some(match profile.grade {
        ProfileGrade::Documented => Grade::Documented,
        ProfileGrade::Observed => Grade::Observed,
        ProfileGrade::Inferred | ProfileGrade::Guess => Grade::Inferred,
    });
    topic.source = Some(readable(&profile.source));
    topic.date = Some(profile.date.clone());
    topic
}

fn listed(names: &[&str]) -> String {
    let more = names.len().saturating_sub(NAMES);
    let first: Vec<&str> = names.iter().take(NAMES).copied().collect();
    match more {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
