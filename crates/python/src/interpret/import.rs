//! Which file a module's name means, and what importing binds.

use std::rc::Rc;

use schemaward_catalog::Origin;

use super::{Eval, Frame, Host, Interp, ModuleValue, Scope, ScopeKind, Stop, Value};
use crate::syntax::{Alias, Expr, ExprKind, Stmt, StmtKind};

/// A name that was imported of a module before that had bound it.
pub(super) struct Late {
    scope: Rc<Scope>,
    bound: String,
    module: Rc<ModuleValue>,
    name: String,
    placeholder: Value,
}

/// Packages that are never files of a project, whatever its folders are called.
const LIBRARIES: &[&str] = &[
    "abc",
    "alembic_utils",
    "base64",
    "collections",
    "contextlib",
    "copy",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "geoalchemy2",
    "hashlib",
    "inspect",
    "itertools",
    "json",
    "logging",
    "os",
    "pathlib",
    "pgvector",
    "psycopg2",
    "pydantic",
    "random",
    "re",
    "secrets",
    "sqlalchemy",
    "sqlalchemy_utils",
    "sqlmodel",
    "string",
    "sys",
    "textwrap",
    "typing",
    "typing_extensions",
    "ulid",
    "uuid",
    "uuid6",
    "uuid_utils",
];

/// The parts of a file's module name, the last first: `a/b/__init__.py` is `b` in `a`.
pub(super) fn module_parts(path: &str) -> Vec<String> {
    let path = path.strip_suffix(".py").or_else(|| path.strip_suffix(".pyi")).unwrap_or(path);
    let path = path.strip_suffix("/__init__").unwrap_or(path);
    let parts = path.split('/').rev().filter(|part| !part.is_empty() && *part != ".");
    parts.map(ToOwned::to_owned).collect()
}

impl Interp<'_> {
    /// The file of an absolute module name: the one whose path ends with it; where there is none, the
    /// one whose path ends with it less its first packages, which lie above the given folder.
    fn find_file(&self, name: &str) -> Option<usize> {
        if let Some(name) = name.strip_prefix('/') {
            // A relative import says exactly which file it means.
            let parts: Vec<String> = name.split('/').rev().map(ToOwned::to_owned).collect();
            return self.paths.get(&parts).copied();
        }
        let mut parts: Vec<String> = name.split('.').rev().map(ToOwned::to_owned).collect();
        let first = parts.last()?;
        if LIBRARIES.contains(&first.as_str())
            || name.starts_with("alembic.") && name != "alembic.env"
        {
            return None;
        }
        if name == "alembic" {
            return None;
        }
        let mut shortened = false;
        while !parts.is_empty() {
            let matching = self
                .paths
                .range(parts.clone()..)
                .take_while(|(path, _)| path.get(..parts.len()) == Some(parts.as_slice()));
            let mut best: Option<(usize, usize)> = None;
            for (path, file) in matching {
                // Less its first packages it must be the whole path: nothing may be guessed.
                if shortened && path.len() != parts.len() {
                    continue;
                }
                if best.is_none_or(|(length, _)| path.len() < length) {
                    best = Some((path.len(), *file));
                }
            }
            if let Some((_, file)) = best {
                return Some(file);
            }
            parts.pop();
            shortened = true;
            if parts.len() == 1 && name.split('.').count() > 3 {
                return None;
            }
        }
        None
    }

    /// Whether some file lies in the package of this name.
    fn is_package(&self, name: &str) -> bool {
        if let Some(name) = name.strip_prefix('/') {
            let parts: Vec<&str> = name.split('/').rev().collect();
            return self.paths.keys().any(|path| {
                path.len() > parts.len()
                    && path.iter().rev().zip(parts.iter().rev()).all(|(a, b)| a == b)
            });
        }
        let parts: Vec<&str> = name.split('.').collect();
        let first = parts.first().copied().unwrap_or_default();
        if LIBRARIES.contains(&first) || first == "alembic" {
            return false;
        }
        self.paths.keys().any(|path| {
            let path: Vec<&str> = path.iter().rev().map(String::as_str).collect();
            path.len() > parts.len() && path.windows(parts.len()).any(|part| part == parts)
        })
    }

    /// The dotted name of a file's module.
    pub(crate) fn module_name(&self, file: usize) -> String {
        let path = self.files.get(file).map_or("", |file| file.path.as_str());
        let mut parts = module_parts(path);
        parts.reverse();
        parts.join(".")
    }

    /// Runs a file's module, once.
    pub(crate) fn load(&mut self, host: &mut dyn Host, file: usize) -> Rc<ModuleValue> {
        let name = self.module_name(file);
        if let Some(module) = self.modules.get(&name).filter(|module| module.file.is_some()) {
            return Rc::clone(module);
        }
        let scope = Scope::new(ScopeKind::Module, None);
        self.scopes.push(Rc::clone(&scope));
        let module =
            Rc::new(ModuleValue { name: name.clone(), scope: Rc::clone(&scope), file: Some(file) });
        self.modules.insert(name.clone(), Rc::clone(&module));
        let Some(found) = self.files.get(file) else { return module };
        if !self.loaded.insert(file) || self.loaded.len() > super::MAX_ITEMS {
            return module;
        }
        scope.set("__name__", Value::str(name));
        scope.set("__file__", Value::str(found.path.as_str()));
        let frame = Frame { scope, source: found.source, file, receiver: None };
        let tree = Rc::clone(&found.module);
        // A chain of imports nests like calls do.
        self.depth += 1;
        let deep = self.depth > super::MAX_DEPTH;
        if deep {
            let origin = frame.origin(schemaward_catalog::Span::default());
            self.note(origin, "modules import each other too deep: it is not run", true);
        } else {
            self.running.insert(file);
            let nesting = std::mem::take(&mut self.nesting);
            let ended = self.block(host, &frame, &tree.body);
            self.nesting = nesting;
            self.running.remove(&file);
            match ended {
                Err(Stop::Raise(value)) => {
                    let origin =
                        value.symbol().map_or_else(Origin::default, |symbol| symbol.origin);
                    let message = format!("the module ends here: it raises {value:?}");
                    self.note(origin, message, true);
                }
                Err(Stop::Limit) => {
                    let start = frame.origin(schemaward_catalog::Span::default());
                    let origin = self.exhausted.take().unwrap_or(start);
                    self.note(
                        origin,
                        "it takes too many steps: the rest of the module is not run",
                        true,
                    );
                }
                Ok(_) => {}
            }
        }
        self.depth -= 1;
        self.bind_late(&module);
        module
    }

    /// A module by its absolute name: a file, a folder of files, or a name of a library.
    fn module(&mut self, host: &mut dyn Host, name: &str, origin: Origin) -> Value {
        if let Some(file) = self.find_file(name) {
            return Value::Module(self.load(host, file));
        }
        if self.is_package(name) {
            if let Some(module) = self.modules.get(name) {
                return Value::Module(Rc::clone(module));
            }
            let scope = Scope::new(ScopeKind::Module, None);
            self.scopes.push(Rc::clone(&scope));
            let module = Rc::new(ModuleValue { name: name.to_owned(), scope, file: None });
            self.modules.insert(name.to_owned(), Rc::clone(&module));
            return Value::Module(module);
        }
        self.name(dotted(name), origin)
    }

    /// A name of a module: what it binds, or a module below it.
    pub(super) fn member(
        &mut self,
        host: &mut dyn Host,
        module: &Rc<ModuleValue>,
        name: &str,
        origin: Origin,
    ) -> Option<Value> {
        if let Some(value) = module.scope.own(name) {
            return Some(value);
        }
        // Where the module's own file is known, a module below it is a file below that.
        let below = match (module.name.strip_prefix('/'), module.file) {
            (Some(_), _) => format!("{}/{name}", module.name),
            (None, Some(file)) => {
                let path = self.files.get(file).map_or("", |file| file.path.as_str());
                let mut parts = module_parts(path);
                parts.reverse();
                format!("/{}/{name}", parts.join("/"))
            }
            (None, None) => format!("{}.{name}", module.name),
        };
        if self.find_file(&below).is_some_and(|file| Some(file) != module.file)
            || self.is_package(&below)
        {
            let value = self.module(host, &below, origin);
            if matches!(value, Value::Module(_)) {
                return Some(value);
            }
        }
        let star = module.scope.star.borrow().last().cloned();
        star.map(|library| self.name(format!("{library}.{name}"), origin))
    }

    /// `import a.b as c`.
    pub(super) fn import(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        aliases: &[Alias],
    ) -> Eval<()> {
        for alias in aliases {
            self.tick()?;
            let origin = frame.origin(alias.span);
            let value = self.module(host, &alias.name, origin);
            match (&alias.as_name, alias.name.split_once('.')) {
                (Some(name), _) => frame.scope.set(name, value),
                (None, None) => frame.scope.set(&alias.name, value),
                (None, Some((first, _))) => {
                    let value = self.module(host, first, origin);
                    frame.scope.set(first, value);
                }
            }
        }
        Ok(())
    }

    /// `from a.b import c as d`.
    pub(super) fn import_from(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        module: &str,
        level: u32,
        aliases: &[Alias],
    ) -> Eval<()> {
        let name = match level {
            0 => module.to_owned(),
            _ => self.relative(frame.file, module, level),
        };
        for alias in aliases {
            self.tick()?;
            let origin = frame.origin(alias.span);
            // A relative import of a file that was not given is unknown code of the project, and its
            // full name says so just as well as a library's.
            let from = self.module(host, &name, origin);
            if alias.name == "*" {
                match &from {
                    Value::Module(module) => {
                        let all = module.scope.own("__all__");
                        let all = all.and_then(|all| self.items(host, &all, origin));
                        let names = module.scope.names.borrow().clone();
                        for (name, value) in names {
                            let listed = all.as_ref().map_or(!name.starts_with('_'), |all| {
                                all.iter().any(|item| item.as_str() == Some(&name))
                            });
                            if listed {
                                frame.scope.set(&name, value);
                            }
                        }
                        let star = module.scope.star.borrow().clone();
                        frame.scope.star.borrow_mut().extend(star);
                    }
                    _ => frame.scope.star.borrow_mut().push(name.clone()),
                }
                continue;
            }
            let value = match &from {
                Value::Module(module) => {
                    let module = Rc::clone(module);
                    match self.member(host, &module, &alias.name, origin) {
                        Some(value) => value,
                        // A file of the project is called like a module of a library.
                        None if !self.running.contains(&module.file.unwrap_or(usize::MAX)) => {
                            self.name(format!("{}.{}", dotted(&name), alias.name), origin)
                        }
                        None => {
                            let bound = alias.as_name.as_ref().unwrap_or(&alias.name);
                            self.bound_later(host, frame, &module, (bound, &alias.name), origin)
                        }
                    }
                }
                _ => self.name(format!("{}.{}", dotted(&name), alias.name), origin),
            };
            frame.scope.set(alias.as_name.as_ref().unwrap_or(&alias.name), value);
        }
        Ok(())
    }

    /// A name of a module that has not come so far: modules import each other, and are run here in an
    /// order that the program, started elsewhere, does not take. A constant is read ahead; whatever
    /// else the name is to mean, it is bound once the module is there.
    fn bound_later(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        module: &Rc<ModuleValue>,
        (bound, name): (&str, &str),
        origin: Origin,
    ) -> Value {
        let found = module.file.and_then(|at| Some((at, self.files.get(at)?)));
        if let Some((at, file)) = found
            && let Some(expr) = constant(&file.module.body, name)
        {
            let scope = Rc::clone(&module.scope);
            let ahead = Frame { scope, source: file.source, file: at, receiver: None };
            match self.expr(host, &ahead, expr) {
                Ok(Value::Unknown(_)) | Err(_) => {}
                Ok(value) => return value,
            }
        }
        let reason = format!("`{name}` is not bound in `{}` when it is imported", module.name);
        let unknown = Value::unknown(reason, origin);
        if self.late.len() < super::MAX_ITEMS {
            self.late.push(Late {
                scope: Rc::clone(&frame.scope),
                bound: bound.to_owned(),
                module: Rc::clone(module),
                name: name.to_owned(),
                placeholder: unknown.clone(),
            });
        }
        unknown
    }

    /// Binds what was imported of a module before it was there.
    fn bind_late(&mut self, module: &Rc<ModuleValue>) {
        let (ready, rest) = std::mem::take(&mut self.late)
            .into_iter()
            .partition(|it| Rc::ptr_eq(&it.module, module));
        self.late = rest;
        let ready: Vec<Late> = ready;
        for late in ready {
            let untouched = match (late.scope.own(&late.bound), &late.placeholder) {
                (Some(Value::Unknown(now)), Value::Unknown(then)) => Rc::ptr_eq(&now, then),
                _ => false,
            };
            if let (true, Some(value)) = (untouched, module.scope.own(&late.name)) {
                late.scope.set(&late.bound, value);
            }
        }
    }

    /// The path, after a `/`, that a relative import in a file means.
    fn relative(&self, file: usize, module: &str, level: u32) -> String {
        let path = self.files.get(file).map_or("", |file| file.path.as_str());
        let mut parts: Vec<&str> =
            path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        for _ in 0..level {
            parts.pop();
        }
        parts.extend(module.split('.').filter(|part| !part.is_empty()));
        format!("/{}", parts.join("/"))
    }
}

/// What a module assigns to a name outside of every block, where that takes no call to evaluate.
fn constant<'a>(body: &'a [Stmt], name: &str) -> Option<&'a Expr> {
    let is_name = |target: &Expr| matches!(&target.kind, ExprKind::Name(found) if found == name);
    let mut values = body.iter().filter_map(|statement| match &statement.kind {
        StmtKind::Assign(targets, value) if targets.iter().any(is_name) => Some(value),
        StmtKind::AnnAssign { target, value: Some(value), .. } if is_name(target) => Some(value),
        _ => None,
    });
    let first = values.next()?;
    (values.next().is_none() && is_constant(first)).then_some(first)
}

fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::None
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Number(..)
        | ExprKind::Str(_)
        | ExprKind::Bytes(_)
        | ExprKind::Name(_) => true,
        ExprKind::Unary(_, inner) => is_constant(inner),
        ExprKind::Binary(first, rest) => {
            is_constant(first) && rest.iter().all(|(_, operand)| is_constant(operand))
        }
        ExprKind::List(items) | ExprKind::Tuple(items) | ExprKind::Set(items) => {
            items.iter().all(is_constant)
        }
        ExprKind::Dict(items) => items
            .iter()
            .all(|(key, value)| key.as_ref().is_some_and(is_constant) && is_constant(value)),
        _ => false,
    }
}

/// The name of a module as Python writes it.
fn dotted(name: &str) -> String {
    name.strip_prefix('/').map_or_else(|| name.to_owned(), |path| path.replace('/', "."))
}
