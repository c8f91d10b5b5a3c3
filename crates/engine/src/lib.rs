//! The one door: a workspace of sources that answers with a review.
//!
//! The page's worker, the JavaScript API and the command all come through here, so they cannot
//! differ. No file system, no clock, no randomness: the caller passes texts and the stamp in.

mod format;
mod kind;
mod layers;
mod order;
mod python;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use schemaward_catalog::code::MigrationFacts;
use schemaward_catalog::{Catalog, ModelFacts, Origin, Source, SourceId, Sources};
use schemaward_link::{Bundle, BundleSource, Mark};
use schemaward_render::diagram::Diagram;
use schemaward_render::json;
use schemaward_review::{
    CodeFacts, Coverage, Implementation, Input, MappedClass, Standard, SyncInput, Unread,
};
use schemaward_sql::{Effect, Statement};

pub use format::{Format, UnknownFormat};
pub use kind::{Kind, is_python_source, kind_of};
pub use schemaward_catalog::Side;
pub use schemaward_review::{Layer, RuleInfo, Stamp, rules};

/// Why there is no review: the standard cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineError {
    /// What is wrong and what to do.
    pub message: String,
    /// 1-based line in the standard.
    pub line: usize,
    /// 1-based column in the standard, in Unicode scalar values.
    pub column: usize,
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for EngineError {}

/// The sources of both sides and the standard they are reviewed against.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    sources: Vec<Entry>,
    standard: String,
    /// What people decided about findings: carried from link to link, without effect on a review.
    marks: Vec<Mark>,
}

/// One source, and what it read as the last time.
#[derive(Clone, Debug)]
struct Entry {
    side: Side,
    path: String,
    text: Arc<str>,
    /// Statements carry their source's id, so a reading serves only as long as the id stays.
    reading: Option<(SourceId, Arc<[Statement]>)>,
}

impl Entry {
    fn is_python(&self) -> bool {
        kind::is_python_source(&self.path, &self.text)
    }

    fn id(&self) -> Option<SourceId> {
        self.reading.as_ref().map(|(id, _)| *id)
    }
}

/// What the implemented side is.
struct Implemented {
    /// The catalogs by layer, the effective one last; empty when the side has no text.
    layers: Vec<(Layer, Catalog)>,
    /// The classes of the models.
    classes: Vec<MappedClass>,
    /// What else the models say.
    models: Option<ModelFacts>,
    /// What the migrations say of themselves.
    migrations: Option<MigrationFacts>,
    /// The layer of each source, by its path.
    named: Vec<(String, Layer)>,
}

impl Workspace {
    /// An empty workspace, reviewed against the built-in standard.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a source, or replaces the one of this side and path. Sources of a side are read in the
    /// order in which they were first set, each building on the ones before.
    pub fn set_source(&mut self, side: Side, path: &str, text: &str) {
        let found = self.sources.iter_mut().find(|entry| entry.side == side && entry.path == path);
        match found {
            Some(entry) if *entry.text == *text => {}
            Some(entry) => {
                entry.text = text.into();
                entry.reading = None;
            }
            None => {
                let (path, text) = (path.to_owned(), text.into());
                self.sources.push(Entry { side, path, text, reading: None });
            }
        }
    }

    /// Removes the source of this path from both sides.
    pub fn remove_source(&mut self, path: &str) {
        self.sources.retain(|entry| entry.path != path);
    }

    /// Removes every source; the standard stays.
    pub fn clear(&mut self) {
        self.sources.clear();
    }

    /// Sets the standard's text; an empty one is the built-in standard. What is wrong with it is
    /// said by [`Self::review`].
    pub fn set_standard(&mut self, toml: &str) {
        toml.clone_into(&mut self.standard);
    }

    /// Reviews the workspace. The same sources, standard and stamp give the same review.
    ///
    /// # Errors
    /// Only for a standard that cannot be used: text of any kind on either side is reviewed as far
    /// as it can be read.
    pub fn review(&mut self, stamp: Stamp) -> Result<json::Review, EngineError> {
        self.review_after(stamp, None)
    }

    /// The review as it would be once a migration has been run on the implemented schema. Every layer
    /// is taken to follow, since models and revisions are brought along with a migration.
    ///
    /// # Errors
    /// Only for a standard that cannot be used.
    pub fn predict(&mut self, stamp: Stamp, migration: &str) -> Result<json::Review, EngineError> {
        self.review_after(stamp, Some(migration))
    }

    fn review_after(
        &mut self,
        stamp: Stamp,
        migration: Option<&str>,
    ) -> Result<json::Review, EngineError> {
        let standard = self.usable_standard()?;
        let mut sources = self.read();
        let mut coverage = Coverage::default();
        let documented = self.documented(&mut sources, &mut coverage);
        let mut implemented = self.implemented(&mut sources, &mut coverage);
        if let Some(migration) = migration {
            let id = sources.add(Source::new(Side::Implemented, MIGRATION, migration));
            let statements = schemaward_sql::read(id, migration);
            for (_, catalog) in &mut implemented.layers {
                catalog.search_path = Catalog::new().search_path;
                for statement in &statements {
                    let origin = Origin { source: id, span: statement.span };
                    schemaward_sql::play(catalog, statement, origin);
                }
            }
        }
        let layers: Vec<Implementation<'_>> = implemented.layers.iter().map(told).collect();
        let code = CodeFacts {
            models: implemented.models.as_ref(),
            migrations: implemented.migrations.as_ref(),
        };
        let input = Input {
            documented: documented.as_ref().map(told),
            layers: &layers,
            classes: &implemented.classes,
            sources: &sources,
            standard: &standard,
            coverage,
            stamp,
        };
        let review = schemaward_review::review_with_code(&input, code);
        let mut review = schemaward_render::to_json(&review, &sources);
        name_layers(&mut review, &implemented.named);
        Ok(review)
    }

    /// The picture of the schema that a review of these sources judged: the effective layer, or the document
    /// where there is no implementation.
    pub fn diagram(&mut self, review: &json::Review) -> Diagram {
        let mut sources = self.read();
        let coverage = &mut Coverage::default();
        let mut implemented = self.implemented(&mut sources, coverage);
        let judged = implemented.layers.pop().or_else(|| self.documented(&mut sources, coverage));
        judged.map(|(_, catalog)| schemaward_render::diagram(&catalog, review)).unwrap_or_default()
    }

    /// What changed from the documented side to the implemented one, taken as two versions of one
    /// schema, and what each change means for access, for retention and for who uses the schema.
    ///
    /// # Errors
    /// Only for a standard that cannot be used.
    pub fn compare(&mut self) -> Result<json::Versions, EngineError> {
        let standard = self.usable_standard()?;
        let both = self.both();
        let (before, after) = (told(&both.documented), told(&both.implemented));
        let versions = schemaward_review::compare_versions(before, after, &both.sources, &standard);
        Ok(schemaward_render::versions_to_json(&versions, &both.sources))
    }

    /// Both ways to make the two sides one: the migration of the implementation, and the documented
    /// texts edited where they stand. What cannot be edited in place comes after the last text, and
    /// the result is read again to say how many differences are left.
    ///
    /// # Errors
    /// Only for a standard that cannot be used.
    pub fn synchronize(&mut self) -> Result<json::Synchronization, EngineError> {
        let standard = self.usable_standard()?;
        let both = self.both();
        let input = SyncInput {
            documented: told(&both.documented),
            implemented: told(&both.implemented),
            classes: &both.classes,
            sources: &both.sources,
            standard: &standard,
        };
        let remaining = |patches: &[schemaward_review::SyncPatch]| {
            let (catalog, sources) = self.edited(patches);
            let documented = Implementation { layer: both.documented.0, catalog: &catalog };
            schemaward_review::sync(&SyncInput { documented, sources: &sources, ..input }, &[])
        };
        let first = schemaward_review::sync(&input, &[]);
        let in_place = schemaward_review::sync(&input, &remaining(&first.patches).additions);
        let left = remaining(&in_place.patches).differences;
        // Text edited in place may stand in the way of what follows it.
        let other = (left > 0).then(|| schemaward_review::additions_only(&input));
        let other = other.map(|other| (remaining(&other.patches).differences, other));
        let (left, chosen) = match other {
            Some((others, other)) if others < left => (others, other),
            _ => (left, in_place),
        };
        let patch = chosen.patches.iter().map(|patch| patch.diff.as_str()).collect();
        let migration = match first.migration.as_slice() {
            [] => String::new(),
            statements => format!("{}\n", statements.join("\n")),
        };
        Ok(json::Synchronization {
            schema_version: json::SCHEMA_VERSION,
            migration,
            patch,
            documents: chosen
                .patches
                .into_iter()
                .map(|patch| json::Document { path: patch.path, text: patch.text })
                .collect(),
            differences: first.differences,
            left,
        })
    }

    /// Both sides, the implemented one by its effective layer.
    fn both(&mut self) -> Both {
        let mut sources = self.read();
        let coverage = &mut Coverage::default();
        let nothing = || (Layer::Database, Catalog::new());
        let documented = self.documented(&mut sources, coverage).unwrap_or_else(nothing);
        let mut implemented = self.implemented(&mut sources, coverage);
        Both {
            documented,
            implemented: implemented.layers.pop().unwrap_or_else(nothing),
            classes: implemented.classes,
            sources,
        }
    }

    /// The documented side with some of its texts exchanged.
    fn edited(&self, patches: &[schemaward_review::SyncPatch]) -> (Catalog, Sources) {
        let mut other = self.clone();
        for patch in patches {
            other.set_source(Side::Documented, &patch.path, &patch.text);
        }
        other.catalog(Side::Documented)
    }

    fn usable_standard(&self) -> Result<Standard, EngineError> {
        Standard::parse(&self.standard).map_err(|error| EngineError {
            message: error.message,
            line: error.line,
            column: error.column,
        })
    }

    /// A review in a form for people or programs.
    pub fn render(review: &json::Review, format: Format) -> String {
        match format {
            Format::Text => schemaward_render::text(review, false),
            Format::ColouredText => schemaward_render::text(review, true),
            Format::Markdown => schemaward_render::markdown(review),
            Format::Html => schemaward_render::html(review),
            Format::Csv => schemaward_render::csv(review),
            Format::Json => schemaward_render::json_text(review),
            Format::Sql => schemaward_render::migration(review),
            Format::PlanMarkdown => schemaward_render::plan_markdown(review),
        }
    }

    /// The schema of one side after all its changes, with the sources its origins point into; of the
    /// implemented side that of the effective layer.
    pub fn catalog(&mut self, side: Side) -> (Catalog, Sources) {
        self.catalog_of(side, None)
    }

    /// The schema of one side, of the implemented side that of a layer: the effective one, unless one
    /// is named. A layer that nothing was given for is empty.
    pub fn catalog_of(&mut self, side: Side, layer: Option<Layer>) -> (Catalog, Sources) {
        let mut sources = self.read();
        let coverage = &mut Coverage::default();
        let catalog = match side {
            Side::Documented => self.documented(&mut sources, coverage).map(|(_, catalog)| catalog),
            // The layer closest to what runs comes last.
            Side::Implemented => {
                let mut layers = self.implemented(&mut sources, coverage).layers;
                layers.retain(|(found, _)| layer.is_none_or(|layer| *found == layer));
                layers.pop().map(|(_, catalog)| catalog)
            }
        };
        (catalog.unwrap_or_default(), sources)
    }

    /// The workspace as it travels in a link, without a stamp.
    pub fn bundle(&self) -> Bundle {
        let sources = self.sources.iter().map(|entry| BundleSource {
            side: match entry.side {
                Side::Documented => schemaward_link::Side::Documented,
                Side::Implemented => schemaward_link::Side::Implemented,
            },
            path: entry.path.clone(),
            text: entry.text.to_string(),
        });
        Bundle {
            sources: sources.collect(),
            standard: self.standard.clone(),
            marks: self.marks.clone(),
            ..Bundle::default()
        }
    }

    /// The workspace that a link carried.
    pub fn open(bundle: Bundle) -> Self {
        let mut workspace =
            Self { standard: bundle.standard, marks: bundle.marks, ..Self::default() };
        for source in bundle.sources {
            let side = match source.side {
                schemaward_link::Side::Documented => Side::Documented,
                schemaward_link::Side::Implemented => Side::Implemented,
            };
            workspace.set_source(side, &source.path, &source.text);
        }
        workspace
    }

    /// The workspace as a link, `<codec>:<payload>`.
    pub fn link(&self) -> String {
        schemaward_link::encode(&self.bundle())
    }

    /// Reads what has changed since the last time. The documented side comes first, so that ids do
    /// not depend on the order in which the two sides were given.
    fn read(&mut self) -> Sources {
        let mut sources = Sources::default();
        self.sources.sort_by_key(|entry| entry.side);
        for entry in &mut self.sources {
            let source = Source::new(entry.side, entry.path.as_str(), Arc::clone(&entry.text));
            let id = sources.add(source);
            if entry.reading.as_ref().is_none_or(|(read_as, _)| *read_as != id) {
                let statements = match entry.is_python() {
                    true => Vec::new(),
                    false => schemaward_sql::read(id, &entry.text),
                };
                entry.reading = Some((id, statements.into()));
            }
        }
        sources
    }

    /// The sources of SQL of a side that hold any text, without those that its Python reads.
    fn side(&self, side: Side, python: &python::Read) -> Vec<&Entry> {
        let entries = self.sources.iter().filter(|entry| entry.side == side && !entry.is_python());
        let own = entries.filter(|entry| !python.used.iter().any(|id| entry.id() == Some(*id)));
        own.filter(|entry| !entry.text.trim().is_empty()).collect()
    }

    /// The documented catalog, and what tells it; `None` when the side has no text at all.
    fn documented(
        &self,
        sources: &mut Sources,
        coverage: &mut Coverage,
    ) -> Option<(Layer, Catalog)> {
        let mut read = python::read(&self.sources, Side::Documented, sources, coverage);
        let entries = self.side(Side::Documented, &read);
        if entries.is_empty() {
            return read.layers.pop();
        }
        let all = vec![Layer::Database; entries.len()];
        Some((Layer::Database, Playing::new(&entries).play(&all, Layer::Database, coverage)))
    }

    /// The implemented side, layer by layer.
    fn implemented(&self, sources: &mut Sources, coverage: &mut Coverage) -> Implemented {
        let read = python::read(&self.sources, Side::Implemented, sources, coverage);
        let entries = self.side(Side::Implemented, &read);
        let playing = Playing::new(&entries);
        let mut layers = playing.layers();
        // Beside revisions of Alembic, SQL with numbers is no second telling of the migrations.
        if read.layers.iter().any(|(layer, _)| *layer == Layer::Migrations) {
            layers.fill(Layer::Database);
        }
        let mut catalogs = read.layers;
        for layer in Layer::ALL.into_iter().filter(|layer| layers.contains(layer)) {
            catalogs.push((layer, playing.play(&layers, layer, coverage)));
        }
        catalogs.sort_by_key(|(layer, _)| *layer);
        let mut named = read.named;
        named.extend(entries.iter().zip(layers).map(|(entry, layer)| (entry.path.clone(), layer)));
        Implemented {
            layers: catalogs,
            classes: read.classes,
            models: read.models,
            migrations: read.migrations,
            named,
        }
    }
}

/// Both sides as they are compared.
struct Both {
    documented: (Layer, Catalog),
    /// Its effective layer.
    implemented: (Layer, Catalog),
    classes: Vec<MappedClass>,
    sources: Sources,
}

/// A catalog with the layer that tells it.
fn told((layer, catalog): &(Layer, Catalog)) -> Implementation<'_> {
    Implementation { layer: *layer, catalog }
}

/// What evidence in a migration that was only tried is called.
const MIGRATION: &str = "(migration)";

/// Says of each implemented source which layer it was read into.
fn name_layers(review: &mut json::Review, named: &[(String, Layer)]) {
    for (path, layer) in named {
        let source = review
            .sources
            .iter_mut()
            .find(|source| source.side == "implemented" && source.path == *path);
        if let Some(source) = source {
            source.layer = Some(layer.word().to_owned());
        }
    }
}

/// The sources of one side on their way into a catalog.
struct Playing<'a> {
    entries: &'a [&'a Entry],
    paths: Vec<&'a str>,
    /// The include commands of each source that name another one, by the start of the statement.
    includes: Vec<BTreeMap<u32, usize>>,
}

/// How deep files may include each other.
const MAX_INCLUDES: usize = 16;

impl<'a> Playing<'a> {
    fn new(entries: &'a [&'a Entry]) -> Self {
        let paths: Vec<&str> = entries.iter().map(|entry| entry.path.as_str()).collect();
        let includes = entries.iter().map(|entry| {
            let statements = entry.reading.iter().flat_map(|(_, statements)| statements.iter());
            let found = statements.filter_map(|statement| {
                let file = order::included(statement.span.of(&entry.text))?;
                let at = order::find_included(&paths, &entry.path, file)?;
                Some((statement.span.start, at))
            });
            found.collect()
        });
        let includes = includes.collect();
        Self { entries, paths, includes }
    }

    /// The layer of each source; a file that another one includes belongs to the layer of that one.
    fn layers(&self) -> Vec<Layer> {
        let given: Vec<layers::Given<'_>> = self
            .entries
            .iter()
            .map(|entry| layers::Given {
                path: &entry.path,
                text: &entry.text,
                statements: entry.reading.as_ref().map_or(&[], |(_, statements)| statements),
            })
            .collect();
        let mut layers = layers::layers(&given);
        for (at, includes) in self.includes.iter().enumerate() {
            for file in includes.values() {
                if let (Some(layer), false) = (layers.get(at).copied(), self.includes_itself(at))
                    && let Some(included) = layers.get_mut(*file)
                {
                    *included = layer;
                }
            }
        }
        layers
    }

    /// The catalog of the sources of one layer.
    fn play(&self, layers: &[Layer], layer: Layer, coverage: &mut Coverage) -> Catalog {
        let mut catalog = Catalog::new();
        let texts = self.entries.iter().zip(&self.paths).map(|(entry, path)| (*path, &*entry.text));
        let texts: Vec<(&str, &str)> = texts.collect();
        let included: BTreeSet<usize> =
            self.includes.iter().flat_map(BTreeMap::values).copied().collect();
        let ordered = order::order(&texts).into_iter();
        for (at, step) in ordered.filter(|(at, _)| layers.get(*at) == Some(&layer)) {
            // A file that includes itself, or is included by one it includes, is read all the same.
            if included.contains(&at) && !self.includes_itself(at) {
                continue;
            }
            // Each file is a session of its own, as migration tools run them.
            catalog.search_path = Catalog::new().search_path;
            match step {
                order::Step::Run => self.run(at, &mut catalog, coverage, &mut Vec::new()),
                order::Step::Undo(kind) => self.skip(at, Some(kind), coverage),
                order::Step::Plan => self.skip(at, None, coverage),
            }
        }
        catalog
    }

    fn includes_itself(&self, at: usize) -> bool {
        let mut open = vec![at];
        let mut seen = BTreeSet::new();
        while let Some(next) = open.pop() {
            for other in self.includes.get(next).into_iter().flat_map(BTreeMap::values) {
                if *other == at {
                    return true;
                }
                if seen.insert(*other) {
                    open.push(*other);
                }
            }
        }
        false
    }

    fn run(
        &self,
        at: usize,
        catalog: &mut Catalog,
        coverage: &mut Coverage,
        stack: &mut Vec<usize>,
    ) {
        let Some(entry) = self.entries.get(at) else { return };
        let Some((source, statements)) = &entry.reading else { return };
        let undone = order::undo_sections(&entry.text);
        let mut database = None;
        stack.push(at);
        for statement in statements.iter() {
            let start = statement.span.start;
            let origin = Origin { source: *source, span: statement.span };
            if undone.iter().any(|range| range.contains(&(start as usize))) {
                coverage.statements += 1;
                coverage.irrelevant += 1;
                continue;
            }
            let text = statement.span.of(&entry.text);
            if let Some(name) = order::connected(text) {
                if database.is_some_and(|before| before != name) {
                    let reason = format!(
                        "what follows is of the database {name}; it is read into the same schema"
                    );
                    coverage.notes.push(Unread { origin, reason });
                }
                database = Some(name);
            }
            let include = self.includes.get(at).and_then(|found| found.get(&start));
            match include {
                Some(file) if !stack.contains(file) && stack.len() < MAX_INCLUDES => {
                    coverage.statements += 1;
                    coverage.read += 1;
                    self.run(*file, catalog, coverage, stack);
                }
                _ => apply(catalog, statement, origin, coverage),
            }
        }
        stack.pop();
    }

    /// Counts a source that is not run, and says so.
    fn skip(&self, at: usize, kind: Option<&str>, coverage: &mut Coverage) {
        let Some(entry) = self.entries.get(at) else { return };
        let Some((source, statements)) = &entry.reading else { return };
        let Some(kind) = kind else { return };
        coverage.statements += statements.len();
        coverage.irrelevant += statements.len();
        let span = statements.first().map(|statement| statement.span).unwrap_or_default();
        let reason = format!("not run: the file is {kind}");
        coverage.notes.push(Unread { origin: Origin { source: *source, span }, reason });
    }
}

/// Plays one statement and counts it.
fn apply(catalog: &mut Catalog, statement: &Statement, origin: Origin, coverage: &mut Coverage) {
    coverage.statements += 1;
    let mut unread = None;
    for problem in schemaward_sql::play(catalog, statement, origin) {
        let note = Unread { origin: problem.origin, reason: problem.message };
        if problem.unread && unread.is_none() {
            unread = Some(note);
        } else {
            coverage.notes.push(note);
        }
    }
    match (unread, &statement.effect) {
        (Some(note), _) => coverage.unread.push(note),
        (None, Effect::Irrelevant(_)) => coverage.irrelevant += 1,
        (None, _) => coverage.read += 1,
    }
}
