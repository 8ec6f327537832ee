//! The Login Audit Trail as an administrator exports it: CSV in whatever form her preferences give it.
//!
//! Columns are found by their heads, in any order. The forms of dates and times are those that
//! *Home > Set Preferences* offers (OH/section_N529171); where a date can be read in two ways, both are
//! kept, and the time of the attempt decides.

use csv::ReaderBuilder;
use jiff::civil::{Date, DateTime, Time};

use super::trail::{TrailRow, is_success};
use crate::types::plain::is_plain;

/// The most rows that are looked at.
const MOST: usize = 100_000;

/// The file is no exported Login Audit Trail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableExport {
    /// Beyond what is read.
    #[error("it is larger than 1 MiB; export the day of the attempt alone")]
    TooLarge,
    /// Not even text.
    #[error("it is no text in UTF-8 or UTF-16; export the results as CSV")]
    NoText,
    /// No heads that are known.
    #[error(
        "it has no columns {0}; on the subtab Results of the search add Date, Status and Detail, \
         and export the results as CSV in English"
    )]
    NoColumns(&'static str),
    /// More in a cell than it shows.
    #[error(
        "row {row} holds a line break or another control character where its date, status, Detail \
         or application stands, and no export of NetSuite's does; export the results again"
    )]
    Control {
        /// From 1, without the line of heads.
        row: usize,
    },
    /// No row could be read.
    #[error("none of its rows has a date and time that can be read")]
    NoRows,
}

/// Reads the rows of an export. Rows that cannot be read are left out.
///
/// # Errors
/// When it holds no row that can be read.
pub fn read(bytes: &[u8]) -> Result<Vec<TrailRow>, UnreadableExport> {
    let text = text(bytes).ok_or(UnreadableExport::NoText)?;
    let separator = separator(&text);
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .has_headers(true)
        .from_reader(text.as_bytes());
    let heads = reader.headers().map_err(|_| UnreadableExport::NoText)?.clone();
    let columns = Columns::of(&heads)?;
    let records = reader.records().take(MOST).filter_map(Result::ok);
    let mut rows: Vec<TrailRow> = Vec::new();
    for (at, record) in records.enumerate() {
        if !columns.are_plain(&record) {
            return Err(UnreadableExport::Control { row: at + 1 });
        }
        rows.extend(columns.row(&record));
    }
    if rows.is_empty() { Err(UnreadableExport::NoRows) } else { Ok(rows) }
}

/// UTF-8, or UTF-16 by its byte order mark.
fn text(bytes: &[u8]) -> Option<String> {
    let wide = |rest: &[u8], read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> =
            rest.chunks_exact(2).filter_map(|pair| Some(read(pair.try_into().ok()?))).collect();
        String::from_utf16(&units).ok()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        _ => String::from_utf8(bytes.to_vec()).ok(),
    }
}

/// The one of the three separators that stands most often in the line of heads.
fn separator(text: &str) -> u8 {
    let heads = text.lines().next().unwrap_or_default();
    let count = |separator: &u8| heads.bytes().filter(|byte| byte == separator).count();
    // Of equals the last one is taken, and that is the usual one.
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}

/// Where the columns stand.
struct Columns {
    date: usize,
    time: Option<usize>,
    status: usize,
    detail: usize,
    application: Option<usize>,
}

impl Columns {
    fn of(heads: &csv::StringRecord) -> Result<Self, UnreadableExport> {
        let plain = |head: &str| -> String {
            head.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase()
        };
        let at = |names: &[&str]| heads.iter().position(|head| names.contains(&&*plain(head)));
        Ok(Self {
            date: at(&["date", "datetime", "dateandtime"])
                .ok_or(UnreadableExport::NoColumns("Date"))?,
            time: at(&["time"]),
            status: at(&["status"]).ok_or(UnreadableExport::NoColumns("Status"))?,
            detail: at(&["detail", "details"]).ok_or(UnreadableExport::NoColumns("Detail"))?,
            application: at(&[
                "oauthappname",
                "oauthapplicationname",
                "application",
                "integration",
            ]),
        })
    }

    /// Whether what is read of a row shows all that it holds. Cells beside it may have line breaks.
    fn are_plain(&self, record: &csv::StringRecord) -> bool {
        let read = [Some(self.date), self.time, Some(self.status), Some(self.detail)];
        let read = read.into_iter().chain([self.application]).flatten();
        read.filter_map(|at| record.get(at)).all(|text| is_plain(text.trim()))
    }

    fn row(&self, record: &csv::StringRecord) -> Option<TrailRow> {
        let cell = |at: usize| record.get(at).map(str::trim).filter(|text| !text.is_empty());
        let date = cell(self.date)?;
        let whole = match self.time.and_then(cell) {
            Some(time) => format!("{date} {time}"),
            None => date.to_owned(),
        };
        let (at, seconds) = moments(&whole)?;
        Some(TrailRow {
            at,
            seconds,
            success: cell(self.status).and_then(is_success),
            detail: cell(self.detail).map(str::to_owned),
            application: self.application.and_then(cell).map(str::to_owned),
            entity: None,
        })
    }
}

/// Every reading of a date with its time, and whether the time has seconds.
fn moments(text: &str) -> Option<(Vec<DateTime>, bool)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    // The time is the last word, or the last two where the second says am or pm.
    let marked = words.last().is_some_and(|word| {
        matches!(word.to_ascii_lowercase().replace('.', "").as_str(), "am" | "pm")
    });
    let taken = if marked { 2 } else { 1 };
    let split = words.len().checked_sub(taken).filter(|at| *at > 0)?;
    let (date, time) = words.split_at(split);
    let (time, seconds) = time_of(&time.concat())?;
    let days = days(&date.join(" "));
    (!days.is_empty())
        .then(|| (days.into_iter().map(|day| day.to_datetime(time)).collect(), seconds))
}

/// `2:46 pm`, `14:46:05`, `2-46 pm`, `14-46`.
fn time_of(text: &str) -> Option<(Time, bool)> {
    let text = text.to_ascii_lowercase().replace('.', "");
    let (clock, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(false)),
        (_, Some(clock)) => (clock, Some(true)),
        _ => (text.as_str(), None),
    };
    let parts: Vec<i8> =
        clock.split([':', '-']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] => (*hour, *minute, None),
        [hour, minute, second] => (*hour, *minute, Some(*second)),
        _ => return None,
    };
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(pm) => hour % 12 + if pm { 12 } else { 0 },
    };
    Some((Time::new(hour, minute, second.unwrap_or(0), 0).ok()?, second.is_some()))
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A month by its name, or by the first three letters of it.
fn month(word: &str) -> Option<i16> {
    let word = word.to_lowercase();
    let named = |name: &&str| *name == word || (word.len() == 3 && name.starts_with(&word));
    let at = MONTHS.iter().position(named)?;
    i16::try_from(at + 1).ok()
}

/// Every day that a date can mean.
fn days(text: &str) -> Vec<Date> {
    let parts: Vec<&str> =
        text.split(['/', '-', '.', ',', ' ']).filter(|part| !part.is_empty()).collect();
    let [first, second, third] = parts.as_slice() else { return Vec::new() };
    let number = |part: &str| part.parse::<i16>().ok();
    let full_year = |year: i16| if (0..100).contains(&year) { 2000 + year } else { year };
    let orders: Vec<Option<(i16, i16, i16)>> = match (number(first), month(second)) {
        (Some(day), Some(month)) => vec![number(third).map(|year| (year, month, day))],
        (Some(first), None) => {
            let (second, third) = (number(second), number(third));
            let all = second.zip(third);
            if first >= 1000 {
                vec![all.map(|(month, day)| (first, month, day))]
            } else {
                vec![
                    all.map(|(day, year)| (year, first, day)),
                    all.map(|(month, year)| (year, month, first)),
                ]
            }
        }
        _ => vec![month(first).and_then(|month| Some((number(third)?, month, number(second)?)))],
    };
    let mut found: Vec<Date> = Vec::new();
    for (year, month, day) in orders.into_iter().flatten() {
        let (month, day) = (i8::try_from(month), i8::try_from(day));
        let date = month
            .ok()
            .zip(day.ok())
            .and_then(|(month, day)| Date::new(full_year(year), month, day).ok());
        found.extend(date.filter(|date| !found.contains(date)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Vec<String> {
        let (moments, seconds) = moments(text).unwrap_or_default();
        let form = if seconds { "%Y-%m-%d %H:%M:%S" } else { "%Y-%m-%d %H:%M" };
        moments.iter().map(|at| at.strftime(form).to_string()).collect()
    }

    #[test]
    fn each_form_of_date_and_time_that_the_preferences_offer() {
        for (text, expected) in [
            ("11/28/2026 2:46 pm", "2026-11-28 14:46"),
            ("28/11/2026 14:46:05", "2026-11-28 14:46:05"),
            ("28-Nov-2026 02:46:05 am", "2026-11-28 02:46:05"),
            ("28.11.2026 14-46", "2026-11-28 14:46"),
            ("28-NOVEMBER-2026 2:46 PM", "2026-11-28 14:46"),
            ("28 November, 2026 2:46 pm", "2026-11-28 14:46"),
            ("2026/11/28 2-46 pm", "2026-11-28 14:46"),
            ("2026-11-28 00:00:01", "2026-11-28 00:00:01"),
            ("Nov 28, 2026 12:00 am", "2026-11-28 00:00"),
            ("28/11/26 12:00 p.m.", "2026-11-28 12:00"),
        ] {
            assert_eq!(at(text), [expected], "{text}");
        }
        assert_eq!(at("3/4/2026 10:00"), ["2026-03-04 10:00", "2026-04-03 10:00"]);
        for wrong in [
            "",
            "11/28/2026",
            "28/13/2026",
            "10:00",
            "11/31/2026 10:00",
            "yesterday 10:00",
            "11/28/2026 25:00",
            "11/28/2026 13:00 pm",
            "1/2/3/4 10:00",
        ] {
            assert!(at(wrong).is_empty(), "{wrong}");
        }
    }

    const ROWS: &str = "Detail,Date,Status,OAuth App Name\n\
                        MissingKey,11/28/2026 2:46:05 pm,Failure,Survey\n\
                        ,\"28 November, 2026 14:40\",Success,\n";

    fn wide(text: &str, low_first: bool) -> Vec<u8> {
        let mark = if low_first { vec![0xff, 0xfe] } else { vec![0xfe, 0xff] };
        let units = text.encode_utf16();
        let bytes =
            units.flat_map(|unit| if low_first { unit.to_le_bytes() } else { unit.to_be_bytes() });
        mark.into_iter().chain(bytes).collect()
    }

    #[test]
    fn separators_encodings_and_orders_of_columns_do_not_matter() {
        let tabs = ROWS.replace(',', "\t").replace("November\t", "November,");
        let semicolons = ROWS.replace(',', ";").replace("November;", "November,");
        let marked = [&[0xef, 0xbb, 0xbf], ROWS.as_bytes()].concat();
        let all = [
            ROWS.as_bytes().to_vec(),
            marked,
            wide(ROWS, true),
            wide(ROWS, false),
            tabs.into_bytes(),
            semicolons.into_bytes(),
            ROWS.replace('\n', "\r\n").into_bytes(),
        ];
        for bytes in all {
            let rows = read(&bytes).unwrap();
            assert_eq!(rows.len(), 2);
            assert_eq!(rows[0].detail.as_deref(), Some("MissingKey"));
            assert_eq!((rows[0].success, rows[0].seconds), (Some(false), true));
            assert_eq!(rows[0].application.as_deref(), Some("Survey"));
            assert_eq!((rows[1].success, rows[1].detail.as_deref()), (Some(true), None));
        }
        let apart = "Date;Time;Status;Detail\n28.11.2026;14:46:05;Failure;MissingKey\n";
        let rows = read(apart.as_bytes()).unwrap();
        assert_eq!(rows[0].at, [jiff::civil::date(2026, 11, 28).at(14, 46, 5, 0)]);
    }

    #[test]
    fn what_is_no_export_is_refused_with_a_reason() {
        let refused = |bytes: &[u8]| read(bytes).unwrap_err();
        assert_eq!(refused(&[0xc3, 0x28]), UnreadableExport::NoText);
        assert_eq!(refused(b""), UnreadableExport::NoColumns("Date"));
        assert_eq!(refused(b"Date,Status\n"), UnreadableExport::NoColumns("Detail"));
        assert_eq!(refused(b"Date,Status,Detail\nx,y,z\n"), UnreadableExport::NoRows);
        // In what is read; what stands beside it may be of several lines.
        let file = |detail: &str, beside: &str| {
            let good = "11/28/2026 2:46 pm,Failure,InvalidClient,\n";
            let text = format!("Date,Status,Detail,Note\n{good}11/28/2026 2:46 pm,Failure,");
            format!("{text}\"{detail}\",\"{beside}\"\n")
        };
        for detail in ["a\nb", "a\u{1b}[31mb", "a\u{202e}b"] {
            let read = refused(file(detail, "").as_bytes());
            assert_eq!(read, UnreadableExport::Control { row: 2 }, "{detail:?}");
        }
        assert_eq!(read(file("a", "of\nlines").as_bytes()).unwrap().len(), 2);
    }

    #[test]
    fn fuzz() {
        let words = ["Date", "Status", "Detail", "Failure", "11/28/2026", "2:46 pm", "\n", "\""];
        let read_any = std::cell::Cell::new(0);
        crate::fuzz::run("audit-export", &words, |bytes| match read(bytes) {
            Ok(rows) => {
                read_any.set(read_any.get() + 1);
                assert!(rows.len() <= bytes.len() && rows.iter().all(|row| !row.at.is_empty()));
                let texts = rows.iter().flat_map(|row| [&row.detail, &row.application]);
                assert!(texts.flatten().all(|text| is_plain(text)));
            }
            Err(error) => crate::fuzz::check_message(&error),
        });
        assert!(read_any.get() > 0, "no case came as far as a row");
    }
}
