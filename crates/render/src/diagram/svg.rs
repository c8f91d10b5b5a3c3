//! A laid out diagram as SVG.
//!
//! The page shows the same drawing that it saves: colours stand in `style.css`, which the page links and
//! which a saved file carries with the custom properties put in, since many viewers do not know them.

use std::fmt::Write as _;

use super::layout::{self, Extract, HEAD, Layout, Line, Placed, ROW, count};
use super::{Diagram, DiagramKey};
use crate::html::escape::escape;

const STYLE: &str = include_str!("style.css");

/// What a drawing is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// To stand in a page that links `style.css`.
    Page,
    /// To stand alone as a file.
    File,
}

/// What the boxes are coloured by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colours {
    /// The class of the table.
    #[default]
    Class,
    /// The worst verdict of its controls.
    Verdict,
}

/// Draws a diagram, or an extract of it. A table is a group with `data-table`, a foreign key one with
/// `data-from` and `data-to`; all lengths are pixels.
pub fn svg(diagram: &Diagram, extract: &Extract, colours: Colours, form: Form) -> String {
    let layout = layout::layout(diagram, extract);
    let mut out = String::with_capacity(layout.boxes.len() * 1_500 + 4_096);
    let (width, height) = (layout.width, layout.height);
    let colours = match colours {
        Colours::Class => "by-class",
        Colours::Verdict => "by-verdict",
    };
    // Writing to a `String` cannot fail.
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"diagram {colours}\" width=\"{width}\" \
         height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">",
        caption(&layout),
    );
    if form == Form::File {
        let style = plain(STYLE);
        let _ = write!(
            out,
            "<style>\n{style}</style><rect class=\"ground\" width=\"100%\" height=\"100%\"/>"
        );
    }
    out.push_str("<g class=\"lines\">");
    for line in &layout.lines {
        draw_line(&mut out, &layout, line);
    }
    out.push_str("</g><g class=\"tables\">");
    for it in &layout.boxes {
        draw_table(&mut out, it);
    }
    out.push_str("</g></svg>");
    out
}

/// What the picture shows, in words.
fn caption(layout: &Layout) -> String {
    let counted = |number: usize, one: &str| {
        let plural = if number == 1 { "" } else { "s" };
        format!("{number} {one}{plural}")
    };
    let mut caption = format!(
        "Diagram of {} and {}",
        counted(layout.boxes.len(), "table"),
        counted(layout.lines.len(), "foreign key")
    );
    if layout.left_out > 0 {
        let _ = write!(caption, "; {} further away left out", counted(layout.left_out, "table"));
    }
    caption
}

fn draw_table(out: &mut String, it: &Placed) {
    let table = it.table;
    let (sign, verdict) = match table.verdict.as_str() {
        "unmet" => ("✕", "unmet"),
        "undecided" => ("?", "undecided"),
        "met" => ("✓", "met"),
        _ => ("–", "none"),
    };
    let class = match table.class.as_str() {
        class @ ("clinical" | "financial" | "identity" | "operational" | "audit" | "reference") => {
            class
        }
        _ => "unclassified",
    };
    let _ = write!(
        out,
        "<g class=\"table {class} {verdict}\" data-table=\"{}\" transform=\"translate({} {})\">\
         <title>{}</title>\
         <rect class=\"box\" width=\"{w}\" height=\"{h}\" rx=\"6\"/>\
         <path class=\"head\" d=\"{head}\"/>\
         <text class=\"sign\" x=\"10\" y=\"19\">{sign}</text>\
         <text class=\"name\" x=\"26\" y=\"19\">{}</text>",
        escape(&table.table),
        it.x,
        it.y,
        escape(&summary(it)),
        escape(&it.name),
        w = it.width,
        h = it.height,
        head = head(it),
    );
    for (row, y) in it.rows.iter().zip(0..) {
        let y = HEAD + f64::from(y) * ROW + 13.0;
        let column = row.column;
        let key = match (column.primary_key, column.foreign_key) {
            (true, true) => "PF",
            (true, false) => "PK",
            (false, true) => "FK",
            (false, false) => "",
        };
        let nullable = if column.not_null { "" } else { " maybe" };
        let _ = write!(
            out,
            "<text class=\"key\" x=\"8\" y=\"{y}\">{key}</text>\
             <text class=\"column{nullable}\" x=\"28\" y=\"{y}\">{}</text>",
            escape(&row.name),
        );
        let mut right = it.width - 8.0;
        if let Some(sensitive) = &column.sensitive {
            let letter = column.letter.as_deref().unwrap_or("•");
            let _ = write!(
                out,
                "<g class=\"sensitive\"><title>{}</title>\
                 <rect x=\"{}\" y=\"{}\" width=\"16\" height=\"14\" rx=\"4\"/>\
                 <text x=\"{}\" y=\"{}\">{}</text></g>",
                escape(&identifier(sensitive, column.letter.as_deref())),
                right - 16.0,
                y - 11.0,
                right - 8.0,
                y - 0.5,
                escape(letter),
            );
            right -= 22.0;
        }
        let _ = write!(
            out,
            "<text class=\"type\" x=\"{right}\" y=\"{y}\">{}</text>",
            escape(&row.data_type)
        );
    }
    let mut y = HEAD + count(it.rows.len()) * ROW + 13.0;
    if it.more > 0 {
        let what = if it.rows.is_empty() { "columns" } else { "more columns" };
        let _ = write!(out, "<text class=\"more\" x=\"28\" y=\"{y}\">{} {what}</text>", it.more);
        y += ROW;
    }
    if !it.partitions.is_empty() {
        let _ = write!(out, "<text class=\"more\" x=\"28\" y=\"{y}\">{}</text>", partitions(it));
    }
    out.push_str("</g>");
}

/// The head's outline: round above, straight below where rows follow.
fn head(it: &Placed) -> String {
    let (w, h) = (it.width, HEAD.min(it.height));
    if it.height > HEAD {
        format!("M0 {h}V6A6 6 0 0 1 6 0H{}A6 6 0 0 1 {w} 6V{h}Z", w - 6.0)
    } else {
        let (inner_w, inner_h) = (w - 6.0, h - 6.0);
        format!(
            "M0 6A6 6 0 0 1 6 0H{inner_w}A6 6 0 0 1 {w} 6V{inner_h}A6 6 0 0 1 {inner_w} {h}H6A6 6 0 0 1 0 \
             {inner_h}Z"
        )
    }
}

/// What a table's title says.
fn summary(it: &Placed) -> String {
    let table = it.table;
    let mut summary = format!("{} ({})", table.table, table.class);
    let mut add = |word: &str, controls: &[String]| {
        if !controls.is_empty() {
            let names: Vec<String> =
                controls.iter().map(|control| control.replace('_', " ")).collect();
            let _ = write!(summary, "; {word}: {}", names.join(", "));
        }
    };
    add("unmet", &table.unmet);
    add("undecided", &table.undecided);
    if let Some(key) = &table.partitioned_by {
        let _ = write!(summary, "; partitioned by {key}");
    }
    if !it.partitions.is_empty() {
        let _ = write!(summary, "; {}", partitions(it));
    }
    if !table.inherits.is_empty() {
        let _ = write!(summary, "; inherits from {}", table.inherits.join(", "));
    }
    summary
}

/// How many partitions a table has, and how many of them fail.
fn partitions(it: &Placed) -> String {
    let all = it.partitions.len();
    let failing = it.partitions.iter().filter(|part| part.verdict == "unmet").count();
    let plural = if all == 1 { "" } else { "s" };
    match failing {
        0 => format!("{all} partition{plural}"),
        _ => format!("{all} partition{plural}, {failing} unmet"),
    }
}

fn identifier(kind: &str, letter: Option<&str>) -> String {
    let kind = kind.replace('_', " ");
    match letter {
        Some(letter) => format!("{kind}: Safe Harbor identifier {letter}"),
        None => kind,
    }
}

/// One end of a line: the point on the box, and whether it leaves to the right.
#[derive(Clone, Copy)]
struct End {
    x: f64,
    y: f64,
    right: bool,
}

impl End {
    /// A point so far outside of the box.
    fn out(self, distance: f64) -> f64 {
        if self.right { self.x + distance } else { self.x - distance }
    }
}

fn draw_line(out: &mut String, layout: &Layout, line: &Line) {
    let (Some(from), Some(to)) = (layout.boxes.get(line.from), layout.boxes.get(line.to)) else {
        return;
    };
    let key = line.key;
    let (start, end) = ends(from, to, line);
    let action = match key.on_delete.as_str() {
        "CASCADE" => " cascade",
        "SET NULL" | "SET DEFAULT" => " clears",
        _ => "",
    };
    let _ = write!(
        out,
        "<g class=\"line{action}\" data-from=\"{}\" data-to=\"{}\"><title>{}</title>\
         <path class=\"touch\" d=\"{path}\"/><path d=\"{path}\"/><path d=\"{}\"/>",
        escape(&from.table.table),
        escape(&to.table.table),
        escape(&sentence(from, key)),
        feet(start, end, key),
        path = path(start, end, line.from == line.to),
    );
    if !action.is_empty() && !from.rows.is_empty() {
        let anchor = if start.right { "start" } else { "end" };
        let _ = write!(
            out,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            start.out(14.0),
            start.y - 4.0,
            key.on_delete.to_lowercase(),
        );
    }
    out.push_str("</g>");
}

/// Where a line leaves and arrives: at the sides that face each other, at the rows of its columns.
fn ends(from: &Placed, to: &Placed, line: &Line) -> (End, End) {
    let height = |it: &Placed, columns: &[String]| {
        let row = it.rows.iter().position(|row| columns.first() == Some(&row.column.name));
        it.y + row.map_or(HEAD / 2.0, |row| HEAD + count(row) * ROW + ROW / 2.0)
    };
    let (start, end) = (height(from, &line.key.columns), height(to, &line.key.target_columns));
    let side = |it: &Placed, y: f64, right: bool| End {
        x: if right { it.x + it.width } else { it.x },
        y,
        right,
    };
    if line.from == line.to {
        // Both ends at one height would hide the loop.
        let end = if (start - end).abs() < 1.0 { start - HEAD / 4.0 } else { end };
        (side(from, start, true), side(to, end, true))
    } else if to.x + to.width < from.x {
        (side(from, start, false), side(to, end, true))
    } else if from.x + from.width < to.x {
        (side(from, start, true), side(to, end, false))
    } else {
        (side(from, start, true), side(to, end, true))
    }
}

fn path(start: End, end: End, to_itself: bool) -> String {
    let reach = if to_itself {
        34.0
    } else if start.right == end.right {
        40.0 + (start.y - end.y).abs() * 0.08
    } else {
        ((start.x - end.x).abs() * 0.5).max(34.0)
    };
    format!(
        "M{} {}C{} {} {} {} {} {}",
        start.x,
        start.y,
        start.out(reach),
        start.y,
        end.out(reach),
        end.y,
        end.x,
        end.y
    )
}

/// The signs at the ends, in the notation of the crow's foot: how many rows reference, and whether they must.
fn feet(start: End, end: End, key: &DiagramKey) -> String {
    let mut feet = if key.unique {
        format!("M{x} {}V{}", start.y - 5.0, start.y + 5.0, x = start.out(7.0))
    } else {
        let (tip, x) = (start.out(10.0), start.x);
        format!("M{x} {}L{tip} {y}L{x} {}", start.y - 5.0, start.y + 5.0, y = start.y)
    };
    if key.optional {
        let (near, far) = (end.out(3.0), end.out(11.0));
        let _ = write!(feet, "M{near} {y}A4 4 0 1 1 {far} {y}A4 4 0 1 1 {near} {y}", y = end.y);
    } else {
        let _ = write!(feet, "M{x} {}V{}", end.y - 5.0, end.y + 5.0, x = end.out(7.0));
    }
    feet
}

/// What a foreign key says.
fn sentence(from: &Placed, key: &DiagramKey) -> String {
    let mut said = format!(
        "{} ({}) references {} ({})",
        from.table.table,
        key.columns.join(", "),
        key.target,
        key.target_columns.join(", ")
    );
    for (event, action) in [("delete", &key.on_delete), ("update", &key.on_update)] {
        if action != "NO ACTION" {
            let _ = write!(said, ", on {event} {}", action.to_lowercase());
        }
    }
    if key.not_valid {
        said.push_str(", not validated");
    }
    said
}

/// The style sheet with its light values put in: `var(--name, value)` and `light-dark(light, dark)` become
/// the value.
fn plain(style: &str) -> String {
    let mut style = style.to_owned();
    for (function, which) in [("var(", 1), ("light-dark(", 0)] {
        while let Some((before, rest)) = style.split_once(function) {
            let (inside, after) = arguments(rest);
            let value = inside.get(which).map_or("", |value| value.trim());
            style = format!("{before}{value}{after}");
        }
    }
    style
}

/// The arguments up to the closing parenthesis, and what follows it.
fn arguments(text: &str) -> (Vec<&str>, &str) {
    let (mut depth, mut start, mut arguments) = (0, 0, Vec::new());
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' if depth == 0 => {
                arguments.push(text.get(start..at).unwrap_or_default());
                return (arguments, text.get(at + 1..).unwrap_or_default());
            }
            ')' => depth -= 1,
            ',' if depth == 0 && arguments.is_empty() => {
                arguments.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    (arguments, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_style_needs_nothing_from_a_page() {
        assert_eq!(plain("a{b:var(--x, light-dark(#fff, #000))}"), "a{b:#fff}");
        assert_eq!(plain("a{b:var(--x, \"A\", serif);c:d}"), "a{b:\"A\", serif;c:d}");
        let style = plain(STYLE);
        assert!(!style.contains("var(") && !style.contains("light-dark("), "{style}");
    }
}
