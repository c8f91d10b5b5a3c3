//! # `migration-drops-index`
//!
//! ## What it checks
//!
//! An index that a revision created by SQL of its own, and that an operation of a later one drops, is
//! replaced: in the end an index of that name is there, or one that begins with the same keys, or a table or
//! column of it is gone. An index that SQL drops was dropped on purpose.
//!
//! ## Why
//!
//! `alembic revision --autogenerate` compares the database with the models. It does not find there what was
//! made by hand, and writes `op.drop_index` for it. Whoever does not read that line loses the index, and
//! notices when queries become slow.
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
//!     op.create_table("patients", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text()))
//!     op.execute("CREATE INDEX patients_name ON patients (lower(name))")
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
//!     op.add_column("patients", sa.Column("phone", sa.Text()))
//!     op.drop_index("patients_name", table_name="patients")
//!
//! def downgrade():
//!     op.execute("CREATE INDEX patients_name ON patients (lower(name))")
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
//!     op.create_table("patients", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text()))
//!     op.execute("CREATE INDEX patients_name ON patients (lower(name))")
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
//!     op.add_column("patients", sa.Column("phone", sa.Text()))
//!
//! def downgrade():
//!     op.drop_column("patients", "phone")
//! ```
//!
//! ## How to fix
//!
//! Create the index again in a new revision, and write it down in the model (`Index(…)` in `__table_args__`),
//! or leave it out of the comparison (`include_object` in `env.py`).
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! - Alembic, *Auto Generating Migrations*

use schemaward_catalog::code::DroppedIndex;
use schemaward_catalog::{Catalog, ConstraintKind, Index, IndexKeyKind};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::drift::canonical::canonical;
use crate::{Category, Layer, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "migration-drops-index",
    category: Category::Code,
    severity: Severity::Warning,
    title: "An index made by hand is dropped in passing",
    provenance: "schemaward",
    impact: "Queries that the index was made for read whole tables.",
    references: &["Alembic: Auto Generating Migrations"],
    control: None,
    page: page!("migration_drops_index.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    let Some(catalog) = context.layer(Layer::Migrations) else { return Vec::new() };
    let mut answers: Vec<Answer> = Vec::new();
    // The last one to drop an index is the one that it is missing for.
    for revision in context.revisions().iter().rev() {
        for dropped in &revision.drops_indexes {
            let by_hand = dropped.created_literally && !dropped.dropped_literally;
            let Some(creator) = dropped.created_by.as_ref().filter(|_| by_hand) else { continue };
            if *creator == revision.id || !misses(catalog, dropped) {
                continue;
            }
            let table = &dropped.table;
            let message = format!(
                "Revision `{}` drops the index `{}` of `{table}`, which revision `{creator}` made by \
                 SQL, and nothing replaces it.",
                revision.id, dropped.index.name
            );
            let answer = Answer::unmet_subject(table.to_string(), message)
                .on(Some(table))
                .detail(dropped.index.name.as_str())
                .at(dropped.origin)
                .at(dropped.index.origin);
            if !answers.iter().any(|it| it.table == answer.table && it.detail == answer.detail) {
                answers.push(answer);
            }
        }
    }
    answers.reverse();
    answers
}

/// Whether nothing stands for an index in the end, though what it was on is there.
fn misses(catalog: &Catalog, dropped: &DroppedIndex) -> bool {
    let Some(table) = catalog.tables.get(&dropped.table) else { return false };
    if table.indexes.iter().any(|index| index.name == dropped.index.name) {
        return false;
    }
    let keys_of = |index: &Index| -> Vec<String> {
        let keys = index.keys.iter().map(|key| match &key.key {
            IndexKeyKind::Column(name) => name.clone(),
            IndexKeyKind::Expression(expression) => canonical(expression),
        });
        keys.collect()
    };
    let wanted = keys_of(&dropped.index);
    // What a column's index was on may be gone with the column.
    let there = dropped.index.keys.iter().all(|key| match &key.key {
        IndexKeyKind::Column(name) => table.column(name).is_some(),
        IndexKeyKind::Expression(_) => true,
    });
    let by_index = table.indexes.iter().any(|index| keys_of(index).starts_with(&wanted));
    let by_key = table.constraints.iter().any(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => {
            columns.starts_with(&wanted)
        }
        _ => false,
    });
    there && !by_index && !by_key
}
