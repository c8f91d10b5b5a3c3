//! Every rendering of one small review, and of reviews with hostile names.

use std::collections::BTreeMap;

use schemaward_render::json::{
    Control, Coverage, Discrepancy, Evidence, Finding, PlanStep, Repairs, Review, SourceName,
    Success, Table, Tool, Undecided, Unread, Waived,
};
use schemaward_render::{csv, html, json_text, markdown, migration, plan_markdown, text};

fn evidence(source: &str, line: usize) -> Vec<Evidence> {
    vec![Evidence {
        source: source.to_owned(),
        line,
        column: 1,
        end_line: line,
        end_column: 9,
        quote: "id uuid".to_owned(),
    }]
}

fn finding(rule: &str, category: &str, severity: &str, table: &str, message: &str) -> Finding {
    Finding {
        id: format!("{rule}:{table}"),
        rule: rule.to_owned(),
        category: category.to_owned(),
        severity: severity.to_owned(),
        table: Some(table.to_owned()),
        column: None,
        subject: table.to_owned(),
        message: message.to_owned(),
        impact: format!("Impact of {rule}."),
        evidence: evidence("schema.sql", 7),
        references: vec!["Supports 45 CFR 164.312(b) audit controls".to_owned()],
        closes_with: vec!["harden-1".to_owned()],
    }
}

fn step(id: &str, verb: &str, title: &str, sql: &str) -> PlanStep {
    PlanStep {
        id: id.to_owned(),
        verb: verb.to_owned(),
        title: title.to_owned(),
        closes: vec!["audit-trigger-missing:calls".to_owned()],
        raises: Vec::new(),
        sql: sql.to_owned(),
        repairs: Repairs::default(),
        alembic: String::new(),
        notes: vec!["A note on `calls`.".to_owned()],
    }
}

fn empty() -> Review {
    Review {
        schema_version: 1,
        tool: Tool { name: "schemaward".to_owned(), version: "0.0.0".to_owned() },
        id: "01ARZ3NDEKTSV4RRFFQ69G5FAV".to_owned(),
        date: "2026-01-13".to_owned(),
        status: "pass".to_owned(),
        summary: "Nothing fails.".to_owned(),
        standard: "hipaa".to_owned(),
        standard_notes: Vec::new(),
        sources: Vec::new(),
        coverage: Coverage {
            statements: 0,
            read: 0,
            irrelevant: 0,
            unread: Vec::new(),
            notes: Vec::new(),
        },
        drift: None,
        drift_skipped: Some("Only one side was given.".to_owned()),
        tables: Vec::new(),
        findings: Vec::new(),
        successes: Vec::new(),
        discrepancies: Vec::new(),
        observations: Vec::new(),
        recommendations: Vec::new(),
        undecided: Vec::new(),
        waived: Vec::new(),
        access: Vec::new(),
        identifiers: Vec::new(),
        plan: Vec::new(),
    }
}

fn full() -> Review {
    let source = |side: &str, path: &str| SourceName {
        side: side.to_owned(),
        path: path.to_owned(),
        layer: None,
    };
    let verdict = |verdict: &str| Control {
        verdict: verdict.to_owned(),
        because: "it is".to_owned(),
        evidence: Vec::new(),
    };
    let missing = |table: &str| {
        let message = format!("`{table}` has no audit trigger: nothing records who changes it.");
        finding("audit-trigger-missing", "audit", "critical", table, &message)
    };
    let flag = "`contact_methods` correctly implements `is_safe`. Ensure that it is enforced.";
    Review {
        status: "fail".to_owned(),
        summary: "Most is right. Billing is not.".to_owned(),
        sources: vec![source("documented", "doc.ddl"), source("implemented", "schema.sql")],
        coverage: Coverage {
            statements: 3,
            read: 1,
            irrelevant: 1,
            unread: vec![Unread {
                source: "schema.sql".to_owned(),
                line: 9,
                column: 1,
                text: "DO $$ … $$".to_owned(),
                reason: "it runs SQL from a string".to_owned(),
            }],
            notes: Vec::new(),
        },
        drift: None,
        drift_skipped: None,
        tables: vec![Table {
            schema: "app".to_owned(),
            name: "calls".to_owned(),
            class: "operational".to_owned(),
            because: "its name".to_owned(),
            controls: BTreeMap::from([
                ("audit".to_owned(), verdict("unmet")),
                ("primary_key".to_owned(), verdict("met")),
                ("row_security".to_owned(), verdict("undecided")),
                ("soft_delete".to_owned(), verdict("not_applicable")),
            ]),
        }],
        findings: vec![
            missing("calls"),
            missing("tasks"),
            finding("rls-not-forced", "access", "warning", "users", "`users` is not forced."),
        ],
        successes: vec![
            Success {
                rule: "contact-safety-flag".to_owned(),
                table: Some("contact_methods".to_owned()),
                subject: "contact_methods".to_owned(),
                message: flag.to_owned(),
                evidence: evidence("schema.sql", 3),
            },
            Success {
                rule: "history-unindexed".to_owned(),
                table: Some("payments".to_owned()),
                subject: "payments".to_owned(),
                message: "Index `payments(created_at DESC)`: already present, good.".to_owned(),
                evidence: evidence("schema.sql", 4),
            },
        ],
        discrepancies: vec![Discrepancy {
            kind: "nonstandard-field".to_owned(),
            entity: "Care Team".to_owned(),
            documented: "`deleted_at` (implied)".to_owned(),
            implemented: "`removed_at`".to_owned(),
            message: "Uses custom field instead of standard soft delete.".to_owned(),
            severity: "warning".to_owned(),
            evidence: [evidence("doc.ddl", 2), evidence("schema.sql", 5)].concat(),
            layers: Vec::new(),
            repairs: schemaward_render::json::Repairs::default(),
        }],
        recommendations: vec![finding(
            "policy-subquery",
            "performance",
            "info",
            "patients",
            "The policy on `patients` uses a sub-query.",
        )],
        undecided: vec![Undecided {
            rule: "primary-key-kind".to_owned(),
            table: Some("rooms".to_owned()),
            subject: "rooms.id".to_owned(),
            because: "No default is given; add it.".to_owned(),
        }],
        waived: vec![Waived {
            finding: finding("rls-missing", "access", "critical", "users", "`users` has no RLS."),
            because: "login comes first".to_owned(),
            until: Some("2026-06-30".to_owned()),
        }],
        plan: vec![
            step("harden-1", "Harden", "Add triggers to `calls`.", "CREATE TRIGGER a\n    …;"),
            step("harden-2", "Harden", "Decide who may see `tasks`.", ""),
            PlanStep {
                repairs: Repairs {
                    document:
                        "--- doc.ddl\n+++ doc.ddl\n@@ -1 +1,2 @@\n a\n+CREATE TABLE new ();\n"
                            .to_owned(),
                    implementation: "DROP TABLE new;".to_owned(),
                },
                ..step("sync-1", "Sync", "Update `doc.ddl`.", "")
            },
        ],
        ..empty()
    }
}

#[test]
fn the_report() {
    insta::assert_snapshot!(markdown(&full()));
}

#[test]
fn the_report_of_nothing() {
    insta::assert_snapshot!(markdown(&empty()));
}

#[test]
fn the_page() {
    insta::assert_snapshot!(html(&full()));
}

#[test]
fn the_page_of_nothing_holds_together() {
    let page = html(&empty());
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"));
    assert!(page.contains("<p class=\"status pass\"><b>PASS</b>"), "{page}");
    links_lead_somewhere(&page);
}

/// Every link of a page leads to an element of it, and no two elements have the same id.
#[track_caller]
fn links_lead_somewhere(page: &str) {
    let values = |attribute: &str| -> Vec<String> {
        let parts = page.split(attribute).skip(1);
        parts.filter_map(|part| part.split('"').next().map(str::to_owned)).collect()
    };
    let ids = values(" id=\"");
    let mut distinct = ids.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), ids.len(), "two elements with one id: {ids:?}");
    let links = values(" href=\"");
    assert!(!links.is_empty());
    for link in links {
        let target = link.strip_prefix('#');
        assert!(target.is_some(), "{link} leaves the page");
        assert!(ids.iter().any(|id| Some(id.as_str()) == target), "{link} leads nowhere");
    }
}

#[test]
fn the_page_links_within_itself() {
    links_lead_somewhere(&html(&full()));
}

#[test]
fn the_page_runs_nothing() {
    let names = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "`</code><svg onload=alert(1)>`",
        "</style></title><iframe src=//example.org>",
        "[x](javascript:alert(1)) ![x](http://example.org/x.png) <http://example.org>",
        "&lt;b&gt; &#60;b&#62;",
        "]]><!-- -->",
    ];
    // What the page of a harmless name consists of; a hostile one may not add a tag to it.
    let tags = |name: &str| -> Vec<String> {
        let mut review = full();
        name.clone_into(&mut review.summary);
        name.clone_into(&mut review.id);
        name.clone_into(&mut review.date);
        name.clone_into(&mut review.standard);
        name.clone_into(&mut review.tool.version);
        for source in &mut review.sources {
            name.clone_into(&mut source.path);
        }
        for found in review.findings.iter_mut().chain(&mut review.recommendations) {
            found.subject = name.to_owned();
            found.id = name.to_owned();
            found.rule = name.to_owned();
            found.message = format!("{name} fails.");
            found.references = vec![name.to_owned()];
            found.closes_with = vec![name.to_owned()];
            for place in &mut found.evidence {
                name.clone_into(&mut place.source);
                name.clone_into(&mut place.quote);
            }
        }
        for row in &mut review.discrepancies {
            name.clone_into(&mut row.entity);
            name.clone_into(&mut row.documented);
            name.clone_into(&mut row.message);
        }
        for table in &mut review.tables {
            name.clone_into(&mut table.name);
        }
        for step in &mut review.plan {
            name.clone_into(&mut step.title);
            name.clone_into(&mut step.sql);
            step.notes = vec![name.to_owned()];
        }
        let page = html(&review);
        links_lead_somewhere(&page);
        let mut tags: Vec<String> = page
            .split('<')
            .skip(1)
            .filter_map(|tag| tag.split(|char: char| !char.is_alphanumeric() && char != '/').next())
            .map(str::to_owned)
            .collect();
        tags.sort();
        tags.dedup();
        tags
    };
    let harmless = tags("harmless");
    for name in names {
        let more: Vec<String> =
            tags(name).into_iter().filter(|tag| !harmless.contains(tag)).collect();
        assert!(more.is_empty(), "{name} adds {more:?}");
    }
}

#[test]
fn the_table_for_a_spreadsheet() {
    insta::assert_snapshot!(csv(&full()));
}

#[test]
fn the_terminal() {
    insta::assert_snapshot!(text(&full(), false));
}

#[test]
fn the_migration() {
    insta::assert_snapshot!(migration(&full()));
}

#[test]
fn the_plan() {
    insta::assert_snapshot!(plan_markdown(&full()));
}

#[test]
fn json_reads_back() {
    let made = json_text(&full());
    assert!(made.ends_with("}\n") && made.starts_with("{\n  \"schema_version\": 1,"));
    let read: Review = serde_json::from_str(&made).expect("our own JSON");
    assert_eq!(read, full());
}

#[test]
fn colours_only_when_asked() {
    assert!(!text(&full(), false).contains('\u{1b}'));
    assert!(text(&full(), true).starts_with("\u{1b}[1;31mFAIL\u{1b}[0m"));
}

#[test]
fn hostile_names_stay_names() {
    let name = "x`y\n# |\u{1b}[31m<b>--\n; DROP TABLE z";
    let mut review = full();
    for found in &mut review.findings {
        name.clone_into(&mut found.subject);
        found.message = format!("{name} fails.");
    }
    for row in &mut review.discrepancies {
        name.clone_into(&mut row.entity);
        row.implemented = format!("`{name}`");
    }
    for step in &mut review.plan {
        step.title = format!("Change {name}.");
        step.notes = vec![name.to_owned()];
    }
    for shown in [markdown(&review), text(&review, false), migration(&review)] {
        assert!(!shown.contains('\u{1b}'), "{shown}");
        assert!(!shown.contains("\n# |"), "{shown}");
        assert!(!shown.contains("\n; DROP"), "{shown}");
    }
    assert!(!markdown(&review).contains("<b>") || markdown(&review).contains("\\<b\\>"));
    let table = markdown(&review);
    let row = table.lines().find(|line| line.starts_with("| **x")).expect("the row is there");
    let bars = row.replace("\\\\", "").replace("\\|", "").matches('|').count();
    assert_eq!(bars, 5, "{row}");
}
