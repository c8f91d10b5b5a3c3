//! Words and shapes that several renderings share.

use crate::json::{Evidence, Finding, Review};

/// The status as people read it.
pub(crate) fn status(review: &Review) -> &'static str {
    match review.status.as_str() {
        "pass" => "PASS",
        "pass_with_warnings" => "PASS WITH WARNINGS",
        _ => "FAIL",
    }
}

/// `2026-01-13` as `January 13, 2026`; text that is no date stays as it is.
pub(crate) fn long_date(date: &str) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let mut parts = date.splitn(3, '-');
    let year = parts.next();
    let month = parts.next().and_then(|month| month.parse::<usize>().ok());
    let month = month.and_then(|month| MONTHS.get(month.checked_sub(1)?));
    let day = parts.next().and_then(|day| day.parse::<u8>().ok());
    match (year, month, day) {
        (Some(year), Some(month), Some(day)) => format!("{month} {day}, {year}"),
        _ => date.to_owned(),
    }
}

/// `1 table`, `2 tables`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// `path:line` of the first evidence.
pub(crate) fn place(evidence: &[Evidence]) -> Option<String> {
    evidence.first().map(|first| format!("{}:{}", first.source, first.line))
}

/// Findings of one rule and severity, in the order of their first appearance.
pub(crate) struct Group<'a> {
    pub(crate) rule: &'a str,
    pub(crate) severity: &'a str,
    pub(crate) findings: Vec<&'a Finding>,
}

/// Findings grouped by rule and severity, the more serious first, else in order of appearance.
pub(crate) fn groups<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for finding in findings {
        let found = groups
            .iter_mut()
            .find(|group| group.rule == finding.rule && group.severity == finding.severity);
        if let Some(group) = found {
            group.findings.push(finding);
        } else {
            groups.push(Group {
                rule: &finding.rule,
                severity: &finding.severity,
                findings: vec![finding],
            });
        }
    }
    groups.sort_by_key(|group| severity_rank(group.severity));
    groups
}

/// Critical before warning before info.
pub(crate) fn severity_rank(severity: &str) -> u8 {
    match severity {
        "critical" => 0,
        "warning" => 1,
        _ => 2,
    }
}

/// What a rule is called: its title in the registry, else its id in plain words.
pub(crate) fn rule_title(id: &str) -> String {
    if let Some(rule) = schemaward_review::rule(id) {
        return rule.title.to_owned();
    }
    let words = id.replace('-', " ");
    let mut chars = words.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => words,
    }
}

/// The category of a rule, for what carries a rule but no category on the wire; empty for a rule of
/// another version.
pub(crate) fn rule_category(id: &str) -> &'static str {
    schemaward_review::rule(id).map_or("", |rule| rule.category.word())
}

/// How many findings of the review, wherever they are listed, have this severity.
pub(crate) fn with_severity(review: &Review, severity: &str) -> usize {
    review
        .findings
        .iter()
        .chain(&review.observations)
        .chain(&review.recommendations)
        .filter(|finding| finding.severity == severity)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_spelled_out() {
        let cases = [
            ("2026-01-13", "January 13, 2026"),
            ("2026-12-01", "December 1, 2026"),
            ("2026-13-01", "2026-13-01"),
            ("2026-00-01", "2026-00-01"),
            ("soon", "soon"),
            ("", ""),
        ];
        for (date, expect) in cases {
            assert_eq!(long_date(date), expect);
        }
    }

    #[test]
    fn ids_become_words() {
        assert_eq!(rule_title("rls-missing"), "Row-level security missing");
        assert_eq!(rule_title("of-another-version"), "Of another version");
        assert_eq!(rule_category("policy-subquery"), "performance");
        assert_eq!(rule_category("of-another-version"), "");
    }
}
