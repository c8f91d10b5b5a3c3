//! The type of an expression, and what functions give, as far as tables made from queries need it:
//! columns, casts, constants, operators, the text's own functions, and PostgreSQL's frequent ones.

use sqlparser::ast::{
    AccessExpr, BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
    Subscript, UnaryOperator, Value,
};

use super::derive::{Deriving, Shown, Source};
use crate::lower::fold;
use crate::object::{ArgumentMode, Function as OwnFunction};
use crate::{Catalog, DataType, ObjectName};

/// Numbers, from the narrowest to the widest: of two, the wider one is the result's.
const NUMBERS: [&str; 6] = ["smallint", "integer", "bigint", "numeric", "real", "double precision"];

/// A constant string or NULL that nothing has given a type yet.
const UNKNOWN: &str = "unknown";

/// What a function gives.
pub(super) struct Returned {
    /// Its columns; one when it gives a single value.
    pub(super) columns: Vec<Shown>,
    /// The columns have names of their own, which an alias of the function does not replace.
    pub(super) named: bool,
}

impl Returned {
    fn value(data_type: DataType) -> Self {
        Self { columns: vec![(String::new(), data_type)], named: false }
    }

    fn row(columns: &[(&str, &str)]) -> Self {
        let columns = columns.iter().map(|(name, of)| ((*name).to_owned(), DataType::named(of)));
        Self { columns: columns.collect(), named: true }
    }
}

impl DataType {
    /// The type of an array's elements; a function's result has no modifiers.
    pub(super) fn element(self) -> Option<Self> {
        self.array.then(|| Self { array: false, modifiers: Vec::new(), ..self })
    }

    fn is(&self, names: &[&str]) -> bool {
        !self.array && self.schema.is_none() && names.contains(&self.name.as_str())
    }

    /// What stays of no type in the end is text.
    pub(super) fn settled(self) -> Self {
        if self.is(&[UNKNOWN]) { Self::named("text") } else { self }
    }

    /// Without modifiers, which hardly any function or operator keeps.
    fn plain(self) -> Self {
        Self { modifiers: Vec::new(), ..self }
    }
}

fn named(name: &str) -> Option<DataType> {
    Some(DataType::named(name))
}

impl Deriving<'_> {
    /// The type of an expression over the relations of its query.
    pub(super) fn type_of(&self, expr: &Expr, sources: &[Source], depth: u8) -> Option<DataType> {
        let depth = depth.checked_sub(1)?;
        let of = |expr: &Expr| self.type_of(expr, sources, depth);
        match expr {
            Expr::Identifier(ident) => {
                let name = fold(ident);
                let mut found = sources
                    .iter()
                    .flat_map(|source| &source.columns)
                    .filter(|(own, _)| *own == name);
                found.next().map(|(_, data_type)| data_type.clone())
            }
            Expr::CompoundIdentifier(parts) => {
                let [.., owner, name] = parts.as_slice() else { return None };
                let (owner, name) = (fold(owner), fold(name));
                let source = sources.iter().find(|source| source.known == owner)?;
                source.columns.iter().find(|(own, _)| *own == name).map(|(_, found)| found.clone())
            }
            Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => of(inner),
            Expr::Cast { data_type, .. } => cast_type(self.catalog, &data_type.to_string()),
            Expr::TypedString(typed) => cast_type(self.catalog, &typed.data_type.to_string()),
            Expr::Value(value) => constant(&value.value),
            Expr::UnaryOp { op: UnaryOperator::Not, .. }
            | Expr::IsNull(_)
            | Expr::IsNotNull(_)
            | Expr::IsTrue(_)
            | Expr::IsNotTrue(_)
            | Expr::IsFalse(_)
            | Expr::IsNotFalse(_)
            | Expr::IsUnknown(_)
            | Expr::IsNotUnknown(_)
            | Expr::IsDistinctFrom(..)
            | Expr::IsNotDistinctFrom(..)
            | Expr::InList { .. }
            | Expr::InSubquery { .. }
            | Expr::AnyOp { .. }
            | Expr::AllOp { .. }
            | Expr::Between { .. }
            | Expr::Like { .. }
            | Expr::ILike { .. }
            | Expr::SimilarTo { .. }
            | Expr::Exists { .. } => named("boolean"),
            Expr::UnaryOp { op: UnaryOperator::Minus | UnaryOperator::Plus, expr } => {
                Some(of(expr)?.plain())
            }
            Expr::BinaryOp { left, op, right } => match op {
                BinaryOperator::And
                | BinaryOperator::Or
                | BinaryOperator::Eq
                | BinaryOperator::NotEq
                | BinaryOperator::Lt
                | BinaryOperator::LtEq
                | BinaryOperator::Gt
                | BinaryOperator::GtEq
                | BinaryOperator::PGRegexMatch
                | BinaryOperator::AtArrow
                | BinaryOperator::ArrowAt => named("boolean"),
                BinaryOperator::LongArrow | BinaryOperator::HashLongArrow => named("text"),
                op => operated(op, of(left)?, of(right)?),
            },
            Expr::Case { conditions, else_result, .. } => {
                let results =
                    conditions.iter().map(|when| &when.result).chain(else_result.as_deref());
                common(results.map(of))
            }
            Expr::Array(array) => {
                let element = common(array.elem.iter().map(of))?;
                Some(DataType { array: true, ..element })
            }
            Expr::CompoundFieldAccess { root, access_chain } => {
                let element = |access: &AccessExpr| {
                    matches!(access, AccessExpr::Subscript(Subscript::Index { .. }))
                };
                let of = of(root)?;
                // Any number of subscripts leads to the element, whatever the dimensions.
                (of.array && access_chain.iter().all(element)).then_some(())?;
                Some(DataType { array: false, ..of })
            }
            Expr::Subquery(query) => Some(self.query(query, depth)?.into_iter().next()?.1),
            Expr::Extract { .. } => named("numeric"),
            Expr::Position { .. } => named("integer"),
            Expr::Substring { .. } | Expr::Trim { .. } | Expr::Overlay { .. } => named("text"),
            Expr::Ceil { expr, .. } | Expr::Floor { expr, .. } => rounded(&of(expr)?),
            Expr::Interval(_) => named("interval"),
            Expr::AtTimeZone { timestamp, .. } => match of(timestamp)?.name.as_str() {
                "timestamp with time zone" => named("timestamp"),
                "timestamp without time zone" => named("timestamptz"),
                _ => None,
            },
            Expr::Function(function) => {
                let result = self.called(function, sources, depth)?;
                let mut columns = result.columns.into_iter();
                let (_, data_type) = columns.next()?;
                columns.next().is_none().then_some(data_type)
            }
            _ => None,
        }
    }

    fn called(&self, function: &Function, sources: &[Source], depth: u8) -> Option<Returned> {
        let mut parts = function.name.0.iter().rev().map(|part| part.as_ident().map(fold));
        let own = parts.next()??;
        let name = ObjectName { schema: parts.next().flatten(), name: own };
        let args = match &function.args {
            FunctionArguments::List(list) => list.args.as_slice(),
            _ => &[],
        };
        self.result(&name, args, sources, depth)
    }

    /// What a function gives.
    pub(super) fn result(
        &self,
        name: &ObjectName,
        args: &[FunctionArg],
        sources: &[Source],
        depth: u8,
    ) -> Option<Returned> {
        let types: Vec<Option<DataType>> = args
            .iter()
            .map(|argument| match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => {
                    self.type_of(expr, sources, depth)
                }
                _ => None,
            })
            .collect();
        let own = self.catalog.functions_named(name);
        if !own.is_empty() {
            return self.own_result(own, args.len());
        }
        if name.schema.as_deref().is_some_and(|schema| schema != "pg_catalog") {
            return None;
        }
        let first = || types.first().cloned().flatten();
        let row = |columns: &[(&str, &str)]| Some(Returned::row(columns));
        match name.name.as_str() {
            "jsonb_array_elements" => row(&[("value", "jsonb")]),
            "json_array_elements" => row(&[("value", "json")]),
            "jsonb_array_elements_text" | "json_array_elements_text" => row(&[("value", "text")]),
            "jsonb_each" => row(&[("key", "text"), ("value", "jsonb")]),
            "json_each" => row(&[("key", "text"), ("value", "json")]),
            "jsonb_each_text" | "json_each_text" => row(&[("key", "text"), ("value", "text")]),
            "unnest" => {
                let element = first()?.element()?;
                match self.parts_of(&element) {
                    Some(columns) => Some(Returned { columns, named: true }),
                    None => Some(Returned::value(element)),
                }
            }
            "generate_series" => Some(Returned::value(series(&types)?)),
            own => builtin(own, &types).map(Returned::value),
        }
    }

    /// What one of these functions of the text gives, when the number of arguments tells which.
    fn own_result(&self, mut found: Vec<&OwnFunction>, arguments: usize) -> Option<Returned> {
        found.retain(|function| {
            let inputs = function.arguments.iter().filter(|a| a.mode != ArgumentMode::Out);
            let needed = inputs.clone().filter(|argument| argument.default.is_none()).count();
            let variadic = inputs.clone().any(|a| a.mode == ArgumentMode::Variadic);
            (needed..=inputs.count()).contains(&arguments) || variadic
        });
        let [function] = found.as_slice() else { return None };
        let outputs: Vec<_> = function
            .arguments
            .iter()
            .filter(|argument| matches!(argument.mode, ArgumentMode::Out | ArgumentMode::InOut))
            .collect();
        if !outputs.is_empty() {
            let columns = outputs.iter().enumerate().map(|(at, argument)| {
                let name = argument.name.clone();
                let data_type = argument.data_type.clone().plain();
                (name.unwrap_or_else(|| format!("column{}", at + 1)), data_type)
            });
            let named = outputs.len() > 1 || outputs.iter().all(|o| o.name.is_some());
            return Some(Returned { columns: columns.collect(), named });
        }
        self.returned(&function.returns)
    }

    /// What `RETURNS` says: `TABLE (…)`, `SETOF …`, a row type, a type.
    fn returned(&self, returns: &str) -> Option<Returned> {
        let returns = returns.trim();
        if let Some(list) = after(returns, "table")
            && let Some(list) = list.strip_prefix('(').and_then(|list| list.strip_suffix(')'))
        {
            let columns = pieces(list).into_iter().map(|column| {
                let (name, data_type) = column.trim().split_once(char::is_whitespace)?;
                Some((unquoted(name), cast_type(self.catalog, data_type.trim())?.plain()))
            });
            return Some(Returned { columns: columns.collect::<Option<_>>()?, named: true });
        }
        let of = after(returns, "setof ").unwrap_or(returns);
        if of.eq_ignore_ascii_case("record") {
            return None;
        }
        let mut parts = of.split('.').rev().map(unquoted);
        let own = parts.next()?;
        let row = DataType { schema: parts.next(), ..DataType::named(&own) };
        match self.parts_of(&row) {
            Some(columns) => Some(Returned { columns, named: true }),
            None => Some(Returned::value(cast_type(self.catalog, of)?.plain())),
        }
    }
}

/// What follows a word at the start of a text.
fn after<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (head, rest) = text.split_at_checked(word.len())?;
    head.eq_ignore_ascii_case(word).then(|| rest.trim())
}

fn unquoted(name: &str) -> String {
    let inside = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
    inside.map_or_else(|| name.to_lowercase(), |name| name.replace("\"\"", "\""))
}

/// The pieces between the commas that stand in no parentheses.
fn pieces(text: &str) -> Vec<&str> {
    let (mut depth, mut from) = (0_usize, 0);
    let mut found = Vec::new();
    for (at, char) in text.char_indices() {
        match char {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.extend(text.get(from..at));
                from = at + 1;
            }
            _ => {}
        }
    }
    found.extend(text.get(from..));
    found
}

fn constant(value: &Value) -> Option<DataType> {
    match value {
        Value::Number(text, _) if text.parse::<i32>().is_ok() => named("integer"),
        Value::Number(text, _) if text.parse::<i64>().is_ok() => named("bigint"),
        Value::Number(..) => named("numeric"),
        Value::Boolean(_) => named("boolean"),
        Value::SingleQuotedString(_)
        | Value::DollarQuotedString(_)
        | Value::EscapedStringLiteral(_)
        | Value::Null => named(UNKNOWN),
        _ => None,
    }
}

/// The result of an operator that is no comparison.
fn operated(op: &BinaryOperator, left: DataType, right: DataType) -> Option<DataType> {
    let (left, right) = (left.plain(), right.plain());
    match op {
        BinaryOperator::Arrow | BinaryOperator::HashArrow => {
            left.is(&["json", "jsonb"]).then_some(left)
        }
        BinaryOperator::StringConcat => match (left.array, right.array) {
            (true, _) => Some(left),
            (_, true) => Some(right),
            _ if left.is(&["jsonb"]) || right.is(&["jsonb"]) => named("jsonb"),
            _ => named("text"),
        },
        BinaryOperator::Plus
        | BinaryOperator::Minus
        | BinaryOperator::Multiply
        | BinaryOperator::Divide
        | BinaryOperator::Modulo => {
            let minus = matches!(op, BinaryOperator::Minus);
            if left.is(&NUMBERS) && right.is(&[UNKNOWN]) {
                return Some(left);
            }
            if right.is(&NUMBERS) && left.is(&[UNKNOWN]) {
                return Some(right);
            }
            let times = ["timestamp with time zone", "timestamp without time zone"];
            let whole = ["smallint", "integer"];
            if left.is(&NUMBERS) && right.is(&NUMBERS) {
                return wider(left, right);
            }
            let scales = matches!(op, BinaryOperator::Multiply | BinaryOperator::Divide);
            if scales && left.is(&["interval"]) && right.is(&NUMBERS) {
                return Some(left);
            }
            if matches!(op, BinaryOperator::Multiply)
                && left.is(&NUMBERS)
                && right.is(&["interval"])
            {
                return Some(right);
            }
            if left.is(&times) && right.is(&["interval"]) {
                return Some(left);
            }
            if minus && left == right && left.is(&times) {
                return named("interval");
            }
            if minus && left == right && left.is(&["date"]) {
                return named("integer");
            }
            if left.is(&["date"]) && right.is(&whole) {
                return Some(left);
            }
            if left.is(&["date"]) && right.is(&["interval"]) {
                return named("timestamp");
            }
            (left == right && left.is(&["interval"])).then_some(left)
        }
        _ => None,
    }
}

/// Of two numbers' types, the one of the result; `real` meets another number as `double precision`.
fn wider(left: DataType, right: DataType) -> Option<DataType> {
    let rank = |data_type: &DataType| NUMBERS.iter().position(|name| *name == data_type.name);
    let real = |data_type: &DataType| data_type.is(&["real"]);
    if real(&left) != real(&right) {
        return named("double precision");
    }
    Some(if rank(&left)? >= rank(&right)? { left } else { right })
}

fn rounded(data_type: &DataType) -> Option<DataType> {
    match data_type.name.as_str() {
        "numeric" => named("numeric"),
        "smallint" | "integer" | "bigint" | "real" | "double precision" => {
            named("double precision")
        }
        _ => None,
    }
}

/// `generate_series`: the types of its bounds decide.
fn series(types: &[Option<DataType>]) -> Option<DataType> {
    let bounds: Option<Vec<DataType>> = types.get(..2)?.iter().cloned().collect();
    let bounds = bounds?;
    // A constant string is read as what the other bound is.
    let typed = bounds.iter().filter(|bound| !bound.is(&[UNKNOWN]));
    let mut typed = typed.cloned().map(DataType::plain);
    let (first, second) = (typed.next()?, typed.next());
    let second = second.unwrap_or_else(|| first.clone());
    if first.is(&NUMBERS) && second.is(&NUMBERS) {
        let widest = wider(first, second)?;
        return if widest.is(&["smallint"]) { named("integer") } else { Some(widest) };
    }
    let zoned = ["timestamp with time zone", "date"];
    if first.is(&zoned) || second.is(&zoned) {
        return named("timestamptz");
    }
    (first == second && first.is(&["timestamp without time zone"])).then_some(first)
}

/// The result of PostgreSQL's own functions that are frequent in such queries.
fn builtin(name: &str, types: &[Option<DataType>]) -> Option<DataType> {
    let first = || types.first().cloned().flatten();
    let first_plain = || first().map(DataType::plain);
    match name {
        "now"
        | "clock_timestamp"
        | "current_timestamp"
        | "statement_timestamp"
        | "to_timestamp"
        | "transaction_timestamp" => named("timestamptz"),
        "localtimestamp" => named("timestamp"),
        "current_date" | "make_date" | "to_date" => named("date"),
        "age" => named("interval"),
        "date_trunc" => match types.get(1)?.as_ref()?.name.as_str() {
            "date" => named("timestamptz"),
            "timestamp with time zone" | "timestamp without time zone" | "interval" => {
                types.get(1)?.clone().map(DataType::plain)
            }
            _ => None,
        },
        "date_part" | "random" | "percent_rank" | "cume_dist" => named("double precision"),
        "count" | "row_number" | "rank" | "dense_rank" | "nextval" | "currval" | "lastval" => {
            named("bigint")
        }
        "gen_random_uuid" | "uuid_generate_v4" | "uuid_generate_v1" | "uuidv4" | "uuidv7" => {
            named("uuid")
        }
        "lower"
        | "upper"
        | "concat"
        | "concat_ws"
        | "format"
        | "md5"
        | "replace"
        | "to_char"
        | "current_setting"
        | "string_agg"
        | "btrim"
        | "ltrim"
        | "rtrim"
        | "left"
        | "right"
        | "substr"
        | "substring"
        | "lpad"
        | "rpad"
        | "repeat"
        | "reverse"
        | "split_part"
        | "initcap"
        | "translate"
        | "quote_ident"
        | "quote_literal"
        | "regexp_replace"
        | "chr"
        | "encode"
        | "array_to_string"
        | "jsonb_object_keys"
        | "json_object_keys"
        | "regexp_split_to_table"
        | "string_to_table"
        | "jsonb_typeof"
        | "version" => named("text"),
        "length"
        | "char_length"
        | "octet_length"
        | "array_length"
        | "cardinality"
        | "strpos"
        | "ascii"
        | "jsonb_array_length"
        | "json_array_length"
        | "ntile"
        | "generate_subscripts" => named("integer"),
        "bool_and" | "bool_or" | "every" | "starts_with" => named("boolean"),
        "string_to_array" | "regexp_matches" | "regexp_split_to_array" => {
            Some(DataType { array: true, ..DataType::named("text") })
        }
        "to_jsonb" | "jsonb_build_object" | "jsonb_build_array" | "jsonb_agg"
        | "jsonb_object_agg" | "jsonb_set" | "jsonb_path_query" | "jsonb_strip_nulls" => {
            named("jsonb")
        }
        "to_json" | "row_to_json" | "json_build_object" | "json_build_array" | "json_agg"
        | "json_object_agg" => named("json"),
        "decode" | "digest" | "sha256" => named("bytea"),
        "coalesce" | "greatest" | "least" => common(types.iter().cloned()),
        "nullif" => match first()? {
            found if found.is(&["character varying", UNKNOWN]) => named("text"),
            found => Some(found),
        },
        "abs" | "array_append" | "array_remove" | "lag" | "lead" | "first_value" | "last_value"
        | "nth_value" => first_plain(),
        "array_agg" => {
            let element = first_plain()?;
            Some(DataType { array: true, ..element })
        }
        "min" | "max" => match first_plain()? {
            found if found.is(&["character varying"]) => named("text"),
            found if found.is(&["character"]) => None,
            found => Some(found),
        },
        "sum" => match first_plain()? {
            found if found.is(&["smallint", "integer"]) => named("bigint"),
            found if found.is(&["bigint", "numeric"]) => named("numeric"),
            found => found.is(&["real", "double precision", "interval"]).then_some(found),
        },
        "avg" => match first_plain()? {
            found if found.is(&["smallint", "integer", "bigint", "numeric"]) => named("numeric"),
            found if found.is(&["real", "double precision"]) => named("double precision"),
            found => found.is(&["interval"]).then_some(found),
        },
        "round" | "trunc" | "ceil" | "ceiling" | "floor" => rounded(&first()?),
        _ => None,
    }
}

/// The type that all have, with its modifiers only when all have the same. What has no type of its
/// own is read as the others'.
pub(super) fn common(types: impl Iterator<Item = Option<DataType>>) -> Option<DataType> {
    let (mut first, mut untyped) = (None::<DataType>, false);
    for other in types {
        let other = other?;
        if other.is(&[UNKNOWN]) {
            untyped = true;
            continue;
        }
        let Some(known) = &mut first else {
            first = Some(other);
            continue;
        };
        if other.name != known.name || other.schema != known.schema || other.array != known.array {
            if known.is(&NUMBERS) && other.is(&NUMBERS) {
                let rank = |of: &DataType| NUMBERS.iter().position(|name| *name == of.name);
                if rank(&other) > rank(known) {
                    *known = other;
                }
                known.modifiers.clear();
                continue;
            }
            return None;
        }
        if other.modifiers != known.modifiers {
            known.modifiers.clear();
        }
    }
    match first {
        Some(known) if untyped => Some(known.plain()),
        Some(known) => Some(known),
        None => untyped.then(|| DataType::named(UNKNOWN)),
    }
}

/// A type as `sqlparser` prints it: `VARCHAR(20)`, `TIMESTAMP(3) WITH TIME ZONE`, `app.mood[]`.
pub(super) fn cast_type(catalog: &Catalog, text: &str) -> Option<DataType> {
    let (text, array) = match text.strip_suffix("[]") {
        Some(text) => (text, true),
        None => (text, false),
    };
    let (head, modifiers, tail) = match text.split_once('(') {
        Some((head, rest)) => {
            let (inside, tail) = rest.split_once(')')?;
            let list = inside.split(',').map(|part| part.trim().to_owned()).collect();
            (head.trim(), list, tail.trim())
        }
        None => (text.trim(), Vec::new(), ""),
    };
    let name = format!("{head} {tail}").trim().to_lowercase();
    let mut data_type = DataType { modifiers, array, ..DataType::named(&name) };
    if data_type.is_builtin() {
        // Left out, these lengths are one and these scales nought.
        match (name.as_str(), data_type.modifiers.len()) {
            ("char" | "character" | "bit", 0) => data_type.modifiers.push("1".to_owned()),
            ("numeric" | "decimal" | "dec", 1) => data_type.modifiers.push("0".to_owned()),
            _ => {}
        }
        return Some(data_type);
    }
    let written = match head.split_once('.') {
        Some((schema, name)) => {
            ObjectName { schema: Some(schema.to_lowercase()), name: name.to_lowercase() }
        }
        None => ObjectName { schema: None, name: head.to_lowercase() },
    };
    let found = catalog.resolve(&written, |name| catalog.types.contains_key(name))?;
    data_type.schema = Some(found.schema);
    data_type.name = found.name;
    Some(data_type)
}
