//! Constraints of a table, and those that are added afterwards.

use super::clause::Place;
use super::index::{lower, operator_class};
use super::naming::{Named, ResolvedTarget, columns_of};
use super::table::{
    Part, Reference, autoincrement_column, column_label, column_name, constraint_origin, include,
    table_name,
};
use super::types::qualified;
use super::{Sql, Writer, quote};
use crate::schema::{
    Check, Clause, Column, Constraint, Deferral, Enum, Exclude, ForeignKeyOptions, IndexElement,
    Literal, Name, PrimaryKey, Table, Unique,
};
use crate::text::Text;

impl Writer<'_> {
    /// A constraint as it stands in `CREATE TABLE` and `ADD`.
    pub(super) fn part(&mut self, table: &Table, part: Part<'_>) -> Option<Text> {
        if let Some(reference) = part.reference() {
            return self.foreign_key(table, &reference);
        }
        match part {
            Part::Table(Constraint::Unique(unique)) => self.unique(table, unique),
            Part::Table(Constraint::Check(check)) => self.check(table, check, false),
            Part::Table(Constraint::Exclude(exclude)) => self.exclude(table, exclude),
            Part::Unique(column) => {
                let unique = Unique {
                    columns: vec![column.key().computed(column.key().as_str())],
                    origin: column.origin,
                    ..Unique::default()
                };
                self.unique(table, &unique)
            }
            Part::OfType(column, enumeration) => self.check_of_type(table, column, enumeration),
            _ => None,
        }
    }

    /// The primary key, if the table has one.
    pub(super) fn primary_key(&mut self, table: &Table) -> Option<Text> {
        let implicit = PrimaryKey { origin: table.origin, ..PrimaryKey::default() };
        let written = table.primary_key();
        let key = written.unwrap_or(&implicit);
        let mut columns = table.key_columns();
        if columns.is_empty() {
            return None;
        }
        if written.is_none()
            && let Some(first) = autoincrement_column(table)
        {
            columns.retain(|column| !std::ptr::eq(*column, first));
            columns.insert(0, first);
        }
        let named = Named {
            kind: Some("pk"),
            name: &key.name,
            table,
            columns: columns.clone(),
            targets: Vec::new(),
            origin: key.origin,
        };
        let mut sql = self.preamble(&named)?;
        let names: Vec<Text> = match written {
            Some(key) if !key.columns.is_empty() => {
                key.columns.iter().map(|column| column_name(table, column)).collect()
            }
            _ => columns.iter().map(|column| column_label(column)).collect(),
        };
        sql.word("PRIMARY KEY (").list(&names, ", ").word(")");
        include(&mut sql, table, &key.include);
        deferral(&mut sql, &key.deferral);
        Some(sql.done())
    }

    fn preamble(&mut self, named: &Named<'_>) -> Option<Sql> {
        let mut sql = Sql::new(named.origin);
        if let Some(name) = self.constraint_name(named).ok()? {
            sql.word("CONSTRAINT ").text(&name).word(" ");
        }
        Some(sql)
    }

    fn unique(&mut self, table: &Table, unique: &Unique) -> Option<Text> {
        if unique.columns.is_empty() {
            return None;
        }
        let named = Named {
            kind: Some("uq"),
            name: &unique.name,
            table,
            columns: unique.columns.iter().filter_map(|c| table.column(c.as_str())).collect(),
            targets: Vec::new(),
            origin: unique.origin,
        };
        let mut sql = self.preamble(&named)?;
        sql.word("UNIQUE ");
        match unique.nulls_not_distinct {
            Some(true) => _ = sql.word("NULLS NOT DISTINCT "),
            Some(false) => _ = sql.word("NULLS DISTINCT "),
            None => {}
        }
        let names: Vec<Text> = unique.columns.iter().map(|c| column_name(table, c)).collect();
        sql.word("(").list(&names, ", ").word(")");
        include(&mut sql, table, &unique.include);
        deferral(&mut sql, &unique.deferral);
        Some(sql.done())
    }

    pub(super) fn check(&mut self, table: &Table, check: &Check, of_column: bool) -> Option<Text> {
        let named = Named {
            kind: Some("ck"),
            name: &check.name,
            table,
            columns: columns_of(&check.condition, table),
            targets: Vec::new(),
            origin: check.origin,
        };
        let mut sql = self.preamble(&named)?;
        let place = Place { table: Some(table), qualified: false };
        let condition = self.clause(&check.condition, place)?;
        sql.word("CHECK (").text(&condition).word(")");
        deferral(&mut sql, &check.deferral);
        if check.not_valid && !of_column {
            sql.word(" NOT VALID");
        }
        Some(sql.done())
    }

    /// `CHECK (status IN ('a', 'b'))` of an enumeration that is not PostgreSQL's own.
    fn check_of_type(
        &mut self,
        table: &Table,
        column: &Column,
        enumeration: &Enum,
    ) -> Option<Text> {
        let values = enumeration.values.iter();
        let literal =
            |value: &Text| Clause::literal(Literal::Text(value.clone()), enumeration.origin);
        let key = column.key().computed(column.key().as_str());
        let condition = Clause::column(key, None, column.origin)
            .among(values.map(literal).collect(), enumeration.origin);
        let name = enumeration.name.clone().map_or(Name::Unset, Name::Given);
        if name == Name::Unset && self.context.convention.get("ck").is_none() {
            let place = Place { table: Some(table), qualified: false };
            let condition = self.clause(&condition, place)?;
            return Some(
                Sql::new(enumeration.origin).word("CHECK (").text(&condition).word(")").done(),
            );
        }
        let check = Check {
            name,
            condition,
            not_valid: false,
            deferral: Deferral::default(),
            comment: None,
            origin: enumeration.origin,
        };
        self.check(table, &check, true)
    }

    fn foreign_key(&mut self, table: &Table, reference: &Reference<'_>) -> Option<Text> {
        let Reference { columns, targets, options, origin } = reference;
        let targets: Vec<ResolvedTarget> = columns
            .iter()
            .zip(targets)
            .map(|(column, target)| self.resolve(table, column, target, options))
            .collect();
        let Some(first) = targets.first() else {
            self.problem("the foreign key refers to nothing", *origin);
            return None;
        };
        let remote = qualified(first.schema.as_ref(), &first.table);
        let named = Named {
            kind: Some("fk"),
            name: &options.name,
            table,
            columns: columns.iter().filter_map(|c| table.column(c.as_str())).collect(),
            targets: targets.clone(),
            origin: *origin,
        };
        let mut sql = self.preamble(&named)?;
        let names: Vec<Text> = columns.iter().map(|column| column_name(table, column)).collect();
        let remotes: Vec<Text> = targets.iter().map(|to| quote::name(&to.column)).collect();
        sql.word("FOREIGN KEY(").list(&names, ", ").word(") REFERENCES ").text(&remote);
        sql.word(" (").list(&remotes, ", ").word(")");
        reference_options(&mut sql, options);
        if options.not_valid {
            sql.word(" NOT VALID");
        }
        Some(sql.done())
    }

    fn exclude(&mut self, table: &Table, exclude: &Exclude) -> Option<Text> {
        let named = Named {
            kind: None,
            name: &exclude.name,
            table,
            columns: Vec::new(),
            targets: Vec::new(),
            origin: exclude.origin,
        };
        let mut sql = self.preamble(&named)?;
        let place = Place { table: Some(table), qualified: false };
        let mut elements = Vec::new();
        for element in &exclude.elements {
            let text = match &element.element {
                IndexElement::Column(key) => column_name(table, key),
                IndexElement::Clause(clause) => self.clause(clause, place)?,
            };
            let mut written = Sql::new(exclude.origin);
            written.text(&text);
            if let Some(class) = operator_class(&exclude.ops, &element.element) {
                written.word(" ").text(class);
            }
            written.word(" WITH ").text(&element.operator);
            elements.push(written.done());
        }
        sql.word("EXCLUDE USING ");
        match &exclude.using {
            Some(using) => sql.text(&lower(using)),
            None => sql.word("gist"),
        };
        sql.word(" (").list(&elements, ", ").word(")");
        if let Some(condition) = &exclude.condition {
            let place = Place { table: Some(table), qualified: true };
            let condition = self.clause(condition, place)?;
            sql.word(" WHERE (").text(&condition).word(")");
        }
        deferral(&mut sql, &exclude.deferral);
        Some(sql.done())
    }

    /// `ALTER TABLE … ADD …`.
    pub(super) fn add_part(&mut self, table: &Table, part: Part<'_>) {
        let origin = match part {
            Part::Table(constraint) => constraint_origin(constraint),
            Part::Unique(column) => column.origin,
            Part::OfType(_, enumeration) => enumeration.origin,
            Part::ForeignKey(_, key) => key.origin,
        };
        let text = match part {
            Part::Table(Constraint::PrimaryKey(_)) => self.primary_key(table),
            part => self.part(table, part),
        };
        let Some(text) = text else { return };
        let mut sql = Sql::new(origin);
        sql.word("ALTER TABLE ").text(&table_name(table)).word(" ADD ").text(&text);
        self.emit(sql);
    }
}

/// `MATCH`, `ON DELETE`, `ON UPDATE`, `DEFERRABLE`, `INITIALLY`.
pub(super) fn reference_options(sql: &mut Sql, options: &ForeignKeyOptions) {
    if let Some(match_type) = &options.match_type {
        sql.word(" MATCH ").text(match_type);
    }
    if let Some(ondelete) = &options.ondelete {
        sql.word(" ON DELETE ").text(ondelete);
    }
    if let Some(onupdate) = &options.onupdate {
        sql.word(" ON UPDATE ").text(onupdate);
    }
    deferral(sql, &options.deferral);
}

pub(super) fn deferral(sql: &mut Sql, deferral: &Deferral) {
    match deferral.deferrable {
        Some(true) => _ = sql.word(" DEFERRABLE"),
        Some(false) => _ = sql.word(" NOT DEFERRABLE"),
        None => {}
    }
    if let Some(initially) = &deferral.initially {
        sql.word(" INITIALLY ").text(initially);
    }
}
