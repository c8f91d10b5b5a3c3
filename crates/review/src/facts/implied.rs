//! What the prose of a schema says beside its definitions: remarks, `COMMENT ON`.

use std::collections::BTreeSet;

use schemaward_catalog::{Column, Origin, Remark, Table};

use super::values::documented;

/// The values that a remark or comment on a column lists, and where.
pub(crate) fn values(column: &Column) -> Option<(BTreeSet<String>, Origin)> {
    prose_of(column).find_map(|remark| {
        let values = documented(&remark.text)?;
        Some((values.into_iter().collect(), remark.origin))
    })
}

/// The place where the prose on a table or one of its columns promises soft deletes.
pub(crate) fn soft_delete(table: &Table) -> Option<Origin> {
    prose(table).find(|remark| promises_soft_delete(&remark.text)).map(|remark| remark.origin)
}

/// The place where the prose on a table says that its rows are never deleted.
pub(crate) fn never_deleted(table: &Table) -> Option<Origin> {
    prose(table).find(|remark| forbids_deletes(&remark.text)).map(|remark| remark.origin)
}

fn prose_of(column: &Column) -> impl Iterator<Item = &Remark> {
    column.remarks.iter().chain(&column.comment)
}

fn prose(table: &Table) -> impl Iterator<Item = &Remark> {
    let own = table.remarks.iter().chain(&table.comment);
    own.chain(table.columns.iter().flat_map(prose_of))
}

fn promises_soft_delete(text: &str) -> bool {
    let text = text.to_lowercase().replace(['-', '_'], " ");
    let denied = ["no soft delet", "not soft delet", "without soft delet", "instead of soft delet"];
    (text.contains("soft delet") || text.contains("softdelet"))
        && !denied.iter().any(|words| text.contains(words))
}

fn forbids_deletes(text: &str) -> bool {
    let words: Vec<String> = text
        .split(|char: char| !char.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    // `never deleted`, `must not be removed`: a helping verb may stand between.
    let words: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !matches!(*word, "be" | "is" | "are"))
        .collect();
    words.windows(2).any(|pair| {
        matches!(
            pair,
            ["never" | "not", "delete" | "deleted" | "remove" | "removed" | "purge" | "purged"]
                | ["append", "only"]
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promises_are_told_from_denials() {
        for (text, expect) in [
            ("Soft delete support", true),
            ("soft-deleted rows stay", true),
            ("No soft delete here", false),
            ("deleted softly", false),
        ] {
            assert_eq!(promises_soft_delete(text), expect, "{text}");
        }
        for (text, expect) in [
            ("NEVER DELETE", true),
            ("Append-only log of actions", true),
            ("Rows must not be removed.", true),
            ("deleted after a year", false),
            ("never empty", false),
        ] {
            assert_eq!(forbids_deletes(text), expect, "{text}");
        }
    }
}
