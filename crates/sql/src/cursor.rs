//! Reading tokens: keywords, names, types, parentheses, expressions.

use schemaward_catalog::{DataType, Expression, ObjectName, Origin, QualifiedName, SourceId, Span};

use crate::expression::parse_expression;
use crate::lexer::{Token, TokenKind, identifier, string_value, truncate, unicode_value};

/// Why a statement could not be read, and where.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) message: String,
}

pub(crate) type Parsed<T> = Result<T, Failure>;

/// Where the text that a cursor reads stands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// It is a part of a source that begins at this byte.
    In(SourceId, u32),
    /// It was made by what stands here: a string with escapes, `EXECUTE`.
    MadeAt(Origin),
}

impl Place {
    /// The origin of a span of the text.
    pub(crate) fn origin(self, span: Span) -> Origin {
        match self {
            Self::In(source, base) => {
                let shift = |at: u32| at.saturating_add(base);
                Origin { source, span: Span::new(shift(span.start), shift(span.end)) }
            }
            Self::MadeAt(origin) => origin,
        }
    }
}

impl From<SourceId> for Place {
    fn from(source: SourceId) -> Self {
        Self::In(source, 0)
    }
}

/// A position in a run of tokens.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'t> {
    pub(crate) place: Place,
    pub(crate) text: &'t str,
    tokens: &'t [Token],
    at: usize,
}

impl<'t> Cursor<'t> {
    pub(crate) fn new(place: impl Into<Place>, text: &'t str, tokens: &'t [Token]) -> Self {
        Self { place: place.into(), text, tokens, at: 0 }
    }

    pub(crate) fn peek(&self) -> Option<Token> {
        self.peek_at(0)
    }

    pub(crate) fn peek_at(&self, ahead: usize) -> Option<Token> {
        self.tokens.get(self.at + ahead).copied()
    }

    pub(crate) fn bump(&mut self) -> Option<Token> {
        let token = self.peek();
        self.at += usize::from(token.is_some());
        token
    }

    pub(crate) fn at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// The tokens from here to the end.
    pub(crate) fn rest(&self) -> &'t [Token] {
        self.tokens.get(self.at..).unwrap_or_default()
    }

    /// How many tokens were consumed.
    pub(crate) fn consumed(&self) -> usize {
        self.at
    }

    pub(crate) fn skip_to_end(&mut self) {
        self.at = self.tokens.len();
    }

    /// Whether the token `ahead` is this unquoted word.
    pub(crate) fn is_at(&self, ahead: usize, word: &str) -> bool {
        self.peek_at(ahead).is_some_and(|token| {
            token.kind == TokenKind::Word && token.span.of(self.text).eq_ignore_ascii_case(word)
        })
    }

    pub(crate) fn is(&self, word: &str) -> bool {
        self.is_at(0, word)
    }

    pub(crate) fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    pub(crate) fn is_kind(&self, kind: TokenKind) -> bool {
        self.peek().is_some_and(|token| token.kind == kind)
    }

    /// Consumes these words if all of them follow.
    pub(crate) fn eat(&mut self, words: &[&str]) -> bool {
        let found = words.iter().enumerate().all(|(at, word)| self.is_at(at, word));
        self.at += if found { words.len() } else { 0 };
        found
    }

    pub(crate) fn eat_kind(&mut self, kind: TokenKind) -> bool {
        let found = self.is_kind(kind);
        self.at += usize::from(found);
        found
    }

    /// Consumes this operator.
    pub(crate) fn eat_operator(&mut self, operator: &str) -> bool {
        let found = self.peek().is_some_and(|token| {
            token.kind == TokenKind::Operator && token.span.of(self.text) == operator
        });
        self.at += usize::from(found);
        found
    }

    pub(crate) fn expect(&mut self, words: &[&str]) -> Parsed<()> {
        if self.eat(words) { Ok(()) } else { self.fail(&words.join(" ").to_uppercase()) }
    }

    pub(crate) fn expect_end(&self) -> Parsed<()> {
        if self.at_end() { Ok(()) } else { self.fail("the end of the statement") }
    }

    /// The failure "expected …, found …" at this place.
    pub(crate) fn fail<T>(&self, expected: &str) -> Parsed<T> {
        if let Some(name) = self.psql_variable() {
            return Err(Failure {
                message: format!(
                    "expected {expected}, found the psql variable `{name}`: the text does not show its value"
                ),
            });
        }
        let found = match self.peek() {
            Some(token) => {
                let found: String = token.span.of(self.text).chars().take(40).collect();
                format!("`{}`", found.lines().next().unwrap_or_default())
            }
            None => "its end".to_owned(),
        };
        Err(Failure { message: format!("expected {expected}, found {found}") })
    }

    /// `:name`, `:'name'` or `:"name"` at this place, for which psql puts a variable's value.
    fn psql_variable(&self) -> Option<String> {
        self.variable_at(self.at)
    }

    /// The psql variables anywhere in these tokens. A colon inside brackets bounds a slice.
    pub(crate) fn psql_variables(&self) -> Vec<String> {
        let mut brackets = 0_usize;
        let mut found = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            match token.kind {
                TokenKind::LeftBracket => brackets += 1,
                TokenKind::RightBracket => brackets = brackets.saturating_sub(1),
                TokenKind::Colon if brackets == 0 => found.extend(self.variable_at(at)),
                _ => {}
            }
        }
        found.dedup();
        found
    }

    fn variable_at(&self, at: usize) -> Option<String> {
        let colon = self.tokens.get(at).filter(|token| token.kind == TokenKind::Colon)?;
        let name = self.tokens.get(at + 1)?;
        let named =
            matches!(name.kind, TokenKind::Word | TokenKind::QuotedIdent | TokenKind::String);
        (named && name.span.start == colon.span.end)
            .then(|| colon.span.to(name.span).of(self.text).chars().take(70).collect())
    }

    /// The span from the token numbered `start` to the last one consumed.
    pub(crate) fn span_from(&self, start: usize) -> Span {
        let first = self.tokens.get(start).map(|token| token.span);
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map(|t| t.span);
        match (first, last) {
            (Some(first), Some(last)) if last.end >= first.end => first.to(last),
            (Some(first), _) => first,
            _ => Span::default(),
        }
    }

    pub(crate) fn origin(&self, span: Span) -> Origin {
        self.place.origin(span)
    }

    pub(crate) fn origin_from(&self, start: usize) -> Origin {
        self.origin(self.span_from(start))
    }

    /// An identifier: any word or a quoted one.
    pub(crate) fn identifier(&mut self) -> Parsed<String> {
        if let Some(name) = self.with_uescape() {
            return Ok(truncate(name));
        }
        match self.peek().and_then(|token| identifier(token, self.text)) {
            Some(name) => {
                self.at += 1;
                Ok(name)
            }
            None => self.fail("a name"),
        }
    }

    /// `U&"d!0061ta" UESCAPE '!'`, in an identifier or a string.
    fn with_uescape(&mut self) -> Option<String> {
        let token = self.peek()?;
        if !self.is_at(1, "uescape") {
            return None;
        }
        let escape = string_value(self.peek_at(2)?, self.text)?.chars().next()?;
        let value = unicode_value(token, self.text, escape)?;
        self.at += 3;
        Some(value)
    }

    /// The lower-case word here, if it is an unquoted one.
    pub(crate) fn word(&mut self) -> Option<String> {
        let token = self.peek().filter(|token| token.kind == TokenKind::Word)?;
        self.at += 1;
        Some(token.span.of(self.text).to_ascii_lowercase())
    }

    /// A string constant of any form.
    pub(crate) fn string(&mut self) -> Parsed<String> {
        if let Some(value) = self.with_uescape() {
            return Ok(value);
        }
        let Some((first, mut value)) =
            self.peek().and_then(|token| Some((token, string_value(token, self.text)?)))
        else {
            return self.fail("a string");
        };
        self.at += 1;
        // It goes on after a line's end.
        let mut end = first.span.end;
        while let Some(next) = self.peek().filter(|next| next.kind == TokenKind::String)
            && matches!(first.kind, TokenKind::String | TokenKind::EscapeString)
            && Span::new(end, next.span.start).of(self.text).contains('\n')
            && let Some(more) = string_value(next, self.text)
        {
            self.at += 1;
            end = next.span.end;
            value.push_str(&more);
        }
        Ok(value)
    }

    /// A name with an optional schema; a database's name in front is dropped.
    pub(crate) fn object_name(&mut self) -> Parsed<ObjectName> {
        let mut parts = vec![self.identifier()?];
        while self.is_kind(TokenKind::Dot) && parts.len() < 3 {
            self.at += 1;
            parts.push(self.identifier()?);
        }
        let name = parts.pop().unwrap_or_default();
        Ok(ObjectName { schema: parts.pop(), name })
    }

    /// A column of a relation: `[schema.]table.column`.
    pub(crate) fn column_name(&mut self) -> Parsed<(ObjectName, String)> {
        let mut parts = vec![self.identifier()?];
        while self.eat_kind(TokenKind::Dot) {
            parts.push(self.identifier()?);
        }
        let column = parts.pop().unwrap_or_default();
        match parts.pop() {
            Some(name) => Ok((ObjectName { schema: parts.pop(), name }, column)),
            None => self.fail("a table and its column"),
        }
    }

    /// The tokens inside the parentheses that begin here.
    pub(crate) fn parens(&mut self) -> Parsed<Cursor<'t>> {
        if !self.is_kind(TokenKind::LeftParen) {
            return self.fail("`(`");
        }
        let start = self.at + 1;
        let mut depth = 0_usize;
        while let Some(token) = self.bump() {
            match token.kind {
                TokenKind::LeftParen => depth += 1,
                TokenKind::RightParen => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let inside = self.tokens.get(start..self.at - 1).unwrap_or_default();
                return Ok(Self { tokens: inside, at: 0, ..*self });
            }
        }
        self.fail("`)`")
    }

    /// The runs of tokens between the commas of this level, from here to the end.
    pub(crate) fn comma_separated(&mut self) -> Vec<Cursor<'t>> {
        let mut parts = Vec::new();
        while !self.at_end() {
            parts.push(self.until(|_| false));
            self.eat_kind(TokenKind::Comma);
        }
        parts
    }

    /// Consumes up to a comma of this level, or to where `stop` says; brackets, parentheses and
    /// `CASE … END` are passed over whole.
    pub(crate) fn until(&mut self, stop: impl Fn(&Cursor<'t>) -> bool) -> Cursor<'t> {
        let start = self.at;
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            match token.kind {
                TokenKind::LeftParen | TokenKind::LeftBracket => depth += 1,
                TokenKind::RightParen | TokenKind::RightBracket => depth = depth.saturating_sub(1),
                TokenKind::Word if self.is("case") => depth += 1,
                TokenKind::Word if self.is("end") => depth = depth.saturating_sub(1),
                TokenKind::Comma if depth == 0 => break,
                _ => {}
            }
            // The first token can end nothing: `DEFAULT NULL` is a default.
            if depth == 0 && self.at > start && stop(self) {
                break;
            }
            self.at += 1;
        }
        let inside = self.tokens.get(start..self.at).unwrap_or_default();
        Self { tokens: inside, at: 0, ..*self }
    }

    /// The text of all tokens of this cursor, as written.
    pub(crate) fn written(&self) -> &'t str {
        self.whole().of(self.text)
    }

    /// The text of all tokens of this cursor, as it would be written in a session of any settings:
    /// a plain string in which `\` escapes is marked so.
    pub(crate) fn portable(&self) -> String {
        self.portable_part(self.whole())
    }

    /// The same for a part of the tokens.
    pub(crate) fn portable_part(&self, part: Span) -> String {
        let mut out = String::new();
        let mut from = part.start;
        for token in self.tokens {
            let inside = part.start <= token.span.start && token.span.end <= part.end;
            let plain = token.span.of(self.text).starts_with('\'');
            if inside && plain && token.kind == TokenKind::EscapeString {
                out.push_str(Span::new(from, token.span.start).of(self.text));
                out.push('E');
                from = token.span.start;
            }
        }
        out.push_str(Span::new(from, part.end).of(self.text));
        out
    }

    /// The span of all tokens of this cursor.
    pub(crate) fn whole(&self) -> Span {
        match (self.tokens.first(), self.tokens.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => Span::default(),
        }
    }

    /// All tokens of this cursor as an expression.
    pub(crate) fn expression(&self) -> Expression {
        let text = self.portable();
        Expression {
            ast: parse_expression(&text).map(Box::new),
            text,
            origin: self.origin(self.whole()),
        }
    }

    /// `( a, b )` as identifiers.
    pub(crate) fn identifier_list(&mut self) -> Parsed<Vec<String>> {
        let mut inside = self.parens()?;
        let mut names = Vec::new();
        while !inside.at_end() {
            names.push(inside.identifier()?);
            if !inside.eat_kind(TokenKind::Comma) {
                inside.expect_end()?;
            }
        }
        Ok(names)
    }

    /// `IF EXISTS`.
    pub(crate) fn if_exists(&mut self) -> bool {
        self.eat(&["if", "exists"])
    }

    /// `IF NOT EXISTS`.
    pub(crate) fn if_not_exists(&mut self) -> bool {
        self.eat(&["if", "not", "exists"])
    }

    /// Several words that PostgreSQL writes as one type name, else any qualified name.
    fn type_name(&mut self) -> Parsed<(Option<String>, String)> {
        const LONG: &[(&[&str], &str)] = &[
            (&["double", "precision"], "double precision"),
            (&["national", "character", "varying"], "character varying"),
            (&["national", "char", "varying"], "character varying"),
            (&["national", "character"], "character"),
            (&["national", "char"], "character"),
            (&["nchar", "varying"], "character varying"),
            (&["character", "varying"], "character varying"),
            (&["char", "varying"], "character varying"),
            (&["bit", "varying"], "bit varying"),
        ];
        for (words, name) in LONG {
            if self.eat(words) {
                return Ok((None, (*name).to_owned()));
            }
        }
        let quoted = self.is_kind(TokenKind::QuotedIdent);
        let mut name = self.object_name()?;
        if quoted && name.name == "char" {
            // The one-byte type is only reachable by its quoted name.
            return Ok((None, "\"char\"".to_owned()));
        }
        if name.schema.as_deref() == Some("pg_catalog") {
            name.schema = None;
        }
        Ok((name.schema, name.name))
    }

    /// A type with modifiers and array bounds, under PostgreSQL's own name.
    pub(crate) fn data_type(&mut self) -> Parsed<DataType> {
        self.eat(&["setof"]);
        let quoted = self.is_kind(TokenKind::QuotedIdent);
        let (schema, name) = self.type_name()?;
        // By the names that the server's own catalog has them; the grammar's (`int`) are none of those.
        let shipped = schema.as_deref().is_none_or(|schema| schema == "pg_catalog")
            && SHIPPED.contains(&name.as_str());
        let mut data_type = if shipped {
            DataType::named(&name)
        } else if quoted || schema.is_some() {
            DataType { schema, name: name.clone(), modifiers: Vec::new(), array: false }
        } else {
            DataType::named(&name)
        };
        if data_type.name == "interval" && data_type.schema.is_none() {
            self.interval_fields(&mut data_type);
        }
        if self.is_kind(TokenKind::LeftParen) {
            for part in self.parens()?.comma_separated() {
                data_type.modifiers.push(part.written().to_owned());
            }
        }
        if data_type.schema.is_none() && matches!(name.as_str(), "time" | "timestamp") {
            if self.eat(&["with", "time", "zone"]) {
                name.clone_into(&mut data_type.name);
                data_type.name.push_str(" with time zone");
            } else {
                self.eat(&["without", "time", "zone"]);
            }
        }
        normalise(&mut data_type, &name);
        loop {
            if self.is_kind(TokenKind::LeftBracket) {
                self.at += 1;
                self.eat_kind(TokenKind::Number);
                if !self.eat_kind(TokenKind::RightBracket) {
                    return self.fail("`]`");
                }
                data_type.array = true;
            } else if self.is("array") {
                self.at += 1;
                data_type.array = true;
            } else {
                break;
            }
        }
        if self.eat_operator("%") {
            let kind = self.identifier()?;
            data_type.name.push('%');
            data_type.name.push_str(&kind);
        }
        Ok(data_type)
    }

    /// `INTERVAL DAY TO SECOND`: the fields are a part of the printed name.
    fn interval_fields(&mut self, data_type: &mut DataType) {
        const FIELDS: [&str; 6] = ["year", "month", "day", "hour", "minute", "second"];
        while self.is_any(&FIELDS) || self.is("to") {
            if let Some(word) = self.word() {
                data_type.name.push(' ');
                data_type.name.push_str(&word);
            }
        }
    }
}

/// Types whose names in `pg_type` are not those that `format_type` prints.
const SHIPPED: &[&str] = &[
    "bool",
    "bpchar",
    "float4",
    "float8",
    "int2",
    "int4",
    "int8",
    "timestamptz",
    "timetz",
    "varbit",
    "varchar",
];

/// Defaults of modifiers, as `format_type` prints them.
fn normalise(data_type: &mut DataType, written: &str) {
    if data_type.schema.is_some() {
        return;
    }
    match (written, data_type.modifiers.len()) {
        ("float", 0) => "double precision".clone_into(&mut data_type.name),
        ("float", _) => {
            let bits = data_type.modifiers.first().and_then(|bits| bits.parse::<u32>().ok());
            let name = if bits.unwrap_or(53) < 25 { "real" } else { "double precision" };
            name.clone_into(&mut data_type.name);
            data_type.modifiers.clear();
        }
        ("char" | "character" | "nchar" | "bit", 0) => data_type.modifiers.push("1".to_owned()),
        ("numeric" | "decimal" | "dec", 1) => data_type.modifiers.push("0".to_owned()),
        _ => {}
    }
}

/// A name that resolution has not been asked for yet.
pub(crate) fn unresolved(name: &ObjectName) -> QualifiedName {
    QualifiedName::new(name.schema.clone().unwrap_or_default(), name.name.as_str())
}
