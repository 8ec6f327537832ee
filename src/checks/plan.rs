//! From the registry and the inputs to the entries of one run.

use futures_util::FutureExt as _;

use super::context::Context;
use super::ids;
use super::session::Session;
use super::spec::{self, Run, Spec};
use crate::engine::{CheckId, Node, NodeKey, ReasonCode, Subject, Verdict, Work};
use crate::types::shown::shown;
use crate::types::{Level, RecordRequest};

/// What of the checklist is to run.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// No network at all.
    pub offline: bool,
    /// Entries to run, with what they need; everything where empty.
    pub only: Vec<Pattern>,
    /// Entries to skip by name.
    pub skip: Vec<Pattern>,
}

/// One item of `--only` or `--skip`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// Every entry of a check.
    Check(CheckId),
    /// Every entry of a phase.
    Phase(&'static str),
    /// One entry about a subject.
    Entry(NodeKey),
}

/// The item names neither a check, nor a phase, nor an entry.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "`{}` is no check, phase or `record-access:TYPE:LEVEL`; `netsuite-preflight list checks` shows them",
    shown(.0)
)]
pub struct UnknownPattern(String);

impl std::str::FromStr for Pattern {
    type Err = UnknownPattern;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(spec) = crate::checks::find_by_name(text) {
            return Ok(Self::Check(spec.id));
        }
        if let Some(spec) = crate::checks::ALL.iter().find(|spec| spec.phase.as_str() == text) {
            return Ok(Self::Phase(spec.phase.as_str()));
        }
        let unknown = || UnknownPattern(text.to_owned());
        let subject = text.strip_prefix("record-access:").ok_or_else(unknown)?;
        let request: RecordRequest = subject.parse().map_err(|_| unknown())?;
        Ok(Self::Entry(record_key(&request)))
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Check(id) => write!(f, "{id}"),
            Self::Phase(phase) => f.write_str(phase),
            Self::Entry(key) => write!(f, "{key}"),
        }
    }
}

impl Pattern {
    /// The record type with its level that the item is about, as `--record` takes it.
    #[must_use]
    pub fn record(&self) -> Option<String> {
        let Self::Entry(key) = self else { return None };
        key.to_string().strip_prefix("record-access:").map(str::to_owned)
    }

    fn matches<C>(&self, node: &Node<C>) -> bool {
        match self {
            Self::Check(id) => node.key.check == *id,
            Self::Phase(phase) => node.phase.as_str() == *phase,
            // A type name is matched without regard to case, like everywhere else.
            Self::Entry(key) => node.key.to_string().eq_ignore_ascii_case(&key.to_string()),
        }
    }
}

/// The entries of a run, in the order of the catalogue.
#[must_use]
pub fn nodes(context: &Context, selection: &Selection) -> Vec<Node<Context>> {
    let records = requested_levels(&context.inputs.records, context.inputs.probe_writes);
    let mut nodes: Vec<Node<Context>> = crate::checks::ALL
        .iter()
        .flat_map(|spec| entries(spec, &records, selection.offline))
        .map(|node| without_sign_in(node, context))
        .collect();
    if !selection.only.is_empty() {
        keep_selected(&mut nodes, &selection.only);
    }
    for node in &mut nodes {
        if selection.skip.iter().any(|pattern| pattern.matches(node)) {
            node.work = Work::Settled(Verdict::skipped(
                ReasonCode::Disabled,
                "Skipped because --skip names it.",
            ));
        }
    }
    nodes
}

/// A level above View needs to be seen to be believed: asking for it asks for View as well. Full is
/// never tried, so where forms are opened the levels below it are.
fn requested_levels(records: &[RecordRequest], opens_forms: bool) -> Vec<RecordRequest> {
    let mut all: Vec<RecordRequest> = Vec::new();
    for request in records {
        let below: &[Level] = match request.level {
            Level::Full if opens_forms => &[Level::View, Level::Create, Level::Edit],
            _ => &[Level::View],
        };
        for level in below.iter().copied().chain([request.level]) {
            let wanted = RecordRequest { record: request.record.clone(), level };
            if !all.contains(&wanted) {
                all.push(wanted);
            }
        }
    }
    all
}

fn record_key(request: &RecordRequest) -> NodeKey {
    NodeKey::about(ids::RECORD_ACCESS, Subject::new(request.to_string()))
}

fn entries(spec: &'static Spec, records: &[RecordRequest], offline: bool) -> Vec<Node<Context>> {
    let node = |key, extra: Option<NodeKey>, work| Node {
        key,
        phase: spec.phase,
        needs: spec.needs.iter().map(|id| NodeKey::of(*id)).chain(extra).collect(),
        after: spec.after.iter().map(|id| NodeKey::of(*id)).collect(),
        work,
    };
    let online = |work| if offline { Work::Settled(offline_verdict()) } else { work };
    match spec.run {
        Run::Offline(run) => {
            let work = Work::run(move |context| std::future::ready(run(context)).boxed_local());
            vec![node(NodeKey::of(spec.id), None, work)]
        }
        Run::Online(run) => vec![node(NodeKey::of(spec.id), None, online(Work::run(run)))],
        Run::WithToken(run) => {
            let work = Work::run(move |context| match Session::of(context) {
                Ok(session) => run(session),
                Err(early) => std::future::ready(*early).boxed_local(),
            });
            vec![node(NodeKey::of(spec.id), None, online(work))]
        }
        Run::Inside(run) => {
            let work = Work::run(move |context| match Session::inside(context) {
                Ok(session) => run(session),
                Err(early) => std::future::ready(*early).boxed_local(),
            });
            vec![node(NodeKey::of(spec.id), None, online(work))]
        }
        Run::PerRecord(_) if records.is_empty() => {
            let nothing = Verdict::skipped(
                ReasonCode::NotProvided,
                "No record type was asked for; name the ones the integration uses with --record.",
            );
            vec![node(NodeKey::of(spec.id), None, Work::Settled(nothing))]
        }
        Run::PerRecord(run) => records
            .iter()
            .map(|request| {
                let view = RecordRequest { record: request.record.clone(), level: Level::View };
                let needs_view = (*request != view).then(|| record_key(&view));
                let asked = request.clone();
                // The future must own the request, because it outlives this call.
                let work = Work::run(move |context| {
                    let asked = asked.clone();
                    async move {
                        match Session::of(context) {
                            Ok(session) => run(session, &asked).await,
                            Err(early) => *early,
                        }
                    }
                    .boxed_local()
                });
                node(record_key(request), needs_view, online(work))
            })
            .collect(),
    }
}

/// The first item of `--only` or `--skip` that names no entry of this run.
#[must_use]
pub fn unmatched<'a>(context: &Context, selection: &'a Selection) -> Option<&'a Pattern> {
    let everything = nodes(context, &Selection::default());
    let matches = |pattern: &&Pattern| everything.iter().any(|node| pattern.matches(node));
    selection.only.iter().chain(&selection.skip).find(|pattern| !matches(pattern))
}

/// Without a sign-in nothing is known of the account from inside, whatever else the run does. The
/// Login Audit Trail may have been exported instead.
fn without_sign_in(mut node: Node<Context>, context: &Context) -> Node<Context> {
    let exported = node.key.check == ids::AUDIT_TRAIL && context.inputs.audit_file.is_some();
    if node.phase == spec::ACCOUNT && context.browser.is_none() && !exported {
        let text = "No administrator signed in for this run (--sign-in).";
        node.work = Work::Settled(Verdict::skipped(ReasonCode::NotProvided, text));
        node.needs.clear();
        node.after.clear();
    }
    if node.key.check == ids::AUDIT_TRAIL && context.browser.is_some() && !exported {
        node.needs.push(NodeKey::of(ids::SIGN_IN));
    }
    node
}

fn offline_verdict() -> Verdict {
    Verdict::skipped(ReasonCode::Offline, "Not checked: this run uses no network (--offline).")
}

/// Keeps what is selected and everything it needs, directly or not. What an entry only waits for
/// is not worth running for its own sake.
fn keep_selected(nodes: &mut Vec<Node<Context>>, only: &[Pattern]) {
    let mut wanted: Vec<NodeKey> = nodes
        .iter()
        .filter(|node| only.iter().any(|pattern| pattern.matches(node)))
        .map(|node| node.key.clone())
        .collect();
    let mut next = 0;
    while let Some(key) = wanted.get(next).cloned() {
        let needs = nodes.iter().filter(|node| node.key == key).flat_map(|node| {
            // What is read from inside is about what was refused outside.
            let inside = node.phase == spec::ACCOUNT && node.key.check != ids::SIGN_IN;
            let about = node.after.iter().filter(move |_| inside);
            node.needs.iter().chain(about)
        });
        for need in needs.cloned().collect::<Vec<_>>() {
            if !wanted.contains(&need) {
                wanted.push(need);
            }
        }
        next += 1;
    }
    nodes.retain(|node| wanted.contains(&node.key));
    for node in nodes {
        node.after.retain(|key| wanted.contains(key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::context::Inputs;
    use crate::engine::graph::validate;
    use crate::types::{Clock, Scrubber};

    fn context(records: &[&str]) -> Context {
        let records = records.iter().map(|text| text.parse().unwrap()).collect();
        let inputs = Inputs { records, ..Inputs::default() };
        Context::new(inputs, Clock::system(), Scrubber::default())
    }

    fn names(records: &[&str], selection: &Selection) -> Vec<String> {
        let nodes = nodes(&context(records), selection);
        validate(&nodes).unwrap();
        nodes.iter().map(|node| node.key.to_string()).collect()
    }

    fn only(patterns: &[&str]) -> Selection {
        let only = patterns.iter().map(|text| text.parse().unwrap()).collect();
        Selection { only, ..Selection::default() }
    }

    #[test]
    fn the_whole_checklist_is_a_runnable_graph() {
        let all = names(&["customer", "salesOrder:edit"], &Selection::default());
        assert!(all.len() > crate::checks::ALL.len());
    }

    #[test]
    fn a_higher_level_asks_for_view_first() {
        let all = names(&["customer:edit", "customer"], &only(&["records"]));
        let records: Vec<&str> =
            all.iter().filter_map(|name| name.strip_prefix("record-access:")).collect();
        assert_eq!(records, ["customer:view", "customer:edit"]);
    }

    #[test]
    fn full_is_tried_as_far_as_forms_go() {
        let levels = |opens_forms| -> Vec<&str> {
            let all = requested_levels(&["customer:full".parse().unwrap()], opens_forms);
            all.iter().map(|request| request.level.as_str()).collect()
        };
        assert_eq!(levels(false), ["view", "full"]);
        assert_eq!(levels(true), ["view", "create", "edit", "full"]);
    }

    #[test]
    fn selected_entries_bring_what_they_need_and_nothing_else() {
        assert_eq!(
            names(&[], &only(&["key-matches-certificate"])),
            ["private-key", "certificate", "key-matches-certificate"]
        );
        let one = names(&["customer:edit", "invoice"], &only(&["record-access:CUSTOMER:edit"]));
        assert!(one.contains(&"record-access:customer:view".to_owned()));
        assert!(!one.contains(&"record-access:invoice:view".to_owned()));
    }

    #[test]
    fn patterns_that_name_nothing_are_refused() {
        for wrong in ["", "nope", "record-access:", "record-access:a/b:view", "token"] {
            let parsed = wrong.parse::<Pattern>();
            assert_eq!(parsed.is_err(), wrong != "token", "{wrong:?}");
        }
    }

    #[test]
    fn a_pattern_without_an_entry_is_found() {
        let of = |text: &str| {
            let selection = only(&[text]);
            unmatched(&context(&["customer"]), &selection).map(ToString::to_string)
        };
        assert_eq!(of("record-access:Customer:view"), None);
        assert_eq!(of("records"), None);
        let missing = "record-access:invoice:view";
        assert_eq!(of(missing), Some(missing.to_owned()));
    }

    #[test]
    fn without_records_there_is_one_entry_and_it_says_so() {
        let all = names(&[], &Selection::default());
        assert!(all.contains(&"record-access".to_owned()));
    }
}
