//! # `legacy-column`
//!
//! ## What it checks
//!
//! Declarative classes make their columns with `mapped_column()`, not with `Column()`. Association
//! tables, which are made by `Table(…)` and have columns of that kind only, are left out, and so are
//! the columns that a field of `SQLModel` is given.
//!
//! ## Why
//!
//! A type checker knows nothing of an attribute that `Column()` makes: whether it may be `None`, and
//! what it is compared with, shows only when the query runs. SQLAlchemy keeps the form for programs
//! written for its 1.x versions.
//!
//! ## Example
//!
//! ```python fails
//! from sqlalchemy import Column, String
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//!
//! class Base(DeclarativeBase):
//!     pass
//!
//! class Patient(Base):
//!     __tablename__ = "patients"
//!     id: Mapped[int] = mapped_column(primary_key=True)
//!     name = Column(String, nullable=False)
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
//!     name: Mapped[str]
//! ```
//!
//! ## How to fix
//!
//! Write `name: Mapped[str] = mapped_column(…)`; the annotation then says the type and whether the
//! column takes `NULL`.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! None.

use schemaward_catalog::AttributeMaker;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::code::{by_writer, some, written};
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "legacy-column",
    category: Category::Code,
    severity: Severity::Warning,
    title: "Legacy columns in declarative classes",
    provenance: "reference review",
    impact: "Type checkers cannot see what these attributes hold.",
    references: &[],
    control: None,
    page: page!("legacy_column.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    let all = written(context).into_iter();
    let legacy = all.filter(|written| written.attribute.made_by == AttributeMaker::Column);
    let mut answers = Vec::new();
    for (writer, attributes) in by_writer(legacy) {
        let names: Vec<&str> =
            attributes.iter().map(|written| written.attribute.name.as_str()).collect();
        let message = format!(
            "`{writer}` makes {} with the legacy `Column()` instead of `mapped_column()`.",
            some(&names)
        );
        let table = attributes.first().and_then(|written| written.table);
        let answer = Answer::unmet_subject(writer, message).on(table);
        answers.push(attributes.iter().fold(answer, |answer, it| answer.at(it.attribute.origin)));
    }
    answers
}
