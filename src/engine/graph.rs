//! The entries of a run and what they need of each other.

use std::collections::{HashMap, HashSet};

use futures_util::future::LocalBoxFuture;

use super::id::{NodeKey, Phase};
use super::verdict::Verdict;

type Action<C> = dyn for<'a> Fn(&'a C) -> LocalBoxFuture<'a, Verdict>;

/// What an entry does.
pub enum Work<C> {
    /// Asks the context, perhaps over a network.
    Run(Box<Action<C>>),
    /// Is already decided: disabled, offline, without input.
    Settled(Verdict),
}

impl<C> Work<C> {
    /// Work that asks the context.
    pub fn run<F>(work: F) -> Self
    where
        F: for<'a> Fn(&'a C) -> LocalBoxFuture<'a, Verdict> + 'static,
    {
        Self::Run(Box::new(work))
    }
}

/// One entry of the checklist.
pub struct Node<C> {
    /// Its name.
    pub key: NodeKey,
    /// Its phase.
    pub phase: Phase,
    /// Entries without whose success this one makes no sense.
    pub needs: Vec<NodeKey>,
    /// Entries that must be decided first, whatever they decide.
    pub after: Vec<NodeKey>,
    /// What it does.
    pub work: Work<C>,
}

/// The entries do not form a graph that can be run. Always a bug, never the user's fault.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum GraphError {
    /// Two entries have the same name.
    #[error("the checklist names {0} twice")]
    Duplicate(NodeKey),
    /// An entry needs one that is not there.
    #[error("{0} needs {1}, which is not in the checklist")]
    Missing(NodeKey, NodeKey),
    /// Entries wait for each other.
    #[error("the checks {0:?} wait for each other")]
    Cycle(Vec<NodeKey>),
}

/// Checks names, needs and the absence of cycles.
///
/// # Errors
/// The first [`GraphError`] found.
pub fn validate<C>(nodes: &[Node<C>]) -> Result<(), GraphError> {
    let mut names = HashSet::new();
    for node in nodes {
        if !names.insert(&node.key) {
            return Err(GraphError::Duplicate(node.key.clone()));
        }
    }
    let mut waits: HashMap<&NodeKey, Vec<&NodeKey>> = HashMap::new();
    for node in nodes {
        for other in node.needs.iter().chain(&node.after) {
            if !names.contains(other) {
                return Err(GraphError::Missing(node.key.clone(), other.clone()));
            }
        }
        waits.insert(&node.key, node.needs.iter().chain(&node.after).collect());
    }
    loop {
        let free: Vec<&NodeKey> =
            waits.iter().filter(|(_, on)| on.is_empty()).map(|(key, _)| *key).collect();
        if free.is_empty() {
            break;
        }
        for key in &free {
            waits.remove(key);
        }
        for on in waits.values_mut() {
            on.retain(|key| !free.contains(key));
        }
    }
    if waits.is_empty() {
        return Ok(());
    }
    let mut cycle: Vec<NodeKey> = waits.into_keys().cloned().collect();
    cycle.sort();
    Err(GraphError::Cycle(cycle))
}

#[cfg(test)]
mod tests {
    use super::super::id::CheckId;
    use super::*;

    fn node(name: &'static str, needs: &[&'static str]) -> Node<()> {
        Node {
            key: NodeKey::of(CheckId::new(name)),
            phase: Phase::new("p"),
            needs: needs.iter().map(|n| NodeKey::of(CheckId::new(n))).collect(),
            after: Vec::new(),
            work: Work::Settled(Verdict::pass("")),
        }
    }

    #[test]
    fn cycles_gaps_and_doubles_are_found() {
        assert_eq!(validate(&[node("a", &[]), node("b", &["a"])]), Ok(()));
        assert!(matches!(validate(&[node("a", &["a"])]), Err(GraphError::Cycle(_))));
        assert!(matches!(
            validate(&[node("a", &["b"]), node("b", &["a"]), node("c", &[])]),
            Err(GraphError::Cycle(cycle)) if cycle.len() == 2
        ));
        assert!(matches!(validate(&[node("a", &["x"])]), Err(GraphError::Missing(..))));
        assert!(matches!(
            validate(&[node("a", &[]), node("a", &[])]),
            Err(GraphError::Duplicate(_))
        ));
    }
}
