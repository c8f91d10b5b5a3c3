//! # `migration-unsafe-add`
//!
//! ## What it checks
//!
//! A revision that adds a column to a table that an earlier one created gives the rows that are there a
//! value: the column takes NULL, or has a server default, or is generated. A column that takes NULL at first
//! is filled before `SET NOT NULL`. Tables that the same revision creates or empties have no rows.
//!
//! ## Why
//!
//! PostgreSQL refuses the statement as soon as the table has a row: the migration passes on the empty
//! database of the tests and stops the release.
//!
//! ## Example
//!
//! ```python fails
//! # file: versions/0001_patients.py
//! from alembic import op
//! import sqlalchemy as sa
//!
//! revision = "1"
//! down_revision = None
//!
//! def upgrade():
//!     op.create_table("patients", sa.Column("id", sa.Integer(), primary_key=True))
//!
//! def downgrade():
//!     op.drop_table("patients")
//!
//! # file: versions/0002_phones.py
//! from alembic import op
//! import sqlalchemy as sa
//!
//! revision = "2"
//! down_revision = "1"
//!
//! def upgrade():
//!     op.add_column("patients", sa.Column("phone", sa.Text(), nullable=False))
//!
//! def downgrade():
//!     op.drop_column("patients", "phone")
//! ```
//!
//! ```python passes
//! # file: versions/0001_patients.py
//! from alembic import op
//! import sqlalchemy as sa
//!
//! revision = "1"
//! down_revision = None
//!
//! def upgrade():
//!     op.create_table("patients", sa.Column("id", sa.Integer(), primary_key=True))
//!
//! def downgrade():
//!     op.drop_table("patients")
//!
//! # file: versions/0002_phones.py
//! from alembic import op
//! import sqlalchemy as sa
//!
//! revision = "2"
//! down_revision = "1"
//!
//! def upgrade():
//!     op.add_column("patients", sa.Column("phone", sa.Text(), nullable=True))
//!     op.execute("UPDATE patients SET phone = 'unknown'")
//!     op.alter_column("patients", "phone", nullable=False)
//!
//! def downgrade():
//!     op.drop_column("patients", "phone")
//! ```
//!
//! ## How to fix
//!
//! Add the column with a `server_default`, or as one that takes NULL; fill it; then
//! `op.alter_column(…, nullable=False)`. The default can be dropped afterwards.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! - PostgreSQL, `ALTER TABLE`: *Notes*

use schemaward_catalog::code::{AddedColumn, AddedIndex, RevisionFacts};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::code::ENOUGH;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "migration-unsafe-add",
    category: Category::Code,
    severity: Severity::Warning,
    title: "A column that refuses the rows that are there",
    provenance: "schemaward",
    impact: "The migration fails on every database with rows.",
    references: &["PostgreSQL: ALTER TABLE"],
    control: None,
    page: page!("migration_unsafe_add.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    let mut answers = Vec::new();
    for revision in context.revisions() {
        for AddedColumn { table, column, forbidden_later, origin } in &revision.unsafe_adds {
            let what = match forbidden_later {
                false => format!("adds `{table}.{column}` as NOT NULL without a default"),
                true => {
                    format!("adds `{table}.{column}` and forbids NULL before anything fills it")
                }
            };
            let message =
                format!("Revision `{}` {what}: it fails where `{table}` has rows.", revision.id);
            answers.push(
                Answer::unmet_subject(revision.id.as_str(), message)
                    .on(Some(table))
                    .column(column)
                    .at(*origin),
            );
        }
    }
    answers.extend(concurrently(context.revisions()));
    answers
}

/// Indexes that were built while writers went on.
fn concurrently(revisions: &[RevisionFacts]) -> Option<Answer> {
    let added: Vec<&AddedIndex> = revisions.iter().flat_map(|it| &it.adds_indexes).collect();
    let good: Vec<&&AddedIndex> = added.iter().filter(|index| index.concurrently).collect();
    let first = good.first()?;
    if good.len() < ENOUGH || good.len() * 10 < added.len() * 9 {
        return None;
    }
    let message = format!(
        "Indexes on tables that are there are built `CONCURRENTLY`: {} of {}.",
        good.len(),
        added.len()
    );
    Some(Answer::success_subject("Indexes", message).at(first.origin))
}
