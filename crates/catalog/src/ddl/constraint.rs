//! Constraints as SQL.

use std::fmt::Write as _;

use crate::{
    Constraint, ConstraintKind, ForeignKey, QualifiedName, ReferentialAction, Table,
    quote_identifier,
};

use super::{Names, identifiers, include_clause};

/// Whether a constraint is added after all tables exist.
pub(super) fn is_later(table: &Table, constraint: &Constraint) -> bool {
    // Of equal keys in one statement the server makes only the first.
    let repeats = || {
        let before = table.constraints.iter().take_while(|other| other.name != constraint.name);
        before.into_iter().any(|other| other.same_key(constraint))
    };
    constraint.not_valid || matches!(constraint.kind, ConstraintKind::ForeignKey(_)) || repeats()
}

/// One `ALTER TABLE … ADD CONSTRAINT` for each constraint that [`super::create_table`] leaves out.
pub fn later_constraints(table: &Table, names: Names) -> Vec<String> {
    let later = table.constraints.iter().filter(|constraint| is_later(table, constraint));
    let not_nulls = table.columns.iter().filter_map(|column| {
        let found = column.not_null.as_ref().filter(|found| found.not_valid && found.local)?;
        Some(format!(
            "ALTER TABLE {} ADD CONSTRAINT {} NOT NULL {}{} NOT VALID;",
            names.of(&table.name),
            quote_identifier(&found.name),
            quote_identifier(&column.name),
            if found.no_inherit { " NO INHERIT" } else { "" },
        ))
    });
    let mut statements: Vec<String> = not_nulls.collect();
    statements.extend(later.map(|constraint| add_constraint(&table.name, constraint, names)));
    statements
}

/// `ALTER TABLE … ADD CONSTRAINT`.
pub fn add_constraint(table: &QualifiedName, constraint: &Constraint, names: Names) -> String {
    format!("ALTER TABLE {} ADD {};", names.of(table), named_constraint(constraint, names))
}

/// A constraint with its name, where it has one of its own, and its properties.
pub fn named_constraint(constraint: &Constraint, names: Names) -> String {
    let name = if constraint.named || names == Names::Full {
        format!("CONSTRAINT {} ", quote_identifier(&constraint.name))
    } else {
        String::new()
    };
    let mut out =
        format!("{name}{}", constraint_kind(&constraint.kind, constraint.temporal, names));
    for (set, words) in [
        (constraint.no_inherit, " NO INHERIT"),
        (constraint.deferrable, " DEFERRABLE"),
        (constraint.initially_deferred, " INITIALLY DEFERRED"),
        (constraint.not_valid, " NOT VALID"),
        (constraint.not_enforced, " NOT ENFORCED"),
    ] {
        if set {
            out.push_str(words);
        }
    }
    out
}

fn constraint_kind(kind: &ConstraintKind, temporal: bool, names: Names) -> String {
    let overlaps = if temporal { " WITHOUT OVERLAPS" } else { "" };
    match kind {
        ConstraintKind::PrimaryKey { columns, include } => {
            format!("PRIMARY KEY ({}{overlaps}){}", identifiers(columns), include_clause(include))
        }
        ConstraintKind::Unique { columns, include, nulls_not_distinct } => format!(
            "UNIQUE{} ({}{overlaps}){}",
            if *nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" },
            identifiers(columns),
            include_clause(include),
        ),
        ConstraintKind::ForeignKey(key) => foreign_key_of(key, temporal, names),
        ConstraintKind::Check { expression } => format!("CHECK ({})", expression.text),
        ConstraintKind::Exclude { method, elements, predicate } => {
            let predicate = predicate
                .as_ref()
                .map_or_else(String::new, |predicate| format!(" WHERE ({})", predicate.text));
            format!("EXCLUDE USING {method} ({}){predicate}", elements.join(", "))
        }
    }
}

/// A foreign key as a table constraint, without its name.
pub fn foreign_key(key: &ForeignKey, names: Names) -> String {
    foreign_key_of(key, false, names)
}

fn foreign_key_of(key: &ForeignKey, temporal: bool, names: Names) -> String {
    let list = |columns: &[String]| match columns {
        [head @ .., period] if temporal => {
            let period = format!("PERIOD {}", quote_identifier(period));
            head.iter()
                .map(|name| quote_identifier(name))
                .chain([period])
                .collect::<Vec<_>>()
                .join(", ")
        }
        columns => identifiers(columns),
    };
    let mut out =
        format!("FOREIGN KEY ({}) REFERENCES {}", list(&key.columns), names.of(&key.references));
    if !key.referenced_columns.is_empty() {
        let _ = write!(out, " ({})", list(&key.referenced_columns));
    }
    if key.match_full {
        out.push_str(" MATCH FULL");
    }
    for (event, action) in [("UPDATE", &key.on_update), ("DELETE", &key.on_delete)] {
        if *action != ReferentialAction::NoAction {
            let _ = write!(out, " ON {event} {}", referential_action(action));
        }
    }
    out
}

/// A referential action's words.
pub fn referential_action(action: &ReferentialAction) -> String {
    let of = |columns: &[String]| match columns {
        [] => String::new(),
        columns => format!(" ({})", identifiers(columns)),
    };
    match action {
        ReferentialAction::NoAction => "NO ACTION".to_owned(),
        ReferentialAction::Restrict => "RESTRICT".to_owned(),
        ReferentialAction::Cascade => "CASCADE".to_owned(),
        ReferentialAction::SetNull(columns) => format!("SET NULL{}", of(columns)),
        ReferentialAction::SetDefault(columns) => format!("SET DEFAULT{}", of(columns)),
    }
}
