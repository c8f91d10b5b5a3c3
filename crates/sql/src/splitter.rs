//! A script into statements, as psql would send them.

use schemaward_catalog::Span;

use crate::lexer::{Lexer, Token, TokenKind};

/// One statement's tokens.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statement {
    /// Tokens without comments and without the closing semicolon.
    pub(crate) tokens: Vec<Token>,
    /// Comments before and inside it, in order.
    pub(crate) comments: Vec<Token>,
    /// A psql command that ended it (`\gexec`), or that it wholly is.
    pub(crate) meta: Option<Token>,
    /// Why it cannot be what its author meant, if so.
    pub(crate) broken: Option<&'static str>,
    /// From the first token to the end of the last, payload and semicolon included.
    pub(crate) span: Span,
}

/// Splits a script. Comments that stand alone at the end belong to no statement.
pub(crate) fn split(text: &str) -> Vec<Statement> {
    let mut splitter = Splitter { text, lexer: Lexer::script(text), ..Splitter::default() };
    while let Some(token) = splitter.lexer.next() {
        splitter.take(token);
    }
    if splitter.parens > 0 {
        splitter.current.broken = Some("a parenthesis is never closed");
    } else if splitter.atomic > 0 {
        splitter.current.broken = Some("BEGIN ATOMIC is never ended");
    }
    splitter.finish();
    splitter.statements
}

struct Splitter<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
    statements: Vec<Statement>,
    current: Statement,
    /// Open parentheses: a semicolon inside them (`CREATE RULE … DO (…; …)`) ends nothing.
    parens: u32,
    /// Open `BEGIN ATOMIC` and the `CASE`s inside it.
    atomic: u32,
}

impl Default for Splitter<'_> {
    fn default() -> Self {
        Self {
            text: "",
            lexer: Lexer::script(""),
            statements: Vec::new(),
            current: Statement::default(),
            parens: 0,
            atomic: 0,
        }
    }
}

impl Splitter<'_> {
    fn take(&mut self, token: Token) {
        match token.kind {
            TokenKind::Comment => {
                // A comment behind a statement on its own line speaks of that statement.
                let behind = self.current.tokens.is_empty().then(|| self.statements.last_mut());
                match behind.flatten() {
                    Some(last)
                        if !Span::new(last.span.end, token.span.start)
                            .of(self.text)
                            .contains('\n') =>
                    {
                        last.comments.push(token);
                    }
                    _ => self.current.comments.push(token),
                }
                return;
            }
            TokenKind::Meta => {
                self.meta(token);
                return;
            }
            TokenKind::Semicolon if self.ends_here(token) => {
                if !self.current.tokens.is_empty() {
                    self.current.span = self.current.span.to(token.span);
                    self.semicolon();
                }
                return;
            }
            TokenKind::LeftParen => self.parens += 1,
            TokenKind::RightParen => self.parens = self.parens.saturating_sub(1),
            TokenKind::Word => self.word(token),
            TokenKind::Unterminated => {
                self.current.broken = Some("a quote or comment is never closed");
            }
            _ => {}
        }
        self.push(token);
    }

    fn push(&mut self, token: Token) {
        let first = self.current.tokens.is_empty();
        self.current.span = if first { token.span } else { self.current.span.to(token.span) };
        self.current.tokens.push(token);
    }

    fn is(&self, token: Option<&Token>, word: &str) -> bool {
        token.is_some_and(|token| token.span.of(self.text).eq_ignore_ascii_case(word))
    }

    /// Follows `BEGIN ATOMIC … END` in functions and procedures, as psql does.
    fn word(&mut self, token: Token) {
        let tokens = &self.current.tokens;
        if self.atomic == 0 {
            let body = self.is(Some(&token), "atomic")
                && self.is(tokens.last(), "begin")
                && self.is(tokens.first(), "create");
            self.atomic = u32::from(body);
        } else if self.is(Some(&token), "case") {
            self.atomic += 1;
        } else if self.is(Some(&token), "end") {
            self.atomic -= 1;
        }
    }

    /// Whether a semicolon ends the statement. Inside parentheses or an atomic body it does so only
    /// when the next line begins with a statement that can stand in neither: then something before
    /// was left open, and the rest of the script must not be lost with it.
    fn ends_here(&mut self, token: Token) -> bool {
        if self.parens == 0 && self.atomic == 0 {
            return true;
        }
        let rest = self.text.get(token.span.end as usize..).unwrap_or_default();
        let next_line = rest.split_once('\n').filter(|(line, _)| line.trim().is_empty());
        let starts = next_line.is_some_and(|(_, lines)| {
            let lines = lines.trim_start_matches(['\n', '\r']);
            let word = lines.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
            ["create", "alter", "drop", "grant", "revoke", "comment"]
                .iter()
                .any(|start| word.eq_ignore_ascii_case(start))
        });
        if starts {
            self.current.broken = Some("a parenthesis is never closed");
        }
        starts
    }

    fn semicolon(&mut self) {
        let word = |at: usize, word: &str| self.is(self.current.tokens.get(at), word);
        let escapes = (word(0, "set") && word(1, "standard_conforming_strings"))
            .then(|| word(3, "off") || word(3, "false"));
        let copies = word(0, "copy")
            && self
                .current
                .tokens
                .windows(2)
                .any(|pair| self.is(pair.first(), "from") && self.is(pair.get(1), "stdin"));
        if let Some(escapes) = escapes {
            self.lexer.backslash_escapes = escapes;
        }
        if copies {
            let data = self.lexer.copy_data();
            self.push(data);
        }
        self.finish();
    }

    fn meta(&mut self, token: Token) {
        if self.current.tokens.is_empty() {
            let comments = std::mem::take(&mut self.current.comments);
            self.current =
                Statement { comments, meta: Some(token), span: token.span, ..Statement::default() };
            self.finish();
            return;
        }
        // `\g`, `\gexec`, `\gset` … send the statement; any other command inside one leaves it open,
        // and is of it.
        let sends = token.span.of(self.text).starts_with("\\g")
            || token.span.of(self.text).starts_with("\\crosstabview");
        self.current.span = self.current.span.to(token.span);
        if sends {
            self.current.meta = Some(token);
            self.finish();
        }
    }

    fn finish(&mut self) {
        self.parens = 0;
        self.atomic = 0;
        let statement = std::mem::take(&mut self.current);
        if !statement.tokens.is_empty() || statement.meta.is_some() {
            self.statements.push(statement);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let found: Vec<_> = split(text).iter().map(|s| s.span.of(text)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn splits_as_psql_does() {
        check("a; b;;\n-- c\nd", &["a;", "b;", "d"]);
        check("f($$ ; $$); g", &["f($$ ; $$);", "g"]);
        check(
            "CREATE RULE r AS ON INSERT TO t DO (INSERT INTO a; DELETE FROM b); x;",
            &["CREATE RULE r AS ON INSERT TO t DO (INSERT INTO a; DELETE FROM b);", "x;"],
        );
        check(
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; END; x",
            &[
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; END;",
                "x",
            ],
        );
        check("BEGIN; x; END;", &["BEGIN;", "x;", "END;"]);
        check(
            "COPY t (a) FROM stdin;\nit's;\n\\.\nx;",
            &["COPY t (a) FROM stdin;\nit's;\n\\.\n", "x;"],
        );
        check("\\restrict k\nx;\n\\unrestrict k\n", &["\\restrict k", "x;", "\\unrestrict k"]);
        check("SELECT 1 \\gexec\nx;", &["SELECT 1 \\gexec", "x;"]);
        check(
            "SET standard_conforming_strings = off; a 'x\\';' b; c",
            &["SET standard_conforming_strings = off;", "a 'x\\';' b;", "c"],
        );
    }

    #[test]
    fn an_open_parenthesis_does_not_swallow_the_script() {
        let text = "CREATE TABLE a (id int;\nCREATE TABLE b (id int);\nCREATE TABLE c (id int";
        check(
            text,
            &["CREATE TABLE a (id int;", "CREATE TABLE b (id int);", "CREATE TABLE c (id int"],
        );
        let broken: Vec<_> = split(text).iter().map(|s| s.broken.is_some()).collect();
        assert_eq!(broken, [true, false, true]);
    }
}
