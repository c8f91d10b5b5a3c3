//! The relations behind a view.

use std::collections::BTreeSet;

use schemaward_catalog::{ObjectName, View};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use super::expression::relations;

/// The relations a view's query reads; `None` when its text cannot be parsed.
///
/// The catalog keeps a view's query as written, because no change depends on its structure.
pub(crate) fn reads(view: &View) -> Option<BTreeSet<ObjectName>> {
    let query = Parser::new(&PostgreSqlDialect {})
        .with_recursion_limit(64)
        .try_with_sql(&view.query)
        .and_then(|mut parser| parser.parse_query())
        .ok()?;
    let ctes: BTreeSet<String> = query
        .with
        .iter()
        .flat_map(|with| &with.cte_tables)
        .map(|cte| super::expression::folded(&cte.alias.name))
        .collect();
    let mut found = relations(query.as_ref());
    found.retain(|name| name.schema.is_some() || !ctes.contains(&name.name));
    Some(found)
}
