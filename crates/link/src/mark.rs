//! What people have decided about findings.

use serde::{Deserialize, Serialize};

/// What somebody has noted about one finding.
///
/// A later mark of the same finding replaces an earlier one. The derived form of serde is for two
/// programs of one build that talk to each other; what is kept has frozen shapes of its own (the
/// codecs of links, the versions of review files).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The finding's stable id. A finding of that id may be gone by now.
    pub finding: String,
    /// What was decided, where anything was.
    pub verdict: Option<MarkVerdict>,
    /// Who is to see to it, by whatever name the readers use.
    pub assigned: Option<String>,
    /// The day it was set, `YYYY-MM-DD`.
    pub date: String,
}

/// What was decided about a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MarkVerdict {
    /// It is right and will be seen to.
    Accepted,
    /// It is right and is left as it is.
    Waived {
        /// Why.
        because: String,
        /// The last day this holds, `YYYY-MM-DD`; without one it holds until it is taken back.
        until: Option<String>,
    },
    /// It is wrong.
    FalseAlarm {
        /// Why it is wrong.
        note: String,
    },
}

impl Mark {
    /// Whether its days are days. Who compares days compares text, so that a day of another shape
    /// would be later than all others and a waiver would hold for ever.
    pub(crate) fn has_days(&self) -> bool {
        let until = match &self.verdict {
            Some(MarkVerdict::Waived { until, .. }) => until.as_deref(),
            _ => None,
        };
        is_day(&self.date) && until.is_none_or(is_day)
    }
}

/// Whether a text is a day of the calendar, `YYYY-MM-DD`.
pub fn is_day(text: &str) -> bool {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else { return false };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u32, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
        })
    };
    let (Some(year), Some(month), Some(day)) =
        (number(&[y1, y2, y3, y4]), number(&[m1, m2]), number(&[d1, d2]))
    else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    year > 0 && (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::is_day;

    #[test]
    fn days_are_those_of_the_calendar() {
        for day in ["2026-01-13", "2024-02-29", "2000-02-29", "9999-12-31", "0001-01-01"] {
            assert!(is_day(day), "{day}");
        }
        for other in [
            "",
            "2026-1-13",
            "2026-13-01",
            "2026-00-10",
            "2026-02-29",
            "1900-02-29",
            "2026-04-31",
            "2026-04-00",
            "0000-01-01",
            "2026/01/13",
            "2026-01-13T00:00",
            "today",
            "２０２６-01-13",
        ] {
            assert!(!is_day(other), "{other}");
        }
    }
}
