//! # `migration-chain`
//!
//! ## What it checks
//!
//! The revisions make one chain: a single head, every revision that one follows or depends on among the
//! files, no circle, no identifier used twice. Several heads are an information where each has a branch label
//! of its own, since `upgrade LABEL@head` then knows where to go. A revision that follows one that was not
//! given is left undecided where no first revision was given either: then a part of the chain was.
//!
//! ## Why
//!
//! `alembic upgrade head` stops where it does not know which head is meant, and where a revision is
//! missing. Which of two files with one identifier runs depends on the order of their names.
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
//!     op.add_column("patients", sa.Column("phone", sa.Text()))
//!
//! def downgrade():
//!     op.drop_column("patients", "phone")
//!
//! # file: versions/0002_names.py
//! from alembic import op
//! import sqlalchemy as sa
//!
//! revision = "3"
//! down_revision = "1"
//!
//! def upgrade():
//!     op.add_column("patients", sa.Column("name", sa.Text()))
//!
//! def downgrade():
//!     op.drop_column("patients", "name")
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
//!     op.add_column("patients", sa.Column("phone", sa.Text()))
//!
//! def downgrade():
//!     op.drop_column("patients", "phone")
//!
//! # file: versions/0003_names.py
//! from alembic import op
//! import sqlalchemy as sa
//!
//! revision = "3"
//! down_revision = "2"
//!
//! def upgrade():
//!     op.add_column("patients", sa.Column("name", sa.Text()))
//!
//! def downgrade():
//!     op.drop_column("patients", "name")
//! ```
//!
//! ## How to fix
//!
//! Two heads: `alembic merge heads`, or let one revision follow the other where neither has been run yet. A
//! missing revision: bring its file back; where it was removed on purpose, let the next one follow the one
//! before it, and `alembic stamp` the databases.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! - Alembic, *Working with Branches*

use std::collections::BTreeSet;

use schemaward_catalog::code::{ChainProblem, ChainProblemKind, MigrationFacts, RevisionFacts};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::code::{ENOUGH, some};
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "migration-chain",
    category: Category::Code,
    severity: Severity::Critical,
    title: "The chain of revisions is broken",
    provenance: "schemaward",
    impact: "`alembic upgrade head` fails, or does not run all revisions.",
    references: &["Alembic: Working with Branches"],
    control: None,
    page: page!("migration_chain.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    let Some(migrations) = context.code.migrations else { return Vec::new() };
    let undecided = |id: &str| {
        migrations.problems.iter().any(|problem| {
            problem.kind == ChainProblemKind::Undecided
                && problem.revisions.iter().any(|other| other == id)
        })
    };
    let based = migrations.revisions.iter().any(|it| it.down.is_empty() && !undecided(&it.id));
    let mut answers: Vec<Answer> =
        migrations.problems.iter().filter_map(|it| answer(migrations, it, based)).collect();
    if let (true, [head]) = (answers.is_empty(), migrations.heads.as_slice())
        && let Some(last) = migrations.revisions.iter().find(|it| it.id == *head)
        && migrations.revisions.len() >= ENOUGH
    {
        let message = format!(
            "One chain of {} revisions with one head, `{head}`.",
            migrations.revisions.len()
        );
        answers.push(Answer::success_subject("Chain", message).at(last.origin));
    }
    answers
}

fn answer(migrations: &MigrationFacts, problem: &ChainProblem, based: bool) -> Option<Answer> {
    let first = problem.revisions.first().map_or("revisions", String::as_str);
    let named = |names: &[String]| {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        some(&names)
    };
    let answer = match problem.kind {
        ChainProblemKind::SeveralHeads => {
            // Where the chain is torn, the ends of its parts are no heads of their own.
            let tears = migrations.problems.iter().filter(|it| {
                !matches!(
                    it.kind,
                    ChainProblemKind::SeveralHeads
                        | ChainProblemKind::MissingDependency
                        | ChainProblemKind::Duplicate
                )
            });
            if problem.revisions.len() <= tears.count() + 1 {
                return None;
            }
            let heads = named(&problem.revisions);
            if labelled(&migrations.revisions, &problem.revisions) {
                let message = format!(
                    "The branches end in heads of their own: {heads}. Each has a label, so that \
                     `upgrade LABEL@head` knows its way; `upgrade head` does not."
                );
                Answer::unmet_subject("heads", message).severity(Severity::Info)
            } else {
                let message = format!(
                    "There are {} heads: {heads}. `alembic upgrade head` does not know which one \
                     is meant.",
                    problem.revisions.len()
                );
                Answer::unmet_subject("heads", message)
            }
        }
        ChainProblemKind::MissingDown | ChainProblemKind::MissingDependency => {
            let missing = problem.revisions.get(1).map_or("", String::as_str);
            let follows = match problem.kind {
                ChainProblemKind::MissingDown => "follows",
                _ => "depends on",
            };
            if based {
                let message =
                    format!("Revision `{first}` {follows} `{missing}`, which no file holds.");
                Answer::unmet_subject(first, message)
            } else {
                let message = format!(
                    "revision `{first}` {follows} `{missing}`, which was not given, nor was the \
                     first revision; the whole folder of versions would settle it"
                );
                Answer::undecided_subject(first, message)
            }
        }
        ChainProblemKind::Cycle => {
            let message = match problem.revisions.as_slice() {
                [_] => format!("Revision `{first}` names itself as the one it follows."),
                names => format!("Revisions follow each other in a circle: {}.", named(names)),
            };
            Answer::unmet_subject(first, message)
        }
        ChainProblemKind::Duplicate => {
            let message = format!(
                "{} files say that they are revision `{first}`; Alembic runs one of them.",
                problem.origins.len()
            );
            Answer::unmet_subject(first, message)
        }
        ChainProblemKind::Undecided => {
            let message = match problem.revisions.first() {
                Some(id) => format!(
                    "which revisions `{id}` follows is not known; plain strings would settle it"
                ),
                None => "which revision a file is is not known; a plain string would settle it"
                    .to_owned(),
            };
            Answer::undecided_subject(first, message)
        }
    };
    Some(problem.origins.iter().fold(answer, |answer, origin| answer.at(*origin)))
}

/// Whether every head is reached by a label that no other one is.
fn labelled(revisions: &[RevisionFacts], heads: &[String]) -> bool {
    let labels: Vec<BTreeSet<&str>> = heads.iter().map(|head| of_branch(revisions, head)).collect();
    labels.iter().enumerate().all(|(at, own)| {
        own.iter().any(|label| {
            labels.iter().enumerate().all(|(other, set)| other == at || !set.contains(label))
        })
    })
}

/// The labels of a revision and of those it follows.
fn of_branch<'a>(revisions: &'a [RevisionFacts], head: &'a str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::from([head]);
    let mut open = vec![head];
    let mut labels = BTreeSet::new();
    while let Some(id) = open.pop() {
        let Some(revision) = revisions.iter().find(|revision| revision.id == id) else { continue };
        labels.extend(revision.labels.iter().map(String::as_str));
        open.extend(revision.down.iter().map(String::as_str).filter(|down| seen.insert(down)));
    }
    labels
}
