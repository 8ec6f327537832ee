//! In which order the targets are checked: by their names, and those of one account behind each
//! other as far as its budget asks for it.
//!
//! A target waits here and not in its run, so that the time for its run begins with it.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, PoisonError};

use crate::cli::check::CheckArgs;
use crate::cli::configured::Invocation;
use crate::config::{ConfigFile, ConfigValue};
use crate::netsuite::http::budget::Budget;
use crate::types::AccountId;

/// An account and what its targets share.
#[derive(Debug, Clone)]
struct AccountBudget {
    budget: Budget,
    /// How many requests one of its targets may have in flight.
    each: usize,
}

impl AccountBudget {
    /// How many of its targets are checked at once.
    fn targets(&self) -> usize {
        (self.budget.size() / self.each.max(1)).max(1)
    }
}

/// The targets that wait to be checked.
#[derive(Debug)]
pub(super) struct Queue {
    /// The account of each target; none where it cannot be read, or nothing is sent.
    accounts: Vec<Option<AccountId>>,
    budgets: HashMap<AccountId, AccountBudget>,
    line: Mutex<Line>,
    freed: Condvar,
}

#[derive(Debug)]
struct Line {
    /// Whether the target at this place waits.
    waiting: Vec<bool>,
    left: usize,
    running: HashMap<AccountId, usize>,
    /// How many workers there are, and how many of them wait for a target.
    workers: usize,
    idle: usize,
}

impl Queue {
    /// All targets of these names wait, for one worker.
    pub fn new(
        names: &[String],
        file: &ConfigFile,
        args: &CheckArgs,
        invocation: &Invocation,
    ) -> Self {
        let by_line = usize::from(args.network.concurrency);
        let decided = invocation.decides("concurrency");
        let mut accounts = Vec::new();
        let mut each: HashMap<AccountId, usize> = HashMap::new();
        for name in names {
            let target = file.target(name).ok().filter(|_| !args.selection.offline);
            let account = target.as_ref().and_then(|target| match target.get("account_id") {
                Some(ConfigValue::Text(text)) => text.parse::<AccountId>().ok(),
                _ => None,
            });
            if let (Some(target), Some(account)) = (target, &account) {
                let own = match target.get("concurrency") {
                    Some(ConfigValue::Number(number)) if !decided => {
                        usize::try_from(*number).unwrap_or(by_line)
                    }
                    _ => by_line,
                };
                let most = each.entry(account.clone()).or_default();
                *most = own.max(*most);
            }
            accounts.push(account);
        }
        let shared = |each| AccountBudget { budget: Budget::new(each), each };
        let budgets = each.into_iter().map(|(account, each)| (account, shared(each))).collect();
        let waiting = vec![true; names.len()];
        let left = names.len();
        let line = Line { waiting, left, running: HashMap::new(), workers: 1, idle: 0 };
        Self { accounts, budgets, line: Mutex::new(line), freed: Condvar::new() }
    }

    /// The next target that may be checked; waits where its account is busy. None at the end.
    pub fn next(&self) -> Option<usize> {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if line.left == 0 {
                return None;
            }
            if let Some(index) = self.first(&line) {
                if let Some(waits) = line.waiting.get_mut(index) {
                    *waits = false;
                }
                line.left -= 1;
                if let Some(account) = self.account(index) {
                    *line.running.entry(account.clone()).or_default() += 1;
                }
                return Some(index);
            }
            line.idle += 1;
            line = self.freed.wait(line).unwrap_or_else(PoisonError::into_inner);
            line.idle -= 1;
        }
    }

    /// Whether one more worker, of so many at most, would find something to do. It counts from then
    /// on. Each worker holds memory, so none is there that would only wait.
    pub fn takes_another(&self, most: usize) -> bool {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        let takes = line.workers < most && line.idle == 0 && self.first(&line).is_some();
        line.workers += usize::from(takes);
        takes
    }

    /// The first that waits and whose account is not busy.
    fn first(&self, line: &Line) -> Option<usize> {
        let free = |index: &usize| {
            let Some(account) = self.account(*index) else { return true };
            let running = line.running.get(account).copied().unwrap_or_default();
            self.budgets.get(account).is_none_or(|all| running < all.targets())
        };
        let waits = line.waiting.iter().enumerate().filter(|(_, waits)| **waits);
        waits.map(|(index, _)| index).find(free)
    }

    /// A target is checked.
    pub fn done(&self, index: usize) {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = self.account(index).and_then(|account| line.running.get_mut(account))
        {
            *running = running.saturating_sub(1);
        }
        drop(line);
        self.freed.notify_all();
    }

    /// What the target shares with others of its account.
    pub fn budget(&self, index: usize) -> Option<Budget> {
        self.budgets.get(self.account(index)?).map(|all| all.budget.clone())
    }

    fn account(&self, index: usize) -> Option<&AccountId> {
        self.accounts.get(index)?.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;
    use crate::cli::target::NoEnvironment;

    fn queue(text: &str, line: &[&str]) -> Queue {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("c.toml");
        std::fs::write(&path, text).unwrap();
        let file = ConfigFile::load(&path).unwrap();
        let line = line.iter().map(OsString::from).collect();
        let invocation: Invocation = Invocation::new(line, &NoEnvironment).unwrap();
        let args = invocation.for_target(&file.target("a").unwrap()).unwrap();
        Queue::new(&file.names(), &file, &args, &invocation)
    }

    const FILE: &str = "[targets.a]\naccount_id = '1234567'\n[targets.b]\naccount_id = '1234567'\n\
                        [targets.c]\naccount_id = '1234567_SB1'\n[targets.d]\n";

    #[test]
    fn targets_of_one_account_go_behind_each_other_and_others_past_them() {
        let queue = queue(FILE, &[]);
        assert_eq!([queue.next(), queue.next(), queue.next()], [Some(0), Some(2), Some(3)]);
        assert!(queue.first(&queue.line.lock().unwrap()).is_none(), "b waits for a");
        queue.done(0);
        assert_eq!(queue.next(), Some(1));
        assert_eq!(queue.next(), None);
        assert!(queue.budget(0).is_some() && queue.budget(3).is_none());
    }

    #[test]
    fn there_are_as_many_workers_as_find_something_to_do() {
        let queue = queue(FILE, &[]);
        assert_eq!(queue.next(), Some(0));
        assert!(queue.takes_another(4));
        assert_eq!(queue.next(), Some(2));
        assert!(!queue.takes_another(2), "no more than asked for");
        assert!(queue.takes_another(4));
        assert_eq!(queue.next(), Some(3));
        assert!(!queue.takes_another(4), "b waits for a");
        queue.done(0);
        assert!(queue.takes_another(4));
    }

    #[test]
    fn what_is_known_of_the_limit_lets_more_of_them_go() {
        let queue = queue(FILE, &[]);
        assert_eq!(queue.next(), Some(0));
        queue.budget(0).unwrap().learn(20);
        assert_eq!(queue.next(), Some(1));
    }

    #[test]
    fn nothing_waits_where_nothing_is_sent() {
        let queue = queue(FILE, &["--offline"]);
        let all: Vec<_> = std::iter::from_fn(|| queue.next()).collect();
        assert_eq!(all, [0, 1, 2, 3]);
    }
}
