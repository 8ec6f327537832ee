//! The row of the Login Audit Trail that one attempt left.
//!
//! The table `LoginAudit` and its columns are those that three programs ship (observed:
//! `facts-2026-11.md` 0). In which time zone its times stand is not documented; whoever reads it may
//! have set one. So a row fits where its time is that of the attempt by some zone's difference from
//! UTC, and the row that the sign-in itself has just left tells which difference that is.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::{Inside, Reading, Row};

/// A row of the trail, as far as it could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailRow {
    /// When, in a zone that is not stated. Several where the text can be read in several ways.
    pub at: Vec<DateTime>,
    /// Whether the time has seconds.
    pub seconds: bool,
    /// Whether it is of a sign-in that worked. None where it says neither.
    pub success: Option<bool>,
    /// The column Detail.
    pub detail: Option<String>,
    /// The name of the integration record.
    pub application: Option<String>,
    /// Who signed in.
    pub entity: Option<i64>,
}

/// How far before an attempt rows are read: a zone is at most so far behind UTC.
const BEHIND: SignedDuration = SignedDuration::from_hours(13);

/// Reads the rows since some time before `attempt`, the newest first.
pub async fn rows(inside: Inside<'_>, attempt: Timestamp) -> Reading<Vec<TrailRow>> {
    let since = attempt.saturating_sub(BEHIND).unwrap_or(attempt).strftime(FORM).to_string();
    // `user` and `date` are words of SQL, hence the name of the table before them.
    let question = format!(
        "SELECT TO_CHAR(LoginAudit.date, 'YYYY-MM-DD HH24:MI:SS') AS date, LoginAudit.status, \
         LoginAudit.detail, LoginAudit.oAuthAppName, LoginAudit.user FROM LoginAudit WHERE \
         LoginAudit.date > TO_TIMESTAMP('{since}', 'YYYY-MM-DD HH24:MI:SS') ORDER BY \
         LoginAudit.date DESC"
    );
    inside.ask(&question, |page| page.rows.iter().map(row).collect()).await
}

/// How times stand in the query and in its answer.
const FORM: &str = "%Y-%m-%d %H:%M:%S";

fn row(row: &Row) -> Option<TrailRow> {
    let filled = |name: &str| row.text(name).map(str::trim).filter(|text| !text.is_empty());
    Some(TrailRow {
        at: vec![DateTime::strptime(FORM, filled("date")?).ok()?],
        seconds: true,
        success: filled("status").and_then(is_success),
        detail: filled("detail").map(str::to_owned),
        application: filled("oauthappname").map(str::to_owned),
        entity: row.number("user"),
    })
}

/// What the column Status says.
#[must_use]
pub fn is_success(status: &str) -> Option<bool> {
    match status.to_ascii_lowercase().as_str() {
        "success" => Some(true),
        "failure" => Some(false),
        _ => None,
    }
}

/// One attempt to sign in, by NetSuite's clock as well as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// The first moment that its row may show.
    pub from: Timestamp,
    /// The last one.
    pub until: Timestamp,
}

/// How far the second of a row may be off: it is cut, and so is the answer's own `Date`.
const SLACK: SignedDuration = SignedDuration::from_secs(2);

impl Attempt {
    /// An attempt that was sent at `sent` by this machine's clock and took `took`. `answered` is the
    /// time on the answer, which is NetSuite's; without it the difference of the clocks, where it was
    /// measured, has to do.
    #[must_use]
    pub fn new(
        sent: Timestamp,
        took: SignedDuration,
        answered: Option<Timestamp>,
        ahead: SignedDuration,
    ) -> Self {
        let (first, last) = match answered {
            Some(answered) => (later(answered, -took), answered),
            None => (later(sent, -ahead), later(later(sent, -ahead), took)),
        };
        Self { from: later(first, -SLACK), until: later(last, SLACK) }
    }

    fn holds(&self, row: Timestamp, seconds: bool) -> bool {
        let end = if seconds { row } else { later(row, SignedDuration::from_secs(59)) };
        end >= self.from && row <= self.until
    }
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(at)
}

/// Which row is looked for, besides its time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Whether the attempt worked.
    pub success: bool,
    /// Who signed in, where that is known.
    pub entity: Option<i64>,
    /// The integration record must be this one, where it is known; a row may name none.
    pub application: Option<String>,
    /// The integration record must not be this one.
    pub other_than: Option<String>,
}

impl Wanted {
    fn fits(&self, row: &TrailRow) -> bool {
        let application = row.application.as_deref();
        row.success == Some(self.success)
            && (self.entity.is_none() || row.entity == self.entity)
            && (application.is_none()
                || (self.application.is_none() || application == self.application.as_deref()))
            && (application.is_none() || application != self.other_than.as_deref())
    }
}

/// What was found of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<'a> {
    /// Its row, and the difference from UTC in which it is written.
    Row(&'a TrailRow, Offset),
    /// None.
    Nothing,
    /// Several that differ in what they say.
    Several(usize),
}

/// Looks for the row of an attempt. `zone` is the difference from UTC, where it is known.
#[must_use]
pub fn find<'a>(
    rows: &'a [TrailRow],
    attempt: &Attempt,
    wanted: &Wanted,
    zone: Option<Offset>,
) -> Found<'a> {
    let fitting = rows.iter().filter(|row| wanted.fits(row));
    let found: Vec<(&TrailRow, Offset)> =
        fitting.filter_map(|row| Some((row, zone_of(row, attempt, zone)?))).collect();
    let Some((first, offset)) = found.first().copied() else { return Found::Nothing };
    // Two attempts in the same second that were refused alike say the same.
    let same = |(row, other): &(&TrailRow, Offset)| {
        (&row.detail, &row.application, *other) == (&first.detail, &first.application, offset)
    };
    if found.iter().all(same) { Found::Row(first, offset) } else { Found::Several(found.len()) }
}

/// The refusals of the last day that the rows have, where that day is not long before the attempt:
/// whatever the zone of the rows, by no more than two days. In the order of the rows.
#[must_use]
pub fn last_refusals<'a>(rows: &'a [TrailRow], attempt: &Attempt) -> Vec<&'a TrailRow> {
    let by_utc =
        |row: &&TrailRow| row.at.iter().filter_map(|at| Offset::UTC.to_timestamp(*at).ok()).max();
    let two_days = SignedDuration::from_hours(48);
    let refused = |row: &&TrailRow| {
        let near = |at: Timestamp| at.duration_since(attempt.until).abs() <= two_days;
        row.success == Some(false) && by_utc(row).is_some_and(near)
    };
    let recent: Vec<&TrailRow> = rows.iter().filter(refused).collect();
    let Some(last) = recent.iter().filter_map(by_utc).max() else { return Vec::new() };
    let same_day = |row: &&TrailRow| {
        by_utc(row).is_some_and(|at| last.duration_since(at) <= SignedDuration::from_hours(24))
    };
    recent.into_iter().filter(same_day).collect()
}

/// The difference from UTC by which the row is of the attempt: the known one, else the one that fits.
/// Zones differ from UTC by whole quarters of an hour.
fn zone_of(row: &TrailRow, attempt: &Attempt, zone: Option<Offset>) -> Option<Offset> {
    let fits = |offset: &Offset| {
        let at = row.at.iter().filter_map(|at| offset.to_timestamp(*at).ok());
        at.into_iter().any(|at| attempt.holds(at, row.seconds))
    };
    match zone {
        Some(zone) => Some(zone).filter(fits),
        None => (-12 * 4..=14 * 4)
            .filter_map(|quarters| Offset::from_seconds(quarters * 900).ok())
            .find(fits),
    }
}

/// A day far from all attempts, for tests of what does not fit.
#[cfg(test)]
fn long_ago() -> DateTime {
    jiff::civil::date(2001, 2, 3).at(4, 5, 6, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt() -> Attempt {
        let at: Timestamp = "2026-11-28T03:02:34Z".parse().unwrap();
        Attempt::new(at, SignedDuration::from_millis(400), Some(at), SignedDuration::ZERO)
    }

    fn failure(at: &str, detail: &str) -> TrailRow {
        TrailRow {
            at: vec![at.parse().unwrap()],
            seconds: true,
            success: Some(false),
            detail: Some(detail.to_owned()),
            application: None,
            entity: None,
        }
    }

    fn detail<'a>(found: &Found<'a>) -> Option<&'a str> {
        match found {
            Found::Row(row, _) => row.detail.as_deref(),
            _ => None,
        }
    }

    #[test]
    fn the_row_is_found_in_whatever_zone_it_is_written() {
        for (at, hours) in [
            ("2026-11-28T03:02:34", 0.0),
            ("2026-11-27T19:02:33", -8.0),
            ("2026-11-28T08:47:35", 5.75),
            ("2026-11-28T17:02:34", 14.0),
        ] {
            let rows = [failure("2026-11-28T03:01:00", "Other"), failure(at, "MissingKey")];
            let found = find(&rows, &attempt(), &Wanted::default(), None);
            assert_eq!(detail(&found), Some("MissingKey"), "{at}");
            let Found::Row(_, offset) = found else { panic!() };
            assert_eq!(f64::from(offset.seconds()) / 3600.0, hours);
        }
    }

    #[test]
    fn a_known_zone_leaves_no_other() {
        let rows =
            [failure("2026-11-28T03:02:34", "Utc"), failure("2026-11-27T19:02:34", "Pacific")];
        let wanted = Wanted::default();
        assert_eq!(find(&rows, &attempt(), &wanted, None), Found::Several(2));
        let pacific = Offset::from_hours(-8).unwrap();
        assert_eq!(detail(&find(&rows, &attempt(), &wanted, Some(pacific))), Some("Pacific"));
        let tokyo = Offset::from_hours(9).unwrap();
        assert_eq!(find(&rows, &attempt(), &wanted, Some(tokyo)), Found::Nothing);
    }

    #[test]
    fn another_second_status_person_or_application_is_another_attempt() {
        let own = failure("2026-11-28T03:02:34", "MissingKey");
        let found = |row: TrailRow, wanted: &Wanted| {
            find(&[row], &attempt(), wanted, None) != Found::Nothing
        };
        let wanted =
            Wanted { entity: Some(7), other_than: Some("Sign-in".to_owned()), ..Wanted::default() };
        let mine = TrailRow { entity: Some(7), ..own.clone() };
        assert!(found(mine.clone(), &wanted));
        assert!(!found(own.clone(), &wanted), "nobody");
        let with = |application: &str| TrailRow {
            application: Some(application.to_owned()),
            ..mine.clone()
        };
        assert!(!found(with("Sign-in"), &wanted));
        assert!(found(with("Survey"), &wanted));
        let named = Wanted { application: Some("Survey".to_owned()), ..Wanted::default() };
        assert!(found(with("Survey"), &named) && !found(with("Sign-in"), &named));
        assert!(found(own.clone(), &named), "a row may name no application");
        assert!(!found(TrailRow { success: Some(true), ..own.clone() }, &Wanted::default()));
        assert!(!found(TrailRow { success: None, ..own.clone() }, &Wanted::default()));
        assert!(!found(TrailRow { at: vec![long_ago()], ..own }, &Wanted::default()));
        assert!(!found(failure("2026-11-28T03:02:39", "x"), &Wanted::default()));
        assert!(!found(failure("2026-11-28T03:02:30", "x"), &Wanted::default()));
    }

    #[test]
    fn a_time_without_seconds_and_one_with_two_readings_fit_as_well() {
        let minute = TrailRow { seconds: false, ..failure("2026-11-28T03:02:00", "MissingKey") };
        let wanted = Wanted::default();
        assert_eq!(detail(&find(&[minute], &attempt(), &wanted, None)), Some("MissingKey"));
        let earlier = TrailRow { seconds: false, ..failure("2026-11-28T03:01:00", "x") };
        assert_eq!(find(&[earlier], &attempt(), &wanted, None), Found::Nothing);
        let mut two = failure("2026-11-28T03:02:34", "MissingKey");
        two.at.insert(0, long_ago());
        assert_eq!(detail(&find(&[two], &attempt(), &wanted, None)), Some("MissingKey"));
    }

    #[test]
    fn equal_rows_are_one_and_different_ones_are_not_guessed_between() {
        let row = |detail| failure("2026-11-28T03:02:34", detail);
        let wanted = Wanted::default();
        let found = find(&[], &attempt(), &wanted, None);
        assert_eq!(found, Found::Nothing);
        let rows = [row("MissingKey"), row("MissingKey")];
        assert_eq!(detail(&find(&rows, &attempt(), &wanted, None)), Some("MissingKey"));
        let rows = [row("MissingKey"), row("InvalidIssuer")];
        assert_eq!(find(&rows, &attempt(), &wanted, None), Found::Several(2));
    }

    #[test]
    fn the_clock_of_the_answer_stands_over_that_of_this_machine() {
        let sent: Timestamp = "2026-11-28T04:00:00Z".parse().unwrap();
        let answered: Timestamp = "2026-11-28T03:02:34Z".parse().unwrap();
        let second = SignedDuration::from_secs(1);
        let by_answer = Attempt::new(sent, second, Some(answered), SignedDuration::ZERO);
        assert!(by_answer.holds(answered, true) && !by_answer.holds(sent, true));
        let ahead = SignedDuration::from_secs(57 * 60 + 26);
        let by_skew = Attempt::new(sent, second, None, ahead);
        assert!(by_skew.holds(answered, true) && !by_skew.holds(sent, true));
    }
}
