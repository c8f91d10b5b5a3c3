//! A project's files, and what its models and migrations make.

use std::rc::Rc;

use schemaward_catalog::code::MigrationFacts;
use schemaward_catalog::{
    BlindSpot, Catalog, Change, Derivation, ModelFacts, Origin, Reach, Side, Source, SourceId,
    Sources, Touches,
};
use schemaward_sql::Effect;

use crate::ddl::{Output, Statement};
use crate::interpret::{File, Interp, OtherFile};
use crate::known::with_known;
use crate::migrations::{self, Environment};
use crate::models;
use crate::schema::{MetaData, NamingConvention};
use crate::syntax::{Expr, ExprKind, Module, Stmt, StmtKind, parse_module};
use crate::text::Text;

/// What a file of Python is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// It defines tables: declarative classes, `Table`s, what they derive from.
    Models,
    /// A revision of Alembic.
    Revision,
    /// Neither; others may import from it.
    Other,
}

/// One file that was given.
#[derive(Clone, Copy, Debug)]
pub struct InputFile<'a> {
    /// Its path, with `/` between its parts.
    pub path: &'a str,
    /// Its text.
    pub text: &'a str,
    /// Where it is among the sources.
    pub source: SourceId,
}

/// A remark on a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Where.
    pub origin: Origin,
    /// What is to be said, as a sentence without its full stop.
    pub message: String,
}

/// What the models or the migrations of a project make.
#[derive(Clone, Debug, Default)]
pub struct Played {
    /// The schema.
    pub catalog: Catalog,
    /// All statements; the read, the irrelevant and the unread ones add up to them.
    pub statements: usize,
    /// Those whose effect is in the catalog.
    pub read: usize,
    /// Those known to hold no schema.
    pub irrelevant: usize,
    /// What could not be read, and why.
    pub unread: Vec<Remark>,
    /// What else is to be said of the text.
    pub notes: Vec<Remark>,
    /// Files that are no Python and were read by it: they are run by it, and not by themselves.
    pub used: Vec<SourceId>,
    /// What the classes of models say beside the schema.
    pub models: ModelFacts,
    /// What the revisions say beside the schema.
    pub migrations: MigrationFacts,
}

/// What a project tells of its schema.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// By its models, where there are any.
    pub models: Option<Played>,
    /// By its migrations, where there are any.
    pub migrations: Option<Played>,
}

/// The Python files of a project, parsed.
#[derive(Debug)]
pub struct Project<'a> {
    files: Vec<File>,
    kinds: Vec<FileKind>,
    others: Vec<OtherFile<'a>>,
}

/// Whether a text is Python, and what for.
pub fn kind(text: &str) -> FileKind {
    kind_of(&parse_module(text))
}

pub(crate) fn kind_of(module: &Module) -> FileKind {
    let mut imports_sqlalchemy = false;
    let mut imports_context = false;
    let mut revision = false;
    let mut down_revision = false;
    let mut upgrade = false;
    for statement in &module.body {
        match &statement.kind {
            StmtKind::Assign(targets, _) => {
                for target in targets.iter().flat_map(Expr::parts) {
                    revision |= is_name(target, "revision");
                    down_revision |= is_name(target, "down_revision");
                }
            }
            StmtKind::AnnAssign { target, .. } => {
                revision |= is_name(target, "revision");
                down_revision |= is_name(target, "down_revision");
            }
            StmtKind::FunctionDef(def) => upgrade |= def.name == "upgrade",
            StmtKind::Import(aliases) => {
                imports_sqlalchemy |= aliases.iter().any(|alias| is_schema_library(&alias.name));
            }
            StmtKind::ImportFrom { module, names, .. } => {
                imports_sqlalchemy |= is_schema_library(module);
                imports_context |=
                    module == "alembic" && names.iter().any(|name| name.name == "context");
            }
            _ => {}
        }
    }
    if revision && (down_revision || upgrade) {
        return FileKind::Revision;
    }
    let defines = module.body.iter().any(defines_schema);
    if defines && imports_sqlalchemy && !imports_context {
        FileKind::Models
    } else {
        FileKind::Other
    }
}

fn is_name(expr: &Expr, name: &str) -> bool {
    matches!(&expr.kind, ExprKind::Name(found) if found == name)
}

fn is_schema_library(name: &str) -> bool {
    let root = name.split('.').next().unwrap_or_default();
    matches!(
        root,
        "sqlalchemy" | "sqlmodel" | "flask_sqlalchemy" | "advanced_alchemy" | "geoalchemy2"
    )
}

/// Whether a statement of a module may define something of a schema.
fn defines_schema(statement: &Stmt) -> bool {
    match &statement.kind {
        StmtKind::ClassDef(_) => true,
        StmtKind::Assign(_, value)
        | StmtKind::AnnAssign { value: Some(value), .. }
        | StmtKind::Expr(value) => {
            matches!(&value.kind, ExprKind::Call(callee, _) if matches!(&callee.kind,
                ExprKind::Name(name) | ExprKind::Attribute(_, name) if matches!(name.as_str(),
                    "Table" | "MetaData" | "Index" | "declarative_base" | "listen" | "registry" | "SQLAlchemy")))
        }
        StmtKind::If(branches, orelse) => {
            branches.iter().any(|(_, body)| body.iter().any(defines_schema))
                || orelse.iter().any(defines_schema)
        }
        _ => false,
    }
}

impl<'a> Project<'a> {
    /// Parses the Python files; the others are those that Python may read.
    pub fn read(python: &[InputFile<'a>], others: &[InputFile<'a>]) -> Self {
        let mut files = Vec::new();
        let mut kinds = Vec::new();
        for file in python {
            let module = parse_module(file.text);
            // A template that Alembic makes revisions of is none itself.
            let template = file.path.rsplit_once('.').is_some_and(|(_, end)| end == "mako");
            kinds.push(if template { FileKind::Other } else { kind_of(&module) });
            files.push(File {
                path: file.path.to_owned(),
                source: file.source,
                module: Rc::new(module),
            });
        }
        let others = others.iter().map(|file| OtherFile {
            path: file.path,
            source: file.source,
            text: file.text,
        });
        Self { files, kinds, others: others.collect() }
    }

    /// What each Python file is for, in the order they were given.
    pub fn kinds(&self) -> &[FileKind] {
        &self.kinds
    }

    fn of_kind(&self, kind: FileKind) -> Vec<usize> {
        let mut found: Vec<usize> =
            (0..self.files.len()).filter(|at| self.kinds.get(*at) == Some(&kind)).collect();
        // The same files give the same schema, in whatever order they come.
        found.sort_by_key(|at| self.files.get(*at).map(|file| file.path.as_str()));
        found
    }

    /// What `create_all` of the models would make, and what `upgrade head` of the revisions would
    /// leave.
    pub fn play(&self, side: Side, sources: &mut Sources) -> Told {
        let files = with_known(&self.files, side, sources);
        let models = self.of_kind(FileKind::Models);
        let mut environment =
            Environment { convention: NamingConvention::default(), metadata: None };
        let mut told = Told::default();
        if !models.is_empty() {
            let (played, metadata, target) = self.models(&files, &models, side, sources);
            told.models = Some(played);
            // The metadata that revisions are compared with gives the names of their constraints.
            // Several of them, which Alembic takes too, give none.
            let several = matches!(&target, Some(places) if places.len() != 1);
            let target = match target.as_deref() {
                Some([place]) => metadata.into_iter().nth(*place),
                _ => metadata.into_iter().max_by_key(|metadata| metadata.tables.len()),
            };
            if let Some(metadata) = target {
                if !several {
                    environment.convention = metadata.naming_convention.clone();
                }
                environment.metadata = Some(metadata);
            }
        }
        let revisions = self.of_kind(FileKind::Revision);
        if !revisions.is_empty() {
            let mut interp = Interp::new(&files, &self.others);
            let upgraded =
                migrations::upgrade(&mut interp, &revisions, &environment, side, sources);
            let mut played = upgraded.played;
            self.syntax_errors(&revisions, &mut played);
            played.used.extend(interp.used.iter().copied());
            played.migrations = upgraded.facts;
            told.migrations = Some(played);
        }
        told
    }

    fn models(
        &self,
        all: &[File],
        files: &[usize],
        side: Side,
        sources: &mut Sources,
    ) -> (Played, Vec<MetaData>, Option<Vec<usize>>) {
        let mut interp = Interp::new(all, &self.others);
        let environments: Vec<usize> = (0..self.files.len())
            .filter(|at| self.kinds.get(*at) == Some(&FileKind::Other))
            .filter(|at| {
                self.files.get(*at).is_some_and(|file| models::is_environment(&file.module))
            })
            .collect();
        let known = all.get(self.files.len()..).unwrap_or_default();
        let known = known.iter().map(|file| file.source).collect();
        let mut modelled = models::create(&mut interp, files, &environments, known);
        let mut played = Played::default();
        self.syntax_errors(files, &mut played);
        // A module that builds nothing is no reason to doubt the models.
        let of_models = |source: SourceId| {
            files.iter().any(|at| self.files.get(*at).is_some_and(|file| file.source == source))
        };
        for note in std::mem::take(&mut interp.notes) {
            let remark = Remark { origin: note.origin, message: note.message };
            if note.unread && of_models(remark.origin.source) {
                played.doubt(remark);
            } else {
                played.notes.push(remark);
            }
        }
        played.used.extend(interp.used.iter().copied());
        played.run(side, sources, std::mem::take(&mut modelled.output));
        for (table, message, origin) in std::mem::take(&mut modelled.unknown) {
            let spot = BlindSpot {
                reason: message.clone(),
                may_touch: Touches { columns: true, indexes: true, ..Touches::default() },
                tables: Reach::Named([table.name].into()),
                origin,
            };
            played.catalog.apply(Change::Unknown(spot), origin);
            played.doubt(Remark { origin, message });
        }
        played.models = std::mem::take(&mut modelled.facts);
        (played, std::mem::take(&mut modelled.metadata), modelled.target.take())
    }

    fn syntax_errors(&self, files: &[usize], played: &mut Played) {
        for file in files.iter().filter_map(|at| self.files.get(*at)) {
            for error in &file.module.errors {
                let origin = Origin { source: file.source, span: error.span };
                played.doubt(Remark {
                    origin,
                    message: format!("it is not read as Python: {}", error.message),
                });
            }
        }
    }
}

impl Played {
    /// Counts something that could not be read.
    pub(crate) fn doubt(&mut self, remark: Remark) {
        self.statements += 1;
        self.unread.push(remark);
    }

    /// Plays what a program emits.
    pub(crate) fn run(&mut self, side: Side, sources: &mut Sources, output: Output) {
        for problem in output.problems {
            let table = match problem.table {
                Some((Some(schema), name)) => format!(" ({schema}.{name})"),
                Some((None, name)) => format!(" ({name})"),
                None => String::new(),
            };
            self.doubt(Remark {
                origin: problem.origin,
                message: format!("{}{table}", problem.message),
            });
        }
        for statement in output.statements {
            self.run_sql(side, sources, &statement);
        }
    }

    /// Plays one text of SQL, which may hold several statements.
    pub(crate) fn run_sql(&mut self, side: Side, sources: &mut Sources, statement: &Statement) {
        let Statement { text, origin } = statement;
        let path = sources.get(origin.source).map_or(String::new(), |source| source.path.clone());
        let derivation: Derivation = Text::derivation(text, *origin);
        let source = sources.add(Source::derived(side, path, text.as_str(), derivation));
        for statement in schemaward_sql::read(source, text.as_str()) {
            self.statements += 1;
            let at = Origin { source, span: statement.span };
            let mut unread = false;
            for problem in schemaward_sql::play(&mut self.catalog, &statement, at) {
                let remark = Remark { origin: problem.origin, message: problem.message };
                if problem.unread && !unread {
                    unread = true;
                    self.unread.push(remark);
                } else {
                    self.notes.push(remark);
                }
            }
            if !unread {
                match statement.effect {
                    Effect::Irrelevant(_) => self.irrelevant += 1,
                    _ => self.read += 1,
                }
            }
        }
    }
}
