//! # `naive-datetime`
//!
//! ## What it checks
//!
//! Points in time are kept with their time zone: no attribute is a `DateTime` without
//! `timezone=True`, by argument or because `Mapped[datetime]` comes to that, and none gets its value
//! from `datetime.utcnow()` or `datetime.utcfromtimestamp()`, which make naive values.
//!
//! ## Why
//!
//! A naive time means whatever the zone of the server, the session or the reader makes of it. The
//! order of events in a chart must not depend on where a query runs.
//!
//! ## Example
//!
//! ```python fails
//! from datetime import datetime
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//!
//! class Base(DeclarativeBase):
//!     pass
//!
//! class Visit(Base):
//!     __tablename__ = "visits"
//!     id: Mapped[int] = mapped_column(primary_key=True)
//!     started_at: Mapped[datetime]
//! ```
//!
//! ```python passes
//! from datetime import datetime
//! from sqlalchemy import DateTime
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//!
//! class Base(DeclarativeBase):
//!     type_annotation_map = {datetime: DateTime(timezone=True)}
//!
//! class Visit(Base):
//!     __tablename__ = "visits"
//!     id: Mapped[int] = mapped_column(primary_key=True)
//!     started_at: Mapped[datetime]
//! ```
//!
//! ## How to fix
//!
//! `DateTime(timezone=True)`, best once in the base's `type_annotation_map`; in Python
//! `datetime.now(timezone.utc)`.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! None.

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::code::written;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "naive-datetime",
    category: Category::Code,
    severity: Severity::Warning,
    title: "Times without a time zone in models",
    provenance: "reference review",
    impact: "The same value means different moments to different readers.",
    references: &[],
    control: None,
    page: page!("naive_datetime.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    let mut answers = Vec::new();
    let mut instants = 0;
    let mut first = None;
    for written in written(context) {
        let attribute = written.attribute;
        if !attribute.instant {
            continue;
        }
        instants += 1;
        first = first.or(Some(attribute.origin));
        let subject = written.subject();
        let naive = attribute.default.as_ref().filter(|default| is_naive(&default.text));
        let message = match (attribute.naive, naive) {
            (true, Some(default)) => format!(
                "`{subject}` is a `DateTime` without time zone, and `{}` fills in a naive time.",
                default.text
            ),
            (true, None) => format!("`{subject}` is a `DateTime` without time zone."),
            (false, Some(default)) => {
                format!("`{subject}` gets a naive time from `{}`.", default.text)
            }
            (false, None) => continue,
        };
        let mut answer = Answer::unmet_subject(subject, message).at(attribute.origin);
        if let Some(default) = naive {
            answer = answer.at(default.origin);
        }
        if written.table.is_some() {
            answer = answer.on(written.table);
            answer.column.clone_from(&attribute.column);
        }
        answers.push(answer);
    }
    if let Some(first) = first
        && answers.is_empty()
    {
        let message = format!("Time zones are kept: {instants} of {instants} points in time.");
        answers.push(Answer::success_subject("Times", message).at(first));
    }
    answers
}

/// Whether a function of `datetime` makes times without a zone.
fn is_naive(text: &str) -> bool {
    let name = text.rsplit('.').next().unwrap_or_default();
    matches!(name.trim_end_matches("()"), "utcnow" | "utcfromtimestamp")
}
