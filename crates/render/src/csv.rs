//! The discrepancy table as CSV.

use crate::json::{Discrepancy, Evidence, Review};
use crate::markdown::flat;

const HEAD: [&str; 9] = [
    "kind",
    "severity",
    "entity",
    "documented",
    "implemented",
    "discrepancy",
    "documented_at",
    "implemented_at",
    "layers",
];

/// The discrepancy table, one record a row under a record of names: RFC 4180, UTF-8, lines ended by
/// CRLF.
///
/// A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@` or a tab for a formula, whatever its
/// quotes. Names are chosen by whoever wrote the schema, so such a cell gets an apostrophe in front,
/// which spreadsheets show as text.
pub fn csv(review: &Review) -> String {
    let mut out = String::new();
    record(&mut out, &HEAD.map(str::to_owned));
    for row in &review.discrepancies {
        record(
            &mut out,
            &[
                row.kind.clone(),
                row.severity.clone(),
                row.entity.clone(),
                row.documented.clone(),
                row.implemented.clone(),
                row.message.clone(),
                places(review, "documented", &row.evidence),
                places(review, "implemented", &row.evidence),
                layers(row),
            ],
        );
    }
    out
}

/// The places on one side, `path:line`.
fn places(review: &Review, side: &str, evidence: &[Evidence]) -> String {
    let on_side = |place: &&Evidence| {
        review.sources.iter().any(|source| source.side == side && source.path == place.source)
    };
    let places = evidence.iter().filter(on_side);
    let places: Vec<String> =
        places.map(|place| format!("{}:{}", place.source, place.line)).collect();
    places.join("; ")
}

fn layers(row: &Discrepancy) -> String {
    let layers = row.layers.iter().map(|layer| format!("{}: {}", layer.layer, layer.value));
    layers.collect::<Vec<_>>().join("; ")
}

fn record(out: &mut String, cells: &[String; HEAD.len()]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push_str(&quoted(&unarmed(&flat(cell))));
    }
    out.push_str("\r\n");
}

/// The text with an apostrophe before what a spreadsheet would calculate.
fn unarmed(text: &str) -> String {
    // The full-width forms are folded to the plain ones by spreadsheets of East Asian locales.
    const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    match text.starts_with(FORMULA) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

/// The text in quotes where RFC 4180 asks for them.
fn quoted(text: &str) -> String {
    match text.contains([',', '"', '\r', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(quoted(&unarmed(&flat(text))), expect);
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        check("plain `name`", "plain `name`");
        check("numeric(10, 2)", "\"numeric(10, 2)\"");
        check("a \"b\"", "\"a \"\"b\"\"\"");
        check("two\r\nlines", "two lines");
    }

    #[test]
    fn no_cell_is_a_formula() {
        check("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0");
        check("@SUM(1,2)", "\"'@SUM(1,2)\"");
        check("\t+1", "'+1");
        check("-1", "'-1");
        check("＝1", "'＝1");
        check("a=b", "a=b");
    }
}
