//! A small abstract interpreter of the Python that builds schema.
//!
//! It runs the project's own code: modules, classes, functions, loops over known values, strings.
//! What belongs to a library becomes a [`Symbol`], a record of who was called with what, unless the
//! [`Host`] knows better. What the text does not settle is [`Value::Unknown`] with its reason, and
//! spreads. Nothing here fails for good: steps, depth and sizes are bounded, and whatever ends early
//! leaves a note with its place.

mod builtin;
mod call;
mod class;
mod dropped;
mod expr;
mod format;
mod import;
mod library;
mod method;
mod operate;
mod regex;
mod show;
mod stmt;
#[cfg(test)]
mod tests;
mod value;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::{Rc, Weak};

use schemaward_catalog::{Origin, SourceId, Span};

use crate::syntax::Module;

pub(crate) use call::LIBRARY_INIT;
pub(crate) use operate::enum_value;
pub(crate) use value::{
    Annotation, Arg, Args, Attributes, Class, Function, GAP, Instance, Key, ModuleValue, Scope,
    ScopeKind, Symbol, SymbolKind, Value,
};

/// Statements, expressions and items of loops that one run may take.
const MAX_STEPS: u64 = 4_000_000;

/// The steps of all runs, beyond which each gets only [`MIN_STEPS`].
const MAX_SPENT: u64 = 10 * MAX_STEPS;

/// The steps of a run once very many were taken, and of what follows a statement that took too many.
const MIN_STEPS: u64 = 100_000;

/// How often a run goes on behind what took too many steps.
const MAX_RESUMES: u32 = 8;

/// Calls within each other.
const MAX_DEPTH: usize = 60;

/// Bytes of one string.
const MAX_STRING: usize = 4 << 20;

/// Items of one list, dictionary or range.
const MAX_ITEMS: usize = 200_000;

/// Notes that one run may leave.
const MAX_NOTES: usize = 1_000;

/// One file of a project.
#[derive(Clone, Debug)]
pub(crate) struct File {
    /// Its path, with `/` between its parts.
    pub(crate) path: String,
    pub(crate) source: SourceId,
    pub(crate) module: Rc<Module>,
}

/// A file that is no Python and may be read by it.
#[derive(Debug)]
pub(crate) struct OtherFile<'a> {
    pub(crate) path: &'a str,
    pub(crate) source: SourceId,
    pub(crate) text: &'a str,
}

/// What a run says about a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Note {
    pub(crate) origin: Origin,
    pub(crate) message: String,
    /// Whether something was left out that may build schema.
    pub(crate) unread: bool,
}

/// Why an evaluation ends early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// An exception: what was raised.
    Raise(Value),
    /// A limit was reached; nothing more is evaluated.
    Limit,
}

/// A value, unless the evaluation ends early.
pub(crate) type Eval<T> = Result<T, Stop>;

/// Who knows the libraries. Everything has a default: a host that knows nothing records.
pub(crate) trait Host {
    /// What a call of something of a library gives; `None`: a record of the call.
    fn call(
        &mut self,
        _interp: &mut Interp<'_>,
        _callee: &Value,
        _args: &Args,
        _origin: Origin,
    ) -> Eval<Option<Value>> {
        Ok(None)
    }

    /// What an attribute of something of a library is; `None`: a record.
    fn attribute(
        &mut self,
        _interp: &mut Interp<'_>,
        _value: &Value,
        _name: &str,
    ) -> Option<Value> {
        None
    }

    /// Whether something of a library counts as true.
    fn truth(&mut self, _interp: &mut Interp<'_>, _value: &Value) -> Option<bool> {
        None
    }

    /// What a loop over something of a library sees.
    fn items(&mut self, _interp: &mut Interp<'_>, _value: &Value) -> Option<Vec<Value>> {
        None
    }

    /// A class of the project was made.
    fn class(&mut self, _interp: &mut Interp<'_>, _class: &Rc<Class>) {}

    /// A function was defined under decorators that are no functions of the project.
    fn decorated(&mut self, _interp: &mut Interp<'_>, _function: &Value, _decorators: &[Value]) {}

    /// A condition or a loop is not decided by the text. `begin` and `end` enclose what then runs on a
    /// doubt.
    fn doubt(&mut self, _interp: &mut Interp<'_>, _begin: bool, _origin: Origin, _reason: &str) {}

    /// What a loop runs over is not known: whether its body is to be run once all the same, with an item
    /// that is not known. If so, it is called again, without `begin`, after the body.
    fn look(
        &mut self,
        _interp: &mut Interp<'_>,
        _begin: bool,
        _origin: Origin,
        _reason: &str,
    ) -> bool {
        false
    }

    /// A loop's body is not run, since what it runs over is not known.
    fn skipped(&mut self, _interp: &mut Interp<'_>, _span: Origin, _reason: &str) {}
}

/// A host that only records.
pub(crate) struct Recorder;

impl Host for Recorder {}

/// The state of a run.
pub(crate) struct Interp<'a> {
    files: &'a [File],
    others: &'a [OtherFile<'a>],
    /// Files by their path without the ending `.py` or `/__init__.py`, its parts in reverse order.
    paths: BTreeMap<Vec<String>, usize>,
    modules: BTreeMap<String, Rc<ModuleValue>>,
    /// Modules whose body has begun to run.
    loaded: BTreeSet<usize>,
    /// The classes in the order in which they were made.
    pub(crate) classes: Vec<Rc<Class>>,
    /// Attributes that were set on things of libraries, in order.
    pub(crate) assigned: Vec<(Value, String, Value, Origin)>,
    pub(crate) notes: Vec<Note>,
    /// The other files whose text was read.
    pub(crate) used: BTreeSet<SourceId>,
    noted: BTreeSet<Note>,
    scopes: Vec<Rc<Scope>>,
    /// Scopes of calls in which functions were defined, which hold them in turn.
    closures: Vec<Weak<Scope>>,
    /// Classes that count for nothing.
    forgotten: Vec<Rc<Class>>,
    serial: Cell<u32>,
    steps: u64,
    /// The steps that this run may take.
    budget: u64,
    /// The steps of all runs before this one.
    spent: u64,
    /// How often this run may still go on behind what took too many steps.
    resumes: u32,
    /// The innermost statement that took too many.
    exhausted: Option<Origin>,
    /// Blocks within each other that are being run.
    nesting: usize,
    /// Calls that nested too deep, which are said once.
    too_deep: BTreeSet<Origin>,
    depth: usize,
    /// The annotated names of the class bodies in hand, by their scope's place in memory.
    annotated: RefCell<BTreeMap<usize, Vec<Annotation>>>,
    /// The names that the class bodies in hand set, likewise.
    named: RefCell<BTreeMap<usize, Vec<(String, Origin)>>>,
    /// The values that generators in hand have yielded, the innermost last.
    yielded: Vec<Vec<Value>>,
    /// Modules whose body has begun to run and has not ended.
    running: BTreeSet<usize>,
    /// Names that wait for the module they are imported of.
    late: Vec<import::Late>,
    /// Whether the innermost `while` in hand may have been left, on a condition that is not decided.
    left_on_doubt: bool,
}

/// Where evaluation stands.
#[derive(Clone)]
pub(crate) struct Frame {
    pub(crate) scope: Rc<Scope>,
    pub(crate) source: SourceId,
    /// The index of the file.
    pub(crate) file: usize,
    /// The class whose method runs, and its receiver.
    pub(crate) receiver: Option<(Rc<Class>, Value)>,
}

impl Frame {
    pub(crate) fn origin(&self, span: Span) -> Origin {
        Origin { source: self.source, span }
    }
}

impl<'a> Interp<'a> {
    pub(crate) fn new(files: &'a [File], others: &'a [OtherFile<'a>]) -> Self {
        let mut paths = BTreeMap::new();
        for (at, file) in files.iter().enumerate() {
            paths.entry(import::module_parts(&file.path)).or_insert(at);
        }
        Self {
            files,
            others,
            paths,
            modules: BTreeMap::new(),
            loaded: BTreeSet::new(),
            classes: Vec::new(),
            assigned: Vec::new(),
            notes: Vec::new(),
            used: BTreeSet::new(),
            noted: BTreeSet::new(),
            scopes: Vec::new(),
            closures: Vec::new(),
            forgotten: Vec::new(),
            serial: Cell::new(0),
            steps: 0,
            budget: MAX_STEPS,
            spent: 0,
            resumes: MAX_RESUMES,
            exhausted: None,
            nesting: 0,
            too_deep: BTreeSet::new(),
            depth: 0,
            annotated: RefCell::default(),
            named: RefCell::default(),
            yielded: Vec::new(),
            running: BTreeSet::new(),
            late: Vec::new(),
            left_on_doubt: false,
        }
    }

    /// The files of the project.
    pub(crate) fn files(&self) -> &'a [File] {
        self.files
    }

    /// Counts a step; beyond the limit nothing more is evaluated.
    fn tick(&mut self) -> Eval<()> {
        self.steps += 1;
        if self.steps > self.budget { Err(Stop::Limit) } else { Ok(()) }
    }

    /// Whether the run may go on behind what took too many steps, with a few more.
    fn resume(&mut self) -> bool {
        let goes_on = self.resumes > 0;
        self.resumes = self.resumes.saturating_sub(1);
        if goes_on {
            self.steps = self.budget.saturating_sub(MIN_STEPS);
        }
        goes_on
    }

    /// Counts something that costs as much as so many steps.
    pub(crate) fn spend(&mut self, steps: u64) -> Eval<()> {
        self.steps = self.steps.saturating_add(steps);
        self.tick()
    }

    /// Gives the run as many steps as a new one has: fewer once all of them have taken very many.
    pub(crate) fn refresh(&mut self) {
        self.spent = self.spent.saturating_add(self.steps);
        self.steps = 0;
        self.budget = if self.spent > MAX_SPENT { MIN_STEPS } else { MAX_STEPS };
        self.resumes = MAX_RESUMES;
        self.exhausted = None;
    }

    /// Goes back to the first so many classes: the others count for nothing.
    pub(crate) fn forget_classes(&mut self, known: usize) {
        let others = self.classes.split_off(known.min(self.classes.len()));
        self.forgotten.extend(others);
    }

    /// The innermost statement that took too many steps, in the run that has ended so.
    pub(crate) fn exhausted(&self) -> Option<Origin> {
        self.exhausted
    }

    /// Evaluates an expression in a scope (an annotation of a class); `None` where it raises.
    pub(crate) fn evaluate(
        &mut self,
        host: &mut dyn Host,
        scope: &Rc<Scope>,
        source: SourceId,
        expr: &crate::syntax::Expr,
    ) -> Option<Value> {
        let file = self.files.iter().position(|file| file.source == source).unwrap_or_default();
        let frame = Frame { scope: Rc::clone(scope), source, file, receiver: None };
        self.expr(host, &frame, expr).ok()
    }

    /// A number that nothing else of this run has; later things have greater ones.
    pub(crate) fn serial(&self) -> u32 {
        self.serial.set(self.serial.get() + 1);
        self.serial.get()
    }

    pub(crate) fn note(&mut self, origin: Origin, message: impl Into<String>, unread: bool) {
        let note = Note { origin, message: message.into(), unread };
        if self.notes.len() < MAX_NOTES && self.noted.insert(note.clone()) {
            self.notes.push(note);
        }
    }

    /// A record of something of a library.
    pub(crate) fn symbol(&self, kind: SymbolKind, origin: Origin) -> Value {
        Value::Symbol(Rc::new(Symbol { kind, origin, serial: self.serial() }))
    }

    /// A dotted name of a library.
    pub(crate) fn name(&self, path: impl Into<String>, origin: Origin) -> Value {
        self.symbol(SymbolKind::Name(path.into()), origin)
    }

    /// An object that has these attributes and no more.
    pub(crate) fn object<const N: usize>(
        &self,
        attributes: [(&str, Value); N],
        origin: Origin,
    ) -> Value {
        let class = Class {
            name: "object".to_owned(),
            module: String::new(),
            serial: self.serial(),
            bases: Vec::new(),
            ancestors: Vec::new(),
            external: Vec::new(),
            keywords: Args::default(),
            decorators: Vec::new(),
            attributes: RefCell::default(),
            annotations: RefCell::default(),
            scope: Scope::new(ScopeKind::Class, None),
            docstring: None,
            origin,
            name_origin: origin,
        };
        let attributes = attributes.map(|(name, value)| (name.to_owned(), value));
        Value::Instance(Rc::new(Instance {
            class: Rc::new(class),
            attributes: RefCell::new(BTreeMap::from(attributes)),
            args: Args::default(),
            origin,
            serial: self.serial(),
        }))
    }

    /// An exception of the language.
    fn raise(&self, kind: &'static str, message: String, origin: Origin) -> Stop {
        let args = Args {
            list: vec![Arg { name: None, value: Value::str(message), origin }],
            more: false,
        };
        Stop::Raise(self.symbol(SymbolKind::Call(Value::Builtin(kind), args), origin))
    }
}

impl Drop for Interp<'_> {
    /// Functions hold the scopes that hold them: emptying these ends every circle.
    fn drop(&mut self) {
        for scope in &self.scopes {
            scope.names.borrow_mut().clear();
        }
        for scope in self.closures.iter().filter_map(Weak::upgrade) {
            scope.names.borrow_mut().clear();
        }
        for class in self.classes.iter().chain(&self.forgotten) {
            class.attributes.borrow_mut().clear();
        }
    }
}
