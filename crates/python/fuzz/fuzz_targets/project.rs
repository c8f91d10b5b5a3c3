//! Any text is read as the models, the revisions and the environment of a project without a panic, in
//! bounded time, and every statement has one outcome.
//!
//! A line `# file: PATH` begins another file, so that a text may hold modules that import each other;
//! what stands before the first one is `app/models.py`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use schemaward_catalog::{Side, Source, Sources};
use schemaward_python::{InputFile, Project};

/// What a text may use without saying it.
const HEAD: &str = "import enum, os, re\nimport sqlalchemy as sa\nfrom alembic import context, op\n\
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship\n\
from sqlalchemy.dialects import postgresql\n";

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let mut files: Vec<(String, String)> = vec![("app/models.py".to_owned(), HEAD.to_owned())];
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("# file: ") {
            Some(path) if files.len() < 8 => files.push((path.trim().to_owned(), HEAD.to_owned())),
            _ => {
                if let Some((_, text)) = files.last_mut() {
                    text.push_str(line);
                }
            }
        }
    }
    // The same text as a revision, so that both hosts see it.
    files.push((
        "migrations/versions/1.py".to_owned(),
        format!("{HEAD}revision = '1'\ndown_revision = None\n{text}"),
    ));
    let mut sources = Sources::default();
    let inputs: Vec<InputFile<'_>> = files
        .iter()
        .map(|(path, text)| {
            let source = sources.add(Source::new(Side::Implemented, path.as_str(), text.as_str()));
            InputFile { path, text, source }
        })
        .collect();
    let told = Project::read(&inputs, &[]).play(Side::Implemented, &mut sources);
    for played in told.models.iter().chain(&told.migrations) {
        assert_eq!(played.statements, played.read + played.irrelevant + played.unread.len());
        for remark in played.unread.iter().chain(&played.notes) {
            // Every remark has a place that can be shown.
            let _ = sources.quote(remark.origin);
        }
    }
});
