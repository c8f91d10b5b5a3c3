//! How SQLAlchemy writes names and strings.

use crate::text::Text;

/// The words that SQLAlchemy quotes for PostgreSQL; sorted.
const RESERVED: [&str; 102] = [
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "binary",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "leading",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "natural",
    "new",
    "not",
    "notnull",
    "null",
    "of",
    "off",
    "offset",
    "old",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "over",
    "overlaps",
    "placing",
    "primary",
    "references",
    "returning",
    "right",
    "select",
    "session_user",
    "similar",
    "some",
    "symmetric",
    "table",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
];

/// A name as SQLAlchemy writes it: in quotes where it must be.
pub(super) fn name(name: &Text) -> Text {
    name_with(name, None)
}

/// A name, with `quote=` as the program gave it.
pub(super) fn name_with(name: &Text, quoted: Option<bool>) -> Text {
    if quoted.unwrap_or_else(|| needs_quotes(name.as_str())) { always(name) } else { name.clone() }
}

/// A name in quotes.
pub(super) fn always(name: &Text) -> Text {
    enclosed(name, '"')
}

/// A string literal.
pub(super) fn literal(value: &Text) -> Text {
    enclosed(value, '\'')
}

/// Whether only quotes make PostgreSQL read the name as it is.
pub(super) fn needs_quotes(name: &str) -> bool {
    RESERVED.binary_search(&name).is_ok()
        || name.starts_with(|first: char| first.is_ascii_digit() || first == '$')
        || has_illegal_characters(name)
        || name.chars().any(char::is_uppercase)
        || (!name.is_ascii() && name.to_lowercase() != name)
}

/// Whether the name has characters that no bare name can have, upper case aside.
pub(super) fn has_illegal_characters(name: &str) -> bool {
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    name.is_empty() || !name.chars().all(legal)
}

fn enclosed(value: &Text, quote: char) -> Text {
    let mut mark = [0; 4];
    let mark: &str = quote.encode_utf8(&mut mark);
    let mut text = Text::default();
    text.push_str(mark);
    let mut start = 0;
    for (index, _) in value.as_str().match_indices(quote) {
        text.push(&value.slice(start, index + 1));
        text.push_str(mark);
        start = index + 1;
    }
    text.push(&value.slice(start, value.len()));
    text.push_str(mark);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserved_words_are_sorted() {
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn quotes_inside_are_doubled() {
        assert_eq!(literal(&"it's 'so'".into()).as_str(), "'it''s ''so'''");
        assert_eq!(always(&"a\"b".into()).as_str(), "\"a\"\"b\"");
    }
}
