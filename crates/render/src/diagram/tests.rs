//! Laws of the layout, and what a drawing says.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "what fails here fails the test")]

use proptest::prelude::*;

use super::layout::{Detail, Extract, Focus, Layout, layout};
use super::{Colours, Diagram, DiagramColumn, DiagramKey, DiagramTable, Form, svg};

fn column(name: &str) -> DiagramColumn {
    DiagramColumn {
        name: name.to_owned(),
        data_type: "uuid".to_owned(),
        primary_key: name == "id",
        foreign_key: name.ends_with("_id"),
        not_null: true,
        sensitive: None,
        letter: None,
    }
}

fn key(target: &str) -> DiagramKey {
    DiagramKey {
        name: format!("{target}_fkey"),
        columns: vec![format!("{target}_id")],
        target: target.to_owned(),
        target_columns: vec!["id".to_owned()],
        on_delete: "CASCADE".to_owned(),
        on_update: "NO ACTION".to_owned(),
        optional: false,
        unique: false,
        not_valid: false,
    }
}

fn table(name: &str, targets: &[&str]) -> DiagramTable {
    let ids = targets.iter().map(|target| column(&format!("{target}_id")));
    DiagramTable {
        table: name.to_owned(),
        schema: "public".to_owned(),
        name: name.to_owned(),
        class: "clinical".to_owned(),
        verdict: "unmet".to_owned(),
        unmet: vec!["row_security".to_owned()],
        undecided: Vec::new(),
        columns: std::iter::once(column("id")).chain(ids).collect(),
        foreign_keys: targets.iter().map(|target| key(target)).collect(),
        partition_of: None,
        inherits: Vec::new(),
        partitioned_by: None,
    }
}

/// A schema of so many tables with references between them by number, some of them in circles.
fn schema(count: usize, references: &[(usize, usize)]) -> Diagram {
    let names: Vec<String> = (0..count).map(|at| format!("t{at:04}")).collect();
    let tables = names.iter().enumerate().map(|(at, name)| {
        let own = references.iter().filter(|(from, _)| from % count == at);
        let targets: Vec<&str> = own.map(|(_, to)| names[to % count].as_str()).collect();
        table(name, &targets)
    });
    Diagram { tables: tables.collect() }
}

/// Boxes do not touch, and all of them are on the page.
fn holds(layout: &Layout) -> Result<(), TestCaseError> {
    for (at, one) in layout.boxes.iter().enumerate() {
        prop_assert!(one.x >= 0.0 && one.y >= 0.0);
        prop_assert!(one.x + one.width <= layout.width, "{} {}", one.name, layout.width);
        prop_assert!(one.y + one.height <= layout.height, "{} {}", one.name, layout.height);
        for other in &layout.boxes[at + 1..] {
            let apart = one.x + one.width <= other.x
                || other.x + other.width <= one.x
                || one.y + one.height <= other.y
                || other.y + other.height <= one.y;
            prop_assert!(apart, "{} and {}", one.name, other.name);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn boxes_stand_apart(
        count in 1usize..60,
        references in proptest::collection::vec((0usize..60, 0usize..60), 0..120),
        detail in prop_oneof![Just(Detail::Names), Just(Detail::Keys), Just(Detail::Columns)],
    ) {
        let diagram = schema(count, &references);
        let placed = layout(&diagram, &Extract { detail, focus: None });
        prop_assert_eq!(placed.boxes.len(), count);
        prop_assert_eq!(placed.lines.len(), references.len());
        holds(&placed)?;
    }
}

/// Twenty tables that reference one another in a chain, each also the first.
fn grown(count: usize) -> Diagram {
    let references: Vec<(usize, usize)> =
        (1..count).flat_map(|at| [(at, at / 7), (at, 0), (at, at - 1)]).collect();
    schema(count, &references)
}

#[test]
fn large_schemas_fit_a_page_of_a_screens_shape() {
    for count in [30, 500] {
        // The chain is left out here: it forces one table a layer.
        let references: Vec<(usize, usize)> =
            (1..count).flat_map(|at| [(at, at / 7), (at, 0)]).collect();
        let diagram = schema(count, &references);
        let placed = layout(&diagram, &Extract::default());
        let shape = placed.width / placed.height;
        assert!((0.6..4.0).contains(&shape), "{count}: {} × {}", placed.width, placed.height);
        holds(&placed).expect("boxes stand apart");
    }
    // As long as a chain is, it ends.
    assert_eq!(layout(&grown(400), &Extract::default()).boxes.len(), 400);
    let many = schema(4_000, &(1..4_000).map(|at| (at, 0)).collect::<Vec<_>>());
    assert_eq!(layout(&many, &Extract::default()).boxes.len(), 4_000);
}

#[test]
fn a_focus_takes_what_is_near_in_both_directions() {
    let diagram = Diagram {
        tables: vec![
            table("clinics", &[]),
            table("patients", &["clinics"]),
            table("notes", &["patients"]),
            table("drafts", &["notes"]),
            table("colours", &[]),
        ],
    };
    let near = |table: &str, distance: usize| {
        let focus = Some(Focus { table: table.to_owned(), distance });
        let placed = layout(&diagram, &Extract { detail: Detail::Names, focus });
        let mut names: Vec<String> = placed.boxes.iter().map(|it| it.name.clone()).collect();
        names.sort();
        (names.join(" "), placed.lines.len(), placed.left_out)
    };
    assert_eq!(near("patients", 1), ("clinics notes patients".to_owned(), 2, 2));
    assert_eq!(near("clinics", 3), ("clinics drafts notes patients".to_owned(), 3, 1));
    assert_eq!(near("colours", 2), ("colours".to_owned(), 0, 4));
    // A table that is gone since: the whole schema.
    assert_eq!(near("gone", 1).2, 0);
}

#[test]
fn partitions_are_part_of_their_table() {
    let part = |name: &str, of: &str, verdict: &str| DiagramTable {
        partition_of: Some(of.to_owned()),
        verdict: verdict.to_owned(),
        ..table(name, &[])
    };
    let diagram = Diagram {
        tables: vec![
            table("events", &[]),
            part("events_1", "events", "met"),
            part("events_1_a", "events_1", "unmet"),
            table("reads", &["events_1_a"]),
        ],
    };
    let drawn = svg(&diagram, &Extract::default(), Colours::Class, Form::Page);
    assert_eq!(drawn.matches("data-table").count(), 2, "{drawn}");
    assert!(drawn.contains("2 partitions, 1 unmet"), "{drawn}");
    assert!(drawn.contains("data-from=\"reads\" data-to=\"events\""), "{drawn}");
    // Partitions of each other cannot be, and do not hang.
    let circle = Diagram { tables: vec![part("a", "b", "met"), part("b", "a", "met")] };
    assert!(svg(&circle, &Extract::default(), Colours::Class, Form::Page).contains("</svg>"));
}

#[test]
fn names_stay_names() {
    let mut hostile = table("<script>alert(1)</script>\"'&\u{1}", &[]);
    hostile.columns[0].name = "]]><x y='".to_owned();
    hostile.columns[0].sensitive = Some("name".to_owned());
    hostile.columns[0].letter = Some("A".to_owned());
    let diagram = Diagram { tables: vec![hostile] };
    for form in [Form::Page, Form::File] {
        let drawn = svg(&diagram, &Extract::default(), Colours::Verdict, form);
        assert!(!drawn.contains("<script") && !drawn.contains("<x"), "{drawn}");
        assert!(!drawn.contains('\u{1}'), "{drawn}");
    }
}

#[test]
fn a_drawing_says_what_a_foreign_key_does() {
    let mut child = table("notes", &["patients"]);
    child.foreign_keys[0].optional = true;
    child.foreign_keys[0].not_valid = true;
    let diagram = Diagram { tables: vec![child, table("patients", &["patients"])] };
    let drawn = svg(&diagram, &Extract::default(), Colours::Class, Form::File);
    let said = "notes (patients_id) references patients (id), on delete cascade, not validated";
    assert!(drawn.contains(said), "{drawn}");
    assert!(drawn.contains("Diagram of 2 tables and 2 foreign keys"), "{drawn}");
    assert!(drawn.contains("<style>"), "{drawn}");
    insta::assert_snapshot!(drawn);
    let nothing = svg(&Diagram::default(), &Extract::default(), Colours::Class, Form::Page);
    assert!(nothing.contains("Diagram of 0 tables"), "{nothing}");
}
