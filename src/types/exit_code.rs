//! The exit codes of every command, in one place.

/// How a command ended. The numbers are part of the contract with pipelines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExitCode {
    /// Nothing failed and nothing was inconclusive (warnings and skips allowed).
    Ok = 0,
    /// At least one check failed, or the command could not do what was asked.
    Failed = 1,
    /// Usage or configuration error: nothing was checked.
    Usage = 2,
    /// Nothing failed, but at least one check came out inconclusive.
    Inconclusive = 3,
    /// Only warnings, and `--fail-on warn` was given.
    Warned = 4,
    /// Internal error (a bug) and no report could be made.
    Internal = 101,
}

impl ExitCode {
    /// The number handed to the operating system.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The code with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        [Self::Ok, Self::Failed, Self::Usage, Self::Inconclusive, Self::Warned, Self::Internal]
            .into_iter()
            .find(|code| code.code() == number)
    }

    /// The worse of two, in the order 101, 1, 2, 3, 4, 0: what is proved wrong stands above what
    /// could not be checked.
    #[must_use]
    pub fn worst(self, other: Self) -> Self {
        let rank = |code: Self| match code {
            Self::Ok => 0,
            Self::Warned => 1,
            Self::Inconclusive => 2,
            Self::Usage => 3,
            Self::Failed => 4,
            Self::Internal => 5,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.code())
    }
}

#[cfg(test)]
mod tests {
    use super::ExitCode::*;

    #[test]
    fn failure_outranks_inconclusive_outranks_warning() {
        assert_eq!(Ok.worst(Warned), Warned);
        assert_eq!(Inconclusive.worst(Warned), Inconclusive);
        assert_eq!(Inconclusive.worst(Failed), Failed);
        assert_eq!(Failed.worst(Ok), Failed);
        assert_eq!(Failed.worst(Usage), Failed);
        assert_eq!(Inconclusive.worst(Usage), Usage);
    }
}
