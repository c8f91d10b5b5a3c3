//! What Python expressions evaluate to.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use schemaward_catalog::{Origin, SourceId};

use crate::syntax::{Expr, FunctionDef};
use crate::text::Text;

/// A value of Python, or what stands for one that the text does not settle.
#[derive(Clone)]
pub(crate) enum Value {
    None,
    Ellipsis,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Rc<Text>),
    Bytes(Rc<[u8]>),
    List(Rc<RefCell<Items>>),
    Tuple(Rc<Items>),
    Dict(Rc<RefCell<Dict>>),
    Set(Rc<RefCell<Dict>>),
    Function(Rc<Function>),
    Method(Rc<Method>),
    Class(Rc<Class>),
    Instance(Rc<Instance>),
    Module(Rc<ModuleValue>),
    /// A function or type of the language itself, by name.
    Builtin(&'static str),
    /// A method of a value of the language itself (`", ".join`).
    BuiltinMethod(Rc<(Value, String)>),
    /// `super()`: the receiver, and the class after which its method is looked for.
    Super(Rc<(Value, Rc<Class>)>),
    /// Something of a library: a record of what was done with it.
    Symbol(Rc<Symbol>),
    /// Not settled by the text.
    Unknown(Rc<Unknown>),
}

/// The items of a list or tuple.
#[derive(Default)]
pub(crate) struct Items(pub(crate) Vec<Value>);

impl std::ops::Deref for Items {
    type Target = Vec<Value>;

    fn deref(&self) -> &Vec<Value> {
        &self.0
    }
}

impl std::ops::DerefMut for Items {
    fn deref_mut(&mut self) -> &mut Vec<Value> {
        &mut self.0
    }
}

/// Why a value is not known.
#[derive(Debug)]
pub(crate) struct Unknown {
    pub(crate) reason: String,
    pub(crate) origin: Origin,
    /// Of a string that is put together: its known parts, with [`GAP`] where the others are.
    pub(crate) text: Option<Rc<Text>>,
}

/// What stands for an unknown part in a string of which the others are known.
pub(crate) const GAP: &str = "\u{fffd}";

/// Something of a library.
pub(crate) struct Symbol {
    pub(crate) kind: SymbolKind,
    pub(crate) origin: Origin,
    /// Symbols in the order in which they were made.
    pub(crate) serial: u32,
}

/// How something of a library came about.
pub(crate) enum SymbolKind {
    /// A dotted name that an import gave.
    Name(String),
    Attribute(Value, String),
    Call(Value, Args),
    Subscript(Value, Value),
    Binary(&'static str, Value, Value),
    Unary(&'static str, Value),
}

/// The arguments of a call.
#[derive(Clone, Default)]
pub(crate) struct Args {
    pub(crate) list: Vec<Arg>,
    /// Whether there are others that could not be told (`**unknown`).
    pub(crate) more: bool,
}

/// One argument.
#[derive(Clone)]
pub(crate) struct Arg {
    /// Its name, where it was passed by name.
    pub(crate) name: Option<String>,
    pub(crate) value: Value,
    pub(crate) origin: Origin,
}

impl Args {
    pub(crate) fn positional(&self) -> impl Iterator<Item = &Arg> {
        self.list.iter().filter(|arg| arg.name.is_none())
    }

    pub(crate) fn at(&self, index: usize) -> Option<&Arg> {
        self.positional().nth(index)
    }

    pub(crate) fn named(&self, name: &str) -> Option<&Arg> {
        self.list.iter().find(|arg| arg.name.as_deref() == Some(name))
    }

    /// The argument that a signature has at `index` under `name`.
    pub(crate) fn get(&self, index: usize, name: &str) -> Option<&Arg> {
        self.named(name).or_else(|| self.at(index))
    }

    pub(crate) fn value(&self, index: usize, name: &str) -> Option<&Value> {
        self.get(index, name).map(|arg| &arg.value)
    }

    pub(crate) fn keywords(&self) -> impl Iterator<Item = (&str, &Arg)> {
        self.list.iter().filter_map(|arg| Some((arg.name.as_deref()?, arg)))
    }
}

/// A function, a lambda or what a decorator left of one.
pub(crate) struct Function {
    pub(crate) def: Rc<FunctionDef>,
    pub(crate) closure: Rc<Scope>,
    /// The defaults, by parameter.
    pub(crate) defaults: Vec<Option<Value>>,
    /// Its decorators that are no functions of the project, the outermost first.
    pub(crate) decorators: Vec<Value>,
    pub(crate) source: SourceId,
    pub(crate) serial: u32,
}

impl Function {
    /// Whether a decorator's last name is one of these.
    pub(crate) fn is_decorated(&self, names: &[&str]) -> bool {
        self.decorators.iter().any(|decorator| {
            decorator.last_name().is_some_and(|name| names.contains(&name))
                || matches!(decorator, Value::Symbol(symbol)
                    if matches!(&symbol.kind, SymbolKind::Call(callee, _)
                        if callee.last_name().is_some_and(|name| names.contains(&name))))
        })
    }
}

/// A function with its receiver.
pub(crate) struct Method {
    pub(crate) function: Rc<Function>,
    pub(crate) receiver: Value,
    /// The class it was found in.
    pub(crate) owner: Option<Rc<Class>>,
}

/// A class of the project.
pub(crate) struct Class {
    pub(crate) name: String,
    /// The dotted name of its module.
    pub(crate) module: String,
    pub(crate) serial: u32,
    pub(crate) bases: Vec<Value>,
    /// Its ancestors among the project's classes, in method resolution order.
    pub(crate) ancestors: Vec<Rc<Class>>,
    /// Bases of libraries, its own and its ancestors'.
    pub(crate) external: Vec<Value>,
    pub(crate) keywords: Args,
    pub(crate) decorators: Vec<Value>,
    pub(crate) attributes: RefCell<Attributes>,
    pub(crate) annotations: RefCell<Vec<Annotation>>,
    /// The scope in which its annotations mean something.
    pub(crate) scope: Rc<Scope>,
    pub(crate) docstring: Option<Rc<Text>>,
    /// The whole statement.
    pub(crate) origin: Origin,
    pub(crate) name_origin: Origin,
}

impl Class {
    /// The class and its ancestors, in method resolution order.
    pub(crate) fn lineage(self: &Rc<Self>) -> impl Iterator<Item = &Rc<Self>> {
        std::iter::once(self).chain(&self.ancestors)
    }

    /// The attribute and the class of the lineage that has it.
    pub(crate) fn find(self: &Rc<Self>, name: &str) -> Option<(Value, &Rc<Self>)> {
        self.lineage().find_map(|class| {
            let value = class.attributes.borrow().get(name).map(|found| found.value.clone())?;
            Some((value, class))
        })
    }

    /// Whether a base of a library has one of these last names.
    pub(crate) fn extends(&self, names: &[&str]) -> bool {
        self.external.iter().any(|base| base.last_name().is_some_and(|name| names.contains(&name)))
    }
}

/// The attributes of a class, in the order in which they were first set.
#[derive(Default)]
pub(crate) struct Attributes {
    pub(crate) order: Vec<String>,
    map: BTreeMap<String, Attribute>,
}

/// An attribute of a class.
#[derive(Clone)]
pub(crate) struct Attribute {
    pub(crate) value: Value,
    /// The statement that set it.
    pub(crate) origin: Origin,
}

impl Attributes {
    pub(crate) fn get(&self, name: &str) -> Option<&Attribute> {
        self.map.get(name)
    }

    pub(crate) fn set(&mut self, name: &str, value: Value, origin: Origin) {
        let before = self.map.insert(name.to_owned(), Attribute { value, origin });
        if before.is_none() {
            self.order.push(name.to_owned());
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Attribute)> {
        self.order.iter().filter_map(|name| Some((name.as_str(), self.map.get(name)?)))
    }

    pub(crate) fn clear(&mut self) {
        self.order.clear();
        self.map.clear();
    }
}

/// An annotated name in a class.
#[derive(Clone)]
pub(crate) struct Annotation {
    pub(crate) name: String,
    /// What stands after the colon, not evaluated.
    pub(crate) written: Rc<Expr>,
    /// The whole statement.
    pub(crate) origin: Origin,
}

/// An instance of a class of the project.
pub(crate) struct Instance {
    pub(crate) class: Rc<Class>,
    pub(crate) attributes: RefCell<BTreeMap<String, Value>>,
    pub(crate) args: Args,
    pub(crate) origin: Origin,
    pub(crate) serial: u32,
}

/// A module of the project.
pub(crate) struct ModuleValue {
    /// Its dotted name.
    pub(crate) name: String,
    pub(crate) scope: Rc<Scope>,
    /// The index of its file; `None` for a folder without `__init__.py`.
    pub(crate) file: Option<usize>,
}

/// Names and what they are bound to.
pub(crate) struct Scope {
    pub(crate) names: RefCell<BTreeMap<String, Value>>,
    pub(crate) parent: Option<Rc<Scope>>,
    /// Names declared `global` or `nonlocal`.
    pub(crate) outer: RefCell<BTreeSet<String>>,
    /// Libraries from which everything was imported.
    pub(crate) star: RefCell<Vec<String>>,
    pub(crate) kind: ScopeKind,
}

/// What a scope belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScopeKind {
    Module,
    Class,
    Function,
}

impl Scope {
    pub(crate) fn new(kind: ScopeKind, parent: Option<Rc<Scope>>) -> Rc<Self> {
        Rc::new(Self {
            names: RefCell::default(),
            parent,
            outer: RefCell::default(),
            star: RefCell::default(),
            kind,
        })
    }

    pub(crate) fn own(&self, name: &str) -> Option<Value> {
        self.names.borrow().get(name).cloned()
    }

    /// What a name means here and in the scopes around.
    pub(crate) fn find(&self, name: &str) -> Option<Value> {
        let mut scope = Some(self);
        while let Some(here) = scope {
            if let Some(value) = here.own(name) {
                return Some(value);
            }
            scope = here.parent.as_deref();
        }
        None
    }

    /// Binds a name, in the scope that a `global` or `nonlocal` statement points to if there is one.
    pub(crate) fn set(&self, name: &str, value: Value) {
        if self.outer.borrow().contains(name) {
            let mut scope = self.parent.as_deref();
            while let Some(here) = scope {
                if here.names.borrow().contains_key(name) || here.parent.is_none() {
                    here.names.borrow_mut().insert(name.to_owned(), value);
                    return;
                }
                scope = here.parent.as_deref();
            }
            return;
        }
        self.names.borrow_mut().insert(name.to_owned(), value);
    }
}

/// A dictionary, or (with values that say nothing) a set: in the order of insertion.
#[derive(Default)]
pub(crate) struct Dict {
    pub(super) entries: Vec<(Value, Value)>,
    index: BTreeMap<Key, usize>,
}

/// What makes two keys the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    None,
    Int(i64),
    Float(u64),
    Str(String),
    Bytes(Vec<u8>),
    Tuple(Vec<Key>),
    /// A builtin by name.
    Builtin(&'static str),
    /// A dotted name of a library.
    Name(String),
    /// An object by its number or place in memory.
    Object(&'static str, usize),
}

impl Dict {
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn get(&self, key: &Value) -> Option<&Value> {
        let at = self.index.get(&key.key()?)?;
        self.entries.get(*at).map(|(_, value)| value)
    }

    /// A value by a key that is a string.
    pub(crate) fn get_str(&self, key: &str) -> Option<&Value> {
        let at = self.index.get(&Key::Str(key.to_owned()))?;
        self.entries.get(*at).map(|(_, value)| value)
    }

    /// Sets a value; nothing happens for a key that cannot be one.
    pub(crate) fn set(&mut self, key: Value, value: Value) {
        let Some(hash) = key.key() else { return };
        if let Some((_, place)) = self.index.get(&hash).and_then(|at| self.entries.get_mut(*at)) {
            *place = value;
        } else {
            self.index.insert(hash, self.entries.len());
            self.entries.push((key, value));
        }
    }

    pub(crate) fn remove(&mut self, key: &Value) -> Option<Value> {
        let at = self.index.remove(&key.key()?)?;
        let (_, value) = self.entries.remove(at);
        for place in self.index.values_mut() {
            *place -= usize::from(*place > at);
        }
        Some(value)
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.index.clear();
    }

    pub(crate) fn entries(&self) -> &[(Value, Value)] {
        &self.entries
    }

    pub(crate) fn keys(&self) -> Vec<Value> {
        self.entries.iter().map(|(key, _)| key.clone()).collect()
    }
}

impl Value {
    pub(crate) fn str(value: impl Into<Text>) -> Self {
        Self::Str(Rc::new(value.into()))
    }

    pub(crate) fn list(values: Vec<Value>) -> Self {
        Self::List(Rc::new(RefCell::new(Items(values))))
    }

    pub(crate) fn tuple(values: Vec<Value>) -> Self {
        Self::Tuple(Rc::new(Items(values)))
    }

    pub(crate) fn dict(entries: impl IntoIterator<Item = (Value, Value)>) -> Self {
        let mut dict = Dict::default();
        for (key, value) in entries {
            dict.set(key, value);
        }
        Self::Dict(Rc::new(RefCell::new(dict)))
    }

    pub(crate) fn set(values: impl IntoIterator<Item = Value>) -> Self {
        let mut dict = Dict::default();
        for value in values {
            if dict.get(&value).is_none() {
                dict.set(value, Value::None);
            }
        }
        Self::Set(Rc::new(RefCell::new(dict)))
    }

    pub(crate) fn unknown(reason: impl Into<String>, origin: Origin) -> Self {
        Self::Unknown(Rc::new(Unknown { reason: reason.into(), origin, text: None }))
    }

    /// What is not known of a string, `self`, as a part of a string of which `text` is known.
    pub(crate) fn in_text(&self, text: Text, origin: Origin) -> Self {
        let (reason, origin) = match self {
            Self::Unknown(unknown) => (unknown.reason.clone(), unknown.origin),
            other => (format!("{other:?} is not decided by the text"), origin),
        };
        Self::Unknown(Rc::new(Unknown { reason, origin, text: Some(Rc::new(text)) }))
    }

    /// The known parts of a string.
    pub(crate) fn known_text(&self) -> Option<Text> {
        match self {
            Self::Str(text) => Some(Text::clone(text)),
            Self::Unknown(unknown) => {
                Some(unknown.text.as_deref().cloned().unwrap_or_else(|| Text::from(GAP)))
            }
            _ => None,
        }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        self.text().map(Text::as_str)
    }

    pub(crate) fn text(&self) -> Option<&Text> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn symbol(&self) -> Option<&Rc<Symbol>> {
        match self {
            Self::Symbol(symbol) => Some(symbol),
            _ => None,
        }
    }

    pub(crate) fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// The callee and the arguments of what a call of a library made.
    pub(crate) fn call(&self) -> Option<(&Value, &Args)> {
        match &self.symbol()?.kind {
            SymbolKind::Call(callee, args) => Some((callee, args)),
            _ => None,
        }
    }

    /// The whole dotted name of something of a library.
    pub(crate) fn path(&self) -> Option<&str> {
        match self {
            Self::Symbol(symbol) => match &symbol.kind {
                SymbolKind::Name(path) => Some(path),
                _ => None,
            },
            _ => None,
        }
    }

    /// The last part of the name of something: of a library, of the language, of a class.
    pub(crate) fn last_name(&self) -> Option<&str> {
        match self {
            Self::Symbol(symbol) => match &symbol.kind {
                SymbolKind::Name(path) => path.rsplit('.').next(),
                SymbolKind::Attribute(_, name) => Some(name),
                _ => None,
            },
            Self::Builtin(name) => Some(name),
            Self::Class(class) => Some(&class.name),
            Self::Function(function) => Some(&function.def.name),
            _ => None,
        }
    }

    /// The name by which it is told from others as a key of a dictionary; `None` where it cannot be
    /// a key.
    pub(crate) fn key(&self) -> Option<Key> {
        let mut budget = MAX_PARTS;
        self.key_within(0, &mut budget)
    }

    /// The key, unless it has more parts than `budget`: tuples can share their items, and so be as
    /// large as two to the power of their depth.
    fn key_within(&self, depth: usize, budget: &mut usize) -> Option<Key> {
        *budget = budget.checked_sub(1).filter(|_| depth < 64)?;
        Some(match self {
            Self::None => Key::None,
            Self::Bool(value) => Key::Int(i64::from(*value)),
            Self::Int(value) => Key::Int(*value),
            Self::Float(value) => Key::Float(value.to_bits()),
            Self::Str(value) => Key::Str(value.as_str().to_owned()),
            Self::Bytes(value) => Key::Bytes(value.to_vec()),
            Self::Tuple(values) => {
                let keys = values.iter().map(|value| value.key_within(depth + 1, budget));
                Key::Tuple(keys.collect::<Option<Vec<_>>>()?)
            }
            Self::Builtin(name) => Key::Builtin(name),
            Self::Symbol(symbol) => match &symbol.kind {
                SymbolKind::Name(path) => Key::Name(path.clone()),
                // `dict[str, Any]` and `int | None` are the same wherever they are written.
                SymbolKind::Subscript(base, inner)
                    if !matches!(base, Self::Symbol(symbol)
                    if matches!(&symbol.kind, SymbolKind::Name(path) if path.ends_with("Annotated"))) =>
                {
                    let parts =
                        [base.key_within(depth + 1, budget)?, inner.key_within(depth + 1, budget)?];
                    Key::Tuple([Key::Str("[]".to_owned())].into_iter().chain(parts).collect())
                }
                SymbolKind::Binary("|", left, right) => {
                    let parts =
                        [left.key_within(depth + 1, budget)?, right.key_within(depth + 1, budget)?];
                    Key::Tuple([Key::Str("|".to_owned())].into_iter().chain(parts).collect())
                }
                _ => Key::Object("symbol", symbol.serial as usize),
            },
            Self::Class(class) => Key::Object("class", class.serial as usize),
            Self::Function(function) => Key::Object("function", function.serial as usize),
            // A member of an enumeration that is a string is that string, too.
            Self::Instance(instance) => match instance.attributes.borrow().get("_value_") {
                Some(Self::Str(value)) if instance.class.is_string_enum() => {
                    Key::Str(value.as_str().to_owned())
                }
                _ => Key::Object("instance", instance.serial as usize),
            },
            Self::Ellipsis => Key::Object("ellipsis", 0),
            Self::Module(module) => Key::Name(module.name.clone()),
            Self::List(_)
            | Self::Dict(_)
            | Self::Set(_)
            | Self::Method(_)
            | Self::BuiltinMethod(_)
            | Self::Super(_)
            | Self::Unknown(_) => return None,
        })
    }

    /// The name of its type, as messages say it.
    pub(crate) fn type_name(&self) -> &str {
        match self {
            Self::None => "NoneType",
            Self::Ellipsis => "ellipsis",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Str(_) => "str",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "list",
            Self::Tuple(_) => "tuple",
            Self::Dict(_) => "dict",
            Self::Set(_) => "set",
            Self::Function(_) | Self::Method(_) | Self::BuiltinMethod(_) => "function",
            Self::Class(_) | Self::Builtin(_) => "type",
            Self::Instance(instance) => &instance.class.name,
            Self::Module(_) => "module",
            Self::Super(_) => "super",
            Self::Symbol(_) => "object of a library",
            Self::Unknown(_) => "unknown",
        }
    }
}

impl Class {
    /// Whether it is an enumeration.
    pub(crate) fn is_enum(&self) -> bool {
        self.extends(&["Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"])
    }

    /// Whether the members of the enumeration are strings.
    pub(crate) fn is_string_enum(&self) -> bool {
        self.is_enum() && self.extends(&["str", "StrEnum"])
    }
}

/// Values in one key, and in one comparison.
pub(super) const MAX_PARTS: usize = 10_000;
