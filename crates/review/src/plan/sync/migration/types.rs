//! Types that change under the columns that have them, and what is left over once tables are gone.

use std::collections::BTreeSet;

use schemaward_catalog::{
    Column, Expression, QualifiedName, Table, UserType, UserTypeKind, quote_identifier,
    quote_literal,
};

use super::{Phase, Writer};

impl Writer<'_> {
    pub(super) fn user_type(&mut self, from: &UserType, to: &UserType) {
        let name = from.name.to_sql();
        match (&from.kind, &to.kind) {
            (UserTypeKind::Enum(has), UserTypeKind::Enum(wants)) => {
                let kept: Vec<&String> = wants.iter().filter(|label| has.contains(label)).collect();
                if kept.iter().copied().eq(has.iter()) {
                    let mut before: Option<&String> = None;
                    for label in wants {
                        if !has.contains(label) {
                            let place = match (before, has.first()) {
                                (Some(before), _) => format!(" AFTER {}", quote_literal(before)),
                                (None, Some(first)) => format!(" BEFORE {}", quote_literal(first)),
                                (None, None) => String::new(),
                            };
                            let label = quote_literal(label);
                            let text = format!("ALTER TYPE {name} ADD VALUE {label}{place};");
                            self.add(Phase::CreateType, text);
                        }
                        before = Some(label);
                    }
                } else {
                    self.exchange(from, to);
                }
            }
            (
                UserTypeKind::Domain { base, not_null, default, checks },
                UserTypeKind::Domain {
                    base: wanted_base,
                    not_null: wanted_not_null,
                    default: wanted_default,
                    checks: wanted_checks,
                },
            ) if base == wanted_base => {
                let alter = format!("ALTER DOMAIN {name}");
                if not_null != wanted_not_null {
                    let word = if *wanted_not_null { "SET" } else { "DROP" };
                    self.add(Phase::CreateType, format!("{alter} {word} NOT NULL;"));
                }
                let text = |default: &Option<Expression>| {
                    default.as_ref().map(|default| default.text.clone())
                };
                if text(default) != text(wanted_default) {
                    let change = match wanted_default {
                        Some(default) => format!("SET DEFAULT {}", default.text),
                        None => "DROP DEFAULT".to_owned(),
                    };
                    self.add(Phase::CreateType, format!("{alter} {change};"));
                }
                for check in checks {
                    let check = quote_identifier(&check.name);
                    self.add(Phase::CreateType, format!("{alter} DROP CONSTRAINT {check};"));
                }
                for check in wanted_checks {
                    let (check, text) = (quote_identifier(&check.name), &check.expression.text);
                    let text = format!("{alter} ADD CONSTRAINT {check} CHECK ({text});");
                    self.add(Phase::CreateType, text);
                }
            }
            _ => self.exchange(from, to),
        }
    }

    /// A type under the name of another that moves aside; the columns follow.
    fn exchange(&mut self, from: &UserType, to: &UserType) {
        let aside = format!("{}_aside", from.name.name);
        let old = QualifiedName::new(from.name.schema.as_str(), aside.as_str());
        let new_name = quote_identifier(&aside);
        let text = format!("ALTER TYPE {} RENAME TO {new_name};", from.name.to_sql());
        self.add(Phase::Create, text);
        self.create_type(to);
        let has = self.has;
        let new = to.name.to_sql();
        for table in has.tables.values().filter(|table| table.partition_of.is_none()) {
            for column in &table.columns {
                let used = column.data_type.name == from.name.name
                    && has.user_type(&column.data_type).is_some_and(|t| t.name == from.name);
                if !used {
                    continue;
                }
                self.on_column(table, &column.name);
                let table_name = self.renamed.get(&table.name).unwrap_or(&table.name).to_sql();
                let name = quote_identifier(&column.name);
                let alter = format!("ALTER TABLE {table_name} ALTER COLUMN {name}");
                if column.default.is_some() {
                    self.add(Phase::CreateTable, format!("{alter} DROP DEFAULT;"));
                }
                let array = if column.data_type.array { "[]" } else { "" };
                let text =
                    format!("{alter} TYPE {new}{array} USING {name}::text{array}::{new}{array};");
                self.add(Phase::CreateTable, text);
                if let Some(default) = &column.default {
                    let text = format!("{alter} SET DEFAULT {};", default.text);
                    self.add(Phase::CreateTable, text);
                }
            }
        }
        self.add(Phase::DropType, format!("DROP TYPE {};", old.to_sql()));
    }

    /// Types that the changed side used and the other does not have go at last, and with them the
    /// need for anyone to remember them.
    pub(super) fn dependents(&mut self) {
        let dropped: BTreeSet<String> =
            self.statements.iter().map(|(_, statement)| statement.clone()).collect();
        let gone =
            |table: &Table| dropped.contains(&format!("DROP TABLE {};", table.name.to_sql()));
        let altered = |table: &Table, column: &Column| {
            let renamed = self.renamed.get(&table.name).unwrap_or(&table.name);
            let name = quote_identifier(&column.name);
            let (old, new) = (table.name.to_sql(), renamed.to_sql());
            dropped.iter().any(|text| {
                text.starts_with(&format!("ALTER TABLE {old} DROP COLUMN {name};"))
                    || text.starts_with(&format!("ALTER TABLE {new} ALTER COLUMN {name} TYPE "))
            })
        };
        let has = self.has;
        let mut unused = Vec::new();
        for found in has.types.values() {
            let kept = self.wants.types.keys().any(|name| name.name == found.name.name);
            let mut users = has
                .tables
                .values()
                .flat_map(|table| {
                    table
                        .columns
                        .iter()
                        .filter(|column| {
                            column.data_type.name == found.name.name
                                && has
                                    .user_type(&column.data_type)
                                    .is_some_and(|t| t.name == found.name)
                        })
                        .map(move |column| (table, column))
                })
                .peekable();
            if kept || users.peek().is_none() {
                continue;
            }
            if users.all(|(table, column)| gone(table) || altered(table, column)) {
                unused.push(drop_type(found));
            }
        }
        let emptied = self.emptied_schemas(&dropped, &unused);
        for text in unused.into_iter().chain(emptied) {
            self.add(Phase::DropType, text);
        }
    }

    /// Schemas that only the changed side has and from which everything went away.
    fn emptied_schemas(&self, dropped: &BTreeSet<String>, unused: &[String]) -> Vec<String> {
        let has = self.has;
        let gone = |kind: &str, name: &QualifiedName| {
            let text = format!("DROP {kind} {};", name.to_sql());
            dropped.contains(&text) || unused.contains(&text)
        };
        let moved = |name: &QualifiedName| {
            self.renamed.get(name).is_some_and(|wanted| wanted.schema != name.schema)
        };
        let kept = |schema: &str| {
            let here = |name: &QualifiedName| name.schema == schema;
            has.tables.keys().any(|name| here(name) && !moved(name) && !gone("TABLE", name))
                || has.views.keys().any(|name| here(name) && !gone("VIEW", name))
                || has.types.keys().any(|name| here(name) && !gone("TYPE", name))
                || has.functions.keys().any(|(name, _)| here(name))
                || has.sequences.values().any(|found| here(&found.name) && found.owned_by.is_none())
        };
        let left = |schema: &str| self.renamed.keys().any(|name| name.schema == schema);
        has.schemas
            .keys()
            .filter(|schema| !self.wants.schemas.contains_key(*schema))
            .filter(|schema| left(schema) && !kept(schema))
            .map(|schema| format!("DROP SCHEMA {};", quote_identifier(schema)))
            .collect()
    }
}

pub(super) fn drop_type(found: &UserType) -> String {
    let kind = if matches!(found.kind, UserTypeKind::Domain { .. }) { "DOMAIN" } else { "TYPE" };
    format!("DROP {kind} {};", found.name.to_sql())
}
