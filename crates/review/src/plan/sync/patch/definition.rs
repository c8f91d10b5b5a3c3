//! A column's definition as words: its type and its clauses, with their places.

use schemaward_catalog::Span;

/// A part of a column's definition.
pub(super) struct Clause {
    /// The word it begins with, in lower case; the type begins with none.
    pub(super) keyword: Option<&'static str>,
    pub(super) span: Span,
}

/// The type and the clauses of a column's definition, by their first words outside brackets and
/// quotes.
pub(super) fn clauses(text: &str, span: Span) -> Vec<Clause> {
    const WORDS: [&str; 10] = [
        "not",
        "null",
        "default",
        "primary",
        "unique",
        "references",
        "check",
        "constraint",
        "collate",
        "generated",
    ];
    let mut clauses: Vec<Clause> = Vec::new();
    let tokens = tokens(text, span);
    let mut depth = 0_usize;
    let mut after_not = false;
    for token in tokens.iter().skip(1) {
        let word = token.of(text);
        let lower = word.to_lowercase();
        match word {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        let keyword = WORDS.iter().copied().find(|known| *known == lower).filter(|_| depth == 0);
        // `NOT NULL` is one clause, and so is what `DEFAULT NULL` says.
        let is_value = clauses.last().is_some_and(|clause| {
            clause.keyword == Some("default") && clause.span.end - clause.span.start <= 7
        });
        match keyword {
            Some("null") if after_not || is_value => extend(&mut clauses, *token),
            Some(keyword) => clauses.push(Clause { keyword: Some(keyword), span: *token }),
            None if clauses.is_empty() => clauses.push(Clause { keyword: None, span: *token }),
            None => extend(&mut clauses, *token),
        }
        after_not = keyword == Some("not");
    }
    clauses
}

fn extend(clauses: &mut [Clause], token: Span) {
    if let Some(last) = clauses.last_mut() {
        last.span = last.span.to(token);
    }
}

/// Words, quoted texts and single signs of a definition; comments are left out.
pub(super) fn tokens(text: &str, span: Span) -> Vec<Span> {
    let part = span.of(text);
    let mut tokens = Vec::new();
    let mut chars = part.char_indices().peekable();
    let place = |at: usize| span.start + u32::try_from(at).unwrap_or(0);
    while let Some((start, char)) = chars.next() {
        let rest = part.get(start..).unwrap_or_default();
        let length = if char.is_whitespace() {
            continue;
        } else if rest.starts_with("--") {
            let length = rest.find('\n').unwrap_or(rest.len());
            while chars.next_if(|(at, _)| *at < start + length).is_some() {}
            continue;
        } else if char == '\'' || char == '"' {
            let inner = rest.get(1..).unwrap_or_default();
            inner.find(char).map_or(rest.len(), |at| at + 2)
        } else if char.is_alphanumeric() || char == '_' {
            rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
                .unwrap_or(rest.len())
        } else {
            char.len_utf8()
        };
        while chars.next_if(|(at, _)| *at < start + length).is_some() {}
        tokens.push(Span::new(place(start), place(start + length)));
    }
    tokens
}
