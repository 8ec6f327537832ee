//! The `netsuite-preflight` command.

fn main() {}
