//! Statements.

use std::rc::Rc;

use schemaward_catalog::Origin;

use super::{Eval, Frame, Function, Host, Interp, Scope, ScopeKind, Stop, SymbolKind, Value};
use crate::syntax::{Expr, ExprKind, FunctionDef, Handler, Pattern, Stmt, StmtKind};

/// How a statement hands on.
pub(super) enum Flow {
    Next,
    Break,
    Continue,
    Return(Value),
}

/// Why something was not run to its end.
const UNFINISHED: &str = "it takes too many steps";

/// The name that an assignment's target is, where it is one.
fn name_of(target: &Expr) -> Option<&str> {
    match &target.kind {
        ExprKind::Name(name) => Some(name),
        _ => None,
    }
}

impl Interp<'_> {
    pub(super) fn block(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        body: &[Stmt],
    ) -> Eval<Flow> {
        let outermost = self.nesting == 0;
        self.nesting += 1;
        let flow = self.statements(host, frame, body, outermost);
        self.nesting -= 1;
        flow
    }

    /// Runs statements in order. In the outermost block, what takes too many steps ends where it
    /// stands, and the next statement is run.
    fn statements(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        body: &[Stmt],
        outermost: bool,
    ) -> Eval<Flow> {
        for statement in body {
            let (depth, yielded) = (self.depth, self.yielded.len());
            match self.stmt(host, frame, statement) {
                Ok(Flow::Next) => {}
                Err(Stop::Limit) => {
                    let origin = frame.origin(statement.span);
                    let innermost = *self.exhausted.get_or_insert(origin);
                    if !outermost || !self.resume() {
                        return Err(Stop::Limit);
                    }
                    self.exhausted = None;
                    self.depth = depth;
                    self.yielded.truncate(yielded);
                    self.left_unfinished(host, frame, statement, innermost);
                }
                other => return other,
            }
        }
        Ok(Flow::Next)
    }

    /// Says of a statement that it was not run to its end; what it names is not known.
    fn left_unfinished(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        statement: &Stmt,
        innermost: Origin,
    ) {
        let names: Vec<&str> = match &statement.kind {
            StmtKind::Assign(targets, _) => targets.iter().filter_map(name_of).collect(),
            StmtKind::AnnAssign { target, .. } | StmtKind::AugAssign(target, ..) => {
                name_of(target).into_iter().collect()
            }
            StmtKind::FunctionDef(def) => vec![def.name.as_str()],
            StmtKind::ClassDef(def) => vec![def.name.as_str()],
            _ => Vec::new(),
        };
        for name in names {
            frame.scope.set(name, Value::unknown(UNFINISHED, innermost));
        }
        // What a module does not finish may be nothing of the schema; what a function does not that was
        // called to build it, may.
        if frame.scope.kind == ScopeKind::Module {
            self.note(innermost, format!("{UNFINISHED}: it was run only in part"), true);
        } else {
            host.skipped(self, innermost, "it takes too many steps to be run to its end");
        }
    }

    fn stmt(&mut self, host: &mut dyn Host, frame: &Frame, statement: &Stmt) -> Eval<Flow> {
        self.tick()?;
        let origin = frame.origin(statement.span);
        match &statement.kind {
            StmtKind::Expr(expr) => {
                self.expr(host, frame, expr)?;
            }
            StmtKind::Assign(targets, value) => {
                let value = self.expr(host, frame, value)?;
                for target in targets {
                    self.assign(host, frame, target, value.clone(), origin)?;
                }
            }
            StmtKind::AugAssign(target, op, value) => {
                let before = self.expr(host, frame, target)?;
                let value = self.expr(host, frame, value)?;
                let after = self.augment(host, *op, before, value, origin)?;
                self.assign(host, frame, target, after, origin)?;
            }
            StmtKind::AnnAssign { target, annotation, value } => {
                if let Some(value) = value {
                    let value = self.expr(host, frame, value)?;
                    self.assign(host, frame, target, value, origin)?;
                }
                self.annotate(frame, target, annotation, origin);
            }
            StmtKind::FunctionDef(def) => {
                let function = self.define(host, frame, def)?;
                frame.scope.set(&def.name, function);
                self.class_attribute_set(frame, &def.name, origin);
            }
            StmtKind::ClassDef(def) => {
                let class = self.class(host, frame, def)?;
                frame.scope.set(&def.name, class);
                self.class_attribute_set(frame, &def.name, origin);
            }
            StmtKind::Return(value) => {
                let value = match value {
                    Some(value) => self.expr(host, frame, value)?,
                    None => Value::None,
                };
                return Ok(Flow::Return(value));
            }
            StmtKind::Delete(targets) => {
                for target in targets {
                    self.delete(host, frame, target)?;
                }
            }
            StmtKind::For { target, iter, body, orelse } => {
                return self.for_loop(host, frame, (target, iter), (body, orelse), origin);
            }
            StmtKind::While { test, body, orelse } => {
                return self.while_loop(host, frame, test, (body, orelse), origin);
            }
            StmtKind::If(branches, orelse) => return self.branch(host, frame, branches, orelse),
            StmtKind::With(items, body) => {
                for (context, target) in items {
                    let value = self.expr(host, frame, context)?;
                    let value = self.enter(host, value, origin)?;
                    if let Some(target) = target {
                        self.assign(host, frame, target, value, origin)?;
                    }
                }
                return self.block(host, frame, body);
            }
            StmtKind::Match(subject, cases) => {
                let subject = self.expr(host, frame, subject)?;
                for case in cases {
                    let fits = self.matches(host, frame, &case.pattern, &subject, origin)?;
                    let guard = match &case.guard {
                        Some(guard) if fits != Some(false) => {
                            let value = self.expr(host, frame, guard)?;
                            self.truth(host, &value)
                        }
                        _ => Some(true),
                    };
                    match (fits, guard) {
                        (Some(true), Some(true)) => return self.block(host, frame, &case.body),
                        (Some(false), _) | (_, Some(false)) => {}
                        _ => {
                            let message = "which case applies is not decided: none is run";
                            host.skipped(self, origin, message);
                            return Ok(Flow::Next);
                        }
                    }
                }
            }
            StmtKind::Raise(value) => {
                let value = match value {
                    Some(value) => self.expr(host, frame, value)?,
                    None => Value::Builtin("Exception"),
                };
                return Err(Stop::Raise(value));
            }
            StmtKind::Try { body, handlers, orelse, finally } => {
                let mut flow = self.try_block(host, frame, body, handlers, orelse);
                if !finally.is_empty() {
                    match self.block(host, frame, finally)? {
                        Flow::Next => {}
                        other => flow = Ok(other),
                    }
                }
                return flow;
            }
            StmtKind::Import(aliases) => self.import(host, frame, aliases)?,
            StmtKind::ImportFrom { module, level, names } => {
                self.import_from(host, frame, module, *level, names)?;
            }
            StmtKind::Outer(names) => frame.scope.outer.borrow_mut().extend(names.iter().cloned()),
            StmtKind::TypeAlias(target, value) => {
                let value = self.expr(host, frame, value)?;
                self.assign(host, frame, target, value, origin)?;
            }
            StmtKind::Break => return Ok(Flow::Break),
            StmtKind::Continue => return Ok(Flow::Continue),
            StmtKind::Assert | StmtKind::Pass | StmtKind::Other => {}
        }
        Ok(Flow::Next)
    }

    /// A function with its defaults, after its decorators.
    fn define(&mut self, host: &mut dyn Host, frame: &Frame, def: &Rc<FunctionDef>) -> Eval<Value> {
        let mut decorators = Vec::new();
        for decorator in &def.decorators {
            decorators.push(self.expr(host, frame, decorator)?);
        }
        let mut own = Vec::new();
        let mut applied = Vec::new();
        for decorator in decorators {
            match decorator {
                Value::Function(_) | Value::Method(_) | Value::Class(_) => applied.push(decorator),
                other => own.push(other),
            }
        }
        let own = match of_property(&own) {
            None => own,
            // `@name.setter` adds to a property, which stays what it gives; `@name.expression` says
            // what it is on the class.
            Some((property, "expression")) => property.decorators.clone(),
            Some((property, _)) => return Ok(Value::Function(Rc::clone(property))),
        };
        let function = self.function(host, frame, def, own)?;
        if let Value::Function(found) = &function
            && !found.decorators.is_empty()
        {
            host.decorated(self, &function, &found.decorators.clone());
        }
        let mut value = function;
        for decorator in applied.into_iter().rev() {
            let args = super::Args {
                list: vec![super::Arg { name: None, value, origin: frame.origin(def.name_span) }],
                more: false,
            };
            value = self.call(host, &decorator, args, frame.origin(def.name_span))?;
        }
        Ok(value)
    }

    pub(super) fn function(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        def: &Rc<FunctionDef>,
        decorators: Vec<Value>,
    ) -> Eval<Value> {
        let mut defaults = Vec::new();
        for parameter in &def.parameters {
            defaults.push(match &parameter.default {
                Some(default) => Some(self.expr(host, frame, default)?),
                None => None,
            });
        }
        // The names of a class are not seen by the functions in it.
        let closure = match (frame.scope.kind, &frame.scope.parent) {
            (ScopeKind::Class, Some(parent)) => Rc::clone(parent),
            _ => Rc::clone(&frame.scope),
        };
        if closure.kind != ScopeKind::Module {
            self.closures.push(Rc::downgrade(&closure));
        }
        let serial = self.serial();
        let source = frame.source;
        Ok(Value::Function(Rc::new(Function {
            def: Rc::clone(def),
            closure,
            defaults,
            decorators,
            source,
            serial,
        })))
    }

    /// Binds what an expression on the left of `=` names.
    pub(super) fn assign(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        target: &Expr,
        value: Value,
        origin: Origin,
    ) -> Eval<()> {
        self.tick()?;
        match &target.kind {
            ExprKind::Name(name) => {
                frame.scope.set(name, value);
                self.class_attribute_set(frame, name, origin);
            }
            ExprKind::Tuple(targets) | ExprKind::List(targets) => {
                let Some(items) = self.items(host, &value, origin) else {
                    let unknown = Value::unknown("part of a value that is not known", origin);
                    for target in targets {
                        self.assign(host, frame, target, unknown.clone(), origin)?;
                    }
                    return Ok(());
                };
                let star = targets.iter().position(|it| matches!(it.kind, ExprKind::Starred(_)));
                let spare = items.len().saturating_sub(targets.len().saturating_sub(1));
                let mut items = items.into_iter();
                for (at, target) in targets.iter().enumerate() {
                    match &target.kind {
                        ExprKind::Starred(inner) if star == Some(at) => {
                            let rest = Value::list(items.by_ref().take(spare).collect());
                            self.assign(host, frame, inner, rest, origin)?;
                        }
                        _ => {
                            let item = items.next().unwrap_or_else(|| {
                                Value::unknown("there are too few values to unpack", origin)
                            });
                            self.assign(host, frame, target, item, origin)?;
                        }
                    }
                }
            }
            ExprKind::Attribute(object, name) => {
                let object = self.expr(host, frame, object)?;
                match object {
                    Value::Instance(instance) => {
                        instance.attributes.borrow_mut().insert(name.clone(), value);
                    }
                    Value::Class(class) => class.attributes.borrow_mut().set(name, value, origin),
                    Value::Module(module) => module.scope.set(name, value),
                    Value::Unknown(_) => {}
                    other => self.assigned.push((other, name.clone(), value, origin)),
                }
            }
            ExprKind::Subscript(object, key) => {
                let object = self.expr(host, frame, object)?;
                let key = self.expr(host, frame, key)?;
                match (&object, &key) {
                    (Value::Dict(dict), _) if dict.borrow().len() < super::MAX_ITEMS => {
                        dict.borrow_mut().set(key, value);
                    }
                    (Value::List(list), Value::Int(at)) => {
                        let length = list.borrow().len();
                        let at = super::operate::index(*at, length);
                        if let Some(place) = at.and_then(|at| {
                            list.borrow_mut().get_mut(at).map(|it| {
                                *it = value;
                            })
                        }) {
                            return Ok(place);
                        }
                    }
                    _ => {}
                }
            }
            ExprKind::Starred(inner) => self.assign(host, frame, inner, value, origin)?,
            _ => {}
        }
        Ok(())
    }

    fn delete(&mut self, host: &mut dyn Host, frame: &Frame, target: &Expr) -> Eval<()> {
        match &target.kind {
            ExprKind::Name(name) => {
                frame.scope.names.borrow_mut().remove(name);
            }
            ExprKind::Subscript(object, key) => {
                let object = self.expr(host, frame, object)?;
                let key = self.expr(host, frame, key)?;
                if let Value::Dict(dict) = &object {
                    dict.borrow_mut().remove(&key);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn for_loop(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        (target, iter): (&Expr, &Expr),
        (body, orelse): (&[Stmt], &[Stmt]),
        origin: Origin,
    ) -> Eval<Flow> {
        let over = self.expr(host, frame, iter)?;
        let Some(items) = self.items(host, &over, origin) else {
            let reason = match &over {
                Value::Unknown(unknown) => unknown.reason.clone(),
                _ => format!("what the loop runs over is not known: {over:?}"),
            };
            if host.look(self, true, origin, &reason) {
                let item = Value::unknown(reason.clone(), origin);
                let flow = match self.assign(host, frame, target, item, origin) {
                    Ok(()) => self.block(host, frame, body),
                    Err(stop) => Err(stop),
                };
                return self.looked(host, flow, origin, &reason);
            }
            host.skipped(self, origin, &reason);
            return Ok(Flow::Next);
        };
        for item in items {
            self.tick()?;
            self.assign(host, frame, target, item, origin)?;
            match self.block(host, frame, body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                Flow::Return(value) => return Ok(Flow::Return(value)),
            }
        }
        self.block(host, frame, orelse)
    }

    fn while_loop(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        test: &Expr,
        (body, orelse): (&[Stmt], &[Stmt]),
        origin: Origin,
    ) -> Eval<Flow> {
        loop {
            self.tick()?;
            let value = self.expr(host, frame, test)?;
            match self.truth(host, &value) {
                Some(true) => {}
                Some(false) => return self.block(host, frame, orelse),
                None => {
                    let reason = "how often the loop runs is not known";
                    if host.look(self, true, origin, reason) {
                        let flow = self.block(host, frame, body);
                        return self.looked(host, flow, origin, reason);
                    }
                    host.skipped(self, origin, reason);
                    return Ok(Flow::Next);
                }
            }
            let outer = std::mem::replace(&mut self.left_on_doubt, false);
            let flow = self.block(host, frame, body);
            let left = std::mem::replace(&mut self.left_on_doubt, outer);
            match flow? {
                // Nothing else may ever end it.
                Flow::Next | Flow::Continue if left => {
                    let reason = "how often the loop runs is not known";
                    if host.look(self, true, origin, reason) {
                        let flow = self.block(host, frame, body);
                        return self.looked(host, flow, origin, reason);
                    }
                    host.skipped(self, origin, reason);
                    return Ok(Flow::Next);
                }
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                Flow::Return(value) => return Ok(Flow::Return(value)),
            }
        }
    }

    /// Ends a look at a loop's body: what it returned may have been returned, or not.
    fn looked(
        &mut self,
        host: &mut dyn Host,
        flow: Eval<Flow>,
        origin: Origin,
        reason: &str,
    ) -> Eval<Flow> {
        host.look(self, false, origin, reason);
        match flow {
            Err(Stop::Limit) => Err(Stop::Limit),
            Ok(Flow::Return(value)) if !value.is_none() => {
                Ok(Flow::Return(Value::unknown(reason, origin)))
            }
            _ => Ok(Flow::Next),
        }
    }

    /// `if`: where a condition is not decided, its body is run on a doubt, and so is what follows.
    fn branch(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        branches: &[(Expr, Vec<Stmt>)],
        orelse: &[Stmt],
    ) -> Eval<Flow> {
        let mut doubts: Vec<(Origin, String)> = Vec::new();
        let mut returned = false;
        let mut result = Ok(Flow::Next);
        for (test, body) in branches {
            let origin = frame.origin(test.span);
            let value = match self.expr(host, frame, test) {
                Ok(value) => value,
                Err(stop) => return self.settle(host, &doubts, returned, Err(stop)),
            };
            match self.truth(host, &value) {
                Some(false) => {}
                Some(true) => {
                    result = self.block(host, frame, body);
                    return self.settle(host, &doubts, returned, result);
                }
                None => {
                    let reason = match &value {
                        Value::Unknown(unknown) => unknown.reason.clone(),
                        _ => format!("whether {value:?} holds is not decided"),
                    };
                    host.doubt(self, true, origin, &reason);
                    doubts.push((origin, reason));
                    match self.block(host, frame, body) {
                        Ok(Flow::Return(value)) => {
                            returned |= !value.is_none();
                            self.left_on_doubt = true;
                        }
                        Ok(Flow::Break) | Err(Stop::Raise(_)) => self.left_on_doubt = true,
                        Ok(Flow::Next | Flow::Continue) => {}
                        Err(Stop::Limit) => {
                            return self.settle(host, &doubts, false, Err(Stop::Limit));
                        }
                    }
                }
            }
        }
        if !orelse.is_empty() {
            result = self.block(host, frame, orelse);
        }
        self.settle(host, &doubts, returned, result)
    }

    /// Ends the doubts of an `if`. A branch that may have returned a value makes what is returned
    /// unknown; one that may have returned nothing only ends early, and what follows is taken.
    fn settle(
        &mut self,
        host: &mut dyn Host,
        doubts: &[(Origin, String)],
        returned: bool,
        result: Eval<Flow>,
    ) -> Eval<Flow> {
        let Some((origin, reason)) = doubts.last().cloned() else { return result };
        for (origin, reason) in doubts.iter().rev() {
            host.doubt(self, false, *origin, reason);
        }
        if returned && !matches!(result, Err(Stop::Limit)) {
            return Ok(Flow::Return(Value::unknown(reason, origin)));
        }
        match result {
            Ok(Flow::Return(value)) if !value.is_none() => {
                Ok(Flow::Return(Value::unknown(reason, origin)))
            }
            Ok(Flow::Return(_) | Flow::Break) | Err(Stop::Raise(_)) => {
                self.left_on_doubt = true;
                Ok(Flow::Next)
            }
            Ok(Flow::Continue) => Ok(Flow::Next),
            other => other,
        }
    }

    fn try_block(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        body: &[Stmt],
        handlers: &[Handler],
        orelse: &[Stmt],
    ) -> Eval<Flow> {
        let raised = match self.block(host, frame, body) {
            Ok(Flow::Next) => return self.block(host, frame, orelse),
            Ok(other) => return Ok(other),
            Err(Stop::Limit) => return Err(Stop::Limit),
            Err(Stop::Raise(value)) => value,
        };
        for handler in handlers {
            let catches = match &handler.kind {
                None => true,
                Some(kind) => {
                    let kind = self.expr(host, frame, kind)?;
                    catches(&kind, &raised)
                }
            };
            if catches {
                if let Some(name) = &handler.name {
                    frame.scope.set(name, raised.clone());
                }
                return self.block(host, frame, &handler.body);
            }
        }
        Err(Stop::Raise(raised))
    }

    /// Whether a pattern fits a value.
    fn matches(
        &mut self,
        host: &mut dyn Host,
        frame: &Frame,
        pattern: &Pattern,
        subject: &Value,
        origin: Origin,
    ) -> Eval<Option<bool>> {
        match pattern {
            Pattern::Value(expr) => {
                let value = self.expr(host, frame, expr)?;
                let same = self.equal(host, &value, subject, origin)?;
                Ok(self.truth(host, &same))
            }
            Pattern::Or(patterns) => {
                let mut undecided = false;
                for pattern in patterns {
                    match self.matches(host, frame, pattern, subject, origin)? {
                        Some(true) => return Ok(Some(true)),
                        Some(false) => {}
                        None => undecided = true,
                    }
                }
                Ok(if undecided { None } else { Some(false) })
            }
            Pattern::Capture(name) => {
                if let Some(name) = name {
                    frame.scope.set(name, subject.clone());
                }
                Ok(Some(true))
            }
            Pattern::Sequence(patterns) => {
                if matches!(subject, Value::Str(_)) {
                    return Ok(Some(false));
                }
                let Some(items) = self.items(host, subject, origin) else { return Ok(None) };
                if items.len() != patterns.len() {
                    return Ok(Some(false));
                }
                for (pattern, item) in patterns.iter().zip(&items) {
                    match self.matches(host, frame, pattern, item, origin)? {
                        Some(true) => {}
                        other => return Ok(other),
                    }
                }
                Ok(Some(true))
            }
            Pattern::Other => Ok(None),
        }
    }

    /// The value that `with` binds.
    fn enter(&mut self, host: &mut dyn Host, value: Value, origin: Origin) -> Eval<Value> {
        if let Value::Instance(instance) = &value
            && instance.class.find("__enter__").is_some()
        {
            let enter = self.attribute(host, &value, "__enter__", origin)?;
            return self.call(host, &enter, super::Args::default(), origin);
        }
        Ok(value)
    }

    /// An annotated name of a class is an attribute that may have no value.
    fn annotate(&self, frame: &Frame, target: &Expr, annotation: &Rc<Expr>, origin: Origin) {
        if let (ScopeKind::Class, ExprKind::Name(name)) = (frame.scope.kind, &target.kind) {
            self.annotated.borrow_mut().entry(Rc::as_ptr(&frame.scope) as usize).or_default().push(
                super::Annotation { name: name.clone(), written: Rc::clone(annotation), origin },
            );
        }
    }

    /// Remembers in which order, and where, the names of a class were set.
    fn class_attribute_set(&self, frame: &Frame, name: &str, origin: Origin) {
        if frame.scope.kind == ScopeKind::Class {
            let key = Rc::as_ptr(&frame.scope) as usize;
            self.named.borrow_mut().entry(key).or_default().push((name.to_owned(), origin));
        }
    }
}

/// The property that a function's decorators add to, and which part of it they say.
fn of_property(decorators: &[Value]) -> Option<(&Rc<Function>, &str)> {
    const PARTS: [&str; 5] = ["comparator", "deleter", "expression", "setter", "update_expression"];
    decorators.iter().find_map(|decorator| match &decorator.symbol()?.kind {
        SymbolKind::Attribute(Value::Function(property), part)
            if PARTS.contains(&part.as_str())
                && property.is_decorated(&["property", "hybrid_property"]) =>
        {
            Some((property, part.as_str()))
        }
        _ => None,
    })
}

/// Whether an `except` of this kind takes what was raised.
fn catches(kind: &Value, raised: &Value) -> bool {
    if let Value::Tuple(kinds) = kind {
        return kinds.iter().any(|kind| catches(kind, raised));
    }
    let Some(name) = kind.last_name() else { return true };
    if matches!(name, "Exception" | "BaseException") {
        return true;
    }
    let raised_class = match raised {
        Value::Instance(instance) => Some(&instance.class),
        Value::Class(class) => Some(class),
        _ => None,
    };
    if let Some(class) = raised_class {
        return class.lineage().any(|class| class.name == name) || class.extends(&[name]);
    }
    let raised_name = match raised.call() {
        Some((callee, _)) => callee.last_name(),
        None => raised.last_name(),
    };
    raised_name.is_none_or(|raised| {
        raised == name
            || (name == "LookupError" && matches!(raised, "KeyError" | "IndexError"))
            || (name == "ImportError" && raised == "ModuleNotFoundError")
            || (name == "SQLAlchemyError" && raised.ends_with("Error"))
    })
}

/// The scope of a call of a function.
pub(super) fn call_scope(function: &Function) -> Rc<Scope> {
    Scope::new(ScopeKind::Function, Some(Rc::clone(&function.closure)))
}
