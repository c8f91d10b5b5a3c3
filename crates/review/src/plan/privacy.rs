//! Which steps together protect what identifies people.

use std::collections::BTreeSet;

use schemaward_catalog::QualifiedName;

use super::{Draft, Findings, PlanContext, Protection};
use crate::Verb;
use crate::rules::unprotected;

/// What the table of each finding on unprotected columns lacks.
pub(super) fn lacking(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
) -> BTreeSet<(QualifiedName, Protection)> {
    let tables = findings.by_table(context.catalog, &["phi-unprotected"]);
    tables
        .into_iter()
        .flat_map(|(table, _)| {
            let lacks = unprotected(context.reviewed, table);
            let access = lacks.access.then_some(Protection::Access);
            let audit = lacks.audit.then_some(Protection::Audit);
            access.into_iter().chain(audit).map(|what| (table.name.clone(), what))
        })
        .collect()
}

/// Lets the last of the steps that protect a table close its finding; where one of them is still a
/// question, that step bears it.
pub(super) fn close(context: &PlanContext<'_>, findings: &Findings<'_>, drafts: &mut Vec<Draft>) {
    let lacking = lacking(context, findings);
    let mut open = Draft::new(Verb::Harden);
    let mut undecided = Vec::new();
    for (table, found) in findings.by_table(context.catalog, &["phi-unprotected"]) {
        let needs: Vec<_> = [Protection::Access, Protection::Audit]
            .into_iter()
            .filter_map(|what| lacking.get(&(table.name.clone(), what)))
            .collect();
        let step = |need: &(QualifiedName, Protection)| {
            drafts.iter().position(|draft| draft.protects.contains(need))
        };
        let steps: Option<Vec<usize>> = needs.iter().map(|need| step(need)).collect();
        let asking =
            drafts.iter().position(|draft| needs.iter().any(|need| draft.asks.contains(*need)));
        let last = steps.and_then(|steps| steps.into_iter().max()).or(asking);
        if let Some(draft) = last.and_then(|last| drafts.get_mut(last)) {
            draft.close(&found);
        } else {
            open.close(&found);
            undecided.push(table.name.to_string());
        }
    }
    open.note(
        "Their columns tell of people. Should the rows be protected where they are, or the columns \
         move to a table that is? A column that was recognised wrongly can say so in its comment.",
    );
    drafts.extend(open.finished(format!("Decide how {} are protected.", super::named(&undecided))));
}
