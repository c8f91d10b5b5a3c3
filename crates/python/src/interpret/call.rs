//! Calls and attributes.

use std::cell::RefCell;
use std::rc::Rc;

use schemaward_catalog::Origin;

use super::operate::enum_value;
use super::{
    Arg, Args, Class, Eval, Function, Host, Instance, Interp, MAX_DEPTH, Scope, Stop, SymbolKind,
    Value,
};
use crate::syntax::ParameterKind;

/// The attribute of an instance that keeps what its class hands to the `__init__` of a library's.
pub(crate) const LIBRARY_INIT: &str = "__library_init__";

/// Decorators that make an attribute of a class out of a function of it.
const DECLARED: &[&str] = &["declared_attr", "directive", "cascading", "classproperty"];

impl Interp<'_> {
    /// What a call gives.
    pub(crate) fn call(
        &mut self,
        host: &mut dyn Host,
        callee: &Value,
        args: Args,
        origin: Origin,
    ) -> Eval<Value> {
        self.tick()?;
        match callee {
            Value::Unknown(unknown) => {
                let callee = Value::Unknown(Rc::clone(unknown));
                match host.call(self, &callee, &args, origin)? {
                    Some(value) => Ok(value),
                    None => Ok(callee),
                }
            }
            Value::Function(function) => {
                self.call_function(host, function, None, None, args, origin)
            }
            Value::Method(method) => {
                let receiver = Some(method.receiver.clone());
                self.call_function(
                    host,
                    &method.function,
                    receiver,
                    method.owner.clone(),
                    args,
                    origin,
                )
            }
            Value::Class(class) => self.instantiate(host, class, args, origin),
            Value::Builtin(name) => self.call_builtin(host, name, &args, origin),
            Value::BuiltinMethod(method) if method.1 == LIBRARY_INIT => {
                if let Value::Instance(instance) = &method.0 {
                    let made =
                        self.symbol(SymbolKind::Call(Value::Builtin("object"), args), origin);
                    instance.attributes.borrow_mut().insert(LIBRARY_INIT.to_owned(), made);
                }
                Ok(Value::None)
            }
            // `object.__new__(cls)`, `str.__new__(cls, value)`: an instance, before its `__init__`.
            Value::BuiltinMethod(method)
                if method.1 == "__new__" && matches!(method.0, Value::Builtin(_)) =>
            {
                let Some(Value::Class(class)) = args.at(0).map(|arg| arg.value.clone()) else {
                    return Ok(Value::unknown("`__new__` of no class of the project", origin));
                };
                let list = args.list.into_iter().skip(1).collect();
                Ok(Value::Instance(Rc::new(Instance {
                    class,
                    attributes: RefCell::default(),
                    args: Args { list, more: args.more },
                    origin,
                    serial: self.serial(),
                })))
            }
            Value::BuiltinMethod(method) => {
                self.call_method(host, &method.0, &method.1, &args, origin)
            }
            Value::Symbol(_) => {
                if let Some(value) = host.call(self, callee, &args, origin)? {
                    return Ok(value);
                }
                if let Some(value) = self.call_library(host, callee, &args, origin)? {
                    return Ok(value);
                }
                Ok(self.symbol(SymbolKind::Call(callee.clone(), args), origin))
            }
            Value::Instance(instance) => {
                if instance.class.find("__call__").is_some() {
                    let method = self.attribute(host, callee, "__call__", origin)?;
                    return self.call(host, &method, args, origin);
                }
                Ok(self.symbol(SymbolKind::Call(callee.clone(), args), origin))
            }
            other => Ok(Value::unknown(format!("a call of {other:?}"), origin)),
        }
    }

    /// Calls a function of the project.
    pub(super) fn call_function(
        &mut self,
        host: &mut dyn Host,
        function: &Rc<Function>,
        receiver: Option<Value>,
        owner: Option<Rc<Class>>,
        args: Args,
        origin: Origin,
    ) -> Eval<Value> {
        if self.depth >= MAX_DEPTH {
            if self.too_deep.insert(origin) {
                host.skipped(self, origin, "calls nest too deep");
            }
            return Ok(Value::unknown("calls nest too deep", origin));
        }
        let mut given = args;
        if let Some(receiver) = &receiver {
            given.list.insert(0, Arg { name: None, value: receiver.clone(), origin });
        }
        let bound = self.bind(function, &given, origin)?;
        let receiver = match (owner, receiver) {
            (Some(owner), Some(receiver)) => Some((owner, receiver)),
            _ => None,
        };
        self.depth += 1;
        let bind = |scope: &Scope| scope.names.borrow_mut().extend(bound);
        let result = self.run_body(host, function, bind, receiver);
        self.depth -= 1;
        let value = result?;
        // A context manager of the project, made with `contextlib`: what it yields is what `with`
        // binds.
        if function.def.generator
            && function.is_decorated(&["contextmanager", "asynccontextmanager"])
        {
            let first = self.items(host, &value, origin).unwrap_or_default().into_iter().next();
            return Ok(first.unwrap_or(Value::None));
        }
        Ok(value)
    }

    /// The parameters of a function with the arguments they get.
    fn bind(
        &mut self,
        function: &Function,
        args: &Args,
        origin: Origin,
    ) -> Eval<Vec<(String, Value)>> {
        let mut positional: std::collections::VecDeque<&Arg> = args.positional().collect();
        let mut keywords: Vec<(&str, &Arg)> = args.keywords().collect();
        let mut bound = Vec::new();
        for (at, parameter) in function.def.parameters.iter().enumerate() {
            let name = parameter.name.as_str();
            let mut by_name = || {
                let found = keywords.iter().position(|(keyword, _)| *keyword == name)?;
                Some(keywords.remove(found).1.value.clone())
            };
            let value = match parameter.kind {
                ParameterKind::Positional => positional.pop_front().map(|arg| arg.value.clone()),
                ParameterKind::Any => {
                    positional.pop_front().map(|arg| arg.value.clone()).or_else(by_name)
                }
                ParameterKind::KeywordOnly => by_name(),
                ParameterKind::Rest => {
                    let rest = positional.drain(..).map(|arg| arg.value.clone());
                    Some(Value::tuple(rest.collect()))
                }
                ParameterKind::KeywordRest => {
                    let rest = keywords.drain(..);
                    let rest = rest.map(|(name, arg)| (Value::str(name), arg.value.clone()));
                    Some(Value::dict(rest))
                }
            };
            let default = || function.defaults.get(at).cloned().flatten();
            let value = match value.or_else(default) {
                Some(value) => value,
                None if args.more => {
                    Value::unknown(format!("the argument `{name}` is not known"), origin)
                }
                None => {
                    let message = format!("{}() misses the argument `{name}`", function.def.name);
                    return Err(self.raise("TypeError", message, origin));
                }
            };
            bound.push((parameter.name.clone(), value));
        }
        Ok(bound)
    }

    /// Makes an instance of a class of the project.
    fn instantiate(
        &mut self,
        host: &mut dyn Host,
        class: &Rc<Class>,
        args: Args,
        origin: Origin,
    ) -> Eval<Value> {
        if class.is_enum() {
            let wanted = args.value(0, "value").cloned().unwrap_or(Value::None);
            for member in class.members() {
                if enum_value(&member).is_some_and(|value| value.key() == wanted.key()) {
                    return Ok(member);
                }
            }
            return match wanted {
                Value::Unknown(_) | Value::Symbol(_) => Ok(super::expr::undecided(&wanted, origin)),
                _ => Err(self.raise(
                    "ValueError",
                    format!("{wanted:?} is no {}", class.name),
                    origin,
                )),
            };
        }
        if let Some((Value::Function(function), owner)) = class.find("__new__") {
            let owner = Rc::clone(owner);
            let receiver = Value::Class(Rc::clone(class));
            let given = args.clone();
            let made =
                self.call_function(host, &function, Some(receiver), Some(owner), args, origin)?;
            // What `__new__` makes of the class is then told the same arguments.
            if let (Value::Instance(instance), Some((Value::Function(function), owner))) =
                (&made, class.find("__init__"))
                && Rc::ptr_eq(&instance.class, class)
            {
                let (owner, receiver) = (Rc::clone(owner), made.clone());
                self.call_function(host, &function, Some(receiver), Some(owner), given, origin)?;
            }
            return Ok(made);
        }
        let instance = Rc::new(Instance {
            class: Rc::clone(class),
            attributes: RefCell::default(),
            args: args.clone(),
            origin,
            serial: self.serial(),
        });
        let value = Value::Instance(Rc::clone(&instance));
        if let Some((Value::Function(function), owner)) = class.find("__init__") {
            let owner = Rc::clone(owner);
            self.call_function(host, &function, Some(value.clone()), Some(owner), args, origin)?;
        } else {
            self.fill_fields(host, class, &instance, &args, origin)?;
        }
        Ok(value)
    }

    /// The fields of a data class or a named tuple take the arguments in order.
    fn fill_fields(
        &mut self,
        host: &mut dyn Host,
        class: &Rc<Class>,
        instance: &Rc<Instance>,
        args: &Args,
        origin: Origin,
    ) -> Eval<()> {
        let mut fields: Vec<String> = Vec::new();
        let lineage: Vec<Rc<Class>> = class.lineage().map(Rc::clone).collect();
        for class in lineage.iter().rev() {
            for annotation in class.annotations.borrow().iter() {
                if !fields.contains(&annotation.name) {
                    fields.push(annotation.name.clone());
                }
            }
        }
        let mut values = Vec::new();
        for (at, field) in fields.iter().enumerate() {
            let given = args.get(at, field).map(|arg| arg.value.clone());
            let value = match given {
                Some(value) => Some(value),
                None => match class.find(field) {
                    Some((default, _)) => Some(self.field_default(host, default, origin)?),
                    None => None,
                },
            };
            if let Some(value) = value {
                values.push(value.clone());
                instance.attributes.borrow_mut().insert(field.clone(), value);
            }
        }
        if class.extends(&["NamedTuple"]) {
            instance.attributes.borrow_mut().insert("_values_".to_owned(), Value::tuple(values));
        }
        Ok(())
    }

    /// `field(default=…)` and `field(default_factory=…)` of `dataclasses`.
    fn field_default(&mut self, host: &mut dyn Host, value: Value, origin: Origin) -> Eval<Value> {
        let Some((callee, args)) = value.call() else { return Ok(value) };
        if callee.last_name() != Some("field") {
            return Ok(value);
        }
        if let Some(default) = args.named("default") {
            return Ok(default.value.clone());
        }
        match args.named("default_factory") {
            Some(factory) => {
                let factory = factory.value.clone();
                self.call(host, &factory, Args::default(), origin)
            }
            None => Ok(Value::None),
        }
    }

    /// An attribute of a value.
    pub(crate) fn attribute(
        &mut self,
        host: &mut dyn Host,
        object: &Value,
        name: &str,
        origin: Origin,
    ) -> Eval<Value> {
        self.tick()?;
        match object {
            Value::Unknown(_) => Ok(object.clone()),
            Value::Module(module) => {
                let module = Rc::clone(module);
                let found = self.member(host, &module, name, origin);
                Ok(found.unwrap_or_else(|| match name {
                    "__name__" => Value::str(module.name.as_str()),
                    _ => Value::unknown(
                        format!("the module `{}` has no `{name}`", module.name),
                        origin,
                    ),
                }))
            }
            Value::Class(class) => self.class_attribute(host, class, name, origin),
            Value::Instance(instance) => {
                self.instance_attribute(host, object, instance, name, origin)
            }
            Value::Super(it) => {
                let (receiver, after) = (&it.0, &it.1);
                let class = match receiver {
                    Value::Instance(instance) => Rc::clone(&instance.class),
                    Value::Class(class) => Rc::clone(class),
                    _ => return Ok(Value::unknown("`super()` of no instance", origin)),
                };
                let lineage: Vec<Rc<Class>> = class.lineage().map(Rc::clone).collect();
                let rest = lineage.iter().skip_while(|class| !Rc::ptr_eq(class, after)).skip(1);
                for class in rest {
                    let found = class.attributes.borrow().get(name).map(|it| it.value.clone());
                    if let Some(value) = found {
                        let owner = Some(Rc::clone(class));
                        if let Value::Function(function) = &value
                            && function.is_decorated(DECLARED)
                        {
                            let function = Rc::clone(function);
                            let receiver = Some(receiver.clone());
                            return self.call_function(
                                host,
                                &function,
                                receiver,
                                owner,
                                Args::default(),
                                origin,
                            );
                        }
                        return Ok(bind_method(value, receiver.clone(), owner));
                    }
                }
                // What a library's base has (`metadata`, `registry`).
                if let (Value::Class(_), Some(value)) =
                    (receiver, host.attribute(self, receiver, name))
                {
                    return Ok(value);
                }
                // What the instance of a library's class is made with.
                if let (Value::Instance(_), "__init__") = (receiver, name) {
                    return Ok(Value::BuiltinMethod(Rc::new((
                        receiver.clone(),
                        LIBRARY_INIT.to_owned(),
                    ))));
                }
                if name == "__new__" {
                    let object = Value::Builtin("object");
                    return Ok(Value::BuiltinMethod(Rc::new((object, name.to_owned()))));
                }
                // A method of a library's base: nothing of it is known, and it builds nothing here.
                Ok(Value::Builtin(match name {
                    "__table_args__" => {
                        return Err(self.raise("AttributeError", name.to_owned(), origin));
                    }
                    _ => "nothing",
                }))
            }
            Value::Symbol(symbol) => {
                if let Some(value) = host.attribute(self, object, name) {
                    return Ok(value);
                }
                if let Some(value) = self.library_attribute(object, name, origin) {
                    return Ok(value);
                }
                Ok(match &symbol.kind {
                    SymbolKind::Name(path) => self.name(format!("{path}.{name}"), origin),
                    _ => {
                        self.symbol(SymbolKind::Attribute(object.clone(), name.to_owned()), origin)
                    }
                })
            }
            Value::Function(function) => Ok(match name {
                "__name__" => Value::str(function.def.name.as_str()),
                "__doc__" => Value::None,
                _ => self.symbol(SymbolKind::Attribute(object.clone(), name.to_owned()), origin),
            }),
            Value::Builtin(builtin) => Ok(match name {
                "__name__" => Value::str(*builtin),
                _ => Value::BuiltinMethod(Rc::new((object.clone(), name.to_owned()))),
            }),
            _ => Ok(Value::BuiltinMethod(Rc::new((object.clone(), name.to_owned())))),
        }
    }

    fn class_attribute(
        &mut self,
        host: &mut dyn Host,
        class: &Rc<Class>,
        name: &str,
        origin: Origin,
    ) -> Eval<Value> {
        // What the body assigns to it is its instances'.
        if name == "__name__" {
            return Ok(Value::str(class.name.as_str()));
        }
        if let Some((value, owner)) = class.find(name) {
            let owner = Some(Rc::clone(owner));
            if let Value::Function(function) = &value {
                if function.is_decorated(&["classmethod"]) {
                    return Ok(bind_method(value, Value::Class(Rc::clone(class)), owner));
                }
                // A declared attribute of a class is what its function gives for the class.
                if function.is_decorated(&[
                    "declared_attr",
                    "hybrid_property",
                    "directive",
                    "cascading",
                    "classproperty",
                ]) {
                    let receiver = Value::Class(Rc::clone(class));
                    let function = Rc::clone(function);
                    return self.call_function(
                        host,
                        &function,
                        Some(receiver),
                        owner,
                        Args::default(),
                        origin,
                    );
                }
            }
            // A column of a class is the class's, whichever mixin wrote it.
            let column = value.call().and_then(|(callee, _)| callee.last_name());
            if matches!(column, Some("mapped_column" | "Column")) {
                let object = Value::Class(Rc::clone(class));
                return Ok(self.symbol(SymbolKind::Attribute(object, name.to_owned()), origin));
            }
            return Ok(value);
        }
        Ok(match name {
            "__qualname__" => Value::str(class.name.as_str()),
            "__module__" => Value::str(class.module.as_str()),
            "__doc__" => class.docstring.clone().map_or(Value::None, Value::Str),
            "__mro__" => {
                Value::tuple(class.lineage().map(|class| Value::Class(Rc::clone(class))).collect())
            }
            "__bases__" => Value::tuple(class.bases.clone()),
            "__members__" if class.is_enum() => {
                let members = class.members().into_iter();
                Value::dict(members.filter_map(|member| {
                    let name = match &member {
                        Value::Instance(instance) => {
                            instance.attributes.borrow().get("_name_").cloned()
                        }
                        _ => None,
                    };
                    Some((name?, member))
                }))
            }
            "__annotations__" => Value::dict(class.annotations.borrow().iter().map(|annotation| {
                let value = Value::unknown("an annotation", annotation.origin);
                (Value::str(annotation.name.as_str()), value)
            })),
            _ => {
                let object = Value::Class(Rc::clone(class));
                if let Some(value) = host.attribute(self, &object, name) {
                    return Ok(value);
                }
                if class.external.is_empty() {
                    let message = format!("`{}` has no attribute `{name}`", class.name);
                    return Err(self.raise("AttributeError", message, origin));
                }
                self.symbol(SymbolKind::Attribute(object, name.to_owned()), origin)
            }
        })
    }

    fn instance_attribute(
        &mut self,
        host: &mut dyn Host,
        object: &Value,
        instance: &Rc<Instance>,
        name: &str,
        origin: Origin,
    ) -> Eval<Value> {
        let own = instance.attributes.borrow().get(name).cloned();
        if let Some(value) = own {
            return Ok(value);
        }
        if let Some((value, owner)) = instance.class.find(name) {
            let owner = Some(Rc::clone(owner));
            if let Value::Function(function) = &value {
                let properties = ["property", "cached_property", "hybrid_property"];
                if function.is_decorated(&properties) {
                    let function = Rc::clone(function);
                    return self.call_function(
                        host,
                        &function,
                        Some(object.clone()),
                        owner,
                        Args::default(),
                        origin,
                    );
                }
                if function.is_decorated(&["staticmethod"]) {
                    return Ok(value);
                }
                if function.is_decorated(&["classmethod"]) {
                    let receiver = Value::Class(Rc::clone(&instance.class));
                    return Ok(bind_method(value, receiver, owner));
                }
            }
            return Ok(bind_method(value, object.clone(), owner));
        }
        Ok(match name {
            "name" if instance.class.is_enum() => {
                instance.attributes.borrow().get("_name_").cloned().unwrap_or(Value::None)
            }
            "value" if instance.class.is_enum() => {
                instance.attributes.borrow().get("_value_").cloned().unwrap_or(Value::None)
            }
            "__class__" => Value::Class(Rc::clone(&instance.class)),
            "__dict__" => {
                let attributes = instance.attributes.borrow();
                Value::dict(
                    attributes
                        .iter()
                        .map(|(name, value)| (Value::str(name.as_str()), value.clone())),
                )
            }
            _ if instance.class.is_string_enum() => {
                let value = enum_value(object).unwrap_or(Value::None);
                return self.attribute(host, &value, name, origin);
            }
            _ if instance.class.external.is_empty() => {
                let message = format!("`{}` has no attribute `{name}`", instance.class.name);
                return Err(self.raise("AttributeError", message, origin));
            }
            _ => match host.attribute(self, object, name) {
                Some(value) => value,
                None => self.symbol(SymbolKind::Attribute(object.clone(), name.to_owned()), origin),
            },
        })
    }

    /// Whether an exception says that something is not there.
    pub(super) fn is_missing(stop: &Stop) -> bool {
        match stop {
            Stop::Raise(value) => {
                value.call().is_some_and(|(callee, _)| callee.last_name() == Some("AttributeError"))
            }
            Stop::Limit => false,
        }
    }
}

/// A function found in a class becomes a method of the receiver.
fn bind_method(value: Value, receiver: Value, owner: Option<Rc<Class>>) -> Value {
    match value {
        Value::Function(function) => {
            Value::Method(Rc::new(super::value::Method { function, receiver, owner }))
        }
        other => other,
    }
}
