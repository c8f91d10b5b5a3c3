//! The layers that Python tells: models and migrations.

use schemaward_catalog::{Catalog, Side, SourceId, Sources};
use schemaward_review::{Coverage, Layer, MappedClass};

use crate::Entry;

/// What the Python sources of a side tell.
#[derive(Default)]
pub(crate) struct Read {
    /// The catalogs of the models and of the migrations, as far as there are any.
    pub(crate) layers: Vec<(Layer, Catalog)>,
    /// The classes of the models.
    pub(crate) classes: Vec<MappedClass>,
    /// What else the models say.
    pub(crate) models: Option<schemaward_catalog::ModelFacts>,
    /// What the migrations say of themselves.
    pub(crate) migrations: Option<schemaward_catalog::code::MigrationFacts>,
    /// Sources of SQL that Python reads, which are no sources of their own.
    pub(crate) used: Vec<SourceId>,
    /// The layer of each source, by its path.
    pub(crate) named: Vec<(String, Layer)>,
}

#[cfg(not(feature = "python"))]
pub(crate) fn read(
    entries: &[Entry],
    side: Side,
    _sources: &mut Sources,
    coverage: &mut Coverage,
) -> Read {
    use schemaward_catalog::{Origin, Span};
    for entry in entries.iter().filter(|entry| entry.side == side && entry.is_python()) {
        let Some(source) = entry.id() else { continue };
        let origin = Origin { source, span: Span::default() };
        let reason = "this program does not read Python".to_owned();
        coverage.statements += 1;
        coverage.unread.push(schemaward_review::Unread { origin, reason });
    }
    Read::default()
}

/// Reads the Python sources of a side.
#[cfg(feature = "python")]
pub(crate) fn read(
    entries: &[Entry],
    side: Side,
    sources: &mut Sources,
    coverage: &mut Coverage,
) -> Read {
    use schemaward_python::{FileKind, InputFile, Project};

    fn input(entry: &Entry) -> Option<InputFile<'_>> {
        Some(InputFile { path: &entry.path, text: &entry.text, source: entry.id()? })
    }
    let of_side = || entries.iter().filter(|entry| entry.side == side);
    let inputs: Vec<InputFile<'_>> =
        of_side().filter(|entry| entry.is_python()).filter_map(input).collect();
    let mut read = Read::default();
    if inputs.is_empty() {
        return read;
    }
    let others: Vec<InputFile<'_>> =
        of_side().filter(|entry| !entry.is_python()).filter_map(input).collect();
    let project = Project::read(&inputs, &others);
    for (file, kind) in inputs.iter().zip(project.kinds()) {
        let layer = match kind {
            FileKind::Models => Layer::Models,
            FileKind::Revision => Layer::Migrations,
            // Services and settings hold no schema of their own.
            FileKind::Other => {
                coverage.statements += 1;
                coverage.irrelevant += 1;
                continue;
            }
        };
        read.named.push((file.path.to_owned(), layer));
    }
    let told = project.play(side, sources);
    let played = [(Layer::Models, told.models), (Layer::Migrations, told.migrations)];
    for (layer, played) in played {
        let Some(played) = played else { continue };
        coverage.statements += played.statements;
        coverage.read += played.read;
        coverage.irrelevant += played.irrelevant;
        let unread = |remark: schemaward_python::Remark| schemaward_review::Unread {
            origin: remark.origin,
            reason: remark.message,
        };
        coverage.unread.extend(played.unread.into_iter().map(unread));
        coverage.notes.extend(played.notes.into_iter().map(unread));
        read.used.extend(played.used);
        read.classes.extend(played.models.classes.iter().filter_map(mapped_class));
        match layer {
            Layer::Models => read.models = Some(played.models),
            Layer::Migrations => read.migrations = Some(played.migrations),
            Layer::Database => {}
        }
        read.layers.push((layer, played.catalog));
    }
    read
}

/// What the review asks of a class of the models.
#[cfg(feature = "python")]
fn mapped_class(class: &schemaward_catalog::ModelClass) -> Option<MappedClass> {
    use schemaward_catalog::KeyGenerator;
    use schemaward_review::{ClientDefault, KeyKind};
    let defaults = class.attributes.iter().filter_map(|attribute| {
        let default = attribute.default.as_ref()?;
        let kind = match default.generator {
            Some(KeyGenerator::Uuid4) => Some(KeyKind::Uuid4),
            Some(KeyGenerator::Uuid7) => Some(KeyKind::Uuid7),
            Some(KeyGenerator::Ulid) => Some(KeyKind::Ulid),
            Some(KeyGenerator::Uuid1) | None => None,
        };
        let default = ClientDefault { text: default.text.clone(), kind, origin: default.origin };
        Some((attribute.column.clone()?, default))
    });
    Some(MappedClass {
        name: class.name.clone(),
        table: class.table.clone()?,
        origin: class.origin,
        defaults: defaults.collect(),
    })
}
