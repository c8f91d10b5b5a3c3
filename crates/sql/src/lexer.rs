//! PostgreSQL's lexical structure over borrowed text.
//!
//! One lexer serves the splitter, the statement parsers and the bodies of functions. It follows
//! the manual's chapter 4.1 and psql's own scanner: quotes, dollar quotes, nested comments, operators
//! that end where a comment begins, and `\` commands. It cannot fail: text that fits no rule becomes
//! an [`TokenKind::Other`] token, and an unterminated quote a token that runs to the end.

use memchr::{memchr, memchr2, memmem};
use schemaward_catalog::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// An unquoted word: a keyword or an identifier.
    Word,
    /// `"…"`.
    QuotedIdent,
    /// `U&"…"`.
    UnicodeIdent,
    /// `'…'` (and `N'…'`).
    String,
    /// `E'…'`.
    EscapeString,
    /// `U&'…'`.
    UnicodeString,
    /// `B'…'` and `X'…'`.
    BitString,
    /// `$tag$…$tag$`.
    DollarString,
    /// A number.
    Number,
    /// `$1`.
    Parameter,
    /// An operator such as `=` or `->>`.
    Operator,
    /// `(`
    LeftParen,
    /// `)`
    RightParen,
    /// `[`
    LeftBracket,
    /// `]`
    RightBracket,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// `.`
    Dot,
    /// `:`
    Colon,
    /// `::`
    Cast,
    /// `:=`
    Assign,
    /// A comment of either form.
    Comment,
    /// A psql command: `\` to the end of its line.
    Meta,
    /// The payload of `COPY … FROM stdin`, its `\.` line included.
    CopyData,
    /// A quote, dollar quote or block comment that the text ends in.
    Unterminated,
    /// Any other character.
    Other,
}

/// A token and its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
}

/// The lexer's state between tokens.
pub(crate) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// Whether `\` escapes in plain strings (`standard_conforming_strings = off`).
    pub(crate) backslash_escapes: bool,
    /// Whether `\` begins a psql command (scripts) or is any other character (function bodies).
    pub(crate) meta_commands: bool,
}

impl<'a> Lexer<'a> {
    /// A lexer over a script.
    pub(crate) fn script(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at, backslash_escapes: false, meta_commands: true }
    }

    /// A lexer over SQL that psql never sees: a function's body, an expression.
    pub(crate) fn body(text: &'a str) -> Self {
        Self { text, at: 0, backslash_escapes: false, meta_commands: false }
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes().get(self.at..).unwrap_or_default()
    }

    /// The `COPY … FROM stdin` payload that begins on the next line.
    pub(crate) fn copy_data(&mut self) -> Token {
        self.at += memchr(b'\n', self.rest()).map_or(self.rest().len(), |at| at + 1);
        let start = self.at;
        loop {
            let line = memchr(b'\n', self.rest())
                .map_or(self.rest(), |at| self.rest().get(..=at).unwrap_or_default());
            self.at += line.len();
            if line.is_empty() || line.trim_ascii_end() == b"\\." {
                return self.token(TokenKind::CopyData, start);
            }
        }
    }

    fn token(&self, kind: TokenKind, start: usize) -> Token {
        let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        Token { kind, span: Span::new(at(start), at(self.at)) }
    }

    /// Moves past the closing `quote`; doubled quotes and, if asked, backslashes escape.
    fn quoted(&mut self, quote: u8, backslash: bool) -> bool {
        loop {
            let found = if backslash {
                memchr2(quote, b'\\', self.rest())
            } else {
                memchr(quote, self.rest())
            };
            let Some(found) = found else {
                self.at = self.bytes().len();
                return false;
            };
            self.at += found;
            if self.peek(0) == b'\\' {
                self.at = (self.at + 2).min(self.bytes().len());
                // The escaped character may be longer than one byte.
                while !self.text.is_char_boundary(self.at) {
                    self.at += 1;
                }
            } else if self.peek(1) == quote {
                self.at += 2;
            } else {
                self.at += 1;
                return true;
            }
        }
    }

    /// Lexes a quote whose opening stands `prefix` bytes ahead.
    fn string(&mut self, prefix: usize, kind: TokenKind) -> Token {
        let start = self.at;
        let quote = self.peek(prefix);
        self.at += prefix + 1;
        let backslash = match kind {
            TokenKind::EscapeString => true,
            TokenKind::String => self.backslash_escapes,
            _ => false,
        };
        let closed = self.quoted(quote, backslash);
        // A setting of the session makes it what `E` says for itself.
        let kind =
            if backslash && kind == TokenKind::String { TokenKind::EscapeString } else { kind };
        self.token(if closed { kind } else { TokenKind::Unterminated }, start)
    }

    fn block_comment(&mut self) -> bool {
        let mut depth = 0_u32;
        loop {
            if self.rest().starts_with(b"/*") {
                depth += 1;
                self.at += 2;
            } else if self.rest().starts_with(b"*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return true;
                }
            } else {
                let Some(next) = self.rest().get(1..).and_then(|rest| memchr2(b'/', b'*', rest))
                else {
                    self.at = self.bytes().len();
                    return false;
                };
                self.at += 1 + next;
            }
        }
    }

    fn dollar(&mut self) -> Token {
        let start = self.at;
        if self.peek(1).is_ascii_digit() {
            self.at += 1 + self.rest().iter().skip(1).take_while(|b| b.is_ascii_digit()).count();
            return self.token(TokenKind::Parameter, start);
        }
        let tag = self.rest().iter().skip(1).take_while(|b| is_word(**b) && **b != b'$').count();
        if self.peek(tag + 1) != b'$' {
            self.at += 1;
            return self.token(TokenKind::Other, start);
        }
        let delimiter = self.rest().get(..tag + 2).unwrap_or_default();
        self.at += delimiter.len();
        let Some(end) = memmem::find(self.rest(), delimiter) else {
            self.at = self.bytes().len();
            return self.token(TokenKind::Unterminated, start);
        };
        self.at += end + delimiter.len();
        self.token(TokenKind::DollarString, start)
    }

    fn number(&mut self) -> Token {
        let start = self.at;
        let digits = |lexer: &mut Self| {
            while lexer.peek(0).is_ascii_alphanumeric() || lexer.peek(0) == b'_' {
                lexer.at += 1;
            }
        };
        let radix = self.peek(0) == b'0' && matches!(self.peek(1) | 0x20, b'x' | b'o' | b'b');
        digits(self);
        if !radix {
            // `1..10` is a range in PL/pgSQL: the dots are no part of the number.
            if self.peek(0) == b'.' && self.peek(1) != b'.' {
                self.at += 1;
                digits(self);
            }
            let exponent =
                self.bytes().get(self.at.wrapping_sub(1)).is_some_and(|b| b | 0x20 == b'e');
            if exponent && matches!(self.peek(0), b'+' | b'-') && self.peek(1).is_ascii_digit() {
                self.at += 1;
                digits(self);
            }
        }
        self.token(TokenKind::Number, start)
    }

    fn operator(&mut self) -> Token {
        let start = self.at;
        let run = self.rest();
        let mut length = run.iter().take_while(|b| is_operator(**b)).count();
        let body = run.get(..length).unwrap_or_default();
        // An operator ends where a comment begins.
        for comment in [b"--", b"/*"] {
            if let Some(at) = memmem::find(body, comment) {
                length = length.min(at);
            }
        }
        // It ends in `+` or `-` only if it has a character that no SQL operator has.
        let special = |b: &u8| b"~!@#%^&|`?".contains(b);
        while length > 1
            && run.get(length - 1).is_some_and(|b| matches!(b, b'+' | b'-'))
            && !run.get(..length).unwrap_or_default().iter().any(special)
        {
            length -= 1;
        }
        self.at += length.max(1);
        self.token(TokenKind::Operator, start)
    }

    fn single(&mut self, kind: TokenKind) -> Token {
        let start = self.at;
        self.at += 1;
        self.token(kind, start)
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.at +=
            self.rest().iter().take_while(|b| b.is_ascii_whitespace() || **b == 0x0b).count();
        let start = self.at;
        let first = *self.rest().first()?;
        let second = self.peek(1);
        Some(match first {
            b'-' if second == b'-' => {
                // Either character ends a line for the server.
                self.at += memchr2(b'\n', b'\r', self.rest()).unwrap_or(self.rest().len());
                self.token(TokenKind::Comment, start)
            }
            b'/' if second == b'*' => {
                let closed = self.block_comment();
                self.token(if closed { TokenKind::Comment } else { TokenKind::Unterminated }, start)
            }
            b'\'' => self.string(0, TokenKind::String),
            b'"' => self.string(0, TokenKind::QuotedIdent),
            b'E' | b'e' if second == b'\'' => self.string(1, TokenKind::EscapeString),
            b'N' | b'n' if second == b'\'' => self.string(1, TokenKind::String),
            b'B' | b'b' | b'X' | b'x' if second == b'\'' => self.string(1, TokenKind::BitString),
            b'U' | b'u' if second == b'&' && self.peek(2) == b'\'' => {
                self.string(2, TokenKind::UnicodeString)
            }
            b'U' | b'u' if second == b'&' && self.peek(2) == b'"' => {
                self.string(2, TokenKind::UnicodeIdent)
            }
            b'$' => self.dollar(),
            b'0'..=b'9' => self.number(),
            b'.' if second.is_ascii_digit() => self.number(),
            b'(' => self.single(TokenKind::LeftParen),
            b')' => self.single(TokenKind::RightParen),
            b'[' => self.single(TokenKind::LeftBracket),
            b']' => self.single(TokenKind::RightBracket),
            b',' => self.single(TokenKind::Comma),
            b';' => self.single(TokenKind::Semicolon),
            b'.' => self.single(TokenKind::Dot),
            b':' if matches!(second, b':' | b'=') => {
                self.at += 2;
                self.token(if second == b':' { TokenKind::Cast } else { TokenKind::Assign }, start)
            }
            b':' => self.single(TokenKind::Colon),
            b'\\' if self.meta_commands => {
                self.at += memchr(b'\n', self.rest()).unwrap_or(self.rest().len());
                self.token(TokenKind::Meta, start)
            }
            byte if is_word_start(byte) => {
                self.at += self.rest().iter().take_while(|b| is_word(**b)).count();
                self.token(TokenKind::Word, start)
            }
            byte if is_operator(byte) => self.operator(),
            _ => self.single(TokenKind::Other),
        })
    }
}

fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_word(byte: u8) -> bool {
    is_word_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

fn is_operator(byte: u8) -> bool {
    b"+-*/<>=~!@#%^&|`?".contains(&byte)
}

/// PostgreSQL cuts identifiers after 63 bytes (`NAMEDATALEN - 1`), on a character boundary.
pub(crate) fn truncate(mut name: String) -> String {
    let mut end = name.len().min(63);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.truncate(end);
    name
}

/// The identifier a word or quoted identifier stands for, folded, unescaped and cut.
pub(crate) fn identifier(token: Token, text: &str) -> Option<String> {
    let raw = token.span.of(text);
    Some(truncate(match token.kind {
        TokenKind::Word => raw.to_ascii_lowercase(),
        TokenKind::QuotedIdent => inner(raw, 0).replace("\"\"", "\""),
        TokenKind::UnicodeIdent => unicode(&inner(raw, 2).replace("\"\"", "\""), '\\'),
        _ => return None,
    }))
}

/// The value of a string constant of any form.
pub(crate) fn string_value(token: Token, text: &str) -> Option<String> {
    let raw = token.span.of(text);
    Some(match token.kind {
        TokenKind::String => inner(raw, usize::from(!raw.starts_with('\''))).replace("''", "'"),
        TokenKind::EscapeString => escaped(inner(raw, usize::from(!raw.starts_with('\'')))),
        TokenKind::UnicodeString => unicode(&inner(raw, 2).replace("''", "'"), '\\'),
        TokenKind::DollarString => dollar_inner(token, text).of(text).to_owned(),
        _ => return None,
    })
}

/// The bytes between the delimiters of a dollar-quoted string.
pub(crate) fn dollar_inner(token: Token, text: &str) -> Span {
    let raw = token.span.of(text);
    let delimiter = raw.bytes().skip(1).position(|b| b == b'$').map_or(0, |at| at + 2);
    let delimiter = u32::try_from(delimiter).unwrap_or(0);
    Span::new(token.span.start + delimiter, token.span.end.saturating_sub(delimiter))
}

/// The text between the quotes, after a prefix of this many bytes.
fn inner(raw: &str, prefix: usize) -> &str {
    raw.get(prefix + 1..raw.len().saturating_sub(1)).unwrap_or_default()
}

/// `U&` escapes: `\0041` and `\+000041`, with the escape character of `UESCAPE`; an escape that is no
/// character stays as it is.
fn unicode(text: &str, escape: char) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(escape) {
        out.push_str(before);
        let (digits, skip) = match after.strip_prefix('+') {
            Some(long) => (long.get(..6), 7),
            None => (after.get(..4), 4),
        };
        let decoded = digits.and_then(|d| u32::from_str_radix(d, 16).ok()).and_then(char::from_u32);
        if let Some(tail) = after.strip_prefix(escape) {
            out.push(escape);
            rest = tail;
        } else if let (Some(decoded), Some(tail)) = (decoded, after.get(skip..)) {
            out.push(decoded);
            rest = tail;
        } else {
            out.push(escape);
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// The value of a `U&` string or identifier under the escape character that `UESCAPE` names.
pub(crate) fn unicode_value(token: Token, text: &str, escape: char) -> Option<String> {
    let quote = match token.kind {
        TokenKind::UnicodeIdent => "\"",
        TokenKind::UnicodeString => "'",
        _ => return None,
    };
    let inside = inner(token.span.of(text), 2).replace(&quote.repeat(2), quote);
    Some(unicode(&inside, escape))
}

/// `E''` escapes of the manual's table 4.1. Octal and hexadecimal bytes are taken as Latin-1, which
/// is right for the ASCII they are used for.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(ch) = chars.next() {
        match ch {
            '\'' if chars.peek() == Some(&'\'') => {
                chars.next();
                out.push('\'');
            }
            '\\' => {
                let Some(kind) = chars.next() else { break };
                let (radix, most) = match kind {
                    'x' => (16, 2),
                    'u' => (16, 4),
                    'U' => (16, 8),
                    '0'..='7' => (8, 3),
                    _ => (0, 0),
                };
                if radix == 0 {
                    out.push(match kind {
                        'b' => '\u{8}',
                        'f' => '\u{c}',
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        other => other,
                    });
                    continue;
                }
                let mut value = if radix == 8 { kind.to_digit(8).unwrap_or(0) } else { 0 };
                let mut taken = usize::from(radix == 8);
                while taken < most {
                    let Some(digit) = chars.peek().and_then(|c| c.to_digit(radix)) else {
                        break;
                    };
                    value = value.wrapping_mul(radix).wrapping_add(digit);
                    chars.next();
                    taken += 1;
                }
                out.extend(char::from_u32(value));
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[(TokenKind, &str)]) {
        let tokens: Vec<_> = Lexer::script(text).map(|t| (t.kind, t.span.of(text))).collect();
        assert_eq!(tokens, expect);
    }

    #[test]
    fn lexes_what_the_manual_lists() {
        use TokenKind as K;
        check(
            "a$1 $1 $$x;$$",
            &[(K::Word, "a$1"), (K::Parameter, "$1"), (K::DollarString, "$$x;$$")],
        );
        check("$a$ $b$ $a$ $", &[(K::DollarString, "$a$ $b$ $a$"), (K::Other, "$")]);
        check("/* a /* b */ c */x", &[(K::Comment, "/* a /* b */ c */"), (K::Word, "x")]);
        check("/* /* */", &[(K::Unterminated, "/* /* */")]);
        check(
            "'it''s' E'\\'' 'a\\'",
            &[(K::String, "'it''s'"), (K::EscapeString, "E'\\''"), (K::String, "'a\\'")],
        );
        check("a=-1", &[(K::Word, "a"), (K::Operator, "="), (K::Operator, "-"), (K::Number, "1")]);
        check("a->>'b'", &[(K::Word, "a"), (K::Operator, "->>"), (K::String, "'b'")]);
        check(
            "a=--c\n1",
            &[(K::Word, "a"), (K::Operator, "="), (K::Comment, "--c"), (K::Number, "1")],
        );
        check(
            "1..2 1.5e-3",
            &[(K::Number, "1"), (K::Dot, "."), (K::Number, ".2"), (K::Number, "1.5e-3")],
        );
        check(
            "x::text y:=1",
            &[
                (K::Word, "x"),
                (K::Cast, "::"),
                (K::Word, "text"),
                (K::Word, "y"),
                (K::Assign, ":="),
                (K::Number, "1"),
            ],
        );
        check("\\restrict abc\nSELECT", &[(K::Meta, "\\restrict abc"), (K::Word, "SELECT")]);
        check("'open", &[(K::Unterminated, "'open")]);
        check("\u{feff}a\0b", &[(K::Word, "a"), (K::Other, "\0"), (K::Word, "b")]);
    }

    #[test]
    fn values_of_strings_and_identifiers() {
        let check = |text: &str, expect: &str| {
            let token = Lexer::script(text).next().unwrap();
            let value = identifier(token, text).or_else(|| string_value(token, text));
            assert_eq!(value.as_deref(), Some(expect), "{text}");
        };
        check("Patients", "patients");
        check("\"Patients \"\"x\"\"\"", "Patients \"x\"");
        check("U&\"d\\0061t\\+000061\"", "data");
        check("E'a\\n\\x41\\101''\\''", "a\nAA''");
        check("U&'\\0041'", "A");
        check("$f$ a $f$", " a ");
        check("N'x'", "x");
        check(&"é".repeat(40), &"é".repeat(31));
    }
}
