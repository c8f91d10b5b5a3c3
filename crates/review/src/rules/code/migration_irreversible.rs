//! # `migration-irreversible`
//!
//! ## What it checks
//!
//! A revision that changes the schema has a `downgrade`, and what it does on the schema that `upgrade` left
//! leads back to the one before: tables, columns with their types, defaults and nullability, constraints,
//! indexes, policies, triggers, functions and views are compared. One that raises an exception says that
//! there is no way back, and is an information. What PostgreSQL cannot take back (values of an enumeration)
//! is not asked for, nor are rows. Where five or more revisions change the schema and none of them is
//! undone, that is one finding: the project does not downgrade.
//!
//! ## Why
//!
//! The way back is needed when a release goes wrong, and that is no moment to find out that a half of it
//! is missing: what the downgrade left makes the next upgrade fail.
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
//!     op.create_index("patients_id", "patients", ["id"])
//!     op.execute("CREATE TYPE sex AS ENUM ('f', 'm')")
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
//!     op.execute("CREATE TYPE sex AS ENUM ('f', 'm')")
//!
//! def downgrade():
//!     op.drop_table("patients")
//!     op.execute("DROP TYPE sex")
//! ```
//!
//! ## How to fix
//!
//! Let `downgrade` undo what `upgrade` does, in the opposite order. Where that loses rows that cannot be made
//! again, raise an exception that says so.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! - Alembic, *Tutorial: Downgrading*

use schemaward_catalog::Origin;
use schemaward_catalog::code::{Downgrade, RevisionFacts};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::code::ENOUGH;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "migration-irreversible",
    category: Category::Code,
    severity: Severity::Warning,
    title: "The way back is missing",
    provenance: "reference review",
    impact: "A release cannot be taken back.",
    references: &[],
    control: None,
    page: page!("migration_irreversible.rs"),
    check: Check::Schema(check),
};

/// So many revisions without a way back are a habit.
const HABIT: usize = 5;

/// Differences that a sentence tells.
const SHOWN: usize = 3;

fn check(context: &Context<'_>) -> Vec<Answer> {
    let changing: Vec<&RevisionFacts> =
        context.revisions().iter().filter(|revision| revision.changes).collect();
    let undone = changing.iter().filter(|it| it.downgrade == Downgrade::Undoes).count();
    let none = changing.iter().all(|revision| {
        matches!(revision.downgrade, Downgrade::Missing | Downgrade::Empty | Downgrade::Refuses)
    });
    let mut answers = Vec::new();
    if none && changing.len() >= HABIT {
        let message = format!(
            "None of the {} revisions that change the schema has a downgrade that does anything.",
            changing.len()
        );
        let answer = Answer::unmet_subject("downgrades", message);
        answers.push(changing.iter().take(3).fold(answer, |answer, it| answer.at(place(it))));
    } else {
        answers.extend(changing.iter().filter_map(|revision| answer(revision)));
    }
    if undone >= ENOUGH && undone * 10 >= changing.len() * 9 {
        let message = format!(
            "The downgrade undoes the upgrade in {undone} of {} revisions.",
            changing.len()
        );
        let first = changing.iter().find(|it| it.downgrade == Downgrade::Undoes);
        let answer = Answer::success_subject("Downgrades", message);
        answers.push(first.iter().fold(answer, |answer, it| answer.at(place(it))));
    }
    answers.extend(names(context.revisions()));
    answers
}

/// Where the way back is, or would be.
fn place(revision: &RevisionFacts) -> Origin {
    revision.downgrade_origin.unwrap_or(revision.upgrade_origin)
}

fn answer(revision: &RevisionFacts) -> Option<Answer> {
    let id = &revision.id;
    let answer = match &revision.downgrade {
        Downgrade::Undoes => return None,
        Downgrade::Missing => {
            let message = format!("Revision `{id}` changes the schema and has no downgrade.");
            Answer::unmet_subject(id, message)
        }
        Downgrade::Empty => {
            let message = format!("The downgrade of revision `{id}` does nothing.");
            Answer::unmet_subject(id, message)
        }
        Downgrade::Refuses => {
            let message =
                format!("The downgrade of revision `{id}` refuses: it raises an exception.");
            Answer::unmet_subject(id, message).severity(Severity::Info)
        }
        Downgrade::Differs(differences) => {
            let mut shown: Vec<String> = differences.iter().take(SHOWN).cloned().collect();
            let more = differences.len().saturating_sub(SHOWN);
            if more > 0 {
                shown.push(format!("{more} more"));
            }
            let message = format!(
                "The downgrade of revision `{id}` does not undo its upgrade: {}.",
                shown.join("; ")
            );
            Answer::unmet_subject(id, message)
        }
        Downgrade::Undecided(why) => {
            let message =
                format!("whether the downgrade of revision `{id}` undoes its upgrade: {why}");
            Answer::undecided_subject(id, message)
        }
    };
    Some(answer.at(place(revision)))
}

/// A constraint that has a name can be dropped by it, in every database.
fn names(revisions: &[RevisionFacts]) -> Option<Answer> {
    let named: usize = revisions.iter().map(|revision| revision.named_constraints).sum();
    let unnamed: usize = revisions.iter().map(|revision| revision.unnamed_constraints.len()).sum();
    let all = named + unnamed;
    if named < ENOUGH || named * 10 < all * 9 {
        return None;
    }
    let first = revisions.iter().find(|revision| revision.named_constraints > 0)?;
    let message = format!(
        "Constraints have names, so that a later revision can drop them: {named} of {all}."
    );
    Some(Answer::success_subject("Constraints", message).at(first.upgrade_origin))
}
