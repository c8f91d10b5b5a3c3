//! A review: every rule's answers, sorted into what the report says.

use schemaward_catalog::{Catalog, QualifiedName, Sources};

use crate::context::Context;
use crate::directive::Directives;
use crate::facts::access::access;
use crate::plan::PlanContext;
use crate::rules::{Answer, AnswerKind, Check, RuleInfo};
use crate::standard::matches_pattern;
use crate::summary::summary;
use crate::{
    Category, CodeFacts, Coverage, Evidence, Finding, Implementation, MappedClass, Review,
    Severity, Stamp, Standard, Status, Success, Undecided, Waived, drift, layer, matrix, plan,
    rules,
};

/// What a review is made from.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    /// The schema the owners documented: text that says everything, or models.
    pub documented: Option<Implementation<'a>>,
    /// The schema that was built, as each layer tells it: at most once a layer, none when only a
    /// document was given. The effective one (the database, else the migrations, else the models)
    /// is reviewed and compared with the document; all are compared with each other.
    pub layers: &'a [Implementation<'a>],
    /// The classes of the models; empty when none were given.
    pub classes: &'a [MappedClass],
    /// The texts behind both.
    pub sources: &'a Sources,
    /// The mandates.
    pub standard: &'a Standard,
    /// What was read of the texts.
    pub coverage: Coverage,
    /// Who asked, and when.
    pub stamp: Stamp,
}

/// Reviews the implemented schema, or the documented one where no other was given.
///
/// The same input gives the same review; nothing here reads a clock or iterates in random order.
pub fn review(input: &Input<'_>) -> Review {
    review_with_code(input, CodeFacts::default())
}

/// The same, with what the program says beside the schema it makes: the rules on code judge that.
pub fn review_with_code(input: &Input<'_>, code: CodeFacts<'_>) -> Review {
    let empty = Catalog::new();
    let implemented = layer::effective(input.layers).map(|found| found.catalog);
    let documented = input.documented.map(|found| found.catalog);
    let catalog = implemented.or(documented).unwrap_or(&empty);
    let directives = Directives::of(catalog);
    let context = Context::new(catalog, input.standard, &directives).with_code(code, input.layers);

    let mut coverage = input.coverage.clone();
    coverage.notes.extend(directives.notes.iter().cloned());

    let answered = answers(&context);
    let waivers =
        Waivers { standard: input.standard, directives: &directives, stamp: &input.stamp };
    let mut findings = Vec::new();
    let mut accepted = Vec::new();
    let mut successes = Vec::new();
    let mut undecided = Vec::new();
    for Answered { rule, severity, answer } in &answered {
        match answer.kind {
            AnswerKind::Met => {}
            AnswerKind::Success => successes.push(Success {
                rule: rule.id,
                table: answer.table.clone(),
                subject: answer.subject.clone(),
                message: answer.message.clone(),
                evidence: answer.evidence.clone(),
            }),
            AnswerKind::Undecided => undecided.push(Undecided {
                rule: rule.id,
                critical: *severity == Severity::Critical,
                table: answer.table.clone(),
                subject: answer.subject.clone(),
                because: answer.message.clone(),
            }),
            AnswerKind::Unmet(_) => {
                let mut finding = finding(rule, *severity, answer);
                match waivers.find(&finding) {
                    Some(waiver) if waiver.past => {
                        let until = waiver.until.as_deref().unwrap_or_default();
                        finding.message = format!(
                            "{} A waiver of this ended on {until} (\u{201c}{}\u{201d}).",
                            finding.message, waiver.because
                        );
                        findings.push(finding);
                    }
                    Some(waiver) => accepted.push(Waived {
                        finding,
                        because: waiver.because,
                        until: waiver.until,
                    }),
                    None => findings.push(finding),
                }
            }
        }
    }
    // The registry's order is the report's order; a stable sort keeps it within a severity.
    findings.sort_by_key(|finding| finding.severity);
    number_twins(&mut findings);

    let drift::Drifted { rows: discrepancies, summary: whole, settlements } =
        drift::discrepancies(input);
    let plan_context = PlanContext {
        catalog,
        settlements: &settlements,
        standard: input.standard,
        sources: input.sources,
        classes: &context.classes,
        reviewed: &context,
    };
    let plan = plan::plan(&plan_context, &mut findings, &discrepancies);
    let tables = matrix::tables(&context, &answered, &accepted);
    let status = status(input, catalog, &findings, &undecided, &discrepancies);

    let (observations, findings): (Vec<Finding>, Vec<Finding>) =
        findings.into_iter().partition(|finding| finding.category == Category::Code);
    let (recommendations, findings): (Vec<Finding>, Vec<Finding>) =
        findings.into_iter().partition(|finding| finding.category == Category::Performance);
    let mut review = Review {
        stamp: input.stamp.clone(),
        standard: input.standard.name.clone(),
        standard_notes: crate::standard::notes(input.standard, catalog, &directives),
        status,
        summary: String::new(),
        coverage,
        drift: whole,
        drift_skipped: drift_skipped(input),
        tables,
        observations,
        recommendations,
        findings,
        successes,
        discrepancies,
        undecided,
        waived: accepted,
        identifiers: crate::identifiers::listed(&context.identifiers),
        access: access(&context),
        plan,
    };
    review.summary = summary(&review, context.tables().count(), input.sources);
    review
}

/// An answer with its rule and the severity under the standard.
pub(crate) struct Answered {
    /// The rule that answered.
    pub(crate) rule: &'static RuleInfo,
    /// What a defect counts as.
    pub(crate) severity: Severity,
    /// What it answered.
    pub(crate) answer: Answer,
}

/// Asks every rule that is not switched off; the answers come in the order of the registry, and of
/// the tables within a rule.
fn answers(context: &Context<'_>) -> Vec<Answered> {
    let mut asked: Vec<(&'static RuleInfo, Severity, Vec<Answer>)> = rules::rules()
        .iter()
        .filter_map(|rule| {
            let severity = context.standard.severity(rule.id, rule.severity)?;
            let answers = match rule.check {
                Check::Schema(check) => check(context),
                Check::Table(_) => Vec::new(),
            };
            Some((rule, severity, answers))
        })
        .collect();
    // Table by table: what one rule read of a table is at hand for the next one.
    for table in context.tables() {
        for (rule, _, answers) in &mut asked {
            if let Check::Table(check) = rule.check {
                answers.extend(check(context, table));
            }
        }
    }
    let mut all = Vec::with_capacity(asked.iter().map(|(_, _, answers)| answers.len()).sum());
    for (rule, severity, answers) in asked {
        let chosen = context.standard.rules.contains_key(rule.id);
        all.extend(answers.into_iter().map(|answer| {
            // An answer's own severity is relative to the default; the owners' choice overrules it.
            let severity = match answer.kind {
                AnswerKind::Unmet(Some(own)) if !chosen => own,
                _ => severity,
            };
            Answered { rule, severity, answer }
        }));
    }
    all
}

fn finding(rule: &RuleInfo, severity: Severity, answer: &Answer) -> Finding {
    let mut evidence: Vec<Evidence> = answer.evidence.clone();
    evidence.dedup();
    Finding {
        id: answer.id(rule.id),
        rule: rule.id,
        category: rule.category,
        severity,
        table: answer.table.clone(),
        column: answer.column.clone(),
        subject: answer.subject.clone(),
        message: answer.message.clone(),
        impact: rule.impact,
        evidence,
        references: rule.references,
        closes_with: Vec::new(),
    }
}

/// Ids are unique: the second of two findings on one subject gets a number.
fn number_twins(findings: &mut [Finding]) {
    let mut seen = std::collections::BTreeMap::<String, u32>::new();
    for finding in findings {
        let count = seen.entry(finding.id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            finding.id = format!("{}#{count}", finding.id);
        }
    }
}

struct Waivers<'a> {
    standard: &'a Standard,
    directives: &'a Directives,
    stamp: &'a Stamp,
}

struct Found {
    because: String,
    until: Option<String>,
    past: bool,
}

impl Waivers<'_> {
    /// The waiver of a finding: one that holds before one that is past.
    fn find(&self, finding: &Finding) -> Option<Found> {
        let own;
        let name = if let Some(table) = &finding.table {
            table
        } else {
            own = match finding.subject.split_once('.') {
                Some((schema, name)) => QualifiedName::new(schema, name),
                None => QualifiedName::new("public", finding.subject.as_str()),
            };
            &own
        };
        let from_standard = self
            .standard
            .waivers
            .iter()
            .filter(|waiver| waiver.rule == finding.rule)
            .filter(|waiver| {
                waiver.table.as_deref().is_none_or(|pattern| matches_pattern(pattern, name))
            })
            .map(|waiver| (&waiver.because, &waiver.until));
        let from_comment = self
            .directives
            .waivers
            .iter()
            .filter(|(table, waiver)| {
                Some(table) == finding.table.as_ref() && waiver.rule == finding.rule
            })
            .map(|(_, waiver)| (&waiver.because, &waiver.until));
        from_standard
            .chain(from_comment)
            .map(|(because, until)| Found {
                because: because.clone(),
                // Dates of this form compare as text; the last day still counts.
                past: until.as_ref().is_some_and(|until| self.stamp.date > *until),
                until: until.clone(),
            })
            .min_by_key(|found| found.past)
    }
}

/// The status, as the standard's document defines it. A review that saw no table has shown nothing,
/// and so does not pass without a warning.
fn status(
    input: &Input<'_>,
    catalog: &Catalog,
    findings: &[Finding],
    undecided: &[Undecided],
    discrepancies: &[crate::Discrepancy],
) -> Status {
    let severities = || {
        let of_findings = findings.iter().map(|finding| finding.severity);
        of_findings.chain(discrepancies.iter().map(|row| row.severity))
    };
    let unread = !input.coverage.unread.is_empty()
        || input
            .documented
            .iter()
            .chain(input.layers)
            .any(|found| !found.catalog.blind_spots.is_empty());
    if severities().any(|severity| severity == Severity::Critical) {
        Status::Fail
    } else if severities().any(|severity| severity == Severity::Warning)
        || undecided.iter().any(|undecided| undecided.critical)
        || unread
        || catalog.tables.is_empty()
    {
        Status::PassWithWarnings
    } else {
        Status::Pass
    }
}

fn drift_skipped(input: &Input<'_>) -> Option<String> {
    let why = match (input.documented, input.layers) {
        (Some(_), [_, ..]) | (None, [_, _, ..]) => return None,
        (None, [_]) => {
            "Only the implemented schema was given; add the documented one to see where they differ."
        }
        (Some(_), []) => {
            "Only the documented schema was given, and was reviewed as if it were implemented; add \
             the implemented one to see where they differ."
        }
        (None, []) => "No schema was given.",
    };
    Some(why.to_owned())
}
