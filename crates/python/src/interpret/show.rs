//! Values in messages.

use std::fmt;

use super::value::{Symbol, SymbolKind, Value};

/// Values that a description shows, and how deep within each other.
const MAX_SHOWN: usize = 40;
const MAX_SHOWN_DEPTH: usize = 8;

/// A description for messages: values may hold themselves, so it ends where it gets long.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut show = Show { f, shown: 0, depth: 0 };
        show.value(self)
    }
}

struct Show<'a, 'f> {
    f: &'a mut fmt::Formatter<'f>,
    shown: usize,
    depth: usize,
}

impl Show<'_, '_> {
    fn value(&mut self, value: &Value) -> fmt::Result {
        self.shown += 1;
        if self.shown > MAX_SHOWN || self.depth > MAX_SHOWN_DEPTH {
            return self.f.write_str("…");
        }
        self.depth += 1;
        let result = self.whole(value);
        self.depth -= 1;
        result
    }

    fn whole(&mut self, value: &Value) -> fmt::Result {
        match value {
            Value::None => self.f.write_str("None"),
            Value::Ellipsis => self.f.write_str("..."),
            Value::Bool(value) => self.f.write_str(if *value { "True" } else { "False" }),
            Value::Int(value) => write!(self.f, "{value}"),
            Value::Float(value) => write!(self.f, "{value:?}"),
            Value::Str(value) => match value.as_str().char_indices().nth(80) {
                Some((end, _)) => {
                    write!(self.f, "\"{}…\"", value.as_str().get(..end).unwrap_or_default())
                }
                None => write!(self.f, "{:?}", value.as_str()),
            },
            Value::Bytes(value) => write!(self.f, "{} bytes", value.len()),
            Value::List(values) => self.sequence("[", &values.borrow(), "]"),
            Value::Tuple(values) => self.sequence("(", values, ")"),
            Value::Set(values) => self.sequence("{", &values.borrow().keys(), "}"),
            Value::Dict(dict) => {
                self.f.write_str("{")?;
                for (at, (key, value)) in dict.borrow().entries().iter().enumerate() {
                    if self.shown > MAX_SHOWN {
                        return self.f.write_str("…}");
                    }
                    self.f.write_str(if at > 0 { ", " } else { "" })?;
                    self.value(key)?;
                    self.f.write_str(": ")?;
                    self.value(value)?;
                }
                self.f.write_str("}")
            }
            Value::Function(function) => write!(self.f, "<function {}>", function.def.name),
            Value::Method(method) => write!(self.f, "<method {}>", method.function.def.name),
            Value::Class(class) => write!(self.f, "<class {}>", class.name),
            Value::Instance(instance) => write!(self.f, "<{} object>", instance.class.name),
            Value::Module(module) => write!(self.f, "<module {}>", module.name),
            Value::Builtin(name) => self.f.write_str(name),
            Value::BuiltinMethod(method) => {
                self.value(&method.0)?;
                write!(self.f, ".{}", method.1)
            }
            Value::Super(_) => self.f.write_str("super()"),
            Value::Symbol(symbol) => self.symbol(symbol),
            Value::Unknown(unknown) => write!(self.f, "<unknown: {}>", unknown.reason),
        }
    }

    fn sequence(&mut self, open: &str, values: &[Value], close: &str) -> fmt::Result {
        self.f.write_str(open)?;
        for (at, value) in values.iter().enumerate() {
            if self.shown > MAX_SHOWN {
                self.f.write_str("…")?;
                break;
            }
            self.f.write_str(if at > 0 { ", " } else { "" })?;
            self.value(value)?;
        }
        self.f.write_str(close)
    }

    fn symbol(&mut self, symbol: &Symbol) -> fmt::Result {
        match &symbol.kind {
            SymbolKind::Name(path) => self.f.write_str(path),
            SymbolKind::Attribute(value, name) => {
                self.value(value)?;
                write!(self.f, ".{name}")
            }
            SymbolKind::Call(callee, args) => {
                self.value(callee)?;
                self.f.write_str("(")?;
                for (at, arg) in args.list.iter().enumerate() {
                    if self.shown > MAX_SHOWN {
                        self.f.write_str("…")?;
                        break;
                    }
                    self.f.write_str(if at > 0 { ", " } else { "" })?;
                    if let Some(name) = &arg.name {
                        write!(self.f, "{name}=")?;
                    }
                    self.value(&arg.value)?;
                }
                self.f.write_str(")")
            }
            SymbolKind::Subscript(value, key) => {
                self.value(value)?;
                self.f.write_str("[")?;
                self.value(key)?;
                self.f.write_str("]")
            }
            SymbolKind::Binary(op, left, right) => {
                self.f.write_str("(")?;
                self.value(left)?;
                write!(self.f, " {op} ")?;
                self.value(right)?;
                self.f.write_str(")")
            }
            SymbolKind::Unary(op, value) => {
                write!(self.f, "({op}")?;
                self.value(value)?;
                self.f.write_str(")")
            }
        }
    }
}
