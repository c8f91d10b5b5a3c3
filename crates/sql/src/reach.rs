//! Which tables unread text may touch: those it names, when nothing in it makes a name.

use std::collections::BTreeSet;

use schemaward_catalog::{ObjectName, Reach, builtin};

use crate::body;
use crate::lexer::{Lexer, Token, TokenKind, identifier, string_value};
use crate::statement::is_harmless;

/// How deep strings inside strings are looked into.
const DEPTH: u8 = 4;

/// Objects whose definitions reach into tables that they do not name.
const FAR: &[&str] = &[
    "database",
    "default",
    "domain",
    "event",
    "extension",
    "foreign",
    "function",
    "owned",
    "procedure",
    "routine",
    "schema",
    "system",
    "type",
];

/// Words before a name and a parenthesis that make it no call.
const BEFORE_NAMES: &[&str] = &[
    "exists",
    "function",
    "index",
    "into",
    "key",
    "on",
    "only",
    "policy",
    "procedure",
    "references",
    "table",
    "using",
    "view",
];

/// The tables that running a text may touch.
///
/// A text settles that only when every name in it is written out: no SQL is put together, nothing
/// is executed from a variable, no function of unknown effect is called, no definition works on
/// objects it does not name. Everything else may touch any table.
pub(crate) fn reach(text: &str) -> Reach {
    let mut words = BTreeSet::new();
    if settled(text, &mut words, 0) { Reach::Named(words) } else { Reach::Everywhere }
}

/// Collects the identifiers of a text; `false` when they may not be all it touches.
fn settled(text: &str, words: &mut BTreeSet<String>, depth: u8) -> bool {
    if depth > DEPTH {
        return false;
    }
    let tokens: Vec<Token> =
        Lexer::body(text).filter(|token| token.kind != TokenKind::Comment).collect();
    let is = |at: usize, word: &str| {
        tokens.get(at).is_some_and(|token| {
            token.kind == TokenKind::Word && token.span.of(text).eq_ignore_ascii_case(word)
        })
    };
    let is_any = |at: usize, list: &[&str]| list.iter().any(|word| is(at, word));
    let kind = |at: usize| tokens.get(at).map(|token| token.kind);
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Unterminated
            | TokenKind::Meta
            | TokenKind::Other
            | TokenKind::Parameter
            | TokenKind::CopyData => return false,
            TokenKind::Operator if matches!(token.span.of(text), "||" | "\\") => return false,
            TokenKind::Word => {
                let executes =
                    is(at, "execute") && !is_any(at + 1, &["function", "procedure", "on"]);
                let literal = matches!(
                    kind(at + 1),
                    Some(TokenKind::String | TokenKind::EscapeString | TokenKind::DollarString)
                );
                let defines = is_any(at, &["alter", "create", "drop"]);
                let object =
                    if is(at + 1, "or") && is(at + 2, "replace") { at + 3 } else { at + 1 };
                // An index that exists is named without its table.
                let index = is_any(at, &["alter", "drop"]) && is(object, "index");
                if executes && !literal
                    || defines && (index || is_any(object, FAR))
                    || is_any(at, &["import", "reassign"])
                    || is(at, "cascade") && !is_any(at.saturating_sub(1), &["delete", "update"])
                    || is(at, "all") && is(at + 2, "in") && is(at + 3, "schema")
                {
                    return false;
                }
            }
            _ => {}
        }
        if let Some(inner) = string_value(*token, text) {
            // A placeholder is filled with a name that does not stand here; that of a message is not
            // run.
            let message =
                (1..=2).any(|back| at.checked_sub(back).is_some_and(|at| is(at, "raise")));
            if !message && (inner.contains('%') || !settled(&inner, words, depth + 1)) {
                return false;
            }
        } else if let Some(word) = identifier(*token, text) {
            let calls =
                kind(at + 1) == Some(TokenKind::LeftParen) && !named_before(&tokens, at, &is_any);
            if calls && !is_known_call(&word) {
                return false;
            }
            words.insert(word);
        }
    }
    true
}

/// Whether the word before a name, through its schema too, says that it names an object.
fn named_before(tokens: &[Token], at: usize, is_any: &impl Fn(usize, &[&str]) -> bool) -> bool {
    let dotted = |at: usize| {
        at.checked_sub(1)
            .and_then(|before| tokens.get(before))
            .is_some_and(|token| token.kind == TokenKind::Dot)
    };
    let start = if dotted(at) { at.saturating_sub(2) } else { at };
    start.checked_sub(1).is_some_and(|before| is_any(before, BEFORE_NAMES))
}

/// A word before a parenthesis that calls nothing of unknown effect.
fn is_known_call(word: &str) -> bool {
    body::is_no_call(word) || builtin(word).is_some() || is_harmless(&ObjectName::bare(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tables among `candidates` that a text may touch.
    #[track_caller]
    fn check(text: &str, expect: Option<&[&str]>) {
        let candidates = ["a", "b", "Mixed", "audit_a"];
        let found = match reach(text) {
            Reach::Everywhere => None,
            Reach::Named(words) => {
                Some(candidates.iter().copied().filter(|name| words.contains(*name)).collect())
            }
        };
        assert_eq!(found, expect.map(<[&str]>::to_vec), "{text}");
    }

    #[test]
    fn names_that_are_written_out_are_all_there_is() {
        check("ALTER TABLE a ENABLE ROW LEVEL SECURITY", Some(&["a"]));
        check("ALTER TABLE app.\"Mixed\" ADD COLUMN x numeric(10, 2)", Some(&["Mixed"]));
        check(
            "BEGIN IF current_setting('x') = 'y' THEN
               CREATE TRIGGER t AFTER INSERT ON b FOR EACH ROW EXECUTE FUNCTION app.f();
               EXECUTE 'ALTER TABLE a DISABLE TRIGGER t';
               RAISE NOTICE 'did %', now();
             END IF; END",
            Some(&["a", "b"]),
        );
        check("CREATE TABLE b (id int REFERENCES a (id) ON DELETE CASCADE)", Some(&["a", "b"]));
        check("CREATE INDEX ON b (lower(x))", Some(&["b"]));
        check("GRANT EXECUTE ON FUNCTION f(int) TO b", Some(&["b"]));
    }

    #[test]
    fn names_that_are_made_may_be_any() {
        for text in [
            "EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t)",
            "EXECUTE 'ALTER TABLE ' || t || ' DISABLE TRIGGER ALL'",
            "EXECUTE made_elsewhere",
            "FOREACH t IN ARRAY ARRAY['a','b'] LOOP EXECUTE replace('ALTER TABLE x', 'x', t); END LOOP",
            "PERFORM attach_audit('a')",
            "SELECT app.protect('a')",
            "CALL harden()",
            "DROP TABLE a CASCADE",
            "DROP INDEX a_code_idx",
            "CREATE OR REPLACE FUNCTION record() RETURNS trigger LANGUAGE sql AS 'oops",
            "ALTER DOMAIN d ADD CHECK (VALUE > 0)",
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM b",
            "ALTER TABLE a ADD COLUMN x text DEFAULT 'unterminated",
            "IMPORT FOREIGN SCHEMA s FROM SERVER x INTO public",
        ] {
            check(text, None);
        }
    }
}
