//! What the editor marks beside the lines of a source: the places that prove findings and differences.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemaward_render::json::{Evidence, Finding, Review};

use super::Reviewed;
use super::discrepancies::element_of_row;
use crate::view::Shared;

/// All marks of a review, by the path of their source.
#[derive(Debug)]
pub(crate) struct Marks {
    reviewed: Shared<Reviewed>,
    places: BTreeMap<String, Vec<Mark>>,
}

/// A place of a source, both ends as lines and columns from 1, columns in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    severity: Severity,
    /// Which of the review's findings or differences it is of.
    index: usize,
}

/// The greater is the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    Info,
    Warning,
    Critical,
}

/// What a mark says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct About<'a> {
    /// What its rule is called.
    pub(crate) title: &'a str,
    pub(crate) message: &'a str,
    pub(crate) impact: &'a str,
    /// The id of its rule.
    pub(crate) rule: &'a str,
    /// The id of its element in the review.
    pub(crate) element: Cow<'a, str>,
}

impl Severity {
    fn from_word(word: &str) -> Self {
        match word {
            "critical" => Self::Critical,
            "warning" => Self::Warning,
            _ => Self::Info,
        }
    }

    /// As the editor's program counts it.
    fn number(self) -> u32 {
        match self {
            Self::Info => 0,
            Self::Warning => 1,
            Self::Critical => 2,
        }
    }
}

impl Mark {
    /// As the editor's program takes it.
    pub(crate) fn numbers(&self) -> [u32; 6] {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        [
            number(self.line),
            number(self.column),
            number(self.end_line),
            number(self.end_column),
            self.severity.number(),
            number(self.index),
        ]
    }
}

/// All findings of a review, in the order in which marks count them; differences come after them.
fn findings(review: &Review) -> impl Iterator<Item = &Finding> {
    review.findings.iter().chain(&review.observations).chain(&review.recommendations)
}

impl Marks {
    pub(crate) fn of_review(reviewed: &Shared<Reviewed>) -> Self {
        let mut places = BTreeMap::<String, Vec<Mark>>::new();
        let review = &reviewed.review;
        let all = findings(review)
            .map(|finding| (&finding.severity, &finding.evidence))
            .chain(review.discrepancies.iter().map(|row| (&row.severity, &row.evidence)));
        for (index, (severity, evidence)) in all.enumerate() {
            let severity = Severity::from_word(severity);
            for place in evidence {
                let mark = mark(place, severity, index);
                places.entry(place.source.clone()).or_default().push(mark);
            }
        }
        Self { reviewed: reviewed.clone(), places }
    }

    /// The marks of a source.
    pub(crate) fn of(&self, path: &str) -> impl Iterator<Item = &Mark> {
        self.places.get(path).into_iter().flatten()
    }

    /// The worst severity on each line of a source, by its 1-based number.
    pub(crate) fn worst(&self, path: &str) -> BTreeMap<usize, Severity> {
        let mut worst = BTreeMap::new();
        for mark in self.of(path) {
            let line = worst.entry(mark.line).or_insert(mark.severity);
            *line = mark.severity.max(*line);
        }
        worst
    }

    /// What the mark of that index says.
    pub(crate) fn about(&self, index: usize) -> Option<About<'_>> {
        let review = &self.reviewed.review;
        if let Some(finding) = findings(review).nth(index) {
            let title = self.reviewed.titles.get(&finding.rule).unwrap_or(&finding.rule);
            return Some(About {
                title,
                message: &finding.message,
                impact: &finding.impact,
                rule: &finding.rule,
                element: Cow::Borrowed(&finding.id),
            });
        }
        let number = index.checked_sub(findings(review).count())?;
        let row = review.discrepancies.get(number)?;
        Some(About {
            title: &row.entity,
            message: &row.message,
            impact: "",
            rule: "",
            element: Cow::Owned(element_of_row(number)),
        })
    }
}

fn mark(place: &Evidence, severity: Severity, index: usize) -> Mark {
    Mark {
        line: place.line,
        column: place.column,
        end_line: place.end_line,
        end_column: place.end_column,
        severity,
        index,
    }
}
