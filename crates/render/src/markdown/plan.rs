//! Section 6: the action plan, numbered by verb, with the SQL that carries it out.

use std::fmt::Write as _;

use super::escape::{code, fenced, sentence};
use crate::json::{PlanStep, Review};
use crate::words::count;

/// The plan's steps under their verbs.
pub(super) fn steps(out: &mut String, review: &Review) {
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
            body(out, only, "    ");
        } else {
            out.push('\n');
            for step in steps {
                let _ = writeln!(out, "    - {}", sentence(&step.title));
                body(out, step, "        ");
            }
        }
    }
}

/// What a step closes, asks and runs.
fn body(out: &mut String, step: &PlanStep, indent: &str) {
    if !step.closes.is_empty() {
        let closes = count(step.closes.len(), "finding", "findings");
        // What a person must decide first closes nothing by itself.
        let word = if step.sql.trim().is_empty() { "Concerns" } else { "Closes" };
        let _ = writeln!(out, "{indent}- {word} {closes} (step {}).", code(&step.id));
    }
    for note in &step.notes {
        let _ = writeln!(out, "{indent}- {}", sentence(note));
    }
    let both = !step.repairs.document.is_empty() && !step.repairs.implementation.is_empty();
    block(out, "sql", "", &step.sql, indent);
    let lead = if both { "Either the document follows:" } else { "" };
    block(out, "diff", lead, &step.repairs.document, indent);
    let lead = if both { "Or the implementation does:" } else { "" };
    block(out, "sql", lead, &step.repairs.implementation, indent);
}

/// A text in a fence, if there is one, under its lead.
fn block(out: &mut String, language: &str, lead: &str, text: &str, indent: &str) {
    if text.trim().is_empty() {
        return;
    }
    out.push('\n');
    if !lead.is_empty() {
        let _ = writeln!(out, "{indent}{lead}\n");
    }
    out.push_str(&fenced(language, text, indent));
    out.push('\n');
}
