//! From the core's review to the wire: positions become lines, origins become quotes.

use std::collections::BTreeMap;

use schemaward_catalog::{Origin, Side, Sources};
use schemaward_review as review;

use crate::json;

/// The longest quote, in Unicode scalar values.
const QUOTE_LIMIT: usize = 160;

/// The review in the shape that leaves the program.
pub fn to_json(review: &review::Review, sources: &Sources) -> json::Review {
    let edge = Edge { sources };
    json::Review {
        schema_version: json::SCHEMA_VERSION,
        tool: json::Tool {
            name: "schemaward".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        id: review.stamp.id.to_string(),
        date: review.stamp.date.clone(),
        status: review.status.word().to_owned(),
        summary: review.summary.clone(),
        standard: review.standard.clone(),
        standard_notes: review
            .standard_notes
            .iter()
            .map(|note| json::StandardNote {
                line: note.line,
                column: note.column,
                message: note.message.clone(),
            })
            .collect(),
        sources: sources
            .iter()
            .filter(|(_, source)| source.derivation.is_none())
            .map(|(_, source)| source_name(source))
            .collect(),
        coverage: edge.coverage(&review.coverage),
        drift: review.drift.as_ref().map(|whole| json::DriftSummary {
            documented: whole.documented,
            implemented: whole.implemented,
            undocumented: whole.undocumented,
            unimplemented: whole.unimplemented,
            unchanged: whole.unchanged,
            sentence: whole.sentence.clone(),
        }),
        drift_skipped: review.drift_skipped.clone(),
        tables: review.tables.iter().map(|table| edge.table(table)).collect(),
        findings: edge.findings(&review.findings),
        successes: review.successes.iter().map(|success| edge.success(success)).collect(),
        discrepancies: review.discrepancies.iter().map(|row| edge.discrepancy(row)).collect(),
        observations: edge.findings(&review.observations),
        recommendations: edge.findings(&review.recommendations),
        undecided: review.undecided.iter().map(undecided).collect(),
        waived: review.waived.iter().map(|waived| edge.waived(waived)).collect(),
        identifiers: review.identifiers.iter().map(identifier).collect(),
        access: review.access.iter().map(access).collect(),
        plan: review.plan.iter().map(plan_step).collect(),
    }
}

fn access(row: &review::Access) -> json::Access {
    json::Access {
        role: row.role.clone(),
        table: row.table.to_string(),
        command: row.command.to_owned(),
        rows: row.rows.word().to_owned(),
        predicate: row.predicate.clone(),
        through: row.through.clone(),
        because: row.because.clone(),
    }
}

/// The review as JSON text: two spaces of indentation, a newline at the end. These are the bytes
/// that the page and the command give.
pub fn json_text(review: &json::Review) -> String {
    // Only maps with keys that are no strings, and failing `Serialize` implementations, make this
    // fail; the wire types have neither.
    let mut text = serde_json::to_string_pretty(review).unwrap_or_default();
    text.push('\n');
    text
}

fn source_name(source: &schemaward_catalog::Source) -> json::SourceName {
    let side = match source.side {
        Side::Documented => "documented",
        Side::Implemented => "implemented",
    };
    json::SourceName { side: side.to_owned(), path: source.path.clone(), layer: None }
}

fn undecided(undecided: &review::Undecided) -> json::Undecided {
    json::Undecided {
        rule: undecided.rule.to_owned(),
        table: undecided.table.as_ref().map(ToString::to_string),
        subject: undecided.subject.clone(),
        because: undecided.because.clone(),
    }
}

fn identifier(found: &review::Identifier) -> json::Identifier {
    json::Identifier {
        table: found.table.to_string(),
        column: found.column.clone(),
        letter: found.letter.map(String::from),
        kind: found.kind.to_owned(),
        group: found.group.word().to_owned(),
        because: found.because.clone(),
    }
}

fn plan_step(step: &review::PlanStep) -> json::PlanStep {
    json::PlanStep {
        id: step.id.clone(),
        verb: step.verb.word().to_owned(),
        title: step.title.clone(),
        closes: step.closes.clone(),
        raises: step.raises.clone(),
        sql: step.sql.clone(),
        repairs: repairs(&step.repairs),
        alembic: String::new(),
        notes: step.notes.clone(),
    }
}

fn repairs(repairs: &review::Repairs) -> json::Repairs {
    json::Repairs {
        document: repairs.document.clone(),
        implementation: repairs.implementation.clone(),
    }
}

/// The first line of a text, shortened to [`QUOTE_LIMIT`] scalar values.
pub(crate) fn quote(text: &str) -> String {
    let line = text.trim_start().lines().next().unwrap_or_default().trim_end();
    match line.char_indices().nth(QUOTE_LIMIT) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line.to_owned(),
    }
}

/// The places of a list of evidence.
pub(crate) fn places(sources: &Sources, list: &[review::Evidence]) -> Vec<json::Evidence> {
    Edge { sources }.evidence(list)
}

/// What converting needs of the sources.
struct Edge<'a> {
    sources: &'a Sources,
}

impl Edge<'_> {
    fn evidence(&self, list: &[review::Evidence]) -> Vec<json::Evidence> {
        list.iter().filter_map(|evidence| self.place(evidence.origin)).collect()
    }

    /// The place of an origin; an origin in no source (an object PostgreSQL ships) has none.
    fn place(&self, origin: Origin) -> Option<json::Evidence> {
        let origin = self.sources.resolve(origin);
        let source = self.sources.get(origin.source)?;
        let start = source.position(origin.span.start);
        let end = source.position(origin.span.end);
        Some(json::Evidence {
            source: source.path.clone(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            quote: quote(self.sources.quote(origin)),
        })
    }

    fn unread(&self, list: &[review::Unread]) -> Vec<json::Unread> {
        list.iter()
            .filter_map(|unread| {
                let place = self.place(unread.origin)?;
                Some(json::Unread {
                    source: place.source,
                    line: place.line,
                    column: place.column,
                    text: place.quote,
                    reason: unread.reason.clone(),
                })
            })
            .collect()
    }

    fn coverage(&self, coverage: &review::Coverage) -> json::Coverage {
        json::Coverage {
            statements: coverage.statements,
            read: coverage.read,
            irrelevant: coverage.irrelevant,
            unread: self.unread(&coverage.unread),
            notes: self.unread(&coverage.notes),
        }
    }

    fn table(&self, table: &review::TableReview) -> json::Table {
        let controls = table.controls.iter().map(|(control, verdict)| {
            let verdict = json::Control {
                verdict: verdict.verdict.word().to_owned(),
                because: verdict.because.clone(),
                evidence: self.evidence(&verdict.evidence),
            };
            (control.word().to_owned(), verdict)
        });
        json::Table {
            schema: table.name.schema.clone(),
            name: table.name.name.clone(),
            class: table.class.word().to_owned(),
            because: table.because.clone(),
            controls: controls.collect::<BTreeMap<_, _>>(),
        }
    }

    fn findings(&self, list: &[review::Finding]) -> Vec<json::Finding> {
        list.iter().map(|finding| self.finding(finding)).collect()
    }

    fn finding(&self, finding: &review::Finding) -> json::Finding {
        json::Finding {
            id: finding.id.clone(),
            rule: finding.rule.to_owned(),
            category: finding.category.word().to_owned(),
            severity: finding.severity.word().to_owned(),
            table: finding.table.as_ref().map(ToString::to_string),
            column: finding.column.clone(),
            subject: finding.subject.clone(),
            message: finding.message.clone(),
            impact: finding.impact.to_owned(),
            evidence: self.evidence(&finding.evidence),
            references: finding.references.iter().map(|text| (*text).to_owned()).collect(),
            closes_with: finding.closes_with.clone(),
        }
    }

    fn success(&self, success: &review::Success) -> json::Success {
        json::Success {
            rule: success.rule.to_owned(),
            table: success.table.as_ref().map(ToString::to_string),
            subject: success.subject.clone(),
            message: success.message.clone(),
            evidence: self.evidence(&success.evidence),
        }
    }

    fn discrepancy(&self, row: &review::Discrepancy) -> json::Discrepancy {
        json::Discrepancy {
            kind: row.kind.to_owned(),
            entity: row.entity.clone(),
            documented: row.documented.clone(),
            implemented: row.implemented.clone(),
            message: row.message.clone(),
            severity: row.severity.word().to_owned(),
            evidence: self.evidence(&row.evidence),
            layers: row
                .layers
                .iter()
                .map(|(layer, value)| json::LayerValue {
                    layer: layer.word().to_owned(),
                    value: value.clone(),
                })
                .collect(),
            repairs: repairs(&row.repairs),
        }
    }

    fn waived(&self, waived: &review::Waived) -> json::Waived {
        json::Waived {
            finding: self.finding(&waived.finding),
            because: waived.because.clone(),
            until: waived.until.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_one_short_line() {
        assert_eq!(quote("\n  id uuid,\n  x"), "id uuid,");
        let long = quote(&"ä".repeat(500));
        assert_eq!(long.chars().count(), QUOTE_LIMIT + 1);
        assert!(long.ends_with('…'));
        assert_eq!(quote(""), "");
    }
}
