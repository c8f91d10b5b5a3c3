//! # `migration-environment-dependent`
//!
//! ## What it checks
//!
//! What a revision does to tables, columns, indexes, constraints, policies and triggers does not depend on
//! what it finds: no question to the inspector or the system catalogs before a change, no `IF NOT EXISTS`, no
//! `-x` argument, no condition on rows or on the environment around a change. `DROP … IF EXISTS` is left out:
//! what is gone afterwards is gone. So are questions about types, extensions, schemas and roles, which a
//! database may share with others, and questions after the last change.
//!
//! ## Why
//!
//! A revision says what stands between two states of the schema. One that looks first accepts any state: two
//! databases at the same revision may differ, and the one that was wrong before is wrong afterwards, in
//! silence.
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
//!     if not sa.inspect(op.get_bind()).has_table("patients"):
//!         op.create_table("patients", sa.Column("id", sa.Integer(), primary_key=True))
//!
//! def downgrade():
//!     op.drop_table("patients")
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
//! ```
//!
//! ## How to fix
//!
//! Write the change without the guard. A database that needs it differs from the others: find out why, bring
//! it to the state that the revision starts from, or `alembic stamp` it.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! None.

use schemaward_catalog::code::{Guard, GuardKind};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::code::some;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "migration-environment-dependent",
    category: Category::Code,
    severity: Severity::Warning,
    title: "A revision that depends on what it finds",
    provenance: "schemaward",
    impact: "Two databases at the same revision may have different schemas.",
    references: &[],
    control: None,
    page: page!("migration_environment_dependent.rs"),
    check: Check::Schema(check),
};

/// Guards whose places a finding shows.
const SHOWN: usize = 5;

fn check(context: &Context<'_>) -> Vec<Answer> {
    let answers = context.revisions().iter().filter_map(|revision| {
        let guards: Vec<&Guard> = revision
            .guards
            .iter()
            .filter(|guard| !matches!(guard.kind, GuardKind::Surroundings | GuardKind::Drop))
            .collect();
        if guards.is_empty() {
            return None;
        }
        let asked = guards.iter().filter(|guard| guard.kind != GuardKind::Condition);
        let mut asked: Vec<&str> = asked.map(|guard| guard.what.as_str()).collect();
        asked.sort_unstable();
        asked.dedup();
        let how = match asked.is_empty() {
            true => "on a condition that its text does not decide".to_owned(),
            false => format!("on what it finds ({})", some(&asked)),
        };
        let message = format!(
            "What revision `{}` changes depends {how}: two databases may come out different.",
            revision.id
        );
        let answer =
            Answer::unmet_subject(revision.id.as_str(), message).at(revision.upgrade_origin);
        Some(guards.iter().take(SHOWN).fold(answer, |answer, guard| answer.at(guard.origin)))
    });
    answers.collect()
}
