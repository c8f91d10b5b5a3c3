//! Days as `YYYY-MM-DD`.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

/// A day of the (proleptic) Gregorian calendar, from year 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Date {
    year: u64,
    month: u64,
    day: u64,
}

impl Date {
    /// The current day in UTC, by the system's clock.
    pub(crate) fn today() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::from_days(since.as_secs() / (24 * 60 * 60))
    }

    /// The day this many days after 1970-01-01.
    ///
    /// The calendar repeats every 400 years (146 097 days). Within those years the leap day is the
    /// last day when years are counted from March, which makes every step below a division.
    fn from_days(days: u64) -> Self {
        // From 1970-01-01 back to 0000-03-01.
        let days = days + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let leap_days = day_of_era / 1_460 - day_of_era / 36_524 + day_of_era / 146_096;
        let year_of_era = (day_of_era - leap_days) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        // Months from March have 31, 30, 31, 30, 31 days, and again: 153 in five.
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let (month, carry) = if month_from_march < 10 {
            (month_from_march + 3, 0)
        } else {
            (month_from_march - 9, 1)
        };
        Self { year: era * 400 + year_of_era + carry, month, day }
    }
}

fn days_in_month(year: u64, month: u64) -> u64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

impl FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |part: Option<&str>, length: usize| {
            part.filter(|part| part.len() == length && part.bytes().all(|b| b.is_ascii_digit()))
                .and_then(|part| part.parse::<u64>().ok())
        };
        let mut parts = text.split('-');
        let date = (number(parts.next(), 4), number(parts.next(), 2), number(parts.next(), 2));
        if let ((Some(year), Some(month), Some(day)), None) = (date, parts.next())
            && year >= 1
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day)
        {
            return Ok(Self { year, month, day });
        }
        Err("a date is written YYYY-MM-DD, like 2026-01-13".to_owned())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn days_become_dates() {
        for (days, date) in [
            (0, "1970-01-01"),
            (58, "1970-02-28"),
            (59, "1970-03-01"),
            (789, "1972-02-29"),
            (11_016, "2000-02-29"),
            (11_017, "2000-03-01"),
            (20_466, "2026-01-13"),
            (47_540, "2100-02-28"),
            (47_541, "2100-03-01"),
            (2_932_896, "9999-12-31"),
        ] {
            assert_eq!(Date::from_days(days).to_string(), date);
        }
    }

    #[test]
    fn every_day_is_a_date_that_reads_back() {
        let mut before = String::new();
        for days in 0..60_000 {
            let date = Date::from_days(days);
            assert_eq!(date.to_string().parse(), Ok(date));
            assert!(before < date.to_string());
            before = date.to_string();
        }
    }

    #[test]
    fn other_texts_are_no_dates() {
        for text in [
            "",
            "today",
            "2026-1-13",
            "2026-13-01",
            "2026-02-29",
            "2026-00-10",
            "26-01-13",
            "0000-01-01",
            "2026-01-13-",
            "2026-01-13T00:00",
            "+026-01-13",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        assert!("2024-02-29".parse::<Date>().is_ok());
    }
}
