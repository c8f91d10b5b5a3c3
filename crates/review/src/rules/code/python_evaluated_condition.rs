//! # `python-evaluated-condition`
//!
//! ## What it checks
//!
//! No condition that is meant for the database is decided by Python before SQLAlchemy sees it. The
//! usual ways are `is None`, `is not None`, `not …`, `and` and `or` on columns: they cannot be
//! overloaded, so Python answers `True` or `False` itself.
//!
//! ## Why
//!
//! A partial unique index `WHERE false` covers no row: it is there in every listing, and forbids
//! nothing. No test notices, because nothing fails.
//!
//! ## Example
//!
//! ```python fails
//! from datetime import datetime
//! from sqlalchemy import DateTime, Index
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//!
//! class Base(DeclarativeBase):
//!     pass
//!
//! class Member(Base):
//!     __tablename__ = "members"
//!     id: Mapped[int] = mapped_column(primary_key=True)
//!     email: Mapped[str]
//!     removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
//!     __table_args__ = (
//!         Index("members_email", "email", unique=True, postgresql_where=(removed_at is None)),
//!     )
//! ```
//!
//! ```python passes
//! from datetime import datetime
//! from sqlalchemy import DateTime, Index
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//!
//! class Base(DeclarativeBase):
//!     pass
//!
//! class Member(Base):
//!     __tablename__ = "members"
//!     id: Mapped[int] = mapped_column(primary_key=True)
//!     email: Mapped[str]
//!     removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
//!     __table_args__ = (
//!         Index("members_email", "email", unique=True, postgresql_where=removed_at.is_(None)),
//!     )
//! ```
//!
//! ## How to fix
//!
//! `column.is_(None)`, `column.is_not(None)`, `~condition`, `and_(…)`, `or_(…)`; or `text("…")`.
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
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "python-evaluated-condition",
    category: Category::Code,
    severity: Severity::Critical,
    title: "A condition that Python decided",
    provenance: "schemaward",
    impact: "What the condition was to restrict holds for every row or for none.",
    references: &[],
    control: None,
    page: page!("python_evaluated_condition.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    let Some(models) = context.code.models else { return Vec::new() };
    let mut answers = Vec::new();
    for decided in &models.decided {
        let place = decided.origin;
        // The class whose body the condition is in, or that it comes after.
        let class = models
            .classes
            .iter()
            .filter(|class| {
                class.origin.source == place.source && class.origin.span.start <= place.span.start
            })
            .max_by_key(|class| class.origin.span.start);
        let subject = class.map_or("a table", |class| class.name.as_str());
        let (value, rows) = if decided.value { ("True", "every row") } else { ("False", "no row") };
        let message = format!(
            "A condition of `{subject}` is `{value}` before SQLAlchemy sees it, since Python decides \
             `is`, `not`, `and` and `or` itself; it holds for {rows}."
        );
        let table = class.and_then(|class| class.table.as_ref());
        answers.push(Answer::unmet_subject(subject, message).on(table).at(place));
    }
    answers
}
