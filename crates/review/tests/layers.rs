//! The layers of the implemented side: which one is effective, and what they tell differently.

use std::collections::BTreeMap;

use schemaward_catalog::{Origin, QualifiedName, Sources};
use schemaward_review::{
    ClientDefault, Coverage, Implementation, Input, KeyKind, Layer, MappedClass, Stamp, Standard,
    Ulid, review,
};
use schemaward_sql::catalog_of;

/// Rows as `kind entity: documented | implemented [layer: value]`.
#[track_caller]
fn check(
    documented: Option<&str>,
    layers: &[(Layer, &str)],
    classes: &[MappedClass],
    expect: &[&str],
) {
    let documented = documented.map(catalog_of);
    let catalogs: Vec<_> = layers.iter().map(|(layer, text)| (*layer, catalog_of(text))).collect();
    let layers: Vec<_> =
        catalogs.iter().map(|(layer, catalog)| Implementation { layer: *layer, catalog }).collect();
    let review = review(&Input {
        documented: documented.as_ref().map(Implementation::database),
        layers: &layers,
        classes,
        sources: &Sources::default(),
        standard: &Standard::default(),
        coverage: Coverage::default(),
        stamp: Stamp { id: Ulid::from_parts(0, 0), date: "2026-01-13".to_owned() },
    });
    let rows: Vec<String> = review
        .discrepancies
        .iter()
        .map(|row| {
            let layers: Vec<String> =
                row.layers.iter().map(|(layer, value)| format!("{layer}: {value}")).collect();
            let layers = layers.join("; ");
            format!(
                "{} {}: {} | {} [{layers}]",
                row.kind, row.entity, row.documented, row.implemented
            )
        })
        .collect();
    assert_eq!(rows, expect);
}

const ROOMS: &str = "CREATE TABLE rooms (id uuid PRIMARY KEY, size integer);";
const LARGE: &str = "CREATE TABLE rooms (id uuid PRIMARY KEY, size bigint);";
const SECURED: &str = "CREATE TABLE rooms (id uuid PRIMARY KEY, size integer);
    ALTER TABLE rooms ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON rooms USING (size > 0);";

fn class(name: &str, table: &str, default: Option<(&str, KeyKind)>) -> MappedClass {
    let defaults = default.map(|(text, kind)| {
        let default =
            ClientDefault { text: text.to_owned(), kind: Some(kind), origin: Origin::default() };
        ("id".to_owned(), default)
    });
    MappedClass {
        name: name.to_owned(),
        table: QualifiedName::new("public", table),
        origin: Origin::default(),
        defaults: defaults.into_iter().collect::<BTreeMap<_, _>>(),
    }
}

#[test]
fn the_layer_closest_to_what_runs_is_effective() {
    use Layer::{Database, Migrations, Models};
    check(Some(ROOMS), &[(Database, ROOMS)], &[], &[]);
    check(
        Some(ROOMS),
        &[(Database, ROOMS), (Migrations, LARGE)],
        &[],
        &[
            "layer-differs Rooms: `size integer` | migrations: `size bigint`; database: `size integer` \
           [migrations: `size bigint`; database: `size integer`]",
        ],
    );
    check(
        Some(ROOMS),
        &[(Migrations, LARGE), (Models, ROOMS)],
        &[],
        &[
            "type-differs Rooms: `size integer` | `size bigint` [models: `size integer`; migrations: \
           `size bigint`]",
        ],
    );
}

#[test]
fn layers_are_compared_without_a_document() {
    use Layer::{Database, Migrations, Models};
    check(
        None,
        &[(Migrations, ROOMS), (Database, LARGE)],
        &[],
        &[
            "layer-differs Rooms: No document | migrations: `size integer`; database: `size bigint` \
           [migrations: `size integer`; database: `size bigint`]",
        ],
    );
    // Three layers, one of which stands alone, are one row.
    check(
        None,
        &[(Models, LARGE), (Migrations, ROOMS), (Database, ROOMS)],
        &[],
        &["layer-differs Rooms: No document | models: `size bigint`; migrations: `size integer`; \
           database: `size integer` [models: `size bigint`; migrations: `size integer`; database: \
           `size integer`]"],
    );
}

#[test]
fn models_know_no_row_security() {
    use Layer::{Database, Migrations, Models};
    check(None, &[(Models, ROOMS), (Migrations, SECURED)], &[], &[]);
    check(
        None,
        &[(Migrations, SECURED), (Database, ROOMS)],
        &[],
        &[
            "layer-differs Rooms: No document | migrations: policy `p` using `size > 0`; database: \
             nothing [migrations: policy `p` using `size > 0`; database: nothing]",
            "layer-differs Rooms: No document | migrations: Row-level security enabled; database: Not \
             enabled [migrations: Row-level security enabled; database: Not enabled]",
        ],
    );
}

#[test]
fn what_the_program_fills_in_is_held_against_the_server() {
    use Layer::{Migrations, Models};
    let models = "CREATE TABLE messages (id uuid PRIMARY KEY);";
    let random = "CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT gen_random_uuid());";
    check(
        None,
        &[(Models, models), (Migrations, random)],
        &[class("Message", "messages", Some(("ULID()", KeyKind::Ulid)))],
        &["layer-differs Messages: No document | models: `ULID()` (ULID); migrations: \
           `gen_random_uuid()` (random UUIDv4) [models: `ULID()` (ULID); migrations: `gen_random_uuid()` \
           (random UUIDv4)]"],
    );
    check(
        None,
        &[(Models, models), (Migrations, random)],
        &[class("Message", "messages", Some(("uuid4", KeyKind::Uuid4)))],
        &[],
    );
}

#[test]
fn a_class_and_its_table_mean_one_thing() {
    let table = "CREATE TABLE organization_memberships (id uuid PRIMARY KEY);";
    let layers = [(Layer::Models, table)];
    check(
        Some(table),
        &layers,
        &[class("OrganizationMember", "organization_memberships", None)],
        &["class-table-name Organization Memberships: `organization_memberships` | \
           `OrganizationMember` []"],
    );
    check(
        Some(table),
        &layers,
        &[class("OrganizationMembership", "organization_memberships", None)],
        &[],
    );
}
