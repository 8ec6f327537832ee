//! How long a certificate is valid, and NetSuite's cap of two calendar years.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The period that a certificate states. Both ends are part of it (RFC 5280 4.1.2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// The first moment.
    pub not_before: Timestamp,
    /// The last moment.
    pub not_after: Timestamp,
}

/// The same time of day, two calendar years later. 29 February becomes 28 February.
///
/// NetSuite shortens what is valid for longer (OH/section_162686838198). Whether it counts from
/// the certificate's first moment or from the upload is not known (`auth-protocol.md` 4.8); the
/// first moment is the stricter reading.
#[must_use]
pub fn two_years_after(start: Timestamp) -> Timestamp {
    let start = start.to_zoned_datetime(TimeZone::UTC);
    start.checked_add(2.years()).map_or(Timestamp::MAX, |end| end.timestamp())
}

/// The most whole days that a certificate may be valid from `start` on: 730, or 731 where a
/// leap day lies between.
#[must_use]
pub fn most_days(start: Timestamp) -> u32 {
    u32::try_from(whole_days(start, two_years_after(start))).unwrap_or(0)
}

/// Whole days from one moment to another, rounded down; negative where `to` is earlier.
#[must_use]
pub fn whole_days(from: Timestamp, to: Timestamp) -> i64 {
    (to.as_second() - from.as_second()).div_euclid(DAY)
}

/// The day of a moment in UTC, such as `2028-02-29`.
#[must_use]
pub fn day(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).date().to_string()
}

impl Validity {
    /// Whether the period ends before it begins.
    #[must_use]
    pub fn is_inverted(&self) -> bool {
        self.not_after < self.not_before
    }

    /// Where NetSuite's two years end.
    #[must_use]
    pub fn cap(&self) -> Timestamp {
        two_years_after(self.not_before)
    }

    /// Whether it is longer than NetSuite lets a certificate be valid.
    #[must_use]
    pub fn exceeds_cap(&self) -> bool {
        self.not_after > self.cap()
    }

    /// When it ends for NetSuite: its own end, or the cap where that is earlier.
    #[must_use]
    pub fn effective_end(&self) -> Timestamp {
        self.not_after.min(self.cap())
    }

    /// Its length in whole days.
    #[must_use]
    pub fn days(&self) -> i64 {
        whole_days(self.not_before, self.not_after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn two_years_are_calendar_years() {
        for (start, end, days) in [
            ("2025-03-01T10:00:00Z", "2027-03-01T10:00:00Z", 730),
            ("2026-06-15T00:00:00Z", "2028-06-15T00:00:00Z", 731),
            ("2026-02-28T23:59:59Z", "2028-02-28T23:59:59Z", 730),
            ("2027-02-28T00:00:00Z", "2029-02-28T00:00:00Z", 731),
            // From a leap day there is no 29 February two years later.
            ("2028-02-29T12:00:00Z", "2030-02-28T12:00:00Z", 730),
            ("2028-02-28T12:00:00Z", "2030-02-28T12:00:00Z", 731),
            ("2028-03-01T12:00:00Z", "2030-03-01T12:00:00Z", 730),
        ] {
            assert_eq!(two_years_after(at(start)), at(end), "{start}");
            assert_eq!(most_days(at(start)), days, "{start}");
        }
    }

    #[test]
    fn the_cap_counts_only_beyond_its_last_moment() {
        let mut validity = Validity {
            not_before: at("2026-01-01T00:00:00Z"),
            not_after: at("2028-01-01T00:00:00Z"),
        };
        assert!(!validity.exceeds_cap());
        validity.not_after = at("2028-01-01T00:00:01Z");
        assert!(validity.exceeds_cap());
        assert_eq!(validity.effective_end(), at("2028-01-01T00:00:00Z"));
    }

    #[test]
    fn days_are_rounded_down_on_both_sides_of_zero() {
        let noon = at("2026-01-02T12:00:00Z");
        assert_eq!(whole_days(noon, at("2026-01-03T11:59:59Z")), 0);
        assert_eq!(whole_days(noon, at("2026-01-02T11:00:00Z")), -1);
    }

    #[test]
    fn the_end_of_time_does_not_overflow() {
        let validity = Validity { not_before: Timestamp::MAX, not_after: Timestamp::MAX };
        assert_eq!(validity.effective_end(), Timestamp::MAX);
    }
}
