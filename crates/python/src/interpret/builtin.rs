//! Functions and types of the language itself.

use std::rc::Rc;

use schemaward_catalog::Origin;

use super::expr::undecided;
use super::operate::order;
use super::{Arg, Args, Eval, Host, Interp, MAX_ITEMS, SymbolKind, Value};

/// The names that every module has.
const NAMES: &[&str] = &[
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "Exception",
    "FileNotFoundError",
    "ImportError",
    "IndexError",
    "KeyError",
    "LookupError",
    "ModuleNotFoundError",
    "NameError",
    "NotImplemented",
    "NotImplementedError",
    "OSError",
    "RuntimeError",
    "StopIteration",
    "TypeError",
    "ValueError",
    "abs",
    "all",
    "any",
    "ascii",
    "bin",
    "bool",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "complex",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "help",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
];

/// The builtin of this name.
pub(super) fn name(name: &str) -> Option<&'static str> {
    NAMES.iter().find(|known| **known == name).copied()
}

impl Interp<'_> {
    pub(super) fn call_builtin(
        &mut self,
        host: &mut dyn Host,
        name: &'static str,
        args: &Args,
        origin: Origin,
    ) -> Eval<Value> {
        let list: Vec<Value> = args.positional().map(|arg| arg.value.clone()).collect();
        let first = list.first().cloned();
        let unknown = || Value::unknown(format!("what `{name}` gives is not known"), origin);
        // What is done with something unknown is unknown, but for what asks about it.
        if let Some(found) = list.iter().find(|value| value.is_unknown())
            && !matches!(
                name,
                "print" | "isinstance" | "hasattr" | "setattr" | "any" | "all" | "getattr"
            )
        {
            return Ok(found.clone());
        }
        Ok(match (name, first) {
            ("nothing" | "print" | "setattr", _) => {
                if let ("setattr", [object, key, value]) = (name, list.as_slice())
                    && let Some(key) = key.as_str()
                {
                    self.set_attribute(object, key, value.clone(), origin);
                }
                Value::None
            }
            ("len", Some(Value::Str(text))) => {
                Value::Int(i64::try_from(text.as_str().chars().count()).unwrap_or(i64::MAX))
            }
            ("len", Some(value)) => match self.items(host, &value, origin) {
                Some(items) => Value::Int(i64::try_from(items.len()).unwrap_or(i64::MAX)),
                None => undecided(&value, origin),
            },
            ("range", Some(_)) => {
                let numbers: Option<Vec<i64>> = list
                    .iter()
                    .map(|value| match value {
                        Value::Int(number) => Some(*number),
                        _ => None,
                    })
                    .collect();
                let (from, to, step) = match numbers.as_deref() {
                    Some([to]) => (0, *to, 1),
                    Some([from, to]) => (*from, *to, 1),
                    Some([from, to, step]) if *step != 0 => (*from, *to, *step),
                    _ => return Ok(unknown()),
                };
                let mut items = Vec::new();
                let mut at = from;
                while if step > 0 { at < to } else { at > to } {
                    if items.len() >= MAX_ITEMS {
                        return Ok(Value::unknown("a range of too many numbers", origin));
                    }
                    items.push(Value::Int(at));
                    at = at.saturating_add(step);
                }
                Value::list(items)
            }
            ("str", None) => Value::str(""),
            ("str", Some(value)) => self.text_of(host, &value, origin)?,
            ("repr", Some(value)) => self.repr(&value, origin),
            ("int", Some(value)) => match &value {
                Value::Int(_) => value,
                Value::Bool(flag) => Value::Int(i64::from(*flag)),
                Value::Str(text) => match text.as_str().trim().replace('_', "").parse() {
                    Ok(number) => Value::Int(number),
                    Err(_) => return Err(self.raise("ValueError", format!("{value:?}"), origin)),
                },
                #[allow(clippy::cast_possible_truncation)] // As `int()` does.
                Value::Float(number) => Value::Int(*number as i64),
                _ => unknown(),
            },
            ("float", Some(value)) => match &value {
                Value::Float(_) => value,
                #[allow(clippy::cast_precision_loss)] // As `float()` does.
                Value::Int(number) => Value::Float(*number as f64),
                Value::Str(text) => {
                    text.as_str().trim().parse().map_or_else(|_| unknown(), Value::Float)
                }
                _ => unknown(),
            },
            ("bin" | "hex" | "oct", Some(Value::Int(number))) => {
                let sign = if number < 0 { "-" } else { "" };
                let size = number.unsigned_abs();
                Value::str(match name {
                    "bin" => format!("{sign}{size:#b}"),
                    "hex" => format!("{sign}{size:#x}"),
                    _ => format!("{sign}{size:#o}"),
                })
            }
            ("pow", Some(base)) if list.len() == 2 => match list.get(1) {
                Some(exponent) => {
                    self.binary(host, crate::syntax::BinaryOp::Pow, base, exponent.clone(), origin)?
                }
                None => unknown(),
            },
            ("bool", None) => Value::Bool(false),
            ("bool", Some(value)) => match self.truth(host, &value) {
                Some(truth) => Value::Bool(truth),
                None => undecided(&value, origin),
            },
            ("list", None) => Value::list(Vec::new()),
            ("tuple", None) => Value::tuple(Vec::new()),
            ("set" | "frozenset", None) => Value::set([]),
            ("list" | "tuple" | "set" | "frozenset" | "iter", Some(value)) => {
                match self.items(host, &value, origin) {
                    Some(items) => match name {
                        "tuple" => Value::tuple(items),
                        "set" | "frozenset" => Value::set(items),
                        _ => Value::list(items),
                    },
                    None => undecided(&value, origin),
                }
            }
            ("dict", value) => {
                let mut entries = Vec::new();
                match value {
                    None => {}
                    Some(Value::Dict(dict)) => {
                        entries.extend(dict.borrow().entries().iter().cloned());
                    }
                    Some(value) => {
                        let Some(items) = self.items(host, &value, origin) else {
                            return Ok(undecided(&value, origin));
                        };
                        for item in items {
                            match self.items(host, &item, origin).as_deref() {
                                Some([key, value]) => entries.push((key.clone(), value.clone())),
                                _ => return Ok(unknown()),
                            }
                        }
                    }
                }
                let named =
                    args.keywords().map(|(name, arg)| (Value::str(name), arg.value.clone()));
                entries.extend(named);
                Value::dict(entries)
            }
            ("enumerate", Some(value)) => {
                let start = match args.value(1, "start") {
                    Some(Value::Int(start)) => *start,
                    _ => 0,
                };
                match self.items(host, &value, origin) {
                    Some(items) => Value::list(
                        (start..)
                            .zip(items)
                            .map(|(at, item)| Value::tuple(vec![Value::Int(at), item]))
                            .collect(),
                    ),
                    None => undecided(&value, origin),
                }
            }
            ("zip", _) => {
                let mut columns = Vec::new();
                for value in &list {
                    match self.items(host, value, origin) {
                        Some(items) => columns.push(items.into_iter()),
                        None => return Ok(undecided(value, origin)),
                    }
                }
                let mut rows = Vec::new();
                while let Some(row) =
                    columns.iter_mut().map(Iterator::next).collect::<Option<Vec<_>>>()
                {
                    if row.is_empty() {
                        break;
                    }
                    rows.push(Value::tuple(row));
                }
                Value::list(rows)
            }
            ("reversed", Some(value)) => match self.items(host, &value, origin) {
                Some(items) => Value::list(items.into_iter().rev().collect()),
                None => undecided(&value, origin),
            },
            ("sorted", Some(value)) => match self.items(host, &value, origin) {
                Some(items) => self.sort(host, items, args, origin)?,
                None => undecided(&value, origin),
            },
            ("min" | "max", Some(value)) => {
                let items =
                    if list.len() > 1 { Some(list) } else { self.items(host, &value, origin) };
                let Some(items) = items else { return Ok(undecided(&value, origin)) };
                match self.sort(host, items, args, origin)? {
                    Value::List(sorted) => {
                        let sorted = sorted.borrow();
                        let found = if name == "min" { sorted.first() } else { sorted.last() };
                        found
                            .or(args.named("default").map(|arg| &arg.value))
                            .cloned()
                            .unwrap_or_else(unknown)
                    }
                    other => other,
                }
            }
            ("sum", Some(value)) => {
                let Some(items) = self.items(host, &value, origin) else {
                    return Ok(undecided(&value, origin));
                };
                let mut total = args.value(1, "start").cloned().unwrap_or(Value::Int(0));
                for item in items {
                    total = self.binary(host, crate::syntax::BinaryOp::Add, total, item, origin)?;
                }
                total
            }
            ("any" | "all", Some(value)) => {
                let Some(items) = self.items(host, &value, origin) else {
                    return Ok(undecided(&value, origin));
                };
                let stops = name == "any";
                let mut doubt = None;
                for item in &items {
                    match self.truth(host, item) {
                        Some(truth) if truth == stops => return Ok(Value::Bool(stops)),
                        Some(_) => {}
                        None => doubt = Some(item.clone()),
                    }
                }
                doubt.map_or(Value::Bool(!stops), |value| undecided(&value, origin))
            }
            ("map" | "filter", Some(function)) => {
                let Some(over) = list.get(1) else { return Ok(unknown()) };
                let Some(items) = self.items(host, over, origin) else {
                    return Ok(undecided(over, origin));
                };
                let mut made = Vec::new();
                for item in items {
                    let result = match &function {
                        Value::None => item.clone(),
                        function => self.call(host, function, one(item.clone(), origin), origin)?,
                    };
                    if name == "map" {
                        made.push(result);
                        continue;
                    }
                    match self.truth(host, &result) {
                        Some(true) => made.push(item),
                        Some(false) => {}
                        None => return Ok(undecided(&result, origin)),
                    }
                }
                Value::list(made)
            }
            ("next", Some(value)) => {
                let items = self.items(host, &value, origin);
                match items.map(|items| items.into_iter().next()) {
                    Some(Some(item)) => {
                        // A list stands for the iterator: what is taken is gone.
                        if let Value::List(list) = &value
                            && !list.borrow().is_empty()
                        {
                            list.borrow_mut().remove(0);
                        }
                        item
                    }
                    Some(None) => match list.get(1) {
                        Some(default) => default.clone(),
                        None => return Err(self.raise("StopIteration", String::new(), origin)),
                    },
                    None => undecided(&value, origin),
                }
            }
            ("abs", Some(Value::Int(number))) => Value::Int(number.saturating_abs()),
            ("round", Some(Value::Int(number))) => Value::Int(number),
            ("chr", Some(Value::Int(number))) => {
                match u32::try_from(number).ok().and_then(char::from_u32) {
                    Some(found) => Value::str(found.to_string()),
                    None => unknown(),
                }
            }
            ("ord", Some(Value::Str(text))) => match text.as_str().chars().next() {
                Some(found) => Value::Int(i64::from(u32::from(found))),
                None => unknown(),
            },
            ("isinstance" | "issubclass", Some(value)) => match list.get(1) {
                Some(kind) => match is_kind(&value, kind) {
                    Some(answer) => Value::Bool(answer),
                    None => unknown(),
                },
                None => unknown(),
            },
            ("hasattr", Some(value)) => {
                let Some(key) = list.get(1).and_then(Value::as_str) else { return Ok(unknown()) };
                match &value {
                    Value::Class(_) | Value::Instance(_) | Value::Module(_) => {
                        match self.attribute(host, &value, key, origin) {
                            Ok(Value::Symbol(_) | Value::Unknown(_)) => unknown(),
                            Ok(_) => Value::Bool(true),
                            Err(stop) if Self::is_missing(&stop) => Value::Bool(false),
                            Err(stop) => return Err(stop),
                        }
                    }
                    _ => unknown(),
                }
            }
            ("getattr", Some(value)) => {
                let Some(key) = list.get(1).and_then(Value::as_str) else { return Ok(unknown()) };
                match self.attribute(host, &value, key, origin) {
                    // A class with bases of a library that does not write the attribute itself has not
                    // got it: what libraries give is not what a default is passed for.
                    Ok(Value::Symbol(symbol))
                        if list.len() > 2
                            && matches!(value, Value::Class(_))
                            && matches!(symbol.kind, SymbolKind::Attribute(..)) =>
                    {
                        list.get(2).cloned().unwrap_or(Value::None)
                    }
                    Err(stop) if Self::is_missing(&stop) => match list.get(2) {
                        Some(default) => default.clone(),
                        None => return Err(stop),
                    },
                    other => other?,
                }
            }
            ("type", Some(value)) if list.len() == 1 => match &value {
                Value::Instance(instance) => Value::Class(Rc::clone(&instance.class)),
                Value::Str(_) => Value::Builtin("str"),
                Value::Int(_) => Value::Builtin("int"),
                Value::Bool(_) => Value::Builtin("bool"),
                Value::List(_) => Value::Builtin("list"),
                Value::Dict(_) => Value::Builtin("dict"),
                Value::Tuple(_) => Value::Builtin("tuple"),
                _ => unknown(),
            },
            ("type", Some(Value::Str(name))) if list.len() == 3 => {
                let bases = match list.get(1) {
                    Some(Value::Tuple(bases)) => Some(bases.to_vec()),
                    _ => None,
                };
                match (bases, list.get(2)) {
                    (Some(bases), Some(Value::Dict(given))) => {
                        let given: Vec<(Value, Value)> = given.borrow().entries().to_vec();
                        self.class_of(host, &name, bases, given, origin)?
                    }
                    _ => unknown(),
                }
            }
            ("callable", Some(value)) => Value::Bool(matches!(
                value,
                Value::Function(_)
                    | Value::Method(_)
                    | Value::Class(_)
                    | Value::Builtin(_)
                    | Value::BuiltinMethod(_)
            )),
            ("open", Some(value)) => self.open(&value, origin),
            ("super", _) => match list.as_slice() {
                [Value::Class(class), receiver] => {
                    Value::Super(Rc::new((receiver.clone(), Rc::clone(class))))
                }
                _ => unknown(),
            },
            ("vars", Some(value)) => self.attribute(host, &value, "__dict__", origin)?,
            ("property" | "classmethod" | "staticmethod", Some(value)) => value,
            ("object", _) => Value::unknown("an object without a class", origin),
            ("id" | "hash", Some(_)) => unknown(),
            // Exceptions, and types with arguments that no one looks at.
            (_, _) if name.starts_with(char::is_uppercase) => {
                self.symbol(SymbolKind::Call(Value::Builtin(name), args.clone()), origin)
            }
            _ => unknown(),
        })
    }

    /// Sets an attribute as `setattr` does.
    pub(super) fn set_attribute(
        &mut self,
        object: &Value,
        name: &str,
        value: Value,
        origin: Origin,
    ) {
        match object {
            Value::Instance(instance) => {
                instance.attributes.borrow_mut().insert(name.to_owned(), value);
            }
            Value::Class(class) => class.attributes.borrow_mut().set(name, value, origin),
            Value::Module(module) => module.scope.set(name, value),
            Value::Symbol(_) => {
                self.assigned.push((object.clone(), name.to_owned(), value, origin));
            }
            _ => {}
        }
    }

    /// Sorts by `key` and `reverse`.
    pub(super) fn sort(
        &mut self,
        host: &mut dyn Host,
        items: Vec<Value>,
        args: &Args,
        origin: Origin,
    ) -> Eval<Value> {
        let mut keyed = Vec::with_capacity(items.len());
        let key = args.named("key").map(|arg| arg.value.clone()).filter(|key| !key.is_none());
        for item in items {
            let by = match &key {
                Some(key) => self.call(host, key, one(item.clone(), origin), origin)?,
                None => item.clone(),
            };
            keyed.push((by, item));
        }
        let comparable = keyed.windows(2).all(|pair| match pair {
            [(a, _), (b, _)] => order(a, b).is_some(),
            _ => true,
        });
        if !comparable {
            return Ok(Value::unknown("the order of values that are not known", origin));
        }
        keyed.sort_by(|(a, _), (b, _)| order(a, b).unwrap_or(std::cmp::Ordering::Equal));
        if let Some(reverse) = args.named("reverse")
            && self.truth(host, &reverse.value.clone()) == Some(true)
        {
            keyed.reverse();
        }
        Ok(Value::list(keyed.into_iter().map(|(_, item)| item).collect()))
    }
}

/// One positional argument.
pub(super) fn one(value: Value, origin: Origin) -> Args {
    Args { list: vec![Arg { name: None, value, origin }], more: false }
}

/// Whether a value is an instance, or a class a subclass, of a kind.
fn is_kind(value: &Value, kind: &Value) -> Option<bool> {
    if let Value::Tuple(kinds) = kind {
        let answers: Vec<Option<bool>> = kinds.iter().map(|kind| is_kind(value, kind)).collect();
        return match answers.contains(&Some(true)) {
            true => Some(true),
            false if answers.iter().all(Option::is_some) => Some(false),
            false => None,
        };
    }
    match (value, kind) {
        (Value::Unknown(_) | Value::Symbol(_), _) => None,
        (Value::Instance(instance), Value::Class(class)) => {
            Some(instance.class.lineage().any(|found| Rc::ptr_eq(found, class)))
        }
        (Value::Class(found), Value::Class(class)) => {
            Some(found.lineage().any(|found| Rc::ptr_eq(found, class)))
        }
        (_, Value::Builtin(name)) => Some(match value {
            Value::Instance(instance) => instance.class.extends(&[name]),
            Value::Bool(_) => matches!(*name, "bool" | "int"),
            other => other.type_name() == *name,
        }),
        (_, Value::Class(_)) => Some(false),
        _ => None,
    }
}
