//! SQL expressions.

use schemaward_catalog::Origin;

use super::{Build, library_name};
use crate::interpret::{Args, SymbolKind, Value, enum_value};
use crate::schema::{
    Clause, ClauseKind, Kind, Literal, Operator, Sequence, SequenceOptions, SqlType,
};
use crate::text::Text;

/// Expressions within each other.
const MAX_DEPTH: usize = 60;

impl Build<'_, '_, '_> {
    /// An expression of SQL where a string is SQL text.
    pub(crate) fn clause(&mut self, value: &Value, origin: Origin) -> Clause {
        match value {
            Value::Str(text) => Clause::text(Text::clone(text), origin),
            other => self.operand(other, origin, 0),
        }
    }

    /// An expression of SQL where a string is a value.
    pub(crate) fn operand(&mut self, value: &Value, origin: Origin, depth: usize) -> Clause {
        let unknown = Clause::new(ClauseKind::Unknown, origin);
        if depth > MAX_DEPTH {
            return unknown;
        }
        let literal = |literal| Clause::literal(literal, origin);
        match value {
            Value::None => literal(Literal::None),
            Value::Bool(truth) => literal(Literal::Bool(*truth)),
            Value::Int(number) => literal(Literal::Integer(Text::from(number.to_string()))),
            Value::Float(_) => {
                let text = self.interp.text_of(self.host, value, origin);
                match text {
                    Ok(Value::Str(text)) => literal(Literal::Number(Text::clone(&text))),
                    _ => unknown,
                }
            }
            Value::Str(text) => literal(Literal::Text(Text::clone(text))),
            Value::List(_) | Value::Tuple(_) | Value::Set(_) => {
                let items = self.list(value, origin);
                let items =
                    items.iter().map(|item| self.operand(item, origin, depth + 1)).collect();
                Clause::new(ClauseKind::List(items), origin)
            }
            Value::Instance(instance) => match enum_value(value) {
                // SQLAlchemy stores the name of a member; a string that is one is its value.
                Some(Value::Str(text)) if instance.class.is_string_enum() => {
                    literal(Literal::Text(Text::clone(&text)))
                }
                Some(_) => match instance.attributes.borrow().get("_name_") {
                    Some(Value::Str(name)) => literal(Literal::Text(Text::clone(name))),
                    _ => unknown,
                },
                None => unknown,
            },
            Value::Symbol(symbol) => {
                self.symbol(value, &symbol.kind, symbol.serial, symbol.origin, depth)
            }
            Value::Class(_)
            | Value::Ellipsis
            | Value::Bytes(_)
            | Value::Dict(_)
            | Value::Function(_)
            | Value::Method(_)
            | Value::Module(_)
            | Value::Builtin(_)
            | Value::BuiltinMethod(_)
            | Value::Super(_)
            | Value::Unknown(_) => {
                self.problem(format!("an expression is not known: {value:?}"), origin);
                unknown
            }
        }
    }

    fn symbol(
        &mut self,
        value: &Value,
        kind: &SymbolKind,
        serial: u32,
        origin: Origin,
        depth: usize,
    ) -> Clause {
        if let Some((key, sql_type)) = self.columns.get(&serial) {
            return Clause::column(key.clone(), sql_type.clone(), origin);
        }
        let unknown = Clause::new(ClauseKind::Unknown, origin);
        match kind {
            SymbolKind::Binary(op, left, right) => {
                let left = self.operand(left, origin, depth + 1);
                let right = self.operand(right, origin, depth + 1);
                match *op {
                    "==" => Clause::compare(left, Operator::Eq, right, origin),
                    "!=" => Clause::compare(left, Operator::Ne, right, origin),
                    "<" => Clause::compare(left, Operator::Lt, right, origin),
                    "<=" => Clause::compare(left, Operator::Le, right, origin),
                    ">" => Clause::compare(left, Operator::Gt, right, origin),
                    ">=" => Clause::compare(left, Operator::Ge, right, origin),
                    "&" => Clause::and(vec![left, right], origin),
                    "|" => Clause::or(vec![left, right], origin),
                    "+" => Clause::operate(left, Operator::Add, right, origin),
                    "-" => Clause::operate(left, Operator::Sub, right, origin),
                    "*" => Clause::operate(left, Operator::Mul, right, origin),
                    "/" => Clause::operate(left, Operator::TrueDiv, right, origin),
                    "//" => Clause::operate(left, Operator::FloorDiv, right, origin),
                    "%" => Clause::operate(left, Operator::Mod, right, origin),
                    "<<" => Clause::operate(left, Operator::BitwiseShiftLeft, right, origin),
                    ">>" => Clause::operate(left, Operator::BitwiseShiftRight, right, origin),
                    _ => unknown,
                }
            }
            SymbolKind::Unary(op, operand) => {
                let operand = self.operand(operand, origin, depth + 1);
                match *op {
                    "~" => operand.negate(origin),
                    "-" => Clause::new(
                        ClauseKind::Unary { operator: Operator::Neg, operand: Box::new(operand) },
                        origin,
                    ),
                    _ => unknown,
                }
            }
            SymbolKind::Call(callee, args) => {
                if let Some(path) = callee.path()
                    && let Some(name) = function_name(path)
                {
                    let name =
                        name.split('.').map(|part| Text::written(part, origin, false)).collect();
                    let arguments = args
                        .positional()
                        .map(|arg| self.operand(&arg.value, arg.origin, depth + 1));
                    let arguments = arguments.collect();
                    return Clause::function(name, arguments, origin);
                }
                if let Some(name) = library_name(callee) {
                    let name = name.to_owned();
                    return self.call(&name, args, origin, depth);
                }
                match callee {
                    Value::Symbol(inner) => match &inner.kind {
                        SymbolKind::Attribute(object, method) => {
                            let (object, method) = (object.clone(), method.clone());
                            self.method(&object, &method, args, origin, depth)
                        }
                        // `x.op("@>")(y)`.
                        SymbolKind::Call(op, op_args) => {
                            let Value::Symbol(op) = op else { return unknown };
                            let SymbolKind::Attribute(object, name) = &op.kind else {
                                return unknown;
                            };
                            if !matches!(name.as_str(), "op" | "bool_op") {
                                return unknown;
                            }
                            let (Some(symbol), Some(right)) = (
                                op_args.at(0).and_then(|arg| arg.value.text().cloned()),
                                args.at(0),
                            ) else {
                                return unknown;
                            };
                            let comparison = name == "bool_op"
                                || matches!(
                                    op_args.named("is_comparison").map(|arg| &arg.value),
                                    Some(Value::Bool(true))
                                );
                            let precedence = Self::whole_number(op_args.value(1, "precedence"))
                                .unwrap_or_default();
                            let operator = Operator::Custom { symbol, precedence, comparison };
                            let left = self.operand(object, origin, depth + 1);
                            let right = self.operand(&right.value, origin, depth + 1);
                            Clause::operate(left, operator, right, origin)
                        }
                        _ => unknown,
                    },
                    _ => unknown,
                }
            }
            // `User.email`.
            SymbolKind::Attribute(Value::Class(class), name) => {
                let serial = class
                    .find(name)
                    .and_then(|(value, _)| value.symbol().map(|symbol| symbol.serial));
                let known = serial.and_then(|serial| self.columns.get(&serial)).cloned();
                let (key, sql_type) =
                    known.unwrap_or_else(|| (Text::written(name.as_str(), origin, false), None));
                Clause::column(key, sql_type, origin)
            }
            SymbolKind::Attribute(object, name) => {
                // `table.c.name`, `table.columns.name`.
                if let Value::Symbol(inner) = object
                    && let SymbolKind::Attribute(_, columns) = &inner.kind
                    && matches!(columns.as_str(), "c" | "columns")
                {
                    return Clause::column(
                        Text::written(name.as_str(), origin, false),
                        None,
                        origin,
                    );
                }
                if name == "astext"
                    && let Value::Symbol(inner) = object
                    && let SymbolKind::Subscript(base, key) = &inner.kind
                {
                    let (base, key) = (base.clone(), key.clone());
                    return self.subscript(&base, &key, true, origin, depth);
                }
                self.problem(format!("an expression is not known: {value:?}"), origin);
                unknown
            }
            SymbolKind::Subscript(object, key) => {
                let (object, key) = (object.clone(), key.clone());
                self.subscript(&object, &key, false, origin, depth)
            }
            SymbolKind::Name(_) => {
                // `func.current_timestamp` without its brackets and the like are no expressions.
                self.problem(format!("an expression is not known: {value:?}"), origin);
                unknown
            }
        }
    }

    fn subscript(
        &mut self,
        object: &Value,
        key: &Value,
        text: bool,
        origin: Origin,
        depth: usize,
    ) -> Clause {
        use crate::schema::Subscript;
        let operand = self.operand(object, origin, depth + 1);
        let json = operand.affinity() != crate::schema::Affinity::Array;
        let path = matches!(key, Value::Tuple(_) | Value::List(_));
        let index = if path {
            let items = self.list(key, origin);
            let mut whole = Text::from("{");
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    whole.push_str(", ");
                }
                match self.interp.text_of(self.host, item, origin) {
                    Ok(Value::Str(part)) => whole.push(&part),
                    _ => return Clause::new(ClauseKind::Unknown, origin),
                }
            }
            whole.push_str("}");
            Clause::literal(Literal::Text(whole), origin)
        } else {
            self.operand(key, origin, depth + 1)
        };
        let style = match (json, path, text) {
            (false, ..) => Subscript::Array,
            (true, false, false) => Subscript::Element,
            (true, false, true) => Subscript::Text,
            (true, true, false) => Subscript::Path,
            (true, true, true) => Subscript::PathText,
        };
        let kind =
            ClauseKind::Subscript { operand: Box::new(operand), index: Box::new(index), style };
        Clause::new(kind, origin)
    }

    /// A function of SQLAlchemy that makes an expression.
    fn call(&mut self, name: &str, args: &Args, origin: Origin, depth: usize) -> Clause {
        let unknown = Clause::new(ClauseKind::Unknown, origin);
        let all = |build: &mut Self| -> Vec<Clause> {
            args.positional().map(|arg| build.operand(&arg.value, arg.origin, depth + 1)).collect()
        };
        let first_value = args.list.first().map(|arg| arg.value.clone());
        let Some(first_value) = first_value else {
            return match name {
                "null" => Clause::new(ClauseKind::Null, origin),
                "true" => Clause::new(ClauseKind::True, origin),
                "false" => Clause::new(ClauseKind::False, origin),
                _ => unknown,
            };
        };
        let first_text = first_value.text().cloned();
        match (name, first_text) {
            ("text" | "DDL", Some(text)) => Clause::text(unescape(&text), origin),
            ("literal_column", Some(text)) => Clause::new(ClauseKind::LiteralColumn(text), origin),
            ("column", Some(key)) => {
                let sql_type =
                    args.value(1, "type_").cloned().map(|found| self.sql_type(&found, origin));
                Clause::new(ClauseKind::Column { key, sql_type, of_table: false }, origin)
            }
            ("Column", Some(key)) => Clause::column(key, None, origin),
            ("literal" | "bindparam", _) => {
                match args.value(1, "value").filter(|_| name == "bindparam") {
                    Some(value) => {
                        let value = value.clone();
                        self.operand(&value, origin, depth + 1)
                    }
                    None => self.operand(&first_value, origin, depth + 1),
                }
            }
            ("and_", _) => Clause::and(all(self), origin),
            ("or_", _) => Clause::or(all(self), origin),
            ("not_", _) => self.operand(&first_value, origin, depth + 1).negate(origin),
            ("cast" | "type_coerce" | "try_cast", _) => {
                let Some(sql_type) = args.value(1, "type_").cloned() else { return unknown };
                let operand = Box::new(self.operand(&first_value, origin, depth + 1));
                let sql_type = Box::new(self.sql_type(&sql_type, origin));
                let kind = if name == "type_coerce" {
                    ClauseKind::TypeCoerce { operand, sql_type }
                } else {
                    ClauseKind::Cast { operand, sql_type }
                };
                Clause::new(kind, origin)
            }
            (
                "desc" | "asc" | "nulls_first" | "nullsfirst" | "nulls_last" | "nullslast"
                | "distinct",
                text,
            ) => {
                // A string names a column here.
                let operand = match text {
                    Some(key) => Clause::new(
                        ClauseKind::Column { key, sql_type: None, of_table: true },
                        origin,
                    ),
                    None => self.operand(&first_value, origin, depth + 1),
                };
                match modifier(name) {
                    Some(operator) => operand.modified(operator, origin),
                    None => unknown,
                }
            }
            ("extract", Some(field)) => {
                let Some(operand) = args.value(1, "expr").cloned() else { return unknown };
                let operand = Box::new(self.operand(&operand, origin, depth + 1));
                Clause::new(ClauseKind::Extract { field, operand }, origin)
            }
            ("case", _) => self.case(args, origin, depth),
            ("array", _) => {
                let items = self.list(&first_value, origin);
                let elements =
                    items.iter().map(|item| self.operand(item, origin, depth + 1)).collect();
                let item = args.named("type_").map(|arg| arg.value.clone());
                let item = item.map(|item| Box::new(self.sql_type(&item, origin)));
                Clause::new(ClauseKind::Array { elements, item }, origin)
            }
            ("any_" | "all_", _) => {
                let operand = Box::new(self.operand(&first_value, origin, depth + 1));
                let quantifier = if name == "any_" { "ANY" } else { "ALL" };
                Clause::new(ClauseKind::Quantified { quantifier, operand }, origin)
            }
            ("tuple_", _) => Clause::new(ClauseKind::Tuple(all(self)), origin),
            ("collate", _) => self.method(&first_value, "collate", &shifted(args), origin, depth),
            ("between", _) => self.method(&first_value, "between", &shifted(args), origin, depth),
            ("nullif" | "coalesce", _) => Clause::function(vec![name.into()], all(self), origin),
            _ => {
                self.problem(format!("an expression is not known: `{name}`"), origin);
                unknown
            }
        }
    }

    fn case(&mut self, args: &Args, origin: Origin, depth: usize) -> Clause {
        let mut whens = Vec::new();
        for arg in args.positional() {
            if let Value::Dict(dict) = &arg.value {
                let entries = dict.borrow().entries().to_vec();
                for (when, then) in entries {
                    let when = self.operand(&when, arg.origin, depth + 1);
                    whens.push((when, self.operand(&then, arg.origin, depth + 1)));
                }
                continue;
            }
            if let [when, then] = self.list(&arg.value, arg.origin).as_slice() {
                let when = self.operand(when, arg.origin, depth + 1);
                whens.push((when, self.operand(then, arg.origin, depth + 1)));
            }
        }
        let part = |build: &mut Self, name: &str| {
            let value = args.named(name).map(|arg| arg.value.clone())?;
            Some(Box::new(build.operand(&value, origin, depth + 1)))
        };
        let value = part(self, "value");
        let otherwise = part(self, "else_");
        Clause::new(ClauseKind::Case { value, whens, otherwise }, origin)
    }

    /// A method of an expression.
    fn method(
        &mut self,
        object: &Value,
        method: &str,
        args: &Args,
        origin: Origin,
        depth: usize,
    ) -> Clause {
        let unknown = Clause::new(ClauseKind::Unknown, origin);
        if method == "next_value"
            && let Some((callee, sequence)) = object.call()
            && library_name(callee) == Some("Sequence")
        {
            let sequence = sequence.clone();
            return match self.sequence(&sequence, origin) {
                Some(sequence) => Clause::new(ClauseKind::NextValue(sequence), origin),
                None => unknown,
            };
        }
        let left = self.operand(object, origin, depth + 1);
        let first_value = args.list.first().map(|arg| arg.value.clone());
        let escape = args.named("escape").and_then(|arg| arg.value.text().cloned());
        let Some(first_value) = first_value else {
            return match method {
                "self_group" => Clause::new(ClauseKind::Grouping(Box::new(left)), origin),
                "distinct" | "bitwise_not" => {
                    let operator = if method == "distinct" {
                        Operator::Distinct
                    } else {
                        Operator::BitwiseNot
                    };
                    let operand = Box::new(left);
                    Clause::new(ClauseKind::Unary { operator, operand }, origin)
                }
                "is_true" => Clause::compare(
                    left,
                    Operator::Is,
                    Clause::new(ClauseKind::True, origin),
                    origin,
                ),
                _ => match modifier(method) {
                    Some(operator) => left.modified(operator, origin),
                    None => unknown,
                },
            };
        };
        let flags = args.value(1, "flags").and_then(|value| value.text().cloned());
        match method {
            "in_" | "not_in" | "notin_" => {
                let values = self.list(&first_value, origin);
                let values =
                    values.iter().map(|value| self.operand(value, origin, depth + 1)).collect();
                let clause = left.among(values, origin);
                if method == "in_" { clause } else { clause.negate(origin) }
            }
            "between" => {
                let low = self.operand(&first_value, origin, depth + 1);
                let Some(high) = args.value(1, "cright").cloned() else { return unknown };
                let high = self.operand(&high, origin, depth + 1);
                let symmetric = matches!(args.value(2, "symmetric"), Some(Value::Bool(true)));
                left.between(low, high, symmetric, origin)
            }
            "cast" => {
                let sql_type = Box::new(self.sql_type(&first_value, origin));
                Clause::new(ClauseKind::Cast { operand: Box::new(left), sql_type }, origin)
            }
            "label" => match first_value.text() {
                Some(name) => Clause::new(
                    ClauseKind::Label { name: name.clone(), operand: Box::new(left) },
                    origin,
                ),
                None => unknown,
            },
            "collate" => match first_value.text() {
                Some(collation) => Clause::new(
                    ClauseKind::Collate { operand: Box::new(left), collation: collation.clone() },
                    origin,
                ),
                None => unknown,
            },
            _ => {
                let right = self.operand(&first_value, origin, depth + 1);
                let custom = |symbol: &str, comparison| Operator::Custom {
                    symbol: symbol.into(),
                    precedence: 5,
                    comparison,
                };
                let json = matches!(
                    left.affinity(),
                    crate::schema::Affinity::Json | crate::schema::Affinity::Array
                );
                match method {
                    "is_" => Clause::compare(left, Operator::Is, right, origin),
                    "is_not" | "isnot" => Clause::compare(left, Operator::IsNot, right, origin),
                    "is_distinct_from" => {
                        Clause::compare(left, Operator::IsDistinctFrom, right, origin)
                    }
                    "is_not_distinct_from" | "isnot_distinct_from" => {
                        Clause::compare(left, Operator::IsNotDistinctFrom, right, origin)
                    }
                    "like" => Clause::compare(left, Operator::Like(escape), right, origin),
                    "not_like" | "notlike" => {
                        Clause::compare(left, Operator::NotLike(escape), right, origin)
                    }
                    "ilike" => Clause::compare(left, Operator::Ilike(escape), right, origin),
                    "not_ilike" | "notilike" => {
                        Clause::compare(left, Operator::NotIlike(escape), right, origin)
                    }
                    "regexp_match" => {
                        Clause::compare(left, Operator::RegexpMatch(flags), right, origin)
                    }
                    "concat" => Clause::operate(left, Operator::Concat, right, origin),
                    "contains" if json => Clause::operate(left, custom("@>", true), right, origin),
                    "contained_by" => Clause::operate(left, custom("<@", true), right, origin),
                    "overlap" | "overlaps" => {
                        Clause::operate(left, custom("&&", true), right, origin)
                    }
                    "has_key" => Clause::operate(left, custom("?", true), right, origin),
                    "has_any" => Clause::operate(left, custom("?|", true), right, origin),
                    "has_all" => Clause::operate(left, custom("?&", true), right, origin),
                    "startswith" => left.matches(right, false, true, origin),
                    "endswith" => left.matches(right, true, false, origin),
                    "contains" => left.matches(right, true, true, origin),
                    "bitwise_and" => Clause::operate(left, Operator::BitwiseAnd, right, origin),
                    "bitwise_xor" => Clause::operate(left, Operator::BitwiseXor, right, origin),
                    "bitwise_or" => Clause::operate(left, Operator::BitwiseOr, right, origin),
                    _ => {
                        self.problem(format!("the operator `{method}` is not known"), origin);
                        unknown
                    }
                }
            }
        }
    }

    /// `Sequence("…", …)`.
    pub(crate) fn sequence(&mut self, args: &Args, origin: Origin) -> Option<Sequence> {
        let name = self.text(args.value(0, "name"), "the name of a sequence", origin)?;
        let number = |name: &str| Self::whole_number(args.named(name).map(|arg| &arg.value));
        let options = SequenceOptions {
            start: number("start").or_else(|| Self::whole_number(args.value(1, "start"))),
            increment: number("increment")
                .or_else(|| Self::whole_number(args.value(2, "increment"))),
            minvalue: number("minvalue"),
            maxvalue: number("maxvalue"),
            nominvalue: args.named("nominvalue").is_some(),
            nomaxvalue: args.named("nomaxvalue").is_some(),
            cache: number("cache"),
            cycle: args.named("cycle").and_then(|arg| match arg.value {
                Value::Bool(truth) => Some(truth),
                _ => None,
            }),
        };
        let schema = self.text(args.named("schema").map(|arg| &arg.value), "a schema", origin);
        let data_type = args.named("data_type").map(|arg| arg.value.clone());
        let data_type: Option<SqlType> = data_type
            .map(|value| self.sql_type(&value, origin))
            .filter(|found| found.kind != Kind::Null);
        let optional =
            matches!(args.named("optional").map(|arg| &arg.value), Some(Value::Bool(true)));
        Some(Sequence { name, schema, options, data_type, optional, origin })
    }
}

fn modifier(name: &str) -> Option<Operator> {
    Some(match name {
        "desc" => Operator::Desc,
        "asc" => Operator::Asc,
        "nulls_first" | "nullsfirst" => Operator::NullsFirst,
        "nulls_last" | "nullslast" => Operator::NullsLast,
        _ => return None,
    })
}

/// The arguments without the first.
fn shifted(args: &Args) -> Args {
    Args { list: args.list.iter().skip(1).cloned().collect(), more: args.more }
}

/// The name of the function that `func.name` or `func.schema.name` calls.
fn function_name(path: &str) -> Option<&str> {
    let rest = path.split_once(".func.").map(|(_, rest)| rest);
    rest.filter(|_| {
        path.starts_with("sqlalchemy")
            || path.starts_with("sqlmodel")
            || path.starts_with("alembic")
    })
}

/// `text()` takes `\:` for a colon that begins no parameter.
pub(crate) fn unescape(text: &Text) -> Text {
    let value = text.as_str();
    if !value.contains("\\:") {
        return text.clone();
    }
    let mut result = Text::default();
    let mut at = 0;
    for (found, _) in value.match_indices("\\:") {
        result.push(&text.slice(at, found));
        at = found + 1;
    }
    result.push(&text.slice(at, value.len()));
    result
}
