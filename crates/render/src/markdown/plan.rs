//! Section 6: the action plan, numbered by verb, with the SQL that carries it out.

use std::fmt::Write as _;

use super::escape::{code, fenced, sentence};
use crate::json::{PlanStep, Review};
use crate::words::count;

/// How much of what settles differences is written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repairs {
    /// All of it.
    Whole,
    /// What a reader of a report takes in; of the rest, how much it is and where it is to be had.
    Short,
}

/// Up to how many lines a repair is written out in a report.
const SHORT: usize = 60;

/// The plan's steps under their verbs.
pub(super) fn steps(out: &mut String, review: &Review, repairs: Repairs) {
    if review.plan.is_empty() {
        out.push_str("\nNothing to do.\n");
        return;
    }
    let mut verbs: Vec<&str> = Vec::new();
    for step in &review.plan {
        if !verbs.contains(&step.verb.as_str()) {
            verbs.push(&step.verb);
        }
    }
    for (number, verb) in (1..).zip(verbs) {
        let steps: Vec<&PlanStep> = review.plan.iter().filter(|step| step.verb == verb).collect();
        let _ = write!(out, "{number}.  **{}:**", sentence(verb));
        if let [only] = steps.as_slice() {
            let _ = writeln!(out, " {}", sentence(&only.title));
            body(out, only, repairs, "    ");
        } else {
            out.push('\n');
            for step in steps {
                let _ = writeln!(out, "    - {}", sentence(&step.title));
                body(out, step, repairs, "        ");
            }
        }
    }
}

/// What a step closes, asks and runs.
fn body(out: &mut String, step: &PlanStep, repairs: Repairs, indent: &str) {
    if !step.closes.is_empty() {
        let closes = count(step.closes.len(), "finding", "findings");
        // What a person must decide first closes nothing by itself.
        let word = if step.sql.trim().is_empty() { "Concerns" } else { "Closes" };
        let _ = writeln!(out, "{indent}- {word} {closes} (step {}).", code(&step.id));
    }
    for note in &step.notes {
        let _ = writeln!(out, "{indent}- {}", sentence(note));
    }
    block(out, "sql", "", &step.sql, indent);
    let (document, implementation) = (&step.repairs.document, &step.repairs.implementation);
    let both = !document.is_empty() && !implementation.is_empty();
    for (language, text, what, lead) in [
        ("diff", document, "A patch of the document", "Either the document follows:"),
        ("sql", implementation, "A migration of the implementation", "Or the implementation does:"),
    ] {
        let lines = text.lines().count();
        if repairs == Repairs::Short && lines > SHORT {
            let _ = writeln!(
                out,
                "{indent}- {what} of {lines} lines settles it: the plan on the page and `schemaward plan --format markdown` write it out."
            );
        } else {
            block(out, language, if both { lead } else { "" }, text, indent);
        }
    }
}

/// A text in a fence, if there is one, under its lead.
fn block(out: &mut String, language: &str, lead: &str, text: &str, indent: &str) {
    if text.trim().is_empty() {
        return;
    }
    if !out.ends_with("\n\n") {
        out.push('\n');
    }
    if !lead.is_empty() {
        let _ = writeln!(out, "{indent}{lead}\n");
    }
    out.push_str(&fenced(language, text, indent));
    out.push('\n');
}
