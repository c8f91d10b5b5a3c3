//! # `nullability-conflict`
//!
//! ## What it checks
//!
//! Where an attribute has both an annotation `Mapped[…]` and an argument `nullable=`, they say the
//! same: `Mapped[str | None]` with `nullable=True`, `Mapped[str]` with `nullable=False`.
//!
//! ## Why
//!
//! The argument decides what the database does, the annotation what the program expects. `None` that
//! the annotation allows fails at the insert; a `NULL` that it rules out arrives all the same.
//!
//! ## Example
//!
//! ```python fails
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//!
//! class Base(DeclarativeBase):
//!     pass
//!
//! class Patient(Base):
//!     __tablename__ = "patients"
//!     id: Mapped[int] = mapped_column(primary_key=True)
//!     phone: Mapped[str] = mapped_column(nullable=True)
//! ```
//!
//! ```python passes
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//!
//! class Base(DeclarativeBase):
//!     pass
//!
//! class Patient(Base):
//!     __tablename__ = "patients"
//!     id: Mapped[int] = mapped_column(primary_key=True)
//!     phone: Mapped[str | None] = mapped_column(nullable=True)
//! ```
//!
//! ## How to fix
//!
//! Decide which of the two is meant, and leave the argument out: the annotation is enough.
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
    id: "nullability-conflict",
    category: Category::Code,
    severity: Severity::Warning,
    title: "Annotation and argument disagree on NULL",
    provenance: "reference review",
    impact: "The program and the database disagree on which rows have no value.",
    references: &[],
    control: None,
    page: page!("nullability_conflict.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    let mut answers = Vec::new();
    for written in written(context) {
        let attribute = written.attribute;
        let (Some(optional), Some(nullable)) = (attribute.optional, attribute.nullable) else {
            continue;
        };
        if !attribute.mapped || optional == nullable {
            continue;
        }
        let subject = written.subject();
        let message = if nullable {
            format!("`{subject}` is annotated as never `None`, and its column takes `NULL`.")
        } else {
            format!("`{subject}` may be `None` by its annotation, and its column is `NOT NULL`.")
        };
        let mut answer = Answer::unmet_subject(subject, message).at(attribute.origin);
        if written.table.is_some() {
            answer = answer.on(written.table);
            answer.column.clone_from(&attribute.column);
        }
        answers.push(answer);
    }
    answers
}
