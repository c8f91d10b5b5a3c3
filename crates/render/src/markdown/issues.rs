//! Sections 2, 4 and 5: findings, grouped by rule as a reviewer would tell them.

use std::fmt::Write as _;

use super::escape::{code, sentence};
use super::line;
use crate::json::{Finding, Review, Success};
use crate::words::{Group, groups, place, rule_category, rule_title};

/// A lettered part of the section on critical issues.
struct Part {
    /// The heading's first half.
    area: &'static str,
    /// The categories told in it.
    categories: &'static [&'static str],
    /// The heading's second half by the rule that comes first.
    headings: &'static [(&'static str, &'static str)],
    /// The second half when none of these rules is there.
    otherwise: &'static str,
}

const PARTS: [Part; 4] = [
    Part {
        area: "Data Integrity",
        categories: &["integrity"],
        headings: &[
            ("primary-key-kind", "Primary Key Standard Violation"),
            ("primary-key-missing", "Missing Primary Keys"),
            ("timestamps-missing", "Timestamp Standard Violation"),
            ("timestamp-without-time-zone", "Timestamps Without Time Zone"),
            ("constraint-not-validated", "Constraints Never Validated"),
        ],
        otherwise: "Keys and Constraints",
    },
    Part {
        area: "Compliance",
        categories: &["retention"],
        headings: &[
            ("soft-delete-missing", "Soft Delete Omissions"),
            ("hard-delete-cascade", "Hard Deletes of Retained Rows"),
            ("soft-delete-nonstandard", "Nonstandard Soft Deletes"),
        ],
        otherwise: "Retention",
    },
    Part { area: "Security", categories: &["access", "audit"], headings: &[], otherwise: "" },
    Part {
        area: "Privacy",
        categories: &["privacy"],
        headings: &[("contact-safety-flag", "Contact Method Implementation")],
        otherwise: "Protected Data",
    },
];

/// Section 2.
pub(super) fn critical(out: &mut String, review: &Review) {
    out.push_str("\n## 2. Critical Issues\n");
    let mut letters = ('A'..='Z').cycle();
    let mut empty = true;
    for part in &PARTS {
        let findings: Vec<&Finding> = review
            .findings
            .iter()
            .filter(|finding| part.categories.contains(&finding.category.as_str()))
            .collect();
        let successes: Vec<&Success> = review
            .successes
            .iter()
            .filter(|success| part.categories.contains(&rule_category(&success.rule)))
            .collect();
        if findings.is_empty() && successes.is_empty() {
            continue;
        }
        empty = false;
        let letter = letters.next().unwrap_or('A');
        let heading = heading(part, &findings, &successes);
        line(out, format_args!("\n### {letter}. {}: {heading}", part.area));
        told(out, &findings, &successes);
    }
    if empty {
        out.push_str("\nNone.\n");
    }
}

/// The second half of a part's heading.
fn heading(part: &Part, findings: &[&Finding], successes: &[&Success]) -> String {
    let groups = groups(findings.iter().copied());
    if part.area == "Security" {
        let has = |category: &str| findings.iter().any(|finding| finding.category == category);
        return match (has("access"), has("audit")) {
            (true, true) => "Incomplete RLS & Audit Coverage",
            (true, false) => "Incomplete RLS Coverage",
            (false, true) => "Incomplete Audit Coverage",
            (false, false) => "RLS & Audit Coverage",
        }
        .to_owned();
    }
    let rules = groups
        .iter()
        .map(|group| group.rule)
        .chain(successes.iter().map(|success| success.rule.as_str()));
    for rule in rules {
        if let Some((_, heading)) = part.headings.iter().find(|(of, _)| *of == rule) {
            return (*heading).to_owned();
        }
    }
    part.otherwise.to_owned()
}

/// Failures, impact, further findings, successes and what they still ask of the reader.
fn told(out: &mut String, findings: &[&Finding], successes: &[&Success]) {
    let all = groups(findings.iter().copied());
    let (critical, other): (Vec<&Group<'_>>, Vec<&Group<'_>>) =
        all.iter().partition(|group| group.severity == "critical");
    bullets(out, "Failures", critical.iter().map(|group| paragraph(group)));
    bullets(out, "Impact", distinct(critical.iter().map(|group| impact(group))));
    bullets(out, "Warnings", other.iter().map(|group| paragraph(group)));
    let references = critical.iter().chain(&other).flat_map(|group| &group.findings);
    let references = references.flat_map(|finding| &finding.references);
    bullets(out, "References", distinct(references.map(|text| sentence(text))));
    let (mut good, mut asked) = (Vec::new(), Vec::new());
    for success in successes {
        let (first, rest) = split_sentence(&success.message);
        good.push(format!("{}{}", sentence(first), proof(success)));
        if !rest.is_empty() {
            asked.push(sentence(rest));
        }
    }
    bullets(out, "Success", distinct(good.into_iter()));
    bullets(out, "Observation", distinct(asked.into_iter()));
}

/// Section 4.
pub(super) fn observations(out: &mut String, review: &Review) {
    out.push_str("\n## 4. Code Quality Observations\n");
    if review.observations.is_empty() {
        let python = review.sources.iter().any(|source| source.path.ends_with(".py"));
        out.push_str(if python {
            "\nNothing to observe.\n"
        } else {
            "\nNo models or migrations in Python were given, so there is no code to observe.\n"
        });
        return;
    }
    for group in groups(review.observations.iter()) {
        line(out, format_args!("- {}", paragraph(&group)));
    }
}

/// Section 5.
pub(super) fn recommendations(out: &mut String, review: &Review) {
    out.push_str("\n## 5. Performance Recommendations\n");
    let successes: Vec<&Success> = review
        .successes
        .iter()
        .filter(|success| rule_category(&success.rule) == "performance")
        .collect();
    if review.recommendations.is_empty() && successes.is_empty() {
        out.push_str("\nNone.\n");
        return;
    }
    let all = groups(review.recommendations.iter());
    let (indexes, other): (Vec<&Group<'_>>, Vec<&Group<'_>>) =
        all.iter().partition(|group| group.rule.contains("index"));
    let good = successes
        .iter()
        .map(|success| format!("{} (Already present, good){}", sentence(&success.message), proof(success)));
    let indexes: Vec<String> = indexes.into_iter().map(paragraph).chain(good).collect();
    bullets(out, "Indexes", indexes.into_iter());
    let (policies, other): (Vec<&Group<'_>>, Vec<&Group<'_>>) =
        other.into_iter().partition(|group| group.rule.starts_with("policy"));
    bullets(out, "RLS Performance", policies.into_iter().map(paragraph));
    bullets(out, "Other", other.into_iter().map(paragraph));
}

/// `- **Title:** text`, or one nested bullet for each of several texts.
fn bullets(out: &mut String, title: &str, texts: impl Iterator<Item = String>) {
    let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    match texts.as_slice() {
        [] => {}
        [one] if !one.contains('\n') => line(out, format_args!("- **{title}:** {one}")),
        many => {
            line(out, format_args!("- **{title}:**"));
            for text in many {
                line(out, format_args!("    - {}", text.replace('\n', "\n    ")));
            }
        }
    }
}

/// One rule's findings: a single one in its own words, several of one shape as a list of subjects,
/// several of different shapes one under the other.
fn paragraph(group: &Group<'_>) -> String {
    let rule = code(group.rule);
    match group.findings.as_slice() {
        [] => String::new(),
        [one] => format!("{} ({rule}{})", sentence(&one.message), with_place(one, ", ")),
        [first, ..] => {
            let shape = shape(first);
            let title = rule_title(group.rule);
            if group.findings.iter().all(|finding| self::shape(finding) == shape) {
                let subjects: Vec<String> = group.findings.iter().map(|one| subject(one)).collect();
                let said = sentence(&shape);
                format!("**{}** ({rule}): {}. {said}", sentence(&title), subjects.join(", "))
            } else {
                let mut out = format!("**{}** ({rule}):", sentence(&title));
                for one in &group.findings {
                    let _ = write!(out, "\n    - {}", sentence(&one.message));
                    if let Some(place) = place(&one.evidence) {
                        let _ = write!(out, " ({})", code(&place));
                    }
                }
                out
            }
        }
    }
}

/// A finding's subject with its place.
fn subject(finding: &Finding) -> String {
    match place(&finding.evidence) {
        Some(place) => format!("{} ({})", code(&finding.subject), code(&place)),
        None => code(&finding.subject),
    }
}

fn with_place(finding: &Finding, before: &str) -> String {
    place(&finding.evidence).map_or_else(String::new, |place| format!("{before}{}", code(&place)))
}

/// The message with the finding's own names left out, to see whether several say the same.
fn shape(finding: &Finding) -> String {
    let mut text = finding.message.clone();
    let column = finding.column.as_ref();
    let table = finding.table.as_ref();
    let names = [
        Some(finding.subject.clone()),
        table.zip(column).map(|(table, column)| format!("{table}.{column}")),
        table.cloned(),
        table.and_then(|table| table.rsplit_once('.')).map(|(_, name)| name.to_owned()),
    ];
    for name in names.into_iter().flatten().filter(|name| !name.is_empty()) {
        text = text.replace(&format!("`{name}`"), "Each");
    }
    // "Each" stands at the start of the sentence, "each" inside it.
    let inside = text.get(1..).unwrap_or_default().replace("Each", "each");
    format!("{}{inside}", text.get(..1).unwrap_or_default())
}

fn impact(group: &Group<'_>) -> String {
    group.findings.first().map_or_else(String::new, |finding| sentence(&finding.impact))
}

fn proof(success: &Success) -> String {
    place(&success.evidence).map_or_else(String::new, |place| format!(" ({})", code(&place)))
}

fn distinct(texts: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    let mut seen: Vec<String> = Vec::new();
    for text in texts {
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen.into_iter()
}

/// The first sentence of a text and what follows it.
fn split_sentence(text: &str) -> (&str, &str) {
    for (at, _) in text.match_indices(". ") {
        let rest = text.get(at + 2..).unwrap_or_default();
        if rest.starts_with(|char: char| char.is_uppercase() || char == '`') {
            return (text.get(..=at).unwrap_or(text), rest);
        }
    }
    (text, "")
}
