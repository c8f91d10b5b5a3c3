//! SQL expressions as SQLAlchemy writes them, literal values included.

use schemaward_catalog::Origin;

use super::types::{origin_of, qualified};
use super::{Sql, Writer, quote};
use crate::schema::{
    Affinity, Clause, ClauseKind, Kind, Literal, Operator, Sequence, SqlType, Subscript, Table,
};
use crate::text::Text;

/// How deep expressions are followed into each other.
const DEEPEST: usize = 200;

/// Functions that are called without parentheses when they have no arguments.
const ANSI: [&str; 9] = [
    "current_date",
    "current_time",
    "current_timestamp",
    "current_user",
    "localtime",
    "localtimestamp",
    "session_user",
    "sysdate",
    "user",
];

/// Functions that SQLAlchemy knows, and whose names it therefore writes in lower case.
const GENERIC: [&str; 24] = [
    "aggregate_strings",
    "array_agg",
    "char_length",
    "coalesce",
    "concat",
    "count",
    "cube",
    "cume_dist",
    "dense_rank",
    "grouping_sets",
    "json_array",
    "json_object",
    "max",
    "min",
    "mode",
    "next_value",
    "now",
    "percent_rank",
    "percentile_cont",
    "percentile_disc",
    "random",
    "rank",
    "rollup",
    "sum",
];

/// Where an expression is written.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The table whose columns it names.
    pub(super) table: Option<&'a Table>,
    /// Whether the table's name is written before its columns.
    pub(super) qualified: bool,
}

/// What an expression stands in, which decides on parentheses.
#[derive(Clone, Copy)]
enum Against<'a> {
    /// Nothing that needs any.
    Nothing,
    /// An index, a condition of `CASE`: what has an operator has them.
    Alone,
    /// Another expression with this operator.
    Operator(&'a Operator),
    /// `[…]`, `->`.
    Subscript,
    /// `->>`, `#>>`.
    AsText,
    /// `COLLATE`.
    Collate,
    /// `ANY (…)`.
    Quantifier,
}

impl Writer<'_> {
    /// The expression as SQL.
    pub(super) fn clause(&mut self, clause: &Clause, place: Place<'_>) -> Option<Text> {
        self.write(clause, Against::Nothing, place, false, DEEPEST)
    }

    /// The expression as SQL where an index has it.
    pub(super) fn index_clause(&mut self, clause: &Clause, place: Place<'_>) -> Option<Text> {
        self.write(clause, Against::Alone, place, false, DEEPEST)
    }

    /// Writes the expression, in parentheses where it needs them. `inside` tells that an operator's
    /// operand is being written.
    fn write(
        &mut self,
        clause: &Clause,
        against: Against<'_>,
        place: Place<'_>,
        inside: bool,
        depth: usize,
    ) -> Option<Text> {
        let Some(depth) = depth.checked_sub(1) else {
            self.problem("the expression is nested too deeply", clause.origin);
            return None;
        };
        match &clause.kind {
            // These hand the question on to what they hold.
            ClauseKind::Label { operand, .. } | ClauseKind::TypeCoerce { operand, .. } => {
                return self.write(operand, against, place, inside, depth);
            }
            _ => {}
        }
        let grouped = needs_parentheses(&clause.kind, against);
        let inner = self.bare(clause, place, inside, depth)?;
        if !grouped {
            return Some(inner);
        }
        Some(Sql::new(clause.origin).word("(").text(&inner).word(")").done())
    }

    fn operand(
        &mut self,
        clause: &Clause,
        operator: &Operator,
        place: Place<'_>,
        depth: usize,
    ) -> Option<Text> {
        self.write(clause, Against::Operator(operator), place, true, depth)
    }

    fn all(
        &mut self,
        clauses: &[Clause],
        place: Place<'_>,
        inside: bool,
        depth: usize,
    ) -> Option<Vec<Text>> {
        let texts = clauses.iter();
        texts.map(|clause| self.write(clause, Against::Nothing, place, inside, depth)).collect()
    }

    fn bare(
        &mut self,
        clause: &Clause,
        place: Place<'_>,
        inside: bool,
        depth: usize,
    ) -> Option<Text> {
        let mut sql = Sql::new(clause.origin);
        match &clause.kind {
            ClauseKind::Text(text) => return self.textual(text, clause.origin),
            ClauseKind::LiteralColumn(text) => return Some(text.clone()),
            ClauseKind::Column { key, of_table, .. } => {
                let column = place.table.filter(|_| *of_table).and_then(|t| t.column(key.as_str()));
                if let Some(table) = place.table.filter(|_| *of_table && place.qualified) {
                    sql.text(&qualified(table.schema.as_ref(), &table.name)).word(".");
                }
                let name = match column {
                    Some(column) if column.name.as_str() != key.as_str() => {
                        quote::name_with(&key.computed(column.name.as_str()), column.quote)
                    }
                    Some(column) => quote::name_with(key, column.quote),
                    None => quote::name(key),
                };
                sql.text(&name);
            }
            ClauseKind::Literal(literal) => write_literal(&mut sql, literal),
            ClauseKind::Null => _ = sql.word("NULL"),
            ClauseKind::True => _ = sql.word("true"),
            ClauseKind::False => _ = sql.word("false"),
            ClauseKind::Function { name, arguments } => {
                self.function(&mut sql, name, arguments, place, inside, depth)?;
            }
            ClauseKind::Binary { left, operator, right } => {
                return self.binary(clause.origin, left, operator, right, place, inside, depth);
            }
            ClauseKind::Chain { operator, clauses } => {
                let symbol = symbol(operator);
                for (index, clause) in clauses.iter().enumerate() {
                    if index > 0 {
                        sql.word(" ").text(&symbol).word(" ");
                    }
                    let text = self.operand(clause, operator, place, depth)?;
                    sql.text(&text);
                }
            }
            ClauseKind::Unary { operator, operand } => {
                let text =
                    self.write(operand, Against::Operator(operator), place, inside, depth)?;
                let symbol = symbol(operator);
                sql.text(&symbol);
                if !matches!(operator, Operator::Neg | Operator::BitwiseNot) {
                    sql.word(" ");
                }
                sql.text(&text);
            }
            ClauseKind::Modifier { operator, operand } => {
                let text =
                    self.write(operand, Against::Operator(operator), place, inside, depth)?;
                let symbol = symbol(operator);
                sql.text(&text).word(" ").text(&symbol);
            }
            ClauseKind::AsBoolean { operand, negated } => {
                let against = if *negated { Against::Alone } else { Against::Nothing };
                let text = self.write(operand, against, place, inside, depth)?;
                if *negated {
                    sql.word("NOT ");
                }
                sql.text(&text);
            }
            ClauseKind::List(clauses) | ClauseKind::Tuple(clauses) => {
                let texts = self.all(clauses, place, inside, depth)?;
                sql.word("(").list(&texts, ", ").word(")");
            }
            ClauseKind::Bounds(low, high) => {
                let low = self.write(low, Against::Nothing, place, inside, depth)?;
                let high = self.write(high, Against::Nothing, place, inside, depth)?;
                sql.text(&low).word(" AND ").text(&high);
            }
            ClauseKind::Cast { operand, sql_type } => {
                let numeric = matches!(sql_type.affinity(), Affinity::Integer | Affinity::Numeric);
                let text = match &operand.kind {
                    // A literal is of the type it is cast to: a number has no quotes.
                    ClauseKind::Literal(Literal::Text(value)) if numeric => value.clone(),
                    _ => self.write(operand, Against::Nothing, place, inside, depth)?,
                };
                self.cast(&mut sql, &text, sql_type)?;
            }
            ClauseKind::Extract { field, operand } => {
                let text = self.write(operand, Against::Nothing, place, inside, depth)?;
                sql.word("EXTRACT(").text(field).word(" FROM ").text(&text).word(")");
            }
            ClauseKind::Case { value, whens, otherwise } => {
                sql.word("CASE ");
                if let Some(value) = value {
                    let text = self.write(value, Against::Nothing, place, inside, depth)?;
                    sql.text(&text).word(" ");
                }
                for (when, then) in whens {
                    let when = self.write(when, Against::Alone, place, inside, depth)?;
                    let then = self.write(then, Against::Nothing, place, inside, depth)?;
                    sql.word("WHEN ").text(&when).word(" THEN ").text(&then).word(" ");
                }
                if let Some(otherwise) = otherwise {
                    let text = self.write(otherwise, Against::Nothing, place, inside, depth)?;
                    sql.word("ELSE ").text(&text).word(" ");
                }
                sql.word("END");
            }
            ClauseKind::Collate { operand, collation } => {
                let text = self.write(operand, Against::Collate, place, true, depth)?;
                sql.text(&text).word(" COLLATE ").text(&quote::name(collation));
            }
            ClauseKind::Array { elements, item } => {
                let texts = self.all(elements, place, inside, depth)?;
                sql.word("ARRAY[").list(&texts, ", ").word("]");
                if let Some(item) = item.as_ref().filter(|_| texts.is_empty()) {
                    let item = self.sql_type(item, None)?;
                    sql.word("::").text(&item).word("[]");
                }
            }
            ClauseKind::Subscript { operand, index, style } => {
                return self.subscript(clause.origin, operand, index, *style, place, inside, depth);
            }
            ClauseKind::Quantified { quantifier, operand } => {
                let text = self.write(operand, Against::Quantifier, place, inside, depth)?;
                sql.word(quantifier).word(" ").text(&text);
            }
            ClauseKind::Grouping(operand) => {
                let text = self.write(operand, Against::Nothing, place, inside, depth)?;
                sql.word("(").text(&text).word(")");
            }
            ClauseKind::NextValue(sequence) => {
                let name = quote::literal(&sequence_name(sequence));
                sql.word("nextval(").text(&name).word(")");
            }
            ClauseKind::Unknown => {
                self.problem("the expression could not be evaluated", clause.origin);
                return None;
            }
            ClauseKind::Label { operand, .. } | ClauseKind::TypeCoerce { operand, .. } => {
                return self.write(operand, Against::Nothing, place, inside, depth);
            }
        }
        Some(sql.done())
    }

    /// `text("…")`: `\:` is a colon, and `:name` a value that must be given elsewhere.
    pub(super) fn textual(&mut self, text: &Text, origin: Origin) -> Option<Text> {
        let value = text.as_str();
        let mut written = Text::default();
        let mut start = 0;
        let word = |c: char| c.is_alphanumeric() || c == '_';
        for (at, _) in value.match_indices(':') {
            let before = value.get(..at).and_then(|before| before.chars().next_back());
            let after = value.get(at + 1..).unwrap_or_default();
            let end = after.find(|c| !word(c)).unwrap_or(after.len());
            let follows = after.get(end..).and_then(|rest| rest.chars().next());
            let names = end > 0 && !before.is_some_and(|c| c == ':' || word(c));
            if before == Some('\\') {
                if follows != Some(':') {
                    written.push(&text.slice(start, at - 1));
                    start = at;
                }
            } else if names && follows != Some(':') {
                let name = after.get(..end).unwrap_or_default();
                let message = format!("no value is given for {name:?} in text()");
                self.problem(message, origin_of(text, origin));
                return None;
            }
        }
        written.push(&text.slice(start, value.len()));
        Some(written)
    }

    fn cast(&mut self, sql: &mut Sql, operand: &Text, sql_type: &SqlType) -> Option<()> {
        let written = self.sql_type(sql_type, None)?;
        let end = written.as_str().find(" COLLATE ").unwrap_or(written.len());
        sql.word("CAST(").text(operand).word(" AS ").text(&written.slice(0, end)).word(")");
        if end < written.len() {
            sql.text(&written.slice(end, written.len()));
        }
        Some(())
    }

    fn function(
        &mut self,
        sql: &mut Sql,
        name: &[Text],
        arguments: &[Clause],
        place: Place<'_>,
        inside: bool,
        depth: usize,
    ) -> Option<()> {
        let texts = self.all(arguments, place, inside, depth)?;
        let (Some(last), packages) = (name.last(), name.get(..name.len().saturating_sub(1))) else {
            return None;
        };
        let quoted = |part: &Text| {
            if quote::has_illegal_characters(part.as_str()) {
                quote::name(part)
            } else {
                part.clone()
            }
        };
        for package in packages.unwrap_or_default() {
            sql.text(&quoted(package)).word(".");
        }
        let lower = last.as_str().to_ascii_lowercase();
        if name.len() == 1 && ANSI.contains(&lower.as_str()) {
            let ansi = match lower.as_str() {
                "sysdate" => lower,
                _ => lower.to_ascii_uppercase(),
            };
            sql.text(&last.computed(ansi));
            if !texts.is_empty() {
                sql.word("(").list(&texts, ", ").word(")");
            }
            return Some(());
        }
        if name.len() == 1 && lower == "aggregate_strings" {
            sql.text(&last.computed("string_agg"));
        } else if name.len() == 1 && GENERIC.contains(&lower.as_str()) {
            let known =
                if last.as_str() == lower { last.clone() } else { last.computed(lower.as_str()) };
            sql.text(&known);
        } else {
            sql.text(&quoted(last));
        }
        sql.word("(");
        if texts.is_empty() && name.len() == 1 && lower == "count" {
            sql.word("*");
        }
        sql.list(&texts, ", ").word(")");
        Some(())
    }

    #[allow(clippy::too_many_arguments)]
    fn binary(
        &mut self,
        origin: Origin,
        left: &Clause,
        operator: &Operator,
        right: &Clause,
        place: Place<'_>,
        inside: bool,
        depth: usize,
    ) -> Option<Text> {
        let mut sql = Sql::new(origin);
        let first = self.operand(left, operator, place, depth)?;
        let empty = matches!(&right.kind, ClauseKind::List(values) if values.is_empty());
        let second = match operator {
            _ if empty => Text::default(),
            // SQLAlchemy puts the pattern together when it writes it, and leaves it as it is.
            Operator::Pattern | Operator::NotPattern => {
                self.write(right, Against::Nothing, place, true, depth)?
            }
            _ => self.operand(right, operator, place, depth)?,
        };
        match operator {
            Operator::In if empty => {
                sql.text(&first).word(" IN (NULL) AND (1 != 1)");
            }
            Operator::NotIn if empty => {
                sql.word("(").text(&first).word(" NOT IN (NULL) OR (1 = 1))");
            }
            Operator::NotIn => {
                sql.word("(").text(&first).word(" NOT IN ").text(&second).word(")");
            }
            Operator::TrueDiv => {
                let numeric = SqlType::new(Kind::Numeric { precision: None, scale: None }, origin);
                let divisor = divisor_type(left, right).unwrap_or(&numeric);
                sql.text(&first).word(" / ");
                self.cast(&mut sql, &second, divisor)?;
            }
            Operator::FloorDiv => {
                let whole =
                    left.affinity() == Affinity::Integer && right.affinity() == Affinity::Integer;
                if whole {
                    sql.text(&first).word(" / ").text(&second)
                } else {
                    sql.word("FLOOR(").text(&first).word(" / ").text(&second).word(")")
                };
            }
            Operator::RegexpMatch(flags) | Operator::NotRegexpMatch(flags) => {
                let symbol = match operator {
                    Operator::RegexpMatch(_) | Operator::BitwiseNot => "~",
                    _ => "!~",
                };
                sql.text(&first).word(" ").word(symbol);
                match flags {
                    None => sql.word(" ").text(&second),
                    Some(flags) if flags.as_str() == "i" => sql.word("* ").text(&second),
                    Some(flags) => sql
                        .word(" CONCAT('(?', ")
                        .text(&quote::literal(flags))
                        .word(", ')', ")
                        .text(&second)
                        .word(")"),
                };
            }
            _ => {
                let symbol = symbol(operator);
                sql.text(&first).word(" ").text(&symbol).word(" ").text(&second);
                if let Operator::Like(Some(escape))
                | Operator::NotLike(Some(escape))
                | Operator::Ilike(Some(escape))
                | Operator::NotIlike(Some(escape)) = operator
                {
                    sql.word(" ESCAPE ").text(&quote::literal(escape));
                }
            }
        }
        let eager = matches!(operator, Operator::Custom { symbol, .. } if symbol.as_str() == "->>");
        if eager && inside {
            return Some(Sql::new(origin).word("(").text(&sql.done()).word(")").done());
        }
        Some(sql.done())
    }

    #[allow(clippy::too_many_arguments)]
    fn subscript(
        &mut self,
        origin: Origin,
        operand: &Clause,
        index: &Clause,
        style: Subscript,
        place: Place<'_>,
        inside: bool,
        depth: usize,
    ) -> Option<Text> {
        let against = match style {
            Subscript::Text | Subscript::PathText => Against::AsText,
            Subscript::Array | Subscript::Element | Subscript::Path => Against::Subscript,
        };
        let of = self.write(operand, against, place, true, depth)?;
        let at = self.write(index, Against::Nothing, place, true, depth)?;
        let binary = is_jsonb(operand);
        let mut sql = Sql::new(origin);
        let symbol = match style {
            Subscript::Array => {
                return Some(sql.text(&of).word("[").text(&at).word("]").done());
            }
            Subscript::Element if binary => {
                return Some(sql.text(&of).word("[").text(&at).word("]").done());
            }
            Subscript::Element => " -> ",
            Subscript::Text => " ->> ",
            Subscript::Path => " #> ",
            Subscript::PathText => " #>> ",
        };
        if inside {
            sql.word("(");
        }
        sql.text(&of).word(symbol).text(&at);
        if inside {
            sql.word(")");
        }
        Some(sql.done())
    }
}

/// Whether the value is a `JSONB` column, or an element of one.
fn is_jsonb(mut clause: &Clause) -> bool {
    while let ClauseKind::Subscript { operand, style: Subscript::Element, .. } = &clause.kind {
        clause = operand;
    }
    match &clause.kind {
        ClauseKind::Column { sql_type, .. } => {
            sql_type.as_ref().is_some_and(|found| found.kind == Kind::Jsonb)
        }
        ClauseKind::Cast { sql_type, .. } => sql_type.kind == Kind::Jsonb,
        _ => false,
    }
}

/// A sequence with its schema.
pub(super) fn sequence_name(sequence: &Sequence) -> Text {
    qualified(sequence.schema.as_ref(), &sequence.name)
}

/// What a divisor is cast to, so that whole numbers are not divided as such.
fn divisor_type<'a>(left: &'a Clause, right: &'a Clause) -> Option<&'a SqlType> {
    let of = |clause: &'a Clause| match &clause.kind {
        ClauseKind::Column { sql_type, .. } => sql_type.as_ref(),
        ClauseKind::Cast { sql_type, .. } | ClauseKind::TypeCoerce { sql_type, .. } => {
            Some(&**sql_type)
        }
        _ => None,
    };
    let found = match right.kind {
        ClauseKind::Literal(Literal::Number(_)) => of(left),
        _ => of(right),
    };
    found.filter(|sql_type| sql_type.affinity() == Affinity::Numeric)
}

fn needs_parentheses(kind: &ClauseKind, against: Against<'_>) -> bool {
    let (operator, precedence) = match kind {
        ClauseKind::Binary { operator, .. } | ClauseKind::Chain { operator, .. } => {
            (Some(operator), operator.precedence())
        }
        ClauseKind::Unary { operator, .. } => (Some(operator), operator.precedence()),
        ClauseKind::Collate { .. } => (None, 4),
        ClauseKind::Subscript { .. } => (None, 15),
        ClauseKind::Function { .. } => {
            return matches!(against, Against::Subscript | Against::AsText | Against::Quantifier);
        }
        ClauseKind::Text(_) => {
            return matches!(against, Against::Operator(Operator::In | Operator::NotIn));
        }
        ClauseKind::Modifier { .. }
        | ClauseKind::AsBoolean { .. }
        | ClauseKind::Quantified { .. }
        | ClauseKind::Grouping(_)
        | ClauseKind::Tuple(_)
        | ClauseKind::List(_)
        | ClauseKind::Bounds(..) => return false,
        _ => return matches!(against, Against::Quantifier),
    };
    match against {
        Against::Nothing => false,
        Against::Alone | Against::Quantifier => true,
        Against::Operator(outer) => {
            if operator == Some(outer) && outer.is_associative() {
                return false;
            }
            let boolean = operator.is_some_and(|own| {
                own.is_comparison() || matches!(own, Operator::And | Operator::Or | Operator::Not)
            });
            // What is not in SQLAlchemy's table of operators binds least as an operand, and most
            // as what the operand stands in.
            let limit = match outer {
                Operator::NullsFirst | Operator::NullsLast => 100,
                outer => outer.precedence(),
            };
            precedence <= limit
                || (*outer == Operator::Not
                    && !boolean
                    && !matches!(kind, ClauseKind::Unary { .. }))
        }
        // Subscripts of subscripts need none.
        Against::Subscript => !matches!(kind, ClauseKind::Subscript { .. }) && precedence <= 15,
        Against::AsText => precedence <= 15,
        Against::Collate => precedence <= 4,
    }
}

/// The operator between its operands.
fn symbol(operator: &Operator) -> Text {
    let symbol = match operator {
        Operator::And => "AND",
        Operator::Or => "OR",
        Operator::Not => "NOT",
        Operator::Eq => "=",
        Operator::Ne => "!=",
        Operator::Lt => "<",
        Operator::Le => "<=",
        Operator::Gt => ">",
        Operator::Ge => ">=",
        Operator::Is => "IS",
        Operator::IsNot => "IS NOT",
        Operator::IsDistinctFrom => "IS DISTINCT FROM",
        Operator::IsNotDistinctFrom => "IS NOT DISTINCT FROM",
        Operator::In => "IN",
        Operator::NotIn => "NOT IN",
        Operator::Like(_) | Operator::Pattern => "LIKE",
        Operator::NotLike(_) | Operator::NotPattern => "NOT LIKE",
        Operator::Ilike(_) => "ILIKE",
        Operator::NotIlike(_) => "NOT ILIKE",
        Operator::Between { symmetric: false } => "BETWEEN",
        Operator::Between { symmetric: true } => "BETWEEN SYMMETRIC",
        Operator::NotBetween { symmetric: false } => "NOT BETWEEN",
        Operator::NotBetween { symmetric: true } => "NOT BETWEEN SYMMETRIC",
        Operator::RegexpMatch(_) | Operator::BitwiseNot => "~",
        Operator::NotRegexpMatch(_) => "!~",
        Operator::Add => "+",
        Operator::Sub | Operator::Neg => "-",
        Operator::Mul => "*",
        Operator::TrueDiv | Operator::FloorDiv => "/",
        Operator::Mod => "%",
        Operator::Concat => "||",
        Operator::BitwiseAnd => "&",
        Operator::BitwiseOr => "|",
        Operator::BitwiseXor => "#",
        Operator::BitwiseShiftLeft => "<<",
        Operator::BitwiseShiftRight => ">>",
        Operator::Distinct => "DISTINCT",
        Operator::Desc => "DESC",
        Operator::Asc => "ASC",
        Operator::NullsFirst => "NULLS FIRST",
        Operator::NullsLast => "NULLS LAST",
        Operator::Custom { symbol, .. } => return symbol.clone(),
    };
    symbol.into()
}

fn write_literal(sql: &mut Sql, literal: &Literal) {
    match literal {
        Literal::None => sql.word("NULL"),
        Literal::Bool(true) => sql.word("true"),
        Literal::Bool(false) => sql.word("false"),
        Literal::Integer(number) | Literal::Number(number) => sql.text(number),
        Literal::Text(text) => sql.text(&quote::literal(text)),
    };
}
