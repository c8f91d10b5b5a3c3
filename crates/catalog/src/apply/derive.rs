//! The columns of a query, for tables that are made from one.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    Cte, FunctionArg, JoinConstraint, JoinOperator, Query, Select, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, TableAlias, TableFactor, visit_relations,
};

use super::Applying;
use super::result::{Returned, cast_type};
use crate::change::TableDefinition;
use crate::expression::figure_name;
use crate::lower::fold;
use crate::object::{Column, UserTypeKind};
use crate::{
    BlindSpot, Catalog, ColumnDefinition, DataType, ObjectName, Problem, QualifiedName, Reach,
    SequenceWords, TableElement, Touches,
};

/// How deep queries inside of queries are followed.
const DEPTH: u8 = 8;

/// How many relations and functions a query may read, those of its views and sub-queries included.
const MAX_READ: u32 = 2_000;

/// A column that a query shows.
pub(super) type Shown = (String, DataType);

impl Applying<'_> {
    /// `CREATE TABLE AS` and `SELECT INTO`; `names` rename the first columns.
    pub(super) fn create_table_as(
        &mut self,
        mut table: TableDefinition,
        names: Vec<String>,
        query: &Query,
    ) {
        let Some(mut columns) = Deriving::new(self.catalog).query(query, DEPTH) else {
            let name = &table.name;
            let reason = format!("the columns that the query gives \"{name}\" are not known");
            return self.unknown_columns(&name.name, reason);
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
                    column: Column::plain(name, data_type, origin),
                    constraints: Vec::new(),
                    sequence: SequenceWords::default(),
                }))
            })
            .collect();
        self.create_table(table);
    }
}

impl Applying<'_> {
    /// What a statement makes is unknown, but not what it is called.
    pub(super) fn unknown_columns(&mut self, table: &str, reason: String) {
        self.catalog.blind_spots.push(BlindSpot {
            reason: reason.clone(),
            may_touch: Touches { columns: true, ..Touches::default() },
            tables: Reach::Named(BTreeSet::from([table.to_owned()])),
            origin: self.origin,
        });
        self.problems.push(Problem { message: reason, origin: self.origin, unread: true });
    }
}

/// A relation of `FROM`: the name it is known by, and its columns.
pub(super) struct Source {
    pub(super) known: String,
    pub(super) columns: Vec<Shown>,
}

/// Finds the columns of queries.
pub(super) struct Deriving<'a> {
    pub(super) catalog: &'a Catalog,
    /// Queries of `WITH` in scope, the innermost last; those whose columns are not known too.
    common: Vec<(String, Option<Vec<Shown>>)>,
    /// How much was read.
    read: Cell<u32>,
}

/// The columns of a view, where they are known.
pub(super) fn columns_of_view(catalog: &Catalog, name: &QualifiedName) -> Option<Vec<Shown>> {
    catalog.views.contains_key(name).then_some(())?;
    let name = ObjectName { schema: Some(name.schema.clone()), name: name.name.clone() };
    Deriving::new(catalog).relation(&name, DEPTH)
}

impl<'a> Deriving<'a> {
    fn new(catalog: &'a Catalog) -> Self {
        Self { catalog, common: Vec::new(), read: Cell::new(0) }
    }

    /// The columns that a query shows.
    pub(super) fn query(&self, query: &Query, depth: u8) -> Option<Vec<Shown>> {
        let columns = self.unsettled(query, depth)?.into_iter();
        Some(columns.map(|(name, data_type)| (name, data_type.settled())).collect())
    }

    fn unsettled(&self, query: &Query, depth: u8) -> Option<Vec<Shown>> {
        let Some(with) = &query.with else { return self.body(&query.body, depth) };
        let read = self.read.clone();
        let mut inner = Self { catalog: self.catalog, common: self.common.clone(), read };
        for table in &with.cte_tables {
            let columns = inner.common_table(table, with.recursive, depth.checked_sub(1)?);
            inner.common.push((fold(&table.alias.name), columns));
        }
        let columns = inner.body(&query.body, depth);
        self.read.set(inner.read.get());
        columns
    }

    fn common_table(&self, table: &Cte, recursive: bool, depth: u8) -> Option<Vec<Shown>> {
        let mut columns = match table.query.body.as_ref() {
            // What is not recursive decides the types.
            SetExpr::SetOperation { left, .. } if recursive => {
                let columns = self.body(left, depth)?.into_iter();
                columns.map(|(name, data_type)| (name, data_type.settled())).collect()
            }
            _ => self.query(&table.query, depth)?,
        };
        for (column, given) in columns.iter_mut().zip(&table.alias.columns) {
            column.0 = fold(&given.name);
        }
        Some(columns)
    }

    fn body(&self, body: &SetExpr, depth: u8) -> Option<Vec<Shown>> {
        let deeper = depth.checked_sub(1)?;
        match body {
            SetExpr::Select(select) => self.select(select, deeper),
            SetExpr::Query(query) => self.unsettled(query, deeper),
            SetExpr::Table(table) => {
                let schema = table.schema_name.clone();
                self.relation(&ObjectName { schema, name: table.table_name.clone()? }, deeper)
            }
            SetExpr::SetOperation { left, right, .. } => {
                let left = self.body(left, deeper)?;
                let right = self.body(right, deeper)?;
                (left.len() == right.len()).then_some(())?;
                let columns = left.into_iter().zip(right);
                columns.map(|(left, right)| Some((left.0, united(left.1, right.1)?))).collect()
            }
            SetExpr::Values(values) => {
                let width = values.rows.first()?.content.len();
                let column = |at: usize| {
                    let cells = values.rows.iter().map(|row| row.content.get(at));
                    let types = cells.map(|cell| self.type_of(cell?, &[], deeper));
                    Some((format!("column{}", at + 1), super::result::common(types)?))
                };
                (0..width).map(column).collect()
            }
            _ => None,
        }
    }

    /// The columns of a query of `WITH`, a table, or a view.
    fn relation(&self, name: &ObjectName, depth: u8) -> Option<Vec<Shown>> {
        self.reads()?;
        if name.schema.is_none()
            && let Some((_, columns)) = self.common.iter().rev().find(|(own, _)| *own == name.name)
        {
            return columns.clone();
        }
        let catalog = self.catalog;
        let name = catalog.resolve(name, |name| {
            catalog.tables.contains_key(name) || catalog.views.contains_key(name)
        })?;
        if let Some(table) = catalog.tables.get(&name) {
            let columns = table.columns.iter();
            return Some(columns.map(|c| (c.name.clone(), c.data_type.clone())).collect());
        }
        let view = catalog.views.get(&name)?;
        // It does not see the queries of `WITH` around it.
        let own = Self { catalog, common: Vec::new(), read: self.read.clone() };
        let columns = own.query(view.ast.as_ref()?, depth.checked_sub(1)?);
        self.read.set(own.read.get());
        let mut columns = columns?;
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

    /// Counts one more relation; none when there are too many.
    fn reads(&self) -> Option<()> {
        self.read.set(self.read.get() + 1);
        (self.read.get() <= MAX_READ).then_some(())
    }

    fn select(&self, select: &Select, depth: u8) -> Option<Vec<Shown>> {
        let mut sources = Vec::new();
        let mut all = Vec::new();
        for from in &select.from {
            let first = self.source(&from.relation, &sources, depth)?;
            let mut joined = first.columns.clone();
            sources.push(first);
            for join in &from.joins {
                let source = self.source(&join.relation, &sources, depth)?;
                joined = merged(&joined, &source.columns, &join.join_operator)?;
                sources.push(source);
            }
            all.extend(joined);
        }
        let mut columns = Vec::new();
        for item in &select.projection {
            match item {
                SelectItem::UnnamedExpr(expr) => {
                    columns.push((figure_name(expr), self.type_of(expr, &sources, depth)?));
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    columns.push((fold(alias), self.type_of(expr, &sources, depth)?));
                }
                SelectItem::Wildcard(_) => columns.extend(all.iter().cloned()),
                SelectItem::QualifiedWildcard(
                    SelectItemQualifiedWildcardKind::ObjectName(name),
                    _,
                ) => {
                    let name = fold(name.0.last()?.as_ident()?);
                    let source = sources.iter().find(|source| source.known == name)?;
                    columns.extend(source.columns.iter().cloned());
                }
                _ => return None,
            }
        }
        Some(columns)
    }

    /// A relation of `FROM`; `before` are those that its arguments may name.
    fn source(&self, factor: &TableFactor, before: &[Source], depth: u8) -> Option<Source> {
        let written = |name: &sqlparser::ast::ObjectName| {
            let mut parts = name.0.iter().rev().map(|part| part.as_ident().map(fold));
            let own = parts.next()??;
            Some(ObjectName { schema: parts.next().flatten(), name: own })
        };
        match factor {
            TableFactor::Table { name, alias, args: None, .. } => {
                let name = written(name)?;
                let columns = self.relation(&name, depth)?;
                Some(aliased(columns, alias.as_ref(), name.name))
            }
            TableFactor::Table { name, alias, args: Some(args), with_ordinality, .. } => {
                let (args, alias) = (args.args.as_slice(), alias.as_ref());
                self.function(&written(name)?, args, *with_ordinality, alias, before, depth)
            }
            TableFactor::Function { name, args, with_ordinality, alias, .. } => {
                let (args, alias) = (args.as_slice(), alias.as_ref());
                self.function(&written(name)?, args, *with_ordinality, alias, before, depth)
            }
            TableFactor::UNNEST { alias, array_exprs, with_ordinality, .. } => {
                let arrays = array_exprs.iter().map(|array| {
                    let element = self.type_of(array, before, depth)?.element()?;
                    self.parts_of(&element).or_else(|| Some(vec![("unnest".into(), element)]))
                });
                let columns: Vec<_> = arrays.collect::<Option<Vec<_>>>()?.concat();
                let one = columns.len() == 1;
                let result = Returned { columns, named: !one };
                Some(rows(result, "unnest", *with_ordinality, alias.as_ref()))
            }
            TableFactor::Derived { subquery, alias, .. } => {
                let columns = self.query(subquery, depth.checked_sub(1)?)?;
                Some(aliased(columns, alias.as_ref(), String::new()))
            }
            _ => None,
        }
    }

    /// The rows that a function of `FROM` gives.
    fn function(
        &self,
        name: &ObjectName,
        args: &[FunctionArg],
        ordinality: bool,
        alias: Option<&TableAlias>,
        before: &[Source],
        depth: u8,
    ) -> Option<Source> {
        self.reads()?;
        // `AS t (a int, b text)`: a function of records is told what they are.
        let given = alias.map(|alias| alias.columns.as_slice()).unwrap_or_default();
        let typed: Option<Vec<Shown>> = given
            .iter()
            .map(|column| {
                let data_type = column.data_type.as_ref()?.to_string();
                Some((fold(&column.name), cast_type(self.catalog, &data_type)?))
            })
            .collect();
        let result = match typed.filter(|typed| !typed.is_empty()) {
            Some(columns) => Returned { columns, named: true },
            None => self.result(name, args, before, depth)?,
        };
        Some(rows(result, &name.name, ordinality, alias))
    }

    /// The columns of a row type: a table's or a composite type's.
    pub(super) fn parts_of(&self, data_type: &DataType) -> Option<Vec<Shown>> {
        if data_type.array || data_type.is_builtin() {
            return None;
        }
        let name = ObjectName { schema: data_type.schema.clone(), name: data_type.name.clone() };
        let types = &self.catalog.types;
        if let Some(found) = self.catalog.resolve(&name, |name| types.contains_key(name)) {
            return match &types.get(&found)?.kind {
                UserTypeKind::Composite(attributes) => Some(attributes.clone()),
                _ => None,
            };
        }
        let columns = self.catalog.table(&name)?.columns.iter();
        Some(columns.map(|column| (column.name.clone(), column.data_type.clone())).collect())
    }
}

/// What a function of `FROM` gives, under the names it has there: a single value is called as the
/// function's alias, else as the function.
fn rows(result: Returned, name: &str, ordinality: bool, alias: Option<&TableAlias>) -> Source {
    let Returned { mut columns, named } = result;
    let known = alias.map_or_else(|| name.to_owned(), |alias| fold(&alias.name));
    if let [(column, _)] = columns.as_mut_slice()
        && !named
    {
        column.clone_from(&known);
    }
    if ordinality {
        columns.push(("ordinality".to_owned(), DataType::named("bigint")));
    }
    aliased(columns, alias, known)
}

fn aliased(mut columns: Vec<Shown>, alias: Option<&TableAlias>, known: String) -> Source {
    let Some(alias) = alias else { return Source { known, columns } };
    for (column, given) in columns.iter_mut().zip(&alias.columns) {
        column.0 = fold(&given.name);
    }
    Source { known: fold(&alias.name), columns }
}

/// What `*` shows of a join: what it joins by comes first and once.
fn merged(left: &[Shown], right: &[Shown], join: &JoinOperator) -> Option<Vec<Shown>> {
    let (JoinOperator::Join(constraint)
    | JoinOperator::Inner(constraint)
    | JoinOperator::Left(constraint)
    | JoinOperator::LeftOuter(constraint)
    | JoinOperator::Right(constraint)
    | JoinOperator::RightOuter(constraint)
    | JoinOperator::FullOuter(constraint)
    | JoinOperator::CrossJoin(constraint)) = join
    else {
        return None;
    };
    let by: Vec<String> = match constraint {
        JoinConstraint::On(_) | JoinConstraint::None => Vec::new(),
        JoinConstraint::Using(columns) => {
            let names = columns.iter().map(|name| name.0.last()?.as_ident().map(fold));
            names.collect::<Option<_>>()?
        }
        JoinConstraint::Natural => {
            let both = left.iter().filter(|(own, _)| right.iter().any(|(other, _)| other == own));
            both.map(|(name, _)| name.clone()).collect()
        }
    };
    let joins = |column: &&Shown| by.contains(&column.0);
    let mut columns = Vec::new();
    for name in &by {
        let of = |columns: &[Shown]| columns.iter().find(|(own, _)| own == name).cloned();
        let (own, data_type) = of(left)?;
        columns.push((own, united(data_type, of(right)?.1)?));
    }
    columns.extend(left.iter().filter(|column| !joins(column)).cloned());
    columns.extend(right.iter().filter(|column| !joins(column)).cloned());
    Some(columns)
}

/// The type of two branches of a query: modifiers last only where both have the same.
fn united(left: DataType, right: DataType) -> Option<DataType> {
    super::result::common([Some(left), Some(right)].into_iter())
}
