//! Operators, truth, equality, formatting.

use std::cmp::Ordering;
use std::rc::Rc;

use schemaward_catalog::Origin;

use super::expr::undecided;
use super::{Args, Eval, Host, Interp, MAX_ITEMS, MAX_STRING, SymbolKind, Value};
use crate::syntax::{BinaryOp, CompareOp};
use crate::text::Text;

/// The sign of an operator, as records of libraries keep it.
pub(super) fn binary_sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::MatMul => "@",
        BinaryOp::Div => "/",
        BinaryOp::FloorDiv => "//",
        BinaryOp::Mod => "%",
        BinaryOp::Pow => "**",
        BinaryOp::LeftShift => "<<",
        BinaryOp::RightShift => ">>",
        BinaryOp::BitOr => "|",
        BinaryOp::BitXor => "^",
        BinaryOp::BitAnd => "&",
    }
}

/// The sign of a comparison.
pub(super) fn compare_sign(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "==",
        CompareOp::NotEq => "!=",
        CompareOp::Lt => "<",
        CompareOp::LtE => "<=",
        CompareOp::Gt => ">",
        CompareOp::GtE => ">=",
        CompareOp::Is => "is",
        CompareOp::IsNot => "is not",
        CompareOp::In => "in",
        CompareOp::NotIn => "not in",
    }
}

/// The place that an index means in a sequence.
pub(super) fn index(at: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let at = if at < 0 { at + length } else { at };
    (0..length).contains(&at).then(|| usize::try_from(at).ok()).flatten()
}

impl Interp<'_> {
    /// Whether a value counts as true; `None` where that is not decided.
    pub(crate) fn truth(&mut self, host: &mut dyn Host, value: &Value) -> Option<bool> {
        match value {
            Value::None => Some(false),
            Value::Bool(value) => Some(*value),
            Value::Int(value) => Some(*value != 0),
            Value::Float(value) => Some(*value != 0.0),
            Value::Str(value) => Some(!value.is_empty()),
            Value::Bytes(value) => Some(!value.is_empty()),
            Value::List(values) => Some(!values.borrow().is_empty()),
            Value::Tuple(values) => Some(!values.is_empty()),
            Value::Dict(dict) | Value::Set(dict) => Some(dict.borrow().len() > 0),
            // It is true for type checkers alone.
            Value::Symbol(_)
                if value.path().is_some_and(|path| path.ends_with("typing.TYPE_CHECKING")) =>
            {
                Some(false)
            }
            Value::Symbol(symbol) => match &symbol.kind {
                // The choice of a value that is not known: all that may be chosen is as true.
                SymbolKind::Binary("or", Value::Unknown(_), _) => Some(true),
                SymbolKind::Binary("and", Value::Unknown(_), _) => Some(false),
                _ => host.truth(self, value),
            },
            Value::Unknown(_) => None,
            Value::Ellipsis
            | Value::Function(_)
            | Value::Method(_)
            | Value::Class(_)
            | Value::Instance(_)
            | Value::Module(_)
            | Value::Builtin(_)
            | Value::BuiltinMethod(_)
            | Value::Super(_) => Some(true),
        }
    }

    /// What a loop over a value sees; `None` where that is not known.
    pub(crate) fn items(
        &mut self,
        host: &mut dyn Host,
        value: &Value,
        origin: Origin,
    ) -> Option<Vec<Value>> {
        match value {
            Value::List(values) => Some(values.borrow().to_vec()),
            Value::Tuple(values) => Some(values.to_vec()),
            Value::Dict(dict) | Value::Set(dict) => Some(dict.borrow().keys()),
            Value::Str(text) => {
                let chars = text.as_str().char_indices();
                let chars = chars.map(|(at, c)| Value::str(text.slice(at, at + c.len_utf8())));
                Some(chars.take(MAX_ITEMS).collect())
            }
            Value::Bytes(bytes) => {
                Some(bytes.iter().map(|byte| Value::Int(i64::from(*byte))).collect())
            }
            // An enumeration is its members.
            Value::Class(class) if class.is_enum() => Some(class.members()),
            Value::Instance(instance) => {
                let values = instance.attributes.borrow().get("_values_").cloned();
                match values {
                    Some(values) => self.items(host, &values, origin),
                    None if instance.class.find("__iter__").is_some() => {
                        let method = self.attribute(host, value, "__iter__", origin).ok()?;
                        let items = self.call(host, &method, Args::default(), origin).ok()?;
                        self.items(host, &items, origin)
                    }
                    None => None,
                }
            }
            Value::Symbol(_) => host.items(self, value),
            _ => None,
        }
    }

    pub(super) fn binary(
        &mut self,
        host: &mut dyn Host,
        op: BinaryOp,
        left: Value,
        right: Value,
        origin: Origin,
    ) -> Eval<Value> {
        self.tick()?;
        if let (BinaryOp::Add, Value::Str(_) | Value::Unknown(_), Value::Str(_) | Value::Unknown(_)) =
            (op, &left, &right)
            && let Some(unknown) = [&left, &right].into_iter().find(|value| value.is_unknown())
            && let (Some(mut text), Some(rest)) = (left.known_text(), right.known_text())
            && text.len() + rest.len() <= MAX_STRING
        {
            text.push(&rest);
            return Ok(unknown.in_text(text, origin));
        }
        if let Value::Unknown(_) = left {
            return Ok(left);
        }
        if let (BinaryOp::Mod, Value::Str(format), Value::Unknown(_)) = (op, &left, &right) {
            return Ok(right.in_text(Text::clone(format), origin));
        }
        // An unknown part of a record stays a part of the record.
        if let (Value::Unknown(_), false) = (&right, matches!(left, Value::Symbol(_))) {
            return Ok(right);
        }
        let too_large = || Value::unknown("the result is too large", origin);
        let value = match (op, &left, &right) {
            (BinaryOp::Add, Value::Str(a), Value::Str(b)) => {
                if a.len() + b.len() > MAX_STRING {
                    return Ok(too_large());
                }
                let mut text = Text::clone(a);
                text.push(b);
                Value::str(text)
            }
            (BinaryOp::Mul, Value::Str(text), Value::Int(times))
            | (BinaryOp::Mul, Value::Int(times), Value::Str(text)) => {
                let times = usize::try_from((*times).max(0)).unwrap_or(usize::MAX);
                if text.len().saturating_mul(times) > MAX_STRING {
                    return Ok(too_large());
                }
                let mut result = Text::default();
                for _ in 0..times {
                    result.push(text);
                }
                Value::str(result)
            }
            (BinaryOp::Mod, Value::Str(format), _) => {
                return self.percent(host, format, &right, origin);
            }
            (BinaryOp::Add, Value::List(a), Value::List(b)) => {
                if a.borrow().len() + b.borrow().len() > MAX_ITEMS {
                    return Ok(too_large());
                }
                Value::list(a.borrow().iter().chain(b.borrow().iter()).cloned().collect())
            }
            (BinaryOp::Add, Value::Tuple(a), Value::Tuple(b)) => {
                if a.len() + b.len() > MAX_ITEMS {
                    return Ok(too_large());
                }
                Value::tuple(a.iter().chain(b.iter()).cloned().collect())
            }
            (BinaryOp::Mul, Value::List(list), Value::Int(times)) => {
                let times = usize::try_from((*times).max(0)).unwrap_or(usize::MAX);
                let list = list.borrow();
                if list.len().saturating_mul(times) > MAX_ITEMS {
                    return Ok(too_large());
                }
                Value::list(list.iter().cycle().take(list.len() * times).cloned().collect())
            }
            (BinaryOp::BitOr, Value::Dict(a), Value::Dict(b)) => {
                let (a, b) = (a.borrow(), b.borrow());
                Value::dict(a.entries().iter().chain(b.entries()).cloned())
            }
            (BinaryOp::BitOr, Value::Set(a), Value::Set(b)) => {
                Value::set(a.borrow().keys().into_iter().chain(b.borrow().keys()))
            }
            (BinaryOp::Sub, Value::Set(a), Value::Set(b)) => {
                let b = b.borrow();
                Value::set(a.borrow().keys().into_iter().filter(|key| b.get(key).is_none()))
            }
            (BinaryOp::BitAnd, Value::Set(a), Value::Set(b)) => {
                let b = b.borrow();
                Value::set(a.borrow().keys().into_iter().filter(|key| b.get(key).is_some()))
            }
            (_, Value::Int(_) | Value::Bool(_), Value::Int(_) | Value::Bool(_)) => {
                integers(op, number(&left), number(&right)).unwrap_or_else(too_large)
            }
            (
                _,
                Value::Int(_) | Value::Float(_) | Value::Bool(_),
                Value::Int(_) | Value::Float(_) | Value::Bool(_),
            ) => floats(op, float(&left), float(&right)).unwrap_or_else(too_large),
            // `pathlib.Path(…) / "name"`.
            (BinaryOp::Div, _, Value::Str(name)) if super::library::path_of(&left).is_some() => {
                let base = super::library::path_of(&left).unwrap_or_default();
                self.path(&super::library::join(&base, name.as_str()), origin)
            }
            (_, Value::Instance(instance), _) => {
                let method = match op {
                    BinaryOp::Add => "__add__",
                    BinaryOp::BitOr => "__or__",
                    BinaryOp::Div => "__truediv__",
                    BinaryOp::Mod => "__mod__",
                    _ => "",
                };
                if instance.class.find(method).is_some() {
                    let method = self.attribute(host, &left, method, origin)?;
                    let args = Args {
                        list: vec![super::Arg { name: None, value: right, origin }],
                        more: false,
                    };
                    return self.call(host, &method, args, origin);
                }
                if let Some(value) = enum_value(&left) {
                    return self.binary(host, op, value, right, origin);
                }
                self.record_binary(op, left, right, origin)
            }
            _ => match enum_value(&right) {
                Some(value) => return self.binary(host, op, left, value, origin),
                None => self.record_binary(op, left, right, origin),
            },
        };
        Ok(value)
    }

    /// `+=` and its kind: lists and dictionaries change in place.
    pub(super) fn augment(
        &mut self,
        host: &mut dyn Host,
        op: BinaryOp,
        before: Value,
        value: Value,
        origin: Origin,
    ) -> Eval<Value> {
        match (op, &before, &value) {
            (BinaryOp::Add, Value::List(list), _) => {
                let Some(items) = self.items(host, &value, origin) else {
                    return Ok(undecided(&value, origin));
                };
                if list.borrow().len() + items.len() > MAX_ITEMS {
                    return Ok(Value::unknown("the list is too long", origin));
                }
                list.borrow_mut().extend(items);
                Ok(before)
            }
            (BinaryOp::BitOr, Value::Dict(dict), Value::Dict(other)) => {
                let entries = other.borrow().entries().to_vec();
                for (key, value) in entries {
                    dict.borrow_mut().set(key, value);
                }
                Ok(before)
            }
            _ => self.binary(host, op, before, value, origin),
        }
    }

    pub(super) fn compare(
        &mut self,
        host: &mut dyn Host,
        op: CompareOp,
        left: &Value,
        right: &Value,
        origin: Origin,
    ) -> Eval<Value> {
        self.tick()?;
        let negate = |value: Value| match value {
            Value::Bool(value) => Value::Bool(!value),
            other => other,
        };
        Ok(match op {
            CompareOp::Is | CompareOp::IsNot => {
                let same = match (left, right) {
                    // Python decides this at once: it is how a condition meant for SQL gets lost.
                    (Value::Unknown(_), _) | (_, Value::Unknown(_)) => {
                        return Ok(undecided(if left.is_unknown() { left } else { right }, origin));
                    }
                    _ => identical(left, right),
                };
                Value::Bool(same == (op == CompareOp::Is))
            }
            CompareOp::In => self.contains(host, left, right, origin)?,
            CompareOp::NotIn => negate(self.contains(host, left, right, origin)?),
            CompareOp::Eq => self.equal(host, left, right, origin)?,
            CompareOp::NotEq => match self.equal(host, left, right, origin)? {
                Value::Symbol(_) => self.record_compare(op, left.clone(), right.clone(), origin),
                other => negate(other),
            },
            CompareOp::Lt | CompareOp::LtE | CompareOp::Gt | CompareOp::GtE => {
                if let Some(found) = [left, right].into_iter().find(|value| value.is_unknown()) {
                    return Ok(found.clone());
                }
                match order(left, right) {
                    Some(ordering) => Value::Bool(match op {
                        CompareOp::Lt => ordering == Ordering::Less,
                        CompareOp::LtE => ordering != Ordering::Greater,
                        CompareOp::Gt => ordering == Ordering::Greater,
                        _ => ordering != Ordering::Less,
                    }),
                    None => self.record_compare(op, left.clone(), right.clone(), origin),
                }
            }
        })
    }

    /// `==`: of things of libraries, a record of the comparison.
    pub(super) fn equal(
        &mut self,
        host: &mut dyn Host,
        left: &Value,
        right: &Value,
        origin: Origin,
    ) -> Eval<Value> {
        self.tick()?;
        if let Some(found) = [left, right].into_iter().find(|value| value.is_unknown()) {
            return Ok(found.clone());
        }
        if let (Value::Instance(instance), true) = (left, !matches!(right, Value::Symbol(_)))
            && instance.class.find("__eq__").is_some()
        {
            let method = self.attribute(host, left, "__eq__", origin)?;
            let args = Args {
                list: vec![super::Arg { name: None, value: right.clone(), origin }],
                more: false,
            };
            return self.call(host, &method, args, origin);
        }
        let record = |value: &Value| {
            matches!(value, Value::Symbol(symbol)
            if !matches!(symbol.kind, SymbolKind::Name(_)))
        };
        if record(left) || record(right) {
            return Ok(self.record_compare(CompareOp::Eq, left.clone(), right.clone(), origin));
        }
        let mut budget = super::value::MAX_PARTS;
        Ok(match same(left, right, 0, &mut budget) {
            Some(answer) => Value::Bool(answer),
            None => Value::unknown("whether values so large are equal", origin),
        })
    }

    fn contains(
        &mut self,
        host: &mut dyn Host,
        item: &Value,
        container: &Value,
        origin: Origin,
    ) -> Eval<Value> {
        if let Some(found) = [item, container].into_iter().find(|value| value.is_unknown()) {
            return Ok(found.clone());
        }
        match container {
            Value::Str(text) => {
                return Ok(match item.as_str() {
                    Some(part) => Value::Bool(text.as_str().contains(part)),
                    None => undecided(item, origin),
                });
            }
            Value::Dict(dict) | Value::Set(dict) if item.key().is_some() => {
                return Ok(Value::Bool(dict.borrow().get(item).is_some()));
            }
            _ => {}
        }
        let Some(items) = self.items(host, container, origin) else {
            return Ok(undecided(container, origin));
        };
        let mut doubt = None;
        for found in &items {
            self.tick()?;
            match self.equal(host, found, item, origin)? {
                Value::Bool(true) => return Ok(Value::Bool(true)),
                Value::Bool(false) => {}
                other if identical(found, item) => {
                    drop(other);
                    return Ok(Value::Bool(true));
                }
                other => doubt = Some(other),
            }
        }
        Ok(doubt.map_or(Value::Bool(false), |value| undecided(&value, origin)))
    }

    pub(super) fn subscript(
        &mut self,
        host: &mut dyn Host,
        object: &Value,
        key: &Value,
        origin: Origin,
    ) -> Eval<Value> {
        Ok(match (object, key) {
            (Value::Unknown(_), _) => object.clone(),
            (Value::List(_) | Value::Tuple(_) | Value::Str(_), Value::Int(at)) => {
                let items = self.items(host, object, origin).unwrap_or_default();
                match index(*at, items.len()).and_then(|at| items.into_iter().nth(at)) {
                    Some(value) => value,
                    None => return Err(self.raise("IndexError", format!("no item {at}"), origin)),
                }
            }
            (Value::Dict(_), Value::Unknown(_)) => key.clone(),
            (Value::Dict(dict), _) => {
                let found = dict.borrow().get(key).cloned();
                match found {
                    Some(value) => value,
                    None => return Err(self.raise("KeyError", format!("{key:?}"), origin)),
                }
            }
            (Value::Class(class), _) if class.is_enum() => {
                let name = key.as_str().unwrap_or_default();
                match class.find(name) {
                    Some((value, _)) => value,
                    None => return Err(self.raise("KeyError", format!("{key:?}"), origin)),
                }
            }
            // `Repository[User]` is the class for all that matters here.
            (Value::Class(class), _) => Value::Class(Rc::clone(class)),
            (Value::Instance(instance), _) => {
                if instance.class.find("__getitem__").is_some() {
                    let method = self.attribute(host, object, "__getitem__", origin)?;
                    let args = Args {
                        list: vec![super::Arg { name: None, value: key.clone(), origin }],
                        more: false,
                    };
                    return self.call(host, &method, args, origin);
                }
                let values = instance.attributes.borrow().get("_values_").cloned();
                match values {
                    Some(values) => return self.subscript(host, &values, key, origin),
                    None => undecided(object, origin),
                }
            }
            (Value::Symbol(_), Value::Int(at)) => {
                if let Some(items) = host.items(self, object) {
                    match index(*at, items.len()).and_then(|at| items.into_iter().nth(at)) {
                        Some(value) => value,
                        None => {
                            return Err(self.raise("IndexError", format!("no item {at}"), origin));
                        }
                    }
                } else {
                    self.symbol(SymbolKind::Subscript(object.clone(), key.clone()), origin)
                }
            }
            (Value::Symbol(_) | Value::Builtin(_) | Value::Function(_), _) => {
                self.symbol(SymbolKind::Subscript(object.clone(), key.clone()), origin)
            }
            _ => undecided(key, origin),
        })
    }

    pub(super) fn slice(
        &mut self,
        object: &Value,
        from: &Value,
        to: &Value,
        step: &Value,
        origin: Origin,
    ) -> Value {
        if let Value::Unknown(_) = object {
            return object.clone();
        }
        let number = |value: &Value| match value {
            Value::None => Some(None),
            Value::Int(value) => Some(Some(*value)),
            _ => None,
        };
        let (Some(from), Some(to), Some(step)) = (number(from), number(to), number(step)) else {
            return Value::unknown("a slice between places that are not known", origin);
        };
        let pick = |length: usize| -> Vec<usize> {
            let length = i64::try_from(length).unwrap_or(i64::MAX);
            let step = step.unwrap_or(1);
            let clamp = |at: i64, low: i64, high: i64| {
                let at = if at < 0 { at.saturating_add(length) } else { at };
                at.clamp(low, high)
            };
            let mut picked = Vec::new();
            if step > 0 {
                let mut at = clamp(from.unwrap_or(0), 0, length);
                let end = to.map_or(length, |to| clamp(to, 0, length));
                while at < end {
                    picked.push(usize::try_from(at).unwrap_or_default());
                    at = at.saturating_add(step);
                }
            } else if step < 0 {
                let mut at = from.map_or(length - 1, |from| clamp(from, -1, length - 1));
                let end = to.map_or(-1, |to| clamp(to, -1, length - 1));
                while at > end {
                    picked.push(usize::try_from(at).unwrap_or_default());
                    at = at.saturating_add(step);
                }
            }
            picked
        };
        match object {
            Value::List(list) => {
                let list = list.borrow();
                Value::list(
                    pick(list.len()).into_iter().filter_map(|at| list.get(at).cloned()).collect(),
                )
            }
            Value::Tuple(list) => Value::tuple(
                pick(list.len()).into_iter().filter_map(|at| list.get(at).cloned()).collect(),
            ),
            Value::Str(text) => {
                let ends: Vec<(usize, usize)> =
                    text.as_str().char_indices().map(|(at, c)| (at, at + c.len_utf8())).collect();
                let picked = pick(ends.len());
                let mut result = Text::default();
                // A run of neighbours is one slice, so that it stays one piece.
                let mut run: Option<(usize, usize)> = None;
                for at in picked {
                    let Some((start, end)) = ends.get(at).copied() else { continue };
                    run = match run {
                        Some((from, to)) if to == start => Some((from, end)),
                        Some((from, to)) => {
                            result.push(&text.slice(from, to));
                            Some((start, end))
                        }
                        None => Some((start, end)),
                    };
                }
                if let Some((from, to)) = run {
                    result.push(&text.slice(from, to));
                }
                Value::str(result)
            }
            _ => undecided(object, origin),
        }
    }
}

/// The value of a member of an enumeration.
pub(crate) fn enum_value(value: &Value) -> Option<Value> {
    match value {
        Value::Instance(instance) => instance.attributes.borrow().get("_value_").cloned(),
        _ => None,
    }
}

fn number(value: &Value) -> i64 {
    match value {
        Value::Int(value) => *value,
        Value::Bool(value) => i64::from(*value),
        _ => 0,
    }
}

#[allow(clippy::cast_precision_loss)] // As Python does where an integer meets a float.
fn float(value: &Value) -> f64 {
    match value {
        Value::Float(value) => *value,
        other => number(other) as f64,
    }
}

fn integers(op: BinaryOp, a: i64, b: i64) -> Option<Value> {
    let value = match op {
        BinaryOp::Add => a.checked_add(b)?,
        BinaryOp::Sub => a.checked_sub(b)?,
        BinaryOp::Mul => a.checked_mul(b)?,
        BinaryOp::FloorDiv => a.checked_div_euclid(b).filter(|_| b > 0)?,
        BinaryOp::Mod => a.checked_rem_euclid(b).filter(|_| b > 0)?,
        BinaryOp::Pow => a.checked_pow(u32::try_from(b).ok()?)?,
        BinaryOp::LeftShift => {
            let shift = u32::try_from(b).ok().filter(|shift| *shift < 62)?;
            a.checked_mul(1 << shift)?
        }
        BinaryOp::RightShift => a >> u32::try_from(b).ok().filter(|shift| *shift < 63)?,
        BinaryOp::BitOr => a | b,
        BinaryOp::BitXor => a ^ b,
        BinaryOp::BitAnd => a & b,
        BinaryOp::Div => return floats(op, float(&Value::Int(a)), float(&Value::Int(b))),
        BinaryOp::MatMul => return None,
    };
    Some(Value::Int(value))
}

fn floats(op: BinaryOp, a: f64, b: f64) -> Option<Value> {
    let value = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div if b != 0.0 => a / b,
        BinaryOp::FloorDiv if b != 0.0 => (a / b).floor(),
        _ => return None,
    };
    value.is_finite().then_some(Value::Float(value))
}

/// Whether two values are one object.
pub(super) fn identical(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::None, Value::None) | (Value::Ellipsis, Value::Ellipsis) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Str(a), Value::Str(b)) => a.as_str() == b.as_str(),
        (Value::Builtin(a), Value::Builtin(b)) => a == b,
        (Value::Class(a), Value::Class(b)) => Rc::ptr_eq(a, b),
        (Value::Instance(a), Value::Instance(b)) => Rc::ptr_eq(a, b),
        (Value::List(a), Value::List(b)) => Rc::ptr_eq(a, b),
        (Value::Dict(a), Value::Dict(b)) | (Value::Set(a), Value::Set(b)) => Rc::ptr_eq(a, b),
        (Value::Function(a), Value::Function(b)) => Rc::ptr_eq(a, b),
        (Value::Symbol(a), Value::Symbol(b)) => {
            Rc::ptr_eq(a, b)
                || matches!((&a.kind, &b.kind), (SymbolKind::Name(a), SymbolKind::Name(b)) if a == b)
        }
        _ => false,
    }
}

/// Whether two values are equal; `None` when they have more parts than `budget`.
fn same(left: &Value, right: &Value, depth: usize, budget: &mut usize) -> Option<bool> {
    *budget = budget.checked_sub(1).filter(|_| depth < 64)?;
    let mut all = |a: &[Value], b: &[Value]| {
        if a.len() != b.len() {
            return Some(false);
        }
        for (a, b) in a.iter().zip(b) {
            if !same(a, b, depth + 1, budget)? {
                return Some(false);
            }
        }
        Some(true)
    };
    match (left, right) {
        (Value::List(a), Value::List(b)) => all(&a.borrow(), &b.borrow()),
        (Value::Tuple(a), Value::Tuple(b)) => all(a, b),
        (Value::Dict(a), Value::Dict(b)) | (Value::Set(a), Value::Set(b)) => {
            let (a, b) = (a.borrow(), b.borrow());
            if a.len() != b.len() {
                return Some(false);
            }
            for (key, value) in a.entries() {
                let Some(other) = b.get(key) else { return Some(false) };
                if !same(value, other, depth + 1, budget)? {
                    return Some(false);
                }
            }
            Some(true)
        }
        (Value::Float(_), Value::Int(_) | Value::Float(_)) | (Value::Int(_), Value::Float(_)) => {
            Some((float(left) - float(right)).abs() < f64::EPSILON)
        }
        _ => match (left.key(), right.key()) {
            (Some(a), Some(b)) => Some(a == b),
            _ => Some(identical(left, right)),
        },
    }
}

/// How two values are ordered.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    let mut budget = super::value::MAX_PARTS;
    order_within(left, right, 0, &mut budget)
}

fn order_within(left: &Value, right: &Value, depth: usize, budget: &mut usize) -> Option<Ordering> {
    *budget = budget.checked_sub(1).filter(|_| depth < 64)?;
    match (left, right) {
        (Value::Str(a), Value::Str(b)) => Some(a.as_str().cmp(b.as_str())),
        (Value::Int(_) | Value::Bool(_), Value::Int(_) | Value::Bool(_)) => {
            Some(number(left).cmp(&number(right)))
        }
        (
            Value::Int(_) | Value::Float(_) | Value::Bool(_),
            Value::Int(_) | Value::Float(_) | Value::Bool(_),
        ) => float(left).partial_cmp(&float(right)),
        (Value::Tuple(a), Value::Tuple(b)) => {
            for (a, b) in a.iter().zip(b.iter()) {
                match order_within(a, b, depth + 1, budget)? {
                    Ordering::Equal => {}
                    other => return Some(other),
                }
            }
            Some(a.len().cmp(&b.len()))
        }
        _ => match (enum_value(left), enum_value(right)) {
            (Some(a), _) => order_within(&a, right, depth + 1, budget),
            (_, Some(b)) => order_within(left, &b, depth + 1, budget),
            _ => None,
        },
    }
}
