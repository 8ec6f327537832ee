//! Runs every entry as soon as what it needs is decided.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesUnordered;

use super::graph::{GraphError, Node, Work, validate};
use super::id::{FindingId, NodeKey, Phase};
use super::verdict::Verdict;
use crate::types::{ReasonCode, Status};

/// A decided entry.
#[derive(Debug, Clone)]
pub struct CheckResult {
    /// Its name.
    pub key: NodeKey,
    /// Its phase.
    pub phase: Phase,
    /// What it concluded.
    pub verdict: Verdict,
    /// How long it took.
    pub took: Duration,
}

/// The finding of every check whose code broke.
pub const BROKEN: FindingId = FindingId::new("internal-error");

/// The finding of every check that the run's own deadline cut off.
pub const OUT_OF_TIME: FindingId = FindingId::new("deadline");

/// Runs the entries and returns their results in the order in which the entries were given.
///
/// Entries that do not wait for each other run at once. A failed or blocked need blocks; any other
/// outcome of a need does not. A panic ends its own entry only. What is not decided at `deadline`
/// is inconclusive.
///
/// # Errors
/// When the entries do not form a runnable graph.
pub async fn run<C>(
    nodes: Vec<Node<C>>,
    context: &C,
    observer: &dyn Observer,
    deadline: Instant,
) -> Result<Vec<CheckResult>, GraphError> {
    validate(&nodes)?;
    let order: Vec<NodeKey> = nodes.iter().map(|node| node.key.clone()).collect();
    observer.on_event(&Event::Planned(order.len()));
    let mut decided: HashMap<NodeKey, CheckResult> = HashMap::new();
    let mut waiting: Vec<&Node<C>> = nodes.iter().collect();
    let mut running: FuturesUnordered<LocalBoxFuture<'_, CheckResult>> = FuturesUnordered::new();

    while decided.len() < order.len() {
        // Deciding one entry without running it can free others, hence the inner loop.
        loop {
            let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|node| {
                node.needs.iter().chain(&node.after).all(|key| decided.contains_key(key))
            });
            waiting = rest;
            if ready.is_empty() {
                break;
            }
            for node in ready {
                match settled(node, &decided) {
                    Some(verdict) => {
                        let result = finish(node, verdict, Duration::ZERO);
                        observer.on_event(&Event::Finished(&result));
                        decided.insert(result.key.clone(), result);
                    }
                    None => {
                        observer.on_event(&Event::Started(&node.key));
                        running.push(start(node, context, deadline).boxed_local());
                    }
                }
            }
        }
        if let Some(result) = running.next().await {
            observer.on_event(&Event::Finished(&result));
            decided.insert(result.key.clone(), result);
        }
    }
    Ok(order.into_iter().filter_map(|key| decided.remove(&key)).collect())
}

fn settled<C>(node: &Node<C>, decided: &HashMap<NodeKey, CheckResult>) -> Option<Verdict> {
    if let Work::Settled(verdict) = &node.work {
        return Some(verdict.clone());
    }
    let blockers: Vec<NodeKey> = node
        .needs
        .iter()
        .filter(|key| decided.get(key).is_some_and(|result| blocks(&result.verdict)))
        .cloned()
        .collect();
    (!blockers.is_empty()).then(|| Verdict::blocked(blockers))
}

fn blocks(verdict: &Verdict) -> bool {
    verdict.status() == Status::Fail
        || verdict.reason().is_some_and(|reason| reason.code == ReasonCode::Blocked)
}

async fn start<'a, C>(node: &'a Node<C>, context: &'a C, deadline: Instant) -> CheckResult {
    let began = Instant::now();
    let verdict = match &node.work {
        Work::Settled(verdict) => verdict.clone(),
        Work::Run(work) => {
            // The closure itself may panic before it returns a future.
            let guarded = AssertUnwindSafe(async { work(context).await }).catch_unwind();
            match tokio::time::timeout_at(deadline.into(), guarded).await {
                Ok(Ok(verdict)) => verdict,
                Ok(Err(_)) => Verdict::inconclusive(
                    ReasonCode::Internal,
                    BROKEN,
                    "This check stopped on an internal error; the others went on.",
                ),
                Err(_) => Verdict::inconclusive(
                    ReasonCode::NoAnswer,
                    OUT_OF_TIME,
                    "The time allowed for the whole run ended before this was decided.",
                ),
            }
        }
    };
    finish(node, verdict, began.elapsed())
}

fn finish<C>(node: &Node<C>, verdict: Verdict, took: Duration) -> CheckResult {
    CheckResult { key: node.key.clone(), phase: node.phase, verdict, took }
}

/// Something happened.
#[derive(Debug)]
pub enum Event<'a> {
    /// So many entries are going to be decided.
    Planned(usize),
    /// An entry began.
    Started(&'a NodeKey),
    /// An entry is decided.
    Finished(&'a CheckResult),
}

/// Somebody who wants to know.
pub trait Observer {
    /// Called for each event, in the order in which they happen.
    fn on_event(&self, event: &Event<'_>);
}

/// Nobody.
impl Observer for () {
    fn on_event(&self, _: &Event<'_>) {}
}

#[cfg(test)]
mod tests {
    use super::super::id::CheckId;
    use super::*;
    use std::cell::RefCell;
    use std::rc::Rc;

    const F: FindingId = FindingId::new("f");

    fn key(name: &'static str) -> NodeKey {
        NodeKey::of(CheckId::new(name))
    }

    fn node(name: &'static str, needs: &[&'static str], verdict: Verdict) -> Node<()> {
        Node {
            key: key(name),
            phase: Phase::new("p"),
            needs: needs.iter().map(|n| key(n)).collect(),
            after: Vec::new(),
            work: Work::run(move |_| std::future::ready(verdict.clone()).boxed_local()),
        }
    }

    fn in_an_hour() -> Instant {
        Instant::now() + Duration::from_secs(3600)
    }

    async fn statuses(nodes: Vec<Node<()>>) -> Vec<(String, Status)> {
        let results = run(nodes, &(), &(), in_an_hour()).await.unwrap();
        results.into_iter().map(|r| (r.key.to_string(), r.verdict.status())).collect()
    }

    #[tokio::test]
    async fn only_failed_or_blocked_needs_block() {
        let nodes = vec![
            node("fails", &[], Verdict::fail(F, "no")),
            node("warns", &[], Verdict::warn(F, "hm")),
            node("blocked", &["fails"], Verdict::pass("never")),
            node("blocked-too", &["blocked"], Verdict::pass("never")),
            node("free", &["warns"], Verdict::pass("yes")),
        ];
        let results = run(nodes, &(), &(), in_an_hour()).await.unwrap();
        let by_name = |name| results.iter().find(|r| r.key == key(name)).unwrap();
        assert_eq!(by_name("free").verdict.status(), Status::Pass);
        let reason = by_name("blocked-too").verdict.reason().unwrap().clone();
        assert_eq!(reason.blocked_by, vec![key("blocked")]);
    }

    #[tokio::test]
    async fn results_keep_the_order_of_the_entries() {
        let nodes = vec![
            node("late", &["early"], Verdict::pass("")),
            node("early", &[], Verdict::pass("")),
        ];
        let names: Vec<String> = statuses(nodes).await.into_iter().map(|(n, _)| n).collect();
        assert_eq!(names, ["late", "early"]);
    }

    #[tokio::test]
    async fn a_panic_ends_its_own_entry_only() {
        let mut bad = node("bad", &[], Verdict::pass(""));
        bad.work = Work::run(|_| panic!("boom"));
        let seen = statuses(vec![bad, node("good", &["bad"], Verdict::pass(""))]).await;
        assert_eq!(seen, [("bad".into(), Status::Inconclusive), ("good".into(), Status::Pass)]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_deadline_ends_what_hangs() {
        let mut slow = node("slow", &[], Verdict::pass(""));
        slow.work = Work::run(|_| std::future::pending().boxed_local());
        let soon = Instant::now() + Duration::from_secs(1);
        let results = run(vec![slow], &(), &(), soon).await.unwrap();
        let reason = results[0].verdict.reason().unwrap();
        assert_eq!(reason.code, ReasonCode::NoAnswer);
    }

    #[tokio::test]
    async fn independent_entries_run_at_once() {
        // Each waits for the other at a barrier: one after the other would never end.
        let barrier = Rc::new(tokio::sync::Barrier::new(2));
        let meet = |name: &'static str| {
            let barrier = Rc::clone(&barrier);
            let mut node = node(name, &[], Verdict::pass(""));
            node.work = Work::run(move |_| {
                let barrier = Rc::clone(&barrier);
                async move {
                    barrier.wait().await;
                    Verdict::pass("met")
                }
                .boxed_local()
            });
            node
        };
        let seen = statuses(vec![meet("a"), meet("b")]).await;
        assert!(seen.iter().all(|(_, status)| *status == Status::Pass));
    }

    struct Log(RefCell<Vec<String>>);

    impl Observer for Log {
        fn on_event(&self, event: &Event<'_>) {
            self.0.borrow_mut().push(match event {
                Event::Planned(count) => format!("{count} entries"),
                Event::Started(key) => format!("start {key}"),
                Event::Finished(result) => format!("end {}", result.key),
            });
        }
    }

    #[tokio::test]
    async fn events_tell_the_story_in_order() {
        let log = Log(RefCell::default());
        let nodes =
            vec![node("a", &[], Verdict::fail(F, "")), node("b", &["a"], Verdict::pass(""))];
        run(nodes, &(), &log, in_an_hour()).await.unwrap();
        assert_eq!(*log.0.borrow(), ["2 entries", "start a", "end a", "end b"]);
    }
}
