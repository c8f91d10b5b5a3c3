//! # `mixin-bypassed`
//!
//! ## What it checks
//!
//! Classes take key, times and soft delete from the mixins that the standard names, where the program
//! has these mixins. A class bypasses one when it writes the mixin's column itself, takes it from
//! another class, or lacks it although the standard mandates what the mixin gives: times for all
//! tables but reference lists, logs and join tables, soft delete for the classes of tables under
//! `[soft_delete]`. Keys that are foreign keys or composite are left out. The review says how many
//! classes use the mixins.
//!
//! ## Why
//!
//! What every class writes for itself comes to differ: one key is random, one time has no zone, one
//! table has no `deleted_at` at all. A mixin is the one place where a mandate is right or wrong.
//!
//! ## Example
//!
//! ```python fails
//! from datetime import datetime
//! from sqlalchemy import DateTime
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//!
//! class Base(DeclarativeBase):
//!     pass
//!
//! class SoftDeleteMixin:
//!     deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
//!
//! class Patient(SoftDeleteMixin, Base):
//!     __tablename__ = "patients"
//!     id: Mapped[int] = mapped_column(primary_key=True)
//!
//! class Appointment(Base):
//!     __tablename__ = "appointments"
//!     id: Mapped[int] = mapped_column(primary_key=True)
//! ```
//!
//! ```python passes
//! from datetime import datetime
//! from sqlalchemy import DateTime
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//!
//! class Base(DeclarativeBase):
//!     pass
//!
//! class SoftDeleteMixin:
//!     deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
//!
//! class Patient(SoftDeleteMixin, Base):
//!     __tablename__ = "patients"
//!     id: Mapped[int] = mapped_column(primary_key=True)
//!
//! class Appointment(SoftDeleteMixin, Base):
//!     __tablename__ = "appointments"
//!     id: Mapped[int] = mapped_column(primary_key=True)
//! ```
//!
//! ## How to fix
//!
//! Derive from the mixin and take the column out of the class.
//!
//! ## Settings
//!
//! `[models] mixins`, `[primary_key] except`, `[soft_delete] classes`.
//!
//! ## References
//!
//! None.

use std::collections::BTreeSet;

use schemaward_catalog::{ModelAttribute, ModelClass, Table};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::code::tabled;
use crate::facts::words::{list, quoted_list};
use crate::standard::matches_pattern;
use crate::{Category, Class, Layer, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "mixin-bypassed",
    category: Category::Code,
    severity: Severity::Critical,
    title: "Mixins bypassed",
    provenance: "reference review",
    impact: "What the mixin guarantees holds for these classes only by chance.",
    references: &[],
    control: None,
    page: page!("mixin_bypassed.rs"),
    check: Check::Schema(check),
};

/// A mixin that the standard names and that the program has.
struct Mixin<'a> {
    mandate: &'a str,
    name: &'a str,
    /// The columns it gives.
    columns: BTreeSet<&'a str>,
    /// How many classes have it.
    users: usize,
}

fn check(context: &Context<'_>) -> Vec<Answer> {
    let classes: Vec<&ModelClass> = tabled(context).collect();
    let mixins: Vec<Mixin<'_>> = context
        .standard
        .models
        .mixins
        .iter()
        .filter_map(|(mandate, name)| mixin(&classes, mandate, name))
        .collect();
    let mut answers = Vec::new();
    for mixin in &mixins {
        answers.extend(classes.iter().filter_map(|class| judge(context, mixin, class)));
    }
    let whole = classes.len();
    if let Some(first) = mixins.first() {
        let names: Vec<&str> = mixins.iter().map(|mixin| mixin.name).collect();
        let are = if names.len() == 1 { "is" } else { "are" };
        let users: Vec<String> = mixins.iter().map(|mixin| mixin.users.to_string()).collect();
        let message = format!(
            "{} {are} defined once, and used by {} of {whole} classes.",
            quoted_list(&names, "and"),
            list(&users, "and"),
        );
        let origin = classes
            .iter()
            .flat_map(|class| &class.attributes)
            .find(|attribute| attribute.class == first.name)
            .map(|attribute| attribute.origin);
        let answer = Answer::success_subject("Mixins", message);
        answers.push(match origin {
            Some(origin) => answer.at(origin),
            None => answer,
        });
    }
    answers
}

/// The mixin of a mandate, where some class has it.
fn mixin<'a>(classes: &[&'a ModelClass], mandate: &'a str, name: &'a str) -> Option<Mixin<'a>> {
    let users: Vec<&&ModelClass> = classes.iter().filter(|class| has(class, name)).collect();
    let columns = users.iter().flat_map(|class| &class.attributes);
    let columns = columns
        .filter(|attribute| attribute.class == name)
        .filter_map(|attribute| attribute.column.as_deref())
        .collect();
    (!users.is_empty()).then_some(Mixin { mandate, name, columns, users: users.len() })
}

fn has(class: &ModelClass, mixin: &str) -> bool {
    class.ancestors.iter().any(|ancestor| ancestor == mixin)
}

fn judge(context: &Context<'_>, mixin: &Mixin<'_>, class: &ModelClass) -> Option<Answer> {
    let name = class.table.as_ref()?;
    let modelled = context.layer(Layer::Models).unwrap_or(context.catalog);
    let table = modelled.tables.get(name).or_else(|| context.catalog.tables.get(name))?;
    let of_key = mixin.mandate == "primary_key";
    if of_key && !wants_key(context, table) {
        return None;
    }
    let derives = has(class, mixin.name);
    // A parent's table has the column already, and a joined child must repeat its key.
    let provided = class.attributes.iter().find(|attribute| {
        attribute.class != mixin.name
            && attribute
                .column
                .as_deref()
                .is_some_and(|column| mixin.columns.contains(column) && !refers(table, column))
    });
    let subject = class.name.as_str();
    let (message, origin, column) = match provided {
        Some(attribute) if attribute.class == class.name => {
            let already = if derives { "derives from it" } else { "does not derive from it" };
            (
                format!(
                    "`{subject}` writes `{}` itself, which `{}` provides; it {already}.",
                    attribute.name, mixin.name
                ),
                attribute.origin,
                attribute.column.clone(),
            )
        }
        Some(attribute) if !derives => {
            (taken(class, attribute, mixin), attribute.origin, attribute.column.clone())
        }
        _ if derives => return None,
        _ => {
            let why = lacking(context, mixin, table)?;
            (
                format!("`{subject}` does not derive from `{}`; {why}.", mixin.name),
                class.origin,
                None,
            )
        }
    };
    let mut answer =
        Answer::unmet_subject(subject, message).on(Some(name)).detail(mixin.name).at(origin);
    answer.column = column;
    Some(answer)
}

fn taken(class: &ModelClass, attribute: &ModelAttribute, mixin: &Mixin<'_>) -> String {
    format!(
        "`{}` has `{}` from `{}`, not from `{}`.",
        class.name, attribute.name, attribute.class, mixin.name
    )
}

/// Whether the mandate on keys reaches a table.
fn wants_key(context: &Context<'_>, table: &Table) -> bool {
    let mandate = &context.standard.primary_key;
    let Some((_, [key])) = table.primary_key() else { return false };
    !refers(table, key)
        && !mandate.except.iter().any(|pattern| matches_pattern(pattern, &table.name))
}

/// Whether a column is a foreign key's.
fn refers(table: &Table, column: &str) -> bool {
    table.foreign_keys().any(|(_, key)| key.columns.iter().any(|own| own == column))
}

/// Why a table must have what a mixin gives; nothing where it need not.
fn lacking(context: &Context<'_>, mixin: &Mixin<'_>, table: &Table) -> Option<String> {
    let class = context.class(&table.name);
    let keyed = matches!(table.primary_key(), Some((_, [_])));
    let mandated = match mixin.mandate {
        "primary_key" => class != Class::Reference,
        "timestamps" => !matches!(class, Class::Reference | Class::Audit) && keyed,
        "soft_delete" => context.mandated(&table.name, &context.standard.soft_delete.classes),
        _ => false,
    };
    mandated.then(|| {
        format!(
            "the standard names it for tables of the class {}, such as `{}`",
            class.word(),
            table.name
        )
    })
}
