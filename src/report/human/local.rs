//! Times of this machine beside those in UTC: NetSuite's pages show the time zone of the person.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What stands after a time in UTC, as reports write it for people.
const MARK: &str = " UTC";
/// `2026-11-28 03:02:34`, in bytes.
const LENGTH: usize = 19;

/// The text with the time of this zone after each time in UTC; the date too where it differs.
pub(super) fn with_local_times(text: &str, zone: Option<&TimeZone>) -> String {
    let Some(zone) = zone else { return text.to_owned() };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(MARK) {
        out.push_str(before);
        out.push_str(MARK);
        let time = before.len().checked_sub(LENGTH).and_then(|at| before.get(at..));
        if let Some(here) = time.and_then(|time| local(time, zone)) {
            out.push_str(&format!(" ({here} here)"));
        }
        rest = after;
    }
    out + rest
}

fn local(time: &str, zone: &TimeZone) -> Option<String> {
    let (date, time) = time.split_once(' ')?;
    let at: Timestamp = format!("{date}T{time}Z").parse().ok()?;
    let here = at.to_zoned_datetime(zone.clone());
    if here.offset().seconds() == 0 {
        return None;
    }
    let same_day = here.strftime("%Y-%m-%d").to_string() == date;
    let form = if same_day { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" };
    Some(here.strftime(form).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_times_stand_side_by_side() {
        let zone = TimeZone::get("Europe/Vienna").unwrap();
        let shown = |text| with_local_times(text, Some(&zone));
        assert_eq!(
            shown("the Failure of 2026-11-28 03:02:34 UTC; look"),
            "the Failure of 2026-11-28 03:02:34 UTC (04:02:34 here); look"
        );
        assert_eq!(
            shown("2026-06-30 23:30:00 UTC"),
            "2026-06-30 23:30:00 UTC (2026-07-01 01:30:00 here)"
        );
        for same in ["2026-11-28", "2026-99-28 03:02:34 UTC", "03:02:34 UTC", ""] {
            assert_eq!(shown(same), same);
        }
        let text = "2026-11-28 03:02:34 UTC";
        assert_eq!(with_local_times(text, Some(&TimeZone::UTC)), text);
        assert_eq!(with_local_times(text, None), text);
    }
}
