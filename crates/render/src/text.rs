//! The review for a terminal: compact, with colours when asked.

use std::fmt::Write as _;

use crate::json::{Finding, Review};
use crate::markdown::flat;
use crate::words::{count, groups, place, status, with_severity};

/// The review as lines for a terminal. With `colour`, ANSI colours mark status and severities;
/// control characters of the reviewed text never reach the output.
pub fn text(review: &Review, colour: bool) -> String {
    let paint = Paint { colour };
    let mut out = String::new();
    let shade = match review.status.as_str() {
        "pass" => Shade::Green,
        "pass_with_warnings" => Shade::Yellow,
        _ => Shade::Red,
    };
    let _ = writeln!(
        out,
        "{}  {}, {}, {}, {} undecided",
        paint.bold(shade, status(review)),
        count(with_severity(review, "critical"), "critical finding", "critical findings"),
        count(with_severity(review, "warning"), "warning", "warnings"),
        count(with_severity(review, "info"), "remark", "remarks"),
        review.undecided.len(),
    );
    if !review.summary.trim().is_empty() {
        let _ = writeln!(out, "{}", flat(&review.summary));
    }
    coverage(&mut out, review, paint);
    for (title, list) in [
        ("Findings", &review.findings),
        ("Code", &review.observations),
        ("Performance", &review.recommendations),
    ] {
        findings(&mut out, title, list, paint);
    }
    discrepancies(&mut out, review, paint);
    rest(&mut out, review, paint);
    out
}

fn coverage(out: &mut String, review: &Review, paint: Paint) {
    let coverage = &review.coverage;
    let _ = writeln!(
        out,
        "Read {} of {} ({} without schema, {} unread).",
        coverage.read,
        count(coverage.statements, "statement", "statements"),
        coverage.irrelevant,
        coverage.unread.len(),
    );
    for note in &review.standard_notes {
        let label = paint.plain(Shade::Yellow, "standard");
        let _ = writeln!(out, "  {label} line {}: {}", note.line, flat(&note.message));
    }
    for (label, list) in [("unread", &coverage.unread), ("note", &coverage.notes)] {
        for unread in list {
            let _ = writeln!(
                out,
                "  {} {}:{}: {}",
                paint.plain(Shade::Yellow, label),
                flat(&unread.source),
                unread.line,
                flat(&unread.reason),
            );
        }
    }
}

fn findings(out: &mut String, title: &str, list: &[Finding], paint: Paint) {
    if list.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", paint.bold(Shade::None, title));
    for group in groups(list.iter()) {
        let shade = match group.severity {
            "critical" => Shade::Red,
            "warning" => Shade::Yellow,
            _ => Shade::Blue,
        };
        let _ = writeln!(
            out,
            "  {} {} ({})",
            paint.bold(shade, group.severity),
            flat(group.rule),
            group.findings.len(),
        );
        for finding in group.findings {
            let place = place(&finding.evidence).unwrap_or_default();
            let place = if place.is_empty() { place } else { format!("{}: ", flat(&place)) };
            let place = paint.plain(Shade::Dim, &place);
            let _ = writeln!(out, "    {place}{}", flat(&finding.message));
        }
    }
}

fn discrepancies(out: &mut String, review: &Review, paint: Paint) {
    if let Some(because) = &review.drift_skipped {
        let _ = writeln!(out, "\n{}", flat(because));
    }
    if review.discrepancies.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", paint.bold(Shade::None, "Discrepancies"));
    for row in &review.discrepancies {
        let _ = writeln!(
            out,
            "  {}: {} | {}: {}",
            flat(&row.entity),
            flat(&row.documented),
            flat(&row.implemented),
            flat(&row.message),
        );
    }
}

fn rest(out: &mut String, review: &Review, paint: Paint) {
    if !review.undecided.is_empty() {
        let _ = writeln!(out, "\n{}", paint.bold(Shade::None, "Undecided"));
    }
    for undecided in &review.undecided {
        let rule = paint.plain(Shade::Dim, &flat(&undecided.rule));
        let _ =
            writeln!(out, "  {} {rule}: {}", flat(&undecided.subject), flat(&undecided.because));
    }
    if !review.waived.is_empty() {
        let _ = writeln!(out, "\n{}", paint.bold(Shade::None, "Waived"));
    }
    for waived in &review.waived {
        let until = waived
            .until
            .as_deref()
            .map_or_else(String::new, |date| format!(" until {}", flat(date)));
        let _ = writeln!(out, "  {}{}: {}", flat(&waived.finding.id), until, flat(&waived.because));
    }
    if !review.plan.is_empty() {
        let _ = writeln!(out, "\n{}", paint.bold(Shade::None, "Plan"));
    }
    for step in &review.plan {
        let closes = match step.closes.len() {
            0 => String::new(),
            number if step.sql.trim().is_empty() => format!(" (concerns {number})"),
            number => format!(" (closes {number})"),
        };
        let verb = paint.plain(Shade::Blue, &flat(&step.verb));
        let _ = writeln!(out, "  {verb}: {}{closes}", flat(&step.title));
    }
}

/// What colours mean here.
#[derive(Clone, Copy)]
enum Shade {
    None,
    Red,
    Yellow,
    Green,
    Blue,
    Dim,
}

#[derive(Clone, Copy)]
struct Paint {
    colour: bool,
}

impl Paint {
    fn plain(self, shade: Shade, text: &str) -> String {
        self.with(shade, "", text)
    }

    fn bold(self, shade: Shade, text: &str) -> String {
        self.with(shade, "1", text)
    }

    /// The text between the codes that switch weight and shade on and all of it off again.
    fn with(self, shade: Shade, weight: &str, text: &str) -> String {
        let shade = match shade {
            Shade::None => "",
            Shade::Red => "31",
            Shade::Yellow => "33",
            Shade::Green => "32",
            Shade::Blue => "34",
            Shade::Dim => "2",
        };
        if !self.colour || text.is_empty() || (shade.is_empty() && weight.is_empty()) {
            return text.to_owned();
        }
        let separator = if shade.is_empty() || weight.is_empty() { "" } else { ";" };
        format!("\u{1b}[{weight}{separator}{shade}m{text}\u{1b}[0m")
    }
}
