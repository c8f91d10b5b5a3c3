//! Classes: their bodies, their method resolution order, enumerations.

use std::cell::RefCell;
use std::rc::Rc;

use schemaward_catalog::Origin;

use super::{Arg, Class, Eval, Frame, Function, Host, Instance, Interp, Scope, ScopeKind, Value};
use crate::syntax::{ClassDef, ExprKind, StmtKind};
use crate::text::Text;

/// Ancestors of one class.
const MAX_ANCESTORS: usize = 100;

impl Interp<'_> {
    /// Runs a class statement.
    pub(super) fn class(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        def: &Rc<ClassDef>,
    ) -> Eval<Value> {
        let origin = frame.origin(def.span);
        let name_origin = frame.origin(def.name_span);
        let mut decorators = Vec::new();
        for decorator in &def.decorators {
            decorators.push(self.expr(host, frame, decorator)?);
        }
        let mut bases = Vec::new();
        let mut keywords = super::Args::default();
        for argument in self.arguments(host, frame, &def.arguments)?.list {
            match argument.name {
                None => {
                    // `declarative_base(cls=…)` hands on what that class has.
                    let given = argument.value.call().and_then(|(_, args)| args.named("cls"));
                    let given = given.map(|arg| arg.value.clone());
                    bases.push(argument.value);
                    bases.extend(given.filter(|value| matches!(value, Value::Class(_))));
                }
                Some(_) => keywords.list.push(argument),
            }
        }
        let scope = Scope::new(ScopeKind::Class, Some(Rc::clone(&frame.scope)));
        scope.names.borrow_mut().insert("__qualname__".to_owned(), Value::str(def.name.as_str()));
        let inner = Frame { scope: Rc::clone(&scope), receiver: None, ..frame.clone() };
        self.block(host, &inner, &def.body)?;

        let key = Rc::as_ptr(&scope) as usize;
        let annotations = self.annotated.borrow_mut().remove(&key).unwrap_or_default();
        let named = self.named.borrow_mut().remove(&key).unwrap_or_default();
        let mut attributes = super::value::Attributes::default();
        for (name, origin) in named {
            if let Some(value) = scope.own(&name) {
                attributes.set(&name, value, origin);
            }
        }
        // What a loop, an import or a condition in the body binds comes after what it assigns.
        for (name, value) in scope.names.borrow().iter() {
            if name != "__qualname__" && attributes.get(name).is_none() {
                attributes.set(name, value.clone(), origin);
            }
        }
        let (mut ancestors, external, linear) = resolution(&bases);
        if ancestors.len() > MAX_ANCESTORS {
            ancestors.truncate(MAX_ANCESTORS);
            self.note(name_origin, format!("`{}` has too many ancestors", def.name), true);
        }
        if !linear {
            let message = format!(
                "the bases of `{}` have no consistent order; they are taken as they come",
                def.name
            );
            self.note(name_origin, message, false);
        }
        let docstring = match def.body.first().map(|first| &first.kind) {
            Some(StmtKind::Expr(expr)) => match &expr.kind {
                ExprKind::Str(parts) => {
                    let mut text = Text::default();
                    for part in parts {
                        text.push(&Text::written(
                            part.value.as_str(),
                            frame.origin(part.span),
                            part.verbatim,
                        ));
                    }
                    Some(Rc::new(text))
                }
                _ => None,
            },
            _ => None,
        };
        let module = frame.scope.find("__name__");
        let class = Rc::new(Class {
            name: def.name.clone(),
            module: module.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned(),
            serial: self.serial(),
            bases,
            ancestors,
            external,
            keywords,
            decorators,
            attributes: RefCell::new(attributes),
            annotations: RefCell::new(annotations),
            scope,
            docstring,
            origin,
            name_origin,
        });
        if class.is_enum() {
            self.make_members(host, &class);
        }
        self.classes.push(Rc::clone(&class));
        self.init_subclass(host, &class, origin)?;
        host.class(self, &class);
        // A decorator that is a function of the project may hand back another class; what it does to
        // this one is what counts here.
        for decorator in class.decorators.clone().into_iter().rev() {
            if matches!(decorator, Value::Function(_) | Value::Method(_)) {
                let arg = super::Arg { name: None, value: Value::Class(Rc::clone(&class)), origin };
                let args = super::Args { list: vec![arg], more: false };
                self.call(host, &decorator, args, origin)?;
            }
        }
        Ok(Value::Class(class))
    }

    /// The class that `type(name, bases, attributes)` makes.
    pub(super) fn class_of(
        &mut self,
        host: &mut dyn Host,
        name: &Text,
        bases: Vec<Value>,
        given: Vec<(Value, Value)>,
        origin: Origin,
    ) -> Eval<Value> {
        let scope = Scope::new(ScopeKind::Class, None);
        let mut attributes = super::value::Attributes::default();
        for (key, value) in given {
            if let Some(key) = key.as_str() {
                let at = value.symbol().map_or(origin, |symbol| symbol.origin);
                attributes.set(key, value, at);
            }
        }
        let (mut ancestors, external, _) = resolution(&bases);
        ancestors.truncate(MAX_ANCESTORS);
        let class = Rc::new(Class {
            name: name.as_str().to_owned(),
            module: String::new(),
            serial: self.serial(),
            bases,
            ancestors,
            external,
            keywords: super::Args::default(),
            decorators: Vec::new(),
            attributes: RefCell::new(attributes),
            annotations: RefCell::default(),
            scope,
            docstring: None,
            origin,
            name_origin: name.origin().unwrap_or(origin),
        });
        self.classes.push(Rc::clone(&class));
        self.init_subclass(host, &class, origin)?;
        host.class(self, &class);
        Ok(Value::Class(class))
    }

    /// Runs `__init_subclass__` of the nearest ancestor that has one.
    fn init_subclass(
        &mut self,
        host: &mut dyn Host,
        class: &Rc<Class>,
        origin: Origin,
    ) -> Eval<()> {
        let found = class.ancestors.iter().find_map(|ancestor| {
            let value =
                ancestor.attributes.borrow().get("__init_subclass__").map(|it| it.value.clone())?;
            Some((value, Rc::clone(ancestor)))
        });
        if let Some((Value::Function(function), owner)) = found {
            let receiver = Value::Class(Rc::clone(class));
            let args = class.keywords.clone();
            self.call_function(host, &function, Some(receiver), Some(owner), args, origin)?;
        }
        Ok(())
    }

    /// The plain attributes of an enumeration become its members.
    fn make_members(&mut self, host: &mut dyn Host, class: &Rc<Class>) {
        let constructor = match class.find("__new__") {
            Some((Value::Function(function), owner)) => Some((function, Rc::clone(owner))),
            _ => None,
        };
        let plain: Vec<(String, Value, Origin)> = class
            .attributes
            .borrow()
            .iter()
            .filter(|(name, attribute)| {
                !name.starts_with('_')
                    && !matches!(attribute.value, Value::Function(_) | Value::Class(_))
            })
            .map(|(name, attribute)| (name.to_owned(), attribute.value.clone(), attribute.origin))
            .collect();
        let mut last = 0;
        for (name, value, origin) in plain {
            let value = match &value {
                // `auto()`: the lower case name, or the next number.
                Value::Symbol(_)
                    if value
                        .call()
                        .is_some_and(|(callee, _)| callee.last_name() == Some("auto")) =>
                {
                    if class.extends(&["StrEnum"]) {
                        Value::str(name.to_lowercase())
                    } else {
                        Value::Int(last + 1)
                    }
                }
                other => other.clone(),
            };
            if let Value::Int(number) = value {
                last = number;
            }
            if let Some((function, owner)) = &constructor
                && let Some(member) =
                    self.new_member(host, class, (function, owner), &value, origin)
            {
                if let Value::Instance(instance) = &member {
                    let name = Value::str(name.as_str());
                    instance.attributes.borrow_mut().insert("_name_".to_owned(), name);
                }
                class.attributes.borrow_mut().set(&name, member, origin);
                continue;
            }
            let instance = Instance {
                class: Rc::clone(class),
                attributes: RefCell::default(),
                args: super::Args::default(),
                origin,
                serial: self.serial(),
            };
            instance.attributes.borrow_mut().insert("_name_".to_owned(), Value::str(name.as_str()));
            instance.attributes.borrow_mut().insert("_value_".to_owned(), value);
            let member = Value::Instance(Rc::new(instance));
            class.attributes.borrow_mut().set(&name, member, origin);
        }
    }
}

impl Interp<'_> {
    /// A member of an enumeration whose own `__new__` says what its value is.
    fn new_member(
        &mut self,
        host: &mut dyn Host,
        class: &Rc<Class>,
        (function, owner): (&Rc<Function>, &Rc<Class>),
        value: &Value,
        origin: Origin,
    ) -> Option<Value> {
        let given = match value {
            Value::Tuple(parts) => parts.to_vec(),
            other => vec![other.clone()],
        };
        let list = given.iter().map(|value| Arg { name: None, value: value.clone(), origin });
        let args = super::Args { list: list.collect(), more: false };
        let receiver = Some(Value::Class(Rc::clone(class)));
        let made =
            self.call_function(host, function, receiver, Some(Rc::clone(owner)), args, origin);
        let Ok(Value::Instance(made)) = made else { return None };
        if !Rc::ptr_eq(&made.class, class) {
            return None;
        }
        // Without a word about it, the value is what the type mixed in makes of the arguments.
        let mixed = class.extends(&["str", "int", "float", "StrEnum", "IntEnum"]);
        let otherwise = match given.first() {
            Some(first) if mixed => first.clone(),
            _ => value.clone(),
        };
        made.attributes.borrow_mut().entry("_value_".to_owned()).or_insert(otherwise);
        Some(Value::Instance(made))
    }
}

impl Class {
    /// The members of an enumeration, in order; another name of a member is none of its own.
    pub(crate) fn members(&self) -> Vec<Value> {
        let attributes = self.attributes.borrow();
        let mut seen = Vec::new();
        let mut members = Vec::new();
        for (_, attribute) in attributes.iter() {
            if let Value::Instance(instance) = &attribute.value
                && let Some(value) = instance.attributes.borrow().get("_value_")
            {
                let key = value.key();
                if key.is_none() || !seen.contains(&key) {
                    seen.push(key);
                    members.push(attribute.value.clone());
                }
            }
        }
        members
    }
}

/// The ancestors of a class with these bases, by the C3 linearisation that Python uses (Barrett et
/// al., "A Monotonic Superclass Linearization for Dylan"); the bases of libraries; and whether such
/// an order exists. Where it does not, each ancestor stands where it comes first.
fn resolution(bases: &[Value]) -> (Vec<Rc<Class>>, Vec<Value>, bool) {
    let own: Vec<Rc<Class>> = bases
        .iter()
        .filter_map(|base| match base {
            Value::Class(class) => Some(Rc::clone(class)),
            _ => None,
        })
        .collect();
    let mut external: Vec<Value> = Vec::new();
    for base in bases {
        match base {
            Value::Class(class) => {
                for value in &class.external {
                    push_external(&mut external, value);
                }
            }
            other => push_external(&mut external, other),
        }
    }
    let mut lists: Vec<Vec<Rc<Class>>> =
        own.iter().map(|class| class.lineage().map(Rc::clone).collect()).collect();
    lists.push(own.clone());
    let mut merged: Vec<Rc<Class>> = Vec::new();
    let mut linear = true;
    loop {
        lists.retain(|list| !list.is_empty());
        if lists.is_empty() {
            return (merged, external, linear);
        }
        let heads = lists.iter().filter_map(|list| list.first());
        let free = heads.clone().find(|head| {
            !lists.iter().any(|list| list.iter().skip(1).any(|class| Rc::ptr_eq(class, head)))
        });
        linear &= free.is_some();
        let Some(next) =
            free.or_else(|| lists.first().and_then(|list| list.first())).map(Rc::clone)
        else {
            return (merged, external, linear);
        };
        for list in &mut lists {
            list.retain(|class| !Rc::ptr_eq(class, &next));
        }
        merged.push(next);
    }
}

fn push_external(list: &mut Vec<Value>, value: &Value) {
    let known = list.iter().any(|other| super::operate::identical(other, value));
    if !known && !matches!(value, Value::Builtin("object")) {
        list.push(value.clone());
    }
}
