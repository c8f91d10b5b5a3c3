//! Objects that are kept as the statements that made them: those are played again at the end, so what they
//! name has its last name in them.

use super::Applying;
use super::follow::identifiers;
use crate::control::Definition;
use crate::{QualifiedName, quote_identifier};

/// Options of definitions whose values are types; those of all others that name something name functions.
const TYPE_OPTIONS: &[&str] =
    &["basetype", "element", "leftarg", "like", "mstype", "rightarg", "stype", "subtype"];

/// What is named.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Function,
    Type,
}

impl Applying<'_> {
    /// A function or type got another name or schema.
    pub(super) fn definitions_follow(
        &mut self,
        from: &QualifiedName,
        to: &QualifiedName,
        what: Named,
    ) {
        for definition in &mut self.catalog.definitions {
            let reachable = is_reachable(definition, from);
            if let Some(text) = renamed(&definition.text, from, to, reachable, what) {
                definition.text = text;
            }
            // An aggregate is told from its namesakes by the types of its arguments.
            if let Some(subject) = renamed(&definition.subject, from, to, reachable, what) {
                definition.subject = subject;
            }
        }
    }

    /// Whether kept objects are made of a function or type; with `drop` they go.
    pub(super) fn definitions_use(&mut self, of: &QualifiedName, what: Named, drop: bool) -> bool {
        let uses = |definition: &Definition| {
            let reachable = is_reachable(definition, of);
            renamed(&definition.text, of, of, reachable, what).is_some()
        };
        let found = self.catalog.definitions.iter().any(uses);
        if found && drop {
            self.catalog.definitions.retain(|definition| !uses(definition));
        }
        found
    }
}

/// Whether the bare name meant it where the statement was written.
fn is_reachable(definition: &Definition, name: &QualifiedName) -> bool {
    definition.search_path.contains(&name.schema) || name.schema == "public"
}

/// A statement with another name for a function or a type; `None` where it does not name it.
fn renamed(
    text: &str,
    from: &QualifiedName,
    to: &QualifiedName,
    reachable: bool,
    what: Named,
) -> Option<String> {
    if !text.to_lowercase().contains(&from.name.to_lowercase()) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut found = false;
    // What stands before: the last word, and the last character that is neither blank nor of a word.
    let (mut word, mut last) = (String::new(), ' ');
    let mut option = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = piece(rest, first);
        let (piece, tail) = rest.split_at_checked(length)?;
        rest = tail;
        if !(first.is_alphabetic() || matches!(first, '_' | '"')) {
            out.push_str(piece);
            if first == '=' {
                option = std::mem::take(&mut word);
            }
            if !first.is_whitespace() && !piece.starts_with("--") {
                (last, word) = (first, String::new());
            }
            continue;
        }
        let parts = identifiers(piece);
        let ours = match parts.as_slice() {
            [name] => reachable && *name == from.name,
            [schema, name] => *schema == from.schema && *name == from.name,
            _ => false,
        };
        let called = rest.trim_start().starts_with('(');
        let is_option = rest.trim_start().starts_with('=');
        let of_type = TYPE_OPTIONS.contains(&option.as_str());
        let after_word = |words: &[&str]| last == ' ' && words.contains(&word.as_str());
        let here = match what {
            Named::Function => match last {
                '=' => !of_type,
                // The support functions of an operator class have their types before them.
                ')' => called,
                _ => after_word(&["function", "procedure", "handler", "validator", "inline"]),
            },
            Named::Type => match last {
                '=' => of_type,
                '(' | ',' => !is_option,
                _ => !called && !after_word(&["function", "procedure"]),
            },
        };
        if ours && here && !is_option {
            found = true;
            if parts.len() > 1 || to.schema != from.schema {
                out.push_str(&quote_identifier(&to.schema));
                out.push('.');
            }
            out.push_str(&quote_identifier(&to.name));
        } else {
            out.push_str(piece);
        }
        (word, last) = (piece.to_lowercase(), ' ');
    }
    found.then_some(out)
}

/// The bytes of the next piece: a dotted name, a string, a comment, or one character.
fn piece(text: &str, first: char) -> usize {
    let to = |end: Option<usize>| end.unwrap_or(text.len());
    match first {
        '\'' => to(text.char_indices().skip(1).find(|(_, c)| *c == '\'').map(|(at, _)| at + 1)),
        '-' if text.starts_with("--") => to(text.find('\n')),
        '"' | '_' => dotted(text),
        _ if first.is_alphabetic() => dotted(text),
        _ => first.len_utf8(),
    }
}

fn dotted(text: &str) -> usize {
    let mut quoted = false;
    let end = text.char_indices().find(|(_, char)| {
        quoted ^= *char == '"';
        !(quoted || char.is_alphanumeric() || matches!(char, '_' | '$' | '.' | '"'))
    });
    end.map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_where_they_mean_the_object() {
        let check = |what, text: &str, expect: Option<&str>| {
            let (from, to) =
                (QualifiedName::new("public", "add"), QualifiedName::new("public", "plus"));
            assert_eq!(renamed(text, &from, &to, true, what).as_deref(), expect, "{text}");
        };
        let aggregate = "CREATE AGGREGATE total(add) (SFUNC = add, STYPE = add, INITCOND = 'add')";
        let of_function =
            "CREATE AGGREGATE total(add) (SFUNC = plus, STYPE = add, INITCOND = 'add')";
        let of_type = "CREATE AGGREGATE total(plus) (SFUNC = add, STYPE = plus, INITCOND = 'add')";
        check(Named::Function, aggregate, Some(of_function));
        check(Named::Type, aggregate, Some(of_type));
        check(
            Named::Function,
            "CREATE CAST (add AS int) WITH FUNCTION public.add(add)",
            Some("CREATE CAST (add AS int) WITH FUNCTION public.plus(add)"),
        );
        check(
            Named::Type,
            "CREATE CAST (add AS int) WITH FUNCTION add(add)",
            Some("CREATE CAST (plus AS int) WITH FUNCTION add(plus)"),
        );
        check(
            Named::Function,
            "CREATE OPERATOR CLASS o FOR TYPE add USING btree AS FUNCTION 1 (add, add) add(add, add)",
            Some(
                "CREATE OPERATOR CLASS o FOR TYPE add USING btree AS FUNCTION 1 (add, add) plus(add, add)",
            ),
        );
        check(Named::Type, "CREATE AGGREGATE add(int) (SFUNC = x, STYPE = int)", None);
        check(Named::Function, "CREATE OPERATOR <+> (FUNCTION = app.add, LEFTARG = int)", None);
        check(Named::Function, "CREATE SERVER \"add", None);
    }
}
