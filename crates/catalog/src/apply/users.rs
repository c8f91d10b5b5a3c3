//! What uses functions and types inside of expressions, queries and rules: a rename reaches it.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    self, ArrayElemTypeDef, Expr, FunctionArguments, Select, TableAlias, TableFactor, VisitMut,
    Visitor, VisitorMut,
};

use super::Applying;
use super::kept::Named;
use super::rules;
use super::syntax::{Shown, ident, object_name, relations};
use crate::naming;
use crate::object::{
    ArgumentMode, ConstraintKind, Expression, Function, IndexKeyKind, Table, UserTypeKind,
};
use crate::{DataType, FunctionKey, QualifiedName};

/// A change of what expressions use. It says whether it changed something.
pub(super) trait Rewriting: VisitorMut<Break = ()> {
    /// Whether it changed something since the last time it was asked.
    fn changed(&mut self) -> bool;
}

/// Another name for a function or type, wherever it is called or cast to.
pub(super) struct Renaming<'a> {
    from: &'a QualifiedName,
    to: &'a QualifiedName,
    /// The bare name means it.
    reachable: bool,
    what: Used,
    changed: bool,
    shown: Shown,
}

/// What is used.
pub(super) enum Used {
    /// A function, by how many arguments a call of it may have.
    Function(BTreeSet<usize>),
    Type,
}

impl<'a> Renaming<'a> {
    pub(super) fn new(
        from: &'a QualifiedName,
        to: &'a QualifiedName,
        reachable: bool,
        what: Used,
    ) -> Self {
        Self { from, to, reachable, what, changed: false, shown: Shown::default() }
    }

    fn name(&mut self, name: &mut ast::ObjectName) -> bool {
        let Some(written) = object_name(name) else { return false };
        let schema = written.schema.as_ref();
        let ours = written.name == self.from.name
            && schema.map_or(self.reachable, |schema| *schema == self.from.schema);
        if ours {
            let mut parts = vec![ident(&self.to.name)];
            if schema.is_some() || self.to.schema != self.from.schema {
                parts.insert(0, ident(&self.to.schema));
            }
            *name = parts.into();
            self.changed = true;
        }
        ours
    }

    fn data_type(&mut self, data_type: &mut ast::DataType) {
        let mut data_type = data_type;
        while let ast::DataType::Array(
            ArrayElemTypeDef::SquareBracket(inner, _) | ArrayElemTypeDef::Qualified(inner, _),
        ) = data_type
        {
            data_type = inner;
        }
        if let ast::DataType::Custom(name, _) = data_type {
            self.name(name);
        }
    }

    fn takes(&self, arguments: usize) -> bool {
        matches!(&self.what, Used::Function(counts) if counts.contains(&arguments))
    }
}

impl Rewriting for Renaming<'_> {
    fn changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }
}

impl VisitorMut for Renaming<'_> {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        match (&self.what, expr) {
            (Used::Function(_), Expr::Function(function)) => {
                let count = match &function.args {
                    FunctionArguments::List(list) => list.args.len(),
                    _ => 0,
                };
                if self.takes(count) {
                    self.name(&mut function.name);
                }
            }
            (Used::Type, Expr::Cast { data_type, .. }) => self.data_type(data_type),
            (Used::Type, Expr::TypedString(typed)) => self.data_type(&mut typed.data_type),
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<()> {
        let (name, count, alias) = match factor {
            TableFactor::Table { name, alias, args: Some(args), .. } => {
                (name, args.args.len(), alias)
            }
            TableFactor::Function { name, alias, args, .. } => (name, args.len(), alias),
            _ => return ControlFlow::Continue(()),
        };
        if self.takes(count) && self.name(name) && alias.is_none() {
            // What it gives is known by the name that it had.
            let name = ident(&self.from.name);
            *alias = Some(TableAlias { explicit: true, name, columns: Vec::new(), at: None });
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        self.shown.enter(select);
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        self.shown.leave(select);
        ControlFlow::Continue(())
    }
}

impl Applying<'_> {
    /// A function got another name or schema.
    pub(super) fn function_moved(&mut self, key: &FunctionKey, to: &QualifiedName) {
        let counts = self.counts_of(key);
        let from = &key.0;
        let reachable = self.is_reachable(from);
        let mut renaming = Renaming::new(from, to, reachable, Used::Function(counts));
        self.rewrite(&from.name, &mut renaming);
        self.definitions_follow(from, to, Named::Function);
    }

    /// A type got another name or schema.
    pub(super) fn type_moved(&mut self, from: &QualifiedName, to: &QualifiedName) {
        let reachable = self.is_reachable(from);
        self.rewrite(&from.name, &mut Renaming::new(from, to, reachable, Used::Type));
        self.signatures_follow(from, to);
        self.definitions_follow(from, to, Named::Type);
    }

    /// How many arguments a call may have to mean this function and none of its namesakes.
    pub(super) fn counts_of(&self, key: &FunctionKey) -> BTreeSet<usize> {
        let functions = &self.catalog.functions;
        let namesakes = functions.range((key.0.clone(), Vec::new())..);
        let namesakes = namesakes.take_while(|(other, _)| other.0 == key.0);
        let others: Vec<_> =
            namesakes.filter(|(other, _)| *other != key).flat_map(|(_, f)| counts(f)).collect();
        let own = functions.get(key).map(counts).unwrap_or_default();
        own.into_iter().filter(|count| !others.contains(count)).collect()
    }

    /// Rewrites everything that may use something of this name.
    pub(super) fn rewrite(&mut self, word: &str, by: &mut impl Rewriting) {
        for table in self.catalog.mentions.tables(word) {
            let Some(table) = self.catalog.tables.get_mut(&table) else { continue };
            for index in &mut table.indexes {
                let before = naming::columns_of_index(index);
                for key in &mut index.keys {
                    if let IndexKeyKind::Expression(expression) = &mut key.key {
                        rewrite(expression, by);
                    }
                }
                if index.own_columns.is_empty() && naming::columns_of_index(index) != before {
                    index.own_columns = before;
                }
            }
            for expression in expressions(table) {
                rewrite(expression, by);
            }
            for rule in &mut table.rules {
                rules::rewrite(rule, |statement| {
                    let _ = VisitMut::visit(statement, by);
                    by.changed()
                });
            }
        }
        for view in self.catalog.mentions.views(word) {
            self.rewrite_view(&view, by);
        }
        self.bodies_follow(word, by);
        for name in self.catalog.mentions.types(word) {
            let found = self.catalog.types.get_mut(&name).map(|found| &mut found.kind);
            if let Some(UserTypeKind::Domain { default, checks, .. }) = found {
                let checks = checks.iter_mut().map(|check| &mut check.expression);
                default.iter_mut().chain(checks).for_each(|expression| rewrite(expression, by));
            }
        }
    }

    pub(super) fn rewrite_view(&mut self, view: &QualifiedName, by: &mut impl Rewriting) {
        let Some(view) = self.catalog.views.get_mut(view) else { return };
        if let Some(query) = &mut view.ast {
            let _ = VisitMut::visit(query.as_mut(), by);
            if by.changed() {
                view.query = query.to_string();
            }
        }
        for rule in &mut view.rules {
            rules::rewrite(rule, |statement| {
                let _ = VisitMut::visit(statement, by);
                by.changed()
            });
        }
    }

    /// Functions whose arguments or results are of a type have it under its new name.
    pub(super) fn signatures_follow(&mut self, from: &QualifiedName, to: &QualifiedName) {
        let of = |data_type: &DataType| {
            data_type.name == from.name && data_type.schema.as_ref() == Some(&from.schema)
        };
        for key in self.catalog.mentions.functions(&from.name) {
            let Some(mut function) = self.catalog.functions.remove(&key) else { continue };
            for argument in function.arguments.iter_mut().filter(|a| of(&a.data_type)) {
                argument.data_type.name.clone_from(&to.name);
                argument.data_type.schema = Some(to.schema.clone());
            }
            function.returns = renamed_result(&function.returns, from, to);
            let inputs = function.arguments.iter().filter(|a| a.mode != ArgumentMode::Out);
            let types = inputs.map(|argument| argument.data_type.to_string()).collect();
            let key = (key.0, types);
            self.catalog.mentions.note_function(&key, &function);
            self.catalog.functions.insert(key, function);
        }
    }
}

/// A result type with another name for a type in it.
pub(super) fn renamed_result(returns: &str, from: &QualifiedName, to: &QualifiedName) -> String {
    let schema = crate::quote_identifier(&from.schema);
    let old = crate::quote_identifier(&from.name);
    let new = if to.schema == "public" {
        crate::quote_identifier(&to.name)
    } else {
        format!("{}.{}", crate::quote_identifier(&to.schema), crate::quote_identifier(&to.name))
    };
    let mut words = Vec::new();
    // In `TABLE (a text, b int)` a type comes second.
    let table =
        returns.trim_start().get(..5).is_some_and(|head| head.eq_ignore_ascii_case("table"));
    let mut is_name = false;
    for word in returns.split_inclusive(|c: char| c.is_whitespace() || matches!(c, ',' | '(')) {
        let end = word.trim_end_matches(|c: char| {
            c.is_whitespace() || matches!(c, ',' | ')' | '[' | ']' | '(')
        });
        let tail = word.get(end.len()..).unwrap_or_default();
        let ours =
            end.eq_ignore_ascii_case(&old) || end.eq_ignore_ascii_case(&format!("{schema}.{old}"));
        let ours = ours && !(table && is_name);
        if !word.trim().is_empty() {
            is_name = word.trim_end().ends_with([',', '(']);
        }
        words.push(if ours { format!("{new}{tail}") } else { word.to_owned() });
    }
    words.concat()
}

/// How many arguments a call of a function may have.
fn counts(function: &Function) -> Vec<usize> {
    let inputs = function.arguments.iter().filter(|argument| argument.mode != ArgumentMode::Out);
    let needed = inputs.clone().filter(|argument| argument.default.is_none()).count();
    let variadic = inputs.clone().any(|argument| argument.mode == ArgumentMode::Variadic);
    let most = if variadic { needed + MAX_VARIADIC } else { inputs.count() };
    (needed.min(most)..=most).collect()
}

/// The arguments that PostgreSQL takes at most (`FUNC_MAX_ARGS`).
const MAX_VARIADIC: usize = 100;

pub(super) fn rewrite(expression: &mut Expression, by: &mut impl Rewriting) {
    let Some(ast) = &mut expression.ast else { return };
    let _ = VisitMut::visit(ast.as_mut(), by);
    if by.changed() {
        expression.text = ast.to_string();
    }
}

/// The expressions of a table, but for the keys of its indexes.
fn expressions(table: &mut Table) -> Vec<&mut Expression> {
    let mut found: Vec<&mut Expression> = Vec::new();
    for column in &mut table.columns {
        found.extend(&mut column.default);
        found.extend(column.generated.as_mut().map(|generated| &mut generated.expression));
    }
    for constraint in &mut table.constraints {
        match &mut constraint.kind {
            ConstraintKind::Check { expression } => found.push(expression),
            ConstraintKind::Exclude { predicate, .. } => found.extend(predicate),
            _ => {}
        }
    }
    found.extend(table.indexes.iter_mut().filter_map(|index| index.predicate.as_mut()));
    for policy in &mut table.policies {
        found.extend(policy.using.iter_mut().chain(&mut policy.check));
    }
    found.extend(table.triggers.iter_mut().filter_map(|trigger| trigger.when.as_mut()));
    found.extend(table.rules.iter_mut().filter_map(|rule| rule.when.as_mut()));
    found
}

/// The type of an array's elements; any other type itself.
pub(super) fn element(data_type: &ast::DataType) -> &ast::DataType {
    let mut data_type = data_type;
    while let ast::DataType::Array(
        ArrayElemTypeDef::SquareBracket(inner, _) | ArrayElemTypeDef::Qualified(inner, _),
    ) = data_type
    {
        data_type = inner;
    }
    data_type
}

/// The bare names of the relations that an expression or query reads, of the functions that it
/// calls and of the types that it casts to.
pub(crate) fn words_of(node: &impl ast::Visit) -> BTreeSet<String> {
    struct Words(BTreeSet<String>);
    impl Visitor for Words {
        type Break = ();
        fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
            match expr {
                Expr::Function(function) => {
                    self.0.extend(object_name(&function.name).map(|name| name.name));
                }
                Expr::Cast { data_type, .. } => self.data_type(data_type),
                Expr::TypedString(typed) => self.data_type(&typed.data_type),
                _ => {}
            }
            ControlFlow::Continue(())
        }
    }
    impl Words {
        fn data_type(&mut self, data_type: &ast::DataType) {
            if let ast::DataType::Custom(name, _) = element(data_type) {
                self.0.extend(object_name(name).map(|name| name.name));
            }
        }
    }
    let mut words = Words(BTreeSet::new());
    let _ = ast::Visit::visit(node, &mut words);
    words.0.extend(relations(node).into_iter().map(|relation| relation.name));
    words.0
}
