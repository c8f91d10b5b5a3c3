//! # `untyped-attribute`
//!
//! ## What it checks
//!
//! Every column that `mapped_column()` makes and every relationship is annotated with `Mapped[…]`.
//! Columns made by `Column()` are the business of `legacy-column`; fields of `SQLModel` carry
//! plain annotations. Where at least nine tenths of all are annotated, the review says so with the count.
//!
//! ## Why
//!
//! The annotation is what type checkers and editors read. Without it an attribute is `Any` to them,
//! and SQLAlchemy cannot tell from it whether the column takes `NULL`.
//!
//! ## Example
//!
//! ```python fails
//! from sqlalchemy import String
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//!
//! class Base(DeclarativeBase):
//!     pass
//!
//! class Patient(Base):
//!     __tablename__ = "patients"
//!     id: Mapped[int] = mapped_column(primary_key=True)
//!     name = mapped_column(String)
//! ```
//!
//! ```python passes
//! from sqlalchemy import String
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//!
//! class Base(DeclarativeBase):
//!     pass
//!
//! class Patient(Base):
//!     __tablename__ = "patients"
//!     id: Mapped[int] = mapped_column(primary_key=True)
//!     name: Mapped[str | None] = mapped_column(String)
//! ```
//!
//! ## How to fix
//!
//! Annotate the attribute: `name: Mapped[str | None]`, `notes: Mapped[list["Note"]]`.
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
use crate::facts::code::{Written, by_writer, some, written};
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "untyped-attribute",
    category: Category::Code,
    severity: Severity::Warning,
    title: "Attributes without a type",
    provenance: "reference review",
    impact: "Type checkers take these attributes for anything.",
    references: &[],
    control: None,
    page: page!("untyped_attribute.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    // Fields of SQLModel are typed by plain annotations.
    let all = written(context).into_iter();
    let judged: Vec<Written<'_>> =
        all.filter(|written| written.attribute.made_by != AttributeMaker::Field).collect();
    let typed: Vec<&Written<'_>> =
        judged.iter().filter(|written| written.attribute.mapped).collect();
    let untyped = judged.iter().copied().filter(|written| {
        let by_call = matches!(
            written.attribute.made_by,
            AttributeMaker::MappedColumn | AttributeMaker::Relationship
        );
        by_call && !written.attribute.mapped
    });
    let mut answers = Vec::new();
    for (writer, attributes) in by_writer(untyped) {
        let names: Vec<&str> =
            attributes.iter().map(|written| written.attribute.name.as_str()).collect();
        let message = format!("`{writer}` does not annotate {} with `Mapped[…]`.", some(&names));
        let table = attributes.first().and_then(|written| written.table);
        let answer = Answer::unmet_subject(writer, message).on(table);
        answers.push(attributes.iter().fold(answer, |answer, it| answer.at(it.attribute.origin)));
    }
    if let Some(first) = typed.first()
        && typed.len() * 10 >= judged.len() * 9
    {
        let word = if typed.len() == judged.len() { "Consistent" } else { "Nearly consistent" };
        let message =
            format!("{word} use of `Mapped`: {} of {} attributes.", typed.len(), judged.len());
        answers.push(Answer::success_subject("Typing", message).at(first.attribute.origin));
    }
    answers
}
