//! One part of the targets, for fleets that several machines check.

use std::str::FromStr;

/// Variable with the number of this part, counted from 0.
const INDEX: &str = "NETSUITE_PREFLIGHT_SHARD_INDEX";
/// Variable with the number of parts.
const COUNT: &str = "NETSUITE_PREFLIGHT_SHARD_COUNT";

/// Part `index` of `count`, counted from 0 as Kubernetes counts the pods of an indexed Job
/// (`JOB_COMPLETION_INDEX`, <https://kubernetes.io/docs/concepts/workloads/controllers/job/>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    count: usize,
}

/// What was given is no shard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShardError {
    /// As a flag.
    #[error("not I/N with I from 0 to N-1, such as 0/4")]
    Flag,
    /// As variables.
    #[error("{INDEX} and {COUNT} have to be set together, the index from 0 to the count minus 1")]
    Variables,
}

impl Shard {
    fn new(index: &str, count: &str) -> Option<Self> {
        let (index, count) = (index.trim().parse().ok()?, count.trim().parse().ok()?);
        (index < count).then_some(Self { index, count })
    }

    /// The names that belong to this part: every `count`-th of the sorted names.
    #[must_use]
    pub fn of(self, sorted: Vec<String>) -> Vec<String> {
        sorted.into_iter().skip(self.index).step_by(self.count.max(1)).collect()
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split_once('/')
            .and_then(|(index, count)| Self::new(index, count))
            .ok_or(ShardError::Flag)
    }
}

/// The flag, else the variables, else everything.
pub fn choose(
    flag: Option<Shard>,
    variable: impl Fn(&str) -> Option<Vec<u8>>,
) -> Result<Shard, ShardError> {
    if let Some(shard) = flag {
        return Ok(shard);
    }
    let text = |name| variable(name).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    match (text(INDEX), text(COUNT)) {
        (None, None) => Ok(Shard { index: 0, count: 1 }),
        (Some(index), Some(count)) => Shard::new(&index, &count).ok_or(ShardError::Variables),
        _ => Err(ShardError::Variables),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_in_exactly_one_part() {
        let names: Vec<String> = (0..23).map(|n| format!("t{n:02}")).collect();
        for count in [1, 2, 4, 23, 40] {
            let mut seen = Vec::new();
            for index in 0..count {
                let shard: Shard = format!("{index}/{count}").parse().unwrap();
                let part = shard.of(names.clone());
                assert!(part.len().abs_diff(names.len() / count) <= 1);
                seen.extend(part);
            }
            seen.sort();
            assert_eq!(seen, names, "{count}");
        }
    }

    #[test]
    fn what_is_no_part_is_refused() {
        for wrong in ["", "1", "4/4", "-1/4", "0/0", "a/b", "1/2/3"] {
            assert_eq!(wrong.parse::<Shard>(), Err(ShardError::Flag), "{wrong}");
        }
    }

    #[test]
    fn variables_serve_where_no_flag_is_given() {
        let of = |index: Option<&str>, count: Option<&str>| {
            choose(None, |name| {
                let value = if name == INDEX { index } else { count };
                value.map(|value| value.as_bytes().to_vec())
            })
        };
        assert_eq!(of(None, None), Ok(Shard { index: 0, count: 1 }));
        assert_eq!(of(Some("3"), Some("4")), Ok(Shard { index: 3, count: 4 }));
        for wrong in [of(Some("4"), Some("4")), of(Some("0"), None), of(None, Some("4"))] {
            assert_eq!(wrong, Err(ShardError::Variables));
        }
        let flag = "1/2".parse().unwrap();
        assert_eq!(choose(Some(flag), |_| Some(b"9".to_vec())), Ok(flag));
    }
}
