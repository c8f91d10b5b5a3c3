//! Sections 2, 4 and 5: findings, grouped by rule as a reviewer would tell them.

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
        headings: &[
            ("contact-safety-flag", "Contact Method Implementation"),
            ("phi-unprotected", "Unprotected Identifiers"),
            ("secret-in-plain-column", "Secrets in Plain Columns"),
        ],
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
    let (warnings, notes): (Vec<&Group<'_>>, Vec<&Group<'_>>) =
        other.iter().partition(|group| group.severity == "warning");
    bullets(out, "Warnings", warnings.into_iter().map(paragraph));
    bullets(out, "Notes", notes.into_iter().map(paragraph));
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
    let successes: Vec<&Success> =
        review.successes.iter().filter(|success| rule_category(&success.rule) == "code").collect();
    if review.observations.is_empty() && successes.is_empty() {
        let is_python = |path: &str| path.rsplit('.').next() == Some("py");
        let python = review.sources.iter().any(|source| is_python(&source.path));
        out.push_str(if python {
            "\nNothing to observe.\n"
        } else {
            "\nNo models or migrations in Python were given, so there is no code to observe.\n"
        });
        return;
    }
    for success in successes {
        let said = sentence(&success.message);
        line(out, format_args!("- **{}:** {said}{}", sentence(&success.subject), proof(success)));
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
    let good =
        successes.iter().map(|success| format!("{}{}", sentence(&success.message), proof(success)));
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

/// One rule's findings: a single one in its own words, several that say the same as a list of
/// subjects, all others one under the other.
fn paragraph(group: &Group<'_>) -> String {
    let rule = code(group.rule);
    if let [only] = group.findings.as_slice() {
        return format!("{} ({rule}{})", sentence(&only.message), with_place(only, ", "));
    }
    let mut shapes: Vec<(String, Vec<&Finding>)> = Vec::new();
    for finding in &group.findings {
        let shape = shape(finding);
        match shapes.iter_mut().find(|(known, _)| *known == shape) {
            Some((_, alike)) => alike.push(finding),
            None => shapes.push((shape, vec![finding])),
        }
    }
    let title = sentence(&rule_title(group.rule));
    let said: Vec<String> = shapes
        .iter()
        .map(|(shape, alike)| match alike.as_slice() {
            [only] => format!("{}{}", sentence(&only.message), in_parentheses(only)),
            several => {
                let subjects: Vec<String> = several.iter().map(|one| subject(one)).collect();
                format!("{}. {}", subjects.join(", "), sentence(shape))
            }
        })
        .collect();
    if let [only] = said.as_slice() {
        format!("**{title}** ({rule}): {only}")
    } else {
        format!("**{title}** ({rule}):\n    - {}", said.join("\n    - "))
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

fn in_parentheses(finding: &Finding) -> String {
    place(&finding.evidence).map_or_else(String::new, |place| format!(" ({})", code(&place)))
}

/// The message with the finding's own names left out, to see whether several say the same.
fn shape(finding: &Finding) -> String {
    let mut text = finding.message.clone();
    let table = finding.table.as_ref();
    let both = table.zip(finding.column.as_ref());
    let names = [
        Some(finding.subject.clone()),
        both.map(|(table, column)| format!("{table}.{column}")),
        both.map(|(table, column)| format!("{table}({column})")),
        table.cloned(),
        table.and_then(|table| table.rsplit_once('.')).map(|(_, name)| name.to_owned()),
    ];
    for name in names.into_iter().flatten().filter(|name| !name.is_empty()) {
        let quoted = format!("`{name}`");
        // "Each" stands at the start of the sentence, "each" inside it.
        if let Some(rest) = text.strip_prefix(&quoted) {
            text = format!("Each{rest}");
        }
        text = text.replace(&quoted, "each");
    }
    text
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
