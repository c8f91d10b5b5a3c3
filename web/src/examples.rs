//! The examples that are published beside the page. They are fetched only when a reader asks for one.

use serde::Deserialize;

use crate::browser;
use crate::protocol::{Contents, SourceText};

/// What the page says of an example before it is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Example {
    /// Its folder, and its name in the manifest.
    pub(crate) name: &'static str,
    /// What the reader chooses it by.
    pub(crate) title: &'static str,
}

/// All examples, in the order of the manifest `examples/examples.json`.
pub(crate) const ALL: [Example; 4] = [
    Example { name: "clinic", title: "A clinic" },
    Example { name: "clean", title: "A schema that passes" },
    Example { name: "supabase", title: "A Supabase project" },
    Example { name: "alembic", title: "Alembic and models" },
];

/// The manifest, as far as loading needs it.
#[derive(Deserialize)]
struct Manifest {
    examples: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    #[cfg(test)]
    title: String,
    files: Vec<ListedFile>,
}

#[derive(Deserialize)]
struct ListedFile {
    side: ListedSide,
    path: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ListedSide {
    Documented,
    Implemented,
    Standard,
}

/// The texts of an example; the error is a sentence for the reader.
pub(crate) async fn load(name: &str) -> Result<Contents, String> {
    let manifest = browser::fetch_text("examples/examples.json").await?;
    let manifest: Manifest = serde_json::from_str(&manifest)
        .map_err(|error| format!("the list of examples cannot be read: {error}"))?;
    let entry = manifest.examples.into_iter().find(|entry| entry.name == name);
    let entry = entry.ok_or_else(|| format!("there is no example called {name}"))?;
    let mut contents = Contents::default();
    for file in entry.files {
        let text = browser::fetch_text(&format!("examples/{name}/{}", file.path)).await?;
        if file.side == ListedSide::Standard {
            contents.standard = text;
        } else {
            let documented = file.side == ListedSide::Documented;
            contents.sources.push(SourceText { documented, path: file.path, text });
        }
    }
    Ok(contents)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_lists_the_examples() {
        let manifest = include_str!("../../tests/fixtures/examples/examples.json");
        let manifest: Manifest = serde_json::from_str(manifest).expect("the manifest is JSON");
        let listed: Vec<_> = manifest
            .examples
            .iter()
            .map(|entry| (entry.name.as_str(), entry.title.as_str()))
            .collect();
        let all: Vec<_> = ALL.iter().map(|example| (example.name, example.title)).collect();
        assert_eq!(listed, all);
        for entry in &manifest.examples {
            let sides = |side| entry.files.iter().filter(|file| file.side == side).count();
            assert!(sides(ListedSide::Documented) > 0, "{}", entry.name);
            assert!(sides(ListedSide::Implemented) > 0, "{}", entry.name);
            assert!(sides(ListedSide::Standard) <= 1, "{}", entry.name);
        }
    }
}
