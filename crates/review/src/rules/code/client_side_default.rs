//! # `client-side-default`
//!
//! ## What it checks
//!
//! A point in time that Python fills in, while others of the same class, or of the same name in other
//! classes, are filled in by the server. A default that is an expression of SQL is the server's.
//!
//! ## Why
//!
//! Two clocks tell two times. Rows that other programs insert, or that raw SQL does, get no time at
//! all from a default that lives in Python.
//!
//! ## Example
//!
//! ```python fails
//! from datetime import datetime, timezone
//! from sqlalchemy import DateTime, func
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//!
//! def now() -> datetime:
//!     return datetime.now(timezone.utc)
//!
//! class Base(DeclarativeBase):
//!     type_annotation_map = {datetime: DateTime(timezone=True)}
//!
//! class Visit(Base):
//!     __tablename__ = "visits"
//!     id: Mapped[int] = mapped_column(primary_key=True)
//!     created_at: Mapped[datetime] = mapped_column(server_default=func.now())
//!     updated_at: Mapped[datetime] = mapped_column(default=now)
//! ```
//!
//! ```python passes
//! from datetime import datetime
//! from sqlalchemy import DateTime, func
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//!
//! class Base(DeclarativeBase):
//!     type_annotation_map = {datetime: DateTime(timezone=True)}
//!
//! class Visit(Base):
//!     __tablename__ = "visits"
//!     id: Mapped[int] = mapped_column(primary_key=True)
//!     created_at: Mapped[datetime] = mapped_column(server_default=func.now())
//!     updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
//! ```
//!
//! ## How to fix
//!
//! `server_default=func.now()`.
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
    id: "client-side-default",
    category: Category::Code,
    severity: Severity::Info,
    title: "Times filled in by Python",
    provenance: "schemaward",
    impact: "Times come from two clocks, and rows inserted by other means have none.",
    references: &[],
    control: None,
    page: page!("client_side_default.rs"),
    check: Check::Schema(check),
};

/// How the facts name a default that the server computes within the insert.
const OF_SERVER: &str = "an expression of SQL";

fn check(context: &Context<'_>) -> Vec<Answer> {
    let all = written(context);
    let mut answers = Vec::new();
    for written in all.iter().filter(|written| written.attribute.instant) {
        let attribute = written.attribute;
        let Some(default) = &attribute.default else { continue };
        if attribute.server_default || default.text == OF_SERVER || default.text == "None" {
            continue;
        }
        let sibling = all.iter().find(|other| {
            other.attribute.instant
                && other.attribute.server_default
                && (other.attribute.class == attribute.class
                    || other.attribute.name == attribute.name)
        });
        let Some(sibling) = sibling else { continue };
        let subject = written.subject();
        let message = format!(
            "`{subject}` is filled in by Python (`{}`), while the server fills in `{}`.",
            default.text,
            sibling.subject()
        );
        let mut answer = Answer::unmet_subject(subject, message)
            .at(attribute.origin)
            .at(default.origin)
            .at(sibling.attribute.origin);
        if written.table.is_some() {
            answer = answer.on(written.table);
            answer.column.clone_from(&attribute.column);
        }
        answers.push(answer);
    }
    answers
}
