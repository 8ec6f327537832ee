//! What stands on the command line, in the environment and in the configuration file, and the one
//! error of the commands.

pub mod again;
pub mod check;
pub mod configured;
pub mod error;
pub mod options;
pub mod profiles;
pub mod short_help;
pub mod sign_in;
pub mod target;
pub mod usage;
