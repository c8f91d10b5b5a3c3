//! `CREATE TABLE` and `CREATE FOREIGN TABLE`: columns and constraints.
//!
//! Read by hand rather than by `sqlparser`, for three reasons: every column and constraint needs its
//! own span, one unreadable element must not cost the table, and PostgreSQL's options outnumber those
//! of the dialects that `sqlparser` merges. Expressions inside are `sqlparser`'s.

use schemaward_catalog::{
    Change, Column, ColumnDefinition, Constraint, ConstraintDefinition, ConstraintKind, DataType,
    ForeignKey, Generated, Identity, LikeOptions, NotNull, ObjectName, Origin, ReferentialAction,
    SequenceWords, TableDefinition, TableElement, TableKind,
};

use crate::cursor::{Cursor, Parsed, unresolved};
use crate::definition::sequence_options;
use crate::expression::parse_query;
use crate::lexer::TokenKind;
use crate::object::query_ends;
use crate::outcome::Outcome;
use crate::remarks::Remarks;

/// Words that begin a column constraint, and so end a default.
const COLUMN_CONSTRAINTS: &[&str] = &[
    "check",
    "collate",
    "compression",
    "constraint",
    "deferrable",
    "generated",
    "initially",
    "not",
    "null",
    "options",
    "primary",
    "references",
    "storage",
    "unique",
    "enforced",
];

/// `CREATE [TEMP | UNLOGGED | FOREIGN] TABLE`, after those words.
pub(crate) fn create_table(
    cursor: &mut Cursor<'_>,
    flags: CreateFlags,
    origin: Origin,
    remarks: &Remarks<'_>,
) -> Parsed<Outcome> {
    let if_not_exists = cursor.if_not_exists();
    let start = cursor.consumed();
    let name = cursor.object_name()?;
    let mut table = TableDefinition {
        name,
        if_not_exists,
        kind: TableKind::Ordinary,
        temporary: flags.temporary,
        unlogged: flags.unlogged,
        partition_of: None,
        of_type: None,
        inherits: Vec::new(),
        elements: Vec::new(),
        remarks: Vec::new(),
        name_origin: cursor.origin_from(start),
        origin,
    };
    if cursor.eat(&["of"]) {
        table.of_type = Some(cursor.object_name()?);
    }
    if cursor.eat(&["partition", "of"]) {
        let parent = cursor.object_name()?;
        table.partition_of = Some((parent, String::new()));
    }
    let mut spans = Vec::new();
    let names = column_names(cursor, &table);
    if names.is_empty() && cursor.is_kind(TokenKind::LeftParen) {
        let mut inside = cursor.parens()?;
        for mut element in inside.comma_separated() {
            let element_span = element.whole();
            let parsed = table_element(
                &mut element,
                table.partition_of.is_some() || table.of_type.is_some(),
            )?;
            spans.push((element_span, table.elements.len()));
            table.elements.push(parsed);
        }
    }
    if table.partition_of.is_some() {
        let bound = partition_bound(cursor)?;
        table.partition_of = table.partition_of.map(|(parent, _)| (parent, bound));
    }
    table_options(cursor, &mut table)?;
    if cursor.eat(&["as"]) {
        return Ok(create_table_as(cursor, table, names));
    }
    if flags.foreign && !matches!(table.kind, TableKind::Foreign { .. }) {
        return cursor.fail("SERVER");
    }
    cursor.expect_end()?;
    remarks.distribute(&spans, |element, remark| match element {
        Some(at) => match table.elements.get_mut(at) {
            Some(TableElement::Column(column)) => column.column.remarks.push(remark),
            _ => table.remarks.push(remark),
        },
        None => table.remarks.push(remark),
    });
    Ok(Outcome::read(Change::CreateTable(Box::new(table))))
}

/// `(a, b)` of `CREATE TABLE t (a, b) AS`: names without types, which no other table has.
fn column_names(cursor: &mut Cursor<'_>, table: &TableDefinition) -> Vec<String> {
    let mut ahead = *cursor;
    if table.partition_of.is_some() || table.of_type.is_some() {
        return Vec::new();
    }
    match ahead.identifier_list() {
        Ok(names) => {
            *cursor = ahead;
            names
        }
        Err(_) => Vec::new(),
    }
}

/// `CREATE TABLE … AS`, after that word.
fn create_table_as(
    cursor: &mut Cursor<'_>,
    table: TableDefinition,
    columns: Vec<String>,
) -> Outcome {
    if cursor.is("execute") {
        return Outcome::unread("the columns of a prepared statement are not known");
    }
    let start = cursor.consumed();
    let is_table = cursor.is("table");
    while !cursor.at_end() && !query_ends(cursor) {
        cursor.bump();
    }
    let text = cursor.span_from(start).of(cursor.text);
    // `TABLE t` is a query, but none that `sqlparser` knows.
    let whole = text.split_once(char::is_whitespace).filter(|_| is_table);
    let query = match whole {
        Some((_, name)) => parse_query(&format!("SELECT * FROM {name}")),
        None => parse_query(text),
    };
    let Some(query) = query else {
        return Outcome::unread("the columns that its query gives are not known");
    };
    let (table, query) = (Box::new(table), Box::new(query));
    Outcome::read(Change::CreateTableAs { table, columns, query })
}

/// `SELECT … INTO`, or `None` when the target is no table's name.
pub(crate) fn select_into(mut query: sqlparser::ast::Query, origin: Origin) -> Option<Change> {
    use sqlparser::ast::{Expr, SetExpr};
    let SetExpr::Select(select) = query.body.as_mut() else { return None };
    let into = select.into.take()?;
    let parts = match into.targets.as_slice() {
        [Expr::Identifier(name)] => std::slice::from_ref(name),
        [Expr::CompoundIdentifier(parts)] => parts.as_slice(),
        _ => return None,
    };
    let mut parts = parts.iter().rev().map(schemaward_catalog::fold);
    let own = parts.next()?;
    let table = TableDefinition {
        name: ObjectName { schema: parts.next(), name: own },
        if_not_exists: false,
        kind: TableKind::Ordinary,
        temporary: into.temporary,
        unlogged: into.unlogged,
        partition_of: None,
        of_type: None,
        inherits: Vec::new(),
        elements: Vec::new(),
        remarks: Vec::new(),
        name_origin: origin,
        origin,
    };
    let (table, query) = (Box::new(table), Box::new(query));
    Some(Change::CreateTableAs { table, columns: Vec::new(), query })
}

/// `FOR VALUES …` or `DEFAULT`, as written.
pub(crate) fn partition_bound(cursor: &mut Cursor<'_>) -> Parsed<String> {
    let start = cursor.consumed();
    if !cursor.eat(&["default"]) {
        cursor.expect(&["for", "values"])?;
        if cursor.eat(&["from"]) {
            cursor.parens()?;
            cursor.expect(&["to"])?;
        } else if !cursor.eat(&["with"]) {
            cursor.expect(&["in"])?;
        }
        cursor.parens()?;
    }
    Ok(cursor.span_from(start).of(cursor.text).to_owned())
}

/// Words between `CREATE` and `TABLE`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CreateFlags {
    pub(crate) temporary: bool,
    pub(crate) unlogged: bool,
    pub(crate) foreign: bool,
}

fn table_options(cursor: &mut Cursor<'_>, table: &mut TableDefinition) -> Parsed<()> {
    loop {
        if cursor.eat(&["inherits"]) {
            for mut parent in cursor.parens()?.comma_separated() {
                table.inherits.push(parent.object_name()?);
            }
        } else if cursor.eat(&["partition", "by"]) {
            let strategy = cursor.identifier()?.to_uppercase();
            let key = cursor.parens()?;
            table.kind = TableKind::Partitioned { key: format!("{strategy} ({})", key.written()) };
        } else if cursor.eat(&["server"]) {
            table.kind = TableKind::Foreign { server: cursor.identifier()? };
        } else if cursor.eat(&["with"]) || cursor.eat(&["options"]) {
            cursor.parens()?;
        } else if cursor.eat(&["using"]) || cursor.eat(&["tablespace"]) {
            cursor.identifier()?;
        } else if cursor.eat(&["on", "commit"]) {
            let _ = cursor.eat(&["preserve", "rows"])
                || cursor.eat(&["delete", "rows"])
                || cursor.eat(&["drop"]);
        } else if !cursor.eat(&["without", "oids"]) {
            return Ok(());
        }
    }
}

fn table_element(cursor: &mut Cursor<'_>, typeless: bool) -> Parsed<TableElement> {
    if cursor.is("like") {
        return like(cursor);
    }
    let exclude = cursor.is("exclude")
        && (cursor.is_at(1, "using")
            || cursor.peek_at(1).is_some_and(|t| t.kind == TokenKind::LeftParen));
    let not_null = cursor.is("not") && cursor.is_at(1, "null");
    if exclude
        || not_null
        || cursor.is_any(&["constraint", "primary", "unique", "check", "foreign"])
    {
        return Ok(TableElement::Constraint(Box::new(table_constraint(cursor)?)));
    }
    Ok(TableElement::Column(Box::new(column(cursor, typeless)?)))
}

fn like(cursor: &mut Cursor<'_>) -> Parsed<TableElement> {
    let start = cursor.consumed();
    cursor.expect(&["like"])?;
    let table = cursor.object_name()?;
    let mut including = LikeOptions::default();
    while !cursor.at_end() {
        let on = cursor.eat(&["including"]);
        if !on {
            cursor.expect(&["excluding"])?;
        }
        let option = cursor.identifier()?;
        let all = option == "all";
        let set = |flag: &mut bool, name: &str| {
            if all || option == name {
                *flag = on;
            }
        };
        set(&mut including.defaults, "defaults");
        set(&mut including.constraints, "constraints");
        set(&mut including.indexes, "indexes");
        set(&mut including.identity, "identity");
        set(&mut including.generated, "generated");
        set(&mut including.comments, "comments");
    }
    Ok(TableElement::Like { table, including, origin: cursor.origin_from(start) })
}

/// A column with its constraints.
pub(crate) fn column(cursor: &mut Cursor<'_>, typeless: bool) -> Parsed<ColumnDefinition> {
    let start = cursor.consumed();
    let name = cursor.identifier()?;
    // A partition or a typed table may give a column options without repeating its type.
    let inherits_type = typeless
        && (cursor.eat(&["with", "options"])
            || cursor.at_end()
            || cursor.is("default")
            || cursor.is_any(COLUMN_CONSTRAINTS));
    let data_type = if inherits_type { DataType::named("") } else { cursor.data_type()? };
    let mut definition = ColumnDefinition {
        column: Column {
            name,
            data_type,
            nullable: true,
            not_null: None,
            default: None,
            identity: None,
            generated: None,
            collation: None,
            comment: None,
            remarks: Vec::new(),
            origin: cursor.origin_from(start),
        },
        constraints: Vec::new(),
        sequence: SequenceWords::default(),
    };
    while !cursor.at_end() {
        column_constraint(cursor, &mut definition)?;
    }
    definition.column.origin = cursor.origin_from(start);
    Ok(definition)
}

fn column_constraint(cursor: &mut Cursor<'_>, definition: &mut ColumnDefinition) -> Parsed<()> {
    let column = &mut definition.column;
    let start = cursor.consumed();
    let name = if cursor.eat(&["constraint"]) { Some(cursor.identifier()?) } else { None };
    let mut references = None;
    let own = || vec![column.name.clone()];
    let kind = if cursor.eat(&["not", "null"]) {
        column.nullable = false;
        column.not_null = Some(NotNull {
            named: name.is_some(),
            name: name.clone().unwrap_or_default(),
            no_inherit: cursor.eat(&["no", "inherit"]),
            ..NotNull::own()
        });
        None
    } else if cursor.eat(&["null"]) {
        None
    } else if cursor.eat(&["default"]) {
        column.default = Some(cursor.until(|c| c.is_any(COLUMN_CONSTRAINTS)).expression());
        None
    } else if cursor.eat(&["generated"]) {
        definition.sequence = generated(cursor, column)?;
        None
    } else if cursor.eat(&["collate"]) {
        column.collation = Some(cursor.object_name()?);
        None
    } else if cursor.eat(&["storage"]) || cursor.eat(&["compression"]) {
        cursor.identifier()?;
        None
    } else if cursor.eat(&["options"]) {
        cursor.parens()?;
        None
    } else if cursor.eat(&["check"]) {
        Some(ConstraintKind::Check { expression: cursor.parens()?.expression() })
    } else if cursor.eat(&["unique"]) {
        let nulls_not_distinct = nulls_not_distinct(cursor);
        index_parameters(cursor)?;
        Some(ConstraintKind::Unique { columns: own(), include: Vec::new(), nulls_not_distinct })
    } else if cursor.eat(&["primary", "key"]) {
        index_parameters(cursor)?;
        Some(ConstraintKind::PrimaryKey { columns: own(), include: Vec::new() })
    } else if cursor.is("references") {
        let (key, target) = foreign_key(cursor, own())?;
        references = Some(target);
        Some(ConstraintKind::ForeignKey(key))
    } else if let Some(constraint) = definition.constraints.last_mut().map(|d| &mut d.constraint) {
        if !constraint_attribute(cursor, constraint) {
            return cursor.fail("a column constraint");
        }
        let written = cursor.origin_from(start);
        constraint.origin.span = constraint.origin.span.to(written.span);
        return Ok(());
    } else {
        return cursor.fail("a column constraint");
    };
    if let Some(kind) = kind {
        let mut constraint = Constraint::new(name, kind, cursor.origin_from(start));
        constraint.no_inherit = cursor.eat(&["no", "inherit"]);
        definition.constraints.push(ConstraintDefinition {
            constraint,
            references,
            using_index: None,
        });
    }
    Ok(())
}

fn generated(cursor: &mut Cursor<'_>, column: &mut Column) -> Parsed<SequenceWords> {
    let always = cursor.eat(&["always"]);
    if !always {
        cursor.expect(&["by", "default"])?;
    }
    cursor.expect(&["as"])?;
    if cursor.eat(&["identity"]) {
        column.identity = Some(if always { Identity::Always } else { Identity::ByDefault });
        column.nullable = false;
        if cursor.is_kind(TokenKind::LeftParen) {
            return sequence_options(&mut cursor.parens()?);
        }
    } else {
        let expression = cursor.parens()?.expression();
        // Since PostgreSQL 18 a generated column is virtual unless it says otherwise.
        let stored = cursor.eat(&["stored"]);
        cursor.eat(&["virtual"]);
        column.generated = Some(Generated { expression, stored });
    }
    Ok(SequenceWords::default())
}

/// `DEFERRABLE` and the like, on a constraint that was just read.
fn constraint_attribute(cursor: &mut Cursor<'_>, constraint: &mut Constraint) -> bool {
    if cursor.eat(&["not", "deferrable"]) || cursor.eat(&["initially", "immediate"]) {
    } else if cursor.eat(&["deferrable"]) {
        constraint.deferrable = true;
    } else if cursor.eat(&["initially", "deferred"]) {
        constraint.deferrable = true;
        constraint.initially_deferred = true;
    } else if cursor.eat(&["not", "valid"]) {
        constraint.not_valid = true;
    } else if cursor.eat(&["no", "inherit"]) {
        constraint.no_inherit = true;
    } else if cursor.eat(&["not", "enforced"]) {
        constraint.not_enforced = true;
    } else if !cursor.eat(&["enforced"]) {
        return false;
    }
    true
}

fn nulls_not_distinct(cursor: &mut Cursor<'_>) -> bool {
    let not = cursor.eat(&["nulls", "not", "distinct"]);
    cursor.eat(&["nulls", "distinct"]);
    not
}

/// `[WITH (…)] [USING INDEX TABLESPACE x]` behind a key.
fn index_parameters(cursor: &mut Cursor<'_>) -> Parsed<()> {
    if cursor.eat(&["with"]) {
        cursor.parens()?;
    }
    if cursor.eat(&["using", "index", "tablespace"]) {
        cursor.identifier()?;
    }
    Ok(())
}

/// `(a, b)` of a key, and whether its last column is a period: `WITHOUT OVERLAPS`, `PERIOD`.
fn key_columns(cursor: &mut Cursor<'_>) -> Parsed<(Vec<String>, bool)> {
    let mut inside = cursor.parens()?;
    let (mut columns, mut temporal) = (Vec::new(), false);
    for mut part in inside.comma_separated() {
        if part.is("period") && part.peek_at(1).is_some() {
            part.bump();
            temporal = true;
        }
        columns.push(part.identifier()?);
        temporal |= part.eat(&["without", "overlaps"]);
        part.expect_end()?;
    }
    Ok((columns, temporal))
}

fn include(cursor: &mut Cursor<'_>) -> Parsed<Vec<String>> {
    if cursor.eat(&["include"]) { cursor.identifier_list() } else { Ok(Vec::new()) }
}

/// A table constraint with its attributes.
pub(crate) fn table_constraint(cursor: &mut Cursor<'_>) -> Parsed<ConstraintDefinition> {
    let start = cursor.consumed();
    let name = if cursor.eat(&["constraint"]) { Some(cursor.identifier()?) } else { None };
    let mut references = None;
    let mut temporal = false;
    let mut using_index = None;
    let kind = if cursor.eat(&["primary", "key"]) {
        if cursor.eat(&["using", "index"]) {
            using_index = Some(cursor.identifier()?);
            ConstraintKind::PrimaryKey { columns: Vec::new(), include: Vec::new() }
        } else {
            let columns;
            (columns, temporal) = key_columns(cursor)?;
            ConstraintKind::PrimaryKey { columns, include: include(cursor)? }
        }
    } else if cursor.eat(&["unique"]) {
        let nulls_not_distinct = nulls_not_distinct(cursor);
        if cursor.eat(&["using", "index"]) {
            using_index = Some(cursor.identifier()?);
            ConstraintKind::Unique { columns: Vec::new(), include: Vec::new(), nulls_not_distinct }
        } else {
            let columns;
            (columns, temporal) = key_columns(cursor)?;
            ConstraintKind::Unique { columns, include: include(cursor)?, nulls_not_distinct }
        }
    } else if cursor.eat(&["check"]) {
        ConstraintKind::Check { expression: cursor.parens()?.expression() }
    } else if cursor.eat(&["foreign", "key"]) {
        let columns;
        (columns, temporal) = key_columns(cursor)?;
        let (key, target) = foreign_key(cursor, columns)?;
        references = Some(target);
        ConstraintKind::ForeignKey(key)
    } else if cursor.eat(&["exclude"]) {
        exclude(cursor)?
    } else if cursor.eat(&["not", "null"]) {
        // PostgreSQL 18 writes `CONSTRAINT n NOT NULL c`; as a check it says the same.
        let column = cursor.identifier()?;
        let text = format!("{} IS NOT NULL", schemaward_catalog::quote_identifier(&column));
        let ast = crate::expression::parse_expression(&text).map(Box::new);
        let origin = cursor.origin_from(start);
        ConstraintKind::Check { expression: schemaward_catalog::Expression { text, ast, origin } }
    } else {
        return cursor.fail("a constraint");
    };
    index_parameters(cursor)?;
    let mut constraint = Constraint::new(name, kind, cursor.origin_from(start));
    constraint.temporal = temporal;
    while !cursor.at_end() {
        if !constraint_attribute(cursor, &mut constraint) {
            return cursor.fail("an attribute of the constraint");
        }
    }
    constraint.origin = cursor.origin_from(start);
    Ok(ConstraintDefinition { constraint, references, using_index })
}

fn exclude(cursor: &mut Cursor<'_>) -> Parsed<ConstraintKind> {
    let method = if cursor.eat(&["using"]) { cursor.identifier()? } else { "btree".to_owned() };
    let elements = cursor.parens()?.comma_separated().iter().map(Cursor::portable).collect();
    include(cursor)?;
    index_parameters(cursor)?;
    let predicate = if cursor.eat(&["where"]) { Some(cursor.parens()?.expression()) } else { None };
    Ok(ConstraintKind::Exclude { method, elements, predicate })
}

/// `REFERENCES …`, and the referenced table as written.
fn foreign_key(cursor: &mut Cursor<'_>, columns: Vec<String>) -> Parsed<(ForeignKey, ObjectName)> {
    cursor.expect(&["references"])?;
    let target = cursor.object_name()?;
    let referenced_columns =
        if cursor.is_kind(TokenKind::LeftParen) { key_columns(cursor)?.0 } else { Vec::new() };
    let mut key = ForeignKey {
        columns,
        references: unresolved(&target),
        referenced_columns,
        index: None,
        on_delete: ReferentialAction::NoAction,
        on_update: ReferentialAction::NoAction,
        match_full: false,
    };
    loop {
        if cursor.eat(&["match"]) {
            key.match_full = cursor.identifier()? == "full";
        } else if cursor.eat(&["on", "delete"]) {
            key.on_delete = referential_action(cursor)?;
        } else if cursor.eat(&["on", "update"]) {
            key.on_update = referential_action(cursor)?;
        } else {
            return Ok((key, target));
        }
    }
}

fn referential_action(cursor: &mut Cursor<'_>) -> Parsed<ReferentialAction> {
    if cursor.eat(&["no", "action"]) {
        return Ok(ReferentialAction::NoAction);
    }
    if cursor.eat(&["restrict"]) {
        return Ok(ReferentialAction::Restrict);
    }
    if cursor.eat(&["cascade"]) {
        return Ok(ReferentialAction::Cascade);
    }
    let null = cursor.eat(&["set", "null"]);
    if !null {
        cursor.expect(&["set", "default"])?;
    }
    let columns =
        if cursor.is_kind(TokenKind::LeftParen) { cursor.identifier_list()? } else { Vec::new() };
    Ok(if null {
        ReferentialAction::SetNull(columns)
    } else {
        ReferentialAction::SetDefault(columns)
    })
}
