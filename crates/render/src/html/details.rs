//! What the page tells beyond the Markdown report: each finding and each line of evidence for itself.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::body::Section;
use super::escape::{Ids, code, escape, linked};
use crate::json::{Evidence, Finding, Review};

/// Where names of the report lead to.
pub(super) struct Anchors {
    /// Ids of the lines of evidence, by what the report writes in code: `path:line`.
    targets: BTreeMap<String, String>,
    /// Ids of the findings, in the order of [`all_findings`].
    findings: Vec<String>,
}

impl Anchors {
    pub(super) fn of(review: &Review) -> Self {
        let mut ids = Ids::default();
        let mut targets = BTreeMap::new();
        for (source, line) in lines(review).keys() {
            let place = format!("{source}:{line}");
            let id = ids.make("line-", &place);
            targets.insert(place, id);
        }
        let findings = all_findings(review);
        let findings = findings.iter().map(|finding| ids.make("f-", &finding.id)).collect();
        Self { targets, findings }
    }

    /// The id of the element that shows what is named.
    pub(super) fn target(&self, name: &str) -> Option<&str> {
        self.targets.get(name).map(String::as_str)
    }
}

/// Every finding that is not waived, in the order of the report.
fn all_findings(review: &Review) -> Vec<&Finding> {
    review.findings.iter().chain(&review.observations).chain(&review.recommendations).collect()
}

/// Every line that proves something, with what is quoted of it.
fn lines(review: &Review) -> BTreeMap<(&str, usize), Vec<&str>> {
    let mut lines: BTreeMap<(&str, usize), Vec<&str>> = BTreeMap::new();
    let findings = all_findings(review).into_iter().map(|finding| &finding.evidence);
    let waived = review.waived.iter().map(|waived| &waived.finding.evidence);
    let successes = review.successes.iter().map(|success| &success.evidence);
    let rows = review.discrepancies.iter().map(|row| &row.evidence);
    for evidence in findings.chain(waived).chain(successes).chain(rows).flatten() {
        let quotes = lines.entry((&evidence.source, evidence.line)).or_default();
        if !quotes.contains(&evidence.quote.as_str()) {
            quotes.push(&evidence.quote);
        }
    }
    lines
}

/// One article a finding.
pub(super) fn findings(
    out: &mut String,
    sections: &mut Vec<Section>,
    review: &Review,
    anchors: &Anchors,
) {
    let all = all_findings(review);
    if all.is_empty() {
        return;
    }
    begin(out, sections, "findings-one-by-one", "Findings, One by One");
    for (finding, id) in all.iter().zip(&anchors.findings) {
        let severity = match finding.severity.as_str() {
            "critical" => "critical",
            "warning" => "warning",
            _ => "info",
        };
        let _ = write!(
            out,
            "<article id=\"{id}\">\n<h3><span class=\"v {severity}\">{severity}</span> {} \
             <a class=\"self\" href=\"#{id}\" aria-label=\"Link to this finding\">#</a></h3>\n\
             <p>{}</p>\n",
            code(&finding.subject, None),
            linked(&finding.message, |name| anchors.target(name)),
        );
        if !finding.impact.is_empty() {
            let impact = linked(&finding.impact, |_| None);
            let _ = writeln!(out, "<p class=\"soft\"><b>Impact:</b> {impact}</p>");
        }
        places(out, &finding.evidence, anchors);
        let mut facts = vec![format!("Rule {}", code(&finding.rule, None))];
        facts.extend(finding.references.iter().map(|text| escape(text)));
        if !finding.closes_with.is_empty() {
            let steps: Vec<String> =
                finding.closes_with.iter().map(|step| code(step, None)).collect();
            let word = if steps.len() == 1 { "step" } else { "steps" };
            facts.push(format!("closed by {word} {}", steps.join(", ")));
        }
        let _ = writeln!(out, "<p class=\"soft\">{}</p>\n</article>", facts.join(" · "));
    }
}

/// The places that prove something, each with its quote.
fn places(out: &mut String, evidence: &[Evidence], anchors: &Anchors) {
    if evidence.is_empty() {
        return;
    }
    out.push_str("<ul>\n");
    for place in evidence {
        let name = format!("{}:{}", place.source, place.line);
        let shown = code(&name, anchors.target(&name));
        let _ = writeln!(out, "<li>{shown} {}</li>", code(&place.quote, None));
    }
    out.push_str("</ul>\n");
}

/// One row a line of evidence, where the report's places lead to.
pub(super) fn evidence(
    out: &mut String,
    sections: &mut Vec<Section>,
    review: &Review,
    anchors: &Anchors,
) {
    let lines = lines(review);
    if lines.is_empty() {
        return;
    }
    begin(out, sections, "lines-of-evidence", "Lines of Evidence");
    out.push_str(
        "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th>Place</th><th>Text</th></tr>\
         </thead><tbody>\n",
    );
    for ((source, line), quotes) in lines {
        let name = format!("{source}:{line}");
        let quotes: Vec<String> = quotes.into_iter().map(|quote| code(quote, None)).collect();
        let _ = writeln!(
            out,
            "<tr id=\"{}\"><td>{}</td><td>{}</td></tr>",
            anchors.target(&name).unwrap_or_default(),
            code(&name, None),
            quotes.join("<br>"),
        );
    }
    out.push_str("</tbody></table></div>\n");
}

fn begin(out: &mut String, sections: &mut Vec<Section>, id: &str, title: &str) {
    let _ = writeln!(
        out,
        "<h2 id=\"{id}\">{title}<a class=\"self\" href=\"#{id}\" aria-label=\"Link to {title}\">#</a></h2>"
    );
    sections.push(Section { id: id.to_owned(), title: title.to_owned() });
}
