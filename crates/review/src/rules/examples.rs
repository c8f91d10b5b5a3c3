//! Every example on every rule's page is run.

use schemaward_catalog::code::MigrationFacts;
use schemaward_catalog::{Catalog, ModelFacts, Side, Source, Sources};
use schemaward_python::{InputFile, Project};

use crate::context::Context;
use crate::directive::Directives;
use crate::rules::{AnswerKind, rules};
use crate::standard::KNOWN_RULES;
use crate::{CodeFacts, Implementation, Layer, Standard};

/// The code of the blocks of a page that are marked with this word, with its language.
fn blocks<'a>(page: &'a str, mark: &str) -> Vec<(&'static str, &'a str)> {
    let of = |language: &'static str| {
        let fence = format!("```{language} {mark}\n");
        let texts = page.split(fence.as_str()).skip(1);
        let texts = texts.filter_map(|rest| rest.split("```").next());
        texts.map(|text| (language, text)).collect::<Vec<_>>()
    };
    [of("sql"), of("python")].concat()
}

/// The standard that a page's examples are under: what its TOML says, if it has any.
fn standard(page: &str) -> Standard {
    let text = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
    Standard::parse(text.unwrap_or_default()).expect("the standard of a page is valid")
}

/// What an example tells: the layers of its schema, and what its code says.
#[derive(Default)]
struct Example {
    layers: Vec<(Layer, Catalog)>,
    models: Option<ModelFacts>,
    migrations: Option<MigrationFacts>,
}

/// Reads an example; one of Python may have several files, each below a line `# file: PATH`.
fn read(language: &str, text: &str) -> Example {
    let mut example = Example::default();
    if language == "sql" {
        example.layers.push((Layer::Database, schemaward_sql::catalog_of(text)));
        return example;
    }
    let mut files: Vec<(String, String)> = vec![("models.py".to_owned(), String::new())];
    for line in text.lines() {
        if let Some(path) = line.strip_prefix("# file: ") {
            files.push((path.to_owned(), String::new()));
        } else if let Some((_, text)) = files.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    files.retain(|(_, text)| !text.trim().is_empty());
    let mut sources = Sources::default();
    let mut inputs = Vec::new();
    for (path, text) in &files {
        let source = sources.add(Source::new(Side::Implemented, path.as_str(), text.as_str()));
        if std::path::Path::new(path).extension().is_some_and(|end| end == "py") {
            inputs.push(InputFile { path, text, source });
        } else {
            example.layers.push((Layer::Migrations, schemaward_sql::catalog_of(text)));
        }
    }
    let project = Project::read(&inputs, &[]);
    let told = project.play(Side::Implemented, &mut sources);
    if let Some(played) = told.models {
        assert!(played.unread.is_empty(), "{:#?} in\n{text}", played.unread);
        example.models = Some(played.models);
        example.layers.push((Layer::Models, played.catalog));
    }
    if let Some(played) = told.migrations {
        assert!(played.unread.is_empty(), "{:#?} in\n{text}", played.unread);
        example.migrations = Some(played.migrations);
        example.layers.push((Layer::Migrations, played.catalog));
    }
    example
}

fn fires(rule: &crate::RuleInfo, example: &Example) -> Vec<String> {
    let standard = standard(rule.page);
    let layers: Vec<Implementation<'_>> = example
        .layers
        .iter()
        .map(|(layer, catalog)| Implementation { layer: *layer, catalog })
        .collect();
    let catalog = crate::layer::effective(&layers).expect("an example has a schema").catalog;
    let code =
        CodeFacts { models: example.models.as_ref(), migrations: example.migrations.as_ref() };
    let context =
        Context::new(catalog, &standard, &Directives::of(catalog)).with_code(code, &layers);
    let answers = rule.answers(&context);
    answers
        .iter()
        .filter(|answer| matches!(answer.kind, AnswerKind::Unmet(_)))
        .map(|answer| answer.id(rule.id))
        .collect()
}

#[test]
fn examples_hold() {
    for rule in rules() {
        let (fails, passes) = (blocks(rule.page, "fails"), blocks(rule.page, "passes"));
        assert!(!fails.is_empty() && !passes.is_empty(), "{} lacks an example", rule.id);
        let read = |language: &str, text: &str| {
            let example = read(language, text);
            for (_, catalog) in &example.layers {
                assert!(catalog.blind_spots.is_empty(), "{}: unread text in\n{text}", rule.id);
            }
            example
        };
        for (language, text) in fails {
            let example = read(language, text);
            assert!(!fires(rule, &example).is_empty(), "{} is silent on\n{text}", rule.id);
        }
        for (language, text) in passes {
            let example = read(language, text);
            assert_eq!(fires(rule, &example), Vec::<String>::new(), "{} on\n{text}", rule.id);
        }
    }
}

#[test]
fn pages_are_complete() {
    let headings = ["What it checks", "Why", "Example", "How to fix", "Settings", "References"];
    for rule in rules() {
        assert!(rule.page.starts_with(&format!("# `{}`\n", rule.id)), "{}", rule.id);
        let found: Vec<&str> =
            rule.page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(found, headings, "{}", rule.id);
        assert!(KNOWN_RULES.contains(&rule.id), "{}", rule.id);
        assert!(rule.references.iter().all(|reference| !reference.contains("equired")));
    }
    assert!(KNOWN_RULES.is_sorted());
}
