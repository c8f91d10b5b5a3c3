//! Which classes are mapped, and which metadata classes and records belong to.

use std::collections::BTreeMap;
use std::rc::Rc;

use schemaward_catalog::Origin;

use crate::construct::{Build, library_name};
use crate::interpret::{Class, SymbolKind, Value};
use crate::schema::{Convention, NamingConvention};
use crate::text::Text;

/// What tells one metadata from another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum MetaKey {
    /// A record of `MetaData(…)`, by its number.
    Record(u32),
    /// The metadata that a base class has of its own, by the class's number.
    Base(u32),
    /// Something outside of what was given, by its dotted name.
    Name(String),
    /// None that could be told.
    Unknown,
}

/// Bases of libraries whose subclasses are mapped.
const BASES: &[&str] = &[
    "DeclarativeBase",
    "DeclarativeBaseNoMeta",
    "Model",
    "SQLModel",
    "declarative_base",
    "automap_base",
    "generate_base",
    "as_declarative_base",
    "BigIntBase",
    "UUIDBase",
    "UUIDAuditBase",
    "BigIntAuditBase",
];

/// Whether a base of a library makes its subclasses mapped classes.
fn is_base(value: &Value) -> bool {
    match value.call() {
        Some((callee, _)) => callee.last_name().is_some_and(|name| BASES.contains(&name)),
        None => {
            let db_model = matches!(value.symbol().map(|symbol| &symbol.kind),
                Some(SymbolKind::Attribute(_, name)) if name == "Model");
            let name = library_name(value);
            db_model || name.is_some_and(|name| BASES.contains(&name))
        }
    }
}

/// Whether a class is the root of mapped classes.
fn is_root(class: &Class) -> bool {
    class.bases.iter().any(is_base)
        || class.decorators.iter().any(|decorator| {
            let name = match decorator.call() {
                Some((callee, _)) => callee.last_name(),
                None => decorator.last_name(),
            };
            matches!(name, Some("as_declarative" | "as_declarative_base"))
        })
}

/// The name of a table that its class does not name, where a library makes one.
pub(super) fn default_name(class: &Class) -> Option<String> {
    if class.extends(&["SQLModel"]) {
        return Some(class.name.to_lowercase());
    }
    let flask = class.external.iter().any(|base| {
        matches!(base.symbol().map(|symbol| &symbol.kind), Some(SymbolKind::Attribute(object, name))
            if name == "Model" && object.call().is_some_and(|(callee, _)| callee.last_name() == Some("SQLAlchemy")))
    });
    flask.then(|| snake_case(&class.name))
}

/// As Flask-SQLAlchemy makes names of classes.
fn snake_case(name: &str) -> String {
    let mut result = String::new();
    let chars: Vec<char> = name.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let after = chars.get(at + 1);
        let starts = c.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || after.is_some_and(|after| after.is_lowercase())
            });
        if starts && !result.ends_with('_') {
            result.push('_');
        }
        result.extend(c.to_lowercase());
    }
    result
}

/// Whether a class is mapped to a table, or would be if it had one.
pub(super) fn is_mapped(class: &Rc<Class>) -> bool {
    let own = class.attributes.borrow();
    let concrete =
        class.bases.iter().any(|base| library_name(base) == Some("AbstractConcreteBase"));
    if concrete || matches!(own.get("__abstract__").map(|it| &it.value), Some(Value::Bool(true))) {
        return false;
    }
    let decorated = class.decorators.iter().any(|decorator| {
        let name = match decorator.call() {
            Some((callee, _)) => callee.last_name(),
            None => decorator.last_name(),
        };
        matches!(name, Some("mapped" | "mapped_as_dataclass"))
    });
    if decorated {
        return true;
    }
    // The class that others derive from is none itself.
    let direct = class.bases.iter().any(is_base);
    let sqlmodel = class.extends(&["SQLModel"]);
    if sqlmodel {
        let table = class.keywords.named("table").map(|arg| arg.value.clone());
        return matches!(table, Some(Value::Bool(true)));
    }
    let declares = own.get("__tablename__").is_some() || own.get("__table__").is_some();
    drop(own);
    if direct {
        // `class User(db.Model)` and `class User(declarative_base())` are mapped, a subclass of
        // `DeclarativeBase` is the base.
        let named_base = class
            .bases
            .iter()
            .any(|base| library_name(base).is_some_and(|name| name.starts_with("DeclarativeBase")));
        return !named_base;
    }
    if class.external.iter().any(is_base) {
        return true;
    }
    if is_root(class) {
        return false;
    }
    if class.ancestors.iter().any(|ancestor| is_root(ancestor)) {
        return true;
    }
    // A base that was not given: a class that names its table is mapped all the same.
    let foreign = class.external.iter().any(|base| {
        matches!(base, Value::Unknown(_)) || (base.path().is_some() && library_name(base).is_none())
    });
    foreign && declares
}

/// The metadata of a class: what tells it, and the record of its call if there is one.
pub(super) fn class_meta(class: &Rc<Class>) -> (MetaKey, Option<Value>) {
    // `metadata = MetaData(…)` in the base, or `registry = registry(metadata=…)`.
    for ancestor in class.lineage() {
        let attributes = ancestor.attributes.borrow();
        if let Some(metadata) = attributes.get("metadata") {
            return (meta_key(&metadata.value), Some(metadata.value.clone()));
        }
        if let Some(registry) = attributes.get("registry") {
            return registry_meta(&registry.value, ancestor.serial);
        }
    }
    let decorated = class.lineage().flat_map(|ancestor| &ancestor.decorators);
    for decorator in decorated {
        let as_declarative =
            decorator.call().filter(|(callee, _)| callee.last_name() == Some("as_declarative"));
        if let Some(metadata) = as_declarative.and_then(|(_, args)| args.named("metadata")) {
            return (meta_key(&metadata.value), Some(metadata.value.clone()));
        }
        let object = match decorator.call() {
            Some((callee, _)) => callee.symbol(),
            None => decorator.symbol(),
        };
        if let Some(SymbolKind::Attribute(registry, _)) = object.map(|symbol| &symbol.kind) {
            return registry_meta(registry, 0);
        }
    }
    for base in &class.external {
        if let Some((callee, args)) = base.call()
            && is_base(base)
        {
            if let Some(metadata) = args.named("metadata") {
                return (meta_key(&metadata.value), Some(metadata.value.clone()));
            }
            if let Some(SymbolKind::Attribute(registry, _)) =
                callee.symbol().map(|symbol| &symbol.kind)
            {
                return registry_meta(registry, 0);
            }
            return (MetaKey::Record(base.symbol().map_or(0, |symbol| symbol.serial)), None);
        }
    }
    let root = class.lineage().last().map_or(0, |root| root.serial);
    let declarative = class.lineage().find(|ancestor| is_root(ancestor));
    match declarative {
        Some(base) if !class.extends(&["SQLModel"]) && !is_flask(base) => {
            (MetaKey::Base(base.serial), None)
        }
        Some(_) => (MetaKey::Name("library".to_owned()), None),
        None if class.external.is_empty() => (MetaKey::Base(root), None),
        None => (MetaKey::Unknown, None),
    }
}

fn is_flask(class: &Class) -> bool {
    class.bases.iter().any(|base| {
        matches!(base.symbol().map(|symbol| &symbol.kind), Some(SymbolKind::Attribute(_, name)) if name == "Model")
    })
}

fn registry_meta(registry: &Value, base: u32) -> (MetaKey, Option<Value>) {
    let metadata =
        registry.call().and_then(|(_, args)| args.named("metadata")).map(|arg| arg.value.clone());
    match metadata {
        Some(metadata) => (meta_key(&metadata), Some(metadata)),
        None => match registry.symbol() {
            Some(symbol) => (MetaKey::Record(symbol.serial), None),
            None => (MetaKey::Base(base), None),
        },
    }
}

/// What tells the metadata that a value is.
pub(super) fn meta_key(value: &Value) -> MetaKey {
    match value {
        Value::Symbol(symbol) => match &symbol.kind {
            SymbolKind::Call(..) => MetaKey::Record(symbol.serial),
            SymbolKind::Attribute(object, name) if name == "metadata" => match object {
                Value::Class(class) => {
                    let base = class.lineage().find(|ancestor| is_root(ancestor));
                    match base {
                        Some(base) if !is_flask(base) => MetaKey::Base(base.serial),
                        _ => MetaKey::Name("library".to_owned()),
                    }
                }
                Value::Symbol(inner) => match &inner.kind {
                    // `Base = declarative_base()`, `mapper_registry = registry()`.
                    SymbolKind::Call(callee, args) => match args.named("metadata") {
                        Some(metadata) => meta_key(&metadata.value),
                        None if callee.last_name() == Some("SQLAlchemy") => {
                            MetaKey::Name("library".to_owned())
                        }
                        None => match callee.symbol().map(|symbol| &symbol.kind) {
                            Some(SymbolKind::Attribute(registry, _)) => {
                                registry_meta(registry, 0).0
                            }
                            _ => MetaKey::Record(inner.serial),
                        },
                    },
                    SymbolKind::Name(path) if path.ends_with("SQLModel") => {
                        MetaKey::Name("library".to_owned())
                    }
                    SymbolKind::Name(path) => MetaKey::Name(path.clone()),
                    _ => MetaKey::Unknown,
                },
                _ => MetaKey::Unknown,
            },
            SymbolKind::Name(path) if path.ends_with("SQLModel.metadata") => {
                MetaKey::Name("library".to_owned())
            }
            SymbolKind::Name(path) => MetaKey::Name(path.clone()),
            _ => MetaKey::Unknown,
        },
        _ => MetaKey::Unknown,
    }
}

pub(super) fn convention_of(
    build: &mut Build<'_, '_, '_>,
    value: &Value,
    origin: Origin,
) -> NamingConvention {
    let Value::Dict(dict) = value else {
        build.problem(format!("the naming convention is not known: {value:?}"), origin);
        return NamingConvention::default();
    };
    let entries = dict.borrow().entries().to_vec();
    let mut convention = NamingConvention { entries: Vec::new(), computed: BTreeMap::new() };
    for (key, value) in entries {
        let Some(key) = key_text(&key) else { continue };
        if matches!(value, Value::Function(_) | Value::Method(_)) {
            build.tokens.push((key.as_str().to_owned(), value.clone()));
        }
        convention.entries.push((
            key,
            match &value {
                Value::Str(text) => Convention::Template(Text::clone(text)),
                _ => Convention::Callable,
            },
        ));
    }
    convention
}

/// Conventions may be keyed by the class of the constraint.
fn key_text(key: &Value) -> Option<Text> {
    Some(match key {
        Value::Str(text) => Text::clone(text),
        other => Text::from(match library_name(other)? {
            "Index" => "ix",
            "UniqueConstraint" => "uq",
            "CheckConstraint" => "ck",
            "ForeignKeyConstraint" => "fk",
            "PrimaryKeyConstraint" => "pk",
            _ => return None,
        }),
    })
}
