//! The one error of a command, and the exit code that it ends with.

use std::error::Error;

use crate::types::ExitCode;

/// What kept a command from its end. `commands::run` alone says it.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// What was given cannot be used, and nothing was done.
    #[error(transparent)]
    Usage(Box<dyn Error>),
    /// The system, or what was read, did not allow what was asked.
    #[error(transparent)]
    Failed(Box<dyn Error>),
    /// What should not have come. Always a bug.
    #[error("internal error, no report could be made: {0}")]
    Internal(Box<dyn Error>),
}

impl CommandError {
    /// Wrong usage, in the words of an error or a sentence.
    pub fn usage(why: impl Into<Box<dyn Error>>) -> Self {
        Self::Usage(why.into())
    }

    /// A failure, in the words of an error or a sentence.
    pub fn failed(why: impl Into<Box<dyn Error>>) -> Self {
        Self::Failed(why.into())
    }

    /// A bug: the error that should not have come.
    pub fn internal(why: impl Into<Box<dyn Error>>) -> Self {
        Self::Internal(why.into())
    }

    /// The exit code of the command.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::Usage,
            Self::Failed(_) => ExitCode::Failed,
            Self::Internal(_) => ExitCode::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_code_and_keeps_its_words() {
        for (error, code, words) in [
            (CommandError::usage("give one"), 2, "give one"),
            (CommandError::failed(std::fmt::Error), 1, &std::fmt::Error.to_string()),
            (CommandError::internal("odd"), 101, "internal error, no report could be made: odd"),
        ] {
            assert_eq!(error.exit_code().code(), code);
            assert_eq!(error.to_string(), words);
        }
    }
}
