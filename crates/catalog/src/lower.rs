//! PostgreSQL's case folding of parsed identifiers.

use sqlparser::ast::Ident;

/// The name an identifier stands for: folded to lower case unless it was quoted.
pub fn fold(ident: &Ident) -> String {
    if ident.quote_style.is_some() { ident.value.clone() } else { ident.value.to_ascii_lowercase() }
}
