//! What is written and asked: standard output, files, a person at a terminal.

pub mod ask;
pub mod browser;
pub mod clipboard;
pub mod core_dumps;
pub mod left_over;
pub mod line;
pub mod output;
pub mod progress;
pub mod signals;
pub mod sink;
pub mod typed;
