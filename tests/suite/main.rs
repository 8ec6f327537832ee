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
mod certificates_rotate;
mod certificates_terminal;
mod corpora;
#[cfg(unix)]
mod emulate;
mod exchanges;
mod explain;
mod fixed;
mod foreign;
mod full_disk;
mod generate;
mod hostile_server;
#[cfg(target_os = "linux")]
mod kill;
mod list;
mod models;
mod offline;
mod online;
mod overwrite;
mod pipelines;
mod printed;
mod profiles;
mod proxy;
mod readme;
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
