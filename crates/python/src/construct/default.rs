//! Defaults: those of the server, and those that Python makes.

use schemaward_catalog::Origin;

use super::{Build, library_call};
use crate::interpret::{Args, Function, Recorder, SymbolKind, Value, enum_value};
use crate::schema::{
    Computed, Generator, Identity, Literal, PythonDefault, SequenceOptions, ServerDefault,
};
use crate::syntax::{Argument, Expr, ExprKind, ParameterKind, Stmt, StmtKind};
use crate::text::Text;

impl Build<'_, '_, '_> {
    /// `server_default=`.
    pub(crate) fn server_default(
        &mut self,
        value: &Value,
        origin: Origin,
    ) -> Option<ServerDefault> {
        match value {
            Value::None | Value::Bool(false) => None,
            Value::Str(text) => Some(ServerDefault::Literal(Text::clone(text))),
            other => {
                if let Some((name, args)) = library_call(other) {
                    let (name, args) = (name.to_owned(), args.clone());
                    match name.as_str() {
                        "Identity" => {
                            return Some(ServerDefault::Identity(self.identity(&args, origin)));
                        }
                        "Computed" => {
                            return self.computed(&args, origin).map(ServerDefault::Computed);
                        }
                        "FetchedValue" => return Some(ServerDefault::Fetched),
                        "DefaultClause" | "Sequence" if name == "DefaultClause" => {
                            let inner = args.value(0, "arg").cloned()?;
                            return self.server_default(&inner, origin);
                        }
                        _ => {}
                    }
                }
                // A member of an enumeration that is a string is a string.
                if let (Some(Value::Str(text)), Value::Instance(instance)) =
                    (enum_value(other), other)
                    && instance.class.is_string_enum()
                {
                    return Some(ServerDefault::Literal(Text::clone(&text)));
                }
                let clause = self.clause(other, origin);
                Some(ServerDefault::Clause(clause))
            }
        }
    }

    pub(crate) fn identity(&mut self, args: &Args, origin: Origin) -> Identity {
        let number = |at: usize, name: &str| Self::whole_number(args.value(at, name));
        let always = args.value(0, "always").cloned();
        Identity {
            always: self.flag(always.as_ref(), false, "`always` of an identity", origin),
            options: SequenceOptions {
                start: number(2, "start"),
                increment: number(3, "increment"),
                minvalue: number(4, "minvalue"),
                maxvalue: number(5, "maxvalue"),
                nominvalue: args.named("nominvalue").is_some(),
                nomaxvalue: args.named("nomaxvalue").is_some(),
                cache: number(9, "cache"),
                cycle: match args.named("cycle").map(|arg| &arg.value) {
                    Some(Value::Bool(truth)) => Some(*truth),
                    _ => None,
                },
            },
            origin,
        }
    }

    pub(crate) fn computed(&mut self, args: &Args, origin: Origin) -> Option<Computed> {
        let expression = args.value(0, "sqltext").cloned()?;
        let persisted = match args.value(1, "persisted") {
            Some(Value::Bool(truth)) => Some(*truth),
            _ => None,
        };
        Some(Computed { expression: self.clause(&expression, origin), persisted, origin })
    }

    /// `default=`, `default_factory=`, `onupdate=`: what Python makes of it.
    pub(crate) fn python_default(
        &mut self,
        value: &Value,
        origin: Origin,
    ) -> Option<PythonDefault> {
        let generator = self.generator(value, origin, 0)?;
        Some(PythonDefault { generator, origin })
    }

    fn generator(&mut self, value: &Value, origin: Origin, depth: usize) -> Option<Generator> {
        if depth > 8 {
            return None;
        }
        let literal = |literal| Some(Generator::Literal(literal));
        match value {
            Value::None => None,
            Value::Bool(truth) => literal(Literal::Bool(*truth)),
            Value::Int(number) => literal(Literal::Integer(Text::from(number.to_string()))),
            Value::Float(number) => literal(Literal::Number(Text::from(number.to_string()))),
            Value::Str(text) => literal(Literal::Text(Text::clone(text))),
            Value::Function(function) => Some(self.function_generator(function, origin, depth)),
            Value::Method(method) => {
                Some(self.function_generator(&method.function.clone(), origin, depth))
            }
            Value::Builtin(name) => Some(Generator::Function(Text::written(*name, origin, false))),
            Value::Class(class) => {
                Some(Generator::Function(Text::written(class.name.as_str(), origin, false)))
            }
            Value::Instance(_) => match enum_value(value) {
                Some(Value::Str(text)) => literal(Literal::Text(Text::clone(&text))),
                _ => Some(Generator::Callable(Text::written(format!("{value:?}"), origin, false))),
            },
            Value::Symbol(symbol) => match &symbol.kind {
                SymbolKind::Name(path) => Some(known(path).unwrap_or_else(|| {
                    Generator::Function(Text::written(path.as_str(), origin, false))
                })),
                // `partial(f)`, `ULID().to_uuid()`, `default_factory=…`.
                SymbolKind::Call(callee, args) => {
                    if callee.path() == Some("functools.partial") {
                        let inner = args.at(0)?.value.clone();
                        return self.generator(&inner, origin, depth + 1);
                    }
                    if let Some((name, args)) = library_call(value) {
                        if name == "Sequence" {
                            let args = args.clone();
                            return self.sequence(&args, origin).map(Generator::Sequence);
                        }
                        let clause = self.clause(value, origin);
                        return Some(Generator::Clause(clause));
                    }
                    Some(Self::made_by(value, origin))
                }
                SymbolKind::Attribute(..) | SymbolKind::Subscript(..) => {
                    Some(Self::made_by(value, origin))
                }
                SymbolKind::Binary(..) | SymbolKind::Unary(..) => {
                    let clause = self.clause(value, origin);
                    Some(Generator::Clause(clause))
                }
            },
            other => Some(Generator::Callable(Text::written(format!("{other:?}"), origin, false))),
        }
    }

    /// A function of the project: what the calls in what it returns make.
    fn function_generator(
        &mut self,
        function: &Function,
        origin: Origin,
        depth: usize,
    ) -> Generator {
        // It is run with nothing given: what it returns is a record of the calls that make it.
        let value = std::rc::Rc::new(Function {
            def: std::rc::Rc::clone(&function.def),
            closure: std::rc::Rc::clone(&function.closure),
            defaults: function.defaults.clone(),
            decorators: Vec::new(),
            source: function.source,
            serial: function.serial,
        });
        // SQLAlchemy hands it the context where it takes an argument that it must be given.
        let context = self.interp.name("context", origin);
        let takes = function.def.parameters.iter().filter(|it| {
            it.default.is_none()
                && !matches!(it.kind, ParameterKind::Rest | ParameterKind::KeywordRest)
        });
        let takes = takes.count();
        let list = (0..takes).map(|_| crate::interpret::Arg {
            name: None,
            value: context.clone(),
            origin,
        });
        let args = Args { list: list.collect(), more: false };
        // What it does to make a value is no part of the schema.
        let notes = std::mem::take(&mut self.interp.notes);
        let made = self.interp.call(&mut Recorder, &Value::Function(value), args, origin);
        self.interp.notes = notes;
        if let Ok(made) = &made {
            if let Some(found) = generated(made, 0) {
                return found;
            }
            if let Value::Function(inner) = made {
                let inner = std::rc::Rc::clone(inner);
                if depth < 4 {
                    return self.function_generator(&inner, origin, depth + 1);
                }
            }
        }
        // A body that builds it step by step names what it builds it from.
        if let Some(found) = named_in(&function.def.body) {
            return found;
        }
        let name = function.def.name.as_str();
        if name == "<lambda>" {
            Generator::Callable(Text::written(format!("{:?}", made.ok()), origin, false))
        } else {
            Generator::Function(Text::written(name, origin, false))
        }
    }

    fn made_by(value: &Value, origin: Origin) -> Generator {
        generated(value, 0).unwrap_or_else(|| {
            Generator::Callable(Text::written(format!("{value:?}"), origin, false))
        })
    }
}

/// The generator that a dotted name of a library is.
fn known(path: &str) -> Option<Generator> {
    let last = path.rsplit('.').next().unwrap_or_default();
    Some(match last {
        "uuid1" => Generator::Uuid1,
        "uuid4" => Generator::Uuid4,
        "uuid7" | "uuid_v7" | "uuid7str" => Generator::Uuid7,
        "ULID" | "ulid" | "new_ulid" | "generate_ulid" | "from_timestamp"
            if path.to_lowercase().contains("ulid") =>
        {
            Generator::Ulid
        }
        _ => return None,
    })
}

/// The generator whose call a value is made from: `str(ULID())`, `ULID().to_uuid()`,
/// `uuid4().hex`, `UUID(bytes=ULID().bytes)`.
fn generated(value: &Value, depth: usize) -> Option<Generator> {
    if depth > 12 {
        return None;
    }
    let symbol = value.symbol()?;
    match &symbol.kind {
        SymbolKind::Name(path) => known(path),
        SymbolKind::Attribute(object, _) | SymbolKind::Subscript(object, _) => {
            generated(object, depth + 1)
        }
        SymbolKind::Call(callee, args) => {
            let of_args = args.list.iter().find_map(|arg| generated(&arg.value, depth + 1));
            of_args.or_else(|| generated(callee, depth + 1))
        }
        SymbolKind::Binary(_, left, right) => {
            generated(left, depth + 1).or_else(|| generated(right, depth + 1))
        }
        SymbolKind::Unary(_, operand) => generated(operand, depth + 1),
    }
}

/// The generator that the calls in a function's `return` name, where running it told nothing: `str()`
/// of something of a library is not known, but what it is of is.
fn named_in(body: &[Stmt]) -> Option<Generator> {
    body.iter().find_map(|statement| match &statement.kind {
        StmtKind::Return(Some(value)) | StmtKind::Expr(value) | StmtKind::Assign(_, value) => {
            named_in_expr(value, 0)
        }
        _ => None,
    })
}

fn named_in_expr(expr: &Expr, depth: usize) -> Option<Generator> {
    if depth > 30 {
        return None;
    }
    match &expr.kind {
        ExprKind::Call(callee, arguments) => {
            named_in_arguments(arguments, depth).or_else(|| named_in_expr(callee, depth + 1))
        }
        ExprKind::Attribute(object, name) => match name.as_str() {
            "uuid4" => Some(Generator::Uuid4),
            "uuid1" => Some(Generator::Uuid1),
            "uuid7" => Some(Generator::Uuid7),
            "ULID" => Some(Generator::Ulid),
            _ => named_in_expr(object, depth + 1),
        },
        ExprKind::Name(name) => match name.as_str() {
            "uuid4" => Some(Generator::Uuid4),
            "uuid1" => Some(Generator::Uuid1),
            "uuid7" => Some(Generator::Uuid7),
            "ULID" | "ulid" | "new_ulid" => Some(Generator::Ulid),
            _ => None,
        },
        ExprKind::FString(parts) => parts.iter().find_map(|part| match part {
            crate::syntax::FormatPart::Value { value, .. } => named_in_expr(value, depth + 1),
            crate::syntax::FormatPart::Literal(_) => None,
        }),
        ExprKind::Binary(first, rest) => named_in_expr(first, depth + 1)
            .or_else(|| rest.iter().find_map(|(_, operand)| named_in_expr(operand, depth + 1))),
        _ => None,
    }
}

fn named_in_arguments(arguments: &[Argument], depth: usize) -> Option<Generator> {
    arguments.iter().find_map(|argument| named_in_expr(&argument.value, depth + 1))
}
