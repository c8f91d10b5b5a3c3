//! Expressions and types that stand alone, as `str(expression.compile())` writes them.

use super::clause::Place;
use super::{Context, Output, Writer};
use crate::schema::{Clause, NamingConvention, SqlType};
use crate::text::Text;

/// The name of a type; `None` where it cannot be written.
pub(crate) fn type_name(sql_type: &SqlType, schema: Option<&Text>) -> Option<Text> {
    let convention = NamingConvention::default();
    Writer::new(Context { convention: &convention, metadata: None }).sql_type(sql_type, schema)
}

/// An expression with its literals in place, and what of it could not be written.
pub(crate) fn compiled(clause: &Clause) -> (Option<Text>, Output) {
    let convention = NamingConvention::default();
    let mut writer = Writer::new(Context { convention: &convention, metadata: None });
    let text = writer.clause(clause, Place { table: None, qualified: false });
    (text, writer.output)
}
