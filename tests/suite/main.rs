//! Tests of the program as its users meet it: the command line, over real TLS, with real files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop loudly"
)]

// What starts shells, sends signals or judges modes is for Unix, and what needs a terminal or a
// browser for Linux.
mod support;
mod switches;

mod architecture;
#[cfg(target_os = "linux")]
mod attended;
#[cfg(target_os = "linux")]
mod browser;
mod canary;
mod canary_commands;
mod canary_sign_in;
mod certificates;
#[cfg(unix)]
mod certificates_rotate;
#[cfg(unix)]
mod certificates_terminal;
mod corpora;
#[cfg(unix)]
mod emulate;
#[cfg(unix)]
mod exchanges;
mod explain;
mod fixed;
mod foreign;
mod full_disk;
#[cfg(unix)]
mod generate;
mod hostile_server;
#[cfg(target_os = "linux")]
mod kill;
mod list;
mod models;
mod offline;
mod online;
mod overwrite;
#[cfg(unix)]
mod pipelines;
mod printed;
mod profiles;
mod proxy;
mod readme;
#[cfg(unix)]
mod release;
mod repair;
mod report;
mod role;
mod scenarios;
#[cfg(target_os = "linux")]
mod setup;
#[cfg(target_os = "linux")]
mod setup_sign_in;
mod sign_in;
mod signals;
mod special_files;
mod spoken;
mod targets;
mod usage;
#[cfg(target_os = "linux")]
mod web;
#[cfg(target_os = "linux")]
mod web_sign_in;
mod words;
mod writes;
