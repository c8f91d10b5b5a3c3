//! The plan as one SQL file.

use std::fmt::Write as _;

use crate::json::{PlanStep, Review};
use crate::markdown::flat;
use crate::words::count;

/// The plan's SQL in one transaction, in order, each step under a comment that says what it does.
///
/// Steps of the verb *Sync* are not in it: which side is right is for a person to say.
pub fn migration(review: &Review) -> String {
    migration_of(review, |_| true)
}

/// [`migration`] with the steps that are wanted alone.
pub fn migration_of(review: &Review, wanted: impl Fn(&PlanStep) -> bool) -> String {
    let steps: Vec<&PlanStep> =
        review.plan.iter().filter(|step| !step.sql.trim().is_empty() && wanted(step)).collect();
    let mut out = format!(
        "-- Migration for review {} of {}, made by {} {}.\n",
        flat(&review.id),
        flat(&review.date),
        flat(&review.tool.name),
        flat(&review.tool.version),
    );
    let closes: usize = steps.iter().map(|step| step.closes.len()).sum();
    if steps.is_empty() {
        out.push_str("-- No step of its plan comes with SQL: nothing to run.\n");
        return out;
    }
    let _ = writeln!(
        out,
        "-- {} closing {}. Read it, try it on a copy, then run it as the owner of the tables.",
        count(steps.len(), "step", "steps"),
        count(closes, "finding", "findings"),
    );
    out.push_str("\nBEGIN;\n");
    for step in steps {
        let _ =
            writeln!(out, "\n-- {} ({}): {}", flat(&step.verb), flat(&step.id), flat(&step.title));
        comment(&mut out, "closes", &step.closes);
        comment(&mut out, "note", &step.notes);
        out.push_str(step.sql.trim_end());
        out.push('\n');
    }
    out.push_str("\nCOMMIT;\n");
    out
}

/// Each text as a comment of its own line.
fn comment(out: &mut String, label: &str, texts: &[String]) {
    for text in texts {
        let _ = writeln!(out, "--   {label}: {}", flat(text));
    }
}
