//! Durations, sizes and the closing table.

use std::fmt::Write;
use std::time::Duration;

/// What became of one part of a run.
pub(crate) enum Outcome {
    /// It did what it should.
    Passed,
    /// It did not; the text says why.
    Failed(String),
    /// It was not run because a part it needs failed; the text names that part.
    Blocked(String),
}

/// One part of a run, over.
pub(crate) struct Line {
    /// The name of the part.
    pub(crate) name: String,
    /// How long it took.
    pub(crate) took: Duration,
    /// What became of it.
    pub(crate) outcome: Outcome,
}

/// How many rows the table of the slowest parts has at most.
const SLOWEST: usize = 8;

/// The text a run closes with: what failed and why, the slowest parts, and one line of sums.
pub(crate) fn closing(lines: &[Line], total: Duration) -> String {
    let mut text = String::new();
    for line in lines {
        match &line.outcome {
            Outcome::Passed => {}
            Outcome::Failed(why) => _ = writeln!(text, "FAILED   {}: {why}", line.name),
            Outcome::Blocked(by) => {
                _ = writeln!(text, "NOT RUN  {}: it needs {by}, which failed", line.name);
            }
        }
    }
    let mut slowest: Vec<&Line> = lines.iter().collect();
    slowest.sort_by_key(|line| std::cmp::Reverse(line.took));
    slowest.truncate(SLOWEST);
    _ = writeln!(text, "Slowest parts:");
    for line in slowest {
        _ = writeln!(text, "  {:>10}  {}", duration(line.took), line.name);
    }
    _ = writeln!(text, "  {:>10}  in all", duration(total));
    let passed = lines.iter().filter(|line| matches!(line.outcome, Outcome::Passed)).count();
    let failed = lines.len() - passed;
    _ = write!(text, "{passed} passed, {failed} failed");
    text
}

/// A duration as a person reads it: `0.4 s`, `12.3 s`, `3 min 05 s`.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 60 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

/// A number of bytes in kilobytes (of 1000 bytes), to one digit behind the point.
pub(crate) fn kilobytes(bytes: usize) -> String {
    let tenths = bytes.saturating_add(50) / 100;
    format!("{}.{} kB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        assert_eq!(duration(Duration::from_millis(420)), "0.4 s");
        assert_eq!(duration(Duration::from_secs(185)), "3 min 05 s");
        assert_eq!(kilobytes(1_234_567), "1234.6 kB");
        assert_eq!(kilobytes(49), "0.0 kB");
    }

    #[test]
    fn the_closing_text_counts_what_was_not_run_as_failed() {
        let line = |name: &str, seconds, outcome| Line {
            name: name.to_owned(),
            took: Duration::from_secs(seconds),
            outcome,
        };
        let lines = [
            line("format", 1, Outcome::Passed),
            line("page", 70, Outcome::Failed("trunk failed".to_owned())),
            line("browser", 0, Outcome::Blocked("page".to_owned())),
        ];
        assert_eq!(
            closing(&lines, Duration::from_secs(71)),
            "FAILED   page: trunk failed\n\
             NOT RUN  browser: it needs page, which failed\n\
             Slowest parts:\n\
             \u{20} 1 min 10 s  page\n\
             \u{20}      1.0 s  format\n\
             \u{20}      0.0 s  browser\n\
             \u{20} 1 min 11 s  in all\n\
             1 passed, 2 failed"
        );
    }
}
