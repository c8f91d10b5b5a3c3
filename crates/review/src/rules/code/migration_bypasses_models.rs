//! # `migration-bypasses-models`
//!
//! ## What it checks
//!
//! Where a revision writes a table as SQL, what comes out is what its class says: the same columns, of the
//! same types, which take NULL or do not. Whether SQL or an operation makes the table, a server default does
//! not contradict the class: it makes no other kind of key than the class does, and is no other constant.
//! A server default that the class does not mention contradicts nothing.
//!
//! ## Why
//!
//! SQL by hand passes by everything that the classes know: their mixins, their types, their defaults. What it
//! leaves out is missing in the database, while the code reads as if it were there.
//!
//! ## Example
//!
//! ```python fails
//! # file: models.py
//! import uuid
//! from sqlalchemy import String, text
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//!
//! class Base(DeclarativeBase):
//!     pass
//!
//! class Invoice(Base):
//!     __tablename__ = "invoices"
//!     id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
//!     number: Mapped[str] = mapped_column(String(20))
//!     open: Mapped[bool] = mapped_column(default=True)
//!
//! # file: versions/0001_invoices.py
//! from alembic import op
//!
//! revision = "1"
//! down_revision = None
//!
//! def upgrade():
//!     op.execute("CREATE TABLE invoices (id uuid PRIMARY KEY, number text, open boolean NOT NULL DEFAULT false)")
//!
//! def downgrade():
//!     op.drop_table("invoices")
//! ```
//!
//! ```python passes
//! # file: models.py
//! import uuid
//! from sqlalchemy import String, text
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//!
//! class Base(DeclarativeBase):
//!     pass
//!
//! class Invoice(Base):
//!     __tablename__ = "invoices"
//!     id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
//!     number: Mapped[str] = mapped_column(String(20))
//!     open: Mapped[bool] = mapped_column(default=True)
//!
//! # file: versions/0001_invoices.py
//! from alembic import op
//! import sqlalchemy as sa
//!
//! revision = "1"
//! down_revision = None
//!
//! def upgrade():
//!     op.create_table(
//!         "invoices",
//!         sa.Column("id", sa.Uuid(), primary_key=True),
//!         sa.Column("number", sa.String(20), nullable=False),
//!         sa.Column("open", sa.Boolean(), nullable=False),
//!     )
//!
//! def downgrade():
//!     op.drop_table("invoices")
//! ```
//!
//! ## How to fix
//!
//! Let Alembic write the revision from the models (`alembic revision --autogenerate`), or bring SQL and class
//! together in a new one.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! None.

use std::collections::BTreeMap;

use schemaward_catalog::code::{RevisionFacts, RunStatement};
use schemaward_catalog::{Catalog, Column, Expression, ModelClass, Origin, Table};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::drift::canonical::canonical_default;
use crate::drift::types::same_type;
use crate::facts::code::{key_kind, tabled};
use crate::facts::expression::bare;
use crate::facts::key::{Generator, of_expression};
use crate::{Category, Layer, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "migration-bypasses-models",
    category: Category::Code,
    severity: Severity::Warning,
    title: "SQL of a revision contradicts the model",
    provenance: "reference review",
    impact: "The database is not what the classes say it is.",
    references: &[],
    control: None,
    page: page!("migration_bypasses_models.rs"),
    check: Check::Schema(check),
};

/// Contradictions that a finding tells and shows.
const SHOWN: usize = 4;

fn check(context: &Context<'_>) -> Vec<Answer> {
    let (Some(models), Some(migrations)) =
        (context.layer(Layer::Models), context.layer(Layer::Migrations))
    else {
        return Vec::new();
    };
    let mut answers = Vec::new();
    for class in tabled(context) {
        let Some(name) = &class.table else { continue };
        let (Some(modelled), Some(migrated)) =
            (models.tables.get(name), migrations.tables.get(name))
        else {
            continue;
        };
        let pair = Pair { class, models, modelled, migrations, migrated };
        // The last one to create it made the table that is there.
        let creator = context.revisions().iter().rev().find_map(|revision| {
            let created = revision.creates.iter().find(|created| created.table == *name)?;
            Some((revision, created))
        });
        let mut found: Vec<(Option<&RevisionFacts>, String, Origin)> = Vec::new();
        if let Some((revision, created)) = creator.filter(|(_, created)| created.literal) {
            let missing = pair.missing(created.origin);
            found.extend(missing.into_iter().map(|(what, at)| (Some(revision), what, at)));
        }
        for (column, migrated) in pair.columns() {
            let literal = made_by(context.revisions(), migrated.origin)
                .filter(|(_, statement)| statement.literal);
            if let Some((revision, _)) = literal {
                let differs = pair.differs(column, migrated);
                found.extend(differs.map(|what| (Some(revision), what, migrated.origin)));
            }
            if let Some((what, at)) = pair.default(context, column, migrated) {
                found.push((made_by(context.revisions(), at).map(|(it, _)| it), what, at));
            }
        }
        // One finding a revision and table.
        let mut revisions: Vec<Option<&str>> = Vec::new();
        for (revision, _, _) in &found {
            let id = revision.map(|revision| revision.id.as_str());
            if !revisions.contains(&id) {
                revisions.push(id);
            }
        }
        for id in revisions {
            let of_it: Vec<&(Option<&RevisionFacts>, String, Origin)> = found
                .iter()
                .filter(|(revision, _, _)| revision.map(|it| it.id.as_str()) == id)
                .collect();
            let mut shown: Vec<&str> =
                of_it.iter().take(SHOWN).map(|(_, what, _)| what.as_str()).collect();
            let more = format!("{} more", of_it.len().saturating_sub(SHOWN));
            if of_it.len() > SHOWN {
                shown.push(&more);
            }
            let who = id.map_or("A revision".to_owned(), |id| format!("Revision `{id}`"));
            let message = format!(
                "{who} contradicts the class `{}` of `{name}`: {}.",
                class.name,
                shown.join("; ")
            );
            let mut answer = Answer::unmet_subject(name.to_string(), message).on(Some(name));
            if let Some(id) = id {
                answer = answer.detail(id);
            }
            let answer =
                of_it.iter().take(SHOWN).fold(answer, |answer, (_, _, origin)| answer.at(*origin));
            answers.push(answer.at(class.origin));
        }
    }
    answers
}

/// The revision whose statement has made something, and the statement.
fn made_by(revisions: &[RevisionFacts], origin: Origin) -> Option<(&RevisionFacts, &RunStatement)> {
    revisions.iter().find_map(|revision| {
        let statements = &revision.statements;
        let at = statements.binary_search_by_key(&origin.source, |it| it.source).ok()?;
        Some((revision, statements.get(at)?))
    })
}

/// A table as the models and as the migrations make it.
struct Pair<'a> {
    class: &'a ModelClass,
    models: &'a Catalog,
    modelled: &'a Table,
    migrations: &'a Catalog,
    migrated: &'a Table,
}

impl<'a> Pair<'a> {
    /// The columns that both have.
    fn columns(&self) -> impl Iterator<Item = (&'a Column, &'a Column)> {
        let migrated = self.migrated;
        self.modelled
            .columns
            .iter()
            .filter_map(move |column| Some((column, migrated.column(&column.name)?)))
    }

    /// The columns that one of them lacks.
    fn missing(&self, created: Origin) -> Vec<(String, Origin)> {
        let lacks = |table: &Table, column: &Column| table.column(&column.name).is_none();
        let of_model = self.modelled.columns.iter().filter(|it| lacks(self.migrated, it));
        let of_table = self.migrated.columns.iter().filter(|it| lacks(self.modelled, it));
        of_model
            .map(|column| (format!("it lacks the column `{}`", column.name), created))
            .chain(of_table.map(|column| {
                (format!("the class has no column `{}`", column.name), column.origin)
            }))
            .collect()
    }

    /// What of a column's type and nullability differs.
    fn differs(&self, modelled: &Column, migrated: &Column) -> Option<String> {
        let name = &modelled.name;
        if !same_type(self.models, &modelled.data_type, self.migrations, &migrated.data_type) {
            return Some(format!(
                "`{name}` is `{}`, not `{}`",
                migrated.data_type, modelled.data_type
            ));
        }
        match (migrated.nullable, modelled.nullable) {
            (true, false) => Some(format!("`{name}` takes NULL")),
            (false, true) => Some(format!("`{name}` does not take NULL")),
            _ => None,
        }
    }

    /// A default of the server that contradicts what the class says.
    fn default(
        &self,
        context: &Context<'_>,
        modelled: &Column,
        migrated: &Column,
    ) -> Option<(String, Origin)> {
        let default = migrated.default.as_ref()?;
        let name = &modelled.name;
        let same = BTreeMap::new();
        let base = &modelled.data_type.name;
        let of_server = |default: &Expression| canonical_default(default, &same, base);
        if let Some(own) = &modelled.default {
            let differs = of_server(own) != of_server(default);
            let what = format!("`{name}` defaults to `{}`, not `{}`", default.text, own.text);
            return differs.then_some((what, default.origin));
        }
        let attributes = &self.class.attributes;
        let attribute = attributes.iter().find(|it| it.column.as_ref() == Some(name))?;
        let own = attribute.default.as_ref()?;
        let what = format!(
            "`{name}` defaults to `{}`, where the program fills in `{}`",
            default.text, own.text
        );
        let differs = match own.generator.and_then(key_kind) {
            Some(kind) => {
                matches!(
                    of_expression(self.migrations, context.standard, default),
                    Generator::Kind { kind: other, .. } if other != kind
                )
            }
            None => constant(&own.text).is_some_and(|own| {
                let other = default.ast.as_deref().and_then(|ast| constant(&bare(ast).to_string()));
                other.is_some_and(|other| own != other)
            }),
        };
        differs.then_some((what, default.origin))
    }
}

/// A constant of Python or SQL, in a spelling that both share.
fn constant(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    if matches!(lower.as_str(), "true" | "false") {
        return Some(lower);
    }
    if let Ok(number) = text.parse::<f64>() {
        return Some(number.to_string());
    }
    let quoted = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    quoted('\'').or_else(|| quoted('"')).map(|inner| match inner {
        // The spellings of truth that PostgreSQL takes.
        "t" | "true" => "true".to_owned(),
        "f" | "false" => "false".to_owned(),
        other => other.parse::<f64>().map_or_else(|_| format!("'{other}'"), |it| it.to_string()),
    })
}
