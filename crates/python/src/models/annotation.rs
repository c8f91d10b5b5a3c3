//! What an annotation says of a column: its type, whether it may be null, and what `Annotated`
//! brings along.

use std::rc::Rc;

use schemaward_catalog::Origin;

use crate::construct::{Build, library_name, python_type};
use crate::interpret::{Arg, Args, Class, Key, SymbolKind, Value};
use crate::schema::SqlType;
use crate::syntax::{Expr, ExprKind, parse_expression};

/// Annotations within each other.
const MAX_DEPTH: usize = 12;

/// What stands after the colon of an attribute.
#[derive(Clone, Default)]
pub(super) struct Annotated {
    /// Whether it is `Mapped[…]`.
    pub(super) mapped: bool,
    /// Whether it is `Mapped` of a collection, or of something that no column holds.
    pub(super) relationship: bool,
    /// Whether `None` is among what it may be.
    pub(super) optional: bool,
    /// The type within, if it could be evaluated.
    pub(super) inner: Option<Value>,
    /// The columns that `Annotated[T, mapped_column(…)]` brings, the outermost last.
    pub(super) columns: Vec<Args>,
    /// The `Annotated` types themselves, which a type map may name.
    pub(super) names: Vec<Value>,
    /// The name of a class in quotes that is nothing at this point.
    pub(super) forward: Option<String>,
}

impl Build<'_, '_, '_> {
    /// Evaluates the annotation of a class's attribute.
    pub(super) fn annotation(
        &mut self,
        class: &Rc<Class>,
        expr: &Expr,
        origin: Origin,
    ) -> Annotated {
        let mut found = Annotated::default();
        let value = self.interp.evaluate(self.host, &class.scope, origin.source, expr);
        match value {
            Some(value) => self.unfold(class, value, origin, &mut found, 0),
            None => found.mapped = names_mapped(expr),
        }
        found
    }

    fn unfold(
        &mut self,
        class: &Rc<Class>,
        value: Value,
        origin: Origin,
        found: &mut Annotated,
        depth: usize,
    ) {
        if depth > MAX_DEPTH {
            return;
        }
        match &value {
            Value::Str(text) => {
                // A quoted annotation, or `from __future__ import annotations` in effect.
                let at = text.origin().map_or(0, |origin| origin.span.start);
                let parsed = parse_expression(text.as_str(), at);
                let inner = parsed.and_then(|expr| {
                    self.interp.evaluate(self.host, &class.scope, origin.source, &expr)
                });
                match inner {
                    Some(Value::Unknown(_)) | None => {
                        found.forward = Some(text.as_str().to_owned());
                    }
                    Some(inner) => self.unfold(class, inner, origin, found, depth + 1),
                }
            }
            Value::Symbol(symbol) => match &symbol.kind {
                SymbolKind::Subscript(base, inner) => {
                    let name = base.last_name().unwrap_or_default().to_owned();
                    let inner = inner.clone();
                    match name.as_str() {
                        "Mapped" | "MappedColumn" => {
                            found.mapped = true;
                            self.unfold(class, inner, origin, found, depth + 1);
                        }
                        "WriteOnlyMapped" | "DynamicMapped" | "Relationship" => {
                            found.mapped = true;
                            found.relationship = true;
                        }
                        "ClassVar" | "AssociationProxy" => found.relationship = true,
                        "Optional" => {
                            found.optional = true;
                            self.unfold(class, inner, origin, found, depth + 1);
                        }
                        "Union" => {
                            let parts = match &inner {
                                Value::Tuple(parts) => parts.to_vec(),
                                other => vec![other.clone()],
                            };
                            self.union(class, parts, origin, found, depth);
                        }
                        "Annotated" => {
                            let parts = match &inner {
                                Value::Tuple(parts) => parts.to_vec(),
                                other => vec![other.clone()],
                            };
                            found.names.push(value.clone());
                            let mut parts = parts.into_iter();
                            if let Some(first) = parts.next() {
                                self.unfold(class, first, origin, found, depth + 1);
                            }
                            for part in parts {
                                match part.call() {
                                    Some((callee, args))
                                        if matches!(
                                            library_name(callee),
                                            Some("mapped_column" | "Column")
                                        ) =>
                                    {
                                        found.columns.push(args.clone());
                                    }
                                    // SQLModel's `Field`, among what Pydantic is told.
                                    Some((callee, args))
                                        if library_name(callee) == Some("Field") =>
                                    {
                                        found.columns.push(args.clone());
                                    }
                                    _ => {}
                                }
                            }
                        }
                        "InitVar" | "Final" | "Required" => {
                            self.unfold(class, inner, origin, found, depth + 1);
                        }
                        _ => found.inner = Some(value),
                    }
                }
                SymbolKind::Binary("|", left, right) => {
                    let parts = vec![left.clone(), right.clone()];
                    self.union(class, parts, origin, found, depth);
                }
                _ => found.inner = Some(value),
            },
            Value::None => found.optional = true,
            Value::Unknown(_) => {}
            _ => found.inner = Some(value),
        }
    }

    fn union(
        &mut self,
        class: &Rc<Class>,
        parts: Vec<Value>,
        origin: Origin,
        found: &mut Annotated,
        depth: usize,
    ) {
        for part in parts {
            match part {
                Value::None => found.optional = true,
                other => self.unfold(class, other, origin, found, depth + 1),
            }
        }
    }

    /// The type of SQL for what an annotation holds, by the type map of the registry first.
    pub(super) fn annotated_type(
        &mut self,
        annotated: &Annotated,
        map: Option<&Value>,
        origin: Origin,
    ) -> Option<SqlType> {
        for name in annotated.names.iter().chain(&annotated.inner) {
            if let Some(mapped) = mapped_type(map, name) {
                return self.find_type(&mapped, origin);
            }
        }
        let inner = annotated.inner.clone()?;
        // `dict[str, Any]` is a `dict` where the map does not name it.
        if let Value::Symbol(symbol) = &inner
            && let SymbolKind::Subscript(base, within) = &symbol.kind
        {
            if base.last_name() == Some("Literal")
                && let Some(mapped) = mapped_type(map, base)
                && let Some(found) = self.enum_of_literals(&mapped, within, origin)
            {
                return Some(found);
            }
            let plain = match base.last_name() {
                Some("Dict" | "dict") => Value::Builtin("dict"),
                Some("List" | "list") => Value::Builtin("list"),
                Some("Set" | "set") => Value::Builtin("set"),
                Some("Tuple" | "tuple") => Value::Builtin("tuple"),
                _ => base.clone(),
            };
            if let Some(mapped) = mapped_type(map, &plain) {
                return self.find_type(&mapped, origin);
            }
        }
        // A class that stands for no type itself may derive from one that does.
        if let (Value::Class(class), Some(_)) = (&inner, map)
            && class.is_enum()
        {
            // `StrEnum` and its kin are enumerations like others.
            let general = class.extends(&["StrEnum", "IntEnum", "Flag", "IntFlag", "ReprEnum"]);
            let general = general.then(|| self.interp.name("enum.Enum", origin));
            for base in class.external.iter().cloned().chain(general) {
                if let Some(mapped) = mapped_type(map, &base)
                    && let Some(found) = self.enum_like(&mapped, &inner, origin)
                {
                    return Some(found);
                }
            }
        }
        if let Value::Symbol(symbol) = &inner
            && let SymbolKind::Name(path) = &symbol.kind
            && python_type(path).is_none()
            && library_name(&inner).is_none()
        {
            return None;
        }
        self.find_type(&inner, origin)
    }

    /// `type_annotation_map = {Literal: Enum(enum.Enum, length=20)}`: the type of the map with the literals
    /// at hand in the place of the class, and without a type of the server unless it says so.
    fn enum_of_literals(
        &mut self,
        mapped: &Value,
        literals: &Value,
        origin: Origin,
    ) -> Option<SqlType> {
        let (callee, args) = mapped.call()?;
        if !matches!(library_name(callee), Some("Enum" | "ENUM")) {
            return None;
        }
        let values = match literals {
            Value::Tuple(values) => values.to_vec(),
            other => vec![other.clone()],
        };
        let mut list: Vec<Arg> =
            values.into_iter().map(|value| Arg { name: None, value, origin }).collect();
        list.extend(args.list.iter().filter(|arg| arg.name.is_some()).cloned());
        if args.named("native_enum").is_none() {
            let name = Some("native_enum".to_owned());
            list.push(Arg { name, value: Value::Bool(false), origin });
        }
        let args = Args { list, more: args.more };
        let made = self.interp.symbol(SymbolKind::Call(callee.clone(), args), origin);
        self.find_type(&made, origin)
    }

    /// `type_annotation_map = {enum.Enum: Enum(enum.Enum, native_enum=False)}`: the type of the map
    /// with the class at hand in the place of the general one.
    fn enum_like(&mut self, mapped: &Value, class: &Value, origin: Origin) -> Option<SqlType> {
        let (callee, args) = mapped.call()?;
        if !matches!(library_name(callee), Some("Enum" | "ENUM")) {
            return None;
        }
        let mut args = args.clone();
        let first = args.list.iter_mut().find(|arg| arg.name.is_none())?;
        first.value = class.clone();
        let made = self.interp.symbol(SymbolKind::Call(callee.clone(), args), origin);
        self.find_type(&made, origin)
    }
}

/// What a type map has for a type of Python.
fn mapped_type(map: Option<&Value>, key: &Value) -> Option<Value> {
    let Value::Dict(dict) = map? else { return None };
    let dict = dict.borrow();
    if let Some(found) = dict.get(key) {
        return Some(found.clone());
    }
    // A name imported twice is one type.
    let wanted = key.key()?;
    let by_name = |candidate: &Value| match (&wanted, candidate.key()) {
        (Key::Name(a), Some(Key::Name(b))) => {
            a.rsplit('.').next() == b.rsplit('.').next() && python_type(a).is_some()
        }
        _ => false,
    };
    dict.entries().iter().find(|(candidate, _)| by_name(candidate)).map(|(_, value)| value.clone())
}

/// Whether an annotation that cannot be evaluated is written as `Mapped[…]`.
fn names_mapped(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Subscript(base, _) => match &base.kind {
            ExprKind::Name(name) | ExprKind::Attribute(_, name) => name == "Mapped",
            _ => false,
        },
        _ => false,
    }
}
