//! The checklist: a generic engine, the cards, and one file per check.

pub mod engine;
