//! Expressions.

use std::rc::Rc;

use schemaward_catalog::Origin;

use super::operate::{binary_sign, compare_sign};
use super::stmt::call_scope;
use super::{
    Arg, Args, Eval, Frame, Host, Interp, MAX_ITEMS, Scope, ScopeKind, Stop, SymbolKind, Value,
    builtin,
};
use crate::syntax::{
    Argument, ArgumentKind, BinaryOp, CompareOp, Comprehension, ComprehensionClause,
    ComprehensionKind, Expr, ExprKind, FormatPart, StringPart, UnaryOp,
};
use crate::text::Text;

impl Interp<'_> {
    pub(crate) fn expr(&mut self, host: &mut dyn Host, frame: &Frame, expr: &Expr) -> Eval<Value> {
        self.tick()?;
        let origin = frame.origin(expr.span);
        Ok(match &expr.kind {
            ExprKind::None => Value::None,
            ExprKind::Ellipsis => Value::Ellipsis,
            ExprKind::Bool(value) => Value::Bool(*value),
            ExprKind::Int(value) => Value::Int(*value),
            ExprKind::Number(_, Some(value)) => Value::Float(*value),
            ExprKind::Number(written, None) => {
                Value::unknown(format!("the number {written} is larger than 64 bits"), origin)
            }
            ExprKind::Str(parts) => {
                let mut text = Text::default();
                for part in parts {
                    text.push(&literal(frame, part));
                }
                Value::str(text)
            }
            ExprKind::Bytes(bytes) => Value::Bytes(bytes.as_slice().into()),
            ExprKind::FString(parts) => self.format_string(host, frame, parts, origin)?,
            ExprKind::Name(name) => self.lookup(frame, name, origin),
            ExprKind::Attribute(object, name) => {
                let object = self.expr(host, frame, object)?;
                self.attribute(host, &object, name, origin)?
            }
            ExprKind::Subscript(object, key) => {
                let object = self.expr(host, frame, object)?;
                if let ExprKind::Slice(from, to, step) = &key.kind {
                    let mut part = |part: &Option<Box<Expr>>| match part {
                        Some(part) => self.expr(host, frame, part),
                        None => Ok(Value::None),
                    };
                    let (from, to, step) = (part(from)?, part(to)?, part(step)?);
                    return Ok(self.slice(&object, &from, &to, &step, origin));
                }
                let key = self.expr(host, frame, key)?;
                self.subscript(host, &object, &key, origin)?
            }
            ExprKind::Slice(..) => Value::unknown("a slice outside of brackets", origin),
            ExprKind::Call(callee, arguments) => {
                if let (ExprKind::Name(name), true) = (&callee.kind, arguments.is_empty())
                    && name == "super"
                    && let Some((class, receiver)) = &frame.receiver
                {
                    return Ok(Value::Super(Rc::new((receiver.clone(), Rc::clone(class)))));
                }
                if let (ExprKind::Name(name), true) = (&callee.kind, arguments.is_empty())
                    && matches!(name.as_str(), "globals" | "locals")
                {
                    let names = frame.scope.names.borrow();
                    let entries = names
                        .iter()
                        .map(|(name, value)| (Value::str(name.as_str()), value.clone()));
                    return Ok(Value::dict(entries));
                }
                let callee = self.expr(host, frame, callee)?;
                let args = self.arguments(host, frame, arguments)?;
                self.call(host, &callee, args, origin)?
            }
            ExprKind::Binary(first, rest) => {
                let mut value = self.expr(host, frame, first)?;
                for (op, operand) in rest {
                    let operand = self.expr(host, frame, operand)?;
                    value = self.binary(host, *op, value, operand, origin)?;
                }
                value
            }
            ExprKind::Unary(op, operand) => {
                let value = self.expr(host, frame, operand)?;
                match op {
                    UnaryOp::Not => match self.truth(host, &value) {
                        Some(truth) => Value::Bool(!truth),
                        None => undecided(&value, origin),
                    },
                    UnaryOp::Minus => match value {
                        Value::Int(value) => value.checked_neg().map_or_else(
                            || Value::unknown("a number too large", origin),
                            Value::Int,
                        ),
                        Value::Bool(value) => Value::Int(-i64::from(value)),
                        Value::Float(value) => Value::Float(-value),
                        other => self.unary("-", other, origin),
                    },
                    UnaryOp::Plus => match value {
                        Value::Int(_) | Value::Float(_) => value,
                        other => self.unary("+", other, origin),
                    },
                    UnaryOp::Invert => match value {
                        Value::Int(value) => Value::Int(!value),
                        other => self.unary("~", other, origin),
                    },
                }
            }
            ExprKind::And(values) => self.logic(host, frame, values, false, origin)?,
            ExprKind::Or(values) => self.logic(host, frame, values, true, origin)?,
            ExprKind::Compare(first, rest) => {
                self.compare_chain(host, frame, first, rest, origin)?
            }
            ExprKind::If(body, test, orelse) => {
                let test = self.expr(host, frame, test)?;
                match self.truth(host, &test) {
                    Some(true) => self.expr(host, frame, body)?,
                    Some(false) => self.expr(host, frame, orelse)?,
                    None => undecided(&test, origin),
                }
            }
            ExprKind::Lambda(def) => self.function(host, frame, def, Vec::new())?,
            ExprKind::List(items) => Value::list(self.exprs(host, frame, items)?),
            ExprKind::Tuple(items) => Value::tuple(self.exprs(host, frame, items)?),
            ExprKind::Set(items) => Value::set(self.exprs(host, frame, items)?),
            ExprKind::Dict(items) => {
                let mut entries = Vec::new();
                for (key, value) in items {
                    let value = self.expr(host, frame, value)?;
                    match key {
                        Some(key) => entries.push((self.expr(host, frame, key)?, value)),
                        None => match &value {
                            Value::Dict(dict) => {
                                entries.extend(dict.borrow().entries().iter().cloned());
                            }
                            other => return Ok(undecided(other, origin)),
                        },
                    }
                }
                Value::dict(entries)
            }
            ExprKind::Comprehension(it) => self.comprehension(host, frame, it, origin)?,
            ExprKind::Named(name, value) => {
                let value = self.expr(host, frame, value)?;
                // It binds in the scope around a comprehension, as in the function around it.
                frame.scope.set(name, value.clone());
                value
            }
            ExprKind::Starred(value) | ExprKind::Await(value) => self.expr(host, frame, value)?,
            ExprKind::Yield(value) => {
                match value.as_deref() {
                    Some(Expr { kind: ExprKind::Starred(inner), .. }) => {
                        let inner = self.expr(host, frame, inner)?;
                        let items = self.items(host, &inner, origin).unwrap_or_default();
                        if let Some(list) = self.yielded.last_mut() {
                            list.extend(items);
                        }
                    }
                    other => {
                        let value = match other {
                            Some(value) => self.expr(host, frame, value)?,
                            None => Value::None,
                        };
                        if let Some(list) = self.yielded.last_mut() {
                            list.push(value);
                        }
                    }
                }
                Value::None
            }
            ExprKind::Unread(reason) => Value::unknown(*reason, origin),
        })
    }

    /// Values with `*` unpacked.
    fn exprs(&mut self, host: &mut dyn Host, frame: &Frame, list: &[Expr]) -> Eval<Vec<Value>> {
        let mut values = Vec::with_capacity(list.len());
        for expr in list {
            let value = self.expr(host, frame, expr)?;
            match &expr.kind {
                ExprKind::Starred(_) => {
                    let origin = frame.origin(expr.span);
                    match self.items(host, &value, origin) {
                        Some(items) => values.extend(items),
                        None => values.push(undecided(&value, origin)),
                    }
                }
                _ => values.push(value),
            }
        }
        Ok(values)
    }

    /// What a name means.
    pub(crate) fn lookup(&mut self, frame: &Frame, name: &str, origin: Origin) -> Value {
        if let Some(value) = frame.scope.find(name) {
            return value;
        }
        if let Some(name) = builtin::name(name) {
            return Value::Builtin(name);
        }
        let mut scope = Some(&frame.scope);
        while let Some(here) = scope {
            if let Some(library) = here.star.borrow().last() {
                return self.name(format!("{library}.{name}"), origin);
            }
            scope = here.parent.as_ref();
        }
        Value::unknown(format!("`{name}` is not defined in what was given"), origin)
    }

    pub(super) fn arguments(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        list: &[Argument],
    ) -> Eval<Args> {
        let mut args = Args::default();
        for argument in list {
            let origin = frame.origin(argument.value.span);
            let value = self.expr(host, frame, &argument.value)?;
            match &argument.kind {
                ArgumentKind::Positional => args.list.push(Arg { name: None, value, origin }),
                ArgumentKind::Keyword(name) => {
                    args.list.push(Arg { name: Some(name.clone()), value, origin });
                }
                ArgumentKind::Rest => match self.items(host, &value, origin) {
                    Some(items) => {
                        let items =
                            items.into_iter().map(|value| Arg { name: None, value, origin });
                        args.list.extend(items);
                    }
                    None => args.more = true,
                },
                ArgumentKind::KeywordRest => match &value {
                    Value::Dict(dict) => {
                        for (key, value) in dict.borrow().entries() {
                            if let Some(name) = key.as_str() {
                                let name = Some(name.to_owned());
                                args.list.push(Arg { name, value: value.clone(), origin });
                            }
                        }
                    }
                    _ => args.more = true,
                },
            }
        }
        Ok(args)
    }

    /// `and` (`stops` false) and `or` (`stops` true).
    fn logic(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        values: &[Expr],
        stops: bool,
        origin: Origin,
    ) -> Eval<Value> {
        let mut result = Value::None;
        let mut doubt = None;
        for expr in values {
            let value = self.expr(host, frame, expr)?;
            match self.truth(host, &value) {
                // What decides alone decides whatever the others are; which of them it is stays open.
                Some(truth) if truth == stops => {
                    return Ok(match doubt {
                        Some(doubt) => self.either(&doubt, value, stops, origin),
                        None => value,
                    });
                }
                Some(_) => result = value,
                None => doubt = doubt.or(Some(value)),
            }
        }
        Ok(match doubt {
            Some(value) => undecided(&value, origin),
            None => result,
        })
    }

    /// One of two values, both as true or as false as told; which one is not known.
    fn either(&mut self, doubt: &Value, value: Value, truth: bool, origin: Origin) -> Value {
        match value {
            Value::Bool(_) => Value::Bool(truth),
            // A variable of the environment that need not be there, and what stands in for it.
            value if truth && is_environment(doubt) => {
                self.note(origin, ENVIRONMENT, false);
                value
            }
            value => {
                let operands = (undecided(doubt, origin), value);
                let word = if truth { "or" } else { "and" };
                self.symbol(SymbolKind::Binary(word, operands.0, operands.1), origin)
            }
        }
    }

    fn compare_chain(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        first: &Expr,
        rest: &[(CompareOp, Expr)],
        origin: Origin,
    ) -> Eval<Value> {
        let mut left = self.expr(host, frame, first)?;
        let mut result = Value::Bool(true);
        for (op, right) in rest {
            let right = self.expr(host, frame, right)?;
            result = self.compare(host, *op, &left, &right, origin)?;
            if rest.len() > 1 {
                match self.truth(host, &result) {
                    Some(true) => {}
                    Some(false) => return Ok(Value::Bool(false)),
                    None => return Ok(undecided(&result, origin)),
                }
            }
            left = right;
        }
        Ok(result)
    }

    fn comprehension(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        it: &Comprehension,
        origin: Origin,
    ) -> Eval<Value> {
        let scope = Scope::new(ScopeKind::Function, Some(Rc::clone(&frame.scope)));
        let inner = Frame { scope, ..frame.clone() };
        let mut made = Vec::new();
        if let Err(unknown) = self.clauses(host, &inner, &it.clauses, &mut |interp, host| {
            let element = interp.expr(host, &inner, &it.element)?;
            let value = match &it.value {
                Some(value) => interp.expr(host, &inner, value)?,
                None => Value::None,
            };
            if made.len() >= MAX_ITEMS {
                return Err(Stop::Limit);
            }
            made.push((element, value));
            Ok(())
        })? {
            return Ok(undecided(&unknown, origin));
        }
        // `:=` in a comprehension binds outside of it.
        Ok(match it.kind {
            ComprehensionKind::List | ComprehensionKind::Generator => {
                Value::list(made.into_iter().map(|(value, _)| value).collect())
            }
            ComprehensionKind::Set => Value::set(made.into_iter().map(|(value, _)| value)),
            ComprehensionKind::Dict => Value::dict(made),
        })
    }

    /// Runs `make` for all that the clauses let through; what is not known of them is handed back.
    fn clauses(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        clauses: &[ComprehensionClause],
        make: &mut dyn FnMut(&mut Self, &mut dyn Host) -> Eval<()>,
    ) -> Eval<Result<(), Value>> {
        let Some((clause, rest)) = clauses.split_first() else {
            make(self, host)?;
            return Ok(Ok(()));
        };
        let over = self.expr(host, frame, &clause.iter)?;
        let origin = frame.origin(clause.iter.span);
        let Some(items) = self.items(host, &over, origin) else { return Ok(Err(over)) };
        'items: for item in items {
            self.tick()?;
            self.assign(host, frame, &clause.target, item, origin)?;
            for condition in &clause.conditions {
                let value = self.expr(host, frame, condition)?;
                match self.truth(host, &value) {
                    Some(true) => {}
                    Some(false) => continue 'items,
                    None => return Ok(Err(value)),
                }
            }
            if let Err(unknown) = self.clauses(host, frame, rest, make)? {
                return Ok(Err(unknown));
            }
        }
        Ok(Ok(()))
    }

    fn format_string(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        parts: &[FormatPart],
        origin: Origin,
    ) -> Eval<Value> {
        let mut text = Text::default();
        let mut unknown = None;
        for part in parts {
            match part {
                FormatPart::Literal(part) => text.push(&literal(frame, part)),
                FormatPart::Value { value, conversion, format, debug } => {
                    let at = frame.origin(value.span);
                    let value = self.expr(host, frame, value)?;
                    if let Some(debug) = debug {
                        text.push_from(debug, at);
                    }
                    let format = match format {
                        Some(parts) => match self.format_string(host, frame, parts, origin)? {
                            Value::Str(text) => text.as_str().to_owned(),
                            other => return Ok(other),
                        },
                        None => String::new(),
                    };
                    match self.format(host, &value, *conversion, &format, at)? {
                        Value::Str(value) => text.push(&value),
                        other => {
                            text.push(&other.known_text().unwrap_or_else(|| super::GAP.into()));
                            unknown = unknown.or(Some((other, at)));
                        }
                    }
                }
            }
            if text.len() > super::MAX_STRING {
                return Ok(Value::unknown("the string is too long", origin));
            }
        }
        Ok(match unknown {
            Some((value, at)) => value.in_text(text, at),
            None => Value::str(text),
        })
    }

    /// An operator applied to something of a library is a record of it.
    pub(super) fn unary(&self, op: &'static str, value: Value, origin: Origin) -> Value {
        match value {
            Value::Unknown(_) => value,
            other => self.symbol(SymbolKind::Unary(op, other), origin),
        }
    }

    /// Evaluates the body of a function that was made from `def`, in its own scope.
    pub(super) fn run_body(
        &mut self,
        host: &mut dyn Host,
        function: &Rc<super::Function>,
        bind: impl FnOnce(&Scope),
        receiver: Option<(Rc<super::Class>, Value)>,
    ) -> Eval<Value> {
        let scope = call_scope(function);
        bind(&scope);
        let file =
            self.files.iter().position(|file| file.source == function.source).unwrap_or_default();
        let frame = Frame { scope, source: function.source, file, receiver };
        if function.def.generator {
            self.yielded.push(Vec::new());
        }
        // A function that may have returned has not left the loop it is called in.
        let left = self.left_on_doubt;
        let flow = self.block(host, &frame, &function.def.body);
        self.left_on_doubt = left;
        let yielded = if function.def.generator { self.yielded.pop() } else { None };
        match (flow?, yielded) {
            (_, Some(values)) => Ok(Value::list(values)),
            (super::stmt::Flow::Return(value), None) => Ok(value),
            (_, None) => Ok(Value::None),
        }
    }

    /// The record of an operator on something of a library.
    pub(super) fn record_binary(
        &self,
        op: BinaryOp,
        left: Value,
        right: Value,
        origin: Origin,
    ) -> Value {
        self.symbol(SymbolKind::Binary(binary_sign(op), left, right), origin)
    }

    /// The record of a comparison with something of a library.
    pub(super) fn record_compare(
        &self,
        op: CompareOp,
        left: Value,
        right: Value,
        origin: Origin,
    ) -> Value {
        self.symbol(SymbolKind::Binary(compare_sign(op), left, right), origin)
    }
}

/// What is said where a value of the program stands for one of its environment.
pub(super) const ENVIRONMENT: &str =
    "the default is read: the variable of the environment, where it is set, says otherwise";

/// `os.environ.get("X")`, `os.getenv("X")`.
fn is_environment(value: &Value) -> bool {
    value
        .call()
        .is_some_and(|(callee, _)| matches!(callee.path(), Some("os.environ.get" | "os.getenv")))
}

/// What is not decided because of a value.
pub(super) fn undecided(value: &Value, origin: Origin) -> Value {
    match value {
        Value::Unknown(_) => value.clone(),
        other => Value::unknown(format!("{other:?} is not decided by the text"), origin),
    }
}

fn literal(frame: &Frame, part: &StringPart) -> Text {
    Text::written(part.value.as_str(), frame.origin(part.span), part.verbatim)
}
