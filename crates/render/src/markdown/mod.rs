//! The review as the report a reviewer would write, section by section.

mod doors;
mod escape;
mod identifiers;
mod issues;
mod plan;

use std::fmt::Write as _;

use escape::{cell, code, sentence};
pub(crate) use escape::{cell as table_cell, flat};

use crate::json::{Evidence, Review};
use crate::words::{count, long_date, status, with_severity};

/// The review as a Markdown document: status, summary, issues, discrepancies, observations,
/// recommendations, plan and appendices.
pub fn markdown(review: &Review) -> String {
    let mut out = String::new();
    head(&mut out, review);
    issues::critical(&mut out, review);
    discrepancies(&mut out, review);
    issues::observations(&mut out, review);
    issues::recommendations(&mut out, review);
    out.push_str("\n## 6. Action Plan\n");
    plan::steps(&mut out, review, plan::Repairs::Short);
    out.truncate(out.trim_end().len());
    out.push('\n');
    // Sections that a review may lack are numbered as they come.
    let appendices: [fn(&mut String, &Review, usize) -> bool; 6] =
        [coverage, undecided, waived, doors::doors, controls, identifiers::identifiers];
    let mut number = 7;
    for appendix in appendices {
        if appendix(&mut out, review, number) {
            number += 1;
        }
    }
    out
}

/// The action plan alone as a Markdown document.
pub fn plan_markdown(review: &Review) -> String {
    let mut out = format!(
        "# Action Plan\n\n**Date:** {}\n**Review:** {}\n",
        sentence(&long_date(&review.date)),
        code(&review.id),
    );
    plan::steps(&mut out, review, plan::Repairs::Whole);
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn head(out: &mut String, review: &Review) {
    out.push_str("# Database Codebase Review Report\n\n");
    line(out, format_args!("**Date:** {}", sentence(&long_date(&review.date))));
    line(out, format_args!("**Status:** **{}** ({})", status(review), status_because(review)));
    out.push_str("\n## 1. Executive Summary\n");
    for paragraph in review.summary.split("\n\n").filter(|text| !text.trim().is_empty()) {
        line(out, format_args!("{}\n", sentence(paragraph)));
    }
    if out.ends_with("\n\n") {
        out.pop();
    }
}

/// The words in parentheses after the status.
pub(crate) fn status_because(review: &Review) -> String {
    match review.status.as_str() {
        "fail" => {
            let failing = |category: &[&str]| {
                review
                    .findings
                    .iter()
                    .chain(&review.observations)
                    .chain(&review.recommendations)
                    .any(|finding| {
                        finding.severity == "critical"
                            && category.contains(&finding.category.as_str())
                    })
            };
            let areas: Vec<&str> = [
                ("Data Integrity", ["integrity", ""]),
                ("Soft Delete", ["retention", ""]),
                ("Security", ["access", "audit"]),
                ("Privacy", ["privacy", ""]),
                ("Architecture", ["code", "performance"]),
            ]
            .into_iter()
            .filter(|(_, categories)| failing(categories))
            .map(|(area, _)| area)
            .collect();
            format!("Requires immediate remediation for {} compliance", list(&areas))
        }
        "pass_with_warnings" => {
            let warnings = count(with_severity(review, "warning"), "warning", "warnings");
            let undecided = match review.undecided.len() {
                0 => String::new(),
                number => format!(", {}", count(number, "undecided control", "undecided controls")),
            };
            let unread = match review.coverage.unread.len() {
                0 => String::new(),
                number => format!(", {}", count(number, "unread statement", "unread statements")),
            };
            format!("No critical finding; {warnings}{undecided}{unread}")
        }
        _ => "Every mandate that the text settles is met".to_owned(),
    }
}

fn discrepancies(out: &mut String, review: &Review) {
    out.push_str("\n## 3. Schema Discrepancies\n\n");
    if let Some(because) = &review.drift_skipped {
        line(out, format_args!("{}", sentence(because)));
        return;
    }
    if let Some(whole) = &review.drift {
        line(out, format_args!("{}\n", sentence(&whole.sentence)));
    }
    if review.discrepancies.is_empty() {
        out.push_str("The documented and the implemented schema do not differ.\n");
        return;
    }
    line(
        out,
        format_args!(
            "| Entity | Documentation{} | Implementation{} | Discrepancy |",
            side_paths(review, "documented"),
            side_paths(review, "implemented"),
        ),
    );
    out.push_str("| --- | --- | --- | --- |\n");
    for row in &review.discrepancies {
        line(
            out,
            format_args!(
                "| **{}** | {}{} | {}{} | {} |",
                cell(&row.entity),
                cell(&row.documented),
                place(review, "documented", &row.evidence),
                cell(&row.implemented),
                place(review, "implemented", &row.evidence),
                cell(&row.message),
            ),
        );
    }
}

/// The sources of a side, in parentheses, as far as a table's head can hold them.
fn side_paths(review: &Review, side: &str) -> String {
    let mut paths = review.sources.iter().filter(|source| source.side == side);
    let Some(first) = paths.next() else { return String::new() };
    let more = match paths.count() {
        0 => String::new(),
        number => format!(" and {number} more"),
    };
    format!(" ({}{more})", cell(&code(&first.path)))
}

/// The first place on one side, in parentheses after what the side says, and how many more there are.
fn place(review: &Review, side: &str, evidence: &[Evidence]) -> String {
    let paths: Vec<&str> = review
        .sources
        .iter()
        .filter(|source| source.side == side)
        .map(|source| source.path.as_str())
        .collect();
    let mut places = evidence.iter().filter(|place| paths.contains(&place.source.as_str()));
    let Some(first) = places.next() else { return String::new() };
    let more = match places.count() {
        0 => String::new(),
        number => format!(" and {number} more"),
    };
    let first = code(&format!("{}:{}", first.source, first.line));
    format!(" ({}{more})", cell(&first))
}

/// What was read; every appendix takes its number and says whether it was needed.
fn coverage(out: &mut String, review: &Review, number: usize) -> bool {
    let coverage = &review.coverage;
    line(out, format_args!("\n## {number}. Coverage\n"));
    line(
        out,
        format_args!(
            "Review {} by {} {}, against the standard {}.\n",
            code(&review.id),
            sentence(&review.tool.name),
            sentence(&review.tool.version),
            code(&review.standard),
        ),
    );
    line(
        out,
        format_args!(
            "Of {}, {} {} read, {} {} no schema and {} could not be read.",
            count(coverage.statements, "statement", "statements"),
            coverage.read,
            if coverage.read == 1 { "was" } else { "were" },
            coverage.irrelevant,
            if coverage.irrelevant == 1 { "holds" } else { "hold" },
            coverage.unread.len(),
        ),
    );
    if !review.standard_notes.is_empty() {
        line(out, format_args!("\n### Notes on the standard\n"));
        for note in &review.standard_notes {
            line(out, format_args!("- Line {}: {}.", note.line, sentence(&note.message)));
        }
    }
    for (title, list) in [("Not read", &coverage.unread), ("Notes on the text", &coverage.notes)] {
        if list.is_empty() {
            continue;
        }
        line(out, format_args!("\n### {title}\n"));
        for unread in list {
            line(
                out,
                format_args!(
                    "- {}: {} ({})",
                    code(&format!("{}:{}", unread.source, unread.line)),
                    sentence(&unread.reason),
                    code(&unread.text),
                ),
            );
        }
    }
    true
}

fn undecided(out: &mut String, review: &Review, number: usize) -> bool {
    if review.undecided.is_empty() {
        return false;
    }
    line(out, format_args!("\n## {number}. Undecided\n"));
    out.push_str("The text given does not settle these controls.\n\n");
    for undecided in &review.undecided {
        line(
            out,
            format_args!(
                "- {} ({}): {}",
                code(&undecided.subject),
                code(&undecided.rule),
                sentence(&undecided.because),
            ),
        );
    }
    true
}

fn waived(out: &mut String, review: &Review, number: usize) -> bool {
    if review.waived.is_empty() {
        return false;
    }
    line(out, format_args!("\n## {number}. Waived\n"));
    out.push_str("The owners of the standard accepted these findings.\n\n");
    for waived in &review.waived {
        let until = match &waived.until {
            Some(date) => format!(", until {}", sentence(&long_date(date))),
            None => String::new(),
        };
        line(
            out,
            format_args!(
                "- {} ({}{until}): {} *Because:* {}",
                code(&waived.finding.subject),
                code(&waived.finding.rule),
                sentence(&waived.finding.message),
                sentence(&waived.because),
            ),
        );
    }
    true
}

/// The coverage matrix.
fn controls(out: &mut String, review: &Review, number: usize) -> bool {
    const COLUMNS: [(&str, &str); 8] = [
        ("primary_key", "Key"),
        ("timestamps", "Times"),
        ("soft_delete", "Soft delete"),
        ("row_security", "RLS"),
        ("policies", "Policies"),
        ("audit", "Audit"),
        ("privacy", "Privacy"),
        ("indexes", "Indexes"),
    ];
    if review.tables.is_empty() {
        return false;
    }
    line(out, format_args!("\n## {number}. Controls\n"));
    out.push_str("| Table | Class |");
    for (_, title) in COLUMNS {
        let _ = write!(out, " {title} |");
    }
    out.push_str("\n| --- | --- |");
    out.push_str(&" --- |".repeat(COLUMNS.len()));
    out.push('\n');
    for table in &review.tables {
        let name = if table.schema == "public" {
            table.name.clone()
        } else {
            format!("{}.{}", table.schema, table.name)
        };
        let _ = write!(out, "| {} | {} |", cell(&code(&name)), cell(&table.class));
        for (control, _) in COLUMNS {
            let verdict =
                table.controls.get(control).map_or("", |control| control.verdict.as_str());
            let shown = match verdict {
                "met" => "met",
                "unmet" => "**unmet**",
                "undecided" => "*undecided*",
                _ => "–",
            };
            let _ = write!(out, " {shown} |");
        }
        out.push('\n');
    }
    true
}

/// `a`, `a and b`, `a, b and c`.
fn list(items: &[&str]) -> String {
    match items {
        [] => "the standard's".to_owned(),
        [one] => (*one).to_owned(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

/// One line of the document.
fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _ = writeln!(out, "{text}");
}
