//! Which files are revisions, and the order in which Alembic runs them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::rc::Rc;

use schemaward_catalog::code::{ChainProblem, ChainProblemKind};
use schemaward_catalog::{Origin, Span};

use crate::interpret::{Host, Interp, ModuleValue, Recorder, Value};
use crate::syntax::{Expr, ExprKind, Module, Stmt, StmtKind};

/// A revision, with what it says of its place among the others.
pub(super) struct Revision {
    /// The index of its file.
    pub(super) file: usize,
    pub(super) module: Rc<ModuleValue>,
    pub(super) id: String,
    pub(super) down: Vec<String>,
    depends_on: Vec<String>,
    pub(super) labels: Vec<String>,
    /// The statement that gives its identifier.
    pub(super) origin: Origin,
    /// The statement that names those it follows.
    down_origin: Origin,
}

/// The place of the statement at the top of a module that binds a name; of a function, its name.
pub(super) fn binding(module: &Module, name: &str) -> Option<Span> {
    let named = |expr: &Expr| matches!(&expr.kind, ExprKind::Name(found) if found == name);
    let binds = |statement: &&Stmt| match &statement.kind {
        StmtKind::Assign(targets, _) => targets.iter().flat_map(Expr::parts).any(named),
        StmtKind::AnnAssign { target, value: Some(_), .. } => named(target),
        StmtKind::FunctionDef(def) => def.name == name,
        StmtKind::ImportFrom { names, .. } => {
            names.iter().any(|alias| alias.as_name.as_ref().unwrap_or(&alias.name) == name)
        }
        _ => false,
    };
    // The last one counts.
    module.body.iter().rev().find(binds).map(|statement| match &statement.kind {
        StmtKind::FunctionDef(def) => def.name_span,
        _ => statement.span,
    })
}

/// Runs the modules of revisions, and reads what they say of themselves.
pub(super) fn read(
    interp: &mut Interp<'_>,
    files: &[usize],
    problems: &mut Vec<ChainProblem>,
) -> Vec<Revision> {
    let mut revisions = Vec::new();
    for &at in files {
        let Some(file) = interp.files().get(at) else { continue };
        interp.refresh();
        let module = interp.load(&mut Recorder, at);
        let place = |name| Origin {
            source: file.source,
            span: binding(&file.module, name).unwrap_or_default(),
        };
        let (origin, down_origin) = (place("revision"), place("down_revision"));
        let id = module.scope.own("revision");
        let Some(id) = id.as_ref().and_then(Value::as_str) else {
            problems.push(ChainProblem {
                kind: ChainProblemKind::Undecided,
                revisions: Vec::new(),
                origins: vec![origin],
            });
            continue;
        };
        let id = id.to_owned();
        let mut names = |name: &str| match module.scope.own(name) {
            None => Some(Vec::new()),
            Some(value) => strings(interp, &value, origin),
        };
        let (down, depends_on) = (names("down_revision"), names("depends_on"));
        if down.is_none() || depends_on.is_none() {
            problems.push(ChainProblem {
                kind: ChainProblemKind::Undecided,
                revisions: vec![id.clone()],
                origins: vec![down_origin],
            });
        }
        let labels = names("branch_labels").unwrap_or_default();
        revisions.push(Revision {
            file: at,
            module,
            id,
            down: down.unwrap_or_default(),
            depends_on: depends_on.unwrap_or_default(),
            labels,
            origin,
            down_origin,
        });
    }
    revisions
}

/// A name, or several.
fn strings(interp: &mut Interp<'_>, value: &Value, origin: Origin) -> Option<Vec<String>> {
    match value {
        Value::None => Some(Vec::new()),
        Value::Str(text) => Some(vec![text.as_str().to_owned()]),
        other => {
            let host: &mut dyn Host = &mut Recorder;
            let items = interp.items(host, other, origin)?;
            items.iter().map(|item| item.as_str().map(ToOwned::to_owned)).collect()
        }
    }
}

/// The order in which revisions run.
pub(super) struct Order {
    /// Their places in the list that was given.
    pub(super) run: Vec<usize>,
    /// The identifiers of those that none follows.
    pub(super) heads: Vec<String>,
}

/// The graph, by place: whom each revision follows, and on whom it depends beside that.
struct Graph {
    down: Vec<Vec<usize>>,
    depends: Vec<Vec<usize>>,
    /// Those dependencies that are none of an ancestor's.
    own_depends: Vec<Vec<usize>>,
}

impl Graph {
    fn all_down(&self, at: usize) -> impl Iterator<Item = usize> {
        let down = self.down.get(at).into_iter().flatten();
        down.chain(self.depends.get(at).into_iter().flatten()).copied()
    }

    /// A revision and all those that must run before it.
    fn ancestors(&self, at: usize) -> BTreeSet<usize> {
        let mut seen = BTreeSet::from([at]);
        let mut open = vec![at];
        while let Some(next) = open.pop() {
            open.extend(self.all_down(next).filter(|down| seen.insert(*down)));
        }
        seen
    }

    /// Whom a revision follows at once, dependencies of its ancestors left out.
    fn normalized(&self, at: usize) -> Vec<usize> {
        let mut list: Vec<usize> = Vec::new();
        let down = self.down.get(at).into_iter().flatten();
        for next in down.chain(self.own_depends.get(at).into_iter().flatten()) {
            if !list.contains(next) {
                list.push(*next);
            }
        }
        list
    }
}

/// The order of revisions, which must come in the order of their paths.
pub(super) fn order(revisions: &[Revision], problems: &mut Vec<ChainProblem>) -> Order {
    let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
    let mut twins: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, revision) in revisions.iter().enumerate() {
        twins.entry(&revision.id).or_default().push(at);
        // As in a dictionary, the last one of a name is the one that others mean.
        by_name.insert(&revision.id, at);
    }
    let problem = |kind, places: &[usize]| {
        let found = || places.iter().filter_map(|at| revisions.get(*at));
        ChainProblem {
            kind,
            revisions: found().map(|revision| revision.id.clone()).collect(),
            origins: found()
                .map(|revision| match kind {
                    ChainProblemKind::Duplicate | ChainProblemKind::SeveralHeads => revision.origin,
                    _ => revision.down_origin,
                })
                .collect(),
        }
    };
    for places in twins.values().filter(|places| places.len() > 1) {
        problems.push(problem(ChainProblemKind::Duplicate, places));
    }
    let labelled: BTreeMap<&str, usize> = revisions
        .iter()
        .enumerate()
        .flat_map(|(at, revision)| revision.labels.iter().map(move |label| (label.as_str(), at)))
        .collect();
    // Alembic takes the beginning of an identifier, too, where it means only one.
    let find = |name: &str| {
        let name = name.rsplit('@').next().unwrap_or(name);
        by_name.get(name).or_else(|| labelled.get(name)).copied().or_else(|| {
            let from = (Bound::Included(name), Bound::Unbounded);
            let mut found =
                by_name.range::<str, _>(from).take_while(|(id, _)| id.starts_with(name));
            let first = found.next().filter(|_| name.len() >= 4)?;
            found.next().is_none().then_some(*first.1)
        })
    };
    let mut graph = Graph {
        down: vec![Vec::new(); revisions.len()],
        depends: vec![Vec::new(); revisions.len()],
        own_depends: Vec::new(),
    };
    let mut cyclic = Vec::new();
    for (at, revision) in revisions.iter().enumerate() {
        let edges = [
            (&revision.down, &mut graph.down, ChainProblemKind::MissingDown),
            (&revision.depends_on, &mut graph.depends, ChainProblemKind::MissingDependency),
        ];
        for (names, list, missing) in edges {
            for name in names {
                match find(name) {
                    Some(found) if found == at => cyclic.push(at),
                    Some(found) => list.get_mut(at).into_iter().for_each(|list| list.push(found)),
                    None => problems.push(ChainProblem {
                        revisions: vec![revision.id.clone(), name.clone()],
                        ..problem(missing, &[at])
                    }),
                }
            }
        }
    }
    if !cyclic.is_empty() {
        problems.push(problem(ChainProblemKind::Cycle, &cyclic));
    }
    break_cycles(&mut graph, |places| problems.push(problem(ChainProblemKind::Cycle, places)));
    graph.own_depends = (0..revisions.len())
        .map(|at| {
            let mut own: BTreeSet<usize> =
                graph.depends.get(at).into_iter().flatten().copied().collect();
            let mut seen = BTreeSet::from([at]);
            let mut open: Vec<usize> = graph.down.get(at).cloned().unwrap_or_default();
            while let Some(next) = open.pop() {
                if seen.insert(next) {
                    for other in graph.depends.get(next).into_iter().flatten() {
                        own.remove(other);
                    }
                    open.extend(graph.down.get(next).into_iter().flatten());
                }
            }
            own.into_iter().collect()
        })
        .collect();
    let followed: BTreeSet<usize> = graph.down.iter().flatten().copied().collect();
    let needed: BTreeSet<usize> = (0..revisions.len()).flat_map(|at| graph.all_down(at)).collect();
    let heads: Vec<usize> = (0..revisions.len())
        .filter(|at| !followed.contains(at))
        // A twin that no one can mean is no head.
        .filter(|at| revisions.get(*at).is_some_and(|it| by_name.get(it.id.as_str()) == Some(at)))
        .collect();
    if heads.len() > 1 {
        problems.push(problem(ChainProblemKind::SeveralHeads, &heads));
    }
    let tips: Vec<usize> = (0..revisions.len()).filter(|at| !needed.contains(at)).collect();
    let name = |at: &usize| revisions.get(*at).map(|revision| revision.id.clone());
    Order { run: sort(&graph, tips), heads: heads.iter().filter_map(name).collect() }
}

/// Takes away the edges that close a circle.
fn break_cycles(graph: &mut Graph, mut found: impl FnMut(&[usize])) {
    // 0: not seen, 1: open, 2: done.
    let mut state = vec![0_u8; graph.down.len()];
    let set = |state: &mut Vec<u8>, at: usize, value| {
        if let Some(place) = state.get_mut(at) {
            *place = value;
        }
    };
    for start in 0..graph.down.len() {
        let mut path: Vec<(usize, Vec<usize>)> = Vec::new();
        if state.get(start) == Some(&0) {
            set(&mut state, start, 1);
            path.push((start, graph.all_down(start).collect()));
        }
        while let Some((at, open)) = path.last_mut() {
            let at = *at;
            let Some(next) = open.pop() else {
                set(&mut state, at, 2);
                path.pop();
                continue;
            };
            match state.get(next) {
                Some(0) => {
                    set(&mut state, next, 1);
                    path.push((next, graph.all_down(next).collect()));
                }
                Some(1) => {
                    let circle = path.iter().map(|(at, _)| *at).skip_while(|at| *at != next);
                    let mut circle: Vec<usize> = circle.collect();
                    circle.sort_unstable();
                    found(&circle);
                    for list in [&mut graph.down, &mut graph.depends] {
                        if let Some(list) = list.get_mut(at) {
                            list.retain(|down| *down != next);
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// The order of an upgrade from nothing: Alembic walks down from the heads, one branch after the
/// other, and runs what it met the other way round.
fn sort(graph: &Graph, tips: Vec<usize>) -> Vec<usize> {
    let mut todo: BTreeSet<usize> = (0..graph.down.len()).collect();
    let mut heads = tips;
    let mut ancestors: Vec<BTreeSet<usize>> = heads.iter().map(|at| graph.ancestors(*at)).collect();
    let mut output = Vec::new();
    let mut current = 0;
    while let Some(candidate) = heads.get(current).copied() {
        let blocking = ancestors
            .iter()
            .enumerate()
            .find(|(at, set)| *at != current && set.contains(&candidate));
        if let Some((other, _)) = blocking {
            current = other;
            continue;
        }
        if todo.remove(&candidate) {
            output.push(candidate);
        }
        let down = graph.normalized(candidate);
        let plain = down.len() == 1;
        let mut next = down.into_iter().filter(|at| todo.contains(at) && !heads.contains(at));
        let first = next.next();
        let rest: Vec<usize> = next.collect();
        match first {
            None => {
                heads.remove(current);
                ancestors.remove(current);
                current = current.saturating_sub(1);
            }
            Some(first) => {
                if let (Some(head), Some(set)) =
                    (heads.get_mut(current), ancestors.get_mut(current))
                {
                    *head = first;
                    if plain {
                        set.remove(&candidate);
                    } else {
                        *set = graph.ancestors(first);
                    }
                }
                ancestors.extend(rest.iter().map(|at| graph.ancestors(*at)));
                heads.extend(rest);
            }
        }
    }
    // None is left, for every revision is an ancestor of a tip once there are no circles.
    output.extend(todo.into_iter().rev());
    output.reverse();
    output
}
