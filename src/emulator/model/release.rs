//! A NetSuite release, such as 2026.1.

use std::str::FromStr;

use serde::Deserialize;

/// A release: year and number, ordered by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Release {
    year: u16,
    number: u8,
}

impl Release {
    /// The first release with form requests (`create-form`, `edit-form`).
    /// Source: OH/article_1217103046.
    pub const FORM_REQUESTS: Self = Self { year: 2026, number: 1 };
}

impl std::fmt::Display for Release {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.year, self.number)
    }
}

/// The text is no release.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is no release; write it as 2026.1")]
pub struct UnknownRelease(String);

impl FromStr for Release {
    type Err = UnknownRelease;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || UnknownRelease(text.to_owned());
        let (year, number) = text.split_once('.').ok_or_else(wrong)?;
        let year = year.parse().map_err(|_| wrong())?;
        let number = number.parse().ok().filter(|n| (1..=2).contains(n)).ok_or_else(wrong)?;
        Ok(Self { year, number })
    }
}

impl TryFrom<String> for Release {
    type Error = UnknownRelease;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_ordered_by_time() {
        let release = |text: &str| text.parse::<Release>().unwrap();
        assert!(release("2025.2") < Release::FORM_REQUESTS);
        assert!(release("2026.1") >= Release::FORM_REQUESTS);
        assert!("2026".parse::<Release>().is_err());
        assert!("2026.3".parse::<Release>().is_err());
    }
}
