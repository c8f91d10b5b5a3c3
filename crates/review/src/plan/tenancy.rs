//! What a policy compares to keep tenants apart, in the way the project already does it.

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::{DataType, Policy, Table, quote_identifier, quote_literal};
use sqlparser::ast::{BinaryOperator, Expr, Value};

use super::PlanContext;
use crate::facts::expression::{arguments, bare, columns, conjuncts, folded, name_of};
use crate::facts::policy::Command;
use crate::facts::rights::grantees;

/// The project's way to say which tenant a session acts for.
pub(super) struct Tenant {
    source: TenantSource,
    /// Whether it was read from existing policies, rather than taken from the standard.
    pub(super) observed: bool,
    /// The roles that most existing policies are for.
    pub(super) roles: Vec<String>,
    /// The roles that any table is granted to.
    granted: BTreeSet<String>,
}

enum TenantSource {
    /// A setting, read by `current_setting`.
    Setting(String),
    /// An expression of the project (`app.current_tenant()`).
    Call(String),
}

impl Tenant {
    /// The most frequent way of the existing policies, else the standard's setting.
    pub(super) fn of(context: &PlanContext<'_>) -> Self {
        let mut seen: Vec<(String, bool, usize)> = Vec::new();
        for policy in policies(context) {
            for (text, is_setting) in observed(policy, &context.standard.tenancy.column) {
                match seen.iter_mut().find(|(known, _, _)| *known == text) {
                    Some((_, _, times)) => *times += 1,
                    None => seen.push((text, is_setting, 1)),
                }
            }
        }
        seen.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
        let found = seen.into_iter().next();
        let observed = found.is_some();
        let source = match found {
            Some((text, true, _)) => TenantSource::Setting(text),
            Some((text, false, _)) => TenantSource::Call(text),
            None => TenantSource::Setting(context.standard.tenancy.setting.clone()),
        };
        let all: Vec<&Vec<String>> = policies(context).map(|policy| &policy.roles).collect();
        let mut counted: BTreeMap<&Vec<String>, usize> = BTreeMap::new();
        for roles in &all {
            *counted.entry(roles).or_default() += 1;
        }
        let most = counted.into_iter().find(|(_, times)| times * 2 > all.len());
        let roles = most.map(|(roles, _)| roles.clone()).unwrap_or_default();
        let granted = context.catalog.tables.values().flat_map(|table| granted(context, table));
        Self { source, observed, roles, granted: granted.collect() }
    }

    /// The setting it is read from, where it is one.
    pub(super) fn setting(&self) -> Option<&str> {
        match &self.source {
            TenantSource::Setting(name) => Some(name),
            TenantSource::Call(_) => None,
        }
    }

    /// The roles that a policy for the tenant's rows of a table is for: those of the existing policies,
    /// and those that the table is granted to, else those that any table is. Empty where the text names
    /// none, or grants the table to everyone.
    pub(super) fn roles_of(&self, context: &PlanContext<'_>, table: &Table) -> Vec<String> {
        let mut roles: BTreeSet<String> = granted(context, table).into_iter().collect();
        roles.extend(self.roles.iter().cloned());
        if roles.is_empty() {
            roles.clone_from(&self.granted);
        }
        if roles.contains("public") { Vec::new() } else { roles.into_iter().collect() }
    }

    /// The condition that a row of this table is the tenant's: by its own tenant column, by being the
    /// tenant, or through a parent that one foreign key reaches; with the table's own column that it
    /// compares with the session, where it does. `None` when no such path shows.
    pub(super) fn condition(
        &self,
        context: &PlanContext<'_>,
        table: &Table,
    ) -> Option<(String, Option<String>)> {
        let tenancy = &context.standard.tenancy;
        if let Some(column) = table.column(&tenancy.column) {
            let value = self.value(&column.data_type);
            let condition = format!("{} = {value}", quote_identifier(&column.name));
            return Some((condition, Some(column.name.clone())));
        }
        if table.name.name == tenancy.table || table.name.to_string() == tenancy.table {
            let (_, key) = table.primary_key()?;
            let [key] = key else { return None };
            let column = table.column(key)?;
            let value = self.value(&column.data_type);
            return Some((format!("{} = {value}", quote_identifier(key)), Some(key.clone())));
        }
        // The parent whose key must be there is the owner; one that may be empty is only a hint.
        table.foreign_keys().find_map(|(_, key)| {
            let [own] = key.columns.as_slice() else { return None };
            let [referenced] = key.referenced_columns.as_slice() else { return None };
            if key.references == table.name || table.column(own).is_none_or(|c| c.nullable) {
                return None;
            }
            let parent = context.catalog.tables.get(&key.references)?;
            let tenant = parent.column(&tenancy.column)?;
            let condition = format!(
                "EXISTS (\n        SELECT 1 FROM {} AS parent\n        WHERE parent.{} = {}.{}\n          \
                 AND parent.{} = {}\n    )",
                parent.name.to_sql(),
                quote_identifier(referenced),
                quote_identifier(&table.name.name),
                quote_identifier(own),
                quote_identifier(&tenant.name),
                self.value(&tenant.data_type),
            );
            Some((condition, None))
        })
    }

    /// The condition that a column which holds the tenant has the session's: of the type that tables
    /// of the schema give it.
    pub(super) fn own(&self, context: &PlanContext<'_>, column: &str) -> Option<String> {
        let mut tables = context.catalog.tables.values();
        let found = tables.find_map(|table| table.column(&context.standard.tenancy.column))?;
        Some(format!("{column} = {}", self.value(&found.data_type)))
    }

    /// The tenant as a value of a type. In a sub-select, it is computed once a statement, not once a
    /// row; an unset or emptied setting is NULL and matches nothing.
    fn value(&self, data_type: &DataType) -> String {
        match &self.source {
            TenantSource::Call(call) => format!("(SELECT {call})"),
            TenantSource::Setting(name) => {
                let setting = format!("nullif(current_setting({}, true), '')", quote_literal(name));
                let text = matches!(data_type.name.as_str(), "text" | "character varying");
                let cast = if text { String::new() } else { format!("::{data_type}") };
                format!("(SELECT {setting}{cast})")
            }
        }
    }
}

/// The roles held to policies that may do something with a table's rows.
fn granted(context: &PlanContext<'_>, table: &Table) -> Vec<String> {
    let commands = Command::ROWS.map(Command::privilege);
    grantees(context.catalog, &table.grants, table.owner.as_deref(), &commands)
        .into_iter()
        .map(|(role, _)| role.to_owned())
        .filter(|name| context.catalog.roles.get(name).is_none_or(|role| !role.bypass_rls))
        .collect()
}

fn policies<'a>(context: &PlanContext<'a>) -> impl Iterator<Item = &'a Policy> {
    context.catalog.tables.values().flat_map(|table| &table.policies)
}

/// What a policy compares the tenant column with: a setting's name (`true`) or another expression
/// that reads no column.
fn observed(policy: &Policy, column: &str) -> Vec<(String, bool)> {
    let expressions = policy.using.iter().chain(&policy.check);
    expressions
        .filter_map(|expression| expression.ast.as_deref())
        .flat_map(conjuncts)
        .filter_map(|condition| {
            let Expr::BinaryOp { left, op: BinaryOperator::Eq, right } = condition else {
                return None;
            };
            let is_tenant = |side: &Expr| match bare(side) {
                Expr::Identifier(ident) => folded(ident) == column,
                Expr::CompoundIdentifier(parts) => {
                    parts.last().is_some_and(|ident| folded(ident) == column)
                }
                _ => false,
            };
            let other = match (is_tenant(left), is_tenant(right)) {
                (true, false) => right,
                (false, true) => left,
                _ => return None,
            };
            if let Some(setting) = setting(other) {
                return Some((setting, true));
            }
            let call = matches!(bare(other), Expr::Function(_)) && columns(other).is_empty();
            call.then(|| (bare(other).to_string(), false))
        })
        .collect()
}

/// The setting that an expression reads, if it calls `current_setting` with a constant anywhere.
fn setting(expr: &Expr) -> Option<String> {
    let mut found = None;
    let _ = sqlparser::ast::visit_expressions(expr, |inner| {
        if let Expr::Function(function) = inner
            && name_of(&function.name) == "current_setting"
            && let Some(Expr::Value(value)) = arguments(function).first().map(|arg| bare(arg))
            && let Value::SingleQuotedString(name) = &value.value
        {
            found = Some(name.clone());
            return std::ops::ControlFlow::Break(());
        }
        std::ops::ControlFlow::Continue(())
    });
    found
}
