//! Values that the interpreter can know, and those it cannot.

use schemaward_catalog::{Catalog, ObjectName, QualifiedName, quote_identifier, quote_literal};

/// Bytes a text may have before its value counts as unknown.
pub(super) const MAX_TEXT: usize = 256 * 1024;

/// Elements an array may have before its value counts as unknown.
pub(super) const MAX_ELEMENTS: usize = 20_000;

/// A value, or why it is not known.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    /// Text of any type that is written as it is.
    Text(String),
    Array(Vec<Value>),
    /// A row: its columns in order.
    Row(Vec<(String, Value)>),
    /// The identity of an object in a system catalog: its kind and resolved name.
    Object(Kind, QualifiedName),
    /// Not derivable: what it depends on, in words that follow "it depends on".
    Unknown(String),
}

/// What an object identifier identifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Relation,
    Namespace,
    Type,
    Function,
    Role,
}

impl Value {
    pub(super) fn unknown(why: impl Into<String>) -> Self {
        Self::Unknown(why.into())
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.len() > MAX_TEXT { Self::unknown("a very long text") } else { Self::Text(text) }
    }

    /// The truth of a condition: `None` when it is not known, and NULL is false.
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            Self::Null => Some(false),
            Self::Text(text) => match text.to_ascii_lowercase().as_str() {
                "t" | "true" | "on" | "yes" | "1" => Some(true),
                "f" | "false" | "off" | "no" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// The text the server would print for it; an error names what is not known.
    pub(super) fn display(&self, catalog: &Catalog) -> Result<Option<String>, String> {
        Ok(Some(match self {
            Self::Null => return Ok(None),
            Self::Bool(value) => if *value { "t" } else { "f" }.to_owned(),
            Self::Int(value) => value.to_string(),
            Self::Text(text) => text.clone(),
            Self::Object(kind, name) => object_text(*kind, name, catalog),
            Self::Array(elements) => {
                let mut out = String::from("{");
                for (at, element) in elements.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    match element.display(catalog)? {
                        None => out.push_str("NULL"),
                        Some(text) if is_plain_element(&text) => out.push_str(&text),
                        Some(text) => {
                            let text = text.replace('\\', "\\\\").replace('"', "\\\"");
                            out.push('"');
                            out.push_str(&text);
                            out.push('"');
                        }
                    }
                    if out.len() > MAX_TEXT {
                        return Err("a very long array".to_owned());
                    }
                }
                out.push('}');
                out
            }
            Self::Row(columns) => match columns.as_slice() {
                [(_, value)] => return value.display(catalog),
                _ => return Err("a whole row as text".to_owned()),
            },
            Self::Unknown(why) => return Err(why.clone()),
        }))
    }
}

fn is_plain_element(text: &str) -> bool {
    !text.is_empty()
        && !text.eq_ignore_ascii_case("null")
        && !text.contains(['{', '}', ',', '"', '\\'])
        && !text.contains(char::is_whitespace)
}

/// An object as `regclass` and its siblings print it: with its schema only where the search path does
/// not lead to it.
fn object_text(kind: Kind, name: &QualifiedName, catalog: &Catalog) -> String {
    let visible = match kind {
        Kind::Namespace | Kind::Role => return quote_identifier(&name.name),
        Kind::Relation => catalog
            .resolve(&ObjectName::bare(name.name.as_str()), |name| has_relation(catalog, name)),
        Kind::Type => catalog.resolve(&ObjectName::bare(name.name.as_str()), |name| {
            catalog.types.contains_key(name)
        }),
        Kind::Function => catalog.resolve(&ObjectName::bare(name.name.as_str()), |name| {
            catalog.function(name).is_some()
        }),
    };
    if visible.as_ref() == Some(name) || name.schema == "pg_catalog" {
        quote_identifier(&name.name)
    } else {
        format!("{}.{}", quote_identifier(&name.schema), quote_identifier(&name.name))
    }
}

/// Whether a relation of any kind has this name.
pub(super) fn has_relation(catalog: &Catalog, name: &QualifiedName) -> bool {
    catalog.tables.contains_key(name)
        || catalog.views.contains_key(name)
        || catalog.sequences.contains_key(name)
}

/// An array constant's elements: `{a,"b c",NULL}`.
pub(super) fn parse_array(text: &str) -> Value {
    let malformed = || Value::unknown("an array constant that is not one-dimensional");
    let Some(inside) = text.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return malformed();
    };
    let mut elements = Vec::new();
    let mut chars = inside.chars().peekable();
    if inside.trim().is_empty() {
        return Value::Array(elements);
    }
    loop {
        let (mut element, mut quoted, mut open) = (String::new(), false, false);
        let mut more = false;
        while let Some(c) = chars.next() {
            match c {
                '"' => {
                    quoted = true;
                    open = !open;
                }
                '\\' => element.extend(chars.next()),
                '{' | '}' if !open => return malformed(),
                ',' if !open => {
                    more = true;
                    break;
                }
                c => element.push(c),
            }
        }
        elements.push(if quoted {
            Value::Text(element)
        } else if element.trim().eq_ignore_ascii_case("null") {
            Value::Null
        } else {
            Value::Text(element.trim().to_owned())
        });
        if elements.len() > MAX_ELEMENTS {
            return Value::unknown("a very long array");
        }
        if !more {
            return Value::Array(elements);
        }
    }
}

/// `format('…')`: `%s`, `%I`, `%L`, `%%`, positions (`%1$I`) and widths.
pub(super) fn format(template: &str, arguments: &[Value], catalog: &Catalog) -> Value {
    let mut out = String::new();
    let mut chars = template.chars().peekable();
    let mut next = 0_usize;
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let number = |chars: &mut std::iter::Peekable<std::str::Chars<'_>>| {
            let mut value = None;
            while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
                value = Some(value.unwrap_or(0_usize).saturating_mul(10) + digit as usize);
                chars.next();
            }
            value
        };
        let mut width = number(&mut chars);
        let mut left = false;
        if chars.peek() == Some(&'$') {
            chars.next();
            match width.take().and_then(|position| position.checked_sub(1)) {
                Some(position) => next = position,
                None => return Value::unknown("format() with argument 0"),
            }
        }
        if chars.peek() == Some(&'-') {
            chars.next();
            left = true;
        }
        width = number(&mut chars).or(width);
        let Some(conversion) = chars.next() else {
            return Value::unknown("format() with an unfinished `%`");
        };
        if conversion == '%' {
            out.push('%');
            continue;
        }
        let Some(argument) = arguments.get(next) else {
            return Value::unknown("format() with too few arguments");
        };
        next += 1;
        let text = match (conversion, argument.display(catalog)) {
            (_, Err(why)) => return Value::Unknown(why),
            ('s', Ok(text)) => text.unwrap_or_default(),
            ('I', Ok(Some(text))) => quote_identifier(&text),
            ('I', Ok(None)) => return Value::unknown("format() with a null identifier"),
            ('L', Ok(text)) => text.map_or_else(|| "NULL".to_owned(), |text| literal(&text)),
            (other, _) => return Value::unknown(format!("format() with `%{other}`")),
        };
        let padding = width.unwrap_or(0).saturating_sub(text.chars().count());
        if padding > MAX_TEXT || out.len() + text.len() > MAX_TEXT {
            return Value::unknown("a very long text");
        }
        let padding = " ".repeat(padding);
        out.push_str(if left { "" } else { &padding });
        out.push_str(&text);
        out.push_str(if left { &padding } else { "" });
    }
    Value::text(out)
}

/// `quote_literal`: with `E''` where there is a backslash.
pub(super) fn literal(text: &str) -> String {
    if text.contains('\\') {
        format!(" E{}", quote_literal(&text.replace('\\', "\\\\")))
    } else {
        quote_literal(text)
    }
}

/// `LIKE`, by dynamic programming: patterns are hostile too.
pub(super) fn like(text: &str, pattern: &str, fold: bool) -> bool {
    let prepare = |text: &str| if fold { text.to_lowercase() } else { text.to_owned() };
    let text: Vec<char> = prepare(text).chars().take(4_096).collect();
    let mut reached = vec![false; text.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    let pattern = prepare(pattern);
    let mut pattern = pattern.chars().take(1_024);
    while let Some(c) = pattern.next() {
        let (any, one, expect) = match c {
            '%' => (true, false, c),
            '_' => (false, true, c),
            '\\' => (false, false, pattern.next().unwrap_or('\\')),
            c => (false, false, c),
        };
        let mut next = vec![false; text.len() + 1];
        let mut seen = false;
        for at in 0..=text.len() {
            let here = reached.get(at).copied().unwrap_or_default();
            seen |= here;
            let matched = if any {
                seen
            } else {
                at > 0
                    && reached.get(at - 1).copied().unwrap_or_default()
                    && (one || text.get(at - 1) == Some(&expect))
            };
            if let Some(slot) = next.get_mut(at) {
                *slot = matched;
            }
        }
        reached = next;
    }
    reached.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_as_the_server_does() {
        let catalog = Catalog::new();
        let values = [Value::text("Order"), Value::text("it's"), Value::Int(7), Value::Null];
        for (template, expect) in [
            ("%I %L %s %%", "\"Order\" 'it''s' 7 %"),
            ("%2$s %1$I", "it's \"Order\""),
            ("[%8s][%-8s]", "[   Order][it's    ]"),
            ("%4$L %4$s|", "NULL |"),
        ] {
            assert_eq!(format(template, &values, &catalog), Value::text(expect), "{template}");
        }
        for template in ["%", "%q", "%9$I", "%4$I", "%0$s"] {
            assert!(matches!(format(template, &values, &catalog), Value::Unknown(_)));
        }
    }

    #[test]
    fn likes_as_the_server_does() {
        for (text, pattern, expect) in [
            ("audit_log", "audit%", true),
            ("audit_log", "%\\_log", true),
            ("audit.log", "audit\\_log", false),
            ("abc", "a_c", true),
            ("abc", "", false),
            ("", "%%", true),
        ] {
            assert_eq!(like(text, pattern, false), expect, "{text} {pattern}");
        }
        assert!(!like(&"a".repeat(4_000), &"%a".repeat(400).replace('a', "b"), true));
    }

    #[test]
    fn reads_array_constants() {
        let expect = vec![Value::text("a"), Value::text("b, c"), Value::Null];
        assert_eq!(parse_array("{a,\"b, c\",NULL}"), Value::Array(expect));
        assert_eq!(parse_array("{}"), Value::Array(Vec::new()));
        assert!(matches!(parse_array("{{a},{b}}"), Value::Unknown(_)));
    }
}
