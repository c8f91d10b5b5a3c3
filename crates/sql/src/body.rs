//! What a function's body does, as its tokens show it.

use schemaward_catalog::{BodyFacts, ObjectName, Touches};

use sqlparser::ast::{Expr, SelectItem, SetExpr};

use crate::expression::{parse_expression, parse_query};
use crate::lexer::{Lexer, Token, TokenKind, identifier, string_value};

/// Words before `(` that are no function.
const NOT_CALLS: &[&str] = &[
    "all",
    "and",
    "any",
    "array",
    "as",
    "between",
    "bit",
    "by",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "conflict",
    "cube",
    "decimal",
    "distinct",
    "else",
    "elsif",
    "except",
    "exists",
    "filter",
    "from",
    "greatest",
    "group",
    "grouping",
    "having",
    "if",
    "ilike",
    "in",
    "intersect",
    "interval",
    "into",
    "is",
    "key",
    "lateral",
    "least",
    "like",
    "limit",
    "materialized",
    "not",
    "nullif",
    "numeric",
    "offset",
    "on",
    "or",
    "order",
    "over",
    "partition",
    "return",
    "returning",
    "rollup",
    "row",
    "select",
    "set",
    "sets",
    "similar",
    "some",
    "then",
    "time",
    "timestamp",
    "union",
    "unique",
    "using",
    "values",
    "varchar",
    "when",
    "where",
    "while",
    "with",
    "within",
];

/// Whether a word before a parenthesis calls no function.
pub(crate) fn is_no_call(word: &str) -> bool {
    NOT_CALLS.binary_search(&word).is_ok()
}

/// Words that a PL/pgSQL statement follows.
const STATEMENT_STARTS: &[&str] = &["begin", "then", "else", "loop"];

/// Reads the facts of a body in SQL or PL/pgSQL.
pub(crate) fn facts(body: &str) -> BodyFacts {
    let tokens: Vec<_> =
        Lexer::body(body).filter(|token| token.kind != TokenKind::Comment).collect();
    let scan = Scan { body, tokens: &tokens };
    let mut facts = BodyFacts { touches: touches(body), ..BodyFacts::default() };
    for at in 0..tokens.len() {
        scan.read(at, &mut facts);
    }
    facts.value = value(body).map(Box::new);
    facts
}

/// The expression of a body that is `SELECT expression` or `RETURN expression`.
fn value(body: &str) -> Option<Expr> {
    let text = body.trim().trim_end_matches(';').trim_end();
    let first = text.split_whitespace().next()?;
    if first.eq_ignore_ascii_case("return") {
        return parse_expression(text.get(first.len()..)?);
    }
    if !first.eq_ignore_ascii_case("select") {
        return None;
    }
    let query = parse_query(text)?;
    let SetExpr::Select(select) = *query.body else { return None };
    if !select.from.is_empty() || select.selection.is_some() || query.with.is_some() {
        return None;
    }
    let mut projection = select.projection.into_iter();
    match (projection.next(), projection.next()) {
        (Some(SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }), None) => {
            Some(expr)
        }
        _ => None,
    }
}

/// The aspects of a schema that text names, inside its strings too: what running it may change.
pub(crate) fn touches(text: &str) -> Touches {
    let mut touches = Touches::default();
    add_touches(text, &mut touches, 0);
    touches
}

fn add_touches(text: &str, touches: &mut Touches, depth: u8) {
    let mut defines = false;
    let mut found = Touches::default();
    for token in Lexer::body(text) {
        match token.kind {
            TokenKind::Word => match token.span.of(text).to_ascii_lowercase().as_str() {
                "create" | "alter" | "drop" => defines = true,
                "policy" | "security" => found.row_security = true,
                "trigger" => found.triggers = true,
                "column" | "constraint" | "table" => found.columns = true,
                "index" => found.indexes = true,
                _ => {}
            },
            // `EXECUTE format('ALTER TABLE %I …')`, and blocks inside blocks.
            _ if depth < 4 => {
                if let Some(inner) = string_value(token, text) {
                    add_touches(&inner, touches, depth + 1);
                }
            }
            _ => {}
        }
    }
    if defines {
        touches.row_security |= found.row_security;
        touches.triggers |= found.triggers;
        touches.columns |= found.columns;
        touches.indexes |= found.indexes;
    }
}

struct Scan<'a> {
    body: &'a str,
    tokens: &'a [Token],
}

impl Scan<'_> {
    fn word(&self, at: usize) -> Option<String> {
        let token = self.tokens.get(at).filter(|token| token.kind == TokenKind::Word)?;
        Some(token.span.of(self.body).to_ascii_lowercase())
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            token.kind == TokenKind::Word && token.span.of(self.body).eq_ignore_ascii_case(word)
        })
    }

    fn kind(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    fn identifier(&self, at: usize) -> Option<String> {
        identifier(*self.tokens.get(at)?, self.body)
    }

    /// The name at `at` and the token after it.
    fn name(&self, at: usize) -> Option<(ObjectName, usize)> {
        let first = self.identifier(at)?;
        if self.kind(at + 1) == Some(TokenKind::Dot) {
            let name = self.identifier(at + 2)?;
            return Some((ObjectName { schema: Some(first), name }, at + 3));
        }
        Some((ObjectName::bare(first), at + 1))
    }

    /// Whether a PL/pgSQL statement begins at `at`.
    fn starts_statement(&self, at: usize) -> bool {
        at == 0
            || self.kind(at - 1) == Some(TokenKind::Semicolon)
            || STATEMENT_STARTS.iter().any(|word| self.is(at - 1, word))
    }

    fn read(&self, at: usize, facts: &mut BodyFacts) {
        let Some(word) = self.word(at) else { return };
        let before = at.checked_sub(1);
        if before.is_some_and(|before| self.kind(before) == Some(TokenKind::Dot)) {
            return;
        }
        match word.as_str() {
            "insert" if self.is(at + 1, "into") => {
                facts.inserts_into.extend(self.name(at + 2).map(|(name, _)| name));
            }
            "update" => {
                let target = at + 1 + usize::from(self.is(at + 1, "only"));
                let found = self.name(target).filter(|(_, next)| {
                    // `UPDATE t [AS] [a] SET`, as against `FOR UPDATE` and `ON CONFLICT DO UPDATE SET`.
                    (0..3).any(|more| self.is(next + more, "set"))
                });
                facts
                    .modifies
                    .extend(found.map(|(name, _)| name).filter(|name| name.name != "set"));
            }
            "delete" if self.is(at + 1, "from") => {
                let target = at + 2 + usize::from(self.is(at + 2, "only"));
                facts.modifies.extend(self.name(target).map(|(name, _)| name));
            }
            "from" | "join" | "using" => self.read_relations(at, facts),
            "current_user" | "session_user" | "current_role" | "system_user" => {
                facts.names_session_user = true;
            }
            "new" | "old" => self.read_row(at, word == "old", facts),
            "tg_op" => facts.reads_operation = true,
            "return" if self.is(at + 1, "null") => {
                facts.returns_null |= self.kind(at + 2).is_none_or(|k| k == TokenKind::Semicolon);
            }
            "execute" if self.starts_statement(at) => facts.dynamic = true,
            _ => {}
        }
        if let Some((name, next)) = self.name(at)
            && self.kind(next) == Some(TokenKind::LeftParen)
            && !(name.schema.is_none() && NOT_CALLS.contains(&name.name.as_str()))
            && !before.is_some_and(|before| self.is(before, "into"))
        {
            if name.name == "current_setting" {
                let setting = self.tokens.get(next + 1).and_then(|t| string_value(*t, self.body));
                if self.kind(next + 2) == Some(TokenKind::Comma) && !self.is(next + 3, "false") {
                    facts.optional_settings.extend(setting.clone());
                }
                facts.settings.extend(setting);
            }
            facts.calls.insert(name);
        }
    }

    /// The names after `FROM`, a list of them with aliases. `DELETE FROM` names no relation it reads,
    /// and `IS DISTINCT FROM` none at all; what else is no relation (`extract(year FROM at)`) the
    /// catalog tells.
    fn read_relations(&self, at: usize, facts: &mut BodyFacts) {
        let after = |word| at > 0 && self.is(at - 1, word);
        if after("delete") || after("distinct") {
            return;
        }
        let mut next = at + 1;
        loop {
            next += usize::from(self.is(next, "only"));
            let Some((name, end)) = self.name(next) else { return };
            // A function in `FROM` is no relation.
            if self.kind(end) != Some(TokenKind::LeftParen) {
                facts.reads.insert(name);
            }
            let alias = end + usize::from(self.is(end, "as"));
            let comma = [end, alias, alias + 1]
                .into_iter()
                .find(|at| self.kind(*at) == Some(TokenKind::Comma));
            let Some(comma) = comma else { return };
            next = comma + 1;
        }
    }

    fn read_row(&self, at: usize, old: bool, facts: &mut BodyFacts) {
        let column = (self.kind(at + 1) == Some(TokenKind::Dot)).then(|| self.identifier(at + 2));
        match column.flatten() {
            Some(column) => {
                let assigns = self.starts_statement(at)
                    && (self.kind(at + 3) == Some(TokenKind::Assign)
                        || self.tokens.get(at + 3).is_some_and(|t| t.span.of(self.body) == "="));
                if assigns {
                    facts.assigns_new.insert(column);
                } else if old {
                    facts.reads_old_row = true;
                    facts.reads_old.insert(column);
                } else {
                    facts.reads_new.insert(column);
                }
            }
            // `RETURN NEW` only hands the row on.
            None if at > 0 && self.is(at - 1, "return") => {}
            // `REFERENCING NEW TABLE` and `TO new` are no rows.
            None if self.is(at + 1, "table") => {}
            None => {
                facts.reads_whole_row = true;
                facts.reads_old_row |= old;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_an_audit_function() {
        let facts = facts(
            "DECLARE actor uuid := current_setting('app.user', true)::uuid;
             BEGIN
               -- INSERT INTO not_this
               INSERT INTO audit.log (op, old, new, row_id)
               VALUES (TG_OP, to_jsonb(OLD), to_jsonb(NEW), COALESCE(NEW.id, OLD.id));
               NEW.updated_at := now();
               IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
               UPDATE counters SET n = n + 1;
               DELETE FROM ONLY queue;
               RETURN NEW;
             END",
        );
        let names = |set: &std::collections::BTreeSet<ObjectName>| {
            set.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names(&facts.inserts_into), "audit.log");
        assert_eq!(names(&facts.modifies), "counters queue");
        assert_eq!(names(&facts.calls), "current_setting now to_jsonb");
        assert!(facts.reads_operation && facts.reads_whole_row && facts.reads_old_row);
        assert!(facts.reads_new.contains("id") && facts.assigns_new.contains("updated_at"));
        assert!(facts.settings.contains("app.user") && !facts.dynamic);
        assert_eq!(facts.touches, Touches::default());
    }

    #[test]
    fn words_before_a_parenthesis_that_call_nothing() {
        let facts = facts(
            "INSERT INTO a (id) SELECT id::numeric(3, 1) FROM b LEFT JOIN LATERAL (SELECT 1) c ON true
               GROUP BY ROLLUP (id), GROUPING SETS ((id), ()) HAVING (true) UNION (SELECT 2)
               ON CONFLICT (id) DO NOTHING;
             WITH x AS MATERIALIZED (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY id) FROM a)
               SELECT CAST(x AS char(2)) FROM x WHERE id ILIKE ('a')",
        );
        let calls: Vec<String> = facts.calls.iter().map(ToString::to_string).collect();
        assert_eq!(calls, ["percentile_cont"]);
    }

    #[test]
    fn reads_relations_and_values() {
        let names = |body: &str| {
            facts(body).reads.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            names(
                "SELECT 1 FROM patients p, app.visits AS v JOIN ONLY beds ON true WHERE a IS DISTINCT FROM b"
            ),
            "beds patients app.visits"
        );
        assert_eq!(
            names(
                "DELETE FROM queue USING jobs WHERE true; SELECT generate_series FROM generate_series(1, 2)"
            ),
            "jobs"
        );
        let value = |body: &str| facts(body).value.map(|value| value.to_string());
        assert_eq!(
            value(" SELECT current_setting('a.b', true)::uuid; ").as_deref(),
            Some("current_setting('a.b', true)::UUID")
        );
        assert_eq!(value("RETURN 1 + 1").as_deref(), Some("1 + 1"));
        assert_eq!(value("SELECT id FROM patients"), None);
        assert_eq!(value("BEGIN RETURN 1; END"), None);
        assert!(facts("SELECT session_user = 'a'").names_session_user);
    }

    #[test]
    fn sees_definitions_inside_strings() {
        let found = touches(
            "FOREACH t IN ARRAY ts LOOP
               EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
               EXECUTE 'CREATE TRIGGER a AFTER INSERT ON ' || t;
             END LOOP;",
        );
        assert!(found.row_security && found.triggers && found.columns && !found.indexes);
        assert!(facts("BEGIN EXECUTE 'x'; END").dynamic);
        assert!(facts("BEGIN RETURN NULL; END").returns_null);
        assert!(!facts("BEGIN RETURN NULLIF(a, b); END").returns_null);
        assert_eq!(touches("UPDATE trigger_log SET policy = 1"), Touches::default());
    }
}
