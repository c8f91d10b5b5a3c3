//! What a policy's condition names: columns of its table and of others, relations, calls, settings,
//! comparisons. Names are resolved scope by scope, as the server does.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use schemaward_catalog::{Catalog, ObjectName, QualifiedName, Table};
use sqlparser::ast::{
    self, BinaryOperator, Expr, Ident, Query, SetExpr, TableFactor, TableWithJoins, Value, Visit,
    Visitor, visit_expressions,
};

use super::expression::{arguments, bare, folded, lone_projection, object_name};
use super::session::{SettingRead, has_source, is_source, session_user, setting_read};
use super::truth::{is_text, unnested};

/// A column that a condition names: of the policy's table (`table` is `None`) or of another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ColumnUse {
    /// The relation of a sub-query that has it; `None` for the policy's own table.
    pub(crate) table: Option<QualifiedName>,
    /// The column.
    pub(crate) column: String,
}

/// A function call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// The function as written.
    pub(crate) name: ObjectName,
    /// The call as text.
    pub(crate) text: String,
    /// Inside a scalar sub-select without a relation, which runs once a statement.
    pub(crate) once: bool,
    /// Whether its arguments name columns, so that it has to run for each row.
    pub(crate) of_row: bool,
}

/// A read of a setting, with how its value is used.
#[derive(Clone, Debug)]
pub(crate) struct SettingUse {
    /// The read.
    pub(crate) read: SettingRead,
    /// The type other than text to which the value is cast while it may be empty.
    pub(crate) cast: Option<String>,
}

/// What a column is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Against {
    /// A constant, as text.
    Literal(String),
    /// The role of the session (`current_user`).
    User(&'static str),
    /// Something else that tells who asks.
    Session,
    /// Anything else.
    Other,
}

/// A comparison of one column with something that names no column.
#[derive(Clone, Debug)]
pub(crate) struct Comparison {
    /// The column.
    pub(crate) column: ColumnUse,
    /// Whether it is `=`, `IN` or `= ANY`.
    pub(crate) equality: bool,
    /// The other side.
    pub(crate) against: Against,
    /// The column's side as text, when it is not the column alone (`lower(email)`, `id::text`).
    pub(crate) wrapped: Option<String>,
}

/// A pattern match that has something of the session on one side.
#[derive(Clone, Debug)]
pub(crate) struct PatternMatch {
    /// The match as text.
    pub(crate) text: String,
}

/// A claim that the person it is about can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EditableClaim {
    /// `user_metadata` of a token, `raw_user_meta_data` of its table.
    Metadata,
    /// An e-mail address taken for an identity.
    Email,
}

/// A condition, taken apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Predicate {
    /// Columns of the policy's table, in sub-queries too.
    pub(crate) own: BTreeSet<String>,
    /// Columns of other relations.
    pub(crate) foreign: BTreeSet<ColumnUse>,
    /// Tables and views of the catalog that sub-queries read.
    pub(crate) reads: BTreeSet<QualifiedName>,
    /// Names that nothing visible has, as written.
    pub(crate) unknown_columns: BTreeSet<String>,
    /// Relations that the catalog does not have.
    pub(crate) unknown_relations: BTreeSet<ObjectName>,
    /// Whether the owner of every unqualified name is known.
    pub(crate) complete: bool,
    /// Calls, in order.
    pub(crate) calls: Vec<Call>,
    /// Reads of settings, in order.
    pub(crate) settings: Vec<SettingUse>,
    /// Comparisons of columns.
    pub(crate) comparisons: Vec<Comparison>,
    /// Pattern matches with the session.
    pub(crate) matches: Vec<PatternMatch>,
    /// Claims that their subject can change.
    pub(crate) editable: BTreeSet<EditableClaim>,
    /// String constants, for what settings may be compared with.
    pub(crate) literals: BTreeSet<String>,
}

impl Predicate {
    /// Takes a condition on a table's rows apart.
    pub(crate) fn of(catalog: &Catalog, table: &Table, condition: &Expr) -> Self {
        let found = Self { complete: true, ..Self::default() };
        let mut walk = Walk { catalog, table, scopes: Vec::new(), found };
        let _: ControlFlow<()> = condition.visit(&mut walk);
        walk.found
    }
}

/// A relation that a sub-query's names may come from.
struct Source {
    alias: String,
    table: Option<QualifiedName>,
    /// Its columns, where they are known.
    columns: Option<Vec<String>>,
}

/// The relations of one sub-query.
struct Scope {
    sources: Vec<Source>,
    reads_relation: bool,
}

struct Walk<'a> {
    catalog: &'a Catalog,
    table: &'a Table,
    scopes: Vec<Scope>,
    found: Predicate,
}

/// Columns that every table has.
const SYSTEM: [&str; 6] = ["ctid", "tableoid", "xmin", "xmax", "cmin", "cmax"];

impl Visitor for Walk<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let mut scope = Scope { sources: Vec::new(), reads_relation: false };
        for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
            // Visible by name below; what it has is not followed.
            let alias = folded(&cte.alias.name);
            scope.sources.push(Source { alias, table: None, columns: None });
        }
        self.collect(&query.body, &mut scope);
        self.scopes.push(scope);
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.scopes.pop();
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<()> {
        match expression {
            Expr::Identifier(ident) if session_user(expression).is_none() => self.bare_name(ident),
            Expr::CompoundIdentifier(parts) => self.qualified_name(parts),
            Expr::Function(function) => self.call(function),
            Expr::Cast { expr, data_type, .. } if !is_text(data_type) => {
                if let Some(read) = unguarded(expr) {
                    let cast = Some(data_type.to_string().to_lowercase());
                    self.found.settings.push(SettingUse { read, cast });
                }
            }
            Expr::Value(value) => {
                if let Value::SingleQuotedString(text) = &value.value {
                    self.found.literals.insert(text.clone());
                }
            }
            _ => {}
        }
        self.compare(expression);
        self.match_pattern(expression);
        self.claim(expression);
        ControlFlow::Continue(())
    }
}

impl Walk<'_> {
    /// The relations of a query's body.
    fn collect(&mut self, body: &SetExpr, scope: &mut Scope) {
        match body {
            SetExpr::Select(select) => {
                for from in &select.from {
                    self.from(from, scope);
                }
            }
            SetExpr::SetOperation { left, right, .. } => {
                self.collect(left, scope);
                self.collect(right, scope);
            }
            // A query in parentheses is visited on its own.
            SetExpr::Query(_) => {}
            _ => scope.reads_relation = true,
        }
    }

    fn from(&mut self, from: &TableWithJoins, scope: &mut Scope) {
        self.factor(&from.relation, scope);
        for join in &from.joins {
            self.factor(&join.relation, scope);
        }
    }

    fn factor(&mut self, factor: &TableFactor, scope: &mut Scope) {
        match factor {
            TableFactor::NestedJoin { table_with_joins, .. } => self.from(table_with_joins, scope),
            TableFactor::Table { name, alias, args: None, .. } => {
                scope.reads_relation = true;
                let name = object_name(name);
                let is_cte = name.schema.is_none()
                    && self.scopes.iter().chain(std::iter::once(&*scope)).any(|scope| {
                        let mut sources = scope.sources.iter();
                        sources.any(|s| s.alias == name.name && s.table.is_none())
                    });
                let own = alias.as_ref().map_or_else(|| name.name.clone(), |a| folded(&a.name));
                if is_cte {
                    scope.sources.push(Source { alias: own, table: None, columns: None });
                    return;
                }
                let tables = &self.catalog.tables;
                let views = &self.catalog.views;
                let exists =
                    |name: &QualifiedName| tables.contains_key(name) || views.contains_key(name);
                let Some(found) = self.catalog.resolve(&name, exists) else {
                    self.found.unknown_relations.insert(name);
                    scope.sources.push(Source { alias: own, table: None, columns: None });
                    return;
                };
                self.found.reads.insert(found.clone());
                let columns = tables
                    .get(&found)
                    .map(|table| table.columns.iter().map(|column| column.name.clone()).collect());
                scope.sources.push(Source { alias: own, table: Some(found), columns });
            }
            // Functions, derived tables and the like: what columns they have is not followed.
            other => {
                scope.reads_relation = true;
                let alias = match other {
                    TableFactor::Table { alias, .. }
                    | TableFactor::Derived { alias, .. }
                    | TableFactor::Function { alias, .. }
                    | TableFactor::UNNEST { alias, .. }
                    | TableFactor::TableFunction { alias, .. } => alias.as_ref(),
                    _ => None,
                };
                let alias = alias.map(|alias| folded(&alias.name)).unwrap_or_default();
                scope.sources.push(Source { alias, table: None, columns: None });
            }
        }
    }

    /// Whose column an unqualified name is; `None` when it is none, or cannot be told.
    fn owner(&self, name: &str) -> Option<ColumnUse> {
        for scope in self.scopes.iter().rev() {
            let found = scope.sources.iter().find(|source| {
                source.columns.as_ref().is_some_and(|columns| columns.iter().any(|c| c == name))
            });
            if let Some(found) = found {
                return Some(ColumnUse { table: found.table.clone(), column: name.to_owned() });
            }
            if scope.sources.iter().any(|source| source.columns.is_none()) {
                return None;
            }
        }
        let own = self.table.column(name)?;
        Some(ColumnUse { table: None, column: own.name.clone() })
    }

    fn bare_name(&mut self, ident: &Ident) {
        let name = folded(ident);
        if SYSTEM.contains(&name.as_str()) {
            return;
        }
        if let Some(found) = self.owner(&name) {
            self.note(found);
            return;
        }
        let opaque = self.scopes.iter().any(|s| s.sources.iter().any(|s| s.columns.is_none()));
        // A table's name stands for its whole row.
        let is_row = name == self.table.name.name
            || self.scopes.iter().any(|scope| scope.sources.iter().any(|s| s.alias == name));
        if name == self.table.name.name {
            self.found.own.extend(self.table.columns.iter().map(|column| column.name.clone()));
        } else if opaque {
            self.found.complete = false;
        } else if !is_row {
            self.found.unknown_columns.insert(name);
        }
    }

    fn qualified_owner(&self, parts: &[Ident]) -> Option<Result<ColumnUse, ()>> {
        let [.., owner, column] = parts else { return None };
        let (owner, column) = (folded(owner), folded(column));
        let aliased = self
            .scopes
            .iter()
            .rev()
            .flat_map(|scope| &scope.sources)
            .find(|source| source.alias == owner);
        if let Some(source) = aliased {
            let columns = source.columns.as_ref()?;
            let known = columns.contains(&column) || SYSTEM.contains(&column.as_str());
            let table = source.table.clone();
            return Some(if known { Ok(ColumnUse { table, column }) } else { Err(()) });
        }
        if owner == self.table.name.name {
            let known = self.table.column(&column).is_some() || SYSTEM.contains(&column.as_str());
            return Some(if known { Ok(ColumnUse { table: None, column }) } else { Err(()) });
        }
        Some(Err(()))
    }

    fn qualified_name(&mut self, parts: &[Ident]) {
        match self.qualified_owner(parts) {
            Some(Ok(found)) => self.note(found),
            Some(Err(())) => {
                let name: Vec<String> = parts.iter().map(folded).collect();
                self.found.unknown_columns.insert(name.join("."));
            }
            // A relation has it whose columns are not known; the table itself does not.
            None => {}
        }
    }

    fn note(&mut self, found: ColumnUse) {
        if found.column == "raw_user_meta_data" {
            self.found.editable.insert(EditableClaim::Metadata);
        }
        match &found.table {
            None => {
                self.found.own.insert(found.column);
            }
            Some(_) => {
                self.found.foreign.insert(found);
            }
        }
    }

    fn call(&mut self, function: &ast::Function) {
        if let Some(read) = setting_read(function) {
            if read.name.as_deref() == Some("request.jwt.claim.email") {
                self.found.editable.insert(EditableClaim::Email);
            }
            self.found.settings.push(SettingUse { read, cast: None });
        }
        let name = object_name(&function.name);
        if name.schema.as_deref() == Some("auth") && name.name == "email" {
            self.found.editable.insert(EditableClaim::Email);
        }
        let arguments = arguments(function);
        let of_row = arguments.iter().any(|argument| names_column(argument));
        let once = self.scopes.iter().any(|scope| !scope.reads_relation);
        let text = function.to_string();
        self.found.calls.push(Call { name, text, once, of_row });
    }

    fn compare(&mut self, expression: &Expr) {
        let mut add = |left: &Expr, right: &Expr, equality: bool| {
            for (one, other) in [(left, right), (right, left)] {
                let Some((column, wrapped)) = self.column_side(one) else { continue };
                if let Some(against) = self.other_side(other) {
                    self.found.comparisons.push(Comparison { column, equality, against, wrapped });
                }
            }
        };
        match expression {
            Expr::BinaryOp { left, op, right } => match op {
                BinaryOperator::Eq => add(left, right, true),
                BinaryOperator::NotEq
                | BinaryOperator::Lt
                | BinaryOperator::LtEq
                | BinaryOperator::Gt
                | BinaryOperator::GtEq => add(left, right, false),
                _ => {}
            },
            Expr::IsNotDistinctFrom(left, right) => add(left, right, true),
            Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, .. } => {
                add(left, right, true);
            }
            Expr::InList { expr, list, negated: false } => {
                for item in list {
                    add(expr, item, true);
                }
            }
            _ => {}
        }
    }

    /// A side that is one column, perhaps wrapped in a function or cast.
    fn column_side(&self, side: &Expr) -> Option<(ColumnUse, Option<String>)> {
        let column = |expression: &Expr| match expression {
            Expr::Identifier(ident) if session_user(expression).is_none() => {
                self.owner(&folded(ident))
            }
            Expr::CompoundIdentifier(parts) => self.qualified_owner(parts)?.ok(),
            _ => None,
        };
        let side = unnested(side);
        if let Some(found) = column(side) {
            return Some((found, None));
        }
        if !matches!(side, Expr::Cast { .. } | Expr::Function(_)) {
            return None;
        }
        let mut named = BTreeSet::new();
        let mut nested = false;
        let _: ControlFlow<()> = visit_expressions(side, |inner| {
            nested |= matches!(inner, Expr::Subquery(_) | Expr::Exists { .. });
            named.extend(column(inner));
            ControlFlow::Continue(())
        });
        let only = named.pop_first().filter(|_| named.is_empty() && !nested)?;
        Some((only, Some(side.to_string())))
    }

    /// A side without a column; `None` when it has one, or reads a relation.
    fn other_side(&self, side: &Expr) -> Option<Against> {
        let side = value_of(side);
        if let Some(word) = session_user(side) {
            return Some(Against::User(word));
        }
        if let Expr::Value(value) = side {
            return match &value.value {
                Value::Null | Value::Boolean(_) => Some(Against::Other),
                Value::SingleQuotedString(text) => Some(Against::Literal(text.clone())),
                other => Some(Against::Literal(other.to_string())),
            };
        }
        if let Expr::TypedString(typed) = side {
            return Some(Against::Literal(typed.value.to_string()));
        }
        if names_column(side) || reads_relation(side) {
            return None;
        }
        let session = has_source(self.catalog, side);
        Some(if session { Against::Session } else { Against::Other })
    }

    fn match_pattern(&mut self, expression: &Expr) {
        use BinaryOperator as Op;
        let (one, other) = match expression {
            Expr::Like { expr, pattern, .. }
            | Expr::ILike { expr, pattern, .. }
            | Expr::SimilarTo { expr, pattern, .. }
            | Expr::RLike { expr, pattern, .. } => (expr, pattern),
            Expr::BinaryOp {
                left,
                op: Op::PGRegexMatch | Op::PGRegexIMatch | Op::PGLikeMatch | Op::PGILikeMatch,
                right,
            } => (left, right),
            _ => return,
        };
        if [one, other].into_iter().any(|side| has_source(self.catalog, side)) {
            self.found.matches.push(PatternMatch { text: expression.to_string() });
        }
    }

    fn claim(&mut self, expression: &Expr) {
        use BinaryOperator as Op;
        let Expr::BinaryOp { left, op, right } = expression else { return };
        if !matches!(op, Op::Arrow | Op::LongArrow | Op::HashArrow | Op::HashLongArrow) {
            return;
        }
        let Expr::Value(key) = bare(right) else { return };
        let Value::SingleQuotedString(key) = &key.value else { return };
        if !has_source(self.catalog, left) {
            return;
        }
        let mut keys = key.trim_matches(|c| matches!(c, '{' | '}')).split(',').map(str::trim);
        let whole = is_claims(self.catalog, left);
        if keys.clone().any(|key| matches!(key, "user_metadata" | "raw_user_meta_data")) {
            self.found.editable.insert(EditableClaim::Metadata);
        } else if whole && keys.next() == Some("email") && keys.next().is_none() {
            self.found.editable.insert(EditableClaim::Email);
        }
    }
}

/// Whether an expression is all claims of a token, and not a part of them.
fn is_claims(catalog: &Catalog, expression: &Expr) -> bool {
    is_source(catalog, value_of(expression))
}

/// The read of a setting that may be empty: `current_setting(…)`, also in a scalar sub-select or
/// `coalesce`, but not inside `nullif`.
pub(crate) fn unguarded(expression: &Expr) -> Option<SettingRead> {
    match unnested(expression) {
        Expr::Function(function) => match object_name(&function.name).name.as_str() {
            "coalesce" => unguarded(arguments(function).first()?),
            _ => setting_read(function),
        },
        Expr::Subquery(query) => unguarded(lone_projection(query)?),
        Expr::Cast { expr, data_type, .. } if is_text(data_type) => unguarded(expr),
        _ => None,
    }
}

/// An expression without what only hands its value on: parentheses, casts, a scalar sub-select.
pub(crate) fn value_of(expression: &Expr) -> &Expr {
    let mut inner = bare(expression);
    while let Expr::Subquery(query) = inner {
        let Some(lone) = lone_projection(query) else { break };
        inner = bare(lone);
    }
    inner
}

/// Whether an expression names a column of anything.
pub(crate) fn names_column(expression: &Expr) -> bool {
    visit_expressions(expression, |inner| match inner {
        Expr::Identifier(_) if session_user(inner).is_none() => ControlFlow::Break(()),
        Expr::CompoundIdentifier(_) => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    })
    .is_break()
}

/// Whether an expression reads a relation.
pub(crate) fn reads_relation(expression: &Expr) -> bool {
    sqlparser::ast::visit_relations(expression, |_| ControlFlow::Break(())).is_break()
}
