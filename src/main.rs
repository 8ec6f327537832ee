//! The `netsuite-preflight` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    netsuite_preflight::run()
}
