//! `COMMENT ON` on both sides.

use schemaward_catalog::{Origin, Remark};

use super::constraints::shortened;
use super::{
    Difference, Drift, NOT_DOCUMENTED, NOT_IMPLEMENTED, Object, Pair, Part, both, code, entity,
};
use crate::Severity;

/// What only one side says, to be told in one row.
#[derive(Default)]
struct Lone<'a> {
    names: Vec<String>,
    evidence: Vec<Origin>,
    parts: Vec<Part<'a>>,
}

impl<'a> Drift<'a, '_> {
    /// Comments on tables and columns. A remark beside the documented definition that says the same
    /// is the same comment.
    pub(super) fn comments(&mut self) {
        let pairing = self.pairing;
        let (mut here, mut there) = (Lone::default(), Lone::default());
        for pair in &pairing.pairs {
            let (one, other) = (pair.documented, pair.implemented);
            let objects = (Object::TableComment(one), Object::TableComment(other));
            let said = (one.comment.as_ref(), other.comment.as_ref());
            let name = other.name.to_string();
            self.comment(pair, name, said, &one.remarks, objects, (&mut here, &mut there));
            for column in &one.columns {
                let Some(found) = other.column(pair.column_there(&column.name)) else { continue };
                let objects = (Object::ColumnComment(column), Object::ColumnComment(found));
                let said = (column.comment.as_ref(), found.comment.as_ref());
                let name = format!("{}.{}", other.name, found.name);
                self.comment(pair, name, said, &column.remarks, objects, (&mut here, &mut there));
            }
        }
        for (lone, documented) in [(here, true), (there, false)] {
            if lone.names.is_empty() {
                continue;
            }
            let names: Vec<String> = lone.names.iter().map(code).collect();
            let shown = format!("Comments on {}", names.join(", "));
            self.add(Difference {
                kind: "comment-differs",
                severity: Severity::Info,
                entity: "Comments".to_owned(),
                documented: if documented { shown.clone() } else { NOT_DOCUMENTED.to_owned() },
                implemented: if documented { NOT_IMPLEMENTED.to_owned() } else { shown },
                message: "Only one side has these comments.".to_owned(),
                evidence: lone.evidence,
                parts: lone.parts,
            });
        }
    }

    fn comment(
        &mut self,
        pair: &Pair<'a>,
        name: String,
        said: (Option<&'a Remark>, Option<&'a Remark>),
        remarks: &[Remark],
        objects: (Object<'a>, Object<'a>),
        (here, there): (&mut Lone<'a>, &mut Lone<'a>),
    ) {
        let parts = Part::of(pair, Some(objects.0), Some(objects.1));
        match said {
            (None, None) => {}
            (Some(one), Some(other)) if same(&one.text, &other.text) => {}
            (Some(one), Some(other)) => self.add(Difference {
                kind: "comment-differs",
                severity: Severity::Info,
                entity: entity(pair.documented),
                documented: format!("{}: {}", code(&name), quoted(&one.text)),
                implemented: format!("{}: {}", code(&name), quoted(&other.text)),
                message: "The comments differ.".to_owned(),
                evidence: both(one.origin, other.origin),
                parts: vec![parts],
            }),
            (Some(one), None) => {
                here.names.push(name);
                here.evidence.push(one.origin);
                here.parts.push(parts);
            }
            (None, Some(other)) => {
                if remarks.iter().any(|remark| same(&remark.text, &other.text)) {
                    return;
                }
                there.names.push(name);
                there.evidence.push(other.origin);
                there.parts.push(parts);
            }
        }
    }
}

fn same(one: &str, other: &str) -> bool {
    let plain = |text: &str| {
        text.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.').to_lowercase()
    };
    plain(one) == plain(other)
}

fn quoted(text: &str) -> String {
    format!("\u{201c}{}\u{201d}", shortened(text))
}
