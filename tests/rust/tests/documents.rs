//! The report as a file for people: whatever names a schema has, nothing in it runs.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

use schemaward_engine::{Format, Side, Stamp, Workspace};
use ulid::Ulid;

/// A schema whose every name and text is hostile to HTML or to a spreadsheet.
const HOSTILE: &str = r#"
CREATE TABLE "<script>alert(1)</script>" (
    "=cmd|' /C calc'!A0" int PRIMARY KEY,
    "<img src=x onerror=alert(2)>" text DEFAULT '</style><script>alert(3)</script>'
);
COMMENT ON TABLE "<script>alert(1)</script>" IS '"><iframe src="javascript:alert(4)"></iframe>';
CREATE TABLE "patients`</code><b onclick=alert(5)>" (id int, "`<svg onload=alert(6)>" text);
"#;

fn rendered(format: Format) -> String {
    let mut workspace = Workspace::new();
    workspace.set_source(Side::Documented, "<b>.sql", "CREATE TABLE \"=1+1\" (\"@x\" int);");
    workspace.set_source(Side::Implemented, "\"><script>.sql", HOSTILE);
    let stamp = Stamp { id: Ulid::nil(), date: "2026-01-13".to_owned() };
    Workspace::render(&workspace.review(stamp).unwrap(), format)
}

#[test]
fn no_name_becomes_markup() {
    let html = rendered(Format::Html);
    assert!(html.contains("alert(1)"), "the names are shown");
    for markup in ["<script", "<img", "<iframe", "<svg", "<b onclick", "onerror=alert(2)>\""] {
        assert!(!html.contains(markup), "{markup} got into the document");
    }
    assert_eq!(html.matches("</style>").count(), 1);
}

#[test]
fn no_cell_becomes_a_formula() {
    let csv = rendered(Format::Csv);
    let mut rows = csv.split("\r\n").filter(|row| !row.is_empty());
    assert!(rows.next().is_some_and(|head| head.starts_with("kind,severity,entity")));
    let mut count = 0;
    for row in rows {
        count += 1;
        for cell in row.split(',') {
            let cell = cell.trim_start_matches('"');
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell} would be calculated");
        }
    }
    assert!(count > 1, "there are differences to write");
}
