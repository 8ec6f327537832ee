//! The checklist: a generic engine, the cards, and one file per check.

mod advice;
pub mod cards;
pub mod catalogue;
pub mod checks;
pub mod context;
pub mod diagnose;
pub mod engine;
pub mod ids;
mod no_answer;
pub mod online;
pub mod plan;
pub mod spec;
