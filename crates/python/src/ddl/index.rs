//! Indexes of a table.

use super::clause::Place;
use super::naming::{Named, columns_of};
use super::table::{column_name, include, table_name};
use super::{Sql, Writer, quote};
use crate::schema::{ClauseKind, Index, IndexElement, Table};
use crate::text::Text;

impl Writer<'_> {
    /// The indexes: those columns ask for, and those written for the table.
    pub(super) fn indexes(&mut self, table: &Table) {
        for column in table.columns.iter().filter(|column| column.index) {
            let index = Index {
                elements: vec![IndexElement::Column(column.key().computed(column.key().as_str()))],
                unique: column.unique,
                origin: column.origin,
                ..Index::default()
            };
            self.create_index(table, &index, false);
        }
        for index in &table.indexes {
            self.create_index(table, index, false);
        }
    }

    /// `CREATE INDEX`.
    pub(super) fn create_index(&mut self, table: &Table, index: &Index, if_not_exists: bool) {
        let Some(name) = self.index_name(table, index) else { return };
        let mut sql = Sql::new(index.origin);
        sql.word("CREATE ");
        if index.unique {
            sql.word("UNIQUE ");
        }
        sql.word("INDEX ");
        if index.concurrently {
            sql.word("CONCURRENTLY ");
        }
        if if_not_exists {
            sql.word("IF NOT EXISTS ");
        }
        sql.text(&name).word(" ON ").text(&table_name(table)).word(" ");
        if let Some(using) = &index.using {
            sql.word("USING ").text(&lower(using)).word(" ");
        }
        let place = Place { table: Some(table), qualified: false };
        let mut elements = Vec::new();
        for element in &index.elements {
            let text = match element {
                IndexElement::Column(key) => Some(column_name(table, key)),
                IndexElement::Clause(clause) => match clause.kind {
                    ClauseKind::Column { .. } => self.clause(clause, place),
                    _ => self.index_clause(clause, place),
                },
            };
            let Some(text) = text else { return };
            let mut written = Sql::new(index.origin);
            written.text(&text);
            if let Some(class) = operator_class(&index.ops, element) {
                written.word(" ").text(class);
            }
            elements.push(written.done());
        }
        sql.word("(").list(&elements, ", ").word(")");
        include(&mut sql, table, &index.include);
        match index.nulls_not_distinct {
            Some(true) => _ = sql.word(" NULLS NOT DISTINCT"),
            Some(false) => _ = sql.word(" NULLS DISTINCT"),
            None => {}
        }
        if !index.with.is_empty() {
            let parameters = index.with.iter().map(|(name, value)| {
                Sql::new(index.origin).text(name).word(" = ").text(value).done()
            });
            let parameters: Vec<Text> = parameters.collect();
            sql.word(" WITH (").list(&parameters, ", ").word(")");
        }
        if let Some(tablespace) = &index.tablespace {
            sql.word(" TABLESPACE ").text(&quote::name(tablespace));
        }
        if let Some(condition) = &index.condition {
            let Some(condition) = self.clause(condition, place) else { return };
            sql.word(" WHERE ").text(&condition);
        }
        self.emit(sql);
    }

    /// The name of an index, which it must have.
    pub(super) fn index_name(&mut self, table: &Table, index: &Index) -> Option<Text> {
        let columns = index.elements.iter().filter_map(|element| match element {
            IndexElement::Column(key) => table.column(key.as_str()),
            IndexElement::Clause(clause) => columns_of(clause, table).first().copied(),
        });
        let named = Named {
            kind: Some("ix"),
            name: &index.name,
            table,
            columns: columns.collect(),
            targets: Vec::new(),
            origin: index.origin,
        };
        let name = self.constraint_name(&named).ok()?;
        if name.is_none() {
            self.problem("an index needs a name", index.origin);
        }
        name
    }
}

pub(super) fn operator_class<'a>(
    ops: &'a [(Text, Text)],
    element: &IndexElement,
) -> Option<&'a Text> {
    let key = match element {
        IndexElement::Column(key) => key,
        IndexElement::Clause(clause) => match &clause.kind {
            ClauseKind::Column { key, .. } => key,
            ClauseKind::Label { name, .. } => name,
            _ => return None,
        },
    };
    ops.iter().find(|(name, _)| name.as_str() == key.as_str()).map(|(_, class)| class)
}

pub(super) fn lower(text: &Text) -> Text {
    let lower = text.as_str().to_lowercase();
    if lower == text.as_str() { text.clone() } else { text.computed(lower) }
}
