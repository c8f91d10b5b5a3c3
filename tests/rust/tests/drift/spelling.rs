//! SQL taken apart as far as another spelling needs it. It is a second reader on purpose: tests of a
//! reader must not stand on that reader.

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'t> {
    /// White space.
    Space(&'t str),
    /// Words, numbers and signs outside quotes.
    Plain(&'t str),
    /// Quoted text and remarks, each whole.
    Kept(&'t str),
}

impl<'t> Piece<'t> {
    fn text(self) -> &'t str {
        match self {
            Self::Space(text) | Self::Plain(text) | Self::Kept(text) => text,
        }
    }
}

/// The pieces of a text; together they are the text.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let piece = if first.is_whitespace() {
            let end = rest.find(|char: char| !char.is_whitespace()).unwrap_or(rest.len());
            Piece::Space(&rest[..end])
        } else if let Some(length) = kept(rest, before) {
            Piece::Kept(&rest[..length])
        } else {
            let end = rest
                .char_indices()
                .skip(1)
                .find(|(_, char)| {
                    char.is_whitespace() || matches!(char, '\'' | '"' | '-' | '/' | '$' | ';')
                })
                .map_or(rest.len(), |(at, _)| at);
            Piece::Plain(&rest[..end])
        };
        before = piece.text().chars().last().unwrap_or(' ');
        rest = &rest[piece.text().len()..];
        pieces.push(piece);
    }
    pieces
}

/// The length of the quoted text or remark that starts here.
fn kept(rest: &str, before: char) -> Option<usize> {
    if rest.starts_with("--") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        let mut depth = 0_usize;
        for (at, _) in rest.char_indices() {
            if rest[at..].starts_with("/*") {
                depth += 1;
            } else if rest[at..].starts_with("*/") {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 2);
                }
            }
        }
        return Some(rest.len());
    }
    let quote = rest.chars().next()?;
    if matches!(quote, '\'' | '"') {
        let escapes = quote == '\'' && matches!(before, 'e' | 'E');
        let mut chars = rest.char_indices().skip(1);
        while let Some((at, char)) = chars.next() {
            if char == '\\' && escapes {
                chars.next();
            } else if char == quote {
                return Some(at + 1);
            }
        }
        return Some(rest.len());
    }
    if quote == '$' && !before.is_alphanumeric() {
        let end = rest[1..].find(|char: char| !(char.is_alphanumeric() || char == '_'))?;
        let tag = rest.get(..end + 2).filter(|tag| tag.ends_with('$'))?;
        let close = rest[tag.len()..].find(tag)?;
        return Some(close + 2 * tag.len());
    }
    None
}

/// The statements of a text, each with its semicolon and what stands before it. Bodies between
/// `BEGIN ATOMIC` and `END` are part of their statement.
pub(crate) fn statements(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut atomic = false;
    let mut word = String::new();
    for piece in pieces(text) {
        at += piece.text().len();
        match piece {
            Piece::Plain(plain) => {
                let lower = plain.to_lowercase();
                atomic |= lower == "atomic" && word == "begin";
                let ends = lower.starts_with("end");
                if plain.contains(';') && (!atomic || word == "end" || ends) {
                    atomic = false;
                    out.push(&text[start..at]);
                    start = at;
                }
                word = lower;
            }
            Piece::Space(_) | Piece::Kept(_) => {}
        }
    }
    out.push(&text[start..]);
    out
}

#[test]
fn texts_are_taken_apart_and_put_together() {
    let text = "SELECT 'a;''b' /* ; /* x */ */, \"C;\" -- ;\n, $x$;$x$, E'\\';';\nCREATE x;";
    let together: String = pieces(text).into_iter().map(Piece::text).collect();
    assert_eq!(together, text);
    let parts: Vec<&str> = statements(text).into_iter().map(str::trim).collect();
    assert_eq!(parts.len(), 3, "{parts:?}");
    assert_eq!(parts.get(1), Some(&"CREATE x;"));
}
