//! Metamorphic laws: a schema in another spelling is the same schema, so no row tells the two apart.
//!
//! Every law is held against both texts of every labelled pair and against the fixtures whose
//! statements are all read.

use std::fmt::Write as _;

use schemaward_engine::{Side, Workspace};

use super::{folder, pairs, rows};
use crate::spelling::{Piece, pieces, statements};

/// A schema and what it is called in a failure.
struct Schema {
    title: String,
    text: String,
}

/// Both texts of every pair and the fixtures, once each.
fn schemas() -> Vec<Schema> {
    let pairs = pairs()
        .into_iter()
        .filter(|pair| pair.server != "unread")
        .flat_map(|pair| [(pair.title.clone(), pair.documented), (pair.title, pair.implemented)]);
    let mut all: Vec<Schema> =
        pairs.map(|(title, text)| Schema { title, text }).chain(fixtures()).collect();
    all.sort_by(|a, b| a.text.cmp(&b.text));
    all.dedup_by(|a, b| a.text == b.text);
    all
}

/// The fixtures of which every statement is read, each on its own; migrations as one text.
fn fixtures() -> Vec<Schema> {
    let root = folder().join("../fixtures");
    let mut texts = Vec::new();
    for name in ["feature", "plpgsql", "synopsis", "reading", "clinic"] {
        texts.extend(sql_files(&root.join(name)));
    }
    let migrations = sql_files(&root.join("examples/clean/migrations"));
    let text = migrations.into_iter().fold(String::new(), |text, (_, more)| text + &more);
    texts.push(("examples/clean/migrations".to_owned(), text));
    texts.extend(sql_files(&root.join("examples/clean/docs")));
    let schemas = texts.into_iter().map(|(title, text)| Schema { title, text });
    schemas.filter(|schema| is_read(&schema.text)).collect()
}

fn sql_files(folder: &std::path::Path) -> Vec<(String, String)> {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let text = String::from_utf8(std::fs::read(path).unwrap()).ok()?;
        Some((path.display().to_string(), text))
    };
    paths.iter().filter_map(read).collect()
}

/// Whether every statement of a text is read and none is refused: what is not known cannot be
/// written in another way. Rows of `COPY` and lines of psql are no SQL to write otherwise, and
/// where backslashes escape in plain strings the texts are taken apart in another way.
fn is_read(text: &str) -> bool {
    let other_words = ["FROM stdin", "standard_conforming_strings"];
    if text.lines().any(|line| line.starts_with('\\'))
        || other_words.iter().any(|words| text.contains(words))
    {
        return false;
    }
    let mut workspace = Workspace::new();
    workspace.set_source(Side::Implemented, "a.sql", text);
    let coverage = workspace.review(super::stamp()).unwrap().coverage;
    coverage.unread.is_empty() && coverage.notes.is_empty()
}

fn written_out(text: &str) -> String {
    let mut workspace = Workspace::new();
    workspace.set_source(Side::Implemented, "a.sql", text);
    schemaward_render::catalog_sql(&workspace.catalog(Side::Implemented).0)
}

/// `change` yields the other spelling; `None` where the law has nothing to change.
#[track_caller]
fn assert_silent(law: &str, change: impl Fn(&str) -> Option<String>) {
    let mut changed = 0;
    let mut wrong = Vec::new();
    for Schema { title, text } in schemas() {
        let Some(other) = change(&text) else { continue };
        changed += usize::from(other != text);
        // Prose in a document is documentation; a spelling that loses it loses that.
        let rows: Vec<String> = rows(&text, &other)
            .into_iter()
            .filter(|row| !row.contains(" comment-differs ") && !row.contains("(implied)"))
            .collect();
        if !rows.is_empty() {
            wrong.push(format!("{title}: {rows:#?}\n{text}\n→ {other}"));
        }
    }
    println!("{law}: {changed} schemas in another spelling");
    assert!(wrong.is_empty(), "{law}: {} differ:\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn a_text_does_not_differ_from_itself() {
    assert_silent("the same text", |text| Some(text.to_owned()));
}

/// Inline constraints become the table's, foreign keys are added by `ALTER TABLE`, tables come in
/// another order, every name bears its schema.
#[test]
fn inline_constraints_may_be_the_table_s() {
    assert_silent("written out as SQL", |text| Some(written_out(text)));
}

/// All that a table has is added to it by statements of their own.
#[test]
fn tables_may_be_split_into_alters() {
    assert_silent("split into ALTERs", |text| Some(split(&written_out(text))));
}

fn split(text: &str) -> String {
    let mut out = String::new();
    for statement in statements(text) {
        match split_table(statement) {
            Some(parts) => out.push_str(&parts),
            None => out.push_str(statement),
        }
    }
    out
}

/// `CREATE TABLE t (…);` as an empty table and one `ALTER TABLE` for each element. A partitioned
/// table needs its key from the start, and a child what its parents have.
fn split_table(statement: &str) -> Option<String> {
    let statement = statement.trim();
    let (head, rest) = statement.split_once(" (\n    ")?;
    let elements = rest.strip_suffix("\n);")?;
    let name = head.strip_prefix("CREATE TABLE ")?;
    let mut out = format!("\n{head} ();\n");
    let mut element = String::new();
    for part in elements.split(",\n    ") {
        if !element.is_empty() {
            element.push_str(",\n    ");
        }
        element.push_str(part);
        let is_whole = element.matches('(').count() == element.matches(')').count();
        if is_whole {
            let words = ["CONSTRAINT ", "PRIMARY KEY", "UNIQUE", "CHECK", "EXCLUDE"];
            let is_constraint = words.iter().any(|word| element.starts_with(word));
            let column = if is_constraint { "" } else { "COLUMN " };
            let _ = writeln!(out, "ALTER TABLE {name} ADD {column}{element};");
            element.clear();
        }
    }
    element.is_empty().then_some(out)
}

#[test]
fn spaces_and_case_do_not_differ() {
    assert_silent("spaces and case", |text| {
        let mut out = String::new();
        for piece in pieces(text) {
            match piece {
                Piece::Space(space) => {
                    let wide = if space.contains('\n') { "\n\t" } else { "  " };
                    out.push_str(wide);
                }
                Piece::Plain(plain) => {
                    for char in plain.chars() {
                        // What PostgreSQL folds is the ASCII letters alone.
                        let upper = char.is_ascii_lowercase();
                        let turned = if upper {
                            char.to_ascii_uppercase()
                        } else {
                            char.to_ascii_lowercase()
                        };
                        out.push(turned);
                    }
                }
                Piece::Kept(kept) => out.push_str(kept),
            }
        }
        Some(out)
    });
}

#[test]
fn what_stands_on_tables_may_come_later() {
    assert_silent("reordered", |text| {
        // What is dropped or renamed on the way is dropped or renamed at its time.
        let upper = text.to_uppercase();
        if [
            "DROP",
            "RENAME",
            "SEARCH_PATH",
            "REVOKE",
            "DEFAULT PRIVILEGES",
            "ATTACH",
            "ONLY",
            "INCLUDING",
        ]
        .iter()
        .any(|word| upper.contains(word))
        {
            return None;
        }
        let (last, first): (Vec<&str>, Vec<&str>) =
            statements(text).into_iter().partition(|part| {
                let bare: String = pieces(part)
                    .into_iter()
                    .map(|piece| match piece {
                        Piece::Plain(plain) => plain.to_uppercase(),
                        Piece::Space(_) => " ".to_owned(),
                        Piece::Kept(_) => String::new(),
                    })
                    .collect();
                ["CREATE INDEX", "CREATE POLICY", "COMMENT ON", "CREATE UNIQUE", "CREATE TRIGGER"]
                    .iter()
                    .any(|words| bare.trim_start().starts_with(words))
            });
        Some(first.concat() + "\n;\n" + &last.concat())
    });
}

/// The order of columns is how they are written, and nothing a program should lean on.
#[test]
fn columns_may_stand_in_another_order() {
    assert_silent("columns reversed", |text| {
        let mut workspace = Workspace::new();
        workspace.set_source(Side::Implemented, "a.sql", text);
        let (mut catalog, _) = workspace.catalog(Side::Implemented);
        // What a view or a child has follows the order.
        let parents: Vec<_> = catalog
            .tables
            .values()
            .flat_map(|table| {
                table.inherits.iter().chain(table.partition_of.as_ref().map(|of| &of.parent))
            })
            .cloned()
            .collect();
        if !catalog.views.is_empty() || !parents.is_empty() {
            return None;
        }
        for table in catalog.tables.values_mut() {
            table.columns.reverse();
        }
        Some(schemaward_render::catalog_sql(&catalog))
    });
}

/// Statements that give every constraint and every index another name.
fn renames(text: &str) -> String {
    let mut workspace = Workspace::new();
    workspace.set_source(Side::Implemented, "a.sql", text);
    let (catalog, _) = workspace.catalog(Side::Implemented);
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let mut out = String::new();
    let mut number = 0_usize;
    for table in catalog.tables.values() {
        // What a table has from its parent bears the parent's name.
        let inherits = !table.inherits.is_empty() || table.partition_of.is_some();
        if inherits || table.temporary {
            continue;
        }
        let schema = quoted(&table.name.schema);
        let on = format!("{schema}.{}", quoted(&table.name.name));
        for constraint in &table.constraints {
            number += 1;
            let name = quoted(&constraint.name);
            let _ = writeln!(out, "ALTER TABLE {on} RENAME CONSTRAINT {name} TO renamed_{number};");
        }
        for index in &table.indexes {
            number += 1;
            let name = quoted(&index.name);
            let _ = writeln!(out, "ALTER INDEX {schema}.{name} RENAME TO \"Renamed {number}\";");
        }
    }
    out
}

#[test]
fn constraints_and_indexes_may_be_renamed() {
    assert_silent("constraints and indexes renamed", |text| {
        let renames = renames(text);
        (!renames.is_empty()).then(|| format!("{text}\n;\n{renames}"))
    });
}

/// The same, where they have borne those names from the start.
#[test]
fn constraints_and_indexes_may_have_other_names() {
    assert_silent("constraints and indexes named otherwise", |text| {
        let renames = renames(text);
        (!renames.is_empty()).then(|| written_out(&format!("{text}\n;\n{renames}")))
    });
}

/// What a name is used for follows it: a replica identity, a comment, an index a table is
/// clustered on, a partition's index, a foreign key's own index.
#[test]
fn what_names_a_constraint_follows_its_new_name() {
    let text = "CREATE TABLE wards (id uuid CONSTRAINT wards_key PRIMARY KEY, code text NOT NULL,
            CONSTRAINT wards_code UNIQUE (code));
        CREATE UNIQUE INDEX wards_lower ON wards (lower(code));
        CREATE TABLE beds (id uuid PRIMARY KEY, ward_id uuid NOT NULL
            CONSTRAINT beds_ward REFERENCES wards ON DELETE CASCADE);
        COMMENT ON CONSTRAINT wards_code ON wards IS 'one ward a code';
        COMMENT ON INDEX wards_lower IS 'whatever the case';
        ALTER TABLE wards REPLICA IDENTITY USING INDEX wards_code;";
    let renamed = format!("{text}\n{}", renames(text));
    assert_eq!(rows(text, &renamed), Vec::<String>::new());
    // A key that another table refers to is still the one it refers to.
    let dropped = format!("{renamed}\nALTER TABLE wards DROP CONSTRAINT renamed_3 CASCADE;");
    let left = rows(text, &dropped);
    assert!(left.iter().any(|row| row.contains("key-differs Wards")), "{left:#?}");
}
