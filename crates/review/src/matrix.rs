//! The coverage matrix: for every table, each control's verdict, made from the rules' answers.

use std::collections::HashMap;

use schemaward_catalog::{QualifiedName, Table, TableKind};

use crate::context::{Context, is_reviewed};
use crate::review::Answered;
use crate::rules::AnswerKind;
use crate::{Class, Control, ControlVerdict, Severity, Standard, TableReview, Verdict, Waived};

/// Every table with its class and controls, the worst first.
pub(crate) fn tables(
    context: &Context<'_>,
    answered: &[Answered],
    waived: &[Waived],
) -> Vec<TableReview> {
    let mut by_table: HashMap<&QualifiedName, Vec<&Answered>> = HashMap::new();
    for answered in answered {
        if let Some(table) = &answered.answer.table {
            by_table.entry(table).or_default().push(answered);
        }
    }
    let mut ranked: Vec<_> = context
        .catalog
        .tables
        .values()
        .map(|table| {
            let answers = by_table.get(&table.name).map(Vec::as_slice).unwrap_or_default();
            (rank(answers), review_of(context, table, answers, waived))
        })
        .collect();
    ranked.sort_by(|(a_rank, a), (b_rank, b)| b_rank.cmp(a_rank).then_with(|| a.name.cmp(&b.name)));
    ranked.into_iter().map(|(_, table)| table).collect()
}

/// How bad a table is: critical findings, warnings, undecided, information.
fn rank(answers: &[&Answered]) -> (usize, usize, usize, usize) {
    let unmet = |severity: Severity| {
        answers
            .iter()
            .filter(|answered| {
                matches!(answered.answer.kind, AnswerKind::Unmet(_))
                    && answered.severity == severity
            })
            .count()
    };
    let undecided =
        answers.iter().filter(|answered| answered.answer.kind == AnswerKind::Undecided).count();
    (unmet(Severity::Critical), unmet(Severity::Warning), undecided, unmet(Severity::Info))
}

fn review_of(
    context: &Context<'_>,
    table: &Table,
    answers: &[&Answered],
    waived: &[Waived],
) -> TableReview {
    let found = context.classes.get(&table.name);
    let class = found.map_or(Class::Reference, |found| found.class);
    let controls = Control::ALL
        .into_iter()
        .map(|control| (control, judge(context, table, class, control, answers, waived)))
        .collect();
    TableReview {
        name: table.name.clone(),
        class,
        because: found.map(|found| found.because.clone()).unwrap_or_default(),
        controls,
    }
}

/// One control: unmet if any answer says so, else undecided, else met, else not applicable.
fn judge(
    context: &Context<'_>,
    table: &Table,
    class: Class,
    control: Control,
    answers: &[&Answered],
    waived: &[Waived],
) -> ControlVerdict {
    let of_control: Vec<&&Answered> =
        answers.iter().filter(|answered| answered.rule.control == Some(control)).collect();
    let of_kind = |wanted: fn(AnswerKind) -> bool| -> Vec<&Answered> {
        of_control.iter().filter(|answered| wanted(answered.answer.kind)).map(|a| **a).collect()
    };
    // What is only worth knowing does not make a control unmet.
    let mut unmet = of_kind(|kind| matches!(kind, AnswerKind::Unmet(_)));
    unmet.retain(|answered| answered.severity != Severity::Info);
    let undecided = of_kind(|kind| kind == AnswerKind::Undecided);
    let met = of_kind(|kind| matches!(kind, AnswerKind::Met | AnswerKind::Success));
    let (verdict, mut shown) = if !unmet.is_empty() {
        (Verdict::Unmet, unmet)
    } else if !undecided.is_empty() {
        (Verdict::Undecided, undecided)
    } else if !met.is_empty() {
        (Verdict::Met, met)
    } else {
        let because = not_applicable(context.standard, table, class, control);
        return ControlVerdict { verdict: Verdict::NotApplicable, because, evidence: Vec::new() };
    };
    shown.sort_by_key(|answered| answered.severity);
    let mut because: Vec<String> = Vec::new();
    let mut evidence = Vec::new();
    for answered in shown {
        let accepted = (!waived.is_empty())
            .then(|| answered.answer.id(answered.rule.id))
            .and_then(|id| waived.iter().find(|waived| waived.finding.id == id));
        because.push(match accepted {
            Some(waived) => format!("{} Waived: {}.", answered.answer.message, waived.because),
            None => answered.answer.message.clone(),
        });
        for line in &answered.answer.evidence {
            if !evidence.contains(line) {
                evidence.push(*line);
            }
        }
    }
    let separator = if verdict == Verdict::Met { ", " } else { " " };
    ControlVerdict { verdict, because: because.join(separator), evidence }
}

/// Why a control does not apply to a table.
fn not_applicable(standard: &Standard, table: &Table, class: Class, control: Control) -> String {
    if let Some(partition) = &table.partition_of {
        return format!("judged on `{}`, of which it is a partition", partition.parent);
    }
    if matches!(table.kind, TableKind::Foreign { .. }) {
        return "a foreign table: the server that holds the rows holds the controls".to_owned();
    }
    if !is_reviewed(table) {
        return "a temporary table exists in one session only".to_owned();
    }
    let class_word = class.word();
    let not_mandated = |what: &str, classes: &[Class]| {
        if classes.is_empty() {
            format!("the standard mandates no {what}")
        } else {
            let words: Vec<&str> = classes.iter().map(|class| class.word()).collect();
            format!(
                "the standard mandates {what} for {} tables; this one is {class_word}",
                words.join(", ")
            )
        }
    };
    match control {
        Control::PrimaryKey => {
            "its key is made of other keys or of what it lists, or the standard leaves it out"
                .into()
        }
        Control::Timestamps => format!("not asked of {class_word} tables"),
        Control::SoftDelete => not_mandated("soft delete", &standard.soft_delete.classes),
        Control::RowSecurity => not_mandated("row-level security", &standard.rls.classes),
        Control::Policies => "row-level security is not enabled".into(),
        Control::Audit => not_mandated("audit triggers", &standard.audit.classes),
        Control::Privacy => "nothing in it identifies a person or lets one in".into(),
        Control::Indexes => "it has no foreign key".into(),
    }
}
