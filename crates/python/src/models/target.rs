//! Which metadata Alembic's environment (`env.py`) compares the database with.

use std::rc::Rc;

use super::Recording;
use super::belonging::meta_key;
use super::registry::Targets;
use crate::interpret::{Interp, Value};
use crate::syntax::{ArgumentKind, Expr, ExprKind, Module, Stmt, StmtKind};

/// Whether a module configures Alembic: it imports the `context` and hands it a target.
pub(crate) fn is_environment(module: &Module) -> bool {
    let imports = module.body.iter().any(|statement| match &statement.kind {
        StmtKind::ImportFrom { module, names, .. } => {
            module == "alembic" && names.iter().any(|name| name.name == "context")
        }
        _ => false,
    });
    imports && target_expr(module).is_some()
}

/// The metadata that the environments name, by their places; `None` where that is not known, or where
/// they do not agree.
pub(super) fn of(
    interp: &mut Interp<'_>,
    host: &mut Recording,
    targets: &Targets,
    environments: &[usize],
) -> Option<Vec<usize>> {
    let mut found: Option<Vec<usize>> = None;
    for environment in environments {
        let named = one(interp, host, targets, *environment)?;
        match &found {
            Some(other) if *other != named => return None,
            _ => found = Some(named),
        }
    }
    found
}

fn one(
    interp: &mut Interp<'_>,
    host: &mut Recording,
    targets: &Targets,
    environment: usize,
) -> Option<Vec<usize>> {
    let module = Rc::clone(&interp.files().get(environment)?.module);
    let expr = target_expr(&module)?;
    // What else the file does is nothing to the models, and neither is what is not known of it.
    let (notes, classes) = (interp.notes.clone(), interp.classes.len());
    interp.refresh();
    let loaded = interp.load(host, environment);
    let source = interp.files().get(environment)?.source;
    let value = interp.evaluate(host, &loaded.scope, source, expr);
    interp.notes = notes;
    interp.forget_classes(classes);
    let list = match value? {
        Value::List(list) => list.borrow().to_vec(),
        Value::Tuple(list) => list.to_vec(),
        Value::None => Vec::new(),
        other => vec![other],
    };
    list.iter()
        .map(|value| {
            let key = meta_key(value);
            targets.metadata.iter().position(|other| *other == key)
        })
        .collect()
}

/// What `target_metadata` is: what the module assigns to it last, else what `configure()` is given.
fn target_expr(module: &Module) -> Option<&Expr> {
    let assigned = module.body.iter().rev().find_map(|statement| match &statement.kind {
        StmtKind::Assign(targets, value) if targets.iter().any(is_target) => Some(value),
        StmtKind::AnnAssign { target, value: Some(value), .. } if is_target(target) => Some(value),
        _ => None,
    });
    assigned.or_else(|| configured(&module.body))
}

fn is_target(target: &Expr) -> bool {
    matches!(&target.kind, ExprKind::Name(name) if name == "target_metadata")
}

/// The argument `target_metadata=` of a call that is a statement by itself.
fn configured(body: &[Stmt]) -> Option<&Expr> {
    body.iter().find_map(|statement| {
        match &statement.kind {
        StmtKind::Expr(Expr { kind: ExprKind::Call(_, arguments), .. }) => arguments
            .iter()
            .find(|argument| {
                matches!(&argument.kind, ArgumentKind::Keyword(name) if name == "target_metadata")
            })
            .map(|argument| &argument.value)
            .filter(|value| !is_target(value)),
        StmtKind::FunctionDef(def) => configured(&def.body),
        StmtKind::With(_, body) | StmtKind::Try { body, .. } => configured(body),
        StmtKind::If(branches, orelse) => {
            branches.iter().find_map(|(_, body)| configured(body)).or_else(|| configured(orelse))
        }
        _ => None,
    }
    })
}
