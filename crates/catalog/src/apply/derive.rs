//! The columns of a query, for tables that are made from one: names and types of plain columns,
//! casts, constants, and the functions whose result is plain.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Query, Select,
    SelectItem, SelectItemQualifiedWildcardKind, SetExpr, TableFactor, UnaryOperator, Value,
    visit_relations,
};

use super::Applying;
use crate::change::TableDefinition;
use crate::expression::figure_name;
use crate::lower::fold;
use crate::object::Column;
use crate::{
    BlindSpot, Catalog, ColumnDefinition, DataType, ObjectName, Problem, Reach, SequenceWords,
    TableElement, Touches,
};

/// How deep queries inside of queries are followed.
const DEPTH: u8 = 8;

/// A column that a query shows.
type Shown = (String, DataType);

impl Applying<'_> {
    /// `CREATE TABLE AS` and `SELECT INTO`; `names` rename the first columns.
    pub(super) fn create_table_as(
        &mut self,
        mut table: TableDefinition,
        names: Vec<String>,
        query: &Query,
    ) {
        let Some(mut columns) = query_columns(self.catalog, query, DEPTH) else {
            let reason =
                format!("the columns that the query gives \"{}\" are not known", table.name);
            let may_touch = Touches { columns: true, ..Touches::default() };
            let origin = self.origin;
            // What it makes is unknown, but not what it is called.
            let tables = Reach::Named(BTreeSet::from([table.name.name.clone()]));
            self.catalog.blind_spots.push(BlindSpot {
                reason: reason.clone(),
                may_touch,
                tables,
                origin,
            });
            self.problems.push(Problem { message: reason, origin, unread: true });
            return;
        };
        for (column, name) in columns.iter_mut().zip(names) {
            column.0 = name;
        }
        let _ = visit_relations(query, |read| {
            if let Some(read) = read.0.last().and_then(|part| part.as_ident()).map(fold) {
                self.catalog.blind_alike(&read, &table.name.name);
            }
            ControlFlow::<()>::Continue(())
        });
        let origin = table.name_origin;
        table.elements = columns
            .into_iter()
            .map(|(name, data_type)| {
                TableElement::Column(Box::new(ColumnDefinition {
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
                        origin,
                    },
                    constraints: Vec::new(),
                    sequence: SequenceWords::default(),
                }))
            })
            .collect();
        self.create_table(table);
    }
}

/// A relation of `FROM`: the name it is known by, and its columns.
struct Source {
    known: String,
    columns: Vec<Shown>,
}

fn query_columns(catalog: &Catalog, query: &Query, depth: u8) -> Option<Vec<Shown>> {
    if query.with.is_some() || depth == 0 {
        return None;
    }
    body_columns(catalog, &query.body, depth)
}

fn body_columns(catalog: &Catalog, body: &SetExpr, depth: u8) -> Option<Vec<Shown>> {
    if depth == 0 {
        return None;
    }
    match body {
        SetExpr::Select(select) => select_columns(catalog, select, depth),
        SetExpr::Query(query) => query_columns(catalog, query, depth - 1),
        SetExpr::Table(table) => {
            let name =
                ObjectName { schema: table.schema_name.clone(), name: table.table_name.clone()? };
            relation_columns(catalog, &name, depth)
        }
        SetExpr::SetOperation { left, right, .. } => {
            let left = body_columns(catalog, left, depth - 1)?;
            let right = body_columns(catalog, right, depth - 1)?;
            let same = left.iter().map(|(_, found)| found).eq(right.iter().map(|(_, found)| found));
            same.then_some(left)
        }
        SetExpr::Values(values) => {
            let row = values.rows.first()?;
            let types = row.iter().map(|expr| type_of(catalog, expr, &[]));
            let numbered = types.enumerate();
            numbered.map(|(at, found)| Some((format!("column{}", at + 1), found?))).collect()
        }
        _ => None,
    }
}

/// The columns of a table, or of a view whose query is simple.
fn relation_columns(catalog: &Catalog, name: &ObjectName, depth: u8) -> Option<Vec<Shown>> {
    let views = &catalog.views;
    let relation =
        |name: &crate::QualifiedName| catalog.tables.contains_key(name) || views.contains_key(name);
    let name = catalog.resolve(name, relation)?;
    if let Some(table) = catalog.tables.get(&name) {
        let columns = table.columns.iter();
        return Some(columns.map(|found| (found.name.clone(), found.data_type.clone())).collect());
    }
    let view = views.get(&name)?;
    let mut columns = query_columns(catalog, view.ast.as_ref()?, depth - 1)?;
    for (column, given) in columns.iter_mut().zip(&view.columns) {
        column.0.clone_from(given);
    }
    for (from, to) in &view.renamed_columns {
        for column in columns.iter_mut().filter(|(name, _)| name == from) {
            column.0.clone_from(to);
        }
    }
    Some(columns)
}

fn select_columns(catalog: &Catalog, select: &Select, depth: u8) -> Option<Vec<Shown>> {
    let mut sources = Vec::new();
    let mut merged = false;
    for from in &select.from {
        sources.push(source(catalog, &from.relation, depth)?);
        for join in &from.joins {
            let text = join.to_string();
            merged |= text.contains(" USING") || text.contains("NATURAL");
            sources.push(source(catalog, &join.relation, depth)?);
        }
    }
    let mut columns = Vec::new();
    for item in &select.projection {
        match item {
            SelectItem::UnnamedExpr(expr) => {
                columns.push((figure_name(expr), type_of(catalog, expr, &sources)?));
            }
            SelectItem::ExprWithAlias { expr, alias } => {
                columns.push((fold(alias), type_of(catalog, expr, &sources)?));
            }
            // USING and NATURAL show what they join by once.
            SelectItem::Wildcard(_) if !merged => {
                columns.extend(sources.iter().flat_map(|source| source.columns.iter().cloned()));
            }
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => {
                let name = fold(name.0.last()?.as_ident()?);
                let source = sources.iter().find(|source| source.known == name)?;
                columns.extend(source.columns.iter().cloned());
            }
            _ => return None,
        }
    }
    Some(columns)
}

fn source(catalog: &Catalog, factor: &TableFactor, depth: u8) -> Option<Source> {
    match factor {
        TableFactor::Table { name, alias, args: None, .. } => {
            let mut parts = name.0.iter().rev().map(|part| part.as_ident().map(fold));
            let own = parts.next()??;
            let name = ObjectName { schema: parts.next().flatten(), name: own };
            let columns = relation_columns(catalog, &name, depth)?;
            Some(aliased(columns, alias.as_ref(), name.name))
        }
        TableFactor::Derived { subquery, alias: Some(alias), .. } => {
            let columns = query_columns(catalog, subquery, depth - 1)?;
            Some(aliased(columns, Some(alias), String::new()))
        }
        _ => None,
    }
}

fn aliased(
    mut columns: Vec<Shown>,
    alias: Option<&sqlparser::ast::TableAlias>,
    known: String,
) -> Source {
    let Some(alias) = alias else { return Source { known, columns } };
    for (column, given) in columns.iter_mut().zip(&alias.columns) {
        column.0 = fold(&given.name);
    }
    Source { known: fold(&alias.name), columns }
}

fn type_of(catalog: &Catalog, expr: &Expr, sources: &[Source]) -> Option<DataType> {
    let plain = |name: &str| Some(DataType::named(name));
    let of = |expr: &Expr| type_of(catalog, expr, sources);
    match expr {
        Expr::Identifier(ident) => {
            let name = fold(ident);
            let mut found =
                sources.iter().flat_map(|source| &source.columns).filter(|(own, _)| *own == name);
            found.next().map(|(_, data_type)| data_type.clone())
        }
        Expr::CompoundIdentifier(parts) => {
            let [.., owner, name] = parts.as_slice() else { return None };
            let (owner, name) = (fold(owner), fold(name));
            let source = sources.iter().find(|source| source.known == owner)?;
            source.columns.iter().find(|(own, _)| *own == name).map(|(_, found)| found.clone())
        }
        Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => of(inner),
        Expr::Cast { data_type, .. } => cast_type(catalog, &data_type.to_string()),
        Expr::TypedString(typed) => cast_type(catalog, &typed.data_type.to_string()),
        Expr::Value(value) => match &value.value {
            Value::Number(text, _) if text.parse::<i32>().is_ok() => plain("integer"),
            Value::Number(text, _) if text.parse::<i64>().is_ok() => plain("bigint"),
            Value::Number(..) => plain("numeric"),
            Value::Boolean(_) => plain("boolean"),
            Value::SingleQuotedString(_)
            | Value::DollarQuotedString(_)
            | Value::EscapedStringLiteral(_)
            | Value::Null => plain("text"),
            _ => None,
        },
        Expr::UnaryOp { op: UnaryOperator::Not, .. }
        | Expr::IsNull(_)
        | Expr::IsNotNull(_)
        | Expr::IsTrue(_)
        | Expr::IsNotTrue(_)
        | Expr::IsFalse(_)
        | Expr::IsNotFalse(_)
        | Expr::IsDistinctFrom(..)
        | Expr::IsNotDistinctFrom(..)
        | Expr::InList { .. }
        | Expr::InSubquery { .. }
        | Expr::Between { .. }
        | Expr::Like { .. }
        | Expr::ILike { .. }
        | Expr::Exists { .. } => plain("boolean"),
        Expr::UnaryOp { op: UnaryOperator::Minus | UnaryOperator::Plus, expr } => of(expr),
        Expr::BinaryOp { left, op, right } => match op {
            BinaryOperator::And
            | BinaryOperator::Or
            | BinaryOperator::Eq
            | BinaryOperator::NotEq
            | BinaryOperator::Lt
            | BinaryOperator::LtEq
            | BinaryOperator::Gt
            | BinaryOperator::GtEq => plain("boolean"),
            BinaryOperator::Plus | BinaryOperator::Minus | BinaryOperator::Multiply => {
                let (mut left, right) = (of(left)?, of(right)?);
                let number = ["smallint", "integer", "bigint", "numeric", "double precision"]
                    .contains(&left.name.as_str());
                left.modifiers.clear();
                (number && left.name == right.name && !left.array).then_some(left)
            }
            _ => None,
        },
        Expr::Case { conditions, else_result, .. } => {
            let results = conditions.iter().map(|when| &when.result).chain(else_result.as_deref());
            common(results.map(of))
        }
        Expr::Function(function) => {
            let name = fold(function.name.0.last()?.as_ident()?);
            let arguments = match &function.args {
                FunctionArguments::List(list) => list.args.as_slice(),
                _ => &[],
            };
            let mut types = arguments.iter().map(|argument| match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => of(expr),
                _ => None,
            });
            match name.as_str() {
                "now"
                | "clock_timestamp"
                | "current_timestamp"
                | "statement_timestamp"
                | "transaction_timestamp" => plain("timestamptz"),
                "current_date" => plain("date"),
                "count" | "row_number" | "rank" | "dense_rank" => plain("bigint"),
                "gen_random_uuid" => plain("uuid"),
                "lower" | "upper" | "concat" | "concat_ws" | "format" | "md5" | "replace"
                | "to_char" | "current_setting" | "string_agg" => plain("text"),
                "length" | "char_length" => plain("integer"),
                "bool_and" | "bool_or" => plain("boolean"),
                "coalesce" => common(types),
                "min" | "max" => types.next().flatten(),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The type that all have, with its modifiers only when all have the same.
fn common(mut types: impl Iterator<Item = Option<DataType>>) -> Option<DataType> {
    let mut first = types.next()??;
    for other in types {
        let other = other?;
        if other.name != first.name || other.schema != first.schema || other.array != first.array {
            return None;
        }
        if other.modifiers != first.modifiers {
            first.modifiers.clear();
        }
    }
    Some(first)
}

/// A type as `sqlparser` prints it: `VARCHAR(20)`, `TIMESTAMP(3) WITH TIME ZONE`, `app.mood[]`.
fn cast_type(catalog: &Catalog, text: &str) -> Option<DataType> {
    let (text, array) = match text.strip_suffix("[]") {
        Some(text) => (text, true),
        None => (text, false),
    };
    let (head, modifiers, tail) = match text.split_once('(') {
        Some((head, rest)) => {
            let (inside, tail) = rest.split_once(')')?;
            let list = inside.split(',').map(|part| part.trim().to_owned()).collect();
            (head.trim(), list, tail.trim())
        }
        None => (text.trim(), Vec::new(), ""),
    };
    let name = format!("{head} {tail}").trim().to_lowercase();
    let mut data_type = DataType { modifiers, array, ..DataType::named(&name) };
    if data_type.is_builtin() {
        // Left out, these lengths are one and these scales nought.
        match (name.as_str(), data_type.modifiers.len()) {
            ("char" | "character" | "bit", 0) => data_type.modifiers.push("1".to_owned()),
            ("numeric" | "decimal" | "dec", 1) => data_type.modifiers.push("0".to_owned()),
            _ => {}
        }
        return Some(data_type);
    }
    let written = match head.split_once('.') {
        Some((schema, name)) => {
            ObjectName { schema: Some(schema.to_lowercase()), name: name.to_lowercase() }
        }
        None => ObjectName { schema: None, name: head.to_lowercase() },
    };
    let found = catalog.resolve(&written, |name| catalog.types.contains_key(name))?;
    data_type.schema = Some(found.schema);
    data_type.name = found.name;
    Some(data_type)
}
