//! PL/pgSQL's statements from its tokens.
//!
//! Tolerant: what it does not know becomes [`Kind::Unknown`] and ends at its semicolon.

use schemaward_catalog::Span;
use sqlparser::ast::{Expr, Query};

use crate::cursor::{Cursor, Parsed};
use crate::expression::{parse_expression, parse_query};
use crate::lexer::{Token, TokenKind};

/// How deep blocks, loops and branches may nest.
const DEPTH: usize = 40;

/// Bytes an expression may have to be looked at.
const MAX_EXPRESSION: usize = 256 * 1024;

/// An expression, as far as its structure is known.
#[derive(Clone, Debug)]
pub(super) struct Code<T> {
    pub(super) text: String,
    pub(super) tree: Option<Box<T>>,
}

/// A block: `[DECLARE …] BEGIN … [EXCEPTION …] END`.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    pub(super) label: Option<String>,
    pub(super) declarations: Vec<Declaration>,
    pub(super) body: Vec<Node>,
    pub(super) handlers: Vec<Handler>,
}

/// A variable.
#[derive(Clone, Debug)]
pub(super) struct Declaration {
    pub(super) name: String,
    /// Its type as written, lower case.
    pub(super) data_type: String,
    pub(super) value: Option<Code<Expr>>,
    /// `ALIAS FOR`: the other name.
    pub(super) alias: Option<String>,
    /// `CURSOR FOR`.
    pub(super) cursor: Option<Code<Query>>,
}

/// `WHEN condition [OR …] THEN …`
#[derive(Clone, Debug)]
pub(super) struct Handler {
    pub(super) conditions: Vec<String>,
    pub(super) body: Vec<Node>,
}

/// A statement and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) kind: Kind,
}

/// What a statement does.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Block(Block),
    If {
        arms: Vec<(Code<Expr>, Vec<Node>)>,
        otherwise: Vec<Node>,
    },
    Loop {
        label: Option<String>,
        kind: Loop,
        body: Vec<Node>,
    },
    Leave {
        exit: bool,
        label: Option<String>,
        when: Option<Code<Expr>>,
    },
    Assign {
        target: Vec<String>,
        subscripted: bool,
        value: Code<Expr>,
    },
    Perform(Code<Query>),
    Execute {
        text: Code<Expr>,
        using: Vec<Code<Expr>>,
        into: Vec<String>,
    },
    Raise {
        exception: bool,
        message: String,
    },
    Return {
        value: Option<Code<Expr>>,
        ends: bool,
    },
    /// `SELECT … INTO target`.
    SelectInto {
        query: Code<Query>,
        into: Vec<String>,
    },
    /// Any SQL statement.
    Sql(Vec<Token>),
    /// A statement that defines nothing (`NULL`, cursors, `GET DIAGNOSTICS`): the variables it sets.
    Nothing(Vec<String>),
    Unknown(String),
}

/// What a loop runs over.
#[derive(Clone, Debug)]
pub(super) enum Loop {
    Forever,
    While(Code<Expr>),
    Range {
        variable: String,
        reverse: bool,
        from: Code<Expr>,
        to: Code<Expr>,
        by: Option<Code<Expr>>,
    },
    Query {
        variables: Vec<String>,
        query: Code<Query>,
    },
    Dynamic {
        variables: Vec<String>,
        text: Code<Expr>,
    },
    Array {
        variables: Vec<String>,
        slice: bool,
        array: Code<Expr>,
    },
}

/// Reads a body whole.
pub(super) fn parse(text: &str, tokens: &[Token]) -> Parsed<Block> {
    let mut parser =
        Parser { cursor: Cursor::new(schemaward_catalog::SourceId(0), text, tokens), depth: 0 };
    // `#variable_conflict use_column`
    while parser.cursor.eat_operator("#") {
        parser.cursor.bump();
        parser.cursor.bump();
    }
    let label = parser.label()?;
    let block = parser.block(label)?;
    parser.cursor.eat_kind(TokenKind::Semicolon);
    parser.cursor.expect_end()?;
    Ok(block)
}

struct Parser<'t> {
    cursor: Cursor<'t>,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn label(&mut self) -> Parsed<Option<String>> {
        if !self.cursor.eat_operator("<<") {
            return Ok(None);
        }
        let label = self.cursor.identifier()?;
        if self.cursor.eat_operator(">>") { Ok(Some(label)) } else { self.cursor.fail("`>>`") }
    }

    fn block(&mut self, label: Option<String>) -> Parsed<Block> {
        let mut block = Block { label, ..Block::default() };
        while self.cursor.eat(&["declare"]) {
            while !self.cursor.at_end() && !self.cursor.is_any(&["begin", "declare"]) {
                let declaration = self.declaration()?;
                block.declarations.push(declaration);
            }
        }
        self.cursor.expect(&["begin"])?;
        block.body = self.statements(&["end", "exception"])?;
        if self.cursor.eat(&["exception"]) {
            while self.cursor.eat(&["when"]) {
                let mut conditions = Vec::new();
                loop {
                    if self.cursor.eat(&["sqlstate"]) {
                        conditions.push(format!("sqlstate {}", self.cursor.string()?));
                    } else {
                        conditions.push(self.cursor.identifier()?);
                    }
                    if !self.cursor.eat(&["or"]) {
                        break;
                    }
                }
                self.cursor.expect(&["then"])?;
                let body = self.statements(&["end", "when"])?;
                block.handlers.push(Handler { conditions, body });
            }
        }
        self.cursor.expect(&["end"])?;
        self.end_label();
        Ok(block)
    }

    /// The label that may follow `END` and `END LOOP`.
    fn end_label(&mut self) {
        if !self.cursor.at_end() && !self.cursor.is_kind(TokenKind::Semicolon) {
            self.cursor.bump();
        }
    }

    fn declaration(&mut self) -> Parsed<Declaration> {
        let name = self.cursor.identifier()?;
        let mut declaration =
            Declaration { name, data_type: String::new(), value: None, alias: None, cursor: None };
        if self.cursor.eat(&["alias", "for"]) {
            let token = self.cursor.bump();
            declaration.alias =
                token.map(|token| token.span.of(self.cursor.text).to_ascii_lowercase());
            self.end()?;
            return Ok(declaration);
        }
        self.cursor.eat(&["constant"]);
        let starts_value =
            |c: &Cursor<'_>| c.is("default") || c.is_kind(TokenKind::Assign) || is_operator(c, "=");
        let mut data_type = self.run(|c| starts_value(c) || c.is("for") || c.is("is"));
        declaration.data_type = data_type.written().to_ascii_lowercase();
        if data_type.is_any(&["cursor", "no", "scroll"])
            && (self.cursor.eat(&["for"]) || self.cursor.eat(&["is"]))
        {
            data_type.skip_to_end();
            let query = self.run(|_| false);
            declaration.cursor = Some(query_code(&query));
        } else if starts_value(&self.cursor) {
            self.cursor.bump();
            let value = self.run(|_| false);
            declaration.value = Some(expression_code(&value));
        }
        self.end()?;
        Ok(declaration)
    }

    fn end(&mut self) -> Parsed<()> {
        if self.cursor.eat_kind(TokenKind::Semicolon) || self.cursor.at_end() {
            Ok(())
        } else {
            self.cursor.fail("`;`")
        }
    }

    /// The tokens up to a semicolon of this level, or to where `stop` says.
    fn run(&mut self, stop: impl Fn(&Cursor<'t>) -> bool) -> Cursor<'t> {
        let rest = self.cursor;
        let mut depth = 0_usize;
        let start = self.cursor.consumed();
        while let Some(token) = self.cursor.peek() {
            match token.kind {
                TokenKind::LeftParen | TokenKind::LeftBracket => depth += 1,
                TokenKind::RightParen | TokenKind::RightBracket => depth = depth.saturating_sub(1),
                TokenKind::Semicolon if depth == 0 => break,
                TokenKind::Word if self.cursor.is("case") => depth += 1,
                TokenKind::Word if self.cursor.is("end") && depth > 0 => depth -= 1,
                _ if depth == 0 && stop(&self.cursor) => break,
                _ => {}
            }
            self.cursor.bump();
        }
        let count = self.cursor.consumed() - start;
        Cursor::new(rest.place, rest.text, rest.rest().get(..count).unwrap_or_default())
    }

    fn statements(&mut self, until: &[&str]) -> Parsed<Vec<Node>> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(crate::cursor::Failure {
                message: format!("it nests deeper than {DEPTH} levels"),
            });
        }
        let mut nodes = Vec::new();
        while !self.cursor.at_end() && !self.cursor.is_any(until) {
            if self.cursor.eat_kind(TokenKind::Semicolon) {
                continue;
            }
            let start = self.cursor.consumed();
            let kind = self.statement()?;
            let span = self.cursor.span_from(start);
            self.end()?;
            nodes.push(Node { span, kind });
        }
        self.depth -= 1;
        Ok(nodes)
    }

    fn statement(&mut self) -> Parsed<Kind> {
        let label = self.label()?;
        let c = &mut self.cursor;
        if c.is_any(&["declare", "begin"]) {
            return Ok(Kind::Block(self.block(label)?));
        }
        if c.eat(&["if"]) {
            return self.branches();
        }
        if c.is("case") {
            return self.case();
        }
        if c.is_any(&["loop", "while", "for", "foreach"]) {
            return self.looping(label);
        }
        for exit in [true, false] {
            if c.eat(&[if exit { "exit" } else { "continue" }]) {
                let named = !c.is("when") && !c.is_kind(TokenKind::Semicolon) && !c.at_end();
                let label = if named { Some(c.identifier()?) } else { None };
                let when = c.eat(&["when"]);
                let condition = self.run(|_| false);
                let when = when.then(|| expression_code(&condition));
                return Ok(Kind::Leave { exit, label, when });
            }
        }
        if c.eat(&["perform"]) {
            let query = self.run(|_| false);
            let text = format!("SELECT {}", query.written());
            return Ok(Kind::Perform(query_of(text)));
        }
        if c.eat(&["call"]) {
            let query = self.run(|_| false);
            let text = format!("SELECT {}", query.written());
            return Ok(Kind::Perform(query_of(text)));
        }
        if c.eat(&["execute"]) {
            return self.execute();
        }
        if c.eat(&["raise"]) {
            let quiet = c.is_any(&["debug", "log", "info", "notice", "warning"]);
            let message = self.run(|_| false).written().to_owned();
            return Ok(Kind::Raise { exception: !quiet, message });
        }
        if c.eat(&["return"]) {
            let ends = !c.is_any(&["next", "query"]);
            let value = self.run(|_| false);
            let value = (ends && !value.at_end()).then(|| expression_code(&value));
            return Ok(Kind::Return { value, ends });
        }
        if c.eat(&["assert"])
            || (c.is("null") && c.peek_at(1).is_none_or(|t| t.kind == TokenKind::Semicolon))
        {
            self.run(|_| false);
            return Ok(Kind::Nothing(Vec::new()));
        }
        if c.is_any(&["open", "fetch", "move", "close", "get"]) {
            let run = self.run(|_| false);
            return Ok(Kind::Nothing(assigned(run)));
        }
        let target = *c;
        if let Some(assignment) = self.assignment() {
            return Ok(assignment);
        }
        self.cursor = target;
        let run = self.run(|_| false);
        Ok(sql(run))
    }

    fn branches(&mut self) -> Parsed<Kind> {
        let mut arms = Vec::new();
        loop {
            let condition = self.run(|c| c.is("then"));
            self.cursor.expect(&["then"])?;
            let body = self.statements(&["elsif", "elseif", "else", "end"])?;
            arms.push((expression_code(&condition), body));
            if !self.cursor.eat(&["elsif"]) && !self.cursor.eat(&["elseif"]) {
                break;
            }
        }
        let otherwise =
            if self.cursor.eat(&["else"]) { self.statements(&["end"])? } else { Vec::new() };
        self.cursor.expect(&["end", "if"])?;
        Ok(Kind::If { arms, otherwise })
    }

    /// `CASE` as the branches it stands for.
    fn case(&mut self) -> Parsed<Kind> {
        self.cursor.bump();
        let subject = self.run(|c| c.is("when")).written();
        let mut arms = Vec::new();
        while self.cursor.eat(&["when"]) {
            let condition = self.run(|c| c.is("then"));
            self.cursor.expect(&["then"])?;
            let body = self.statements(&["when", "else", "end"])?;
            let condition = if subject.is_empty() {
                condition.written().to_owned()
            } else {
                format!("({subject}) IN ({})", condition.written())
            };
            arms.push((expression_of(condition), body));
        }
        let otherwise =
            if self.cursor.eat(&["else"]) { self.statements(&["end"])? } else { Vec::new() };
        self.cursor.expect(&["end", "case"])?;
        Ok(Kind::If { arms, otherwise })
    }

    fn looping(&mut self, label: Option<String>) -> Parsed<Kind> {
        let kind = if self.cursor.eat(&["while"]) {
            Loop::While(expression_code(&self.run(|c| c.is("loop"))))
        } else if self.cursor.eat(&["foreach"]) {
            let variables = self.targets()?;
            let slice = self.cursor.eat(&["slice"]);
            if slice {
                self.cursor.bump();
            }
            self.cursor.expect(&["in", "array"])?;
            Loop::Array { variables, slice, array: expression_code(&self.run(|c| c.is("loop"))) }
        } else if self.cursor.eat(&["for"]) {
            let variables = self.targets()?;
            self.cursor.expect(&["in"])?;
            self.for_loop(variables)
        } else {
            Loop::Forever
        };
        self.cursor.expect(&["loop"])?;
        let body = self.statements(&["end"])?;
        self.cursor.expect(&["end", "loop"])?;
        self.end_label();
        Ok(Kind::Loop { label, kind, body })
    }

    fn for_loop(&mut self, variables: Vec<String>) -> Loop {
        if self.cursor.eat(&["execute"]) {
            let text = expression_code(&self.run(|c| c.is_any(&["using", "loop"])));
            if !self.cursor.is("loop") {
                self.run(|c| c.is("loop"));
            }
            return Loop::Dynamic { variables, text };
        }
        let reverse = self.cursor.eat(&["reverse"]);
        let dots = |c: &Cursor<'_>| {
            let dot = |ahead| {
                c.peek_at(ahead).filter(|t| t.span.of(c.text).starts_with('.')).map(|t| t.span)
            };
            matches!((dot(0), dot(1)), (Some(a), Some(b)) if a.end == b.start)
        };
        let whole = self.cursor;
        let first = self.run(|c| c.is("loop") || dots(c));
        if !self.cursor.is("loop") && !self.cursor.at_end() && dots(&self.cursor) {
            // `1..3` lexes as `1`, `.`, `.3`.
            self.cursor.bump();
            let last = self.run(|c| c.is_any(&["loop", "by"]));
            let to = last.written().trim_start_matches('.').to_owned();
            let by = self.cursor.eat(&["by"]).then(|| expression_code(&self.run(|c| c.is("loop"))));
            let variable = variables.into_iter().next().unwrap_or_default();
            return Loop::Range {
                variable,
                reverse,
                from: expression_code(&first),
                to: expression_of(to),
                by,
            };
        }
        self.cursor = whole;
        Loop::Query { variables, query: query_code(&self.run(|c| c.is("loop"))) }
    }

    /// `a, b`: the variables before `IN`.
    fn targets(&mut self) -> Parsed<Vec<String>> {
        let mut names = vec![self.cursor.identifier()?];
        while self.cursor.eat_kind(TokenKind::Comma) {
            names.push(self.cursor.identifier()?);
        }
        Ok(names)
    }

    fn execute(&mut self) -> Parsed<Kind> {
        let text = expression_code(&self.run(|c| c.is_any(&["using", "into"])));
        let (mut using, mut into) = (Vec::new(), Vec::new());
        loop {
            if self.cursor.eat(&["into"]) {
                self.cursor.eat(&["strict"]);
                into = self.targets()?;
            } else if self.cursor.eat(&["using"]) {
                let mut values = self.run(|c| c.is("into"));
                using = values.comma_separated().iter().map(expression_code).collect();
            } else {
                return Ok(Kind::Execute { text, using, into });
            }
        }
    }

    /// `target := expression` (or `=`), if this is one.
    fn assignment(&mut self) -> Option<Kind> {
        let mut target = vec![self.cursor.identifier().ok()?];
        let mut subscripted = false;
        loop {
            if self.cursor.eat_kind(TokenKind::Dot) {
                target.push(self.cursor.identifier().ok()?);
            } else if self.cursor.is_kind(TokenKind::LeftBracket) {
                subscripted = true;
                while let Some(token) = self.cursor.bump() {
                    if token.kind == TokenKind::RightBracket {
                        break;
                    }
                }
            } else if self.cursor.eat_kind(TokenKind::Assign) || self.cursor.eat_operator("=") {
                let value = expression_code(&self.run(|_| false));
                return Some(Kind::Assign { target, subscripted, value });
            } else {
                return None;
            }
        }
    }
}

fn is_operator(cursor: &Cursor<'_>, operator: &str) -> bool {
    cursor
        .peek()
        .is_some_and(|t| t.kind == TokenKind::Operator && t.span.of(cursor.text) == operator)
}

/// The names after `INTO`, and before `=` in `GET DIAGNOSTICS`.
fn assigned(mut run: Cursor<'_>) -> Vec<String> {
    let mut names = Vec::new();
    let diagnostics = run.is("get");
    let mut into = false;
    while let Some(token) = run.bump() {
        if token.span.of(run.text).eq_ignore_ascii_case("into") {
            into = true;
        } else if (into || diagnostics) && token.kind == TokenKind::Word {
            names.push(token.span.of(run.text).to_ascii_lowercase());
        }
    }
    names
}

/// An SQL statement; `SELECT … INTO` assigns.
fn sql(run: Cursor<'_>) -> Kind {
    let tokens = run.rest();
    let word = |at: usize, word: &str| run.is_at(at, word);
    if !tokens.first().is_some_and(|t| t.kind == TokenKind::Word || t.kind == TokenKind::LeftParen)
    {
        return Kind::Unknown("a statement that is none of PL/pgSQL's".to_owned());
    }
    let into = (0..tokens.len()).find(|at| {
        word(*at, "into") && *at > 0 && !word(*at - 1, "insert") && !word(*at - 1, "merge")
    });
    let queries = ["select", "with", "insert", "update", "delete", "merge", "values"];
    let Some(at) = into.filter(|_| run.is_any(&queries)) else {
        return Kind::Sql(tokens.to_vec());
    };
    let mut rest = Cursor::new(run.place, run.text, tokens.get(at + 1..).unwrap_or_default());
    rest.eat(&["strict"]);
    let mut names = Vec::new();
    while let Ok(name) = rest.identifier() {
        if rest.eat_kind(TokenKind::Dot) {
            let _ = rest.identifier();
        }
        names.push(name);
        if !rest.eat_kind(TokenKind::Comma) {
            break;
        }
    }
    let before = Cursor::new(run.place, run.text, tokens.get(..at).unwrap_or_default());
    let after = Cursor::new(run.place, run.text, rest.rest());
    let query = query_of(format!("{} {}", before.written(), after.written()));
    Kind::SelectInto { query, into: names }
}

pub(super) fn expression_of(text: String) -> Code<Expr> {
    let tree = if text.len() > MAX_EXPRESSION { None } else { parse_expression(&text) };
    Code { tree: tree.map(Box::new), text }
}

pub(super) fn query_of(text: String) -> Code<Query> {
    let tree = if text.len() > MAX_EXPRESSION { None } else { parse_query(&text) };
    Code { tree: tree.map(Box::new), text }
}

fn expression_code(cursor: &Cursor<'_>) -> Code<Expr> {
    let text = cursor.written().to_owned();
    // PL/pgSQL takes `count(*) FROM t` as an expression: what may stand after `SELECT`.
    let code = expression_of(text);
    if code.tree.is_some() {
        return code;
    }
    let as_query = expression_of(format!("(SELECT {})", code.text));
    if as_query.tree.is_some() { Code { text: code.text, ..as_query } } else { code }
}

fn query_code(cursor: &Cursor<'_>) -> Code<Query> {
    query_of(cursor.written().to_owned())
}
