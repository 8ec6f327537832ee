//! Lays what a scenario states over the healthy account.

use toml::{Table, Value};

/// Tables are merged member by member; everything else is replaced.
pub fn merge(base: &mut Table, over: Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(inner)), Value::Table(over)) => merge(inner, over),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_merged_and_lists_replaced() {
        let mut base: Table = toml::from_str("a = { x = 1, y = [1, 2] }\nb = 1").unwrap();
        merge(&mut base, toml::from_str("a = { y = [3] }").unwrap());
        assert_eq!(base, toml::from_str("a = { x = 1, y = [3] }\nb = 1").unwrap());
    }
}
